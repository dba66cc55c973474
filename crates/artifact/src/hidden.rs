//! Characters that do not show, or that reorder others: what a name or an owner cannot contain, since people read it as it is written.

/// How a string is read, which decides the characters that it may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// A name or a description, in any script: joiners and selectors pass where the script or an emoji needs them.
    Prose,
    /// An identifier such as an owner: nothing that does not show, and no space but U+0020.
    Identifier,
}

/// Finds the first character that does not show, reorders others, or ends the line: its byte offset, and itself.
#[must_use]
pub fn find(text: &str, reading: Reading) -> Option<(usize, char)> {
    text.char_indices().find(|&(at, character)| match reading {
        Reading::Identifier => {
            is_hidden(character) || character.is_whitespace() && character != ' ' || is_joiner(character)
        }
        Reading::Prose if is_joiner(character) => !is_needed(text, at, character),
        Reading::Prose => is_hidden(character),
    })
}

/// Describes a character that [`find`] found.
#[must_use]
pub fn describe(character: char) -> String {
    let what = match character as u32 {
        0x0a | 0x0d | 0x85 | 0x2028 | 0x2029 => "a line break",
        0x61c | 0x200e | 0x200f | 0x202a..=0x202e | 0x2066..=0x2069 => "a bidirectional control character",
        0x200b..=0x200d | 0x2060 | 0xfeff => "a zero-width character",
        _ if character.is_control() => "a control character",
        _ if character.is_whitespace() => "a space other than U+0020",
        _ => "an invisible character",
    };
    format!("{what} (U+{:04X})", character as u32)
}

/// Returns whether a character is a control, moves or reorders others, or does not show, wherever it occurs.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character as u32,
            0xad | 0x34f | 0x61c | 0x70f     // soft hyphen, grapheme joiner, Arabic letter mark, Syriac mark
            | 0x115f | 0x1160 | 0x17b4 | 0x17b5 | 0x180e
            | 0x200b | 0x200e | 0x200f       // zero-width space, left-to-right and right-to-left marks
            | 0x2028..=0x202e                // line and paragraph separators, bidirectional embeddings and overrides
            | 0x2060..=0x206f                // word joiner, bidirectional isolates
            | 0x2800 | 0x3164 | 0xffa0 | 0xfeff
            | 0xfff0..=0xfffb | 0xfffe | 0xffff
            | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a
            | 0xe0000..=0xe001f | 0xe0080..=0xe00ff | 0xe01f0..=0xe0fff
        )
}

/// Returns whether a character joins, separates or selects the forms of others: alone it shows nothing.
fn is_joiner(character: char) -> bool {
    matches!(character as u32,
        0x200c | 0x200d                      // zero-width non-joiner and joiner
        | 0x180b..=0x180d | 0x180f | 0xfe00..=0xfe0f | 0xe0100..=0xe01ef // variation selectors
        | 0xe0020..=0xe007f                  // tags, which spell the flags of regions
    )
}

/// Returns whether the characters beside a joiner or selector need it.
fn is_needed(text: &str, at: usize, character: char) -> bool {
    let before = text[..at].chars().next_back().unwrap_or_default();
    let after = text[at + character.len_utf8()..].chars().next().unwrap_or_default();
    match character as u32 {
        0x200c => is_joined_script(before) && is_joined_script(after),
        0x200d => {
            is_joined_script(before) && is_joined_script(after)
                || (is_emoji(before) || is_emoji_selector(before)) && is_emoji(after)
        }
        0x180b..=0x180d | 0x180f => matches!(before as u32, 0x1820..=0x18aa),
        // U+20E3 makes a keycap of a digit.
        0xfe0e | 0xfe0f => {
            is_emoji(before) || is_keycap(before) && after == '\u{20e3}' || is_ideograph(before)
        }
        0xfe00..=0xfe0d | 0xe0100..=0xe01ef => is_ideograph(before),
        _ => is_flag_of_region(text, at),
    }
}

/// Returns whether a tag character is in a sequence that starts with the black flag and ends with the closing tag (UTS 51 §1.4.6).
fn is_flag_of_region(text: &str, at: usize) -> bool {
    let is_tag = |character: &char| matches!(*character as u32, 0xe0020..=0xe007f);
    let start = text[..at].trim_end_matches(|character| is_tag(&character));
    let tags: Vec<char> = text[start.len()..].chars().take_while(is_tag).collect();
    start.ends_with('\u{1f3f4}') && tags.last() == Some(&'\u{e007f}') && tags.len() <= 8
}

