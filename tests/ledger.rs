//! The ledger: recording, verification, keys, witnesses, proofs and merges.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::support::check;
use crate::support::registry::{
    ONE, ORIGIN, Spec, TWO, begun, events, ledger, ledger_does, mint, publish, read, specify,
};
use scripted::Scripted;

/// Records, and commits the ledger.
fn record(scripted: &Scripted) -> String {
    let result = ledger_does(scripted.path(), &["record"]);
    scripted.commit("record");
    result
}

/// A ledger with a plugin that was published twice, in a log signed by the key in the file `key`.
fn recorded_ledger() -> (Scripted, tempfile::TempDir) {
    let scripted = begun();
    let keys = tempfile::tempdir().unwrap();
    let key = keys.path().join("log.key");
    ledger_does(scripted.path(), &["key", "generate", ORIGIN, "--out", key.to_str().unwrap()]);
    mint(&scripted, ONE, "one");
    scripted.commit("mint one");
    publish(&scripted, ONE, "one", "1.0.0");
    scripted.commit("one 1.0.0");
    ledger_does(scripted.path(), &["record", "--seal", "--key-file", key.to_str().unwrap()]);
    scripted.commit("record");
    publish(&scripted, ONE, "one", "1.1.0");
    scripted.commit("one 1.1.0");
    ledger_does(scripted.path(), &["record", "--key-file", key.to_str().unwrap()]);
    scripted.commit("record");
    (scripted, keys)
}

#[test]
fn merges_are_recorded_once_and_can_be_derived_again() {
    let scripted = begun();
    let path = scripted.path();
    assert!(record(&scripted).starts_with("recorded 1 event of 1 commit"));
    mint(&scripted, ONE, "one");
    scripted.commit("mint one");
    publish(&scripted, ONE, "one", "1.0.0");
    mint(&scripted, TWO, "two");
    scripted.commit("publish one, mint two");
    record(&scripted);
    assert_eq!(events(path), ["GENESIS", "CREATE", "CREATE", "PUBLISH"]);
    let before = read(path, ".ledger/ids.jsonl");
    assert!(ledger_does(path, &["record"]).starts_with("nothing to record"));
    assert_eq!(read(path, ".ledger/ids.jsonl"), before);
    // Another key, path, owner and version in one commit; then retirement.
    scripted.git(&["mv", "plugins/one", "plugins/first"]);
    let spec = Spec {
        name: "first",
        key: "PLG_FIRST",
        version: "1.1.0",
        owner: "new@example.org",
        rest: ",\"aliases\":[\"PLG_ONE\"]",
    };
    specify(&scripted, ONE, &spec);
    scripted.commit("rename");
    let text = read(path, "plugins/first/plugin.spec.json").replace("\"active\"", "\"retired\"");
    scripted.write("plugins/first/plugin.spec.json", text);
    scripted.commit("retire");
    record(&scripted);
    assert_eq!(
        events(path)[4..],
        ["REKEY", "ALIAS_ADD", "MOVE", "TRANSFER", "PUBLISH", "DEPRECATE", "RETIRE"]
    );
    assert!(
        read(path, ".ledger/ids.jsonl").starts_with(&before),
        "each version starts with the previous one"
    );
    let result = ledger_does(path, &["verify", "--rederive"]);
    assert!(result.contains("11 lines derived again"), "{result}");
    let log = ledger_does(path, &["log", "PLG_ONE"]);
    assert!(
        log.contains("now: PLG_FIRST") && log.contains("retired, version 1.1.0, at plugins/first"),
        "{log}"
    );
}

/// The lines depend neither on the time nor on the number of runs.
#[test]
fn one_run_for_many_commits_writes_the_same_as_one_run_per_commit() {
    let scripted = begun();
    record(&scripted);
    let start = scripted.git(&["rev-parse", "HEAD"]);
    let work = |scripted: &Scripted, each: &dyn Fn(&Scripted)| {
        mint(scripted, ONE, "one");
        scripted.commit("mint one");
        each(scripted);
        // A merge, a squash merge and a rebase merge.
        scripted.git(&["switch", "--quiet", "--create", "feature"]);
        publish(scripted, ONE, "one", "1.0.0");
        scripted.commit("draft");
        publish(scripted, ONE, "one", "1.1.0");
        scripted.commit("better");
        scripted.git(&["switch", "--quiet", "main"]);
        scripted.write("README.md", "x");
        scripted.commit("beside");
        scripted.git(&["merge", "--quiet", "--no-ff", "-m", "merge", "feature"]);
        each(scripted);
        publish(scripted, ONE, "one", "1.2.0");
        scripted.commit("squashed (#7)");
        each(scripted);
        mint(scripted, TWO, "two");
        scripted.commit("rebased a");
        publish(scripted, TWO, "two", "0.1.0");
        scripted.commit("rebased b");
        each(scripted);
    };
    work(&scripted, &|_| {});
    record(&scripted);
    let at_once = read(scripted.path(), ".ledger/ids.jsonl");
    assert_eq!(events(scripted.path())[1..], ["CREATE", "PUBLISH", "PUBLISH", "CREATE", "PUBLISH"]);
    assert!(!at_once.contains("\"version\":\"1.0.0\""), "only the net change of a merge is recorded");
    // The same commits again, with a run after each; between the runs the lines are only in the working tree.
    let end = scripted.git(&["rev-parse", "HEAD~1"]);
    let commits = scripted.git(&["rev-list", "--reverse", "--first-parent", &format!("{start}..{end}")]);
    scripted.git(&["switch", "--quiet", "--detach", &start]);
    for commit in commits.lines() {
        ledger_does(scripted.path(), &["record", "--head", commit]);
    }
    assert_eq!(read(scripted.path(), ".ledger/ids.jsonl"), at_once);
}

