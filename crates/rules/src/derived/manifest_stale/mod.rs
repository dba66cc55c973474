//! A plugin's manifest is derived.

use artifact::{Limits, Map, Syntax, Value, parse};
use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Derived, Plugin, Rule, StateContext};
use plugin_files::MANIFEST;
use snapshot::Result;

/// The longest manifest that is read for what it says, in bytes.
const LARGEST: usize = 16 << 20;

/// `GEN005` manifest-stale.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::MANIFEST_STALE,
        summary: "a manifest is what the spec and the files of the plugin make",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(derived) = state.derived(plugin)? else { continue };
        let Some(told) = derived.describe_stale(&RULE.info, &plugin.directory, MANIFEST) else { continue };
        findings.push(of_a_file(plugin, derived).unwrap_or(told));
    }
    Ok(())
}

/// Names the first file that the manifest tells otherwise than it stands: a digest says little to people.
fn of_a_file(plugin: &Plugin, derived: &Derived) -> Option<Diagnostic> {
    let text = derived.files.files.get(MANIFEST)?;
    let limits = Limits { bytes: LARGEST, ..Limits::default() };
    let read = |text: &[u8]| parse(Syntax::Json, text, &limits).ok();
    let (stands, made) = (read(text)?, read(derived.derivation.files.get(MANIFEST)?)?);
    let files = |value: &Value| value.pointer("/files").and_then(Value::as_map).cloned();
    let (said, is): (Map, Map) = (files(&stands)?, files(&made)?);
    let missing = is.entries().find(|entry| said.get(&entry.key.name).is_none());
    let gone = said.entries().find(|entry| is.get(&entry.key.name).is_none());
    let other =
        said.entries().find(|entry| is.get(&entry.key.name).is_some_and(|value| !value.same(&entry.value)));
    let (message, span) = match (missing, gone, other) {
        (Some(entry), ..) => {
            let span = stands.pointer("/files")?.span.start;
            (format!("the manifest does not know the file {}", entry.key.name), span..span + 1)
        }
        (_, Some(entry), _) => (
            format!("the manifest knows {}, and nothing stands there", entry.key.name),
            entry.key.span.clone(),
        ),
        (.., Some(entry)) => (
            format!("the manifest tells another digest of {} than it has now", entry.key.name),
            entry.value.span.clone(),
        ),
        _ => return None,
    };
    Some(
        Diagnostic::new(&RULE.info, message)
            .at(Location::at(&plugin.path(MANIFEST.as_bytes()), text, span).with_pointer("/files"))
            .help(format!("make it again: id-plugin generate {}", plugin.name())),
    )
}
