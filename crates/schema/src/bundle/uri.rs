//! Addresses of schemas, as RFC 3986 resolves references: of files in the folder, or of an `$id`.

/// An address without its fragment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Uri {
    /// The scheme and authority, or a whole URI without path, such as a URN; empty for a file of the folder.
    origin: String,
    /// The path and query, with a leading `/`.
    path: String,
}

impl Uri {
    /// Returns the address of a file of the folder.
    pub(super) fn of_file(path: &str) -> Uri {
        Uri { origin: String::new(), path: format!("/{path}") }
    }

    /// Returns the path of the file that the address names, if it is one of the folder.
    pub(super) fn file(&self) -> Option<String> {
        if self.origin.is_empty() { decode(self.path.strip_prefix('/')?) } else { None }
    }

    /// Resolves a reference without fragment (RFC 3986 §5.2); `None` for one that leads above the folder.
    pub(super) fn resolve(&self, reference: &str) -> Option<Uri> {
        if reference.is_empty() {
            return Some(self.clone());
        }
        let (origin, path) = match scheme(reference) {
            Some(scheme) => match reference[scheme.len() + 1..].strip_prefix("//") {
                Some(rest) => {
                    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                    (format!("{scheme}://{authority}").to_ascii_lowercase(), path.to_string())
                }
                None => return Some(Uri { origin: reference.into(), path: String::new() }),
            },
            None if reference.starts_with("//") => {
                let (authority, path) =
                    reference.split_at(reference[2..].find('/').map_or(reference.len(), |at| at + 2));
                let scheme = scheme(&self.origin).unwrap_or_default();
                (format!("{scheme}:{authority}").to_ascii_lowercase(), path.to_string())
            }
            None if reference.starts_with('/') => (self.origin.clone(), reference.to_string()),
            None => {
                let folder = self.path.rfind('/').map_or("", |at| &self.path[..at]);
                (self.origin.clone(), format!("{folder}/{reference}"))
            }
        };
        let path = without_dots(&path, origin.is_empty())?;
        Some(Uri { origin, path })
    }

    /// Returns the path from the folder of this address down to another one.
    pub(super) fn path_down_to<'u>(&self, other: &'u Uri) -> Option<&'u str> {
        let folder = &self.path[..=self.path.rfind('/')?];
        let down = other.path.strip_prefix(folder).filter(|path| !path.is_empty());
        down.filter(|_| self.origin == other.origin)
    }
}

/// Returns the scheme of a URI; `None` for a relative reference.
pub(super) fn scheme(reference: &str) -> Option<&str> {
    let scheme = &reference[..reference.find(':')?];
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme.then_some(scheme)
}

/// Removes dot segments (RFC 3986 §5.2.4); where `is_bounded`, nothing is above the first folder.
fn without_dots(path: &str, is_bounded: bool) -> Option<String> {
    let mut kept: Vec<&str> = Vec::new();
    let segments = path.strip_prefix('/').unwrap_or(path).split('/');
    for segment in segments {
        match segment {
            "." => {}
            ".." if kept.pop().is_none() && is_bounded => return None,
            ".." => {}
            _ => kept.push(segment),
        }
    }
    Some(format!("/{}", kept.join("/")))
}

/// Decodes percent-encoding (RFC 3986 §2.1); `None` where it is invalid.
#[must_use]
pub fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

/// Encodes a JSON pointer as the fragment of a URI (RFC 6901 §6).
pub(super) fn fragment(pointer: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte);
    let mut text = String::from("#");
    for byte in pointer.bytes() {
        if is_plain(byte) {
            text.push(char::from(byte));
        } else {
            text += &format!("%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_against_the_folder_of_a_file() {
        let base = Uri::of_file("schemas/pages/render.json");
        for (reference, expected) in [
            ("common.json", Some("schemas/pages/common.json")),
            ("./common.json", Some("schemas/pages/common.json")),
            ("../common.json", Some("schemas/common.json")),
            ("../../top.json", Some("top.json")),
            ("../../../other/schemas/common.json", None),
            ("../../../../../../etc/passwd", None),
            ("/schemas/common.json", Some("schemas/common.json")),
            ("/../common.json", None),
            ("a%20b.json", Some("schemas/pages/a b.json")),
            ("", Some("schemas/pages/render.json")),
        ] {
            let found = base.resolve(reference).and_then(|uri| uri.file());
            assert_eq!(found.as_deref(), expected, "{reference}");
        }
        for reference in
            ["https://example.org/schemas/x.json", "file:///etc/passwd", "//host/x.json", "urn:a:b"]
        {
            assert_eq!(base.resolve(reference).unwrap().file(), None, "{reference}");
        }
    }

    #[test]
    fn references_are_resolved_against_an_id() {
        let base = Uri::of_file("a.json").resolve("https://Example.org/schemas/a.json").unwrap();
        for (reference, expected) in [
            ("b.json", "https://example.org/schemas/b.json"),
            ("/b.json", "https://example.org/b.json"),
            ("../../../b.json", "https://example.org/b.json"),
            ("//other.example/b.json", "https://other.example/b.json"),
        ] {
            let expected = base.resolve(expected).unwrap();
            assert_eq!(base.resolve(reference).unwrap(), expected, "{reference}");
        }
        let other = base.resolve("parts/b.json").unwrap();
        assert_eq!(base.path_down_to(&other), Some("parts/b.json"));
        assert_eq!(other.path_down_to(&base), None);
    }

    #[test]
    fn pointers_are_encoded_and_decoded() {
        for pointer in ["", "/$defs/a~1b", "/$defs/ä %", "/properties/^x"] {
            assert_eq!(decode(&fragment(pointer)[1..]).as_deref(), Some(pointer));
        }
        assert_eq!(decode("%zz"), None);
    }
}
