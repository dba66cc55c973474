//! One step of a job that runs `id-guard ci`, with everything that it leaves held to what it means to leave.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Command, Form, commands, files, readable};

/// What nothing takes longer than: whoever waits longer was stopped by the input.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// The most annotations of each level.
const ANNOTATIONS: usize = 10;
/// The most results that code scanning takes.
const RESULTS: usize = 5_000;
/// A token that nobody is shown, as it is or as it goes over the wire (`x-access-token:…` in base64, from the first whole group on).
pub(crate) const SECRET: &str = "nobody-is-shown-this-token";
const SECRET_SENT: &str = "bm9ib2R5LWlzLXNob3duLXRoaXMtdG9rZW4";
/// The properties of an annotation (GitHub: workflow commands, "Setting an error message").
const PROPERTIES: [&str; 6] = ["file", "line", "endLine", "col", "endColumn", "title"];

/// Lets temporary folders of this process lie in memory, where the system has such a place: nothing of them has to last.
pub(crate) fn in_memory() {
    let memory = Path::new("/dev/shm");
    // What the programs keep outlives a process, and need not fill the memory.
    crate::support::cache();
    if memory.is_dir() {
        // Whoever was first asked for the same.
        let _ = tempfile::env::override_temp_dir(memory);
    }
}

/// A step that is still to be run.
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

/// What a step left.
pub(crate) struct Done {
    pub(crate) status: i32,
    /// Standard output and standard error.
    pub(crate) told: String,
    pub(crate) outputs: BTreeMap<String, String>,
    /// `report.json`; null where nothing was judged.
    pub(crate) report: Value,
}

impl Done {
    /// `CODE path` of each finding of a level, in the order of the report.
    pub(crate) fn findings(&self, level: &str) -> Vec<String> {
        let of_level = |finding: &&Value| finding["level"] == level && finding["waived_by"].is_null();
        let text = |value: &Value| value.as_str().unwrap_or("-").to_string();
        let told = |finding: &Value| format!("{} {}", text(&finding["code"]), text(&finding["path"]));
        self.report["findings"].as_array().into_iter().flatten().filter(of_level).map(told).collect()
    }
}

/// What a step wrote, before it is held to anything.
struct Left {
    place: tempfile::TempDir,
    output: std::process::Output,
}

impl Step<'_> {
    /// Runs the step, and holds all that it leaves.
    pub(crate) fn run(&self) -> Result<Done, String> {
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
            return Err("it hangs".into());
        }
        Left { place, output }.hold()
    }
}

/// The files that a runner reads behind a step.
const FILES: [&str; 5] =
    ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE"];

