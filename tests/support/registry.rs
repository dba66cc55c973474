//! A repository with plugins and a ledger, for the tests of the ledger.

use std::path::Path;
use std::process::Output;

use scripted::Scripted;

use super::run;

pub(crate) const ORIGIN: &str = "example.org/plugins";
pub(crate) const ONE: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C3";
pub(crate) const TWO: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C4";

/// The exit status and the output of a run.
pub(crate) struct RunResult {
    pub(crate) status: i32,
    pub(crate) text: String,
}

pub(crate) fn result_of(output: &Output) -> RunResult {
    let text = String::from_utf8([output.stdout.as_slice(), &output.stderr].concat()).unwrap();
    RunResult { status: output.status.code().unwrap_or(-1), text }
}

/// Runs `id-ledger`.
pub(crate) fn ledger(directory: &Path, arguments: &[&str]) -> RunResult {
    result_of(&run("id-ledger", directory, arguments))
}

/// Runs `id-ledger`, which must succeed.
pub(crate) fn ledger_does(directory: &Path, arguments: &[&str]) -> String {
    let result = ledger(directory, arguments);
    assert_eq!(result.status, 0, "id-ledger {arguments:?}: {}", result.text);
    result.text
}

pub(crate) fn read(directory: &Path, file: &str) -> String {
    std::fs::read_to_string(directory.join(file)).unwrap()
}

/// A repository with only a policy.
pub(crate) fn begun() -> Scripted {
    let scripted = Scripted::new();
    scripted.git(&["config", "user.email", "ada@example.org"]);
    let policy = format!(
        "schema_version: 1\npacks:\n  - name: baseline\n    version: 0.5.0\nledger:\n  origin: {ORIGIN}\n"
    );
    scripted.write("policy-packs/policy.yaml", policy);
    scripted.commit("begin");
    scripted
}

/// Writes the card of a plugin.
pub(crate) fn mint(scripted: &Scripted, ulid: &str, name: &str) {
    let card = format!(
        "schema_version: 1\nulid: {ulid}\nkey: PLG_{}\nkind: plugin\npath: plugins/{name}\ncreated_at: \"2024-11-20T14:28:32Z\"\nowner: {name}@example.org\nvisibility: public\nnotes: \"\"\n",
        name.to_uppercase()
    );
    scripted.write(format!("ids/cards/{ulid}.yaml"), card);
}

/// The fields of a spec besides its ULID.
pub(crate) struct Spec<'s> {
    pub(crate) name: &'s str,
    pub(crate) key: &'s str,
    pub(crate) version: &'s str,
    pub(crate) owner: &'s str,
    pub(crate) rest: &'s str,
}

/// Writes the spec of a plugin with the key, path and owner of its card.
pub(crate) fn publish(scripted: &Scripted, ulid: &str, name: &str, version: &str) {
    let (key, owner) = (format!("PLG_{}", name.to_uppercase()), format!("{name}@example.org"));
    specify(scripted, ulid, &Spec { name, key: &key, version, owner: &owner, rest: "" });
}

pub(crate) fn specify(scripted: &Scripted, ulid: &str, spec: &Spec<'_>) {
    let Spec { name, key, version, owner, rest } = spec;
    let text = format!(
        "{{\"schema_version\":1,\"ulid\":\"{ulid}\",\"key\":\"{key}\",\"name\":\"{name}\",\"version\":\"{version}\",\"status\":\"active\",\"owner\":\"{owner}\",\"description\":\"d\",\"core\":{{\"api\":\"a\",\"range\":\">=1\"}},\"runtime\":{{\"kind\":\"process\",\"entry\":\"x\"}},\"operations\":[]{rest}}}\n"
    );
    scripted.write(format!("plugins/{name}/plugin.spec.json"), text);
}

/// The event types of a ledger, in order.
pub(crate) fn events(directory: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(directory.join(".ledger/ids.jsonl")).unwrap_or_default();
    let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    lines.map(|line| line["type"].as_str().unwrap().to_string()).collect()
}
