//! The schemas of a dialect as packs write them: a file, a file for each value, or a list with conditions.

use std::collections::BTreeMap;

use artifact::{Fields, Problem, Value, escape};

use super::condition;
use crate::dialect::{Fact, ManifestCondition, PackSchema, SchemaChoice, SchemaCondition, SchemaKey};
use crate::error::Error;
use crate::load::pack::Folder;
use crate::load::pointer;
use crate::load::source::{nearest, problem};

/// The nesting of choices.
const MAX_CHOICE_DEPTH: usize = 3;
/// The versions or conditions of one choice.
const MAX_CHOICES: usize = 64;
/// How a pack names a setting where a pointer may be.
const SETTINGS: &str = "settings.";

/// Reads the schemas of a dialect.
pub(super) struct Reader<'r> {
    pub(super) folder: &'r Folder<'r>,
    pub(super) facts: &'r BTreeMap<String, Fact>,
    pub(super) settings: &'r BTreeMap<String, Value>,
}

impl Reader<'_> {
    /// Reads a choice; `None` where it has a problem.
    pub(super) fn read(
        &self,
        value: &Value,
        at: &str,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<SchemaChoice>, Error> {
        self.choice(value, at, 1, problems)
    }

    fn choice(
        &self,
        value: &Value,
        at: &str,
        depth: usize,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<SchemaChoice>, Error> {
        if depth > MAX_CHOICE_DEPTH {
            problems.push(problem(
                at,
                value,
                &format!("choices are nested deeper than {MAX_CHOICE_DEPTH} levels"),
            ));
            return Ok(None);
        }
        if let Some(inside) = value.as_str() {
            return self.file(inside, value, at, problems);
        }
        if let Some(list) = value.as_list() {
            return self.first(value, list, at, depth, problems);
        }
        self.by(value, at, depth, problems)
    }

    fn file(
        &self,
        inside: &str,
        value: &Value,
        at: &str,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<SchemaChoice>, Error> {
        let Some(text) = self.folder.file(inside)? else {
            problems.push(problem(at, value, &format!("file {inside} not found in the pack")));
            return Ok(None);
        };
        let (path, value) = (self.folder.path(inside), self.folder.parse(inside, &text)?);
        let files = self.folder.schema_files(&value)?;
        let pack = self.folder.path("").parent();
        Ok(Some(SchemaChoice::One(PackSchema { path, value, files, pack })))
    }

    fn first(
        &self,
        value: &Value,
        list: &[Value],
        at: &str,
        depth: usize,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<SchemaChoice>, Error> {
        if list.is_empty() || list.len() > MAX_CHOICES {
            problems.push(problem(at, value, &format!("expected from 1 to {MAX_CHOICES} schemas")));
            return Ok(None);
        }
        let mut found = Vec::new();
        for (position, entry) in list.iter().enumerate() {
            let at = format!("{at}/{position}");
            let Some(mut fields) = Fields::of(entry, &at, problems) else { continue };
            let when = fields.optional("when");
            let file = fields.required("file");
            let when = match when {
                None => Some(None),
                Some(value) => self.condition(value, &fields.pointer_of("when"), fields.problems()).map(Some),
            };
            let choice = match file {
                None => None,
                Some(file) => self.choice(file, &format!("{at}/file"), depth + 1, fields.problems())?,
            };
            fields.finish();
            found.extend(when.zip(choice));
        }
        Ok(Some(SchemaChoice::First(found)))
    }

    fn condition(&self, value: &Value, at: &str, problems: &mut Vec<Problem>) -> Option<SchemaCondition> {
        let Some(name) = value.as_str() else {
            let condition: ManifestCondition = condition(value, at, problems);
            return Some(SchemaCondition::Manifest(condition));
        };
        if self.facts.contains_key(name) {
            return Some(SchemaCondition::Fact(name.into()));
        }
        let names: Vec<&str> = self.facts.keys().map(String::as_str).collect();
        problems.push(problem(at, value, &format!("the pack has no fact `{name}`{}", nearest(name, &names))));
        None
    }

    fn by(
        &self,
        value: &Value,
        at: &str,
        depth: usize,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<SchemaChoice>, Error> {
        let key = value.get("by");
        let (Some(map), Some(key)) = (value.as_map(), key) else {
            let message =
                "expected a file of the pack, a mapping with `by`, or a list of conditions and files";
            problems.push(problem(at, value, message));
            return Ok(None);
        };
        let key = self.key(key, &format!("{at}/by"), problems);
        let mut versions = Vec::new();
        for entry in map.entries().filter(|entry| entry.key.name != "by").take(MAX_CHOICES) {
            let at = format!("{at}/{}", escape(&entry.key.name));
            let choice = self.choice(&entry.value, &at, depth + 1, problems)?;
            versions.extend(choice.map(|choice| (entry.key.name.clone(), choice)));
        }
        if map.len() < 2 {
            problems.push(problem(at, value, "expected at least one value with its schema beside `by`"));
        }
        Ok(key.filter(|_| !versions.is_empty()).map(|key| SchemaChoice::By { key, versions }))
    }

    fn key(&self, value: &Value, at: &str, problems: &mut Vec<Problem>) -> Option<SchemaKey> {
        let Some(name) = value.as_str().and_then(|text| text.strip_prefix(SETTINGS)) else {
            return pointer::read(value, at, problems).map(SchemaKey::Field);
        };
        if self.settings.contains_key(name) {
            return Some(SchemaKey::Setting(name.into()));
        }
        let names: Vec<&str> = self.settings.keys().map(String::as_str).collect();
        problems.push(problem(
            at,
            value,
            &format!("the pack has no setting `{name}`{}", nearest(name, &names)),
        ));
        None
    }
}
