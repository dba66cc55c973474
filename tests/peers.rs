//! A Go program with `sumdb/note` and `sumdb/tlog` verifies our ledgers, and both refuse the same changes.
//!
//! The test needs `go` and Debian's `golang-golang-x-mod-dev`; without Go it is skipped. Vectors that the program wrote are in `crates/tlog/tests/vectors`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::registry::{ONE, ORIGIN, begun, ledger, ledger_does, mint, publish, read};
use digest::Hasher;
use tlog::{Hash, Tree};

/// Builds the Go program with Debian's golang-golang-x-mod-dev; `None` if Go is not installed.
fn peer(into: &Path) -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/ledgercheck.go");
    let program = into.join("ledgercheck");
    let built = Command::new("go")
        .args(["build", "-o"])
        .args([&program, &source])
        .envs([("GO111MODULE", "off"), ("GOPATH", "/usr/share/gocode")])
        .env("GOCACHE", into.join("cache"))
        .output();
    match built {
        Err(_) => {
            crate::support::skip("go is not installed");
            None
        }
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            Some(program)
        }
    }
}

/// Runs the program; returns whether it accepted, and its output.
fn run_peer(program: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(program).args(arguments).output().unwrap();
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    (output.status.success(), text)
}

#[test]
fn go_accepts_our_ledgers_and_refuses_changed_ones() {
    let place = tempfile::tempdir().unwrap();
    let Some(go) = peer(place.path()) else { return };
    let at = |name: &str| place.path().join(name).to_str().unwrap().to_string();
    let scripted = begun();
    let path = scripted.path();
    ledger_does(path, &["key", "generate", ORIGIN, "--out", &at("key")]);
    mint(&scripted, ONE, "one");
    publish(&scripted, ONE, "one", "1.0.0");
    scripted.commit("one");
    ledger_does(path, &["record", "--key-file", &at("key")]);
    std::fs::copy(path.join(".ledger/checkpoint"), at("old")).unwrap();
    for many in 0..300 {
        mint(&scripted, &format!("01JD4ZK3V8Q2W4X6Y8Z0A{many:05}"), &format!("p{many}"));
    }
    scripted.commit("many");
    ledger_does(path, &["record", "--seal", "--key-file", &at("key")]);
    scripted.commit("record");
    let key = read(path, ".ledger/log.vkey");
    let key = key.trim();
    let (lines, checkpoint) = (path.join(".ledger/ids.jsonl"), path.join(".ledger/checkpoint"));
    let (lines, checkpoint) = (lines.to_str().unwrap(), checkpoint.to_str().unwrap());
    let accepts = |arguments: &[&str]| {
        let (accepted, text) = run_peer(&go, arguments);
        assert!(accepted, "{arguments:?}: {text}");
        text
    };
    accepts(&["note", key, checkpoint]);
    accepts(&["fsck", key, lines, checkpoint]);
    accepts(&["fsck", key, lines, &at("old")]);
    std::fs::write(at("consistency"), ledger_does(path, &["checkpoint", "prove", "--since", &at("old")]))
        .unwrap();
    accepts(&["consistency", key, &at("old"), checkpoint, &at("consistency")]);
    // Two witnesses.
    let mut witnesses = Vec::new();
    for name in ["w1", "w2"] {
        let result = ledger_does(path, &["key", "generate", name, "--witness", "--out", &at(name)]);
        witnesses.push(result.lines().last().unwrap().to_string());
        let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-ledger"))
            .env_clear()
            .env("XDG_CONFIG_HOME", at(&format!("{name}.memory")))
            .args(["checkpoint", "cosign", checkpoint, "--key", key, "--key-file", &at(name), "--first"])
            .output()
            .unwrap();
        std::fs::write(checkpoint, output.stdout).unwrap();
    }
    let text = read(path, ".ledger/ids.jsonl");
    for number in [1, 2, 150, 256, 257, text.lines().count()] {
        ledger_does(path, &["prove", "--line", &number.to_string(), "--out", &at("proof")]);
        std::fs::write(at("leaf"), text.lines().nth(number - 1).unwrap()).unwrap();
        accepts(&["inclusion", key, &at("leaf"), &at("proof"), "-k", "2", &witnesses[0], &witnesses[1]]);
        std::fs::write(at("leaf"), text.lines().nth(number % 100).unwrap()).unwrap();
        let (accepted, text) = run_peer(&go, &["inclusion", key, &at("leaf"), &at("proof")]);
        assert!(!accepted || number == 1 && text.contains("index=1"), "{number}: {text}");
    }
    ledger_does(path, &["tiles", &at("ours")]);
    accepts(&["tiles", lines, &at("theirs")]);
    // Go writes all partial tiles, we only the last one of each.
    let differs = Command::new("diff")
        .args(["-rq", "--exclude=checkpoint", &at("ours"), &at("theirs")])
        .output()
        .unwrap();
    let differs = String::from_utf8(differs.stdout).unwrap();
    let surplus = format!("Only in {}", at("theirs"));
    assert!(differs.lines().all(|line| line.starts_with(&surplus)), "{differs}");
    // Every proof of every size, as one digest.
    let first: Vec<&str> = text.lines().take(90).collect();
    std::fs::write(at("first"), first.join("\n") + "\n").unwrap();
    assert!(accepts(&["proofset", &at("first")]).trim().ends_with(&proofset(&first)));
    // Both refuse changed files.
    let all: Vec<&str> = text.lines().collect();
    let whole = |lines: Vec<&str>| lines.join("\n") + "\n";
    let mut swapped = all.clone();
    swapped.swap(10, 11);
    let mut without = all.clone();
    without.remove(42);
    for (name, bytes) in [
        ("edited", text.replacen("PLG_P42\"", "PLG_P43\"", 1)),
        ("swapped", whole(swapped)),
        ("deleted", whole(without)),
        ("rolled back", whole(all[..all.len() - 1].to_vec())),
        ("torn", text[..text.len() - 7].to_string()),
        ("with carriage returns", text.replace('\n', "\r\n")),
    ] {
        assert_ne!(bytes, text, "{name}");
        std::fs::write(lines, bytes).unwrap();
        assert!(!run_peer(&go, &["fsck", key, lines, checkpoint]).0, "{name}: Go accepts it");
        assert_ne!(ledger(path, &["verify"]).status, 0, "{name}: we accept it");
    }
    std::fs::write(lines, &text).unwrap();
    let signed = read(path, ".ledger/checkpoint");
    for (name, bytes) in [
        (
            "another size",
            signed.replacen(&format!("\n{}\n", all.len()), &format!("\n{}\n", all.len() - 1), 1),
        ),
        (
            "another signature",
            signed.replacen(&format!("\u{2014} {ORIGIN} "), &format!("\u{2014} {ORIGIN} A"), 1),
        ),
        ("another origin", signed.replacen(ORIGIN, "example.org/others", 1)),
    ] {
        assert_ne!(bytes, signed, "{name}");
        std::fs::write(checkpoint, &bytes).unwrap();
        assert!(!run_peer(&go, &["fsck", key, lines, checkpoint]).0, "{name}: Go accepts it");
        assert_ne!(ledger(path, &["verify"]).status, 0, "{name}: we accept it");
    }
    std::fs::write(checkpoint, signed).unwrap();
    ledger_does(path, &["verify", "--rederive"]);
}

/// The digest of all roots and proofs, as the Go program computes it.
fn proofset(lines: &[&str]) -> String {
    let tree: Tree = lines.iter().map(|line| Hash::leaf(line.as_bytes())).collect();
    let mut hasher = Hasher::new();
    for size in 1..=tree.size() {
        hasher.update(tree.root_at(size).unwrap().0);
        let inclusion = (0..size).flat_map(|index| tree.prove_inclusion(index, size).unwrap().path);
        inclusion.for_each(|hash| hasher.update(hash.0));
        let consistency = (1..=size).flat_map(|old| tree.prove_consistency(old, size).unwrap().path);
        consistency.for_each(|hash| hasher.update(hash.0));
    }
    hasher.finish().hex()
}
