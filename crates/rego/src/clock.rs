//! The clock of the limits: how long this process has been evaluating. No rule can read it.
#![expect(
    clippy::disallowed_methods,
    reason = "a limit of time needs a clock; what is judged does not see it"
)]

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use regorus::utils::limits::{TimeSource, set_time_source};

struct Monotonic;

impl TimeSource for Monotonic {
    fn now(&self) -> Option<Duration> {
        Some(elapsed())
    }
}

/// Returns the time since the clock was first looked at.
pub(crate) fn elapsed() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// Lets the engine's timer read this clock. Without one it would never end anything.
pub(crate) fn install() {
    // An error says that it was installed before: there is only this one.
    let _ = set_time_source(&Monotonic);
}
