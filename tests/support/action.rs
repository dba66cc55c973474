//! The Action as GitHub runs it: a remote, events, checkouts as `actions/checkout` leaves them, and `act` as the runner.
#![allow(clippy::print_stdout, reason = "a test prints the reason of a skip")]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use scripted::{Scripted, git};
use serde_json::{Value, json};

use super::run;

/// What the workflows name; `act` takes a folder for it.
pub(crate) const ACTION: &str = "owner/id-guard@0123456789abcdef0123456789abcdef01234567";
/// The version of the tools that the Action downloads by default.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The ULID of the plugin that exists on `main` from the start.
pub(crate) const EXISTING: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C3";
pub(crate) const CARD: &str = "ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C3.yaml";
/// The id in an event for a missing commit.
pub(crate) const NOTHING: &str = "0000000000000000000000000000000000000000";

/// Returns the project's folder.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Finds a program as a shell does, and where this project keeps its tools.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let own = project().join("target/ci-tools/venv/bin");
    let mut places = std::env::split_paths(&path).chain([own]).map(|place| place.join(name));
    places.find(|program| program.is_file())
}

/// Finds `act`; prints a line if it is not installed.
pub(crate) fn act() -> Option<PathBuf> {
    let found = program("act");
    if found.is_none() {
        crate::support::skip("act is not installed");
    }
    found
}

/// Wraps bash and stores the output of a step: `act` loses some of it on a busy machine.
/// Without a terminal, as on a real runner, where `act` gives one.
const KEEPS: &str = r#"
if [ -n "$KEPT" ]; then exec "$BASH_ITSELF" "$@"; fi
export KEPT=1
"$BASH_ITSELF" "$@" >"$HOME/step.log" 2>&1
status=$?
cat "$HOME/step.log" >>"$HOME/run.log"
cat "$HOME/step.log"
exit $status
"#;

/// A remote, a clone for making changes, and the Action with a mirror of its releases.
pub(crate) struct Place {
    pub(crate) clone: Scripted,
    root: tempfile::TempDir,
    act: PathBuf,
    counted: Cell<u32>,
}

/// A pull request, as it was when it was made.
#[derive(Clone)]
pub(crate) struct Pull {
    pub(crate) number: u32,
    pub(crate) base_branch: String,
    pub(crate) base: String,
    pub(crate) head: String,
}

impl Place {
    /// A remote whose `main` contains the files of `id-guard init` and one plugin; `None`, and a printed line, without `act`.
    pub(crate) fn begin(init: &[&str]) -> Option<Place> {
        let place = Place::bare()?;
        let clone = &place.clone;
        let begin = ["init", "--action", ACTION, "--origin", "example.org/plugins", "--branch", "main"];
        place.tool("id-guard", &[&begin, init].concat());
        clone.write("README.md", "# Plugins\n");
        clone.commit("begin");
        place.plugin("Local Preview", EXISTING);
        clone.commit("local preview");
        place.push("main");
        Some(place)
    }

    /// An empty remote and a clone of it.
    pub(crate) fn bare() -> Option<Place> {
        let act = act()?;
        let (clone, root) = (Scripted::new(), tempfile::tempdir().unwrap());
        let place = Place { clone, root, act, counted: Cell::new(0) };
        for folder in ["remote.git", "mirror", "bin", "action/share"] {
            std::fs::create_dir_all(place.at(folder)).unwrap();
        }
        git(&place.remote(), &["init", "--quiet", "--bare", "--initial-branch=main"], 0);
        // As GitHub does, the remote gives every object that is asked for by its id.
        git(&place.remote(), &["config", "uploadpack.allowAnySHA1InWant", "true"], 0);
        place.clone.git(&["config", "user.email", "ada@example.org"]);
        place.clone.git(&["remote", "add", "origin", &place.address()]);
        place.copy("action.yml");
        place.copy("share/action");
        std::fs::write(place.at("action/share/action/assets.sha256"), "").unwrap();
        place.release(VERSION, Path::new(env!("CARGO_BIN_EXE_id-guard")));
        let bash = program("bash").unwrap();
        place.program("bin/bash", &KEEPS.replace("$BASH_ITSELF", bash.to_str().unwrap()));
        place.listens();
        Some(place)
    }

