//! Bounded, blocking HTTPS requests: the platform's trust store or a given one, proxies, time-outs and limits.
//!
//! Addresses have the scheme `https`; `http` is accepted only for this machine itself. The environment, the clock and the disk belong to the
//! caller, who passes certificates and proxies in.

mod address;
mod client;
mod error;
mod proxy;

pub use address::{Address, AddressError};
pub use client::{Client, Options, Response, Roots};
pub use error::Error;
pub use proxy::Proxies;
