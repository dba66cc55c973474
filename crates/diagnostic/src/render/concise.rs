//! One line per finding: `path:line:column: error[CODE] message`; and the same findings grouped by file.

use std::io::{self, Write};

use super::{Options, Tone, footer, place, word};
use crate::{Diagnostic, Level, Report, sanitise};

/// Writes one line per finding.
pub(super) fn render(report: &Report, options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
    let findings = shown(report, options);
    for finding in findings.iter().take(options.max_findings.unwrap_or(usize::MAX)) {
        let place = place(finding).map_or_else(String::new, |place| format!("{place}: "));
        writeln!(out, "{place}{}", line(finding, " ", options))?;
    }
    errors(report, options, out)?;
    footer::write(report, options, findings.len(), out)
}

/// Writes the findings under the file that they are about.
pub(super) fn grouped(report: &Report, options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut findings = shown(report, options);
    let all = findings.len();
    findings.truncate(options.max_findings.unwrap_or(usize::MAX));
    let mut left = findings.as_slice();
    // Files come in the order of their worst finding.
    let mut files: Vec<Option<&snapshot::RepoPath>> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for finding in left {
        let path = finding.location.as_ref().map(|location| &location.path);
        if seen.insert(path) {
            files.push(path);
        }
    }
    let mut by_file: std::collections::BTreeMap<_, Vec<&Diagnostic>> = std::collections::BTreeMap::new();
    while let Some((finding, rest)) = left.split_first() {
        by_file.entry(finding.location.as_ref().map(|location| &location.path)).or_default().push(finding);
        left = rest;
    }
    for file in files {
        let group = by_file.remove(&file).unwrap_or_default();
        let name = file.map_or_else(|| "(the whole change)".into(), sanitise::path);
        let number = super::count(group.len(), "finding", "findings");
        writeln!(out, "{}  {number}", options.look.paint(Tone::Strong, &name))?;
        let places: Vec<String> = group.iter().map(|finding| position(finding)).collect();
        let width = places.iter().map(String::len).max().unwrap_or_default();
        for (finding, position) in group.iter().zip(places) {
            writeln!(out, "  {position:width$}  {}", line(finding, "  ", options))?;
        }
        writeln!(out)?;
    }
    errors(report, options, out)?;
    footer::write(report, options, all, out)
}

/// What is printed: neither consequences, nor what is accepted unless asked for.
fn shown<'r>(report: &'r Report, options: &Options<'_>) -> Vec<&'r Diagnostic> {
    let is_shown = |finding: &&Diagnostic| finding.is_shown() && (!finding.is_accepted() || options.verbose);
    report.findings.iter().filter(is_shown).collect()
}

fn line(finding: &Diagnostic, gap: &str, options: &Options<'_>) -> String {
    let look = &options.look;
    let tone = if finding.level == Level::Deny { Tone::Error } else { Tone::Warning };
    let word = word(finding);
    let code = look.link(options.rule_page(finding.rule.id.code).as_deref(), finding.rule.id.code);
    let heading = look.paint(tone, &format!("{word}[{code}]"));
    format!("{heading}{gap}{}", look.plain(&sanitise::text(&finding.message)))
}

fn position(finding: &Diagnostic) -> String {
    match finding.location.as_ref().and_then(|location| location.span) {
        Some(span) => format!("{}:{}", span.start.line, span.start.column),
        None => "-".into(),
    }
}

fn errors(report: &Report, options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
    for error in &report.errors {
        let place = error.location.as_ref().map_or_else(String::new, |location| {
            let path = sanitise::path(&location.path);
            let span = location.span.map(|span| format!(":{}:{}", span.start.line, span.start.column));
            format!("{path}{}: ", span.unwrap_or_default())
        });
        let heading = options.look.paint(Tone::Error, "error");
        let message = options.look.plain(&sanitise::text(&error.message));
        writeln!(out, "{place}{heading}: check could not run: {message}")?;
        if let Some(help) = &error.help {
            writeln!(out, "  {} {}", options.look.paint(Tone::Help, "help:"), sanitise::text(help))?;
        }
    }
    Ok(())
}
