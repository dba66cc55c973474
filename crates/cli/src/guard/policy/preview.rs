//! `id-guard policy preview`: what a proposed policy would newly flag or clear, before anybody merges it.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Level, sanitise};
use engine::{
    Check, CheckRequest, CoverageReports, Document, FullTreeRequest, Head, PolicyCoverage, Rule, check,
    check_full_tree, check_policy_coverage, count_released, policy_coverage,
};
use plugin_files::CONTRACT;
use policy::{Discipline, Policy, Section};
use repo::{Commit, Repository};
use rules::compatibility::contract_breaking;
use serde_json::{Value, json};
use snapshot::{ObjectId, Snapshot};

use super::{coverage, tree_at};
use crate::arguments::PreviewArguments;
use crate::error::CommandError;
use crate::session::{load_policy, open};
use crate::{base, custom, environment, output};

/// A finding under two policies.
struct Difference {
    /// The checked merge; `None` for the whole tree.
    at: Option<ObjectId>,
    finding: Diagnostic,
    now: Option<Level>,
    then: Option<Level>,
}

pub(super) fn run(arguments: &PreviewArguments) -> Result<String, CommandError> {
    let repository = open(&arguments.place.repo)?;
    let (head, name) = current(&repository, arguments.rev.as_deref())?;
    let tip = repository.commit(head)?;
    let now = Policy::load(&tip)?;
    // The files of a proposed policy may come with it.
    let (then, tree) = match (&arguments.proposed, &arguments.file) {
        (None, Some(file)) => {
            let tree: Box<dyn Snapshot> = Box::new(repository.commit(head)?);
            (load_policy(Some(file), &tip, None)?.0, tree)
        }
        (proposed, _) => {
            let tree = tree_at(&repository, proposed.as_deref())?;
            (Policy::load(tree.as_ref())?, tree)
        }
    };
    let released = count_released(&tip, &now, &then)?;
    let released = now.disciplines.iter().zip(released).filter(|(_, files)| *files > 0).collect();
    let proposed = Proposed {
        released,
        coverage: policy_coverage(tree.as_ref(), &then)?,
        findings: check_policy_coverage(rules::ALL, tree.as_ref(), Some(&tip), &then, environment::today())?,
        policy: &then,
    };
    let mut differences = compare(None, |policy| of_tree(&repository, &tip, policy), &now, &then)?;
    differences.extend(dropped_event_fields(&tip, &now, &then)?);
    let mut merges = 0;
    let mut at = tip.header().clone();
    while merges < arguments.merges
        && let Some(&parent) = at.parents.first()
    {
        let (base, commit) = (parent, at.id);
        differences.extend(compare(
            Some(commit),
            |policy| of_merge(&repository, base, commit, policy),
            &now,
            &then,
        )?);
        merges += 1;
        at = repository.commit(parent)?.header().clone();
    }
    Ok(match arguments.json {
        true => output::json(&as_json(&differences, merges, &name, &proposed)),
        false => {
            let same = if now.digest == then.digest && now.known == then.known {
                format!("the proposed policy is identical to the one on {}\n", sanitise::text(&name))
            } else {
                String::new()
            };
            same + &shown(&differences, &proposed) + &summary(&differences, merges, &name)
        }
    })
}

/// A proposed policy, and what it governs.
struct Proposed<'p> {
    policy: &'p Policy,
    /// The disciplines of the current policy with files that it no longer governs, and how many.
    released: Vec<(&'p Discipline, u64)>,
    coverage: PolicyCoverage,
    /// What of it matches nothing.
    findings: Vec<Diagnostic>,
}

/// Returns the commit of the current policy, with its name: the named one, else the base branch, else `HEAD`.
fn current(repository: &Repository, rev: Option<&str>) -> Result<(ObjectId, String), CommandError> {
    let base = if rev.is_none() { base::default_base(repository)? } else { None };
    if let Some(base) = base {
        return Ok(base);
    }
    let name = rev.unwrap_or("HEAD");
    Ok((base::commit(repository, name)?, name.into()))
}