#[test]
fn an_existing_repository_is_adopted_in_its_current_state() {
    let scripted = begun();
    for (ulid, name) in [(TWO, "two"), (ONE, "one")] {
        mint(&scripted, ulid, name);
        publish(&scripted, ulid, name, "3.2.1");
        scripted.commit(name);
    }
    scripted.write("docs/guide.md", "---\nulid: 01JD4ZK3V8Q2W4X6Y8Z0A1B2C5\ndoc_key: DOC_GUIDE\nsemver: 2.0.0\nstatus: active\nowner: a@example.org\neffective_date: \"2026-01-01\"\n---\n# Guide\n");
    scripted.write("ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C5.yaml", "schema_version: 1\nulid: 01JD4ZK3V8Q2W4X6Y8Z0A1B2C5\nkey: DOC_GUIDE\nkind: document\npath: docs/guide.md\ncreated_at: \"2024-11-20T14:28:32Z\"\nowner: a@example.org\nvisibility: public\nnotes: \"\"\n");
    scripted.commit("guide");
    record(&scripted);
    assert_eq!(
        events(scripted.path()),
        ["GENESIS", "CREATE", "CREATE", "CREATE", "PUBLISH", "PUBLISH", "PUBLISH"]
    );
    ledger_does(scripted.path(), &["verify", "--rederive"]);
    let lines = read(scripted.path(), ".ledger/ids.jsonl");
    assert!(
        lines.contains("\"tag\":\"docs-DOC_GUIDE-2.0.0\"") && lines.contains("\"tag\":\"plugin-one-3.2.1\""),
        "{lines}"
    );
    // The digest can be computed by hand.
    let proof = scripted.path().join("guide.tlog-proof");
    let prove = ["prove", "DOC_GUIDE@2.0.0", "--unsigned", "--out", proof.to_str().unwrap()];
    ledger_does(scripted.path(), &prove);
    let digest = sha256(&std::fs::read(scripted.path().join("docs/guide.md")).unwrap());
    assert!(lines.contains(&digest), "{digest}");
}

fn sha256(bytes: &[u8]) -> String {
    digest::Digest::of(bytes).hex()
}

#[test]
fn an_omission_is_reported_and_the_rest_is_recorded() {
    let scripted = begun();
    record(&scripted);
    mint(&scripted, ONE, "one");
    publish(&scripted, ONE, "one", "2.0.0");
    scripted.commit("one");
    publish(&scripted, ONE, "one", "1.0.0");
    publish(&scripted, TWO, "two", "1.0.0");
    scripted.commit("back, and a spec without a card");
    let result = ledger(scripted.path(), &["record"]);
    assert_eq!(result.status, 1, "{}", result.text);
    assert!(
        result.text.contains("version 1.0.0 is not higher than the published version 2.0.0 (line 3)"),
        "{}",
        result.text
    );
    assert!(result.text.contains(&format!("no ID card with ULID {TWO}")), "{}", result.text);
    assert_eq!(events(scripted.path()), ["GENESIS", "CREATE", "PUBLISH"]);
    scripted.commit("record");
    ledger_does(scripted.path(), &["verify", "--rederive"]);
}

#[test]
fn a_rewritten_history_is_reported_and_nothing_is_recorded() {
    let scripted = begun();
    record(&scripted);
    mint(&scripted, ONE, "one");
    scripted.commit("one");
    let lost = scripted.git(&["rev-parse", "HEAD"]);
    record(&scripted);
    let ledger_before = read(scripted.path(), ".ledger/ids.jsonl");
    scripted.git(&["reset", "--quiet", "--hard", "HEAD~2"]);
    scripted.write(".ledger/ids.jsonl", &ledger_before);
    scripted.git(&["checkout", "--quiet", "HEAD@{1}", "--", ".ledger/checkpoint"]);
    scripted.commit("another story");
    let result = ledger(scripted.path(), &["record"]);
    assert_eq!(result.status, 1);
    for part in [
        "the history was rewritten under the ledger",
        &lost,
        "the last one that it still contains",
        "the commit's object is still there",
    ] {
        assert!(result.text.contains(part), "{part}: {}", result.text);
    }
    assert_eq!(read(scripted.path(), ".ledger/ids.jsonl"), ledger_before);
    let result = ledger(scripted.path(), &["verify", "--rederive"]);
    assert_eq!(result.status, 1);
    assert!(result.text.contains("LED009"), "{}", result.text);
}

