//! `id-mint`: mints identities.

fn main() -> std::process::ExitCode {
    cli::mint()
}
