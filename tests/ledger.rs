//! The ledger from the first merge to the proof in a stranger's hands.

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::judge;
use crate::support::registry::{
    ONE, ORIGIN, Spec, TWO, begun, events, ledger, ledger_does, mint, publish, read, specify,
};
use scripted::Scripted;

/// Records, and commits what was recorded.
fn record(scripted: &Scripted) -> String {
    let told = ledger_does(scripted.path(), &["record"]);
    scripted.commit("record");
    told
}

/// A ledger with a plugin, published twice, in a log signed by a key that lies at `key`.
fn standing() -> (Scripted, tempfile::TempDir) {
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
fn what_was_merged_is_recorded_once_and_derived_again() {
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
    // Another key, place, owner and version in one step; then the end.
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
    assert!(read(path, ".ledger/ids.jsonl").starts_with(&before), "every version is a prefix of the next");
    let told = ledger_does(path, &["verify", "--rederive"]);
    assert!(told.contains("11 lines derived again"), "{told}");
    let log = ledger_does(path, &["log", "PLG_ONE"]);
    assert!(
        log.contains("now: PLG_FIRST") && log.contains("retired, version 1.1.0, at plugins/first"),
        "{log}"
    );
}

/// The lines do not depend on when they were recorded, nor in how many runs.
#[test]
fn one_run_for_many_commits_writes_what_a_run_a_commit_writes() {
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
    assert!(!at_once.contains("\"version\":\"1.0.0\""), "what a merge brought is what it brought net");
    // The same commits again, with a run after each: lines stand in the working tree between them, and in no commit.
    let end = scripted.git(&["rev-parse", "HEAD~1"]);
    let commits = scripted.git(&["rev-list", "--reverse", "--first-parent", &format!("{start}..{end}")]);
    scripted.git(&["switch", "--quiet", "--detach", &start]);
    for commit in commits.lines() {
        ledger_does(scripted.path(), &["record", "--head", commit]);
    }
    assert_eq!(read(scripted.path(), ".ledger/ids.jsonl"), at_once);
}

#[test]
fn an_old_repository_is_adopted_as_it_stands() {
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
    // The digest is one that a person can make again.
    let proof = scripted.path().join("guide.tlog-proof");
    let prove = ["prove", "DOC_GUIDE@2.0.0", "--out", proof.to_str().unwrap()];
    ledger_does(scripted.path(), &prove);
    let digest = sha256(&std::fs::read(scripted.path().join("docs/guide.md")).unwrap());
    assert!(lines.contains(&digest), "{digest}");
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn what_cannot_be_recorded_is_told_and_the_rest_stands() {
    let scripted = begun();
    record(&scripted);
    mint(&scripted, ONE, "one");
    publish(&scripted, ONE, "one", "2.0.0");
    scripted.commit("one");
    publish(&scripted, ONE, "one", "1.0.0");
    publish(&scripted, TWO, "two", "1.0.0");
    scripted.commit("back, and a spec without a card");
    let told = ledger(scripted.path(), &["record"]);
    assert_eq!(told.status, 1, "{}", told.text);
    assert!(
        told.text.contains("version 1.0.0 is not higher than the published version 2.0.0 (line 3)"),
        "{}",
        told.text
    );
    assert!(told.text.contains(&format!("no ID card with ULID {TWO}")), "{}", told.text);
    assert_eq!(events(scripted.path()), ["GENESIS", "CREATE", "PUBLISH"]);
    scripted.commit("record");
    ledger_does(scripted.path(), &["verify", "--rederive"]);
}

#[test]
fn a_rewritten_history_is_evidence_and_records_nothing() {
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
    let told = ledger(scripted.path(), &["record"]);
    assert_eq!(told.status, 1);
    for part in [
        "the history was rewritten under the ledger",
        &lost,
        "the last one that it still holds",
        "the commit's object is still there",
    ] {
        assert!(told.text.contains(part), "{part}: {}", told.text);
    }
    assert_eq!(read(scripted.path(), ".ledger/ids.jsonl"), ledger_before);
    let told = ledger(scripted.path(), &["verify", "--rederive"]);
    assert_eq!(told.status, 1);
    assert!(told.text.contains("LED009"), "{}", told.text);
}

#[test]
fn a_mainline_merged_the_wrong_way_round_is_told_as_such() {
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
    let told = ledger(scripted.path(), &["record"]);
    assert_eq!(told.status, 1);
    assert!(
        told.text.contains("merged the wrong way round") || told.text.contains("made the wrong way round"),
        "{}",
        told.text
    );
}

#[test]
fn a_change_leaves_the_ledger_alone() {
    let scripted = begun();
    mint(&scripted, ONE, "one");
    scripted.commit("one");
    publish(&scripted, ONE, "one", "1.0.0");
    scripted.commit("1.0.0");
    // A writer that works through changes: even the first one passes, and what follows.
    scripted.git(&["switch", "--quiet", "--create", "writer"]);
    record(&scripted);
    let judged = judge(scripted.path(), &["check", "--base", "main"]);
    assert_eq!((judged.status, judged.findings()), (0, vec![]), "{}", judged.report);
    scripted.git(&["switch", "--quiet", "main"]);
    scripted.git(&["merge", "--quiet", "--no-ff", "-m", "merge", "writer"]);
    publish(&scripted, ONE, "one", "1.1.0");
    scripted.commit("1.1.0");
    scripted.git(&["switch", "--quiet", "--create", "again"]);
    record(&scripted);
    let judged = judge(scripted.path(), &["check", "--base", "main"]);
    assert_eq!((judged.status, judged.findings()), (0, vec![]), "{}", judged.report);
    // The same line with another word in it.
    let honest = read(scripted.path(), ".ledger/ids.jsonl");
    let forged = honest.replace("\"version\":\"1.1.0\"", "\"version\":\"1.1.1\"");
    assert_ne!(honest, forged);
    scripted.write(".ledger/ids.jsonl", forged);
    scripted.commit("forge");
    let judged = judge(scripted.path(), &["check", "--base", "main"]);
    assert_eq!(
        judged.findings(),
        ["LED007 .ledger/checkpoint", "LED009 .ledger/ids.jsonl"],
        "{}",
        judged.report
    );
    // By hand.
    scripted.git(&["reset", "--quiet", "--hard", "main"]);
    ledger_does(scripted.path(), &["append", "alias-add", "PLG_ONE", "alias=PLG_UNO", "--reason", "shorter"]);
    scripted.commit("by hand");
    let judged = judge(scripted.path(), &["check", "--base", "main"]);
    assert_eq!(judged.findings(), ["LED002 .ledger/ids.jsonl"], "{}", judged.report);
    // Asked for, and recorded once it is merged.
    scripted.git(&["reset", "--quiet", "--hard", "main"]);
    ledger_does(scripted.path(), &["record"]);
    scripted.commit("record");
    scripted.git(&["branch", "--force", "main"]);
    let yank = ["append", "yank", "PLG_ONE", "version=1.0.0", "--reason", "it deletes files", "--request"];
    ledger_does(scripted.path(), &yank);
    scripted.commit("ask");
    let judged = judge(scripted.path(), &["check", "--base", "main"]);
    assert_eq!((judged.status, judged.findings()), (0, vec![]), "{}", judged.report);
    record(&scripted);
    assert_eq!(events(scripted.path()).last().unwrap(), "YANK");
    ledger_does(scripted.path(), &["verify", "--rederive"]);
}

#[test]
fn events_by_hand_stand_between_derived_ones() {
    let scripted = begun();
    mint(&scripted, ONE, "one");
    publish(&scripted, ONE, "one", "1.0.0");
    scripted.commit("one");
    record(&scripted);
    let transfer = ["append", "transfer", "PLG_ONE", "to=new@example.org", "--reason", "agreed by both"];
    ledger_does(scripted.path(), &transfer);
    scripted.commit("by hand");
    // The spec catches up, and goes on: the first says nothing new, the second does.
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
        let told = ledger(scripted.path(), arguments);
        assert!(told.status == 1 && told.text.contains(message), "{}", told.text);
    }
    let told = ledger(scripted.path(), &["append", "publish", "PLG_ONE", "--reason", "r"]);
    assert!(told.status == 2 && told.text.contains("nothing that is appended by hand"), "{}", told.text);
}

#[test]
fn proofs_hold_without_repository_and_ledger() {
    let (scripted, _keys) = standing();
    let path = scripted.path();
    let key = read(path, ".ledger/log.vkey");
    let elsewhere = tempfile::tempdir().unwrap();
    let proof = elsewhere.path().join("one.tlog-proof");
    ledger_does(path, &["prove", "PLG_ONE@1.1.0", "--out", proof.to_str().unwrap()]);
    // The published directory, as it was packed somewhere.
    std::fs::create_dir(elsewhere.path().join("one")).unwrap();
    let spec = std::fs::read(path.join("plugins/one/plugin.spec.json")).unwrap();
    std::fs::write(elsewhere.path().join("one/plugin.spec.json"), &spec).unwrap();
    let verify = |artifact: &str| {
        ledger(
            elsewhere.path(),
            &["verify-proof", "one.tlog-proof", "--key", key.trim(), "--artifact", artifact],
        )
    };
    let told = verify("one");
    assert_eq!(told.status, 0, "{}", told.text);
    assert!(told.text.contains("one is the published content"), "{}", told.text);
    std::fs::write(elsewhere.path().join("one/more"), "x").unwrap();
    assert_eq!(verify("one").status, 1);
    let told = ledger(elsewhere.path(), &["verify-proof", "one.tlog-proof"]);
    assert!(told.status == 2 && told.text.contains("it is not known whom to trust"), "{}", told.text);
    // Presence and absence against the seal.
    for (ulid, says) in [
        (ONE, "\"version\":\"1.0.0\""),
        (TWO, "was not there when the state was sealed"),
        ("00000000000000000000000000", "was not there"),
    ] {
        let file = elsewhere.path().join("state.proof");
        ledger_does(path, &["prove", ulid, "--state", "--out", file.to_str().unwrap()]);
        let told = ledger_does(elsewhere.path(), &["verify-proof", "state.proof", "--key", key.trim()]);
        assert!(told.contains(says), "{told}");
    }
}

#[test]
fn every_changed_byte_of_a_ledger_is_noticed() {
    let (scripted, _keys) = standing();
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
            let told = ledger(path, arguments);
            assert!(told.status != 0, "byte {at} of {file}: {}", told.text);
            cases += 1;
        }
        for cut in [bytes.len() - 1, bytes.len() / 2, 0] {
            std::fs::write(path.join(file), &bytes[..cut]).unwrap();
            assert!(ledger(path, arguments).status != 0, "{file} cut at {cut}");
        }
        std::fs::write(path.join(file), [&bytes[..], b"\n"].concat()).unwrap();
        assert!(ledger(path, arguments).status != 0, "{file} with a line feed more");
        std::fs::write(path.join(file), bytes).unwrap();
    };
    // A program a byte takes its time: the crates' own tests change every byte, `ID_GUARD_LONG` does so here.
    let step = if std::env::var_os("ID_GUARD_LONG").is_some() { 1 } else { 7 };
    sweep(".ledger/ids.jsonl", step, &["verify"]);
    sweep(".ledger/checkpoint", 1, &["verify"]);
    sweep(".ledger/log.vkey", 3, &["verify"]);
    sweep("one.tlog-proof", step, &["verify-proof", "one.tlog-proof", "--key", key.trim()]);
    assert!(cases > 400, "{cases}");
    ledger_does(path, &["verify"]);
}

