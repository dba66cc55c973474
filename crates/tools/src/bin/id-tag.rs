//! `id-tag`: creates the tags of published versions, and verifies them against the ledger.

fn main() -> std::process::ExitCode {
    cli::tag()
}
