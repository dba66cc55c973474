//! Checks that a probe contacts only the local machine.

/// The hosts that a probe may contact, besides an address in a variable.
const HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Returns why a probe may not request a URL; `None` if it may.
pub(crate) fn url_problem(url: &str) -> Option<&'static str> {
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) || url.contains(['\\', '"', '<', '>']) {
        return Some("it contains characters that are not valid in a URL");
    }
    if let Some(behind) = after_variable(url) {
        let path = behind.is_empty() || behind.starts_with(['/', '?']);
        return (!path || behind.contains('$')).then_some("the path after the variable must start with `/`");
    }
    let Some(rest) = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")) else {
        return Some("it does not start with `http://`, `https://` or a variable such as `${BASE_URL}`");
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority_problem(authority, false)
}

/// Returns why a probe may not contact `host:port`; `None` if it may.
pub(crate) fn address_problem(address: &str) -> Option<&'static str> {
    match after_variable(address) {
        Some("") => None,
        Some(_) => Some("nothing may follow the variable"),
        None => authority_problem(address, true),
    }
}

/// Checks an authority (RFC 3986 §3.2) without user information.
fn authority_problem(authority: &str, wants_port: bool) -> Option<&'static str> {
    let Some(behind) = HOSTS.iter().find_map(|host| authority.strip_prefix(host)) else {
        return Some("its host is not the local machine (`localhost`, `127.0.0.1` or `[::1]`)");
    };
    match behind.strip_prefix(':') {
        // `parse` alone would accept a sign.
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => port
            .parse::<u16>()
            .map_or(true, |port| port == 0)
            .then_some("its port is not between 1 and 65535"),
        Some(_) => Some("its port is not between 1 and 65535"),
        None if !behind.is_empty() => {
            Some("its host is not the local machine (`localhost`, `127.0.0.1` or `[::1]`)")
        }
        None => wants_port.then_some("it has no port"),
    }
}

/// Returns the rest after `${NAME}`; `None` if the text does not start with a variable.
fn after_variable(text: &str) -> Option<&str> {
    let (name, behind) = text.strip_prefix("${")?.split_once('}')?;
    let capital = name.starts_with(|c: char| c.is_ascii_uppercase());
    let letters = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    (capital && letters).then_some(behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_urls_of_the_local_machine_are_accepted() {
        for url in [
            "http://localhost",
            "https://localhost:8443/health?x=1",
            "http://127.0.0.1:1/",
            "http://[::1]:65535/a",
            "${BASE_URL}",
            "${BASE_URL}/health",
            "${A1}?x",
        ] {
            assert_eq!(url_problem(url), None, "{url}");
        }
        for url in [
            "",
            "localhost/health",
            "ftp://localhost/",
            "http://example.org/",
            "http://localhost.example.org/",
            "http://localhost@example.org/",
            "http://user@localhost/",
            "http://127.0.0.1.example.org",
            "http://127.0.0.10/",
            "http://localhost:0/",
            "http://localhost:65536/",
            "http://localhost:+1/",
            "http://localhost:/",
            "http://localhost:80@example.org/",
            "http://localhost\\@example.org/",
            "http://localhost/a b",
            "http://localhost/\u{e9}",
            "HTTP://localhost/",
            "${BASE_URL}.example.org/",
            "${BASE_URL}@example.org",
            "${base}/x",
            "${}/x",
            "${BASE_URL/x",
            "${BASE_URL}/${SECRET}",
            "$BASE_URL/x",
        ] {
            assert!(url_problem(url).is_some(), "{url}");
        }
    }

    #[test]
    fn only_addresses_of_the_local_machine_are_accepted() {
        for address in ["localhost:50051", "[::1]:1", "${GRPC_ADDRESS}"] {
            assert_eq!(address_problem(address), None, "{address}");
        }
        for address in
            ["localhost", "example.org:1", "localhost:1/x", "${A}:1", "http://localhost:1", "localhost:"]
        {
            assert!(address_problem(address).is_some(), "{address}");
        }
    }
}
