//! What is left when everything goes wrong: kills, faults of the system, full disks, writers that race.
//!
//! The counts are small, so that the run is short; with `ID_GUARD_LONG` set they are large.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use crate::support::registry::{ONE, ORIGIN, begun, ledger_does, mint, publish, read};
use scripted::{Scripted, git};

const LEDGER: &str = env!("CARGO_BIN_EXE_id-ledger");

pub(crate) fn is_long() -> bool {
    std::env::var_os("ID_GUARD_LONG").is_some()
}

/// The program in a clean environment.
fn program(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(LEDGER);
    command
        .env_clear()
        .env("GIT_AUTHOR_EMAIL", "ada@example.org")
        .env("XDG_CACHE_HOME", crate::support::cache());
    command.current_dir(directory).args(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn append(directory: &Path, alias: &str) -> Command {
    program(directory, &["append", "alias-add", "PLG_ONE", &format!("alias={alias}"), "--reason", "r"])
}

/// A repository with a ledger of some lines.
fn recorded() -> Scripted {
    let scripted = begun();
    mint(&scripted, ONE, "one");
    publish(&scripted, ONE, "one", "1.0.0");
    scripted.commit("one");
    ledger_does(scripted.path(), &["record"]);
    scripted.commit("record");
    scripted
}

/// The lines that count, as a reader sees them; none where no ledger was ever begun.
fn lines(directory: &Path) -> Vec<String> {
    let output = program(directory, &["log", "--json"]).output().unwrap();
    if String::from_utf8_lossy(&output.stderr).contains("no ledger found") {
        return Vec::new();
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(String::from).collect()
}

fn aliases(lines: &[String]) -> Vec<String> {
    let alias = |line: &String| Some(line.split("\"alias\":\"").nth(1)?.split('"').next()?.to_string());
    lines.iter().filter_map(alias).collect()
}

fn succeeded(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A seeded generator, so that a failure can be reproduced.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

#[test]
fn a_kill_loses_no_acknowledged_event() {
    let scripted = recorded();
    let path = scripted.path();
    let mut dice = Dice(17);
    let kills = if is_long() { 10_000 } else { 150 };
    let before = std::time::Instant::now();
    succeeded(&append(path, "PLG_FIRST").output().unwrap());
    // A little longer than an append takes, so that only some are killed.
    let span = u64::try_from(before.elapsed().as_micros()).unwrap() * 5 / 4;
    let mut acknowledged: Vec<String> = vec!["PLG_FIRST".into()];
    let mut versions = lines(path);
    let (mut killed, mut torn) = (0, 0);
    for at in 0..kills {
        let alias = format!("PLG_A{at}");
        let mut child = append(path, &alias).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(dice.next(span)));
        child.kill().unwrap();
        if child.wait_with_output().unwrap().status.success() {
            acknowledged.push(alias)
        } else {
            killed += 1
        }
        let bytes = std::fs::read(path.join(".ledger/ids.jsonl")).unwrap();
        let now = lines(path);
        torn += usize::from(bytes.len() > now.iter().map(|line| line.len() + 1).sum::<usize>());
        assert!(now.starts_with(&versions), "each version extends the previous one");
        let known = aliases(&now);
        let last = known.last().cloned();
        assert!(acknowledged.iter().all(|alias| known.contains(alias)), "an acknowledged event is missing");
        // An unacknowledged event may or may not be present; if it is, it must stay.
        acknowledged.extend(last.filter(|last| !acknowledged.contains(last)));
        versions = now;
    }
    succeeded(&append(path, "PLG_LAST").output().unwrap());
    ledger_does(path, &["verify"]);
    let known = aliases(&lines(path));
    assert_eq!(known.iter().collect::<BTreeSet<_>>().len(), known.len(), "every event is present once");
    println!("{kills} kills, {killed} before the end, {torn} left an append that never ended");
    assert!(killed > kills / 10, "{killed} of {kills}");
}

#[test]
fn concurrent_writers_lose_no_event() {
    let scripted = recorded();
    let path = scripted.path();
    let (writers, events) = if is_long() { (16, 200) } else { (8, 12) };
    std::thread::scope(|scope| {
        for writer in 0..writers {
            scope.spawn(move || {
                for event in 0..events {
                    succeeded(&append(path, &format!("PLG_W{writer}_E{event}")).output().unwrap());
                }
            });
        }
    });
    let known = aliases(&lines(path));
    assert_eq!(known.len(), writers * events);
    assert_eq!(known.iter().collect::<BTreeSet<_>>().len(), writers * events, "each exactly once");
    ledger_does(path, &["verify"]);
}

/// The faults that the sweep injects.
pub(crate) const FAULTS: [&str; 4] = ["signal=KILL", "error=EIO", "error=ENOSPC", "error=EINTR"];
pub(crate) const CALLS: &str = "?openat,?open,?creat,?write,?pwrite64,?writev,?fsync,?fdatasync,?rename,?renameat,?renameat2,?link,?linkat,?ftruncate,?close,?flock,?fcntl,?unlink,?unlinkat,?mkdir,?read,?pread64,?lseek,?statx,?newfstatat,?getdents64,?copy_file_range";

/// Copies a directory into a new temporary one.
pub(crate) fn copy(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    let status = Command::new("cp").arg("-a").arg(from.join(".")).arg(to.path()).status().unwrap();
    assert!(status.success());
    to
}

fn strace(directory: &Path, log: &Path, more: &[String], append: &Command) -> bool {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-y", "-o", log.to_str().unwrap()]).args(more);
    command.arg(append.get_program()).args(append.get_args()).current_dir(directory);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("GIT_AUTHOR_EMAIL", "ada@example.org");
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
}

/// An operation on a ledger that the sweep interrupts.
struct Operation {
    name: &'static str,
    repository: Scripted,
    arguments: Vec<String>,
    /// The next operation, in the same directory.
    next: Vec<String>,
    /// The number of files of the ledger afterwards.
    files: usize,
}

fn operations(keys: &Path) -> Vec<Operation> {
    let words = |text: &str| text.split(' ').map(String::from).collect::<Vec<_>>();
    let key = |name: &str| keys.join(name).to_str().unwrap().to_string();
    // The rest of an interrupted append, so that the writer also truncates.
    let torn = recorded();
    torn.write(".ledger/ids.jsonl", read(torn.path(), ".ledger/ids.jsonl") + "{\"actor\"");
    let unborn = begun();
    mint(&unborn, ONE, "one");
    unborn.commit("one");
    let signed = begun();
    for name in ["old", "new"] {
        ledger_does(signed.path(), &["key", "generate", ORIGIN, "--out", &key(name)]);
    }
    ledger_does(signed.path(), &["record", "--key-file", &key("old")]);
    mint(&signed, ONE, "one");
    signed.commit("one");
    let rotate = format!("key rotate --key-file {} --new-key-file {}", key("old"), key("new"));
    let by_new = format!("record --key-file {}", key("new"));
    vec![
        Operation {
            name: "an append behind a torn tail",
            repository: torn,
            arguments: words("append alias-add PLG_ONE alias=PLG_NEW --reason r"),
            next: words("append alias-add PLG_ONE alias=PLG_NEXT --reason r"),
            files: 2,
        },
        Operation {
            name: "the beginning of a ledger",
            repository: unborn,
            arguments: words("record"),
            next: words("record"),
            files: 2,
        },
        Operation {
            name: "another key",
            repository: signed,
            arguments: words(&rotate),
            next: words(&by_new),
            files: 3,
        },
    ]
}

/// Every system call on the ledger fails once in every way: the result is the old or the new state, and the next run succeeds.
#[test]
fn every_fault_leaves_the_old_state_or_the_new() {
    if Command::new("strace").arg("-V").output().is_err() {
        crate::support::skip("strace is not installed");
        return;
    }
    let keys = tempfile::tempdir().unwrap();
    let mut cases = 0;
    for operation in operations(keys.path()) {
        cases += sweep(&operation, &keys.path().join("log"));
    }
    println!("{cases} cases, 0 corrupt");
    assert!(cases >= 500, "{cases}");
}

fn sweep(operation: &Operation, log: &Path) -> usize {
    let arguments: Vec<&str> = operation.arguments.iter().map(String::as_str).collect();
    let old = lines(operation.repository.path());
    let tail =
        std::fs::read_to_string(operation.repository.path().join(".ledger/ids.jsonl")).unwrap_or_default();
    let place = copy(operation.repository.path());
    assert!(strace(place.path(), log, &[format!("--trace={CALLS}")], &program(place.path(), &arguments)));
    let new = lines(place.path());
    let name = place.path().to_str().unwrap();
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    let mut targets: Vec<(String, usize)> = Vec::new();
    for line in std::fs::read_to_string(log).unwrap().lines() {
        let line = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
        let Some((call, rest)) = line.split_once('(') else { continue };
        let count = counted.entry(call.into()).or_default();
        *count += 1;
        if rest.contains(&format!("{name}/.ledger")) || rest.contains("id-guard-ledger.lock") {
            targets.push((call.into(), *count));
        }
    }
    let mut states: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (call, count) in &targets {
        for fault in FAULTS {
            let place = copy(operation.repository.path());
            let inject = format!("--inject={call}:{fault}:when={count}");
            let case = format!("{}: {inject}", operation.name);
            let ended_well = strace(place.path(), log, &[inject], &program(place.path(), &arguments));
            let now = lines(place.path());
            // Manual events contain the current time, so only their number is compared.
            let state = if now == old { "old" } else { "new" };
            assert!(
                now.starts_with(&old) && (now == old || now.len() == new.len()),
                "{case}: neither old nor new"
            );
            assert!(!ended_well || state == "new", "{case}: acknowledged but missing");
            // What fails in the ordinary way leaves nothing of its own behind.
            let bytes = std::fs::read_to_string(place.path().join(".ledger/ids.jsonl")).unwrap_or_default();
            let covered: String = now.iter().map(|line| format!("{line}\n")).collect();
            assert!(
                bytes == covered || bytes == tail || fault == "signal=KILL",
                "{case}: a part of it is left: {bytes}"
            );
            // Readers ignore leftovers; the next writer removes them.
            let next: Vec<&str> = operation.next.iter().map(String::as_str).collect();
            let next = if state == "old" { &arguments } else { &next };
            succeeded(&program(place.path(), next).output().unwrap());
            let folder = std::fs::read_dir(place.path().join(".ledger")).unwrap();
            let left: Vec<_> = folder.map(|entry| entry.unwrap().file_name()).collect();
            assert_eq!(left.len(), operation.files, "{case}: {left:?}");
            ledger_does(place.path(), &["verify"]);
            *states.entry((fault, state)).or_default() += 1;
        }
    }
    println!("{}: {} calls x {} faults: {states:?}", operation.name, targets.len(), FAULTS.len());
    targets.len() * FAULTS.len()
}

/// Runs a script in its own mount namespace; `None` if the system does not allow it.
fn in_own_mounts(directory: &Path, script: &str) -> Option<Output> {
    let output = Command::new("unshare").args(["--map-root-user", "--mount", "true"]).output();
    if !output.is_ok_and(|output| output.status.success()) {
        crate::support::skip("mount namespaces are not available");
        return None;
    }
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "bash", "-euc", script]).current_dir(directory);
    Some(command.env("LEDGER", LEDGER).env("GIT_AUTHOR_EMAIL", "ada@example.org").output().unwrap())
}

#[test]
fn a_full_disk_leaves_the_old_state() {
    let scripted = recorded();
    let script = r#"
        disk=$(mktemp -d)
        mount -t tmpfs -o size=4m tmpfs "$disk"
        cp -a . "$disk/repo"; cd "$disk/repo"
        before=$(sha256sum .ledger/*)
        dd if=/dev/zero of=../filler bs=4k 2>/dev/null || true
        if "$LEDGER" append alias-add PLG_ONE alias=PLG_NEW --reason r; then echo "it did not notice"; exit 1; else test $? = 2; fi
        "$LEDGER" log --json > /dev/shm/log.$$ && grep -c PLG_NEW /dev/shm/log.$$ && exit 1
        rm ../filler /dev/shm/log.$$
        "$LEDGER" append alias-add PLG_ONE alias=PLG_NEW --reason r
        "$LEDGER" verify
    "#;
    let Some(output) = in_own_mounts(scripted.path(), script) else { return };
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && stderr.contains("No space left on device"),
        "{stderr}{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

#[test]
fn a_read_only_ledger_is_not_changed() {
    let scripted = recorded();
    let script = r#"
        mount --bind .ledger .ledger; mount -o remount,ro,bind .ledger
        if "$LEDGER" append alias-add PLG_ONE alias=PLG_NEW --reason r; then exit 1; else test $? = 2; fi
        umount .ledger
        "$LEDGER" verify
    "#;
    let before = read(scripted.path(), ".ledger/ids.jsonl");
    let Some(output) = in_own_mounts(scripted.path(), script) else { return };
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stderr.contains("Read-only file system"), "{stderr}");
    assert_eq!(read(scripted.path(), ".ledger/ids.jsonl"), before);
}

/// Fetches, resets to the mainline, lets `work` commit something, and pushes; repeats until the push succeeds.
fn push(clone: &Path, time: u64, work: &dyn Fn(&Path) -> bool) {
    for _ in 0..500 {
        git(clone, &["fetch", "--quiet", "origin", "main"], time);
        git(clone, &["checkout", "--quiet", "--force", "--detach", "origin/main"], time);
        if !work(clone) {
            return;
        }
        let push = Command::new("git")
            .args(["push", "--quiet", "origin", "HEAD:main"])
            .current_dir(clone)
            .output()
            .unwrap();
        if push.status.success() {
            return;
        }
    }
    panic!("the push never went through");
}

/// Eight recorders and a stream of merges on one bare remote: each event is recorded once, and each version extends the previous one.
#[test]
fn racing_recorders_record_each_event_once() {
    let (recorders, merges) = if is_long() { (8, 200) } else { (8, 40) };
    let scripted = recorded();
    let remote = tempfile::tempdir().unwrap();
    let place = remote.path().join("remote.git");
    scripted.git(&["clone", "--quiet", "--bare", ".", place.to_str().unwrap()]);
    let clones: Vec<PathBuf> = (0..=recorders).map(|at| remote.path().join(format!("clone{at}"))).collect();
    for clone in &clones {
        scripted.git(&["clone", "--quiet", place.to_str().unwrap(), clone.to_str().unwrap()]);
    }
    let done = std::sync::atomic::AtomicBool::new(false);
    let record = |clone: &Path| {
        succeeded(&program(clone, &["record"]).output().unwrap());
        let changed = !git(clone, &["status", "--porcelain", ".ledger"], 0).is_empty();
        if changed {
            // The commit depends only on the recorded commit, so two concurrent recorders create the same one.
            let time: u64 = git(clone, &["log", "-1", "--format=%ct"], 0).parse().unwrap();
            git(clone, &["add", ".ledger"], time);
            git(clone, &["commit", "--quiet", "-m", "record"], time);
        }
        changed
    };
    std::thread::scope(|scope| {
        for clone in &clones[1..] {
            scope.spawn(|| {
                while !done.load(std::sync::atomic::Ordering::SeqCst) {
                    push(clone, 0, &record);
                }
            });
        }
        for merge in 1..=merges {
            push(&clones[0], 1_800_000_000 + merge, &|clone| {
                let spec = read(clone, "plugins/one/plugin.spec.json");
                let (head, rest) = spec.split_once("\"version\":\"").unwrap();
                let (_, tail) = rest.split_once('"').unwrap();
                let time = 1_800_000_000 + merge;
                git(clone, &["switch", "--quiet", "--force-create", "change"], time);
                std::fs::write(
                    clone.join("plugins/one/plugin.spec.json"),
                    format!("{head}\"version\":\"1.{merge}.0\"{tail}"),
                )
                .unwrap();
                git(clone, &["commit", "--quiet", "--all", "-m", "raise"], time);
                git(clone, &["checkout", "--quiet", "--detach", "origin/main"], time);
                git(clone, &["merge", "--quiet", "--no-ff", "-m", "merge", "change"], time);
                true
            });
        }
        done.store(true, std::sync::atomic::Ordering::SeqCst);
    });
    push(&clones[1], 0, &record);
    let clone = &clones[0];
    git(clone, &["fetch", "--quiet", "origin", "main"], 0);
    git(clone, &["checkout", "--quiet", "--force", "--detach", "origin/main"], 0);
    ledger_does(clone, &["verify", "--rederive"]);
    let text = read(clone, ".ledger/ids.jsonl");
    for merge in 1..=merges {
        assert_eq!(text.matches(&format!("\"version\":\"1.{merge}.0\"")).count(), 1, "merge {merge}");
    }
    let commits = git(clone, &["rev-list", "--reverse", "--first-parent", "HEAD", "--", ".ledger"], 0);
    let mut before = String::new();
    for commit in commits.lines() {
        let now = git(clone, &["show", &format!("{commit}:.ledger/ids.jsonl")], 0);
        assert!(now.starts_with(&before), "{commit} does not extend the previous version");
        before = now;
    }
    println!("{recorders} recorders, {merges} merges, {} versions of the ledger", commits.lines().count());
}

/// After a full segment the next one starts: one tree covers both, and a crash between them is handled.
#[test]
fn a_full_segment_is_followed_by_the_next() {
    let scripted = recorded();
    let path = scripted.path();
    let many = 16_400;
    for at in 0..many {
        mint(&scripted, &format!("01JD4ZK3V8Q2W4X6Y8Z0A{at:05}"), &format!("p{at}"));
    }
    scripted.commit("many");
    ledger_does(path, &["record"]);
    let lines = |name: &str| read(path, name).lines().count();
    assert_eq!((lines(".ledger/ids.jsonl"), lines(".ledger/ids.00001.jsonl")), (16_384, 3 + many - 16_384));
    scripted.commit("record");
    ledger_does(path, &["verify", "--rederive"]);
    ledger_does(path, &["prove", "--line", "16390", "--unsigned"]);
    let in_order = read(path, ".ledger/ids.jsonl") + &read(path, ".ledger/ids.00001.jsonl");
    assert!(ledger_does(path, &["cat"]) == in_order, "the segments are printed in their order");
    std::fs::remove_file(path.join(".ledger/ids.00001.jsonl")).unwrap();
    let result = crate::support::registry::ledger(path, &["verify"]);
    assert!(result.status == 1 && result.text.contains("lines were lost"), "{}", result.text);
}
