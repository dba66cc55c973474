//! Changes of the ledger in pull requests, each from an attack that succeeded against an earlier version.

use crate::support::check;
use crate::support::registry::{
    ONE, ORIGIN, Spec, TWO, begun, events, ledger, ledger_does, mint, publish, read, specify,
};
use scripted::Scripted;

/// A ledger with one plugin on main, and a branch for the changes.
fn recorded_ledger() -> Scripted {
    let scripted = begun();
    mint(&scripted, ONE, "one");
    publish(&scripted, ONE, "one", "1.0.0");
    scripted.commit("one");
    ledger_does(scripted.path(), &["record"]);
    scripted.commit("record");
    scripted.git(&["branch", "try"]);
    scripted
}

/// The findings of the branch against main.
fn finds(scripted: &Scripted) -> Vec<String> {
    of_ledger(&check(scripted.path(), &["check", "--base", "main"]))
}

/// The findings about the ledger; the plugins of these tests consist only of a spec, and other rules report that.
fn of_ledger(checked: &crate::support::Checked) -> Vec<String> {
    checked.findings().into_iter().filter(|finding| finding.starts_with("LED")).collect()
}

/// Writes other lines and a checkpoint that covers them, like an attacker who has the program.
fn forge(scripted: &Scripted, change: impl FnOnce(String) -> String) {
    let text = read(scripted.path(), ".ledger/ids.jsonl");
    scripted.write(".ledger/ids.jsonl", change(text));
    let root = ledger_does(scripted.path(), &["checkpoint", "root"]);
    let (size, root) = root.trim().split_once(' ').unwrap();
    scripted.write(".ledger/checkpoint", format!("{ORIGIN}\n{size}\n{root}\n"));
    scripted.commit("forge");
}

#[test]
fn the_events_of_a_commit_are_appended_together() {
    let scripted = recorded_ledger();
    mint(&scripted, TWO, "two");
    publish(&scripted, TWO, "two", "1.0.0");
    scripted.commit("two");
    scripted.git(&["switch", "--quiet", "--create", "half"]);
    ledger_does(scripted.path(), &["record"]);
    forge(&scripted, |text| {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        lines[..lines.len() - 1].concat()
    });
    assert_eq!(finds(&scripted), ["LED002 .ledger/ids.jsonl"]);
}

#[test]
fn a_log_starts_with_the_origin_and_key_of_the_policy() {
    let scripted = begun();
    let keys = tempfile::tempdir().unwrap();
    let key = keys.path().join("evil");
    let key = key.to_str().unwrap();
    ledger_does(scripted.path(), &["key", "generate", "evil.example/x", "--out", key]);
    scripted.git(&["switch", "--quiet", "--create", "try"]);
    let result = ledger_does(scripted.path(), &["record", "--origin", "evil.example/x", "--key-file", key]);
    assert!(result.contains("recorded 1 event"), "{result}");
    scripted.commit("begin");
    assert_eq!(finds(&scripted), ["LED002 .ledger/ids.jsonl"]);
    // The right name with a key that the policy does not list.
    scripted.git(&["reset", "--quiet", "--hard", "main"]);
    let key = keys.path().join("own");
    ledger_does(scripted.path(), &["key", "generate", ORIGIN, "--out", key.to_str().unwrap()]);
    ledger_does(scripted.path(), &["record", "--key-file", key.to_str().unwrap()]);
    scripted.commit("begin");
    assert_eq!(finds(&scripted), ["LED002 .ledger/ids.jsonl"]);
}

#[test]
fn a_change_cannot_add_the_first_key_of_a_log() {
    let scripted = recorded_ledger();
    scripted.git(&["switch", "--quiet", "try"]);
    let keys = tempfile::tempdir().unwrap();
    let key = keys.path().join("evil");
    ledger_does(scripted.path(), &["key", "generate", ORIGIN, "--out", key.to_str().unwrap()]);
    ledger_does(scripted.path(), &["key", "rotate", "--new-key-file", key.to_str().unwrap()]);
    scripted.commit("rotate");
    assert_eq!(finds(&scripted), ["LED002 .ledger/ids.jsonl"]);
    // Pushed to the mainline directly, it is accepted.
    assert_eq!(
        check(scripted.path(), &["check", "--base", "main", "--pushed"]).findings(),
        Vec::<String>::new()
    );
}

