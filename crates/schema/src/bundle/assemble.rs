//! Builds the one schema of a bundle.

use std::ops::Range;

use artifact::{Key, Kind, Map, MapEntry, Problem, Value, escape};
use jsonschema::Draft;

use super::index::{Index, Target};
use super::uri::fragment;
use super::walk::{DATA, NAMED, REFERENCES};
use super::{Bundle, BundledFile, FileProblem, SchemaFiles};

/// Keywords that give a schema a name: every reference becomes a pointer, and the names of two files could collide.
const NAMES: [&str; 4] = ["$id", "$anchor", "$dynamicAnchor", "$recursiveAnchor"];

/// Bundles a schema with the files that it refers to.
pub(super) fn assemble(path: &str, schema: &Value, folder: &SchemaFiles<'_>) -> Result<Bundle, FileProblem> {
    let index = Index::read(path, schema, folder)?;
    let container = match index.draft {
        Draft::Draft4 | Draft::Draft6 | Draft::Draft7 => "definitions",
        _ => "$defs",
    };
    let own = schema.get(container).and_then(Value::as_map).cloned().unwrap_or_default();
    let (mut parts, mut offset) = (Vec::new(), 0);
    for (at, (path, value)) in index.files.iter().enumerate() {
        let mut name = path.clone();
        while own.get(&name).is_some() {
            name.push('\'');
        }
        let prefix = if at == 0 { String::new() } else { format!("/{container}/{}", escape(&name)) };
        parts.push((BundledFile { path: path.clone(), prefix, offset }, name));
        offset += value.span.end + 1;
    }
    let mut files = Vec::new();
    for (at, (_, value)) in index.files.iter().enumerate() {
        files.push(Rewrite { index: &index, parts: &parts, file: at }.schema(value, String::new())?);
    }
    let root = files.remove(0);
    let added = parts.iter().skip(1).zip(files).map(|((part, name), value)| MapEntry {
        key: Key { name: name.clone(), span: part.offset..part.offset },
        value,
    });
    let schema = with_files(&root, container, added.collect(), offset);
    Ok(Bundle { schema, parts: parts.into_iter().map(|(part, _)| part).collect() })
}

/// Returns the schema with files added to a container; its span covers theirs.
fn with_files(root: &Value, container: &str, added: Vec<MapEntry>, end: usize) -> Value {
    let Some(map) = root.as_map().filter(|_| !added.is_empty()) else { return root.clone() };
    let before = map.get(container);
    let own = before.and_then(Value::as_map).into_iter().flat_map(Map::entries).cloned();
    let start = before.map_or(root.span.end, |value| value.span.start);
    let all = Value::new(Kind::Map(own.chain(added).collect()), start..end);
    Value::new(Kind::Map(map.with(container, all)), root.span.clone())
}

/// Rewrites a file of a bundle.
struct Rewrite<'r> {
    index: &'r Index<'r>,
    parts: &'r [(BundledFile, String)],
    file: usize,
}

impl Rewrite<'_> {
    fn schema(&self, value: &Value, pointer: String) -> Result<Value, FileProblem> {
        let Some(map) = value.as_map() else { return Ok(self.shifted(value)) };
        let mut entries = Vec::new();
        for entry in map.entries() {
            let (name, value) = (entry.key.name.as_str(), &entry.value);
            let at = format!("{pointer}/{}", escape(name));
            let mut add = |name: &str, value: Value| {
                let key = Key { name: name.into(), span: self.shift(&entry.key.span) };
                entries.push(MapEntry { key, value });
            };
            match &value.kind {
                Kind::String(_) if REFERENCES.contains(&name) => {
                    if let Some(target) = self.index.targets.get(&(self.file, at.clone())) {
                        let prefix = &self.parts[target.file].0.prefix;
                        let text = fragment(&format!("{prefix}{}", target.pointer));
                        if name != "$ref" {
                            self.check_dynamic(map, target, value, &at)?;
                        }
                        add("$ref", Value::new(Kind::String(text), self.shift(&value.span)));
                    } else {
                        add(name, self.shifted(value));
                    }
                }
                Kind::String(_) | Kind::Bool(_) if NAMES.contains(&name) => {}
                Kind::String(_) if name == "id" && self.index.draft == Draft::Draft4 => {}
                Kind::String(_) if name == "$schema" && (self.file > 0 || !pointer.is_empty()) => {}
                _ if DATA.contains(&name) => add(name, self.shifted(value)),
                Kind::Map(names) if NAMED.contains(&name) => {
                    let mut inner = Vec::new();
                    for entry in names.entries() {
                        let key = Key { name: entry.key.name.clone(), span: self.shift(&entry.key.span) };
                        let at = format!("{at}/{}", escape(&entry.key.name));
                        inner.push(MapEntry { key, value: self.schema(&entry.value, at)? });
                    }
                    let map = inner.into_iter().collect();
                    add(name, Value::new(Kind::Map(map), self.shift(&value.span)));
                }
                Kind::Map(_) => add(name, self.schema(value, at)?),
                Kind::List(list) => {
                    let items = list.iter().enumerate();
                    let items = items.map(|(position, value)| self.schema(value, format!("{at}/{position}")));
                    let items = items.collect::<Result<_, _>>()?;
                    add(name, Value::new(Kind::List(items), self.shift(&value.span)));
                }
                _ => add(name, self.shifted(value)),
            }
        }
        Ok(Value::new(Kind::Map(entries.into_iter().collect()), self.shift(&value.span)))
    }

    /// Refuses a dynamic reference that is not the same as a plain one: its target would depend on the evaluation.
    fn check_dynamic(
        &self,
        map: &Map,
        target: &Target,
        value: &Value,
        pointer: &str,
    ) -> Result<(), FileProblem> {
        let name = target.dynamic.as_deref().unwrap_or_default();
        let is_single = self.index.dynamic.get(name).is_none_or(|count| *count == 1);
        if is_single && map.get("$ref").is_none() {
            return Ok(());
        }
        let message = "dynamic references are not supported in a schema of several files".to_string();
        let (pointer, span) = (pointer.to_string(), value.span.clone());
        let problem = Problem { pointer, span, message, help: Some("use `$ref` with a JSON pointer".into()) };
        Err(FileProblem { path: self.parts[self.file].0.path.clone(), problem })
    }

    fn shift(&self, span: &Range<usize>) -> Range<usize> {
        let offset = self.parts[self.file].0.offset;
        span.start + offset..span.end + offset
    }

    /// Returns a value with its spans shifted.
    fn shifted(&self, value: &Value) -> Value {
        let kind = match &value.kind {
            Kind::List(list) => Kind::List(list.iter().map(|value| self.shifted(value)).collect()),
            Kind::Map(map) => Kind::Map(map.map_values(|_, value| self.shifted(value))),
            kind => kind.clone(),
        };
        Value { kind, span: self.shift(&value.span), notation: value.notation.clone() }
    }
}
