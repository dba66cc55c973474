//! Sizes and durations as a spec writes them.

/// Reads a size as in `64MiB`; a larger one than `u128` can represent becomes `u128::MAX`.
pub(crate) fn kibibytes(text: &str) -> Option<u128> {
    read(text, &[("KiB", 1), ("MiB", 1 << 10), ("GiB", 1 << 20)])
}

/// Reads a duration as in `30s`, in milliseconds; a longer one than `u128` can represent becomes `u128::MAX`.
pub(crate) fn milliseconds(text: &str) -> Option<u128> {
    read(text, &[("ms", 1), ("s", 1_000), ("m", 60_000)])
}

fn read(text: &str, units: &[(&str, u128)]) -> Option<u128> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
    // Digits fail to parse only if they are too many.
    (digits > 0).then(|| number.parse::<u128>().unwrap_or(u128::MAX).saturating_mul(*factor))
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_and_durations_are_read() {
        assert_eq!(super::kibibytes("64MiB"), Some(65_536));
        assert_eq!(super::kibibytes("1GiB"), Some(1 << 20));
        assert_eq!(super::milliseconds("30s"), Some(30_000));
        assert_eq!(super::milliseconds("5m"), Some(300_000));
        assert_eq!(super::milliseconds("250ms"), Some(250));
        assert_eq!(super::kibibytes(&format!("{}GiB", "9".repeat(100))), Some(u128::MAX));
        for text in ["", "MiB", "64", "64MB", "-1KiB", "1.5GiB", "1 KiB"] {
            assert_eq!(super::kibibytes(text), None, "{text:?}");
        }
    }
}
