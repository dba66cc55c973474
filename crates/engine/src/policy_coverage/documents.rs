//! Which pointers of a discipline its documents have.

use artifact::{Format, Kind, Value, tolerant};
use policy::{Collection, PolicyPointer};
use snapshot::{Error, Node, Result, Snapshot};

/// How often the pointers of a discipline were found.
#[derive(Debug, Clone, Default)]
pub(super) struct Presence {
    /// The documents that could be read.
    pub(super) readable: u64,
    /// The documents that could not.
    pub(super) unreadable: u64,
    /// For each pointer, the documents that have it.
    pub(super) found: Vec<u64>,
    /// For each pointer, the documents that could have it: a pointer into elements needs elements.
    pub(super) possible: Vec<u64>,
}

impl Presence {
    pub(super) fn new(pointers: usize) -> Presence {
        Presence { found: vec![0; pointers], possible: vec![0; pointers], ..Presence::default() }
    }

    /// Counts a document; `None` is one that cannot be read.
    pub(super) fn note(&mut self, pointers: &[PolicyPointer<'_>], document: Option<&Value>) {
        let Some(document) = document else {
            self.unreadable += 1;
            return;
        };
        self.readable += 1;
        for (at, pointer) in pointers.iter().enumerate() {
            let has = |value: &Value| pointer.any_of.iter().any(|text| value.pointer(text).is_some());
            let (is_possible, is_found) = match pointer.elements_of {
                None => (true, has(document)),
                Some(collection) => {
                    let mut elements = elements_of(collection, document).peekable();
                    (elements.peek().is_some(), elements.any(has))
                }
            };
            self.possible[at] += u64::from(is_possible);
            self.found[at] += u64::from(is_found);
        }
    }

    /// Returns whether a document has each pointer.
    pub(super) fn is_complete(&self) -> bool {
        self.found.iter().all(|count| *count > 0)
    }
}

/// Returns the elements of a collection of a document.
pub(super) fn elements_of<'v>(
    collection: &Collection,
    document: &'v Value,
) -> Box<dyn Iterator<Item = &'v Value> + 'v> {
    match document.pointer(&collection.at).map(|value| &value.kind) {
        Some(Kind::List(list)) => Box::new(list.iter()),
        Some(Kind::Map(map)) => Box::new(map.entries().map(|entry| &entry.value)),
        _ => Box::new(std::iter::empty()),
    }
}

/// Reads a document; `None` if it is too large, of unknown format or malformed, which other rules report.
///
/// # Errors
/// When its object cannot be read.
pub(super) fn read(snapshot: &dyn Snapshot, file: &Node, format: Option<Format>) -> Result<Option<Value>> {
    let Some(format) = format else { return Ok(None) };
    match snapshot.read(file, tolerant::LIMITS.bytes as u64) {
        Ok(bytes) => Ok(tolerant::read(format, &bytes, &tolerant::LIMITS).ok()),
        Err(Error::TooLarge { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
