//! Manifests of other plugin systems: their schemas, and the rules of their packs with the facts that these may know.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use artifact::{Kind, MapEntry, Problem, Value};
use diagnostic::{CheckError, Diagnostic, Location};
use dialect::{
    Conflict, Discovery, Facts, FoundManifest, Manifest, RepositoryFacts, Role, Schemas, discover,
};
use policy::{Dialect, Fact, PackDocument, Policy, Unit};
use snapshot::{Change, Mode, RepoPath, Snapshot};

use crate::custom_documents::{CustomInput, CustomResult, CustomRules, lossy, place};
use crate::error::Error;
use crate::pack_place::{file_of, pack_name, rules_place};
use crate::rule::{CustomIssue, Rule};
use crate::rule_set::RuleSet;

/// The spec of a plugin, beside a manifest that is one of its documents.
const SPEC: &str = artifact::layout::SPEC;

/// What to check the manifests of a tree by.
pub struct ManifestRequest<'r> {
    /// The rules.
    pub rules: &'r [&'static Rule],
    /// The tree.
    pub head: &'r dyn Snapshot,
    /// The manifests in it.
    pub discovery: &'r Discovery<'r>,
    /// The policy.
    pub policy: &'r Policy,
    /// Evaluates the rules of packs.
    pub custom: &'r CustomRules<'r>,
    /// `owner/name` of the repository, where it is known.
    pub repository_name: Option<String>,
}

/// Checks the manifests that `is_selected`.
///
/// # Errors
/// When a file cannot be read, a schema of a pack is invalid, or its rules cannot be evaluated.
pub fn check_manifests(
    request: &ManifestRequest<'_>,
    is_selected: &dyn Fn(&FoundManifest<'_>) -> bool,
) -> Result<Vec<Diagnostic>, Error> {
    let check = ManifestCheck::new(request)?;
    let mut findings = Vec::new();
    for conflict in &request.discovery.conflicts {
        findings.extend(check.conflict(conflict));
    }
    for dialect in request.policy.dialects() {
        let of_dialect =
            |found: &&FoundManifest<'_>| std::ptr::eq(found.dialect, dialect) && is_selected(found);
        let selected: Vec<_> = request.discovery.manifests.iter().filter(of_dialect).collect();
        check.dialect(dialect, &selected, &mut findings)?;
    }
    Ok(findings)
}

/// Checks the manifests that a change touches, and those whose rules look at what it touches; of the latter, what is not on the base branch.
pub(crate) fn check_touched(
    request: &ManifestRequest<'_>,
    tip: &dyn Snapshot,
    changes: &[Change],
) -> Result<Vec<Diagnostic>, Error> {
    if request.policy.dialects().next().is_none() {
        return Ok(Vec::new());
    }
    let touched = touched(request.discovery, changes);
    let mut findings = check_manifests(request, &|found| touched.contains(&found.node.path))?;
    let before = discover(tip, request.policy, None)?;
    findings.extend(no_longer_claimed(request, &before, changes)?);
    let touched_packs = packs_of(request.discovery, &before, changes);
    let is_related = |found: &FoundManifest<'_>| {
        !touched.contains(&found.node.path)
            && touched_packs.iter().any(|pack| depends_on(found.dialect, pack))
    };
    if request.discovery.manifests.iter().any(is_related) {
        let known = check_manifests(
            &ManifestRequest { head: tip, discovery: &before, ..request.clone() },
            &is_related,
        )?;
        let related = check_manifests(request, &is_related)?;
        findings.extend(related.into_iter().filter(|finding| {
            !known.iter().any(|other| {
                other.rule.id == finding.rule.id
                    && other.message == finding.message
                    && other.location.as_ref().map(|place| (&place.path, &place.pointer))
                        == finding.location.as_ref().map(|place| (&place.path, &place.pointer))
            })
        }));
    }
    Ok(findings)
}

