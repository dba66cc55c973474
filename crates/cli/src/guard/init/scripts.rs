//! `scripts/ids/*.py`, the programs that specification 004 names (§4.2): each replaces itself with a program of the toolkit.

use std::path::Path;

use repo::Repository;

use crate::error::CommandError;
use crate::guard::workflow_files;

/// The directory of the scripts.
pub(crate) const FOLDER: &str = "scripts/ids";
const TEMPLATE: &str = include_str!("script.py.txt");
/// The largest script that is read.
const MAX_SCRIPT_BYTES: u64 = 1 << 20;

/// A script, and the command that it runs without arguments.
pub(crate) struct Script {
    pub(crate) name: &'static str,
    pub(crate) program: &'static str,
    pub(crate) verb: &'static str,
}

const SCRIPTS: [Script; 3] = [
    Script { name: "ensure_immutability.py", program: "id-immutability", verb: "check" },
    Script { name: "validate_structure.py", program: "id-structure", verb: "check" },
    Script { name: "build_registry.py", program: "id-registry", verb: "build" },
];

impl Script {
    fn path(&self) -> String {
        format!("{FOLDER}/{}", self.name)
    }

    fn text(&self) -> String {
        TEMPLATE.replace("PROGRAM", self.program).replace("VERB", self.verb)
    }
}

/// The state of a script in the working tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// It is missing.
    Missing,
    /// It is the one that `init --scripts` writes.
    Ours,
    /// It is the one that `init --scripts` writes, without the executable bit.
    NotExecutable,
    /// It is another file.
    Other,
}

/// A script that a workflow runs.
pub(crate) struct Call {
    /// The workflow.
    pub(crate) workflow: String,
    /// The path of the script.
    pub(crate) path: String,
    /// The script of that name, if it is one of the three.
    pub(crate) script: Option<&'static Script>,
    pub(crate) found: Found,
}

impl Call {
    /// Returns what to know about the call; `None` if the script is as it should be.
    pub(crate) fn problem(&self) -> Option<String> {
        let Call { workflow, path, script, found } = self;
        let command = script.map(|script| format!("{} {}", script.program, script.verb));
        match (found, command) {
            (Found::Ours, _) => None,
            (Found::Missing, Some(command)) => Some(format!(
                "{workflow} runs {path}, which does not exist: write it with id-guard init --minimal --scripts, or run {command} instead"
            )),
            (Found::Missing, None) => Some(format!("{workflow} runs {path}, which does not exist")),
            (Found::NotExecutable, _) => {
                Some(format!("{workflow} runs {path}, which is not executable: chmod +x {path}"))
            }
            (Found::Other, Some(command)) => Some(format!(
                "{workflow} runs {path}, which is not the script that id-guard init --scripts writes; the command of this toolkit is {command}"
            )),
            (Found::Other, None) => None,
        }
    }
}

/// Returns the scripts of `scripts/ids` that workflows run, each once per workflow.
pub(crate) fn calls(repository: &Repository) -> Vec<Call> {
    let root = repository.workdir().unwrap_or_default();
    let mut calls: Vec<Call> = Vec::new();
    for (workflow, text) in workflow_files::texts(repository) {
        for name in names(&text) {
            let path = format!("{FOLDER}/{name}");
            if calls.iter().any(|call| call.workflow == workflow && call.path == path) {
                continue;
            }
            let script = SCRIPTS.iter().find(|script| script.name == name);
            let found = look(&root, &path, script);
            calls.push(Call { workflow: workflow.clone(), path, script, found });
        }
    }
    calls
}

/// Returns the names of scripts that a workflow mentions outside of comments.
fn names(workflow: &str) -> impl Iterator<Item = &str> {
    let lines = workflow.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.flat_map(|line| line.split("scripts/ids/").skip(1)).filter_map(|rest| {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')));
        let name = &rest[..end.unwrap_or(rest.len())];
        name.ends_with(".py").then_some(name)
    })
}

fn look(root: &Path, path: &str, script: Option<&Script>) -> Found {
    let place = root.join(path);
    match repo::disk::read(&place, MAX_SCRIPT_BYTES) {
        Ok(None) => Found::Missing,
        Ok(Some(text)) if script.is_some_and(|script| text == script.text().as_bytes()) => {
            if repo::disk::is_program(&place) {
                Found::Ours
            } else {
                Found::NotExecutable
            }
        }
        // A file that cannot be read is not ours.
        Ok(Some(_)) | Err(_) => Found::Other,
    }
}

/// Writes the missing scripts; returns a line about each. `above` leads from the working directory to the root.
pub(super) fn write(root: &Path, above: &str, dry_run: bool) -> Result<String, CommandError> {
    let mut printed = String::new();
    for script in &SCRIPTS {
        let path = script.path();
        let shown = format!("{above}{path}");
        match look(root, &path, Some(script)) {
            Found::Ours => {}
            Found::NotExecutable => {
                printed += &format!("kept {shown}, which is not executable: chmod +x {shown}\n");
            }
            Found::Other => printed += &format!("kept {shown} (already exists with different content)\n"),
            Found::Missing if dry_run => printed += &format!("would write {shown}\n"),
            Found::Missing => {
                repo::disk::refuse_links(root, path.as_ref())?;
                repo::disk::create_program(&root.join(&path), script.text().as_bytes())?;
                printed += &format!("wrote {shown}\n");
            }
        }
    }
    Ok(printed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_found_where_a_workflow_runs_them() {
        let text = "run: |\n  python3 scripts/ids/a.py && ./scripts/ids/b_2.py --x; cd scripts/ids\n  # scripts/ids/c.py\n  python \"$ROOT/scripts/ids/d.py\" scripts/ids/readme.txt scripts/ids/\n";
        assert_eq!(names(text).collect::<Vec<_>>(), ["a.py", "b_2.py", "d.py"]);
    }

    #[test]
    fn each_script_names_its_program() {
        for script in &SCRIPTS {
            let text = script.text();
            assert!(text.contains(&format!("os.execvp(\"{0}\", [\"{0}\", *arguments])", script.program)));
            assert!(text.contains(&format!("insert(0, \"{}\")", script.verb)));
            assert!(!text.contains("PROGRAM") && !text.contains("VERB"), "{text}");
        }
    }
}
