//! `id-tag`: makes the tags of published versions, and holds them to the ledger.

fn main() -> std::process::ExitCode {
    cli::tag()
}
