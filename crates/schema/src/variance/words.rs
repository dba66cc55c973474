//! What stands against a change, in words that name both sides.

use artifact::{Kind, Value};

use super::Variance;
use super::all::All;
use super::keyword::is_of_texts;
use super::nothing::stands;
use super::number::Number;
use super::place::Place;
use super::types::Types;
use super::walk::Walk;
use crate::words::short;

/// The most values that one message lists.
const LISTED: usize = 5;

/// Of what a schema speaks.
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
    /// Names it, and tells whether it is one.
    fn show(self) -> (String, bool) {
        match self {
            Subject::Value => ("every value".into(), true),
            Subject::Property(name) => (format!("the property {}", tick(name)), true),
            Subject::Matching(pattern) => (format!("properties that match {}", tick(pattern)), false),
            Subject::Others => ("other properties".into(), false),
            Subject::Element(at) => (format!("an element at {at}"), true),
            Subject::Elements => ("further elements".into(), false),
            Subject::Names => ("properties of every name".into(), false),
            Subject::With(name) => (format!("maps with the property {}", tick(name)), false),
        }
    }
}

/// A keyword and what stands there.
type Said<'v> = (&'static str, Place<'v>);

impl<'v> Walk<'v> {
    /// Both sides of a comparison, the older one first.
    fn sides<T>(&self, known: T, goal: T) -> (T, T) {
        match self.variance {
            Variance::Narrow => (goal, known),
            Variance::Widen | Variance::Grow => (known, goal),
        }
    }

    /// What the change does to values that only one side accepts.
    fn effect(&self, what: &str, is_one: bool) -> String {
        let (was, is) = if is_one { ("was", "is") } else { ("were", "are") };
        match self.variance {
            Variance::Narrow => format!("{what} {was} refused, and {is} accepted now"),
            Variance::Widen | Variance::Grow => format!("{what} {was} accepted, and {is} refused now"),
        }
    }

