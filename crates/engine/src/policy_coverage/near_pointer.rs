//! The nearest pointer that a document has, for one that none has.

use artifact::{Kind, Value, escape};
use snapshot::fold::fold;

/// The values below which a pointer is looked for.
const MAX_VALUES: usize = 2_000;

/// Returns the pointer that some of the values have and that is nearest to one that none has.
pub(super) fn nearest_pointer(pointer: &str, values: &[&Value]) -> Option<String> {
    let names: Vec<String> = pointer.split('/').skip(1).map(unescape).collect();
    let near = values.iter().filter_map(|value| step(value, &names)).min();
    if let Some((_, near)) = near {
        return Some(near);
    }
    // `/spec.version` and `/version` for `/spec/version`.
    let dotted = format!("/{}", names.join("/").replace('.', "/"));
    if dotted != pointer && values.iter().any(|value| value.pointer(&dotted).is_some()) {
        return Some(dotted);
    }
    let last = names.last()?;
    values.iter().find_map(|value| elsewhere(value, last))
}

fn unescape(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

/// Follows the names from a value, each by the nearest key; returns the distance and the pointer.
fn step(value: &Value, names: &[String]) -> Option<(usize, String)> {
    let Some((name, rest)) = names.split_first() else { return Some((0, String::new())) };
    match &value.kind {
        Kind::Map(map) => map
            .entries()
            .filter_map(|entry| {
                let distance = distance(name, &entry.key.name)?;
                let (below, pointer) = step(&entry.value, rest)?;
                Some((distance + below, format!("/{}{pointer}", escape(&entry.key.name))))
            })
            .min(),
        Kind::List(list) => {
            let at: usize = name.parse().ok()?;
            let (below, pointer) = step(list.get(at)?, rest)?;
            Some((below, format!("/{at}{pointer}")))
        }
        _ => None,
    }
}

/// Returns how far two names are apart; `None` if nobody takes one for the other.
pub(super) fn distance(wanted: &str, actual: &str) -> Option<usize> {
    if wanted == actual {
        return Some(0);
    }
    let plain = |name: &str| -> String {
        let folded = String::from_utf8_lossy(&fold(name.trim().as_bytes())).into_owned();
        folded.replace(['-', '_', ' '], "")
    };
    let (wanted, actual) = (plain(wanted), plain(actual));
    if wanted == actual {
        return Some(1);
    }
    let edits = strsim::damerau_levenshtein(&wanted, &actual);
    let longest = wanted.chars().count().max(actual.chars().count());
    let is_prefix = longest > 3 && (actual.starts_with(&wanted) || wanted.starts_with(&actual));
    // A third of the letters, as in `vers` for `version`, or the plural.
    (edits <= 2 && edits * 3 <= longest || is_prefix && edits * 2 <= longest).then_some(edits + 1)
}

/// Searches a document, nearest to its root first, for a key of this name.
fn elsewhere(value: &Value, name: &str) -> Option<String> {
    let mut pending = std::collections::VecDeque::from([(value, String::new())]);
    let mut looked_at = 0;
    while let Some((value, pointer)) = pending.pop_front() {
        let Kind::Map(map) = &value.kind else { continue };
        for entry in map.entries() {
            looked_at += 1;
            let below = format!("{pointer}/{}", escape(&entry.key.name));
            if entry.key.name == name {
                return Some(below);
            }
            if looked_at > MAX_VALUES {
                return None;
            }
            pending.push_back((&entry.value, below));
        }
    }
    None
}
