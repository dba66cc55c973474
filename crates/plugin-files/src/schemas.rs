//! The schemas of a plugin as its generated files describe them: with the definitions of other files.

use std::collections::BTreeMap;

use artifact::{Limits, Syntax, Value, parse};
use schema::{Bundle, SchemaFiles, refers_to_files};

/// The references that are followed to describe one field.
const MAX_HOPS: usize = 16;

/// Returns a schema of a plugin as one without references to other files, or unchanged if a reference has no target, which
/// rules report.
pub(crate) fn bundled<'f>(
    path: &str,
    schema: &Value,
    files: impl IntoIterator<Item = (&'f str, &'f [u8])>,
) -> Value {
    if !refers_to_files(schema) {
        return schema.clone();
    }
    let files = files.into_iter().filter(|(path, _)| path.starts_with("schemas/"));
    let read: BTreeMap<&str, Option<Value>> =
        files.map(|(path, text)| (path, parse(Syntax::Json, text, &Limits::default()).ok())).collect();
    let files = read.iter().map(|(path, value)| ((*path).to_string(), value.as_ref()));
    let files = SchemaFiles::new("the plugin's schemas", files);
    Bundle::new(path, schema, &files).map_or_else(|_| schema.clone(), |bundle| bundle.schema)
}

/// Returns the schemas of a value: a part of a schema, and what it refers to in turn.
pub(crate) fn with_targets<'s>(root: &'s Value, part: &'s Value) -> Vec<&'s Value> {
    let mut found = vec![part];
    let mut at = part;
    while let Some(reference) = at.get("$ref").and_then(Value::as_str)
        && let Some(target) = reference.strip_prefix('#').and_then(|pointer| root.pointer(&decoded(pointer)))
        && found.len() <= MAX_HOPS
    {
        found.push(target);
        at = target;
    }
    found
}

/// Decodes the characters that a bundle encodes in pointers.
fn decoded(pointer: &str) -> String {
    schema::decode(pointer).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_followed_a_bounded_number_of_times() {
        let read = |text: &str| parse(Syntax::Json, text.as_bytes(), &Limits::default()).unwrap();
        let root = read(
            r##"{"$defs": {"a b": {"$ref": "#/$defs/c"}, "c": {"type": "null"}}, "$ref": "#/$defs/a%20b"}"##,
        );
        assert_eq!(with_targets(&root, &root).len(), 3);
        let endless = read(r##"{"$ref": "#"}"##);
        assert_eq!(with_targets(&endless, &endless).len(), MAX_HOPS + 1);
    }
}
