//! Lists: what their elements are.

use super::all::All;
use super::keyword;
use super::limit::Count;
use super::number::Number;
use super::place::Place;
use super::walk::Walk;
use super::words::Subject;

impl<'v> Walk<'v> {
    /// `prefixItems` and `items` of one schema (Core §10.3.1).
    pub(super) fn items_hold(&mut self, all: &All<'v>, goal: Place<'v>) -> bool {
        let prefix = goal.list("prefixItems");
        let rest = keyword::items(goal);
        let known = all.parts.iter().map(|part| part.list("prefixItems").len());
        let positions = known.chain([prefix.len()]).max().unwrap_or_default();
        let most = self.most(all, Count::Items);
        let ends_at = |at: usize| most.is_some_and(|most| most.number.is_at_most(Number::whole(at as i128)));
        let mut holds = true;
        for at in 0..positions {
            if ends_at(at) || self.is_done() || !holds && self.is_quiet() {
                return holds;
            }
            self.charge(all.parts.len());
            let known = self.element(all, Some(at));
            // Where nothing can stand, the list has ended.
            if self.is_nothing_below(&known) {
                return holds;
            }
            if let Some(goal) = prefix.get(at).copied().or(rest) {
                holds &= self.below(&known, goal, Subject::Element(at));
            }
        }
        if let Some(goal) = rest.filter(|_| !ends_at(positions)) {
            let known = self.element(all, None);
            holds &= self.below(&known, goal, Subject::Elements);
        }
        holds
    }

    /// `uniqueItems` (Validation §6.4.3).
    pub(super) fn unique_holds(&mut self, all: &All<'v>, goal: Place<'v>) -> bool {
        let mut known = all.parts.iter().filter_map(|part| part.get("uniqueItems"));
        let most = self.most(all, Count::Items);
        let holds = goal.value.as_bool() == Some(false)
            || known.any(|place| place.value.as_bool() == Some(true))
            || most.is_some_and(|most| most.number.is_at_most(Number::whole(1)));
        if !holds {
            self.tell_limit(all, ("uniqueItems", goal), None, "lists with the same element twice");
        }
        holds
    }

    /// `contains` with `minContains` and `maxContains` (Core §10.3.1.3, Validation §6.4.4, §6.4.5).
    pub(super) fn contains_holds(&mut self, all: &All<'v>, goal: Place<'v>) -> bool {
        let Some(contains) = goal.get("contains") else { return true };
        for keyword in ["minContains", "maxContains"] {
            if let Some(place) = goal.get(keyword).filter(|place| Number::of(place.value).is_none()) {
                self.tell_unclear(all.near(keyword), place, keyword);
                return false;
            }
        }
        let limit = |keyword| goal.get(keyword).and_then(|place| Number::of(place.value));
        let zero = Number::whole(0);
        let least = limit("minContains").unwrap_or(Number::whole(1));
        let most = limit("maxContains");
        let is_known = least.is_at_most(zero) && zero.is_at_most(least);
        let enough = is_known || self.has_enough(all, contains, least);
        let few = most.is_none_or(|most| self.has_few(all, contains, most));
        if !enough || !few {
            let keyword = match (enough, goal.get("minContains"), goal.get("maxContains")) {
                (false, Some(_), _) => "minContains",
                (true, _, Some(_)) => "maxContains",
                _ => "contains",
            };
            let place = goal.get(keyword).unwrap_or(contains);
            self.tell_contains(all, place, contains, keyword);
        }
        enough && few
    }

    fn has_enough(&mut self, all: &All<'v>, contains: Place<'v>, least: Number) -> bool {
        let by_own = all.parts.iter().any(|part| {
            let Some(own) = part.get("contains") else { return false };
            let own_least =
                part.get("minContains").map_or(Some(Number::whole(1)), |place| Number::of(place.value));
            own_least.is_some_and(|own| least.is_at_most(own))
                && self.inside(|walk| walk.is_within(own, contains))
        });
        by_own || {
            let items = self.least(all, Count::Items);
            items.is_some_and(|items| least.is_at_most(items.number))
                && self.every_element(all, |walk, element| {
                    walk.quietly(|walk| walk.within(element, contains, Subject::Value))
                })
        }
    }

    fn has_few(&mut self, all: &All<'v>, contains: Place<'v>, most: Number) -> bool {
        let by_own = all.parts.iter().any(|part| {
            let Some(own) = part.get("contains") else { return false };
            let own_most = part.get("maxContains").and_then(|place| Number::of(place.value));
            own_most.is_some_and(|own| own.is_at_most(most))
                && self.inside(|walk| walk.is_within(contains, own))
        });
        let items = self.most(all, Count::Items);
        by_own
            || items.is_some_and(|items| items.number.is_at_most(most))
            || self.every_element(all, |walk, element| {
                let both = walk.with(element, contains);
                walk.is_nothing(&both)
            })
    }

    /// Whether something is so of every element that can stand in the list.
    fn every_element(
        &mut self,
        all: &All<'v>,
        mut is_so: impl FnMut(&mut Walk<'v>, &All<'v>) -> bool,
    ) -> bool {
        let prefixes = all.parts.iter().map(|part| part.list("prefixItems").len());
        let positions = prefixes.max().unwrap_or_default();
        let mut positions = (0..positions).map(Some).chain([None]);
        positions.all(|at| {
            let element = self.element(all, at);
            self.charge(1) && self.inside(|walk| is_so(walk, &element))
        })
    }
}
