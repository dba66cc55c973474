//! Proofs for readers without the ledger: what they show, what `verify-proof` compares them with, and what an unsigned log cannot prove.

use std::path::{Path, PathBuf};

use crate::support::registry::{
    ONE, ORIGIN, RunResult, Spec, TWO, begun, ledger, ledger_does, mint, publish, read, result_of, specify,
};
use scripted::Scripted;

/// A log signed by the key in the file `log.key`, with two plugins in version 1.0.0.
struct Signed {
    scripted: Scripted,
    keys: tempfile::TempDir,
}

impl Signed {
    fn new() -> Signed {
        let signed = Signed { scripted: begun(), keys: tempfile::tempdir().unwrap() };
        ledger_does(signed.path(), &["key", "generate", ORIGIN, "--out", &signed.at("log.key")]);
        for (ulid, name) in [(ONE, "one"), (TWO, "two")] {
            mint(&signed.scripted, ulid, name);
            publish(&signed.scripted, ulid, name, "1.0.0");
        }
        signed.record("two plugins", &[]);
        signed
    }

    fn path(&self) -> &Path {
        self.scripted.path()
    }

    /// A file beside the repository.
    fn at(&self, name: &str) -> String {
        self.keys.path().join(name).to_str().unwrap().to_string()
    }

    /// Commits what was written, and records it.
    fn record(&self, message: &str, more: &[&str]) {
        self.scripted.commit(message);
        ledger_does(self.path(), &[&["record", "--key-file", &self.at("log.key")], more].concat());
        self.scripted.commit("record");
    }

    fn policy(&self, rest: &str) {
        let text = format!("schema_version: 1\nledger:\n  origin: {ORIGIN}\n{rest}");
        self.scripted.write("policy-packs/policy.yaml", text);
        self.scripted.commit("policy");
    }
}

/// The only run of 64 hexadecimal digits that is announced as a subject.
fn digest_in(text: &str) -> String {
    let (_, rest) = text.split_once("subject with the SHA-256 ").unwrap_or_else(|| panic!("{text}"));
    rest[..64].to_string()
}

/// Writes an envelope whose statement names a digest.
fn write_envelope(path: &Path, digest: &str) {
    let statement = format!(
        "{{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":\"x\",\"subject\":[{{\"name\":\"event\",\"digest\":{{\"sha256\":\"{digest}\"}}}}]}}"
    );
    let payload = digest::base64::encode(statement.as_bytes());
    let text = format!(
        "{{\"payload\":\"{payload}\",\"payloadType\":\"application/vnd.in-toto+json\",\"signatures\":[{{\"sig\":\"AAAA\"}}]}}\n"
    );
    std::fs::write(path, text).unwrap();
}

#[test]
fn a_dry_run_prints_what_the_attestation_must_name() {
    let signed = Signed::new();
    signed.policy("  attested: [TRANSFER, YANK, RETIRE]\n");
    let envelope = PathBuf::from(signed.at("envelope.json"));
    let key_file = signed.at("log.key");
    for arguments in [
        &["append", "transfer", "PLG_ONE", "to=b@example.org", "--reason", "sold"][..],
        &["append", "yank", "PLG_ONE", "version=1.0.0", "--reason", "broken", "--request"],
    ] {
        let refused = ledger(signed.path(), &[arguments, &["--key-file", &key_file]].concat());
        assert_eq!(refused.status, 1, "{}", refused.text);
        let preview = ledger(signed.path(), &[arguments, &["--dry-run"]].concat());
        assert_eq!(preview.status, 0, "{}", preview.text);
        assert_eq!(digest_in(&refused.text), digest_in(&preview.text), "the refusal names it, too");
        write_envelope(&envelope, &digest_in(&preview.text));
        let attested = [arguments, &["--key-file", &key_file, "--att", envelope.to_str().unwrap()]].concat();
        ledger_does(signed.path(), &attested);
    }
    // What is refused for another reason is refused in a dry run, too, and the digest is printed all the same.
    let early = ["append", "retire", "PLG_TWO", "--reason", "gone", "--dry-run"];
    let result = ledger(signed.path(), &early);
    assert!(result.status == 1 && result.text.contains("deprecated first"), "{}", result.text);
    digest_in(&result.text);
    // An envelope of another event is refused with the digest that it should name.
    let other = ["append", "transfer", "PLG_TWO", "to=c@example.org", "--reason", "r", "--dry-run"];
    let result = ledger(signed.path(), &[&other[..], &["--att", envelope.to_str().unwrap()]].concat());
    assert!(result.status == 2 && result.text.contains("does not name this event"), "{}", result.text);
    digest_in(&result.text);
}

