//! The worker process: limits itself, reads one job, writes one answer.
#![expect(clippy::disallowed_methods, reason = "a worker communicates through standard input and output")]

use std::io::{self, BufRead as _, Read as _, Write as _};
use std::process::ExitCode;
use std::thread;

use crate::conftest::evaluate;
use crate::job::Job;
use crate::job_limits;
use crate::limits::Limits;
use crate::reply::{Failure, Reply};
use crate::verify::verify;

/// The stack size of the evaluation: the same on every machine, independent of `ulimit -s`.
const STACK_BYTES: usize = 64 << 20;
/// The maximum length of the first line, which contains the limits.
const MAX_HEADER_BYTES: u64 = 4096;

/// Evaluates the one job on standard input and writes the answer to standard output: the whole `main` of a worker.
///
/// Call it before anything else is opened or started. It permanently applies the limits of the job to the process, which can then neither
/// open a file nor start a process.
#[must_use]
pub fn worker() -> ExitCode {
    let served = thread::Builder::new().name("custom rules".into()).stack_size(STACK_BYTES).spawn(serve);
    match served.map(thread::JoinHandle::join) {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Reads the limits from the first line, so that they apply to reading the rest.
fn serve() -> io::Result<()> {
    let mut pipe = io::stdin().lock();
    let mut header = Vec::new();
    (&mut pipe).take(MAX_HEADER_BYTES).read_until(b'\n', &mut header)?;
    let limits: Limits = serde_json::from_slice(&header)?;
    let imposed = limits
        .impose()
        .map_err(|why| Failure::process(format!("cannot limit the worker for custom rules: {why}")));
    let answer = match imposed {
        Ok(()) => {
            let mut job = Vec::new();
            pipe.take(job_limits::MAX_JOB_BYTES as u64 + 1).read_to_end(&mut job)?;
            read(job).and_then(|job| evaluate_in_process(job, &limits))
        }
        Err(failure) => Err(failure),
    };
    let mut bytes = serde_json::to_vec(&answer)?;
    if bytes.len() > limits.answer {
        let failure = Failure::limit(format!("the answer is larger than {} bytes", limits.answer));
        bytes = serde_json::to_vec(&Err::<Reply, _>(failure))?;
    }
    let mut out = io::stdout().lock();
    out.write_all(&bytes)?;
    out.flush()
}

fn read(bytes: Vec<u8>) -> Result<Job, Failure> {
    if bytes.len() > job_limits::MAX_JOB_BYTES {
        return Err(Failure::limit(format!(
            "policies and inputs are larger than {} bytes",
            job_limits::MAX_JOB_BYTES
        )));
    }
    serde_json::from_slice(&bytes).map_err(|error| Failure::process(format!("invalid job: {error}")))
}

/// Runs a job in the current process, with the time limit only: for trusted policies, as in tests.
///
/// # Errors
/// As [`crate::ask`], without the errors of a separate process.
pub fn evaluate_in_process(job: Job, limits: &Limits) -> Result<Reply, Failure> {
    job_limits::check(&job)?;
    match job {
        Job::Evaluate(request) => evaluate(request, limits).map(Reply::Evaluated),
        Job::Test { sources, data } => verify(&sources, data, limits).map(Reply::Tested),
    }
}
