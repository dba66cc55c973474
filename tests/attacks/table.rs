//! Attacks, their expected results, and the table of actual results.

use super::scene::{AttackSetup, Ground};
use crate::support::runner::step::StepResult;

/// What must come of an attack.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Expected {
    /// Refused: exit 1, with findings of these codes at level deny.
    Refused(&'static [&'static str]),
    /// The check could not run: exit 2, with this message.
    CheckError(&'static str),
    /// Refused, or the check could not run, in time: exit 1 or 2.
    Stopped,
    /// Passed with warnings of these codes.
    Warned(&'static [&'static str]),
    /// Passed: no finding at level deny.
    Harmless,
}

/// An attack: its name, the expected result, and its preparation.
pub(crate) struct Attack {
    name: String,
    expected: Expected,
    make: Box<dyn Fn(&mut AttackSetup)>,
}

/// Describes an attack.
pub(crate) fn attack(
    name: impl Into<String>,
    expected: Expected,
    make: impl Fn(&mut AttackSetup) + 'static,
) -> Attack {
    Attack { name: name.into(), expected, make: Box::new(make) }
}

/// Runs all attacks of a row of the threat table, prints their results, and fails if one is not the expected one.
#[expect(clippy::print_stdout, reason = "the table is the summary of the suite for people")]
pub(crate) fn row(number: u8, attacks: Vec<Attack>) {
    let mut table = String::new();
    let mut wrong = Vec::new();
    let ground = Ground::new();
    for attack in attacks {
        let result = attack.run(&ground);
        let text = result.as_ref().map_or("GOT THROUGH", |result| result.as_str());
        table += &format!("{number:>3}  {:<70}  {text}\n", attack.name);
        wrong.extend(result.err().map(|error| format!("{}: {error}", attack.name)));
    }
    println!("row  attack{:66}result\n{table}", "");
    assert!(
        wrong.is_empty(),
        "row {number}: {} attacks had an unexpected result:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

impl Attack {
    fn run(&self, ground: &Ground) -> Result<String, String> {
        let mut scene = ground.scene();
        (self.make)(&mut scene);
        let done = scene.strike()?;
        if self.expected.is(&done) {
            Ok(self.expected.describe(&done))
        } else {
            let output: String = done.output.chars().take(3000).collect();
            Err(format!("expected {:?}, got status {}:\n{output}", self.expected, done.status))
        }
    }
}

impl Expected {
    fn is(self, done: &StepResult) -> bool {
        let has = |level: &str, codes: &[&str]| {
            let found = done.findings(level);
            codes.iter().all(|code| found.iter().any(|finding| finding.starts_with(code)))
        };
        match self {
            Expected::Refused(codes) => done.status == 1 && has("deny", codes),
            Expected::CheckError(words) => done.status == 2 && done.output.contains(words),
            Expected::Stopped => matches!(done.status, 1 | 2),
            Expected::Warned(codes) => done.status == 0 && has("warn", codes),
            Expected::Harmless => done.status == 0,
        }
    }

    fn describe(self, done: &StepResult) -> String {
        let codes = |level: &str| {
            let mut codes: Vec<String> =
                done.findings(level).iter().map(|finding| finding[..6].to_string()).collect();
            codes.dedup();
            codes.join(" ")
        };
        match self {
            Expected::Refused(_) => format!("refused   {}", codes("deny")),
            Expected::CheckError(words) => format!("no verdict  {words}"),
            Expected::Stopped if done.status == 2 => "no verdict".into(),
            Expected::Stopped => format!("refused   {}", codes("deny")),
            Expected::Warned(_) => format!("warned    {}", codes("warn")),
            Expected::Harmless => "harmless".into(),
        }
    }
}
