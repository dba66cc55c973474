//! The workflows that run the gate: when they run, what their token may do, what they check out, which Action they name.

use artifact::{Format, Limits, Value, tolerant};
use repo::Repository;
use snapshot::Snapshot as _;

use super::Line;
use crate::guard::init::workflows::is_pinned_action;
use crate::guard::init::{noted_mainline, scripts};
use crate::guard::workflow_files::{FOLDER, MAX_WORKFLOW_BYTES, texts};

/// The events of a pull request that the gate must see: without `edited`, one whose base changes is not checked again.
const TYPES: [&str; 4] = ["opened", "synchronize", "reopened", "edited"];
/// The events by which GitHub sends pull requests.
const PULLS: [&str; 2] = ["pull_request", "pull_request_target"];

/// What was seen.
pub(super) struct LookedAt {
    pub(super) lines: Vec<Line>,
    /// What the checks of the gate are called, for rules that require them.
    pub(super) checks: Vec<String>,
}

/// Looks at every workflow of the working tree that runs the tools.
pub(super) fn examine(repository: &Repository) -> LookedAt {
    let mut seen = LookedAt { lines: Vec::new(), checks: Vec::new() };
    let mut commands: Vec<String> = Vec::new();
    let mainline = noted_mainline(repository);
    for (path, text) in texts(repository) {
        if !text.contains("id-guard") && !text.contains("uses: ./") {
            continue;
        }
        match read(&text) {
            Ok(workflow) if !calls(&workflow) => {}
            Err(error) => seen.lines.push(Line::unknown(format!("{path}: it cannot be read here: {error}"))),
            Ok(workflow) => {
                let mut workflow = Workflow {
                    path: &path,
                    value: &workflow,
                    mainline: mainline.as_deref(),
                    lines: Vec::new(),
                };
                commands.extend(workflow.examine(&mut seen.checks));
                if workflow.lines.is_empty() {
                    seen.lines.push(Line::ok(format!("{path} runs the tools as it should")));
                }
                seen.lines.append(&mut workflow.lines);
            }
        }
    }
    for call in scripts::calls(repository) {
        let line = match (call.problem(), call.found, call.script) {
            (Some(problem), scripts::Found::Other | scripts::Found::NotExecutable, _) => {
                Line::advice(problem)
            }
            (Some(problem), ..) => Line::problem(problem),
            (None, scripts::Found::Ours, Some(script)) => {
                Line::ok(format!("{} runs {}, which runs {}", call.workflow, call.path, script.program))
            }
            (None, ..) => continue,
        };
        seen.lines.push(line);
    }
    let ours = "id-guard init, with the option --action";
    if seen.checks.is_empty() {
        let text = format!("no workflow checks pull requests: {ours}");
        // Without any workflow, another CI system may run the gate.
        let here = repository.worktree().ok().and_then(|tree| tree.find(&FOLDER.into()).ok().flatten());
        seen.lines.push(if here.is_some() { Line::problem(text) } else { Line::advice(text) });
    }
    for (command, what) in [("post-merge", "records merged changes"), ("audit", "audits the history")] {
        if !commands.iter().any(|found| found == command) {
            seen.lines.push(Line::advice(format!("no workflow {what}: {ours}")));
        }
    }
    seen
}

/// Returns whether a workflow runs the tools: the Action, a workflow of its repository, or a program of the toolkit.
fn calls(workflow: &Value) -> bool {
    let jobs = workflow.get("jobs").and_then(Value::as_map);
    jobs.iter().flat_map(|jobs| jobs.entries()).any(|job| {
        let steps = job.value.get("steps").and_then(Value::as_list).unwrap_or_default();
        let step = |step: &Value| {
            let run = step.get("run").and_then(Value::as_str).unwrap_or_default();
            uses(step).is_some_and(is_ours)
                || run.lines().any(|line| line.trim_start().starts_with("id-guard "))
        };
        steps.iter().any(step) || uses(&job.value).is_some_and(is_our_workflow)
    })
}

/// Returns whether `uses:` of a job is the gate's workflow, of this or another repository.
fn is_our_workflow(uses: &str) -> bool {
    uses.split('@').next().is_some_and(|place| place.ends_with(".github/workflows/id-guard.yml"))
}

/// Returns whether `uses:` is the Action, by the name of its repository or as the repository's own.
fn is_ours(uses: &str) -> bool {
    let place = uses.split(['@', ' ']).next().unwrap_or_default();
    place == "./" || place.rsplit('/').next() == Some("id-guard")
}

fn read(text: &str) -> Result<Value, String> {
    let limits = Limits { bytes: MAX_WORKFLOW_BYTES as usize, ..tolerant::LIMITS };
    tolerant::read(Format::Yaml, text.as_bytes(), &limits).map_err(|error| error.to_string())
}

struct Workflow<'w> {
    path: &'w str,
    value: &'w Value,
    /// The mainline, as far as it is known.
    mainline: Option<&'w str>,
    lines: Vec<Line>,
}

