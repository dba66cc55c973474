//! The limits of a worker, which it applies to itself.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The limits of a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Address space in bytes, including the program itself and a stack of 64 MiB.
    pub memory: u64,
    /// The time for all evaluations together. When it is over, the worker names the current rule.
    pub time: Duration,
    /// The additional time for reading, parsing, and functions that do not check the clock. Then the worker is killed.
    pub grace: Duration,
    /// The maximum size of the answer, in bytes.
    pub answer: usize,
}

impl Default for Limits {
    /// 1 GiB of memory, 20 seconds plus 5 seconds of grace, 16 MiB for the answer.
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

    /// Applies the limits to this process, permanently.
    #[cfg(unix)]
    pub(crate) fn impose(&self) -> Result<(), String> {
        use nix::sys::resource::{Resource, setrlimit};

        let seconds = self.life().as_secs().saturating_add(1);
        let bounds = [
            (Resource::RLIMIT_AS, self.memory, self.memory),
            // The soft limit sends SIGXCPU, which distinguishes this end from other kills.
            (Resource::RLIMIT_CPU, seconds, seconds.saturating_add(1)),
            (Resource::RLIMIT_CORE, 0, 0),
            (Resource::RLIMIT_FSIZE, 0, 0),
            // The three pipes are open already.
            (Resource::RLIMIT_NOFILE, 3, 3),
            (Resource::RLIMIT_NPROC, 0, 0),
        ];
        for (resource, soft, hard) in bounds {
            // macOS does not limit address space; the other limits and the time limit remain.
            if cfg!(target_vendor = "apple") && matches!(resource, Resource::RLIMIT_AS) {
                continue;
            }
            setrlimit(resource, soft, hard).map_err(|error| format!("cannot set {resource:?}: {error}"))?;
        }
        Ok(())
    }

    /// Always fails: without limits nothing is evaluated.
    #[cfg(not(unix))]
    pub(crate) fn impose(&self) -> Result<(), String> {
        Err("this system cannot limit a process".into())
    }
}