#[test]
fn a_foxtrot_merge_is_reported_as_such() {
    let scripted = begun();
    record(&scripted);
    scripted.git(&["switch", "--quiet", "--create", "feature"]);
    scripted.write("x", "x");
    scripted.commit("feature");
    scripted.git(&["switch", "--quiet", "main"]);
    mint(&scripted, ONE, "one");
    scripted.commit("one");
    record(&scripted);
    scripted.git(&["switch", "--quiet", "feature"]);
    scripted.git(&["merge", "--quiet", "-m", "foxtrot", "main"]);
    let result = ledger(scripted.path(), &["record"]);
    assert_eq!(result.status, 1);
    assert!(
        result.text.contains("merged the wrong way round")
            || result.text.contains("made the wrong way round"),
        "{}",
        result.text
    );
}

#[test]
fn a_change_must_not_edit_the_ledger() {
    let scripted = begun();
    mint(&scripted, ONE, "one");
    scripted.commit("one");
    publish(&scripted, ONE, "one", "1.0.0");
    scripted.commit("1.0.0");
    // Pull requests of the post-merge job pass, including the first one.
    scripted.git(&["switch", "--quiet", "--create", "writer"]);
    record(&scripted);
    let checked = check(scripted.path(), &["check", "--base", "main"]);
    assert_eq!((checked.status, checked.findings()), (0, vec![]), "{}", checked.report);
    scripted.git(&["switch", "--quiet", "main"]);
    scripted.git(&["merge", "--quiet", "--no-ff", "-m", "merge", "writer"]);
    publish(&scripted, ONE, "one", "1.1.0");
    scripted.commit("1.1.0");
    scripted.git(&["switch", "--quiet", "--create", "again"]);
    record(&scripted);
    let checked = check(scripted.path(), &["check", "--base", "main"]);
    assert_eq!((checked.status, checked.findings()), (0, vec![]), "{}", checked.report);
    // The same line with one value changed.
    let honest = read(scripted.path(), ".ledger/ids.jsonl");
    let forged = honest.replace("\"version\":\"1.1.0\"", "\"version\":\"1.1.1\"");
    assert_ne!(honest, forged);
    scripted.write(".ledger/ids.jsonl", forged);
    scripted.commit("forge");
    let checked = check(scripted.path(), &["check", "--base", "main"]);
    assert_eq!(
        checked.findings(),
        ["LED007 .ledger/checkpoint", "LED009 .ledger/ids.jsonl"],
        "{}",
        checked.report
    );
    // A manually appended line.
    scripted.git(&["reset", "--quiet", "--hard", "main"]);
    ledger_does(scripted.path(), &["append", "alias-add", "PLG_ONE", "alias=PLG_UNO", "--reason", "shorter"]);
    scripted.commit("by hand");
    let checked = check(scripted.path(), &["check", "--base", "main"]);
    assert_eq!(checked.findings(), ["LED002 .ledger/ids.jsonl"], "{}", checked.report);
    // A request, recorded after the merge.
    scripted.git(&["reset", "--quiet", "--hard", "main"]);
    ledger_does(scripted.path(), &["record"]);
    scripted.commit("record");
    scripted.git(&["branch", "--force", "main"]);
    let yank = ["append", "yank", "PLG_ONE", "version=1.0.0", "--reason", "it deletes files", "--request"];
    ledger_does(scripted.path(), &yank);
    scripted.commit("ask");
    let checked = check(scripted.path(), &["check", "--base", "main"]);
    assert_eq!((checked.status, checked.findings()), (0, vec![]), "{}", checked.report);
    record(&scripted);
    assert_eq!(events(scripted.path()).last().unwrap(), "YANK");
    ledger_does(scripted.path(), &["verify", "--rederive"]);
}

#[test]
fn manual_events_are_kept_between_derived_ones() {
    let scripted = begun();
    mint(&scripted, ONE, "one");
    publish(&scripted, ONE, "one", "1.0.0");
    scripted.commit("one");
    record(&scripted);
    let transfer = ["append", "transfer", "PLG_ONE", "to=new@example.org", "--reason", "agreed by both"];
    ledger_does(scripted.path(), &transfer);
    scripted.commit("by hand");
    // The spec first gets the value of the manual event, which adds nothing, then another one.
    let spec = |version, owner| Spec { name: "one", key: "PLG_ONE", version, owner, rest: "" };
    specify(&scripted, ONE, &spec("1.1.0", "new@example.org"));
    scripted.commit("catch up");
    specify(&scripted, ONE, &spec("1.1.0", "third@example.org"));
    scripted.commit("go on");
    record(&scripted);
    assert_eq!(events(scripted.path()), ["GENESIS", "CREATE", "PUBLISH", "TRANSFER", "PUBLISH", "TRANSFER"]);
    ledger_does(scripted.path(), &["verify", "--rederive"]);
    for (arguments, message) in [
        (
            &["append", "retire", "PLG_ONE", "--reason", "gone"][..],
            "RETIRE requires that the identity is deprecated first",
        ),
        (
            &["append", "yank", "PLG_ONE", "version=9.9.9", "--reason", "gone"],
            "version 9.9.9 was not published",
        ),
    ] {
        let result = ledger(scripted.path(), arguments);
        assert!(result.status == 1 && result.text.contains(message), "{}", result.text);
    }
    let result = ledger(scripted.path(), &["append", "publish", "PLG_ONE", "--reason", "r"]);
    assert!(
        result.status == 2 && result.text.contains("nothing that is appended by hand"),
        "{}",
        result.text
    );
}

