//! Health probes: the requests in `healthcheck.md` and their expected results (specification 004 §2.6).

mod address;
mod check;
mod document;

use std::ops::Range;

use crate::Spanned;
use crate::command::{Mention, Role, files_of_words};

pub use document::read;

/// The info string of a code block that contains a probe.
pub const PROBE: &str = "yaml probe";
/// The info string of a code block that contains thresholds.
pub const THRESHOLDS: &str = "yaml thresholds";

/// The maximum number of probes, and of thresholds, in one document: they run one after the other.
const MAX_PROBES: usize = 100;
/// The maximum timeout of a probe: ten minutes.
const MAX_PROBE_MS: i64 = 600_000;

/// A health check.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Healthcheck {
    /// The probes that could be read, in order.
    pub probes: Vec<Probe>,
    /// The thresholds, in order.
    pub thresholds: Vec<Threshold>,
}

/// A request to the plugin and its expected result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The name, unique in the document.
    pub name: Spanned<String>,
    /// The timeout in milliseconds: 1 to 600000.
    pub timeout_ms: Option<Spanned<i64>>,
    /// The request and the expected result.
    pub check: Check,
    /// The byte range of the code.
    pub span: Range<usize>,
}

/// The request of a probe. Paths are relative to the plugin directory and stay inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// Runs a program, without a shell.
    Command {
        /// The program and its arguments: at least one word.
        run: Vec<Spanned<String>>,
        /// The file that is its standard input.
        stdin: Option<Spanned<String>>,
        /// The expected exit status.
        exit: i64,
        /// The file with the expected standard output.
        stdout: Option<Spanned<String>>,
        /// Text that its standard output must contain.
        stdout_contains: Option<Spanned<String>>,
    },
    /// Sends an HTTP request to the local machine.
    Http {
        /// The address: on the local machine, or starting with `${NAME}`.
        url: Spanned<String>,
        /// The method.
        method: Method,
        /// The expected status (RFC 9110 §15).
        status: i64,
        /// Text that the body must contain.
        body_contains: Option<Spanned<String>>,
    },
    /// Checks whether a file exists.
    File {
        /// The file.
        path: Spanned<String>,
        /// Whether it must exist or must not.
        exists: bool,
    },
    /// Uses the gRPC health checking protocol (`grpc.health.v1.Health/Check`).
    Grpc {
        /// The server: host and port on the local machine, or `${NAME}`.
        address: Spanned<String>,
        /// The service; empty for the server as a whole.
        service: String,
    },
    /// Calls a function of a WebAssembly module.
    Wasm {
        /// The file of the module.
        module: Spanned<String>,
        /// The exported function.
        export: Spanned<String>,
    },
}

/// A safe method (RFC 9110 §9.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `HEAD`
    Head,
}

/// A limit that the plugin sets for itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// The measure.
    pub name: Spanned<String>,
    /// The limit, finite and not negative.
    pub value: Spanned<f64>,
}

impl Check {
    /// Returns the name of the kind: `command`, `http`, `file`, `grpc` or `wasm`.
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
    /// Returns the program that it runs, if any.
    #[must_use]
    pub fn program(&self) -> Option<&Spanned<String>> {
        match &self.check {
            Check::Command { run, .. } => run.first(),
            _ => None,
        }
    }

    /// Returns the files that must exist, relative to the plugin directory.
    #[must_use]
    pub fn files(&self) -> Vec<Mention> {
        let named = |file: &Spanned<String>, role| Mention {
            path: file.value.clone(),
            span: file.span.clone(),
            role,
        };
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

/// Returns whether a string is a valid name: `^[a-z0-9][a-z0-9_.-]{0,63}$`.
fn is_token(text: &str) -> bool {
    let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() <= 64
        && text.bytes().next().is_some_and(letters)
        && text.bytes().all(|byte| letters(byte) || b"_.-".contains(&byte))
}

#[cfg(test)]
mod tests;
