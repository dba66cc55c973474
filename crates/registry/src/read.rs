//! Reading a registry in its canonical form. Queries search the bytes directly, so a file of many megabytes is not parsed as a whole.

use std::ops::Range;

use artifact::{Problem, Ulid};
use memchr::{memchr, memmem, memrchr};
use snapshot::ObjectId;
use tlog::Hash;

use super::entry::read_scalar;
use super::write::{BY_KEY, BY_ULID, header, key_line, write};
use super::{Contents, Entry, Sources};

/// A registry, as bytes.
#[derive(Debug, Clone, Copy)]
pub struct Registry<'b> {
    bytes: &'b [u8],
    /// The byte range of the entries.
    entries: (usize, usize),
    /// The byte range of the keys.
    keys: (usize, usize),
}

impl<'b> Registry<'b> {
    /// Opens a registry: finds its three parts and reads nothing else.
    ///
    /// # Errors
    /// When a part is missing.
    pub fn open(bytes: &'b [u8]) -> Result<Registry<'b>, Problem> {
        let whole = 0..bytes.len();
        if bytes.last() != Some(&b'\n') {
            return Err(Problem::new(whole, "the last line is incomplete (missing final newline)"));
        }
        let part = |name: &str, from: usize| {
            let at = if bytes[from..].starts_with(name.as_bytes()) {
                Some(from)
            } else {
                memmem::find(&bytes[from..], format!("\n{name}").as_bytes()).map(|at| from + at + 1)
            };
            let at =
                at.ok_or_else(|| Problem::new(whole.clone(), format!("the line `{name}` is missing")))?;
            let end = line_end(bytes, at);
            match &bytes[at + name.len()..end] {
                b"" => Ok((at, end + 1, false)),
                b" {}" => Ok((at, end + 1, true)),
                _ => Err(Problem::new(at..end, format!("unexpected content after `{name}`"))),
            }
        };
        let (_, entries, no_entries) = part(BY_ULID, 0)?;
        let (keys_line, keys, no_keys) = part(BY_KEY, entries)?;
        let parts = [(entries..keys_line, no_entries), (keys..bytes.len(), no_keys)];
        if let Some((span, _)) = parts.iter().find(|(span, none)| span.is_empty() != *none) {
            return Err(Problem::new(span.clone(), "an empty part must be written as `{}`"));
        }
        Ok(Registry { bytes, entries: (entries, keys_line), keys: (keys, bytes.len()) })
    }

    /// Reads the whole file, and checks that it is in canonical form.
    ///
    /// # Errors
    /// When a line is invalid or not canonical.
    pub fn read(bytes: &'b [u8]) -> Result<Contents, Problem> {
        let registry = Registry::open(bytes)?;
        let contents = Contents {
            sources: registry.sources()?,
            by_ulid: registry.entries().collect::<Result<_, _>>()?,
            by_key: registry.keys().collect::<Result<_, _>>()?,
        };
        let written = write(&contents);
        if let Some(at) = first_difference(bytes, written.as_bytes()) {
            let start = memrchr(b'\n', &bytes[..at]).map_or(0, |at| at + 1);
            return Err(Problem::new(
                start..line_end(bytes, at),
                "this line differs from the form that `id-registry build` writes",
            ));
        }
        Ok(contents)
    }

    /// Returns the bytes.
    #[must_use]
    pub fn bytes(&self) -> &'b [u8] {
        self.bytes
    }

    /// Returns the byte range of the entries.
    pub(super) fn entries_span(&self) -> Range<usize> {
        self.entries.0..self.entries.1
    }

    /// Returns the byte range of the keys.
    pub(super) fn keys_span(&self) -> Range<usize> {
        self.keys.0..self.keys.1
    }

    /// Reads the sources of the registry.
    ///
    /// # Errors
    /// When the header is invalid.
    pub fn sources(&self) -> Result<Sources, Problem> {
        let end = memmem::find(self.bytes, BY_ULID.as_bytes()).unwrap_or(0);
        let problem =
            || Problem::new(0..end, "the header differs from the form that `id-registry build` writes");
        let text = std::str::from_utf8(&self.bytes[..end]).map_err(|_| problem())?;
        let line = text.lines().nth(2).and_then(|line| line.strip_prefix("sources: { ")?.strip_suffix(" }"));
        let mut fields = line.ok_or_else(problem)?.split(", ").filter_map(|field| field.split_once(": "));
        let mut field = |name: &str| {
            fields.next().filter(|(found, _)| *found == name).map(|(_, value)| value).ok_or_else(problem)
        };
        let tree = |written: &str| match written {
            "null" => Ok(None),
            written => {
                let id = read_scalar(written).and_then(|id| ObjectId::from_hex(id.as_bytes()));
                id.map(Some).ok_or_else(problem)
            }
        };
        let sources = Sources {
            cards: tree(field("cards")?)?,
            plugins: tree(field("plugins")?)?,
            ledger_size: field("ledger_size")?.parse().map_err(|_| problem())?,
            ledger_root: read_scalar(field("ledger_root")?)
                .and_then(|root| Hash::parse(&root))
                .ok_or_else(problem)?,
        };
        if header(&sources) == text { Ok(sources) } else { Err(problem()) }
    }