    /// Where a message points on the side of what is known.
    fn known_at(all: &All<'v>, known: Option<Place<'v>>) -> Place<'v> {
        known.filter(|known| known.side == all.at.side).unwrap_or(all.at)
    }

    /// Says that a change cannot be judged.
    pub(super) fn tell_unclear(&mut self, known: Place<'v>, goal: Place<'v>, what: &str) {
        let what = if what.contains(' ') { what.into() } else { format!("`{what}`") };
        let message = format!("{what} changed, and whether it still accepts the same cannot be told");
        self.tell(known, goal, message);
    }

    pub(super) fn tell_refused(&mut self, all: &All<'v>, goal: Place<'v>, subject: Subject<'v>) {
        let (what, is_one) = subject.show();
        let message = self.effect(&what, is_one);
        self.tell(all.at, goal, message);
    }

    pub(super) fn tell_limit(&mut self, all: &All<'v>, goal: Said<'v>, known: Option<Said<'v>>, what: &str) {
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
                format!("{limit} is {}: {}", self.came(), self.effect(what, false))
            }
        };
        self.tell(Self::known_at(all, known.map(|known| known.1)), goal.1, message);
    }

    /// What happened to what only one side says.
    fn came(&self) -> &'static str {
        if self.variance == Variance::Narrow { "gone" } else { "new" }
    }

    pub(super) fn tell_required(&mut self, all: &All<'v>, goal: Place<'v>, name: &str) {
        let name = tick(name);
        let message = match self.variance {
            Variance::Narrow => format!("`required` lost {name}: answers may lack it now"),
            _ => format!("`required` gained {name}: requests without it were accepted"),
        };
        self.tell(all.near("required"), goal, message);
    }

    /// Says that a property is described on one side only, and was or is left open on the other.
    pub(super) fn tell_open(&mut self, known: &All<'v>, goal: Place<'v>, name: &str) {
        let name = tick(name);
        let message = match self.variance {
            Variance::Narrow => {
                format!("the property {name} is gone: any value is accepted under its name now")
            }
            _ => format!("the property {name} is new: any value was accepted under its name"),
        };
        self.tell(known.at, goal, message);
    }

    pub(super) fn tell_dependent(&mut self, all: &All<'v>, goal: Place<'v>, trigger: &str, name: &str) {
        let (trigger, name) = (tick(trigger), tick(name));
        let message = match self.variance {
            Variance::Narrow => {
                format!("`dependentRequired` asked for {name} with {trigger}: answers may lack it now")
            }
            _ => {
                format!(
                    "`dependentRequired` asks for {name} with {trigger}: requests without it were accepted"
                )
            }
        };
        self.tell(all.near("dependentRequired"), goal, message);
    }

    pub(super) fn tell_types(
        &mut self,
        all: &All<'v>,
        goal: Place<'v>,
        (known, named, more): (Types, Types, Types),
    ) {
        let message = match known == Types::ALL {
            true => {
                let effect = self.effect("other values", false);
                format!("`type` {} is {}: {effect}", named.show(), self.came())
            }
            false => {
                let (old, new) = self.sides(known, named);
                let effect = self.effect(&more.show(), true);
                format!("`type` changed from {} to {}: {effect}", old.show(), new.show())
            }
        };
        self.tell(all.near("type"), goal, message);
    }

    pub(super) fn tell_values(&mut self, all: &All<'v>, goal: Place<'v>, keyword: &str) {
        let effect = self.effect("other values", false);
        let message = format!("`{keyword}` {} is {}: {effect}", goal.value.show(), self.came());
        self.tell(all.near(keyword), goal, message);
    }

    /// Says which single values only one side accepts.
    pub(super) fn tell_each(&mut self, all: &All<'v>, goal: Place<'v>, values: &[&'v Value]) {
        let mut shown: Vec<String> = values.iter().take(LISTED).map(|value| value.show()).collect();
        if values.len() > LISTED {
            shown.push(format!("{} more", values.len() - LISTED));
        }
        let listed = shown.join(", ");
        let keyword = ["enum", "const"].into_iter().find(|keyword| goal.get(keyword).is_some());
        let own = keyword.and_then(|keyword| Some((keyword, goal.get(keyword)?)));
        let known = keyword.map(|keyword| all.near(keyword));
        let is_same = known.is_some_and(|known| known.id() != all.at.id());
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
        let first = values.first().filter(|value| stands(value));
        let known = first.map_or(all.at, |value| all.at.at(value));
        self.tell(known, own.map_or(goal, |own| own.1), message);
    }

    /// Says what is asked of texts, and cannot be compared.
    pub(super) fn tell_text(&mut self, all: &All<'v>, goal: Place<'v>, keyword: &str) {
        let known = Some(all.near(keyword)).filter(|known| known.id() != all.at.id());
        let message = match known {
            Some(known) => {
                let (old, new) = self.sides(known.value, goal.value);
                let both = format!("from {} to {}", old.show(), new.show());
                format!("`{keyword}` changed {both}, and whether it still accepts the same cannot be told")
            }
            None => {
                let is_of_texts = keyword != "format" || goal.value.as_str().is_some_and(is_of_texts);
                let effect = self.effect(if is_of_texts { "other texts" } else { "other values" }, false);
                format!("`{keyword}` {} is {}: {effect}", goal.value.show(), self.came())
            }
        };
        self.tell(all.near(keyword), goal, message);
    }

    pub(super) fn tell_contains(
        &mut self,
        all: &All<'v>,
        goal: Place<'v>,
        contains: Place<'v>,
        keyword: &'static str,
    ) {
        let own = |keyword: &str| Some(all.near(keyword)).filter(|known| known.id() != all.at.id());
        let what = match keyword {
            "minContains" => "fewer elements of that kind",
            "maxContains" => "more elements of that kind",
            _ => return self.tell_unclear(all.near(keyword), goal, keyword),
        };
        match own("contains") {
            Some(known) if self.are_alike(known, contains) => {
                self.tell_limit(all, (keyword, goal), own(keyword).map(|known| (keyword, known)), what);
            }
            _ => self.tell_unclear(all.near(keyword), goal, keyword),
        }
    }
}

/// How a limit moved.
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
