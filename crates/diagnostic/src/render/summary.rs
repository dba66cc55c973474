//! GitHub job summary: Markdown, worst findings first, never over the 1 MiB that a step may write.

use std::io::{self, Write};

use super::{footer, place, word};
use crate::{Diagnostic, Report, Status, Verdict, sanitise};

/// The limit of GitHub for a step, less room for the last line.
const MAX_SUMMARY_BYTES: usize = (1 << 20) - 4_096;

pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::new();
    let title = match report.verdict() {
        Verdict::Pass => "id-guard: passed",
        Verdict::Fail => "id-guard: failed",
        Verdict::Error => "id-guard: the check could not run",
    };
    text += &format!("## {title}\n\n");
    for error in report.errors.iter().take(100) {
        text += &format!("- check could not run: {}\n", sanitise::markdown(&error.message));
        if let Some(help) = &error.help {
            text += &format!("  - help: {}\n", sanitise::markdown(help));
        }
    }
    if let Some((_, status)) = footer::status(report) {
        text += &format!("**{}**\n", sanitise::markdown(&status));
    }
    for message in report.messages.iter().take(100) {
        text += &format!("- {}\n", sanitise::markdown(message));
    }
    if let Some(finding) = report.findings.first() {
        let code = finding.rule.id.code;
        text += &format!("\nWhat a code means and how to fix it: `id-guard explain {code}`\n");
    }
    let is_listed = |finding: &&Diagnostic| finding.is_shown() && finding.status != Status::Known;
    let mut shown = 0;
    let findings: Vec<&Diagnostic> = report.findings.iter().filter(is_listed).collect();
    for finding in &findings {
        let entry = entry(finding);
        if text.len() + entry.len() > MAX_SUMMARY_BYTES {
            break;
        }
        text += &entry;
        shown += 1;
    }
    if shown < findings.len() {
        text += &format!("\n{} more findings are not shown here\n", findings.len() - shown);
    }
    out.write_all(text.as_bytes())
}

fn entry(finding: &Diagnostic) -> String {
    let kind = word(finding);
    let (code, name) = (finding.rule.id.code, finding.rule.id.name);
    let mut text = format!("\n**{kind} {code} {name}** {}", sanitise::markdown(&finding.message));
    text.push('\n');
    if let Some(place) = place(finding) {
        text += &format!("- at {}\n", sanitise::markdown(&place));
    }
    if let Some(commit) = &finding.commit {
        text += &format!("- introduced in {} {}\n", commit.id.short(), sanitise::markdown(&commit.author));
    }
    for help in &finding.help {
        text += &format!("- help: {}\n", sanitise::markdown(help));
    }
    if let Some(waiver) = &finding.waived_by {
        let (until, owner) = (sanitise::markdown(&waiver.until), sanitise::markdown(&waiver.owner));
        text += &format!("- waived until {until} by {owner}: {}\n", sanitise::markdown(&waiver.reason));
    }
    text
}
