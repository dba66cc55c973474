//! `id-registry`: the registry, built and asked.

fn main() -> std::process::ExitCode {
    cli::registry(sqlite::export)
}
