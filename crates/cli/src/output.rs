//! Where reports go: standard output in one format, files in any, and the exit status from the verdict alone.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use diagnostic::{
    CheckError, Format, Grouping, Look, Options, Report, RuleInfo, Verdict, render, render_statistics,
    sanitise,
};
use engine::Rule;

use crate::arguments::{Common, FormatArgument, StatisticsArgument};
use crate::environment;

/// The most findings that a terminal shows: what fits on a few screens.
const MAX_TERMINAL_FINDINGS: usize = 50;

impl From<StatisticsArgument> for Grouping {
    fn from(argument: StatisticsArgument) -> Grouping {
        match argument {
            StatisticsArgument::Rules => Grouping::Rules,
            StatisticsArgument::Files => Grouping::Files,
        }
    }
}

impl From<FormatArgument> for Format {
    fn from(argument: FormatArgument) -> Format {
        match argument {
            FormatArgument::Human => Format::Human,
            FormatArgument::Narrated => Format::Narrated,
            FormatArgument::Concise => Format::Concise,
            FormatArgument::Grouped => Format::Grouped,
            FormatArgument::Json => Format::Json,
            FormatArgument::Sarif => Format::Sarif,
            FormatArgument::Github => Format::Github,
            FormatArgument::Gitlab => Format::Gitlab,
            FormatArgument::Junit => Format::Junit,
            FormatArgument::Summary => Format::Summary,
        }
    }
}

/// Prints the report and writes its files; returns the verdict's exit status.
pub(crate) fn finish(tool: &str, common: &Common, rules: &[&'static Rule], mut report: Report) -> ExitCode {
    let rules = infos(rules);
    let options = Options {
        look: environment::look(common.color),
        max_findings: max_findings(common),
        annotations_max: common.annotations_max,
        verbose: common.verbose,
        ..options(tool, &rules)
    };
    let of_files = Options { look: Look::default(), max_findings: None, ..options.clone() };
    for wanted in &common.report {
        if let Err(message) = write_wanted(wanted, &report, &of_files) {
            // A requested report that cannot be written is not a success.
            report.errors.push(CheckError { message, help: None, location: None });
        }
    }
    let verdict = report.verdict();
    let format = format(common, &report);
    if common.quiet && verdict == Verdict::Pass && format.is_for_people() {
        return ExitCode::from(verdict.exit_code());
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = match common.statistics {
        Some(statistics) => {
            let as_json = format == Format::Json;
            render_statistics(&report, statistics.into(), as_json, &options, &mut out)
        }
        None => render(format, &report, &options, &mut out),
    };
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!("the report cannot be printed: {error}"));
            ExitCode::from(Verdict::Error.exit_code())
        }
        _ => ExitCode::from(verdict.exit_code()),
    }
}

/// Decides the format where none was named: an audit on a terminal is grouped by file.
fn format(common: &Common, report: &Report) -> Format {
    let is_long = report.checked.command == "audit" && environment::is_terminal();
    common.format.map_or(if is_long { Format::Grouped } else { Format::Human }, Format::from)
}

/// Decides how many findings people see: all in a file or pipe, some on a terminal.
fn max_findings(common: &Common) -> Option<usize> {
    match common.max_findings {
        _ if common.all => None,
        Some(0) => None,
        Some(most) => Some(most),
        None => environment::is_terminal().then_some(MAX_TERMINAL_FINDINGS),
    }
}

/// Returns what renderers show of rules.
pub(crate) fn infos(rules: &[&'static Rule]) -> Vec<&'static RuleInfo> {
    rules.iter().map(|rule| &rule.info).collect()
}

/// What a renderer knows where nobody asked for anything else.
pub(crate) fn options<'o>(tool: &'o str, rules: &'o [&'static RuleInfo]) -> Options<'o> {
    Options {
        look: Look::default(),
        max_findings: None,
        annotations_max: 10,
        verbose: false,
        rules,
        tool: (tool, env!("CARGO_PKG_VERSION")),
        home: diagnostic::address::HOME,
    }
}

/// Writes a report that was asked for as `FORMAT=FILE`.
pub(crate) fn write_wanted(wanted: &str, report: &Report, options: &Options<'_>) -> Result<(), String> {
    let (name, path) =
        wanted.split_once('=').ok_or_else(|| format!("--report {wanted}: expected FORMAT=FILE"))?;
    let format =
        Format::from_name(name).ok_or_else(|| format!("--report {wanted}: unknown format `{name}`"))?;
    write_file(format, Path::new(path), report, options)
        .map_err(|error| format!("--report {wanted}: {error}"))
}

/// Writes a report to a file.
pub(crate) fn write_file(
    format: Format,
    path: &Path,
    report: &Report,
    options: &Options<'_>,
) -> Result<(), String> {
    let mut bytes = Vec::new();
    render(format, report, options, &mut bytes).map_err(|error| error.to_string())?;
    repo::disk::write(path, &bytes).map_err(|error| error.to_string())
}

/// Writes JSON for programs, in which a runner that reads along finds no command, and a terminal nothing that it obeys.
pub(crate) fn json(value: &serde_json::Value) -> String {
    sanitise::json(&format!("{value:#}\n"))
}

/// Prints lines to standard output; a reader that went away changes nothing.
pub(crate) fn print(text: &str) -> ExitCode {
    print_bytes(text.as_bytes())
}

/// Prints bytes to standard output as they are.
pub(crate) fn print_bytes(bytes: &[u8]) -> ExitCode {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(Verdict::Error.exit_code()),
        _ => ExitCode::SUCCESS,
    }
}

/// Prints a line to standard error.
pub(crate) fn complain(text: &str) {
    // There is nowhere left to complain of this.
    let _ = writeln!(io::stderr().lock(), "error: {}", sanitise::text(text));
}

/// Prints what a reader of the output does not need to parse, beside it.
pub(crate) fn inform(text: &str) {
    // There is nowhere left to complain of this.
    let _ = writeln!(io::stderr().lock(), "{}", sanitise::text(text));
}

/// Prints a warning to standard error.
pub(crate) fn warn(text: &str) {
    // There is nowhere left to complain of this.
    let _ = writeln!(io::stderr().lock(), "warning: {}", sanitise::text(text));
}

/// Prints a line of advice to standard error.
pub(crate) fn advise(text: &str) {
    // There is nowhere left to complain of this.
    let _ = writeln!(io::stderr().lock(), "  help: {}", sanitise::text(text));
}
