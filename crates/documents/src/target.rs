//! Link targets, and the repository files that they name.

use snapshot::RepoPath;

/// The schemes of external links that Markdown renderers follow; GitHub removes links with other schemes.
const SCHEMES: [&str; 7] = ["http", "https", "ftp", "irc", "ircs", "tel", "xmpp"];

/// The target of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An address outside the repository.
    External(String),
    /// A mail address.
    Mail(String),
    /// An anchor in the same document; empty for its start.
    Anchor(String),
    /// A file.
    File {
        /// The path relative to the document, percent-decoded; it may still leave the repository: see [`resolve`].
        path: String,
        /// The anchor in the file, percent-decoded.
        anchor: Option<String>,
    },
    /// A target that does not work everywhere, with the reason.
    Unsafe(&'static str),
}

impl Target {
    /// Parses the target between the parentheses of a link.
    #[must_use]
    pub fn of(link: &str) -> Target {
        if link.chars().any(|c| c.is_control()) {
            return Target::Unsafe("it contains a control character");
        }
        if link.contains('\\') {
            return Target::Unsafe("it contains a backslash, which is a separator only on Windows");
        }
        if let Some((scheme, rest)) = scheme(link) {
            return of_scheme(scheme, rest, link);
        }
        if link.starts_with("//") {
            return Target::Unsafe("it starts with `//`, a host name without a scheme");
        }
        if link.starts_with('/') {
            return Target::Unsafe("it is absolute, and renderers resolve absolute paths differently");
        }
        let (link, anchor) = match link.split_once('#') {
            Some((link, anchor)) => (link, Some(decode(anchor).unwrap_or_else(|| anchor.into()))),
            None => (link, None),
        };
        let path = link.split_once('?').map_or(link, |(path, _)| path);
        if path.is_empty() {
            return Target::Anchor(anchor.unwrap_or_default());
        }
        match of_path(path) {
            Ok(path) => Target::File { path, anchor },
            Err(reason) => Target::Unsafe(reason),
        }
    }
}

/// RFC 3986 §3.1.
fn scheme(link: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = link.split_once(':')?;
    let letters = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    (letters && scheme.starts_with(|c: char| c.is_ascii_alphabetic())).then_some((scheme, rest))
}

fn of_scheme(scheme: &str, rest: &str, link: &str) -> Target {
    let scheme = scheme.to_ascii_lowercase();
    match scheme.as_str() {
        "mailto" => {
            let address = rest.split_once('?').map_or(rest, |(address, _)| address);
            Target::Mail(decode(address).unwrap_or_else(|| address.into()))
        }
        "http" | "https" => match rest.strip_prefix("//") {
            Some(host) if !host.is_empty() && !host.starts_with(['/', '?', '#']) => {
                Target::External(link.into())
            }
            _ => Target::Unsafe("its URL has no host"),
        },
        "javascript" | "vbscript" | "data" => {
            Target::Unsafe("it contains code or data instead of an address")
        }
        "file" => Target::Unsafe("it points to a file on the reader's machine"),
        one if one.len() == 1 => Target::Unsafe("it starts with a drive letter"),
        known if SCHEMES.contains(&known) => Target::External(link.into()),
        _ => Target::Unsafe("Markdown renderers do not follow its scheme"),
    }
}

/// Decodes the path of a link; refuses separators and control characters that are percent-encoded.
fn of_path(path: &str) -> Result<String, &'static str> {
    let mut names = Vec::new();
    for name in path.split('/') {
        let plain = decode(name).ok_or("its percent-encoding is not UTF-8")?;
        if name.contains('%') {
            if plain.contains(['/', '\\']) {
                return Err("a separator is percent-encoded");
            }
            if plain.chars().any(|c| c.is_control()) {
                return Err("a control character is percent-encoded");
            }
            if plain == "." || plain == ".." {
                return Err("`.` or `..` is percent-encoded");
            }
        }
        names.push(plain);
    }
    Ok(names.join("/"))
}

/// Decodes percent-encoding (RFC 3986 §2.1); like browsers, keeps a percent sign that encodes nothing.
fn decode(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push(u8::try_from(high * 16 + low).unwrap_or_default());
                at += 3;
            }
            _ => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).ok()
}

