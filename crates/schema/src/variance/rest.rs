//! What a schema says of properties that it does not name: `additionalProperties` and `unevaluatedProperties`.

use super::place::Place;
use super::walk::Walk;

/// Keywords whose branches may or may not count: what they evaluate depends on the value.
const DEPENDING: [&str; 6] = ["anyOf", "oneOf", "if", "dependentSchemas", "dependencies", "$recursiveRef"];
/// The most schemas that are asked what they evaluate.
const MOST: usize = 256;

/// A schema for the properties that others do not evaluate.
#[derive(Clone)]
pub(super) struct Rest<'v> {
    pub(super) goal: Place<'v>,
    /// The others: what they name or match is none of the rest.
    pub(super) evaluating: Vec<Place<'v>>,
}

impl<'v> Walk<'v> {
    /// What a schema says of the rest, by each of its two keywords (Core §10.3.2.3, §11.3).
    pub(super) fn rests(&mut self, schema: Place<'v>) -> Vec<Rest<'v>> {
        let additional = schema.get("additionalProperties");
        let mut rests: Vec<Rest<'v>> =
            additional.map(|goal| Rest { goal, evaluating: vec![schema] }).into_iter().collect();
        if let Some(goal) = schema.get("unevaluatedProperties")
            && let Some(evaluating) = self.evaluating(schema)
            && evaluating.iter().all(|part| part.get("additionalProperties").is_none())
        {
            rests.push(Rest { goal, evaluating });
        }
        rests
    }

    /// Whether `unevaluatedProperties` looks at what only the value decides.
    pub(super) fn is_depending(&mut self, schema: Place<'v>) -> bool {
        let Some(goal) = schema.get("unevaluatedProperties") else { return false };
        let is_free = goal.value.as_bool() == Some(true) || goal.map().is_some_and(artifact::Map::is_empty);
        !is_free && schema.get("additionalProperties").is_none() && self.evaluating(schema).is_none()
    }

    /// The schemas that evaluate properties whatever the value: the schema itself and those it always applies.
    fn evaluating(&mut self, schema: Place<'v>) -> Option<Vec<Place<'v>>> {
        let mut found: Vec<Place<'v>> = Vec::new();
        let mut rest = vec![schema];
        while let Some(part) = rest.pop() {
            let is_met = found.iter().any(|other| other.id() == part.id());
            let Some(map) = part.map().filter(|_| !is_met) else { continue };
            let depends = DEPENDING.iter().any(|keyword| map.get(keyword).is_some())
                || !found.is_empty() && map.get("unevaluatedProperties").is_some();
            if depends || found.len() == MOST || !self.charge(1 + found.len()) {
                return None;
            }
            found.push(part);
            for keyword in ["$ref", "$dynamicRef"] {
                if map.get(keyword).is_some() {
                    rest.push(self.referenced(part, keyword)?);
                }
            }
            rest.extend(part.list("allOf"));
        }
        Some(found)
    }
}
