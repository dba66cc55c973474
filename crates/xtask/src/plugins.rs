//! `cargo xtask plugins`: runs the tests of this repository's own plugins, and their examples with the commands of the README; with `--coverage`,
//! the commands that measure coverage, and leaves their reports for `id-structure check --coverage`.

use std::fs::File;
use std::path::Path;
use std::process::{Command, ExitCode};

use artifact::{Language, PluginSpec};
use plugin_files::scaffold::{Coverage, coverage, test_command};
use serde_json::Value;

/// Runs the tests and examples of every plugin; with `measure`, the tests run by the commands that measure their coverage.
pub(crate) fn run(measure: bool) -> ExitCode {
    let plugins = std::fs::read_dir(super::root().join("plugins")).unwrap();
    let mut folders: Vec<_> =
        plugins.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    let mut failed = 0;
    for folder in &folders {
        let text = std::fs::read(folder.join("plugin.spec.json")).unwrap();
        let value = artifact::parse(artifact::Syntax::Json, &text, &artifact::Limits::default()).unwrap();
        let spec = PluginSpec::read(&value).unwrap();
        println!("== {} {}", spec.key, spec.version);
        let language = Language::of_path(&spec.runtime.entry);
        let passed = match language.and_then(coverage).filter(|_| measure) {
            Some(coverage) => measured(folder, coverage),
            None => tests(folder, language),
        };
        failed += usize::from(!passed) + examples(folder, &spec);
    }
    println!("{} plugins, {failed} failures", folders.len());
    ExitCode::from(u8::from(failed > 0))
}

/// Returns a command that runs in a plugin's directory and writes nothing there but a coverage report.
fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).current_dir(folder);
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("CARGO_TARGET_DIR", super::root().join("target/plugins"));
    command
}

fn tests(folder: &Path, language: Option<Language>) -> bool {
    let words = language.map(test_command).unwrap_or_default();
    !words.is_empty() && succeeds(folder, &words)
}

/// Runs the commands that measure coverage; returns whether they succeed and write the report.
fn measured(folder: &Path, coverage: Coverage) -> bool {
    let report = folder.join(coverage.report);
    // A report of an earlier run would hide that this one writes none.
    std::fs::remove_file(&report).ok();
    let passed = coverage.commands.iter().all(|words| succeeds(folder, words)) && report.is_file();
    println!("{}: {}", coverage.report, if passed { "written" } else { "missing" });
    passed
}

fn succeeds(folder: &Path, words: &[&str]) -> bool {
    println!("{}", words.join(" "));
    // No shell expands the patterns: the program reads them.
    command(folder, words).status().is_ok_and(|status| status.success())
}

/// Runs each example of the plugin; returns how many answers differ from the expected one.
fn examples(folder: &Path, spec: &PluginSpec) -> usize {
    let words = spec.launch().unwrap_or_default();
    let json = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
    let is_wrong = |name: &str| {
        let words: Vec<&str> = words.iter().map(String::as_str).chain([name]).collect();
        let request = File::open(folder.join(format!("examples/{name}_request.json"))).unwrap();
        let expected = std::fs::read(folder.join(format!("examples/{name}_response.json"))).unwrap();
        println!("{} < examples/{name}_request.json", words.join(" "));
        let answer = command(folder, &words).stdin(request).output().unwrap();
        let is_right = answer.status.success()
            && json(&answer.stdout).is_some()
            && json(&answer.stdout) == json(&expected);
        if !is_right {
            println!(
                "{}{}",
                String::from_utf8_lossy(&answer.stdout),
                String::from_utf8_lossy(&answer.stderr)
            );
        }
        !is_right
    };
    spec.operations.iter().filter(|operation| is_wrong(&operation.name)).count()
}
