//! Specs, documents and packs match their schemas.

use std::collections::{BTreeSet, HashMap};

use artifact::hidden::{self, Reading};
use artifact::{ArtifactKind, tag};
use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Artifact, Check, Document, Rule, StateContext};
use index::Ledgers;
use snapshot::Result;

/// The most operations of one spec that are reported as listed twice.
const MAX_DUPLICATES: usize = 10;
/// The most operations of one spec whose summaries are read; a policy limits them to fewer.
const MAX_OPERATIONS: usize = 100;

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

/// The fields of prose, and those of one identifier.
const PROSE: [&str; 4] = ["/name", "/description", "/summary", "/deprecation/reason"];
const IDENTIFIERS: [&str; 1] = ["/owner"];

/// Reports characters that do not show in names, descriptions and owners.
fn report_hidden(document: &Document, findings: &mut Vec<Diagnostic>) {
    let operations = document.value.as_ref().ok().and_then(|value| value.pointer("/operations")?.as_list());
    let operations = operations.unwrap_or_default().len().min(MAX_OPERATIONS);
    let summaries = (0..operations).map(|at| format!("/operations/{at}/summary"));
    let prose = PROSE.iter().map(|pointer| (*pointer).to_string()).chain(summaries);
    let identifiers = IDENTIFIERS.iter().map(|pointer| (*pointer).to_string());
    let fields = prose
        .map(|pointer| (pointer, Reading::Prose))
        .chain(identifiers.map(|pointer| (pointer, Reading::Identifier)));
    for (pointer, reading) in fields {
        let found = document.text_at(&pointer).and_then(|text| hidden::find(text, reading));
        if let Some((_, character)) = found {
            let name = pointer.rsplit('/').next().unwrap_or_default();
            let message = format!("the {name} contains {}", hidden::describe(character));
            findings.push(
                Diagnostic::new(&RULE.info, message)
                    .at(document.place(&pointer))
                    .help("remove the character: people read the text as it is written"),
            );
        }
    }
}

/// Reports a new version of which no tag can be made.
///
/// Versions that are on the base branch are reported there: a change that retires an artifact keeps its version.
///
/// `tags` are those that the ledger records, read on first use.
fn version_without_tag(
    state: &StateContext<'_>,
    artifact: &Artifact<'_>,
    tags: &mut Option<HashMap<String, String>>,
) -> Result<Option<Diagnostic>> {
    let document = artifact.document;
    let (Some(template), Some(version)) = (state.tag_template(artifact.kind), artifact.version()) else {
        return Ok(None);
    };
    let is_unpublished = document
        .text_at("/status")
        .is_some_and(|status| matches!(status, "draft" | "retired" | "consolidated"));
    let Some(ulid) = artifact.ulid().filter(|_| !is_unpublished && semver::Version::parse(version).is_ok())
    else {
        return Ok(None);
    };
    let before = state.document_on_base(artifact)?;
    let is_same = |before: &Document| {
        before.text_at(artifact.version_pointer()) == Some(version) && before.path == document.path
    };
    if before.as_ref().is_some_and(is_same) {
        return Ok(None);
    }
    let name = String::from_utf8_lossy(artifact.place.name());
    let key = artifact.key().unwrap_or_default();
    let values = [("name", &*name), ("key", key), ("ulid", ulid), ("version", version)];
    if let Some(tag) = template.fill(&values).filter(|tag| tag::is_plain(tag)) {
        if tags.is_none() {
            *tags = Some(Ledgers::open(state.head)?.tags());
        }
        let owner = tags.as_ref().and_then(|tags| tags.get(&tag));
        let is_taken = owner.is_some_and(|owner| owner != ulid);
        return Ok(is_taken.then(|| {
            Diagnostic::new(&RULE.info, format!("tag {tag} already belongs to another artifact"))
                .at(document.place(artifact.version_pointer()))
                .help("raise the version: a tag is never moved")
        }));
    }
    // Another rule reports the name of a plugin's directory.
    let with_plain_name = [("name", "name"), ("key", "KEY"), ("ulid", ulid), ("version", version)];
    let is_of_version = template.fill(&with_plain_name).is_none_or(|tag| !tag::is_plain(&tag));
    if !is_of_version && artifact.kind == ArtifactKind::Plugin {
        return Ok(None);
    }
    let shown = template.show(&values);
    let message = format!("version {version} cannot have a tag: `{shown}` is not a valid tag name");
    Ok(Some(Diagnostic::new(&RULE.info, message).at(document.place(artifact.version_pointer())).help(
        if is_of_version {
            "choose a version of which each part is short, and does not end with `.lock`"
        } else {
            "name the file with lower-case letters, digits, `_`, `-` and `.`"
        },
    )))
}

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    // A ULID or a key of another form has a rule of its own.
    let has_own_rule =
        |pointer: &str| matches!(pointer, "/ulid" | "/key" | "/doc_key") || pointer.starts_with("/aliases/");
    let is_reported = |document: &Document, problem: &artifact::Problem| {
        !has_own_rule(&problem.pointer) || document.text_at(&problem.pointer).is_none()
    };
    for spec in state.plugins.iter().filter_map(|plugin| plugin.spec.as_ref()) {
        spec.validate(&RULE.info, schema::plugin_spec(), |problem| is_reported(spec, problem), findings);
        findings.extend(duplicate_operations(spec));
        findings.extend(oversized_version(spec, "/version"));
    }
    for irregular in &state.irregular_documents {
        let message = format!("the document is {}, not a regular file", irregular.object.mode.kind());
        findings.push(
            Diagnostic::new(&RULE.info, message)
                .at(Location::of(&irregular.path))
                .help("replace it by a regular file with the content itself"),
        );
    }
    let mut tags = None;
    for artifact in state.artifacts() {
        let document = artifact.document;
        let schema = match artifact.kind {
            ArtifactKind::Plugin => None,
            ArtifactKind::Document => Some(schema::document()),
            ArtifactKind::PolicyPack => Some(schema::pack()),
            ArtifactKind::Module => Some(schema::module()),
        };
        if let Some(schema) = schema {
            document.validate(&RULE.info, schema, |problem| is_reported(document, problem), findings);
        }
        if matches!(artifact.kind, ArtifactKind::Document | ArtifactKind::Module) {
            findings.extend(oversized_version(document, artifact.version_pointer()));
        }
        report_hidden(document, findings);
        findings.extend(version_without_tag(state, &artifact, &mut tags)?);
    }
    Ok(())
}
