//! `id-structure`: judges the artifacts themselves.

fn main() -> std::process::ExitCode {
    cli::structure()
}