#[test]
fn keys_are_rotated_by_both_and_old_ones_sign_nothing_more() {
    let (scripted, keys) = standing();
    let path = scripted.path();
    let (old, new) = (keys.path().join("log.key"), keys.path().join("new.key"));
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    ledger_does(path, &["key", "generate", ORIGIN, "--out", new]);
    let told = ledger(path, &["key", "generate", ORIGIN, "--out", new]);
    assert_eq!(told.status, 2, "a key is never written over: {}", told.text);
    let before = read(path, ".ledger/checkpoint");
    std::fs::write(path.join("old.checkpoint"), &before).unwrap();
    let told = ledger(path, &["key", "rotate", "--new-key-file", new]);
    assert!(told.status == 2 && told.text.contains("that key is not at hand"), "{}", told.text);
    ledger_does(path, &["key", "rotate", "--key-file", old, "--new-key-file", new, "--reason", "yearly"]);
    assert_eq!(read(path, ".ledger/checkpoint").matches('\u{2014}').count(), 2, "both signed the step");
    assert_eq!(read(path, ".ledger/log.vkey"), ledger_does(path, &["key", "show", new]));
    std::fs::remove_file(path.join("old.checkpoint")).unwrap();
    scripted.commit("rotate");
    ledger_does(path, &["verify", "--rederive"]);
    publish(&scripted, ONE, "one", "2.0.0");
    scripted.commit("2.0.0");
    let told = ledger(path, &["record", "--key-file", old]);
    assert!(told.status == 2 && told.text.contains("that key is not at hand"), "{}", told.text);
    ledger_does(path, &["record", "--key-file", new]);
    std::fs::write(keys.path().join("old.checkpoint"), before).unwrap();
    let since = keys.path().join("old.checkpoint");
    ledger_does(path, &["verify", "--since", since.to_str().unwrap()]);
    // A stranger's key in the key's place.
    let stranger = keys.path().join("stranger.key");
    let public = ledger_does(path, &["key", "generate", ORIGIN, "--out", stranger.to_str().unwrap()]);
    scripted.write(".ledger/log.vkey", format!("{}\n", public.lines().last().unwrap()));
    assert_eq!(ledger(path, &["verify"]).status, 1);
}

