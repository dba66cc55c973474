//! The files of a bundle, with the addresses and anchors of the schemas inside them.

use std::collections::BTreeMap;

use artifact::{Problem, Value};
use jsonschema::Draft;

use super::uri::{Uri, decode, scheme};
use super::walk::{Part, REFERENCES, anchors, walk};
use super::{FileProblem, MAX_BUNDLE_BYTES, MAX_BUNDLE_FILES, SchemaFiles};
use crate::draft;

/// A value of a file of the bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// The position of the file.
    pub(super) file: usize,
    /// The place in the file, a JSON pointer.
    pub(super) pointer: String,
    /// The name, of a dynamic reference.
    pub(super) dynamic: Option<String>,
}

/// The files of a bundle, and where every reference of theirs leads.
pub(super) struct Index<'f> {
    folder: &'f SchemaFiles<'f>,
    /// The files by their `$id`, computed on first use.
    by_id: Option<BTreeMap<Uri, Option<&'f str>>>,
    pub(super) draft: Draft,
    pub(super) files: Vec<(String, &'f Value)>,
    bytes: usize,
    resources: BTreeMap<Uri, (usize, String)>,
    anchors: BTreeMap<(Uri, String), (usize, String)>,
    /// How often each dynamic anchor occurs.
    pub(super) dynamic: BTreeMap<String, usize>,
    /// The targets by file and pointer of the reference.
    pub(super) targets: BTreeMap<(usize, String), Target>,
}

/// A reference of a file, before it is resolved.
struct Reference {
    keyword: &'static str,
    text: String,
    pointer: String,
    span: std::ops::Range<usize>,
    base: Uri,
}

