//! Messages of incompatible changes, which name both sides.

use artifact::{Kind, Value};

use super::Variance;
use super::emptiness::is_explicit;
use super::facts::Facts;
use super::keyword::is_of_strings;
use super::number::Number;
use super::place::Place;
use super::types::Types;
use super::walk::Walk;
use crate::messages::short;

/// The values that one message lists.
const MAX_LISTED_VALUES: usize = 5;

/// The subject of a schema.
#[derive(Debug, Clone, Copy)]
pub(super) enum Subject<'v> {
    Value,
    Property(&'v str),
    Matching(&'v str),
    Others,
    Element(usize),
    Elements,
    Names,
    With(&'v str),
}

impl Subject<'_> {
    /// Returns its name, and whether it is singular.
    fn show(self) -> (String, bool) {
        match self {
            Subject::Value => ("every value".into(), true),
            Subject::Property(name) => (format!("property {}", tick(name)), true),
            Subject::Matching(pattern) => (format!("properties that match {}", tick(pattern)), false),
            Subject::Others => ("other properties".into(), false),
            Subject::Element(at) => (format!("element {at}"), true),
            Subject::Elements => ("further elements".into(), false),
            Subject::Names => ("properties of every name".into(), false),
            Subject::With(name) => (format!("objects with property {}", tick(name)), false),
        }
    }
}

/// A keyword and its value.
type KeywordAt<'v> = (&'static str, Place<'v>);

impl<'v> Walk<'v> {
    /// Returns both sides of a comparison, the older one first.
    fn sides<T>(&self, known: T, goal: T) -> (T, T) {
        match self.variance {
            Variance::Narrow => (goal, known),
            Variance::Widen | Variance::Grow => (known, goal),
        }
    }

    /// Describes the effect of the change on values that only one side accepts.
    fn effect(&self, what: &str, is_one: bool) -> String {
        let (was, is) = if is_one { ("was", "is") } else { ("were", "are") };
        match self.variance {
            Variance::Narrow => format!("{what} {was} rejected and {is} now accepted"),
            Variance::Widen | Variance::Grow => format!("{what} {was} accepted and {is} now rejected"),
        }
    }

    /// Returns the place of a message on the side of the facts.
    fn known_at(facts: &Facts<'v>, known: Option<Place<'v>>) -> Place<'v> {
        known.filter(|known| known.side == facts.at.side).unwrap_or(facts.at)
    }

    /// Reports a change whose effect cannot be decided.
    pub(super) fn report_unclear(&mut self, known: Place<'v>, goal: Place<'v>, what: &str) {
        let what = if what.contains(' ') { what.into() } else { format!("`{what}`") };
        let message = format!("{what} changed; cannot determine whether it accepts the same values");
        self.report(known, goal, message, true);
    }

    pub(super) fn report_rejected(&mut self, facts: &Facts<'v>, goal: Place<'v>, subject: Subject<'v>) {
        let (what, is_one) = subject.show();
        let message = self.effect(&what, is_one);
        self.report_break(facts.at, goal, message);
    }

    pub(super) fn report_limit(
        &mut self,
        facts: &Facts<'v>,
        goal: KeywordAt<'v>,
        known: Option<KeywordAt<'v>>,
        what: &str,
    ) {
        let message = match self.sides(known, Some(goal)) {
            (Some((before, old)), Some((after, new))) if before == after => {
                format!("`{before}` {} from {} to {}", moved(old, new), old.value.show(), new.value.show())
            }
            (Some((before, old)), Some((after, new))) => {
                format!("`{before}` {} became `{after}` {}", old.value.show(), new.value.show())
            }
            _ => {
                let limit = match goal.1.value.kind {
                    Kind::Bool(_) => format!("`{}`", goal.0),
                    _ => format!("`{}` {}", goal.0, goal.1.value.show()),
                };
                format!("{limit} is {}: {}", self.state(), self.effect(what, false))
            }
        };
        self.report_break(Self::known_at(facts, known.map(|known| known.1)), goal.1, message);
    }

    /// Returns the state of a keyword that only one side contains.
    fn state(&self) -> &'static str {
        if self.variance == Variance::Narrow { "gone" } else { "new" }
    }

    pub(super) fn report_required(&mut self, facts: &Facts<'v>, goal: Place<'v>, name: &str) {
        let name = tick(name);
        let message = match self.variance {
            Variance::Narrow => format!("`required` lost {name}: output may now omit it"),
            _ => format!("`required` gained {name}: input without it was accepted"),
        };
        self.report_break(facts.near("required"), goal, message);
    }

    /// Reports a property that only one side describes.
    pub(super) fn report_open(&mut self, known: &Facts<'v>, goal: Place<'v>, name: &str) {
        let name = tick(name);
        let message = match self.variance {
            Variance::Narrow => {
                format!("property {name} is gone: any value is now accepted under its name")
            }
            _ => format!("property {name} is new: any value was accepted under its name"),
        };
        self.report_break(known.at, goal, message);
    }

    pub(super) fn report_dependent(&mut self, facts: &Facts<'v>, goal: Place<'v>, trigger: &str, name: &str) {
        let (trigger, name) = (tick(trigger), tick(name));
        let message = match self.variance {
            Variance::Narrow => {
                format!("`dependentRequired` required {name} with {trigger}: output may now omit it")
            }
            _ => {
                format!("`dependentRequired` requires {name} with {trigger}: input without it was accepted")
            }
        };
        self.report_break(facts.near("dependentRequired"), goal, message);
    }

    pub(super) fn report_types(
        &mut self,
        facts: &Facts<'v>,
        goal: Place<'v>,
        (known, named, more): (Types, Types, Types),
    ) {
        let message = if known == Types::ALL {
            let effect = self.effect("other values", false);
            format!("`type` {} is {}: {effect}", named.show(), self.state())
        } else {
            let (old, new) = self.sides(known, named);
            let effect = self.effect(&more.show(), true);
            format!("`type` changed from {} to {}: {effect}", old.show(), new.show())
        };
        self.report_break(facts.near("type"), goal, message);
    }

    pub(super) fn report_values(&mut self, facts: &Facts<'v>, goal: Place<'v>, keyword: &str) {
        let effect = self.effect("other values", false);
        let message = format!("`{keyword}` {} is {}: {effect}", goal.value.show(), self.state());
        self.report_break(facts.near(keyword), goal, message);
    }

    /// Reports single values that only one side accepts.
    pub(super) fn report_each(&mut self, facts: &Facts<'v>, goal: Place<'v>, values: &[&'v Value]) {
        let mut shown: Vec<String> =
            values.iter().take(MAX_LISTED_VALUES).map(|value| value.show()).collect();
        if values.len() > MAX_LISTED_VALUES {
            shown.push(format!("{} more", values.len() - MAX_LISTED_VALUES));
        }
        let listed = shown.join(", ");
        let keyword = ["enum", "const"].into_iter().find(|keyword| goal.get(keyword).is_some());
        let own = keyword.and_then(|keyword| Some((keyword, goal.get(keyword)?)));
        let known = keyword.map(|keyword| facts.near(keyword));
        let is_same = known.is_some_and(|known| known.id() != facts.at.id());
        let message = match (own, known) {
            (Some(("const", own)), Some(known)) if is_same => {
                let (old, new) = self.sides(known, own);
                format!("`const` changed from {} to {}", old.value.show(), new.value.show())
            }
            (Some(("enum", _)), _) if is_same => match self.variance {
                Variance::Narrow => format!("`enum` gained {listed}"),
                _ => format!("`enum` lost {listed}"),
            },
            _ => self.effect(&listed, values.len() == 1),
        };
        let first = values.first().filter(|value| is_explicit(value));
        let known = first.map_or(facts.at, |value| facts.at.at(value));
        self.report_break(known, own.map_or(goal, |own| own.1), message);
    }

    /// Reports a requirement of strings that cannot be compared.
    pub(super) fn report_string(&mut self, facts: &Facts<'v>, goal: Place<'v>, keyword: &str) {
        let known = Some(facts.near(keyword)).filter(|known| known.id() != facts.at.id());
        let message = match known {
            Some(known) => {
                let (old, new) = self.sides(known.value, goal.value);
                let both = format!("from {} to {}", old.show(), new.show());
                format!("`{keyword}` changed {both}; cannot determine whether it accepts the same values")
            }
            None => {
                let is_of_strings = keyword != "format" || goal.value.as_str().is_some_and(is_of_strings);
                let effect = self.effect(if is_of_strings { "other strings" } else { "other values" }, false);
                format!("`{keyword}` {} is {}: {effect}", goal.value.show(), self.state())
            }
        };
        self.report_break(facts.near(keyword), goal, message);
    }

    pub(super) fn report_contains(
        &mut self,
        facts: &Facts<'v>,
        goal: Place<'v>,
        contains: Place<'v>,
        keyword: &'static str,
    ) {
        let own = |keyword: &str| Some(facts.near(keyword)).filter(|known| known.id() != facts.at.id());
        let what = match keyword {
            "minContains" => "fewer elements of that kind",
            "maxContains" => "more elements of that kind",
            _ => return self.report_unclear(facts.near(keyword), goal, keyword),
        };
        match own("contains") {
            Some(known) if self.are_equivalent(known, contains) => {
                self.report_limit(facts, (keyword, goal), own(keyword).map(|known| (keyword, known)), what);
            }
            _ => self.report_unclear(facts.near(keyword), goal, keyword),
        }
    }
}

/// Describes the change of a limit.
fn moved(old: Place<'_>, new: Place<'_>) -> &'static str {
    match Number::of(old.value).zip(Number::of(new.value)) {
        Some((old, new)) if new.is_less(old) => "fell",
        Some((old, new)) if old.is_less(new) => "rose",
        _ => "changed",
    }
}

/// Quotes a name or a pattern.
pub(super) fn tick(name: &str) -> String {
    format!("`{}`", short(name))
}
