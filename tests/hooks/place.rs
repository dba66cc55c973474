//! A place for hooks: a home directory, remotes and a repository, isolated from the machine except for its programs.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The plugin that exists on `main` from the start, and two more.
pub(crate) const FIRST: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C3";
pub(crate) const SECOND: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C4";
pub(crate) const THIRD: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C5";
pub(crate) const CARD: &str = "ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C3.yaml";
/// The name in an edited card.
pub(crate) const EDITED: &str = "error[IMM001] card-changed";

/// The result of a command.
pub(crate) struct Outcome {
    pub(crate) well: bool,
    pub(crate) text: String,
}

impl Outcome {
    /// Asserts success without output.
    pub(crate) fn silent(&self) {
        assert!(self.well && self.text.is_empty(), "not silent: {}", self.text);
    }

    pub(crate) fn well(&self) -> &str {
        assert!(self.well, "{}", self.text);
        &self.text
    }

    /// Asserts a refusal whose output contains each of these texts.
    pub(crate) fn refused(&self, texts: &[&str]) {
        assert!(!self.well, "it was let through: {}", self.text);
        for expected in texts {
            assert!(self.text.contains(expected), "the output does not contain `{expected}`: {}", self.text);
        }
    }
}

/// A home directory, remotes and a repository, isolated from the machine except for its programs.
pub(crate) struct Place {
    pub(crate) root: tempfile::TempDir,
    pub(crate) path: String,
    pub(crate) also: Vec<(String, String)>,
}

impl Place {
    /// A home, and an empty remote.
    pub(crate) fn new() -> Place {
        let root = tempfile::tempdir().unwrap();
        let own = Path::new(env!("CARGO_BIN_EXE_id-guard")).parent().unwrap();
        let path = format!("{}:{}", own.display(), std::env::var("PATH").unwrap());
        let place = Place { root, path, also: Vec::new() };
        std::fs::create_dir_all(place.at("home")).unwrap();
        std::fs::write(
            place.at("home/.gitconfig"),
            "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n[core]\n\teditor = true\n[protocol \"file\"]\n\tallow = always\n",
        )
        .unwrap();
        place.remote("remote.git");
        place
    }

    /// An empty repository with git's own hooks, which pushes to an empty remote `origin`.
    pub(crate) fn empty() -> Place {
        let place = Place::new();
        place.git(&["init", "--quiet", &place.name("clone")]).silent();
        place.git(&["remote", "add", "origin", &place.name("remote.git")]).silent();
        place.tool("id-guard", &["init", "--minimal", "--hooks", "--origin", "example.org/plugins"]).well();
        place
    }

    /// A repository with one plugin on `main`, pushed through the hooks.
    pub(crate) fn begun() -> Place {
        let place = Place::empty();
        place.commit("begin").silent();
        place.plugin("Local Preview", FIRST);
        place.commit("local preview").silent();
        place.push(&["--set-upstream", "origin", "main"]).well();
        place
    }

    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub(crate) fn name(&self, path: &str) -> String {
        self.at(path).to_str().unwrap().into()
    }

    pub(crate) fn clone(&self) -> PathBuf {
        self.at("clone")
    }

    pub(crate) fn remote(&self, name: &str) -> String {
        let path = self.name(name);
        self.git(&["init", "--quiet", "--bare", &path]).silent();
        path
    }

