//! The schemas of properties that a schema does not name: `additionalProperties` and `unevaluatedProperties`.

use super::place::Place;
use super::walk::Walk;

/// Keywords that evaluate properties depending on the value.
const DEPENDING: [&str; 6] = ["anyOf", "oneOf", "if", "dependentSchemas", "dependencies", "$recursiveRef"];
/// The schemas that are searched for evaluated properties.
const MAX_SCHEMAS: usize = 256;

/// A schema of the properties that other schemas do not evaluate.
#[derive(Clone)]
pub(super) struct UnnamedProperties<'v> {
    pub(super) goal: Place<'v>,
    /// The other schemas: properties that they name or match are evaluated.
    pub(super) evaluating: Vec<Place<'v>>,
}

impl<'v> Walk<'v> {
    /// Returns the schemas of unnamed properties, by each of the two keywords (Core §10.3.2.3, §11.3).
    pub(super) fn unnamed_properties(&mut self, schema: Place<'v>) -> Vec<UnnamedProperties<'v>> {
        let additional = schema.get("additionalProperties");
        let mut unnamed_properties: Vec<UnnamedProperties<'v>> =
            additional.map(|goal| UnnamedProperties { goal, evaluating: vec![schema] }).into_iter().collect();
        if let Some(goal) = schema.get("unevaluatedProperties")
            && let Some(evaluating) = self.evaluating(schema)
            && evaluating.iter().all(|part| part.get("additionalProperties").is_none())
        {
            unnamed_properties.push(UnnamedProperties { goal, evaluating });
        }
        unnamed_properties
    }

    /// Returns whether the scope of `unevaluatedProperties` depends on the value.
    pub(super) fn is_depending(&mut self, schema: Place<'v>) -> bool {
        let Some(goal) = schema.get("unevaluatedProperties") else { return false };
        let is_free = goal.value.as_bool() == Some(true) || goal.map().is_some_and(artifact::Map::is_empty);
        !is_free && schema.get("additionalProperties").is_none() && self.evaluating(schema).is_none()
    }

    /// Returns the schemas that evaluate properties of every value: the schema itself and those it always applies.
    fn evaluating(&mut self, schema: Place<'v>) -> Option<Vec<Place<'v>>> {
        let mut found: Vec<Place<'v>> = Vec::new();
        let mut rest = vec![schema];
        while let Some(part) = rest.pop() {
            let is_known = found.iter().any(|other| other.id() == part.id());
            let Some(map) = part.map().filter(|_| !is_known) else { continue };
            let depends = DEPENDING.iter().any(|keyword| map.get(keyword).is_some())
                || !found.is_empty() && map.get("unevaluatedProperties").is_some();
            if depends || found.len() == MAX_SCHEMAS || !self.charge(1 + found.len()) {
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