#[test]
fn proofs_verify_without_repository_and_ledger() {
    let (scripted, _keys) = recorded_ledger();
    let path = scripted.path();
    let key = read(path, ".ledger/log.vkey");
    let elsewhere = tempfile::tempdir().unwrap();
    let proof = elsewhere.path().join("one.tlog-proof");
    ledger_does(path, &["prove", "PLG_ONE@1.1.0", "--out", proof.to_str().unwrap()]);
    // The published directory, packed elsewhere.
    std::fs::create_dir(elsewhere.path().join("one")).unwrap();
    let spec = std::fs::read(path.join("plugins/one/plugin.spec.json")).unwrap();
    std::fs::write(elsewhere.path().join("one/plugin.spec.json"), &spec).unwrap();
    let verify = |artifact: &str| {
        ledger(
            elsewhere.path(),
            &["verify-proof", "one.tlog-proof", "--key", key.trim(), "--artifact", artifact],
        )
    };
    let result = verify("one");
    assert_eq!(result.status, 0, "{}", result.text);
    assert!(result.text.contains("one is the published content"), "{}", result.text);
    std::fs::write(elsewhere.path().join("one/more"), "x").unwrap();
    assert_eq!(verify("one").status, 1);
    // A file whose name contains the line of another one, a link, and a file with the lines of the directory.
    let one = elsewhere.path().join("one");
    std::fs::remove_file(one.join("more")).unwrap();
    let (name, digest) = ("plugin.spec.json", sha256(&spec));
    let lines = format!("{digest}  {name}\n");
    std::fs::write(elsewhere.path().join("lines"), &lines).unwrap();
    let result = verify("lines");
    assert!(result.status == 1 && result.text.contains("a directory was published"), "{}", result.text);
    #[cfg(unix)]
    {
        std::fs::remove_file(one.join(name)).unwrap();
        std::os::unix::fs::symlink(String::from_utf8(spec.clone()).unwrap().trim_end(), one.join(name))
            .unwrap();
        assert_eq!(verify("one").status, 1);
        std::fs::remove_file(one.join(name)).unwrap();
        std::fs::write(one.join(name), &spec).unwrap();
    }
    assert_eq!(verify("one").status, 0);
    let result = ledger(elsewhere.path(), &["verify-proof", "one.tlog-proof"]);
    assert!(result.status == 2 && result.text.contains("it is not known whom to trust"), "{}", result.text);
    // Presence and absence at the seal.
    for (ulid, expected) in [
        (ONE, "\"version\":\"1.0.0\""),
        (TWO, "was not there when the state was sealed"),
        ("00000000000000000000000000", "was not there"),
    ] {
        let file = elsewhere.path().join("state.proof");
        ledger_does(path, &["prove", ulid, "--state", "--out", file.to_str().unwrap()]);
        let result = ledger_does(elsewhere.path(), &["verify-proof", "state.proof", "--key", key.trim()]);
        assert!(result.contains(expected), "{result}");
    }
}

#[test]
fn an_uncommitted_tail_is_ignored_and_cut() {
    let (scripted, keys) = recorded_ledger();
    let (path, key) = (scripted.path(), keys.path().join("log.key"));
    let lines = read(path, ".ledger/ids.jsonl");
    for tail in ["{\"a\":1}\n", "{\"a\":1", "\n"] {
        scripted.write(".ledger/ids.jsonl", format!("{lines}{tail}"));
        scripted.commit("an append that never ended");
        let verified = ledger_does(path, &["verify", "--rederive"]);
        assert!(verified.contains(&format!("{} bytes after", tail.len())), "{verified}");
        // Another change is not blamed for the tail of the base branch.
        scripted.write("notes.txt", tail);
        scripted.commit("notes");
        assert_eq!(check(path, &["check", "--base", "HEAD~1"]).findings(), Vec::<String>::new());
    }
    publish(&scripted, ONE, "one", "1.2.0");
    scripted.commit("one 1.2.0");
    let arguments = ["post-merge", "--local", "--key-file", key.to_str().unwrap()];
    let written = crate::support::run("id-guard", path, &arguments);
    assert!(written.status.success(), "{written:?}");
    let after = read(path, ".ledger/ids.jsonl");
    assert!(after.starts_with(&lines) && after.contains("1.2.0") && !after.contains("{\"a\":1"), "{after}");
    ledger_does(path, &["verify", "--rederive"]);
    // Cutting the tail rewrote nothing; cutting more does.
    let history = check(path, &["audit", "--no-cache"]).findings();
    assert!(!history.iter().any(|finding| finding.starts_with("LED")), "{history:?}");
    scripted.write(".ledger/ids.jsonl", &after[..after.len() - 2]);
    scripted.commit("cut a line");
    assert!(
        check(path, &["audit", "--no-cache"]).findings().iter().any(|finding| finding.starts_with("LED001"))
    );
}

