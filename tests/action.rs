//! The Action and its workflows, run by `act` on events and checkouts as GitHub makes them.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test that cannot be set up has failed, and says what it skips"
)]

mod support;

mod action {
    //! What the workflows do, one file for each of them that acts, and one for the step that all of them are.

    mod changes;
    mod gate;
    mod step;
    mod writer;
}