    /// Puts GitHub's own program there, which writes down what is asked of it.
    pub(crate) fn listens(&self) {
        let log = self.at("gh.log");
        self.program("bin/gh", &format!("printf '%s\\n' \"$*\" >>'{}'\n", log.display()));
    }

    /// Copies a part of the Action.
    fn copy(&self, part: &str) {
        let (from, to) = (project().join(part), self.at("action").join(part));
        let copied = Command::new("cp").arg("-R").args([from, to]).status().unwrap();
        assert!(copied.success(), "{part}");
    }

    /// Returns a path beside everything that a run may see.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub(crate) fn remote(&self) -> PathBuf {
        self.at("remote.git")
    }

    /// An address that makes git transfer, and refuse, as it does over a network.
    pub(crate) fn address(&self) -> String {
        format!("file://{}", self.remote().display())
    }

    /// Runs git in the remote.
    pub(crate) fn at_remote(&self, arguments: &[&str]) -> String {
        git(&self.remote(), arguments, 0)
    }

    /// Writes a program.
    pub(crate) fn program(&self, path: &str, script: &str) {
        let path = self.at(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, format!("#!/bin/sh\n{script}")).unwrap();
        let made = Command::new("chmod").arg("+x").arg(&path).status().unwrap();
        assert!(made.success());
    }

    /// Publishes a program as a version of the tools that the Action knows, and returns its archive.
    pub(crate) fn release(&self, version: &str, program: &Path) -> PathBuf {
        let name = format!("id-guard-{version}-{}", triple());
        let folder = self.at("packed").join(&name);
        std::fs::create_dir_all(&folder).unwrap();
        let linked = Command::new("ln").arg("-s").args([program, &folder.join("id-guard")]).status().unwrap();
        assert!(linked.success());
        let archive = self.at("mirror").join(format!("{name}.tar.gz"));
        // A link packs faster than a program with all that a debugger wants; the Action runs what it leads to.
        let mut tar = Command::new("tar");
        tar.arg("-czf").arg(&archive).arg("-C").arg(self.at("packed")).arg(&name);
        assert!(tar.status().unwrap().success());
        self.know(version, &archive);
        archive
    }

    /// Has the Action know an archive by its digest.
    pub(crate) fn know(&self, version: &str, archive: &Path) {
        let list = self.at("action/share/action/assets.sha256");
        let digest = sha256(&std::fs::read(archive).unwrap());
        let known = std::fs::read_to_string(&list).unwrap();
        std::fs::write(list, format!("{known}{digest}  id-guard-{version}-{}.tar.gz\n", triple())).unwrap();
    }

    /// Runs one of the tools in the clone, which must succeed.
    pub(crate) fn tool(&self, binary: &str, arguments: &[&str]) -> String {
        let output = run(binary, self.clone.path(), arguments);
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success(), "{binary} {arguments:?}: {text}");
        text
    }

    /// Makes a plugin in the working tree.
    pub(crate) fn plugin(&self, name: &str, ulid: &str) {
        let who = ["--owner", "previews@example.org", "--operation", "render", "--ulid", ulid];
        self.tool("id-plugin", &[&["new", name], &who[..]].concat());
    }

    /// Pushes a branch of the clone.
    pub(crate) fn push(&self, branch: &str) {
        self.clone.git(&["push", "--quiet", "--force", "origin", &format!("+{branch}:refs/heads/{branch}")]);
    }

    /// Commits a change on `main` and pushes it; returns the commits before and after.
    pub(crate) fn pushed(&self, change: impl FnOnce(&Place)) -> (String, String) {
        let before = self.clone.git(&["rev-parse", "HEAD"]);
        change(self);
        let after = self.clone.commit("a change");
        self.push("main");
        (before, after)
    }

    /// Opens a pull request into a branch.
    pub(crate) fn pull(&self, number: u32, into: &str, change: impl FnOnce(&Place)) -> Pull {
        self.clone.git(&["switch", "--quiet", "--create", &format!("pull-{number}"), into]);
        change(self);
        let head = self.clone.commit("a change");
        self.clone.git(&["push", "--quiet", "origin", &format!("+HEAD:refs/pull/{number}/head")]);
        self.clone.git(&["switch", "--quiet", "main"]);
        self.offer(number, into, &head)
    }

    /// Pushes one more commit to a pull request, which nobody heard of yet.
    pub(crate) fn push_to(&self, pull: &Pull, change: impl FnOnce(&Place)) -> String {
        self.clone.git(&["switch", "--quiet", "--detach", &pull.head]);
        change(self);
        let head = self.clone.commit("more");
        self.clone.git(&["push", "--quiet", "origin", &format!("+HEAD:refs/pull/{}/head", pull.number)]);
        self.clone.git(&["switch", "--quiet", "main"]);
        head
    }

    /// Gives a pull request another base.
    pub(crate) fn retarget(&self, pull: &Pull, into: &str) -> Pull {
        self.offer(pull.number, into, &pull.head)
    }

    /// Merges a head into its base as GitHub does to see whether it can be merged, and names that commit.
    fn offer(&self, number: u32, into: &str, head: &str) -> Pull {
        let base = self.clone.git(&["rev-parse", into]);
        let tree = self.clone.git(&["merge-tree", "--write-tree", &base, head]);
        let merge = self.clone.git(&["commit-tree", &tree, "-p", &base, "-p", head, "-m", "merged"]);
        self.clone.git(&["push", "--quiet", "origin", &format!("+{merge}:refs/pull/{number}/merge")]);
        Pull { number, base_branch: into.into(), base, head: head.into() }
    }

    /// Merges a pull request into `main`; returns the commits before and after.
    pub(crate) fn merge(&self, pull: &Pull) -> (String, String) {
        self.clone.git(&["pull", "--quiet", "--ff-only", "origin", "main"]);
        let before = self.clone.git(&["rev-parse", "HEAD"]);
        self.clone.git(&["merge", "--quiet", "--no-ff", "--no-edit", &pull.head]);
        self.push("main");
        (before, self.clone.git(&["rev-parse", "HEAD"]))
    }

    /// What was asked of GitHub's own program.
    pub(crate) fn asked(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.at("gh.log")).unwrap_or_default();
        // The runner itself asks for a token.
        text.lines().filter(|line| *line != "auth token").map(String::from).collect()
    }

    /// Checks out what an event brings, with its whole history, for a workflow of that checkout.
    pub(crate) fn runner(&self, event: Event, workflow: &str) -> Runner<'_> {
        self.checked_out(event, workflow, None)
    }

    /// As [`Place::runner`], with one commit of history: `actions/checkout` without `fetch-depth`.
    pub(crate) fn shallow_runner(&self, event: Event, workflow: &str) -> Runner<'_> {
        self.checked_out(event, workflow, Some("--depth=1"))
    }

    fn checked_out(&self, event: Event, workflow: &str, depth: Option<&str>) -> Runner<'_> {
        let number = self.counted.get() + 1;
        self.counted.set(number);
        let work = self.at(&format!("run-{number}/work"));
        std::fs::create_dir_all(&work).unwrap();
        let name = event.reference.as_str();
        let noted = match name.strip_prefix("refs/heads/") {
            Some(branch) => format!("refs/remotes/origin/{branch}"),
            None => name.replacen("refs/", "refs/remotes/", 1),
        };
        let what = format!("+{}:{noted}", self.at_remote(&["rev-parse", name]));
        git(&work, &["init", "--quiet", "--initial-branch=main"], 0);
        git(&work, &["remote", "add", "origin", &self.address()], 0);
        let mut fetch = vec!["fetch", "--quiet", "--no-recurse-submodules"];
        match depth {
            Some(depth) => fetch.extend(["--no-tags", depth, "origin", &what]),
            None => {
                fetch.extend(["origin", "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"])
            }
        }
        if depth.is_none() && !name.starts_with("refs/heads/") {
            fetch.push(&what);
        }
        git(&work, &fetch, 0);
        match name.strip_prefix("refs/heads/") {
            Some(branch) => git(&work, &["checkout", "--quiet", "--force", "-B", branch, &noted], 0),
            None => git(&work, &["checkout", "--quiet", "--force", "--detach", &noted], 0),
        };
        let workflow = work.join(".github/workflows").join(workflow);
        Runner { place: self, number, event, work, workflow, options: Vec::new() }
    }
}

