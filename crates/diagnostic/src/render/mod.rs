//! Renderers: one report, six forms. A renderer neither filters nor judges.

mod github;
mod human;
mod json;
mod junit;
mod sarif;
mod summary;

use std::io;

use crate::{Diagnostic, Level, Report, RuleInfo, sanitise};

/// The JSON Schema (2020-12) of [`Format::Json`].
pub const REPORT_SCHEMA: &str = include_str!("../../schemas/report.v1.schema.json");

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a person at a terminal: snippets, both ends of a conflict, what to do.
    Human,
    /// For programs: the versioned envelope.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitHub workflow commands that annotate a pull request.
    Github,
    /// JUnit XML, for CI systems that show tests.
    Junit,
    /// GitHub job summary: Markdown of at most 1 MiB.
    Summary,
}

impl Format {
    /// Every format, in the order that help shows.
    pub const ALL: [Format; 6] =
        [Format::Human, Format::Json, Format::Sarif, Format::Github, Format::Junit, Format::Summary];

    /// Returns the word of the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::Junit => "junit",
            Format::Summary => "summary",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// What a renderer may know beside the report.
#[derive(Debug, Clone)]
pub struct Options<'o> {
    /// Whether to colour (human only).
    pub color: bool,
    /// The most annotations of each level (github only).
    pub annotations_max: usize,
    /// Whether waived findings are shown whole (human only).
    pub verbose: bool,
    /// The rules that ran.
    pub rules: &'o [&'static RuleInfo],
    /// The program's name and version.
    pub tool: (&'o str, &'o str),
}

/// Writes a report in a format.
///
/// # Errors
/// When writing fails.
pub fn render(
    format: Format,
    report: &Report,
    options: &Options<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        Format::Human => human::render(report, options, out),
        Format::Json => json::render(report, out),
        Format::Sarif => sarif::render(report, options, out),
        Format::Github => github::render(report, options, out),
        Format::Junit => junit::render(report, options, out),
        Format::Summary => summary::render(report, out),
    }
}

/// Writes the findings as GitHub workflow commands alone, beside what a person reads.
///
/// # Errors
/// When writing fails.
pub fn annotations(report: &Report, options: &Options<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    github::annotations(report, options, out)
}

/// Says `1 error` or `3 errors`.
fn count(number: usize, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    }
}

/// The word a finding's level is shown with.
fn word(finding: &Diagnostic) -> &'static str {
    match finding.level {
        Level::Deny => "error",
        Level::Warn | Level::Allow => "warning",
    }
}

/// `path:line:column`, made safe.
fn place(finding: &Diagnostic) -> Option<String> {
    let location = finding.location.as_ref()?;
    let path = sanitise::path(&location.path);
    Some(match location.span {
        Some(span) => format!("{path}:{}:{}", span.start.line, span.start.column),
        None => path,
    })
}

/// The line that says what was judged.
fn coverage_line(report: &Report) -> String {
    let checked = &report.checked;
    let mut line = String::from("judged");
    let short = |id: &snapshot::ObjectId| id.short();
    let head = checked.head.as_deref().map(|head| match head.len() {
        40 | 64 if head.bytes().all(|byte| byte.is_ascii_hexdigit()) => head[..7].to_string(),
        _ => sanitise::text(head),
    });
    match (&checked.merge_base, &checked.base, head) {
        (Some(merge_base), Some(base), Some(head)) => {
            let name = checked.base_name.as_deref().map_or_else(|| short(base), sanitise::text);
            line +=
                &format!(" {}..{head} against {name} (merge base {})", short(merge_base), short(merge_base));
        }
        (_, Some(base), Some(head)) => line += &format!(" {}..{head}", short(base)),
        (_, _, Some(head)) if checked.command == "audit" => line += &format!(" the history of {head}"),
        (_, _, Some(head)) => line += &format!(" {head}"),
        _ => {}
    }
    line += &format!(
        ": {}, {}, {}, {}",
        count(checked.commits as usize, "commit", "commits"),
        count(checked.files as usize, "file", "files"),
        count(checked.cards as usize, "card", "cards"),
        count(checked.rules as usize, "rule", "rules"),
    );
    if let Some(policy) = &checked.policy {
        line += &format!(", policy from {}", sanitise::text(policy));
    }
    line
}

/// The line that counts what was found.
fn found(report: &Report) -> String {
    match report.counts() {
        (0, 0, 0) => "nothing found".into(),
        (errors, warnings, waived) => {
            format!(
                "{}, {}, {waived} waived",
                count(errors, "error", "errors"),
                count(warnings, "warning", "warnings")
            )
        }
    }
}
