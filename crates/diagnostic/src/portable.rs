//! Names of files that every operating system can check out.

use crate::sanitise;

/// Device names on Windows, with any extension.
const RESERVED: [&[u8]; 22] = [
    b"con", b"prn", b"aux", b"nul", b"com1", b"com2", b"com3", b"com4", b"com5", b"com6", b"com7", b"com8",
    b"com9", b"lpt1", b"lpt2", b"lpt3", b"lpt4", b"lpt5", b"lpt6", b"lpt7", b"lpt8", b"lpt9",
];
/// The longest name: file systems allow 255 bytes, and some tools append an ending.
const MAX_NAME_BYTES: usize = 200;

/// Returns why a name of a file or directory cannot be checked out everywhere; `None` if it can.
#[must_use]
pub fn why_unsafe(name: &[u8]) -> Option<&'static str> {
    let stem = name.split(|&byte| byte == b'.').next().unwrap_or_default().to_ascii_lowercase();
    match name {
        _ if std::str::from_utf8(name).is_err() => Some("is not UTF-8"),
        _ if String::from_utf8_lossy(name).chars().any(char::is_control) => {
            Some("contains a control character")
        }
        _ if String::from_utf8_lossy(name).chars().any(sanitise::is_deceptive) => {
            Some("contains an invisible character")
        }
        _ if name.iter().any(|byte| b"\\:*?\"<>|".contains(byte)) => {
            Some("contains a character that Windows does not allow")
        }
        [.., b'.' | b' '] => Some("ends with a dot or a space"),
        _ if RESERVED.contains(&stem.as_slice()) => Some("is a device name on Windows"),
        _ if name.len() > MAX_NAME_BYTES => Some("is longer than 200 bytes"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::why_unsafe;

    #[test]
    fn names_that_some_system_refuses() {
        for name in ["con", "NUL", "com1.txt", "a:b", "a.", "a ", "a\tb", "a\u{200b}b", &"a".repeat(201)] {
            assert!(why_unsafe(name.as_bytes()).is_some(), "{name:?}");
        }
        for name in ["console", "nul_value", "com10", "a.b", "\u{fc}ber", ".gitignore"] {
            assert_eq!(why_unsafe(name.as_bytes()), None, "{name:?}");
        }
        assert!(why_unsafe(b"\xff").is_some());
    }
}
