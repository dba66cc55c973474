//! The commands of help lines, run in the repositories of the rules' own cases: each is a command that exists, with arguments that it takes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::helps::{commands, findings, paste};
use scripted::Scripted;

/// The failing cases of a rule that are looked at for one with a command.
const MAX_CASES: usize = 3;

/// A change: the files of base and head, `None` for one that the head removes.
#[derive(Default)]
struct Case {
    base: Vec<(String, String)>,
    head: Vec<(String, Option<String>)>,
}

/// Reads a failing case of a change with ordinary files; `None` for another one.
fn read(path: &Path) -> Option<Case> {
    let text = std::fs::read_to_string(path).ok()?;
    let mut sections: Vec<(&str, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("-- ").and_then(|line| line.trim_end().strip_suffix(" --")) {
            Some(head) => sections.push((head, String::new())),
            None => sections.iter_mut().next_back().into_iter().for_each(|(_, body)| body.push_str(line)),
        }
    }
    let (_, expected) = sections.pop()?;
    let mut case = Case::default();
    for (head, body) in sections {
        let (place, word) = head.split_once(' ').unwrap_or((head, ""));
        match (place.split_once('/')?, word) {
            (("base", path), "") => case.base.push((path.into(), body)),
            (("head", path), "") => case.head.push((path.into(), Some(body))),
            (("head", path), "absent") => case.head.push((path.into(), None)),
            _ => return None,
        }
    }
    (!expected.trim().is_empty() && !case.head.is_empty()).then_some(case)
}

fn write(scripted: &Scripted, case: &Case) -> String {
    scripted.git(&["config", "user.email", "ada@example.org"]);
    scripted.git(&["config", "user.name", "Ada"]);
    scripted.write(".keep", "");
    for (path, text) in &case.base {
        scripted.write(path, text.as_str());
    }
    scripted.commit("base");
    scripted.git(&["switch", "--quiet", "--create", "change"]);
    for (path, text) in &case.head {
        match text {
            Some(text) => scripted.write(path, text.as_str()),
            // A derived file that the case names as missing never existed here.
            None => drop(std::fs::remove_file(scripted.path().join(path))),
        }
    }
    scripted.write(".changed", "");
    scripted.commit("head")
}

/// Returns why the output of a command shows that it cannot work; a repository of a case may still refuse it.
fn misuse(command: &str, succeeded: bool, text: &str) -> Option<String> {
    let signs = [
        "command not found",
        "unexpected argument",
        "unrecognized subcommand",
        "invalid value",
        "required arguments",
        "a value is required",
        "Usage:",
        "usage: git",
        "syntax error",
        "unknown rule",
        "pathspec",
    ];
    let sign = signs.iter().find(|sign| !succeeded && text.contains(**sign)).map(|sign| (*sign).to_string());
    sign.or_else(|| (!succeeded && command.starts_with("git ")).then(|| "git failed".into()))
}

#[test]
fn commands_work_in_the_repositories_of_rule_cases() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/src");
    let listed = |path: &Path| -> BTreeSet<PathBuf> {
        std::fs::read_dir(path).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
    };
    let directories = listed(&rules).into_iter().flat_map(|family| listed(&family.join("")));
    let (mut wrong, mut ran, mut tried) = (Vec::new(), BTreeMap::new(), 0);
    for directory in directories {
        let mut cases =
            listed(&directory.join("cases")).into_iter().filter_map(|path| Some((read(&path)?, path)));
        let mut has_command = false;
        for (case, path) in cases.by_ref().take(MAX_CASES) {
            if has_command {
                break;
            }
            tried += 1;
            let scripted = Scripted::new();
            let head = write(&scripted, &case);
            let Some(found) = findings(&scripted) else { continue };
            let name = path.strip_prefix(&rules).unwrap().display().to_string();
            for (finding, help) in found {
                for command in help.iter().flat_map(|line| commands(line)) {
                    has_command = true;
                    // The same words with other names are the same command.
                    let words: Vec<&str> = command.split(' ').take(2).collect();
                    let code = finding.split(' ').next().unwrap_or_default();
                    let count: &mut usize = ran.entry(format!("{code} {}", words.join(" "))).or_default();
                    *count += 1;
                    if *count > 1 {
                        continue;
                    }
                    scripted.git(&["reset", "--quiet", "--hard", &head]);
                    let (succeeded, text) = paste(scripted.path(), &command);
                    if let Some(why) = misuse(&command, succeeded, &text) {
                        wrong.push(format!("{name}: {finding}: `{command}`: {why}\n{text}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 150 && ran.len() > 50, "{tried} cases, {} commands: {ran:#?}", ran.len());
}