#[cfg(unix)]
#[test]
fn locks_follow_no_link_and_keys_are_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let (scripted, keys) = recorded_ledger();
    let path = scripted.path();
    let (lock, victim) = (path.join(".git/id-guard-ledger.lock"), keys.path().join("victim"));
    let key = keys.path().join("log.key");
    let record = || ledger(path, &["record", "--key-file", key.to_str().unwrap()]);
    let _ = std::fs::remove_file(&lock);
    std::os::unix::fs::symlink(&victim, &lock).unwrap();
    let result = record();
    assert!(result.status == 2 && result.text.contains("is a link"), "{}", result.text);
    // Neither is an existing file behind the link opened.
    std::fs::write(&victim, "").unwrap();
    assert_eq!(record().status, 2);
    std::fs::remove_file(&lock).unwrap();
    assert_eq!(record().status, 0);
    for (mode, status, warning) in [
        (0o600, 0, None),
        (0o400, 0, None),
        (0o640, 0, Some("has mode 640: it is readable by others")),
        (0o644, 0, Some("has mode 644: it is readable by others")),
        (0o622, 2, Some("has mode 622: it is writable by others")),
        (0o666, 2, Some("has mode 666: it is writable by others")),
    ] {
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).unwrap();
        let result = record();
        assert_eq!(result.status, status, "{mode:o}: {}", result.text);
        assert_eq!(result.text.contains("by others"), warning.is_some(), "{mode:o}: {}", result.text);
        assert!(warning.is_none_or(|warning| result.text.contains(warning)), "{mode:o}: {}", result.text);
    }
}

#[test]
fn every_changed_byte_of_a_ledger_is_noticed() {
    let (scripted, _keys) = recorded_ledger();
    let path = scripted.path();
    let proof = path.join("one.tlog-proof");
    ledger_does(path, &["prove", "PLG_ONE", "--out", proof.to_str().unwrap()]);
    let key = read(path, ".ledger/log.vkey");
    ledger_does(path, &["verify-proof", "one.tlog-proof", "--key", key.trim()]);
    let mut cases = 0;
    let mut sweep = |file: &str, step: usize, arguments: &[&str]| {
        let bytes = std::fs::read(path.join(file)).unwrap();
        for at in (0..bytes.len()).step_by(step) {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << (at % 8);
            std::fs::write(path.join(file), &changed).unwrap();
            let result = ledger(path, arguments);
            assert!(result.status != 0, "byte {at} of {file}: {}", result.text);
            cases += 1;
        }
        for cut in [bytes.len() - 1, bytes.len() / 2, 0] {
            std::fs::write(path.join(file), &bytes[..cut]).unwrap();
            assert!(ledger(path, arguments).status != 0, "{file} cut at {cut}");
        }
        std::fs::write(path.join(file), [&bytes[..], b"\n"].concat()).unwrap();
        let result = ledger(path, arguments);
        // Bytes after the lines that the checkpoint covers were never recorded.
        let is_tail = file == ".ledger/ids.jsonl" && result.text.contains("1 bytes after");
        assert!(result.status != 0 || is_tail, "{file} with an additional newline: {}", result.text);
        std::fs::write(path.join(file), bytes).unwrap();
    };
    // Running a program for each byte is slow, so this test skips bytes unless `ID_GUARD_LONG` is set; the crate's own test changes every byte.
    let step = if std::env::var_os("ID_GUARD_LONG").is_some() { 1 } else { 7 };
    sweep(".ledger/ids.jsonl", step, &["verify"]);
    sweep(".ledger/checkpoint", 1, &["verify"]);
    sweep(".ledger/log.vkey", 3, &["verify"]);
    sweep("one.tlog-proof", step, &["verify-proof", "one.tlog-proof", "--key", key.trim()]);
    assert!(cases > 400, "{cases}");
    ledger_does(path, &["verify"]);
}

