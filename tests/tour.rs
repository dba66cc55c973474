//! Replays the transcripts of the documentation: what a page shows is what its commands print.
//!
//! `BLESS=1 cargo test --test tour` writes the transcripts anew; read them as code.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test reads pages and runs a shell")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const PAGES: [&str; 5] =
    ["README.md", "docs/first-identity.md", "docs/plugins.md", "docs/ledger.md", "docs/registry.md"];
/// Stands between the outputs of two commands.
const MARK: &str = "\u{1}next\u{1}";
/// Ends a command, and leaves its status to the next.
const END: &str = "\nstatus=$?; printf '\u{1}next\u{1}'; (exit $status)\n";

#[test]
fn the_transcripts_are_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    for page in PAGES {
        let text = std::fs::read_to_string(root.join(page)).unwrap();
        let replayed = replay(&text);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(root.join(page), replayed).unwrap();
        } else {
            assert_eq!(text, replayed, "{page}: bless it with BLESS=1 cargo test --test tour");
        }
    }
}

/// Returns the page with the outputs that its commands give, all run in one shell.
fn replay(page: &str) -> String {
    // Every line of the page that is no output, with whether it ends a command.
    let mut kept: Vec<(&str, bool)> = Vec::new();
    let mut script = String::new();
    let mut inside = false;
    for line in page.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            _ => {}
        }
        match (line.strip_prefix("$ "), line.strip_prefix("> ")) {
            (Some(command), _) if inside => {
                write!(script, "{END}{command}").unwrap();
                kept.push((line, true));
            }
            (_, Some(more)) if inside => {
                write!(script, "\n{more}").unwrap();
                // The command goes on: it ends here, not a line above.
                kept.last_mut().unwrap().1 = false;
                kept.push((line, true));
            }
            _ if inside && line != "```console" => {}
            _ => kept.push((line, false)),
        }
    }
    let printed = run(&format!("{script}{END}"));
    let mut outputs = printed.split(MARK).skip(1);
    let mut text = String::new();
    for (line, ends_command) in kept {
        writeln!(text, "{line}").unwrap();
        if ends_command {
            text += outputs.next().unwrap();
        }
    }
    text
}

fn run(script: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let binaries: PathBuf = Path::new(env!("CARGO_BIN_EXE_id-guard")).parent().unwrap().into();
    let path = format!("{}:{}", binaries.display(), std::env::var("PATH").unwrap());
    let output = Command::new("bash")
        .args(["-c", &format!("exec 2>&1\n{script}")])
        .current_dir(&directory)
        .env_clear()
        .env("PATH", path)
        .env("HOME", directory.path())
        .envs([("GIT_AUTHOR_NAME", "Ada"), ("GIT_AUTHOR_EMAIL", "ada@example.org")])
        .envs([("GIT_COMMITTER_NAME", "Ada"), ("GIT_COMMITTER_EMAIL", "ada@example.org")])
        .envs([("GIT_AUTHOR_DATE", "@1793620800 +0000"), ("GIT_COMMITTER_DATE", "@1793620800 +0000")])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}
