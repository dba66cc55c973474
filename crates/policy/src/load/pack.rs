//! The directory of a pack: its manifest, and the schemas, rules and data that check its documents.

use std::collections::BTreeMap;

use artifact::layout::PACK;
use artifact::{Fields, Limits, Problem, Syntax, Value, content, embedded, parse};
use diagnostic::{CheckError, Location};
use snapshot::fold::fold;
use snapshot::{Entry, Memory, Mode, Node, RepoPath, Snapshot};

use super::PACKS;
use super::pin::PackPin;
use super::rego_files;
use super::schema_files;
use super::source::{Source, find, read};
use crate::Pattern;
use crate::error::Error;
use crate::pack::{Pack, PackDocument};
use crate::waiver::Date;

/// The directory of a pack, with its manifest still unparsed.
pub(super) struct Folder<'l> {
    copy: Copy<'l>,
    directory: RepoPath,
    /// The text of `pack.yaml`.
    pub(super) text: Vec<u8>,
}

/// Rego files, path and text, and the packages in them that are queried.
pub(super) type RulesAndNamespaces = (Vec<(RepoPath, String)>, Vec<String>);

/// The origin of the copy.
enum Copy<'l> {
    Own(&'l dyn Snapshot),
    Embedded(Memory),
}

impl<'l> Folder<'l> {
    /// Finds a pack: the copy of the repository, else the embedded one.
    pub(super) fn find(snapshot: Option<&'l dyn Snapshot>, name: &str) -> Result<Option<Folder<'l>>, Error> {
        let directory = RepoPath::from(PACKS).join(name.as_bytes());
        let path = format!("{PACKS}/{name}/{PACK}");
        if let Some(own) = snapshot {
            if let Some(text) = read(own, &path)? {
                return Ok(Some(Folder { copy: Copy::Own(own), directory, text }));
            }
            if let Some(found) = almost_named(own, name)? {
                return Err(without_manifest(name, &found).into());
            }
        }
        let Some(memory) = embedded::pack(name) else { return Ok(None) };
        let text = read(&memory, &path)?.unwrap_or_default();
        Ok(Some(Folder { copy: Copy::Embedded(memory), directory, text }))
    }

    fn snapshot(&self) -> &dyn Snapshot {
        match &self.copy {
            Copy::Own(snapshot) => *snapshot,
            Copy::Embedded(memory) => memory,
        }
    }

    fn embedded(&self) -> bool {
        matches!(self.copy, Copy::Embedded(_))
    }

    /// Returns the manifest of the pack.
    pub(super) fn source(&self) -> Source<'_> {
        Source { path: self.directory.join(PACK.as_bytes()), text: &self.text, embedded: self.embedded() }
    }

    fn unreadable(&self, source: snapshot::Error) -> Error {
        Error::Read { what: "pack", path: self.directory.clone(), source }
    }

    /// Computes the digest of the directory.
    fn digest(&self) -> Result<String, Error> {
        let failed = |source| self.unreadable(source);
        let node = self.snapshot().find(&self.directory).map_err(failed)?;
        let missing = || CheckError {
            message: "the directory of the pack is missing".into(),
            help: None,
            location: Some(Location::of(&self.directory)),
        };
        let node = node.ok_or_else(missing)?;
        Ok(content::digest(self.snapshot(), &node).map_err(failed)?.hex())
    }

    /// Verifies a pack against the pinned version and digest, and reads its identification.
    pub(super) fn pack(
        &self,
        pin: &PackPin,
        place: Option<&Location>,
        fields: &mut Fields<'_, '_>,
    ) -> Result<Option<Pack>, Error> {
        let mismatch = |message: String, help: &str| {
            Err(CheckError { message, help: Some(help.into()), location: place.cloned() }.into())
        };
        let name = &pin.name;
        let sha256 = self.digest()?;
        if let Some(expected) = pin.sha256.as_ref().filter(|expected| **expected != sha256) {
            return mismatch(
                format!("pack `{name}` has SHA-256 {sha256}, but the policy pins {expected}"),
                "a published pack never changes: restore it, or pin its new version (id-guard policy pin)",
            );
        }
        let own_name = fields.required_str("name");
        let own_version = fields.required_str("version");
        let released = fields.optional_str("released");
        for name in ["summary", "ulid", "key", "status", "owner"] {
            fields.optional_str(name);
        }
        fields.optional_list("aliases");
        if let Some((found, value)) = own_name.filter(|(found, _)| found != name) {
            let message = format!("pack name `{found}` does not match its directory `{name}`");
            fields.problem("name", value.span.clone(), message, None);
        }
        if let Some((text, value)) = released.filter(|(text, _)| Date::parse(text).is_none()) {
            let message = format!("`{text}` is not a valid date, written \"YYYY-MM-DD\"");
            fields.problem("released", value.span.clone(), message, None);
        }
        let Some((version, value)) = own_version else { return Ok(None) };
        if semver::Version::parse(version).is_err() {
            let message = format!("`{version}` is not a valid version (SemVer 2.0.0)");
            fields.problem("version", value.span.clone(), message, None);
        }
        if let Some(pinned) = pin.version.as_ref().filter(|pinned| *pinned != version) {
            return mismatch(
                format!("pack `{name}` has version {version}, but the policy pins {pinned}"),
                "pin the version in the repository: id-guard policy pin",
            );
        }
        Ok(Some(Pack {
            name: name.clone(),
            version: version.into(),
            released: released.map(|(text, _)| text.into()),
            sha256,
            embedded: self.embedded(),
            documents: Vec::new(),
            dialects: Vec::new(),
        }))
    }

