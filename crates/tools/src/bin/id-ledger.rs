//! `id-ledger`: records, verifies and proves the ledger.

fn main() -> std::process::ExitCode {
    cli::ledger()
}
