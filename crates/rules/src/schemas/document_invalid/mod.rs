//! Specs, documents and packs are what their schemas say.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Document, Rule, StateContext};
use snapshot::Result;

/// The most operations that are told to be listed twice.
const MOST_TWINS: usize = 10;

/// `SCH001` document-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::DOCUMENT_INVALID,
        summary: "specs, documents and packs are what their schemas say",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

/// Tells of a version that has the form of one and that nobody reads: its numbers are beyond 64 bits.
fn no_version(document: &Document, pointer: &str) -> Option<Diagnostic> {
    let text = document.text_at(pointer)?;
    let is_beyond = semver::Version::parse(text).is_err()
        && text
            .split(['.', '-', '+'])
            .take(3)
            .any(|part| part.len() > 19 && part.bytes().all(|byte| byte.is_ascii_digit()));
    is_beyond.then(|| {
        Diagnostic::new(&RULE.info, "a number of the version is beyond 64 bits: no program reads it")
            .at(document.place(pointer))
            .help("raise a version by one: id-plugin bump NAME patch")
    })
}

/// Tells of operations that a spec lists twice: whatever is made of it knows only one.
fn twice(spec: &Document) -> Vec<Diagnostic> {
    let list = spec.value.as_ref().ok().and_then(|value| value.pointer("/operations")?.as_list());
    let mut seen = BTreeSet::new();
    let names = list
        .into_iter()
        .flatten()
        .enumerate()
        .filter_map(|(at, value)| Some((at, value.pointer("/name")?.as_str()?)));
    names
        .filter(|(_, name)| !seen.insert(*name))
        .take(MOST_TWINS)
        .map(|(at, name)| {
            Diagnostic::new(&RULE.info, format!("the operation `{name}` is listed twice"))
                .at(spec.place(&format!("/operations/{at}/name")))
                .help("give each operation a name of its own")
        })
        .collect()
}

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    // A ULID of another form has a rule of its own.
    let tells =
        |problem: &artifact::Problem| problem.pointer != "/ulid" || problem.message.contains("missing");
    for spec in state.plugins.iter().filter_map(|plugin| plugin.spec.as_ref()) {
        spec.validate(&RULE.info, schema::plugin_spec(), tells, findings);
        findings.extend(twice(spec));
        findings.extend(no_version(spec, "/version"));
    }
    for document in &state.documents {
        document.validate(&RULE.info, schema::document(), tells, findings);
        findings.extend(no_version(document, "/semver"));
    }
    for pack in &state.packs {
        pack.validate(&RULE.info, schema::pack(), tells, findings);
    }
    Ok(())
}