    /// Reads the entries, in order.
    pub fn entries(&self) -> impl Iterator<Item = Result<(Ulid, Entry), Problem>> + use<'b> {
        let (bytes, (mut at, end)) = (self.bytes, self.entries);
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let block = at..block_end(bytes, at, end);
                at = block.end;
                read_block(bytes, block)
            })
        })
    }

    /// Reads all keys, each with its identity, in order.
    pub fn keys(&self) -> impl Iterator<Item = Result<(String, Ulid), Problem>> + use<'b> {
        let (bytes, (mut at, end)) = (self.bytes, self.keys);
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let line = at..line_end(bytes, at) + 1;
                at = line.end;
                read_key_line(bytes, line)
            })
        })
    }

    /// Finds an identity: the byte range of its block, or the offset where it belongs.
    pub(super) fn find_block(&self, ulid: Ulid) -> Result<Result<Range<usize>, usize>, Problem> {
        let (mut low, mut high) = self.entries;
        while low < high {
            let start = block_start(self.bytes, low + (high - low) / 2, low);
            let block = start..block_end(self.bytes, start, high);
            match head(self.bytes, &block)?.cmp(&ulid) {
                std::cmp::Ordering::Equal => return Ok(Ok(block)),
                std::cmp::Ordering::Less => low = block.end,
                std::cmp::Ordering::Greater => high = block.start,
            }
        }
        Ok(Err(low))
    }

    /// Finds an identity.
    ///
    /// # Errors
    /// When a line that the search reads is invalid.
    pub fn entry(&self, ulid: Ulid) -> Result<Option<Entry>, Problem> {
        match self.find_block(ulid)? {
            Ok(block) => read_block(self.bytes, block).map(|(_, entry)| Some(entry)),
            Err(_) => Ok(None),
        }
    }

    /// Finds a key: the byte range of its line, or the offset where it belongs.
    pub(super) fn find_key_line(&self, key: &str) -> Result<Result<Range<usize>, usize>, Problem> {
        let (mut low, mut high) = self.keys;
        while low < high {
            let middle = low + (high - low) / 2;
            let start = memrchr(b'\n', &self.bytes[low..middle]).map_or(low, |at| low + at + 1);
            let line = start..line_end(self.bytes, middle) + 1;
            match read_key_line(self.bytes, line.clone())?.0.as_str().cmp(key) {
                std::cmp::Ordering::Equal => return Ok(Ok(line)),
                std::cmp::Ordering::Less => low = line.end,
                std::cmp::Ordering::Greater => high = line.start,
            }
        }
        Ok(Err(low))
    }

    /// Finds the identity that has, or ever had, a key.
    ///
    /// # Errors
    /// When a line that the search reads is invalid.
    pub fn holder_of(&self, key: &str) -> Result<Option<Ulid>, Problem> {
        match self.find_key_line(key)? {
            Ok(line) => read_key_line(self.bytes, line).map(|(_, ulid)| Some(ulid)),
            Err(_) => Ok(None),
        }
    }
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length)
}

/// Returns whether a block starts at a line: two spaces and a ULID; fields have four spaces.
fn begins_block(bytes: &[u8], at: usize) -> bool {
    bytes.get(at + 2).is_none_or(|&byte| byte != b' ')
}

/// The beginning of the block in which a byte lies, not before `first`.
fn block_start(bytes: &[u8], at: usize, first: usize) -> usize {
    let line = |at: usize| memrchr(b'\n', &bytes[first..at]).map_or(first, |found| first + found + 1);
    let mut start = line(at);
    while start > first && !begins_block(bytes, start) {
        start = line(start - 1);
    }
    start
}

fn block_end(bytes: &[u8], start: usize, last: usize) -> usize {
    let mut at = line_end(bytes, start) + 1;
    while at < last && !begins_block(bytes, at) {
        at = line_end(bytes, at) + 1;
    }
    at.min(last)
}

/// Reads a line without its newline; it must be UTF-8.
fn line(bytes: &[u8], at: usize) -> Result<(&str, Range<usize>), Problem> {
    let span = at..line_end(bytes, at);
    let text = std::str::from_utf8(&bytes[span.clone()]);
    Ok((text.map_err(|_| Problem::new(span.clone(), "this line is not UTF-8"))?, span))
}

fn head(bytes: &[u8], block: &Range<usize>) -> Result<Ulid, Problem> {
    let (text, span) = line(bytes, block.start)?;
    let ulid = text.strip_prefix("  ").and_then(|text| text.strip_suffix(':')).and_then(read_scalar);
    ulid.and_then(|ulid| Ulid::parse(&ulid).ok())
        .ok_or_else(|| Problem::new(span, "an entry must start with its ULID"))
}

fn read_block(bytes: &[u8], block: Range<usize>) -> Result<(Ulid, Entry), Problem> {
    let ulid = head(bytes, &block)?;
    let mut entry = Entry::default();
    let mut at = line_end(bytes, block.start) + 1;
    while at < block.end {
        let (text, span) = line(bytes, at)?;
        let field = text.strip_prefix("    ").and_then(|text| text.split_once(": "));
        if !field.is_some_and(|(name, value)| entry.set(name, value)) {
            return Err(Problem::new(
                span,
                "this line differs from the form that `id-registry build` writes",
            ));
        }
        at = span.end + 1;
    }
    Ok((ulid, entry))
}

fn read_key_line(bytes: &[u8], span: Range<usize>) -> Result<(String, Ulid), Problem> {
    let (text, place) = line(bytes, span.start)?;
    let read = || {
        let (key, ulid) = text.strip_prefix("  ")?.split_once(": ")?;
        let (key, ulid) = (read_scalar(key)?, Ulid::parse(&read_scalar(ulid)?).ok()?);
        (key_line(&key, ulid).trim_end() == text.trim_end()).then_some((key, ulid))
    };
    read().ok_or_else(|| Problem::new(place, "expected a key and its ULID"))
}

fn first_difference(a: &[u8], b: &[u8]) -> Option<usize> {
    let common = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    (common < a.len() || common < b.len()).then_some(common.min(a.len().saturating_sub(1)))
}