/// Returns the published contracts with an event field that the proposed policy no longer requires: new versions keep it.
fn dropped_event_fields(
    tip: &Commit<'_>,
    now: &Policy,
    then: &Policy,
) -> Result<Vec<Difference>, CommandError> {
    let fields = |policy: &Policy| -> Vec<String> {
        policy.values.names(Section::Quality, "event_fields").unwrap_or_default().to_vec()
    };
    let left = fields(then);
    let dropped: Vec<String> = fields(now).into_iter().filter(|field| !left.contains(field)).collect();
    let mut found = Vec::new();
    let folders = if dropped.is_empty() { Vec::new() } else { now.layout.directories(tip)? };
    for folder in folders {
        let Some(contract) = Document::open(tip, &folder.path.join(CONTRACT.as_bytes()))? else { continue };
        for field in &dropped {
            let pointer = format!("/properties/{}", artifact::escape(field));
            let is_published =
                contract.value.as_ref().is_ok_and(|contract| contract.pointer(&pointer).is_some());
            if is_published {
                let message = format!(
                    "the published contract has the event field `{field}`: new versions keep it, although the policy no longer requires it"
                );
                let mut finding =
                    Diagnostic::new(&contract_breaking::RULE.info, message).at(contract.place(&pointer));
                finding.level = Level::Warn;
                found.push(Difference { at: None, finding, now: None, then: Some(Level::Warn) });
            }
        }
    }
    Ok(found)
}

/// Checks with both policies, and returns the differences.
fn compare(
    at: Option<ObjectId>,
    judge: impl Fn(&Policy) -> Result<Vec<Diagnostic>, CommandError>,
    now: &Policy,
    then: &Policy,
) -> Result<Vec<Difference>, CommandError> {
    let level = |finding: &Diagnostic| {
        Some(finding.level).filter(|level| *level != Level::Allow && !finding.is_accepted())
    };
    let mut printed: BTreeMap<String, Difference> = BTreeMap::new();
    for finding in judge(now)? {
        let now = level(&finding);
        printed.insert(finding.fingerprint(), Difference { at, finding, now, then: None });
    }
    for finding in judge(then)? {
        let then = level(&finding);
        printed
            .entry(finding.fingerprint())
            .or_insert(Difference { at, finding, now: None, then: None })
            .then = then;
    }
    Ok(printed.into_values().filter(|difference| difference.now != difference.then).collect())
}

/// Every rule but those about what a policy governs: a preview lists that once, for the proposed policy.
fn previewed_rules() -> Vec<&'static Rule> {
    rules::ALL.iter().copied().filter(|rule| !matches!(rule.check, Check::Coverage(_))).collect()
}

fn of_tree(
    repository: &Repository,
    tip: &Commit<'_>,
    policy: &Policy,
) -> Result<Vec<Diagnostic>, CommandError> {
    let rules = previewed_rules();
    let request = FullTreeRequest {
        rules: &rules,
        head: tip,
        policy,
        policy_name: String::new(),
        today: environment::today(),
        is_merged: false,
        published: &|id| repository.tree(id).map(|tree| Box::new(tree) as Box<dyn Snapshot + '_>),
        known_index: &|| None,
        custom: &custom::evaluate,
        coverage: CoverageReports::default(),
    };
    Ok(check_full_tree(&request)?.0.findings)
}

fn of_merge(
    repository: &Repository,
    base: ObjectId,
    commit: ObjectId,
    policy: &Policy,
) -> Result<Vec<Diagnostic>, CommandError> {
    let rules = previewed_rules();
    let request = CheckRequest {
        rules: &rules,
        repository,
        base,
        base_name: None,
        head: Head::Commit(commit),
        per_commit: false,
        pushed: false,
        policy,
        policy_name: String::new(),
        today: environment::today(),
        known_index: &|| None,
        custom: &custom::evaluate,
        coverage: CoverageReports::default(),
    };
    Ok(check(&request)?.0.findings)
}

fn name(level: Option<Level>) -> &'static str {
    level.map_or("nothing", Level::name)
}