    /// Reads an entry of `documents`.
    pub(super) fn document(
        &self,
        value: &Value,
        pointer: &str,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<PackDocument>, Error> {
        let source = self.source();
        let Some(mut fields) = Fields::of(value, pointer, problems) else { return Ok(None) };
        let pattern = fields.required_str("match");
        let schema = fields.optional_str("schema");
        let data = fields.optional_list("data").unwrap_or_default();
        let combine = match fields.optional("combine") {
            None => false,
            Some(value) => value.as_bool().unwrap_or_else(|| {
                fields.problem("combine", value.span.clone(), "expected `true` or `false`", None);
                false
            }),
        };
        let pattern = pattern.and_then(|(text, value)| {
            let pattern = Pattern::new(text);
            if let Err(error) = &pattern {
                fields.problem("match", value.span.clone(), error.to_string(), None);
            }
            pattern.ok()
        });
        let missing = |fields: &mut Fields<'_, '_>, name: &'static str, value: &Value, inside: &str| {
            let message = format!("file {inside} not found in the pack");
            fields.problem(name, value.span.clone(), message, None);
        };
        let mut contract = None;
        if let Some((inside, value)) = schema {
            match self.file(inside)? {
                Some(text) => contract = Some((self.path(inside), self.parse(inside, &text)?)),
                None => missing(&mut fields, "schema", value, inside),
            }
        }
        let schema_files = match &contract {
            Some((_, value)) => self.schema_files(value)?,
            None => BTreeMap::new(),
        };
        let mut known = Vec::new();
        for value in data {
            let Some(inside) = value.as_str() else {
                fields.problem("data", value.span.clone(), "expected the path of a file of the pack", None);
                continue;
            };
            match self.file(inside)? {
                Some(text) => known.push((self.path(inside), self.parse(inside, &text)?)),
                None => missing(&mut fields, "data", value, inside),
            }
        }
        let (sources, namespaces) = self.rules_and_namespaces(&mut fields, schema.is_some())?;
        if contract.is_none() && sources.is_empty() {
            let message = "no schema or rules for these documents: add `schema` or `rules`";
            fields.problem("match", value.span.clone(), message, None);
        }
        fields.finish();
        Ok(pattern.map(|pattern| PackDocument {
            pattern,
            schema: contract,
            schema_files,
            rules: sources,
            namespaces,
            data: known,
            combine,
            origin: source.origin(value),
        }))
    }

    /// Reads the fields `rules` and `namespaces`: the Rego files, by default all of the pack unless they are optional, and their packages.
    pub(super) fn rules_and_namespaces(
        &self,
        fields: &mut Fields<'_, '_>,
        is_optional: bool,
    ) -> Result<RulesAndNamespaces, Error> {
        let rules = fields.optional_list("rules");
        let namespaces = fields.optional_list("namespaces");
        for value in namespaces.unwrap_or_default().iter().filter(|value| value.as_str().is_none()) {
            fields.problem("namespaces", value.span.clone(), "expected the name of a Rego package", None);
        }
        let mut sources = Vec::new();
        let available = if rules.is_some() || !is_optional { self.rules()? } else { Vec::new() };
        for value in rules.unwrap_or_default() {
            let matches =
                |pattern: &Pattern| available.iter().any(|(inside, _)| pattern.matches(inside.as_bytes()));
            let exists = value
                .as_str()
                .and_then(|text| Pattern::new(text).ok())
                .is_some_and(|pattern| matches(&pattern));
            if !exists {
                let message = format!("no rule files of the pack match {}", value.show());
                fields.problem(
                    "rules",
                    value.span.clone(),
                    message,
                    Some("rules are *.rego files below rules/, except *_test.rego".into()),
                );
            }
        }
        for (inside, text) in available {
            let is_selected = |value: &Value| {
                let pattern = value.as_str().and_then(|text| Pattern::new(text).ok());
                pattern.is_some_and(|pattern| pattern.matches(inside.as_bytes()))
            };
            if rules.is_none_or(|rules| rules.iter().any(is_selected)) {
                sources.push((self.path(&inside), text));
            }
        }
        let names = |list: &[Value]| list.iter().filter_map(Value::as_str).map(String::from).collect();
        // The default of conftest.
        Ok((sources, namespaces.map_or_else(|| vec!["main".into()], names)))
    }

