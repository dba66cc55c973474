//! Converts patterns from OPA's syntax. In OPA `\d`, `\w`, `\s` and `\b` match ASCII only (RE2); in the engine they match all of Unicode,
//! so that `^\w+$` would accept names that conftest refuses.

/// Converts an RE2 pattern for the library of the engine.
pub(crate) fn ascii(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut letters = pattern.chars().peekable();
    // Whether a bracket is open, and whether it has a member yet: a `]` in first position is a member.
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
            // Plain characters in RE2, but nested brackets and set operators in the library of the engine.
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

/// Returns the meaning of an escape, outside or inside of brackets.
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
    use crate::builtin::builtin;

    fn matches(pattern: &str, text: &str) -> bool {
        let values = [Value::from(ascii(pattern)), Value::from(text)];
        builtin("regex.match", &values).map_err(|why| format!("{pattern}: {why}")).unwrap()
            == Value::Bool(true)
    }

    #[test]
    fn classes_match_ascii_only() {
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
    fn invalid_patterns_stay_invalid() {
        for pattern in ["(", "[a", r"\", "a{2,1}", r"[\b]", r"(?P<n>a)\k<n>"] {
            let values = [Value::from(ascii(pattern)), Value::from("a")];
            assert_eq!(builtin("regex.match", &values), Err("invalid regex".into()), "{pattern}");
        }
    }
}
