//! What a worker may use, and how it binds itself to that.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a worker may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of address space. The program itself and a stack of 64 MiB count.
    pub memory: u64,
    /// How long it may evaluate, all rules and inputs together. At its end the worker names the rule that it was at.
    pub time: Duration,
    /// How much longer it may live, for reading, parsing, and functions that look at no clock. Then it is killed.
    pub grace: Duration,
    /// The length of its answer, in bytes.
    pub answer: usize,
}

impl Default for Limits {
    /// 1 GiB, 20 seconds and 5 more, 16 MiB.
    fn default() -> Self {
        Self {
            memory: 1 << 30,
            time: Duration::from_secs(20),
            grace: Duration::from_secs(5),
            answer: 16 << 20,
        }
    }
}

impl Limits {
    /// The time until a worker is killed.
    pub(crate) fn life(&self) -> Duration {
        self.time.saturating_add(self.grace)
    }

    /// Binds this process to the limits, for good.
    #[cfg(unix)]
    pub(crate) fn impose(&self) -> Result<(), String> {
        use nix::sys::resource::{Resource, setrlimit};

        let seconds = self.life().as_secs().saturating_add(1);
        let bounds = [
            (Resource::RLIMIT_AS, self.memory, self.memory),
            // The soft limit says SIGXCPU, which tells the end from other kills.
            (Resource::RLIMIT_CPU, seconds, seconds.saturating_add(1)),
            (Resource::RLIMIT_CORE, 0, 0),
            (Resource::RLIMIT_FSIZE, 0, 0),
            // The three pipes are open already.
            (Resource::RLIMIT_NOFILE, 3, 3),
            (Resource::RLIMIT_NPROC, 0, 0),
        ];
        for (resource, soft, hard) in bounds {
            // macOS does not limit address space; the killing and the other limits remain.
            if cfg!(target_vendor = "apple") && matches!(resource, Resource::RLIMIT_AS) {
                continue;
            }
            setrlimit(resource, soft, hard)
                .map_err(|error| format!("{resource:?} cannot be set: {error}"))?;
        }
        Ok(())
    }

    /// Refuses: what cannot be limited is not evaluated.
    #[cfg(not(unix))]
    pub(crate) fn impose(&self) -> Result<(), String> {
        Err("this system limits no process".into())
    }
}
