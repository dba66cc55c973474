//! `id-registry`: builds and queries the registry.

fn main() -> std::process::ExitCode {
    cli::registry(|path, exported, ledger| Ok(sqlite::export(path, exported, ledger)?))
}
