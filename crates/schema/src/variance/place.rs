//! Places in the two compared schemas: the position of a subschema, and the targets of its references.

use std::collections::BTreeMap;

use artifact::{Kind, Map, Value};

use crate::bundle::decode;

/// The nesting of a value with a pointer; the limits of readers are far lower.
const MAX_POINTER_DEPTH: usize = 256;

/// Which of the two schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Old,
    New,
}

/// A value of one of the two schemas, identified by its address; its pointer is computed only for messages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'v> {
    pub(super) side: Side,
    pub(super) value: &'v Value,
}

impl<'v> Place<'v> {
    /// Returns the identity of this value among those of both schemas.
    pub(super) fn id(self) -> usize {
        std::ptr::from_ref(self.value) as usize
    }

    /// Returns another value of the same schema.
    pub(super) fn at(self, value: &'v Value) -> Place<'v> {
        Place { side: self.side, value }
    }

    pub(super) fn map(self) -> Option<&'v Map> {
        self.value.as_map()
    }

    /// Returns the value of a keyword.
    pub(super) fn get(self, keyword: &str) -> Option<Place<'v>> {
        Some(self.at(self.map()?.get(keyword)?))
    }

    /// Returns the elements of a keyword with an array.
    pub(super) fn list(self, keyword: &str) -> Vec<Place<'v>> {
        let list = self.get(keyword).and_then(|place| place.value.as_list()).unwrap_or_default();
        list.iter().map(|value| self.at(value)).collect()
    }

    /// Returns the entries of a keyword with an object.
    pub(super) fn entries(self, keyword: &str) -> Vec<(&'v str, Place<'v>)> {
        let map = self.get(keyword).and_then(Place::map);
        let entries = map.into_iter().flat_map(Map::entries);
        entries.map(|entry| (entry.key.name.as_str(), self.at(&entry.value))).collect()
    }

    /// Returns the strings of a keyword with an array.
    pub(super) fn names(self, keyword: &str) -> Vec<(&'v str, Place<'v>)> {
        let names = self.list(keyword).into_iter();
        names.filter_map(|place| Some((place.value.as_str()?, place))).collect()
    }
}

/// One of the two schemas as a whole.
pub(super) struct Document<'v> {
    pub(super) root: &'v Value,
    /// The number of values.
    pub(super) values: usize,
    /// The value with each anchor; `None` for a duplicate anchor.
    anchors: BTreeMap<&'v str, Option<&'v Value>>,
    /// Whether a part has its own `$id`, to which references inside it are relative.
    has_inner_id: bool,
}

impl<'v> Document<'v> {
    pub(super) fn new(root: &'v Value) -> Document<'v> {
        let mut document = Document { root, values: 0, anchors: BTreeMap::new(), has_inner_id: false };
        let mut rest = vec![root];
        while let Some(value) = rest.pop() {
            document.values += 1;
            match &value.kind {
                Kind::List(list) => rest.extend(list),
                Kind::Map(map) => {
                    for keyword in ["$anchor", "$dynamicAnchor"] {
                        if let Some(name) = map.get(keyword).and_then(Value::as_str) {
                            let seen = document.anchors.entry(name).or_insert(Some(value));
                            *seen = seen.filter(|seen| std::ptr::eq(*seen, value));
                        }
                    }
                    let has_id = map.get("$id").is_some_and(|id| id.as_str().is_some());
                    document.has_inner_id |= has_id && !std::ptr::eq(value, root);
                    rest.extend(map.entries().map(|entry| &entry.value));
                }
                _ => {}
            }
        }
        document
    }

    /// Returns the target of a reference (JSON Schema Core 2020-12 §8.2), if it can be determined.
    ///
    /// A `$dynamicRef` has the target of a `$ref`: the only schema resource has a single scope (§8.2.3.2).
    pub(super) fn resolve(&self, reference: &str) -> Option<&'v Value> {
        let fragment = decode(reference.strip_prefix('#')?)?;
        if self.has_inner_id {
            return None;
        }
        if fragment.is_empty() || fragment.starts_with('/') {
            return self.root.pointer(&fragment);
        }
        *self.anchors.get(fragment.as_str())?
    }

    /// Returns the JSON pointer (RFC 6901) of a value.
    pub(super) fn pointer_of(&self, value: &Value) -> Option<String> {
        let mut steps = Vec::new();
        find(self.root, value, &mut steps).then(|| {
            let steps = steps.iter().rev();
            steps.map(|step| format!("/{}", artifact::escape(step))).collect()
        })
    }
}

/// Finds a value by its address, and collects the steps to it in reverse.
fn find(part: &Value, value: &Value, steps: &mut Vec<String>) -> bool {
    fn walk(part: &Value, value: &Value, steps: &mut Vec<String>, depth: usize) -> bool {
        if std::ptr::eq(part, value) {
            return true;
        }
        if depth == MAX_POINTER_DEPTH {
            return false;
        }
        let step = match &part.kind {
            Kind::List(list) => {
                list.iter().position(|part| walk(part, value, steps, depth + 1)).map(|at| at.to_string())
            }
            Kind::Map(map) => map
                .entries()
                .find(|entry| walk(&entry.value, value, steps, depth + 1))
                .map(|entry| entry.key.name.clone()),
            _ => None,
        };
        steps.extend(step.clone());
        step.is_some()
    }
    walk(part, value, steps, 0)
}
