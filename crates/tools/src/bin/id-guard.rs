//! `id-guard`: checks changes and histories of a repository of plugins.

fn main() -> std::process::ExitCode {
    cli::guard()
}
