//! GitHub, for what git cannot do: pull requests, workflow runs, releases and settings. Nothing here takes part in a check.

mod error;
mod gh;
mod pull_request;
mod release;

pub use error::{Error, Result};
pub use gh::GitHub;
pub use pull_request::PullRequest;
pub use release::{Asset, Release, ReleaseText};
