//! A version range can be resolved.

use std::collections::BTreeMap;

use artifact::Value;
use diagnostic::{Diagnostic, Related, RuleInfo};
use engine::{Check, Document, Rule, StateContext};
use index::SPEC;
use semver::{Version, VersionReq};
use snapshot::{RepoPath, Result};

use super::consequence::consequence;
use super::range::can_be_met;
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

/// The versions of the core that a plugin works with.
const CORE_RANGE: &str = "/core/range";
/// The most versions of the core that a message lists.
const MAX_LISTED_VERSIONS: usize = 50;

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for (_, spec) in used(state) {
        if let Some(range) = spec.value.as_ref().ok().and_then(|value| value.pointer(CORE_RANGE)) {
            let read = read(spec, range, CORE_RANGE, findings);
            findings.extend(read.and_then(|range| no_core_version(state, spec, &range)));
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
    check_dependents(state, findings)
}

/// Checks the ranges of plugins that the change does not touch: it must not publish a version that they do not accept.
fn check_dependents(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for affected in &state.affected_dependencies() {
        let Some(after) = affected.after else { continue };
        let (Ok(range), Ok(version)) = (VersionReq::parse(affected.range), Version::parse(&after.version))
        else {
            continue;
        };
        // A range that the base branch does not meet either is broken already.
        let was_met = Version::parse(&affected.before.version).is_ok_and(|before| range.matches(&before));
        if !was_met || range.matches(&version) {
            continue;
        }
        let dependent = &affected.dependent.key;
        let message = format!(
            "{dependent} depends on {} {}, which {version} does not match",
            affected.key, affected.range
        );
        let finding = consequence(&RULE.info, state, affected, (message, "/version"))?;
        findings.push(finding.help(format!(
            "widen the range of {dependent} in a change before this one, or publish a version that it accepts"
        )));
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

/// Reports a range of the core that accepts none of the versions that exist, where the policy lists them.
fn no_core_version(state: &StateContext<'_>, spec: &Document, range: &VersionReq) -> Option<Diagnostic> {
    let versions = &state.policy.core.versions;
    if versions.is_empty() || versions.iter().any(|version| range.matches(version)) {
        return None;
    }
    let mut listed: Vec<String> = versions.iter().take(MAX_LISTED_VERSIONS).map(Version::to_string).collect();
    if versions.len() > listed.len() {
        listed.push(format!("{} more", versions.len() - listed.len()));
    }
    let written = spec.text_at(CORE_RANGE).unwrap_or_default();
    let message = format!("core.range {written} accepts no version of the core: {}", listed.join(", "));
    let help =
        "widen the range to a version under `core.versions` of the policy, if the plugin works with it";
    Some(Diagnostic::new(&RULE.info, message).at(spec.place(CORE_RANGE)).help(help))
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