impl<'f> Index<'f> {
    /// Reads a schema, and every file that it refers to.
    pub(super) fn read(
        path: &str,
        schema: &'f Value,
        folder: &'f SchemaFiles<'f>,
    ) -> Result<Index<'f>, FileProblem> {
        let draft = draft::of(schema).map_err(|problem| FileProblem { path: path.into(), problem })?;
        let mut index = Index {
            folder,
            by_id: None,
            draft,
            files: Vec::new(),
            bytes: 0,
            resources: BTreeMap::new(),
            anchors: BTreeMap::new(),
            dynamic: BTreeMap::new(),
            targets: BTreeMap::new(),
        };
        index.add(path, schema);
        let mut at = 0;
        while at < index.files.len() {
            for reference in index.references(at) {
                let target = index.resolve(at, &reference).map_err(|(message, help)| FileProblem {
                    path: index.files[at].0.clone(),
                    problem: Problem {
                        pointer: reference.pointer.clone(),
                        span: reference.span.clone(),
                        message,
                        help,
                    },
                })?;
                index.targets.insert((at, reference.pointer), target);
            }
            at += 1;
        }
        Ok(index)
    }

    fn add(&mut self, path: &str, value: &'f Value) {
        let file = self.files.len();
        let own = Uri::of_file(path);
        self.resources.entry(own.clone()).or_insert((file, String::new()));
        let draft = self.draft;
        let visited: Result<(), std::convert::Infallible> =
            walk(value, &own, draft, &mut |part: &Part<'_>| {
                if part.pointer == part.base_pointer {
                    let place = (file, part.pointer.clone());
                    self.resources.entry(part.base.clone()).or_insert(place);
                }
                for (name, is_dynamic) in anchors(part.value, draft) {
                    if is_dynamic {
                        *self.dynamic.entry(name.into()).or_default() += 1;
                    }
                    let key = (part.base.clone(), name.to_string());
                    self.anchors.entry(key).or_insert((file, part.pointer.clone()));
                }
                Ok(())
            });
        let Ok(()) = visited;
        self.bytes += value.span.end;
        self.files.push((path.into(), value));
    }

    fn references(&self, file: usize) -> Vec<Reference> {
        let mut found = Vec::new();
        let (path, value) = &self.files[file];
        let visited: Result<(), std::convert::Infallible> =
            walk(value, &Uri::of_file(path), self.draft, &mut |part: &Part<'_>| {
                for keyword in REFERENCES {
                    let value = part.value.get(keyword).filter(|value| value.as_str().is_some());
                    found.extend(value.map(|value| Reference {
                        keyword,
                        text: value.as_str().unwrap_or_default().into(),
                        pointer: format!("{}/{keyword}", part.pointer),
                        span: value.span.clone(),
                        base: part.base.clone(),
                    }));
                }
                Ok(())
            });
        let Ok(()) = visited;
        found
    }

    /// Finds the target of a reference; the error is a message and how to fix it.
    fn resolve(&mut self, file: usize, reference: &Reference) -> Result<Target, (String, Option<String>)> {
        let text = crate::messages::short(&reference.text);
        let no_target = |reason: &str| format!("reference {text} has no target{reason}");
        let (address, fragment) = reference.text.split_once('#').unwrap_or((&reference.text, ""));
        let fragment = decode(fragment).ok_or_else(|| (no_target(": its fragment is invalid"), None))?;
        let (target, base_pointer, uri) = self.resource(file, &reference.base, address, &text)?;
        let (path, value) = &self.files[target];
        let pointer = if fragment.is_empty() || fragment.starts_with('/') {
            format!("{base_pointer}{fragment}")
        } else {
            match self.anchors.get(&(uri, fragment.clone())) {
                Some((_, pointer)) => pointer.clone(),
                None => return Err((no_target(&format!(": {path} has no anchor {fragment}")), None)),
            }
        };
        if value.pointer(&pointer).is_none() {
            let shown = crate::messages::short(&pointer);
            let reason = if target == file {
                " inside this schema".into()
            } else {
                format!(": {path} has no value at {shown}")
            };
            return Err((no_target(&reason), None));
        }
        let dynamic = match reference.keyword {
            "$dynamicRef" => Some(fragment),
            "$recursiveRef" => Some(String::new()),
            _ => None,
        };
        Ok(Target { file: target, pointer, dynamic })
    }

    /// Finds the file and the place of an address.
    fn resource(
        &mut self,
        file: usize,
        base: &Uri,
        address: &str,
        text: &str,
    ) -> Result<(usize, String, Uri), (String, Option<String>)> {
        let own = Uri::of_file(&self.files[file].0);
        let resolved = base.resolve(address);
        // Where an `$id` names another place than the file, a relative reference may still mean the file beside it.
        let beside = if scheme(address).is_none() { own.resolve(address) } else { None };
        let below = resolved.as_ref().and_then(|uri| own.resolve(base.path_down_to(uri)?));
        for uri in [resolved.as_ref(), beside.as_ref(), below.as_ref()].into_iter().flatten() {
            if let Some((at, pointer)) = self.resources.get(uri) {
                return Ok((*at, pointer.clone(), uri.clone()));
            }
            if let Some(path) = self.file_at(uri) {
                self.open(&path, text)?;
                let place = self.resources.get(uri).or_else(|| self.resources.get(&Uri::of_file(&path)));
                let (at, pointer) = place.cloned().unwrap_or((self.files.len() - 1, String::new()));
                return Ok((at, pointer, uri.clone()));
            }
        }
        let in_folder = beside.as_ref().and_then(Uri::file);
        let is_outside = scheme(address).is_none() && !address.starts_with("//");
        let help = (!self.folder.is_empty())
            .then(|| format!("refer to {}: no other file is read", self.folder.scope()));
        let reason = match in_folder {
            _ if self.folder.is_empty() => " inside this schema".into(),
            Some(path) => {
                format!(": {} is not one of {}", crate::messages::short(&path), self.folder.scope())
            }
            None if is_outside => format!(": it leads outside, and only {} are read", self.folder.scope()),
            None => " inside this schema".into(),
        };
        Err((format!("reference {text} has no target{reason}"), help))
    }

    /// Returns the path of the file with an address: by its place in the folder, or its `$id`.
    fn file_at(&mut self, uri: &Uri) -> Option<String> {
        if let Some(path) = uri.file().filter(|path| self.folder.get(path).is_some()) {
            return Some(path);
        }
        let folder = self.folder;
        let by_id = self.by_id.get_or_insert_with(|| folder.by_id());
        by_id.get(uri).copied().flatten().map(String::from)
    }

    /// Adds a file of the folder to the bundle.
    fn open(&mut self, path: &str, text: &str) -> Result<(), (String, Option<String>)> {
        let Some(Some(value)) = self.folder.get(path) else {
            return Err((format!("reference {text} leads to {path}, which cannot be read"), None));
        };
        let split = "combine files, or refer to fewer of them".to_string();
        if self.files.len() == MAX_BUNDLE_FILES {
            let message = format!("the schema refers to more than {} other files", MAX_BUNDLE_FILES - 1);
            return Err((message, Some(split)));
        }
        if self.bytes + value.span.end > MAX_BUNDLE_BYTES {
            let message = format!(
                "the schema and the files that it refers to are larger than {MAX_BUNDLE_BYTES} bytes"
            );
            return Err((message, Some(split)));
        }
        if value.get("$schema").is_some() {
            let other = draft::of(value).map_err(|problem| (problem.message, problem.help))?;
            if other != self.draft {
                let (own, other) = (draft::name(self.draft), draft::name(other));
                let message =
                    format!("reference {text} leads to a schema of {other}, but this one is of {own}");
                return Err((message, Some("use one `$schema` in both files".into())));
            }
        }
        self.add(path, value);
        Ok(())
    }
}
