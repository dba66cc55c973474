//! Where reports go: standard output in one format, files in any, and the exit status from the verdict alone.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use diagnostic::{CheckError, Format, Options, Report, RuleInfo, Verdict, render, sanitise};
use engine::Rule;

use crate::arguments::{Common, FormatArgument};
use crate::environment;

impl From<FormatArgument> for Format {
    fn from(argument: FormatArgument) -> Format {
        match argument {
            FormatArgument::Human => Format::Human,
            FormatArgument::Json => Format::Json,
            FormatArgument::Sarif => Format::Sarif,
            FormatArgument::Github => Format::Github,
            FormatArgument::Junit => Format::Junit,
            FormatArgument::Summary => Format::Summary,
        }
    }
}

/// Prints the report and writes its files; returns the verdict's exit status.
pub(crate) fn finish(tool: &str, common: &Common, rules: &[&'static Rule], mut report: Report) -> ExitCode {
    let rules = infos(rules);
    let options = Options {
        color: environment::color(common.color),
        annotations_max: common.annotations_max,
        verbose: common.verbose,
        ..options(tool, &rules)
    };
    for wanted in &common.report {
        if let Err(message) = write_wanted(wanted, &report, &Options { color: false, ..options.clone() }) {
            // A report that was asked for and is not there is no success.
            report.errors.push(CheckError { message, help: None, location: None });
        }
    }
    let verdict = report.verdict();
    if common.quiet && verdict == Verdict::Pass && common.format == FormatArgument::Human {
        return ExitCode::from(verdict.exit_code());
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = render(common.format.into(), &report, &options, &mut out).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!("the report cannot be printed: {error}"));
            ExitCode::from(Verdict::Error.exit_code())
        }
        _ => ExitCode::from(verdict.exit_code()),
    }
}

/// Returns what renderers show of rules.
pub(crate) fn infos(rules: &[&'static Rule]) -> Vec<&'static RuleInfo> {
    rules.iter().map(|rule| &rule.info).collect()
}

/// What a renderer knows where nobody asked for anything else.
pub(crate) fn options<'o>(tool: &'o str, rules: &'o [&'static RuleInfo]) -> Options<'o> {
    Options {
        color: false,
        annotations_max: 10,
        verbose: false,
        rules,
        tool: (tool, env!("CARGO_PKG_VERSION")),
    }
}

/// Writes a report that was asked for as `FORMAT=FILE`.
pub(crate) fn write_wanted(wanted: &str, report: &Report, options: &Options<'_>) -> Result<(), String> {
    let (name, path) =
        wanted.split_once('=').ok_or_else(|| format!("--report {wanted}: expected FORMAT=FILE"))?;
    let format =
        Format::from_name(name).ok_or_else(|| format!("--report {wanted}: there is no format `{name}`"))?;
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
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(Verdict::Error.exit_code()),
        _ => ExitCode::SUCCESS,
    }
}

/// Prints a line to standard error.
pub(crate) fn complain(text: &str) {
    // There is nowhere left to complain of this.
    let _ = writeln!(io::stderr().lock(), "error: {}", sanitise::text(text));
}

/// Prints a line of advice to standard error.
pub(crate) fn advise(text: &str) {
    // There is nowhere left to complain of this.
    let _ = writeln!(io::stderr().lock(), "  help: {}", sanitise::text(text));
}
