//! JSON pointers in which `*` matches one list index or key.

use artifact::{Kind, Value, escape};

/// A JSON pointer (RFC 6901) in which the segment `*` matches one list index or key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PointerPattern(String);

impl PointerPattern {
    /// Makes a pattern of a pointer whose form has been checked.
    pub(crate) fn new(text: &str) -> PointerPattern {
        PointerPattern(text.into())
    }

    /// Returns the text of the pattern.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the values that it selects, each with its pointer, in the order of the document.
    #[must_use]
    pub fn select<'v>(&self, document: &'v Value) -> Vec<(String, &'v Value)> {
        let mut found = vec![(String::new(), document)];
        for segment in self.0.split('/').skip(1) {
            let mut next = Vec::new();
            for (pointer, value) in found {
                if segment == "*" {
                    next.extend(
                        elements(value).map(|(name, value)| (format!("{pointer}/{}", escape(&name)), value)),
                    );
                } else if let Some(inside) = value.pointer(&format!("/{segment}")) {
                    next.push((format!("{pointer}/{segment}"), inside));
                }
            }
            found = next;
        }
        found
    }
}

/// Returns the elements of a list or mapping with their index or key; a scalar has none.
fn elements(value: &Value) -> Box<dyn Iterator<Item = (String, &Value)> + '_> {
    match &value.kind {
        Kind::List(list) => Box::new(list.iter().enumerate().map(|(at, value)| (at.to_string(), value))),
        Kind::Map(map) => Box::new(map.entries().map(|entry| (entry.key.name.clone(), &entry.value))),
        _ => Box::new(std::iter::empty()),
    }
}

#[cfg(test)]
mod tests {
    use artifact::{Format, tolerant};

    use super::*;

    #[test]
    fn a_star_selects_each_element_and_each_key() {
        let text = b"{\"a\": [{\"b\": 1}, {\"c\": 2}, {\"b\": 3}], \"m\": {\"x/y\": {\"b\": 4}}}";
        let document = tolerant::read(Format::Json, text, &tolerant::LIMITS).unwrap();
        let select = |text: &str| -> Vec<(String, String)> {
            let found = PointerPattern::new(text).select(&document);
            found.into_iter().map(|(pointer, value)| (pointer, value.show())).collect()
        };
        let pair = |pointer: &str, value: &str| (pointer.to_string(), value.to_string());
        assert_eq!(select("/a/*/b"), [pair("/a/0/b", "1"), pair("/a/2/b", "3")]);
        assert_eq!(select("/m/*/b"), [pair("/m/x~1y/b", "4")]);
        assert_eq!(select("/a/1/c"), [pair("/a/1/c", "2")]);
        assert!(select("/a/*/b/*").is_empty() && select("/none/*").is_empty());
        assert_eq!(PointerPattern::new("").select(&document).len(), 1);
    }
}
