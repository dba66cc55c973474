//! Structural equivalence of schemas: the same keywords, with references followed.

use super::keyword::{Shape, shape};
use super::place::Place;
use super::walk::Walk;

/// The nesting up to which two schemas are compared.
const MAX_COMPARISON_DEPTH: usize = 64;

impl<'v> Walk<'v> {
    /// Returns whether two schemas differ in names and annotations only.
    pub(super) fn are_equivalent(&mut self, one: Place<'v>, other: Place<'v>) -> bool {
        self.assuming(|walk, assumed| walk.equivalent_at(one, other, assumed, MAX_COMPARISON_DEPTH))
    }

    /// Returns whether the values of a keyword are equivalent.
    pub(super) fn are_equivalent_under(&mut self, keyword: &str, one: Place<'v>, other: Place<'v>) -> bool {
        self.assuming(|walk, assumed| {
            walk.equivalent_under(keyword, (one, other), assumed, MAX_COMPARISON_DEPTH)
        })
    }

    fn assuming(&mut self, run: impl FnOnce(&mut Walk<'v>, &mut Vec<(usize, usize)>) -> bool) -> bool {
        let mut assumed = Vec::new();
        let are_equivalent = run(self, &mut assumed);
        if !are_equivalent {
            // Equivalences that were found may depend on one that was refuted.
            for pair in assumed {
                self.equivalent.remove(&pair);
            }
        }
        are_equivalent
    }

    fn equivalent_at(
        &mut self,
        one: Place<'v>,
        other: Place<'v>,
        assumed: &mut Vec<(usize, usize)>,
        deep: usize,
    ) -> bool {
        let (Some(a), Some(b)) = (one.map(), other.map()) else { return one.value.same(other.value) };
        let pair = (one.id(), other.id());
        if pair.0 == pair.1 {
            return true;
        }
        if let Some(known) = self.equivalent.get(&pair) {
            return *known;
        }
        let Some(deeper) = deep.checked_sub(1) else { return false };
        if !self.charge(1 + a.len().min(b.len())) {
            return false;
        }
        // Recursive schemas are equivalent unless a difference is found.
        self.equivalent.insert(pair, true);
        let asserting = |name: &str| shape(name) != Shape::Free;
        let count = |map: &artifact::Map| map.entries().filter(|entry| asserting(&entry.key.name)).count();
        let are_equivalent = count(a) == count(b)
            && a.entries().filter(|entry| asserting(&entry.key.name)).all(|entry| {
                let keyword = entry.key.name.as_str();
                let (Some(one), Some(other)) = (one.get(keyword), other.get(keyword)) else { return false };
                self.equivalent_under(keyword, (one, other), assumed, deeper)
            });
        self.equivalent.insert(pair, are_equivalent);
        if are_equivalent {
            assumed.push(pair);
        }
        are_equivalent
    }

    fn equivalent_under(
        &mut self,
        keyword: &str,
        (one, other): (Place<'v>, Place<'v>),
        assumed: &mut Vec<(usize, usize)>,
        deep: usize,
    ) -> bool {
        match shape(keyword) {
            Shape::Free => true,
            Shape::Data => {
                self.charge(1);
                one.value.same(other.value)
            }
            Shape::Schema => self.equivalent_at(one, other, assumed, deep),
            Shape::Schemas => {
                let (a, b) =
                    (one.value.as_list().unwrap_or_default(), other.value.as_list().unwrap_or_default());
                a.len() == b.len()
                    && a.iter().zip(b).all(|(a, b)| self.equivalent_at(one.at(a), other.at(b), assumed, deep))
            }
            Shape::Named => match (one.map(), other.map()) {
                (Some(a), Some(b)) => {
                    a.len() == b.len()
                        && a.entries().all(|entry| {
                            let named = b.get(&entry.key.name);
                            named.is_some_and(|value| {
                                self.equivalent_at(one.at(&entry.value), other.at(value), assumed, deep)
                            })
                        })
                }
                _ => one.value.same(other.value),
            },
            Shape::Reference => {
                let target = |walk: &Walk<'v>, place: Place<'v>| {
                    let target = walk.document(place.side).resolve(place.value.as_str()?)?;
                    Some(place.at(target))
                };
                match (target(self, one), target(self, other)) {
                    (Some(one), Some(other)) => self.equivalent_at(one, other, assumed, deep),
                    _ => false,
                }
            }
        }
    }
}
