//! The cost of an untrusted schema: references and branches can double the visits of an evaluator with every step.

use std::collections::HashMap;

use serde_json::Value as Json;

use crate::bundle::decode;

/// The visits of one evaluation: about one second.
const MAX_SCHEMA_VISITS: u64 = 20_000_000;
/// The nesting of references and branches, which the evaluator follows on its stack.
const MAX_REFERENCE_DEPTH: usize = 400;

/// Keywords that apply schemas to the same value: an array of them, a single one, a map from names to them.
const SAME_LISTS: [&str; 3] = ["allOf", "anyOf", "oneOf"];
const SAME_ONES: [&str; 4] = ["not", "if", "then", "else"];
const SAME_MAPS: [&str; 2] = ["dependentSchemas", "dependencies"];
/// Keywords that apply one schema to all elements or properties of a value.
const BELOW_ONES: [&str; 7] = [
    "items",
    "additionalProperties",
    "unevaluatedProperties",
    "unevaluatedItems",
    "contains",
    "propertyNames",
    "additionalItems",
];

/// The reason why a schema is not evaluated.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unbounded {
    /// A reference refers to itself without descending into the value.
    Endless,
    /// References and branches are nested too deeply.
    TooLong,
    /// An evaluation takes too many visits.
    TooMany,
    /// A reference has no target inside the schema.
    Outside(String),
}

impl Unbounded {
    pub(crate) fn message(&self) -> String {
        match self {
            Unbounded::Endless => "a reference refers to itself without end".into(),
            Unbounded::TooLong => {
                format!("references and branches are nested deeper than {MAX_REFERENCE_DEPTH} levels")
            }
            Unbounded::Outside(reference) => {
                format!("reference {reference} has no target inside this schema")
            }
            Unbounded::TooMany => {
                format!(
                    "its branches and references need more than {MAX_SCHEMA_VISITS} steps to evaluate one value"
                )
            }
        }
    }
}

/// Checks the cost of an evaluation in advance; `depth` and `values` describe the document.
pub(crate) fn check_bounds(schema: &Json, depth: usize, values: u64) -> Result<(), Unbounded> {
    let mut costs = Costs { root: schema, known: HashMap::new(), depth: 0 };
    let visits = costs.of(schema, depth)?;
    if visits.saturating_mul(values.max(1)) > MAX_SCHEMA_VISITS {
        return Err(Unbounded::TooMany);
    }
    Ok(())
}

/// The number of visits to each part of a schema per value, by the part's address and the remaining depth.
struct Costs<'s> {
    root: &'s Json,
    /// `None` while the part is being counted.
    known: HashMap<(*const Json, usize), Option<u64>>,
    depth: usize,
}

impl<'s> Costs<'s> {
    fn of(&mut self, schema: &'s Json, depth: usize) -> Result<u64, Unbounded> {
        let Some(map) = schema.as_object() else { return Ok(1) };
        let key = (std::ptr::from_ref(schema), depth);
        match self.known.get(&key) {
            Some(Some(cost)) => return Ok(*cost),
            Some(None) => return Err(Unbounded::Endless),
            None => {}
        }
        self.depth += 1;
        if self.depth > MAX_REFERENCE_DEPTH {
            return Err(Unbounded::TooLong);
        }
        self.known.insert(key, None);
        let mut cost = 1u64;
        for keyword in ["$ref", "$dynamicRef", "$recursiveRef"] {
            if let Some(reference) = map.get(keyword).and_then(Json::as_str) {
                cost = cost.saturating_add(self.of(self.target(reference)?, depth)?);
            }
        }
        let list = |keyword: &str| map.get(keyword).and_then(Json::as_array).into_iter().flatten();
        let of_map = |keyword: &str| {
            map.get(keyword).and_then(Json::as_object).into_iter().flat_map(|map| map.values())
        };
        let lists = SAME_LISTS.iter().flat_map(|keyword| list(keyword));
        let ones = SAME_ONES.iter().filter_map(|keyword| map.get(*keyword));
        let maps = SAME_MAPS.iter().flat_map(|keyword| of_map(keyword));
        for part in lists.chain(ones).chain(maps) {
            cost = cost.saturating_add(self.of(part, depth)?);
        }
        // The deepest values of the document have no children.
        if let Some(below) = depth.checked_sub(1) {
            let ones = BELOW_ONES.iter().filter_map(|keyword| map.get(*keyword));
            // All patterns may match the same property.
            for part in ones.chain(of_map("patternProperties")) {
                cost = cost.saturating_add(self.of(part, below)?);
            }
            // Of these, one applies to each element.
            let positions = list("prefixItems").chain(list("items")).collect();
            for parts in [of_map("properties").collect(), positions] {
                cost = cost.saturating_add(self.most(parts, below)?);
            }
        }
        self.known.insert(key, Some(cost));
        self.depth -= 1;
        Ok(cost)
    }