fn place(finding: &Diagnostic) -> String {
    finding.location.as_ref().map_or_else(String::new, |place| {
        let path = String::from_utf8_lossy(place.path.as_bytes()).into_owned();
        match place.span {
            Some(span) => format!("{path}:{}:{}", span.start.line, span.start.column),
            None => path,
        }
    })
}

fn shown(differences: &[Difference], proposed: &Proposed<'_>) -> String {
    let mut text = String::new();
    let mut heading = None;
    for difference in differences {
        if heading != Some(difference.at) {
            heading = Some(difference.at);
            text += &match difference.at {
                None => "the whole repository:\n".to_string(),
                Some(id) => format!("merge {}:\n", id.short()),
            };
        }
        let finding = &difference.finding;
        let line = format!(
            "  {} → {}  {} {}  {}  {}",
            name(difference.now),
            name(difference.then),
            finding.rule.id.code,
            finding.rule.id.name,
            place(finding),
            finding.message
        );
        text += &(sanitise::text(&line) + "\n");
    }
    let governed = coverage::lines(proposed.policy, &proposed.coverage, |entry| !entry.origin.embedded);
    if !governed.is_empty() {
        text += "what the proposed policy governs:\n";
        text.extend(governed.lines().map(|line| sanitise::text(line.trim_end()) + "\n"));
    }
    if !proposed.released.is_empty() {
        text += "what the proposed policy no longer governs:\n";
    }
    for (discipline, files) in &proposed.released {
        let line = format!(
            "  {} ({}): {}",
            discipline.pattern.as_str(),
            discipline.kind.name(),
            coverage::count(*files, "file")
        );
        text += &(sanitise::text(&line) + "\n");
    }
    for finding in &proposed.findings {
        let code = finding.rule.id.code;
        let help = finding.help.first().map(|help| format!("\n  help: {help}")).unwrap_or_default();
        let line = format!("{} {code} {}: {}{help}", finding.level.name(), place(finding), finding.message);
        text.extend(line.lines().map(|line| sanitise::text(line) + "\n"));
    }
    text
}

fn summary(differences: &[Difference], merges: usize, name: &str) -> String {
    let newly = differences.iter().filter(|difference| difference.then > difference.now).count();
    format!(
        "checked the whole repository and {merges} merge{} of {}: {newly} added or raised, {} removed or lowered\n",
        if merges == 1 { "" } else { "s" },
        sanitise::text(name),
        differences.len() - newly
    )
}

fn as_json(differences: &[Difference], merges: usize, base: &str, proposed: &Proposed<'_>) -> Value {
    let list: Vec<Value> = differences
        .iter()
        .map(|difference| {
            let finding = &difference.finding;
            json!({
                "merge": difference.at.map(|id| id.to_string()),
                "now": name(difference.now),
                "then": name(difference.then),
                "code": finding.rule.id.code,
                "rule": finding.rule.id.name,
                "place": place(finding),
                "message": finding.message,
            })
        })
        .collect();
    let gap = |finding: &Diagnostic| {
        json!({
            "code": finding.rule.id.code,
            "rule": finding.rule.id.name,
            "level": name(Some(finding.level)),
            "place": place(finding),
            "message": finding.message,
            "help": finding.help,
        })
    };
    let released = |(discipline, files): &(&Discipline, u64)| {
        json!({
            discipline.selector(): discipline.pattern.as_str(),
            "discipline": discipline.kind.name(),
            "files": files,
        })
    };
    json!({
        "schema_version": 1,
        "base": base,
        "merges": merges,
        "differences": list,
        "governed": proposed.coverage.governed,
        "no_longer_governed": proposed.released.iter().map(released).collect::<Vec<Value>>(),
        "paths": coverage::json(proposed.policy, &proposed.coverage),
        "warnings": proposed.findings.iter().map(gap).collect::<Vec<Value>>(),
    })
}
