//! Places in the two schemas that are compared: where a subschema stands, and where its references lead.

use std::collections::BTreeMap;

use artifact::{Kind, Map, Value};

/// The deepest value that a pointer is told for; what is read from files stays far above it.
const DEEPEST: usize = 256;

/// Which of the two schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Old,
    New,
}

/// A value of one of the two schemas. Its address is its identity: where it stands is looked up only to be told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'v> {
    pub(super) side: Side,
    pub(super) value: &'v Value,
}

impl<'v> Place<'v> {
    /// What tells this value from every other of both schemas.
    pub(super) fn id(self) -> usize {
        std::ptr::from_ref(self.value) as usize
    }

    /// Another value of the same schema.
    pub(super) fn at(self, value: &'v Value) -> Place<'v> {
        Place { side: self.side, value }
    }

    pub(super) fn map(self) -> Option<&'v Map> {
        self.value.as_map()
    }

    /// What stands under a keyword.
    pub(super) fn get(self, keyword: &str) -> Option<Place<'v>> {
        Some(self.at(self.map()?.get(keyword)?))
    }

    /// The elements of the list under a keyword.
    pub(super) fn list(self, keyword: &str) -> Vec<Place<'v>> {
        let list = self.get(keyword).and_then(|place| place.value.as_list()).unwrap_or_default();
        list.iter().map(|value| self.at(value)).collect()
    }

    /// The entries of the map under a keyword.
    pub(super) fn entries(self, keyword: &str) -> Vec<(&'v str, Place<'v>)> {
        let map = self.get(keyword).and_then(Place::map);
        let entries = map.into_iter().flat_map(Map::entries);
        entries.map(|entry| (entry.key.name.as_str(), self.at(&entry.value))).collect()
    }

    /// The texts of the list under a keyword.
    pub(super) fn names(self, keyword: &str) -> Vec<(&'v str, Place<'v>)> {
        let names = self.list(keyword).into_iter();
        names.filter_map(|place| Some((place.value.as_str()?, place))).collect()
    }
}

/// One of the two schemas as a whole.
pub(super) struct Document<'v> {
    pub(super) root: &'v Value,
    /// How many values there are.
    pub(super) values: usize,
    /// What carries each anchor; nothing where several do.
    anchors: BTreeMap<&'v str, Option<&'v Value>>,
    /// Whether a part has an `$id` of its own: references inside it are relative to it.
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

    /// What a reference leads to (JSON Schema Core 2020-12 §8.2), if that can be told.
    ///
    /// A `$dynamicRef` leads where a `$ref` would: there is one schema resource, so there is no other scope (§8.2.3.2).
    pub(super) fn resolve(&self, reference: &str) -> Option<&'v Value> {
        let fragment = decode(reference.strip_prefix('#')?)?;
        if self.has_inner_id {
            return None;
        }
        match fragment.is_empty() || fragment.starts_with('/') {
            true => self.root.pointer(&fragment),
            false => *self.anchors.get(fragment.as_str())?,
        }
    }

    /// Where a value stands, as a JSON pointer (RFC 6901).
    pub(super) fn pointer_of(&self, value: &Value) -> Option<String> {
        let mut steps = Vec::new();
        find(self.root, value, &mut steps).then(|| {
            let steps = steps.iter().rev();
            steps.map(|step| format!("/{}", artifact::escape(step))).collect()
        })
    }
}

/// Finds a value by its address; the steps to it are gathered on the way back.
fn find(part: &Value, value: &Value, steps: &mut Vec<String>) -> bool {
    fn walk(part: &Value, value: &Value, steps: &mut Vec<String>, depth: usize) -> bool {
        if std::ptr::eq(part, value) {
            return true;
        }
        if depth == DEEPEST {
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

/// Undoes percent-encoding (RFC 3986 §2.1).
fn decode(fragment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}
