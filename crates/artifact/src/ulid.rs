//! ULIDs: 128 bits as 26 characters, of which the first ten encode the time of creation.

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use thiserror::Error;

const LENGTH: usize = 26;

/// A ULID, ordered by time and then by its random part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ulid(ulid::Ulid);

/// The reason why a string is not a ULID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UlidError {
    /// It is not 26 characters long.
    #[error("a ULID has {LENGTH} characters, but this has {0}")]
    Length(usize),
    /// It contains a character outside of the alphabet.
    #[error("a ULID consists of digits and upper-case letters without I, L, O and U, but character {} is {:?}", .at + 1, .found)]
    Character {
        /// The index of the character, from 0.
        at: usize,
        /// The character.
        found: char,
    },
    /// It exceeds 128 bits.
    #[error("a ULID starts with a digit from 0 to 7, but this starts with {0:?}")]
    Overflow(char),
}

impl Ulid {
    /// Reads the canonical form `^[0-7][0-9A-HJKMNP-TV-Z]{25}$` and no other.
    ///
    /// # Errors
    /// When the text is longer or shorter, contains lower case or one of I, L, O, U, or overflows 128 bits.
    pub fn parse(text: &str) -> Result<Ulid, UlidError> {
        if let Ok(bytes) = <&[u8; LENGTH]>::try_from(text.as_bytes())
            && let Some(bits) = decode(bytes)
        {
            return Ok(Ulid(ulid::Ulid(bits)));
        }
        Ulid::explain(text)
    }

    /// Returns the reason why the fast decoder rejected the text.
    fn explain(text: &str) -> Result<Ulid, UlidError> {
        let length = text.chars().count();
        if length != LENGTH {
            return Err(UlidError::Length(length));
        }
        for (at, found) in text.chars().enumerate() {
            // Crockford's base 32, in the one case that is canonical.
            let known = found.is_ascii_digit() || found.is_ascii_uppercase() && !"ILOU".contains(found);
            if !known {
                return Err(UlidError::Character { at, found });
            }
            if at == 0 && found > '7' {
                return Err(UlidError::Overflow(found));
            }
        }
        // The form was checked above, because the decoder also accepts lower case and overflow.
        ulid::Ulid::from_string(text).map(Ulid).map_err(|_| UlidError::Length(length))
    }

    /// Creates the ULID of a time, in milliseconds since 1970, and 80 other bits.
    #[must_use]
    pub fn of(time: u64, rest: [u8; 10]) -> Ulid {
        let mut low = [0; 16];
        low[6..].copy_from_slice(&rest);
        Ulid(ulid::Ulid::from_parts(time, u128::from_be_bytes(low)))
    }

    /// Creates a ULID from 128 bits.
    #[must_use]
    pub fn from_bits(bits: u128) -> Ulid {
        Ulid(ulid::Ulid(bits))
    }

    /// Returns the 128 bits.
    #[must_use]
    pub fn bits(self) -> u128 {
        self.0.0
    }

    /// Returns the time of creation by its creator's clock, in milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn time(self) -> u64 {
        self.0.timestamp_ms()
    }
}

/// The value of each byte in Crockford's base 32, upper case only; 0xFF for every other byte.
const DIGITS: [u8; 256] = {
    let mut digits = [0xFF; 256];
    let alphabet = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut at = 0;
    while at < alphabet.len() {
        digits[alphabet[at] as usize] = at as u8;
        at += 1;
    }
    digits
};

/// Decodes the canonical form. A ledger contains two per line, so it avoids a branch per character.
fn decode(text: &[u8; LENGTH]) -> Option<u128> {
    let mut bits = 0;
    let mut seen = 0;
    for byte in text {
        let digit = DIGITS[usize::from(*byte)];
        seen |= digit;
        bits = bits << 5 | u128::from(digit & 31);
    }
    (seen < 32 && text[0] <= b'7').then_some(bits)
}

/// Mints ULIDs, each greater than the one before, also within one millisecond.
#[derive(Default)]
pub struct Mint(ulid::Generator);

impl Mint {
    /// Mints the next one; `None` once the 80 random bits of a millisecond are used up.
    pub fn next(&mut self, now: SystemTime) -> Option<Ulid> {
        self.0.generate_from_datetime(now).ok().map(Ulid)
    }
}