#[test]
fn witnesses_vouch_only_for_what_continues() {
    let (scripted, keys) = standing();
    let path = scripted.path();
    let at = |name: &str| keys.path().join(name).to_str().unwrap().to_string();
    let key = read(path, ".ledger/log.vkey");
    let mut policy = format!("log {key}");
    for name in ["w1", "w2"] {
        let told = ledger_does(path, &["key", "generate", name, "--witness", "--out", &at(name)]);
        policy += &format!("witness {name} {}\n", told.lines().last().unwrap());
    }
    policy += "group both all w1 w2\nquorum both\n";
    std::fs::write(at("trust.policy"), policy).unwrap();
    let told = ledger(path, &["verify", "--trust", &at("trust.policy")]);
    assert!(told.status == 1 && told.text.contains("the quorum both is not reached"), "{}", told.text);
    // Each witness has a memory of its own.
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
    let (status, once) = cosign("w1", checkpoint.to_str().unwrap(), &[]);
    assert_eq!(status, 0);
    std::fs::write(&checkpoint, once).unwrap();
    let (status, twice) = cosign("w2", checkpoint.to_str().unwrap(), &[]);
    assert_eq!(status, 0);
    std::fs::write(&checkpoint, twice).unwrap();
    let told = ledger_does(path, &["verify", "--trust", &at("trust.policy")]);
    assert!(told.contains("seen by w1, w2"), "{told}");
    std::fs::copy(&checkpoint, at("before")).unwrap();
    publish(&scripted, ONE, "one", "2.0.0");
    scripted.commit("2.0.0");
    ledger_does(path, &["record", "--key-file", &at("log.key")]);
    assert_eq!(cosign("w1", checkpoint.to_str().unwrap(), &[]).0, 1, "nothing shows that it continues");
    let proof = ledger_does(path, &["checkpoint", "prove", "--since", &at("before")]);
    std::fs::write(at("proof"), proof).unwrap();
    assert_eq!(cosign("w1", checkpoint.to_str().unwrap(), &["--proof", &at("proof")]).0, 0);
    let now = checkpoint.to_str().unwrap();
    let verify = ["checkpoint", "verify", &at("before"), now, &at("proof"), "--key", key.trim()];
    ledger_does(path, &verify);
    let told = ledger(path, &["checkpoint", "verify", now, &at("before"), &at("proof"), "--key", key.trim()]);
    assert_eq!(told.status, 1);
}

