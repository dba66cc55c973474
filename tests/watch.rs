//! Following a served log: what is new, what is a fork, and what is only broken or behind.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::registry::{ONE, ORIGIN, RunResult, TWO, begun, ledger_does, mint, publish, result_of};
use scripted::Scripted;

/// A signed log, the folder where it is served, and a reader with a memory of its own.
struct Followed {
    scripted: Scripted,
    place: tempfile::TempDir,
    key: String,
}

impl Followed {
    fn begin() -> Followed {
        let scripted = begun();
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("log.key");
        ledger_does(scripted.path(), &["key", "generate", ORIGIN, "--out", file.to_str().unwrap()]);
        let key = ledger_does(scripted.path(), &["key", "show", file.to_str().unwrap()]).trim().to_string();
        let followed = Followed { scripted, place, key };
        mint(&followed.scripted, ONE, "one");
        publish(&followed.scripted, ONE, "one", "1.0.0");
        followed.record("one");
        followed
    }

    fn at(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn site(&self) -> String {
        self.at("site").to_str().unwrap().into()
    }

    /// Records what was changed, and serves the log.
    fn record(&self, name: &str) {
        self.scripted.commit(name);
        let file = self.at("log.key");
        ledger_does(self.scripted.path(), &["record", "--key-file", file.to_str().unwrap()]);
        self.scripted.commit("record");
        self.serve();
    }

    fn serve(&self) {
        ledger_does(self.scripted.path(), &["tiles", &self.site()]);
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_id-ledger"));
        command.env_clear().env("XDG_CONFIG_HOME", self.at("config")).current_dir(self.place.path());
        command.arg("watch").args(arguments);
        command
    }

    fn watch(&self, arguments: &[&str]) -> RunResult {
        result_of(&self.command(arguments).output().unwrap())
    }

    /// Watches the folder, and moves the pin.
    fn follow(&self, arguments: &[&str]) -> RunResult {
        self.watch(&[&[self.site().as_str(), "--key", &self.key, "--pin"], arguments].concat())
    }

    /// Another history of the same log, from its first `commits` commits on.
    fn fork(&self, commits: &str) {
        self.scripted.git(&["reset", "--quiet", "--hard", commits]);
        mint(&self.scripted, "01JD4ZK3V8Q2W4X6Y8Z0A1B2C9", "forged");
        publish(&self.scripted, "01JD4ZK3V8Q2W4X6Y8Z0A1B2C9", "forged", "6.6.6");
        self.record("forged");
    }
}

#[test]
fn the_events_since_the_last_time_are_printed() {
    let log = Followed::begin();
    let first = log.follow(&[]);
    assert_eq!(first.status, 0, "{}", first.text);
    assert!(first.text.contains("3 lines, seen for the first time; pinned at 3 lines"), "{}", first.text);
    assert!(!first.text.contains("PUBLISH"), "what was there before is not new: {}", first.text);
    let again = log.follow(&[]);
    assert!(again.status == 0 && again.text.contains("3 lines, nothing new"), "{}", again.text);
    publish(&log.scripted, ONE, "one", "1.1.0");
    mint(&log.scripted, TWO, "two");
    publish(&log.scripted, TWO, "two", "2.0.0");
    log.record("two");
    // Without --pin the same is printed again.
    for arguments in [&[][..], &["--pin"]] {
        let site = log.site();
        let found = log.watch(&[&[site.as_str()], arguments].concat());
        assert_eq!(found.status, 0, "{}", found.text);
        assert!(found.text.contains("3 → 6 lines, consistent"), "{}", found.text);
        assert!(
            found.text.contains("version=1.1.0") && found.text.contains("version=2.0.0"),
            "{}",
            found.text
        );
        assert!(!found.text.contains("version=1.0.0"), "{}", found.text);
    }
    assert!(log.follow(&[]).text.contains("nothing new"));
}

#[test]
fn only_named_identities_are_printed() {
    let log = Followed::begin();
    let first = log.follow(&["--identity", "PLG_ONE", "--json"]);
    assert_eq!(first.status, 0, "{}", first.text);
    let lines: Vec<serde_json::Value> =
        first.text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let kinds: Vec<&str> = lines.iter().map(|line| line["event"]["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["CREATE", "PUBLISH"], "{}", first.text);
    assert!(lines.iter().all(|line| line["log"] == ORIGIN), "{}", first.text);
    assert_eq!(lines[1]["line"], 3);
    mint(&log.scripted, TWO, "two");
    publish(&log.scripted, TWO, "two", "2.0.0");
    publish(&log.scripted, ONE, "one", "1.1.0");
    log.record("two");
    let site = log.site();
    for name in ["PLG_TWO", TWO] {
        let found = log.watch(&[&site, "--identity", name]);
        assert!(found.status == 0 && found.text.contains("version=2.0.0"), "{}", found.text);
        assert!(!found.text.contains("version=1.1.0"), "{}", found.text);
    }
    let nobody = log.watch(&[&site, "--identity", "PLG_NOBODY"]);
    assert!(nobody.text.contains("the log has no identity PLG_NOBODY"), "{}", nobody.text);
}

#[test]
fn a_forked_log_is_noticed_and_both_checkpoints_are_kept() {
    for forks_to in ["HEAD~2", "HEAD~4"] {
        let log = Followed::begin();
        publish(&log.scripted, ONE, "one", "1.1.0");
        log.record("more");
        assert_eq!(log.follow(&[]).status, 0);
        let seen = std::fs::read_to_string(log.at("site/checkpoint")).unwrap();
        // Larger, or smaller, and with other lines.
        log.fork(forks_to);
        for _ in 0..2 {
            let evidence = log.at("evidence");
            let found = log.follow(&["--evidence", evidence.to_str().unwrap()]);
            assert_eq!(found.status, 1, "{forks_to}: {}", found.text);
            assert!(found.text.contains("forked"), "{}", found.text);
            let kept: Vec<PathBuf> =
                std::fs::read_dir(&evidence).unwrap().map(|entry| entry.unwrap().path()).collect();
            assert_eq!(kept.len(), 1, "it is kept once");
            assert_eq!(std::fs::read_to_string(kept[0].join("seen.checkpoint")).unwrap(), seen);
            let served = std::fs::read_to_string(log.at("site/checkpoint")).unwrap();
            assert_eq!(std::fs::read_to_string(kept[0].join("served.checkpoint")).unwrap(), served);
        }
        // The pin stays: a longer fork is noticed as well, and proved.
        for version in ["6.6.7", "6.6.8", "6.6.9"] {
            publish(&log.scripted, "01JD4ZK3V8Q2W4X6Y8Z0A1B2C9", "forged", version);
            log.record(version);
        }
        let longer = log.follow(&[]);
        assert!(longer.status == 1 && longer.text.contains("was forked (split view)"), "{}", longer.text);
        let kept = log.at("config/id-guard/evidence");
        let folder = std::fs::read_dir(kept).unwrap().next().unwrap().unwrap().path();
        let proof = std::fs::read_to_string(folder.join("served.proof")).unwrap();
        assert!(proof.starts_with("root at 4 lines: "), "{proof}");
    }
}

#[test]
fn a_log_that_is_behind_or_broken_is_no_fork() {
    let log = Followed::begin();
    let old = std::fs::read(log.at("site/checkpoint")).unwrap();
    publish(&log.scripted, ONE, "one", "1.1.0");
    log.record("more");
    assert_eq!(log.follow(&[]).status, 0);
    let new = std::fs::read(log.at("site/checkpoint")).unwrap();
    std::fs::write(log.at("site/checkpoint"), old).unwrap();
    let behind = log.follow(&[]);
    assert!(behind.status == 1 && behind.text.contains("it is behind"), "{}", behind.text);
    std::fs::write(log.at("site/checkpoint"), new).unwrap();
    assert!(!log.at("config/id-guard/evidence").exists());
    publish(&log.scripted, ONE, "one", "1.2.0");
    log.record("most");
    let bundle = log.at("site/tile/entries/000.p/5");
    let whole = std::fs::read(&bundle).unwrap();
    let mut changed = whole.clone();
    let last = changed.len() - 3;
    changed[last] ^= 1;
    for (bytes, message) in
        [(Some(changed), "do not have the root"), (None, "tile/entries/000.p/5 is missing")]
    {
        match bytes {
            Some(bytes) => std::fs::write(&bundle, bytes).unwrap(),
            None => std::fs::remove_file(&bundle).unwrap(),
        }
        let broken = log.follow(&[]);
        assert!(broken.status == 2 && broken.text.contains(message), "{}", broken.text);
    }
    assert!(!log.at("config/id-guard/evidence").exists());
    std::fs::write(&bundle, whole).unwrap();
    assert_eq!(log.follow(&[]).status, 0);
}

#[test]
fn only_trusted_signatures_are_followed() {
    let log = Followed::begin();
    let site = log.site();
    let nobody = log.watch(&[&site]);
    assert!(nobody.status == 2 && nobody.text.contains("it is not known whom to trust"), "{}", nobody.text);
    let other = log.at("other.key");
    ledger_does(log.place.path(), &["key", "generate", ORIGIN, "--out", other.to_str().unwrap()]);
    let other = ledger_does(log.place.path(), &["key", "show", other.to_str().unwrap()]);
    let refused = log.watch(&[&site, "--key", other.trim()]);
    assert!(refused.status == 1 && refused.text.contains("not signed by a trusted key"), "{}", refused.text);
    for place in ["missing", "http://example.org/log", "ftp://example.org"] {
        assert_eq!(log.watch(&[place, "--key", &log.key]).status, 2, "{place}");
    }
}

#[test]
fn a_program_gets_the_events_until_it_accepts_them() {
    let log = Followed::begin();
    assert_eq!(log.follow(&[]).status, 0);
    publish(&log.scripted, ONE, "one", "1.1.0");
    log.record("more");
    let program = log.at("notify");
    let write = |script: &str| {
        std::fs::write(&program, script).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&program, mode).unwrap();
    };
    let run = ["--run", program.to_str().unwrap()];
    write("#!/bin/sh\nexit 3\n");
    let failed = log.follow(&run);
    assert!(failed.status == 2 && failed.text.contains("the pin was not moved"), "{}", failed.text);
    write("#!/bin/sh\n/bin/cat >> received\n");
    assert_eq!(log.follow(&run).status, 0);
    assert_eq!(log.follow(&run).status, 0, "nothing new, nothing to pass on");
    let received = std::fs::read_to_string(log.at("received")).unwrap();
    assert_eq!(received.lines().count(), 1, "{received}");
    assert!(received.contains("\"version\":\"1.1.0\"") && received.contains("\"line\":4"), "{received}");
    assert_eq!(log.watch(&[&log.site(), "--run", "./missing", "--pin"]).status, 0, "it is not needed");
}

/// Serves a folder over HTTP, one connection after another.
fn serve(folder: &Path) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let folder = folder.to_path_buf();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut line = String::new();
            let mut reader = BufReader::new(&stream);
            while reader.read_line(&mut line).is_ok_and(|length| length > 2) {}
            let path = line.split(' ').nth(1).unwrap_or("/").trim_start_matches("/log/").to_string();
            let (status, body) = match std::fs::read(folder.join(path)) {
                Ok(body) => ("200 OK", body),
                Err(_) => ("404 Not Found", Vec::new()),
            };
            let head =
                format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(&[head.as_bytes(), &body].concat());
        }
    });
    address + "/log"
}