impl Workflow<'_> {
    fn problem(&mut self, what: &str) {
        self.lines.push(Line::problem(format!("{}: {what}", self.path)));
    }

    fn advice(&mut self, what: &str) {
        self.lines.push(Line::advice(format!("{}: {what}", self.path)));
    }

    /// Checks the workflow; returns the commands that it runs, and adds the checks of pull requests.
    fn examine(&mut self, checks: &mut Vec<String>) -> Vec<String> {
        let mut commands = Vec::new();
        let jobs = self.value.get("jobs").and_then(Value::as_map);
        for job in jobs.iter().flat_map(|jobs| jobs.entries()) {
            if let Some(called) = uses(&job.value).filter(|called| is_our_workflow(called)) {
                commands.push("check".into());
                if !called.starts_with("./") && !is_pinned_action(called) {
                    let what =
                        format!("{called} is not pinned to a commit SHA; moving the ref changes the gate");
                    self.problem(&what);
                }
                if self.checks_pull_requests() {
                    // What is called adds its own job's name.
                    checks.push(format!(
                        "{} / id-guard",
                        job.value.get("name").and_then(Value::as_str).unwrap_or(&job.key.name)
                    ));
                }
            }
            let steps = job.value.get("steps").and_then(Value::as_list).unwrap_or_default();
            let ours = steps.iter().filter(|step| uses(step).is_some_and(is_ours));
            for step in ours {
                let command = step.pointer("/with/command").and_then(Value::as_str).unwrap_or("check");
                commands.push(command.to_string());
                if let Some(action) = uses(step).filter(|action| !is_pinned_action(action)) {
                    let what =
                        format!("{action} is not pinned to a commit SHA; moving the ref changes the gate");
                    self.problem(&what);
                }
                if let (Some(recorded), Some(mainline)) =
                    (step.pointer("/with/branch").and_then(Value::as_str), self.mainline)
                    && recorded != mainline
                {
                    let what = format!("it records {recorded}, and the mainline is {mainline}");
                    self.problem(&what);
                }
                if command == "check" {
                    self.asleep(&job.value, step);
                }
                self.permissions(&job.value, command);
                self.checkout(steps);
                if command == "check" && self.checks_pull_requests() {
                    let name = job.value.get("name").and_then(Value::as_str);
                    checks.push(name.unwrap_or(&job.key.name).to_string());
                }
            }
        }
        if commands.iter().any(|command| command == "check") {
            self.triggers();
        }
        commands
    }

    fn trigger(&self, name: &str) -> Option<Option<&Value>> {
        let on = self.value.get("on")?;
        if let Some(entry) = on.as_map().and_then(|map| map.entry(name)) {
            return Some(Some(&entry.value));
        }
        let listed = on.as_list().unwrap_or_default().iter().any(|value| value.as_str() == Some(name));
        (listed || on.as_str() == Some(name)).then_some(None)
    }

    fn checks_pull_requests(&self) -> bool {
        PULLS.iter().any(|name| self.trigger(name).is_some())
    }

    fn triggers(&mut self) {
        for name in PULLS {
            let Some(trigger) = self.trigger(name) else { continue };
            let types = trigger.and_then(|trigger| trigger.get("types")).and_then(Value::as_list);
            let types: Vec<&str> = match types {
                Some(types) => types.iter().filter_map(Value::as_str).collect(),
                // The default of GitHub.
                None => TYPES[..3].to_vec(),
            };
            let lacking: Vec<&str> = TYPES.into_iter().filter(|kind| !types.contains(kind)).collect();
            let filter = ["paths", "paths-ignore"]
                .into_iter()
                .find(|filter| trigger.is_some_and(|trigger| trigger.get(filter).is_some()));
            if !lacking.is_empty() {
                let what = format!(
                    "{name} leaves out {}: a pull request whose base changes is not checked again (types: [{}])",
                    lacking.join(", "),
                    TYPES.join(", ")
                );
                self.problem(&what);
            }
            if let Some(filter) = filter {
                let what = format!(
                    "{name} has a path filter ({filter}): if it is a required check, changes of other paths wait permanently"
                );
                self.problem(&what);
            }
        }
        if self.checks_pull_requests() && self.trigger("merge_group").is_none() {
            self.advice("it does not run in a merge queue (merge_group): a required check that never reports blocks the queue");
        }
    }

    /// Reports what lets the gate pass without a check, or lets the change control it.
    fn asleep(&mut self, job: &Value, step: &Value) {
        for place in [job, step] {
            if place.get("continue-on-error").is_some() {
                self.problem("continue-on-error: what the gate refuses is green all the same");
            }
            if place.get("if").is_some() {
                self.advice("the gate runs under a condition (if): if it is false, the check is skipped and counts as passed");
            }
        }
        let with = |name: &str| step.get("with").and_then(|with| with.get(name)).and_then(Value::as_str);
        if with("fail-on") == Some("never") {
            self.problem("fail-on: never: what the gate refuses is green all the same");
        }
        for name in ["base", "policy-from"] {
            if with(name).is_some_and(|text| text.contains("${{") && text.contains("head")) {
                self.problem(&format!(
                    "{name} is read from the head of the change: the change controls its own check"
                ));
            }
        }
    }

    fn permissions(&mut self, job: &Value, command: &str) {
        let given = job.get("permissions").or_else(|| self.value.get("permissions"));
        let Some(given) = given else {
            self.problem("its token has the default permissions of the repository: set permissions: {}, and contents: read for the job");
            return;
        };
        let words: Vec<(String, String)> = match given.as_map() {
            Some(map) => map
                .entries()
                .map(|entry| (entry.key.name.clone(), entry.value.as_str().unwrap_or_default().to_string()))
                .collect(),
            None => vec![("everything".into(), given.as_str().unwrap_or_default().to_string())],
        };
        let writes: Vec<&str> =
            words.iter().filter(|(_, may)| may.starts_with("write")).map(|(what, _)| what.as_str()).collect();
        let reads =
            words.iter().any(|(what, may)| what == "contents" && may != "none" || may.ends_with("-all"));
        match command {
            "check" | "audit" if !writes.is_empty() => {
                let what = format!("the token of a job that only checks can write ({})", writes.join(", "));
                self.problem(&what);
            }
            "post-merge" | "release"
                if !writes.iter().any(|what| matches!(*what, "contents" | "everything")) =>
            {
                self.advice(
                    "its token may not push (contents: write); that is well where another token is given",
                );
            }
            _ if !reads && writes.is_empty() => {
                self.problem("its token cannot fetch the checked objects (contents: read)");
            }
            _ => {}
        }
    }

    fn checkout(&mut self, steps: &[Value]) {
        for step in
            steps.iter().filter(|step| uses(step).is_some_and(|uses| uses.starts_with("actions/checkout@")))
        {
            let with = |name: &str| step.get("with").and_then(|with| with.get(name));
            let head = with("ref").and_then(Value::as_str).is_some_and(|text| text.contains("head"));
            if head && self.trigger("pull_request_target").is_some() {
                self.problem("pull_request_target checks the head of a pull request out, with a token that is not meant for it: leave `ref` away");
            }
            if with("fetch-depth").and_then(Value::as_integer) != Some(0) {
                self.advice("it checks out a shallow clone: the gate deepens it, at most to 10 000 commits; fetch-depth: 0 fetches the history at once");
            }
            if with("persist-credentials").and_then(Value::as_bool) != Some(false) {
                self.advice("the checkout leaves its token in .git/config: persist-credentials: false");
            }
        }
    }
}

