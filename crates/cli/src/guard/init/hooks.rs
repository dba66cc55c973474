//! Git's own hooks: two files of one line each, so that what they do is in the tool.

use repo::Repository;

/// The hooks, with what each one runs.
const HOOKS: [(&str, &str, &str); 2] = [
    ("pre-commit", "Checks the next commit", "exec id-guard hook pre-commit"),
    ("pre-push", "Checks the pushed commits", "exec id-guard hook pre-push \"$@\""),
];

/// The state of a hook file.
pub(crate) enum Found {
    /// This tool's.
    Ours,
    /// Another hook, which does not call this tool.
    Other,
    /// A manager's, whose own file does not name this tool.
    Manager,
    /// This tool's hook without the executable bit: git ignores it.
    Asleep,
    /// Nothing.
    Nothing,
}

/// The content of a hook that calls this tool.
const OWN: &[u8] = b"id-guard";
/// The largest hook that is read.
const MAX_HOOK_BYTES: u64 = 1 << 20;

/// Looks at each hook: its name, where it would lie, what is there.
pub(crate) fn look(repository: &Repository) -> Vec<(&'static str, std::path::PathBuf, Found)> {
    let folder = repository.hooks_directory();
    // Git is led to what husky makes, and that runs the file of the same name above.
    let is_husky = folder.ends_with(".husky/_");
    let folder = match is_husky {
        true => folder.parent().map(Into::into).unwrap_or(folder),
        false => folder,
    };
    let folder = folder.canonicalize().unwrap_or(folder);
    let is_named = is_named_by_a_manager(repository);
    let look = |name: &'static str| {
        let path = folder.join(name);
        let found = match repo::disk::read(&path, MAX_HOOK_BYTES) {
            Ok(None) => Found::Nothing,
            // Husky runs its files by a shell, programs or not.
            Ok(Some(_)) if !is_husky && !repo::disk::is_program(&path) => Found::Asleep,
            Ok(Some(text)) if contains_word(&text, OWN) => Found::Ours,
            Ok(Some(text)) if is_managers(&text) => match is_named {
                true => Found::Ours,
                false => Found::Manager,
            },
            // An unreadable file counts as another hook.
            Ok(Some(_)) | Err(_) => Found::Other,
        };
        (name, path, found)
    };
    HOOKS.iter().map(|(name, _, _)| look(name)).collect()
}

/// What managers of hooks read.
const MANAGERS: [&str; 6] = [
    ".pre-commit-config.yaml",
    "prek.toml",
    "lefthook.yml",
    "lefthook.yaml",
    ".lefthook.yml",
    ".lefthook/pre-push/id-guard.sh",
];

fn is_managers(text: &[u8]) -> bool {
    ["pre-commit", "prek", "lefthook", "husky"].iter().any(|word| contains(text, word.as_bytes()))
}

/// Returns whether the file of a hook manager names this tool.
fn is_named_by_a_manager(repository: &Repository) -> bool {
    let root = repository.workdir().unwrap_or_default();
    let names = |name: &&str| {
        let text = repo::disk::read(&root.join(name), MAX_HOOK_BYTES).ok().flatten();
        text.is_some_and(|text| contains_word(&text, OWN))
    };
    MANAGERS.iter().any(names)
}

/// Returns whether a file contains a word outside of comments.
fn contains_word(text: &[u8], word: &[u8]) -> bool {
    text.split(|&byte| byte == b'\n')
        .filter(|line| !line.trim_ascii_start().starts_with(b"#"))
        .any(|line| contains(line, word))
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}

/// Writes the missing hooks; returns a line about each. `above` leads from the working directory to the root.
pub(super) fn write(repository: &Repository, above: &str, dry_run: bool) -> Result<String, snapshot::Error> {
    let mut printed = String::new();
    let root = repository.workdir().and_then(|root| root.canonicalize().ok()).unwrap_or_default();
    for (name, path, found) in look(repository) {
        let Some((_, what, line)) = HOOKS.iter().find(|hook| hook.0 == name) else { continue };
        // As seen from the working directory, if the hooks are in the repository.
        let inside = path.strip_prefix(&root).map(|path| format!("{above}{}", path.display()));
        let shown = inside.unwrap_or_else(|_| path.display().to_string());
        match found {
            Found::Ours => {}
            Found::Asleep => printed += &format!("kept {shown}, which git does not run: chmod +x {shown}\n"),
            Found::Manager => {
                printed += &format!(
                    "kept {shown}, which a manager of hooks wrote: its own file is to name id-guard\n"
                );
            }
            Found::Other => {
                printed += &format!("kept {shown}: add this line to it\n      {line}\n");
            }
            Found::Nothing if dry_run => printed += &format!("would write {shown}\n"),
            Found::Nothing => {
                let text = format!("#!/bin/sh\n# {what}. Written by `id-guard init --hooks`.\n{line}\n");
                repo::disk::create_program(&path, text.as_bytes())?;
                printed += &format!("wrote {shown}\n");
            }
        }
    }
    Ok(printed)
}
