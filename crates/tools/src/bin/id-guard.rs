//! `id-guard`: judges changes and histories of a repository that holds plugins.

fn main() -> std::process::ExitCode {
    cli::guard()
}
