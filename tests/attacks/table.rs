//! Attacks, what must come of each, and the table that tells what did.

use super::scene::{Ground, Scene};
use crate::support::runner::step::Done;

/// What must come of an attack.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Comes {
    /// Judged and refused: exit 1, with findings of these codes that fail.
    Refused(&'static [&'static str]),
    /// Not judged: exit 2, and these words say why.
    CheckError(&'static str),
    /// Refused or not judged, in time: exit 1 or 2.
    Stopped,
    /// Judged and let through, with warnings of these codes for whoever approves.
    Warned(&'static [&'static str]),
    /// Judged and let through: there is nothing in it that fails.
    Harmless,
}

/// An attack: what it is called, what must come of it, and how it is made.
pub(crate) struct Attack {
    name: String,
    comes: Comes,
    make: Box<dyn Fn(&mut Scene)>,
}

/// Describes an attack.
pub(crate) fn attack(name: impl Into<String>, comes: Comes, make: impl Fn(&mut Scene) + 'static) -> Attack {
    Attack { name: name.into(), comes, make: Box::new(make) }
}

/// Makes every attack of a row of the table of threats, prints what came of each, and fails where it is not what must come.
#[expect(clippy::print_stdout, reason = "the table is what a person reads of the suite")]
pub(crate) fn row(number: u8, attacks: Vec<Attack>) {
    let mut table = String::new();
    let mut wrong = Vec::new();
    let ground = Ground::new();
    for attack in attacks {
        let came = attack.came(&ground);
        let told = came.as_ref().map_or("GOT THROUGH", |came| came.as_str());
        table += &format!("{number:>3}  {:<70}  {told}\n", attack.name);
        wrong.extend(came.err().map(|error| format!("{}: {error}", attack.name)));
    }
    println!("row  attack{:66}result\n{table}", "");
    assert!(
        wrong.is_empty(),
        "row {number}: {} attacks came to something else:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

impl Attack {
    fn came(&self, ground: &Ground) -> Result<String, String> {
        let mut scene = ground.scene();
        (self.make)(&mut scene);
        let done = scene.strike()?;
        if self.comes.is(&done) {
            Ok(self.comes.told(&done))
        } else {
            let told: String = done.told.chars().take(3000).collect();
            Err(format!("{:?} must come, and the status is {}:\n{told}", self.comes, done.status))
        }
    }
}

impl Comes {
    fn is(self, done: &Done) -> bool {
        let has = |level: &str, codes: &[&str]| {
            let found = done.findings(level);
            codes.iter().all(|code| found.iter().any(|finding| finding.starts_with(code)))
        };
        match self {
            Comes::Refused(codes) => done.status == 1 && has("deny", codes),
            Comes::CheckError(words) => done.status == 2 && done.told.contains(words),
            Comes::Stopped => matches!(done.status, 1 | 2),
            Comes::Warned(codes) => done.status == 0 && has("warn", codes),
            Comes::Harmless => done.status == 0,
        }
    }

    fn told(self, done: &Done) -> String {
        let codes = |level: &str| {
            let mut codes: Vec<String> =
                done.findings(level).iter().map(|finding| finding[..6].to_string()).collect();
            codes.dedup();
            codes.join(" ")
        };
        match self {
            Comes::Refused(_) => format!("refused   {}", codes("deny")),
            Comes::CheckError(words) => format!("no verdict  {words}"),
            Comes::Stopped if done.status == 2 => "no verdict".into(),
            Comes::Stopped => format!("refused   {}", codes("deny")),
            Comes::Warned(_) => format!("warned    {}", codes("warn")),
            Comes::Harmless => "harmless".into(),
        }
    }
}
