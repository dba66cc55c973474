//! Versions by SemVer 2.0.0, with numbers of any length; an integer N is N.0.0.

use std::cmp::Ordering;

use artifact::decimal::Decimal;

use super::{compare_digits, read_integer};

/// A version by SemVer 2.0.0, or an integer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Semantic {
    major: Decimal,
    minor: Decimal,
    patch: Decimal,
    pre_release: Vec<String>,
}

impl Semantic {
    /// Reads a version, with or without a leading `v`, or an integer.
    pub(super) fn read(text: &str) -> Option<Semantic> {
        if let Some(number) = read_integer(text) {
            return Some(Semantic::of_integer(number));
        }
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
        let (core, pre_release) =
            text.split_once('-').map_or((text, None), |(core, pre_release)| (core, Some(pre_release)));
        if build.is_some_and(|build| !build.split('.').all(is_identifier)) {
            return None;
        }
        let pre_release: Vec<String> =
            pre_release.map_or_else(Vec::new, |text| text.split('.').map(String::from).collect());
        let is_valid = |part: &String| is_identifier(part) && (!is_numeric(part) || is_number(part));
        if !pre_release.iter().all(is_valid) {
            return None;
        }
        let mut numbers = core.split('.');
        let mut number = || numbers.next().filter(|part| is_number(part)).and_then(Decimal::parse);
        let (major, minor, patch) = (number()?, number()?, number()?);
        numbers.next().is_none().then_some(Semantic { major, minor, patch, pre_release })
    }

    fn of_integer(major: Decimal) -> Semantic {
        let zero = || Decimal::parse("0").expect("0 is a number");
        Semantic { major, minor: zero(), patch: zero(), pre_release: Vec::new() }
    }
}

impl Ord for Semantic {
    /// The precedence of SemVer 2.0.0 §11: build metadata does not count.
    fn cmp(&self, other: &Semantic) -> Ordering {
        let numbers =
            (&self.major, &self.minor, &self.patch).cmp(&(&other.major, &other.minor, &other.patch));
        numbers.then_with(|| match (self.pre_release.is_empty(), other.pre_release.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => compare_pre_releases(&self.pre_release, &other.pre_release),
        })
    }
}

impl PartialOrd for Semantic {
    fn partial_cmp(&self, other: &Semantic) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn compare_pre_releases(a: &[String], b: &[String]) -> Ordering {
    let different = a.iter().zip(b).map(|(a, b)| match (is_numeric(a), is_numeric(b)) {
        (true, true) => compare_digits(a, b),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => a.cmp(b),
    });
    different.into_iter().find(|order| order.is_ne()).unwrap_or_else(|| a.len().cmp(&b.len()))
}

fn is_identifier(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_numeric(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number without a leading zero.
fn is_number(part: &str) -> bool {
    is_numeric(part) && (part == "0" || !part.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use policy::Scheme;

    use super::super::tests::{equal, refused, rises};
    use super::*;

    #[test]
    fn versions_are_ordered_by_precedence() {
        rises(
            Scheme::Semver,
            &[
                "0.9.0",
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.beta",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-rc.1",
                "1.0.0",
                "1.9.0",
                "1.10.0",
                "2",
                "2.0.1",
                "18446744073709551616.0.0",
                "18446744073709551617.0.0",
            ],
        );
        equal(Scheme::Semver, "0.24.0", "v0.24.0");
        equal(Scheme::Semver, "1.0.0+0", "1.0.0+1");
        refused(
            Scheme::Semver,
            &[
                "master",
                "",
                "1.2",
                "1.2.3.4",
                "01.0.0",
                "1.0.0-01",
                "1.0.0-",
                "1.0.0+",
                "1.0.0-a..b",
                "1.0.x",
                "vv1.0.0",
                " 1.0.0",
            ],
        );
    }

    #[test]
    fn the_crate_semver_agrees() {
        let parts = ["0", "1", "10", "01", "a", "-", "1a", "0a"];
        let mut versions = Vec::new();
        for a in parts {
            for b in parts {
                versions.extend([
                    format!("1.{a}.2-{b}"),
                    format!("1.2.3-{a}.{b}"),
                    format!("1.2.{a}+{b}"),
                    format!("{a}.{b}.0"),
                ]);
            }
        }
        for text in &versions {
            assert_eq!(Semantic::read(text).is_some(), semver::Version::parse(text).is_ok(), "{text}");
        }
        let read = |text: &String| Some((Semantic::read(text)?, semver::Version::parse(text).ok()?));
        let both: Vec<_> = versions.iter().filter_map(read).collect();
        for (a, theirs_a) in &both {
            for (b, theirs_b) in &both {
                assert_eq!(a.cmp(b), theirs_a.cmp_precedence(theirs_b), "{theirs_a} {theirs_b}");
            }
        }
    }
}
