//! Version ranges: whether any version matches one, and which versions one matches and another does not.

use semver::{BuildMetadata, Comparator, Prerelease, Version, VersionReq};

/// Whether any version matches a range.
///
/// If versions match every bound, the lowest release or pre-release among them is at a bound, or directly after one.
pub(super) fn can_be_met(range: &VersionReq) -> bool {
    candidates(&[range]).iter().any(|version| range.matches(version))
}

/// Returns a version that matches the one range and not the other, if there is one.
///
/// The lowest of them is at a bound of one of the ranges, or directly after one.
pub(super) fn difference(one: &VersionReq, other: &VersionReq) -> Option<Version> {
    candidates(&[one, other]).into_iter().find(|version| one.matches(version) && !other.matches(version))
}

/// Returns the versions at the bounds of ranges and directly after them, in order.
fn candidates(ranges: &[&VersionReq]) -> Vec<Version> {
    let mut candidates = vec![Version::new(0, 0, 0)];
    for bound in ranges.iter().flat_map(|range| &range.comparators) {
        candidates.extend(around(bound));
    }
    candidates.sort();
    candidates.dedup();
    candidates
}

/// Returns the versions at a bound and directly after it; a bound without minor or patch version ends at the next one.
fn around(bound: &Comparator) -> Vec<Version> {
    let (major, minor, patch) = (bound.major, bound.minor.unwrap_or(0), bound.patch.unwrap_or(0));
    let at = Version::new(major, minor, patch);
    let mut found = vec![at.clone()];
    found.extend(patch.checked_add(1).map(|patch| Version::new(major, minor, patch)));
    found.extend(minor.checked_add(1).map(|minor| Version::new(major, minor, 0)));
    found.extend(major.checked_add(1).map(|major| Version::new(major, 0, 0)));
    if !bound.pre.is_empty() {
        // SemVer 2.0.0 §11: `0` is the lowest pre-release, and one with an additional field comes directly after.
        let with = |pre: &str| {
            let pre = Prerelease::new(pre).ok()?;
            Some(Version { pre, build: BuildMetadata::EMPTY, ..at.clone() })
        };
        found.extend([with("0"), with(&bound.pre), with(&format!("{}.0", bound.pre))].into_iter().flatten());
    }
    found
}

#[cfg(test)]
mod tests {
    use semver::VersionReq;

    #[test]
    fn a_range_can_be_matched_or_not() {
        for (range, expected) in [
            ("*", true),
            ("1.2", true),
            (">=0.1, <1", true),
            (">2, <1", false),
            (">1, <2", false),
            (">1.2, <1.4", true),
            (">1.2.3, <1.2.4", false),
            (">1.2.3, <=1.2.4", true),
            ("<0.0.0", false),
            ("<0.0.0-b", true),
            ("<0.0.0-0", false),
            ("=1.0.0, =1.0.1", false),
            ("^1.2, ~1.4.7", true),
            ("^0.2, ^0.3", false),
            (">=1.0.0-alpha, <1.0.0-beta", true),
            (">1.0.0-alpha, <1.0.0-alpha.0", false),
            (">1.0.0-alpha, <1.0.0-alpha.1", true),
            (">0.9.9, <1.0.0-beta", true),
            (">=1.0.0, <1.0.0-beta", false),
            (">1.2.18446744073709551615", true),
            (">18446744073709551615", false),
            ("1.*, 2.*", false),
        ] {
            assert_eq!(super::can_be_met(&VersionReq::parse(range).unwrap()), expected, "{range}");
        }
    }

    #[test]
    fn ranges_differ_or_not() {
        let difference = |one: &str, other: &str| {
            let range = |text| VersionReq::parse(text).unwrap();
            super::difference(&range(one), &range(other)).map(|version| version.to_string())
        };
        for (one, other, expected) in [
            (">=1, <2", ">=1, <3", None),
            (">=1, <3", ">=1, <2", Some("2.0.0")),
            (">=1, <2", ">=1.2, <2", Some("1.0.0")),
            ("^1.2", ">=1.2, <2", None),
            (">=1.2, <2", "^1.2", None),
            ("~1.2", "^1.2", None),
            ("^1.2", "~1.2", Some("1.3.0")),
            ("<=1.2", "<=1.2.0", Some("1.2.1")),
            ("*", ">0.0.0", Some("0.0.0")),
            (">1.2", ">=1.3", None),
            ("=1.4.7", "1.4.6", None),
            ("=1.4", "=1.4.7", Some("1.4.0")),
            (">=1.0.0-alpha, <2", ">=1, <2", Some("1.0.0-alpha")),
            ("<1.5", "<1.4.9", Some("1.4.9")),
            ("<=1.4.9", "<1.4.9", Some("1.4.9")),
            (">=1, <1", "2", None),
            ("^0.2", "0.2.*", None),
        ] {
            assert_eq!(difference(one, other).as_deref(), expected, "{one} without {other}");
        }
    }
}
