//! Reports a run: log, annotations, job summary, report files, and outputs for the following steps.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use diagnostic::{CheckError, Format, Options, Report, Verdict, sanitise};
use engine::{Rule, RunKind};
use registry::PATH as REGISTRY;
use repo::Repository;
use snapshot::Snapshot as _;
use tlog::Hash;

use super::full_audit::is_of_audit;
use super::inputs::Inputs;
use crate::arguments::{CiArguments, ColorArgument, FailOnArgument};
use crate::environment::{self, is_read_by_a_runner, variable};
use crate::error::CommandError;
use crate::guard::post_merge::PostMergeOutcome;
use crate::output;
use crate::release::pack::Packed;

/// The report directories of one job. A job runs the Action a few times.
const MAX_DIRECTORIES: u32 = 1_000;

/// Reports a check or audit, and returns its exit status.
pub(super) fn report(
    arguments: &CiArguments,
    inputs: Option<&Inputs>,
    repository: Option<&Repository>,
    mut report: Report,
) -> ExitCode {
    let mut outputs = Outputs::default();
    let most = inputs.map_or(10, |inputs| inputs.annotations_max);
    let is_audit = report.checked.command == "audit";
    let ran =
        |rule: &&&'static Rule| if is_audit { is_of_audit(rule) } else { rule.runs_in(RunKind::Change) };
    let ran: Vec<&'static Rule> = rules::ALL.iter().filter(ran).copied().collect();
    let rules = output::infos(&ran);
    let options = Options { annotations_max: most, ..output::options("id-guard", &rules) };
    // First, so that the reports below contain the error of one that could not be written.
    for wanted in inputs.iter().flat_map(|inputs| &inputs.report) {
        // The checked-out tree may contain symbolic links: nothing is written through them.
        let place = wanted.split_once('=').map(|(_, path)| Path::new(path)).filter(|path| path.is_relative());
        let free = place.map_or(Ok(()), |path| repo::disk::refuse_links(Path::new("."), path));
        let written = free
            .map_err(|error| error.to_string())
            .and_then(|()| output::write_wanted(wanted, &report, &options));
        if let Err(message) = written {
            report.errors.push(CheckError { message, help: None, location: None });
        }
    }
    match directory(arguments) {
        Err(error) => report.errors.extend(error.into_errors()),
        Ok(None) => {}
        Ok(Some(directory)) => {
            for (name, format, file) in
                [("report-path", Format::Json, "report.json"), ("sarif-path", Format::Sarif, "report.sarif")]
            {
                let path = directory.join(file);
                outputs.set(name, &path.display().to_string());
                if let Err(message) = output::write_file(format, &path, &report, &options) {
                    report.errors.push(CheckError { message, help: None, location: None });
                }
            }
        }
    }
    let verdict = report.verdict();
    let counts = report.counts();
    outputs.set("verdict", verdict.name());
    outputs.set("findings", &(counts.errors + counts.warnings).to_string());
    outputs.set("errors", &counts.errors.to_string());
    let ids = [("base", report.checked.base), ("merge-base", report.checked.merge_base)];
    ids.iter().filter_map(|(name, id)| Some((name, (*id)?))).for_each(|(name, id)| {
        outputs.set(name, &id.to_string());
    });
    if let Some(head) = &report.checked.head {
        outputs.set("head", head);
        outputs.set(
            "registry-sha256",
            &repository.and_then(|repository| registry(repository, head)).unwrap_or_default(),
        );
    }
    let mut text = Vec::new();
    // Writing to memory does not fail.
    let log = Options { look: environment::look(ColorArgument::Auto), ..options.clone() };
    let _ = diagnostic::render(Format::Human, &report, &log, &mut text);
    if is_read_by_a_runner() {
        let _ = diagnostic::annotations(&report, &options, &mut text);
    }
    let mut summary = Vec::new();
    if inputs.is_none_or(|inputs| inputs.summary) {
        let _ = diagnostic::render(Format::Summary, &report, &options, &mut summary);
    }
    let written = write_log(&text).and_then(|()| publish(&outputs, &summary));
    match written {
        Ok(()) => status(verdict, inputs.map(|inputs| inputs.fail_on)),
        Err(error) => output_failed(&error),
    }
}

/// Reports a post-merge run, and returns its exit status.
pub(super) fn recorded(
    repository: &Repository,
    arguments: &CiArguments,
    inputs: &Inputs,
    done: Result<PostMergeOutcome, CommandError>,
) -> ExitCode {
    let done = match done {
        Err(refusal) => {
            return report(arguments, Some(inputs), Some(repository), refusal.into_report("post-merge"));
        }
        Ok(done) => done,
    };
    let wrong = done.wrong();
    let verdict = if wrong.is_empty() { Verdict::Pass } else { Verdict::Fail };
    let mut outputs = Outputs::default();
    outputs.set("verdict", verdict.name());
    outputs.set("findings", &wrong.len().to_string());
    outputs.set("errors", &wrong.len().to_string());
    for (name, id) in [("head", done.head), ("commit", done.commit)] {
        outputs.set(name, &id.map(|id| id.to_string()).unwrap_or_default());
    }
    outputs.set("branch", done.branch.as_deref().unwrap_or_default());
    outputs.set("tags", &done.tags.join(" "));
    let made = done.commit.or(done.head).map(|id| id.to_string()).unwrap_or_default();
    outputs.set("registry-sha256", &registry(repository, &made).unwrap_or_default());
    let title = match (verdict, done.dry_run, done.commit.is_some() || !done.tags.is_empty()) {
        (_, true, _) => "dry run",
        (Verdict::Pass, _, false) => "nothing to record",
        (Verdict::Pass, ..) => "recorded",
        _ => "recorded with errors",
    };
    report_action(inputs, verdict, &outputs, title, &done.text, &wrong)
}

