//! Links a finding to the one that it follows from, so that reports for people show causes only.
//!
//! The exit status cannot change: a cause is at the same level or a higher one, and neither accepted nor allowed.

use std::collections::BTreeMap;

use codes::{CASCADES, Cascade, Extent, RuleId, Rules};
use diagnostic::{CausedBy, Diagnostic};
use snapshot::RepoPath;

/// The causes that one finding is compared with: further ones are of other places.
const MAX_COMPARED_CAUSES: usize = 1_000;

/// Sets `caused_by` on every finding that follows from another.
pub(crate) fn link_causes(findings: &mut [Diagnostic]) {
    for cascade in CASCADES {
        let causes = causes_of(cascade, findings);
        if causes.is_empty() {
            continue;
        }
        for finding in findings.iter_mut() {
            if finding.caused_by.is_none() && contains(cascade.consequences, finding.rule.id) {
                finding.caused_by = cause_of(cascade, &causes, finding);
            }
        }
    }
}

/// A finding that may be a cause.
struct Cause {
    by: CausedBy,
    level: diagnostic::Level,
    commit: Option<snapshot::ObjectId>,
    path: Option<RepoPath>,
}

/// Collects the causes of a cascade by the directory in which they are.
fn causes_of(cascade: &Cascade, findings: &[Diagnostic]) -> BTreeMap<Vec<u8>, Vec<Cause>> {
    let mut causes: BTreeMap<Vec<u8>, Vec<Cause>> = BTreeMap::new();
    for finding in findings {
        if finding.is_accepted() || !finding.is_shown() || !contains(cascade.causes, finding.rule.id) {
            continue;
        }
        let path = finding.location.as_ref().map(|location| location.path.clone());
        let group = match cascade.extent {
            Extent::Change => Vec::new(),
            Extent::Artifact => path.as_ref().map(top).unwrap_or_default(),
        };
        let group = causes.entry(group).or_default();
        if group.len() < MAX_COMPARED_CAUSES {
            group.push(Cause {
                by: CausedBy { code: finding.rule.id.code, fingerprint: finding.fingerprint() },
                level: finding.level,
                commit: finding.commit.as_ref().map(|commit| commit.id),
                path,
            });
        }
    }
    causes
}

fn cause_of(
    cascade: &Cascade,
    causes: &BTreeMap<Vec<u8>, Vec<Cause>>,
    finding: &Diagnostic,
) -> Option<CausedBy> {
    let path = finding.location.as_ref().map(|location| &location.path);
    let group = match cascade.extent {
        Extent::Change => Vec::new(),
        Extent::Artifact => path.map(top)?,
    };
    let commit = finding.commit.as_ref().map(|commit| commit.id);
    let is_cause = |cause: &&Cause| {
        let is_near = match (cascade.extent, &cause.path, path) {
            (Extent::Change, ..) => true,
            (Extent::Artifact, Some(cause), Some(path)) => is_same_artifact(cause, path),
            (Extent::Artifact, ..) => false,
        };
        is_near && cause.level >= finding.level && cause.commit == commit
    };
    causes.get(&group)?.iter().find(is_cause).map(|cause| cause.by.clone())
}

fn contains(rules: &[Rules], id: RuleId) -> bool {
    rules.iter().any(|rules| match rules {
        Rules::One(one) => *one == id,
        Rules::Family(family) => *family == id.family,
    })
}

/// Returns the first two components of a path, which related paths share: causes are grouped by it.
fn top(path: &RepoPath) -> Vec<u8> {
    let components: Vec<&[u8]> = path.as_bytes().split(|&byte| byte == b'/').take(2).collect();
    components.join(&b'/')
}

/// Whether two paths belong to one artifact: the same file, or one below the directory of the other.
fn is_same_artifact(a: &RepoPath, b: &RepoPath) -> bool {
    let is_card = |path: &RepoPath| path.as_bytes().starts_with(b"ids/");
    a == b || !is_card(a) && !is_card(b) && (is_below_directory_of(a, b) || is_below_directory_of(b, a))
}

/// Whether `path` is below the directory of `file`. The directory of all plugins is none of an artifact.
fn is_below_directory_of(path: &RepoPath, file: &RepoPath) -> bool {
    let directory = file.parent();
    let directory = if directory.as_bytes().contains(&b'/') { &directory } else { file };
    path.as_bytes().strip_prefix(directory.as_bytes()).is_some_and(|rest| rest.first() == Some(&b'/'))
}

#[cfg(test)]
mod tests {
    use diagnostic::{Level, Location, RuleInfo, WaivedBy};

    use super::*;

    const fn rule(id: RuleId) -> RuleInfo {
        RuleInfo { id, summary: "", page: "" }
    }

    static SCHEMA: RuleInfo = rule(codes::DOCUMENT_INVALID);
    static STALE: RuleInfo = rule(codes::MANIFEST_STALE);

    fn findings() -> Vec<Diagnostic> {
        let at = |rule: &'static RuleInfo, path: &str| {
            Diagnostic::new(rule, "m").at(Location::of(&RepoPath::from(path)))
        };
        vec![
            at(&SCHEMA, "plugins/alpha/plugin.spec.json"),
            at(&STALE, "plugins/alpha/manifest.json"),
            at(&STALE, "plugins/beta/manifest.json"),
        ]
    }

    fn suppressed(findings: &mut [Diagnostic]) -> Vec<bool> {
        link_causes(findings);
        findings.iter().map(|finding| finding.caused_by.is_some()).collect()
    }

    #[test]
    fn a_consequence_names_its_cause_in_the_same_artifact() {
        let mut findings = findings();
        assert_eq!(suppressed(&mut findings), [false, true, false]);
        let by = findings[1].caused_by.clone().unwrap();
        assert_eq!((by.code, by.fingerprint), ("SCH001", findings[0].fingerprint()));
    }

    #[test]
    fn a_cause_that_is_waived_or_weaker_suppresses_nothing() {
        let mut waived = findings();
        let text = || "x".to_string();
        waived[0].waived_by = Some(WaivedBy { owner: text(), reason: text(), until: text() });
        assert_eq!(suppressed(&mut waived), [false; 3]);
        let mut weaker = findings();
        weaker[0].level = Level::Warn;
        assert_eq!(suppressed(&mut weaker), [false; 3]);
    }
}
