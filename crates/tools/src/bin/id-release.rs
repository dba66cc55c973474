//! `id-release`: packs published versions from git objects into reproducible archives.

fn main() -> std::process::ExitCode {
    cli::release()
}
