//! The keys that the ledgers record. Lines are searched, not parsed: a ledger of many megabytes answers in milliseconds.

use std::collections::HashMap;
use std::ops::Range;

use artifact::{Limits, Syntax, Value, parse};
use memchr::{memchr, memchr_iter, memmem, memrchr};
use snapshot::{Mode, Node, RepoPath, Result, Snapshot};

/// The directory of the ledgers.
const LEDGER: &str = ".ledger";
/// The size limit of a ledger file.
const MAX_LEDGER_BYTES: u64 = 512 << 20;

/// The ledgers of a tree.
pub struct Ledgers(Vec<(RepoPath, Vec<u8>)>);

impl Ledgers {
    /// Opens `.ledger/ids*.jsonl`.
    ///
    /// # Errors
    /// When one cannot be read, or is larger than 512 MiB.
    pub fn open(snapshot: &dyn Snapshot) -> Result<Ledgers> {
        let folder = snapshot.find(&RepoPath::from(LEDGER))?;
        let Some(folder) = folder.filter(|node| node.object.mode == Mode::Directory) else {
            return Ok(Ledgers(Vec::new()));
        };
        let listing = snapshot.list(&folder)?;
        let is_ledger = |name: &[u8]| name.starts_with(b"ids") && name.ends_with(b".jsonl");
        let files = listing.iter().filter(|entry| entry.object.mode == Mode::File && is_ledger(entry.name));
        let read = files.map(|entry| {
            let node = Node { path: folder.path.join(entry.name), object: entry.object };
            let text = snapshot.read(&node, MAX_LEDGER_BYTES)?;
            Ok((node.path, text))
        });
        read.collect::<Result<_>>().map(Ledgers)
    }

    /// Finds the first line in which another identity than `ulid` has a key: the ledger, its text, and where the line is.
    #[must_use]
    pub fn line_of_another(&self, key: &str, ulid: &str) -> Option<(&RepoPath, &[u8], Range<usize>)> {
        self.0
            .iter()
            .find_map(|(path, text)| Some((path, text.as_slice(), line_of_another(text, key, ulid)?)))
    }
}

impl Ledgers {
    /// Returns whether a line after CREATE is about an identity.
    #[must_use]
    pub fn has_history(&self, ulid: &str) -> bool {
        self.has_line(ulid, &|kind| kind != "CREATE")
    }

    /// Returns whether a line ends an identity: RETIRE or CONSOLIDATE.
    #[must_use]
    pub fn has_ended(&self, ulid: &str) -> bool {
        self.has_line(ulid, &|kind| matches!(kind, "RETIRE" | "CONSOLIDATE"))
    }

    /// Returns the versions that the lines record as published of an identity, with the tree of each, in their order.
    #[must_use]
    pub fn published(&self, ulid: &str) -> Vec<(String, String)> {
        let wanted = format!("\"subject_ulid\":\"{ulid}\"");
        let mut found = Vec::new();
        for (_, text) in &self.0 {
            for at in memmem::find_iter(text, wanted.as_bytes()) {
                let line = parse(Syntax::Json, &text[line_at(text, at)], &Limits::default());
                let Ok(line) = line else { continue };
                let value = |pointer: &str| line.pointer(pointer).and_then(Value::as_str);
                if value("/type") == Some("PUBLISH") && value("/subject_ulid") == Some(ulid) {
                    let text = |pointer: &str| value(pointer).unwrap_or_default().to_string();
                    found.push((text("/payload/version"), text("/payload/tree")));
                }
            }
        }
        found
    }

    /// Returns the tags that the lines record, each with the identity of the first line that names it.
    #[must_use]
    pub fn tags(&self) -> HashMap<String, String> {
        let mut tags = HashMap::new();
        for (_, text) in &self.0 {
            for at in memmem::find_iter(text, b"\"tag\":\"") {
                let line = parse(Syntax::Json, &text[line_at(text, at)], &Limits::default());
                let Ok(line) = line else { continue };
                let value = |pointer: &str| line.pointer(pointer).and_then(Value::as_str).map(String::from);
                if let (Some(tag), Some(subject)) = (value("/payload/tag"), value("/subject_ulid")) {
                    tags.entry(tag).or_insert(subject);
                }
            }
        }
        tags
    }

