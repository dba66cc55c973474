//! `id-release`: packs what was published, of git's objects, to the same bytes everywhere.

fn main() -> std::process::ExitCode {
    cli::release()
}
