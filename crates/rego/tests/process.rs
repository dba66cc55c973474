//! Tests of workers that die, hang, send invalid answers or do not exist: never a pass, and never an endless wait.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test")]

mod common;

use std::path::Path;
use std::time::{Duration, Instant};

use common::{limits, request, worker};
use rego::{Cause, Failure, Job, Limits, ask};
use serde_json::json;

fn job() -> Job {
    Job::Evaluate(request(
        &[("p.rego", "package main\nimport rego.v1\ndeny contains \"a\" if true")],
        &[json!({})],
    ))
}

fn shell(script: &str, limits: &Limits) -> Failure {
    ask(Path::new("/bin/sh"), &["-c", script], &job(), limits).unwrap_err()
}

#[test]
fn a_worker_that_dies_is_a_failure() {
    let killed = shell("kill -9 $$", &limits());
    assert_eq!(killed.cause, Cause::Process);
    assert_eq!(killed.to_string(), "the worker for custom rules ended with signal: 9 (SIGKILL)");
    let failed = shell("echo \"it went  wrong\n\n$(printf '\\033')[31m\" >&2; exit 3", &limits());
    assert_eq!(
        failed.to_string(),
        "the worker for custom rules ended with exit status: 3: it went wrong [31m"
    );
    assert_eq!(shell("kill -XCPU $$", &limits()).cause, Cause::Limit);
}

#[test]
fn a_worker_that_is_killed_during_its_answer_is_a_failure() {
    let failure =
        shell("cat >/dev/null; printf '{\"Ok\":{\"Evaluated\":{\"results\":[],'; kill -9 $$", &limits());
    assert_eq!(failure.cause, Cause::Process);
    // A whole answer of a worker that then failed is none either.
    let whole = "printf '{\"Ok\":{\"Evaluated\":{\"results\":[],\"queries\":1,\"exempted\":0}}}'";
    assert!(shell(&format!("{whole}; exit 1"), &limits()).to_string().contains("exit status: 1"));
    assert!(ask(Path::new("/bin/sh"), &["-c", whole], &job(), &limits()).is_ok());
}

#[test]
fn a_worker_with_an_invalid_answer_is_a_failure() {
    for script in
        ["echo garbage", "true", "cat", "echo '{\"Ok\":{\"Evaluated\":{}}}'", "echo '[]'", "printf '\\377'"]
    {
        let failure = shell(script, &limits());
        assert_eq!(failure.cause, Cause::Process, "{script}: {failure}");
        assert!(
            failure.to_string().starts_with("invalid answer of the worker for custom rules"),
            "{failure}"
        );
    }
    let endless = shell(
        "while :; do echo 0123456789012345678901234567890123456789; done",
        &Limits { answer: 1 << 16, ..limits() },
    );
    assert_eq!(endless.to_string(), "the answer is larger than 65536 bytes");
    let complaining = shell("while :; do echo oh >&2; done", &short());
    assert_eq!(complaining.cause, Cause::Limit);
}

fn short() -> Limits {
    Limits { time: Duration::from_millis(200), grace: Duration::from_millis(200), ..limits() }
}

#[test]
fn a_worker_that_hangs_is_killed() {
    let start = Instant::now();
    let failure = shell("exec /bin/sleep 60", &short());
    assert_eq!(failure.to_string(), "the custom rules were still being evaluated after 400 ms");
    // It closes its output, and stays.
    assert_eq!(shell("exec >&-; exec /bin/sleep 60", &short()).cause, Cause::Process);
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_missing_worker_is_a_failure() {
    let failure = ask(Path::new("/nowhere/worker"), &[], &job(), &limits()).unwrap_err();
    assert_eq!(failure.cause, Cause::Process);
    assert!(failure.to_string().starts_with("cannot start /nowhere/worker"), "{failure}");
}

#[test]
fn full_pipes_on_both_sides_do_not_deadlock() {
    // The shell writes much before it reads anything; the job is larger than the buffer of a pipe.
    let mut long = request(&[("p.rego", "package main\nimport rego.v1\ndeny contains \"a\" if true")], &[]);
    long.inputs = vec![rego::Input { path: "a".into(), value: json!("x".repeat(1 << 20)), data: None }];
    let script = "i=0; while [ $i -lt 20000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done; cat";
    let failure = ask(Path::new("/bin/sh"), &["-c", script], &Job::Evaluate(long), &limits()).unwrap_err();
    assert!(failure.to_string().contains("invalid answer"), "{failure}");
}

#[test]
fn a_worker_sees_no_environment() {
    let failure = shell("[ -z \"$HOME$CARGO$CARGO_MANIFEST_DIR\" ] || exit 7; exit 8", &limits());
    assert!(failure.to_string().ends_with("exit status: 8"), "{failure}");
}

#[test]
fn an_invalid_job_is_a_failure() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let header = serde_json::to_string(&Limits::default()).unwrap();
    for (job, well) in [
        (String::new(), false),
        ("garbage\n".into(), false),
        (format!("{header}\n"), true),
        (format!("{header}\n{{}}"), true),
        (format!("{header}\n{}", "[".repeat(1 << 20)), true),
    ] {
        let mut child = Command::new(worker())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(job.as_bytes());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.success(), well, "{job:.80}");
        let answer = String::from_utf8(output.stdout).unwrap();
        assert!(answer.is_empty() || answer.starts_with("{\"Err\":"), "{answer}");
    }
}

/// Reads from the kernel the limits of a worker that waits for its job.
#[cfg(target_os = "linux")]
#[test]
fn a_worker_applies_its_limits() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let mut child = Command::new(worker()).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let limits = Limits { memory: 300 << 20, time: Duration::from_secs(7), ..limits() };
    writeln!(child.stdin.as_mut().unwrap(), "{}", serde_json::to_string(&limits).unwrap()).unwrap();
    let read = || std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let start = Instant::now();
    // The last of them is set when all are.
    while !read().contains("Max processes             0") && start.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(1));
    }
    let limits = words(read());
    for limit in [
        "Max cpu time 18 19",
        "Max file size 0 0",
        "Max core file size 0 0",
        "Max processes 0 0",
        "Max open files 3 3",
        "Max address space 314572800 314572800",
    ] {
        assert!(limits.contains(limit), "{limit}: {limits}");
    }
    drop(child.stdin.take());
    assert!(child.wait_with_output().unwrap().stdout.starts_with(b"{\"Err\":"));
}
