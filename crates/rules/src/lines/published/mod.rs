//! What was published stays what it was: judged where a change is, and where a whole tree is.

mod change;
mod standing;
mod unit;

pub(super) use change::judge_published;
pub use standing::{Published, Standing, judge_standing};
