//! Shell quoting, for commands in messages and documents.

/// Quotes an argument where a POSIX shell needs it (POSIX.1-2017, shell §2.2.2).
#[must_use]
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/+@=:,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.into();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_only_where_needed() {
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
