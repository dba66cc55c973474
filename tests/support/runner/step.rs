//! A step of a job that runs `id-guard ci`, and checks of everything that it writes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Command, Form, commands, files, readable};

/// The time limit of a run; a longer run is treated as a hang.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// The number of annotations of each level.
const ANNOTATIONS: usize = 10;
/// The number of results that code scanning accepts.
const RESULTS: usize = 5_000;
/// A token that must never be printed, neither plain nor as it is sent (`x-access-token:…` in base64, from the first whole group on).
pub(crate) const SECRET: &str = "nobody-is-shown-this-token";
const SECRET_SENT: &str = "bm9ib2R5LWlzLXNob3duLXRoaXMtdG9rZW4";
/// The properties of an annotation (GitHub: workflow commands, "Setting an error message").
const PROPERTIES: [&str; 6] = ["file", "line", "endLine", "col", "endColumn", "title"];

/// Puts the temporary directories of this process in memory, if the system supports it: they need not be durable.
pub(crate) fn in_memory() {
    let memory = Path::new("/dev/shm");
    // The cache is created first, so that it stays on disk.
    crate::support::cache();
    if memory.is_dir() {
        // The first call of the process wins; all of them set the same directory.
        tempfile::env::override_temp_dir(memory).ok();
    }
}

/// A step to be run.
pub(crate) struct Step<'s> {
    /// Where the repository is checked out.
    pub(crate) workspace: &'s Path,
    pub(crate) event: &'s str,
    pub(crate) payload: &'s Value,
    /// Further variables, as a workflow would set them.
    pub(crate) variables: &'s [(String, String)],
    /// How long it may take.
    pub(crate) patience: Duration,
}

/// The result of a step.
pub(crate) struct StepResult {
    pub(crate) status: i32,
    /// Standard output and standard error.
    pub(crate) output: String,
    pub(crate) outputs: BTreeMap<String, String>,
    /// `report.json`; null if no check ran.
    pub(crate) report: Value,
}

impl StepResult {
    /// `CODE path` of each finding of a level, in the order of the report.
    pub(crate) fn findings(&self, level: &str) -> Vec<String> {
        let of_level = |finding: &&Value| finding["level"] == level && finding["waived_by"].is_null();
        let text = |value: &Value| value.as_str().unwrap_or("-").to_string();
        let line = |finding: &Value| format!("{} {}", text(&finding["code"]), text(&finding["path"]));
        self.report["findings"].as_array().into_iter().flatten().filter(of_level).map(line).collect()
    }
}

/// The output and files of a step, before they are checked.
struct Left {
    place: tempfile::TempDir,
    output: std::process::Output,
}

impl Step<'_> {
    /// Runs the step, and checks everything that it writes.
    pub(crate) fn run(&self) -> Result<StepResult, String> {
        in_memory();
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        for name in FILES {
            std::fs::write(at(name), "").unwrap();
        }
        std::fs::create_dir(at("temp")).unwrap();
        std::fs::write(at("event.json"), self.payload.to_string()).unwrap();
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-guard"));
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("HOME", at("home"));
        command
            .env("XDG_CACHE_HOME", crate::support::cache())
            .env("CI", "true")
            .env("GITHUB_ACTIONS", "true");
        command.env("GITHUB_EVENT_NAME", self.event).env("GITHUB_EVENT_PATH", at("event.json"));
        command.env("RUNNER_TEMP", at("temp"));
        command.env("GITHUB_SERVER_URL", "https://forge.invalid").env("INPUT_TOKEN", SECRET);
        command.envs(FILES.map(|name| (name, at(name))));
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        let started = Instant::now();
        let output = command.arg("ci").current_dir(self.workspace).timeout(self.patience).output().unwrap();
        if started.elapsed() >= self.patience {
            return Err("the step exceeded its time limit".into());
        }
        Left { place, output }.check()
    }
}

/// The files that a runner reads after a step.
const FILES: [&str; 5] =
    ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE"];

