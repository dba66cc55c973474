//! Reading lines without the state machine: their tree, its root hashes, and their events.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use artifact::Problem;
use memchr::memchr_iter;
use rayon::prelude::*;
use snapshot::Result;
use tlog::{Frontier, Hash};

use crate::Event;
use crate::files::{self, Files, SEGMENT};

/// Returns the tree of all lines; the lines are hashed, not parsed.
///
/// # Errors
/// When a file cannot be read.
pub fn frontier(files: &dyn Files) -> Result<Frontier> {
    let mut frontier = Frontier::default();
    let mut number = 0;
    while let Some(bytes) = files::segment(files, number)?.filter(|_| frontier.size() == number * SEGMENT) {
        let lines = spans(&bytes, usize::MAX);
        grow(&mut frontier, &leaves(&bytes, &lines));
        number += 1;
    }
    Ok(frontier)
}

/// The root hashes before the first line that was passed on, and after the last one.
pub struct Roots {
    /// The root of the lines before the first one that was passed on.
    pub before: Hash,
    /// The root of all lines that were read.
    pub all: Hash,
}

/// Parses the lines `from..to` in parallel, and passes them on in order; the lines before them are only hashed.
///
/// `None` if there are fewer lines. The order of events is not checked: the roots show whether these are the expected lines.
///
/// # Errors
/// When a file cannot be read.
pub fn events(
    files: &dyn Files,
    from: u64,
    to: u64,
    each: &mut dyn FnMut(std::result::Result<&Event<'_>, &Problem>),
) -> Result<Option<Roots>> {
    /// The number of lines that are parsed before they are passed on.
    const LINES_PER_CHUNK: usize = 1024;
    let mut frontier = Frontier::default();
    let mut before = (from == 0).then(Hash::empty);
    let mut number = 0;
    while frontier.size() < to {
        let begin = frontier.size();
        let Some(bytes) = files::segment(files, number)?.filter(|_| begin == number * SEGMENT) else {
            return Ok(None);
        };
        let wanted = usize::try_from(to - begin).unwrap_or(usize::MAX);
        let spans = spans(&bytes, wanted);
        let leaves = leaves(&bytes, &spans);
        let old = usize::try_from(from.saturating_sub(begin)).unwrap_or(usize::MAX).min(spans.len());
        grow(&mut frontier, &leaves[..old]);
        if frontier.size() == from {
            before = Some(frontier.root());
        }
        grow(&mut frontier, &leaves[old..]);
        for part in spans[old..].chunks(LINES_PER_CHUNK) {
            let read: Vec<_> =
                part.par_iter().with_min_len(128).map(|span| Event::read(&bytes[span.clone()])).collect();
            read.iter().for_each(|event| each(event.as_ref()));
        }
        number += 1;
    }
    Ok(before.map(|before| Roots { before, all: frontier.root() }))
}

/// Returns the root hashes for the requested sizes; sizes beyond the end are missing.
///
/// # Errors
/// When a file cannot be read.
pub fn roots(files: &dyn Files, sizes: &BTreeSet<u64>) -> Result<BTreeMap<u64, Hash>> {
    let mut frontier = Frontier::default();
    let mut roots: BTreeMap<u64, Hash> =
        sizes.get(&0).map(|size| (*size, Hash::empty())).into_iter().collect();
    let mut number = 0;
    while let Some(bytes) = files::segment(files, number)?.filter(|_| frontier.size() == number * SEGMENT) {
        let begin = frontier.size();
        let leaves = leaves(&bytes, &spans(&bytes, usize::MAX));
        // No line follows an empty segment.
        if leaves.is_empty() {
            break;
        }
        let mut at = 0;
        // Up to each requested size at once.
        for &size in sizes.range(begin + 1..=begin + leaves.len() as u64) {
            let upto = usize::try_from(size - begin).unwrap_or(leaves.len());
            grow(&mut frontier, &leaves[at..upto]);
            roots.insert(size, frontier.root());
            at = upto;
        }
        grow(&mut frontier, &leaves[at..]);
        number += 1;
    }
    Ok(roots)
}

/// Returns the byte ranges of the first lines of a segment, without newlines; at most `max`.
pub(crate) fn spans(bytes: &[u8], max: usize) -> Vec<Range<usize>> {
    let mut start = 0;
    let ends = memchr_iter(b'\n', bytes).take(max.min(SEGMENT as usize));
    ends.map(|end| std::mem::replace(&mut start, end + 1)..end).collect()
}

/// Returns the leaf hashes of lines, computed in parallel.
pub(crate) fn leaves(bytes: &[u8], lines: &[Range<usize>]) -> Vec<Hash> {
    lines.par_iter().with_min_len(256).map(|span| Hash::leaf(&bytes[span.clone()])).collect()
}

/// Adds leaves; complete subtrees are computed in parallel.
pub(crate) fn grow(frontier: &mut Frontier, leaves: &[Hash]) {
    const HEIGHT: u32 = 10;
    let width = 1 << HEIGHT;
    if !frontier.size().is_multiple_of(width as u64) {
        leaves.iter().for_each(|leaf| frontier.push(*leaf));
        return;
    }
    let whole = leaves.chunks_exact(width);
    let rest = whole.remainder();
    let subtrees: Vec<Hash> = leaves
        .par_chunks_exact(width)
        .map(|chunk| {
            let mut subtree = Frontier::default();
            chunk.iter().for_each(|leaf| subtree.push(*leaf));
            subtree.root()
        })
        .collect();
    subtrees.into_iter().for_each(|subtree| frontier.push_subtree(HEIGHT, subtree));
    rest.iter().for_each(|leaf| frontier.push(*leaf));
}
