//! The keywords that compare numbers, exactly: the validator itself compares some of them as doubles.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use artifact::decimal::Decimal;
use jsonschema::paths::Location;
use jsonschema::{Draft, Keyword, ValidationError, ValidationOptions};
use num_bigint::BigInt;
use serde_json::{Map, Value as Json};

/// Adds the keywords to the options of a validator.
pub(crate) fn install(options: ValidationOptions<'_>, draft: Draft) -> ValidationOptions<'_> {
    let options = options
        .with_keyword("maximum", |parent, value, _: Location| {
            let exclusive = is_true(parent, "exclusiveMaximum");
            Bound::of(value, if exclusive { Ordering::is_lt } else { Ordering::is_le })
        })
        .with_keyword("minimum", |parent, value, _: Location| {
            let exclusive = is_true(parent, "exclusiveMinimum");
            Bound::of(value, if exclusive { Ordering::is_gt } else { Ordering::is_ge })
        })
        .with_keyword("exclusiveMaximum", |_, value, _: Location| Bound::of(value, Ordering::is_lt))
        .with_keyword("exclusiveMinimum", |_, value, _: Location| Bound::of(value, Ordering::is_gt))
        .with_keyword("multipleOf", |_, value, _: Location| Ok(boxed(MultipleOf(scaled(value)))))
        .with_keyword("enum", |_, value, _: Location| {
            let options = value.as_array().into_iter().flatten().map(canonical).collect();
            Ok(boxed(OneOf(options)))
        })
        .with_keyword("uniqueItems", |_, value, _: Location| {
            Ok(boxed(Unique(value.as_bool() == Some(true))))
        });
    match draft {
        // Draft 4 does not have it.
        Draft::Draft4 => options,
        _ => options.with_keyword("const", |_, value, _: Location| {
            Ok(boxed(OneOf(BTreeSet::from([canonical(value)]))))
        }),
    }
}

type Boxed = Box<dyn for<'i> Keyword<'i>>;

fn boxed(keyword: impl for<'i> Keyword<'i> + 'static) -> Boxed {
    Box::new(keyword)
}

/// Whether a keyword of draft 4 makes a bound exclusive.
fn is_true(parent: &Map<String, Json>, keyword: &str) -> bool {
    parent.get(keyword).and_then(Json::as_bool) == Some(true)
}

/// Reads a number; `None` for another type.
fn decimal(value: &Json) -> Option<Decimal> {
    Decimal::parse(value.as_number()?.as_str())
}

/// Writes a value such that exactly the equal values have equal text (JSON Schema Core 2020-12 §4.2.2).
fn canonical(value: &Json) -> String {
    fn write(value: &Json, out: &mut String) {
        match value {
            // Numbers are written alike already, but for the fraction that draft 4 distinguishes from an integer.
            Json::Number(number) => {
                let text = number.as_str();
                out.push_str(text.strip_suffix(".0").unwrap_or(text));
            }
            Json::Array(list) => {
                out.push('[');
                for value in list {
                    write(value, out);
                    out.push(',');
                }
                out.push(']');
            }
            // The keys are in order.
            Json::Object(map) => {
                out.push('{');
                for (key, value) in map {
                    write!(out, "{key:?}:").expect("writing to a String never fails");
                    write(value, out);
                    out.push(',');
                }
                out.push('}');
            }
            Json::String(text) => write!(out, "{text:?}").expect("writing to a String never fails"),
            Json::Null | Json::Bool(_) => out.push_str(&value.to_string()),
        }
    }
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// A limit of numbers, and which order of a number to it is allowed.
struct Bound {
    limit: Decimal,
    allows: fn(Ordering) -> bool,
}

impl Bound {
    fn of<'a>(value: &'a Json, allows: fn(Ordering) -> bool) -> Result<Boxed, ValidationError<'a>> {
        Ok(match decimal(value) {
            Some(limit) => boxed(Bound { limit, allows }),
            // In draft 4, the exclusive keywords are flags of the other two.
            None => boxed(Unique(false)),
        })
    }
}

/// What a failed keyword returns; the message is made from the schema.
fn failed<'i>() -> ValidationError<'i> {
    ValidationError::custom("")
}

fn result<'i>(is_valid: bool) -> Result<(), ValidationError<'i>> {
    if is_valid { Ok(()) } else { Err(failed()) }
}

impl<'i> Keyword<'i> for Bound {
    fn validate(&self, instance: &'i Json) -> Result<(), ValidationError<'i>> {
        result(Keyword::is_valid(self, instance))
    }

    fn is_valid(&self, instance: &'i Json) -> bool {
        decimal(instance).is_none_or(|number| (self.allows)(number.cmp(&self.limit)))
    }
}

/// A number of which others are multiples: its digits, and how many of them are after the point.
struct MultipleOf(Option<(BigInt, u32)>);

/// Reads a number as an integer and a power of ten; `None` for another type.
fn scaled(value: &Json) -> Option<(BigInt, u32)> {
    let text = value.as_number()?.as_str();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    Some((format!("{whole}{fraction}").parse().ok()?, u32::try_from(fraction.len()).ok()?))
}

impl<'i> Keyword<'i> for MultipleOf {
    fn validate(&self, instance: &'i Json) -> Result<(), ValidationError<'i>> {
        result(Keyword::is_valid(self, instance))
    }

    fn is_valid(&self, instance: &'i Json) -> bool {
        let Some(((number, places), (divisor, below))) = scaled(instance).zip(self.0.as_ref()) else {
            return true;
        };
        let lowest = places.max(*below);
        let shift = |number: &BigInt, places: u32| number * BigInt::from(10).pow(lowest - places);
        let divisor = shift(divisor, *below);
        divisor != BigInt::ZERO && shift(&number, places) % divisor == BigInt::ZERO
    }
}

/// The canonical texts of the allowed values.
struct OneOf(BTreeSet<String>);

impl<'i> Keyword<'i> for OneOf {
    fn validate(&self, instance: &'i Json) -> Result<(), ValidationError<'i>> {
        result(Keyword::is_valid(self, instance))
    }

    fn is_valid(&self, instance: &'i Json) -> bool {
        self.0.contains(&canonical(instance))
    }
}

/// Whether the elements of an array must differ.
struct Unique(bool);

impl<'i> Keyword<'i> for Unique {
    fn validate(&self, instance: &'i Json) -> Result<(), ValidationError<'i>> {
        result(Keyword::is_valid(self, instance))
    }

    fn is_valid(&self, instance: &'i Json) -> bool {
        let Some(list) = instance.as_array().filter(|_| self.0) else { return true };
        let mut seen = BTreeSet::new();
        list.iter().all(|value| seen.insert(canonical(value)))
    }
}
