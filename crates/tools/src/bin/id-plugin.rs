//! `id-plugin`: creates plugins and manages their lifecycle.

fn main() -> std::process::ExitCode {
    cli::plugin()
}