impl Left {
    /// Checks that the token is in no output and no file.
    fn secret(&self) -> Result<(), String> {
        let mut texts = vec![self.output.stdout.clone(), self.output.stderr.clone()];
        let mut pending = vec![self.place.path().to_path_buf()];
        while let Some(place) = pending.pop() {
            for entry in std::fs::read_dir(place).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { pending.push(path) } else { texts.push(std::fs::read(path).unwrap()) }
            }
        }
        let texts: Vec<String> =
            texts.iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect();
        match texts.iter().find(|text| text.contains(SECRET) || text.contains(SECRET_SENT)) {
            None => Ok(()),
            Some(text) => Err(format!("the token was written: {text}")),
        }
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.place.path().join(name)).unwrap_or_default()
    }

    fn check(&self) -> Result<StepResult, String> {
        self.secret()?;
        let (out, error) = (named("stdout", &self.output.stdout)?, named("stderr", &self.output.stderr)?);
        let output = format!("{out}{error}");
        let status = self.output.status.code().unwrap_or(-1);
        if !(0..=2).contains(&status) || error.contains("panicked") {
            return Err(format!("exit status {status}: {output}"));
        }
        if let Some(name) = FILES[2..].iter().find(|name| !self.read(name).is_empty()) {
            return Err(format!("{name} was written"));
        }
        let outputs = self.outputs(status)?;
        let report = self.reports(&outputs)?;
        let bytes = self.read("GITHUB_STEP_SUMMARY");
        let summary = named("the summary", &bytes)?;
        files::summary(summary)?;
        if !summary.starts_with("## id-guard: ") {
            return Err(format!("unexpected start of the summary: {summary}"));
        }
        if let Some(command) = commands(error.as_bytes()).first() {
            return Err(format!("command in stderr: {command:?}"));
        }
        let expected = match &report {
            Value::Null => {
                vec![("error".into(), "not done".to_string()); count(&outputs, "errors").min(ANNOTATIONS)]
            }
            report => annotations(report),
        };
        check_commands(&commands(out.as_bytes()), &expected)?;
        if report.is_object() {
            agree(&report, &outputs, status)?;
        }
        Ok(StepResult { status, output, outputs, report })
    }

    /// Checks the names of the outputs against the Action, and the characters of their values.
    fn outputs(&self, status: i32) -> Result<BTreeMap<String, String>, String> {
        let bytes = self.read("GITHUB_OUTPUT");
        let listed = files::outputs(named("the outputs", &bytes)?)?;
        let outputs: BTreeMap<String, String> = listed.iter().cloned().collect();
        if outputs.len() != listed.len() {
            return Err(format!("duplicate output: {listed:?}"));
        }
        let known = declared();
        for (name, value) in &outputs {
            let fits = match name.as_str() {
                "verdict" => ["pass", "fail", "error"][usize::try_from(status).unwrap_or(2)] == value,
                "findings" | "errors" => is_of(value, "0123456789"),
                "base" | "head" | "merge-base" => is_id(value),
                "commit" => value.is_empty() || is_id(value),
                "registry-sha256" => value.is_empty() || value.len() == 64 && is_of(value, HEX),
                "branch" => value.is_empty() || is_of(value, NAME),
                "tags" => value.is_empty() || is_of(value, &format!("{NAME} ")),
                "report-path" => self.is_report(value, "report.json"),
                "sarif-path" => self.is_report(value, "report.sarif"),
                _ => false,
            };
            if !fits || !known.contains(name) {
                return Err(format!("the output {name} is {value:?}, and the status {status}"));
            }
        }
        if outputs.contains_key("verdict") {
            Ok(outputs)
        } else {
            Err(format!("the verdict is missing: {outputs:?}"))
        }
    }

    fn is_report(&self, path: &str, name: &str) -> bool {
        Path::new(path) == self.place.path().join("temp/id-guard-1").join(name)
    }

    /// Checks both reports: safe characters, valid schema, equal number of findings. Returns the JSON report.
    fn reports(&self, outputs: &BTreeMap<String, String>) -> Result<Value, String> {
        let Some(path) = outputs.get("report-path") else { return Ok(Value::Null) };
        let mut read = Vec::new();
        for path in [path, &outputs["sarif-path"]].map(PathBuf::from) {
            let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let text = named("a report", &bytes)?;
            if let Some(command) = commands(text.as_bytes()).first() {
                return Err(format!("command in {}: {command:?}", path.display()));
            }
            read.push(serde_json::from_str::<Value>(text).map_err(|error| error.to_string())?);
        }
        let (report, sarif) = (read.remove(0), read.remove(0));
        let violations: Vec<String> =
            crate::support::schema().iter_errors(&report).map(|error| error.to_string()).collect();
        if !violations.is_empty() {
            return Err(format!("the report does not match its schema: {violations:?}"));
        }
        let of =
            |value: &Value, pointer: &str| value.pointer(pointer).and_then(Value::as_array).map(Vec::len);
        // Code scanning accepts no more.
        let most = |count: Option<usize>| count.map(|count| count.min(RESULTS));
        if most(of(&report, "/findings")) == of(&sarif, "/runs/0/results") {
            Ok(report)
        } else {
            Err("the two reports have different numbers of findings".into())
        }
    }
}

