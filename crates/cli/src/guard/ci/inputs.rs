//! The inputs of a run: options, else the variables that `action.yml` sets.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::arguments::{CiArguments, CiCommandArgument, FailOnArgument, WriterArgument};
use crate::environment::variable;
use crate::error::CommandError;

/// The default number of annotations of each level: GitHub shows this many of one step.
const MAX_ANNOTATIONS: usize = 10;

/// All inputs.
pub(super) struct Inputs {
    pub(super) command: CiCommandArgument,
    pub(super) base: Option<String>,
    pub(super) head: Option<String>,
    /// The branch of the policy, if it is not the base.
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
    /// Reads the inputs. An invalid one is an error: a misspelled `fail-on` must not weaken the gate.
    pub(super) fn read(arguments: &CiArguments) -> Result<Inputs, CommandError> {
        let mut report = arguments.report.clone();
        report.extend(input("REPORT").iter().flat_map(|text| text.lines()).map(str::trim).map(String::from));
        report.retain(|line| !line.is_empty());
        let policy_from = arguments.policy_from.clone().or_else(|| input("POLICY_FROM"));
        let file = arguments.event.clone().or_else(|| variable("GITHUB_EVENT_PATH").map(PathBuf::from));
        let name = arguments.event_name.clone().or_else(|| variable("GITHUB_EVENT_NAME"));
        if arguments.event.is_some() && name.is_none() {
            return Err(invalid("the event has no name: set GITHUB_EVENT_NAME or pass --event-name"));
        }
        if arguments.event_name.is_some() && file.is_none() {
            return Err(invalid(
                "an event name was given without an event file; pass the file with the option --event",
            ));
        }
        let command = choice(arguments.command, "COMMAND", CiCommandArgument::Check)?;
        let base = arguments.base.clone().or_else(|| input("BASE"));
        let head = arguments.head.clone().or_else(|| input("HEAD"));
        if command == CiCommandArgument::Check && head.is_some() && base.is_none() {
            return Err(invalid("a head was given without a base to compare it with"));
        }
        Ok(Inputs {
            command,
            base,
            head,
            policy_from: policy_from.filter(|from| from != "base"),
            per_commit: boolean(arguments.per_commit.clone(), "PER_COMMIT", false)?,
            fail_on: choice(arguments.fail_on, "FAIL_ON", FailOnArgument::Deny)?,
            report,
            summary: boolean(arguments.summary.clone(), "SUMMARY", true)?,
            annotations_max: match arguments.annotations_max.clone().or_else(|| input("ANNOTATIONS_MAX")) {
                None => MAX_ANNOTATIONS,
                Some(text) => {
                    text.parse().map_err(|_| invalid(format!("annotations-max is not a number: `{text}`")))?
                }
            },
            branch: arguments.branch.clone().or_else(|| input("BRANCH")),
            writer: choice(arguments.writer, "WRITER", WriterArgument::Push)?,
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

/// Returns an input of the Action; an empty one counts as missing.
fn input(name: &str) -> Option<String> {
    variable(&format!("INPUT_{name}")).map(|text| text.trim().to_string()).filter(|text| !text.is_empty())
}

fn choice<T: ValueEnum>(given: Option<T>, name: &str, otherwise: T) -> Result<T, CommandError> {
    let Some(text) = given.is_none().then(|| input(name)).flatten() else {
        return Ok(given.unwrap_or(otherwise));
    };
    T::from_str(&text, false).map_err(|_| {
        let values = T::value_variants().iter().filter_map(T::to_possible_value);
        let values: Vec<String> = values.map(|value| value.get_name().to_string()).collect();
        let name = name.to_lowercase().replace('_', "-");
        invalid(format!("invalid {name} `{text}`; expected one of {}", values.join(", ")))
    })
}

fn boolean(given: Option<String>, name: &str, otherwise: bool) -> Result<bool, CommandError> {
    match given.or_else(|| input(name)).as_deref() {
        None => Ok(otherwise),
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(text) => {
            let name = name.to_lowercase().replace('_', "-");
            Err(invalid(format!("{name} is `true` or `false`, not `{text}`")))
        }
    }
}

fn invalid(message: impl Into<String>) -> CommandError {
    CommandError::failed_with(message, "the inputs: see action.yml, or id-guard ci --help")
}
