//! The process that evaluates: limits itself, reads one job, writes one answer.
#![expect(
    clippy::disallowed_methods,
    reason = "the two pipes to the process that asks are all that a worker has"
)]

use std::io::{self, BufRead as _, Read as _, Write as _};
use std::process::ExitCode;
use std::thread;

use crate::bounds;
use crate::conftest::evaluate;
use crate::job::Job;
use crate::limits::Limits;
use crate::reply::{Failure, Reply};
use crate::verify::verify;

/// The stack of the evaluation, in bytes: the same wherever it runs, whatever `ulimit -s` says.
const STACK: usize = 64 << 20;
/// The longest first line, in bytes.
const HEADER: u64 = 4096;

/// Evaluates the one job on standard input and writes the answer to standard output: the whole `main` of a worker.
///
/// Call it before anything else is opened or started. It binds the process for good: to the limits that the job brings, and to
/// opening no file and starting nothing.
#[must_use]
pub fn worker() -> ExitCode {
    let served = thread::Builder::new().name("custom rules".into()).stack_size(STACK).spawn(serve);
    match served.map(thread::JoinHandle::join) {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// The first line says the limits, so that they hold for reading the rest.
fn serve() -> io::Result<()> {
    let mut pipe = io::stdin().lock();
    let mut header = Vec::new();
    (&mut pipe).take(HEADER).read_until(b'\n', &mut header)?;
    let limits: Limits = serde_json::from_slice(&header)?;
    let imposed =
        limits.impose().map_err(|why| Failure::process(format!("custom rules are not evaluated: {why}")));
    let answer = match imposed {
        Ok(()) => {
            let mut job = Vec::new();
            pipe.take(bounds::JOB as u64 + 1).read_to_end(&mut job)?;
            read(job).and_then(|job| here(job, &limits))
        }
        Err(failure) => Err(failure),
    };
    let mut bytes = serde_json::to_vec(&answer)?;
    if bytes.len() > limits.answer {
        let failure = Failure::limit(format!("the answer is longer than {} bytes", limits.answer));
        bytes = serde_json::to_vec(&Err::<Reply, _>(failure))?;
    }
    let mut out = io::stdout().lock();
    out.write_all(&bytes)?;
    out.flush()
}

fn read(bytes: Vec<u8>) -> Result<Job, Failure> {
    if bytes.len() > bounds::JOB {
        return Err(Failure::limit(format!("policies and inputs are at most {} bytes long", bounds::JOB)));
    }
    serde_json::from_slice(&bytes)
        .map_err(|error| Failure::process(format!("the job is not understood: {error}")))
}

/// Does a job in this very process, which is not bound to any limit but the time: for policies that one trusts, as tests do.
///
/// # Errors
/// As [`crate::ask`], but for what a process of its own can meet.
pub fn here(job: Job, limits: &Limits) -> Result<Reply, Failure> {
    bounds::check(&job)?;
    match job {
        Job::Evaluate(request) => evaluate(request, limits).map(Reply::Evaluated),
        Job::Test { sources, data } => verify(&sources, data, limits).map(Reply::Tested),
    }
}
