//! A value without some of its parts.

use crate::value::unescape;
use crate::{Kind, Map, Value};

impl Value {
    /// Returns a copy without the values at JSON pointers; elements of lists stay where they are.
    #[must_use]
    pub fn without(&self, pointers: &[String]) -> Value {
        let below: Vec<&str> = pointers.iter().filter_map(|pointer| pointer.strip_prefix('/')).collect();
        self.pruned(&below)
    }

    /// `paths` are pointers below this value, without the first slash.
    fn pruned(&self, paths: &[&str]) -> Value {
        if paths.is_empty() {
            return self.clone();
        }
        // The paths that lead through an entry, from there on; `None` where one ends at it.
        let inside = |name: &str| -> Option<Vec<&str>> {
            let mut inside = Vec::new();
            for path in paths {
                match path.split_once('/') {
                    None if unescape(path) == name => return None,
                    Some((first, rest)) if unescape(first) == name => inside.push(rest),
                    _ => {}
                }
            }
            Some(inside)
        };
        let kind = match &self.kind {
            Kind::Map(map) => {
                let mut kept = Map::default();
                for entry in map.entries() {
                    if let Some(inside) = inside(&entry.key.name) {
                        kept.insert(entry.key.clone(), entry.value.pruned(&inside)).ok();
                    }
                }
                Kind::Map(kept)
            }
            Kind::List(list) => {
                let pruned = |(at, value): (usize, &Value)| match inside(&at.to_string()) {
                    Some(inside) => value.pruned(&inside),
                    None => Value::new(Kind::Null, value.span.clone()),
                };
                Kind::List(list.iter().enumerate().map(pruned).collect())
            }
            kind => kind.clone(),
        };
        Value { kind, span: self.span.clone(), notation: self.notation.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, tolerant};

    fn read(text: &str) -> Value {
        tolerant::read(Format::Yaml, text.as_bytes(), &tolerant::LIMITS).unwrap()
    }

    #[test]
    fn values_at_pointers_are_left_out() {
        let value = read("{a: 1, b: {c: 2, d: 3}, l: [{x: 1, y: 2}, 5], \"a/b\": 4}");
        let without =
            |pointers: &[&str]| value.without(&pointers.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert!(
            without(&["/a", "/b/c", "/nothing"]).same(&read("{b: {d: 3}, l: [{x: 1, y: 2}, 5], \"a/b\": 4}"))
        );
        assert!(without(&["/l/0/x", "/a~1b"]).same(&read("{a: 1, b: {c: 2, d: 3}, l: [{y: 2}, 5]}")));
        assert!(without(&["/b"]).same(&read("{a: 1, l: [{x: 1, y: 2}, 5], \"a/b\": 4}")));
        assert!(without(&[]).same(&value));
    }
}
