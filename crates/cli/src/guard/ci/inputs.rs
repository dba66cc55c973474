//! What the Action was asked for: options, else the variables that `action.yml` sets.

use std::path::PathBuf;

use clap::ValueEnum;
use diagnostic::CheckError;

use crate::arguments::{CiArguments, CiCommandArgument, FailOnArgument, WriterArgument};
use crate::environment::variable;

/// The most annotations of each level where nothing else is said: what a runner shows of one step.
const ANNOTATIONS: usize = 10;

/// What was asked for, whole.
pub(super) struct Inputs {
    pub(super) command: CiCommandArgument,
    pub(super) base: Option<String>,
    pub(super) head: Option<String>,
    /// The branch whose policy judges, where it is not the base's.
    pub(super) policy_from: Option<String>,
    pub(super) per_commit: bool,
    pub(super) fail_on: FailOnArgument,
    pub(super) report: Vec<String>,
    pub(super) summary: bool,
    pub(super) annotations_max: usize,
    /// The branch that is recorded.
    pub(super) branch: Option<String>,
    pub(super) writer: WriterArgument,
    /// The tags that are released.
    pub(super) tags: Vec<String>,
    /// The event file and the event's name.
    pub(super) event: Option<(PathBuf, String)>,
}

impl Inputs {
    /// Reads what was asked for. An input that means nothing is no verdict: a misspelled `fail-on` must not loosen the gate.
    pub(super) fn read(arguments: &CiArguments) -> Result<Inputs, CheckError> {
        let mut report = arguments.report.clone();
        report.extend(input("REPORT").iter().flat_map(|text| text.lines()).map(str::trim).map(String::from));
        report.retain(|line| !line.is_empty());
        let policy_from = arguments.policy_from.clone().or_else(|| input("POLICY_FROM"));
        let file = arguments.event.clone().or_else(|| variable("GITHUB_EVENT_PATH").map(PathBuf::from));
        let name = arguments.event_name.clone().or_else(|| variable("GITHUB_EVENT_NAME"));
        if arguments.event.is_some() && name.is_none() {
            return Err(wrong("the event has no name: set GITHUB_EVENT_NAME or give --event-name".into()));
        }
        if arguments.event_name.is_some() && file.is_none() {
            return Err(wrong("an event was named, and there is no event file: --event FILE".into()));
        }
        let command = word(arguments.command, "COMMAND", CiCommandArgument::Check)?;
        let base = arguments.base.clone().or_else(|| input("BASE"));
        let head = arguments.head.clone().or_else(|| input("HEAD"));
        if command == CiCommandArgument::Check && head.is_some() && base.is_none() {
            return Err(wrong("a head was named, and no base to judge it against".into()));
        }
        Ok(Inputs {
            command,
            base,
            head,
            policy_from: policy_from.filter(|from| from != "base"),
            per_commit: truth(arguments.per_commit.clone(), "PER_COMMIT", false)?,
            fail_on: word(arguments.fail_on, "FAIL_ON", FailOnArgument::Deny)?,
            report,
            summary: truth(arguments.summary.clone(), "SUMMARY", true)?,
            annotations_max: match arguments.annotations_max.clone().or_else(|| input("ANNOTATIONS_MAX")) {
                None => ANNOTATIONS,
                Some(text) => text
                    .parse()
                    .map_err(|_| wrong(format!("annotations-max is a number, and `{text}` is none")))?,
            },
            branch: arguments.branch.clone().or_else(|| input("BRANCH")),
            writer: word(arguments.writer, "WRITER", WriterArgument::Push)?,
            tags: arguments
                .tags
                .clone()
                .or_else(|| input("TAGS"))
                .iter()
                .flat_map(|tags| tags.split_whitespace())
                .map(String::from)
                .collect(),
            event: file.zip(name),
        })
    }
}

/// An input of the Action: one that is empty was not given.
fn input(name: &str) -> Option<String> {
    variable(&format!("INPUT_{name}")).map(|text| text.trim().to_string()).filter(|text| !text.is_empty())
}

fn word<T: ValueEnum>(given: Option<T>, name: &str, otherwise: T) -> Result<T, CheckError> {
    let Some(text) = given.is_none().then(|| input(name)).flatten() else {
        return Ok(given.unwrap_or(otherwise));
    };
    T::from_str(&text, false).map_err(|_| {
        let values = T::value_variants().iter().filter_map(T::to_possible_value);
        let values: Vec<String> = values.map(|value| value.get_name().to_string()).collect();
        let name = name.to_lowercase().replace('_', "-");
        wrong(format!("{name} is one of {}, and `{text}` is none", values.join(", ")))
    })
}

fn truth(given: Option<String>, name: &str, otherwise: bool) -> Result<bool, CheckError> {
    match given.or_else(|| input(name)).as_deref() {
        None => Ok(otherwise),
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(text) => {
            let name = name.to_lowercase().replace('_', "-");
            Err(wrong(format!("{name} is `true` or `false`, and `{text}` is neither")))
        }
    }
}

fn wrong(message: String) -> CheckError {
    CheckError {
        message,
        help: Some("the inputs: see action.yml, or id-guard ci --help".into()),
        location: None,
    }
}
