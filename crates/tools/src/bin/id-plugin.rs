//! `id-plugin`: plugins, made, derived and led through their life.

fn main() -> std::process::ExitCode {
    cli::plugin()
}
