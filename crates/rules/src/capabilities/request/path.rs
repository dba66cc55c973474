//! Paths in a spec: which of them may leave the plugin directory.

/// Returns why a path may leave the plugin directory on any system; `None` if it cannot.
pub(crate) fn escape_reason(path: &str) -> Option<&'static str> {
    // Windows drops dots and spaces at the end of a name.
    let is_up = |part: &str| part.starts_with("..") && part.trim_matches([' ', '.']).is_empty();
    let has_drive = path.contains(':');
    if path.chars().any(char::is_control) {
        Some("contains a control character")
    } else if path.starts_with('/') {
        Some("is absolute")
    } else if path.contains('\\') {
        Some("contains a backslash")
    } else if path.split('/').any(is_up) {
        Some("contains `..`")
    } else if path.starts_with('~') {
        Some("starts with a home directory")
    } else if has_drive {
        Some("contains a drive or a scheme")
    } else if path.contains('$') || path.split('%').count() > 2 {
        Some("contains a variable")
    } else {
        None
    }
}

/// Whether a URL path contains a `..` segment, also percent-encoded.
pub(crate) fn has_parent_segment(path: &str) -> bool {
    let plain = path.to_ascii_lowercase().replace("%2e", ".").replace("%2f", "/").replace("%5c", "\\");
    plain.split(['/', '\\']).any(|part| part == "..")
}

#[cfg(test)]
mod tests {
    #[test]
    fn paths_that_may_leave_the_directory_are_found() {
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
            assert!(super::escape_reason(path).is_some(), "{path:?}");
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
            assert_eq!(super::escape_reason(path), None, "{path:?}");
        }
        for path in ["/v1/../x", "/..", "/%2e%2E/x", "/.%2e", "/a%2f..%2Fb", "/a%5c..", "/a\\..\\b"] {
            assert!(super::has_parent_segment(path), "{path:?}");
        }
        assert!(!super::has_parent_segment("/v1/a..b/...") && !super::has_parent_segment("/"));
    }
}
