//! `id-registry`: builds and queries the registry.

fn main() -> std::process::ExitCode {
    cli::registry(|path, contents| Ok(sqlite::export(path, contents)?))
}
