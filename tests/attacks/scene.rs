//! Where an attack takes place: a forge's bare repository, the attacker's clone, and the workspace in which the gate runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use scripted::{Scripted, git};
use serde_json::{Value, json};

use crate::support::life::{ALPHA, BETA, GUIDE, Lived};
use crate::support::registry::{mint, publish};
use crate::support::runner::step::{PATIENCE, Step, StepResult, in_memory};

/// The number of the pull request.
const PULL: u64 = 7;

/// The policy of the repository: the baseline, and one path of each discipline.
const POLICY: &str = "schema_version: 1\nledger:\n  origin: example.org/plugins\npaths:\n  - {unit: modules/*/*, discipline: sealed}\n  - {identity: ext/*, discipline: burned}\n  - {match: fixed/**, discipline: frozen}\nlevels:\n  baseline-artifact-missing: allow\n  conformance-missing: allow\n  unexpected-file: allow\n  created-at-implausible: allow\n";

/// The card of the first plugin.
pub(crate) const CARD: &str = "ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C3.yaml";
/// Lines of the ledger.
pub(crate) const LEDGER: &str = ".ledger/ids.jsonl";

/// A repository that was governed from its first commit on, recorded, published and tagged: what every attack begins with.
pub(crate) struct Ground {
    place: tempfile::TempDir,
}

impl Ground {
    pub(crate) fn new() -> Ground {
        in_memory();
        let lived = Lived::begin();
        let clone = &lived.clone;
        clone.write("policy-packs/policy.yaml", POLICY);
        clone.write(".github/workflows/id-guard.yml", "on: [pull_request]\njobs: {}\n");
        clone.write(".github/workflows/build.yml", "on: [push]\njobs: {}\n");
        clone.write(".gitattributes", ".ledger/** -text -merge\nids/registry.yaml -text -merge\n");
        clone.write("modules/m/1.0.0/MODULE", "module\n");
        clone.write("fixed/charter.md", "as it was\n");
        clone.write("ext/gone/main", "theirs\n");
        clone.write("README.md", "# Plugins\n");
        mint(clone, ALPHA, "alpha");
        publish(clone, ALPHA, "alpha", "1.0.0");
        clone.write("plugins/alpha/main.py", "VERSION = 1\n");
        mint(clone, BETA, "beta");
        publish(clone, BETA, "beta", "1.0.0");
        for name in ["alpha", "beta"] {
            clone.write(format!("plugins/{name}/x"), "#!/bin/sh\n");
        }
        clone.write(format!("ids/cards/{GUIDE}.yaml"), format!("schema_version: 1\nulid: {GUIDE}\nkey: DOC_GUIDE\nkind: document\npath: docs/guide.md\ncreated_at: \"2024-11-20T14:28:32Z\"\nowner: docs@example.org\nvisibility: public\nnotes: \"\"\n"));
        clone.write("docs/guide.md", format!("---\nulid: {GUIDE}\ndoc_key: DOC_GUIDE\nsemver: 1.0.0\nstatus: active\nowner: docs@example.org\neffective_date: \"2026-01-01\"\n---\n# Guide\n"));
        clone.commit("base");
        clone.git(&["rm", "-rq", "ext/gone"]);
        clone.commit("one extension goes");
        lived.push();
        let written = lived.write(&[]);
        assert_eq!(written.status, 0, "{}", written.text);
        clone.git(&["switch", "--quiet", "--create", "change"]);
        let place = tempfile::tempdir().unwrap();
        copy(lived.path(), &place.path().join("author"));
        copy(lived.remote.path(), &place.path().join("origin"));
        // As actions/checkout leaves it for a workflow that the base controls.
        git(place.path(), &["clone", "--quiet", "origin", "work"], 0);
        let work = place.path().join("work");
        git(&work, &["remote", "set-url", "origin", "../origin"], 0);
        Ground { place }
    }

    /// A copy of it all for one attack.
    pub(crate) fn scene(&self) -> AttackSetup {
        let place = tempfile::tempdir().unwrap();
        for name in ["origin", "work"] {
            copy(&self.place.path().join(name), &place.path().join(name));
        }
        let author = Scripted::new();
        std::fs::remove_dir_all(author.path().join(".git")).unwrap();
        copy(&self.place.path().join("author/."), author.path());
        let (base, variables) = (String::new(), Vec::new());
        let scene = AttackSetup { author, place, base, event: None, variables, patience: PATIENCE };
        scene.author.git(&["remote", "set-url", "origin", scene.origin().to_str().unwrap()]);
        let base = scene.author.git(&["rev-parse", "main"]);
        AttackSetup { base, ..scene }
    }
}

/// Copies a directory recursively.
pub(crate) fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-r").arg(from).arg(to).status().unwrap();
    assert!(copied.success());
}

/// An attack that is being prepared.
pub(crate) struct AttackSetup {
    /// The attacker's clone, on the branch `change` at the tip of base.
    pub(crate) author: Scripted,
    place: tempfile::TempDir,
    /// The tip of base as the event will name it.
    pub(crate) base: String,
    /// The event, if it is not the pull request from `change` into main.
    pub(crate) event: Option<(&'static str, Value)>,
    /// Further variables of the step.
    pub(crate) variables: Vec<(String, String)>,
    /// How long the step may take.
    pub(crate) patience: Duration,
}

impl AttackSetup {
    /// The repository at the forge.
    pub(crate) fn origin(&self) -> PathBuf {
        self.place.path().join("origin")
    }

