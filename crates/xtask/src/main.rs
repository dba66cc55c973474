//! Chores of this repository: `cargo xtask generate [--check]`, `new-rule`, `plugins`, `dist`, `bench`.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "chores touch disk, clock and git, and stop where something is wrong"
)]

mod bench;
mod book;
mod dist;
mod generate;
mod new_rule;
mod plugins;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Chores of this repository.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Write every generated file: rule pages, the reference, schemas, completions, man pages.
    Generate {
        /// Write nothing; fail where a file is not as it would be written.
        #[arg(long)]
        check: bool,
    },
    /// Begin a rule: its folder with code, page and cases.
    NewRule {
        /// The family's folder, as in `imm`.
        family: String,
        /// The name, which says what is wrong, as in `card-changed`.
        name: String,
    },
    /// Run the tests and examples of this repository's own plugins.
    Plugins,
    /// Build the tools as they are published, and pack them.
    Dist(dist::Arguments),
    /// Measure the tools against git on generated repositories.
    Bench(bench::Arguments),
}

fn main() -> ExitCode {
    match Arguments::parse().chore {
        Chore::Generate { check } => generate::run(check),
        Chore::NewRule { family, name } => new_rule::run(&family, &name),
        Chore::Plugins => plugins::run(),
        Chore::Dist(arguments) => dist::run(&arguments),
        Chore::Bench(arguments) => bench::run(&arguments),
    }
}

/// The package of the binaries.
const PACKAGE: &str = "id-guard";

/// The top folder of the repository.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_package_of_the_binaries_is_called_so() {
        let manifest = std::fs::read_to_string(super::root().join("crates/tools/Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("name = \"{}\"", super::PACKAGE)));
    }
}