#[test]
fn a_dry_run_of_a_rotation_needs_neither_attestation_nor_the_current_key() {
    let signed = Signed::new();
    signed.policy("  attested: [ROTATE_KEY]\n");
    let (old, new) = (signed.at("log.key"), signed.at("new.key"));
    ledger_does(signed.path(), &["key", "generate", ORIGIN, "--out", &new]);
    let before = read(signed.path(), ".ledger/checkpoint");
    let rotate = ["key", "rotate", "--new-key-file", &new, "--reason", "yearly"];
    let without = ledger_does(signed.path(), &[&rotate[..], &["--dry-run"]].concat());
    let with = ledger_does(signed.path(), &[&rotate[..], &["--dry-run", "--key-file", &old]].concat());
    let refused = ledger(signed.path(), &[&rotate[..], &["--key-file", &old]].concat());
    assert_eq!(refused.status, 1, "{}", refused.text);
    assert_eq!(digest_in(&without), digest_in(&with));
    assert_eq!(digest_in(&without), digest_in(&refused.text));
    assert!(with.contains("would append {") && with.contains("\"type\":\"ROTATE_KEY\""), "{with}");
    assert_eq!(read(signed.path(), ".ledger/checkpoint"), before, "nothing is written");
    let envelope = signed.at("envelope.json");
    write_envelope(Path::new(&envelope), &digest_in(&without));
    ledger_does(signed.path(), &[&rotate[..], &["--key-file", &old, "--att", &envelope]].concat());
    ledger_does(signed.path(), &["verify"]);
}

#[test]
fn the_log_of_a_target_shows_what_was_merged_into_it() {
    let signed = Signed::new();
    let spec = read(signed.path(), "plugins/two/plugin.spec.json");
    signed.scripted.write("plugins/two/plugin.spec.json", spec.replace("\"active\"", "\"deprecated\""));
    signed.record("deprecate two", &[]);
    let key = signed.at("log.key");
    let target = format!("target_ulid={ONE}");
    let sources = format!("sources={TWO}");
    let merge = ["append", "consolidate", "PLG_TWO", &target, &sources, "--reason", "one does both"];
    ledger_does(signed.path(), &[&merge[..], &["--key-file", &key]].concat());
    for (identity, of_other) in [("PLG_ONE", true), ("PLG_TWO", false), (ONE, true), (TWO, false)] {
        let log = ledger_does(signed.path(), &["log", identity]);
        let line = log.lines().find(|line| line.contains("CONSOLIDATE")).unwrap_or_else(|| panic!("{log}"));
        assert_eq!(line.contains(&format!("PLG_TWO  {TWO}")), of_other, "{line}");
        let json = ledger_does(signed.path(), &["log", identity, "--json"]);
        assert_eq!(json.matches("\"CONSOLIDATE\"").count(), 1, "{json}");
    }
    let all = ledger_does(signed.path(), &["log"]);
    assert_eq!(all.matches("CONSOLIDATE").count(), 1, "{all}");
}

