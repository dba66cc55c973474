//! What packs say of documents: their schemas, held here, and their custom rules, which the caller's engine evaluates.

use std::collections::BTreeSet;

use artifact::{Limits, Problem, Syntax, Value, parse};
use diagnostic::{CheckError, Diagnostic, Location};
use policy::{PackDocument, Policy};
use schema::Schema;
use snapshot::{Change, Error, Mode, Node, RepoPath, Snapshot};

use crate::RULES;
use crate::check::unread;
use crate::rule::{Check, CustomMatter, Rule};

/// The largest document that custom rules judge, in bytes.
const LARGEST: u64 = 4 << 20;
/// The most documents that an entry of a pack judges in one run.
const MOST: usize = 100_000;

/// A document that custom rules judge.
pub struct CustomInput {
    /// Where it lies.
    pub path: RepoPath,
    /// What it says.
    pub value: Value,
    text: Vec<u8>,
}

/// What a custom rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomTold {
    /// Of which input; `None` where the rules see all of them and do not say of which they speak.
    pub input: Option<usize>,
    /// Whether it denies, or only warns.
    pub denies: bool,
    /// The rule, as in `data.main.deny_host`.
    pub rule: String,
    /// Its words.
    pub message: String,
    /// Where in the input, as an RFC 6901 pointer.
    pub pointer: Option<String>,
    /// How to put it right.
    pub help: Option<String>,
}

/// The engine that evaluates the custom rules of an entry of a pack, over documents that it matches.
pub type CustomRules<'e> =
    dyn Fn(&PackDocument, &Policy, &[CustomInput]) -> Result<Vec<CustomTold>, CheckError> + Sync + 'e;

