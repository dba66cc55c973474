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
    let is_digest = |word: &&str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let (_, rest) = text
        .split_once("a subject with the SHA-256 ")
        .or(text.split_once("one subject has the SHA-256 "))
        .unwrap_or_else(|| panic!("{text}"));
    let word = rest.split([' ', ',', '\n']).next().filter(is_digest);
    word.unwrap_or_else(|| panic!("{text}")).to_string()
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
    let envelope = PathBuf::from(signed.at("envelope.json"));
    let key_file = signed.at("log.key");
    let deprecate = ["append", "deprecate", "PLG_TWO", "--reason", "old", "--key-file", &key_file];
    ledger_does(signed.path(), &deprecate);
    signed.policy("  attested: [TRANSFER, RETIRE]\n");
    for arguments in [
        &["append", "transfer", "PLG_ONE", "to=b@example.org", "--reason", "sold"][..],
        &["append", "retire", "PLG_TWO", "--reason", "gone", "--request"],
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
    let early = ["append", "retire", "PLG_ONE", "--reason", "gone", "--dry-run"];
    let result = ledger(signed.path(), &early);
    assert!(result.status == 1 && result.text.contains("deprecated first"), "{}", result.text);
    digest_in(&result.text);
    // An envelope of another event is refused with the digest that it should name.
    let other = ["append", "transfer", "PLG_ONE", "to=c@example.org", "--reason", "r", "--dry-run"];
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
    let first = format!("first checkpoint of {ORIGIN} for this witness: 0 → {size} lines");
    assert!(refused.status == 1 && refused.text.contains(&first), "{}", refused.text);
    assert!(!Path::new(&signed.at("cosigned")).exists(), "nothing is written");
    let result = cosign(&signed, Some("home"), &[], &["--first"]);
    let cosigned = format!("cosigned {ORIGIN}: 0 → {size} lines, the first checkpoint for this witness");
    assert!(result.status == 0 && result.text.contains(&cosigned), "{}", result.text);
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

/// Runs `verify-proof` outside of the repository, with the key of the log.
fn verify(signed: &Signed, file: &str, more: &[&str]) -> RunResult {
    let key = read(signed.path(), ".ledger/log.vkey");
    let file = signed.at(file);
    let arguments = [&["verify-proof", &file, "--key", key.trim()], more].concat();
    ledger(signed.keys.path(), &arguments)
}

fn prove(signed: &Signed, file: &str, arguments: &[&str]) {
    ledger_does(signed.path(), &[&["prove"], arguments, &["--out", &signed.at(file)]].concat());
}

#[test]
fn a_proof_is_compared_with_the_identity_that_was_asked_for() {
    let signed = Signed::new();
    prove(&signed, "publish", &["PLG_ONE@1.0.0"]);
    prove(&signed, "create", &["--line", "2"]);
    prove(&signed, "genesis", &["--line", "1"]);
    let registry = signed.at("registry.yaml");
    let built = crate::support::run("id-registry", signed.path(), &["build"]);
    assert!(built.status.success(), "{built:?}");
    std::fs::copy(signed.path().join("ids/registry.yaml"), &registry).unwrap();
    let at = |version: &str| format!("{ONE}@{version}");
    for (file, identity, status) in [
        ("publish", ONE, 0),
        ("publish", &at("1.0.0"), 0),
        ("publish", &at("1.0.1"), 1),
        ("publish", TWO, 1),
        ("publish", "PLG_ONE", 2),
        ("create", "PLG_ONE", 0),
        ("create", "PLG_TWO", 1),
        ("create", "PLG_ONE@1.0.0", 1),
        ("genesis", ONE, 1),
        ("genesis", "PLG_ONE", 1),
        ("publish", "plg-one", 2),
    ] {
        let result = verify(&signed, file, &["--identity", identity]);
        assert_eq!(result.status, status, "{file} {identity}: {}", result.text);
    }
    for (identity, status) in
        [("PLG_ONE@1.0.0", 0), ("PLG_ONE", 0), ("PLG_TWO", 1), ("PLG_NONE", 1), ("PLG_ONE@2.0.0", 1)]
    {
        let result = verify(&signed, "publish", &["--identity", identity, "--registry", &registry]);
        assert_eq!(result.status, status, "{identity}: {}", result.text);
    }
    // In the repository itself, its registry is at hand.
    let key = read(signed.path(), ".ledger/log.vkey");
    let inside = ["verify-proof", &signed.at("publish"), "--key", key.trim(), "--identity", "PLG_ONE@1.0.0"];
    ledger_does(signed.path(), &inside);
    let result = verify(&signed, "publish", &[]);
    assert!(
        result.status == 0 && result.text.contains("not compared with an expected identity"),
        "{}",
        result.text
    );
}

#[test]
fn a_proved_state_meets_an_expectation_or_not() {
    let signed = Signed::new();
    let key = signed.at("log.key");
    let append = |event: &[&str]| {
        let arguments = [&["append"], event, &["--reason", "it deletes files", "--key-file", &key]].concat();
        ledger_does(signed.path(), &arguments);
    };
    signed.record("first seal", &["--seal"]);
    prove(&signed, "active", &["PLG_ONE", "--state"]);
    publish(&signed.scripted, ONE, "one", "1.1.0");
    signed.record("1.1.0", &[]);
    append(&["yank", "PLG_ONE", "version=1.0.0"]);
    append(&["deprecate", "PLG_TWO", "replaced_by=PLG_ONE"]);
    append(&["retire", "PLG_TWO"]);
    signed.record("second seal", &["--seal"]);
    prove(&signed, "newer", &["PLG_ONE", "--state"]);
    prove(&signed, "retired", &["PLG_TWO", "--state"]);
    prove(&signed, "line", &["PLG_ONE@1.0.0"]);
    prove(&signed, "yank", &["PLG_ONE"]);
    prove(&signed, "absent", &["00000000000000000000000000", "--state"]);
    let old = format!("{ONE}@1.0.0");
    let new = format!("{ONE}@1.1.0");
    for (file, arguments, status) in [
        ("active", &[][..], 0),
        ("active", &["--expect", "active"], 0),
        ("active", &["--expect", "yanked"], 1),
        ("newer", &[], 0),
        ("newer", &["--identity", &new, "--expect", "active"], 0),
        ("newer", &["--identity", &old], 1),
        ("newer", &["--identity", &old, "--allow-yanked"], 0),
        ("newer", &["--identity", &old, "--expect", "yanked"], 0),
        ("newer", &["--identity", &old, "--expect", "active"], 1),
        ("newer", &["--identity", "PLG_ONE@1.0.0", "--expect", "yanked"], 0),
        ("newer", &["--identity", "PLG_TWO"], 1),
        ("retired", &[], 1),
        ("retired", &["--allow-yanked"], 0),
        ("retired", &["--expect", "retired"], 0),
        ("retired", &["--expect", "active"], 1),
        ("absent", &["--expect", "absent"], 0),
        ("absent", &["--expect", "active"], 1),
        ("absent", &["--identity", ONE, "--expect", "absent"], 1),
        ("line", &["--expect", "active"], 1),
        ("yank", &[], 0),
        ("yank", &["--identity", &old], 1),
        ("yank", &["--identity", &old, "--expect", "yanked"], 0),
        ("newer", &["--expect", "active", "--allow-yanked"], 2),
    ] {
        let result = verify(&signed, file, arguments);
        assert_eq!(result.status, status, "{file} {arguments:?}: {}", result.text);
    }
    let text = verify(&signed, "newer", &[]).text;
    assert!(text.contains("yanked versions: 1.0.0"), "what is yanked is always shown: {text}");
}

#[test]
fn the_result_is_one_json_object_whatever_it_is() {
    let signed = Signed::new();
    prove(&signed, "proof", &["PLG_ONE@1.0.0"]);
    let schema = crate::support::run("id-guard", signed.path(), &["schema", "verify-proof"]).stdout;
    let validator = jsonschema::validator_for(&serde_json::from_slice(&schema).unwrap()).unwrap();
    let json = |file: &str, more: &[&str]| {
        let result = verify(&signed, file, &[&["--json"], more].concat());
        let value: serde_json::Value = serde_json::from_str(&result.text).unwrap_or_else(|error| {
            panic!("{error}: {}", result.text);
        });
        assert!(validator.is_valid(&value), "{:?}", validator.iter_errors(&value).collect::<Vec<_>>());
        assert_eq!(value["ok"], serde_json::json!(result.status == 0));
        (result.status, value)
    };
    let plugin = signed.path().join("plugins/one");
    let (status, value) = json("proof", &["--identity", ONE, "--artifact", plugin.to_str().unwrap()]);
    assert_eq!((status, value["ok"].as_bool()), (0, Some(true)), "{value}");
    assert_eq!(
        (value["identity"]["ulid"].as_str(), value["identity"]["version"].as_str()),
        (Some(ONE), Some("1.0.0"))
    );
    assert_eq!(value["event"]["payload"]["version"], "1.0.0");
    assert_eq!(
        (value["origin"].as_str(), value["artifact"]["matches"].as_bool()),
        (Some(ORIGIN), Some(true))
    );
    assert!(value["signers"][0].as_str().unwrap().starts_with("example.org/plugins+"), "{value}");
    let other = signed.path().join("plugins/two");
    let (status, value) = json("proof", &["--identity", TWO, "--artifact", other.to_str().unwrap()]);
    assert_eq!((status, value["errors"].as_array().unwrap().len()), (1, 2), "both problems: {value}");
    assert_eq!(value["artifact"]["matches"], false);
    // Altered and missing files.
    let text = read(signed.keys.path(), "proof");
    std::fs::write(signed.at("altered"), text.replacen("extra ", "extra A", 1)).unwrap();
    std::fs::write(signed.at("binary"), b"c2sp.org/tlog-proof@v1\n\xff").unwrap();
    for (file, expected) in [("altered", 1), ("binary", 1), ("missing", 2)] {
        let (status, value) = json(file, &[]);
        assert_eq!((status, value["identity"].is_null()), (expected, true), "{file}: {value}");
        assert!(!value["errors"].as_array().unwrap().is_empty());
    }
}

#[test]
fn a_checkpoint_must_not_be_older_than_its_reader_accepts() {
    let signed = Signed::new();
    let mut policy = format!("log {}", read(signed.path(), ".ledger/log.vkey"));
    for name in ["w1", "w2"] {
        let result =
            ledger_does(signed.path(), &["key", "generate", name, "--witness", "--out", &signed.at(name)]);
        policy += &format!("witness {name} {}\n", result.lines().last().unwrap());
    }
    signed.scripted.write(".ledger/trust.policy", format!("{policy}quorum none\n"));
    let max_age = ["verify", "--max-age", "7d"];
    let result = ledger(signed.path(), &max_age);
    assert!(result.status == 2 && result.text.contains("no witness times"), "{}", result.text);
    let required = format!("{policy}group both all w1 w2\nquorum both\n");
    signed.scripted.write(".ledger/trust.policy", &required);
    std::fs::write(signed.at("trust.policy"), required).unwrap();
    let key = read(signed.path(), ".ledger/log.vkey");
    let note = read(signed.path(), ".ledger/checkpoint");
    let text = note.split("\n\n").next().unwrap().to_string() + "\n";
    // The first witness cosigned on 2026-01-01, the second one a day later.
    let mut cosigned = note.clone();
    for (name, time) in [("w1", 1_767_225_600), ("w2", 1_767_312_000)] {
        let key = tlog::SigningKey::parse(read(signed.keys.path(), name).trim()).unwrap();
        cosigned += &key.sign(&text, time);
    }
    signed.scripted.write(".ledger/checkpoint", cosigned);
    let verify_at = |age: &str, now: &str| ledger(signed.path(), &["verify", "--max-age", age, "--now", now]);
    let result = verify_at("7d", "2026-01-08T00:00:00Z");
    assert_eq!(result.status, 0, "{}", result.text);
    assert!(result.text.contains("witnesses 2 of 2: w1 2026-01-01, w2 2026-01-02"), "{}", result.text);
    let result = verify_at("7d", "2026-01-08T00:00:01Z");
    let all = "both have cosigned at 2026-01-01 or later, not at 2026-01-02";
    assert!(result.status == 1 && result.text.contains("LED011"), "{all}: {}", result.text);
    assert!(
        result.text.contains("cosigned it at 2026-01-01T00:00:00Z, more than 1w before"),
        "{}",
        result.text
    );
    prove(&signed, "proof", &["PLG_ONE@1.0.0"]);
    let trust = signed.at("trust.policy");
    let of_proof = |now: &str, more: &[&str]| {
        let proof = signed.at("proof");
        let base = ["verify-proof", &proof, "--trust", &trust, "--max-age", "7d", "--now", now];
        ledger(signed.keys.path(), &[&base[..], more].concat())
    };
    let result = of_proof("2026-01-08T00:00:00Z", &["--json"]);
    assert_eq!(result.status, 0, "{}", result.text);
    let value: serde_json::Value = serde_json::from_str(&result.text).unwrap();
    assert_eq!(value["witnesses"][1], serde_json::json!({ "name": "w2", "time": "2026-01-02T00:00:00Z" }));
    assert_eq!(of_proof("2026-01-09T00:00:00Z", &[]).status, 1);
    let unknown = ["verify-proof", &signed.at("proof"), "--key", key.trim(), "--max-age", "7d"];
    assert_eq!(ledger(signed.keys.path(), &unknown).status, 2, "a key alone has no witness times");
    for arguments in [["verify", "--max-age", "7"], ["verify", "--max-age", "1y"]] {
        assert_eq!(ledger(signed.path(), &arguments).status, 2);
    }
}
