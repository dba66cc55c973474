//! Bytes that drive the generators: fewer bytes, simpler results.

use super::generated::{FAMILIES, KEYWORDS};

/// A source of decisions; once it is exhausted, the simplest option is chosen.
pub(super) struct Choices<'b> {
    rest: &'b [u8],
    /// The keywords of generated schemas: a small set makes them interact more often.
    pub(super) keywords: &'static [&'static str],
}

impl<'b> Choices<'b> {
    pub(super) fn new(rest: &'b [u8]) -> Choices<'b> {
        let mut choices = Choices { rest, keywords: KEYWORDS };
        choices.keywords = FAMILIES[choices.below(FAMILIES.len())];
        choices
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let Some((first, rest)) = self.rest.split_first() else { return 0 };
        self.rest = rest;
        usize::from(*first) % end.max(1)
    }

    pub(super) fn of<'t, T>(&mut self, list: &'t [T]) -> &'t T {
        &list[self.below(list.len())]
    }

    /// Returns `true` once in `often` calls.
    pub(super) fn rarely(&mut self, often: usize) -> bool {
        self.below(often) == often - 1
    }

    pub(super) fn list<T>(&mut self, most: usize, mut one: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = self.below(most + 1);
        (0..count).map(|_| one(self)).collect()
    }
}
