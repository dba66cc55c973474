//! `id-tools`: every tool in one executable, which runs the tool that its file name names.

fn main() -> std::process::ExitCode {
    cli::multicall(|path, contents| Ok(sqlite::export(path, contents)?))
}
