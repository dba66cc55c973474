//! The examples and fixtures of operations: which operation each belongs to by its name, and what its name promises.

use engine::{Operation, Plugin};

/// A side of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// What the operation accepts.
    Request,
    /// What it returns.
    Response,
}

impl Side {
    /// Returns the word in names of files.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Side::Request => "request",
            Side::Response => "response",
        }
    }

    /// Returns the field of the spec with the schema of this side.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Side::Request => "input",
            Side::Response => "output",
        }
    }

    /// Returns the path of the schema of this side; empty if the operation has none.
    pub(crate) fn schema_of(self, operation: &Operation) -> &str {
        match self {
            Side::Request => &operation.input,
            Side::Response => &operation.output,
        }
    }
}

/// What the name of a file promises about its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Promise {
    /// The schema accepts it.
    Valid,
    /// The schema refuses it.
    Invalid,
    /// Nothing.
    Nothing,
}

/// An example or a fixture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OperationFile<'p> {
    /// The path inside the plugin.
    pub(crate) inside: &'p [u8],
    /// The index of its operation; `None` if the spec has none of that name.
    pub(crate) operation: Option<usize>,
    pub(crate) side: Side,
    pub(crate) promise: Promise,
}

/// The directories of examples: their files are valid.
const EXAMPLES: [&str; 2] = ["examples/", "conformance/examples/"];
/// The directory of fixtures: their names declare which are valid.
const FIXTURES: &str = "conformance/schemas/";

/// Returns the examples and fixtures of a plugin, in the order of their paths.
pub(crate) fn operation_files<'p>(plugin: &'p Plugin, operations: &[Operation]) -> Vec<OperationFile<'p>> {
    let names: Vec<&str> = operations.iter().map(|operation| operation.name.as_str()).collect();
    plugin.files.keys().filter_map(|inside| read(inside, &names)).collect()
}

/// Reads the name of a file; `None` for a file that is neither an example nor a fixture.
fn read<'p>(inside: &'p [u8], operations: &[&str]) -> Option<OperationFile<'p>> {
    let text = std::str::from_utf8(inside).ok()?;
    let below = |directory: &str| {
        text.strip_prefix(directory)?.strip_suffix(".json").filter(|stem| !stem.contains('/'))
    };
    if let Some(stem) = EXAMPLES.iter().find_map(|directory| below(directory)) {
        let (base, side) = side_at_end(stem)?;
        let operation = longest(base, operations).map(|(operation, _)| operation);
        return Some(OperationFile { inside, operation, side, promise: Promise::Valid });
    }
    let stem = below(FIXTURES).filter(|stem| !stem.ends_with(".schema"))?;
    let (operation, rest) = match longest(stem, operations) {
        Some((operation, rest)) => (Some(operation), rest),
        // With one operation, a fixture can only be its own.
        None if operations.len() == 1 && promise_of(stem) != Promise::Nothing && is_bare(stem) => {
            (Some(0), stem)
        }
        None => (None, stem),
    };
    let words = || rest.split('_');
    let side = if words().any(|word| word == Side::Response.name()) { Side::Response } else { Side::Request };
    let promise = match promise_of(rest) {
        Promise::Nothing if side_at_end(rest).is_some() || rest == side.name() => Promise::Valid,
        promise => promise,
    };
    // A name without any of these words belongs to no operation.
    if operation.is_none() && promise == Promise::Nothing {
        return None;
    }
    Some(OperationFile { inside, operation, side, promise })
}

/// Whether a fixture starts with `ok` or `bad`, and names no operation.
fn is_bare(stem: &str) -> bool {
    matches!(stem.split('_').next(), Some("ok" | "bad"))
}

fn promise_of(stem: &str) -> Promise {
    let mut words = stem.split('_');
    match words.find(|word| matches!(*word, "ok" | "bad")) {
        Some("ok") => Promise::Valid,
        Some(_) => Promise::Invalid,
        None => Promise::Nothing,
    }
}

/// Splits `<base>_request` and `<base>_response`.
fn side_at_end(stem: &str) -> Option<(&str, Side)> {
    [Side::Request, Side::Response]
        .into_iter()
        .find_map(|side| Some((stem.strip_suffix(side.name())?.strip_suffix('_')?, side)))
}

/// Finds the operation with the longest name that a stem starts with, and the rest of the stem.
fn longest<'s>(stem: &'s str, operations: &[&str]) -> Option<(usize, &'s str)> {
    let rest = |name: &str| {
        let rest = stem.strip_prefix(name).filter(|_| !name.is_empty())?;
        if rest.is_empty() { Some(rest) } else { rest.strip_prefix('_') }
    };
    let named = operations.iter().enumerate().filter_map(|(at, name)| Some((at, name.len(), rest(name)?)));
    named.max_by_key(|(_, length, _)| *length).map(|(at, _, rest)| (at, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_contain_operation_side_and_promise() {
        use Promise::{Invalid, Nothing, Valid};
        use Side::{Request, Response};
        let operations = ["preview", "preview_long", "request"];
        for (path, expected) in [
            ("examples/preview_request.json", Some((Some(0), Request, Valid))),
            ("examples/preview_small_response.json", Some((Some(0), Response, Valid))),
            ("examples/preview_long_request.json", Some((Some(1), Request, Valid))),
            ("examples/preview_long_2_request.json", Some((Some(1), Request, Valid))),
            ("examples/request_request.json", Some((Some(2), Request, Valid))),
            ("examples/previews_request.json", Some((None, Request, Valid))),
            ("examples/erase_request.json", Some((None, Request, Valid))),
            ("conformance/examples/preview_response.json", Some((Some(0), Response, Valid))),
            ("examples/notes.json", None),
            ("examples/a/preview_request.json", None),
            ("conformance/schemas/preview_bad_request.json", Some((Some(0), Request, Invalid))),
            ("conformance/schemas/preview_ok_tiny_request.json", Some((Some(0), Request, Valid))),
            ("conformance/schemas/preview_bad_response.json", Some((Some(0), Response, Invalid))),
            ("conformance/schemas/preview_long_bad.json", Some((Some(1), Request, Invalid))),
            ("conformance/schemas/preview_request.json", Some((Some(0), Request, Valid))),
            ("conformance/schemas/preview_other.json", Some((Some(0), Request, Nothing))),
            ("conformance/schemas/erase_bad_request.json", Some((None, Request, Invalid))),
            ("conformance/schemas/event.json", None),
            ("conformance/schemas/event.schema.json", None),
            ("conformance/schemas/.keep", None),
        ] {
            let found = read(path.as_bytes(), &operations);
            let found = found.map(|file| (file.operation, file.side, file.promise));
            assert_eq!(found, expected, "{path}");
        }
    }

    #[test]
    fn with_one_operation_a_fixture_needs_no_prefix() {
        for (path, expected) in [
            ("conformance/schemas/bad_request.json", Some(0)),
            ("conformance/schemas/ok_response.json", Some(0)),
            ("conformance/schemas/erase_bad_request.json", None),
        ] {
            assert_eq!(read(path.as_bytes(), &["preview"]).unwrap().operation, expected, "{path}");
        }
    }
}
