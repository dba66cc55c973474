//! Versions of any number of parts, such as `19.00`, `114.0.5735.90` or `7.6.0.bcr.1`.

use std::cmp::Ordering;

use super::compare_digits;

/// A version that consists of digits and letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dotted(Vec<String>);

impl Dotted {
    /// Reads a version: parts joined by `.`, `-`, `_` or `+`, split where digits and letters meet; at least one of digits.
    pub(super) fn read(text: &str) -> Option<Dotted> {
        // A leading `v` is spelling, as in SemVer.
        let body = text.strip_prefix(['v', 'V']).filter(|rest| rest.starts_with(is_digit)).unwrap_or(text);
        let mut parts = Vec::new();
        for part in body.split(['.', '-', '_', '+']) {
            if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return None;
            }
            parts.extend(part.as_bytes().chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()).map(
                // Only ASCII: each byte is a character.
                |run| run.iter().map(|&byte| char::from(byte)).collect::<String>(),
            ));
        }
        parts.iter().any(|part| part.starts_with(is_digit)).then_some(Dotted(parts))
    }
}

impl Ord for Dotted {
    /// Digits by value, letters by bytes, digits below letters; a prefix is lower.
    fn cmp(&self, other: &Dotted) -> Ordering {
        let different = self.0.iter().zip(&other.0).map(|(a, b)| {
            match (a.starts_with(is_digit), b.starts_with(is_digit)) {
                (true, true) => compare_digits(a, b),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => a.cmp(b),
            }
        });
        different.into_iter().find(|order| order.is_ne()).unwrap_or_else(|| self.0.len().cmp(&other.0.len()))
    }
}

impl PartialOrd for Dotted {
    fn partial_cmp(&self, other: &Dotted) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use policy::Scheme;

    use super::super::tests::{equal, refused, rises};

    #[test]
    fn parts_are_ordered_one_by_one() {
        rises(
            Scheme::Dotted,
            &["1.9", "1.10", "7.6.0", "7.6.0.bcr.1", "7.6.0.bcr.2", "7.6.1", "19.00", "21.07"],
        );
        rises(Scheme::Dotted, &["114.0.5735.91", "114.0.5735.134"]);
        rises(
            Scheme::Dotted,
            &["1.0.0+0", "1.0.0+1", "1.0.0+99999999999999999999", "1.0.0+100000000000000000000"],
        );
        rises(Scheme::Dotted, &["1.0.0", "1.0.0.1", "1.0.0a", "1.0.0b1", "1.0.0b2"]);
        equal(Scheme::Dotted, "1.01", "1.1");
        equal(Scheme::Dotted, "1.2", "v1_2");
        refused(Scheme::Dotted, &["", "master", "1..2", "1.2.", ".1", "1 2", "1.é", "v", "1/2"]);
    }
}
