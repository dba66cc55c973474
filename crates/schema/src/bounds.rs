//! What a stranger's schema can cost: an evaluator visits a part as often as references and branches lead there, which can double with every step.

use std::collections::HashMap;

use serde_json::Value as Json;

/// The most visits that one evaluation is allowed: about a second.
const MOST_VISITS: u64 = 20_000_000;
/// The longest way through references and branches: the evaluator takes it on its stack.
const LONGEST_WAY: usize = 400;

/// Keywords that look at the same value again: by a list of schemas, by one, by a map from names to them.
const SAME_LISTS: [&str; 3] = ["allOf", "anyOf", "oneOf"];
const SAME_ONES: [&str; 4] = ["not", "if", "then", "else"];
const SAME_MAPS: [&str; 1] = ["dependentSchemas"];
/// Keywords that look at a value's elements, each by a schema for all of them.
const BELOW_ONES: [&str; 7] = [
    "items",
    "additionalProperties",
    "unevaluatedProperties",
    "unevaluatedItems",
    "contains",
    "propertyNames",
    "additionalItems",
];

/// Why a schema is not evaluated.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unbounded {
    /// A reference leads back to itself before it looks at anything smaller.
    Endless,
    /// The way through references is too long.
    TooLong,
    /// Together they take too many visits.
    TooMany,
    /// A reference leads out of the schema, or nowhere.
    Outside(String),
}

impl Unbounded {
    pub(crate) fn message(&self) -> String {
        match self {
            Unbounded::Endless => "a reference leads back to itself without end".into(),
            Unbounded::TooLong => format!("references and branches lead more than {LONGEST_WAY} steps deep"),
            Unbounded::Outside(reference) => {
                format!("the reference {reference} leads nowhere inside this schema")
            }
            Unbounded::TooMany => {
                format!("its branches and references take more than {MOST_VISITS} steps to judge one value")
            }
        }
    }
}

/// Holds an evaluation to its bounds before it begins: `depth` and `values` are the document's.
pub(crate) fn hold(schema: &Json, depth: usize, values: u64) -> Result<(), Unbounded> {
    let mut costs = Costs { root: schema, known: HashMap::new(), way: 0 };
    let visits = costs.of(schema, depth)?;
    match visits.saturating_mul(values.max(1)) <= MOST_VISITS {
        true => Ok(()),
        false => Err(Unbounded::TooMany),
    }
}

/// How often the parts of a schema are visited at one value, by the part's address and the depth that is left.
struct Costs<'s> {
    root: &'s Json,
    /// `None` while the part is being looked at.
    known: HashMap<(*const Json, usize), Option<u64>>,
    way: usize,
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
        self.way += 1;
        if self.way > LONGEST_WAY {
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
        // Nothing lies below the document's deepest values.
        if let Some(below) = depth.checked_sub(1) {
            let ones = BELOW_ONES.iter().filter_map(|keyword| map.get(*keyword));
            // Each pattern may speak of one element, all at once.
            for part in ones.chain(of_map("patternProperties")) {
                cost = cost.saturating_add(self.of(part, below)?);
            }
            // Of these, one speaks of each element.
            for parts in [of_map("properties").collect::<Vec<_>>(), list("prefixItems").collect()] {
                let mut most = 0;
                for part in parts {
                    most = most.max(self.of(part, below)?);
                }
                cost = cost.saturating_add(most);
            }
        }
        self.known.insert(key, Some(cost));
        self.way -= 1;
        Ok(cost)
    }

    /// What a reference leads to inside the schema, by pointer or by anchor.
    fn target(&self, reference: &str) -> Result<&'s Json, Unbounded> {
        let fragment = reference.strip_prefix('#');
        let found = fragment.and_then(|fragment| match fragment.is_empty() || fragment.starts_with('/') {
            true => self.root.pointer(&fragment.replace("%25", "%")),
            false => anchored(self.root, fragment),
        });
        found.ok_or_else(|| Unbounded::Outside(crate::words::short(reference)))
    }
}

/// Finds the part that carries an anchor.
fn anchored<'s>(part: &'s Json, name: &str) -> Option<&'s Json> {
    match part {
        Json::Object(map) => {
            let is_it = |keyword: &str| map.get(keyword).and_then(Json::as_str) == Some(name);
            if is_it("$anchor") || is_it("$dynamicAnchor") {
                return Some(part);
            }
            map.values().find_map(|part| anchored(part, name))
        }
        Json::Array(list) => list.iter().find_map(|part| anchored(part, name)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_doubles_with_every_step_is_refused() {
        let mut parts = serde_json::Map::new();
        parts.insert("a0".into(), json!({"type": "string"}));
        for n in 1..40 {
            let before = format!("#/$defs/a{}", n - 1);
            parts.insert(format!("a{n}"), json!({"anyOf": [{"$ref": before}, {"$ref": before}]}));
        }
        let schema = json!({"$defs": parts, "$ref": "#/$defs/a39"});
        assert_eq!(hold(&schema, 1, 1), Err(Unbounded::TooMany));
        let twice =
            json!({"anyOf": [{"properties": {"a": {"$ref": "#"}}}, {"properties": {"a": {"$ref": "#"}}}]});
        assert_eq!(hold(&twice, 3, 10), Ok(()));
        assert_eq!(hold(&twice, 60, 60), Err(Unbounded::TooMany));
    }

    #[test]
    fn what_never_ends_is_refused() {
        assert_eq!(hold(&json!({"$ref": "#"}), 1, 1), Err(Unbounded::Endless));
        let two = json!({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"});
        assert_eq!(hold(&two, 1, 1), Err(Unbounded::Endless));
        let mut long = json!({"type": "string"});
        (0..1000).for_each(|_| long = json!({"not": long}));
        assert_eq!(hold(&long, 1, 1), Err(Unbounded::TooLong));
    }

    #[test]
    fn references_stay_inside() {
        for reference in
            ["https://example.org/x.json", "x.json", "file:///etc/passwd", "#/$defs/absent", "#absent"]
        {
            assert_eq!(hold(&json!({"$ref": reference}), 1, 1), Err(Unbounded::Outside(reference.into())));
        }
        let anchor =
            json!({"$defs": {"a": {"$anchor": "item", "type": "string"}}, "items": {"$ref": "#item"}});
        assert_eq!(hold(&anchor, 3, 3), Ok(()));
    }

    #[test]
    fn everyday_schemas_pass() {
        let tree = json!({"properties": {"left": {"$ref": "#"}, "right": {"$ref": "#"}, "name": {"type": "string"}}});
        assert_eq!(hold(&tree, 60, 100_000), Ok(()));
        let list = json!({"items": {"oneOf": [{"type": "string"}, {"$ref": "#"}]}});
        assert_eq!(hold(&list, 60, 10_000), Ok(()));
    }
}
