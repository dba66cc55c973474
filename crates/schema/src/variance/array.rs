//! Keywords of arrays and their elements.

use super::facts::Facts;
use super::keyword;
use super::limit::Count;
use super::messages::Subject;
use super::number::Number;
use super::place::Place;
use super::walk::Walk;

impl<'v> Walk<'v> {
    /// `prefixItems` and `items` of one schema (Core §10.3.1).
    pub(super) fn implies_items(&mut self, facts: &Facts<'v>, goal: Place<'v>) -> bool {
        let prefix = goal.list("prefixItems");
        let rest = keyword::items(goal);
        let known = facts.parts.iter().map(|part| part.list("prefixItems").len());
        let positions = known.chain([prefix.len()]).max().unwrap_or_default();
        let most = self.most(facts, Count::Items);
        let ends_at = |at: usize| most.is_some_and(|most| most.number.is_at_most(Number::whole(at as i128)));
        let mut is_implied = true;
        for at in 0..positions {
            if ends_at(at) || self.is_done() || !is_implied && self.is_silent() {
                return is_implied;
            }
            self.charge(facts.parts.len());
            let known = self.element(facts, Some(at));
            // The array ends where no element is possible.
            if self.is_unsatisfiable_below(&known) {
                return is_implied;
            }
            if let Some(goal) = prefix.get(at).copied().or(rest) {
                is_implied &= self.below(&known, goal, Subject::Element(at));
            }
        }
        if let Some(goal) = rest.filter(|_| !ends_at(positions)) {
            let known = self.element(facts, None);
            is_implied &= self.below(&known, goal, Subject::Elements);
        }
        is_implied
    }

    /// `uniqueItems` (Validation §6.4.3).
    pub(super) fn implies_unique(&mut self, facts: &Facts<'v>, goal: Place<'v>) -> bool {
        let mut known = facts.parts.iter().filter_map(|part| part.get("uniqueItems"));
        let most = self.most(facts, Count::Items);
        let is_implied = goal.value.as_bool() == Some(false)
            || known.any(|place| place.value.as_bool() == Some(true))
            || most.is_some_and(|most| most.number.is_at_most(Number::whole(1)));
        if !is_implied {
            self.report_limit(facts, ("uniqueItems", goal), None, "arrays with duplicate elements");
        }
        is_implied
    }

    /// `contains` with `minContains` and `maxContains` (Core §10.3.1.3, Validation §6.4.4, §6.4.5).
    pub(super) fn implies_contains(&mut self, facts: &Facts<'v>, goal: Place<'v>) -> bool {
        let Some(contains) = goal.get("contains") else { return true };
        for keyword in ["minContains", "maxContains"] {
            if let Some(place) = goal.get(keyword).filter(|place| Number::of(place.value).is_none()) {
                self.report_unclear(facts.near(keyword), place, keyword);
                return false;
            }
        }
        let limit = |keyword| goal.get(keyword).and_then(|place| Number::of(place.value));
        let zero = Number::whole(0);
        let least = limit("minContains").unwrap_or(Number::whole(1));
        let most = limit("maxContains");
        let is_known = least.is_at_most(zero) && zero.is_at_most(least);
        let enough = is_known || self.has_enough(facts, contains, least);
        let few = most.is_none_or(|most| self.has_few(facts, contains, most));
        if !enough || !few {
            let keyword = match (enough, goal.get("minContains"), goal.get("maxContains")) {
                (false, Some(_), _) => "minContains",
                (true, _, Some(_)) => "maxContains",
                _ => "contains",
            };
            let place = goal.get(keyword).unwrap_or(contains);
            self.report_contains(facts, place, contains, keyword);
        }
        enough && few
    }

    fn has_enough(&mut self, facts: &Facts<'v>, contains: Place<'v>, least: Number) -> bool {
        let by_own = facts.parts.iter().any(|part| {
            let Some(own) = part.get("contains") else { return false };
            let own_least =
                part.get("minContains").map_or(Some(Number::whole(1)), |place| Number::of(place.value));
            own_least.is_some_and(|own| least.is_at_most(own))
                && self.inside(|walk| walk.is_within(own, contains))
        });
        by_own || {
            let items = self.least(facts, Count::Items);
            items.is_some_and(|items| least.is_at_most(items.number))
                && self.all_elements(facts, |walk, element| {
                    walk.silently(|walk| walk.within(element, contains, Subject::Value))
                })
        }
    }

    fn has_few(&mut self, facts: &Facts<'v>, contains: Place<'v>, most: Number) -> bool {
        let by_own = facts.parts.iter().any(|part| {
            let Some(own) = part.get("contains") else { return false };
            let own_most = part.get("maxContains").and_then(|place| Number::of(place.value));
            own_most.is_some_and(|own| own.is_at_most(most))
                && self.inside(|walk| walk.is_within(contains, own))
        });
        let items = self.most(facts, Count::Items);
        by_own
            || items.is_some_and(|items| items.number.is_at_most(most))
            || self.all_elements(facts, |walk, element| {
                let both = walk.with(element, contains);
                walk.is_unsatisfiable(&both)
            })
    }

    /// Returns whether a condition is satisfied by every possible element of the array.
    fn all_elements(
        &mut self,
        facts: &Facts<'v>,
        mut condition: impl FnMut(&mut Walk<'v>, &Facts<'v>) -> bool,
    ) -> bool {
        let prefixes = facts.parts.iter().map(|part| part.list("prefixItems").len());
        let positions = prefixes.max().unwrap_or_default();
        let mut positions = (0..positions).map(Some).chain([None]);
        positions.all(|at| {
            let element = self.element(facts, at);
            self.charge(1) && self.inside(|walk| condition(walk, &element))
        })
    }
}
