//! The post-merge writer: registry, ledger and tags of a whole life, crashes, races, the three writers, signatures.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot be set up has failed")]

mod support;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use scripted::git;
use support::life::{LIFE, Lived};
use support::registry::{Told, read, told};
use support::{judge, run};

fn registry(directory: &Path, arguments: &[&str]) -> Told {
    told(&run("id-registry", directory, arguments))
}

/// Everything that a reader holds ledger, registry and tags to.
fn accepted(lived: &Lived) {
    let path = lived.path();
    for (binary, arguments) in [
        ("id-ledger", &["verify", "--rederive"][..]),
        ("id-registry", &["build", "--check"]),
        ("id-tag", &["verify", "--remote", "origin"]),
        ("id-guard", &["audit"]),
    ] {
        let told = told(&run(binary, path, arguments));
        assert_eq!(told.status, 0, "{binary} {arguments:?}: {}", told.text);
    }
}

/// Holds a text to a golden file; `BLESS=1` writes it. Read it as code.
fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/life").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{name}: bless it with BLESS=1 cargo test --test post_merge");
}

#[test]
fn a_whole_life_ends_in_the_same_bytes() {
    let lived = Lived::begin();
    for (number, merge) in LIFE.iter().enumerate() {
        lived.merge(number, merge);
        // Queued runs are dropped: the writer catches up on one merge, or on several.
        if [0, 1, 4, 5, 8, 10, 14, 15, 16, 17, 18, 22, 23, 24, 27, 29].contains(&number) {
            let told = lived.write(&[]);
            assert_eq!(told.status, 0, "{}", told.text);
            let again = lived.write(&[]);
            assert!(again.text.starts_with("nothing to do"), "{}", again.text);
        }
    }
    accepted(&lived);
    let path = lived.path();
    golden("registry.yaml", &read(path, "ids/registry.yaml"));
    golden("ids.jsonl", &read(path, ".ledger/ids.jsonl"));
    golden("refs.txt", &lived.refs());
    let tag = lived.clone.git(&["cat-file", "tag", "plugin-aleph-2.0.0"]);
    golden("tag.txt", &(tag + "\n"));
    let first = lived.clone.git(&["rev-list", "--max-parents=0", "HEAD"]);
    golden("diff.txt", &registry(path, &["diff", &first, "HEAD"]).text);
    // Made again from nothing known, and by one catching up on all of it at once, the identities are the same.
    let full = registry(path, &["build", "--full"]);
    assert!(full.text.starts_with("ids/registry.yaml is fresh: 6 identities"), "{}", full.text);
    for name in ["PLG_ALPHA", "PLG_FIRST", "plugins/aleph/main.py", "aleph", "01JD4ZK3V8Q2W4X6Y8Z0A1B2C3"] {
        let found = registry(path, &["get", name]);
        assert!(found.text.contains("key          PLG_ALEPH"), "{name}: {}", found.text);
    }
}

/// A clone and its remote, copied: each attempt begins from the same state.
struct Attempt {
    place: tempfile::TempDir,
}

impl Attempt {
    fn of(lived: &Lived) -> Attempt {
        let place = tempfile::tempdir().unwrap();
        for (from, to) in [(lived.path(), "clone"), (lived.remote.path(), "remote")] {
            let copied = Command::new("cp").arg("-r").arg(from).arg(place.path().join(to)).status().unwrap();
            assert!(copied.success());
        }
        Attempt { place }
    }

    fn clone(&self) -> PathBuf {
        self.place.path().join("clone")
    }

    fn remote(&self) -> PathBuf {
        self.place.path().join("remote")
    }

