//! What a change breaks in a plugin that it does not touch: reported where the change is, with the dependent beside it.

use diagnostic::{Diagnostic, Location, Related, RuleInfo};
use engine::{AffectedDependency, StateContext};
use index::SPEC;
use snapshot::Result;

/// Reports what a change does to a dependency; `pointer` is the cause in the spec of the changed plugin.
pub(super) fn consequence(
    rule: &'static RuleInfo,
    state: &StateContext<'_>,
    affected: &AffectedDependency<'_>,
    (message, pointer): (String, &str),
) -> Result<Diagnostic> {
    let finding = Diagnostic::new(rule, message).at(cause(state, affected, pointer)?);
    let Some(dependent) = state.spec_of(affected.dependent)? else { return Ok(finding) };
    Ok(finding.related(Related {
        location: dependent.place(&format!("/dependencies/{}", affected.position)),
        commit: None,
        message: format!("{} depends on {} here", affected.dependent.key, affected.key),
    }))
}

/// Returns the place of the change: in the spec of the plugin after it, or the path of the spec that it removes.
fn cause(state: &StateContext<'_>, affected: &AffectedDependency<'_>, pointer: &str) -> Result<Location> {
    let before = affected.before;
    let is_same = |ulid: &str| ulid == before.ulid && !ulid.is_empty();
    // A plugin that lost the key still exists under another one.
    let renamed = || state.index.plugins.iter().find(|other| is_same(&other.ulid)).map(|other| &**other);
    let (place, pointer) = match affected.after {
        Some(after) => (Some(after), pointer),
        None => (renamed(), "/key"),
    };
    let spec = match place {
        Some(plugin) => state.spec_of(plugin)?,
        None => None,
    };
    let removed = || Location::of(&before.directory().join(SPEC.as_bytes()));
    Ok(spec.map_or_else(removed, |spec| spec.place(pointer)))
}