/// The system that the Action finds itself on, as releases are named.
pub(crate) fn triple() -> String {
    let system = if cfg!(target_os = "macos") { "apple-darwin" } else { "unknown-linux-gnu" };
    format!("{}-{system}", std::env::consts::ARCH)
}

/// Returns a SHA-256 as hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    digest::Digest::of(bytes).hex()
}

/// Something that happened at GitHub.
pub(crate) struct Event {
    pub(crate) name: &'static str,
    /// What is checked out.
    pub(crate) reference: String,
    pub(crate) body: Value,
}

impl Event {
    /// Something that was done to a pull request.
    pub(crate) fn pull_request(action: &str, pull: &Pull) -> Event {
        let Pull { number, base_branch, base, head } = pull;
        let body = json!({
            "action": action,
            "number": number,
            "pull_request": {
                "number": number,
                "base": { "ref": base_branch, "sha": base },
                "head": { "ref": "a-change", "sha": head },
            },
        });
        Event { name: "pull_request", reference: format!("refs/pull/{number}/merge"), body }.at_home()
    }

    /// The same for a workflow of the base, which is what is checked out then.
    pub(crate) fn pull_request_target(action: &str, pull: &Pull) -> Event {
        let reference = format!("refs/heads/{}", pull.base_branch);
        Event { name: "pull_request_target", reference, ..Event::pull_request(action, pull) }
    }