/// Reports a release, and returns its exit status.
pub(super) fn released(
    repository: &Repository,
    arguments: &CiArguments,
    inputs: &Inputs,
    done: Result<(PathBuf, Vec<Packed>, String), CommandError>,
) -> ExitCode {
    let (folder, packed, printed) = match done {
        Err(refusal) => {
            return report(arguments, Some(inputs), Some(repository), refusal.into_report("release"));
        }
        Ok(done) => done,
    };
    let mut outputs = Outputs::default();
    outputs.set("verdict", Verdict::Pass.name());
    outputs.set("packages-path", &folder.display().to_string());
    outputs.set("tags", &packed.iter().map(|packed| packed.tag.as_str()).collect::<Vec<_>>().join(" "));
    let printed = if packed.is_empty() { "nothing to release: no tag was given\n".into() } else { printed };
    report_action(inputs, Verdict::Pass, &outputs, "released", &printed, &[])
}

/// Reports an action: each line of its output, and its errors.
fn report_action(
    inputs: &Inputs,
    verdict: Verdict,
    outputs: &Outputs,
    title: &str,
    printed: &str,
    wrong: &[String],
) -> ExitCode {
    let mut text = Vec::new();
    let mut summary = format!("## id-guard: {title}\n\n");
    for line in printed.lines() {
        // Writing to memory does not fail.
        let _ = writeln!(text, "{}", sanitise::text(line));
        summary += &format!("- {}\n", sanitise::markdown(line.trim_start()));
    }
    for (at, what) in wrong.iter().enumerate() {
        let what = sanitise::text(what);
        let _ = match is_read_by_a_runner() && at < inputs.annotations_max {
            true => writeln!(text, "::error title=not done::{}", sanitise::annotation(&what)),
            false => writeln!(text, "error: {what}"),
        };
        summary += &format!("- **error** {}\n", sanitise::markdown(&what));
    }
    let summary = if inputs.summary { summary } else { String::new() };
    match write_log(&text).and_then(|()| publish(outputs, summary.as_bytes())) {
        Ok(()) => status(verdict, Some(inputs.fail_on)),
        Err(error) => output_failed(&error),
    }
}

/// Returns the exit status of a verdict; `--fail-on never` tolerates findings, but not a check that could not run.
fn status(verdict: Verdict, fail_on: Option<FailOnArgument>) -> ExitCode {
    match (verdict, fail_on) {
        (Verdict::Fail, Some(FailOnArgument::Never)) => ExitCode::SUCCESS,
        _ => ExitCode::from(verdict.exit_code()),
    }
}

/// A report that could not be written is not a pass.
fn output_failed(error: &str) -> ExitCode {
    output::complain(error);
    ExitCode::from(Verdict::Error.exit_code())
}

fn write_log(text: &[u8]) -> Result<(), String> {
    let mut out = io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("the report cannot be printed: {error}"))
        }
        _ => Ok(()),
    }
}

/// Appends to the runner's files.
fn publish(outputs: &Outputs, summary: &[u8]) -> Result<(), String> {
    for (name, bytes) in [("GITHUB_OUTPUT", outputs.text()?.as_bytes()), ("GITHUB_STEP_SUMMARY", summary)] {
        if let Some(path) = variable(name).filter(|_| !bytes.is_empty()) {
            repo::disk::append(Path::new(&path), bytes).map_err(|error| format!("{name}: {error}"))?;
        }
    }
    Ok(())
}

/// Returns the directory of the reports; `None` outside of a runner, without the option.
pub(super) fn directory(arguments: &CiArguments) -> Result<Option<PathBuf>, CommandError> {
    if let Some(folder) = &arguments.reports {
        repo::disk::make_directory(folder)?;
        return Ok(Some(folder.clone()));
    }
    let Some(place) = variable("RUNNER_TEMP").map(PathBuf::from) else { return Ok(None) };
    // Each step has its own directory: reports of an earlier step are kept.
    for number in 1..MAX_DIRECTORIES {
        let folder = place.join(format!("id-guard-{number}"));
        if repo::disk::make_new_directory(&folder)? {
            return Ok(Some(folder));
        }
    }
    Err(CommandError::failed(format!("{} contains too many report directories", place.display())))
}

/// Returns the SHA-256 of the registry file of a commit.
fn registry(repository: &Repository, head: &str) -> Option<String> {
    let commit = repository.commit(repository.resolve(head).ok()??).ok()?;
    let node = commit.find(&REGISTRY.into()).ok()??;
    Some(Hash::of(&commit.read(&node, registry::MAX_REGISTRY_BYTES).ok()?).hex())
}

/// The outputs for the following steps.
#[derive(Default)]
struct Outputs(Vec<(String, String)>);

impl Outputs {
    fn set(&mut self, name: &str, value: &str) {
        self.0.push((name.into(), value.into()));
    }

    /// Writes them as the runner reads them, each with an unpredictable delimiter (GitHub: workflow commands, multiline strings).
    fn text(&self) -> Result<String, String> {
        let mut text = String::new();
        for (name, value) in &self.0 {
            let mut random = [0; 16];
            getrandom::fill(&mut random)
                .map_err(|error| format!("no random bytes from the system: {error}"))?;
            let random: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
            // Values are ids, numbers, fixed words and paths of the runner; other characters are escaped.
            let value = sanitise::cells(value.as_bytes()).concat();
            text += &format!("{name}<<id-guard-{random}\n{value}\nid-guard-{random}\n");
        }
        Ok(text)
    }
}
