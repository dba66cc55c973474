//! Detects cyclic references beside `unevaluated…`: the validator fails on some of them, so an untrusted schema may not contain both.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Keywords that apply to what others did not evaluate (JSON Schema 2020-12, core §11).
const UNEVALUATED: [&str; 2] = ["unevaluatedProperties", "unevaluatedItems"];
/// Keywords whose target is resolved during evaluation, or by name.
const NAMED: [&str; 5] = ["$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveAnchor", "$recursiveRef"];

/// What a schema contains.
#[derive(Default)]
struct Found {
    unevaluated: bool,
    named: bool,
    /// The location and the target of each reference.
    references: Vec<(String, String)>,
}

/// Returns whether a schema contains `unevaluated…` and references that are, or may be, cyclic.
pub(crate) fn has_unsupported_cycle(schema: &Value) -> bool {
    let mut found = Found::default();
    walk(schema, String::new(), &mut found);
    found.unevaluated && (found.named || has_cycle(&found.references))
}

fn walk(value: &Value, pointer: String, found: &mut Found) {
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                found.unevaluated |= UNEVALUATED.contains(&name.as_str());
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

/// Returns whether a reference occurs, through other references, below its own target.
fn has_cycle(references: &[(String, String)]) -> bool {
    let targets: BTreeSet<&str> = references.iter().map(|(_, target)| target.as_str()).collect();
    let below = |place: &str, target: &str| {
        place.strip_prefix(target).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    // From a target to every target that is referenced below it.
    let next: BTreeMap<&str, BTreeSet<&str>> = targets
        .iter()
        .map(|target| {
            let inside = references.iter().filter(|(place, _)| below(place, target));
            (*target, inside.map(|(_, to)| to.as_str()).collect())
        })
        .collect();
    // Remove targets without references to others, until only cycles and what refers to them remain.
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
    fn cycles_are_distinguished_from_chains() {
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
            assert_eq!(has_unsupported_cycle(&serde_json::from_str(text).unwrap()), expected, "{text}");
        }
    }
}
