//! Specs, documents and packs match their schemas.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Document, Rule, StateContext};
use snapshot::Result;

/// The most operations of one spec that are reported as listed twice.
const MAX_DUPLICATES: usize = 10;

/// `SCH001` document-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::DOCUMENT_INVALID,
        summary: "specs, documents and packs match their schemas",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

/// Reports a version with a number of more than 64 bits: it has a valid form, but no program reads it.
fn oversized_version(document: &Document, pointer: &str) -> Option<Diagnostic> {
    let text = document.text_at(pointer)?;
    let is_beyond = semver::Version::parse(text).is_err()
        && text
            .split(['.', '-', '+'])
            .take(3)
            .any(|part| part.len() > 19 && part.bytes().all(|byte| byte.is_ascii_digit()));
    is_beyond.then(|| {
        Diagnostic::new(
            &RULE.info,
            "a number of the version has more than 64 bits, which no program can read",
        )
        .at(document.place(pointer))
        .help("use a smaller number")
    })
}

/// Reports operations that a spec lists twice: derived files would contain only one of them.
fn duplicate_operations(spec: &Document) -> Vec<Diagnostic> {
    let list = spec.value.as_ref().ok().and_then(|value| value.pointer("/operations")?.as_list());
    let mut seen = BTreeSet::new();
    let names = list
        .into_iter()
        .flatten()
        .enumerate()
        .filter_map(|(at, value)| Some((at, value.pointer("/name")?.as_str()?)));
    names
        .filter(|(_, name)| !seen.insert(*name))
        .take(MAX_DUPLICATES)
        .map(|(at, name)| {
            Diagnostic::new(&RULE.info, format!("the operation `{name}` is listed twice"))
                .at(spec.place(&format!("/operations/{at}/name")))
                .help("give each operation its own name")
        })
        .collect()
}

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    // A ULID of another form has a rule of its own.
    let is_reported =
        |problem: &artifact::Problem| problem.pointer != "/ulid" || problem.message.contains("missing");
    for spec in state.plugins.iter().filter_map(|plugin| plugin.spec.as_ref()) {
        spec.validate(&RULE.info, schema::plugin_spec(), is_reported, findings);
        findings.extend(duplicate_operations(spec));
        findings.extend(oversized_version(spec, "/version"));
    }
    for document in &state.documents {
        document.validate(&RULE.info, schema::document(), is_reported, findings);
        findings.extend(oversized_version(document, "/semver"));
    }
    for pack in &state.packs {
        pack.validate(&RULE.info, schema::pack(), is_reported, findings);
    }
    Ok(())
}
