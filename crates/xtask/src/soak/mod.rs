//! `cargo xtask soak`: changes governed bytes of a sample repository at random, and demands that the gate notices each change; then compares the
//! verification of changed proof files with a second implementation.

mod custom;
mod proofs;
mod random;
mod sample;
#[cfg(test)]
mod systematic;
mod verdict;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use random::Random;
use sample::Sample;
use verdict::Gate;

/// Options of `cargo xtask soak`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How many changes are tried.
    #[arg(long, default_value_t = 1000)]
    count: u32,
    /// Where the random numbers start: the same seed tries the same changes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Instead, let each system call of the writers fail once in each way (kill, EIO, ENOSPC, EINTR): `append`, `record`, `key rotate`, `post-merge --local`.
    #[arg(long)]
    faults: bool,
}

/// The end-to-end tests that inject faults; with `ID_GUARD_LONG` they try every case.
const FAULT_TESTS: [&str; 2] = ["durability::every_fault", "faults::an_interrupted_local_run"];

/// The time that the checks of one change may take: a hundred times as much as usual.
const MAX_SECONDS: u64 = 20;

/// The result of many random changes.
#[derive(Debug, Default)]
struct Figures {
    tried: u32,
    /// Changes that fail the check.
    refused: u32,
    /// Changes with which the check cannot run.
    could_not_run: u32,
    /// Changes that are reported as warnings.
    warned: u32,
    slowest: Duration,
    /// Changes that pass unnoticed, panic or take too long.
    wrong: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    if arguments.faults {
        return inject_faults();
    }
    let figures = try_changes(arguments.seed, arguments.count);
    println!(
        "{} random changes (seed {}): {} refused, {} could not be checked, {} warned, {} wrong; the slowest took {:.1} s",
        figures.tried,
        arguments.seed,
        figures.refused,
        figures.could_not_run,
        figures.warned,
        figures.wrong.len(),
        figures.slowest.as_secs_f64()
    );
    for wrong in &figures.wrong {
        println!("WRONG: {wrong}");
    }
    let agree = proofs::agree();
    ExitCode::from(u8::from(!figures.wrong.is_empty() || !agree))
}

/// Runs the tests that inject faults, with every case.
fn inject_faults() -> ExitCode {
    let mut command = std::process::Command::new(env!("CARGO"));
    command.args(["test", "--package", "id-guard", "--test", "main", "--", "--nocapture"]).args(FAULT_TESTS);
    let status = command.env("ID_GUARD_LONG", "1").status().unwrap();
    ExitCode::from(u8::from(!status.success()))
}

/// Tries random changes of the sample.
fn try_changes(seed: u64, count: u32) -> Figures {
    let sample = Sample::of_this_repository();
    let gate = Gate::new(&sample);
    let mut random = Random::new(seed);
    let mut figures = Figures::default();
    while figures.tried < count {
        let (changed, what) = random.change(&sample);
        if changed.files == sample.files {
            continue;
        }
        figures.tried += 1;
        let started = Instant::now();
        let outcome =
            catch_unwind(AssertUnwindSafe(|| (gate.check_change(&changed), gate.check_tree(&changed))));
        let elapsed = started.elapsed();
        figures.slowest = figures.slowest.max(elapsed);
        if elapsed.as_secs() > MAX_SECONDS {
            figures.wrong.push(format!("{what}: took {:.1} s", elapsed.as_secs_f64()));
        }
        match outcome {
            Err(_) => figures.wrong.push(format!("{what}: panicked")),
            Ok((Err(_), _)) => figures.could_not_run += 1,
            Ok((Ok(found), _)) if found.fails() => figures.refused += 1,
            Ok((Ok(found), _)) if found.is_empty() => figures.wrong.push(format!("{what}: passes unnoticed")),
            Ok(_) => figures.warned += 1,
        }
    }
    figures
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_random_change_of_governed_bytes_passes_unnoticed() {
        let figures = super::try_changes(7, 20);
        println!("{} tried", figures.tried);
        assert!(figures.wrong.is_empty(), "{:#?}", figures.wrong);
    }
}
