//! `id-plugin doctor`: checks the manifests of other plugin systems in the working tree, and the configuration of one of them.

use std::path::Path;
use std::process::ExitCode;

use artifact::{Format, Problem, tolerant};
use diagnostic::{CheckedRange, Diagnostic, Level, Location, Report, Verdict};
use dialect::{Discovery, FoundManifest};
use engine::{CustomIssue, ManifestRequest, Rule, check_manifests, finish_existing};
use policy::Policy;
use schema::Schema;
use snapshot::{RepoPath, Snapshot};

use super::editor::Workbench;
use crate::arguments::PluginDoctorArguments;
use crate::error::CommandError;
use crate::session::load_policy;
use crate::{environment, output};

/// The name of the command in reports.
const COMMAND: &str = "doctor";

/// What a policy without a pack of another system means: nothing was looked for.
pub(super) const NONE_ENABLED: &str =
    "no pack of another plugin system is enabled in policy-packs/policy.yaml";

/// The rules that report what is wrong with a manifest.
pub(super) fn rules() -> Vec<&'static Rule> {
    let conflict = rules::policy::RULES.iter().copied().filter(|rule| rule.info.id == codes::POLICY_INVALID);
    let schema = rules::schemas::RULES.iter().copied();
    let schema = schema.filter(|rule| matches!(rule.check, engine::Check::Custom(CustomIssue::Schema)));
    rules::custom::RULES.iter().copied().chain(schema).chain(conflict).collect()
}

pub(super) fn run(arguments: &PluginDoctorArguments) -> ExitCode {
    let report = check(arguments).unwrap_or_else(|error| error.into_report(COMMAND));
    let fails = report.verdict() == Verdict::Pass
        && report.findings.iter().any(|finding| finding.waived_by.is_none());
    let status = output::finish("id-plugin", &arguments.common, &rules(), report);
    // A warning is a finding as well: this command reports the health of each manifest.
    if fails { ExitCode::from(Verdict::Fail.exit_code()) } else { status }
}

fn check(arguments: &PluginDoctorArguments) -> Result<Report, CommandError> {
    let bench = Workbench::open(&arguments.common.repo)?;
    let tree = bench.worktree()?;
    let (policy, mut policy_name) = load_policy(arguments.common.policy.as_deref(), &tree, None)?;
    if policy.has_file && arguments.common.policy.is_none() {
        policy_name = tree.name();
    }
    let discovery = dialect::discover(&tree, &policy, None)?;
    let selection = Selection::of(&arguments.paths, &discovery)?;
    let rules = rules();
    let request = ManifestRequest {
        rules: &rules,
        head: &tree,
        discovery: &discovery,
        policy: &policy,
        custom: &crate::custom::evaluate,
        repository_name: None,
    };
    let mut findings = check_manifests(&request, &|found| selection.contains(found))?;
    if let Some(path) = &arguments.config {
        findings.extend(check_config(path, &tree, &discovery, &selection, &rules)?);
    }
    finish_existing(&policy, environment::today(), &mut findings);
    let count = discovery.manifests.iter().filter(|found| selection.contains(found)).count();
    let checked = CheckedRange {
        command: COMMAND.into(),
        head: Some(tree.name()),
        policy: Some(policy_name),
        files: count as u64,
        rules: rules.len() as u64,
        ..CheckedRange::default()
    };
    let messages = summaries(&policy, &discovery, &selection, &findings);
    Ok(Report { checked, findings, messages, ..Report::default() })
}

/// The manifests that the arguments name.
struct Selection {
    /// All of them if empty.
    places: Vec<RepoPath>,
}

impl Selection {
    fn of(paths: &[String], discovery: &Discovery<'_>) -> Result<Selection, CommandError> {
        let places: Vec<RepoPath> = paths
            .iter()
            .map(|path| RepoPath::from(path.trim_start_matches("./").trim_end_matches('/')))
            .collect();
        let selection = Selection { places };
        for (place, path) in selection.places.iter().zip(paths) {
            if !discovery.manifests.iter().any(|found| is_at(found, place)) {
                return Err(CommandError::failed_with(
                    format!("no manifest of an enabled plugin system at {path:?}"),
                    "id-plugin list prints the manifests",
                ));
            }
        }
        Ok(selection)
    }

    fn contains(&self, found: &FoundManifest<'_>) -> bool {
        self.places.is_empty() || self.places.iter().any(|place| is_at(found, place))
    }
}

/// Returns whether a manifest is at a path or below it.
fn is_at(found: &FoundManifest<'_>, place: &RepoPath) -> bool {
    place.is_root()
        || place.as_bytes() == b"."
        || found.node.path == *place
        || found.node.path.prefixes().any(|above| above == place.as_bytes())
}