impl serde::Serialize for Ulid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u128(self.bits())
    }
}

impl<'de> serde::Deserialize<'de> for Ulid {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Ulid, D::Error> {
        u128::deserialize(deserializer).map(|bits| Ulid(ulid::Ulid(bits)))
    }
}

impl FromStr for Ulid {
    type Err = UlidError;

    fn from_str(text: &str) -> Result<Ulid, UlidError> {
        Ulid::parse(text)
    }
}

impl fmt::Display for Ulid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn canonical_form_round_trips() {
        for text in ["01JD4ZK3V8Q2W4X6Y8Z0A1B2C3", "00000000000000000000000000", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"]
        {
            assert_eq!(Ulid::parse(text).unwrap().to_string(), text);
        }
        assert!(
            Ulid::parse("01JD4ZK3V8Q2W4X6Y8Z0A1B2C3").unwrap()
                < "01JD4ZK3V8Q2W4X6Y8Z0A1B2C4".parse().unwrap()
        );
    }

    #[test]
    fn the_time_is_the_first_48_bits() {
        // The example of the ULID specification: 1469918176385 is 01ARYZ6S41.
        assert_eq!(Ulid::parse("01ARYZ6S41TSV4RRFFQ69G5FAV").unwrap().time(), 1_469_918_176_385);
        assert_eq!(Ulid::parse("7ZZZZZZZZZZZZZZZZZZZZZZZZZ").unwrap().time(), (1 << 48) - 1);
    }

    #[test]
    fn other_forms_are_rejected_with_the_reason() {
        let alphabet =
            "a ULID consists of digits and upper-case letters without I, L, O and U, but character";
        for (text, message) in [
            ("", "a ULID has 26 characters, but this has 0".to_string()),
            ("01JD4ZK3V8Q2W4X6Y8Z0A1B2C", "a ULID has 26 characters, but this has 25".into()),
            ("01JD4ZK3V8Q2W4X6Y8Z0A1B2C34", "a ULID has 26 characters, but this has 27".into()),
            ("01jd4zk3v8q2w4x6y8z0a1b2c3", format!("{alphabet} 3 is 'j'")),
            ("01JD4ZK3V8Q2W4X6Y8Z0A1B2CI", format!("{alphabet} 26 is 'I'")),
            ("01JD4ZK3V8Q2W4X6Y8Z0A1B2CL", format!("{alphabet} 26 is 'L'")),
            ("O1JD4ZK3V8Q2W4X6Y8Z0A1B2C3", format!("{alphabet} 1 is 'O'")),
            ("01JD4ZK3V8Q2W4X6Y8Z0A1B2CU", format!("{alphabet} 26 is 'U'")),
            ("01JD4ZK3V8Q2W4X6Y8Z0A1B2Cé", format!("{alphabet} 26 is 'é'")),
            ("01JD4ZK3V8Q2W4X6Y8Z0A1B2C\n", format!("{alphabet} 26 is '\\n'")),
            (
                "8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
                "a ULID starts with a digit from 0 to 7, but this starts with '8'".into(),
            ),
        ] {
            assert_eq!(Ulid::parse(text).map_err(|error| error.to_string()), Err(message), "{text:?}");
        }
    }

    #[test]
    fn minted_ulids_increase() {
        let mut mint = Mint::default();
        let now = SystemTime::UNIX_EPOCH + std::time::Duration::from_millis(1_469_918_176_385);
        let minted: Vec<Ulid> = (0..1000).map(|_| mint.next(now).unwrap()).collect();
        assert!(minted.is_sorted_by(|a, b| a < b));
        assert!(minted.iter().all(|ulid| ulid.time() == 1_469_918_176_385));
    }

    proptest! {
        #[test]
        fn accepted_text_is_written_unchanged(text in "[0-9A-Za-z]{26}|[0-7][0-9A-HJKMNP-TV-Z]{25}") {
            let alphabet = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
            let canonical = text.as_bytes()[0] < b'8' && text.bytes().all(|byte| alphabet.contains(&byte));
            match Ulid::parse(&text) {
                Ok(ulid) => prop_assert!(canonical && ulid.to_string() == text),
                Err(_) => prop_assert!(!canonical),
            }
        }
    }
}