/// Reports the manifests of the base branch that still exist, and that a change beside or above them makes the manifests of nobody.
fn no_longer_claimed(
    request: &ManifestRequest<'_>,
    before: &Discovery<'_>,
    changes: &[Change],
) -> Result<Vec<Diagnostic>, Error> {
    let Some(rule) = request.rules.iter().find(|rule| rule.info.id == codes::POLICY_INVALID) else {
        return Ok(Vec::new());
    };
    let is_above = |change: &Change, path: &RepoPath| {
        let directory = change.path.parent();
        directory.is_root() || path.as_bytes().starts_with(directory.join(b"").as_bytes())
    };
    let mut findings = Vec::new();
    for found in before.manifests.iter().filter(|found| found.role == Role::Artifact) {
        let path = &found.node.path;
        if request.discovery.find(path).is_some()
            || request.discovery.conflicts.iter().any(|conflict| conflict.path == *path)
            || !changes.iter().any(|change| is_above(change, path))
        {
            continue;
        }
        let node = request.head.find(path)?;
        if node.is_some_and(|node| node.object.mode != Mode::Directory) {
            let message = format!(
                "{} is a manifest of the pack {} on the base branch, and this change makes it the manifest of nobody",
                lossy(path),
                found.dialect.pack
            );
            let help = "delete the file, or restore what makes it a manifest: no plugin.spec.json and no other manifest owns its directory, and \
                        it has what `match` and `when` of the pack want";
            findings.push(Diagnostic::new(&rule.info, message).at(Location::of(path)).help(help));
        }
    }
    Ok(findings)
}

/// Returns the manifests that a change touches: the file, or something in the directory that it describes.
fn touched(discovery: &Discovery<'_>, changes: &[Change]) -> BTreeSet<RepoPath> {
    let is_touched = |found: &&FoundManifest<'_>| {
        let path = &found.node.path;
        let inside = path.parent().join(b"");
        let is_of_directory = found.dialect.unit == Unit::Directory || found.role == Role::InsidePlugin;
        let from = changes.partition_point(|change| change.path.as_bytes() < inside.as_bytes());
        let next =
            changes.get(from).is_some_and(|change| change.path.as_bytes().starts_with(inside.as_bytes()));
        changes.binary_search_by(|change| change.path.cmp(path)).is_ok() || is_of_directory && next
    };
    discovery.manifests.iter().filter(is_touched).map(|found| found.node.path.clone()).collect()
}

/// Returns the packs of which a change touches, adds or removes a manifest, or a file of its directory.
fn packs_of(head: &Discovery<'_>, before: &Discovery<'_>, changes: &[Change]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for discovery in [head, before] {
        let touched = touched(discovery, changes);
        let packs = discovery.manifests.iter().filter(|found| touched.contains(&found.node.path));
        found.extend(packs.map(|found| found.dialect.pack.clone()));
    }
    found
}

/// Returns whether the rules of a dialect look at other manifests of a pack or at files elsewhere. Who has an equal value is reported where the
/// value changed.
fn depends_on(dialect: &Dialect, pack: &str) -> bool {
    dialect.facts.values().any(|fact| match fact {
        Fact::Other { pack: other, .. } => other == pack,
        Fact::DocumentsAt(..) | Fact::Sibling(_) | Fact::PathsAt(..) => dialect.pack == pack,
        _ => false,
    })
}

/// The manifests of a tree, and what their schemas and rules need.
struct ManifestCheck<'c> {
    request: &'c ManifestRequest<'c>,
    rules: RuleSet<'c>,
    schemas: Schemas,
    facts: RepositoryFacts<'c>,
}

