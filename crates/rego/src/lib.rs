//! Custom rules in Rego, as conftest users write them, evaluated in a separate process.
//!
//! [`ask`] starts a program and sends it a [`Job`]; the `main` of that program is [`worker`].
//! The worker has no environment, opens no file, starts no process, and ends itself when it exceeds its limits of memory or time.
//! Rules have no access to a clock, the network or random numbers: the same job gives the same [`Reply`].
//!
//! Every problem is a [`Failure`], and never a pass: invalid Rego, an unknown function, an error during the evaluation of a rule,
//! an exceeded limit, a worker that died or sent an invalid answer.

mod ask;
mod builtin;
mod calls;
mod cidr;
mod clock;
mod conftest;
mod declarations;
mod engine;
mod functions;
mod job;
mod job_limits;
mod limits;
mod number;
mod pattern;
mod print;
mod reply;
mod rule_value;
mod unsupported;
mod verify;
mod worker;

pub use ask::ask;
pub use job::{Input, Job, Request, Source};
pub use limits::Limits;
pub use reply::{Answer, Cause, Failure, Level, Place, PolicyResult, Reply, TestResult};
pub use worker::{evaluate_in_process, worker};
