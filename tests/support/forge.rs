//! Malformed git objects, which no git command writes.

use std::io::Write as _;
use std::process::{Command, Stdio};

use scripted::Scripted;

/// Writes a git object without checking it.
pub(crate) fn object(scripted: &Scripted, kind: &str, bytes: &[u8]) -> String {
    let mut child = Command::new("git")
        .args(["hash-object", "-t", kind, "-w", "--stdin", "--literally"])
        .current_dir(scripted.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().trim().to_string()
}

fn raw_id(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// The bytes of a tree object: mode, name and id of each entry, in the order given.
pub(crate) fn tree(entries: &[(&str, &[u8], &str)]) -> Vec<u8> {
    entries
        .iter()
        .flat_map(|(mode, name, id)| [mode.as_bytes(), b" ", name, b"\0", &raw_id(id)].concat())
        .collect()
}

/// Adds entries to an existing tree, and returns the new tree.
pub(crate) fn tree_with(scripted: &Scripted, of: &str, entries: &[(&str, &[u8], &str)]) -> String {
    let listed = scripted.git(&["ls-tree", "-z", of]);
    let existing: Vec<(String, String, String)> = listed
        .split_terminator('\0')
        .map(|line| {
            let (entry, name) = line.split_once('\t').unwrap();
            let words: Vec<&str> = entry.split(' ').collect();
            (words[0].trim_start_matches('0').to_string(), name.to_string(), words[2].to_string())
        })
        .collect();
    let existing = existing.iter().map(|(mode, name, id)| (mode.as_str(), name.as_bytes(), id.as_str()));
    let replaced = existing.filter(|(_, name, _)| !entries.iter().any(|(_, new, _)| new == name));
    let mut all: Vec<(&str, &[u8], &str)> = replaced.collect();
    all.extend(entries);
    // Git sorts a directory as if its name ended in a slash.
    all.sort_by_key(|(mode, name, _)| [*name, if *mode == "40000" { &b"/"[..] } else { b"" }].concat());
    object(scripted, "tree", &tree(&all))
}

/// Commits any tree on top of another commit and moves the current branch, without a checkout.
pub(crate) fn commit_tree(scripted: &Scripted, tree: &str, parent: &str) -> String {
    let commit = scripted.git(&["commit-tree", tree, "-p", parent, "-m", "hostile"]);
    scripted.git(&["update-ref", "HEAD", &commit]);
    commit
}
