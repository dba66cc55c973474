//! The tests of a plugin: which of its files count as tests, and what each is named for.

use engine::Plugin;
use snapshot::{Error, Mode, Node, Result, Snapshot};

/// The word in the name of the test of the whole process.
pub(super) const CONTRACT: &str = "contract";

/// The directory of tests.
const TESTS: &str = "tests/";
/// Files with this name, or in a directory with it, are support code of tests.
const SUPPORT: [&str; 2] = ["support", "conftest"];
/// Files with these endings contain no tests: text, and compiled code that is generated from tests.
const NOT_TESTS: [&str; 3] = [".txt", ".md", ".pyc"];
/// The size of a file that is searched for names of operations.
const MAX_TEST_BYTES: u64 = 1 << 20;

/// The tests of a plugin.
pub(super) struct TestFiles<'p> {
    head: &'p dyn Snapshot,
    plugin: &'p Plugin,
    /// The files with the words of their paths.
    files: Vec<(&'p Node, Vec<String>)>,
}

impl<'p> TestFiles<'p> {
    /// Lists the files that can be tests.
    pub(super) fn of(head: &'p dyn Snapshot, plugin: &'p Plugin) -> TestFiles<'p> {
        let files = plugin.files.iter().filter(|(_, node)| is_regular(node));
        let files = files.filter_map(|(inside, node)| Some((node, tokens(named_part(inside)?))));
        TestFiles { head, plugin, files: files.collect() }
    }

    /// Returns whether a test that is not empty is named for something: its words are in the path, in order and adjacent.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(super) fn are_named_for(&self, name: &str) -> Result<bool> {
        let wanted = tokens(name);
        for (node, words) in &self.files {
            if contains(words, &wanted) && !self.read(node)?.trim_ascii().is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns why a file that the spec names is not a test of an operation; `None` if it is one.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn problem_of(&self, path: &str, operation: &str) -> Result<Option<String>> {
        let Some(node) = self.plugin.files.get(path.as_bytes()) else {
            return Ok(Some("does not exist".into()));
        };
        if !is_regular(node) || named_part(path.as_bytes()).is_none() {
            return Ok(Some("is not a test: a source file in tests/ is expected".into()));
        }
        let text = self.read(node)?;
        Ok(if text.trim_ascii().is_empty() {
            Some("is empty".into())
        } else if contains(&tokens(&String::from_utf8_lossy(&text)), &tokens(operation)) {
            None
        } else {
            Some(format!("does not contain the name `{operation}`"))
        })
    }

    /// Reads a file; a larger one as far as it matters: it is not empty.
    fn read(&self, node: &Node) -> Result<Vec<u8>> {
        match self.head.read(node, MAX_TEST_BYTES) {
            Err(Error::TooLarge { .. }) => Ok(b"too large to be searched".to_vec()),
            other => other,
        }
    }
}

fn is_regular(node: &Node) -> bool {
    matches!(node.object.mode, Mode::File | Mode::Executable)
}

/// Returns the part of a path that names a test: below `tests/`, without the extension; `None` if the file is not a test.
fn named_part(inside: &[u8]) -> Option<&str> {
    let path = std::str::from_utf8(inside).ok()?.strip_prefix(TESTS)?;
    let is_support =
        path.split('/').any(|name| SUPPORT.contains(&name.split('.').next().unwrap_or_default()));
    let lower = path.to_ascii_lowercase();
    if is_support || NOT_TESTS.iter().any(|ending| lower.ends_with(ending)) {
        return None;
    }
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    Some(path[name..].rfind('.').filter(|dot| *dot > 0).map_or(path, |dot| &path[..name + dot]))
}

/// Splits text at every character that is not a letter or digit, and where a capital follows a small letter.
fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut last_is_lower = false;
    for c in text.chars() {
        if (!c.is_alphanumeric() || last_is_lower && c.is_uppercase()) && !word.is_empty() {
            found.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        last_is_lower = c.is_lowercase();
    }
    found.extend(Some(word).filter(|word| !word.is_empty()));
    found
}

fn contains(words: &[String], wanted: &[String]) -> bool {
    !wanted.is_empty() && words.windows(wanted.len()).any(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_named_by_words_not_letters() {
        for (path, operation, expected) in [
            ("tests/test_render.py", "render", true),
            ("tests/render_test.go", "render", true),
            ("tests/render.test.ts", "render", true),
            ("tests/RenderPage.test.ts", "render_page", true),
            ("tests/testRender.js", "render", true),
            ("tests/render/basic.rs", "render", true),
            ("tests/test-render-page.py", "render_page", true),
            ("tests/test_page_render.py", "render_page", false),
            ("tests/test_render_big_page.py", "render_page", false),
            ("tests/test_renderer.py", "render", false),
            ("tests/surrender.py", "render", false),
            ("tests/test_v2.py", "v2", true),
        ] {
            let words = tokens(named_part(path.as_bytes()).unwrap());
            assert_eq!(contains(&words, &tokens(operation)), expected, "{path} {operation}");
        }
    }

    #[test]
    fn support_and_text_are_not_tests() {
        for path in [
            "tests/support.py",
            "tests/support/mod.rs",
            "tests/conftest.py",
            "tests/render.txt",
            "tests/render.MD",
            "src/test_render.py",
        ] {
            assert_eq!(named_part(path.as_bytes()), None, "{path}");
        }
        assert_eq!(
            named_part(b"tests/test_support.py"),
            Some("test_support"),
            "an operation may have that name"
        );
        assert_eq!(named_part(b"tests/tests"), Some("tests"));
    }
}