    /// Lists the Rego files of `rules/` except tests, with their content.
    fn rules(&self) -> Result<Vec<(String, String)>, Error> {
        let files = self.rego("rules")?;
        Ok(files.into_iter().filter(|(inside, _)| !inside.ends_with("_test.rego")).collect())
    }

    /// Lists the Rego files of a directory of the pack, with their content, in order.
    pub(super) fn rego(&self, folder: &str) -> Result<Vec<(String, String)>, Error> {
        rego_files::list(self.snapshot(), &self.directory, folder)
    }

    /// Reads the files of the pack that a schema may refer to.
    pub(super) fn schema_files(&self, schema: &Value) -> Result<BTreeMap<String, Option<Value>>, Error> {
        schema_files::read(self.snapshot(), &self.directory, schema)
    }

    /// Returns the path of a file of the pack.
    pub(super) fn path(&self, inside: &str) -> RepoPath {
        RepoPath::new([self.directory.as_bytes(), b"/", inside.as_bytes()].concat())
    }

    /// Reads a file of the pack; `None` for a path that leaves its directory.
    pub(super) fn file(&self, inside: &str) -> Result<Option<Vec<u8>>, Error> {
        let stays = inside.split('/').all(|part| !matches!(part, "" | "." | ".."));
        let Some(path) = std::str::from_utf8(self.path(inside).as_bytes()).ok().map(String::from) else {
            return Ok(None);
        };
        if stays { read(self.snapshot(), &path) } else { Ok(None) }
    }

    pub(super) fn parse(&self, inside: &str, text: &[u8]) -> Result<Value, Error> {
        let path = self.path(inside);
        let syntax = Syntax::of_path(&path).unwrap_or(Syntax::Yaml);
        parse(syntax, text, &Limits::default()).map_err(|error| {
            Error::from(CheckError {
                message: error.message,
                help: error.help,
                location: Some(Location::at(&path, text, error.span)),
            })
        })
    }
}

/// Finds what is in the place of a missing pack: no directory, or one with a manifest of almost the right name, in any case. A directory
/// of the embedded pack may contain copies of its schemas alone.
fn almost_named(snapshot: &dyn Snapshot, name: &str) -> Result<Option<Node>, Error> {
    let path = RepoPath::from(PACKS).join(name.as_bytes());
    let Some(folder) = find(snapshot, &path.parent())?.filter(|node| node.object.mode == Mode::Directory)
    else {
        return Ok(None);
    };
    for node in list(snapshot, &folder)? {
        if *fold(node.path.name()) != *path.name() {
            continue;
        }
        if node.object.mode != Mode::Directory {
            return Ok(Some(node));
        }
        let manifest =
            list(snapshot, &node)?.into_iter().find(|inside| fold(inside.path.name()).starts_with(b"pack."));
        if manifest.is_some() {
            return Ok(manifest);
        }
    }
    Ok(None)
}

fn list(snapshot: &dyn Snapshot, directory: &Node) -> Result<Vec<Node>, Error> {
    let failed = |source| Error::Read { what: "pack", path: directory.path.clone(), source };
    let node = |entry: Entry<'_>| Node { path: directory.path.join(entry.name), object: entry.object };
    Ok(snapshot.list(directory).map_err(failed)?.iter().map(node).collect())
}

fn without_manifest(name: &str, found: &Node) -> CheckError {
    CheckError {
        message: format!("pack `{name}` has no file {PACKS}/{name}/{PACK}"),
        help: Some("add the manifest under exactly this name, or remove what is in its place".into()),
        location: Some(Location::of(&found.path)),
    }
}
