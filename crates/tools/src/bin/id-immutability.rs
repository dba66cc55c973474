//! `id-immutability`: enforces immutability of ID cards, the ledger and governed paths.

fn main() -> std::process::ExitCode {
    cli::immutability()
}