#[test]
fn both_keys_sign_a_rotation_and_the_old_key_becomes_invalid() {
    let (scripted, keys) = recorded_ledger();
    let path = scripted.path();
    let (old, new) = (keys.path().join("log.key"), keys.path().join("new.key"));
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    ledger_does(path, &["key", "generate", ORIGIN, "--out", new]);
    let result = ledger(path, &["key", "generate", ORIGIN, "--out", new]);
    assert_eq!(result.status, 2, "an existing key is not overwritten: {}", result.text);
    let before = read(path, ".ledger/checkpoint");
    std::fs::write(path.join("old.checkpoint"), &before).unwrap();
    let result = ledger(path, &["key", "rotate", "--new-key-file", new]);
    assert!(result.status == 2 && result.text.contains("missing signing key"), "{}", result.text);
    ledger_does(path, &["key", "rotate", "--key-file", old, "--new-key-file", new, "--reason", "yearly"]);
    assert_eq!(read(path, ".ledger/checkpoint").matches('\u{2014}').count(), 2, "both keys signed");
    assert_eq!(read(path, ".ledger/log.vkey"), ledger_does(path, &["key", "show", new]));
    std::fs::remove_file(path.join("old.checkpoint")).unwrap();
    scripted.commit("rotate");
    ledger_does(path, &["verify", "--rederive"]);
    publish(&scripted, ONE, "one", "2.0.0");
    scripted.commit("2.0.0");
    let result = ledger(path, &["record", "--key-file", old]);
    assert!(result.status == 2 && result.text.contains("missing signing key"), "{}", result.text);
    ledger_does(path, &["record", "--key-file", new]);
    std::fs::write(keys.path().join("old.checkpoint"), before).unwrap();
    let since = keys.path().join("old.checkpoint");
    ledger_does(path, &["verify", "--since", since.to_str().unwrap()]);
    // Another key replaces the log key.
    let foreign = keys.path().join("foreign.key");
    let public = ledger_does(path, &["key", "generate", ORIGIN, "--out", foreign.to_str().unwrap()]);
    scripted.write(".ledger/log.vkey", format!("{}\n", public.lines().last().unwrap()));
    assert_eq!(ledger(path, &["verify"]).status, 1);
}

