//! Addresses of servers: `https`, or `http` for this machine itself.

use std::net::IpAddr;

use thiserror::Error;
use ureq::http::Uri;

/// The length of an address, in characters; longer ones are mistakes.
const MAX_ADDRESS_CHARS: usize = 2_000;

/// An address to which a request can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    text: String,
    host: String,
    port: u16,
    is_encrypted: bool,
}

/// Why no request is sent to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AddressError {
    /// Not an absolute address.
    #[error("expected an address such as https://example.org/log")]
    Form,
    /// Too long.
    #[error("an address has at most {MAX_ADDRESS_CHARS} characters")]
    Length,
    /// A scheme other than `https`.
    #[error(
        "expected the scheme https; http is accepted only for this machine itself, such as http://127.0.0.1:8080"
    )]
    Scheme,
    /// A user name or a password.
    #[error("an address must not contain a user name or a password")]
    User,
    /// A query or a fragment, to which no path can be appended.
    #[error("an address must not contain `?` or `#`")]
    Query,
    /// A path that leads upwards.
    #[error("an address must not contain the path element `..`")]
    Upwards,
}

impl Address {
    /// Reads an address. A trailing `/` is left out, so that paths can be appended.
    ///
    /// # Errors
    /// [`AddressError`], for every other form.
    ///
    /// # Examples
    /// ```
    /// let address = fetch::Address::parse("https://example.org/log/")?;
    /// assert_eq!(address.join("checkpoint").to_string(), "https://example.org/log/checkpoint");
    /// # Ok::<(), fetch::AddressError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Address, AddressError> {
        if text.len() > MAX_ADDRESS_CHARS {
            return Err(AddressError::Length);
        }
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte));
        if !is_plain {
            return Err(AddressError::Form);
        }
        let uri: Uri = text.parse().map_err(|_| AddressError::Form)?;
        let authority = uri.authority().ok_or(AddressError::Form)?;
        if authority.as_str().contains('@') {
            return Err(AddressError::User);
        }
        if text.contains(['?', '#']) {
            return Err(AddressError::Query);
        }
        if uri.path().split('/').any(|part| part == ".." || part.eq_ignore_ascii_case("%2e%2e")) {
            return Err(AddressError::Upwards);
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        // A port that is written must be one.
        let written = authority.as_str().rsplit_once(']').map_or(authority.as_str(), |(_, rest)| rest);
        if host.is_empty() || (written.contains(':') && authority.port_u16().is_none()) {
            return Err(AddressError::Form);
        }
        let is_encrypted = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if is_loopback(&host) => false,
            Some(_) => return Err(AddressError::Scheme),
            None => return Err(AddressError::Form),
        };
        let port = authority.port_u16().unwrap_or(if is_encrypted { 443 } else { 80 });
        Ok(Address { text: text.trim_end_matches('/').into(), host, port, is_encrypted })
    }

    /// Returns the host, in lower case; an IPv6 address without its brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns whether the connection is encrypted; it is not only on this machine itself.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.is_encrypted
    }

    /// Appends a path of our own, without a leading `/`.
    #[must_use]
    pub fn join(&self, path: &str) -> Address {
        Address { text: format!("{}/{path}", self.text), ..self.clone() }
    }

    /// Reads the target of a redirect: an address, or an absolute path on the same host.
    pub(crate) fn redirected(&self, target: &str) -> Result<Address, AddressError> {
        if target.starts_with('/') && !target.starts_with("//") {
            let start = self.text.find("://").map_or(0, |at| at + 3);
            let end = self.text[start..].find('/').map_or(self.text.len(), |at| start + at);
            return Address::parse(&format!("{}{target}", &self.text[..end]));
        }
        Address::parse(target)
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// Returns whether a name or an IP address is this machine itself. What `localhost` resolves to is compared when it is resolved.
fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_this_machine_are_accepted() {
        for (text, host, port) in [
            ("https://example.org", "example.org", 443),
            ("https://EXAMPLE.org:8443/a/b/", "example.org", 8443),
            ("https://[2001:db8::1]/x", "2001:db8::1", 443),
            ("http://127.0.0.1:80", "127.0.0.1", 80),
            ("http://127.9.9.9", "127.9.9.9", 80),
            ("http://[::1]:8080/w", "::1", 8080),
            ("http://localhost:8080", "localhost", 8080),
        ] {
            let address = Address::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((address.host(), address.port()), (host, port), "{text}");
            assert_eq!(address.is_encrypted(), text.starts_with("https"), "{text}");
        }
        for (text, error) in [
            ("http://example.org", AddressError::Scheme),
            ("http://10.0.0.1", AddressError::Scheme),
            ("http://localhost.example.org", AddressError::Scheme),
            ("http://127.0.0.1.example.org", AddressError::Scheme),
            ("ftp://example.org", AddressError::Scheme),
            ("file:///etc/passwd", AddressError::Form),
            ("example.org/log", AddressError::Form),
            ("https:example.org", AddressError::Form),
            ("https://", AddressError::Form),
            ("https://exa mple.org", AddressError::Form),
            ("https://example.org/\u{202e}", AddressError::Form),
            ("https://example.org/\n", AddressError::Form),
            ("https://example.org:99999/", AddressError::Form),
            ("https://user:secret@example.org", AddressError::User),
            ("http://127.0.0.1@example.org", AddressError::User),
            ("https://example.org/?a=b", AddressError::Query),
            ("https://example.org/#part", AddressError::Query),
            ("https://example.org/a/../b", AddressError::Upwards),
            ("https://example.org/%2E%2e/b", AddressError::Upwards),
        ] {
            assert_eq!(Address::parse(text), Err(error), "{text}");
        }
        assert_eq!(
            Address::parse(&format!("https://e.org/{}", "a".repeat(2_000))),
            Err(AddressError::Length)
        );
    }

    #[test]
    fn a_redirect_is_an_address_or_an_absolute_path() {
        let address = Address::parse("https://example.org:8443/log/checkpoint").unwrap();
        let to = |target: &str| address.redirected(target).map(|address| address.to_string());
        assert_eq!(to("/new/checkpoint"), Ok("https://example.org:8443/new/checkpoint".into()));
        assert_eq!(to("https://mirror.example/x"), Ok("https://mirror.example/x".into()));
        for target in ["http://example.org/x", "//mirror.example/x", "x", "", "file:///etc/passwd"] {
            assert!(to(target).is_err(), "{target}");
        }
    }
}
