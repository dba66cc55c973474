//! Reads what the documents of a plugin declare: links, commands, probes, scenarios, budgets and coverage.
//!
//! Pure readers of untrusted input: bounded, linear in time, without I/O. Every item keeps its byte range in the source.

pub mod budget;
pub mod command;
pub mod coverage;
pub mod feature;
mod joined_text;
pub mod markdown;
mod number;
pub mod probe;
mod problems;
mod source_text;
pub mod target;

pub use joined_text::JoinedText;
use problems::{Problems, problem};
pub use source_text::{MAX_DOCUMENT_BYTES, Spanned, decode_text};
use source_text::{check_length, decode_text_within};
