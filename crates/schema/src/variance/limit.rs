//! Keywords of numbers, lengths and counts.

use super::facts::Facts;
use super::number::Number;
use super::place::Place;
use super::types::Types;
use super::walk::Walk;

/// A bound of numbers.
#[derive(Clone, Copy)]
pub(super) struct Bound<'v> {
    pub(super) number: Number,
    pub(super) is_exclusive: bool,
    pub(super) keyword: &'static str,
    pub(super) place: Place<'v>,
}

/// The subject of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    Length,
    Items,
    Properties,
}

impl Count {
    pub(super) fn least(self) -> &'static str {
        match self {
            Count::Length => "minLength",
            Count::Items => "minItems",
            Count::Properties => "minProperties",
        }
    }

    pub(super) fn most(self) -> &'static str {
        match self {
            Count::Length => "maxLength",
            Count::Items => "maxItems",
            Count::Properties => "maxProperties",
        }
    }
}

/// A limit of a count; without a place, it follows from other keywords.
#[derive(Clone, Copy)]
pub(super) struct Limit<'v> {
    pub(super) number: Number,
    pub(super) place: Option<Place<'v>>,
}

impl<'v> Walk<'v> {
    /// Returns the tightest lower bound of numbers (Validation §6.2.4, §6.2.5).
    pub(super) fn lower(&self, facts: &Facts<'v>, types: Types) -> Option<Bound<'v>> {
        let bounds = bounds(facts, "minimum", "exclusiveMinimum");
        let bound = bounds.reduce(|a, b| if implies_lower(&a, b.number, b.is_exclusive) { a } else { b })?;
        let whole = (!types.has(Types::FRACTION)).then(|| bound.number.ceil(bound.is_exclusive)).flatten();
        Some(whole.map_or(bound, |number| Bound { number, is_exclusive: false, ..bound }))
    }

    /// Returns the tightest upper bound of numbers (Validation §6.2.2, §6.2.3).
    pub(super) fn upper(&self, facts: &Facts<'v>, types: Types) -> Option<Bound<'v>> {
        let bounds = bounds(facts, "maximum", "exclusiveMaximum");
        let bound = bounds.reduce(|a, b| if implies_upper(&a, b.number, b.is_exclusive) { a } else { b })?;
        let whole = (!types.has(Types::FRACTION)).then(|| bound.number.floor(bound.is_exclusive)).flatten();
        Some(whole.map_or(bound, |number| Bound { number, is_exclusive: false, ..bound }))
    }

    /// Returns the highest of the lower limits of a count (Validation §6.3 to §6.5).
    pub(super) fn least(&mut self, facts: &Facts<'v>, count: Count) -> Option<Limit<'v>> {
        let limits = limits(facts, count.least());
        let mut limit = limits.reduce(|a, b| if b.number.is_at_most(a.number) { a } else { b });
        if count == Count::Properties {
            let number = Number::whole(self.required(facts, &[]).len() as i128);
            if limit.is_none_or(|limit| limit.number.is_less(number)) {
                limit = Some(Limit { number, place: None });
            }
        }
        limit
    }

    /// Returns the lowest of the upper limits of a count (Validation §6.3 to §6.5).
    pub(super) fn most(&self, facts: &Facts<'v>, count: Count) -> Option<Limit<'v>> {
        limits(facts, count.most()).reduce(|a, b| if a.number.is_at_most(b.number) { a } else { b })
    }

    /// `minimum`, `maximum` and their exclusive variants.
    pub(super) fn implies_bound(
        &mut self,
        facts: &Facts<'v>,
        goal: Place<'v>,
        keyword: &'static str,
        types: Types,
    ) -> bool {
        if !types.has(Types::NUMBER) {
            return true;
        }
        let Some(number) = Number::of(goal.value) else {
            self.report_unclear(facts.near(keyword), goal, keyword);
            return false;
        };
        let is_exclusive = keyword.starts_with("exclusive");
        let is_lower = keyword.ends_with("inimum");
        let known = if is_lower { self.lower(facts, types) } else { self.upper(facts, types) };
        let implies = if is_lower { implies_lower } else { implies_upper };
        let is_implied = known.is_some_and(|known| implies(&known, number, is_exclusive));
        if !is_implied {
            let known = known.map(|known| (known.keyword, known.place));
            let what = if is_lower { "smaller numbers" } else { "greater numbers" };
            self.report_limit(facts, (keyword, goal), known, what);
        }
        is_implied
    }

    /// `minLength`, `maxItems` and the like.
    pub(super) fn implies_count(
        &mut self,
        facts: &Facts<'v>,
        goal: Place<'v>,
        count: Count,
        is_least: bool,
    ) -> bool {
        let keyword = if is_least { count.least() } else { count.most() };
        let Some(number) = Number::of(goal.value) else {
            self.report_unclear(facts.near(keyword), goal, keyword);
            return false;
        };
        let known = if is_least { self.least(facts, count) } else { self.most(facts, count) };
        let is_implied = if is_least {
            number.is_at_most(Number::whole(0)) || known.is_some_and(|known| number.is_at_most(known.number))
        } else {
            known.is_some_and(|known| known.number.is_at_most(number))
        };
        if !is_implied {
            let known = known.and_then(|known| Some((keyword, known.place?)));
            let what = match (count, is_least) {
                (Count::Length, true) => "shorter strings",
                (Count::Length, false) => "longer strings",
                (Count::Items, true) => "shorter arrays",
                (Count::Items, false) => "longer arrays",
                (Count::Properties, true) => "fewer properties",
                (Count::Properties, false) => "more properties",
            };
            self.report_limit(facts, (keyword, goal), known, what);
        }
        is_implied
    }

    /// `multipleOf` (Validation §6.2.1).
    pub(super) fn implies_multiple(&mut self, facts: &Facts<'v>, goal: Place<'v>, types: Types) -> bool {
        if !types.has(Types::NUMBER) {
            return true;
        }
        let Some(divisor) = Number::of(goal.value) else {
            self.report_unclear(facts.near("multipleOf"), goal, "multipleOf");
            return false;
        };
        let known = facts.parts.iter().filter_map(|part| part.get("multipleOf"));
        let is_implied =
            known.filter_map(|place| Number::of(place.value)).any(|known| known.is_multiple_of(divisor))
                || !types.has(Types::FRACTION) && Number::whole(1).is_multiple_of(divisor);
        let is_fraction = |place: Place<'v>| Number::of(place.value).is_none_or(|number| !number.is_whole());
        if !is_implied && is_fraction(goal) {
            self.report_unclear(facts.near("multipleOf"), goal, "multipleOf");
        } else if !is_implied {
            let known = facts.parts.iter().find_map(|part| part.get("multipleOf"));
            self.report_limit(
                facts,
                ("multipleOf", goal),
                known.map(|known| ("multipleOf", known)),
                "other numbers",
            );
        }
        is_implied
    }
}

fn bounds<'a, 'v>(
    facts: &'a Facts<'v>,
    inclusive: &'static str,
    exclusive: &'static str,
) -> impl Iterator<Item = Bound<'v>> + use<'a, 'v> {
    let keywords = [(inclusive, false), (exclusive, true)];
    facts.parts.iter().flat_map(move |part| {
        keywords.into_iter().filter_map(|(keyword, is_exclusive)| {
            let place = part.get(keyword)?;
            Some(Bound { number: Number::of(place.value)?, is_exclusive, keyword, place })
        })
    })
}

fn limits<'a, 'v>(
    facts: &'a Facts<'v>,
    keyword: &'static str,
) -> impl Iterator<Item = Limit<'v>> + use<'a, 'v> {
    facts.parts.iter().filter_map(move |part| {
        let place = part.get(keyword)?;
        Some(Limit { number: Number::of(place.value)?, place: Some(place) })
    })
}

fn implies_lower(known: &Bound<'_>, number: Number, is_exclusive: bool) -> bool {
    number.is_less(known.number) || number.is_at_most(known.number) && (known.is_exclusive || !is_exclusive)
}

fn implies_upper(known: &Bound<'_>, number: Number, is_exclusive: bool) -> bool {
    known.number.is_less(number) || known.number.is_at_most(number) && (known.is_exclusive || !is_exclusive)
}
