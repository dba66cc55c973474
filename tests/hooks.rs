//! The hooks as git runs them: plain ones, and those of pre-commit, prek, lefthook and husky.
//!
//! `ID_GUARD_WHEELS` names the folder with the wheel that pre-commit and prek install (`cargo xtask dist --wheel`).

mod commits;
mod installed;
mod managers;
mod place;
mod pushes;
