//! Shared code of the end-to-end tests: running the binaries in a clean environment, and reading their reports.
#![allow(dead_code, clippy::unwrap_used, clippy::disallowed_methods, reason = "each test file uses a part")]
#![allow(clippy::print_stdout, reason = "a skipped test prints its reason")]

pub(crate) mod action;
pub(crate) mod forge;
pub(crate) mod life;
pub(crate) mod registry;
pub(crate) mod runner;

use std::path::Path;
use std::process::Output;

use scripted::Scripted;

pub(crate) const CARD: &str = "ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C3.yaml";
pub(crate) const OTHER: &str = "ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C4.yaml";

/// Reports a test that cannot run here: prints `skipped: REASON`, and appends the reason to the file `ID_GUARD_SKIPS`, which CI counts.
pub(crate) fn skip(reason: &str) {
    println!("skipped: {reason}");
    let Some(path) = std::env::var_os("ID_GUARD_SKIPS") else { return };
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path).unwrap();
    // One write per line: tests run in parallel.
    std::io::Write::write_all(&mut file, format!("{reason}\n").as_bytes()).unwrap();
}

/// An ID card in canonical form.
pub(crate) fn card(key: &str, owner: &str) -> String {
    format!(
        "schema_version: 1\nulid: 01JD4ZK3V8Q2W4X6Y8Z0A1B2C3\nkey: {key}\nkind: plugin\npath: plugins/local_preview\ncreated_at: \"2024-11-20T14:28:32Z\"\nowner: {owner}\nvisibility: public\nnotes: \"\"\n"
    )
}

/// A repository with one card and a plugin on `main`.
pub(crate) fn base_repository() -> Scripted {
    let scripted = Scripted::new();
    scripted.write(CARD, card("PLG_LOCAL_PREVIEW", "previews@example.org"));
    scripted.write("plugins/local_preview/plugin.spec.json", "{}\n");
    scripted.commit("base");
    scripted
}

/// Runs a binary in a clean environment.
pub(crate) fn run(binary: &str, directory: &Path, arguments: &[&str]) -> Output {
    run_with_input(binary, directory, arguments, "")
}

pub(crate) fn run_with_input(binary: &str, directory: &Path, arguments: &[&str], input: &str) -> Output {
    run_with_cache(binary, directory, cache(), arguments, input)
}

fn run_with_cache(binary: &str, directory: &Path, cache: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = match binary {
        "id-guard" => assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-guard")),
        "id-structure" => assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-structure")),
        "id-ledger" => assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-ledger")),
        "id-registry" => assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-registry")),
        "id-tag" => assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-tag")),
        "id-plugin" => assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-plugin")),
        "id-release" => assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-release")),
        "id-mint" => assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-mint")),
        _ => assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-immutability")),
    };
    command.env_clear().env("XDG_CACHE_HOME", cache).env("XDG_CONFIG_HOME", cache).current_dir(directory);
    command.args(arguments).write_stdin(input).output().unwrap()
}

/// The report of `--format json`, and the exit status.
pub(crate) struct Checked {
    pub(crate) status: i32,
    pub(crate) report: serde_json::Value,
}

impl Checked {
    /// `CODE path` of each finding, in the order of the report.
    pub(crate) fn findings(&self) -> Vec<String> {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_string();
        let findings = self.report["findings"].as_array().unwrap();
        findings
            .iter()
            .map(|finding| format!("{} {}", text(&finding["code"]), text(&finding["path"])))
            .collect()
    }

    pub(crate) fn errors(&self) -> String {
        self.report["errors"].to_string()
    }
}

pub(crate) fn check(directory: &Path, arguments: &[&str]) -> Checked {
    check_with_input(directory, arguments, "")
}

/// Checks with `id-immutability`.
pub(crate) fn immutability(directory: &Path, arguments: &[&str]) -> Checked {
    check_by("id-immutability", directory, arguments, "")
}

pub(crate) fn check_with_input(directory: &Path, arguments: &[&str], input: &str) -> Checked {
    check_by("id-guard", directory, arguments, input)
}

/// Checks with `id-structure`.
pub(crate) fn structure(directory: &Path, arguments: &[&str]) -> Checked {
    check_by("id-structure", directory, arguments, "")
}

