//! Limits: of numbers, of lengths and counts, and divisors.

use super::all::All;
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

/// What is counted.
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

/// A limit of a count; where it follows from something else, no keyword says it.
#[derive(Clone, Copy)]
pub(super) struct Limit<'v> {
    pub(super) number: Number,
    pub(super) place: Option<Place<'v>>,
}

impl<'v> Walk<'v> {
    /// The tightest lower bound of numbers (Validation §6.2.4, §6.2.5).
    pub(super) fn lower(&self, all: &All<'v>, types: Types) -> Option<Bound<'v>> {
        let bounds = bounds(all, "minimum", "exclusiveMinimum");
        let bound = bounds.reduce(|a, b| match implies_lower(&a, b.number, b.is_exclusive) {
            true => a,
            false => b,
        })?;
        let whole = (!types.has(Types::FRACTION)).then(|| bound.number.ceil(bound.is_exclusive)).flatten();
        Some(whole.map_or(bound, |number| Bound { number, is_exclusive: false, ..bound }))
    }

    /// The tightest upper bound of numbers (Validation §6.2.2, §6.2.3).
    pub(super) fn upper(&self, all: &All<'v>, types: Types) -> Option<Bound<'v>> {
        let bounds = bounds(all, "maximum", "exclusiveMaximum");
        let bound = bounds.reduce(|a, b| match implies_upper(&a, b.number, b.is_exclusive) {
            true => a,
            false => b,
        })?;
        let whole = (!types.has(Types::FRACTION)).then(|| bound.number.floor(bound.is_exclusive)).flatten();
        Some(whole.map_or(bound, |number| Bound { number, is_exclusive: false, ..bound }))
    }

    /// The highest of the lower limits of a count (Validation §6.3 to §6.5).
    pub(super) fn least(&mut self, all: &All<'v>, count: Count) -> Option<Limit<'v>> {
        let limits = limits(all, count.least());
        let mut limit = limits.reduce(|a, b| if b.number.is_at_most(a.number) { a } else { b });
        if count == Count::Properties {
            let number = Number::whole(self.required(all, &[]).len() as i128);
            if limit.is_none_or(|limit| limit.number.is_less(number)) {
                limit = Some(Limit { number, place: None });
            }
        }
        limit
    }

    /// The lowest of the upper limits of a count (Validation §6.3 to §6.5).
    pub(super) fn most(&self, all: &All<'v>, count: Count) -> Option<Limit<'v>> {
        limits(all, count.most()).reduce(|a, b| if a.number.is_at_most(b.number) { a } else { b })
    }

    /// `minimum`, `maximum` and their exclusive kin.
    pub(super) fn bound_holds(
        &mut self,
        all: &All<'v>,
        goal: Place<'v>,
        keyword: &'static str,
        types: Types,
    ) -> bool {
        if !types.has(Types::NUMBER) {
            return true;
        }
        let Some(number) = Number::of(goal.value) else {
            self.tell_unclear(all.near(keyword), goal, keyword);
            return false;
        };
        let is_exclusive = keyword.starts_with("exclusive");
        let is_lower = keyword.ends_with("inimum");
        let known = match is_lower {
            true => self.lower(all, types),
            false => self.upper(all, types),
        };
        let holds = known.is_some_and(|known| match is_lower {
            true => implies_lower(&known, number, is_exclusive),
            false => implies_upper(&known, number, is_exclusive),
        });
        if !holds {
            let known = known.map(|known| (known.keyword, known.place));
            let what = if is_lower { "smaller numbers" } else { "greater numbers" };
            self.tell_limit(all, (keyword, goal), known, what);
        }
        holds
    }

    /// `minLength`, `maxItems` and the like.
    pub(super) fn count_holds(
        &mut self,
        all: &All<'v>,
        goal: Place<'v>,
        count: Count,
        is_least: bool,
    ) -> bool {
        let keyword = if is_least { count.least() } else { count.most() };
        let Some(number) = Number::of(goal.value) else {
            self.tell_unclear(all.near(keyword), goal, keyword);
            return false;
        };
        let known = if is_least { self.least(all, count) } else { self.most(all, count) };
        let holds = match is_least {
            true => {
                number.is_at_most(Number::whole(0))
                    || known.is_some_and(|known| number.is_at_most(known.number))
            }
            false => known.is_some_and(|known| known.number.is_at_most(number)),
        };
        if !holds {
            let known = known.and_then(|known| Some((keyword, known.place?)));
            let what = match (count, is_least) {
                (Count::Length, true) => "shorter texts",
                (Count::Length, false) => "longer texts",
                (Count::Items, true) => "shorter lists",
                (Count::Items, false) => "longer lists",
                (Count::Properties, true) => "fewer properties",
                (Count::Properties, false) => "more properties",
            };
            self.tell_limit(all, (keyword, goal), known, what);
        }
        holds
    }

    /// `multipleOf` (Validation §6.2.1).
    pub(super) fn multiple_holds(&mut self, all: &All<'v>, goal: Place<'v>, types: Types) -> bool {
        if !types.has(Types::NUMBER) {
            return true;
        }
        let Some(divisor) = Number::of(goal.value) else {
            self.tell_unclear(all.near("multipleOf"), goal, "multipleOf");
            return false;
        };
        let known = all.parts.iter().filter_map(|part| part.get("multipleOf"));
        let holds =
            known.filter_map(|place| Number::of(place.value)).any(|known| known.is_multiple_of(divisor))
                || !types.has(Types::FRACTION) && Number::whole(1).is_multiple_of(divisor);
        let is_fraction = |place: Place<'v>| Number::of(place.value).is_none_or(|number| !number.is_whole());
        if !holds && is_fraction(goal) {
            self.tell_unclear(all.near("multipleOf"), goal, "multipleOf");
        } else if !holds {
            let known = all.parts.iter().find_map(|part| part.get("multipleOf"));
            self.tell_limit(
                all,
                ("multipleOf", goal),
                known.map(|known| ("multipleOf", known)),
                "other numbers",
            );
        }
        holds
    }
}

fn bounds<'a, 'v>(
    all: &'a All<'v>,
    inclusive: &'static str,
    exclusive: &'static str,
) -> impl Iterator<Item = Bound<'v>> + use<'a, 'v> {
    let keywords = [(inclusive, false), (exclusive, true)];
    all.parts.iter().flat_map(move |part| {
        keywords.into_iter().filter_map(|(keyword, is_exclusive)| {
            let place = part.get(keyword)?;
            Some(Bound { number: Number::of(place.value)?, is_exclusive, keyword, place })
        })
    })
}

fn limits<'a, 'v>(all: &'a All<'v>, keyword: &'static str) -> impl Iterator<Item = Limit<'v>> + use<'a, 'v> {
    all.parts.iter().filter_map(move |part| {
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
