//! Field disciplines: how the fields of a document may change.

use std::fmt;

use crate::origin::Origin;

/// How one field of a document may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRule {
    /// The JSON pointer (RFC 6901) of the field; empty for the whole document.
    pub pointer: String,
    /// How it may change.
    pub discipline: FieldDiscipline,
    /// The line of the policy that declares it.
    pub origin: Origin,
}

/// How a field may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldDiscipline {
    /// Never.
    Frozen,
    /// Set at most once.
    Once,
    /// Set at most once while the field at the pointer stays the same.
    OnceWhile(String),
    /// An array or mapping that loses nothing.
    GrowOnly,
    /// An array that only gains elements at its end.
    AppendOnly,
    /// Only upwards: versions of a scheme.
    Increasing(Increasing),
    /// Only towards the end of the states.
    Forward(Vec<String>),
    /// Not while the field at the pointer stays the same.
    FrozenWhile(String),
}

impl fmt::Display for FieldDiscipline {
    /// Writes the discipline as a policy does, with the scheme of versions.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FieldDiscipline::Frozen => f.write_str("frozen"),
            FieldDiscipline::Once => f.write_str("once"),
            FieldDiscipline::OnceWhile(other) => write!(f, "once-while {other}"),
            FieldDiscipline::GrowOnly => f.write_str("grow-only"),
            FieldDiscipline::AppendOnly => f.write_str("append-only"),
            FieldDiscipline::Increasing(Increasing { scheme, unless: None }) => {
                write!(f, "increasing {}", scheme.name())
            }
            FieldDiscipline::Increasing(Increasing { scheme, unless: Some(other) }) => {
                write!(f, "increasing {} unless {other} rose", scheme.name())
            }
            FieldDiscipline::Forward(states) => write!(f, "forward [{}]", states.join(", ")),
            FieldDiscipline::FrozenWhile(other) => write!(f, "frozen-while {other}"),
        }
    }
}

/// A version that only rises.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Increasing {
    /// How versions are written and ordered.
    pub scheme: Scheme,
    /// The JSON pointer of a field: where it rose, this one may fall or disappear.
    pub unless: Option<String>,
}

/// How versions are written and ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum Scheme {
    /// SemVer 2.0.0, and integers.
    #[default]
    Semver,
    /// Parts of digits and letters.
    Dotted,
    /// Integers of any length.
    Integer,
    /// Days, with a number.
    Date,
    /// Versions of Python packages (PEP 440).
    Pep440,
    /// Versions of Debian packages.
    Debian,
}

impl Scheme {
    /// Every scheme.
    pub const ALL: [Scheme; 6] =
        [Scheme::Semver, Scheme::Dotted, Scheme::Integer, Scheme::Date, Scheme::Pep440, Scheme::Debian];

    /// Returns the name that policies use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Scheme::Semver => "semver",
            Scheme::Dotted => "dotted",
            Scheme::Integer => "integer",
            Scheme::Date => "date",
            Scheme::Pep440 => "pep440",
            Scheme::Debian => "debian",
        }
    }

    /// Returns the scheme that a policy names.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Scheme> {
        Scheme::ALL.into_iter().find(|scheme| scheme.name() == name)
    }
}