    /// The writer of this attempt, not yet run; `path` is where it finds git.
    fn writer(&self, clone: &Path, path: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_id-guard"));
        command
            .env_clear()
            .env("PATH", path)
            .env("XDG_CACHE_HOME", self.place.path().join("cache"))
            .current_dir(clone);
        command.args(["post-merge", "--branch", "main", "--remote"]).arg(self.remote());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn refs(&self) -> String {
        git(&self.remote(), &["for-each-ref", "--format=%(refname) %(objectname)"], 0)
    }
}

/// Some merges that nobody recorded yet, and some that somebody did.
fn unrecorded() -> Lived {
    let lived = Lived::begin();
    for (number, merge) in LIFE.iter().enumerate().take(7) {
        lived.merge(number, merge);
        if number == 2 {
            assert_eq!(lived.write(&[]).status, 0);
        }
    }
    lived
}

/// What the writer leaves at the remote when nothing goes wrong.
fn undisturbed(lived: &Lived) -> String {
    let attempt = Attempt::of(lived);
    assert!(attempt.writer(&attempt.clone(), PATH).status().unwrap().success());
    attempt.refs()
}

const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// A `git` that does something of its own before or after one call, counted from 1, and is git otherwise.
fn wrapped(attempt: &Attempt, script: &str) -> String {
    let folder = attempt.place.path().join("bin");
    std::fs::create_dir_all(&folder).unwrap();
    let real = Command::new("sh").args(["-c", "command -v git"]).env("PATH", PATH).output().unwrap();
    let real = String::from_utf8(real.stdout).unwrap();
    let count = attempt.place.path().join("count");
    let text = format!(
        "#!/bin/sh\nREAL={}\nCOUNT={}\nn=$(( $(cat \"$COUNT\" 2>/dev/null || echo 0) + 1 ))\necho $n > \"$COUNT\"\n{script}\n",
        real.trim(),
        count.display()
    );
    std::fs::write(folder.join("git"), text).unwrap();
    std::fs::set_permissions(folder.join("git"), std::fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:{PATH}", folder.display())
}

/// Nothing is published, or all of it; and whoever comes next ends in the same bytes.
fn goes_on(attempt: &Attempt, before: &str, expected: &str, what: &str) {
    let refs = attempt.refs();
    assert!(refs == before || refs == expected, "{what}: a part was published\n{refs}");
    let again = attempt.writer(&attempt.clone(), PATH).status().unwrap();
    assert!(again.success(), "{what}");
    assert_eq!(attempt.refs(), expected, "{what}");
    // The clone is whole, too.
    git(&attempt.clone(), &["fetch", "--quiet", "--tags", attempt.remote().to_str().unwrap()], 0);
    assert!(
        told(&run("id-tag", &attempt.clone(), &["verify", "--rev", "refs/id-guard/remote/main"])).status == 0,
        "{what}"
    );
}

#[test]
fn a_writer_that_is_killed_at_any_step_is_gone_on_with() {
    let lived = unrecorded();
    let (before, expected) = (Attempt::of(&lived).refs(), undisturbed(&lived));
    assert_ne!(before, expected);
    let mut steps = 0;
    loop {
        let mut killed = false;
        for when in ["before", "after"] {
            let attempt = Attempt::of(&lived);
            let step = steps + 1;
            let script = match when {
                "before" => format!("[ $n = {step} ] && kill -9 $PPID && exit 1\nexec \"$REAL\" \"$@\""),
                _ => format!("\"$REAL\" \"$@\"; status=$?\n[ $n = {step} ] && kill -9 $PPID\nexit $status"),
            };
            let path = wrapped(&attempt, &script);
            let status = attempt.writer(&attempt.clone(), &path).status().unwrap();
            killed |= !status.success();
            goes_on(&attempt, &before, &expected, &format!("killed {when} call {step}"));
        }
        if !killed {
            break;
        }
        steps += 1;
    }
    assert!(steps >= 5, "{steps} calls of git were met");
}

#[test]
fn a_writer_that_is_killed_at_any_time_is_gone_on_with() {
    let lived = unrecorded();
    let (before, expected) = (Attempt::of(&lived).refs(), undisturbed(&lived));
    let attempt = Attempt::of(&lived);
    let started = Instant::now();
    assert!(attempt.writer(&attempt.clone(), PATH).status().unwrap().success());
    let whole = started.elapsed();
    let times = if std::env::var_os("ID_GUARD_LONG").is_some() { 400 } else { 40 };
    for time in 0..times {
        let attempt = Attempt::of(&lived);
        let mut writer = attempt.writer(&attempt.clone(), PATH).spawn().unwrap();
        std::thread::sleep(whole * time / times);
        let _ = writer.kill();
        writer.wait().unwrap();
        // A git that the writer started may still be about to end.
        std::thread::sleep(Duration::from_millis(30));
        goes_on(&attempt, &before, &expected, &format!("killed after {time}/{times}"));
    }
}

#[test]
fn racing_writers_end_with_one_commit_and_one_set_of_tags() {
    let lived = unrecorded();
    let expected = undisturbed(&lived);
    for round in 0..4 {
        let attempt = Attempt::of(&lived);
        let clones: Vec<PathBuf> = (0..4)
            .map(|number| {
                let clone = attempt.place.path().join(format!("clone-{number}"));
                let copied = Command::new("cp").arg("-r").arg(attempt.clone()).arg(&clone).status().unwrap();
                assert!(copied.success());
                clone
            })
            .collect();
        let writers: Vec<_> =
            clones.iter().map(|clone| attempt.writer(clone, PATH).spawn().unwrap()).collect();
        for mut writer in writers {
            assert!(writer.wait().unwrap().success(), "round {round}");
        }
        assert_eq!(attempt.refs(), expected, "round {round}");
    }
}

#[test]
fn a_push_that_is_overtaken_is_made_again_at_most_three_times_and_never_forced() {
    let lived = unrecorded();
    for (overtaken, succeeds) in [(1, true), (2, true), (9, false)] {
        let attempt = Attempt::of(&lived);
        // Somebody else merges between the fetch and the push.
        let other = attempt.place.path().join("other");
        git(attempt.place.path(), &["clone", "--quiet", attempt.remote().to_str().unwrap(), "other"], 0);
        let script = format!(
            "case \" $* \" in *\" push \"*) p=$(( $(cat \"$COUNT.push\" 2>/dev/null || echo 0) + 1 )); echo $p > \"$COUNT.push\"\n\
             if [ $p -le {overtaken} ]; then (cd {} && echo $p > other.txt && \"$REAL\" add . && \
             \"$REAL\" -c user.name=O -c user.email=o@example.org commit -qm \"other $p\" && \"$REAL\" push -q origin HEAD:main) >/dev/null 2>&1; fi;; esac\n\
             exec \"$REAL\" \"$@\"",
            other.display()
        );
        let path = wrapped(&attempt, &script);
        let output = attempt.writer(&attempt.clone(), &path).stderr(Stdio::piped()).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.success(), succeeds, "{overtaken}: {error}");
        let subjects = git(&attempt.remote(), &["log", "--first-parent", "--format=%s", "main"], 0);
        let mine = subjects.lines().next().unwrap().starts_with("Record ");
        let others = subjects.lines().filter(|line| line.starts_with("other ")).count();
        match succeeds {
            true => assert!(mine && others == overtaken, "{subjects}"),
            false => {
                assert!(!mine && others == 3, "{subjects}");
                assert!(
                    output.status.code() == Some(2) && error.contains("others pushed 3 times"),
                    "{error}"
                );
                let tags = git(&attempt.remote(), &["tag"], 0);
                assert!(!tags.contains("plugin-alpha-1.1.0"), "nothing is published: {tags}");
            }
        }
        goes_on_after(&attempt);
    }
}

/// What was merged meanwhile is recorded by the next run, and all of it is as it must be.
fn goes_on_after(attempt: &Attempt) {
    assert!(attempt.writer(&attempt.clone(), PATH).status().unwrap().success());
    git(&attempt.clone(), &["fetch", "--quiet", "--tags", attempt.remote().to_str().unwrap(), "main"], 0);
    let remote = attempt.remote();
    for (binary, arguments) in [
        ("id-ledger", &["verify", "--rederive", "--rev", "refs/id-guard/remote/main"][..]),
        ("id-registry", &["build", "--check", "--at", "refs/id-guard/remote/main"]),
        ("id-tag", &["verify", "--rev", "refs/id-guard/remote/main", "--remote", remote.to_str().unwrap()]),
    ] {
        let told = told(&run(binary, &attempt.clone(), arguments));
        assert_eq!(told.status, 0, "{binary}: {}", told.text);
    }
}

#[test]
fn a_tag_that_is_something_else_is_an_incident_and_never_moved() {
    let lived = unrecorded();
    let remote = lived.remote.path();
    // Somebody takes the name of a version before it is published.
    let taken = git(remote, &["rev-list", "--max-parents=0", "main"], 0);
    git(remote, &["update-ref", "refs/tags/plugin-alpha-1.1.0", &taken], 0);
    let written = lived.write(&[]);
    assert_eq!(written.status, 1, "{}", written.text);
    assert!(written.text.contains(&format!("plugin-alpha-1.1.0 names {taken}")), "{}", written.text);
    assert!(
        written.text.contains("made the tag plugin-beta-1.0.1"),
        "the rest is published: {}",
        written.text
    );
    assert_eq!(git(remote, &["rev-parse", "plugin-alpha-1.1.0"], 0), taken, "it is not moved");
    let judged = support::judge_with("id-tag", lived.path(), &["verify", "--remote", "origin"]);
    assert_eq!(judged.status, 1);
    let finding = &judged.report["findings"][0];
    let message = finding["message"].as_str().unwrap();
    let published = lived.clone.git(&["log", "--format=%H", "--grep=^alpha 1.1.0", "-1"]);
    assert!(
        finding["code"] == "IMM029" && message.contains(&taken) && message.contains(&published),
        "{message}"
    );
    // A tag that is deleted is made again, the same to the byte.
    git(remote, &["update-ref", "-d", "refs/tags/plugin-alpha-1.1.0"], 0);
    let known = git(remote, &["rev-parse", "refs/tags/plugin-beta-1.0.0"], 0);
    git(remote, &["update-ref", "-d", "refs/tags/plugin-beta-1.0.0"], 0);
    lived.clone.git(&["tag", "-d", "plugin-alpha-1.1.0", "plugin-beta-1.0.0"]);
    assert_eq!(
        support::judge_with("id-tag", lived.path(), &["verify", "--remote", "origin"]).findings(),
        ["IMM030 .ledger/ids.jsonl"; 2]
    );
    let applied = told(&run("id-tag", lived.path(), &["apply", "--remote", "origin"]));
    assert_eq!(applied.status, 0, "{}", applied.text);
    assert_eq!(git(remote, &["rev-parse", "refs/tags/plugin-beta-1.0.0"], 0), known);
    accepted(&lived);
}

#[test]
fn the_pull_request_writer_proposes_and_tags_once_it_is_merged() {
    let lived = unrecorded();
    let before = lived.refs();
    let written = lived.write(&["--writer", "pull-request"]);
    assert_eq!(written.status, 0, "{}", written.text);
    let refs = lived.refs();
    let branch = refs.lines().find_map(|line| line.strip_prefix("refs/heads/id-guard/record-")).unwrap();
    let branch = format!("id-guard/record-{}", branch.split(' ').next().unwrap());
    assert!(
        written.text.contains(&format!("open a pull request from {branch} into main")),
        "{}",
        written.text
    );
    assert!(
        before.lines().all(|line| refs.contains(line)) && refs.lines().count() == before.lines().count() + 1
    );
    // The same again changes nothing.
    lived.write(&["--writer", "pull-request"]);
    assert_eq!(lived.refs(), refs);
    // The gate accepts what the writer proposes.
    lived.clone.git(&["fetch", "--quiet", "origin", &branch]);
    let judged = support::judge(lived.path(), &["check", "--base", "main", "--head", "FETCH_HEAD"]);
    assert_eq!((judged.status, judged.findings()), (0, Vec::new()), "{}", judged.report);
    lived.clone.git(&["merge", "--quiet", "--no-ff", "--no-edit", "FETCH_HEAD"]);
    lived.push();
    let written = lived.write(&["--writer", "pull-request"]);
    assert!(written.text.contains("made the tag plugin-alpha-1.1.0"), "{}", written.text);
    accepted(&lived);
}

#[test]
fn the_branch_writer_keeps_the_ledger_beside_the_mainline() {
    let lived = Lived::begin();
    for (number, merge) in LIFE.iter().enumerate().take(9) {
        lived.merge(number, merge);
        if number % 2 == 0 {
            let written = lived.write(&["--writer", "branch"]);
            assert_eq!(written.status, 0, "{}", written.text);
            let refs = lived.refs();
            assert!(lived.write(&["--writer", "branch"]).text.starts_with("nothing to do"));
            assert_eq!(lived.refs(), refs);
        }
    }
    let path = lived.path();
    // The gate holds the versions that stand on base, though it sees no ledger.
    lived.clone.git(&["switch", "--quiet", "--create", "evil"]);
    lived.clone.write("plugins/beta/main.py", "evil\n");
    lived.clone.commit("evil");
    let judged = judge(path, &["check", "--base", "main"]);
    assert_eq!(judged.findings(), ["IMM033 plugins/beta/plugin.spec.json"]);
    lived.clone.git(&["switch", "--quiet", "main"]);
    assert!(!path.join(".ledger").exists() && !path.join("ids/registry.yaml").exists(), "main is left alone");
    lived.clone.git(&["fetch", "--quiet", "origin", "id-guard/ledger:refs/remotes/origin/id-guard/ledger"]);
    let rev = "refs/remotes/origin/id-guard/ledger";
    for (binary, arguments) in [
        ("id-ledger", &["verify", "--rederive", "--rev", rev][..]),
        ("id-registry", &["build", "--check", "--at", rev]),
        ("id-tag", &["verify", "--rev", rev, "--remote", "origin"]),
        ("id-guard", &["audit", "--head", rev, "--all-parents"]),
    ] {
        let told = told(&run(binary, path, arguments));
        assert_eq!(told.status, 0, "{binary}: {}", told.text);
    }
}

#[test]
fn commit_and_tags_are_signed_as_gits_own_configuration_says() {
    let lived = unrecorded();
    let keys = tempfile::tempdir().unwrap();
    let key = keys.path().join("key");
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "writer", "-f"])
        .arg(&key)
        .status();
    if !made.is_ok_and(|status| status.success()) {
        println!("skipped: there is no ssh-keygen here");
        return;
    }
    let public = std::fs::read_to_string(key.with_extension("pub")).unwrap();
    let allowed = keys.path().join("allowed");
    std::fs::write(&allowed, format!("id-guard@noreply.invalid {public}")).unwrap();
    for (name, value) in [
        ("gpg.format", "ssh"),
        ("user.signingKey", key.to_str().unwrap()),
        ("gpg.ssh.allowedSignersFile", allowed.to_str().unwrap()),
        ("commit.gpgSign", "true"),
        ("tag.gpgSign", "true"),
    ] {
        lived.clone.git(&["config", name, value]);
    }
    // A tag of a due name that somebody made here stays as it is.
    lived.clone.git(&["-c", "tag.gpgSign=false", "tag", "plugin-beta-1.0.1"]);
    let mine = lived.clone.git(&["rev-parse", "plugin-beta-1.0.1"]);
    let written = lived.write_alone(&[]);
    assert_eq!(written.status, 0, "{}", written.text);
    assert_eq!(lived.clone.git(&["rev-parse", "plugin-beta-1.0.1"]), mine);
    lived.clone.git(&["tag", "-d", "plugin-beta-1.0.1"]);
    lived.clone.git(&["pull", "--quiet", "--ff-only", "--tags", "origin", "main"]);
    lived.clone.git(&["verify-commit", "origin/main"]);
    lived.clone.git(&["verify-tag", "plugin-alpha-1.1.0"]);
    assert!(lived.write(&[]).text.starts_with("nothing to do"));
    accepted(&lived);
}

