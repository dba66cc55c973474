//! JSON pointers (RFC 6901) as policy files write them.

use artifact::{Problem, Value};

use super::source::problem;
use crate::dialect::PointerPattern;

/// What a pointer with a wildcard should be instead.
const NO_WILDCARDS: &str =
    "pointers have no wildcards; use `collection:` to protect each element of a list or map";

/// Explains why text is not a usable pointer; `""` is the whole document.
pub(crate) fn fault(text: &str) -> Option<&'static str> {
    form_fault(text).or_else(|| text.split('/').any(|segment| segment == "*").then_some(NO_WILDCARDS))
}

/// Reads a pointer in which the segment `*` matches one list index or key.
pub(crate) fn pattern(text: &str) -> Result<PointerPattern, &'static str> {
    form_fault(text).map_or_else(|| Ok(PointerPattern::new(text)), Err)
}

fn form_fault(text: &str) -> Option<&'static str> {
    if !text.is_empty() && !text.starts_with('/') {
        return Some("expected a JSON pointer, as in `/spec/version`");
    }
    let escapes = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    (!escapes).then_some("a JSON pointer writes `~` as `~0` and `/` in a name as `~1`")
}

/// Reads a pointer, or reports what is wrong with it.
pub(super) fn read(value: &Value, at: &str, problems: &mut Vec<Problem>) -> Option<String> {
    let Some(text) = value.as_str() else {
        problems.push(problem(at, value, "expected a JSON pointer, as in `/spec/version`"));
        return None;
    };
    match fault(text) {
        None => Some(text.into()),
        Some(message) => {
            problems.push(problem(at, value, message));
            None
        }
    }
}
