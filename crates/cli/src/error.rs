//! Why a command was refused or could not run, and the exit status of each.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use diagnostic::{CheckError, Report};

use crate::output::{advise, complain, print};

/// What kind of end a command came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErrorKind {
    /// The gate would refuse the change, or a proof or comparison failed: exit status 1.
    Refused,
    /// The command could not run: exit status 2.
    Failed,
}

/// Why a command did not do what it was asked to do: one problem, or all problems of a file that was read.
#[derive(Debug)]
pub(crate) struct CommandError {
    pub(crate) kind: ErrorKind,
    first: Box<CheckError>,
    others: Vec<CheckError>,
    source: Option<Box<snapshot::Error>>,
}

impl CommandError {
    fn of(kind: ErrorKind, first: CheckError) -> CommandError {
        CommandError { kind, first: Box::new(first), others: Vec::new(), source: None }
    }

    /// The gate would refuse it, or a proof failed; an empty help is none.
    pub(crate) fn refused(message: impl Into<String>, help: impl Into<String>) -> CommandError {
        let help = Some(help.into()).filter(|help| !help.is_empty());
        CommandError::of(ErrorKind::Refused, CheckError { message: message.into(), help, location: None })
    }

    /// The command could not run.
    pub(crate) fn failed(message: impl Into<String>) -> CommandError {
        CommandError::of(
            ErrorKind::Failed,
            CheckError { message: message.into(), help: None, location: None },
        )
    }

    /// The command could not run; `help` states how to fix that.
    pub(crate) fn failed_with(message: impl Into<String>, help: impl Into<String>) -> CommandError {
        let help = Some(help.into());
        CommandError::of(ErrorKind::Failed, CheckError { message: message.into(), help, location: None })
    }

    /// Returns the message of the first problem.
    pub(crate) fn message(&self) -> &str {
        &self.first.message
    }

    /// Returns the help of the first problem.
    pub(crate) fn help(&self) -> Option<&str> {
        self.first.help.as_deref()
    }

    /// Returns the exit status.
    pub(crate) fn status(&self) -> u8 {
        match self.kind {
            ErrorKind::Refused => 1,
            ErrorKind::Failed => 2,
        }
    }

    /// Returns every problem, in the order in which they were found.
    pub(crate) fn into_errors(self) -> Vec<CheckError> {
        std::iter::once(*self.first).chain(self.others).collect()
    }

    /// Adds problems behind the present ones.
    pub(crate) fn followed_by(mut self, errors: Vec<CheckError>) -> CommandError {
        self.others.extend(errors);
        self
    }

    /// Returns the report of a command that could not run.
    pub(crate) fn into_report(self, command: &str) -> Report {
        let mut report = Report { errors: self.into_errors(), ..Report::default() };
        report.checked.command = command.into();
        report
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.first.message)
    }
}

impl Error for CommandError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<snapshot::Error> for CommandError {
    fn from(error: snapshot::Error) -> CommandError {
        let first =
            CheckError { message: error.to_string(), help: error.help().map(String::from), location: None };
        CommandError { source: Some(Box::new(error)), ..CommandError::of(ErrorKind::Failed, first) }
    }
}

impl From<CheckError> for CommandError {
    fn from(error: CheckError) -> CommandError {
        CommandError::of(ErrorKind::Failed, error)
    }
}

impl From<engine::Error> for CommandError {
    fn from(error: engine::Error) -> CommandError {
        match error {
            engine::Error::Read(error) => error.into(),
            engine::Error::Refused(error) => error.into(),
        }
    }
}

impl From<policy::Error> for CommandError {
    fn from(error: policy::Error) -> CommandError {
        let cause = match &error {
            policy::Error::Read { source, .. } => Some(source.clone()),
            policy::Error::Invalid(_) => None,
        };
        CommandError { source: cause.map(Box::new), ..error.into_check_errors().into() }
    }
}

impl From<Vec<CheckError>> for CommandError {
    fn from(errors: Vec<CheckError>) -> CommandError {
        let mut errors = errors.into_iter();
        let first = errors.next();
        let first =
            first.map_or_else(|| CommandError::failed("the command could not run"), CommandError::from);
        CommandError { others: errors.collect(), ..first }
    }
}

/// Prints the output of a command, or every problem that stopped it; returns the exit status.
pub(crate) fn finish(result: Result<String, CommandError>) -> ExitCode {
    match result {
        Ok(text) => print(&text),
        Err(error) => {
            let status = error.status();
            print_errors(error);
            ExitCode::from(status)
        }
    }
}

/// Prints every problem that stopped a command.
pub(crate) fn print_errors(error: CommandError) {
    for error in error.into_errors() {
        complain(&(place(&error) + &error.message));
        if let Some(help) = error.help {
            advise(&help);
        }
    }
}

/// Returns where a file is at fault, as the start of a line.
fn place(error: &CheckError) -> String {
    let Some(at) = &error.location else { return String::new() };
    let path = String::from_utf8_lossy(at.path.as_bytes());
    match at.span {
        Some(span) => format!("{path}:{}:{}: ", span.start.line, span.start.column),
        None => format!("{path}: "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(message: &str) -> CheckError {
        CheckError { message: message.into(), help: None, location: None }
    }

    #[test]
    fn every_problem_is_kept_in_order() {
        let found = CommandError::from(vec![error("a"), error("b"), error("c")]);
        assert_eq!((found.message(), found.status()), ("a", 2));
        let messages: Vec<String> = found.into_errors().into_iter().map(|error| error.message).collect();
        assert_eq!(messages, ["a", "b", "c"]);
    }

    #[test]
    fn the_error_of_a_repository_stays_the_source() {
        let cause = snapshot::Error::Refused { what: "w".into(), help: "h".into() };
        let found = CommandError::from(cause.clone());
        assert_eq!(found.source().map(ToString::to_string), Some(cause.to_string()));
        let report = found.into_report("check");
        assert_eq!((report.errors[0].help.as_deref(), report.checked.command.as_str()), (Some("h"), "check"));
    }

    #[test]
    fn a_refusal_has_its_own_exit_status_and_no_empty_help() {
        let found = CommandError::refused("m", "");
        assert_eq!((found.status(), found.into_errors()[0].help.clone()), (1, None));
    }
}
