//! Paths as a spec names them: which of them may lead out of the plugin's folder.

/// Says why a path may lead out of the plugin's folder, on whatever system it is opened; `None` where it does not.
pub(crate) fn leads_out(path: &str) -> Option<&'static str> {
    // Windows drops dots and spaces at the end of a name.
    let is_up = |part: &str| part.starts_with("..") && part.trim_matches([' ', '.']).is_empty();
    let has_drive = path.contains(':');
    if path.chars().any(char::is_control) {
        Some("has a control character")
    } else if path.starts_with('/') {
        Some("begins at the root")
    } else if path.contains('\\') {
        Some("has a backslash")
    } else if path.split('/').any(is_up) {
        Some("goes up with `..`")
    } else if path.starts_with('~') {
        Some("begins with somebody's home")
    } else if has_drive {
        Some("names a drive or a scheme")
    } else if path.contains('$') || path.split('%').count() > 2 {
        Some("has a variable")
    } else {
        None
    }
}

/// Tells whether the path of an address goes up, be it in disguise.
pub(crate) fn climbs(path: &str) -> bool {
    let plain = path.to_ascii_lowercase().replace("%2e", ".").replace("%2f", "/").replace("%5c", "\\");
    plain.split(['/', '\\']).any(|part| part == "..")
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_leads_out_is_told() {
        for path in [
            "/etc/passwd",
            "../x",
            "a/../../x",
            "a/..",
            ".. ",
            "a/.. ./b",
            "a\\b",
            "C:x",
            "file:///x",
            "~/x",
            "~root",
            "$HOME/x",
            "a/${X}",
            "%TEMP%/x",
            "a\0b",
            "a\nb",
        ] {
            assert!(super::leads_out(path).is_some(), "{path:?}");
        }
        for path in [
            "data",
            "data/",
            "./data",
            "a..b/c",
            ".hidden",
            "src/handler.py",
            "100%",
            "a b/c",
            "..x",
            "a~b",
            "ä",
        ] {
            assert_eq!(super::leads_out(path), None, "{path:?}");
        }
        for path in ["/v1/../x", "/..", "/%2e%2E/x", "/.%2e", "/a%2f..%2Fb", "/a%5c..", "/a\\..\\b"] {
            assert!(super::climbs(path), "{path:?}");
        }
        assert!(!super::climbs("/v1/a..b/...") && !super::climbs("/"));
    }
}