/// Judges the documents that packs speak of: those that a change leaves, or without a change all of them.
///
/// # Errors
/// When a document cannot be read, or the rules give no verdict.
pub(crate) fn judge(
    head: &dyn Snapshot,
    changes: Option<&[Change]>,
    policy: &Policy,
    engine: &CustomRules<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Result<(), CheckError> {
    for pack in &policy.packs {
        for document in &pack.documents {
            let touched = |change: &&Change| document.pattern.matches(change.path.as_bytes());
            let paths = match changes {
                // Who sees all documents at once is asked about all of them, once one is touched, or gone.
                Some(changes) if !document.combine || !changes.iter().any(|change| touched(&change)) => {
                    changes
                        .iter()
                        .filter(touched)
                        .filter(|change| change.after.is_some())
                        .map(|change| change.path.clone())
                        .collect()
                }
                _ => all(head, document).map_err(unread)?,
            };
            judge_documents(head, policy, document, paths, changes.is_some(), engine, findings)?;
        }
    }
    Ok(())
}

fn no_schema(path: &RepoPath, problem: &Problem) -> CheckError {
    CheckError {
        message: format!("the schema of a pack is none: {}", problem.message),
        help: problem.help.clone(),
        location: Some(Location::of(path)),
    }
}

/// Every path of a tree that an entry speaks of.
fn all(head: &dyn Snapshot, document: &PackDocument) -> snapshot::Result<BTreeSet<RepoPath>> {
    let mut found = BTreeSet::new();
    let mut folders = vec![head.root()?];
    while let Some(folder) = folders.pop() {
        for entry in head.list(&folder)?.iter() {
            let node = Node { path: folder.path.join(entry.name), object: entry.object };
            if node.object.mode == Mode::Directory {
                if document.pattern.enters(node.path.as_bytes()) {
                    folders.push(node);
                }
            } else if document.pattern.matches(node.path.as_bytes()) {
                found.insert(node.path);
            }
        }
    }
    Ok(found)
}

fn judge_documents(
    head: &dyn Snapshot,
    policy: &Policy,
    document: &PackDocument,
    paths: BTreeSet<RepoPath>,
    is_change: bool,
    engine: &CustomRules<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Result<(), CheckError> {
    let text = |path: &RepoPath| String::from_utf8_lossy(path.as_bytes()).into_owned();
    if paths.len() > MOST {
        return Err(CheckError {
            message: format!(
                "{} documents match {}, and the limit is {MOST}",
                paths.len(),
                document.pattern.as_str()
            ),
            help: Some(format!(
                "narrow the pattern: {}:{}",
                text(&document.origin.path),
                document.origin.line
            )),
            location: None,
        });
    }
    let contract = document.schema.as_ref().map(|(path, value)| (path, Schema::compile(value)));
    if let Some((path, Err(problem))) = &contract {
        return Err(no_schema(path, problem));
    }
    let mut inputs = Vec::new();
    for path in paths {
        let Some(input) = open(head, &path, findings).map_err(unread)? else { continue };
        if let Some((schema, Ok(contract))) = &contract {
            let schema = String::from_utf8_lossy(schema.as_bytes()).into_owned();
            for problem in contract.check(&input.value) {
                let told = tell_problem(&input.path, &input.text, problem);
                findings.extend(told.map(|told| told.note(format!("says {schema}"))));
            }
        }
        inputs.push(input);
    }
    // Of a change that brings no such document nothing is asked; of a whole tree, that its rules can be asked at all.
    if document.rules.is_empty() || inputs.is_empty() && is_change {
        return Ok(());
    }
    for told in engine(document, policy, &inputs)? {
        let matter = if told.denies { CustomMatter::Denied } else { CustomMatter::Warned };
        let Some(rule) = rule_of(matter) else { continue };
        let place = match told.input.and_then(|at| inputs.get(at)) {
            Some(input) => place(input, told.pointer.as_deref().unwrap_or_default()),
            None => Location::of(&document.origin.path),
        };
        let mut finding = Diagnostic::new(&rule.info, told.message).at(place);
        if let Some(help) = told.help {
            finding = finding.help(help);
        }
        findings.push(finding.note(format!(
            "says {} of {}",
            told.rule,
            text(&document.origin.path.parent())
        )));
    }
    Ok(())
}

/// Opens a document; what cannot be read is told.
fn open(
    head: &dyn Snapshot,
    path: &RepoPath,
    findings: &mut Vec<Diagnostic>,
) -> snapshot::Result<Option<CustomInput>> {
    let tell = |message: String, text: &[u8], span: std::ops::Range<usize>, help: Option<String>| {
        tell_problem(path, text, Problem { pointer: String::new(), span, message, help })
    };
    let Some(node) = head.find(path)? else { return Ok(None) };
    if !matches!(node.object.mode, Mode::File | Mode::Executable) {
        findings.extend(tell(
            format!("a pack judges this, and it is {}", node.object.mode.kind()),
            b"",
            0..0,
            None,
        ));
        return Ok(None);
    }
    let Some(syntax) = Syntax::of_path(path) else {
        findings.extend(tell(
            "a pack judges this, and it is neither JSON nor YAML nor Markdown".into(),
            b"",
            0..0,
            None,
        ));
        return Ok(None);
    };
    let text = match head.read(&node, LARGEST) {
        Err(Error::TooLarge { size, limit, .. }) => {
            findings.extend(tell(
                format!("the document is {size} bytes long, and the limit is {limit}"),
                b"",
                0..0,
                None,
            ));
            return Ok(None);
        }
        other => other?,
    };
    match parse(syntax, &text, &Limits { bytes: LARGEST as usize, ..Limits::default() }) {
        Ok(value) => Ok(Some(CustomInput { path: path.clone(), value, text })),
        Err(error) => {
            findings.extend(tell(error.message, &text, error.span, error.help));
            Ok(None)
        }
    }
}

/// The place that a rule points at: the value itself, or the nearest one around it that stands.
fn place(input: &CustomInput, pointer: &str) -> Location {
    let mut shown = pointer;
    while input.value.pointer(shown).is_none() {
        match shown.rfind('/') {
            Some(at) => shown = &shown[..at],
            None => return Location::of(&input.path),
        }
    }
    match shown {
        "" => Location::of(&input.path),
        _ => {
            let span = input.value.pointer(shown).map_or(0..0, |value| value.span.clone());
            Location::at(&input.path, &input.text, span).with_pointer(pointer)
        }
    }
}

fn tell_problem(path: &RepoPath, text: &[u8], problem: Problem) -> Option<Diagnostic> {
    let rule = rule_of(CustomMatter::Schema)?;
    let place = match text.is_empty() {
        true => Location::of(path),
        false => Location::at(path, text, problem.span).with_pointer(problem.pointer),
    };
    let finding = Diagnostic::new(&rule.info, problem.message).at(place);
    Some(match problem.help {
        Some(help) => finding.help(help),
        None => finding,
    })
}

fn rule_of(matter: CustomMatter) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| matches!(rule.check, Check::Custom(speaks) if speaks == matter))
}

#[cfg(test)]
mod tests {
    use diagnostic::Level;

    use super::*;

    #[test]
    fn every_matter_has_its_rule() {
        for (matter, level) in [
            (CustomMatter::Schema, Level::Deny),
            (CustomMatter::Denied, Level::Deny),
            (CustomMatter::Warned, Level::Warn),
        ] {
            assert_eq!(rule_of(matter).map(|rule| rule.info.id.level), Some(level), "{matter:?}");
        }
    }
}
