//! For a person: what is wrong, the lines of both ends of the conflict, and the command that fixes it.

use std::fmt::{self, Display};
use std::io::{self, Write};

use miette::{GraphicalReportHandler, LabeledSpan, NarratableReportHandler, Severity, SourceCode};
use unicode_width::UnicodeWidthStr as _;

use super::window::Windows;
use super::{Look, Options, Tone, footer, place, word};
use crate::{CheckError, Diagnostic, Level, Location, Related, Report, Status, sanitise};

/// Which handler draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drawing {
    /// Boxes and underlines.
    Graphical,
    /// Sentences, for screen readers.
    Narrated,
}

pub(super) fn render(
    report: &Report,
    options: &Options<'_>,
    drawing: Drawing,
    out: &mut dyn Write,
) -> io::Result<()> {
    let options = &match drawing {
        Drawing::Graphical => options.clone(),
        Drawing::Narrated => Options { look: narrated(options.look), ..options.clone() },
    };
    // What is known takes no line, or it would hide what is new.
    let is_listed = |finding: &&Diagnostic| finding.status != Status::Known || options.verbose;
    let shown = report.findings.iter().filter(|finding| finding.is_shown()).filter(is_listed);
    let all = shown.clone().count();
    for finding in shown.take(options.max_findings.unwrap_or(usize::MAX)) {
        if finding.waived_by.is_some() && !options.verbose {
            write_waived(finding, options, out)?;
        } else {
            write_diagnostic(finding, options, drawing, out)?;
        }
    }
    for error in &report.errors {
        write_error(error, options, drawing, out)?;
    }
    footer::write(report, options, all, out)
}

/// Nothing that only a reader with eyes can use.
fn narrated(look: Look) -> Look {
    Look { color: false, links: false, ..look }
}

/// What a waiver covers takes one line.
fn write_waived(finding: &Diagnostic, options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
    let place = place(finding).map_or_else(String::new, |place| format!("{place}: "));
    let (rule, message) = (finding.rule.id, sanitise::text(&finding.message));
    let heading = options.look.paint(Tone::Faint, &format!("waived[{}]", rule.code));
    let waiver = finding.waived_by.as_ref().map(waiver).unwrap_or_default();
    writeln!(out, "{heading} {}\n  {place}{message} ({waiver})\n", rule.name)
}

fn waiver(waiver: &crate::WaivedBy) -> String {
    let (until, owner) = (sanitise::text(&waiver.until), sanitise::text(&waiver.owner));
    format!("until {until} by {owner}: {}", sanitise::text(&waiver.reason))
}

fn write_diagnostic(
    finding: &Diagnostic,
    options: &Options<'_>,
    drawing: Drawing,
    out: &mut dyn Write,
) -> io::Result<()> {
    let look = &options.look;
    let word = word(finding);
    let tone = if finding.level == Level::Deny { Tone::Error } else { Tone::Warning };
    let code = look.link(options.rule_page(finding.rule.id.code).as_deref(), finding.rule.id.code);
    let heading = format!("{word}[{code}]");
    writeln!(out, "{} {}\n", look.paint(tone, &heading), look.paint(Tone::Strong, finding.rule.id.name))?;

    let view = View::of(finding, look, drawing);
    write_view(&view, look, drawing, out)?;
    for (is_generated, line) in finding.difference.iter().flat_map(|difference| &difference.lines) {
        let line = sanitise::text(line);
        let (sign, tone) = if *is_generated { ("+", Tone::Success) } else { ("-", Tone::Error) };
        writeln!(out, "  {}", look.paint(tone, look.plain(format!("{sign} {line}").trim_end()).as_str()))?;
    }
    if finding.difference.as_ref().is_some_and(|difference| difference.is_cut) {
        writeln!(out, "  {}", look.plain("…"))?;
    }
    for note in notes(finding) {
        writeln!(out, "  {} {}", look.paint(Tone::Secondary, "note:"), look.plain(&note))?;
    }
    for related in elsewhere(finding) {
        write_view(&View::of_related(related, look), look, drawing, out)?;
    }
    writeln!(out)
}

/// What else there is to know, one line each.
fn notes(finding: &Diagnostic) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(commit) = &finding.commit {
        notes.push(format!("introduced in {}, by {}", commit.dated(), sanitise::text(&commit.author)));
    }
    let labels = finding.related.iter().map(|related| &related.location).chain(&finding.location);
    let mut labels = labels.filter_map(|location| location.label.as_deref());
    if let Some(commit) = &finding.first_set_in
        && !labels.any(|label| label.contains(&commit.id.short()))
    {
        notes.push(format!("first set in {}, by {}", commit.dated(), sanitise::text(&commit.author)));
    }
    notes.extend(finding.notes.iter().map(|note| sanitise::text(note)));
    notes.extend(finding.waived_by.as_ref().map(|waived| format!("waived {}", waiver(waived))));
    notes
}

/// Whether a related place is another line of the file that the finding is about.
fn is_beside(finding: &Diagnostic, related: &Related) -> bool {
    let same = finding.location.as_ref().is_some_and(|location| location.path == related.location.path);
    same && related.commit.is_none() && related.location.snippet.is_some()
}

/// The conflicting places in other files and commits.
fn elsewhere(finding: &Diagnostic) -> impl Iterator<Item = &Related> {
    finding.related.iter().filter(|related| !is_beside(finding, related))
}

fn write_error(
    error: &CheckError,
    options: &Options<'_>,
    drawing: Drawing,
    out: &mut dyn Write,
) -> io::Result<()> {
    let look = &options.look;
    let heading = look.paint(Tone::Error, "error");
    writeln!(out, "{heading}: {}\n", look.paint(Tone::Strong, "check could not run"))?;
    write_view(&View::of_error(error, look), look, drawing, out)?;
    writeln!(out)
}

