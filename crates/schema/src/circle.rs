//! References in a circle beside `unevaluated…`: the validator breaks off on some of them, so that no stranger's schema may have both.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Keywords that look at what the others left over (JSON Schema 2020-12, core §11).
const LEFT_OVER: [&str; 2] = ["unevaluatedProperties", "unevaluatedItems"];
/// Keywords whose target is found while a document is judged, or by a name.
const NAMED: [&str; 5] = ["$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveAnchor", "$recursiveRef"];

/// What a schema has of it.
#[derive(Default)]
struct Found {
    left_over: bool,
    named: bool,
    /// Where each reference stands, and where it leads.
    references: Vec<(String, String)>,
}

/// Tells whether a schema has `unevaluated…` and references in a circle, or such as could be one.
pub(crate) fn is_in(schema: &Value) -> bool {
    let mut found = Found::default();
    walk(schema, String::new(), &mut found);
    found.left_over && (found.named || circles(&found.references))
}

fn walk(value: &Value, pointer: String, found: &mut Found) {
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                found.left_over |= LEFT_OVER.contains(&name.as_str());
                found.named |= NAMED.contains(&name.as_str());
                if let ("$ref", Some(target)) = (name.as_str(), inner.as_str()) {
                    match target.strip_prefix('#').filter(|rest| rest.is_empty() || rest.starts_with('/')) {
                        Some(target) => found.references.push((pointer.clone(), target.into())),
                        None => found.named = true,
                    }
                }
                walk(inner, format!("{pointer}/{}", artifact::escape(name)), found);
            }
        }
        Value::Array(list) => {
            for (at, inner) in list.iter().enumerate() {
                walk(inner, format!("{pointer}/{at}"), found);
            }
        }
        _ => {}
    }
}

/// Tells whether a reference leads to where, by references below it, it is met again.
fn circles(references: &[(String, String)]) -> bool {
    let targets: BTreeSet<&str> = references.iter().map(|(_, target)| target.as_str()).collect();
    let below = |place: &str, target: &str| {
        place.strip_prefix(target).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    // From a target to every other that is referred to below it.
    let next: BTreeMap<&str, BTreeSet<&str>> = targets
        .iter()
        .map(|target| {
            let inside = references.iter().filter(|(place, _)| below(place, target));
            (*target, inside.map(|(_, to)| to.as_str()).collect())
        })
        .collect();
    // What leads nowhere is taken out until nothing is left, or only circles and what leads into them.
    let mut left = targets;
    loop {
        let ends: Vec<&str> =
            left.iter().copied().filter(|target| next[target].iter().all(|to| !left.contains(to))).collect();
        if ends.is_empty() {
            return !left.is_empty();
        }
        ends.iter().for_each(|end| {
            left.remove(end);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_told_from_chains() {
        for (text, expected) in [
            (
                r##"{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {}}, "unevaluatedProperties": false}"##,
                false,
            ),
            (
                r##"{"$ref": "#/$defs/a", "$defs": {"a": {"properties": {"x": {"$ref": "#/$defs/a"}}}}, "unevaluatedProperties": false}"##,
                true,
            ),
            (
                r##"{"$defs": {"a": {"items": {"$ref": "#/$defs/b"}}, "b": {"items": {"$ref": "#/$defs/a"}}}, "unevaluatedItems": false}"##,
                true,
            ),
            (r##"{"properties": {"x": {"$ref": "#"}}, "unevaluatedProperties": false}"##, true),
            (r##"{"properties": {"x": {"$ref": "#"}}}"##, false),
            (r##"{"$defs": {"a": {"$anchor": "n"}}, "$ref": "#n", "unevaluatedProperties": false}"##, true),
        ] {
            assert_eq!(is_in(&serde_json::from_str(text).unwrap()), expected, "{text}");
        }
    }
}