#[test]
fn a_shallow_clone_fetches_what_it_lacks() {
    let lived = unrecorded();
    let expected = undisturbed(&lived);
    let attempt = Attempt::of(&lived);
    let url = format!("file://{}", attempt.remote().display());
    git(attempt.place.path(), &["clone", "--quiet", "--depth=1", &url, "shallow"], 0);
    assert!(attempt.writer(&attempt.place.path().join("shallow"), PATH).status().unwrap().success());
    assert_eq!(attempt.refs(), expected);
}

#[test]
fn a_dry_run_publishes_and_writes_nothing() {
    let lived = unrecorded();
    let (refs, objects) = (lived.refs(), lived.clone.git(&["count-objects", "-v"]));
    let told = lived.write(&["--dry-run"]);
    assert_eq!(told.status, 0, "{}", told.text);
    assert!(told.text.contains("would make the tag plugin-alpha-1.1.0"), "{}", told.text);
    assert!(
        told.text.contains("would push main to origin") && told.text.contains("PLG_ALPHA published 1.1.0"),
        "{}",
        told.text
    );
    assert_eq!((lived.refs(), lived.clone.git(&["count-objects", "-v"])), (refs, objects));
}

#[test]
fn tags_that_are_in_the_way_or_monstrous_stop_nothing_else() {
    let lived = unrecorded();
    let remote = lived.remote.path();
    let head = git(remote, &["rev-parse", "main"], 0);
    // Below a name that is due, so that git can make no tag of it; a tag of a file; a tag of more than a megabyte.
    git(remote, &["update-ref", "refs/tags/plugin-alpha-1.1.0/x", &head], 0);
    let blob = git(remote, &["rev-parse", "main:policy-packs/policy.yaml"], 0);
    for repository in [remote, lived.path()] {
        git(repository, &["update-ref", "refs/tags/junk", &blob], 0);
    }
    let large = "x".repeat(1_100_000);
    lived.clone.git(&[
        "-c",
        "core.editor=true",
        "tag",
        "--annotate",
        "--cleanup=verbatim",
        "-F",
        &{
            lived.clone.write("../large-message", &large);
            lived.path().join("../large-message").to_str().unwrap().to_string()
        },
        "big",
    ]);
    lived.clone.git(&["push", "--quiet", "origin", "big"]);
    let written = lived.write_alone(&[]);
    assert_eq!(written.status, 1, "{}", written.text);
    assert!(written.text.contains("beside the tag plugin-alpha-1.1.0/x"), "{}", written.text);
    assert!(written.text.contains("made the tag plugin-beta-1.0.1"), "{}", written.text);
    git(remote, &["update-ref", "-d", "refs/tags/plugin-alpha-1.1.0/x"], 0);
    assert_eq!(lived.write(&[]).status, 0);
    accepted(&lived);
}

