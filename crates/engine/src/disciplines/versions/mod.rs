//! Versions: what each scheme accepts, and how it orders them.

mod date;
mod debian;
mod dotted;
mod semantic;

use std::cmp::Ordering;
use std::str::FromStr;

use artifact::decimal::Decimal;
use artifact::{Kind, Value};
use policy::Scheme;

use self::date::Date;
use self::debian::Debian;
use self::dotted::Dotted;
use self::semantic::Semantic;

/// A version of one scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Version {
    Semver(Semantic),
    Dotted(Dotted),
    Integer(Decimal),
    Date(Date),
    Pep440(Box<pep440_rs::Version>),
    Debian(Debian),
}

impl Version {
    /// Reads the version that a document writes; `None` where the scheme does not accept it.
    pub(crate) fn read(scheme: Scheme, value: &Value) -> Option<Version> {
        if !matches!(value.kind, Kind::String(_) | Kind::Integer(_) | Kind::Number(_)) {
            return None;
        }
        let text = value.source_text()?;
        match scheme {
            Scheme::Semver => Semantic::read(&text).map(Version::Semver),
            Scheme::Dotted => Dotted::read(&text).map(Version::Dotted),
            Scheme::Integer => read_integer(&text).map(Version::Integer),
            Scheme::Date => Date::read(&text).map(Version::Date),
            Scheme::Pep440 => {
                pep440_rs::Version::from_str(&text).ok().map(|version| Version::Pep440(Box::new(version)))
            }
            Scheme::Debian => Debian::read(&text).map(Version::Debian),
        }
    }

    /// Compares with a version of the same scheme; nothing orders versions of two schemes.
    pub(crate) fn compare(&self, other: &Version) -> Option<Ordering> {
        Some(match (self, other) {
            (Version::Semver(a), Version::Semver(b)) => a.cmp(b),
            (Version::Dotted(a), Version::Dotted(b)) => a.cmp(b),
            (Version::Integer(a), Version::Integer(b)) => a.cmp(b),
            (Version::Date(a), Version::Date(b)) => a.cmp(b),
            (Version::Pep440(a), Version::Pep440(b)) => a.cmp(b),
            (Version::Debian(a), Version::Debian(b)) => a.compare(b),
            _ => return None,
        })
    }
}

/// Reads an integer of any length.
fn read_integer(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let valid = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    Decimal::parse(text).filter(|_| valid)
}

/// Orders digits of any length by their value.
fn compare_digits(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    (a.len(), a).cmp(&(b.len(), b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(scheme: Scheme, text: &str) -> Option<Version> {
        Version::read(scheme, &Value::new(Kind::String(text.into()), 0..0))
    }

    /// Asserts that texts are versions, each higher than the one before.
    pub(super) fn rises(scheme: Scheme, sorted: &[&str]) {
        let versions: Vec<Version> =
            sorted.iter().map(|text| read(scheme, text).unwrap_or_else(|| panic!("{text}"))).collect();
        for (at, a) in versions.iter().enumerate() {
            for (other, b) in versions.iter().enumerate() {
                assert_eq!(a.compare(b), Some(at.cmp(&other)), "{} {}", sorted[at], sorted[other]);
            }
        }
    }

    pub(super) fn equal(scheme: Scheme, a: &str, b: &str) {
        let (one, other) = (read(scheme, a).unwrap(), read(scheme, b).unwrap());
        assert_eq!(one.compare(&other), Some(Ordering::Equal), "{a} {b}");
    }

    pub(super) fn refused(scheme: Scheme, texts: &[&str]) {
        texts.iter().for_each(|text| assert_eq!(read(scheme, text), None, "{text}"));
    }

    #[test]
    fn integers_of_any_length_are_ordered() {
        rises(
            Scheme::Integer,
            &[
                "-10",
                "-9",
                "0",
                "9",
                "10",
                "9007199254740993",
                "9007199254740994",
                "340282366920938463463374607431768211456",
                "340282366920938463463374607431768211457",
            ],
        );
        equal(Scheme::Integer, "007", "7");
        refused(Scheme::Integer, &["", "-", "1.5", "1e3", "0x1", "v1", "1_000"]);
    }

    #[test]
    fn python_versions_are_ordered() {
        rises(
            Scheme::Pep440,
            &[
                "1.0.dev1",
                "1.0a1",
                "1.0b2",
                "1.0rc1",
                "1.0",
                "1.0+local.1",
                "1.0+local.2",
                "1.0.post1",
                "1.1",
                "1!0.1",
            ],
        );
        equal(Scheme::Pep440, "1.0", "v1.0.0");
        equal(Scheme::Pep440, "1.0-RC1", "1.0rc1");
        refused(Scheme::Pep440, &["master", "", "1.0-foo"]);
    }

    #[test]
    fn numbers_are_read_as_written() {
        let number = |text: &str| Value::new(Kind::Number(text.into()), 0..0);
        assert_eq!(Version::read(Scheme::Dotted, &number("1.10")), read(Scheme::Dotted, "1.10"));
        assert_eq!(Version::read(Scheme::Semver, &number("1.0")), None, "two parts, not an integer");
        assert_eq!(Version::read(Scheme::Semver, &Value::new(Kind::Bool(true), 0..0)), None);
        assert_eq!(Version::read(Scheme::Dotted, &Value::new(Kind::List(Vec::new()), 0..0)), None);
    }
}
