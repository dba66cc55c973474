//! Host names that a plugin requests: problems of a name, and which hosts a pattern covers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Cloud metadata endpoints: AWS and most others, Alibaba, Azure, and AWS by IPv6.
const METADATA: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];
/// Host names of cloud metadata endpoints.
const METADATA_NAMES: [&str; 5] = [
    "metadata",
    "metadata.google.internal",
    "metadata.azure.internal",
    "instance-data",
    "instance-data.ec2.internal",
];
/// Host names of the local machine.
const OWN_NAMES: [&str; 9] = [
    "localhost",
    "localhost.localdomain",
    "localhost4",
    "localhost4.localdomain4",
    "localhost6",
    "localhost6.localdomain6",
    "ip6-localhost",
    "ip6-loopback",
    "loopback",
];
/// Second-level labels under which countries register names, as in `co.uk`.
const SECOND_LEVEL: [&str; 17] = [
    "ac", "co", "com", "edu", "go", "gob", "gov", "gouv", "gv", "ltd", "mil", "ne", "net", "nom", "or",
    "org", "plc",
];
/// Shared suffixes: different customers own the names below them.
const SHARED: [&str; 20] = [
    "amazonaws.com",
    "appspot.com",
    "azurewebsites.net",
    "blogspot.com",
    "cloudapp.net",
    "cloudfront.net",
    "core.windows.net",
    "firebaseapp.com",
    "fly.dev",
    "github.io",
    "githubusercontent.com",
    "gitlab.io",
    "herokuapp.com",
    "netlify.app",
    "ngrok.io",
    "onrender.com",
    "pages.dev",
    "vercel.app",
    "web.app",
    "workers.dev",
];

const ONE: &str = "name one host, for example `api.example.org`";
const LOWER: &str = "write the host name only, in lower case, for example `api.example.org`";

/// Returns the problem of a host and its fix; `None` for one host, or a wildcard below a registered name.
pub(crate) fn host_problem(host: &str) -> Option<(&'static str, &'static str)> {
    if host.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Some(("contains a space or a control character", LOWER));
    }
    if host == "*" {
        return Some(("matches every host", ONE));
    }
    if host.contains("://") {
        return Some(("contains a scheme, which is not part of a host name", LOWER));
    }
    if host.contains('@') {
        return Some(("contains a user name, which is not part of a host name", LOWER));
    }
    if host.contains(['/', '\\', '?', '#']) {
        return Some((
            "contains a path, which is not part of a host name",
            "write the host name only, and the path as `path_prefix`",
        ));
    }
    if let Some(address) = address(host) {
        return reserved(address);
    }
    if host.contains(':') {
        return Some(("contains a port, which is not part of a host name", LOWER));
    }
    if !host.is_ascii() {
        return Some(("is not ASCII, and similar letters can be confused", "write it in punycode: `xn--…`"));
    }
    if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Some(("contains upper-case letters, but host names are compared in lower case", LOWER));
    }
    let below = host.strip_prefix("*.");
    let name = below.unwrap_or(host);
    if name.contains('*') {
        return Some((
            "contains `*` after the first label",
            "use `*` only as the first label, for example `*.example.org`",
        ));
    }
    if !name.split('.').all(is_label) {
        return Some(("is not a valid host name (RFC 1123)", LOWER));
    }
    if is_number(name.rsplit('.').next().unwrap_or_default()) {
        return Some((
            "is an IPv4 address in a non-standard form",
            "write the address as four decimal numbers, for example `192.0.2.1`",
        ));
    }
    if below.is_some() && is_shared_suffix(name) {
        return Some(("matches every host below a shared suffix", ONE));
    }
    if OWN_NAMES.contains(&name) || name.ends_with(".localhost") {
        return Some(("is the machine that runs the plugin", ONE));
    }
    METADATA_NAMES.contains(&name).then_some(("is a cloud metadata endpoint", ONE))
}

/// Whether a pattern covers every host of another one: `*.example.org` covers every host below it, `*` every host.
pub(crate) fn covers(outer: &str, inner: &str) -> bool {
    let (outer, inner) = (outer.to_ascii_lowercase(), inner.to_ascii_lowercase());
    let is_below = |name: &str, above: &str| name.strip_suffix(above).is_some_and(|rest| rest.ends_with('.'));
    match outer.strip_prefix("*.") {
        Some(above) => match inner.strip_prefix("*.") {
            Some(name) => name == above || is_below(name, above),
            None => is_below(&inner, above),
        },
        None => outer == "*" || outer == inner,
    }
}

fn address(host: &str) -> Option<IpAddr> {
    let inside = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    match inside {
        Some(inside) => inside.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => host.parse().ok(),
    }
}

