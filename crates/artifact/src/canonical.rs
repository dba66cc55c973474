//! One text for each value: equal texts are equal values.

use crate::decimal::Decimal;
use crate::{Kind, Value};

impl Value {
    /// Writes it as JSON with sorted keys and exact numbers: equal texts are equal values.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut text = String::new();
        self.write_canonical(&mut text);
        text
    }

    fn write_canonical(&self, out: &mut String) {
        if let Some(tag) = self.tag() {
            out.push('!');
            out.push_str(tag);
            out.push(' ');
        }
        if let Some(plain) = self.ambiguous() {
            out.push('~');
            out.push_str(plain);
            return;
        }
        match &self.kind {
            Kind::Null => out.push_str("null"),
            Kind::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Kind::Integer(number) => out.push_str(&number.to_string()),
            Kind::Number(text) => match Decimal::parse(text) {
                Some(number) => out.push_str(&number.canonical()),
                None => out.push_str(text),
            },
            Kind::String(text) => write_string(out, text),
            Kind::List(list) => {
                out.push('[');
                for (at, value) in list.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    value.write_canonical(out);
                }
                out.push(']');
            }
            Kind::Map(map) => {
                out.push('{');
                let mut entries: Vec<_> = map.entries().collect();
                entries.sort_by(|a, b| a.key.name.cmp(&b.key.name));
                for (at, entry) in entries.into_iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    write_string(out, &entry.key.name);
                    out.push(':');
                    entry.value.write_canonical(out);
                }
                out.push('}');
            }
        }
    }
}

/// Writes a string in quotes, so that no other text gives the same bytes.
fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, tolerant};

    fn read(text: &str) -> Value {
        tolerant::read(Format::Yaml, text.as_bytes(), &tolerant::LIMITS).unwrap()
    }

    #[test]
    fn equal_values_have_one_canonical_text() {
        for (a, b) in [
            ("{a: 1, b: [x]}", "{b: ['x'], a: 1.0}"),
            ("1e3", "1e3"),
            ("100000000000000000000", "100000000000000000000.0"),
            ("~", "null"),
        ] {
            assert_eq!(read(a).canonical(), read(b).canonical(), "{a} {b}");
        }
        for (a, b) in [
            ("1", "'1'"),
            ("2015-10-27", "'2015-10-27'"),
            ("['a\",\"b']", "[a, b]"),
            ("{a: 1}", "{b: 1}"),
            ("1e3", "1000"),
            ("!t 1", "1"),
        ] {
            assert_ne!(read(a).canonical(), read(b).canonical(), "{a} {b}");
        }
    }
}
