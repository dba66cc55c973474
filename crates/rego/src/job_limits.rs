//! Limits on a job that are checked before the engine sees it: sizes and nesting.

use serde_json::Value;

use crate::job::Job;
use crate::reply::{Failure, Place};

/// The maximum size of one source.
pub(crate) const MAX_SOURCE_BYTES: usize = 1 << 20;
/// The maximum size of all sources together.
const MAX_TOTAL_SOURCE_BYTES: usize = 8 << 20;
/// The maximum nesting of data and inputs: the job adds a few levels, and `serde_json` reads 128.
const MAX_VALUE_DEPTH: usize = 64;
/// The maximum nesting of brackets in a source: the parser of the engine recurses with them.
const MAX_BRACKET_DEPTH: usize = 64;
/// The maximum size of a job in JSON: far above any set of plugin documents, and small enough to keep in memory.
pub(crate) const MAX_JOB_BYTES: usize = 64 << 20;

/// Checks a job before it is sent, and again after it is received.
pub(crate) fn check(job: &Job) -> Result<(), Failure> {
    let mut total = 0;
    for source in job.sources() {
        let path = &source.path;
        if path.chars().any(char::is_control) {
            return Err(Failure::rules(format!(
                "{path:?} is not a valid path of a policy: it contains a control character"
            )));
        }
        total += source.text.len();
        if source.text.len() > MAX_SOURCE_BYTES {
            return Err(Failure::limit(format!(
                "{path}: the policy is larger than {MAX_SOURCE_BYTES} bytes"
            )));
        }
        if let Some((line, column)) = too_deep(&source.text) {
            let failure =
                Failure::limit(format!("brackets are nested more than {MAX_BRACKET_DEPTH} levels deep"));
            return Err(failure.at(Place { path: path.clone(), line, column }));
        }
    }
    if total > MAX_TOTAL_SOURCE_BYTES {
        return Err(Failure::limit(format!(
            "all policies together are larger than {MAX_TOTAL_SOURCE_BYTES} bytes"
        )));
    }
    for (index, value) in job.data().iter().enumerate() {
        if !value.is_object() {
            return Err(Failure::rules(format!("data document {} is not a mapping", index + 1)));
        }
        check_depth(value, &format!("data document {}", index + 1))?;
    }
    for input in job.inputs() {
        if let Some(data) = &input.data {
            if !data.is_object() {
                return Err(Failure::rules(format!("the data of {} is not a mapping", input.path)));
            }
            check_depth(data, &input.path)?;
        }
        check_depth(&input.value, &input.path)?;
    }
    Ok(())
}

/// Checks the nesting of a value, without recursion: it decides whether recursion is safe.
fn check_depth(value: &Value, what: &str) -> Result<(), Failure> {
    let mut ahead = vec![(value, 1)];
    while let Some((value, depth)) = ahead.pop() {
        if depth > MAX_VALUE_DEPTH && (value.is_array() || value.is_object()) {
            return Err(Failure::limit(format!("{what}: nested more than {MAX_VALUE_DEPTH} levels deep")));
        }
        match value {
            Value::Array(items) => ahead.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Object(fields) => ahead.extend(fields.values().map(|field| (field, depth + 1))),
            _ => {}
        }
    }
    Ok(())
}

/// Returns line and column of the first bracket that is nested too deeply. Brackets in strings and comments do not count.
fn too_deep(text: &str) -> Option<(u32, u32)> {
    let (mut depth, mut line, mut column) = (0_usize, 1, 0);
    let mut inside = None;
    let mut escaped = false;
    for letter in text.chars() {
        column += 1;
        if letter == '\n' {
            (line, column) = (line + 1, 0);
            escaped = false;
            // Only a raw string continues on the next line.
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
        if depth > MAX_BRACKET_DEPTH {
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
    fn brackets_in_strings_and_comments_do_not_count() {
        let deep = "[".repeat(MAX_BRACKET_DEPTH + 1);
        assert_eq!(too_deep(&deep), Some((1, 65)));
        assert_eq!(too_deep(&"[".repeat(MAX_BRACKET_DEPTH)), None);
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
    fn the_nesting_of_values_is_limited() {
        let nested = |depth| (0..depth).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(check_depth(&nested(MAX_VALUE_DEPTH), "x"), Ok(()));
        assert!(check_depth(&nested(MAX_VALUE_DEPTH + 1), "x").is_err());
    }
}