/// Checks with the given binary.
pub(crate) fn check_with(binary: &str, directory: &Path, arguments: &[&str]) -> Checked {
    check_by(binary, directory, arguments, "")
}

/// The cache directory of all runs of this process.
pub(crate) fn cache() -> &'static Path {
    static CACHE: std::sync::OnceLock<tempfile::TempDir> = std::sync::OnceLock::new();
    CACHE.get_or_init(|| tempfile::tempdir().unwrap()).path()
}

/// Checks with a cache that no other test uses.
pub(crate) fn check_with_cache(directory: &Path, cache: &Path, arguments: &[&str]) -> Checked {
    checked(run_with_cache("id-guard", directory, cache, &as_json(arguments), ""))
}

fn check_by(binary: &str, directory: &Path, arguments: &[&str], input: &str) -> Checked {
    checked(run_with_input(binary, directory, &as_json(arguments), input))
}

fn as_json<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &["--format", "json"]].concat()
}

fn checked(output: Output) -> Checked {
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!(
            "{error}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    });
    let errors: Vec<String> = schema().iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "the report does not match its schema: {errors:?}");
    Checked { status: output.status.code().unwrap(), report }
}

/// The schema of reports; every report of every test is validated against it.
pub(crate) fn schema() -> &'static jsonschema::Validator {
    static SCHEMA: std::sync::OnceLock<jsonschema::Validator> = std::sync::OnceLock::new();
    SCHEMA.get_or_init(|| {
        let text = include_str!("../../docs/schemas/report.v1.schema.json");
        jsonschema::validator_for(&serde_json::from_str(text).unwrap()).unwrap()
    })
}

/// Audits with pack deltas and with whole objects, for loose and packed objects; all reports must be equal.
pub(crate) fn audit_in_every_shape(scripted: &Scripted) -> Checked {
    let loose = audit_both_ways(scripted.path(), "loose objects");
    scripted.git(&["repack", "-adfq"]);
    let packed = audit_both_ways(scripted.path(), "repacked");
    assert_eq!(
        loose.report["findings"], packed.report["findings"],
        "the report does not depend on the storage"
    );
    // `git fast-import` writes forward deltas, each version against the one before. It cannot import what git never writes.
    if let Some(place) = fast_imported(scripted) {
        let imported = audit_both_ways(place.path(), "imported by git fast-import");
        assert_eq!(
            loose.report["findings"], imported.report["findings"],
            "the report does not depend on the storage"
        );
    }
    loose
}

/// The same history in a pack of `git fast-import`; `None` if the commits would differ.
fn fast_imported(scripted: &Scripted) -> Option<tempfile::TempDir> {
    let place = tempfile::tempdir().unwrap();
    let head = scripted.git(&["rev-parse", "HEAD"]);
    let script = "git init --quiet --bare --initial-branch=main \"$1\" && git fast-export --all --reencode=no \
        | git --git-dir=\"$1\" -c fastimport.unpackLimit=0 fast-import --quiet --force";
    let output = std::process::Command::new("bash")
        .args(["-o", "pipefail", "-c", script, "bash", place.path().to_str().unwrap()])
        .current_dir(scripted.path())
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .output()
        .unwrap();
    let imported = std::fs::read_to_string(place.path().join("refs/heads/main")).unwrap_or_default();
    (output.status.success() && imported.trim() == head).then_some(place)
}

fn audit_both_ways(path: &Path, shape: &str) -> Checked {
    let mut first = None;
    for walk in [&[][..], &["--all-parents"]] {
        let deltas = immutability(path, &[&["audit", "--no-cache"], walk].concat());
        let whole = immutability(path, &[&["audit", "--verify-objects"], walk].concat());
        assert_eq!(deltas.report, whole.report, "{shape}: deltas and whole objects agree, {walk:?}");
        assert_eq!(deltas.status, whole.status);
        // The report is the same with a cold and a warm cache.
        for _ in 0..2 {
            let cached = immutability(path, &[&["audit"], walk].concat());
            assert_eq!(
                cached.report, deltas.report,
                "{shape}: the report does not depend on the cache, {walk:?}"
            );
        }
        first.get_or_insert(deltas);
    }
    first.unwrap()
}