#[test]
fn witnesses_sign_only_checkpoints_that_extend_the_last_one() {
    let (scripted, keys) = recorded_ledger();
    let path = scripted.path();
    let at = |name: &str| keys.path().join(name).to_str().unwrap().to_string();
    let key = read(path, ".ledger/log.vkey");
    let mut policy = format!("log {key}");
    for name in ["w1", "w2"] {
        let result = ledger_does(path, &["key", "generate", name, "--witness", "--out", &at(name)]);
        policy += &format!("witness {name} {}\n", result.lines().last().unwrap());
    }
    policy += "group both all w1 w2\nquorum both\n";
    std::fs::write(at("trust.policy"), policy).unwrap();
    let result = ledger(path, &["verify", "--trust", &at("trust.policy")]);
    assert!(result.status == 1 && result.text.contains("quorum both not reached"), "{}", result.text);
    // Each witness keeps its own state.
    let cosign = |witness: &str, checkpoint: &str, more: &[&str]| {
        let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-ledger"))
            .env_clear()
            .env("XDG_CONFIG_HOME", at(&format!("{witness}.memory")))
            .args(["checkpoint", "cosign", checkpoint, "--key", key.trim(), "--key-file", &at(witness)])
            .args(more)
            .output()
            .unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    let checkpoint = path.join(".ledger/checkpoint");
    let (status, once) = cosign("w1", checkpoint.to_str().unwrap(), &["--first"]);
    assert_eq!(status, 0);
    std::fs::write(&checkpoint, once).unwrap();
    let (status, twice) = cosign("w2", checkpoint.to_str().unwrap(), &["--first"]);
    assert_eq!(status, 0);
    std::fs::write(&checkpoint, twice).unwrap();
    let result = ledger_does(path, &["verify", "--trust", &at("trust.policy")]);
    assert!(
        result.contains("witnesses 2 of 2: w1 ") && result.contains(", w2 "),
        "with their days: {result}"
    );
    std::fs::copy(&checkpoint, at("before")).unwrap();
    publish(&scripted, ONE, "one", "2.0.0");
    scripted.commit("2.0.0");
    ledger_does(path, &["record", "--key-file", &at("log.key")]);
    assert_eq!(cosign("w1", checkpoint.to_str().unwrap(), &[]).0, 1, "the consistency proof is missing");
    let proof = ledger_does(path, &["checkpoint", "prove", "--since", &at("before")]);
    std::fs::write(at("proof"), proof).unwrap();
    assert_eq!(cosign("w1", checkpoint.to_str().unwrap(), &["--proof", &at("proof")]).0, 0);
    let now = checkpoint.to_str().unwrap();
    let verify = ["checkpoint", "verify", &at("before"), now, &at("proof"), "--key", key.trim()];
    ledger_does(path, &verify);
    let result =
        ledger(path, &["checkpoint", "verify", now, &at("before"), &at("proof"), "--key", key.trim()]);
    assert_eq!(result.status, 1);
}

/// The pin detects a split view, and keeps both checkpoints as evidence.
#[test]
fn a_fork_is_detected_with_the_pinned_checkpoint() {
    let (scripted, keys) = recorded_ledger();
    let config = tempfile::tempdir().unwrap();
    let run = |directory: &Path, arguments: &[&str]| {
        let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-ledger"))
            .env_clear()
            .envs([("XDG_CONFIG_HOME", config.path())])
            .current_dir(directory)
            .args(arguments)
            .output()
            .unwrap();
        crate::support::registry::result_of(&output)
    };
    let path = scripted.path();
    let key = keys.path().join("log.key");
    let record = ["record", "--key-file", key.to_str().unwrap()];
    assert!(run(path, &["verify", "--pin"]).text.contains("pinned at 5 lines"));
    let fork = tempfile::tempdir().unwrap();
    scripted.git(&["clone", "--quiet", ".", fork.path().to_str().unwrap()]);
    publish(&scripted, ONE, "one", "1.2.0");
    scripted.commit("1.2.0");
    assert_eq!(run(path, &record).status, 0);
    let result = run(path, &["verify"]);
    assert!(
        result.status == 0 && result.text.contains("verified against the pin at 5 lines"),
        "{}",
        result.text
    );
    let result = run(path, &["verify", "--pin"]);
    assert!(result.status == 0 && result.text.contains("pin moved from 5 to 6 lines"), "{}", result.text);
    // The fork, signed by the same key.
    let spec = read(path, "plugins/one/plugin.spec.json").replace("1.2.0", "1.3.0");
    std::fs::write(fork.path().join("plugins/one/plugin.spec.json"), spec).unwrap();
    scripted::git(fork.path(), &["commit", "--quiet", "--all", "-m", "1.3.0"], 1_700_000_777);
    assert_eq!(run(fork.path(), &record).status, 0);
    let evidence = config.path().join("evidence");
    let result = run(fork.path(), &["verify", "--evidence", evidence.to_str().unwrap()]);
    assert_eq!(result.status, 1);
    assert_eq!(
        std::fs::read_to_string(&evidence).unwrap().matches(&format!("\u{2014} {ORIGIN} ")).count(),
        2,
        "both, as they were signed"
    );
    for part in ["LED008", "the log was forked (split view)", "evidence: what was pinned"] {
        assert!(result.text.contains(part), "{part}: {}", result.text);
    }
    // A log that was rolled back.
    scripted.git(&["checkout", "--quiet", "--", ".ledger"]);
    let result = run(path, &["verify"]);
    assert!(
        result.status == 1 && result.text.contains("it is behind, or was rolled back"),
        "{}",
        result.text
    );
}

#[test]
fn tiles_have_the_standard_layout() {
    let (scripted, _keys) = recorded_ledger();
    let out = tempfile::tempdir().unwrap();
    ledger_does(scripted.path(), &["tiles", out.path().to_str().unwrap()]);
    let lines = read(scripted.path(), ".ledger/ids.jsonl").lines().count();
    let hashes = std::fs::read(out.path().join(format!("tile/0/000.p/{lines}"))).unwrap();
    assert_eq!(hashes.len(), 32 * lines);
    assert_eq!(read(out.path(), "checkpoint"), read(scripted.path(), ".ledger/checkpoint"));
}

/// Every file below a directory, with its bytes.
fn files_below(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut pending = vec![directory.to_path_buf()];
    while let Some(place) = pending.pop() {
        if place.is_dir() {
            pending.extend(std::fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let bytes = std::fs::read(&place).unwrap();
            files.insert(place.strip_prefix(directory).unwrap().to_path_buf(), bytes);
        }
    }
    files
}

/// Tiles that are continued are those that are written at once, and a proof from tiles is the proof from the ledger.
#[test]
fn tiles_are_continued_from_what_was_written() {
    let scripted = begun();
    mint(&scripted, ONE, "one");
    scripted.commit("one");
    ledger_does(scripted.path(), &["record"]);
    let place = tempfile::tempdir().unwrap();
    let [continued, whole] = ["continued", "whole"].map(|name| place.path().join(name));
    let tiles = |out: &Path, from: u64| {
        ledger_does(scripted.path(), &["tiles", out.to_str().unwrap(), "--from", &from.to_string()])
    };
    let size = || read(scripted.path(), ".ledger/ids.jsonl").lines().count() as u64;
    tiles(&continued, 0);
    let mut from = size();
    for at in 0..4 {
        // Nothing new, then some lines.
        tiles(&continued, from);
        for more in 0..at * 90 {
            let name = format!("p{at}x{more}");
            mint(&scripted, &format!("01JD4ZK3V8Q2W4X6Y8Z0B{at}{more:04}"), &name);
        }
        scripted.commit("more");
        ledger_does(scripted.path(), &["record"]);
        tiles(&continued, from);
        from = size();
    }
    assert!(from > 512);
    tiles(&whole, 0);
    let all = files_below(&continued);
    for (name, bytes) in files_below(&whole) {
        assert_eq!(all.get(&name), Some(&bytes), "{}", name.display());
    }
    for line in ["1", "2", "256", "257", "512", &from.to_string()] {
        let of_ledger = ledger_does(scripted.path(), &["prove", "--line", line, "--unsigned"]);
        let folder = continued.to_str().unwrap();
        let of_tiles =
            ledger_does(scripted.path(), &["prove", "--line", line, "--unsigned", "--tiles", folder]);
        assert_eq!(of_tiles, of_ledger, "line {line}");
    }
    // Tiles of another ledger are not continued.
    let partial = continued.join(format!("tile/0/{:03}.p/{}", from / 256, from % 256));
    let hashes = std::fs::read(&partial).unwrap();
    std::fs::write(&partial, hashes.iter().map(|byte| byte ^ 1).collect::<Vec<u8>>()).unwrap();
    let refused = ledger(
        scripted.path(),
        &["prove", "--line", &from.to_string(), "--unsigned", "--tiles", continued.to_str().unwrap()],
    );
    assert!(refused.status == 2 && refused.text.contains("do not match the checkpoint"), "{}", refused.text);
    tiles(&continued, from);
    assert_eq!(std::fs::read(&partial).unwrap(), hashes, "they are written from the lines instead");
    // Altered lines are never written.
    let lines = read(scripted.path(), ".ledger/ids.jsonl");
    scripted.write(".ledger/ids.jsonl", lines.replacen("PLG_ONE", "PLG_TWO", 1));
    let out = place.path().join("altered");
    assert_eq!(ledger(scripted.path(), &["tiles", out.to_str().unwrap()]).status, 1);
    assert!(!out.exists());
}

/// `cat` prints the first segment first, although a listing shows it last.
#[test]
fn the_lines_are_printed_in_their_order() {
    let (scripted, _keys) = recorded_ledger();
    let path = scripted.path();
    let lines = read(path, ".ledger/ids.jsonl");
    assert_eq!(ledger_does(path, &["cat"]), lines);
    let rest: String = lines.lines().skip(2).map(|line| format!("{line}\n")).collect();
    assert_eq!(ledger_does(path, &["cat", "--from", "3"]), rest);
    assert_eq!(ledger_does(path, &["cat", "--from", &(lines.lines().count() + 1).to_string()]), "");
    for from in ["0", &(lines.lines().count() + 2).to_string()] {
        assert_eq!(ledger(path, &["cat", "--from", from]).status, 2, "{from}");
    }
    assert_eq!(ledger(path, &["cat", "--rev", "HEAD"]).text, lines);
    scripted.write(".ledger/ids.jsonl", lines.replacen("PLG_ONE", "PLG_TWO", 1));
    let refused = ledger(path, &["cat"]);
    assert!(refused.status == 1 && !refused.text.contains("PLG_TWO"), "{}", refused.text);
}

/// Mode `in-change`: lines are appended in branches, merged by the merge driver, and covered by a new checkpoint.
#[test]
fn lines_of_concurrent_changes_are_merged() {
    let scripted = begun();
    mint(&scripted, ONE, "one");
    mint(&scripted, TWO, "two");
    scripted.commit("mint");
    record(&scripted);
    scripted.write(
        "policy-packs/policy.yaml",
        format!("schema_version: 1\nledger:\n  origin: {ORIGIN}\n  mode: in-change\n"),
    );
    scripted.write(
        ".gitattributes",
        ".ledger/** -text\n.ledger/ids*.jsonl merge=id-ledger\n.ledger/checkpoint merge=ours\n",
    );
    let driver = format!("{} merge-driver %O %A %B", env!("CARGO_BIN_EXE_id-ledger"));
    scripted.git(&["config", "merge.id-ledger.driver", &driver]);
    scripted.git(&["config", "merge.ours.driver", "true"]);
    scripted.commit("in-change");
    let base = scripted.git(&["rev-parse", "HEAD"]);
    let append = |identity: &str, alias: &str| {
        let alias = format!("alias={alias}");
        ledger_does(scripted.path(), &["append", "alias-add", identity, &alias, "--reason", "r"]);
        scripted.commit(&alias)
    };
    scripted.git(&["switch", "--quiet", "--create", "left"]);
    append("PLG_ONE", "PLG_UNO");
    let checked = check(scripted.path(), &["check", "--base", "main"]);
    assert_eq!((checked.status, checked.findings()), (0, vec![]), "{}", checked.report);
    scripted.git(&["switch", "--quiet", "--create", "right", &base]);
    append("PLG_TWO", "PLG_DUE");
    scripted.git(&["merge", "--quiet", "--no-edit", "left"]);
    ledger_does(scripted.path(), &["checkpoint", "renew"]);
    scripted.commit("renew");
    ledger_does(scripted.path(), &["verify"]);
    assert_eq!(events(scripted.path())[3..], ["ALIAS_ADD", "ALIAS_ADD"]);
    // Both sides changed one identity: git cannot decide the order.
    scripted.git(&["switch", "--quiet", "--create", "other", &base]);
    append("PLG_ONE", "PLG_EIN");
    let merge = std::process::Command::new("git")
        .args(["merge", "--quiet", "--no-edit", "left"])
        .current_dir(scripted.path())
        .output()
        .unwrap();
    assert!(!merge.status.success());
    let result = ledger(scripted.path(), &["record"]);
    assert!(
        result.status == 2 && result.text.contains("requires changes to contain their own lines"),
        "{}",
        result.text
    );
}

/// Event ids are derived; no two events of a ledger have the same id.
#[test]
fn every_event_has_a_unique_id() {
    let (scripted, _keys) = recorded_ledger();
    let text = read(scripted.path(), ".ledger/ids.jsonl");
    let ids: BTreeSet<&str> = text
        .lines()
        .map(|line| line.split("\"event_ulid\":\"").nth(1).unwrap().split('"').next().unwrap())
        .collect();
    assert_eq!(ids.len(), text.lines().count());
}