#[test]
fn a_seal_must_equal_the_one_that_recording_writes() {
    let scripted = recorded_ledger();
    scripted.git(&["switch", "--quiet", "try"]);
    ledger_does(scripted.path(), &["record", "--seal"]);
    scripted.commit("seal");
    assert_eq!(
        finds(&scripted),
        Vec::<String>::new(),
        "nothing new was merged, and the state is sealed all the same"
    );
    forge(&scripted, |text| text.replace(&format!("\"by\":\"{ORIGIN}\""), "\"by\":\"ceo@example.org\""));
    assert_eq!(finds(&scripted), ["LED002 .ledger/ids.jsonl"]);
}

#[test]
fn a_request_that_is_reverted_is_checked_as_well() {
    let scripted = recorded_ledger();
    scripted.git(&["switch", "--quiet", "try"]);
    let transfer = ["append", "transfer", "PLG_ONE", "to=evil@example.org", "--reason", "r", "--request"];
    ledger_does(scripted.path(), &transfer);
    scripted.commit("ask");
    scripted.git(&["rm", "-r", "--quiet", ".ledger/pending"]);
    scripted.commit("take it back");
    assert_eq!(finds(&scripted).len(), 1);
    assert!(finds(&scripted)[0].starts_with("LED010 .ledger/pending/"));
}

