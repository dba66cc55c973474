//! Renderers: one report, ten formats. A renderer neither filters nor decides.

mod concise;
mod footer;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod look;
mod sarif;
mod statistics;
mod summary;
mod window;

use std::io;

use crate::{Diagnostic, Level, Report, RuleInfo, Status, address, sanitise};

pub use look::{Look, Tone};
pub use statistics::Grouping;

/// The JSON Schema (2020-12) of [`Format::Json`].
pub const REPORT_SCHEMA: &str = include_str!("../../schemas/report.v1.schema.json");

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a person at a terminal: snippets, both ends of a conflict, how to fix it.
    Human,
    /// For screen readers: the same as sentences.
    Narrated,
    /// One line per finding.
    Concise,
    /// By file.
    Grouped,
    /// For programs: the versioned envelope.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitHub workflow commands that annotate a pull request.
    Github,
    /// GitLab Code Quality.
    Gitlab,
    /// JUnit XML, for CI systems that show tests.
    Junit,
    /// GitHub job summary: Markdown of at most 1 MiB.
    Summary,
}

impl Format {
    /// Every format, in the order that help shows.
    pub const ALL: [Format; 10] = [
        Format::Human,
        Format::Narrated,
        Format::Concise,
        Format::Grouped,
        Format::Json,
        Format::Sarif,
        Format::Github,
        Format::Gitlab,
        Format::Junit,
        Format::Summary,
    ];

    /// Returns the keyword of the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Narrated => "narrated",
            Format::Concise => "concise",
            Format::Grouped => "grouped",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Junit => "junit",
            Format::Summary => "summary",
        }
    }

    /// Parses the keyword.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Returns whether people read it: it may have colours, and shows how many files are governed.
    #[must_use]
    pub fn is_for_people(self) -> bool {
        matches!(self, Format::Human | Format::Narrated | Format::Concise | Format::Grouped)
    }
}

/// What a renderer knows beside the report.
#[derive(Debug, Clone)]
pub struct Options<'o> {
    /// How a report for people looks.
    pub look: Look,
    /// The most findings that human, grouped and concise reports show; `None` shows all.
    pub max_findings: Option<usize>,
    /// The most annotations of each level (github only).
    pub annotations_max: usize,
    /// Whether waived and known findings are shown whole.
    pub verbose: bool,
    /// The rules that ran.
    pub rules: &'o [&'static RuleInfo],
    /// The program's name and version.
    pub tool: (&'o str, &'o str),
    /// The address of the project's pages, [`address::HOME`].
    pub home: Option<&'o str>,
}

impl Options<'_> {
    /// Returns the address of a rule's page, where the project has one.
    fn rule_page(&self, code: &str) -> Option<String> {
        self.home.map(|home| address::rule_page(home, code))
    }
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
        Format::Human => human::render(report, options, human::Drawing::Graphical, out),
        Format::Narrated => human::render(report, options, human::Drawing::Narrated, out),
        Format::Concise => concise::render(report, options, out),
        Format::Grouped => concise::grouped(report, options, out),
        Format::Json => json::render(report, out),
        Format::Sarif => sarif::render(report, options, out),
        Format::Github => github::render(report, options, out),
        Format::Gitlab => gitlab::render(report, out),
        Format::Junit => junit::render(report, options, out),
        Format::Summary => summary::render(report, out),
    }
}

/// Writes the number of findings by rule or by file instead of the findings; JSON where `as_json`.
///
/// # Errors
/// When writing fails.
pub fn render_statistics(
    report: &Report,
    grouping: Grouping,
    as_json: bool,
    options: &Options<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    statistics::render(report, grouping, as_json, options, out)
}

/// Writes the findings as GitHub workflow commands alone, beside what a person reads.
///
/// # Errors
/// When writing fails.
pub fn annotations(report: &Report, options: &Options<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    github::annotations(report, options, out)
}

/// Returns `1 error` or `3 errors`.
fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Returns the word that a finding is shown with: what is accepted fails nothing, and is not called an error.
fn word(finding: &Diagnostic) -> &'static str {
    if finding.waived_by.is_some() {
        return "waived";
    }
    if finding.status == Status::Known {
        return "known";
    }
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
