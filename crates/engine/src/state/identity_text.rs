//! Whether Markdown that the strict reader refuses was meant to have an identity.

use artifact::{Format, tolerant};

/// The keys of an identity in front matter.
const KEYS: [&str; 2] = ["ulid", "doc_key"];
/// How many lines of front matter that no reader reads are searched for a key.
const MAX_SEARCHED_LINES: usize = 200;

/// Returns whether a string begins like front matter, whatever its line ends, and names an identity.
pub(super) fn names_identity(text: &[u8]) -> bool {
    match tolerant::read(Format::FrontMatter, text, &tolerant::LIMITS) {
        Ok(value) => KEYS.iter().any(|key| value.get(key).is_some()),
        Err(_) => names_key(&String::from_utf8_lossy(text)),
    }
}

/// Searches front matter that cannot be read for a line that begins with a key.
fn names_key(text: &str) -> bool {
    // UTF-16 is searched without its zero bytes.
    let text: String = text.chars().filter(|&character| character != '\0').collect();
    let text = text.trim_start_matches(|character: char| {
        character.is_whitespace() || matches!(character, '\u{feff}' | '\u{fffd}')
    });
    let mut lines = text.split(['\n', '\r']);
    let is_fence = |line: &str| line.trim().starts_with("---") || line.trim().starts_with("+++");
    if !lines.next().is_some_and(is_fence) {
        return false;
    }
    let inside = lines.take(MAX_SEARCHED_LINES).take_while(|line| !is_fence(line));
    inside.into_iter().any(|line| {
        let line = line.trim_start_matches(['"', '\'', ' ', '\t', '\u{feff}']);
        KEYS.iter().any(|key| {
            let rest = line.strip_prefix(key).map(|rest| rest.trim_start_matches(['"', '\'', ' ', '\t']));
            rest.is_some_and(|rest| rest.starts_with([':', '=']))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_of_any_form_is_recognised() {
        for text in [
            "---\r\nulid: x\r\n---\r\n",
            "\u{feff}---\nulid: x\n---\n",
            "--- \ndoc_key: x\n---\n",
            "+++\nulid = \"x\"\n+++\n",
            "---\nulid: x\nulid: y\n---\n",
            "---\nulid: x\n",
            "---\n\tulid: x\n---\n",
            "---\n\"doc_key\": [\n---\n",
            "\n\n---\nulid: x\n---\n",
            "---\rulid: x\r---\r",
            "---yaml\nulid: x\n---\n",
        ] {
            assert!(names_identity(text.as_bytes()), "{text:?}");
        }
        for text in [
            "# ulid: x\n",
            "---\ntitle: ulid\n---\n",
            "---\ntitle: x\n---\nulid: y\n",
            "text\n---\nulid: x\n---\n",
            "---\n[\n---\nulid: x\n",
        ] {
            assert!(!names_identity(text.as_bytes()), "{text:?}");
        }
    }
}
