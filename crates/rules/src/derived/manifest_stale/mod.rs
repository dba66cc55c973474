//! A manifest is up to date.

use artifact::{Limits, Map, Syntax, Value, parse};
use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Derived, Plugin, Rule, StateContext};
use plugin_files::MANIFEST;
use snapshot::Result;

/// The largest manifest that is read to name a file.
const MAX_MANIFEST_BYTES: usize = 16 << 20;

/// `GEN005` manifest-stale.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::MANIFEST_STALE,
        summary: "a manifest is up to date",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(derived) = state.derived(plugin)? else { continue };
        let Some(finding) = derived.describe_stale(&RULE.info, &plugin.directory, MANIFEST) else { continue };
        findings.push(of_a_file(plugin, derived).unwrap_or(finding));
    }
    Ok(())
}

/// Names the first file that the manifest lists wrongly: more useful than a differing digest.
fn of_a_file(plugin: &Plugin, derived: &Derived) -> Option<Diagnostic> {
    let text = derived.files.files.get(MANIFEST)?;
    let limits = Limits { bytes: MAX_MANIFEST_BYTES, ..Limits::default() };
    let read = |text: &[u8]| parse(Syntax::Json, text, &limits).ok();
    let (committed, made) = (read(text)?, read(derived.derivation.files.get(MANIFEST)?)?);
    let files = |value: &Value| value.pointer("/files").and_then(Value::as_map).cloned();
    let (listed, actual): (Map, Map) = (files(&committed)?, files(&made)?);
    let missing = actual.entries().find(|entry| listed.get(&entry.key.name).is_none());
    let gone = listed.entries().find(|entry| actual.get(&entry.key.name).is_none());
    let other = listed
        .entries()
        .find(|entry| actual.get(&entry.key.name).is_some_and(|value| !value.same(&entry.value)));
    let (message, span) = match (missing, gone, other) {
        (Some(entry), ..) => {
            let span = committed.pointer("/files")?.span.start;
            (format!("the manifest does not list {}", entry.key.name), span..span + 1)
        }
        (_, Some(entry), _) => {
            (format!("the manifest lists {}, which does not exist", entry.key.name), entry.key.span.clone())
        }
        (.., Some(entry)) => (
            format!("the manifest contains an outdated digest of {}", entry.key.name),
            entry.value.span.clone(),
        ),
        _ => return None,
    };
    Some(
        Diagnostic::new(&RULE.info, message)
            .at(Location::at(&plugin.path(MANIFEST.as_bytes()), text, span).with_pointer("/files"))
            .help(format!("regenerate it: id-plugin generate {}", plugin.name())),
    )
}
