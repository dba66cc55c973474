//! The hooks as git runs them: plain ones, and those of pre-commit, prek, lefthook and husky.
//!
//! `ID_GUARD_WHEELS` names the folder with the wheel that pre-commit and prek install (`cargo xtask dist --wheel`).
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test that cannot be set up has failed, and says what it skips"
)]

mod hooks {
    //! One file for what is judged at one time; the managers apart.

    mod commits;
    mod installed;
    mod managers;
    mod place;
    mod pushes;
}
