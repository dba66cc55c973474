//! Custom rules in Rego, as conftest users write them, evaluated in a process of their own.
//!
//! The one side calls [`ask`], which starts a program and hands it a [`Job`]. The other side is that program: its `main` is [`worker`].
//! The process has no environment, opens no file, starts no process, and ends itself when it needs more memory or time than it was
//! given. The rules know no clock, no network and no chance: the same job gives the same [`Reply`].
//!
//! Whatever goes wrong is a [`Failure`], and never a pass: text that is no Rego, a function that is not there, an error while a rule
//! is evaluated, a limit, a process that died or talked nonsense.

mod ask;
mod bounds;
mod calls;
mod clock;
mod conftest;
mod declared;
mod engine;
mod functions;
mod job;
mod limits;
mod pattern;
mod print;
mod reply;
mod shape;
mod verify;
mod worker;

pub use ask::ask;
pub use job::{Input, Job, Request, Source};
pub use limits::Limits;
pub use reply::{Answer, Cause, Failure, Level, Place, Reply, TestResult, Told};
pub use worker::{here, worker};