fn uses(step: &Value) -> Option<&str> {
    step.get("uses").and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings_of(text: &str) -> (Vec<String>, Vec<String>) {
        let value = read(text).unwrap();
        let mut workflow =
            Workflow { path: "w.yml", value: &value, mainline: Some("main"), lines: Vec::new() };
        let mut checks = Vec::new();
        workflow.examine(&mut checks);
        (workflow.lines.into_iter().map(|line| format!("{:?} {}", line.state, line.text)).collect(), checks)
    }

    #[test]
    fn the_workflows_of_this_repository_are_as_they_should_be() {
        for (name, check) in [("id-guard", "id-guard"), ("id-guard-base", "id-guard (base)")] {
            let path = format!("{}/../../.github/workflows/{name}.yml", env!("CARGO_MANIFEST_DIR"));
            let (lines, checks) = findings_of(&std::fs::read_to_string(path).unwrap());
            assert_eq!((lines, checks), (Vec::new(), vec![check.to_string()]), "{name}");
        }
    }

    #[test]
    fn missing_settings_are_reported() {
        let (lines, _) = findings_of(
            "on:\n  pull_request:\n    paths: [plugins/**]\njobs:\n  gate:\n    steps:\n      - uses: actions/checkout@v5\n      - uses: owner/id-guard@v1\n",
        );
        for what in [
            "edited",
            "path filter",
            "merge_group",
            "permissions",
            "to a commit SHA",
            "shallow",
            "persist-credentials",
        ] {
            assert!(lines.iter().any(|line| line.contains(what)), "{what}: {lines:?}");
        }
        let (lines, checks) = findings_of(
            "on: [pull_request_target]\npermissions: write-all\njobs:\n  gate:\n    steps:\n      - uses: actions/checkout@v5\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n      - uses: ./\n",
        );
        assert!(
            lines.iter().any(|line| line.starts_with("Problem") && line.contains("can write (everything)")),
            "{lines:?}"
        );
        assert!(lines.iter().any(|line| line.contains("checks the head")), "{lines:?}");
        assert_eq!(checks, ["gate"]);
        let (lines, _) = findings_of(
            "on: [pull_request]\njobs: {gate: {continue-on-error: true, steps: [{uses: ./, with: {fail-on: never, policy-from: \"${{ github.head_ref }}\"}}]}}\n",
        );
        for what in ["continue-on-error", "fail-on: never", "policy-from is read from the head"] {
            assert!(
                lines.iter().any(|line| line.starts_with("Problem") && line.contains(what)),
                "{what}: {lines:?}"
            );
        }
    }
}