    /// Returns the cost of the most expensive of several parts.
    fn most(&mut self, parts: Vec<&'s Json>, depth: usize) -> Result<u64, Unbounded> {
        parts.into_iter().try_fold(0, |most, part| Ok(self.of(part, depth)?.max(most)))
    }

    /// Returns the target of a reference inside the schema, by pointer or by anchor.
    fn target(&self, reference: &str) -> Result<&'s Json, Unbounded> {
        let fragment = reference.strip_prefix('#');
        let found = fragment.and_then(|fragment| {
            if fragment.is_empty() || fragment.starts_with('/') {
                return self.root.pointer(&decode(fragment)?);
            }
            find_anchor(self.root, fragment)
        });
        found.ok_or_else(|| Unbounded::Outside(crate::messages::short(reference)))
    }
}

/// Finds the part with an anchor.
fn find_anchor<'s>(part: &'s Json, name: &str) -> Option<&'s Json> {
    match part {
        Json::Object(map) => {
            let is_it = |keyword: &str| map.get(keyword).and_then(Json::as_str) == Some(name);
            if is_it("$anchor") || is_it("$dynamicAnchor") {
                return Some(part);
            }
            map.values().find_map(|part| find_anchor(part, name))
        }
        Json::Array(list) => list.iter().find_map(|part| find_anchor(part, name)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn exponential_schema_is_rejected() {
        let mut parts = serde_json::Map::new();
        parts.insert("a0".into(), json!({"type": "string"}));
        for n in 1..40 {
            let before = format!("#/$defs/a{}", n - 1);
            parts.insert(format!("a{n}"), json!({"anyOf": [{"$ref": before}, {"$ref": before}]}));
        }
        let schema = json!({"$defs": parts, "$ref": "#/$defs/a39"});
        assert_eq!(check_bounds(&schema, 1, 1), Err(Unbounded::TooMany));
        let twice =
            json!({"anyOf": [{"properties": {"a": {"$ref": "#"}}}, {"properties": {"a": {"$ref": "#"}}}]});
        assert_eq!(check_bounds(&twice, 3, 10), Ok(()));
        assert_eq!(check_bounds(&twice, 60, 60), Err(Unbounded::TooMany));
    }

    #[test]
    fn endless_reference_is_rejected() {
        assert_eq!(check_bounds(&json!({"$ref": "#"}), 1, 1), Err(Unbounded::Endless));
        let two = json!({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"});
        assert_eq!(check_bounds(&two, 1, 1), Err(Unbounded::Endless));
        let mut long = json!({"type": "string"});
        (0..1000).for_each(|_| long = json!({"not": long}));
        assert_eq!(check_bounds(&long, 1, 1), Err(Unbounded::TooLong));
    }

    #[test]
    fn references_stay_inside() {
        for reference in
            ["https://example.org/x.json", "x.json", "file:///etc/passwd", "#/$defs/absent", "#absent"]
        {
            assert_eq!(
                check_bounds(&json!({"$ref": reference}), 1, 1),
                Err(Unbounded::Outside(reference.into()))
            );
        }
        let anchor =
            json!({"$defs": {"a": {"$anchor": "item", "type": "string"}}, "items": {"$ref": "#item"}});
        assert_eq!(check_bounds(&anchor, 3, 3), Ok(()));
    }

    #[test]
    fn ordinary_schemas_pass() {
        let tree = json!({"properties": {"left": {"$ref": "#"}, "right": {"$ref": "#"}, "name": {"type": "string"}}});
        assert_eq!(check_bounds(&tree, 60, 100_000), Ok(()));
        let list = json!({"items": {"oneOf": [{"type": "string"}, {"$ref": "#"}]}});
        assert_eq!(check_bounds(&list, 60, 10_000), Ok(()));
    }
}
