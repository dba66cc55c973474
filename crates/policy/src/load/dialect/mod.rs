//! Dialects as packs write them: `dialect`, `facts` and `settings` of `pack.yaml`.

mod capabilities;
mod list_form;
mod schema_choice;
mod settings;
mod trust;

use std::collections::BTreeMap;

use artifact::{Fields, Format, Problem, Value, escape};

use super::discipline::format;
use super::pack::Folder;
use super::pointer;
use super::source::problem;
use crate::Pattern;
use crate::dialect::{
    Dialect, DialectArtifact, Fact, IdentitySource, ManifestCondition, PointerPattern, Unit,
};
use crate::error::Error;

use settings::Settings;
pub(super) use settings::override_settings;

/// The dialects that a pack describes.
const MAX_DIALECTS: usize = 16;
/// The patterns, pointers or names in one list of a dialect.
const MAX_LISTED: usize = 256;
/// The facts of a pack.
const MAX_FACTS: usize = 64;

/// The fields of a pack that describe dialects.
pub(super) struct DialectFields<'v> {
    dialect: Option<&'v Value>,
    facts: Option<&'v Value>,
    settings: Option<&'v Value>,
}

impl<'v> DialectFields<'v> {
    /// Takes the fields of a pack.
    pub(super) fn of(fields: &mut Fields<'v, '_>) -> DialectFields<'v> {
        DialectFields {
            dialect: fields.optional("dialect"),
            facts: fields.optional("facts"),
            settings: fields.optional("settings"),
        }
    }

    /// Reads the dialects of a pack.
    pub(super) fn read(
        self,
        folder: &Folder<'_>,
        pack: &str,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<Dialect>, Error> {
        let Some(value) = self.dialect else {
            for (name, value) in [("facts", self.facts), ("settings", self.settings)] {
                if let Some(value) = value {
                    problems.push(problem(
                        &format!("/{name}"),
                        value,
                        "only a pack with `dialect` has these",
                    ));
                }
            }
            return Ok(Vec::new());
        };
        let facts = self.facts.map(|value| read_facts(value, "/facts", problems)).unwrap_or_default();
        let settings =
            self.settings.map(|value| Settings::read(value, "/settings", problems)).unwrap_or_default();
        let entries: Vec<(String, &Value)> = match value.as_list() {
            None => vec![("/dialect".into(), value)],
            Some(list) => {
                list.iter().enumerate().map(|(at, value)| (format!("/dialect/{at}"), value)).collect()
            }
        };
        if entries.is_empty() || entries.len() > MAX_DIALECTS {
            let message = format!("expected from 1 to {MAX_DIALECTS} dialects");
            problems.push(problem("/dialect", value, &message));
        }
        let mut found = Vec::new();
        for (at, value) in entries.into_iter().take(MAX_DIALECTS) {
            let shared = (&facts, &settings);
            found.extend(read(folder, pack, value, &at, shared, problems)?);
        }
        Ok(found)
    }
}

