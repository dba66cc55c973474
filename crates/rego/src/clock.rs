//! The clock for the time limit: how long this process has been evaluating. No rule can read it.
#![expect(clippy::disallowed_methods, reason = "a time limit needs a clock; rules cannot read it")]

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use regorus::utils::limits::{TimeSource, set_time_source};

struct Monotonic;

impl TimeSource for Monotonic {
    fn now(&self) -> Option<Duration> {
        Some(elapsed())
    }
}

/// Returns the time since the first call.
pub(crate) fn elapsed() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// Makes the timer of the engine use this clock. Without one it would never expire.
pub(crate) fn install() {
    // An error means that it is installed already: there is only this clock.
    let _ = set_time_source(&Monotonic);
}