/// Returns why a plugin may not request an address.
fn reserved(address: IpAddr) -> Option<(&'static str, &'static str)> {
    let address = address.to_canonical();
    if let IpAddr::V6(v6) = address
        && let Some(hidden) = inside(v6)
    {
        return reserved(IpAddr::V4(hidden)).map(|(_, help)| ("is an IPv4-mapped address", help));
    }
    if METADATA.contains(&address) {
        return Some(("is a cloud metadata endpoint", ONE));
    }
    let (is_own, is_link, is_all) = match address {
        IpAddr::V4(v4) => (v4.is_loopback() || v4.octets()[0] == 0, v4.is_link_local(), v4.is_broadcast()),
        IpAddr::V6(v6) => (v6.is_loopback() || v6.is_unspecified(), v6.is_unicast_link_local(), false),
    };
    match (is_own, is_link, is_all || address.is_multicast()) {
        (true, ..) => Some(("is the machine that runs the plugin", ONE)),
        (_, true, _) => Some(("is a link-local address", ONE)),
        (.., true) => Some(("is a multicast or broadcast address", ONE)),
        _ => None,
    }
}

/// Returns the IPv4 address inside an IPv6 address: translated (RFC 6052, RFC 2765), tunnelled (RFC 3056) or mapped (RFC 4291 §2.5.5.1).
fn inside(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = v6.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Some(Ipv4Addr::new(a, b, c, d))
    };
    match (a, b, c, d, e, f) {
        (0x64, 0xff9b, 0, 0, 0, 0) | (0, 0, 0, 0, 0xffff, 0) => v4(g, h),
        (0, 0, 0, 0, 0, 0) if (g, h) > (0, 1) => v4(g, h),
        (0x2002, high, low, ..) => v4(high, low),
        _ => None,
    }
}

fn is_label(label: &str) -> bool {
    let is_inside =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    !label.is_empty()
        && label.len() <= 63
        && label.bytes().all(is_inside)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Whether a last label makes resolvers read the name as an IPv4 address (WHATWG URL §3.5, inet_aton).
fn is_number(label: &str) -> bool {
    let digits = label.strip_prefix("0x");
    match digits {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => label.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

/// Whether different customers own the names below a suffix.
fn is_shared_suffix(name: &str) -> bool {
    let mut labels = name.split('.').rev();
    let (last, second, third) = (labels.next().unwrap_or_default(), labels.next(), labels.next());
    match (second, third) {
        (None, _) => true,
        (Some(second), None) => last.len() == 2 && SECOND_LEVEL.contains(&second) || SHARED.contains(&name),
        (Some(_), Some(_)) => SHARED.contains(&name),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_host_is_one_host() {
        for host in [
            "*",
            "*.com",
            "*.co.uk",
            "*.com.au",
            "*.github.io",
            "*.core.windows.net",
            "https://a.example",
            "a.example:443",
            "me@a.example",
            "a.example/x",
            "a.example?x",
            "a b.example",
            "A.example",
            "ä.example",
            "a..example",
            ".example.org",
            "a.example.",
            "-a.example",
            "a.*.example",
            "a*.example.org",
            "*.*.example.org",
            "**",
            "127.0.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "::1",
            "[::1]",
            "[::1]:80",
            "::ffff:127.0.0.1",
            "::",
            "169.254.1.1",
            "169.254.169.254",
            "fe80::1",
            "fd00:ec2::254",
            "100.100.100.200",
            "127.1",
            "2130706433",
            "0x7f000001",
            "127.0.0.01",
            "0177.0.0.1",
            "255.255.255.255",
            "224.0.0.1",
            "localhost",
            "localhost.localdomain",
            "[64:ff9b::a9fe:a9fe]",
            "[2002:7f00:1::]",
            "[::7f00:1]",
            "[::ffff:0:7f00:1]",
            "a.localhost",
            "*.localhost",
            "metadata.google.internal",
            "a%2eb.example",
            "a\nb",
            "",
        ] {
            assert!(super::host_problem(host).is_some(), "{host:?}");
        }
        for host in [
            "api.example.org",
            "*.example.org",
            "*.api.example.co.uk",
            "xn--bcher-kva.example",
            "192.0.2.1",
            "10.0.0.1",
            "2001:db8::1",
            "[2001:db8::1]",
            "intranet",
            "my_bucket.s3.amazonaws.com",
            "1.example.org",
            "a.github.io",
        ] {
            assert_eq!(super::host_problem(host), None, "{host:?}");
        }
    }

    #[test]
    fn a_name_takes_in_those_below() {
        for (outer, inner, expected) in [
            ("*", "a.example", true),
            ("a.example", "a.example", true),
            ("a.example", "A.EXAMPLE", true),
            ("a.example", "b.a.example", false),
            ("*.example.org", "a.example.org", true),
            ("*.example.org", "b.a.example.org", true),
            ("*.example.org", "*.a.example.org", true),
            ("*.example.org", "*.example.org", true),
            ("*.example.org", "example.org", false),
            ("*.example.org", "badexample.org", false),
            ("*.a.example.org", "*.example.org", false),
            ("a.example.org", "*.example.org", false),
        ] {
            assert_eq!(super::covers(outer, inner), expected, "{outer} {inner}");
        }
    }
}
