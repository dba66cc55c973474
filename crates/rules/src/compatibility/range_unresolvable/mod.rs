//! A version range can be resolved.

use std::collections::BTreeMap;

use artifact::Value;
use diagnostic::{Diagnostic, Related, RuleInfo};
use engine::{Check, Document, Rule, StateContext};
use index::SPEC;
use semver::{BuildMetadata, Comparator, Op, Prerelease, Version, VersionReq};
use snapshot::{RepoPath, Result};

use super::version_step::{Dependency, dependencies, used};

/// `CMP005` range-unresolvable.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::RANGE_UNRESOLVABLE,
        summary: "a version range can be resolved",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for (_, spec) in used(state) {
        if let Some(range) = spec.value.as_ref().ok().and_then(|value| value.pointer("/core/range")) {
            read(spec, range, "/core/range", findings);
        }
        let mut seen: BTreeMap<&str, String> = BTreeMap::new();
        for dependency in dependencies(spec) {
            let pointer = format!("{}/version", dependency.pointer);
            if let Some(first) = seen.get(dependency.key) {
                let message = format!("dependency {} is listed twice", dependency.key);
                findings.push(
                    Diagnostic::new(&RULE.info, message)
                        .at(spec.place(&format!("{}/key", dependency.pointer)))
                        .related(Related {
                            location: spec.place(&format!("{first}/key")),
                            commit: None,
                            message: "first listed here".into(),
                        })
                        .help("write one range with bounds separated by commas, as in `>=1.2, <2`"),
                );
                continue;
            }
            seen.insert(dependency.key, dependency.pointer.clone());
            let Some(written) = dependency.version else { continue };
            let Some(range) = read(spec, written, &pointer, findings) else { continue };
            check_range(state, spec, &dependency, &range, &pointer, findings)?;
        }
    }
    Ok(())
}

/// Reads a range, and reports one that is invalid or that no version matches. The schema of specs reports other types.
fn read(
    spec: &Document,
    written: &Value,
    pointer: &str,
    findings: &mut Vec<Diagnostic>,
) -> Option<VersionReq> {
    let (message, help) = match VersionReq::parse(written.as_str()?) {
        Err(error) => (
            format!("invalid version range {}: {error}", written.show()),
            "separate bounds with commas, as in `>=1.2, <2`",
        ),
        Ok(range) if !can_be_met(&range) => (
            format!("no version matches {}", written.show()),
            "a version must match every bound of the range",
        ),
        Ok(range) => return Some(range),
    };
    findings.push(Diagnostic::new(&RULE.info, message).at(spec.place(pointer)).help(help));
    None
}

/// Compares a range with the version of the dependency in the repository; a missing one is reported by another rule.
fn check_range(
    state: &StateContext<'_>,
    spec: &Document,
    dependency: &Dependency<'_>,
    range: &VersionReq,
    pointer: &str,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let Some(other) = state.plugin_of_key(dependency.key) else { return Ok(()) };
    let Ok(version) = Version::parse(&other.version) else { return Ok(()) };
    if range.matches(&version) {
        return Ok(());
    }
    let written = dependency.version.map(Value::show).unwrap_or_default();
    let help = if version.pre.is_empty() {
        format!("widen the range to include {version}, if the plugin works with it")
    } else {
        format!("a pre-release matches only if a bound names one of the same version, as in `>={version}`")
    };
    let message = format!("{} has version {version}, which {written} does not match", dependency.key);
    let finding = Diagnostic::new(&RULE.info, message).at(spec.place(pointer)).help(help);
    let path: RepoPath = other.directory().join(SPEC.as_bytes());
    findings.push(match Document::open(state.head, &path)? {
        Some(there) => finding.related(Related {
            location: there.place("/version"),
            commit: None,
            message: format!("version {version} is here"),
        }),
        None => finding,
    });
    Ok(())
}

/// Whether any version matches a range.
///
/// If versions match every bound, the lowest release or pre-release among them is at a bound, or directly after one.
fn can_be_met(range: &VersionReq) -> bool {
    let mut candidates = vec![Version::new(0, 0, 0)];
    for bound in &range.comparators {
        candidates.extend(around(bound));
    }
    candidates.iter().any(|version| range.matches(version))
}

/// Returns the versions at a bound and directly after it.
fn around(bound: &Comparator) -> Vec<Version> {
    let (major, minor, patch) = (bound.major, bound.minor.unwrap_or(0), bound.patch.unwrap_or(0));
    let at = Version::new(major, minor, patch);
    let mut found = vec![at.clone()];
    if bound.op == Op::Greater {
        found.extend(patch.checked_add(1).map(|patch| Version::new(major, minor, patch)));
        found.extend(minor.checked_add(1).map(|minor| Version::new(major, minor, 0)));
        found.extend(major.checked_add(1).map(|major| Version::new(major, 0, 0)));
    }
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
}