    /// Where the gate runs.
    pub(crate) fn work(&self) -> PathBuf {
        self.place.path().join("work")
    }

    /// A file that only programs planted by an attack create.
    pub(crate) fn canary(&self) -> PathBuf {
        self.place.path().join("canary")
    }

    /// A program that creates the canary file.
    pub(crate) fn singer(&self) -> PathBuf {
        let place = self.place.path().join("singer");
        std::fs::write(&place, format!("#!/bin/sh\ntouch {}\nexit 1\n", self.canary().display())).unwrap();
        std::fs::set_permissions(&place, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        place
    }

    pub(crate) fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        self.author.write(path, content);
    }

    pub(crate) fn commit(&self, subject: &str) -> String {
        self.author.commit(subject)
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.author.git(arguments)
    }

    /// Replaces text in a file of the attacker's clone.
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.author.path().join(path)).unwrap();
        assert!(text.contains(from), "{path} contains {from}");
        self.write(path, text.replace(from, to));
    }

    /// Makes a commit on main, at the forge and in the attacker's clone, and returns to the attacker's branch.
    pub(crate) fn on_main(&self, change: impl FnOnce(&Scripted)) -> String {
        self.git(&["switch", "--quiet", "main"]);
        change(&self.author);
        let id = self.commit("on main");
        self.git(&["push", "--quiet", "origin", "main"]);
        self.git(&["switch", "--quiet", "change"]);
        id
    }

    /// Sets the event that the gate checks.
    pub(crate) fn event(&mut self, name: &'static str, payload: Value) {
        self.event = Some((name, payload));
    }

    /// The event of the pull request.
    pub(crate) fn pull(&self) -> Value {
        json!({
            "repository": {"default_branch": "main", "full_name": "example/plugins"},
            "pull_request": {
                "number": PULL,
                "title": crate::attacks::EVIL,
                "base": {"sha": self.base, "ref": "main"},
                "head": {"sha": self.head(), "ref": "change"},
            },
        })
    }

    /// The commit of the attacker's branch.
    pub(crate) fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"])
    }

    /// Sets a variable of the step.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.variables.push((name.into(), value.into()));
    }

    /// Copies the attacker's branch to the forge, as the head of the pull request.
    ///
    /// The files are copied, because git would refuse to push malformed objects, and a forge might accept them.
    pub(crate) fn push(&self) {
        let forge = self.origin();
        copy(&self.author.path().join(".git/objects/."), &forge.join("objects"));
        let place = forge.join(format!("refs/pull/{PULL}/head"));
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, self.head() + "\n").unwrap();
    }

    /// Runs the gate, and checks that it changed and executed nothing.
    pub(crate) fn strike(&self) -> Result<StepResult, String> {
        self.push();
        let (event, payload) = self.event.clone().unwrap_or_else(|| ("pull_request", self.pull()));
        let before = (self.refs(), picture(&self.work()));
        let workspace = self.work();
        let step = Step {
            workspace: &workspace,
            event,
            payload: &payload,
            variables: &self.variables,
            patience: self.patience,
        };
        let done = step.run()?;
        if self.canary().exists() {
            return Err("a program that the attacker planted was run".into());
        }
        let writes = self.variables.iter().any(|(_, value)| value == "post-merge");
        let after = (self.refs(), picture(&workspace));
        if writes || before == after {
            Ok(done)
        } else {
            Err(format!("something was changed: {:?}", differing(&before.1, &after.1)))
        }
    }

    /// All refs at the forge.
    pub(crate) fn refs(&self) -> String {
        git(&self.origin(), &["for-each-ref", "--format=%(refname) %(objectname)"], 0)
    }
}

/// The files in a workspace, except those that fetching writes: objects, shallow boundaries, and refs.
fn picture(workspace: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let own = ["objects", "shallow", "refs/id-guard", "refs/remotes", "logs/refs/remotes", "packed-refs"];
    let own = own.map(|name| workspace.join(".git").join(name));
    let mut found = BTreeMap::new();
    let mut pending = vec![workspace.to_path_buf()];
    while let Some(place) = pending.pop() {
        for entry in std::fs::read_dir(&place).unwrap() {
            let path = entry.unwrap().path();
            let kind = path.symlink_metadata().unwrap().file_type();
            match kind {
                _ if own.contains(&path) => {}
                kind if kind.is_dir() => pending.push(path),
                kind if kind.is_file() => {
                    let bytes = std::fs::read(&path).unwrap();
                    found.insert(path, bytes);
                }
                _ => drop(found.insert(path, Vec::new())),
            }
        }
    }
    found
}

fn differing<'p>(
    before: &'p BTreeMap<PathBuf, Vec<u8>>,
    after: &'p BTreeMap<PathBuf, Vec<u8>>,
) -> Vec<&'p PathBuf> {
    before.keys().chain(after.keys()).filter(|path| before.get(*path) != after.get(*path)).collect()
}
