//! The hooks as git runs them: plain ones, and those of pre-commit, prek, lefthook and husky.
//!
//! `ID_GUARD_WHEELS` names the folder with the wheel that pre-commit and prek install (`cargo xtask dist --wheel`).
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test that cannot be set up has failed, and says what it skips"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

/// The plugin that stands on `main` from the beginning, and two more.
const FIRST: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C3";
const SECOND: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C4";
const THIRD: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C5";
const CARD: &str = "ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C3.yaml";
/// What an edited card is called.
const EDITED: &str = "error[IMM001] card-changed";

/// What a command came to.
struct Told {
    well: bool,
    text: String,
}

impl Told {
    /// It went well, and said nothing.
    fn silent(&self) {
        assert!(self.well && self.text.is_empty(), "not silent: {}", self.text);
    }

    fn well(&self) -> &str {
        assert!(self.well, "{}", self.text);
        &self.text
    }

    /// It was refused, and says each of these.
    fn refused(&self, said: &[&str]) {
        assert!(!self.well, "it was let through: {}", self.text);
        for said in said {
            assert!(self.text.contains(said), "it does not say `{said}`: {}", self.text);
        }
    }
}

/// A home, remotes and a repository, apart from everything of the machine but its programs.
struct Place {
    root: tempfile::TempDir,
    path: String,
    also: Vec<(String, String)>,
}