    fn has_line(&self, ulid: &str, is_wanted: &dyn Fn(&str) -> bool) -> bool {
        let wanted = format!("\"subject_ulid\":\"{ulid}\"");
        self.0.iter().any(|(_, text)| {
            memmem::find_iter(text, wanted.as_bytes()).any(|at| {
                let line = parse(Syntax::Json, &text[line_at(text, at)], &Limits::default());
                line.is_ok_and(|line| {
                    line.pointer("/type").and_then(Value::as_str).is_some_and(is_wanted)
                        && line.pointer("/subject_ulid").and_then(Value::as_str) == Some(ulid)
                })
            })
        })
    }
}

/// Returns the line that contains a byte.
fn line_at(text: &[u8], at: usize) -> Range<usize> {
    let start = memrchr(b'\n', &text[..at]).map_or(0, |at| at + 1);
    start..memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length)
}

/// The keys up to which each is searched on its own, which is faster than looking at every string.
const MAX_SINGLE_SEARCHES: usize = 8;

/// A line of a ledger: the path and text of the file, and the range of the line in it.
pub type LedgerLine<'l> = (&'l RepoPath, &'l [u8], Range<usize>);

impl Ledgers {
    /// Finds for each key the first line in which another identity than the given one has it, as [`Ledgers::line_of_another`] does.
    ///
    /// The ledgers are read once, however many keys there are.
    #[must_use]
    pub fn lines_of_others(&self, wanted: &[(&str, &str)]) -> Vec<Option<LedgerLine<'_>>> {
        if wanted.len() <= MAX_SINGLE_SEARCHES {
            return wanted.iter().map(|(key, ulid)| self.line_of_another(key, ulid)).collect();
        }
        let mut positions: HashMap<&[u8], Vec<usize>> = HashMap::new();
        for (at, (key, _)) in wanted.iter().enumerate() {
            positions.entry(key.as_bytes()).or_default().push(at);
        }
        let mut found = vec![None; wanted.len()];
        for (path, text) in &self.0 {
            // A key contains no quote: it is the text between two of them.
            let mut quotes = memchr_iter(b'"', text);
            let Some(mut from) = quotes.next() else { continue };
            for to in quotes {
                for &at in positions.get(&text[from + 1..to]).into_iter().flatten() {
                    if found[at].is_none() {
                        let (key, ulid) = wanted[at];
                        found[at] =
                            claims_line(text, from, key, ulid).map(|line| (path, text.as_slice(), line));
                    }
                }
                from = to;
            }
        }
        found
    }
}

/// The payload fields of an event that contain a key, former key or alias of its subject.
const CLAIMS: [&str; 4] = ["/payload/key", "/payload/new_key", "/payload/old_key", "/payload/alias"];

fn line_of_another(ledger: &[u8], key: &str, ulid: &str) -> Option<Range<usize>> {
    let quoted = format!("\"{key}\"");
    memmem::find_iter(ledger, quoted.as_bytes()).find_map(|at| claims_line(ledger, at, key, ulid))
}

/// Returns the line around a position, if another identity claims the key there.
fn claims_line(ledger: &[u8], at: usize, key: &str, ulid: &str) -> Option<Range<usize>> {
    let range = line_at(ledger, at);
    let line = parse(Syntax::Json, &ledger[range.clone()], &Limits::default()).ok()?;
    let subject = line.pointer("/subject_ulid")?.as_str()?;
    // An event may name the key of another identity, for example of a replacement.
    let claims = CLAIMS.iter().any(|name| line.pointer(name).and_then(Value::as_str) == Some(key));
    (claims && subject != ulid).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_keys_are_found_as_single_ones_are() {
        let line = |at: usize| {
            let key = if at == 2 { "new_key" } else { "key" };
            format!("{{\"payload\":{{\"{key}\":\"PLG_N{at}\"}},\"subject_ulid\":\"U{at}\"}}\n")
        };
        let text: String = (0..20).map(line).collect::<String>() + &line(3).replace("U3", "U4");
        let ledgers = Ledgers(vec![(RepoPath::from(".ledger/ids.jsonl"), text.into_bytes())]);
        let keys: Vec<String> = (0..30).map(|at| format!("PLG_N{at}")).collect();
        for ulid in ["U3", "U99"] {
            let wanted: Vec<(&str, &str)> = keys.iter().map(|key| (key.as_str(), ulid)).collect();
            let singly: Vec<_> =
                wanted.iter().map(|(key, ulid)| ledgers.line_of_another(key, ulid)).collect();
            assert_eq!(ledgers.lines_of_others(&wanted), singly);
            assert_eq!(singly.iter().flatten().count(), 20);
        }
    }
}
