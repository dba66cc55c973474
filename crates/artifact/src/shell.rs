//! Words for a shell, as messages and documents show commands.

/// Quotes a word where it needs to be (POSIX.1-2017, shell §2.2.2).
#[must_use]
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/+@=:,".contains(c);
    match !text.is_empty() && text.chars().all(plain) {
        true => text.into(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_needs_it_is_quoted() {
        for (text, expected) in [
            ("plugins/a_b.py", "plugins/a_b.py"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", "'it'\\''s'"),
            ("*.ts", "'*.ts'"),
        ] {
            assert_eq!(word(text), expected);
        }
    }
}
