//! Replays the transcripts of the documentation, and compares the output of every command.
//!
//! `BLESS=1 cargo test -p id-guard tour::` rewrites the transcripts; review them as code.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::action::{ACTION, Place};

const PAGES: [&str; 12] = [
    "README.md",
    "docs/first-identity.md",
    "docs/plugins.md",
    "docs/ledger.md",
    "docs/registry.md",
    "docs/how-to/existing-files.md",
    "docs/how-to/governance-change.md",
    "docs/how-to/hooks.md",
    "docs/how-to/protect-tags.md",
    "docs/how-to/prove.md",
    "docs/how-to/recover.md",
    "docs/how-to/witnesses.md",
];
/// The page whose workflows run with `act`.
const ADOPT: &str = "docs/how-to/adopt.md";
/// Separates the outputs of two commands.
const MARK: &str = "\u{1}next\u{1}";
/// Ends a command, and passes its status to the next.
const END: &str = "\nstatus=$?; printf '\u{1}next\u{1}'; (exit $status)\n";

#[test]
fn the_transcripts_are_correct() {
    for page in PAGES {
        check_page(page, "", "");
    }
}

/// The section of the page on adoption that needs neither workflows nor `act`.
const OLD: &str = "## Old repositories";

#[test]
fn an_old_repository_adopts_a_preset_as_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let page = std::fs::read_to_string(root.join(ADOPT)).unwrap();
    let start = page.find(OLD).unwrap();
    let end = page[start + OLD.len()..].find("\n## ").map_or(page.len(), |at| start + OLD.len() + at + 1);
    let section = &page[start..end];
    let replayed = replay(section, "", "");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(root.join(ADOPT), page.replacen(section, &replayed, 1)).unwrap();
    } else {
        assert_eq!(section, replayed, "{ADOPT}: bless it with BLESS=1 cargo test -p id-guard tour::");
    }
}

#[test]
fn a_foreign_repository_adopts_the_tool_without_a_manual_step() {
    // The Action, a mirror of its releases, and a runner that asks nothing.
    let Some(place) = Place::bare() else { return };
    let action = place.at("action");
    let settings = format!(
        "-P ubuntu-latest=-self-hosted\n--local-repository={ACTION}={}\n--env=ID_GUARD_MIRROR={}\n--no-cache-server\n",
        action.display(),
        place.at("mirror").display()
    );
    let act = crate::support::action::act().unwrap();
    // GitHub's `gh` cannot run here: a script that accepts every request replaces it.
    let tools = format!("{}:{}", place.at("bin").display(), act.parent().unwrap().display());
    check_page(ADOPT, &settings, &tools);
}

/// Compares a page with the output of its commands; `settings` are those of `act`, and `tools` the directories of programs that the page uses.
fn check_page(page: &str, settings: &str, tools: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let text = std::fs::read_to_string(root.join(page)).unwrap();
    let replayed = replay(&text, settings, tools);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(root.join(page), replayed).unwrap();
    } else {
        assert_eq!(text, replayed, "{page}: bless it with BLESS=1 cargo test -p id-guard tour::");
    }
}

/// Returns the page with the current outputs of its commands, all run in one shell.
fn replay(page: &str, settings: &str, tools: &str) -> String {
    // Every line of the page that is not output, with whether it ends a command.
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
    let printed = run(&format!("{script}{END}"), settings, tools);
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

fn run(script: &str, settings: &str, tools: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join(".actrc"), settings).unwrap();
    let binaries: PathBuf = Path::new(env!("CARGO_BIN_EXE_id-guard")).parent().unwrap().into();
    let path = format!("{}:{tools}:{}", binaries.display(), std::env::var("PATH").unwrap());
    let output = Command::new("bash")
        .args(["-c", &format!("exec 2>&1\n{script}")])
        .current_dir(&directory)
        .env_clear()
        .env("PATH", path)
        .env("HOME", home.path())
        .envs([("GIT_AUTHOR_NAME", "Ada"), ("GIT_AUTHOR_EMAIL", "ada@example.org")])
        .envs([("GIT_COMMITTER_NAME", "Ada"), ("GIT_COMMITTER_EMAIL", "ada@example.org")])
        .envs([("GIT_AUTHOR_DATE", "@1793620800 +0000"), ("GIT_COMMITTER_DATE", "@1793620800 +0000")])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}
