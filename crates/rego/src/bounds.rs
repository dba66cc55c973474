//! What is not even handed to the engine: texts that are too long, and what nests too deeply.

use serde_json::Value;

use crate::job::Job;
use crate::reply::{Failure, Place};

/// The length of one source, in bytes.
pub(crate) const SOURCE: usize = 1 << 20;
/// The length of all sources together, in bytes.
const SOURCES: usize = 8 << 20;
/// How deep data and inputs nest. The wire adds a handful of levels and `serde_json` reads 128.
const VALUE_DEPTH: usize = 64;
/// How deep the brackets of a source nest. The engine's parser recurses with them.
const BRACKET_DEPTH: usize = 64;
/// The length of a whole job on the wire, in bytes.
pub(crate) const JOB: usize = 64 << 20;

/// Checks a job before it is sent, and again where it is read.
pub(crate) fn check(job: &Job) -> Result<(), Failure> {
    let mut total = 0;
    for source in job.sources() {
        let path = &source.path;
        if path.chars().any(char::is_control) {
            return Err(Failure::rules(format!(
                "{path:?} is no path of a policy: it has a control character"
            )));
        }
        total += source.text.len();
        if source.text.len() > SOURCE {
            return Err(Failure::limit(format!("{path}: a policy is at most {SOURCE} bytes long")));
        }
        if let Some((line, column)) = too_deep(&source.text) {
            let failure = Failure::limit(format!("brackets nest more than {BRACKET_DEPTH} deep"));
            return Err(failure.at(Place { path: path.clone(), line, column }));
        }
    }
    if total > SOURCES {
        return Err(Failure::limit(format!("all policies together are at most {SOURCES} bytes long")));
    }
    for (index, value) in job.data().iter().enumerate() {
        if !value.is_object() {
            return Err(Failure::rules(format!("data document {} is no mapping", index + 1)));
        }
        shallow(value, &format!("data document {}", index + 1))?;
    }
    job.inputs().iter().try_for_each(|input| shallow(&input.value, &input.path))
}

/// Walks a value without recursion, for what is asked is whether recursion is safe.
fn shallow(value: &Value, what: &str) -> Result<(), Failure> {
    let mut ahead = vec![(value, 1)];
    while let Some((value, depth)) = ahead.pop() {
        if depth > VALUE_DEPTH && (value.is_array() || value.is_object()) {
            return Err(Failure::limit(format!("{what}: nests more than {VALUE_DEPTH} deep")));
        }
        match value {
            Value::Array(items) => ahead.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Object(fields) => ahead.extend(fields.values().map(|field| (field, depth + 1))),
            _ => {}
        }
    }
    Ok(())
}

/// Returns line and column of the first bracket that opens too deep. Brackets in strings and comments do not count.
fn too_deep(text: &str) -> Option<(u32, u32)> {
    let (mut depth, mut line, mut column) = (0_usize, 1, 0);
    let mut inside = None;
    let mut escaped = false;
    for letter in text.chars() {
        column += 1;
        if letter == '\n' {
            (line, column) = (line + 1, 0);
            escaped = false;
            // Only a raw string goes on in the next line.
            inside = inside.filter(|quote| *quote == '`');
            continue;
        }
        match (inside, letter) {
            (Some('"'), _) if escaped => escaped = false,
            (Some('"'), '\\') => escaped = true,
            (Some('#'), _) => {}
            (Some(quote), _) if quote == letter => inside = None,
            (Some(_), _) => {}
            (None, '"' | '`' | '#') => inside = Some(letter),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
        if depth > BRACKET_DEPTH {
            return Some((line, column));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn brackets_count_only_where_they_are_brackets() {
        let deep = "[".repeat(BRACKET_DEPTH + 1);
        assert_eq!(too_deep(&deep), Some((1, 65)));
        assert_eq!(too_deep(&"[".repeat(BRACKET_DEPTH)), None);
        assert_eq!(too_deep(&"[]".repeat(1000)), None);
        for hidden in
            [format!("\"{deep}\""), format!("`\n{deep}`"), format!("# # {deep}"), format!("\"\\\"{deep}\"")]
        {
            assert_eq!(too_deep(&hidden), None, "{hidden}");
        }
        for open in
            [format!("# \"\n{deep}"), format!("\"\\\\\"{deep}"), format!("`\\`{deep}"), format!("#`\n{deep}")]
        {
            assert!(too_deep(&open).is_some(), "{open}");
        }
    }

    #[test]
    fn values_nest_only_so_deep() {
        let nested = |depth| (0..depth).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(shallow(&nested(VALUE_DEPTH), "x"), Ok(()));
        assert!(shallow(&nested(VALUE_DEPTH + 1), "x").is_err());
    }
}
