//! `id-registry`: the registry, built and asked.

fn main() -> std::process::ExitCode {
    cli::registry(|path, contents| Ok(sqlite::export(path, contents)?))
}
