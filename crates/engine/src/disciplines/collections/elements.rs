//! The elements of a collection, with their keys.

use artifact::{Kind, Value, escape, shorten};
use digest::Digest;
use policy::{Collection, KeyPart};

/// An element of a list or mapping.
#[derive(Debug)]
pub(crate) struct Element<'v> {
    /// Its key: equal texts are equal keys. `None` where it has none, or more than one.
    pub(crate) key: Option<String>,
    /// The key as messages show it.
    pub(crate) shown: String,
    /// The key with the names of its fields: `id: calendar`.
    pub(crate) label: String,
    pub(crate) value: &'v Value,
    /// Its pointer in the document.
    pub(crate) pointer: String,
}

impl Element<'_> {
    /// Returns the digest of its value.
    pub(crate) fn digest(&self) -> String {
        Digest::of(self.value.canonical().as_bytes()).hex()
    }
}

/// The elements of a collection.
#[derive(Debug, Default)]
pub(crate) struct Elements<'v> {
    pub(crate) list: Vec<Element<'v>>,
    /// Whether their order is that of a list.
    pub(crate) is_list: bool,
    /// The elements whose key is missing, and why.
    pub(crate) faults: Vec<(String, String)>,
}

/// Reads the elements of a collection.
///
/// Fails with what is wrong where the value has no elements, or the policy declares nothing that identifies them.
pub(crate) fn elements_of<'v>(collection: &Collection, value: &'v Value) -> Result<Elements<'v>, String> {
    let at = &collection.at;
    match &value.kind {
        Kind::Map(_) if !collection.key.is_empty() => {
            Err("a mapping has keys of its own: remove `key` from the policy".into())
        }
        Kind::Map(map) => {
            let element = |entry: &'v artifact::MapEntry| Element {
                key: Some(entry.key.name.clone()),
                shown: shorten(&entry.key.name),
                label: shorten(&entry.key.name),
                value: &entry.value,
                pointer: format!("{at}/{}", escape(&entry.key.name)),
            };
            Ok(Elements { list: map.entries().map(element).collect(), is_list: false, faults: Vec::new() })
        }
        Kind::List(_) if collection.key.is_empty() => {
            Err("the policy names no `key` for the elements of this list".into())
        }
        Kind::List(list) => {
            let mut elements = Elements { is_list: true, ..Elements::default() };
            for (position, value) in list.iter().enumerate() {
                let pointer = format!("{at}/{position}");
                let parts = key_of(&collection.key, value);
                let (key, shown, label) = match &parts {
                    Ok(parts) => (Some(key_text(parts)), shown(parts), label(parts)),
                    Err(problem) => {
                        elements.faults.push((pointer.clone(), problem.clone()));
                        let shown = format!("{position} without a key");
                        (None, shown.clone(), shown)
                    }
                };
                elements.list.push(Element { key, shown, label, value, pointer });
            }
            Ok(elements)
        }
        _ => Err(format!("expected a list or a mapping, found {}", value.describe())),
    }
}

/// A part of a key: the pointer in the element, and the value.
type Part<'k, 'v> = (&'k str, &'v Value);

/// Returns the parts of the key of an element; or why it has none.
fn key_of<'k, 'v>(parts: &'k [KeyPart], element: &'v Value) -> Result<Vec<Part<'k, 'v>>, String> {
    parts.iter().map(|part| key_part(part, element)).collect()
}

fn key_part<'k, 'v>(part: &'k KeyPart, element: &'v Value) -> Result<Part<'k, 'v>, String> {
    match part {
        KeyPart::Pointer(pointer) => match element.pointer(pointer) {
            Some(value) => Ok((pointer, value)),
            None => Err(format!("the element has no `{pointer}`, which is its key")),
        },
        KeyPart::AnyOf(pointers) => {
            let mut found =
                pointers.iter().filter_map(|pointer| Some((pointer.as_str(), element.pointer(pointer)?)));
            match (found.next(), found.next()) {
                (Some(part), None) => Ok(part),
                (None, _) => {
                    Err(format!("the element has none of {}, one of which is its key", pointers.join(", ")))
                }
                (Some(_), Some(_)) => Err(format!(
                    "the element has more than one of {}, one of which is its key",
                    pointers.join(", ")
                )),
            }
        }
    }
}

/// The key for comparison: equal texts are equal keys.
fn key_text(parts: &[Part<'_, '_>]) -> String {
    let canonical: Vec<String> = parts.iter().map(|(_, value)| value.canonical()).collect();
    canonical.join("\n")
}

/// The values of the key, as messages show them.
fn shown(parts: &[Part<'_, '_>]) -> String {
    let values: Vec<String> = parts.iter().map(|(_, value)| shown_value(value)).collect();
    values.join(" ")
}

/// The values of the key with the names of their fields; the whole element as its own key has no name.
fn label(parts: &[Part<'_, '_>]) -> String {
    let part = |(pointer, value): &Part<'_, '_>| match pointer.strip_prefix('/') {
        Some(name) => format!("{name}: {}", shown_value(value)),
        None => shown_value(value),
    };
    parts.iter().map(part).collect::<Vec<_>>().join(", ")
}

fn shown_value(value: &Value) -> String {
    value.source_text().map_or_else(|| value.show(), |text| shorten(&text))
}