#[test]
fn an_unsigned_log_proves_nothing_to_anybody() {
    let scripted = begun();
    mint(&scripted, ONE, "one");
    specify(
        &scripted,
        ONE,
        &Spec { name: "one", key: "PLG_ONE", version: "1.0.0", owner: "one@example.org", rest: "" },
    );
    scripted.commit("one");
    ledger_does(scripted.path(), &["record", "--seal"]);
    for prove in [&["prove", "PLG_ONE"][..], &["prove", "--line", "1"], &["prove", "PLG_ONE", "--state"]] {
        let result = ledger(scripted.path(), prove);
        assert!(result.status == 1 && result.text.contains("the log is unsigned"), "{}", result.text);
        let elsewhere = tempfile::tempdir().unwrap();
        let file = elsewhere.path().join("proof");
        let wanted = [prove, &["--unsigned", "--out", file.to_str().unwrap()]].concat();
        let result = ledger_does(scripted.path(), &wanted);
        assert!(result.contains("nobody can verify this proof"), "{result}");
        for trust in
            [&[][..], &["--key", "example.org/plugins+3e4d8cdc+AS7vFccM7bl3kPZZ3Lfxfqzm5VmabQ0UZQtTYmM7AGT0"]]
        {
            let verify = [&["verify-proof", file.to_str().unwrap()], trust].concat();
            let result = ledger(scripted.path(), &verify);
            assert!(
                result.status == 1 && result.text.contains("nobody can verify this proof"),
                "{trust:?}: {}",
                result.text
            );
        }
    }
}

/// Runs a witness with its own home directory, or none.
fn cosign(signed: &Signed, home: Option<&str>, variables: &[(&str, &str)], more: &[&str]) -> RunResult {
    let key = read(signed.path(), ".ledger/log.vkey");
    let checkpoint = signed.path().join(".ledger/checkpoint");
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-ledger"));
    command.env_clear().envs(variables.iter().copied());
    if let Some(home) = home {
        command.env("XDG_CONFIG_HOME", signed.at(home));
    }
    let output = command
        .args(["checkpoint", "cosign", checkpoint.to_str().unwrap(), "--key", key.trim()])
        .args(["--key-file", &signed.at("w.key"), "--out", &signed.at("cosigned")])
        .args(more)
        .output()
        .unwrap();
    result_of(&output)
}

#[test]
fn a_witness_without_memory_signs_only_a_declared_first_checkpoint() {
    let signed = Signed::new();
    ledger_does(signed.path(), &["key", "generate", "w", "--witness", "--out", &signed.at("w.key")]);
    let size = read(signed.path(), ".ledger/ids.jsonl").lines().count();
    let refused = cosign(&signed, Some("home"), &[], &[]);
    let first = format!("first checkpoint of {ORIGIN} for this witness: {size} lines");
    assert!(refused.status == 1 && refused.text.contains(&first), "{}", refused.text);
    assert!(!Path::new(&signed.at("cosigned")).exists(), "nothing is written");
    let result = cosign(&signed, Some("home"), &[], &["--first"]);
    assert!(result.status == 0 && result.text.contains("first checkpoint"), "{}", result.text);
    // Without a home directory, or in CI, the memory must be named.
    for (home, variables) in [(None, &[][..]), (Some("home"), &[("CI", "true")])] {
        let result = cosign(&signed, home, variables, &["--first"]);
        assert!(result.status == 2 && result.text.contains("--state"), "{}", result.text);
    }
    let state = signed.at("state");
    assert_eq!(cosign(&signed, None, &[], &["--state", &state]).status, 1, "another memory, without --first");
    assert_eq!(cosign(&signed, None, &[], &["--state", &state, "--first"]).status, 0);
    assert_eq!(cosign(&signed, None, &[], &["--state", &state]).status, 0, "the same one again");
    publish(&signed.scripted, ONE, "one", "1.1.0");
    signed.record("1.1.0", &[]);
    let since = size.to_string();
    let proof = ledger_does(signed.path(), &["checkpoint", "prove", "--since", &since]);
    std::fs::write(signed.at("proof"), proof).unwrap();
    let result = cosign(&signed, None, &[], &["--state", &state, "--proof", &signed.at("proof")]);
    let moved = format!("cosigned {ORIGIN}: {size} → {} lines", size + 1);
    assert!(result.status == 0 && result.text.contains(&moved), "{}", result.text);
    assert_eq!(cosign(&signed, Some("home"), &[], &[]).status, 1, "the other memory needs the proof");
    assert_eq!(
        cosign(&signed, Some("home"), &[], &["--first"]).status,
        1,
        "--first does not replace a proof"
    );
}
