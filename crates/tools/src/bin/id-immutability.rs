//! `id-immutability`: holds what stands.

fn main() -> std::process::ExitCode {
    cli::immutability()
}
