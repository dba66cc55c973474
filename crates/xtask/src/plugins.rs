//! `cargo xtask plugins`: runs the tests of this repository's own plugins, and their examples with the commands of the README.

use std::fs::File;
use std::path::Path;
use std::process::{Command, ExitCode};

use artifact::{Language, PluginSpec};
use plugin_files::scaffold::test_command;
use serde_json::Value;

pub(crate) fn run() -> ExitCode {
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
        failed += usize::from(!tests(folder, &spec)) + examples(folder, &spec);
    }
    println!("{} plugins, {failed} failures", folders.len());
    ExitCode::from(u8::from(failed > 0))
}

/// Returns a command that runs in a plugin's directory and writes no files there.
fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).current_dir(folder);
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("CARGO_TARGET_DIR", super::root().join("target/plugins"));
    command
}

fn tests(folder: &Path, spec: &PluginSpec) -> bool {
    let words = Language::of_path(&spec.runtime.entry).map(test_command).unwrap_or_default();
    println!("{}", words.join(" "));
    // No shell expands the patterns: the program reads them.
    !words.is_empty() && command(folder, &words).status().is_ok_and(|status| status.success())
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