/// Resolves a relative path from a directory; `None` if it is absolute or leaves the repository.
#[must_use]
pub fn resolve(base: &RepoPath, path: &str) -> Option<RepoPath> {
    if path.starts_with('/') || path.contains(['\\', '\0']) {
        return None;
    }
    let mut names: Vec<&[u8]> = base.components().collect();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()?),
            name => names.push(name.as_bytes()),
        }
    }
    Some(RepoPath::new(names.join(&b'/')))
}

/// Returns why a path does not name something inside a directory; `None` if it does.
pub(crate) fn path_problem(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("it is empty");
    }
    if path.chars().any(|c| c.is_control()) {
        return Some("it contains a control character");
    }
    if path.contains('\\') {
        return Some("it contains a backslash: use `/` as the separator");
    }
    if path.starts_with('/') {
        return Some("it is absolute");
    }
    let plain = !path.split('/').any(|name| matches!(name, "" | "." | ".."));
    (!plain).then_some("it contains an empty name, `.` or `..`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_targets_are_parsed() {
        let file = |path: &str, anchor: Option<&str>| Target::File {
            path: path.into(),
            anchor: anchor.map(String::from),
        };
        for (link, target) in [
            ("https://example.org/a%2fb", Target::External("https://example.org/a%2fb".into())),
            ("HTTPS://example.org", Target::External("HTTPS://example.org".into())),
            ("tel:+41", Target::External("tel:+41".into())),
            ("mailto:a@example.org?subject=x", Target::Mail("a@example.org".into())),
            ("#usage", Target::Anchor("usage".into())),
            ("#gr%C3%BC%C3%9Fe", Target::Anchor("grüße".into())),
            ("#%FF", Target::Anchor("%FF".into())),
            ("", Target::Anchor(String::new())),
            ("?plain=1#L3", Target::Anchor("L3".into())),
            ("a.md", file("a.md", None)),
            ("./a/../b.md#x", file("./a/../b.md", Some("x"))),
            ("../../x.md", file("../../x.md", None)),
            ("a%20b.md", file("a b.md", None)),
            ("100%.md", file("100%.md", None)),
            ("a.png?raw=true", file("a.png", None)),
            ("a.md?x#y?z", file("a.md", Some("y?z"))),
            ("docs/", file("docs/", None)),
            ("a/b:c.md", file("a/b:c.md", None)),
        ] {
            assert_eq!(Target::of(link), target, "{link}");
        }
    }

    #[test]
    fn unsafe_links_are_refused() {
        for link in [
            "/etc/passwd",
            "//example.org/x",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "C:/x",
            "vscode:x",
            "https:",
            "https://",
            "https:///x",
            "a\\b",
            "a\0b",
            "a\nb",
            "a%2fb",
            "..%2F..%2Fx",
            "%2e%2e/x",
            "%2E/x",
            "a%5cb",
            "a%00b",
            "a%0a",
            "%ff",
        ] {
            assert!(matches!(Target::of(link), Target::Unsafe(_)), "{link:?}");
        }
    }

    #[test]
    fn relative_paths_are_resolved() {
        let base = RepoPath::from("plugins/a");
        let found = |path: &str| resolve(&base, path).map(|path| format!("{path:?}").replace('"', ""));
        assert_eq!(found("x.md").as_deref(), Some("plugins/a/x.md"));
        assert_eq!(found("./x/../y.md").as_deref(), Some("plugins/a/y.md"));
        assert_eq!(found("../../README.md").as_deref(), Some("README.md"));
        assert_eq!(found("../..").as_deref(), Some(""));
        assert_eq!(found("../../../x"), None);
        assert_eq!(
            found("../../../repo/plugins"),
            None,
            "a path that leaves the repository and comes back is refused"
        );
        assert_eq!(found("/x"), None);
        assert_eq!(found("docs//x/").as_deref(), Some("plugins/a/docs/x"));
    }

    #[test]
    fn only_paths_inside_a_directory_are_accepted() {
        assert_eq!(path_problem("examples/a.json"), None);
        for path in ["", "/a", "a/../b", "..", "./a", "a//b", "a/", "a\\b", "a\0"] {
            assert!(path_problem(path).is_some(), "{path:?}");
        }
    }
}