#[test]
fn a_log_is_followed_over_the_network_again_and_again() {
    let log = Followed::begin();
    let address = serve(&log.at("site"));
    let mut child = log
        .command(&[&address, "--key", &log.key, "--pin", "--every", "1", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut notes = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    notes.read_line(&mut line).unwrap();
    assert!(line.contains("seen for the first time"), "{line}");
    publish(&log.scripted, ONE, "one", "1.1.0");
    log.record("more");
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut event = String::new();
    out.read_line(&mut event).unwrap();
    assert!(event.contains("\"version\":\"1.1.0\""), "{event}");
    // A fork ends it.
    log.fork("HEAD~2");
    let mut rest = String::new();
    notes.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{rest}");
    assert!(rest.contains("forked (split view)"), "{rest}");
}

#[test]
fn readers_use_the_served_log() {
    let log = Followed::begin();
    let site = log.site();
    let ledger = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_id-ledger"));
        command.env_clear().env("XDG_CONFIG_HOME", log.at("config")).current_dir(log.place.path());
        result_of(&command.args(arguments).output().unwrap())
    };
    let unpinned = ledger(&["log", "PLG_ONE", "--tiles", &site]);
    assert!(unpinned.text.contains("nothing is pinned of this log"), "{}", unpinned.text);
    assert_eq!(log.follow(&[]).status, 0);
    let repository = log.scripted.path().to_str().unwrap().to_string();
    for name in ["PLG_ONE", ONE] {
        let served = ledger(&["log", name, "--tiles", &site]);
        assert_eq!(served.text, ledger(&["log", name, "--repo", &repository]).text);
        assert_eq!(served.status, 0, "{}", served.text);
    }
    let proof = log.at("one.tlog-proof");
    let proof = proof.to_str().unwrap();
    ledger_does(log.scripted.path(), &["prove", "PLG_ONE@1.0.0", "--out", proof]);
    let address = serve(&log.at("site"));
    let written = std::fs::read_to_string(proof).unwrap();
    for place in [&site, &address] {
        assert_eq!(ledger(&["prove", "PLG_ONE@1.0.0", "--tiles", place]).text, written);
        assert_eq!(ledger(&["prove", "--line", "3", "--tiles", place]).text, written);
        assert_eq!(ledger(&["prove", "--line", "4", "--tiles", place]).status, 2);
    }
    let wanted = format!("{ONE}@1.0.0");
    let verify = |place: &str| ledger(&["verify-proof", proof, "--identity", &wanted, "--tiles", place]);
    for place in [&site, &address] {
        let verified = verify(place);
        assert_eq!(verified.status, 0, "{}", verified.text);
        assert!(verified.text.contains("the served log continues it: 3 lines"), "{}", verified.text);
        assert!(
            verified.text.contains("PLG_ONE (") && verified.text.contains(" is active now"),
            "{}",
            verified.text
        );
    }
    let key = log.at("log.key");
    let yank = ["append", "yank", "PLG_ONE", "version=1.0.0", "--reason", "it fails", "--key-file"];
    ledger_does(log.scripted.path(), &[&yank, &[key.to_str().unwrap()][..]].concat());
    log.serve();
    let yanked = verify(&site);
    assert!(yanked.status == 1 && yanked.text.contains("version 1.0.0 of PLG_ONE"), "{}", yanked.text);
    assert_eq!(
        ledger(&["verify-proof", proof, "--key", &log.key]).status,
        0,
        "the record itself is still proved"
    );
    log.scripted.git(&["checkout", "--quiet", "--", "."]);
    log.fork("HEAD~2");
    let forked = verify(&site);
    assert!(forked.status == 1 && forked.text.contains("does not continue"), "{}", forked.text);
    let forked = ledger(&["log", "--tiles", &site]);
    assert!(
        forked.status == 1 && forked.text.contains("does not continue the pinned checkpoint"),
        "{}",
        forked.text
    );
}