/// Reads one dialect.
fn read(
    folder: &Folder<'_>,
    pack: &str,
    value: &Value,
    at: &str,
    (facts, settings): (&BTreeMap<String, Fact>, &Settings),
    problems: &mut Vec<Problem>,
) -> Result<Option<Dialect>, Error> {
    let Some(mut fields) = Fields::of(value, at, problems) else { return Ok(None) };
    let patterns = patterns(&mut fields);
    let unit = unit(&mut fields);
    let when = match fields.optional("when") {
        None => ManifestCondition::default(),
        Some(value) => {
            let at = fields.pointer_of("when");
            condition(value, &at, fields.problems())
        }
    };
    let format = format(&mut fields);
    let identity = identity(&mut fields, "identity");
    let artifact = artifact(&mut fields);
    let mut facts = facts.clone();
    if let Some(value) = fields.optional("facts") {
        let at = fields.pointer_of("facts");
        facts.extend(read_facts(value, &at, fields.problems()));
    }
    let schema = match fields.optional("schema") {
        None => None,
        Some(value) => {
            let at = fields.pointer_of("schema");
            let settings = &settings.values;
            schema_choice::Reader { folder, facts: &facts, settings }.read(value, &at, fields.problems())?
        }
    };
    let trust = trust::read(&mut fields);
    let capabilities = capabilities::read(&mut fields);
    let [permissions, not_permissions] =
        ["permissions", "not_permissions"].map(|name| pointer_patterns(&mut fields, name));
    let config_schema = plain_pointer(&mut fields, "config_schema");
    let list = list_form::read(&mut fields);
    let (rules, namespaces) = folder.rules_and_namespaces(&mut fields, false)?;
    fields.finish();
    let (Some(patterns), Some(identity)) = (patterns, identity) else { return Ok(None) };
    if format.is_none() {
        for pattern in patterns.iter().filter(|pattern| format_of_pattern(pattern).is_none()) {
            let message = format!("the format of `{}` is unknown: add `format`", pattern.as_str());
            problems.push(problem(&format!("{at}/format"), value, &message));
        }
    }
    Ok(Some(Dialect {
        pack: pack.into(),
        patterns,
        unit,
        when,
        format,
        identity,
        artifact,
        schema,
        rules,
        namespaces,
        trust,
        capabilities,
        permissions,
        not_permissions,
        config_schema,
        list,
        facts,
        settings: settings.values.clone(),
        setting_values: settings.allowed.clone(),
        origin: folder.source().origin(value),
    }))
}

fn format_of_pattern(pattern: &Pattern) -> Option<Format> {
    Format::of_path(&snapshot::RepoPath::from(pattern.as_str()))
}

/// Reads `match`: a pattern, or a list of them.
fn patterns(fields: &mut Fields<'_, '_>) -> Option<Vec<Pattern>> {
    let value = fields.required("match")?;
    let at = fields.pointer_of("match");
    let mut found = Vec::new();
    for (inside, one) in one_or_more(value) {
        let message = match one.as_str().map(Pattern::new) {
            Some(Ok(pattern)) => {
                found.push(pattern);
                continue;
            }
            Some(Err(error)) => error.to_string(),
            None => "expected a path pattern".into(),
        };
        fields.problems().push(problem(&format!("{at}{inside}"), one, &message));
    }
    if found.is_empty() || found.len() > MAX_LISTED {
        fields.problem(
            "match",
            value.span.clone(),
            format!("expected from 1 to {MAX_LISTED} path patterns"),
            None,
        );
        return None;
    }
    Some(found)
}

fn unit(fields: &mut Fields<'_, '_>) -> Unit {
    match fields.optional_str("unit") {
        None | Some(("file", _)) => Unit::File,
        Some(("folder", _)) => Unit::Directory,
        Some((_, value)) => {
            fields.problem("unit", value.span.clone(), "expected `file` or `folder`", None);
            Unit::File
        }
    }
}

/// Reads a condition on a manifest and on the files beside it.
fn condition(value: &Value, at: &str, problems: &mut Vec<Problem>) -> ManifestCondition {
    let Some(mut fields) = Fields::of(value, at, problems) else { return ManifestCondition::default() };
    let [keys, missing] = ["keys", "missing"].map(|name| plain_pointers(&mut fields, name));
    let [absent, present] = ["absent", "present"].map(|name| file_names(&mut fields, name));
    fields.finish();
    ManifestCondition { keys, missing, absent, present }
}

/// Reads a list of names of files beside the manifest.
fn file_names(fields: &mut Fields<'_, '_>, name: &'static str) -> Vec<String> {
    let mut found = Vec::new();
    for value in fields.optional_list(name).unwrap_or_default().iter().take(MAX_LISTED) {
        match value
            .as_str()
            .filter(|text| !text.is_empty() && !text.contains('/') && !matches!(*text, "." | ".."))
        {
            Some(text) => found.push(text.to_string()),
            None => fields.problem(
                name,
                value.span.clone(),
                "expected the name of a file beside the manifest",
                None,
            ),
        }
    }
    found
}

