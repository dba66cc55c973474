//! Compares our verification of proof files with the second implementation, on a large corpus of changed files.

use std::process::Command;

/// The number of changed files.
const FILES: &str = "4000";

/// Runs the comparison; returns whether both agree on every file.
pub(super) fn agree() -> bool {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let arguments = ["test", "--quiet", "--package", "ledger", "--test", "proofs", "second_reader"];
    let status =
        Command::new("cargo").args(arguments).env("ID_GUARD_PROOF_CORPUS", FILES).current_dir(root).status();
    let agree = status.is_ok_and(|status| status.success());
    println!("{FILES} proof files: the second implementation {}", if agree { "agrees" } else { "DISAGREES" });
    agree
}
