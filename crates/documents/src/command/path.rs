//! Decides which words of an example are paths that must exist.

use super::programs;

/// A longer word is not treated as a path.
const MAX_PATH_BYTES: usize = 1024;

/// Extensions that make a word without `/` a file.
const FILE_EXTENSIONS: [&str; 17] = [
    "feature", "js", "json", "jsonl", "lock", "md", "mjs", "proto", "py", "rego", "rs", "sh", "toml", "ts",
    "wasm", "yaml", "yml",
];

/// The top-level media types (RFC 6838 §4.2).
const MEDIA_TYPES: [&str; 8] =
    ["application", "audio", "font", "image", "message", "multipart", "text", "video"];

/// Top-level domains that are common in examples.
const DOMAINS: [&str; 12] = ["ai", "app", "co", "com", "dev", "edu", "gov", "io", "net", "org", "rs", "sh"];

/// Returns whether a word can name a file of the repository.
pub(crate) fn can_be_path(word: &str) -> bool {
    let outside = word.starts_with(['/', '~', '-']) || word.contains("://");
    let strange = |c: char| c.is_control() || "<>()*?!^#:,@=%\\{}$`|\"'".contains(c);
    let is_sentence = word.contains(char::is_whitespace) && !is_dotted(word);
    !word.is_empty()
        && word.len() <= MAX_PATH_BYTES
        && !outside
        && !is_sentence
        && !word.contains(strange)
        && !is_placeholder(word)
        && !programs::is_generated(word)
        && !word.split('/').all(|name| matches!(name, "" | "." | ".."))
}

/// Returns whether a word looks like a file: it starts with `./` or `../`, has a directory and an extension, or a well-known extension.
pub(crate) fn looks_like_path(word: &str) -> bool {
    if is_dotted(word) {
        return true;
    }
    let (folder, name) = word.rsplit_once('/').map_or((None, word), |(folder, name)| (Some(folder), name));
    let Some((stem, ending)) = name.rsplit_once('.') else { return false };
    let Some(folder) = folder else {
        return FILE_EXTENSIONS.contains(&ending) && !stem.is_empty();
    };
    let first = folder.split('/').next().unwrap_or_default();
    let domain =
        first.rsplit_once('.').is_some_and(|(host, domain)| !host.is_empty() && DOMAINS.contains(&domain));
    let ends = ending.len() <= 10
        && ending.starts_with(|c: char| c.is_ascii_alphabetic())
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && ending != "git";
    ends && !stem.is_empty() && !domain && !MEDIA_TYPES.contains(&first)
}

/// Returns whether a word starts with `./` or `../`.
pub(crate) fn is_dotted(word: &str) -> bool {
    word.starts_with("./") || word.starts_with("../")
}

/// `NAME`, `path/to/…`, `your-file.json`, `…`.
fn is_placeholder(word: &str) -> bool {
    word.contains('…')
        || word.contains("...")
        || word.contains("path/to")
        || word.split('/').any(|name| is_upper_case(name) || name.starts_with("your"))
}

/// Returns whether a name is a placeholder in upper case; `README.md` and single letters are not.
fn is_upper_case(name: &str) -> bool {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let letters = stem.chars().filter(|c| c.is_alphabetic()).count();
    letters > 1
        && ending != "md"
        && stem.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || "_-".contains(c))
}

/// Returns a path without `.`, empty names and resolvable `..`, to compare two paths.
pub(crate) fn normalize(path: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." if names.last().is_some_and(|last| *last != "..") => drop(names.pop()),
            name => names.push(name),
        }
    }
    names.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_recognized() {
        for word in [
            "./run",
            "../x",
            "./a b",
            "src/handler.py",
            "examples/a.json",
            "a.yaml",
            "README.md",
            "docs/ARCHITECTURE.md",
            "a/b.txt",
            "grüße/x.json",
            "Cargo.toml",
        ] {
            assert!(can_be_path(word) && looks_like_path(word), "{word}");
        }
        for word in [
            "",
            ".",
            "..",
            "./",
            "../..",
            "-",
            "a",
            "a/b",
            "/etc/x.json",
            "~/x.json",
            "https://x.org/a.json",
            "x:/a.json",
            "./a:/b",
            "a@b.json",
            "*.json",
            "a/<x>.json",
            "FILE.json",
            "ids/RUN_ID/ids.json",
            "path/to/x.json",
            "your-file.json",
            "x/your.json",
            "….json",
            "./...",
            "github.com/a/b.git",
            "example.org/a.json",
            "application/vnd.json",
            "origin/1.2",
            "v1/x.1",
            "target/debug/x.wasm",
            ".venv/bin/x.sh",
            ".json",
            "fix the x.json",
            "a/.json",
            "%s.json",
            "--x=a.json",
        ] {
            assert!(!(can_be_path(word) && looks_like_path(word)), "{word}");
        }
        assert!(!can_be_path(&"a/".repeat(1000)));
    }

    #[test]
    fn paths_are_normalized() {
        for (path, expected) in
            [("./a//b/", "a/b"), ("a/../b", "b"), ("../../a", "../../a"), ("a/../..", ".."), ("", "")]
        {
            assert_eq!(normalize(path), expected, "{path}");
        }
    }
}
