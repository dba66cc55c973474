//! The post-merge writer killed at every step, racing others, overtaken: nothing is published, or all of it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::life::Lived;
use crate::support::registry::result_of;
use crate::support::run;
use scripted::git;

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

/// Either nothing or everything is published, and the next run gives the same bytes.
fn completes(attempt: &Attempt, before: &str, expected: &str, what: &str) {
    let refs = attempt.refs();
    assert!(refs == before || refs == expected, "{what}: a part was published\n{refs}");
    let again = attempt.writer(&attempt.clone(), PATH).status().unwrap();
    assert!(again.success(), "{what}");
    assert_eq!(attempt.refs(), expected, "{what}");
    // The clone is whole, too.
    git(&attempt.clone(), &["fetch", "--quiet", "--tags", attempt.remote().to_str().unwrap()], 0);
    assert!(
        result_of(&run("id-tag", &attempt.clone(), &["verify", "--rev", "refs/id-guard/remote/main"])).status
            == 0,
        "{what}"
    );
}

#[test]
fn the_next_run_completes_a_writer_killed_at_any_step() {
    let lived = Lived::unrecorded();
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
            completes(&attempt, &before, &expected, &format!("killed {when} call {step}"));
        }
        if !killed {
            break;
        }
        steps += 1;
    }
    assert!(steps >= 5, "{steps} calls of git were met");
}

#[test]
fn the_next_run_completes_a_writer_killed_at_any_time() {
    let lived = Lived::unrecorded();
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
        completes(&attempt, &before, &expected, &format!("killed after {time}/{times}"));
    }
}

#[test]
fn racing_writers_end_with_one_commit_and_one_set_of_tags() {
    let lived = Lived::unrecorded();
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
fn a_rejected_push_is_repeated_as_often_as_requested_and_never_forced() {
    let lived = Lived::unrecorded();
    for (overtaken, succeeds) in [(1, true), (2, true), (9, false)] {
        let attempt = Attempt::of(&lived);
        // Another merge happens between the fetch and the push.
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
        let mut writer = attempt.writer(&attempt.clone(), &path);
        let output = writer.args(["--attempts", "3"]).stderr(Stdio::piped()).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.success(), succeeds, "{overtaken}: {error}");
        let subjects = git(&attempt.remote(), &["log", "--first-parent", "--format=%s", "main"], 0);
        let mine = subjects.lines().next().unwrap().starts_with("Record ");
        let others = subjects.lines().filter(|line| line.starts_with("other ")).count();
        if succeeds {
            assert!(mine && others == overtaken, "{subjects}")
        } else {
            assert!(!mine && others == 3, "{subjects}");
            assert!(
                output.status.code() == Some(2) && error.contains("moved during each of 3 attempts"),
                "{error}"
            );
            let tags = git(&attempt.remote(), &["tag"], 0);
            assert!(!tags.contains("plugin-alpha-1.1.0"), "nothing is published: {tags}");
        }
        completes_after(&attempt);
    }
}

/// What was merged meanwhile is recorded by the next run, and all of it is as it must be.
fn completes_after(attempt: &Attempt) {
    assert!(attempt.writer(&attempt.clone(), PATH).status().unwrap().success());
    git(&attempt.clone(), &["fetch", "--quiet", "--tags", attempt.remote().to_str().unwrap(), "main"], 0);
    let remote = attempt.remote();
    for (binary, arguments) in [
        ("id-ledger", &["verify", "--rederive", "--rev", "refs/id-guard/remote/main"][..]),
        ("id-registry", &["build", "--check", "--at", "refs/id-guard/remote/main"]),
        ("id-tag", &["verify", "--rev", "refs/id-guard/remote/main", "--remote", remote.to_str().unwrap()]),
    ] {
        let result = result_of(&run(binary, &attempt.clone(), arguments));
        assert_eq!(result.status, 0, "{binary}: {}", result.text);
    }
}

#[test]
fn a_shallow_clone_fetches_what_it_lacks() {
    let lived = Lived::unrecorded();
    let expected = undisturbed(&lived);
    let attempt = Attempt::of(&lived);
    let url = format!("file://{}", attempt.remote().display());
    git(attempt.place.path(), &["clone", "--quiet", "--depth=1", &url, "shallow"], 0);
    assert!(attempt.writer(&attempt.place.path().join("shallow"), PATH).status().unwrap().success());
    assert_eq!(attempt.refs(), expected);
}
