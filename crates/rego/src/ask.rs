//! The process that asks: starts a worker, hears its answer, and ends it. However a worker ends, what is not a whole answer is a failure.
#![expect(clippy::disallowed_methods, reason = "custom rules are evaluated by a process that can be ended")]

use std::io::{self, Read, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::bounds;
use crate::job::Job;
use crate::limits::Limits;
use crate::reply::{Failure, Reply};

/// How much of a worker's complaints is kept, in bytes.
const COMPLAINT: u64 = 4096;
/// How much of them is shown, in characters.
const SHOWN: usize = 200;
/// How often, and in which steps, a worker that has answered is waited for.
const STEPS: u32 = 8000;
const STEP: Duration = Duration::from_micros(250);

/// Starts `program` with `args`, whose `main` is [`crate::worker`], hands it a job, and returns its answer.
///
/// The program gets no environment. It is always ended before this returns: at the latest after the limits' `time` and `grace`.
///
/// # Errors
/// Whatever is not a whole answer, and what the worker answers itself: see [`crate::Cause`].
pub fn ask(program: &Path, args: &[&str], job: &Job, limits: &Limits) -> Result<Reply, Failure> {
    bounds::check(job)?;
    let job = wire(job, limits)?;
    let mut command = Command::new(program);
    command.args(args).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| {
        Failure::process(format!("{} cannot be started to evaluate custom rules: {error}", program.display()))
    })?;
    let outcome = converse(&mut child, &job, limits);
    outcome.and_then(|bytes| {
        serde_json::from_slice::<Result<Reply, Failure>>(&bytes).unwrap_or_else(|error| {
            Err(Failure::process(format!("the answer of the custom rules is not understood: {error}")))
        })
    })
}

/// Writes the limits as a line of their own, then the job.
fn wire(job: &Job, limits: &Limits) -> Result<Vec<u8>, Failure> {
    let failed = |error: serde_json::Error| Failure::process(format!("the job cannot be written: {error}"));
    let mut bytes = serde_json::to_vec(limits).map_err(failed)?;
    bytes.push(b'\n');
    let header = bytes.len();
    serde_json::to_writer(&mut bytes, job).map_err(failed)?;
    if bytes.len() - header > bounds::JOB {
        return Err(Failure::limit(format!("policies and inputs are at most {} bytes long", bounds::JOB)));
    }
    Ok(bytes)
}

/// Writes and reads at once, so that neither side waits for the other. No thread outlives the worker.
fn converse(child: &mut Child, job: &[u8], limits: &Limits) -> Result<Vec<u8>, Failure> {
    let mut stdin = child.stdin.take().expect("asked for as a pipe");
    let stdout = child.stdout.take().expect("asked for as a pipe");
    let stderr = child.stderr.take().expect("asked for as a pipe");
    let (say, hear) = mpsc::channel();
    thread::scope(|scope| {
        // A worker that ends before it read everything says why itself, or its end does.
        scope.spawn(move || drop(stdin.write_all(job)));
        scope.spawn(move || drop(say.send(some(stdout, limits.answer as u64 + 1))));
        let complaint = scope.spawn(move || complaint(stderr));
        let heard = hear.recv_timeout(limits.life());
        let status = match &heard {
            Ok(Ok(bytes)) if bytes.len() <= limits.answer => wait(child),
            _ => None,
        };
        // Whatever was heard: nothing goes on evaluating, and the threads' pipes close.
        let _ = child.kill();
        let _ = child.wait();
        let complaint = complaint.join().unwrap_or_default();
        match (heard, status) {
            (Ok(Ok(bytes)), Some(status)) if status.success() => Ok(bytes),
            (Ok(Ok(_)), Some(status)) => Err(ended(status, &complaint, limits)),
            (Ok(Ok(bytes)), None) if bytes.len() > limits.answer => {
                Err(Failure::limit(format!("the answer is longer than {} bytes", limits.answer)))
            }
            (Ok(Ok(_)), None) => {
                Err(Failure::process("the custom rules were evaluated by a process that did not end"))
            }
            (Ok(Err(error)), _) => Err(Failure::process(format!("the custom rules were not heard: {error}"))),
            (Err(_), _) => {
                let life = limits.life().as_millis();
                Err(Failure::limit(format!("the custom rules were still being evaluated after {life} ms")))
            }
        }
    })
}

fn some(pipe: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    pipe.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Keeps the beginning of what a worker complains about, and drops the rest as it comes.
fn complaint(mut pipe: impl Read) -> String {
    let kept = some(&mut pipe, COMPLAINT).unwrap_or_default();
    let _ = io::copy(&mut pipe, &mut io::sink());
    let text = String::from_utf8_lossy(&kept);
    let words = text.split(|letter: char| letter.is_whitespace() || letter.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(SHOWN).collect()
}

/// Waits for a worker that has closed its output: it has nothing left to do.
fn wait(child: &mut Child) -> Option<ExitStatus> {
    for _ in 0..STEPS {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        thread::sleep(STEP);
    }
    None
}

/// Says why a worker ended without an answer. The allocator and the runtime say it in these words before they abort.
fn ended(status: ExitStatus, complaint: &str, limits: &Limits) -> Failure {
    if complaint.contains("memory allocation of") {
        return Failure::limit(format!(
            "the custom rules need more than {} MiB of memory",
            limits.memory >> 20
        ));
    }
    if complaint.contains("has overflowed its stack") {
        return Failure::limit("the custom rules, or what they judge, nest or recurse too deeply");
    }
    #[cfg(unix)]
    if std::os::unix::process::ExitStatusExt::signal(&status) == Some(nix::libc::SIGXCPU) {
        return Failure::limit("the custom rules need more processor time than they have");
    }
    let told = if complaint.is_empty() { String::new() } else { format!(": {complaint}") };
    Failure::process(format!("the process that evaluates custom rules ended with {status}{told}"))
}
