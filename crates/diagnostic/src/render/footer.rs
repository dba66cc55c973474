//! The last lines of a report for people: what was checked, and how many findings there are.

use std::io::{self, Write};

use snapshot::ObjectId;

use super::{Options, Tone, count};
use crate::{CheckedRange, Report, Verdict, sanitise};

/// Writes files, messages, what the cap left out, and the status line; `all` counts the findings before the cap.
pub(super) fn write(
    report: &Report,
    options: &Options<'_>,
    all: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    for artifact in &report.artifacts {
        writeln!(out, "{} {}", sanitise::text(&artifact.action), sanitise::path(&artifact.path))?;
    }
    for message in &report.messages {
        writeln!(out, "{}", sanitise::text(message))?;
    }
    if let Some(cap) = options.max_findings.filter(|cap| *cap < all) {
        writeln!(
            out,
            "showing {cap} of {all} findings; --max-findings 0 shows all, --statistics counts them, --format json is never capped"
        )?;
    }
    write_status(report, options, out)
}

/// Writes the status line alone.
pub(super) fn write_status(report: &Report, options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
    let look = &options.look;
    let Some((tone, text)) = status(report) else { return Ok(()) };
    let mark = look.paint(tone, look.mark(tone));
    match text.strip_prefix("All checks passed") {
        Some(rest) => writeln!(out, "{mark} {}{}", look.paint(tone, "All checks passed"), look.plain(rest)),
        None => writeln!(out, "{mark} {}", look.plain(&text)),
    }
}

/// The patterns that the status line names.
const MAX_NAMED_PATTERNS: usize = 3;

/// A policy that governs nothing is not a missing one.
fn nothing_governed(patterns: &[String]) -> String {
    if patterns.is_empty() {
        return "nothing is governed here: run id-guard init".into();
    }
    let mut named = patterns.iter().take(MAX_NAMED_PATTERNS).cloned().collect::<Vec<_>>().join(", ");
    if patterns.len() > MAX_NAMED_PATTERNS {
        named += &format!(" or {} more patterns", patterns.len() - MAX_NAMED_PATTERNS);
    }
    format!("nothing is governed here: no file matches {named}; see id-guard policy show")
}

/// The status line without its mark; `None` where nothing was checked and nothing is known to be wrong with that.
pub(super) fn status(report: &Report) -> Option<(Tone, String)> {
    let checked = &report.checked;
    if checked.governed == Some(0) && report.findings.is_empty() {
        return Some((Tone::Warning, nothing_governed(&checked.unmatched)));
    }
    if !report.errors.is_empty() || checked.command.is_empty() {
        return None;
    }
    let counts = report.counts();
    let mut tail = String::new();
    if counts.waived > 0 {
        tail += &format!("; {} waived", counts.waived);
    }
    if counts.known > 0 {
        tail += &format!("; {} known", counts.known);
    }
    if counts.suppressed > 0 {
        let findings = if counts.suppressed == 1 { "finding" } else { "findings" };
        tail += &format!("; {} related {findings} suppressed", counts.suppressed);
    }
    if counts.fixable > 0 {
        tail += &format!("; {} fixable with `id-guard fix`", counts.fixable);
    }
    // A policy that is only being added does not apply yet: this is not about it.
    let gaps = [codes::PATTERN_MATCHES_NOTHING, codes::POINTER_MATCHES_NOTHING];
    let has_gap = report.findings.iter().any(|finding| gaps.contains(&finding.rule.id));
    if checked.governed == Some(0) && has_gap {
        tail += "; nothing is governed here";
    }
    let scope = scope(checked);
    if counts.errors + counts.warnings == 0 && report.verdict() == Verdict::Pass {
        return Some((Tone::Success, format!("All checks passed: {scope}{}{tail}", coverage(checked))));
    }
    let tone = if counts.errors > 0 { Tone::Error } else { Tone::Warning };
    let (errors, warnings) =
        (count(counts.errors, "error", "errors"), count(counts.warnings, "warning", "warnings"));
    Some((tone, format!("{errors}, {warnings} in {scope}{tail}")))
}

/// What was checked: `1 commit, 1 file against main@931e9d9`.
pub(super) fn scope(checked: &CheckedRange) -> String {
    let files = count(checked.files as usize, "file", "files");
    let commits = count(checked.commits as usize, "commit", "commits");
    let head = checked.head.as_deref().map(short).unwrap_or_default();
    let is_commit = checked.head.as_deref().is_some_and(is_object_id);
    let mut text = match (&checked.base, is_commit) {
        (Some(base), true) => format!("{commits}, {files} against {}", name_of(base, checked)),
        (Some(base), false) => format!("the {head}, {files} against {}", name_of(base, checked)),
        (None, _) if checked.command == "audit" => format!("{commits}, {files} in the history of {head}"),
        (None, _) if head.is_empty() => files,
        (None, true) => format!("{files} at {head}"),
        (None, false) => format!("{files} in {head}"),
    };
    // The policy of the base commit, or of the audited one, is the rule; any other is named.
    let is_usual = |policy: &str| {
        let of_base = checked.base.as_ref().is_none_or(|base| base.to_string().starts_with(policy));
        is_hexadecimal(policy) && of_base
    };
    if let Some(policy) = checked.policy.as_deref().filter(|policy| !is_usual(policy)) {
        text += &format!(", policy from {}", sanitise::text(policy));
    }
    text
}

fn coverage(checked: &CheckedRange) -> String {
    let Some(governed) = checked.governed else { return String::new() };
    let governed = count(governed as usize, "governed file", "governed files");
    match checked.disciplines {
        Some(disciplines) => {
            format!(" ({governed}, {})", count(disciplines as usize, "discipline", "disciplines"))
        }
        None => format!(" ({governed})"),
    }
}

fn name_of(base: &ObjectId, checked: &CheckedRange) -> String {
    match checked.base_name.as_deref().filter(|name| !base.to_string().starts_with(*name)) {
        Some(name) => format!("{}@{}", sanitise::text(name), base.short()),
        None => base.short(),
    }
}

fn is_hexadecimal(text: &str) -> bool {
    text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_object_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && is_hexadecimal(text)
}

fn short(head: &str) -> String {
    if is_object_id(head) { head[..7].into() } else { sanitise::text(head) }
}
