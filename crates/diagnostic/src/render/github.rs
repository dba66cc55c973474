//! GitHub workflow commands: annotations, worst first, no more than a step may show.

use std::io::{self, Write};

use super::{Options, footer};
use crate::{Diagnostic, Level, Report, Status, sanitise};

pub(super) fn render(report: &Report, options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
    annotations(report, options, out)?;
    match footer::status(report) {
        Some((_, status)) => writeln!(out, "{status}"),
        None => Ok(()),
    }
}

/// Writes the commands alone, and how many findings they leave out.
pub(super) fn annotations(report: &Report, options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
    for error in report.errors.iter().take(options.annotations_max) {
        let help =
            error.help.as_ref().map_or_else(String::new, |help| format!("\nhelp: {}", sanitise::text(help)));
        let text = format!("check could not run: {}{help}", sanitise::text(&error.message));
        writeln!(out, "::error title=check could not run::{}", sanitise::annotation(&text))?;
    }
    let mut left_out = 0;
    for (level, command) in [(Level::Deny, "error"), (Level::Warn, "warning")] {
        let mut findings: Vec<&Diagnostic> = report
            .findings
            .iter()
            .filter(|finding| finding.level == level && !finding.is_accepted() && finding.is_shown())
            .collect();
        findings.sort_by_key(|finding| finding.status == Status::Existing);
        left_out += findings.len().saturating_sub(options.annotations_max);
        for finding in findings.into_iter().take(options.annotations_max) {
            annotate(finding, command, out)?;
        }
    }
    if left_out > 0 {
        writeln!(out, "{left_out} more in the summary")?;
    }
    Ok(())
}

fn annotate(finding: &Diagnostic, command: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut properties = Vec::new();
    if let Some(location) = &finding.location {
        properties.push(format!("file={}", sanitise::annotation_property(&sanitise::path(&location.path))));
        if let Some(span) = location.span {
            properties.push(format!("line={},endLine={}", span.start.line, span.end.line));
            // The runner takes columns only within one line.
            if span.start.line == span.end.line {
                properties.push(format!("col={},endColumn={}", span.start.column, span.end.column));
            }
        }
    }
    let title = format!("{} {}", finding.rule.id.code, finding.rule.id.name);
    properties.push(format!("title={}", sanitise::annotation_property(&title)));
    let mut text = sanitise::text(&finding.message);
    for help in &finding.help {
        text += &format!("\nhelp: {}", sanitise::text(help));
    }
    writeln!(out, "::{command} {}::{}", properties.join(","), sanitise::annotation(&text))
}
