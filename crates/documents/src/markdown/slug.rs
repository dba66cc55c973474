//! Computes the anchors that GitHub gives to headings.

use std::collections::BTreeMap;

use unicode_normalization::char::is_combining_mark;

/// The first code points of the runs of ten decimal digits (Unicode 16, general category Nd).
const ZEROS: [u32; 76] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
    0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40,
    0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x10d40,
    0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da,
    0x11730, 0x118e0, 0x11950, 0x11bf0, 0x11c50, 0x11d50, 0x11da0, 0x11f50, 0x16130, 0x16a60, 0x16ac0,
    0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0,
    0x1e5f1, 0x1e950, 0x1fbf0,
];

/// The anchors of one document, each of them unique.
#[derive(Debug, Default)]
pub(crate) struct Slugs {
    /// The last number that was appended to each anchor.
    used: BTreeMap<String, usize>,
}

impl Slugs {
    /// Returns the anchor of the next heading: lower case; letters, marks, digits and connectors stay, a space becomes a hyphen, the rest is removed.
    pub(crate) fn add(&mut self, heading: &str) -> String {
        let slug: String = heading
            .to_lowercase()
            .chars()
            .filter_map(|c| match c {
                ' ' => Some('-'),
                c => is_kept(c).then_some(c),
            })
            .collect();
        // Numbers are counted per heading text; a number is skipped if another heading has that text.
        let Some(&count) = self.used.get(&slug) else {
            self.used.insert(slug.clone(), 0);
            return slug;
        };
        let mut count = count;
        let numbered = loop {
            count += 1;
            let numbered = format!("{slug}-{count}");
            if !self.used.contains_key(&numbered) {
                break numbered;
            }
        };
        self.used.insert(slug, count);
        self.used.insert(numbered.clone(), 0);
        numbered
    }
}

/// `[\p{Word}-]` as in GitHub's table of contents filter: alphabetic, mark, decimal digit, connector punctuation.
fn is_kept(c: char) -> bool {
    match c {
        '-' | '_' => true,
        c if c.is_ascii() => c.is_ascii_alphanumeric(),
        '\u{203f}'
        | '\u{2040}'
        | '\u{2054}'
        | '\u{fe33}'
        | '\u{fe34}'
        | '\u{fe4d}'..='\u{fe4f}'
        | '\u{ff3f}' => true,
        c => c.is_alphabetic() || is_combining_mark(c) || is_digit(c),
    }
}

fn is_digit(c: char) -> bool {
    let code = c as u32;
    let run = ZEROS.partition_point(|zero| *zero <= code);
    run > 0 && code - ZEROS[run - 1] < 10
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values as observed on GitHub.
    #[test]
    fn anchors_match_github() {
        let mut slugs = Slugs::default();
        for (heading, anchor) in [
            ("Usage", "usage"),
            ("usage", "usage-1"),
            ("healthCheck", "healthcheck"),
            ("probe", "probe"),
            ("probe", "probe-1"),
            ("probe 1", "probe-1-1"),
            ("probe-1", "probe-1-2"),
            ("probe", "probe-2"),
            ("budget-1", "budget-1"),
            ("budget", "budget"),
            ("budget", "budget-2"),
            ("a - b", "a---b"),
            ("a _ b", "a-_-b"),
            ("plugin.spec.json", "pluginspecjson"),
            ("run_all(first, [second])", "run_allfirst-second"),
            ("the plugin’s limits", "the-plugins-limits"),
            ("now ♥ then", "now--then"),
            ("p50–p99", "p50p99"),
            ("🚀_🚀 go", "_-go"),
            (":rocket_ship: go", "rocket_ship-go"),
            ("Обзор проекта", "обзор-проекта"),
            ("鍵の名前", "鍵の名前"),
            ("Ⅷ and ２ but not ² or ½", "ⅷ-and-２-but-not--or-"),
            ("٣ ൧ ௰", "٣-൧-"),
            ("‿＿", "‿＿"),
            ("⚙\u{fe0f} Setup", "\u{fe0f}-setup"),
            ("a\nb\tc", "abc"),
            ("", ""),
            ("", "-1"),
        ] {
            assert_eq!(slugs.add(heading), anchor, "{heading}");
        }
    }

    #[test]
    fn runs_of_digits_are_sorted() {
        assert!(ZEROS.is_sorted());
        assert!(is_digit('9') && !is_digit(':') && !is_digit('/'));
    }
}
