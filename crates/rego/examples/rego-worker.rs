//! A worker and nothing else: what the tests of this crate ask. The product runs its own binary again instead.

use std::process::ExitCode;

fn main() -> ExitCode {
    rego::worker()
}
