//! `post-merge --local` with a fault at a system call: the next run finishes it, and a lock file that git left is named, never removed.
//!
//! A run tries a sample that its seed draws; with `ID_GUARD_LONG` set it tries every call with every fault. `ID_GUARD_SEED` draws another sample.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::durability::{CALLS, Dice, FAULTS, copy, is_long};
use crate::support::life::Lived;
use crate::support::{cache, skip};
use scripted::git;

/// The number of cases of a sample.
const SAMPLE: usize = 24;
/// What a call touches that counts: the ledger, the registry, the branch and its tags, and the locks of them.
const TOUCHED: [&str; 8] = [
    "/.ledger",
    "/ids/",
    "/.git/index",
    "/.git/HEAD",
    "/.git/ORIG_HEAD",
    "/.git/refs",
    "/.git/packed-refs",
    ".lock",
];

fn post_merge(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_id-guard"));
    command.args(["post-merge", "--local"]).current_dir(directory).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("XDG_CACHE_HOME", cache());
    command
}

/// Runs it under strace, which injects a fault.
fn traced(directory: &Path, log: &Path, more: &[String]) -> bool {
    let inner = post_merge(directory);
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-y", "-o", log.to_str().unwrap()]).args(more);
    command.arg(inner.get_program()).args(inner.get_args()).current_dir(directory).env_clear();
    for (name, value) in inner.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    command.output().unwrap().status.success()
}

/// What is published: branches and tags.
fn refs(directory: &Path) -> String {
    git(directory, &["for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags"], 0)
}

/// The calls of a run that count, each with its number among the calls of its process, as strace counts them.
fn targets(log: &str) -> Vec<(String, usize)> {
    let mut counted: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut targets: BTreeSet<(String, usize)> = BTreeSet::new();
    for line in log.lines() {
        let Some((process, rest)) = line.split_once(' ') else { continue };
        let Some((call, arguments)) = rest.trim_start().split_once('(') else { continue };
        let count = counted.entry((process, call)).or_default();
        *count += 1;
        if TOUCHED.iter().any(|touched| arguments.contains(touched)) {
            targets.insert((call.into(), *count));
        }
    }
    targets.into_iter().collect()
}

/// Returns the lock file that an error names, with the command of its help that removes it.
fn named_lock(output: &Output) -> Option<(PathBuf, String)> {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let command = text.split("remove it: ").nth(1)?.split(", and run it again").next()?.to_string();
    assert!(text.contains(" old: another git works here"), "the age is named: {text}");
    Some((command.strip_prefix("rm ")?.into(), command))
}

#[test]
fn an_interrupted_local_run_is_finished_by_the_next() {
    if Command::new("strace").arg("-V").output().is_err() {
        return skip("strace is not installed");
    }
    let lived = Lived::unrecorded();
    let before = refs(lived.path());
    let place = copy(lived.path());
    let log = lived.remote.path().join("log");
    assert!(traced(place.path(), &log, &[format!("--trace={CALLS}")]));
    let expected = refs(place.path());
    assert_ne!(before, expected);
    let calls = targets(&std::fs::read_to_string(&log).unwrap());
    let mut cases: Vec<(&str, &(String, usize))> =
        FAULTS.iter().flat_map(|fault| calls.iter().map(move |call| (*fault, call))).collect();
    let all = cases.len();
    let seed = std::env::var("ID_GUARD_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(21);
    if !is_long() {
        let mut dice = Dice(seed);
        cases = (0..SAMPLE).map(|_| cases[usize::try_from(dice.next(all as u64)).unwrap()]).collect();
    }
    let (mut locks, mut ended) = (0, 0);
    for (fault, (call, count)) in &cases {
        let case = format!("{call} {count}: {fault}");
        let place = copy(lived.path());
        if traced(place.path(), &log, &[format!("--inject={call}:{fault}:when={count}")]) {
            ended += 1;
            assert_eq!(refs(place.path()), expected, "{case}: it ended well without publishing");
        }
        let mut output = post_merge(place.path()).output().unwrap();
        for _ in 0..3 {
            let Some((lock, command)) = named_lock(&output) else { break };
            assert!(lock.is_file(), "{case}: {}", lock.display());
            assert!(
                Command::new("sh").args(["-c", &command]).status().unwrap().success(),
                "{case}: {command}"
            );
            locks += 1;
            output = post_merge(place.path()).output().unwrap();
        }
        assert!(output.status.success(), "{case}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(refs(place.path()), expected, "{case}");
        assert_eq!(git(place.path(), &["status", "--porcelain"], 0), "", "{case}");
        git(place.path(), &["fsck", "--no-dangling", "--no-progress"], 0);
    }
    println!(
        "{} of {all} cases (seed {seed}): {ended} ended well, {locks} locks of git were named, 0 corrupt, 0 stuck",
        cases.len()
    );
}

/// A lock that another git has is named with its age; it stays where it is.
#[test]
fn a_lock_of_git_is_named_and_not_removed() {
    let lived = Lived::unrecorded();
    for name in ["index.lock", "HEAD.lock", "ORIG_HEAD.lock", "refs/heads/main.lock", "packed-refs.lock"] {
        let place = copy(lived.path());
        let lock = place.path().join(".git").join(name);
        std::fs::write(&lock, "").unwrap();
        let time = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 86_400 + 60);
        std::fs::File::options().write(true).open(&lock).unwrap().set_modified(time).unwrap();
        let output = post_merge(place.path()).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() {
            // This git does not need the lock for what is to be done.
            assert!(["ORIG_HEAD.lock", "packed-refs.lock"].contains(&name), "{name}: {text}");
            continue;
        }
        assert_eq!(output.status.code(), Some(2), "{name}: {text}");
        assert!(text.contains(&format!("{name} is 2 days old")), "{name}: {text}");
        assert!(lock.is_file(), "{name} is not removed");
        let (_, command) = named_lock(&output).unwrap();
        assert!(Command::new("sh").args(["-c", &command]).status().unwrap().success());
        let again = post_merge(place.path()).output().unwrap();
        assert!(again.status.success(), "{name}: {}", String::from_utf8_lossy(&again.stderr));
        assert_eq!(git(place.path(), &["status", "--porcelain"], 0), "", "{name}");
    }
}

/// What a person changed in the working tree or the index is not lost.
#[test]
fn a_changed_file_in_the_way_stays_as_it_is() {
    let lived = Lived::unrecorded();
    for is_staged in [false, true] {
        let place = copy(lived.path());
        let file = place.path().join("ids/registry.yaml");
        let old = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, format!("{old}# mine\n")).unwrap();
        if is_staged {
            git(place.path(), &["add", "ids/registry.yaml"], 0);
            std::fs::write(&file, &old).unwrap();
        }
        let before = refs(place.path());
        let output = post_merge(place.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{is_staged}");
        assert_eq!(refs(place.path()), before, "{is_staged}");
        let kept = if is_staged {
            git(place.path(), &["show", ":ids/registry.yaml"], 0)
        } else {
            std::fs::read_to_string(&file).unwrap()
        };
        assert!(kept.trim_end().ends_with("# mine"), "{is_staged}: {kept}");
        let ledger = git(place.path(), &["status", "--porcelain", ".ledger"], 0);
        assert_eq!(ledger, "", "nothing is half written");
    }
}