impl Left {
    /// Holds everything that was printed or written to not telling the token.
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
            Some(text) => Err(format!("the token is told: {text}")),
        }
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.place.path().join(name)).unwrap_or_default()
    }

    fn hold(&self) -> Result<Done, String> {
        self.secret()?;
        let (out, error) = (named("stdout", &self.output.stdout)?, named("stderr", &self.output.stderr)?);
        let told = format!("{out}{error}");
        let status = self.output.status.code().unwrap_or(-1);
        if !(0..=2).contains(&status) || error.contains("panicked") {
            return Err(format!("it ends with {status}: {told}"));
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
            return Err(format!("the summary begins with something else: {summary}"));
        }
        if let Some(command) = commands(error.as_bytes()).first() {
            return Err(format!("stderr carries {command:?}"));
        }
        let meant = match &report {
            Value::Null => {
                vec![("error".into(), "not done".to_string()); count(&outputs, "errors").min(ANNOTATIONS)]
            }
            report => annotations(report),
        };
        held_commands(&commands(out.as_bytes()), &meant)?;
        if report.is_object() {
            agree(&report, &outputs, status)?;
        }
        Ok(Done { status, told, outputs, report })
    }

    /// Holds the outputs to the names that the Action gives on, and to the alphabets of their values.
    fn outputs(&self, status: i32) -> Result<BTreeMap<String, String>, String> {
        let bytes = self.read("GITHUB_OUTPUT");
        let listed = files::outputs(named("the outputs", &bytes)?)?;
        let outputs: BTreeMap<String, String> = listed.iter().cloned().collect();
        if outputs.len() != listed.len() {
            return Err(format!("an output stands twice: {listed:?}"));
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
            Err(format!("there is no verdict: {outputs:?}"))
        }
    }

    fn is_report(&self, path: &str, name: &str) -> bool {
        Path::new(path) == self.place.path().join("temp/id-guard-1").join(name)
    }

    /// Holds both reports to what may be printed, and to their forms; returns the one as JSON.
    fn reports(&self, outputs: &BTreeMap<String, String>) -> Result<Value, String> {
        let Some(path) = outputs.get("report-path") else { return Ok(Value::Null) };
        let mut read = Vec::new();
        for path in [path, &outputs["sarif-path"]].map(PathBuf::from) {
            let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let text = named("a report", &bytes)?;
            if let Some(command) = commands(text.as_bytes()).first() {
                return Err(format!("{} carries {command:?}", path.display()));
            }
            read.push(serde_json::from_str::<Value>(text).map_err(|error| error.to_string())?);
        }
        let (report, sarif) = (read.remove(0), read.remove(0));
        let wrong: Vec<String> =
            crate::support::schema().iter_errors(&report).map(|error| error.to_string()).collect();
        if !wrong.is_empty() {
            return Err(format!("the report is not as its schema says: {wrong:?}"));
        }
        let of =
            |value: &Value, pointer: &str| value.pointer(pointer).and_then(Value::as_array).map(Vec::len);
        // Code scanning takes no more.
        let most = |count: Option<usize>| count.map(|count| count.min(RESULTS));
        if most(of(&report, "/findings")) == of(&sarif, "/runs/0/results") {
            Ok(report)
        } else {
            Err("the two reports do not say the same".into())
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

/// The outputs that `action.yml` gives on.
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

/// The annotations that a report means: the command, and its title.
fn annotations(report: &Value) -> Vec<(String, String)> {
    let list = |name: &str| report[name].as_array().cloned().unwrap_or_default();
    let mut meant: Vec<(String, String)> = list("errors")
        .iter()
        .map(|_| ("error".into(), "check could not run".into()))
        .take(ANNOTATIONS)
        .collect();
    for (level, command) in [("deny", "error"), ("warn", "warning")] {
        let mut findings: Vec<Value> = list("findings");
        findings.retain(|finding| is_shown(finding, level));
        findings.sort_by_key(|finding| finding["status"] == "existing");
        meant.extend(findings.iter().take(ANNOTATIONS).map(|finding| {
            let text = |name: &str| finding[name].as_str().unwrap_or_default().to_string();
            (command.to_string(), format!("{} {}", text("code"), text("rule")))
        }));
    }
    meant
}

/// Holds commands to those that are meant: these, in this order, and each of them such that it can be read.
fn held_commands(found: &[Command], meant: &[(String, String)]) -> Result<(), String> {
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
            return Err(format!("a command that was not meant: {command:?}"));
        }
        if data.lines().skip(1).any(|line| !line.starts_with("help: ")) {
            return Err(format!("a command of foreign lines: {command:?}"));
        }
    }
    let told = found.iter().map(|command| {
        let properties = command.properties().unwrap_or_default();
        let title = properties.into_iter().find(|(name, _)| name == "title");
        (command.name.clone(), title.map(|(_, title)| title).unwrap_or_default())
    });
    let told: Vec<(String, String)> = told.collect();
    if told == meant { Ok(()) } else { Err(format!("the commands are {told:?}, and meant are {meant:?}")) }
}

/// Holds the outputs to the report.
fn agree(report: &Value, outputs: &BTreeMap<String, String>, status: i32) -> Result<(), String> {
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    let of = |level: &str| findings.iter().filter(|finding| is_shown(finding, level)).count();
    let judged = |name: &str| report["checked"][name].as_str().unwrap_or_default().to_string();
    let output = |name: &str| outputs.get(name).cloned().unwrap_or_default();
    let same = report["verdict"] == output("verdict").as_str()
        && count(outputs, "errors") == of("deny")
        && count(outputs, "findings") == of("deny") + of("warn")
        && ["base", "head"].iter().all(|name| judged(name) == output(name))
        && judged("merge_base") == output("merge-base")
        && (status == 2) != report["errors"].as_array().is_some_and(Vec::is_empty);
    if same { Ok(()) } else { Err(format!("the outputs are {outputs:?}, and the report is {report}")) }
}
