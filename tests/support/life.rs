//! A scripted history: thirty merges by merge, squash and rebase commits, with all kinds of events of identities.

use std::path::Path;

use scripted::{Scripted, git};

use super::registry::{RunResult, mint, result_of};
use super::run;

pub(crate) const ALPHA: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C3";
pub(crate) const BETA: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C4";
pub(crate) const GAMMA: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C5";
pub(crate) const DELTA: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C6";
pub(crate) const EPSILON: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C7";
pub(crate) const GUIDE: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C8";

/// A clone whose changes are merged, and the bare remote to which they are pushed.
pub(crate) struct Lived {
    pub(crate) clone: Scripted,
    pub(crate) remote: tempfile::TempDir,
}

/// One merge: its name, and its change of the working tree.
pub(crate) type Merge = (&'static str, fn(&Scripted));

impl Lived {
    /// The first merges of the life, all of them recorded.
    pub(crate) fn recorded(merges: usize) -> Lived {
        let lived = Lived::begin();
        for (number, merge) in LIFE.iter().enumerate().take(merges) {
            lived.merge(number, merge);
            // A request must name a recorded version.
            if number == 13 {
                assert_eq!(lived.write(&[]).status, 0);
            }
        }
        assert_eq!(lived.write(&[]).status, 0);
        lived
    }

    /// A repository with a policy on `main`, pushed.
    pub(crate) fn begin() -> Lived {
        let clone = Scripted::new();
        let remote = tempfile::tempdir().unwrap();
        git(remote.path(), &["init", "--quiet", "--bare", "--initial-branch=main"], 0);
        clone.git(&["config", "user.email", "ada@example.org"]);
        clone.git(&["remote", "add", "origin", remote.path().to_str().unwrap()]);
        // Plugins in these tests consist of a spec and a file; the rules about their other files are allowed.
        clone.write(
            "policy-packs/policy.yaml",
            "schema_version: 1\nledger:\n  origin: example.org/plugins\nlevels:\n  baseline-artifact-missing: allow\n  conformance-missing: allow\n  document-invalid: allow\n  unexpected-file: allow\n  created-at-implausible: allow\n",
        );
        clone.commit("begin");
        let lived = Lived { clone, remote };
        lived.push();
        lived
    }

    /// Seven merges, of which the first three are recorded.
    pub(crate) fn unrecorded() -> Lived {
        let lived = Lived::begin();
        for (number, merge) in LIFE.iter().enumerate().take(7) {
            lived.merge(number, merge);
            if number == 2 {
                assert_eq!(lived.write(&[]).status, 0);
            }
        }
        lived
    }

    pub(crate) fn path(&self) -> &Path {
        self.clone.path()
    }

    pub(crate) fn push(&self) {
        self.clone.git(&["push", "--quiet", "origin", "main"]);
    }

    /// Makes a change in a branch, checks it, and merges it; `number` selects merge, squash or rebase.
    pub(crate) fn merge(&self, number: usize, merge: &Merge) {
        let (name, change) = merge;
        let clone = &self.clone;
        clone.git(&["switch", "--quiet", "--create", "change"]);
        change(clone);
        clone.commit(name);
        // A branch has more than one commit, and only one of them matters.
        clone.write("notes.txt", format!("{number} {name}\n"));
        clone.commit("notes");
        let checked = result_of(&run("id-guard", clone.path(), &["check", "--base", "main"]));
        assert_eq!(checked.status, 0, "{number} {name}: {}", checked.text);
        clone.git(&["switch", "--quiet", "main"]);
        match number % 3 {
            0 => drop(clone.git(&["merge", "--quiet", "--no-ff", "--no-edit", "change"])),
            1 => {
                clone.git(&["merge", "--quiet", "--squash", "change"]);
                clone.commit(name);
            }
            _ => drop(clone.git(&["merge", "--quiet", "--ff-only", "change"])),
        }
        clone.git(&["branch", "--quiet", "-D", "change"]);
        self.push();
    }

    /// Runs the post-merge job, and pulls what it pushed.
    pub(crate) fn write(&self, arguments: &[&str]) -> RunResult {
        let result = post_merge(self.path(), arguments);
        self.clone.git(&["pull", "--quiet", "--ff-only", "--tags", "origin", "main"]);
        result
    }

    /// Runs the post-merge job.
    pub(crate) fn write_alone(&self, arguments: &[&str]) -> RunResult {
        post_merge(self.path(), arguments)
    }

    /// All refs of the remote, with their objects.
    pub(crate) fn refs(&self) -> String {
        git(self.remote.path(), &["for-each-ref", "--format=%(refname) %(objectname)"], 0)
    }
}

/// Runs `id-guard post-merge`.
pub(crate) fn post_merge(directory: &Path, arguments: &[&str]) -> RunResult {
    result_of(&run("id-guard", directory, &[&["post-merge"], arguments].concat()))
}

/// Writes a plugin: its spec, and a file that differs in each version.
pub(crate) fn plugin(clone: &Scripted, ulid: &str, name: &str, key: &str, version: &str, rest: &str) {
    let owner = if rest.contains("\"owner\"") {
        String::new()
    } else {
        format!(",\"owner\":\"{key}@example.org\"").to_lowercase()
    };
    let status = if rest.contains("\"status\"") { "" } else { ",\"status\":\"active\"" };
    let spec = format!(
        "{{\"ulid\":\"{ulid}\",\"key\":\"{key}\",\"name\":\"{name}\",\"version\":\"{version}\"{owner}{status}{rest}}}\n"
    );
    clone.write(format!("plugins/{name}/plugin.spec.json"), spec);
    clone.write(format!("plugins/{name}/main.py"), format!("VERSION = \"{version}\"\n"));
}

fn guide(clone: &Scripted, version: &str, status: &str) {
    let text = format!(
        "---\nulid: {GUIDE}\ndoc_key: DOC_GUIDE\nsemver: {version}\nstatus: {status}\nowner: docs@example.org\neffective_date: \"2026-01-01\"\n---\n# Guide {version}\n"
    );
    clone.write("docs/guide.md", text);
}

fn edit(clone: &Scripted, path: &str, from: &str, to: &str) {
    let text = std::fs::read_to_string(clone.path().join(path)).unwrap();
    assert!(text.contains(from), "{path} contains {from}");
    clone.write(path, text.replace(from, to));
}

fn moved(clone: &Scripted, from: &str, to: &str) {
    clone.git(&["mv", from, to]);
}

/// Thirty merges.
pub(crate) const LIFE: [Merge; 30] = [
    ("mint alpha", |clone| mint(clone, ALPHA, "alpha")),
    ("alpha 1.0.0", |clone| {
        plugin(clone, ALPHA, "alpha", "PLG_ALPHA", "1.0.0", ",\"owner\":\"alpha@example.org\"")
    }),
    ("beta 1.0.0", |clone| {
        mint(clone, BETA, "beta");
        plugin(clone, BETA, "beta", "PLG_BETA", "1.0.0", ",\"owner\":\"beta@example.org\"");
    }),
    ("guide 1.0.0", |clone| {
        let card = format!(
            "schema_version: 1\nulid: {GUIDE}\nkey: DOC_GUIDE\nkind: document\npath: docs/guide.md\ncreated_at: \"2024-11-20T14:28:32Z\"\nowner: docs@example.org\nvisibility: public\nnotes: \"\"\n"
        );
        clone.write(format!("ids/cards/{GUIDE}.yaml"), card);
        guide(clone, "1.0.0", "active");
    }),
    ("alpha 1.1.0", |clone| {
        plugin(clone, ALPHA, "alpha", "PLG_ALPHA", "1.1.0", ",\"owner\":\"alpha@example.org\"")
    }),
    ("gamma 0.1.0", |clone| {
        mint(clone, GAMMA, "gamma");
        plugin(clone, GAMMA, "gamma", "PLG_GAMMA", "0.1.0", ",\"owner\":\"gamma@example.org\"");
    }),
    ("beta 1.0.1", |clone| {
        plugin(clone, BETA, "beta", "PLG_BETA", "1.0.1", ",\"owner\":\"beta@example.org\"")
    }),
    ("alpha is PLG_ALEPH", |clone| {
        edit(
            clone,
            "plugins/alpha/plugin.spec.json",
            "\"key\":\"PLG_ALPHA\"",
            "\"key\":\"PLG_ALEPH\",\"aliases\":[\"PLG_FIRST\"]",
        );
    }),
    ("alpha moves", |clone| moved(clone, "plugins/alpha", "plugins/aleph")),
    ("beta has another owner", |clone| {
        edit(clone, "plugins/beta/plugin.spec.json", "beta@example.org", "new@example.org")
    }),
    ("gamma 0.2.0", |clone| {
        plugin(clone, GAMMA, "gamma", "PLG_GAMMA", "0.2.0", ",\"owner\":\"gamma@example.org\"")
    }),
    ("guide 1.1.0", |clone| guide(clone, "1.1.0", "active")),
    ("a page", |clone| clone.write("docs/page.md", "# A page\n")),
    ("alpha 2.0.0", |clone| {
        edit(clone, "plugins/aleph/plugin.spec.json", "1.1.0", "2.0.0");
        edit(clone, "plugins/aleph/main.py", "1.1.0", "2.0.0");
    }),
    ("yank gamma 0.2.0", |clone| {
        let arguments =
            ["append", "yank", "PLG_GAMMA", "version=0.2.0", "--reason", "it deletes files", "--request"];
        let asked = result_of(&run("id-ledger", clone.path(), &arguments));
        assert_eq!(asked.status, 0, "{}", asked.text);
    }),
    ("gamma 0.2.1", |clone| {
        plugin(clone, GAMMA, "gamma", "PLG_GAMMA", "0.2.1", ",\"owner\":\"gamma@example.org\"")
    }),
    ("delta 1.0.0", |clone| {
        mint(clone, DELTA, "delta");
        plugin(clone, DELTA, "delta", "PLG_DELTA", "1.0.0", ",\"owner\":\"delta@example.org\"");
    }),
    ("beta is deprecated", |clone| {
        let deprecated = "\"status\":\"deprecated\",\"deprecation\":{\"reason\":\"delta does it all\",\"since\":\"2026-01-01\",\"replaced_by\":\"PLG_DELTA\"}";
        edit(clone, "plugins/beta/plugin.spec.json", "\"status\":\"active\"", deprecated);
    }),
    ("beta goes into delta", |clone| {
        let links = format!("\"status\":\"consolidated\",\"links\":{{\"merged_into\":[\"{DELTA}\"]}}");
        edit(clone, "plugins/beta/plugin.spec.json", "\"status\":\"deprecated\"", &links);
        plugin(
            clone,
            DELTA,
            "delta",
            "PLG_DELTA",
            "1.1.0",
            &format!(",\"owner\":\"delta@example.org\",\"links\":{{\"absorbs\":[\"{BETA}\"]}}"),
        );
    }),
    ("delta 1.2.0", |clone| {
        edit(clone, "plugins/delta/plugin.spec.json", "1.1.0", "1.2.0");
        edit(clone, "plugins/delta/main.py", "1.1.0", "1.2.0");
    }),
    ("gamma is deprecated", |clone| {
        edit(clone, "plugins/gamma/plugin.spec.json", "\"status\":\"active\"", "\"status\":\"deprecated\"")
    }),
    ("gamma retires", |clone| {
        edit(clone, "plugins/gamma/plugin.spec.json", "\"status\":\"deprecated\"", "\"status\":\"retired\"")
    }),
    ("mint epsilon", |clone| mint(clone, EPSILON, "epsilon")),
    ("epsilon 1.0.0-rc.1", |clone| {
        plugin(clone, EPSILON, "epsilon", "PLG_EPSILON", "1.0.0-rc.1", ",\"owner\":\"epsilon@example.org\"")
    }),
    ("epsilon 1.0.0", |clone| {
        plugin(clone, EPSILON, "epsilon", "PLG_EPSILON", "1.0.0", ",\"owner\":\"epsilon@example.org\"")
    }),
    ("epsilon moves", |clone| moved(clone, "plugins/epsilon", "plugins/eps")),
    ("alpha has another owner", |clone| {
        edit(clone, "plugins/aleph/plugin.spec.json", "alpha@example.org", "team \\\"A\\\" <a@example.org>")
    }),
    ("guide is deprecated", |clone| guide(clone, "1.1.0", "deprecated")),
    ("gamma is removed", |clone| drop(clone.git(&["rm", "-rq", "plugins/gamma"]))),
    ("alpha 2.1.0", |clone| {
        edit(clone, "plugins/aleph/plugin.spec.json", "2.0.0", "2.1.0");
        edit(clone, "plugins/aleph/main.py", "2.0.0", "2.1.0");
    }),
];