/// The gate makes the same checks as recording, because after the merge a fix needs another change.
#[test]
fn an_omission_is_reported_before_the_merge() {
    let scripted = recorded_ledger();
    mint(&scripted, TWO, "two");
    publish(&scripted, TWO, "two", "1.0.0");
    scripted.commit("two");
    ledger_does(scripted.path(), &["record"]);
    scripted.commit("record");
    scripted.git(&["branch", "--force", "try"]);
    scripted.git(&["switch", "--quiet", "try"]);
    publish(&scripted, ONE, "one", "0.9.0");
    scripted.commit("back");
    assert!(
        finds(&scripted).contains(&"LED006 plugins/one/plugin.spec.json".into()),
        "{:?}",
        finds(&scripted)
    );
    let report = check(scripted.path(), &["check", "--base", "main"]).report;
    let illegal = report["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "LED006");
    let illegal = illegal.unwrap();
    let (line, pointer) = (&illegal["span"]["start"]["line"], &illegal["pointer"]);
    assert!(line == 1 && pointer == "/version", "the place of the version: {line} {pointer}");
    // The key of another identity in a request, which no card or spec shows.
    for fields in ["new_key=PLG_TWO", "to=plugins/two", "alias=PLG_TWO"] {
        scripted.git(&["reset", "--quiet", "--hard", "main"]);
        let event = match fields.split('=').next().unwrap() {
            "new_key" => "rekey",
            "to" => "move",
            _ => "alias-add",
        };
        let result =
            ledger(scripted.path(), &["append", event, "PLG_ONE", fields, "--reason", "r", "--request"]);
        assert!(result.status == 1 && result.text.contains(TWO), "{}", result.text);
    }
    // The same request twice in one change.
    for reason in ["a", "b"] {
        ledger_does(
            scripted.path(),
            &["append", "yank", "PLG_ONE", "version=1.0.0", "--reason", reason, "--request"],
        );
    }
    scripted.commit("twice");
    assert_eq!(finds(&scripted).len(), 1, "{:?}", finds(&scripted));
}

/// A line is checked with the policy of its source commit, not with the current one.
#[test]
fn a_new_policy_does_not_affect_recorded_lines() {
    let scripted = recorded_ledger();
    let spec = |version, owner| Spec { name: "one", key: "PLG_ONE", version, owner, rest: "" };
    specify(&scripted, ONE, &spec("1.0.0", "new@example.org"));
    scripted.commit("another owner");
    ledger_does(scripted.path(), &["record"]);
    let policy = |rest: &str| {
        scripted.write(
            "policy-packs/policy.yaml",
            format!("schema_version: 1\nledger:\n  origin: {ORIGIN}\n{rest}"),
        );
        scripted.commit("policy");
    };
    policy("  attested: [TRANSFER]\n");
    ledger_does(scripted.path(), &["verify", "--rederive"]);
    specify(&scripted, ONE, &spec("1.0.0", "third@example.org"));
    scripted.commit("not attested");
    let result = ledger(scripted.path(), &["record"]);
    assert!(
        result.status == 1 && result.text.contains("the policy requires an attestation"),
        "{}",
        result.text
    );
    policy("  back_ports: true\n");
    specify(&scripted, ONE, &spec("2.0.0", "third@example.org"));
    scripted.commit("2.0.0");
    specify(&scripted, ONE, &spec("1.9.0", "third@example.org"));
    scripted.commit("a back-port");
    let result = ledger(scripted.path(), &["record"]);
    assert!(
        result.text.contains("2 PUBLISH"),
        "an omission is reported until a later event is recorded: {}",
        result.text
    );
    policy("");
    scripted.write("README.md", "x");
    scripted.commit("later");
    ledger_does(scripted.path(), &["verify", "--rederive"]);
    let result = ledger_does(scripted.path(), &["record"]);
    assert!(result.starts_with("nothing to record"), "{result}");
}

#[test]
fn unrecorded_merges_cause_no_finding_in_other_changes() {
    let scripted = recorded_ledger();
    ledger_does(scripted.path(), &["record", "--seal"]);
    scripted.commit("seal");
    publish(&scripted, ONE, "one", "1.1.0");
    scripted.commit("1.1.0");
    ledger_does(scripted.path(), &["verify", "--rederive"]);
    // A late run for an older commit finds that it is already recorded.
    ledger_does(scripted.path(), &["record"]);
    let result = ledger_does(scripted.path(), &["record", "--head", "HEAD~1"]);
    assert!(result.starts_with("nothing to record"), "{result}");
}

#[test]
fn an_attestation_must_exist_and_be_valid() {
    let scripted = recorded_ledger();
    scripted.git(&["switch", "--quiet", "try"]);
    let line = format!(
        "{{\"att\":\"{}\",\"payload\":{{\"to\":\"x@example.org\"}},\"subject_ulid\":\"{ONE}\",\"type\":\"TRANSFER\"}}\n",
        "ab".repeat(32)
    );
    let name = sha256(line.as_bytes());
    scripted.write(format!(".ledger/pending/{name}.json"), line);
    scripted.commit("attested by nothing");
    assert!(finds(&scripted)[0].starts_with("LED010"), "{:?}", finds(&scripted));
    scripted.git(&["reset", "--quiet", "--hard", "main"]);
    scripted.write(format!(".ledger/att/{}.json", sha256(b"{}\n")), "{}\n");
    scripted.commit("no envelope");
    assert!(finds(&scripted)[0].starts_with("LED010 .ledger/att/"), "{:?}", finds(&scripted));
}

fn sha256(bytes: &[u8]) -> String {
    digest::Digest::of(bytes).hex()
}

#[test]
fn foreign_files_in_the_ledger_directory_are_refused() {
    let scripted = recorded_ledger();
    publish(&scripted, ONE, "one", "1.1.0");
    scripted.commit("1.1.0");
    scripted.git(&["switch", "--quiet", "--create", "writer"]);
    ledger_does(scripted.path(), &["record"]);
    scripted.write(".ledger/log.vkey", "evil\n");
    scripted.write(".ledger/ids.00003.jsonl", "x\n");
    scripted.write(".ledger/trust.policy", "nonsense\n");
    scripted.commit("record, and more");
    let found = finds(&scripted);
    for name in ["LED002 .ledger/log.vkey", "LED002 .ledger/ids.00003.jsonl", "LED002 .ledger/trust.policy"] {
        assert!(found.contains(&name.into()), "{name}: {found:?}");
    }
    assert_eq!(ledger(scripted.path(), &["verify"]).status, 1, "a segment after a gap is reported");
}

/// A writer never removes committed lines, and a dry run writes nothing.
#[test]
fn a_writer_keeps_acknowledged_lines() {
    let scripted = recorded_ledger();
    let path = scripted.path();
    let old = read(path, ".ledger/checkpoint");
    ledger_does(path, &["append", "alias-add", "PLG_ONE", "alias=PLG_UNO", "--reason", "r"]);
    scripted.commit("by hand");
    let whole = read(path, ".ledger/ids.jsonl");
    scripted.write(".ledger/checkpoint", old);
    let result = ledger(path, &["record"]);
    assert!(
        result.status == 2 && result.text.contains("lines were lost, or an old checkpoint was restored"),
        "{}",
        result.text
    );
    assert_eq!(read(path, ".ledger/ids.jsonl"), whole);
    scripted.git(&["checkout", "--quiet", "--", ".ledger"]);
    scripted.write(".ledger/ids.jsonl", format!("{whole}torn"));
    ledger_does(path, &["record", "--dry-run"]);
    assert_eq!(read(path, ".ledger/ids.jsonl"), format!("{whole}torn"));
    // Lines without a checkpoint are a fault.
    std::fs::rename(path.join(".ledger/ids.jsonl"), path.join(".ledger/ids.00001.jsonl")).unwrap();
    std::fs::remove_file(path.join(".ledger/checkpoint")).unwrap();
    assert_eq!(ledger(path, &["record"]).status, 2);
    assert!(path.join(".ledger/ids.00001.jsonl").is_file());
}

/// Every author name is stored in a line, shortened or replaced if necessary.
#[test]
fn no_author_name_prevents_an_event() {
    let scripted = recorded_ledger();
    publish(&scripted, ONE, "one", "1.1.0");
    scripted.git(&["add", "--all"]);
    let author = format!("A <a{}b@example.org>", "\u{1}".repeat(198));
    scripted.git(&["commit", "--quiet", "-m", "odd", "--author", &author]);
    ledger_does(scripted.path(), &["record"]);
    assert_eq!(events(scripted.path()).last().unwrap(), "PUBLISH");
    scripted.commit("record");
    ledger_does(scripted.path(), &["verify", "--rederive"]);
}

#[test]
fn numbers_that_overflow_are_refused() {
    let scripted = recorded_ledger();
    scripted.git(&["switch", "--quiet", "try"]);
    let line = format!(
        "{{\"payload\":{{\"reason\":-9223372036854775808}},\"subject_ulid\":\"{ONE}\",\"type\":\"DEPRECATE\"}}\n"
    );
    scripted.write(format!(".ledger/pending/{}.json", sha256(line.as_bytes())), line);
    scripted.commit("overflow");
    assert!(finds(&scripted)[0].starts_with("LED010"), "{:?}", finds(&scripted));
}

/// In mode `in-change` the first line is recorded on the mainline, and changes append the lines of new identities.
#[test]
fn changes_with_their_own_lines_can_add_identities() {
    let scripted = begun();
    scripted.write(
        "policy-packs/policy.yaml",
        format!("schema_version: 1\nledger:\n  origin: {ORIGIN}\n  mode: in-change\n"),
    );
    scripted.commit("in-change");
    let result = ledger(scripted.path(), &["append", "create", ONE, "--reason", "new"]);
    assert!(result.status == 2 && result.text.contains("id-ledger record"), "{}", result.text);
    assert!(!scripted.path().join(".ledger").exists(), "no ledger was created");
    ledger_does(scripted.path(), &["record"]);
    scripted.commit("begin");
    scripted.git(&["switch", "--quiet", "--create", "feature"]);
    mint(&scripted, ONE, "one");
    publish(&scripted, ONE, "one", "1.0.0");
    ledger_does(scripted.path(), &["append", "create", ONE, "--reason", "new"]);
    ledger_does(scripted.path(), &["append", "publish", "PLG_ONE", "version=1.0.0", "--reason", "first"]);
    scripted.commit("one");
    assert_eq!(finds(&scripted), Vec::<String>::new());
    assert_eq!(events(scripted.path()), ["GENESIS", "CREATE", "PUBLISH"]);
    ledger_does(scripted.path(), &["verify"]);
    // A line that names a missing commit as its source.
    forge(&scripted, |text| {
        let last = text.lines().last().unwrap().to_string();
        let derived = last
            .replace("id-ledger-append/1", "id-ledger/1")
            .replace("\"subject_ulid\"", &format!("\"src\":\"{}\",\"subject_ulid\"", "f".repeat(40)));
        text.replace(&last, &derived)
    });
    assert!(finds(&scripted).contains(&"LED009 .ledger/ids.jsonl".into()), "{:?}", finds(&scripted));
}

/// A push to the mainline that contains a merge and its recorded lines.
#[test]
fn a_push_can_contain_a_merge_and_its_lines() {
    let scripted = recorded_ledger();
    let before = scripted.git(&["rev-parse", "HEAD"]);
    publish(&scripted, ONE, "one", "1.1.0");
    scripted.commit("1.1.0");
    ledger_does(scripted.path(), &["record"]);
    scripted.commit("record");
    ledger_does(scripted.path(), &["append", "alias-add", "PLG_ONE", "alias=PLG_UNO", "--reason", "r"]);
    scripted.commit("by hand");
    publish(&scripted, ONE, "one", "1.2.0");
    scripted.commit("1.2.0");
    ledger_does(scripted.path(), &["record"]);
    scripted.commit("record");
    let checked = check(scripted.path(), &["check", "--base", &before, "--pushed"]);
    assert_eq!(of_ledger(&checked), Vec::<String>::new(), "{}", checked.report);
    let checked = check(scripted.path(), &["check", "--base", &before]);
    assert_eq!(
        of_ledger(&checked),
        ["LED009 .ledger/ids.jsonl"],
        "in a change that is still to be merged it is not derived"
    );
}

/// Only the artifact's own document can change its identity.
#[test]
fn another_document_cannot_change_an_identity() {
    let scripted = recorded_ledger();
    scripted.git(&["switch", "--quiet", "try"]);
    let evil = |path: &str| {
        let text = format!(
            "---\nulid: {ONE}\ndoc_key: DOC_OTHER\nsemver: 9.9.9\nstatus: retired\nowner: evil@example.org\neffective_date: \"2026-01-01\"\n---\n"
        );
        scripted.write(path, text);
        scripted.commit("take over");
    };
    evil("notes/evil.md");
    assert!(finds(&scripted).contains(&"LED006 notes/evil.md".into()), "{:?}", finds(&scripted));
    let result = ledger(scripted.path(), &["record"]);
    assert!(
        result.status == 1 && result.text.contains("describes another kind of artifact"),
        "{}",
        result.text
    );
    assert_eq!(events(scripted.path()).len(), 3, "no event was recorded");
    // A copy of the document, while the original exists.
    scripted.git(&["reset", "--quiet", "--hard", "main"]);
    let spec = Spec { name: "copy", key: "PLG_ONE", version: "9.0.0", owner: "evil@example.org", rest: "" };
    specify(&scripted, ONE, &spec);
    scripted.commit("copy");
    assert!(
        finds(&scripted).contains(&"LED006 plugins/copy/plugin.spec.json".into()),
        "{:?}",
        finds(&scripted)
    );
    assert!(ledger(scripted.path(), &["record"]).text.contains("this file declares the same ULID"));
}

#[test]
fn a_ledger_can_start_only_on_the_mainline() {
    let scripted = begun();
    scripted.git(&["switch", "--quiet", "--create", "try"]);
    scripted.write("README.md", "x");
    scripted.commit("feature");
    ledger_does(scripted.path(), &["record"]);
    scripted.commit("begin");
    assert_eq!(finds(&scripted), ["LED009 .ledger/ids.jsonl"]);
}

/// An attestation is valid only for the event that its statement names.
#[test]
fn an_attestation_is_bound_to_its_event() {
    let scripted = recorded_ledger();
    let keys = tempfile::tempdir().unwrap();
    let envelope = keys.path().join("envelope.json");
    let append = |extra: &[&str]| {
        let arguments = ["append", "transfer", "PLG_ONE", "to=new@example.org", "--reason", "r"];
        ledger(scripted.path(), &[&arguments[..], extra].concat())
    };
    let result = append(&["--dry-run", "--request"]).text;
    let digest = result.trim_end().rsplit(' ').next().unwrap().to_string();
    assert_eq!(digest.len(), 64, "{result}");
    let write = |digest: &str| {
        let statement = format!(
            "{{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":\"x\",\"subject\":[{{\"name\":\"event\",\"digest\":{{\"sha256\":\"{digest}\"}}}}]}}"
        );
        let payload = base64(statement.as_bytes());
        let text = format!(
            "{{\"payload\":\"{payload}\",\"payloadType\":\"application/vnd.in-toto+json\",\"signatures\":[{{\"sig\":\"AAAA\"}}]}}\n"
        );
        std::fs::write(&envelope, text).unwrap();
    };
    write(&"0".repeat(64));
    let result = append(&["--att", envelope.to_str().unwrap()]);
    assert!(
        result.status == 2 && result.text.contains("the statement does not name this event"),
        "{}",
        result.text
    );
    write(&digest);
    assert_eq!(append(&["--att", envelope.to_str().unwrap()]).status, 0);
    ledger_does(scripted.path(), &["verify"]);
    std::fs::remove_dir_all(scripted.path().join(".ledger/att")).unwrap();
    assert_eq!(ledger(scripted.path(), &["verify"]).status, 1, "a missing attestation is reported");
}

/// Encodes base64.
fn base64(bytes: &[u8]) -> String {
    let output = assert_cmd::Command::new("base64").arg("-w0").write_stdin(bytes).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// For rebase merges, the gate checks what each commit alone could record.
#[test]
fn each_commit_of_a_rebase_merge_is_checked_alone() {
    let scripted = recorded_ledger();
    scripted.git(&["switch", "--quiet", "try"]);
    let spec = |version, owner, rest| Spec { name: "one", key: "PLG_ONE", version, owner, rest };
    specify(&scripted, ONE, &spec("1.0.0", "evil@example.org", ",\"aliases\":[\"PLG_SQUAT\"]"));
    scripted.commit("take");
    publish(&scripted, ONE, "one", "1.0.0");
    scripted.commit("put back");
    assert_eq!(finds(&scripted), Vec::<String>::new(), "the change as a whole has no finding");
    let checked = check(scripted.path(), &["check", "--base", "main", "--per-commit"]);
    assert_eq!(of_ledger(&checked), ["LED006 .ledger"], "an alias is reserved permanently");
}

#[test]
fn no_line_separates_the_events_of_a_commit() {
    let scripted = recorded_ledger();
    let base = scripted.git(&["rev-parse", "HEAD"]);
    ledger_does(scripted.path(), &["append", "alias-add", "PLG_ONE", "alias=PLG_UNO", "--reason", "r"]);
    let by_hand = read(scripted.path(), ".ledger/ids.jsonl").lines().last().unwrap().to_string();
    scripted.git(&["checkout", "--quiet", "--", ".ledger"]);
    mint(&scripted, TWO, "two");
    publish(&scripted, TWO, "two", "1.0.0");
    scripted.commit("two");
    ledger_does(scripted.path(), &["record"]);
    forge(&scripted, |text| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.insert(lines.len() - 1, &by_hand);
        lines.join("\n") + "\n"
    });
    let checked = check(scripted.path(), &["check", "--base", &base, "--pushed"]);
    assert_eq!(of_ledger(&checked), ["LED002 .ledger/ids.jsonl"]);
}

#[test]
fn a_push_that_drops_mainline_commits_is_reported() {
    let scripted = recorded_ledger();
    let old = scripted.git(&["rev-parse", "HEAD~1"]);
    publish(&scripted, ONE, "one", "1.1.0");
    scripted.commit("1.1.0");
    ledger_does(scripted.path(), &["record"]);
    let base = scripted.commit("record");
    scripted.git(&["switch", "--quiet", "--create", "side", &old]);
    scripted.write("x", "x");
    scripted.commit("side");
    scripted.git(&["merge", "--quiet", "-m", "foxtrot", "main"]);
    let checked = check(scripted.path(), &["check", "--base", &base, "--pushed"]);
    assert_eq!(of_ledger(&checked), ["LED009 .ledger"]);
}

#[test]
fn only_witnesses_add_to_a_checkpoint() {
    let scripted = begun();
    let keys = tempfile::tempdir().unwrap();
    let at = |name: &str| keys.path().join(name).to_str().unwrap().to_string();
    let log = ledger_does(scripted.path(), &["key", "generate", ORIGIN, "--out", &at("log")]);
    let witness = ledger_does(scripted.path(), &["key", "generate", "w", "--witness", "--out", &at("w")]);
    let public = |result: &str| result.lines().last().unwrap().to_string();
    ledger_does(scripted.path(), &["record", "--key-file", &at("log")]);
    let trust = format!("log {}\nwitness w {}\nquorum none\n", public(&log), public(&witness));
    scripted.write(".ledger/trust.policy", trust);
    scripted.commit("begin");
    scripted.git(&["switch", "--quiet", "--create", "try"]);
    let checkpoint = scripted.path().join(".ledger/checkpoint");
    let checkpoint = checkpoint.to_str().unwrap();
    let cosign = [
        "checkpoint",
        "cosign",
        checkpoint,
        "--key",
        &public(&log),
        "--key-file",
        &at("w"),
        "--first",
        "--out",
        checkpoint,
    ];
    ledger_does(scripted.path(), &cosign);
    scripted.commit("cosigned");
    assert_eq!(finds(&scripted), Vec::<String>::new());
    let text = read(scripted.path(), ".ledger/checkpoint");
    scripted.write(".ledger/checkpoint", format!("{text}\u{2014} unknown AAAAAAAA\n"));
    scripted.commit("an unknown signature");
    assert_eq!(finds(&scripted), ["LED002 .ledger/checkpoint"]);
    // Whom readers trust is governance: it travels alone.
    scripted.git(&["reset", "--quiet", "--hard", "main"]);
    scripted.write(".ledger/trust.policy", format!("log {}\nquorum none\n", public(&log)));
    scripted.write("src/x", "x");
    scripted.commit("trust less");
    let checked = check(scripted.path(), &["check", "--base", "main"]);
    assert!(
        checked.findings().iter().any(|finding| finding.starts_with("POL001")),
        "{:?}",
        checked.findings()
    );
}

/// Requests are checked against the current base, including its unrecorded merges.
#[test]
fn requests_are_checked_against_the_current_base() {
    let scripted = recorded_ledger();
    publish(&scripted, ONE, "one", "1.1.0");
    scripted.commit("1.1.0, merged and not recorded yet");
    scripted.git(&["branch", "--force", "try"]);
    let yank = |reason| {
        ledger_does(
            scripted.path(),
            &["append", "yank", "PLG_ONE", "version=1.0.0", "--reason", reason, "--request"],
        );
        scripted.commit(reason);
    };
    yank("a");
    scripted.git(&["switch", "--quiet", "try"]);
    yank("b");
    assert!(
        finds(&scripted)[0].starts_with("LED010"),
        "base asked for the same meanwhile: {:?}",
        finds(&scripted)
    );
    // What is merged and not recorded yet counts.
    scripted.git(&["reset", "--quiet", "--hard", "main"]);
    let line = format!(
        "{{\"payload\":{{\"reason\":\"r\",\"version\":\"1.1.0\"}},\"subject_ulid\":\"{ONE}\",\"type\":\"YANK\"}}\n"
    );
    scripted.write(format!(".ledger/pending/{}.json", sha256(line.as_bytes())), line);
    scripted.commit("yank what was just merged");
    assert_eq!(finds(&scripted), Vec::<String>::new());
}
