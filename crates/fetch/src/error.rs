//! Why an exchange failed, with the host and what was tried.

use std::time::Duration;

use thiserror::Error;

use crate::AddressError;

/// Why an exchange failed.
#[derive(Debug, Error)]
pub enum Error {
    /// No request is sent to such an address.
    #[error("{address}: {source}")]
    Address {
        /// The address.
        address: String,
        /// What is wrong with it.
        source: AddressError,
    },
    /// The given certificates cannot be read.
    #[error("invalid certificates: {0}")]
    Roots(String),
    /// The proxy's address is invalid, or it refused.
    #[error("proxy {proxy}: {reason}")]
    Proxy {
        /// The proxy, without a password.
        proxy: String,
        /// The reason.
        reason: String,
    },
    /// The server's certificate is not accepted.
    #[error("{host}: certificate refused: {reason} (trusted: {roots})")]
    Certificate {
        /// The host.
        host: String,
        /// The reason.
        reason: String,
        /// The certificates in use.
        roots: &'static str,
    },
    /// No answer, or not all of it, in time.
    #[error("{host}: no complete answer within {} s", after.as_secs_f32())]
    TimedOut {
        /// The host.
        host: String,
        /// The time that was allowed.
        after: Duration,
    },
    /// The answer is too large.
    #[error("{host}: the answer is larger than {limit} bytes")]
    TooLarge {
        /// The host.
        host: String,
        /// The limit, in bytes.
        limit: u64,
    },
    /// A redirect that is not followed.
    #[error("{host}: status {status} redirects to {target}: {reason}")]
    Redirect {
        /// The host.
        host: String,
        /// The status.
        status: u16,
        /// The target, or nothing where the header is missing.
        target: String,
        /// The reason.
        reason: String,
    },
    /// No connection, or a broken answer.
    #[error("{host}: {source}")]
    Connection {
        /// The host.
        host: String,
        /// What the library reports.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// Returns whether another attempt may succeed without a change.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Error::TimedOut { .. } | Error::Connection { .. })
    }
}