impl<'c> ManifestCheck<'c> {
    fn new(request: &'c ManifestRequest<'c>) -> Result<ManifestCheck<'c>, Error> {
        let schemas = Schemas::compile(request.policy).map_err(|(path, problem)| CheckError {
            message: format!("invalid schema of a pack: {}", problem.message),
            help: problem.help,
            location: Some(Location::of(&path).with_pointer(problem.pointer)),
        })?;
        let facts = RepositoryFacts::new(request.head, request.discovery, request.repository_name.clone());
        Ok(ManifestCheck { request, rules: RuleSet(request.rules), schemas, facts })
    }

    fn dialect(
        &self,
        dialect: &Dialect,
        selected: &[&FoundManifest<'_>],
        findings: &mut Vec<Diagnostic>,
    ) -> Result<(), Error> {
        let mut inputs = Vec::new();
        for found in selected {
            let manifest = self.facts.open(found)?;
            let facts = Facts::of(&self.facts, dialect, &manifest);
            let verdict = self.schemas.check(dialect, &manifest, &facts)?;
            for problem in verdict.problems {
                let finding = self.violation(dialect, &manifest, problem);
                let schema = verdict.schema.as_ref();
                let schema = schema.map(|schema| format!("required by {}", file_of(&dialect.origin, schema)));
                findings.extend(finding.map(|finding| schema.into_iter().fold(finding, Diagnostic::note)));
            }
            let Ok(document) = &manifest.document else { continue };
            if found.role == Role::InsidePlugin {
                findings.extend(self.differs_from_spec(dialect, &manifest)?);
            }
            if verdict.is_final || dialect.rules.is_empty() || schema::unsupported_number(document).is_some()
            {
                continue;
            }
            let (facts, problems) = facts.all()?;
            for problem in problems {
                let result = result(&problem.name.replace('_', "-"), problem.message, "");
                findings.extend(self.finding(dialect, &result, &manifest));
            }
            inputs.push((Arc::clone(&manifest), input(&manifest, document.clone(), facts)));
        }
        if inputs.is_empty() {
            return Ok(());
        }
        let (manifests, inputs): (Vec<_>, Vec<_>) = inputs.into_iter().unzip();
        for result in (self.request.custom)(&rules_of(dialect), self.request.policy, &inputs)? {
            let manifest = result.input.and_then(|at| manifests.get(at));
            findings.extend(manifest.and_then(|manifest| self.finding(dialect, &result, manifest)));
        }
        Ok(())
    }

    /// Returns a violation of a schema as a finding.
    fn violation(&self, dialect: &Dialect, manifest: &Manifest, problem: Problem) -> Option<Diagnostic> {
        let rule = self.rules.custom(CustomIssue::Schema)?;
        let place = if manifest.text.is_empty() {
            Location::of(&manifest.path)
        } else {
            Location::at(&manifest.path, &manifest.text, problem.span).with_pointer(problem.pointer)
        };
        let help = problem.help.unwrap_or_else(|| {
            format!("change the manifest, or see what {} requires", pack_name(&dialect.origin))
        });
        Some(Diagnostic::new(&rule.info, problem.message).at(place).help(help))
    }

    /// Returns the result of a rule as a finding.
    fn finding(&self, dialect: &Dialect, result: &CustomResult, manifest: &Manifest) -> Option<Diagnostic> {
        let issue = if result.denies { CustomIssue::Denied } else { CustomIssue::Warned };
        let rule = self.rules.custom(issue)?;
        let pointer = result.pointer.as_deref().unwrap_or_default();
        let at = match &manifest.document {
            Ok(document) => {
                let found = place(&manifest.path, &manifest.text, document, pointer);
                // A field that is missing at the top is reported where the document begins, as by a schema.
                let is_missing = found.pointer.is_none() && !pointer.is_empty();
                if is_missing {
                    Location::at(&manifest.path, &manifest.text, 0..0).with_pointer(pointer)
                } else {
                    found
                }
            }
            Err(_) => Location::of(&manifest.path),
        };
        let name = result
            .name
            .as_ref()
            .map_or_else(|| dialect.pack.clone(), |name| format!("{}/{name}", dialect.pack));
        let help = result.help.clone().unwrap_or_else(|| {
            format!("change the manifest, or read the rule in {}", rules_place(&dialect.origin))
        });
        let finding = Diagnostic::new(&rule.info, format!("{name}: {}", result.message)).at(at).help(help);
        Some(if result.rule.is_empty() {
            finding
        } else {
            finding.note(format!("reported by {} of {}", result.rule, pack_name(&dialect.origin)))
        })
    }

    /// Compares a manifest inside a plugin with the plugin's spec: both name the same version of the same plugin.
    fn differs_from_spec(&self, dialect: &Dialect, manifest: &Manifest) -> Result<Vec<Diagnostic>, Error> {
        let path = manifest.path.parent().join(SPEC.as_bytes());
        let Some(spec) = crate::state::Document::open(self.request.head, &path)? else {
            return Ok(Vec::new());
        };
        let sources = dialect.artifact.as_ref().map_or(&dialect.identity, |artifact| &artifact.identity);
        let version = dialect.version_pointer();
        let mut found = Vec::new();
        let both = [
            ("name", manifest.identity(sources), spec.text_at("/name"), String::new()),
            (
                "version",
                version.and_then(|at| manifest.text_at(at)),
                spec.text_at("/version"),
                version.unwrap_or_default().to_string(),
            ),
        ];
        for (what, own, of_spec, pointer) in both {
            if let (Some(own), Some(of_spec)) = (own, of_spec)
                && own != of_spec
            {
                let message = format!("{what} {own} differs from {of_spec} in {}", lossy(&path));
                found.extend(self.finding(dialect, &result("spec-agrees", message, &pointer), manifest));
            }
        }
        Ok(found)
    }

    /// Reports a file that two dialects claim.
    fn conflict(&self, conflict: &Conflict<'_>) -> Option<Diagnostic> {
        let rule = self.rules.0.iter().find(|rule| rule.info.id == codes::POLICY_INVALID)?;
        let [one, other] = conflict.dialects.map(|dialect| dialect.pack.as_str());
        let message = format!("the packs {one} and {other} both describe {}", lossy(&conflict.path));
        let message = match &conflict.owner {
            Some(owner) => format!("{message}: it is in the directory of {}", lossy(owner)),
            None => message,
        };
        let help = "narrow `match` or `when` of one of the packs, or move the file";
        Some(Diagnostic::new(&rule.info, message).at(Location::of(&conflict.path)).help(help))
    }
}

