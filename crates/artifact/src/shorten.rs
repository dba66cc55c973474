//! Texts of a repository in messages: long ones are cut visibly.

/// The characters of a string that messages show.
pub const MAX_SHOWN_CHARS: usize = 80;

/// Returns a string of at most [`MAX_SHOWN_CHARS`] characters: the start and the end of a longer one, with `…` between them.
///
/// Addresses and versions differ more often at their ends than in the middle.
#[must_use]
pub fn shorten(text: &str) -> String {
    let count = text.chars().count();
    if count <= MAX_SHOWN_CHARS {
        return text.into();
    }
    let end = (MAX_SHOWN_CHARS - 1) / 2;
    let start = MAX_SHOWN_CHARS - 1 - end;
    let mut shown: String = text.chars().take(start).collect();
    shown.push('…');
    shown.extend(text.chars().skip(count - end));
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_fits_is_shown_whole() {
        for text in [String::new(), "a".into(), "ä".repeat(MAX_SHOWN_CHARS)] {
            assert_eq!(shorten(&text), text);
        }
    }

    #[test]
    fn a_longer_text_shows_both_ends_and_the_cut() {
        let address = |end: &str| format!("https://example.org/{}/{end}", "releases/".repeat(12));
        let (one, other) = (shorten(&address("v1.tar.gz")), shorten(&address("v2.tar.gz")));
        assert!(one.starts_with("https://example.org/") && one.ends_with("v1.tar.gz"), "{one}");
        assert!(one.contains('…') && one != other);
        for length in [MAX_SHOWN_CHARS + 1, 4_000] {
            let shown = shorten(&"ü".repeat(length));
            assert_eq!((shown.chars().count(), shown.matches('…').count()), (MAX_SHOWN_CHARS, 1));
        }
    }
}
