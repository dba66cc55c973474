//! For a person at a terminal: what is wrong, the text at fault, the other end of the conflict, the command that mends it.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use super::{Options, coverage_line, found, place, word};
use crate::{CheckError, CommitInfo, Diagnostic, Level, Location, Report, sanitise};

/// ANSI colours, or nothing.
struct Paint {
    on: bool,
}

impl Paint {
    fn wrap(&self, code: &str, text: &str) -> String {
        match self.on {
            true => format!("\x1b[{code}m{text}\x1b[0m"),
            false => text.into(),
        }
    }

    fn level(&self, finding: &Diagnostic, text: &str) -> String {
        self.wrap(if finding.level == Level::Deny { "1;31" } else { "1;33" }, text)
    }

    fn bold(&self, text: &str) -> String {
        self.wrap("1", text)
    }

    fn frame(&self, text: &str) -> String {
        self.wrap("34", text)
    }
}

pub(super) fn render(report: &Report, options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint { on: options.color };
    for finding in &report.findings {
        match &finding.waived_by {
            Some(waiver) if !options.verbose => {
                let place = place(finding).map_or_else(String::new, |place| format!(" {place}"));
                writeln!(
                    out,
                    "waived[{}]{place}: {} (until {} by {}: {})\n",
                    finding.rule.id.code,
                    sanitise::text(&finding.message),
                    sanitise::text(&waiver.until),
                    sanitise::text(&waiver.owner),
                    sanitise::text(&waiver.reason)
                )?;
            }
            _ => tell(finding, &paint, out)?,
        }
    }
    for error in &report.errors {
        check_error(error, &paint, out)?;
    }
    for artifact in &report.artifacts {
        writeln!(out, "{} {}", sanitise::text(&artifact.action), sanitise::path(&artifact.path))?;
    }
    for message in &report.messages {
        writeln!(out, "{}", sanitise::text(message))?;
    }
    if report.errors.is_empty() && !report.checked.command.is_empty() {
        writeln!(out, "{}", coverage_line(report))?;
        let color = match report.counts() {
            (0, 0, _) => "32",
            (0, ..) => "1;33",
            _ => "1;31",
        };
        writeln!(out, "{}", paint.wrap(color, &found(report)))?;
    }
    Ok(())
}

fn tell(finding: &Diagnostic, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
    // What is waived fails nothing, and is not called an error.
    let word = if finding.waived_by.is_some() { "waived" } else { word(finding) };
    let head = format!("{word}[{}]", finding.rule.id.code);
    let title = format!(" {}: {}", finding.rule.id.name, sanitise::text(&finding.message));
    writeln!(out, "{}{}", paint.level(finding, &head), paint.bold(&title))?;
    let gutter = gutter(finding);
    if let Some(location) = &finding.location {
        show(location, finding, gutter, "-->", paint, out)?;
    }
    let mut note = |kind: &str, text: &str| {
        writeln!(out, "{:gutter$} {} {}: {text}", "", paint.frame("="), paint.bold(kind))
    };
    for help in &finding.help {
        note("help", &sanitise::text(help))?;
    }
    if let Some(commit) = &finding.commit {
        note("note", &format!("brought by {}", name(commit)))?;
    }
    if let Some(commit) = &finding.first_set_in {
        note("note", &format!("fixed by {}", name(commit)))?;
    }
    for text in &finding.notes {
        note("note", &sanitise::text(text))?;
    }
    if let Some(waiver) = &finding.waived_by {
        let (owner, until) = (sanitise::text(&waiver.owner), sanitise::text(&waiver.until));
        note("waived", &format!("until {until} by {owner}: {}", sanitise::text(&waiver.reason)))?;
    }
    note("note", &format!("id-guard explain {}", finding.rule.id.code))?;
    // The other ends come last, each under its own headline, so that no line below reads as theirs.
    for related in &finding.related {
        let commit = related.commit.map_or_else(String::new, |id| format!(" in {}", id.short()));
        writeln!(out, "{}: {}{commit}", paint.bold("note"), sanitise::text(&related.message))?;
        show(&related.location, finding, gutter, "-->", paint, out)?;
    }
    writeln!(out)
}

/// `3f2a91c (2026-11-02), by Ada <ada@example.org>`.
fn name(commit: &CommitInfo) -> String {
    let date =
        jiff::Timestamp::from_second(commit.time).map(|time| format!(" ({})", time.strftime("%Y-%m-%d")));
    format!("{}{}, by {}", commit.id.short(), date.unwrap_or_default(), sanitise::text(&commit.author))
}

/// The width of the widest line number that is shown.
fn gutter(finding: &Diagnostic) -> usize {
    let lines = finding.location.iter().chain(finding.related.iter().map(|related| &related.location));
    let widest = lines.filter_map(|location| location.snippet.as_ref()).map(|snippet| snippet.line).max();
    widest.map_or(1, |line| line.to_string().len()).max(1)
}

fn show(
    location: &Location,
    finding: &Diagnostic,
    gutter: usize,
    arrow: &str,
    paint: &Paint,
    out: &mut dyn Write,
) -> io::Result<()> {
    let path = sanitise::path(&location.path);
    let position =
        location.span.map_or_else(String::new, |span| format!(":{}:{}", span.start.line, span.start.column));
    let pointer = match (&location.pointer, &location.snippet) {
        (Some(pointer), None) => format!(" {}", sanitise::text(pointer)),
        _ => String::new(),
    };
    writeln!(out, "{:gutter$}{} {path}{position}{pointer}", " ", paint.frame(arrow))?;
    let label = location.label.as_deref().map(sanitise::text).unwrap_or_default();
    let Some(snippet) = &location.snippet else {
        if !label.is_empty() {
            writeln!(out, "{:gutter$} {} {label}", "", paint.frame("="))?;
        }
        return Ok(());
    };
    let cells = sanitise::cells(&snippet.text);
    let width = |cells: &[String]| cells.iter().map(|cell| cell.width()).sum::<usize>();
    let end = snippet.highlight.end.min(cells.len());
    let start = snippet.highlight.start.min(end);
    let (before, after) =
        (if snippet.cut_before { "…" } else { "" }, if snippet.cut_after { "…" } else { "" });
    let indent = width(&cells[..start]) + before.width();
    let carets = "^".repeat(width(&cells[start..end]).max(1));
    let bar = paint.frame("|");
    writeln!(out, "{:gutter$} {bar}", "")?;
    let line = format!("{:>gutter$}", snippet.line);
    writeln!(out, "{} {bar} {before}{}{after}", paint.frame(&line), cells.concat())?;
    let label = if label.is_empty() { label } else { format!(" {label}") };
    writeln!(out, "{:gutter$} {bar} {:indent$}{}{label}", "", "", paint.level(finding, &carets))
}

fn check_error(error: &CheckError, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{}: {}",
        paint.wrap("1;31", "error"),
        paint.bold(&format!("could not judge: {}", sanitise::text(&error.message)))
    )?;
    if let Some(location) = &error.location {
        let path = sanitise::path(&location.path);
        match location.span {
            Some(span) => {
                writeln!(out, " {} {path}:{}:{}", paint.frame("-->"), span.start.line, span.start.column)?
            }
            None => writeln!(out, " {} {path}", paint.frame("-->"))?,
        }
    }
    if let Some(help) = &error.help {
        writeln!(out, "  {} {}: {}", paint.frame("="), paint.bold("help"), sanitise::text(help))?;
    }
    writeln!(out)
}
