//! New plugins on disk: their own tests, settings and coverage, with the real tools of each language.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::*;
use crate::{PluginFiles, SnapshotSource, derive};

/// The settings of the plugins: one with a default, one without.
const CONFIG: &str = r#"{
    "schema": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "longest": { "type": "integer", "minimum": 1, "maximum": 60 },
            "style": { "enum": ["plain", "bold"] },
            "a/b": { "type": "string", "pattern": "^[a-z]+$" }
        }
    },
    "defaults": { "longest": 32 }
}"#;

/// Where the baseline starts.
const COVERAGE_PERCENT: f64 = 60.0;

/// A new plugin in a temporary directory, which is removed on drop.
pub(super) struct OnDisk {
    root: PathBuf,
    language: Language,
}

impl OnDisk {
    #[expect(clippy::disallowed_methods, reason = "a test writes a plugin to disk")]
    pub(super) fn new(language: Language, name: &str, operations: &[&str]) -> OnDisk {
        static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let folder = format!("id-guard-scaffold-{language:?}-{count}-{}", std::process::id());
        let root = std::env::temp_dir().join(folder);
        let mut spec: serde_json::Value = serde_json::from_str(&spec_text(name, operations)).unwrap();
        spec["runtime"] = serde_json::json!({"kind": "process", "entry": entry(language)});
        spec["config"] = serde_json::from_str(CONFIG).unwrap();
        let spec_text = spec.to_string();
        let spec = PluginSpec::read(&read(&spec_text)).unwrap();
        let mut existing = PluginFiles::default();
        for file in plugin(language, &spec) {
            existing.files.insert(file.path, file.text.into_bytes());
        }
        existing.files.insert("plugin.spec.json".into(), spec_text.into_bytes());
        let derived = derive(&existing, &spec, SnapshotSource::Existing);
        assert_eq!(derived.problems, []);
        existing.files.extend(derived.files);
        for (path, text) in existing.files {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        OnDisk { root, language }
    }

    pub(super) fn run(&self, words: &[&str]) -> Output {
        let mut command = command(words[0]);
        command.args(&words[1..]).current_dir(&self.root).env("PYTHONDONTWRITEBYTECODE", "1");
        // Two plugins in one build directory would overwrite each other.
        command.env_remove("CARGO_TARGET_DIR");
        command.output().unwrap()
    }

    /// Runs the plugin's own tests.
    fn test(&self) {
        assert_success(&self.run(&test_command(self.language)));
    }

    /// Starts the program for its health with a file of settings.
    fn health(&self, program: &[&str], settings: &str) -> Output {
        self.write("config.json", settings);
        let mut command = command(program[0]);
        command.args(&program[1..]).arg("--health").current_dir(&self.root).env_remove("CARGO_TARGET_DIR");
        command.env("ID_GUARD_CONFIG", self.root.join("config.json")).output().unwrap()
    }

    #[expect(clippy::disallowed_methods, reason = "a test writes a file")]
    pub(super) fn write(&self, path: &str, text: &str) {
        std::fs::write(self.root.join(path), text).unwrap();
    }

    /// Settings reach the program, and those that violate the schema stop its start with their place.
    fn check_settings(&self, program: &[&str]) {
        for (settings, reason) in [
            (r#"{"longest": 5, "style": "bold", "a/b": "x"}"#, ""),
            (r#"{"longest": 0}"#, "/longest: minimum is 1"),
            (r#"{"longest": 61}"#, "/longest: maximum is 60"),
            (r#"{"longest": true}"#, "/longest: type is \"integer\""),
            (r#"{"longest": "5"}"#, "/longest: type is \"integer\""),
            (r#"{"style": "loud"}"#, "/style: enum is [\"plain\""),
            (r#"{"a/b": "X"}"#, "/a~1b: pattern is \"^[a-z]+$\""),
            (r#"{"other": 1}"#, "/other: no value is allowed here"),
            ("[1]", "(root): type is \"object\""),
            ("{", "config.json: "),
            (r#"{"longest": NaN}"#, "config.json: "),
        ] {
            let output = self.health(program, settings);
            let error = String::from_utf8(output.stderr.clone()).unwrap();
            if reason.is_empty() {
                assert_success(&output);
            } else {
                assert_eq!(output.status.code(), Some(2), "{settings}: {error}");
                assert!(error.starts_with("the settings are invalid: "), "{error}");
                assert!(error.contains(reason), "{settings}: {error}");
                assert_eq!((error.lines().count(), output.stdout.len()), (1, 0), "{error}");
            }
        }
    }

    /// The documented command reaches the coverage that the baseline demands.
    #[expect(clippy::disallowed_methods, reason = "a test reads the report")]
    fn check_coverage(&self) {
        let Coverage { commands, report, .. } = coverage(self.language).unwrap();
        for words in commands {
            assert_success(&self.run(words));
        }
        let text = std::fs::read_to_string(self.root.join(report)).unwrap();
        let percent = percent_of(&text);
        assert!(percent >= COVERAGE_PERCENT + 10.0, "too close to the threshold: {percent} %");
    }
}

impl Drop for OnDisk {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.root).ok();
    }
}

/// Returns the share of covered lines of `src/` in a report: Cobertura counts nothing else here, lcov also lists tests.
fn percent_of(report: &str) -> f64 {
    if let Some((_, rest)) = report.split_once(" line-rate=\"") {
        return rest.split('"').next().unwrap().parse::<f64>().unwrap() * 100.0;
    }
    let (mut found, mut hit, mut is_source) = (0, 0, false);
    for line in report.lines() {
        if let Some(path) = line.strip_prefix("SF:") {
            is_source = path.starts_with("src/") || path.contains("/src/");
        } else if let Some((_, count)) = line.strip_prefix("DA:").and_then(|data| data.split_once(',')) {
            found += u32::from(is_source);
            hit += u32::from(is_source && count != "0");
        }
    }
    assert!(found > 0, "{report}");
    f64::from(hit) * 100.0 / f64::from(found)
}

pub(super) fn assert_success(output: &Output) {
    let text = [output.stdout.clone(), output.stderr.clone()].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&text));
}

#[expect(clippy::disallowed_methods, reason = "a test runs the plugin")]
fn command(program: impl AsRef<Path>) -> Command {
    Command::new(program.as_ref())
}

/// Returns whether a program can be run; a missing one is a skip.
pub(super) fn has(words: &[&str]) -> bool {
    let found = command(words[0]).args(&words[1..]).output().is_ok_and(|output| output.status.success());
    if !found {
        skip(&format!("cannot run {}", words.join(" ")));
    }
    found
}

/// Counts a skip, as the other tests of the project do.
#[expect(clippy::disallowed_methods, reason = "a test appends to the list of skips")]
pub(super) fn skip(reason: &str) {
    println!("skipped: {reason}");
    if let Some(path) = std::env::var_os("ID_GUARD_SKIPS") {
        use std::io::Write;
        let file = std::fs::OpenOptions::new().append(true).create(true).open(path);
        file.and_then(|mut file| writeln!(file, "{reason}")).unwrap();
    }
}

/// Returns the version of node; `None` if it is not installed.
pub(super) fn node() -> Option<Vec<u32>> {
    let output = command("node").arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let digits = text.trim().trim_start_matches('v');
    digits.split('.').map(|part| part.parse().ok()).collect()
}

#[test]
fn a_new_plugin_in_python_passes_its_own_tests() {
    if has(&["python3", "--version"]) {
        let plugin = OnDisk::new(Language::Python, NAME, &OPERATIONS);
        plugin.test();
        plugin.check_settings(&["python3", "src/handler.py"]);
        OnDisk::new(Language::Python, "Echo Test", &[]).test();
    }
}

#[test]
fn the_tests_of_a_new_plugin_in_python_reach_the_coverage_of_the_baseline() {
    if has(&["python3", "-m", "coverage", "--version"]) {
        OnDisk::new(Language::Python, "Echo Test", &["mint"]).check_coverage();
    }
}

#[test]
fn a_new_plugin_in_javascript_passes_its_own_tests() {
    if node().is_none_or(|version| version < vec![18]) {
        return skip("node 18 or later is not installed");
    }
    // Each operation starts eight processes; these names are the ones that could collide.
    let plugin = OnDisk::new(Language::JavaScript, NAME, &["import", "constructor", "contract"]);
    plugin.test();
    plugin.check_settings(&["node", "src/handler.js"]);
    OnDisk::new(Language::JavaScript, "Echo Test", &[]).test();
    if node().is_some_and(|version| version >= vec![20, 11]) {
        OnDisk::new(Language::JavaScript, "Echo Test", &["mint"]).check_coverage();
    }
}

#[test]
fn a_new_plugin_in_typescript_passes_its_own_tests_or_reports_an_old_node() {
    let Some(version) = node() else { return skip("node is not installed") };
    let plugin = OnDisk::new(Language::TypeScript, NAME, &["import", "constructor", "contract"]);
    if version >= vec![22, 18] {
        plugin.test();
        plugin.check_settings(&["node", "src/start.js"]);
        OnDisk::new(Language::TypeScript, "Echo Test", &[]).test();
        OnDisk::new(Language::TypeScript, "Echo Test", &["mint"]).check_coverage();
    } else {
        skip("node 22.18 or later is not installed");
    }
    // A Node that does not run TypeScript: an older one, or one with an option.
    let option = "--no-experimental-strip-types";
    let node: &[&str] = match version {
        version if version < vec![22, 6] => &["node"],
        version if version < vec![24] => &["node", option],
        _ => return,
    };
    for words in [&["src/start.js", "--health"][..], &["tests/runner.js"]] {
        let output = plugin.run(&[node, words].concat());
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains("TypeScript needs Node 22.18 or later; this is Node "), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
#[ignore = "compiles serde_json: cargo test -p plugin-files -- --ignored"]
fn a_new_plugin_in_rust_passes_its_own_tests_and_leaves_its_lock_file() {
    let plugin = OnDisk::new(Language::Rust, NAME, &OPERATIONS);
    let before = plugin.run(&["cat", "Cargo.lock"]).stdout;
    assert_success(&plugin.run(&["cargo", "build", "--quiet"]));
    assert_eq!(plugin.run(&["cat", "Cargo.lock"]).stdout, before, "cargo writes another lock file");
    // The test for packages that were written by hand fits every program.
    let mint = Operation { name: "mint".into(), ..Operation::default() };
    plugin.write("tests/test_program.rs", &program_test(&mint));
    plugin.test();
    plugin.check_settings(&["cargo", "run", "--quiet", "--"]);
    OnDisk::new(Language::Rust, "Echo Test", &[]).test();
}

#[test]
#[ignore = "needs cargo-llvm-cov: cargo test -p plugin-files -- --ignored"]
fn the_tests_of_a_new_plugin_in_rust_reach_the_coverage_of_the_baseline() {
    OnDisk::new(Language::Rust, "Echo Test", &["mint"]).check_coverage();
}
