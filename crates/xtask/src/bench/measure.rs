//! Whole processes, timed by the operating system's own accounts, two sides in turn.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

/// A command to time.
pub(crate) struct Run {
    program: String,
    arguments: Vec<String>,
    /// Where the run keeps what it knows; nowhere that another finds again if `None`.
    cache: Option<String>,
}

/// What a run took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// User and system CPU time, in seconds.
    pub(crate) cpu: f64,
    /// Wall-clock time, in seconds.
    pub(crate) wall: f64,
    /// The largest resident set, in bytes.
    pub(crate) memory: u64,
}

/// Two sides, measured in turn.
pub(crate) struct Pair {
    pub(crate) ours: Cost,
    pub(crate) theirs: Cost,
    /// The median of the ratios of CPU time, pair by pair.
    pub(crate) ratio: f64,
}

impl Run {
    pub(crate) fn new(program: &str, arguments: &[&str]) -> Run {
        Run {
            program: program.into(),
            arguments: arguments.iter().map(|argument| (*argument).to_string()).collect(),
            cache: None,
        }
    }

    /// The same run with what earlier ones kept in a directory.
    pub(crate) fn with_cache(mut self, directory: &str) -> Run {
        self.cache = Some(directory.into());
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        // Without a cache the run begins each time as if it were the first on the machine.
        command.env_remove("HOME").env_remove("XDG_CACHE_HOME");
        if let Some(cache) = &self.cache {
            command.env("XDG_CACHE_HOME", cache);
        }
        command.args(&self.arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_PAGER", "cat");
        command
    }

    fn once(&self) -> Cost {
        let before = children();
        let start = Instant::now();
        let mut child = self.command().spawn().unwrap();
        // The peak is read from /proc while the process runs: its account ends with it.
        let status = format!("/proc/{}/status", child.id());
        let mut memory = 0;
        loop {
            memory = peak(&status).unwrap_or(memory).max(memory);
            match child.try_wait().unwrap() {
                Some(_) => break,
                None => std::thread::sleep(Duration::from_micros(500)),
            }
        }
        let wall = start.elapsed().as_secs_f64();
        Cost { cpu: children() - before, wall, memory }
    }
}

/// `VmHWM` of a process, in bytes (proc(5)).
fn peak(status: &str) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? * 1024)
}

/// CPU seconds of all children that were waited for (getrusage(2), `RUSAGE_CHILDREN`).
fn children() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    seconds(usage.user_time()) + seconds(usage.system_time())
}

/// Runs both sides once to warm up, then in turn.
pub(crate) fn pair(ours: &Run, theirs: &Run, runs: usize) -> Pair {
    ours.once();
    theirs.once();
    let costs: Vec<(Cost, Cost)> = (0..runs).map(|_| (ours.once(), theirs.once())).collect();
    let side = |side: fn(&(Cost, Cost)) -> Cost| {
        let figure =
            |figure: fn(&Cost) -> f64| median(costs.iter().map(|pair| figure(&side(pair))).collect());
        Cost {
            cpu: figure(|cost| cost.cpu),
            wall: figure(|cost| cost.wall),
            memory: costs.iter().map(|pair| side(pair).memory).max().unwrap(),
        }
    };
    let ratio = |(a, b): &(Cost, Cost)| a.cpu / b.cpu;
    Pair {
        ours: side(|pair| pair.0),
        theirs: side(|pair| pair.1),
        ratio: median(costs.iter().map(ratio).collect()),
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
