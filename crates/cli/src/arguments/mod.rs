//! The command line: one definition generates the parser, the help, completions, man pages and the reference.

mod check;
mod ci;
mod common;
mod guard;
mod immutability;
mod ledger;
mod mint;
mod plugin;
mod policy;
mod post_merge;
mod registry;
mod release;
mod setup;
mod structure;
mod tag;
mod verify_proof;

pub(crate) use check::*;
pub(crate) use ci::*;
pub(crate) use common::{ColorArgument, Common, FormatArgument, Place, StatisticsArgument};
pub(crate) use guard::*;
pub(crate) use immutability::*;
pub(crate) use ledger::*;
pub(crate) use mint::*;
pub(crate) use plugin::*;
pub(crate) use policy::*;
pub(crate) use post_merge::*;
pub(crate) use registry::*;
pub(crate) use release::*;
pub(crate) use setup::*;
pub(crate) use structure::*;
pub(crate) use tag::*;
pub(crate) use verify_proof::*;
