//! What a change of the policy adds that must not take effect: waivers without an end, or of what cannot be waived.

use std::collections::BTreeSet;

use diagnostic::{CheckError, Location};
use policy::{Date, Ignored, IgnoredKind, Policy, WAIVERS_PATH, Waiver};
use snapshot::RepoPath;

/// The days that a new waiver may be valid: a year, and a day for a leap year.
const MAX_WAIVER_DAYS: i32 = 366;

/// Returns the problems of what the policy of a change adds to that of the base branch; `added_on` returns the day on which a waiver was added.
pub(crate) fn problems(base: &Policy, own: &Policy, added_on: &dyn Fn(&Waiver) -> Date) -> Vec<CheckError> {
    let without_effect = new_ignored(base, own).filter(|ignored| ignored.what != IgnoredKind::File);
    let mut found: Vec<CheckError> = without_effect
        .map(|ignored| CheckError {
            message: ignored.message.clone(),
            help: Some(ignored.help.clone()),
            location: Some(ignored.location.clone()),
        })
        .collect();
    let known: BTreeSet<_> = base.waivers.iter().map(Waiver::covered).collect();
    for waiver in own.waivers.iter().filter(|waiver| !known.contains(&waiver.covered())) {
        let mut refuse = |message: String, help: String| {
            let place = Location::at(&RepoPath::from(WAIVERS_PATH), &own.waivers_text, waiver.span.clone());
            found.push(CheckError { message, help: Some(help), location: Some(place) });
        };
        let code = &waiver.code;
        if waiver.is_for_every_path() {
            let path = waiver.path.as_str();
            refuse(
                format!("the waiver of {code} covers every path: `{path}`"),
                "name the files or the directory that it covers".into(),
            );
        }
        let added = added_on(waiver);
        let last = added.plus_days(MAX_WAIVER_DAYS);
        let fix = || format!("set `until` to a day from {added} to {last}");
        if waiver.until < added {
            let message =
                format!("the waiver of {code} expired on {}, before it was added on {added}", waiver.until);
            refuse(message, fix());
        }
        if waiver.until > last {
            let message = format!(
                "the waiver of {code} is valid until {}, more than {MAX_WAIVER_DAYS} days after it was added on {added}",
                waiver.until
            );
            refuse(message, fix());
        }
    }
    found
}

/// Returns what has no effect in the policy of a change, and is not on the base branch already.
pub(crate) fn new_ignored<'p>(base: &'p Policy, own: &'p Policy) -> impl Iterator<Item = &'p Ignored> {
    own.ignored.iter().filter(|ignored| !base.ignored.iter().any(|known| known.is_same(ignored)))
}
