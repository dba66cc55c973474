//! The process of `PLG_VERSION_ORDER`: it reads a request and writes a response.
//!
//! The AUTO sections are generated from plugin.spec.json: do not edit them.
//! Write your code in operations.rs, or here outside of the sections.

// BEGIN AUTO SECTION: operations sha256=3bc3ca3eabef1a104827c3782247a278f3482d7982625bc400d25f4c51d8e062
use std::error::Error;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

const ULID: &str = "01M7Z8VARN5316K3G85B0A41Z8";
const NAME: &str = "Version Order";
const VERSION: &str = "0.2.0";

type Operation = fn(&Value) -> Result<Value, Box<dyn Error>>;

const OPERATIONS: &[(&str, Operation)] = &[
    // Each operation and its function.
    ("sort", operations::sort),
    ("select", operations::select),
];
// END AUTO SECTION: operations

// BEGIN AUTO SECTION: main sha256=dab7bf62638d2cc776f07070e1f5f723c4ebb7ab6ee8fba3ef6541668b299e30
fn main() -> ExitCode {
    // The operation is the last word: the arguments of the runtime come before it.
    let word = std::env::args_os().skip(1).next_back().unwrap_or_default();
    let (status, text) = run(&word.to_string_lossy());
    let written = match status {
        0 => writeln!(std::io::stdout(), "{text}"),
        _ => writeln!(std::io::stderr(), "{text}"),
    };
    ExitCode::from(if written.is_ok() { status } else { 1 })
}

/// Returns the exit status, and the line to write.
fn run(word: &str) -> (u8, String) {
    if word == "--version" {
        return (0, format!("{NAME} {VERSION}"));
    }
    if let Err(reason) = operations::settings::settings() {
        return (2, one_line(&format!("the settings are invalid: {reason}")));
    }
    if word == "--health" {
        return (0, r#"{"status":"ok"}"#.into());
    }
    let Some((_, operation)) = OPERATIONS.iter().find(|(name, _)| *name == word) else {
        let names: Vec<&str> = OPERATIONS.iter().map(|(name, _)| *name).collect();
        let usage = format!("usage: handler ({}) < request.json", names.join("|"));
        return (2, usage);
    };
    let started = Instant::now();
    let answered = answer(*operation).map_err(|error| one_line(&format!("{word}: {error}")));
    let recorded = record(word, started, answered.as_ref().err())
        .map_err(|error| one_line(&format!("{word}: the event cannot be written: {error}")));
    match (answered, recorded) {
        (Ok(response), Ok(())) => (0, response),
        (Err(failure), _) | (_, Err(failure)) => (1, failure),
    }
}

/// Returns the response to the request on standard input.
fn answer(operation: Operation) -> Result<String, Box<dyn Error>> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    let request: Value = serde_json::from_slice(&bytes)?;
    // A panic prints its own place; the event is written, and the failure is reported.
    let response = std::panic::catch_unwind(|| operation(&request)).map_err(|_| "a panic")??;
    Ok(response.to_string())
}

/// Appends the event that ledger_contract.json describes, if ID_GUARD_EVENTS names a file.
fn record(word: &str, started: Instant, failure: Option<&String>) -> std::io::Result<()> {
    let Some(path) = std::env::var_os("ID_GUARD_EVENTS").filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let event = json!({
        "timestamp": timestamp(),
        "ulid": ULID,
        "version": VERSION,
        "status": if failure.is_some() { "failed" } else { "ok" },
        "summary": failure.cloned().unwrap_or_else(|| format!("{word}: answered")),
        "operation": word,
        "duration_ms": started.elapsed().as_millis() as u64,
    });
    let mut events = OpenOptions::new().create(true).append(true).open(path)?;
    events.write_all(format!("{event}\n").as_bytes())
}

/// Returns the time, in UTC, as RFC 3339 writes it.
fn timestamp() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.unwrap_or_default().as_secs();
    let second = now % 86_400;
    let (year, month, day) = date(now / 86_400);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Returns the year, month and day of a day that is counted from 1970-01-01.
fn date(days: u64) -> (u64, u64, u64) {
    // Counted from 0000-03-01, so that the leap day is a year's last, and in 400 years of equal length.
    let days = days + 719_468;
    let (cycle, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (cycle * 400 + year + u64::from(month <= 2), month, day)
}

/// Shortens a message to one line of a log, and to the summary of an event.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(512).collect()
}
// END AUTO SECTION: main
