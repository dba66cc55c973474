//! A repository with one of everything, and the edits that break it.

use scripted::Scripted;

use crate::support::{check_with, run};

const PLUGIN: &str = "plugins/local_preview";

/// One edit of the working tree. Paths are relative to the plugin, or to the root with a leading `/`; `/CARD` is the plugin's ID card.
#[derive(Debug)]
pub(super) enum Edit {
    /// Removes a file or a directory.
    Remove(&'static str),
    /// Writes a file.
    Write(&'static str, &'static str),
    /// Replaces text that the file must contain, everywhere.
    Replace(&'static str, &'static str, &'static str),
    /// Adds text at the end of a file.
    Append(&'static str, &'static str),
    /// Copies a file or a directory.
    Copy(&'static str, &'static str),
    /// Runs a command of the toolkit, which must succeed.
    Run(&'static [&'static str]),
}

/// The repository. `main` passes; each break is a branch of it.
pub(super) struct Sample {
    scripted: Scripted,
    card: String,
}

impl Sample {
    /// A plugin with two operations, published, recorded and registered.
    pub(super) fn new() -> Self {
        let scripted = Scripted::new();
        scripted.git(&["config", "user.email", "ada@example.org"]);
        scripted.write(
            "policy-packs/policy.yaml",
            "schema_version: 1\nledger:\n  origin: example.org/plugins\nquality:\n  scenarios: true\n  budgets: true\n",
        );
        scripted.commit("begin");
        let mut sample = Self { scripted, card: String::new() };
        let new = ["id-plugin", "new", "Local Preview", "--operation", "render", "--operation", "import"];
        sample.tool(&[&new[..], &["--owner", "ada@example.org"]].concat());
        let mut cards = std::fs::read_dir(sample.scripted.path().join("ids/cards")).unwrap();
        sample.card = format!("ids/cards/{}", cards.next().unwrap().unwrap().file_name().to_str().unwrap());
        sample.scripted.commit("plugin");
        sample.tool(&["id-ledger", "record"]);
        sample.tool(&["id-registry", "build"]);
        sample.scripted.commit("record");
        sample
    }

    fn tool(&self, arguments: &[&str]) {
        let output = run(arguments[0], self.scripted.path(), &arguments[1..]);
        let printed =
            String::from_utf8_lossy(&[output.stdout.clone(), output.stderr.clone()].concat()).into_owned();
        assert!(output.status.success(), "{arguments:?}: {printed}");
    }

    /// The findings of a command, each as `CODE path`.
    pub(super) fn findings(&self, command: &[&str]) -> Vec<String> {
        check_with(command[0], self.scripted.path(), &command[1..]).findings()
    }

    /// The findings of a command on a branch with the edits; the branch is discarded.
    pub(super) fn broken(&self, command: &[&str], edits: &[Edit]) -> Vec<String> {
        self.scripted.git(&["switch", "--quiet", "--create", "broken"]);
        edits.iter().for_each(|edit| self.edit(edit));
        self.scripted.commit("break");
        let found = self.findings(command);
        self.scripted.git(&["switch", "--quiet", "--force", "main"]);
        self.scripted.git(&["clean", "--quiet", "--force", "-d", "-x"]);
        self.scripted.git(&["branch", "--quiet", "-D", "broken"]);
        found
    }

    fn place(&self, path: &str) -> std::path::PathBuf {
        let below = match path.strip_prefix('/') {
            Some("CARD") => self.card.clone(),
            Some(path) => path.to_string(),
            None => format!("{PLUGIN}/{path}"),
        };
        self.scripted.path().join(below)
    }

    fn edit(&self, edit: &Edit) {
        match edit {
            Edit::Remove(path) => {
                let path = self.place(path);
                if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }
                    .unwrap();
            }
            Edit::Write(path, text) => self.scripted.write(self.place(path), text),
            Edit::Replace(path, from, to) => {
                let text = std::fs::read_to_string(self.place(path)).unwrap();
                assert!(text.contains(from), "{path} does not contain {from:?}: {text}");
                self.scripted.write(self.place(path), text.replace(from, to));
            }
            Edit::Append(path, text) => {
                let before = std::fs::read_to_string(self.place(path)).unwrap();
                self.scripted.write(self.place(path), before + text);
            }
            Edit::Copy(from, to) => {
                let (from, to) = (self.place(from), self.place(to));
                let copied = std::process::Command::new("cp").arg("-r").arg(from).arg(to).status();
                assert!(copied.unwrap().success());
            }
            Edit::Run(arguments) => self.tool(arguments),
        }
    }
}
