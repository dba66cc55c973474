//! The elements of a collection, with their keys.

use artifact::{Kind, Value, escape};
use digest::Digest;
use policy::{Collection, KeyPart};

/// An element of a list or mapping.
#[derive(Debug)]
pub(crate) struct Element<'v> {
    /// Its key: equal texts are equal keys. `None` where it has none, or more than one.
    pub(crate) key: Option<String>,
    /// The key as messages show it.
    pub(crate) shown: String,
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
                shown: entry.key.name.clone(),
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
                let (key, shown) = match key_of(&collection.key, value) {
                    Ok((key, shown)) => (Some(key), shown),
                    Err(problem) => {
                        elements.faults.push((pointer.clone(), problem));
                        (None, format!("{position} without a key"))
                    }
                };
                elements.list.push(Element { key, shown, value, pointer });
            }
            Ok(elements)
        }
        _ => Err(format!("expected a list or a mapping, found {}", value.describe())),
    }
}

/// Returns the key of an element, for comparison and for messages; or why it has none.
fn key_of(parts: &[KeyPart], element: &Value) -> Result<(String, String), String> {
    let (mut key, mut shown) = (Vec::new(), Vec::new());
    for part in parts {
        let value = match part {
            KeyPart::Pointer(pointer) => element
                .pointer(pointer)
                .ok_or_else(|| format!("the element has no `{pointer}`, which is its key"))?,
            KeyPart::AnyOf(pointers) => {
                let mut found = pointers.iter().filter_map(|pointer| element.pointer(pointer));
                match (found.next(), found.next()) {
                    (Some(value), None) => value,
                    (None, _) => {
                        return Err(format!(
                            "the element has none of {}, one of which is its key",
                            pointers.join(", ")
                        ));
                    }
                    (Some(_), Some(_)) => {
                        return Err(format!(
                            "the element has more than one of {}, one of which is its key",
                            pointers.join(", ")
                        ));
                    }
                }
            }
        };
        key.push(value.canonical());
        shown.push(value.source_text().map_or_else(|| value.show(), |text| text.chars().take(80).collect()));
    }
    Ok((key.join("\n"), shown.join(" ")))
}
