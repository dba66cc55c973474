//! Starts a worker, reads its answer, and ends it. Anything but a complete answer is a failure.
#![expect(clippy::disallowed_methods, reason = "custom rules run in a worker process that can be killed")]

use std::io::{self, Read, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::job::Job;
use crate::job_limits;
use crate::limits::Limits;
use crate::reply::{Failure, Reply};

/// How much of a worker's standard error is kept.
const MAX_STDERR_BYTES: u64 = 4096;
/// How much of it is shown.
const MAX_SHOWN_CHARS: usize = 200;
/// How long to wait for the exit of a worker after its answer: two seconds in total.
const WAIT_STEPS: u32 = 8000;
const WAIT_STEP: Duration = Duration::from_micros(250);

/// Starts `program`, whose `main` is [`crate::worker`], with `args`, sends it a job, and returns its answer.
///
/// The program gets no environment. It has always ended before this returns, at the latest after `time` and `grace` of the limits.
///
/// # Errors
/// When the answer is missing or incomplete, or is a failure itself: see [`crate::Cause`].
pub fn ask(program: &Path, args: &[&str], job: &Job, limits: &Limits) -> Result<Reply, Failure> {
    job_limits::check(job)?;
    let job = wire(job, limits)?;
    let mut command = Command::new(program);
    command.args(args).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| {
        Failure::process(format!("cannot start {} to evaluate custom rules: {error}", program.display()))
    })?;
    let outcome = converse(&mut child, &job, limits);
    outcome.and_then(|bytes| {
        serde_json::from_slice::<Result<Reply, Failure>>(&bytes).unwrap_or_else(|error| {
            Err(Failure::process(format!("invalid answer of the worker for custom rules: {error}")))
        })
    })
}

/// Writes the limits on the first line, then the job.
fn wire(job: &Job, limits: &Limits) -> Result<Vec<u8>, Failure> {
    let failed = |error: serde_json::Error| Failure::process(format!("cannot write the job: {error}"));
    let mut bytes = serde_json::to_vec(limits).map_err(failed)?;
    bytes.push(b'\n');
    let header = bytes.len();
    serde_json::to_writer(&mut bytes, job).map_err(failed)?;
    if bytes.len() - header > job_limits::MAX_JOB_BYTES {
        return Err(Failure::limit(format!(
            "policies and inputs are larger than {} bytes",
            job_limits::MAX_JOB_BYTES
        )));
    }
    Ok(bytes)
}

/// Writes and reads in parallel, so that neither side waits for the other. No thread outlives the worker.
fn converse(child: &mut Child, job: &[u8], limits: &Limits) -> Result<Vec<u8>, Failure> {
    let mut stdin = child.stdin.take().expect("it was configured as a pipe");
    let stdout = child.stdout.take().expect("it was configured as a pipe");
    let stderr = child.stderr.take().expect("it was configured as a pipe");
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        // A worker that ends before reading everything explains this in its answer or exit status.
        scope.spawn(move || drop(stdin.write_all(job)));
        scope.spawn(move || drop(sender.send(read_some(stdout, limits.answer as u64 + 1))));
        let stderr = scope.spawn(move || read_stderr(stderr));
        let received = receiver.recv_timeout(limits.life());
        let status = match &received {
            Ok(Ok(bytes)) if bytes.len() <= limits.answer => wait(child),
            _ => None,
        };
        // In every case the evaluation ends here, and the pipes of the threads close.
        let _ = child.kill();
        let _ = child.wait();
        let stderr = stderr.join().unwrap_or_default();
        match (received, status) {
            (Ok(Ok(bytes)), Some(status)) if status.success() => Ok(bytes),
            (Ok(Ok(_)), Some(status)) => Err(explain_exit(status, &stderr, limits)),
            (Ok(Ok(bytes)), None) if bytes.len() > limits.answer => {
                Err(Failure::limit(format!("the answer is larger than {} bytes", limits.answer)))
            }
            (Ok(Ok(_)), None) => Err(Failure::process("the worker for custom rules did not exit")),
            (Ok(Err(error)), _) => {
                Err(Failure::process(format!("cannot read the answer of the custom rules: {error}")))
            }
            (Err(_), _) => {
                let life = limits.life().as_millis();
                Err(Failure::limit(format!("the custom rules were still being evaluated after {life} ms")))
            }
        }
    })
}

fn read_some(pipe: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    pipe.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Keeps the start of a worker's standard error, and discards the rest.
fn read_stderr(mut pipe: impl Read) -> String {
    let kept = read_some(&mut pipe, MAX_STDERR_BYTES).unwrap_or_default();
    let _ = io::copy(&mut pipe, &mut io::sink());
    let text = String::from_utf8_lossy(&kept);
    let words = text.split(|letter: char| letter.is_whitespace() || letter.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(MAX_SHOWN_CHARS).collect()
}

/// Waits for the exit of a worker that has closed its output.
fn wait(child: &mut Child) -> Option<ExitStatus> {
    for _ in 0..WAIT_STEPS {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        thread::sleep(WAIT_STEP);
    }
    None
}

/// Explains why a worker ended without an answer; the allocator and the runtime print these texts before they abort.
fn explain_exit(status: ExitStatus, stderr: &str, limits: &Limits) -> Failure {
    if stderr.contains("memory allocation of") {
        return Failure::limit(format!(
            "the custom rules need more than {} MiB of memory",
            limits.memory >> 20
        ));
    }
    if stderr.contains("has overflowed its stack") {
        return Failure::limit("the custom rules or their inputs nest or recurse too deeply");
    }
    #[cfg(unix)]
    if std::os::unix::process::ExitStatusExt::signal(&status) == Some(nix::libc::SIGXCPU) {
        return Failure::limit("the custom rules exceeded their processor time");
    }
    let detail = if stderr.is_empty() { String::new() } else { format!(": {stderr}") };
    Failure::process(format!("the worker for custom rules ended with {status}{detail}"))
}
