//! The rules: one directory per rule, one slice per family.

pub mod capabilities;
pub mod cards;
pub mod compatibility;
pub mod custom;
pub mod derived;
pub mod documents;
pub mod git_objects;
pub mod immutability;
pub mod ledger;
mod list;
pub mod one_artifact;
mod operation_files;
mod page;
pub mod policy;
pub mod schemas;
pub mod structure;
pub mod uniqueness;

pub use list::{ALL, find};
pub use page::page;