/// Returns a line for each system: how many manifests, errors and warnings.
fn summaries(
    policy: &Policy,
    discovery: &Discovery<'_>,
    selection: &Selection,
    findings: &[Diagnostic],
) -> Vec<String> {
    let mut lines = Vec::new();
    for pack in policy.packs.iter().filter(|pack| !pack.dialects.is_empty()) {
        let of_pack: Vec<&FoundManifest<'_>> = discovery
            .manifests
            .iter()
            .filter(|found| found.dialect.pack == pack.name && selection.contains(found))
            .collect();
        let is_here = |finding: &&Diagnostic| {
            let path = finding.location.as_ref().map(|place| &place.path);
            path.is_some_and(|path| of_pack.iter().any(|found| found.node.path == *path))
        };
        let errors = findings.iter().filter(is_here).filter(|finding| finding.level == Level::Deny).count();
        let warnings = findings.iter().filter(is_here).count() - errors;
        let mut line = format!("{}: {}", pack.name, counted(of_pack.len(), "manifest"));
        for (count, what) in [(errors, "error"), (warnings, "warning")] {
            if count > 0 {
                line += &format!(", {}", counted(count, what));
            }
        }
        lines.push(line);
    }
    if lines.is_empty() {
        lines.push(NONE_ENABLED.into());
    }
    lines
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Returns the only element.
fn only<T>(mut elements: impl Iterator<Item = T>) -> Option<T> {
    elements.next().filter(|_| elements.next().is_none())
}

/// Validates a host's configuration against the schema in the only selected manifest. A manifest without one accepts everything.
fn check_config(
    path: &Path,
    tree: &dyn Snapshot,
    discovery: &Discovery<'_>,
    selection: &Selection,
    rules: &[&'static Rule],
) -> Result<Vec<Diagnostic>, CommandError> {
    let with_schema =
        |found: &&FoundManifest<'_>| found.dialect.config_schema.is_some() && selection.contains(found);
    let mut selected = discovery.manifests.iter().filter(with_schema);
    let (Some(found), None) = (selected.next(), selected.next()) else {
        if let Some(other) = only(discovery.manifests.iter().filter(|found| selection.contains(found))) {
            return Err(CommandError::failed_with(
                format!("the plugins of {} have no configuration that could be checked", other.dialect.pack),
                "run id-plugin doctor without --config",
            ));
        }
        return Err(CommandError::failed_with(
            "--config requires exactly one manifest of a system whose plugins have a configuration",
            "name the manifest: id-plugin list prints them",
        ));
    };
    let name = RepoPath::from(path.to_string_lossy().as_ref());
    let text = repo::disk::read(path, tolerant::LIMITS.bytes as u64)?
        .ok_or_else(|| CommandError::failed(format!("file not found: {}", path.display())))?;
    let format = Format::of_path(&name).ok_or_else(|| {
        CommandError::failed_with(format!("unknown format: {}", path.display()), "use JSON, YAML or TOML")
    })?;
    let rule = rules.iter().find(|rule| matches!(rule.check, engine::Check::Custom(CustomIssue::Schema)));
    let finding = |place: &RepoPath, text: &[u8], problem: Problem| {
        let at = Location::at(place, text, problem.span).with_pointer(problem.pointer);
        let finding = rule.map(|rule| Diagnostic::new(&rule.info, problem.message).at(at));
        finding.map(|finding| finding.help(problem.help.unwrap_or_else(|| "change the configuration".into())))
    };
    let document = match tolerant::read(format, &text, &tolerant::LIMITS) {
        Ok(document) => document,
        Err(error) => {
            let problem = Problem { help: error.help, ..Problem::new(error.span, error.message) };
            return Ok(finding(&name, &text, problem).into_iter().collect());
        }
    };
    let manifest = found.open(tree)?;
    let at = found.dialect.config_schema.as_deref().unwrap_or_default();
    let schema = manifest.document.as_ref().ok().and_then(|document| document.pointer(at));
    let Some(schema) = schema.filter(|schema| schema.kind != artifact::Kind::Null) else {
        return Ok(Vec::new());
    };
    match Schema::compile(schema) {
        Ok(schema) => Ok(schema
            .check(&document)
            .into_iter()
            .filter_map(|problem| finding(&name, &text, problem))
            .collect()),
        Err(problem) => {
            let problem = Problem { pointer: format!("{at}{}", problem.pointer), ..problem };
            Ok(finding(&manifest.path, &manifest.text, problem).into_iter().collect())
        }
    }
}
