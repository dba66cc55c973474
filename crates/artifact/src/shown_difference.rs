//! Shows two values that differ, so that a reader sees where.

use unicode_normalization::UnicodeNormalization as _;

use crate::value::{Kind, Value};

/// The characters of a string that are shown before the first that differs.
const MAX_CONTEXT_CHARS: usize = 16;
/// The characters of a string that are shown from there on.
const MAX_SHOWN_CHARS: usize = 60;
/// How deep equal-looking values are entered.
const MAX_DEPTH: usize = 8;

/// Shows an old and a new value that differ, as two texts that differ visibly.
///
/// Long strings are cut to where they differ; characters are escaped where only Unicode normalization makes the difference.
#[must_use]
pub fn show_difference(old: &Value, new: &Value) -> (String, String) {
    show_at(old, new, 0)
}

fn show_at(old: &Value, new: &Value, depth: usize) -> (String, String) {
    if let (Kind::String(a), Kind::String(b)) = (&old.kind, &new.kind)
        && a != b
    {
        return strings(old, new, a, b);
    }
    let (was, now) = (old.show(), new.show());
    if !looks_equal(&was, &now) || depth == MAX_DEPTH {
        return (was, now);
    }
    let below = |name: String, a: Option<&Value>, b: Option<&Value>| {
        let (was, now) = match (a, b) {
            (Some(a), Some(b)) => show_at(a, b, depth + 1),
            (a, b) => {
                let show = |value: Option<&Value>| value.map_or_else(|| "nothing".into(), Value::show);
                (show(a), show(b))
            }
        };
        (format!("{name}: {was}"), format!("{name}: {now}"))
    };
    match (&old.kind, &new.kind) {
        (Kind::List(a), Kind::List(b)) => {
            let differs = |at: &usize| match (a.get(*at), b.get(*at)) {
                (Some(a), Some(b)) => !a.same(b),
                _ => true,
            };
            match (0..a.len().max(b.len())).find(differs) {
                Some(at) => below(format!("element {at}"), a.get(at), b.get(at)),
                None => (was, now),
            }
        }
        (Kind::Map(a), Kind::Map(b)) => {
            let names = a.entries().chain(b.entries()).map(|entry| &entry.key.name);
            let differs = |name: &&String| match (a.get(name), b.get(name)) {
                (Some(a), Some(b)) => !a.same(b),
                _ => true,
            };
            match names.into_iter().find(differs) {
                Some(name) => below(format!("`{name}`"), a.get(name), b.get(name)),
                None => (was, now),
            }
        }
        _ => (was, now),
    }
}

/// Shows two strings from where they differ.
fn strings(old: &Value, new: &Value, a: &str, b: &str) -> (String, String) {
    let (was, now) = (old.show(), new.show());
    let is_whole = |text: &str| text.chars().count() <= MAX_CONTEXT_CHARS + MAX_SHOWN_CHARS;
    let looks_equal = looks_equal(a, b);
    if is_whole(a) && is_whole(b) && !looks_equal {
        return (was, now);
    }
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let start = if is_whole(a) && is_whole(b) { 0 } else { same.saturating_sub(MAX_CONTEXT_CHARS) };
    let show = |text: &str| {
        let length = text.chars().count();
        let shown = text.chars().skip(start).take(MAX_CONTEXT_CHARS + MAX_SHOWN_CHARS);
        let shown: String = shown.map(|c| escaped(c, looks_equal)).collect();
        let end = if start + MAX_CONTEXT_CHARS + MAX_SHOWN_CHARS < length { "…" } else { "" };
        format!("\"{}{shown}{end}\"", if start > 0 { "…" } else { "" })
    };
    (show(a), show(b))
}

fn escaped(c: char, escape: bool) -> String {
    if escape && !c.is_ascii() { format!("\\u{{{:x}}}", c as u32) } else { c.to_string() }
}

/// Returns whether two texts differ at most in compatible forms of their characters (Unicode, UAX #15).
fn looks_equal(a: &str, b: &str) -> bool {
    a == b || a.nfkc().eq(b.nfkc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, Syntax, parse};

    fn shown(old: &str, new: &str) -> (String, String) {
        let read = |text: &str| parse(Syntax::Json, text.as_bytes(), &Limits::default()).unwrap();
        show_difference(&read(old), &read(new))
    }

    #[test]
    fn the_two_texts_differ_visibly() {
        let long = "x".repeat(200);
        let list = vec!["\"an element with some text\""; 30].join(", ");
        for (old, new, was, now) in [
            ("1", "2", "1", "2"),
            ("1", "\"1\"", "1", "\"1\""),
            ("\"a\"", "\"é\"", "\"a\"", "\"é\""),
            ("\"caf\u{e9}\"", "\"cafe\u{301}\"", "\"caf\\u{e9}\"", "\"cafe\\u{301}\""),
            ("\"\u{fb01}\"", "\"fi\"", "\"\\u{fb01}\"", "\"fi\""),
            (
                &format!("\"{long}a\""),
                &format!("\"{long}b\""),
                "\"…xxxxxxxxxxxxxxxxa\"",
                "\"…xxxxxxxxxxxxxxxxb\"",
            ),
            (&format!("[{list}, 1]"), &format!("[{list}, 2]"), "element 30: 1", "element 30: 2"),
            (&format!("[{list}]"), &format!("[{list}, 2]"), "element 30: nothing", "element 30: 2"),
            ("{\"k\": \"\u{e9}\"}", "{\"k\": \"e\u{301}\"}", "`k`: \"\\u{e9}\"", "`k`: \"e\\u{301}\""),
        ] {
            assert_eq!(shown(old, new), (was.to_string(), now.to_string()), "{old} {new}");
        }
    }
}