/// Returns whether the letters of the script change their form beside a joiner: Arabic and its relatives, and the scripts of India and beyond.
fn is_joined_script(character: char) -> bool {
    matches!(character as u32, 0x620..=0x8ff | 0x900..=0xdff | 0xf00..=0x109f | 0x1780..=0x18af | 0xa840..=0xa8ff | 0xfb50..=0xfdff)
        && !is_hidden(character)
}

fn is_keycap(character: char) -> bool {
    character.is_ascii_digit() || matches!(character, '#' | '*')
}

fn is_ideograph(character: char) -> bool {
    matches!(character as u32, 0x3000..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

/// Returns whether a character is a picture: emoji, symbols, arrows, dingbats.
fn is_emoji(character: char) -> bool {
    matches!(character as u32,
        0xa9 | 0xae | 0x203c | 0x2049 | 0x2122 | 0x2139 | 0x2190..=0x21ff | 0x2300..=0x23ff | 0x24c2
        | 0x25a0..=0x27bf | 0x2900..=0x297f | 0x2b00..=0x2bff | 0x3030 | 0x303d | 0x3297 | 0x3299
        | 0x1f000..=0x1faff
    )
}

fn is_emoji_selector(character: char) -> bool {
    character == '\u{fe0f}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_every_script_pass() {
        for text in [
            "Gr\u{f6}\u{df}e \u{8868} \u{1f388}",
            "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
            "\u{2764}\u{fe0f}\u{200d}\u{1f525}",
            "\u{1f44d}\u{1f3fd}\u{200d}\u{1f4bb}",
            "1\u{fe0f}\u{20e3}",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "\u{646}\u{631}\u{645}\u{200c}\u{627}\u{641}\u{632}\u{627}\u{631}",
            "\u{915}\u{94d}\u{200d}\u{937}",
            "\u{845b}\u{e0100}",
            "e\u{301}",
            "\u{5e9}\u{5dc}\u{5d5}\u{5dd}",
            "a\u{a0}b",
        ] {
            assert_eq!(find(text, Reading::Prose), None, "{text:?}");
        }
        assert_eq!(find("Ünïcode Team <a@example.org>", Reading::Identifier), None);
    }

    #[test]
    fn what_does_not_show_is_found() {
        for text in [
            "\u{202e}",
            "\u{2066}",
            "\u{200f}",
            "\u{200e}",
            "\u{61c}",
            "\u{7}",
            "\n",
            "\r",
            "\t",
            "\u{85}",
            "\u{2028}",
            "\u{200b}",
            "\u{200c}",
            "\u{200d}",
            "\u{2060}",
            "\u{feff}",
            "\u{ad}",
            "\u{34f}",
            "\u{3164}",
            "\u{fe0f}",
            "\u{fe00}",
            "\u{e0041}",
            "\u{e0100}",
            "\u{fff9}",
            "\u{0}",
            "\u{7f}",
        ] {
            let text = format!("a{text}b");
            assert_eq!(find(&text, Reading::Prose).map(|(at, _)| at), Some(1), "{text:?}");
            assert_eq!(find(&text, Reading::Identifier).map(|(at, _)| at), Some(1), "{text:?}");
        }
        // A joiner at the edge joins nothing, and tags without an end hide words.
        for text in
            ["\u{1f388}\u{200d}", "\u{200d}\u{1f388}", "\u{1f3f4}\u{e0067}", "\u{1f388}\u{e0067}\u{e007f}"]
        {
            assert!(find(text, Reading::Prose).is_some(), "{text:?}");
        }
        for text in ["a\u{a0}b", "a\u{3000}b", "\u{1f468}\u{200d}\u{1f469}", "\u{2764}\u{fe0f}"] {
            assert!(find(text, Reading::Identifier).is_some(), "{text:?}");
        }
    }

    #[test]
    fn characters_are_named_by_what_they_do() {
        for (character, named) in [
            ('\u{202e}', "a bidirectional control character (U+202E)"),
            ('\u{200b}', "a zero-width character (U+200B)"),
            ('\n', "a line break (U+000A)"),
            ('\u{7}', "a control character (U+0007)"),
            ('\u{a0}', "a space other than U+0020 (U+00A0)"),
            ('\u{ad}', "an invisible character (U+00AD)"),
        ] {
            assert_eq!(describe(character), named);
        }
    }
}