/// A log that tells two stories: the pin notices, with both stories as evidence.
#[test]
fn a_fork_is_noticed_against_what_was_seen() {
    let (scripted, keys) = standing();
    let config = tempfile::tempdir().unwrap();
    let run = |directory: &Path, arguments: &[&str]| {
        let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-ledger"))
            .env_clear()
            .envs([("XDG_CONFIG_HOME", config.path())])
            .current_dir(directory)
            .args(arguments)
            .output()
            .unwrap();
        crate::support::registry::told(&output)
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
    let told = run(path, &["verify"]);
    assert!(told.status == 0 && told.text.contains("held to what was pinned at 5 lines"), "{}", told.text);
    let told = run(path, &["verify", "--pin"]);
    assert!(told.status == 0 && told.text.contains("pin moved from 5 to 6 lines"), "{}", told.text);
    // The other story, by the same log's key.
    let spec = read(path, "plugins/one/plugin.spec.json").replace("1.2.0", "1.3.0");
    std::fs::write(fork.path().join("plugins/one/plugin.spec.json"), spec).unwrap();
    scripted::git(fork.path(), &["commit", "--quiet", "--all", "-m", "1.3.0"], 1_700_000_777);
    assert_eq!(run(fork.path(), &record).status, 0);
    let evidence = config.path().join("evidence");
    let told = run(fork.path(), &["verify", "--evidence", evidence.to_str().unwrap()]);
    assert_eq!(told.status, 1);
    assert_eq!(
        std::fs::read_to_string(&evidence).unwrap().matches(&format!("\u{2014} {ORIGIN} ")).count(),
        2,
        "both, as they were signed"
    );
    for part in ["LED008", "the log tells two stories", "evidence: what was pinned"] {
        assert!(told.text.contains(part), "{part}: {}", told.text);
    }
    // And a log that was rolled back.
    scripted.git(&["checkout", "--quiet", "--", ".ledger"]);
    let told = run(path, &["verify"]);
    assert!(told.status == 1 && told.text.contains("it is behind, or was rolled back"), "{}", told.text);
}

#[test]
fn tiles_are_those_that_others_read() {
    let (scripted, _keys) = standing();
    let out = tempfile::tempdir().unwrap();
    ledger_does(scripted.path(), &["tiles", out.path().to_str().unwrap()]);
    let lines = read(scripted.path(), ".ledger/ids.jsonl").lines().count();
    let hashes = std::fs::read(out.path().join(format!("tile/0/000.p/{lines}"))).unwrap();
    assert_eq!(hashes.len(), 32 * lines);
    assert_eq!(read(out.path(), "checkpoint"), read(scripted.path(), ".ledger/checkpoint"));
}

/// Where changes bring their own lines: appended in branches, merged by the driver, covered anew.
#[test]
fn changes_that_bring_their_own_lines_are_merged() {
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
    let judged = judge(scripted.path(), &["check", "--base", "main"]);
    assert_eq!((judged.status, judged.findings()), (0, vec![]), "{}", judged.report);
    scripted.git(&["switch", "--quiet", "--create", "right", &base]);
    append("PLG_TWO", "PLG_DUE");
    scripted.git(&["merge", "--quiet", "--no-edit", "left"]);
    ledger_does(scripted.path(), &["checkpoint", "renew"]);
    scripted.commit("renew");
    ledger_does(scripted.path(), &["verify"]);
    assert_eq!(events(scripted.path())[3..], ["ALIAS_ADD", "ALIAS_ADD"]);
    // Both sides of one identity: which came first is not git's to say.
    scripted.git(&["switch", "--quiet", "--create", "other", &base]);
    append("PLG_ONE", "PLG_EIN");
    let merge = std::process::Command::new("git")
        .args(["merge", "--quiet", "--no-edit", "left"])
        .current_dir(scripted.path())
        .output()
        .unwrap();
    assert!(!merge.status.success());
    let told = ledger(scripted.path(), &["record"]);
    assert!(told.status == 2 && told.text.contains("changes bring their own lines"), "{}", told.text);
}

/// Ids are derived, so no two events of a ledger share one.
#[test]
fn every_event_has_an_id_of_its_own() {
    let (scripted, _keys) = standing();
    let text = read(scripted.path(), ".ledger/ids.jsonl");
    let ids: BTreeSet<&str> = text
        .lines()
        .map(|line| line.split("\"event_ulid\":\"").nth(1).unwrap().split('"').next().unwrap())
        .collect();
    assert_eq!(ids.len(), text.lines().count());
}