#[test]
fn a_text_behind_the_message_is_no_signature() {
    let lived = unrecorded();
    lived.write(&[]);
    let tag = lived.clone.git(&["cat-file", "tag", "plugin-beta-1.0.1"]);
    for behind in [
        "-----BEGIN NOTICE-----\nuse eve/plugin instead\n",
        "-----BEGIN SSH SIGNATURE-----\nuse eve/plugin instead\n-----END SSH SIGNATURE-----\n",
        "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\nmore\n",
        "more\n",
    ] {
        lived.clone.write("../forged", format!("{tag}\n{behind}"));
        let id = lived.clone.git(&["hash-object", "-t", "tag", "-w", "--literally", "../forged"]);
        lived.clone.git(&["update-ref", "refs/tags/plugin-beta-1.0.1", &id]);
        let judged = support::judge_with("id-tag", lived.path(), &["verify"]);
        assert_eq!(
            (judged.status, judged.findings()),
            (1, vec!["IMM031 .ledger/ids.jsonl".to_string()]),
            "{behind}"
        );
    }
}

#[test]
fn who_passes_the_gate_with_other_bytes_is_told_by_the_writer() {
    let lived = unrecorded();
    lived.write(&[]);
    let path = lived.path();
    // A version that is merged, and edited before anybody recorded it: the gate knows that it stands.
    lived.clone.git(&["switch", "--quiet", "--create", "change"]);
    support::life::plugin(
        &lived.clone,
        support::life::BETA,
        "beta",
        "PLG_BETA",
        "2.0.0",
        ",\"owner\":\"beta@example.org\"",
    );
    lived.clone.commit("beta 2.0.0");
    lived.clone.git(&["push", "--quiet", "origin", "change:main"]);
    lived.clone.write("plugins/beta/main.py", "evil\n");
    lived.clone.commit("evil");
    let judged = judge(path, &["check", "--base", "HEAD~1"]);
    assert_eq!(
        (judged.status, judged.findings()),
        (1, vec!["IMM033 plugins/beta/plugin.spec.json".to_string()])
    );
    // Pushed all the same.
    lived.clone.git(&["switch", "--quiet", "main"]);
    lived.clone.git(&["merge", "--quiet", "--ff-only", "change"]);
    lived.push();
    for _ in 0..2 {
        let written = lived.write(&[]);
        assert!(
            written.status == 1 && written.text.contains("makes something else of it: plugins/beta/main.py"),
            "{}",
            written.text
        );
    }
    assert!(
        support::structure(path, &["check"])
            .findings()
            .contains(&"IMM033 plugins/beta/plugin.spec.json".to_string())
    );
    support::life::plugin(
        &lived.clone,
        support::life::BETA,
        "beta",
        "PLG_BETA",
        "2.0.1",
        ",\"owner\":\"beta@example.org\"",
    );
    lived.clone.commit("beta 2.0.1");
    lived.push();
    assert_eq!(lived.write(&[]).status, 0);
    accepted(&lived);
}

