//! Proofs of lines, states and absences: seals of both forms, and a second implementation that reads the same files.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
#![expect(clippy::disallowed_methods, reason = "a test reads and writes its own files")]

mod seals;
mod second_reader;
mod written;
