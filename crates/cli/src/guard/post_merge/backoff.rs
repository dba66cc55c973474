//! How long a writer waits before it tries again after a rejected push.

use std::time::Duration;

/// The longest wait before the second attempt; it doubles with each further one.
const FIRST_WAIT_MS: u64 = 500;
/// The longest wait before any attempt.
const MAX_WAIT_MS: u64 = 30_000;

/// Returns how long to wait after this number of attempts; `random` spreads writers that were rejected at the same time.
///
/// A wait is between half of its longest value and that value, so that no writer hurries and few meet again.
pub(super) fn wait_after(attempts: usize, random: u64) -> Duration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(u32::MAX).min(16);
    let longest = (FIRST_WAIT_MS << doublings).min(MAX_WAIT_MS);
    Duration::from_millis(longest / 2 + random % (longest / 2 + 1))
}

/// Returns a number that differs between processes and calls.
pub(super) fn random() -> u64 {
    let mut bytes = [0; 8];
    // Without randomness of the system, writers wait equally long, which is only slower.
    let _ = getrandom::fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_half_a_second_to_half_a_minute() {
        let longest = |attempts| wait_after(attempts, longest_random(attempts)).as_millis();
        assert_eq!(
            (1..=9).map(longest).collect::<Vec<_>>(),
            [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]
        );
        assert_eq!(longest(usize::MAX), 30_000);
    }

    /// The random number with which a wait is the longest.
    fn longest_random(attempts: usize) -> u64 {
        (0..=15_000).max_by_key(|random| wait_after(attempts, *random)).unwrap()
    }

    #[test]
    fn each_random_number_stays_within_the_bounds_and_spreads_the_writers() {
        for attempts in 1..12 {
            let waits: std::collections::BTreeSet<Duration> =
                (0..1000u64).map(|at| wait_after(attempts, at.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
            let longest = wait_after(attempts, longest_random(attempts));
            assert!(waits.iter().all(|wait| *wait >= longest / 2 && *wait <= longest), "{attempts}");
            // Eight writers rarely choose the same one of so many waits.
            assert!(waits.len() > 150, "{attempts}: {}", waits.len());
        }
    }
}
