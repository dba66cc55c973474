//! Patterns as OPA reads them. Its `\d`, `\w`, `\s` and `\b` are of ASCII (RE2); the engine's are of all Unicode, so that
//! `^\w+$` would let names pass that conftest stops.

/// Rewrites a pattern of RE2 for the engine's library.
pub(crate) fn ascii(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut letters = pattern.chars().peekable();
    // Whether a bracket is open, and whether it has a member yet: a first `]` is one.
    let mut class: Option<bool> = None;
    while let Some(letter) = letters.next() {
        match (letter, class) {
            ('\\', _) => {
                let next = letters.next();
                match next.and_then(|next| perl(next, class.is_some())) {
                    Some(set) => out.push_str(set),
                    None => out.extend(['\\'].into_iter().chain(next)),
                }
                class = class.map(|_| true);
            }
            ('[', None) => {
                out.push('[');
                if letters.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
                class = Some(false);
            }
            ('[', Some(_)) if letters.peek() == Some(&':') => {
                out.push('[');
                // A named class, to its end.
                for letter in letters.by_ref() {
                    out.push(letter);
                    if letter == ']' {
                        break;
                    }
                }
                class = Some(true);
            }
            (']', Some(true)) => {
                out.push(']');
                class = None;
            }
            // Letters in RE2; in the engine's library a bracket inside a bracket, and operators on sets.
            ('[' | '&' | '~', Some(_)) | (']', Some(false)) => {
                out.extend(['\\', letter]);
                class = Some(true);
            }
            (_, _) => {
                out.push(letter);
                class = class.map(|_| true);
            }
        }
    }
    out
}

/// Returns what an escape stands for, outside or inside of brackets.
fn perl(letter: char, inside: bool) -> Option<&'static str> {
    Some(match letter {
        'd' => "[0-9]",
        'D' => "[^0-9]",
        'w' => "[0-9A-Za-z_]",
        'W' => "[^0-9A-Za-z_]",
        's' => r"[\t\n\x0C\r ]",
        'S' => r"[^\t\n\x0C\r ]",
        'b' if !inside => r"(?-u:\b)",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use regorus::Value;

    use super::ascii;
    use crate::functions::builtin;

    fn matches(pattern: &str, text: &str) -> bool {
        let values = [Value::from(ascii(pattern)), Value::from(text)];
        builtin("regex.match", &values).map_err(|why| format!("{pattern}: {why}")).unwrap()
            == Value::Bool(true)
    }

    #[test]
    fn classes_are_of_ascii() {
        for (pattern, yes, no) in [
            (r"^\d+$", "09", "٣"),
            (r"^\w+$", "aZ_9", "ä"),
            (r"^[\w.-]+$", "a.b-c", "a.ß"),
            (r"^[^\s]+$", "a\u{a0}b", "a b"),
            (r"^\S+$", "a\u{2003}b", "a\tb"),
            (r"^\W$", "ä", "a"),
            (r"^[\D]$", "٣", "3"),
            (r"\bid\b", "äidä", "xid"),
            (r"^[[:alpha:]_]+$", "ab_", "ä"),
            (r"^[]a]+$", "]a", "b"),
            (r"^[^]a]$", "b", "]"),
            (r"^[[&&~~a]+$", "[&~a", "b"),
            (r"^[\]\\]+$", r"]\", "a"),
            (r"^\[\d\]$", "[1]", "1"),
            (r"^\\d$", r"\d", r"\5"),
            (r"(?i)^straSSe$", "STRASSE", "straße"),
            (r"^\p{Greek}$", "α", "a"),
            ("^.{3}$", "äöü", "äö"),
            (r"^\w{1,64}$", "a", ""),
        ] {
            assert!(matches(pattern, yes), "{pattern} {yes}");
            assert!(!matches(pattern, no), "{pattern} {no}");
        }
    }

    #[test]
    fn what_is_no_pattern_stays_none() {
        for pattern in ["(", "[a", r"\", "a{2,1}", r"[\b]", r"(?P<n>a)\k<n>"] {
            let values = [Value::from(ascii(pattern)), Value::from("a")];
            assert_eq!(builtin("regex.match", &values), Err("invalid regex".into()), "{pattern}");
        }
    }
}
