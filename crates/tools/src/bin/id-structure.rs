//! `id-structure`: checks the artifacts.

fn main() -> std::process::ExitCode {
    cli::structure()
}
