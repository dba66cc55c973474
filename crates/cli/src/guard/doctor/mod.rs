//! `id-guard doctor`: diagnoses the repository, the policy and the CI setup, with a fix for each problem.

mod environment;
mod github;
mod repository;
mod workflows;

use std::process::ExitCode;

use diagnostic::{Tone, sanitise};
use policy::Policy;
use repo::Repository;

use crate::arguments::{ColorArgument, DoctorArguments};
use crate::base;
use crate::guard::init::mainline;
use crate::output::print;
use crate::session::open;

/// The health of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// As it should.
    Well,
    /// It can be done without, and would be better with.
    Advice,
    /// It cannot be seen from here.
    Unknown,
    /// It must be fixed.
    Problem,
}

impl State {
    fn tone(self) -> Tone {
        match self {
            State::Well => Tone::Success,
            State::Advice => Tone::Warning,
            State::Unknown => Tone::Help,
            State::Problem => Tone::Error,
        }
    }
}

/// One line of the examination.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    state: State,
    text: String,
}

impl Line {
    fn ok(text: String) -> Line {
        Line { state: State::Well, text }
    }

    fn advice(text: String) -> Line {
        Line { state: State::Advice, text }
    }

    fn unknown(text: String) -> Line {
        Line { state: State::Unknown, text }
    }

    fn problem(text: String) -> Line {
        Line { state: State::Problem, text }
    }
}

pub(crate) fn run(arguments: &DoctorArguments) -> ExitCode {
    let (lines, is_open) = match open(&arguments.place.repo) {
        Ok(repository) => (examine(&repository, arguments.online), true),
        Err(errors) => {
            let describe = |error: &diagnostic::CheckError| {
                Line::problem(repository::with_help(&error.message, error.help.as_deref()))
            };
            (errors.into_errors().iter().map(describe).collect(), false)
        }
    };
    let look = crate::environment::look(ColorArgument::Auto);
    let mut text = String::new();
    let mut seen = std::collections::BTreeSet::new();
    // One cause can affect several parts: it is reported once.
    for line in lines.iter().filter(|line| seen.insert(line.text.as_str())) {
        let tone = line.state.tone();
        let mark = look.paint(tone, look.mark(tone));
        text += &format!("{mark} {}\n", look.plain(&sanitise::text(&line.text)));
    }
    print(&text);
    if !is_open {
        return ExitCode::from(2);
    }
    ExitCode::from(u8::from(lines.iter().any(|line| line.state == State::Problem)))
}

fn examine(repository: &Repository, online: bool) -> Vec<Line> {
    let mut lines = environment::tools(repository);
    lines.extend(repository::examine(repository));
    lines.extend(environment::base_policy(repository));
    lines.extend(environment::hooks(repository));
    let looked_at = workflows::examine(repository);
    lines.extend(looked_at.lines);
    // The policy names the tags; an unreadable policy was reported above.
    let head = base::commit(repository, "HEAD").ok().and_then(|head| repository.commit(head).ok());
    let policy = head.and_then(|commit| Policy::load(&commit).ok());
    let tags = policy.map(|policy| policy.tags).unwrap_or_default();
    let asked = github::GitHubQuery {
        repository,
        branch: mainline(repository).unwrap_or_else(|| "main".into()),
        checks: looked_at.checks,
        tags,
    };
    lines.extend(asked.examine(online));
    lines
}
