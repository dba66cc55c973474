//! Runs every end-to-end test of the project in one executable: the binaries as a user runs them, with real git.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test that cannot be set up has failed, and prints what it skips"
)]

mod action;
mod architecture;
mod attacks;
mod base;
mod binaries;
mod ci;
mod corpus;
mod coverage;
mod custom;
mod dialects;
mod doctor;
mod documents;
mod draft;
mod durability;
mod ecosystems;
mod evasions;
mod faults;
mod governed;
mod help_cases;
mod helps;
mod hooks;
mod hostile;
mod identity;
mod known;
mod language;
mod ledger;
mod ledger_gate;
mod lost;
mod main_branch;
mod merged;
mod peers;
mod plugin;
mod policy;
mod post_merge;
mod presets;
mod proofs;
mod published;
mod queries;
mod races;
mod real_git;
mod registry;
mod release;
mod scripts;
mod sentences;
mod shapes;
mod status;
mod support;
mod tour;
mod watch;
mod witnesses;
mod working_tree;