const HEX: &str = "0123456789abcdef";
const NAME: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-";

fn is_of(value: &str, alphabet: &str) -> bool {
    !value.is_empty() && value.chars().all(|character| alphabet.contains(character))
}

fn is_id(value: &str) -> bool {
    [40, 64].contains(&value.len()) && is_of(value, HEX)
}

fn named<'t>(what: &str, bytes: &'t [u8]) -> Result<&'t str, String> {
    readable(bytes).map_err(|error| format!("{what}: {error}"))
}

fn count(outputs: &BTreeMap<String, String>, name: &str) -> usize {
    outputs.get(name).and_then(|value| value.parse().ok()).unwrap_or_default()
}

/// The outputs that `action.yml` declares.
fn declared() -> Vec<String> {
    let text = include_str!("../../../action.yml");
    let lines = text.lines().skip_while(|line| *line != "outputs:").skip(1);
    let lines = lines.take_while(|line| line.is_empty() || line.starts_with(' '));
    let names = lines.filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'));
    names.filter(|name| !name.starts_with(' ')).map(String::from).collect()
}

/// Whether people are shown a finding of a report: neither waived, nor a consequence of another.
fn is_shown(finding: &Value, level: &str) -> bool {
    finding["level"] == level && finding["waived_by"].is_null() && finding["caused_by"].is_null()
}

/// The expected annotations of a report: the command, and its title.
fn annotations(report: &Value) -> Vec<(String, String)> {
    let list = |name: &str| report[name].as_array().cloned().unwrap_or_default();
    let mut expected: Vec<(String, String)> = list("errors")
        .iter()
        .map(|_| ("error".into(), "check could not run".into()))
        .take(ANNOTATIONS)
        .collect();
    for (level, command) in [("deny", "error"), ("warn", "warning")] {
        let mut findings: Vec<Value> = list("findings");
        findings.retain(|finding| is_shown(finding, level));
        findings.sort_by_key(|finding| finding["status"] == "existing");
        expected.extend(findings.iter().take(ANNOTATIONS).map(|finding| {
            let text = |name: &str| finding[name].as_str().unwrap_or_default().to_string();
            (command.to_string(), format!("{} {}", text("code"), text("rule")))
        }));
    }
    expected
}

/// Checks that the commands are the expected ones, in this order, and that each is readable.
fn check_commands(found: &[Command], expected: &[(String, String)]) -> Result<(), String> {
    for command in found {
        let properties = command.properties()?;
        let known = |name: &str| PROPERTIES.contains(&name);
        let numbers = |name: &str| matches!(name, "line" | "endLine" | "col" | "endColumn");
        let fits = properties.iter().all(|(name, value)| {
            known(name)
                && !value.chars().any(super::is_unseen)
                && (!numbers(name) || is_of(value, "0123456789"))
        });
        let data = command.data();
        if command.form != Form::Colons || !fits || readable(data.as_bytes()).is_err() {
            return Err(format!("unexpected command: {command:?}"));
        }
        if data.lines().skip(1).any(|line| !line.starts_with("help: ")) {
            return Err(format!("a command with unexpected lines: {command:?}"));
        }
    }
    let titles = found.iter().map(|command| {
        let properties = command.properties().unwrap_or_default();
        let title = properties.into_iter().find(|(name, _)| name == "title");
        (command.name.clone(), title.map(|(_, title)| title).unwrap_or_default())
    });
    let titles: Vec<(String, String)> = titles.collect();
    if titles == expected {
        Ok(())
    } else {
        Err(format!("the commands are {titles:?}, expected {expected:?}"))
    }
}

/// Checks the outputs against the report.
fn agree(report: &Value, outputs: &BTreeMap<String, String>, status: i32) -> Result<(), String> {
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    let of = |level: &str| findings.iter().filter(|finding| is_shown(finding, level)).count();
    let checked = |name: &str| report["checked"][name].as_str().unwrap_or_default().to_string();
    let output = |name: &str| outputs.get(name).cloned().unwrap_or_default();
    let same = report["verdict"] == output("verdict").as_str()
        && count(outputs, "errors") == of("deny")
        && count(outputs, "findings") == of("deny") + of("warn")
        && ["base", "head"].iter().all(|name| checked(name) == output(name))
        && checked("merge_base") == output("merge-base")
        && (status == 2) != report["errors"].as_array().is_some_and(Vec::is_empty);
    if same { Ok(()) } else { Err(format!("the outputs {outputs:?} do not match the report {report}")) }
}
