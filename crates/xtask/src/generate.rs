//! Writes every generated file, each by one function; `--check` compares the files with its output.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use codes::FAMILIES;

/// Directories that contain only generated files.
const OWNED: [&str; 2] = ["docs/rules", "docs/schemas"];

pub(crate) fn run(check: bool) -> ExitCode {
    let root = crate::root();
    let files = files(&root);
    let mut stale = Vec::new();
    for (path, content) in &files {
        if std::fs::read(root.join(path)).ok().as_ref() != Some(content) {
            stale.push(path.clone());
        }
    }
    let mut surplus: Vec<PathBuf> = OWNED.iter().flat_map(|folder| list(&root, folder)).collect();
    surplus.retain(|path| !files.contains_key(path));
    if check {
        for path in stale.iter().chain(&surplus) {
            println!("out of date: {}", path.display());
        }
        let fresh = stale.is_empty() && surplus.is_empty();
        println!(
            "{}",
            if fresh { "every generated file is up to date" } else { "run: cargo xtask generate" }
        );
        return ExitCode::from(u8::from(!fresh));
    }
    for path in &stale {
        let place = root.join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(&place, &files[path]).unwrap();
        println!("wrote {}", path.display());
    }
    for path in surplus {
        std::fs::remove_file(root.join(&path)).unwrap();
        println!("removed {}", path.display());
    }
    ExitCode::SUCCESS
}

fn list(root: &Path, folder: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(root.join(folder)) else { return Vec::new() };
    entries.map(|entry| Path::new(folder).join(entry.unwrap().file_name())).collect()
}

fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    for rule in rules::ALL {
        let page = rules::page(&rule.info);
        files.insert(format!("docs/rules/{}.md", rule.info.id.code).into(), page.into_bytes());
    }
    files.insert("docs/rules/README.md".into(), rule_index().into_bytes());
    files.insert("docs/SUMMARY.md".into(), crate::book::summary().into_bytes());
    files.insert("docs/action.md".into(), crate::book::action(root).into_bytes());
    files.insert("docs/reference.md".into(), cli::reference::markdown().into_bytes());
    // Embedded schemas are written by hand at their path; the schema of the report is copied to the docs.
    for (_, path, text) in cli::reference::schemas() {
        files.insert(path.into(), text.as_bytes().to_vec());
    }
    files
}

fn rule_index() -> String {
    let mut text = String::from("# Rules\n\nGenerated from the rules themselves: `cargo xtask generate`.\n");
    for family in FAMILIES {
        text += &format!(
            "\n## {}: {}\n\n| code | name | level | requirement |\n| --- | --- | --- | --- |\n",
            family.code, family.title
        );
        for rule in rules::ALL.iter().filter(|rule| rule.info.id.family == *family) {
            let info = &rule.info;
            text += &format!(
                "| [{0}]({0}.md) | {1} | {2} | {3} |\n",
                info.id.code,
                info.id.name,
                info.id.level.name(),
                info.summary
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_generated_file_is_up_to_date() {
        let root = crate::root();
        for (path, content) in super::files(&root) {
            let found = std::fs::read(root.join(&path)).unwrap_or_default();
            assert!(found == content, "{} is out of date: run cargo xtask generate", path.display());
        }
    }
}