impl Place {
    /// A home, and an empty remote.
    fn new() -> Place {
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
    fn empty() -> Place {
        let place = Place::new();
        place.git(&["init", "--quiet", &place.name("clone")]).silent();
        place.git(&["remote", "add", "origin", &place.name("remote.git")]).silent();
        place.tool("id-guard", &["init", "--minimal", "--hooks", "--origin", "example.org/plugins"]).well();
        place
    }

    /// One plugin stands on `main`, and was pushed through the hooks.
    fn begun() -> Place {
        let place = Place::empty();
        place.commit("begin").silent();
        place.plugin("Local Preview", FIRST);
        place.commit("local preview").silent();
        place.push(&["--set-upstream", "origin", "main"]).well();
        place
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn name(&self, path: &str) -> String {
        self.at(path).to_str().unwrap().into()
    }

    fn clone(&self) -> PathBuf {
        self.at("clone")
    }

    fn remote(&self, name: &str) -> String {
        let path = self.name(name);
        self.git(&["init", "--quiet", "--bare", &path]).silent();
        path
    }

    /// Runs a program where nothing of the machine's own settings is seen.
    fn run(&self, directory: &Path, program: &str, arguments: &[&str]) -> Told {
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
        Told { well: output.status.success(), text: String::from_utf8(text).unwrap() }
    }

    fn git(&self, arguments: &[&str]) -> Told {
        self.run(&self.clone(), "git", arguments)
    }

    /// Asks git for something that it knows.
    fn asked(&self, arguments: &[&str]) -> String {
        self.git(arguments).well().trim_end().into()
    }

    /// Runs one of the tools.
    fn tool(&self, name: &str, arguments: &[&str]) -> Told {
        let own = Path::new(env!("CARGO_BIN_EXE_id-guard")).with_file_name(name);
        self.run(&self.clone(), own.to_str().unwrap(), arguments)
    }

    fn push(&self, arguments: &[&str]) -> Told {
        self.git(&[&["push", "--quiet"], arguments].concat())
    }

    /// Commits everything in the working tree, through the hook.
    fn commit(&self, subject: &str) -> Told {
        self.git(&["add", "--all"]).silent();
        self.git(&["commit", "--quiet", "--message", subject])
    }

    /// Commits everything in the working tree, past the hook.
    fn force(&self, subject: &str) {
        self.git(&["add", "--all"]).silent();
        self.git(&["commit", "--quiet", "--no-verify", "--allow-empty", "--message", subject]).silent();
    }

    fn write(&self, path: &str, content: &str) {
        let path = self.clone().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.clone().join(path)).unwrap()
    }

    /// Makes a plugin, with its card.
    fn plugin(&self, name: &str, ulid: &str) {
        let owner = ["--owner", "previews@example.org", "--operation", "render"];
        self.tool("id-plugin", &[&["new", name, "--ulid", ulid], &owner[..]].concat()).well();
    }

    /// Edits a card: no change may do that once the card is on the mainline.
    fn edit(&self, card: &str) {
        let text = self.read(card);
        self.write(card, &text.replace("previews@", "mallory@"));
        assert_ne!(self.read(card), text);
    }

    /// Begins a branch where `main` is.
    fn branch(&self, name: &str) {
        self.git(&["switch", "--quiet", "--no-track", "--force-create", name, "main"]).silent();
    }

    /// A branch with one commit that edits a card, made past the hook.
    fn bad_branch(&self, name: &str) {
        self.branch(name);
        self.edit(CARD);
        self.force("edit");
    }

    /// A branch with one commit that the gate lets pass.
    fn good_branch(&self, name: &str) {
        self.branch(name);
        self.write(&format!("notes/{name}.md"), "# Notes\n");
        self.commit("notes").silent();
    }

    /// `main` moves on: one more plugin, and what the writer records.
    fn moves_on(&self) {
        self.git(&["switch", "--quiet", "main"]).silent();
        self.plugin("Third One", THIRD);
        self.commit("third one").well();
        self.push(&["origin", "main"]).well();
        self.tool("id-guard", &["post-merge"]).well();
        self.git(&["pull", "--quiet", "--tags"]).silent();
    }

    /// Everything that a refused commit must leave as it was.
    fn state(&self) -> [String; 4] {
        let files = ["ls-files", "--stage"];
        let diff = ["diff"];
        let status = ["status", "--porcelain", "--untracked-files=all"];
        let refs = ["for-each-ref"];
        [&files[..], &diff, &status, &refs].map(|arguments| self.asked(arguments))
    }

    /// What a ref of the remote names; nothing where there is none.
    fn at_remote(&self, name: &str) -> String {
        self.asked(&["ls-remote", &self.name("remote.git"), name])
    }
}

#[test]
fn a_good_commit_is_silent_and_an_edited_card_is_refused() {
    let place = Place::begun();
    place.write("README.md", "# Plugins\n");
    place.commit("readme").silent();
    place.plugin("Word Count", SECOND);
    place.commit("word count").silent();
    place.edit(CARD);
    place.write("untracked.txt", "mine\n");
    place.git(&["add", CARD]).silent();
    place.write("README.md", "# Not yet\n");
    let before = place.state();
    place.git(&["commit", "--message", "edit"]).refused(&[
        EDITED,
        CARD,
        "was \"previews@example.org\"",
        "help: ",
    ]);
    assert_eq!(place.state(), before, "a refused commit changes nothing");
    // Once, by whoever knows better: CI judges anyway.
    place.git(&["commit", "--quiet", "--no-verify", "--message", "edit"]).silent();
    // What is there already is not held against the next commit.
    place.commit("readme").silent();
}

#[test]
fn what_is_judged_is_what_would_be_committed() {
    let place = Place::begun();
    place.write("README.md", "# Plugins\n");
    place.git(&["add", "README.md"]).silent();
    place.edit(CARD);
    // The edit is in the working tree alone.
    let before = place.state();
    for arguments in [&["--all"][..], &[CARD], &["--only", CARD], &["--include", CARD], &["README.md", CARD]]
    {
        place.git(&[&["commit", "--quiet", "--message", "edit"], arguments].concat()).refused(&[EDITED]);
        assert_eq!(place.state(), before, "{arguments:?}");
    }
    place.git(&["commit", "--quiet", "--message", "readme"]).silent();
    // The edit is in the index, and another file is committed.
    place.git(&["add", CARD]).silent();
    place.write("README.md", "# More plugins\n");
    place.git(&["commit", "--quiet", "--message", "more", "README.md"]).silent();
    // The edit is in the index alone.
    place.git(&["restore", "--source=HEAD", CARD]).silent();
    place.git(&["commit", "--quiet", "--message", "edit"]).refused(&[EDITED]);
    // What is only announced is not committed; nor is what is removed from the index.
    place.git(&["reset", "--quiet", "--hard"]).silent();
    place.write("ids/cards/notes.txt", "no card\n");
    place.git(&["add", "--intent-to-add", "ids/cards/notes.txt"]).silent();
    place.git(&["commit", "--quiet", "--allow-empty", "--message", "empty"]).silent();
    place.git(&["rm", "--quiet", "--cached", CARD]).silent();
    place.git(&["commit", "--quiet", "--message", "gone"]).refused(&["error[IMM002] card-deleted"]);
}

#[test]
fn a_commit_that_is_amended_is_judged_as_the_one_before_it_would_be() {
    let place = Place::begun();
    place.branch("change");
    place.plugin("Word Count", SECOND);
    place.commit("word count").silent();
    let amend = ["commit", "--quiet", "--amend", "--no-edit", "--all"];
    place.write("README.md", "# Plugins\n");
    place.git(&["add", "--all"]).silent();
    place.git(&amend).silent();
    place.edit(CARD);
    place.git(&amend).refused(&[EDITED]);
    place.git(&["checkout", "--quiet", "--", CARD]).silent();
    // What is not on the mainline yet may still be put right, in the commit that brought it or in another.
    for amend in [&amend[..], &["commit", "--quiet", "--all", "--message", "another owner"]] {
        for path in [&format!("ids/cards/{SECOND}.yaml"), "plugins/word_count/plugin.spec.json"] {
            let text = place.read(path);
            let owner =
                if text.contains("previews@") { ["previews@", "counts@"] } else { ["counts@", "words@"] };
            place.write(path, &text.replace(owner[0], owner[1]));
        }
        place.git(amend).refused(&["GEN"]);
        place.tool("id-plugin", &["generate"]).well();
        place.git(amend).silent();
    }
    // A commit that was made past the hook is taken back.
    place.edit(CARD);
    place.force("edit");
    place.git(&["checkout", "--quiet", "main", "--", CARD]).silent();
    place.git(&[&amend[..], &["--allow-empty"]].concat()).silent();
}

#[test]
fn the_first_commit_is_judged_as_it_stands() {
    let place = Place::empty();
    place.plugin("Local Preview", FIRST);
    place.git(&["add", "--all"]).silent();
    let card = place.read(CARD);
    // Wrong in the working tree alone.
    place.write(CARD, &card.replace("kind: plugin", "kind: plough"));
    for arguments in [&["--all"][..], &["ids", "plugins"]] {
        place.git(&[&["commit", "--quiet", "--message", "begin"], arguments].concat()).refused(&["plough"]);
    }
    place.git(&["rev-parse", "--quiet", "--verify", "HEAD"]).refused(&[]);
    place.git(&["commit", "--quiet", "--message", "begin"]).silent();
    // A history of its own begins as the first one did.
    place.git(&["checkout", "--quiet", "--", "."]).silent();
    place.git(&["switch", "--quiet", "--orphan", "pages"]).silent();
    place.write("index.html", "<h1>Plugins</h1>\n");
    place.commit("pages").silent();
}

#[test]
fn a_hook_that_went_elsewhere_judges_the_same_index() {
    let place = Place::begun();
    let hook = "#!/bin/sh\ncd plugins && exec id-guard hook pre-commit\n";
    place.write(".git/hooks/pre-commit", hook);
    place.edit(CARD);
    place.git(&["commit", "--quiet", "--all", "-m", "edit"]).refused(&[EDITED]);
}

#[test]
fn a_linked_worktree_and_a_subdirectory_have_the_same_hooks() {
    let place = Place::begun();
    place.git(&["worktree", "add", "--quiet", "../linked", "-b", "linked"]).silent();
    for (top, at) in [("linked", "linked/notes/deep"), ("clone", "clone/notes")] {
        let (card, directory) = (place.at(top).join(CARD), place.at(at));
        let git = |arguments: &[&str]| place.run(&directory, "git", arguments);
        std::fs::create_dir_all(&directory).unwrap();
        let text = std::fs::read_to_string(&card).unwrap();
        std::fs::write(&card, text.replace("previews@", "mallory@")).unwrap();
        std::fs::write(directory.join("NOTES.md"), "# Notes\n").unwrap();
        git(&["add", "NOTES.md"]).silent();
        git(&["commit", "--quiet", "--all", "--message", "edit"]).refused(&[EDITED]);
        git(&["commit", "--quiet", "--message", "edit", card.to_str().unwrap()]).refused(&[EDITED]);
        git(&["commit", "--quiet", "--message", "notes"]).silent();
        git(&["push", "--quiet", "origin", &format!("HEAD:refs/heads/{top}")]).silent();
        git(&["commit", "--quiet", "--no-verify", "--all", "--message", "edit"]).silent();
        git(&["push", "--quiet", "origin", "HEAD:refs/heads/edited"]).refused(&[EDITED]);
    }
    // A repository whose objects lie elsewhere.
    let path = place.name("remote.git");
    let apart =
        ["clone", "--quiet", "--separate-git-dir", &place.name("apart.git"), &path, &place.name("apart")];
    place.git(&apart).silent();
    let apart = place.at("apart");
    place.run(&apart, "id-guard", &["init", "--minimal", "--hooks"]).well();
    std::fs::write(apart.join(CARD), "key: PLG_OTHER\n").unwrap();
    place.run(&apart, "git", &["commit", "--quiet", "--all", "--message", "edit"]).refused(&[EDITED]);
}

#[test]
fn a_merge_a_rebase_and_a_cherry_pick_are_judged_where_git_asks() {
    let place = Place::begun();
    place.good_branch("change");
    place.write("NOTES.md", "# Of the change\n");
    place.commit("notes").silent();
    place.git(&["switch", "--quiet", "main"]).silent();
    place.write("NOTES.md", "# Of the mainline\n");
    place.commit("notes").silent();
    place.moves_on();
    place.git(&["switch", "--quiet", "change"]).silent();
    let solve = || {
        place.write("NOTES.md", "# Of both\n");
        place.git(&["add", "NOTES.md"]).silent();
    };
    // What the mainline brings (a plugin, the lines of its writer) is not of the change.
    place.git(&["merge", "--quiet", "main"]).refused(&["CONFLICT"]);
    place.git(&["commit", "--no-edit"]).refused(&["unmerged"]);
    solve();
    place.edit(CARD);
    place.git(&["commit", "--quiet", "--no-edit", "--all"]).refused(&[EDITED, "1 error,"]);
    place.git(&["checkout", "--quiet", "main", "--", CARD]).silent();
    place.git(&["commit", "--quiet", "--no-edit"]).silent();
    assert_eq!(place.asked(&["rev-parse", "HEAD^2"]), place.asked(&["rev-parse", "main"]));
    place.git(&["reset", "--quiet", "--hard", "HEAD^1"]).silent();
    place.git(&["cherry-pick", "main~1"]).well();
    place.git(&["reset", "--quiet", "--hard", "HEAD^"]).silent();
    // One commit after the other, onto the mainline.
    let change = place.asked(&["rev-parse", "change"]);
    place.git(&["reset", "--quiet", "--hard", "main"]).silent();
    place.git(&["cherry-pick", &change]).refused(&["CONFLICT"]);
    solve();
    place.edit(CARD);
    place.git(&["add", CARD]).silent();
    place.git(&["cherry-pick", "--continue"]).refused(&[EDITED, "1 error,"]);
    place.git(&["checkout", "--quiet", "main", "--", CARD]).silent();
    place.git(&["cherry-pick", "--continue"]).well();
    place.git(&["revert", "--no-edit", "HEAD"]).well();
    place.git(&["reset", "--quiet", "--hard", &change]).silent();
    place.git(&["rebase", "main"]).refused(&["CONFLICT"]);
    solve();
    place.edit(CARD);
    place.git(&["add", CARD]).silent();
    // A rebase asks no hook before it commits (githooks(5)): the push is what is judged.
    place.git(&["rebase", "--continue"]).well();
    place.push(&["origin", "change"]).refused(&[EDITED, "against origin/main"]);
}

#[test]
fn what_is_pushed_is_judged_as_the_gate_will_judge_it() {
    let place = Place::begun();
    place.good_branch("good");
    place.push(&["origin", "good"]).silent();
    place.bad_branch("bad");
    place.push(&["origin", "bad"]).refused(&[EDITED, "against origin/main", "failed to push"]);
    assert_eq!(place.at_remote("refs/heads/bad"), "");
    place.push(&["--no-verify", "origin", "bad"]).silent();
    // What is there already: nothing is pushed, and nothing judged.
    place.push(&["origin", "bad"]).silent();
    place.write("README.md", "# Plugins\n");
    place.commit("readme").silent();
    place.push(&["origin", "bad"]).silent();
    place.git(&["switch", "--quiet", "good"]).silent();
    place.edit(CARD);
    place.force("edit");
    place.push(&["origin", "good"]).refused(&[EDITED]);
    place.push(&["origin", "HEAD:refs/heads/main"]).refused(&[EDITED]);
    // From wherever one stands: what counts is what is pushed.
    place.git(&["switch", "--quiet", "main"]).silent();
    place.push(&["origin", "good", "HEAD:refs/heads/other"]).refused(&[EDITED]);
    place.git(&["switch", "--quiet", "bad"]).silent();
    place.push(&["origin", "good~1:refs/heads/other"]).silent();
}

#[test]
fn a_branch_that_tracks_its_own_push_is_no_base_for_another() {
    let place = Place::begun();
    place.bad_branch("bad");
    place.push(&["--no-verify", "--set-upstream", "origin", "bad"]).well();
    // The same commit under another name.
    place.push(&["origin", "bad:refs/heads/worse"]).refused(&[EDITED, "against origin/main"]);
    // Deleted there, and still noted here.
    place.git(&["--git-dir", &place.name("remote.git"), "branch", "--quiet", "-D", "bad"]).silent();
    place.write("README.md", "# Plugins\n");
    place.commit("readme").silent();
    place.push(&["origin", "bad"]).refused(&[EDITED, "against origin/main"]);
    // On top of another branch that is to be merged first, and says so.
    place.good_branch("lower");
    place.plugin("Word Count", SECOND);
    place.commit("word count").silent();
    place.push(&["--set-upstream", "origin", "lower"]).well();
    place.git(&["switch", "--quiet", "--create", "upper", "--track", "origin/lower"]).silent();
    let card = format!("ids/cards/{SECOND}.yaml");
    place.git(&["rm", "--quiet", "-r", &card, "plugins/word_count"]).silent();
    place.git(&["commit", "--quiet", "--message", "without"]).silent();
    place.push(&["origin", "upper"]).silent();
}

#[test]
fn nothing_new_is_nothing_to_judge() {
    let place = Place::begun();
    for name in ["refs/heads/same", "refs/tags/v1"] {
        place.push(&["origin", &format!("main:{name}")]).silent();
        place.push(&["origin", &format!("main~1:{name}-before")]).silent();
    }
    place.git(&["tag", "--annotate", "v2", "--message", "two"]).silent();
    place.push(&["origin", "v2", "v2:refs/tags/v3"]).silent();
    place.push(&["--force", "origin", "main~1:refs/tags/v2", "main~1:refs/heads/same"]).silent();
    place.git(&["notes", "add", "--message", "well done"]).silent();
    place.push(&["origin", "refs/notes/commits"]).silent();
    // Another branch, made where the mainline is or was.
    place.git(&["remote", "set-head", "origin", "main"]).silent();
    place.push(&["origin", "main~1:refs/heads/older", "main:refs/heads/newer"]).silent();
    // What goes away brings nothing; neither does what is not there.
    place.push(&["origin", "--delete", "same", "v1", "older"]).silent();
    place.push(&["origin", "--delete", "nosuch"]).refused(&["does not exist"]);
    assert_eq!(place.at_remote("refs/heads/same") + &place.at_remote("refs/tags/v1"), "");
    // A tag of what the gate would refuse.
    place.bad_branch("bad");
    place.git(&["tag", "bad-tag"]).silent();
    place.push(&["origin", "bad-tag"]).refused(&[EDITED]);
    // A history of its own.
    place.git(&["switch", "--quiet", "--orphan", "pages"]).silent();
    place.write("index.html", "<h1>Plugins</h1>\n");
    place.commit("pages").silent();
    place.push(&["origin", "pages"]).silent();
    place.push(&["--force", "origin", "pages:main"]).refused(&["no common ancestor"]);
}

/// What a manager of hooks tells in the environment is not taken for nothing where it leads nowhere.
#[test]
fn a_push_that_cannot_be_told_is_refused() {
    let mut place = Place::begun();
    place.bad_branch("bad");
    let branch = |local: &str, remote: &str, head: &str| {
        let pairs =
            [("LOCAL_BRANCH", local), ("REMOTE_BRANCH", remote), ("TO_REF", head), ("REMOTE_NAME", "origin")];
        pairs.map(|(name, value)| (format!("PRE_COMMIT_{name}"), value.to_string())).to_vec()
    };
    for (local, head, said) in [
        ("refs/heads/bad", "bad", EDITED),
        ("refs/heads/bad", "nosuch", "nosuch names no commit here"),
        ("refs/heads/nosuch", "", "refs/heads/nosuch names no commit here"),
    ] {
        place.also = branch(local, "refs/heads/bad", head);
        place.tool("id-guard", &["hook", "pre-push"]).refused(&[said]);
    }
    place.also = branch("refs/heads/main", "refs/heads/same", "main");
    place.tool("id-guard", &["hook", "pre-push"]).silent();
}

#[test]
fn several_refs_are_judged_each() {
    let place = Place::begun();
    place.good_branch("good");
    place.bad_branch("bad");
    place.branch("worse");
    place.git(&["rm", "--quiet", CARD]).silent();
    place.force("without");
    let removed = "error[IMM002] card-deleted";
    place.push(&["origin", "good", "bad", "worse", "main:refs/tags/v1"]).refused(&[
        EDITED,
        removed,
        "2 errors,",
    ]);
    place.push(&["origin", "--all"]).refused(&[EDITED, removed]);
    place.push(&["origin", "--mirror"]).refused(&[EDITED, removed]);
    for name in ["good", "bad", "worse"] {
        assert_eq!(place.at_remote(name), "", "one that is refused keeps all of them here");
    }
    place.push(&["origin", "good", "bad~1:refs/heads/plain"]).silent();
    place.push(&["origin", "bad", ":plain"]).refused(&[EDITED]);
    assert_ne!(place.at_remote("plain"), "");
}

#[test]
fn a_first_push_is_judged_from_its_root() {
    let place = Place::empty();
    place.plugin("Local Preview", FIRST);
    place.commit("begin").silent();
    let card = place.read(CARD);
    place.edit(CARD);
    place.force("edit");
    place.write(CARD, &card);
    place.force("taken back");
    // Nothing is known of the remote, so every commit of what is pushed is judged.
    place.push(&["origin", "main"]).refused(&[EDITED, "brought by", "judged the history of"]);
    place.push(&["origin", "main~2:refs/heads/main"]).silent();
    // A remote that nothing was fetched from, and several branches for it.
    place.remote("second.git");
    place.git(&["remote", "add", "second", &place.name("second.git")]).silent();
    place.git(&["update-ref", "-d", "refs/remotes/origin/main"]).silent();
    place.git(&["branch", "good", "main~2"]).silent();
    place.git(&["tag", "v1", "main~2"]).silent();
    place.push(&["second", "good", "main", "v1"]).refused(&[EDITED, "1 error,"]);
    place.push(&["second", "good", "v1"]).silent();
    place.push(&[&place.name("second.git"), "good:refs/heads/more"]).silent();
}

#[test]
fn a_remote_may_have_any_name_or_none() {
    let place = Place::begun();
    place.git(&["branch", "--quiet", "--unset-upstream", "main"]).silent();
    place.good_branch("good");
    place.bad_branch("bad");
    let address = place.name("remote.git");
    // By its address, as git then calls the remote.
    for address in [&address, &format!("file://{address}")] {
        place.push(&[address, "bad"]).refused(&[EDITED, "against origin/main"]);
    }
    place.push(&[&address, "good:refs/heads/one"]).silent();
    place.push(&[&address, "good:refs/heads/one"]).silent();
    // A fork that nothing is known of.
    let fork = place.remote("fork.git");
    place.git(&["remote", "add", "fork", &fork]).silent();
    place.push(&["fork", "bad"]).refused(&[EDITED, "against origin/main"]);
    place.push(&["fork", "good", "main"]).silent();
    // With a mainline that is behind: what it does not have yet is not of the change.
    place.git(&["branch", "--quiet", "--set-upstream-to=origin/main", "main"]).well();
    place.moves_on();
    place.git(&["switch", "--quiet", "good"]).silent();
    place.git(&["merge", "--quiet", "--no-edit", "main"]).silent();
    place.push(&["fork", "good", "good:refs/heads/better"]).silent();
    // The one remote has another name.
    place.git(&["remote", "remove", "fork"]).silent();
    place.git(&["remote", "rename", "origin", "company"]).well();
    place.push(&["company", "bad"]).refused(&[EDITED, "against company/main"]);
    place.push(&["company", "good:refs/heads/two"]).silent();
    // And another mainline, which git was told of, or not.
    place.git(&["push", "--quiet", "company", "main:refs/heads/trunk"]).silent();
    place.git(&["remote", "set-head", "company", "trunk"]).silent();
    place.git(&["update-ref", "-d", "refs/remotes/company/main"]).silent();
    place.push(&["company", "bad"]).refused(&[EDITED, "against company/trunk"]);
    place.git(&["remote", "set-head", "company", "--delete"]).silent();
    place.push(&["company", "bad"]).refused(&[EDITED, "judged the history of"]);
    place.push(&["company", "good:refs/heads/three"]).silent();
}

#[test]
fn a_forced_push_is_judged_by_what_it_drops() {
    let place = Place::begun();
    place.good_branch("change");
    place.plugin("Word Count", SECOND);
    place.commit("word count").silent();
    place.push(&["origin", "change"]).silent();
    // Another card in the place of the one that was pushed, and not merged yet.
    let card = format!("ids/cards/{SECOND}.yaml");
    let text = place.read(&card);
    place.write(&card, &text.replace("notes: \"\"", "notes: \"counts words\""));
    place.tool("id-plugin", &["generate"]).well();
    place.git(&["commit", "--quiet", "--all", "--amend", "--no-edit"]).silent();
    place.push(&["origin", "change"]).refused(&["non-fast-forward"]);
    place.push(&["--force", "origin", "change"]).silent();
    // Onto a mainline that moved on, by rebase and by merge.
    place.moves_on();
    place.git(&["switch", "--quiet", "change"]).silent();
    place.git(&["branch", "--quiet", "merged"]).silent();
    place.git(&["branch", "--quiet", "old"]).silent();
    place.git(&["rebase", "--quiet", "main"]).silent();
    place.push(&["--force-with-lease", "origin", "change"]).silent();
    place.git(&["switch", "--quiet", "merged"]).silent();
    place.git(&["merge", "--quiet", "--no-edit", "main"]).silent();
    place.push(&["--force", "origin", "merged:change"]).silent();
    place.edit(CARD);
    place.force("edit");
    place.push(&["--force", "origin", "merged:change"]).refused(&[EDITED]);
    // Back to where the branch began.
    place.push(&["--force", "origin", "main:change"]).silent();
    // The mainline loses what its writer recorded.
    place.git(&["switch", "--quiet", "main"]).silent();
    for known in [true, false] {
        let set: &[&str] = if known { &["main"] } else { &["--delete"] };
        place.git(&[&["remote", "set-head", "origin"], set].concat()).silent();
        for head in ["main~1", "old"] {
            place.push(&["--force", "origin", &format!("{head}:main")]).refused(&["error[LED001]"]);
        }
    }
    place.push(&["--force", "origin", "main~1:refs/heads/before"]).silent();
}

#[test]
fn hooks_that_stand_are_kept_and_the_line_is_told() {
    let place = Place::begun();
    let init = |more: &[&str]| {
        let told = place.tool("id-guard", &[&["init", "--minimal", "--hooks"], more].concat());
        told.well().to_string()
    };
    let hooks = || {
        let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().path();
        let mut found: Vec<PathBuf> =
            std::fs::read_dir(place.at("clone/.git/hooks")).unwrap().map(name).collect();
        found.sort();
        found.into_iter().map(|path| (std::fs::read(&path).unwrap(), path)).collect::<Vec<_>>()
    };
    let written = hooks();
    for _ in 0..2 {
        assert_eq!(init(&[]), "everything is there already: nothing to do\n");
        assert_eq!(hooks(), written);
    }
    // Somebody's own.
    let own = "#!/bin/sh\necho mine\n";
    let [commit, push] = ["pre-commit", "pre-push"].map(|name| place.at("clone/.git/hooks").join(name));
    std::fs::write(&commit, own).unwrap();
    std::fs::remove_file(&push).unwrap();
    let told = "kept .git/hooks/pre-commit: add this line to it\n      exec id-guard hook pre-commit\n";
    assert_eq!(init(&["--dry-run"]), format!("{told}would write .git/hooks/pre-push\n"));
    assert!(!push.exists());
    assert_eq!(init(&[]), format!("{told}wrote .git/hooks/pre-push\n"));
    assert_eq!((std::fs::read_to_string(&commit).unwrap().as_str(), init(&[]).as_str()), (own, told));
    // With that line, both run.
    std::fs::write(&commit, format!("{own}exec id-guard hook pre-commit\n")).unwrap();
    assert_eq!(init(&[]), "everything is there already: nothing to do\n");
    place.edit(CARD);
    place.commit("edit").refused(&["mine", EDITED]);
    // A manager's: what it calls is said elsewhere.
    std::fs::write(&commit, "#!/bin/sh\n# File generated by pre-commit: https://pre-commit.com\n").unwrap();
    assert_eq!(
        init(&[]),
        "kept .git/hooks/pre-commit, which a manager of hooks wrote: its own file is to name id-guard\n"
    );
}

#[test]
fn hooks_lie_where_git_looks_for_them() {
    let place = Place::begun();
    let init = || place.tool("id-guard", &["init", "--minimal", "--hooks"]).well().to_string();
    let told = |folder: &str| format!("wrote {folder}/pre-commit\nwrote {folder}/pre-push\n");
    place.edit(CARD);
    for (setting, folder) in [(".githooks", ".githooks".to_string()), ("~/hooks", place.name("home/hooks"))] {
        place.git(&["config", "core.hooksPath", setting]).silent();
        assert_eq!(init(), told(&folder));
        place.git(&["commit", "--quiet", "--all", "--message", "edit"]).refused(&[EDITED]);
        assert_eq!(init(), "everything is there already: nothing to do\n");
    }
    // For every repository of a user.
    place.git(&["config", "--unset", "core.hooksPath"]).silent();
    place.git(&["config", "--global", "core.hooksPath", &place.name("all")]).silent();
    assert_eq!(init(), told(&place.name("all")));
    place.git(&["commit", "--quiet", "--all", "--message", "edit"]).refused(&[EDITED]);
    place.git(&["config", "--global", "--unset", "core.hooksPath"]).silent();
    // A linked worktree has those of its repository.
    place.git(&["worktree", "add", "--quiet", "--force", "../linked", "main"]).silent();
    let linked =
        || place.run(&place.at("linked"), "id-guard", &["init", "--minimal", "--hooks"]).well().to_string();
    assert_eq!(linked(), "everything is there already: nothing to do\n");
    std::fs::remove_file(place.at("clone/.git/hooks/pre-push")).unwrap();
    assert_eq!(linked(), format!("wrote {}\n", place.name("clone/.git/hooks/pre-push")));
}

/// As husky 9 writes it: git is led to a folder that is made anew, and from there to the files above.
#[test]
fn husky_runs_what_lies_above() {
    let place = Place::begun();
    let h = "#!/usr/bin/env sh\nn=$(basename \"$0\")\ns=$(dirname \"$(dirname \"$0\")\")/$n\n[ ! -f \"$s\" ] && exit 0\nsh -e \"$s\" \"$@\"\nc=$?\nexit $c\n";
    place.write(".husky/_/h", h);
    for name in ["pre-commit", "pre-push"] {
        let path = format!(".husky/_/{name}");
        place.write(&path, "#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"");
        assert!(
            Command::new("chmod")
                .args(["+x", &place.name(&format!("clone/{path}"))])
                .status()
                .unwrap()
                .success()
        );
    }
    place.write(".husky/pre-commit", "echo tested\n");
    place.git(&["config", "core.hooksPath", ".husky/_"]).silent();
    let told = place.tool("id-guard", &["init", "--minimal", "--hooks"]);
    let line = "kept .husky/pre-commit: add this line to it\n      exec id-guard hook pre-commit\n";
    assert_eq!(told.well(), format!("{line}wrote .husky/pre-push\n"));
    place.write(".husky/pre-commit", "echo tested\nid-guard hook pre-commit\n");
    place.git(&["add", "--all"]).silent();
    assert_eq!(place.git(&["commit", "--quiet", "--message", "husky"]).well(), "tested\n");
    place.edit(CARD);
    place.commit("edit").refused(&["tested", EDITED]);
    place.git(&["commit", "--quiet", "--no-verify", "--all", "--message", "edit"]).silent();
    place.push(&["origin", "main"]).refused(&[EDITED]);
}

#[test]
fn without_the_program_nothing_is_let_through() {
    let mut place = Place::begun();
    // Git, and nothing of ours.
    std::fs::create_dir_all(place.at("bin")).unwrap();
    for name in ["git", "sh"] {
        std::os::unix::fs::symlink(program(&place.path, name).unwrap(), place.at("bin").join(name)).unwrap();
    }
    place.path = place.name("bin");
    place.write("README.md", "# Plugins\n");
    place.commit("readme").refused(&["pre-commit", "id-guard", "not found"]);
    place.push(&["origin", "main:refs/heads/other"]).refused(&["pre-push", "id-guard", "not found"]);
    place.git(&["commit", "--quiet", "--no-verify", "--message", "readme"]).silent();
}

/// Finds a program as a shell does.
fn program(path: &str, name: &str) -> Option<PathBuf> {
    std::env::split_paths(path).map(|place| place.join(name)).find(|program| program.is_file())
}

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The file that the page shows, by its language and something that it says.
fn shown(language: &str, said: &str) -> String {
    let page = std::fs::read_to_string(project().join("docs/how-to/hooks.md")).unwrap();
    let begin = format!("```{language}\n");
    let mut blocks = page.split(&begin).skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.find(|block| block.contains(said)).unwrap().to_string()
}

/// A place in which a manager of hooks runs, with the wheel and an index to install from.
struct Managed {
    place: Place,
    manager: String,
    /// What stands before a report, where there is one.
    indent: &'static str,
}

impl Managed {
    /// `None`, and a line that says why, where it cannot be.
    fn begin(manager: &str) -> Option<Managed> {
        let own = project().join("target/ci-tools/venv/bin");
        let path = format!("{}:{}", std::env::var("PATH").unwrap(), own.display());
        let Some(found) = program(&path, manager) else {
            println!("skipped: {manager} is not installed");
            return None;
        };
        let mut place = Place::begun();
        for name in ["pre-commit", "pre-push"] {
            std::fs::remove_file(place.at("clone/.git/hooks").join(name)).unwrap();
        }
        if manager != "lefthook" {
            place.also = wheels()?;
            // The tools come with the wheel, and from nowhere else.
            place.path = std::env::var("PATH").unwrap();
        }
        let manager = found.to_str().unwrap().to_string();
        let indent = if manager.ends_with("prek") { "  " } else { "" };
        Some(Managed { place, manager, indent })
    }

    /// A repository that holds what is installed of this one, and the commit that is.
    fn hooks(&self) -> (String, String) {
        let place = &self.place;
        let path = place.at("hooks");
        std::fs::create_dir_all(&path).unwrap();
        for name in [".pre-commit-hooks.yaml", "pyproject.toml"] {
            std::fs::copy(project().join(name), path.join(name)).unwrap();
        }
        let git = |arguments: &[&str]| place.run(&path, "git", arguments).well().trim().to_string();
        git(&["init", "--quiet"]);
        git(&["add", "--all"]);
        git(&["commit", "--quiet", "--message", "hooks"]);
        (format!("file://{}", path.display()), git(&["rev-parse", "HEAD"]))
    }

    /// Installs the hooks of a configuration; `false`, and a line that says why, without an index to install from.
    fn install(&self, file: &str, text: &str) -> bool {
        let place = &self.place;
        place.write(file, text);
        place.force("hooks");
        place.push(&["--no-verify", "origin", "main"]).silent();
        let run = |arguments: &[&str]| place.run(&place.clone(), &self.manager, arguments);
        run(&["install"]).well();
        if file != "lefthook.yml" {
            let told = run(&["install-hooks"]);
            let lacking = ["found for setuptools", "Failed to install uv", "Failed to fetch"];
            if !told.well && lacking.iter().any(|said| told.text.contains(said)) {
                println!("skipped: no package index can be reached");
                return false;
            }
            told.well();
        }
        true
    }

    /// What every manager is to do.
    fn holds(&self) {
        let place = &self.place;
        place.branch("good");
        place.write("notes/good.md", "# Notes\n");
        place.commit("notes").well();
        place.push(&["origin", "good"]).well();
        place.edit(CARD);
        place.write("NOTES.md", "# Notes\n");
        place.git(&["add", "NOTES.md"]).silent();
        let before = place.state();
        for arguments in [&["--all"][..], &[CARD]] {
            place.git(&[&["commit", "--message", "edit"], arguments].concat()).refused(&[EDITED, "1 error,"]);
            assert_eq!(place.state(), before, "{arguments:?}");
        }
        // Only in the working tree.
        place.git(&["commit", "--message", "notes"]).well();
        place.git(&["add", CARD]).silent();
        place.git(&["commit", "--message", "edit"]).refused(&[EDITED, &format!("\n{}judged ", self.indent)]);
        place.force("edit");
        place.push(&["origin", "good"]).refused(&[EDITED, "judged "]);
        place.push(&["origin", "good:refs/heads/bad"]).refused(&[EDITED, "against "]);
        place.push(&["origin", "good:main"]).refused(&[EDITED]);
        place.push(&["origin", "good~1:refs/heads/fine", "good~1:refs/tags/v1"]).well();
        place.push(&["origin", "--delete", "fine"]).well();
        // To a remote of which nothing is known, and from a branch that the mainline was merged into.
        place.moves_on();
        let [empty, other] = ["empty.git", "other.git"].map(|name| place.remote(name));
        place.git(&["remote", "add", "empty", &empty]).silent();
        place.push(&["empty", "main"]).well();
        if !self.manager.ends_with("prek") {
            // prek asks nobody where no commit is new.
            place.push(&["--force", "origin", "main~1:main"]).refused(&["error[LED001]"]);
        }
        place.git(&["switch", "--quiet", "--create", "later", "good~1"]).silent();
        place.git(&["merge", "--quiet", "--no-edit", "main"]).silent();
        place.push(&["origin", "later:refs/heads/good"]).well();
        place.push(&["origin", "later"]).well();
        place.push(&[&other, "good:refs/heads/bad"]).refused(&[EDITED]);
        place.push(&[&other, "later"]).well();
    }
}

/// What pip and uv are told, so that they find the wheel of this tree; everything else comes from where the machine takes packages.
fn wheels() -> Option<Vec<(String, String)>> {
    let folder = std::env::var("ID_GUARD_WHEELS").ok().map(PathBuf::from).filter(|folder| {
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        entries
            .flatten()
            .any(|entry| entry.file_name().to_str().is_some_and(|name| name.starts_with("id_guard-")))
    });
    let Some(folder) = folder else {
        println!("skipped: ID_GUARD_WHEELS names no folder with a wheel of the tools");
        return None;
    };
    let folder = folder.canonicalize().unwrap();
    let of_packages = |name: &str| {
        let upper = name.to_ascii_uppercase();
        ["PIP_", "UV_", "SSL_"].iter().any(|begin| upper.starts_with(begin)) || upper.ends_with("_PROXY")
    };
    let mut also: Vec<(String, String)> = std::env::vars().filter(|(name, _)| of_packages(name)).collect();
    for (name, between) in [("PIP_FIND_LINKS", ' '), ("UV_FIND_LINKS", ',')] {
        let more = std::env::var(name).map(|more| format!("{between}{more}")).unwrap_or_default();
        also.retain(|(other, _)| other != name);
        also.push((name.into(), format!("{}{more}", folder.display())));
    }
    Some(also)
}

#[test]
fn pre_commit_takes_the_hooks_as_they_are_declared() {
    let path = format!(
        "{}:{}",
        std::env::var("PATH").unwrap(),
        project().join("target/ci-tools/venv/bin").display()
    );
    let Some(manager) = program(&path, "pre-commit") else {
        return println!("skipped: pre-commit is not installed");
    };
    let manifest = project().join(".pre-commit-hooks.yaml");
    let place = Place::new();
    place
        .run(&place.at("home"), manager.to_str().unwrap(), &["validate-manifest", manifest.to_str().unwrap()])
        .silent();
}

#[test]
fn pre_commit_and_prek_install_the_wheel_and_hold_the_same() {
    for manager in ["pre-commit", "prek"] {
        let Some(managed) = Managed::begin(manager) else { continue };
        let (address, commit) = managed.hooks();
        let config =
            shown("yaml", "- id: id-guard-push").replace("https://github.com/OWNER/id-guard", &address);
        let config = config.replace("0123456789abcdef0123456789abcdef01234567", &commit);
        if managed.install(".pre-commit-config.yaml", &config) {
            managed.holds();
        }
    }
}

#[test]
fn pre_commit_and_prek_need_no_repository_of_ours() {
    for manager in ["pre-commit", "prek"] {
        let Some(managed) = Managed::begin(manager) else { continue };
        if managed.install(".pre-commit-config.yaml", &shown("yaml", "repo: local")) {
            managed.holds();
        }
    }
}

#[test]
fn lefthook_calls_the_program_on_the_path() {
    let Some(managed) = Managed::begin("lefthook") else { return };
    managed.place.write(".lefthook/pre-push/id-guard.sh", &shown("sh", "exec id-guard hook pre-push"));
    if managed.install("lefthook.yml", &shown("yaml", "assert_lefthook_installed")) {
        managed.holds();
    }
}
