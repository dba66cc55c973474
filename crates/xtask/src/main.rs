//! Tasks of this repository: `cargo xtask generate [--check]`, `new-rule`, `plugins`, `commits`, `dist`, `soak`, `bench`.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tasks use disk, clock and git, and panic on any error"
)]

#[cfg(unix)]
mod bench;
mod book;
mod commits;
mod dist;
mod generate;
mod new_rule;
mod plugins;
mod soak;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tasks of this repository.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Write every generated file: rule pages, the reference, schemas.
    Generate {
        /// Write nothing; fail if a file is out of date.
        #[arg(long)]
        check: bool,
    },
    /// Create a rule: its directory with code, page and cases.
    NewRule {
        /// The directory of the family, e.g. `immutability`.
        family: String,
        /// The name of the rule; it describes the violation, e.g. `card-changed`.
        name: String,
    },
    /// Run the tests and examples of this repository's own plugins.
    Plugins {
        /// Measure the coverage of the tests, with the commands of the plugins' READMEs.
        #[arg(long)]
        coverage: bool,
    },
    /// Check the subjects of the commits in a range.
    Commits {
        /// The range, e.g. `main..HEAD`.
        range: String,
    },
    /// Build and pack the published tools.
    Dist(dist::Arguments),
    /// Change governed bytes of a sample repository at random: no change may pass unnoticed.
    Soak(soak::Arguments),
    /// Measure the tools against git on generated repositories.
    #[cfg(unix)]
    Bench(bench::Arguments),
}

fn main() -> ExitCode {
    match Arguments::parse().task {
        Task::Generate { check } => generate::run(check),
        Task::NewRule { family, name } => new_rule::run(&family, &name),
        Task::Plugins { coverage } => plugins::run(coverage),
        Task::Commits { range } => commits::run(&range),
        Task::Dist(arguments) => dist::run(&arguments),
        Task::Soak(arguments) => soak::run(&arguments),
        #[cfg(unix)]
        Task::Bench(arguments) => bench::run(&arguments),
    }
}

/// The package of the binaries.
const PACKAGE: &str = "id-guard";

/// Returns the root directory of the repository.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_package_of_the_binaries_has_this_name() {
        let manifest = std::fs::read_to_string(super::root().join("crates/tools/Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("name = \"{}\"", super::PACKAGE)));
    }
}