    /// A merge queue that made a commit of `head` on top of `base`.
    pub(crate) fn merge_group(reference: &str, base: &str, head: &str) -> Event {
        let group = json!({ "head_ref": reference, "head_sha": head, "base_ref": "refs/heads/main", "base_sha": base });
        let body = json!({ "action": "checks_requested", "merge_group": group });
        Event { name: "merge_group", reference: reference.into(), body }.at_home()
    }

    /// A push to a branch.
    pub(crate) fn push(branch: &str, (before, after): (&str, &str)) -> Event {
        let reference = format!("refs/heads/{branch}");
        let body = json!({ "ref": reference, "before": before, "after": after, "forced": false });
        Event { name: "push", reference, body }.at_home()
    }

    /// A push that rewrote a branch.
    pub(crate) fn forced(branch: &str, ids: (&str, &str)) -> Event {
        let mut event = Event::push(branch, ids);
        event.body["forced"] = true.into();
        event
    }

    /// An event that names no change.
    pub(crate) fn of_itself(name: &'static str) -> Event {
        let reference = "refs/heads/main";
        Event { name, reference: reference.into(), body: json!({ "ref": reference }) }.at_home()
    }

    fn at_home(mut self) -> Event {
        self.body["repository"] =
            json!({ "full_name": "owner/plugins", "name": "plugins", "default_branch": "main" });
        self
    }
}

/// A checkout in which a workflow is about to run.
pub(crate) struct Runner<'p> {
    place: &'p Place,
    number: u32,
    event: Event,
    pub(crate) work: PathBuf,
    workflow: PathBuf,
    options: Vec<String>,
}

/// What a run came to.
pub(crate) struct Run {
    /// `success` or `failure`, as the job ended.
    pub(crate) job: String,
    /// The exit status of the Action's own step; -1 where it was not reached.
    pub(crate) status: i32,
    pub(crate) outputs: BTreeMap<String, String>,
    pub(crate) summary: String,
    /// What the steps printed, workflow commands among it.
    pub(crate) log: String,
    /// The workspace, which only a run that failed leaves.
    pub(crate) workspace: PathBuf,
}