impl Clone for ManifestRequest<'_> {
    fn clone(&self) -> Self {
        ManifestRequest { repository_name: self.repository_name.clone(), ..*self }
    }
}

/// A result that is not of a Rego rule.
fn result(name: &str, message: String, pointer: &str) -> CustomResult {
    CustomResult {
        input: None,
        denies: true,
        rule: String::new(),
        name: Some(name.into()),
        message,
        pointer: Some(pointer.into()),
        help: None,
    }
}

fn input(manifest: &Manifest, document: Value, facts: Value) -> CustomInput {
    let entry = MapEntry { key: artifact::Key { name: "facts".into(), span: 0..0 }, value: facts };
    CustomInput {
        path: manifest.path.clone(),
        value: document,
        data: Some(Value::new(Kind::Map([entry].into_iter().collect()), 0..0)),
        position: None,
        // The place of a result is found in the manifest.
        text: Rc::default(),
    }
}

/// Returns the rules of a dialect as those of an entry of `documents`: its settings are data.
fn rules_of(dialect: &Dialect) -> PackDocument {
    let key = |name: &str| artifact::Key { name: name.into(), span: 0..0 };
    let settings =
        dialect.settings.iter().map(|(name, value)| MapEntry { key: key(name), value: value.clone() });
    let settings = Value::new(Kind::Map(settings.collect()), 0..0);
    let data = MapEntry { key: key("settings"), value: settings };
    let data = Value::new(Kind::Map([data].into_iter().collect()), 0..0);
    PackDocument {
        pattern: dialect.patterns[0].clone(),
        schema: None,
        schema_files: std::collections::BTreeMap::new(),
        rules: dialect.rules.clone(),
        namespaces: dialect.namespaces.clone(),
        data: vec![(dialect.origin.path.clone(), data)],
        combine: false,
        origin: dialect.origin.clone(),
    }
}
