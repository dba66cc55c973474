//! Which proxy a request goes through: the conventions of `HTTPS_PROXY` and `NO_PROXY`.

use crate::Address;

/// The proxy of encrypted connections, and the hosts that are reached without it.
///
/// This machine itself is always reached directly.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    /// The proxy: `http://proxy.example:3128`, `https://…` or `socks5://…`.
    pub https: Option<String>,
    /// `NO_PROXY`: hosts, domains and IP addresses, separated by commas; `*` for all.
    pub none: String,
}

impl Proxies {
    /// Returns the proxy for an address.
    pub(crate) fn of(&self, address: &Address) -> Option<&str> {
        let proxy = self.https.as_deref().filter(|proxy| !proxy.is_empty())?;
        let is_direct = !address.is_encrypted() || self.none.split(',').any(|rule| excludes(rule, address));
        (!is_direct).then_some(proxy)
    }
}

/// Returns whether an entry of `NO_PROXY` names the host: itself, or a domain that it is in, with or without a port.
fn excludes(rule: &str, address: &Address) -> bool {
    let rule = rule.trim().to_ascii_lowercase();
    let (name, port) = match rule.rsplit_once(':') {
        // An IPv6 address contains colons itself.
        Some((name, port)) if !name.contains(':') || name.ends_with(']') => (name, port.parse().ok()),
        _ => (rule.as_str(), None),
    };
    if port.is_some_and(|port: u16| port != address.port()) {
        return false;
    }
    let name = name.trim_start_matches('[').trim_end_matches(']');
    let name = name.strip_prefix('*').unwrap_or(name);
    if rule == "*" {
        return true;
    }
    let domain = name.trim_start_matches('.');
    let is_inside =
        address.host().strip_suffix(domain).is_some_and(|left| left.is_empty() || left.ends_with('.'));
    !domain.is_empty() && is_inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excluded_hosts_are_reached_directly() {
        let goes_through = |none: &str, address: &str| {
            let proxies = Proxies { https: Some("http://proxy.example:3128".into()), none: none.into() };
            proxies.of(&Address::parse(address).unwrap()).is_some()
        };
        for (none, address, expected) in [
            ("", "https://example.org", true),
            ("", "http://127.0.0.1:8080", false),
            ("*", "https://example.org", false),
            ("example.org", "https://example.org", false),
            ("example.org", "https://log.example.org", false),
            ("example.org", "https://myexample.org", true),
            (".example.org", "https://log.example.org", false),
            ("*.example.org", "https://log.example.org", false),
            ("a.test, EXAMPLE.ORG ,b.test", "https://example.org", false),
            ("example.org:8443", "https://example.org:8443", false),
            ("example.org:8443", "https://example.org", true),
            ("192.0.2.7", "https://192.0.2.7", false),
            ("2001:db8::1", "https://[2001:db8::1]", false),
            ("[2001:db8::1]:443", "https://[2001:db8::1]", false),
            (",,", "https://example.org", true),
            (".", "https://example.org", true),
        ] {
            assert_eq!(goes_through(none, address), expected, "{none} {address}");
        }
        let without = Proxies::default();
        assert_eq!(without.of(&Address::parse("https://example.org").unwrap()), None);
    }
}