impl Runner<'_> {
    /// Runs git in the checkout.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        git(&self.work, arguments, 0)
    }

    /// Gives options to `act`.
    pub(crate) fn with(mut self, options: &[&str]) -> Self {
        self.options.extend(options.iter().map(|option| (*option).into()));
        self
    }

    /// Puts another workflow in the place of the repository's own: one step that runs the Action with inputs, and more steps.
    pub(crate) fn asking(self, inputs: &[(&str, &str)], rest: &str) -> Self {
        // Text in JSON is text in YAML.
        let inputs = inputs.iter().map(|(name, value)| format!("          {name}: {}\n", json!(value)));
        let with = if inputs.len() == 0 { "" } else { "        with:\n" };
        let inputs: String = inputs.collect();
        let step = format!("      - id: guard\n        uses: {ACTION}\n{with}{inputs}");
        let head =
            "on: [merge_group, pull_request, pull_request_target, push, workflow_dispatch]\njobs:\n  gate:\n";
        let checkout = "    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v5\n";
        self.following(&format!("{head}{checkout}{step}{rest}"))
    }

    /// Puts another workflow in the place of the repository's own.
    pub(crate) fn following(mut self, workflow: &str) -> Self {
        self.workflow = self.work.parent().unwrap().join("workflow.yml");
        std::fs::write(&self.workflow, workflow).unwrap();
        self
    }

    pub(crate) fn run(self) -> Run {
        let beside = self.work.parent().unwrap();
        let (home, event) = (beside.join("home"), beside.join("event.json"));
        std::fs::create_dir_all(home.join("tmp")).unwrap();
        std::fs::write(&event, self.event.body.to_string()).unwrap();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::iter::once(self.place.at("bin")).chain(std::env::split_paths(&path));
        let output = Command::new(&self.place.act)
            .arg(self.event.name)
            .arg("-W")
            .arg(&self.workflow)
            .arg("-e")
            .arg(&event)
            .args(["-P", "ubuntu-latest=-self-hosted", "--json", "--no-cache-server"])
            .args(["--local-repository", &format!("{ACTION}={}", self.place.at("action").display())])
            .args(["--env", &format!("ID_GUARD_MIRROR={}", self.place.at("mirror").display())])
            .args(&self.options)
            .current_dir(&self.work)
            .env_clear()
            .env("PATH", std::env::join_paths(path).unwrap())
            .env("HOME", &home)
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("TMPDIR", home.join("tmp"))
            .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
            .output()
            .unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let runs = std::fs::read_dir(home.join("cache/act")).unwrap();
        let workspace =
            runs.map(|entry| entry.unwrap().path().join("hostexecutor")).find(|path| path.is_dir());
        let mut run = Run::read(&stdout, workspace.unwrap_or_default());
        let kept = std::fs::read(home.join("run.log")).unwrap_or_default();
        run.log = String::from_utf8_lossy(&kept).into_owned();
        assert!(
            !run.job.is_empty(),
            "act {} ran no job of run {}: {stdout}{}",
            self.event.name,
            self.number,
            String::from_utf8_lossy(&output.stderr)
        );
        run
    }
}

impl Run {
    /// Reads the output of `act --json`, one object per line.
    fn read(stdout: &str, workspace: PathBuf) -> Run {
        let empty = String::new;
        let mut run = Run {
            job: empty(),
            status: -1,
            outputs: BTreeMap::new(),
            summary: empty(),
            log: empty(),
            workspace,
        };
        for line in stdout.lines() {
            let Ok(entry) = serde_json::from_str::<Value>(line) else { continue };
            let text = |name: &str| entry[name].as_str().unwrap_or_default();
            // A step of the job has one id, a step of an action two.
            let (depth, own) =
                (entry["stepID"].as_array().map_or(0, Vec::len), entry["stepID"][1] == "id-guard");
            match text("command") {
                "set-output" if depth == 1 => {
                    run.outputs.insert(text("name").into(), text("arg").into());
                }
                "summary" if depth == 1 => run.summary = text("content").into(),
                _ => {}
            }
            if own && entry["stepResult"] == "success" {
                run.status = 0;
            }
            if let Some(status) = text("msg").strip_prefix("exit status ").filter(|_| own) {
                run.status = status.parse().unwrap();
            }
            if let Some(result) = entry["jobResult"].as_str() {
                run.job = result.into();
            }
        }
        run
    }

    /// Returns an output; empty where it was not set.
    pub(crate) fn output(&self, name: &str) -> &str {
        self.outputs.get(name).map_or("", String::as_str)
    }

    /// Verdict and exit status, which must agree with how the job ended.
    pub(crate) fn verdict(&self) -> (&str, i32) {
        assert_eq!(self.job == "success", self.status == 0, "{}", self.log);
        (self.output("verdict"), self.status)
    }

    /// Checks the verdict of the run, and that its log contains some words.
    #[track_caller]
    pub(crate) fn is(&self, verdict: &str, words: &[&str]) {
        let status = ["pass", "fail", "error"].iter().position(|name| *name == verdict).unwrap();
        assert_eq!(self.verdict(), (verdict, i32::try_from(status).unwrap()), "{}", self.log);
        for word in words {
            assert!(self.log.contains(word), "{word}: {}", self.log);
        }
    }

    /// Runs git in the workspace that the run left.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        git(&self.workspace, arguments, 0)
    }
}

/// Every file below a folder.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files
}
