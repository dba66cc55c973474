//! Checks whether one version of a file only appends lines to another, on ropes or on whole content.

use super::rope::Rope;

/// How the new version of an append-only file relates to the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// The old version is a prefix of the new one and ends with LF: complete lines were appended.
    Whole,
    /// The versions differ at this byte, which exists in both.
    Differs {
        /// The offset, from 0.
        at: u64,
    },
    /// The new version is a prefix of the old one: the end was removed.
    Shorter,
    /// Bytes were appended to a last line without LF: the line itself changed.
    Unterminated,
}

impl Appended {
    /// Compares two versions byte by byte.
    #[must_use]
    pub fn of(before: &[u8], after: &[u8]) -> Appended {
        let common = before.iter().zip(after).take_while(|(a, b)| a == b).count();
        classify(common as u64, before.len() as u64, after.len() as u64, before.last().copied())
    }
}

fn classify(common: u64, before: u64, after: u64, last: Option<u8>) -> Appended {
    if common < before.min(after) {
        Appended::Differs { at: common }
    } else if after < before {
        Appended::Shorter
    } else if after > before && last.is_some_and(|byte| byte != b'\n') {
        Appended::Unterminated
    } else {
        Appended::Whole
    }
}

/// Compares two ropes; bytes that both take from the same position of the same source are not read.
pub(crate) fn compare(before: &Rope, after: &Rope) -> Appended {
    let pairs = before.pieces.iter().zip(&after.pieces);
    let shared = pairs.take_while(|(a, b)| before.same_piece(a, after, b)).count();
    let (mut left, mut right) = (before.pieces[shared..].iter(), after.pieces[shared..].iter());
    let (mut old, mut new) = (left.next(), right.next());
    let (mut old_at, mut new_at) = (0u32, 0u32);
    let mut common = old.map_or(before.length, |piece| piece.start) as u64;
    while let (Some(a), Some(b)) = (old, new) {
        let length = (a.length - old_at).min(b.length - new_at);
        if a.from + old_at != b.from + new_at || !before.same_source(a, after, b) {
            let range = |at: u32| at as usize..(at + length) as usize;
            let (x, y) = (&before.bytes(a)[range(old_at)], &after.bytes(b)[range(new_at)]);
            if x != y {
                let more = x.iter().zip(y).take_while(|(a, b)| a == b).count();
                return Appended::Differs { at: common + more as u64 };
            }
        }
        common += u64::from(length);
        (old_at, new_at) = (old_at + length, new_at + length);
        if old_at == a.length {
            (old, old_at) = (left.next(), 0);
        }
        if new_at == b.length {
            (new, new_at) = (right.next(), 0);
        }
    }
    let last = before.pieces.last().and_then(|piece| before.bytes(piece).last().copied());
    classify(common, before.length.into(), after.length.into(), last)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::rope::Root;
    use super::*;

    #[test]
    fn only_complete_lines_may_be_appended() {
        let cases: [(&str, &str, Appended); 7] = [
            ("a\n", "a\nb\n", Appended::Whole),
            ("", "a\n", Appended::Whole),
            ("a\n", "a\nb", Appended::Whole),
            ("a", "a\nb\n", Appended::Unterminated),
            ("a\nb\n", "a\n", Appended::Shorter),
            ("a\nb\n", "a\nc\n", Appended::Differs { at: 2 }),
            ("a\nb\n", "x\na\nb\n", Appended::Differs { at: 0 }),
        ];
        for (before, after, expected) in cases {
            assert_eq!(Appended::of(before.as_bytes(), after.as_bytes()), expected, "{before:?} {after:?}");
            let rope = |text: &str| {
                Rope::whole(Arc::new(Root::new(gix::objs::Kind::Tree, text.as_bytes().to_vec())))
            };
            assert_eq!(compare(&rope(before), &rope(after)), expected, "{before:?} {after:?} as ropes");
        }
    }
}
