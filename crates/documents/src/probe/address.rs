//! Which addresses a probe may ask: those of the machine it runs on.

/// What a probe may ask besides an address that its caller sets.
const HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Says why a URL is not one that a probe may ask; `None` where it is.
pub(crate) fn refused_url(url: &str) -> Option<&'static str> {
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) || url.contains(['\\', '"', '<', '>']) {
        return Some("it holds what stands in no URL");
    }
    if let Some(behind) = behind_variable(url) {
        let path = behind.is_empty() || behind.starts_with(['/', '?']);
        return (!path || behind.contains('$')).then_some("behind the variable a path begins with `/`");
    }
    let Some(rest) = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")) else {
        return Some("it begins with neither `http://`, `https://` nor a variable like `${BASE_URL}`");
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    refused_authority(authority, false)
}

/// Says why `host:port` is not one that a probe may ask; `None` where it is.
pub(crate) fn refused_address(address: &str) -> Option<&'static str> {
    match behind_variable(address) {
        Some("") => None,
        Some(_) => Some("behind the variable something stands"),
        None => refused_authority(address, true),
    }
}

/// RFC 3986 §3.2, without a user.
fn refused_authority(authority: &str, wants_port: bool) -> Option<&'static str> {
    let Some(behind) = HOSTS.iter().find_map(|host| authority.strip_prefix(host)) else {
        return Some("its host is not this machine: `localhost`, `127.0.0.1`, `[::1]`");
    };
    match behind.strip_prefix(':') {
        // Not `parse` alone, which takes a sign.
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            port.parse::<u16>().map_or(true, |port| port == 0).then_some("its port is not one of 1 to 65535")
        }
        Some(_) => Some("its port is not one of 1 to 65535"),
        None if !behind.is_empty() => Some("its host is not this machine: `localhost`, `127.0.0.1`, `[::1]`"),
        None => wants_port.then_some("it names no port"),
    }
}

/// Returns what stands behind `${NAME}`; `None` where none begins the text.
fn behind_variable(text: &str) -> Option<&str> {
    let (name, behind) = text.strip_prefix("${")?.split_once('}')?;
    let capital = name.starts_with(|c: char| c.is_ascii_uppercase());
    let letters = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    (capital && letters).then_some(behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_machine() {
        for url in [
            "http://localhost",
            "https://localhost:8443/health?x=1",
            "http://127.0.0.1:1/",
            "http://[::1]:65535/a",
            "${BASE_URL}",
            "${BASE_URL}/health",
            "${A1}?x",
        ] {
            assert_eq!(refused_url(url), None, "{url}");
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
            assert!(refused_url(url).is_some(), "{url}");
        }
    }

    #[test]
    fn servers_of_this_machine() {
        for address in ["localhost:50051", "[::1]:1", "${GRPC_ADDRESS}"] {
            assert_eq!(refused_address(address), None, "{address}");
        }
        for address in
            ["localhost", "example.org:1", "localhost:1/x", "${A}:1", "http://localhost:1", "localhost:"]
        {
            assert!(refused_address(address).is_some(), "{address}");
        }
    }
}
