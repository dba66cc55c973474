//! Why a command that writes wrote nothing, and the exit status that says so.

use std::process::ExitCode;

use diagnostic::CheckError;

use crate::output::{advise, complain, print};

/// Why nothing was done.
pub(crate) enum CommandError {
    /// The gate would refuse it, or what was to be proved is not so: exit 1.
    Gate { message: String, help: String },
    /// It could not be done: exit 2.
    Failed { message: String, help: Option<String> },
}

impl CommandError {
    /// It could not be done.
    pub(crate) fn failed(message: impl Into<String>) -> CommandError {
        CommandError::Failed { message: message.into(), help: None }
    }

    /// Returns why.
    pub(crate) fn message(&self) -> &str {
        let (CommandError::Gate { message, .. } | CommandError::Failed { message, .. }) = self;
        message
    }

    /// It could not be done, and there is something to do about it.
    pub(crate) fn failed_with(message: impl Into<String>, help: impl Into<String>) -> CommandError {
        CommandError::Failed { message: message.into(), help: Some(help.into()) }
    }
}

impl From<CommandError> for CheckError {
    fn from(refusal: CommandError) -> CheckError {
        let (message, help) = match refusal {
            CommandError::Gate { message, help } => (message, Some(help)),
            CommandError::Failed { message, help } => (message, help),
        };
        CheckError { message, help, location: None }
    }
}

impl From<snapshot::Error> for CommandError {
    fn from(error: snapshot::Error) -> CommandError {
        CommandError::Failed { help: error.help().map(String::from), message: error.to_string() }
    }
}

impl From<CheckError> for CommandError {
    fn from(error: CheckError) -> CommandError {
        // A report shows the place by itself; a refusal is one line, and says it.
        let place = error.location.map(|at| {
            let path = String::from_utf8_lossy(at.path.as_bytes()).into_owned();
            at.span.map_or(format!("{path}: "), |span| {
                format!("{path}:{}:{}: ", span.start.line, span.start.column)
            })
        });
        CommandError::Failed { message: place.unwrap_or_default() + &error.message, help: error.help }
    }
}

impl From<Vec<CheckError>> for CommandError {
    fn from(errors: Vec<CheckError>) -> CommandError {
        match errors.into_iter().next() {
            Some(error) => error.into(),
            None => CommandError::failed("it could not be done"),
        }
    }
}

/// Prints what was done, or why nothing was.
pub(crate) fn finish(result: Result<String, CommandError>) -> ExitCode {
    let (status, message, help) = match result {
        Ok(told) => return print(&told),
        Err(CommandError::Gate { message, help }) => (1, message, Some(help).filter(|help| !help.is_empty())),
        Err(CommandError::Failed { message, help }) => (2, message, help),
    };
    complain(&message);
    if let Some(help) = help {
        advise(&help);
    }
    ExitCode::from(status)
}
