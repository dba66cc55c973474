//! Lines as they stand, none of them held to another: what they hash to, together and up to a size, and what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use memchr::memchr_iter;
use rayon::prelude::*;
use snapshot::Result;
use tlog::{Frontier, Hash};

use crate::files::{self, Files, SEGMENT};
use crate::{Event, Flaw};

/// Returns the tree of all lines as they stand: nothing is read but where they end.
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

/// The roots of a ledger's first lines, and of all that were read.
pub struct Roots {
    /// The root of the lines before the first one that was handed over.
    pub before: Hash,
    /// The root of all of them.
    pub all: Hash,
}

/// Reads the lines from one number up to another on every core, and hands them over in their order; what stands before them is only hashed.
///
/// `None` where there are not so many. Nothing is held to what may follow what: the roots tell whether these are the lines that were meant.
///
/// # Errors
/// When a file cannot be read.
pub fn events(
    files: &dyn Files,
    from: u64,
    to: u64,
    each: &mut dyn FnMut(std::result::Result<&Event<'_>, &Flaw>),
) -> Result<Option<Roots>> {
    /// How many lines are read before they are handed over.
    const CHUNK: usize = 1024;
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
        for part in spans[old..].chunks(CHUNK) {
            let read: Vec<_> =
                part.par_iter().with_min_len(128).map(|span| Event::read(&bytes[span.clone()])).collect();
            read.iter().for_each(|event| each(event.as_ref()));
        }
        number += 1;
    }
    Ok(before.map(|before| Roots { before, all: frontier.root() }))
}

/// Returns the roots of a ledger's first lines, for every size that is asked for; those past the end are missing.
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
        let mut at = 0;
        // Up to each wanted size in one go.
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

/// Where the first lines of a segment stand, line feeds left out; at most `most` of them.
pub(crate) fn spans(bytes: &[u8], most: usize) -> Vec<Range<usize>> {
    let mut start = 0;
    let ends = memchr_iter(b'\n', bytes).take(most.min(SEGMENT as usize));
    ends.map(|end| std::mem::replace(&mut start, end + 1)..end).collect()
}

/// The leaf hashes of lines, on every core.
pub(crate) fn leaves(bytes: &[u8], lines: &[Range<usize>]) -> Vec<Hash> {
    lines.par_iter().with_min_len(256).map(|span| Hash::leaf(&bytes[span.clone()])).collect()
}

/// Adds leaves: in whole subtrees where they fill them, each made on its own core.
fn grow(frontier: &mut Frontier, leaves: &[Hash]) {
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
