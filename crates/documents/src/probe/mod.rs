//! Health probes: what `healthcheck.md` says is to be asked, and which answer is well (specification 004 §2.6).

mod address;
mod check;

use std::collections::BTreeMap;
use std::ops::Range;

use artifact::{Fields, Kind, Limits, Problem, Syntax, Value};

use crate::command::{Mention, Role, files_of_words};
use crate::markdown::{self, Code};
use crate::{At, Gathered, Problems, problem};

/// What stands behind the fence of a block that holds a probe.
pub const PROBE: &str = "yaml probe";
/// What stands behind the fence of a block that holds thresholds.
pub const THRESHOLDS: &str = "yaml thresholds";

/// The most probes, and the most thresholds, of one document.
const MOST: usize = 100;
/// The longest a probe may take, in milliseconds.
const LONGEST_MS: i64 = 600_000;

/// What bounds one block.
const LIMITS: Limits = Limits { bytes: 64 << 10, depth: 8, nodes: 2_000 };

/// What a health check says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Healthcheck {
    /// The probes that could be read, in order.
    pub probes: Vec<Probe>,
    /// The thresholds, in order.
    pub thresholds: Vec<Threshold>,
}

/// A question to the plugin, and the answer that is well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// What it is called, once in the document.
    pub name: At<String>,
    /// How long it may take, in milliseconds: 1 to 600000.
    pub timeout_ms: Option<At<i64>>,
    /// What is asked.
    pub check: Check,
    /// All of it.
    pub span: Range<usize>,
}

/// What a probe asks. Paths are relative to the plugin's folder and stay in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// Runs a program, without a shell.
    Command {
        /// The program and its words, at least one.
        run: Vec<At<String>>,
        /// The file it reads as standard input.
        stdin: Option<At<String>>,
        /// The exit status that is well.
        exit: i64,
        /// The file that its standard output must equal.
        stdout: Option<At<String>>,
        /// What its standard output must hold.
        stdout_contains: Option<At<String>>,
    },
    /// Asks a server on this machine.
    Http {
        /// The address: of this machine, or below `${NAME}`.
        url: At<String>,
        /// The method.
        method: Method,
        /// The status that is well (RFC 9110 §15).
        status: i64,
        /// What the body must hold.
        body_contains: Option<At<String>>,
    },
    /// Looks for a file.
    File {
        /// The file.
        path: At<String>,
        /// Whether it must be there or must not.
        exists: bool,
    },
    /// Asks a gRPC server by its health checking protocol (`grpc.health.v1.Health/Check`).
    Grpc {
        /// The server: host and port of this machine, or `${NAME}`.
        address: At<String>,
        /// The service; empty for the server as a whole.
        service: String,
    },
    /// Calls a function of a WebAssembly module.
    Wasm {
        /// The module's file.
        module: At<String>,
        /// The function that it exports.
        export: At<String>,
    },
}

/// The method of a request that changes nothing (RFC 9110 §9.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `HEAD`
    Head,
}

/// A bound that the plugin sets itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// What is bounded.
    pub name: At<String>,
    /// The bound, finite and not negative.
    pub value: At<f64>,
}

impl Check {
    /// Returns the word for it: `command`, `http`, `file`, `grpc` or `wasm`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Check::Command { .. } => "command",
            Check::Http { .. } => "http",
            Check::File { .. } => "file",
            Check::Grpc { .. } => "grpc",
            Check::Wasm { .. } => "wasm",
        }
    }
}

impl Probe {
    /// Returns the program that it runs, if it runs one.
    #[must_use]
    pub fn program(&self) -> Option<&At<String>> {
        match &self.check {
            Check::Command { run, .. } => run.first(),
            _ => None,
        }
    }

    /// Returns the files that must be there for it, relative to the plugin's folder.
    #[must_use]
    pub fn files(&self) -> Vec<Mention> {
        let named =
            |file: &At<String>, role| Mention { path: file.value.clone(), span: file.span.clone(), role };
        match &self.check {
            Check::Command { run, stdin, stdout, .. } => {
                let inputs = stdin.iter().chain(stdout).map(|file| named(file, Role::Input));
                files_of_words(run).into_iter().chain(inputs).collect()
            }
            Check::File { path, exists: true } => vec![named(path, Role::Argument)],
            Check::Wasm { module, .. } => vec![named(module, Role::Program)],
            _ => Vec::new(),
        }
    }
}

impl Healthcheck {
    /// Returns a threshold by its name.
    #[must_use]
    pub fn threshold(&self, name: &str) -> Option<&Threshold> {
        self.thresholds.iter().find(|threshold| threshold.name.value == name)
    }
}

