//! `id-tools`: every tool in one executable, which runs the tool that its file name names.

fn main() -> std::process::ExitCode {
    cli::multicall(|path, exported, ledger| Ok(sqlite::export(path, exported, ledger)?))
}