fn write_view(view: &View, look: &Look, drawing: Drawing, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::new();
    let drawn = match drawing {
        Drawing::Graphical => {
            let labels =
                view.windows.primary().map(|is_primary| if is_primary { view.tone } else { Tone::Secondary });
            GraphicalReportHandler::new_themed(look.theme(labels.collect()))
                .with_width(look.width)
                .with_context_lines(0)
                .with_wrap_lines(false)
                .with_urls(false)
                .without_cause_chain()
                .without_syntax_highlighting()
                .render_report(&mut text, view)
        }
        Drawing::Narrated => {
            NarratableReportHandler::new().without_cause_chain().render_report(&mut text, view)
        }
    };
    drawn.map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

/// A finding, a related place or an error as a handler receives it: every string is sanitised, and every line is a window.
#[derive(Debug)]
struct View {
    message: String,
    severity: Severity,
    tone: Tone,
    code: Option<String>,
    help: String,
    windows: Windows,
}

impl View {
    fn of(finding: &Diagnostic, look: &Look, drawing: Drawing) -> View {
        let (severity, tone) = match finding.level {
            Level::Deny => (Severity::Error, Tone::Error),
            Level::Warn | Level::Allow => (Severity::Warning, Tone::Warning),
        };
        let mut places: Vec<(&Location, Option<String>, bool)> = Vec::new();
        places.extend(finding.location.iter().map(|at| (at, at.label.as_deref().map(sanitise::text), true)));
        for related in finding.related.iter().filter(|related| is_beside(finding, related)) {
            places.push((&related.location, Some(sanitise::text(&related.message)), false));
        }
        places.sort_by_key(|(location, ..)| location.span);
        let mut windows = Windows::default();
        for (location, label, is_primary) in places {
            windows.add(location, label.map(|label| look.plain(&label)), is_primary, look);
        }
        let code = format!("{} {}", finding.rule.id.code, finding.rule.id.name);
        View {
            message: message(&sanitise::text(&finding.message), finding.location.as_ref(), look),
            severity,
            tone,
            // The heading contains it already, as a link.
            code: (drawing == Drawing::Narrated).then_some(code),
            help: help(finding, look),
            windows,
        }
    }

    fn of_related(related: &Related, look: &Look) -> View {
        let mut windows = Windows::default();
        let label = related.location.label.as_deref().map(|label| look.plain(&sanitise::text(label)));
        windows.add(&related.location, label, false, look);
        View {
            message: message(&related.to_string(), Some(&related.location), look),
            severity: Severity::Advice,
            tone: Tone::Secondary,
            code: None,
            help: String::new(),
            windows,
        }
    }

    fn of_error(error: &CheckError, look: &Look) -> View {
        let mut windows = Windows::default();
        if let Some(location) = &error.location {
            let label = location.label.as_deref().map(|label| look.plain(&sanitise::text(label)));
            windows.add(location, label, true, look);
        }
        View {
            message: message(&sanitise::text(&error.message), error.location.as_ref(), look),
            severity: Severity::Error,
            tone: Tone::Error,
            code: None,
            help: look.plain(&error.help.as_deref().map(sanitise::text).unwrap_or_default()),
            windows,
        }
    }
}

/// Wraps a message; a place without a line to show is part of it.
fn message(text: &str, location: Option<&Location>, look: &Look) -> String {
    let mut text = wrap(&look.plain(text), look.width.saturating_sub(4));
    if let Some(location) = location.filter(|location| location.snippet.is_none()) {
        text += &format!("\nat {}", sanitise::path(&location.path));
        if let Some(span) = location.span {
            text += &format!(":{}:{}", span.start.line, span.start.column);
        } else if let Some(pointer) = &location.pointer {
            text += &format!(" {}", sanitise::text(pointer));
        }
        if let Some(label) = &location.label {
            text += &format!(": {}", look.plain(&sanitise::text(label)));
        }
    }
    text
}

/// The help block: commands that run as printed, so they are not wrapped, and the line of the policy that demands it.
fn help(finding: &Diagnostic, look: &Look) -> String {
    let mut lines: Vec<String> = finding.help.iter().map(|help| sanitise::text(help)).collect();
    if let Some(first) = lines.first_mut().filter(|_| finding.fixable) {
        *first += "      (fixable with `id-guard fix`)";
    }
    lines.extend(finding.required_by.as_ref().map(requirement));
    look.plain(&lines.join("\n"))
}

/// `policy-packs/policy.yaml:10  /spec/platforms: frozen-while /spec/version`.
fn requirement(location: &Location) -> String {
    let line = location.span.map_or_else(String::new, |span| format!(":{}", span.start.line));
    let text = match &location.snippet {
        Some(snippet) => snippet.text.trim().to_string(),
        None => "the policy".into(),
    };
    format!("{}{line}  {text}", sanitise::path(&location.path))
}

/// Breaks a string at spaces, so that no line is wider than `columns`, unless one word is.
fn wrap(text: &str, columns: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    for (at, word) in text.split(' ').enumerate() {
        let width = word.width();
        if at > 0 && used + 1 + width > columns.max(20) {
            out.push('\n');
            used = width;
        } else {
            out.push_str(if at > 0 { " " } else { "" });
            used += width + usize::from(at > 0);
        }
        out.push_str(word);
    }
    out
}

impl Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for View {}

impl miette::Diagnostic for View {
    fn code<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn Display>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        if self.help.is_empty() { None } else { Some(Box::new(&self.help)) }
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        if self.windows.is_empty() { None } else { Some(&self.windows) }
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.windows.labels()))
    }
}
