//! The repository itself: its history, policy and base, and the record.

use diagnostic::{Diagnostic, sanitise};
use engine::{check_policy_coverage, policy_coverage};
use ledger::files::InSnapshot;
use policy::{POLICY_PATH, Policy};
use registry::{MAX_REGISTRY_BYTES, PATH, Registry, Tree, sources_of};
use repo::{Commit, Repository};
use snapshot::{ObjectId, Snapshot as _};

use super::Line;
use crate::base::{self, BaseRequest};
use crate::environment;
use crate::guard::policy::coverage::{count as count_of, line};
use crate::merged::{MergedRequest, MergedState};

pub(super) fn examine(repository: &Repository) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut record: Vec<Line> = Vec::new();
    let mut add =
        |well: bool, text: String| lines.push(if well { Line::ok(text) } else { Line::problem(text) });
    add(
        true,
        format!("the repository opens: {}", environment::from_here(&repository.common_dir()).display()),
    );
    match repository.shallow_boundary() {
        Ok(boundary) if boundary.is_empty() => add(true, "the history is whole".into()),
        Ok(boundary) => {
            let text = format!(
                "the clone is shallow, cut at {} commits: fetch the rest with git fetch --unshallow",
                boundary.len()
            );
            add(false, text);
        }
        Err(error) => add(false, error.to_string()),
    }
    for what in repository.ignored_substitutions() {
        add(true, format!("{what}: git obeys them, id-guard does not"));
    }
    match base::commit(repository, "HEAD").map(|head| repository.commit(head).map(|commit| (head, commit))) {
        Ok(Ok((head, commit))) => match Policy::load(&commit) {
            Ok(policy) => {
                let outside = specs_outside(&commit, &policy);
                let known = recorded(repository, head, &commit, &policy);
                let packs: Vec<String> =
                    policy.packs.iter().map(|pack| format!("{} {}", pack.name, pack.version)).collect();
                let from = if policy.has_file {
                    "policy-packs/policy.yaml"
                } else {
                    "no policy file: the embedded baseline"
                };
                let packs =
                    if packs.is_empty() { "no packs".into() } else { format!("packs {}", packs.join(", ")) };
                let disciplines = count_of(policy.disciplines.len() as u64, "path discipline");
                let (governed, coverage) = match governed(&commit, &policy) {
                    Ok((governed, lines)) => (format!("; {}", count_of(governed, "governed file")), lines),
                    Err(error) => (String::new(), vec![Line::problem(error.to_string())]),
                };
                add(true, format!("policy at {}: {from}; {packs}; {disciplines}{governed}", head.short()));
                for ignored in &policy.ignored {
                    let path = String::from_utf8_lossy(ignored.location.path.as_bytes());
                    let text = format!("{path}: {}", ignored.message);
                    add(false, with_help(&text, Some(&ignored.help)));
                }
                record = coverage;
                record.extend(outside);
                record.extend(known);
            }
            Err(errors) => {
                for error in errors.into_check_errors() {
                    add(
                        false,
                        with_help(
                            &format!("the policy cannot be read: {}", error.message),
                            error.help.as_deref(),
                        ),
                    );
                }
            }
        },
        Ok(Err(error)) => add(false, error.to_string()),
        Err(error) => add(false, with_help(error.message(), error.help())),
    }
    lines.extend(record);
    let wanted = BaseRequest {
        base: None,
        head: "HEAD",
        event: None,
        pre_push: None,
        pre_receive: None,
        next_commit: false,
        remote: "origin",
    };
    match base::resolve(repository, &wanted) {
        Ok(resolution) => lines.push(Line::ok(resolution.steps.last().cloned().unwrap_or_default())),
        Err(error) => {
            // The options of that error are those of `check`.
            let branch = repository.head_branch().unwrap_or_else(|| "main".into());
            let help = format!(
                "name one when you check a change: id-guard check --base {}",
                snapshot::shell::word(branch.strip_prefix("refs/heads/").unwrap_or(&branch))
            );
            lines.push(Line::advice(with_help(error.message(), Some(&help))));
        }
    }
    lines
}

/// The most disciplines that are shown: the other ones are in `id-guard policy show`.
const MAX_SHOWN_DISCIPLINES: usize = 20;

/// Returns the number of governed files, a line for each discipline of the repository, and a problem for what matches nothing.
fn governed(commit: &Commit<'_>, policy: &Policy) -> snapshot::Result<(u64, Vec<Line>)> {
    let coverage = policy_coverage(commit, policy)?;
    let found = check_policy_coverage(rules::ALL, commit, None, policy, environment::today())?;
    let each = policy.disciplines.iter().zip(&coverage.disciplines);
    let own: Vec<_> = each.filter(|(entry, counts)| !entry.origin.embedded && counts.files > 0).collect();
    let mut lines: Vec<Line> =
        own.iter().take(MAX_SHOWN_DISCIPLINES).map(|(entry, counts)| Line::ok(line(entry, counts))).collect();
    if own.len() > MAX_SHOWN_DISCIPLINES {
        let more = own.len() - MAX_SHOWN_DISCIPLINES;
        lines.push(Line::ok(format!("{more} more disciplines: id-guard policy show")));
    }
    lines.extend(found.iter().filter(|finding| finding.waived_by.is_none()).map(|finding| {
        let place = finding.location.as_ref();
        let file = place.map(|place| sanitise::path(&place.path)).unwrap_or_default();
        let row = place.and_then(|place| place.span).map(|span| format!(":{}", span.start.line));
        let text =
            format!("{file}{}: {} ({})", row.unwrap_or_default(), finding.message, finding.rule.id.code);
        Line::problem(with_help(&text, finding.help.first().map(String::as_str)))
    }));
    Ok((coverage.governed, lines))
}