/// Reads a health check, with places in the document.
#[must_use]
pub fn read(text: &str) -> (Healthcheck, Vec<Problem>) {
    let document = match markdown::read(text) {
        Ok(document) => document,
        Err(problem) => return (Healthcheck::default(), vec![problem]),
    };
    let mut found = Healthcheck::default();
    let mut problems = Problems::default();
    let mut blocks = 0;
    for code in &document.code {
        let mut inner = Vec::new();
        match kind_of(&code.info) {
            Some(Block::Probe) => {
                blocks += 1;
                if blocks == MOST + 1 {
                    problems.say(code.span.clone(), format!("the document holds more than {MOST} probes"));
                }
                if blocks <= MOST {
                    found.probes.extend(
                        block(code, &mut inner).and_then(|value| check::read(&value, &code.body, &mut inner)),
                    );
                }
            }
            Some(Block::Thresholds) => {
                if let Some(value) = block(code, &mut inner) {
                    thresholds(&value, &code.body, &mut found.thresholds, &mut inner);
                }
            }
            Some(Block::Unread) => {
                let message = format!("a block of `{}` is not read", code.info);
                problems.help(
                    code.span.clone(),
                    message,
                    format!("write `{PROBE}` or `{THRESHOLDS}` behind the fence"),
                );
            }
            None => {}
        }
        let placed = |problem: Problem| Problem { span: code.body.outer(problem.span.clone()), ..problem };
        problems.extend(inner.into_iter().map(placed));
    }
    if blocks == 0 {
        let start = document.headings.first().map_or(0..0, |heading| heading.span.clone());
        problems.help(
            start,
            "the document holds no probe",
            format!("write one as a block of code, ```{PROBE}"),
        );
    }
    refuse_twice(found.probes.iter().map(|probe| &probe.name), "probe", &mut problems);
    refuse_twice(found.thresholds.iter().map(|threshold| &threshold.name), "threshold", &mut problems);
    (found, problems.finish())
}

enum Block {
    Probe,
    Thresholds,
    /// One that was meant to be read, by its looks.
    Unread,
}

fn kind_of(info: &str) -> Option<Block> {
    let words: Vec<&str> = info.split_whitespace().collect();
    match words.join(" ").as_str() {
        PROBE => return Some(Block::Probe),
        THRESHOLDS => return Some(Block::Thresholds),
        _ => {}
    }
    // `yml probe`, `yaml,probe` and `Probes` were meant; `sh probe.sh` is an example like others.
    let lower = info.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let meant = |word: &str| matches!(word, "probe" | "probes" | "threshold" | "thresholds");
    let first = words.next()?;
    (meant(first) || matches!(first, "yaml" | "yml") && words.any(meant)).then_some(Block::Unread)
}

fn block(code: &Code, problems: &mut Vec<Problem>) -> Option<Value> {
    artifact::parse(Syntax::Yaml, code.text().as_bytes(), &LIMITS)
        .map_err(|error| problems.push(Problem { help: error.help, ..problem(error.span, error.message) }))
        .ok()
}

fn thresholds(value: &Value, body: &Gathered, found: &mut Vec<Threshold>, problems: &mut Vec<Problem>) {
    // Asks whether it is a map, and says so where it is not.
    if Fields::of(value, "", problems).is_none() {
        return;
    }
    for entry in value.as_map().into_iter().flat_map(artifact::Map::entries) {
        let name = &entry.key.name;
        let pointer = format!("/{}", artifact::escape(name));
        if !is_token(name) {
            let message = format!("`{name}` is no name of a threshold");
            let help = Some("lower-case letters, digits, `_`, `-` and `.`".into());
            problems.push(Problem { pointer, help, ..problem(entry.key.span.clone(), message) });
            continue;
        }
        let Some(number) = number(&entry.value).filter(|number| *number >= 0.0) else {
            let message = format!("expected a number that is not negative, found {}", entry.value.show());
            problems.push(Problem { pointer, ..problem(entry.value.span.clone(), message) });
            continue;
        };
        if found.len() == MOST {
            problems.push(problem(
                entry.key.span.clone(),
                format!("the document holds more than {MOST} thresholds"),
            ));
            return;
        }
        found.push(Threshold {
            name: At::new(name.clone(), body.outer(entry.key.span.clone())),
            value: At::new(number, body.outer(entry.value.span.clone())),
        });
    }
}

/// Returns a finite number.
pub(crate) fn number(value: &Value) -> Option<f64> {
    let number = match &value.kind {
        Kind::Integer(number) => number.to_string().parse::<f64>(),
        Kind::Number(text) => text.parse(),
        _ => return None,
    };
    number.ok().filter(|number| number.is_finite())
}

/// Tells whether a text is a name: `^[a-z0-9][a-z0-9_.-]{0,63}$`.
fn is_token(text: &str) -> bool {
    let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() <= 64
        && text.bytes().next().is_some_and(letters)
        && text.bytes().all(|byte| letters(byte) || b"_.-".contains(&byte))
}

fn refuse_twice<'n>(names: impl Iterator<Item = &'n At<String>>, what: &str, problems: &mut Problems) {
    let mut seen = BTreeMap::new();
    for name in names {
        if seen.insert(name.value.as_str(), ()).is_some() {
            let message = format!("the {what} `{}` stands twice", name.value);
            problems.help(name.span.clone(), message, "give it a name of its own, or take it out");
        }
    }
}

#[cfg(test)]
mod tests;
