//! `id-ledger`: keeps the ledger.

fn main() -> std::process::ExitCode {
    cli::ledger()
}
