//! What rules about capabilities share: how a spec asks for something, and where policy says what it may ask for.

mod ask;
mod host;
mod path;
mod size;

use artifact::Value;
use diagnostic::{Diagnostic, Location, Position, Related, Span};

use crate::state::{Document, Plugin, StateContext};

pub(super) use ask::{Ask, What, asks, limits};
pub(super) use host::{flaw, takes_in};
pub(super) use path::{climbs, leads_out};
pub(super) use size::{kibibytes, milliseconds};

/// Elements of a list beyond these are refused by the schema of specs, and not each told for itself.
const MOST: usize = 256;

/// Returns the judged plugins whose specs can be read.
pub(super) fn specs<'s>(
    state: &'s StateContext<'_>,
) -> impl Iterator<Item = (&'s Plugin, &'s Document, &'s Value)> {
    state.plugins.iter().filter_map(|plugin| {
        let spec = plugin.spec.as_ref()?;
        Some((plugin, spec, spec.value.as_ref().ok()?))
    })
}

/// Returns the elements of a list with their pointers.
pub(super) fn elements<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = (String, &'v Value)> {
    let list = value.pointer(pointer).and_then(Value::as_list).unwrap_or_default();
    list.iter().take(MOST).enumerate().map(move |(at, value)| (format!("{pointer}/{at}"), value))
}

/// Shows where policy says what a finding holds a plugin to.
pub(super) fn as_policy_says(state: &StateContext<'_>, name: &str, told: Diagnostic) -> Diagnostic {
    let key = format!("security.{name}");
    // What was said last holds.
    let Some(said) = state.policy.origins.iter().rev().find(|said| said.key == key) else { return told };
    if said.origin.embedded {
        return told.note(format!("{key} is {}: the pack {} says so", said.value, said.by));
    }
    let position = Position { line: said.origin.line, column: 1 };
    let mut location = Location::of(&said.origin.path);
    location.span = Some(Span { start: position, end: position });
    told.related(Related { location, commit: None, message: format!("{key} is {} here", said.value) })
}
