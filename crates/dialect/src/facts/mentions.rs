//! Where words occur in source files, comments excluded.

use artifact::Value;
use policy::Pattern;
use snapshot::{RepoPath, Result, Snapshot};

use super::build::{integer, list, mapping, string};
use super::files::{MAX_FILES, find_files, read_text};
use super::lossy;
use super::source::{line_of, without_comments};

/// The places of one fact: a rule shows a few of them.
const MAX_PLACES: usize = 1000;

/// Finds words as whole words: letters, digits, `_` and `.` continue one. A blank in a word matches any blanks.
pub(super) fn find(
    snapshot: &dyn Snapshot,
    directory: &RepoPath,
    words: &[String],
    files: &Pattern,
) -> Result<Value> {
    let mut found = Vec::new();
    for file in find_files(snapshot, directory, files, MAX_FILES)? {
        let Some(text) = read_text(snapshot, &file.node)? else { continue };
        let text = without_comments(&file.inside, &text);
        for word in words {
            for at in places(&text, word).into_iter().take(MAX_PLACES) {
                found.push(mapping([
                    ("word", string(word)),
                    ("path", string(&lossy(&file.inside))),
                    ("line", integer(line_of(&text, at))),
                ]));
            }
        }
        if found.len() >= MAX_PLACES {
            break;
        }
    }
    found.truncate(MAX_PLACES);
    Ok(list(found))
}

/// Returns where a word begins.
fn places(text: &str, word: &str) -> Vec<usize> {
    let parts: Vec<&str> = word.split_whitespace().collect();
    let Some((first, more)) = parts.split_first() else { return Vec::new() };
    let starts = text.match_indices(first).map(|(at, _)| at);
    let is_whole = |at: &usize| {
        let mut rest = &text[at + first.len()..];
        for part in more {
            let inside = rest.trim_start();
            if inside.len() == rest.len() || !inside.starts_with(part) {
                return false;
            }
            rest = &inside[part.len()..];
        }
        !text[..*at].ends_with(continues) && !begins_like_more(rest)
    };
    starts.filter(is_whole).collect()
}

/// Returns whether the text goes on with the same name: `Tribes.UI` is not a mention in `Tribes.UI.Components`.
fn begins_like_more(rest: &str) -> bool {
    match rest.strip_prefix('.') {
        Some(after) => after.starts_with(|character: char| character.is_alphabetic() || character == '_'),
        None => rest.starts_with(continues),
    }
}

fn continues(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '.' | '@')
}

#[cfg(test)]
mod tests {
    use snapshot::Memory;

    use super::*;

    #[test]
    fn words_are_whole() {
        for (text, word, expected) in [
            ("use Tribes.UI\n", "Tribes.UI", 1),
            ("use Tribes.UI.Components", "Tribes.UI", 0),
            ("see Tribes.UI.", "Tribes.UI", 1),
            ("XTribes.UI My.Tribes.UI", "Tribes.UI", 0),
            ("use   Tribes.UI, x: 1", "use Tribes.UI", 1),
            ("reuse Tribes.UI", "use Tribes.UI", 0),
            ("<Layouts.app flash>", "Layouts.app", 1),
            ("Layouts.apple", "Layouts.app", 0),
            ("a a a", "a", 3),
        ] {
            assert_eq!(places(text, word).len(), expected, "{word} in {text}");
        }
    }

    #[test]
    fn places_name_path_and_line_and_comments_do_not_count() {
        let tree = Memory::new()
            .with("p/lib/a.ex", "# System.cmd\n\nSystem.cmd(1)\n")
            .with("q/lib/b.ex", "System.cmd");
        let found =
            find(&tree, &RepoPath::from("p"), &["System.cmd".into()], &Pattern::new("lib/**").unwrap())
                .unwrap();
        assert_eq!(found.canonical(), r#"[{"line":3,"path":"lib/a.ex","word":"System.cmd"}]"#);
    }
}