    /// Runs a program without any settings of the machine.
    pub(crate) fn run(&self, directory: &Path, program: &str, arguments: &[&str]) -> Outcome {
        let directory = if directory.is_dir() { directory } else { self.root.path() };
        let output = Command::new(program)
            .args(arguments)
            .current_dir(directory)
            .env_clear()
            .env("PATH", &self.path)
            .env("HOME", self.at("home"))
            .env("TERM", "dumb")
            .envs(
                ["CACHE", "CONFIG", "DATA", "STATE"].map(|kind| (format!("XDG_{kind}_HOME"), self.at(kind))),
            )
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs(self.also.iter().map(|(name, value)| (name, value)))
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        Outcome { well: output.status.success(), text: String::from_utf8(text).unwrap() }
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> Outcome {
        self.run(&self.clone(), "git", arguments)
    }

    /// Runs git and returns its output.
    pub(crate) fn asked(&self, arguments: &[&str]) -> String {
        self.git(arguments).well().trim_end().into()
    }

    /// Runs one of the tools.
    pub(crate) fn tool(&self, name: &str, arguments: &[&str]) -> Outcome {
        let own = Path::new(env!("CARGO_BIN_EXE_id-guard")).with_file_name(name);
        self.run(&self.clone(), own.to_str().unwrap(), arguments)
    }

    pub(crate) fn push(&self, arguments: &[&str]) -> Outcome {
        self.git(&[&["push", "--quiet"], arguments].concat())
    }

    /// Commits everything in the working tree, through the hook.
    pub(crate) fn commit(&self, subject: &str) -> Outcome {
        self.git(&["add", "--all"]).silent();
        self.git(&["commit", "--quiet", "--message", subject])
    }

    /// Commits everything in the working tree, past the hook.
    pub(crate) fn force(&self, subject: &str) {
        self.git(&["add", "--all"]).silent();
        self.git(&["commit", "--quiet", "--no-verify", "--allow-empty", "--message", subject]).silent();
    }

    pub(crate) fn write(&self, path: &str, content: &str) {
        let path = self.clone().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.clone().join(path)).unwrap()
    }

    /// Makes a plugin, with its card.
    pub(crate) fn plugin(&self, name: &str, ulid: &str) {
        let owner = ["--owner", "previews@example.org", "--operation", "render"];
        self.tool("id-plugin", &[&["new", name, "--ulid", ulid], &owner[..]].concat()).well();
    }

    /// Edits a card: no change may do that once the card is on the mainline.
    pub(crate) fn edit(&self, card: &str) {
        let text = self.read(card);
        self.write(card, &text.replace("previews@", "mallory@"));
        assert_ne!(self.read(card), text);
    }

    /// Creates a branch at `main`.
    pub(crate) fn branch(&self, name: &str) {
        self.git(&["switch", "--quiet", "--no-track", "--force-create", name, "main"]).silent();
    }

    /// A branch with one commit that edits a card, made past the hook.
    pub(crate) fn bad_branch(&self, name: &str) {
        self.branch(name);
        self.edit(CARD);
        self.force("edit");
    }

    /// A branch with one commit that the gate lets pass.
    pub(crate) fn good_branch(&self, name: &str) {
        self.branch(name);
        self.write(&format!("notes/{name}.md"), "# Notes\n");
        self.commit("notes").silent();
    }

    /// `main` moves on: one more plugin, and what the writer records.
    pub(crate) fn moves_on(&self) {
        self.git(&["switch", "--quiet", "main"]).silent();
        self.plugin("Third One", THIRD);
        self.commit("third one").well();
        self.push(&["origin", "main"]).well();
        self.tool("id-guard", &["post-merge"]).well();
        self.git(&["pull", "--quiet", "--tags"]).silent();
    }

    /// Everything that a refused commit must leave as it was.
    pub(crate) fn state(&self) -> [String; 4] {
        let files = ["ls-files", "--stage"];
        let diff = ["diff"];
        let status = ["status", "--porcelain", "--untracked-files=all"];
        let refs = ["for-each-ref"];
        [&files[..], &diff, &status, &refs].map(|arguments| self.asked(arguments))
    }

    /// The commit of a remote ref; empty if it does not exist.
    pub(crate) fn at_remote(&self, name: &str) -> String {
        self.asked(&["ls-remote", &self.name("remote.git"), name])
    }
}

/// Finds a program as a shell does.
pub(crate) fn program(path: &str, name: &str) -> Option<PathBuf> {
    std::env::split_paths(path).map(|place| place.join(name)).find(|program| program.is_file())
}

pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}
