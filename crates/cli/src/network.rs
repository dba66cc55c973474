//! The network: proxies from the environment, certificates from a file, and the words for what went wrong.

use std::path::Path;
use std::time::Duration;

use diagnostic::sanitise;
use fetch::{Address, Client, Options, Proxies, Roots};

use crate::environment::variable;
use crate::error::CommandError;

/// The size of a file of certificates, in bytes: that of a distribution's trust store, and more.
const MAX_CA_BYTES: u64 = 4 << 20;

/// Prepares requests that end within `timeout` and follow at most `redirects`.
pub(crate) fn client(ca: Option<&Path>, timeout: Duration, redirects: u32) -> Result<Client, CommandError> {
    let roots = match ca {
        None => Roots::Platform,
        Some(path) => {
            let missing = || CommandError::failed(format!("file not found: {}", path.display()));
            Roots::Given(repo::disk::read(path, MAX_CA_BYTES)?.ok_or_else(missing)?)
        }
    };
    let either = |name: &str| variable(name).or_else(|| variable(&name.to_ascii_lowercase()));
    let proxies = Proxies {
        https: either("HTTPS_PROXY").or_else(|| either("ALL_PROXY")),
        none: either("NO_PROXY").unwrap_or_default(),
    };
    let options = Options { roots, proxies, timeout, redirects };
    Client::new(options).map_err(|error| CommandError::failed_with(describe(&error), help(&error)))
}

/// Reads an address that a user or a policy names.
pub(crate) fn address(text: &str) -> Result<Address, CommandError> {
    Address::parse(text).map_err(|error| CommandError::failed(format!("{}: {error}", sanitise::text(text))))
}

/// Describes an error. Parts of it come from the server.
pub(crate) fn describe(error: &fetch::Error) -> String {
    sanitise::text(&error.to_string())
}

/// Returns what to do about an error.
pub(crate) fn help(error: &fetch::Error) -> &'static str {
    match error {
        fetch::Error::Certificate { .. } | fetch::Error::Roots(_) => {
            "trust another authority with the option --ca, or on Linux with the variable SSL_CERT_FILE"
        }
        fetch::Error::Proxy { .. } => "set HTTPS_PROXY, or exclude the host with NO_PROXY",
        fetch::Error::Redirect { .. } => "use the address that it redirects to, if it is the right one",
        fetch::Error::Address { .. } => "use an address that begins with https://",
        fetch::Error::TooLarge { .. } => {
            "find out what the server sends; this is not an answer of the protocol"
        }
        fetch::Error::TimedOut { .. } | fetch::Error::Connection { .. } => "try again later",
    }
}