/// Finds plugin specs that no rule reads, because the layout does not cover their directories.
fn specs_outside(commit: &Commit<'_>, policy: &Policy) -> Vec<Line> {
    let outside = match policy.layout.specs_outside(commit) {
        Ok(outside) => outside,
        Err(error) => return vec![Line::problem(with_help(&error.to_string(), error.help()))],
    };
    let Some(first) = outside.first() else { return Vec::new() };
    let more = match outside.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    vec![Line::advice(format!(
        "{}{more} outside the plugin directories ({}), so nothing checks it: move it, or extend structure.plugins in {POLICY_PATH}",
        sanitise::path(first),
        policy.layout.show(),
    ))]
}

/// Checks the record: the ledger, the registry built from it, its tags.
fn recorded(repository: &Repository, head: ObjectId, commit: &Commit<'_>, policy: &Policy) -> Vec<Line> {
    let well = Line::ok;
    let ill = |error: snapshot::Error| vec![Line::problem(with_help(&error.to_string(), error.help()))];
    let files = InSnapshot(commit);
    let state = MergedRequest { repository, head, policy: None, rules: rules::ALL }.check();
    let state = match state {
        Ok(state) => state,
        Err(error) => return vec![Line::problem(with_help(error.message(), error.help()))],
    };
    let problems = unrecorded(&state);
    let sources = match sources_of(&Tree { snapshot: commit, ledger: &files, layout: &policy.layout }) {
        Ok(sources) => sources,
        Err(error) => return problems.into_iter().chain(ill(error)).collect(),
    };
    if sources.ledger_size == 0 {
        if !problems.is_empty() {
            return problems;
        }
        return vec![match &policy.ledger.origin {
            Some(origin) => well(format!("no ledger found; its origin will be {origin}: id-guard post-merge creates it")),
            None => Line::advice("no ledger found, and the policy has no origin for it, so that the post-merge job fails: set ledger: {origin: …} in the policy".into()),
        }];
    }
    let mut lines = vec![well(format!("the ledger has {} lines", sources.ledger_size))];
    lines.extend(state.messages.iter().map(|message| well(message.clone())));
    if !problems.is_empty() {
        lines.extend(problems);
        return lines;
    }
    let registry = commit
        .find(&PATH.into())
        .and_then(|node| node.map(|node| commit.read(&node, MAX_REGISTRY_BYTES)).transpose());
    lines.push(match registry {
        Err(error) => return ill(error),
        Ok(None) => well(format!("{PATH} not found; id-guard post-merge generates it")),
        Ok(Some(bytes)) => match Registry::open(&bytes).and_then(|registry| registry.sources()) {
            Err(flaw) => Line::problem(format!("{PATH} is none: {}: id-registry build", flaw.message)),
            Ok(output) if output == sources => well(format!("{PATH} is up to date")),
            Ok(_) => well(format!("{PATH} is out of date; id-guard post-merge regenerates it")),
        },
    });
    let tags = registry::tags::recorded(&files).and_then(|record| Ok((record, repository.tags()?)));
    let found = match &tags {
        Ok((record, _)) => crate::tag::local(repository, record).unwrap_or_default(),
        Err(_) => Default::default(),
    };
    lines.push(match tags {
        Err(error) => return ill(error),
        Ok((record, here)) => {
            let lacking = record.tags.keys().filter(|name| !here.contains_key(*name)).count();
            let count = record.tags.len();
            let moved: Vec<&str> = record
                .tags
                .values()
                .filter(|tag| here.contains_key(&tag.name) && tag.verify(found.get(&tag.name)).is_some())
                .map(|tag| tag.name.as_str())
                .collect();
            match moved.first() {
                None => well(format!("{count} tags in the ledger, {lacking} missing in this clone")),
                Some(first) => Line::problem(format!(
                    "{} of {count} tags do not match the ledger ({first}): id-tag verify",
                    moved.len()
                )),
            }
        }
    });
    lines
}

/// The most findings about the record that are shown.
const MAX_SHOWN: usize = 5;

/// Returns a problem for each finding about the ledger, the registry and the tags of the main branch, with its first help.
fn unrecorded(state: &MergedState) -> Vec<Line> {
    let counts = |finding: &&Diagnostic| finding.fails();
    let mut lines: Vec<Line> = state
        .findings
        .iter()
        .filter(counts)
        .map(|finding| {
            let place = finding.location.as_ref().map(|place| format!("{}: ", sanitise::path(&place.path)));
            let what = format!("{}{} ({})", place.unwrap_or_default(), finding.message, finding.rule.id.code);
            Line::problem(with_help(&what, finding.help.first().map(String::as_str)))
        })
        .collect();
    if lines.len() > MAX_SHOWN {
        let more = lines.len() - MAX_SHOWN;
        lines.truncate(MAX_SHOWN);
        lines.push(Line::problem(format!("{more} more findings like these: id-guard audit shows all")));
    }
    lines
}

pub(super) fn with_help(message: &str, help: Option<&str>) -> String {
    match help {
        Some(help) => format!("{message}: {help}"),
        None => message.into(),
    }
}
