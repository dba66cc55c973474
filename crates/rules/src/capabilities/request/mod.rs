//! What the rules about capabilities share: the requests of a spec, and the policy line that limits them.

mod capability;
mod host;
mod path;
mod size;

use artifact::Value;
use diagnostic::{Diagnostic, Location, Position, Related, Span};
use engine::{Document, Plugin, StateContext};

pub(super) use capability::{Capability, CapabilityRequest, is_limit, requests};
pub(super) use host::{covers, host_problem};
pub(super) use path::{escape_reason, has_parent_segment};
pub(super) use size::{kibibytes, milliseconds};

/// Elements read of a list; the schema of specs refuses longer ones as a whole.
const MAX_LIST_ELEMENTS: usize = 256;

/// Returns the checked plugins whose specs are readable.
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
    list.iter().take(MAX_LIST_ELEMENTS).enumerate().map(move |(at, value)| (format!("{pointer}/{at}"), value))
}

/// Adds the policy line that a finding refers to.
pub(super) fn with_policy_line(state: &StateContext<'_>, name: &str, finding: Diagnostic) -> Diagnostic {
    let key = format!("security.{name}");
    // The last setting takes effect.
    let Some(setting) = state.policy.origins.iter().rev().find(|setting| setting.key == key) else {
        return finding;
    };
    if setting.origin.embedded {
        return finding.note(format!("{key} is {} in the pack {}", setting.value, setting.by));
    }
    let position = Position { line: setting.origin.line, column: 1 };
    let mut location = Location::of(&setting.origin.path);
    location.span = Some(Span { start: position, end: position });
    finding.related(Related { location, commit: None, message: format!("{key} is {}", setting.value) })
}
