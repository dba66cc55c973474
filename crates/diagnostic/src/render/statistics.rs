//! Numbers instead of findings: one line per rule, or one per file.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde_json::{Value, json};
use snapshot::RepoPath;

use super::{Options, Tone, count, footer};
use crate::{CommitInfo, Diagnostic, Report, RuleInfo, sanitise};

/// What findings are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// By rule.
    Rules,
    /// By file.
    Files,
}

/// The findings of one rule.
struct OfRule<'r> {
    rule: &'static RuleInfo,
    findings: usize,
    level: &'static str,
    files: BTreeSet<&'r RepoPath>,
    commits: Option<(&'r CommitInfo, &'r CommitInfo)>,
}

/// The findings of one file.
struct OfFile<'r> {
    path: Option<&'r RepoPath>,
    findings: usize,
    codes: BTreeSet<&'static str>,
}

/// Writes the statistics: lines for people, one object for programs.
pub(super) fn render(
    report: &Report,
    grouping: Grouping,
    as_json: bool,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if as_json {
        let statistics: Vec<Value> = match grouping {
            Grouping::Rules => by_rule(report).iter().map(rule_json).collect(),
            Grouping::Files => by_file(report).iter().map(file_json).collect(),
        };
        let verdict = report.verdict();
        let document = json!({
            "schema_version": 1,
            "ok": verdict.exit_code() == 0,
            "verdict": verdict.name(),
            "statistics": statistics,
            "errors": report.errors.iter().map(|error| &error.message).collect::<Vec<_>>(),
        });
        return writeln!(out, "{}", sanitise::json(&format!("{document:#}")));
    }
    match grouping {
        Grouping::Rules => rule_lines(&by_rule(report), options, out)?,
        Grouping::Files => file_lines(&by_file(report), options, out)?,
    }
    for error in &report.errors {
        let heading = options.look.paint(Tone::Error, "error");
        writeln!(out, "{heading}: check could not run: {}", sanitise::text(&error.message))?;
    }
    footer::write_status(report, options, out)
}

fn counted(report: &Report) -> impl Iterator<Item = &Diagnostic> {
    report.findings.iter().filter(|finding| finding.is_shown() && !finding.is_accepted())
}

fn by_rule(report: &Report) -> Vec<OfRule<'_>> {
    let mut rules: BTreeMap<&str, OfRule<'_>> = BTreeMap::new();
    for finding in counted(report) {
        let level = super::word(finding);
        let entry = rules.entry(finding.rule.id.code).or_insert_with(|| OfRule {
            rule: finding.rule,
            findings: 0,
            level,
            files: BTreeSet::new(),
            commits: None,
        });
        entry.findings += 1;
        // A rule may report more softly than its level: the worst is shown.
        entry.level = entry.level.min(level);
        entry.files.extend(finding.location.as_ref().map(|location| &location.path));
        if let Some(commit) = &finding.commit {
            let key = |commit: &CommitInfo| (commit.time, commit.id);
            let (first, last) = entry.commits.unwrap_or((commit, commit));
            entry.commits = Some((
                if key(commit) < key(first) { commit } else { first },
                if key(commit) > key(last) { commit } else { last },
            ));
        }
    }
    let mut rules: Vec<OfRule<'_>> = rules.into_values().collect();
    rules.sort_by_key(|of| (std::cmp::Reverse(of.findings), of.rule.id.code));
    rules
}

fn by_file(report: &Report) -> Vec<OfFile<'_>> {
    let mut files: BTreeMap<Option<&RepoPath>, OfFile<'_>> = BTreeMap::new();
    for finding in counted(report) {
        let path = finding.location.as_ref().map(|location| &location.path);
        let entry = files.entry(path).or_insert_with(|| OfFile { path, findings: 0, codes: BTreeSet::new() });
        entry.findings += 1;
        entry.codes.insert(finding.rule.id.code);
    }
    let mut files: Vec<OfFile<'_>> = files.into_values().collect();
    files.sort_by_key(|of| (std::cmp::Reverse(of.findings), of.path));
    files
}

fn rule_lines(rules: &[OfRule<'_>], options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
    let digits = rules.first().map_or(1, |of| of.findings.to_string().len());
    let width = rules.iter().map(|of| of.rule.id.name.len()).max().unwrap_or_default();
    for of in rules {
        let tone = if of.level == "error" { Tone::Error } else { Tone::Warning };
        let level = options.look.paint(tone, &format!("{:7}", of.level));
        let files = count(of.files.len(), "file", "files");
        let code = options.look.link(options.rule_page(of.rule.id.code).as_deref(), of.rule.id.code);
        let commits = of.commits.map(|(first, last)| format!("  {}..{}", first.id.short(), last.id.short()));
        writeln!(
            out,
            "{:>digits$}  {code}  {:width$}  {level}  {files}{}",
            of.findings,
            of.rule.id.name,
            commits.unwrap_or_default()
        )?;
    }
    Ok(())
}

fn file_lines(files: &[OfFile<'_>], options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
    let digits = files.first().map_or(1, |of| of.findings.to_string().len());
    for of in files {
        let path = of.path.map_or_else(|| "(the whole change)".into(), sanitise::path);
        let codes: Vec<&str> = of.codes.iter().copied().collect();
        let path = options.look.paint(Tone::Strong, &path);
        writeln!(out, "{:>digits$}  {path}  {}", of.findings, codes.join(", "))?;
    }
    Ok(())
}

fn rule_json(of: &OfRule<'_>) -> Value {
    json!({
        "code": of.rule.id.code,
        "rule": of.rule.id.name,
        "level": of.level,
        "findings": of.findings,
        "files": of.files.len(),
        "first": of.commits.map(|(first, _)| first.id.to_string()),
        "last": of.commits.map(|(_, last)| last.id.to_string()),
    })
}

fn file_json(of: &OfFile<'_>) -> Value {
    json!({
        "path": of.path.map(|path| String::from_utf8_lossy(path.as_bytes()).into_owned()),
        "findings": of.findings,
        "codes": of.codes,
    })
}
