//! Sets of the types that a schema accepts.

use std::ops::{BitAnd, BitOr};

use artifact::{Kind, Value};

/// A set of types; integers and fractions are separate, since `integer` is a part of `number`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Types(u8);

impl Types {
    pub(super) const NONE: Types = Types(0);
    pub(super) const NULL: Types = Types(1);
    pub(super) const BOOLEAN: Types = Types(2);
    pub(super) const WHOLE: Types = Types(4);
    pub(super) const FRACTION: Types = Types(8);
    pub(super) const STRING: Types = Types(16);
    pub(super) const ARRAY: Types = Types(32);
    pub(super) const OBJECT: Types = Types(64);
    pub(super) const NUMBER: Types = Types(12);
    pub(super) const ALL: Types = Types(127);

    /// The types that are compared one by one.
    const GROUPS: [Types; 6] =
        [Types::NULL, Types::BOOLEAN, Types::NUMBER, Types::STRING, Types::ARRAY, Types::OBJECT];

    pub(super) fn is_empty(self) -> bool {
        self == Types::NONE
    }

    pub(super) fn has(self, other: Types) -> bool {
        !(self & other).is_empty()
    }

    pub(super) fn without(self, other: Types) -> Types {
        Types(self.0 & !other.0)
    }

    /// Splits the set into single types.
    pub(super) fn groups(self) -> Vec<Types> {
        Types::GROUPS.into_iter().map(|group| group & self).filter(|group| !group.is_empty()).collect()
    }

    /// Returns the set that a value of `type` names (JSON Schema Validation 2020-12 §6.1.1).
    pub(super) fn named(value: &Value) -> Option<Types> {
        match &value.kind {
            Kind::String(name) => Types::by_name(name),
            Kind::List(list) => {
                list.iter().try_fold(Types::NONE, |types, name| Some(types | Types::by_name(name.as_str()?)?))
            }
            _ => None,
        }
    }

    fn by_name(name: &str) -> Option<Types> {
        Some(match name {
            "null" => Types::NULL,
            "boolean" => Types::BOOLEAN,
            "integer" => Types::WHOLE,
            "number" => Types::NUMBER,
            "string" => Types::STRING,
            "array" => Types::ARRAY,
            "object" => Types::OBJECT,
            _ => return None,
        })
    }

    /// Returns the type of a value.
    pub(super) fn of(value: &Value) -> Types {
        match &value.kind {
            Kind::Null => Types::NULL,
            Kind::Bool(_) => Types::BOOLEAN,
            Kind::Integer(_) => Types::WHOLE,
            Kind::Number(_) => match value.as_decimal() {
                Some(number) if number.is_integer() => Types::WHOLE,
                _ => Types::FRACTION,
            },
            Kind::String(_) => Types::STRING,
            Kind::List(_) => Types::ARRAY,
            Kind::Map(_) => Types::OBJECT,
        }
    }

    /// Returns the names of the types, for messages.
    pub(super) fn show(self) -> String {
        let names: Vec<&str> = self
            .groups()
            .into_iter()
            .map(|group| match group {
                Types::NULL => "null",
                Types::BOOLEAN => "boolean",
                Types::WHOLE => "integer",
                Types::NUMBER => "number",
                Types::FRACTION => "number with a fraction",
                Types::STRING => "string",
                Types::ARRAY => "array",
                _ => "object",
            })
            .collect();
        names.join(" or ")
    }
}

impl BitAnd for Types {
    type Output = Types;

    fn bitand(self, other: Types) -> Types {
        Types(self.0 & other.0)
    }
}

impl BitOr for Types {
    type Output = Types;

    fn bitor(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }
}