#[test]
fn no_second_log_is_begun_beside_the_first() {
    let lived = Lived::begin();
    lived.merge(0, &LIFE[0]);
    assert_eq!(lived.write(&["--writer", "branch"]).status, 0);
    let refs = lived.refs();
    for writer in ["push", "pull-request"] {
        let written = lived.write(&["--writer", writer]);
        assert!(
            written.status == 2 && written.text.contains("stands on the branch id-guard/ledger"),
            "{}",
            written.text
        );
    }
    assert_eq!(lived.refs(), refs);
    let lived = unrecorded();
    let written = lived.write(&["--writer", "branch"]);
    assert!(written.status == 2 && written.text.contains("stands on the branch itself"), "{}", written.text);
}

#[test]
fn a_branch_is_not_moved_under_another_working_tree() {
    let lived = unrecorded();
    lived.clone.git(&["switch", "--quiet", "--create", "side"]);
    let place = tempfile::tempdir().unwrap();
    let other = place.path().join("other");
    lived.clone.git(&["worktree", "add", "--quiet", other.to_str().unwrap(), "main"]);
    let written = support::life::post_merge(lived.path(), &["--local", "--branch", "main"]);
    assert!(written.status == 2 && written.text.contains("main is checked out in"), "{}", written.text);
    let written = support::life::post_merge(&other, &["--local", "--branch", "main"]);
    assert_eq!(written.status, 0, "{}", written.text);
    assert_eq!(git(&other, &["status", "--porcelain"], 0), "");
}

#[test]
fn what_was_left_out_is_told_until_it_is_put_right() {
    let lived = unrecorded();
    lived.write(&[]);
    lived.clone.write(".ledger/pending/broken.json", "{}\n");
    lived.clone.commit("a broken request");
    lived.push();
    for _ in 0..2 {
        let written = lived.write(&[]);
        assert!(written.status == 1 && written.text.contains("put it right in a change"), "{}", written.text);
    }
    lived.clone.git(&["rm", "-q", ".ledger/pending/broken.json"]);
    lived.clone.commit("away with it");
    lived.push();
    let written = lived.write(&[]);
    assert_eq!(written.status, 0, "{}", written.text);
}