/// Reads where an identity is: a pointer, `dirname`, `stem`, or a list of them.
fn identity(fields: &mut Fields<'_, '_>, name: &'static str) -> Option<Vec<IdentitySource>> {
    let value = fields.required(name)?;
    let mut found = Vec::new();
    for (_, one) in one_or_more(value) {
        let source = match one.as_str() {
            Some("dirname") => Ok(IdentitySource::DirectoryName),
            Some("stem") => Ok(IdentitySource::FileStem),
            Some(text) => match pointer::fault(text) {
                None => Ok(IdentitySource::Field(text.into())),
                Some(message) => Err(message),
            },
            None => Err("expected a JSON pointer, `dirname` or `stem`"),
        };
        match source {
            Ok(source) => found.push(source),
            Err(message) => fields.problem(name, one.span.clone(), message, None),
        }
    }
    Some(found).filter(|found| !found.is_empty())
}

fn artifact(fields: &mut Fields<'_, '_>) -> Option<DialectArtifact> {
    let value = fields.optional("artifact")?;
    let at = fields.pointer_of("artifact");
    let mut fields = Fields::of(value, &at, fields.problems())?;
    let identity = identity(&mut fields, "identity");
    let version = plain_pointer(&mut fields, "version");
    let owner = match fields.optional_str("owner") {
        None | Some(("card", _)) => None,
        Some((text, value)) => match pointer::fault(text) {
            None => Some(text.to_string()),
            Some(_) => {
                fields.problem("owner", value.span.clone(), "expected a JSON pointer or `card`", None);
                None
            }
        },
    };
    fields.finish();
    Some(DialectArtifact { identity: identity?, version, owner })
}

/// Reads facts by name.
fn read_facts(value: &Value, at: &str, problems: &mut Vec<Problem>) -> BTreeMap<String, Fact> {
    let Some(map) = value.as_map().filter(|map| map.len() <= MAX_FACTS) else {
        let message = format!("expected a mapping from at most {MAX_FACTS} names to facts");
        problems.push(problem(at, value, &message));
        return BTreeMap::new();
    };
    let mut found = BTreeMap::new();
    for entry in map.entries() {
        let at = format!("{at}/{}", escape(&entry.key.name));
        match entry.value.as_str().map(Fact::parse) {
            Some(Ok(fact)) => {
                found.insert(entry.key.name.clone(), fact);
            }
            Some(Err(error)) => {
                let help = Fact::FORMS.map(|(name, _)| name).join(", ");
                let help = Some(format!("the facts are {help}"));
                problems.push(Problem { help, ..problem(&at, &entry.value, &error.to_string()) });
            }
            None => problems.push(problem(&at, &entry.value, "expected a fact, as in `same(/name)`")),
        }
    }
    found
}

/// Reads an optional pointer.
fn plain_pointer(fields: &mut Fields<'_, '_>, name: &'static str) -> Option<String> {
    let value = fields.optional(name)?;
    let at = fields.pointer_of(name);
    pointer::read(value, &at, fields.problems())
}

/// Reads an optional list of pointers.
fn plain_pointers(fields: &mut Fields<'_, '_>, name: &'static str) -> Vec<String> {
    let at = fields.pointer_of(name);
    let list = fields.optional_list(name).unwrap_or_default();
    list.iter().take(MAX_LISTED).filter_map(|value| pointer::read(value, &at, fields.problems())).collect()
}

/// Reads an optional pointer, or list of pointers, in which `*` matches one segment.
fn pointer_patterns(fields: &mut Fields<'_, '_>, name: &'static str) -> Vec<PointerPattern> {
    let Some(value) = fields.optional(name) else { return Vec::new() };
    let mut found = Vec::new();
    for (_, one) in one_or_more(value).into_iter().take(MAX_LISTED) {
        match one.as_str().ok_or("expected a JSON pointer, as in `/spec/version`").and_then(pointer::pattern)
        {
            Ok(pattern) => found.push(pattern),
            Err(message) => fields.problem(name, one.span.clone(), message, None),
        }
    }
    found
}

/// Returns the elements of a list with their pointers inside it, or the value itself.
fn one_or_more(value: &Value) -> Vec<(String, &Value)> {
    match value.as_list() {
        None => vec![(String::new(), value)],
        Some(list) => list.iter().enumerate().map(|(at, value)| (format!("/{at}"), value)).collect(),
    }
}

#[cfg(test)]
mod tests;
