//! Finds keys that differ by one character, in time proportional to their length and not to their pairs.

use std::collections::HashMap;

/// Returns for each key the position of the first other key that differs from it by one character, and not in digits alone.
pub(super) fn first_near(keys: &[&str], others: &[&str]) -> Vec<Option<usize>> {
    let mut found = vec![None; keys.len()];
    if keys.is_empty() {
        return found;
    }
    // Two keys that differ by one character, or by two swapped ones, are equal without one character on one or both sides.
    let mut by_variant: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
    for (at, key) in keys.iter().enumerate() {
        for variant in variants(key) {
            by_variant.entry(variant).or_default().push(at);
        }
    }
    for (position, other) in others.iter().enumerate() {
        for variant in variants(other) {
            for &at in by_variant.get(&variant).into_iter().flatten() {
                if found[at].is_none() && is_near(keys[at], other) {
                    found[at] = Some(position);
                }
            }
        }
    }
    found
}

/// Returns a key as it is, and without each of its characters.
fn variants(key: &str) -> impl Iterator<Item = Vec<u8>> {
    let bytes = key.as_bytes();
    let without = (0..bytes.len()).map(move |at| [&bytes[..at], &bytes[at + 1..]].concat());
    std::iter::once(bytes.to_vec()).chain(without)
}

fn is_near(key: &str, other: &str) -> bool {
    differ_by_one_character(other.as_bytes(), key.as_bytes()) && without_digits(other) != without_digits(key)
}

/// Whether two keys differ by one added, missing or other character, or by two swapped ones.
fn differ_by_one_character(a: &[u8], b: &[u8]) -> bool {
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&a[..a.len() - tail], &b[..b.len() - tail]) {
        ([], [_]) | ([_], []) | ([_], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

fn without_digits(key: &str) -> String {
    key.chars().filter(|character| !character.is_ascii_digit()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_differ_by_one_character_are_found() {
        let others = ["PLG_PREVIEW", "PLG_PREVIEW2", "PLG_PERVIEW", "PLG_OTHER"];
        for (key, expected) in [
            ("PLG_PREVIEWS", Some(0)),
            ("PLG_PREVEW", Some(0)),
            ("PLG_PREVEIW", Some(0)),
            ("PLG_PREVIEW", Some(2)),
            ("PLG_PREVIEW3", None),
            ("PLG_UTHER", Some(3)),
            ("PLG_FOO", None),
        ] {
            assert_eq!(first_near(&[key], &others), [expected], "{key}");
        }
        assert_eq!(first_near(&["PLG_UTHER", "PLG_PREVEW"], &others), [Some(3), Some(0)]);
    }

    /// The oracle: every pair.
    #[test]
    fn hashing_finds_what_comparing_every_pair_finds() {
        let mut state = 7u64;
        let mut next = move |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let keys: Vec<String> =
            (0..300).map(|_| (0..3 + next(3)).map(|_| ['A', 'B', '1'][next(3) as usize]).collect()).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let pairs = keys.iter().map(|key| keys.iter().position(|other| is_near(key, other)));
        assert_eq!(first_near(&keys, &keys), pairs.collect::<Vec<_>>());
    }
}
