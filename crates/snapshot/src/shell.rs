//! Shell quoting, for commands in messages and documents: what is printed can be pasted.

use std::fmt::Write as _;

/// Quotes an argument where a POSIX shell needs it (POSIX.1-2017, shell §2.2.2).
///
/// Characters that a report escapes, and bytes that are not UTF-8, are written as `$'…'` (POSIX.1-2024, §2.2.4; bash, zsh, ksh).
#[must_use]
pub fn word(text: impl AsRef<[u8]>) -> String {
    let bytes = text.as_ref();
    let Some(text) = std::str::from_utf8(bytes).ok().filter(|text| text.chars().all(is_shown)) else {
        return escaped(bytes);
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/+@=:,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.into();
    }
    // A shell with history expansion replaces `!` in double quotes only; a runner reads `##[` as a command, so that it is never shown as it is.
    if text.contains("##[") { escaped(bytes) } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// Quotes a path as the pathspec of a git command: no character of it is a pattern (gitglossary(7), "pathspec").
#[must_use]
pub fn pathspec(path: impl AsRef<[u8]>) -> String {
    let path = path.as_ref();
    let is_pattern = path.starts_with(b":") || path.iter().any(|byte| b"*?[\\".contains(byte));
    if is_pattern { word([b":(literal)", path].concat()) } else { word(path) }
}

/// Returns whether a report shows a character as it is.
fn is_shown(c: char) -> bool {
    matches!(c, ' '..='~') || c.is_alphanumeric() && !matches!(c as u32, 0x115f | 0x1160 | 0x3164 | 0xffa0)
}

/// Writes bytes as `$'…'`, in ASCII.
fn escaped(bytes: &[u8]) -> String {
    let mut out = String::from("$'");
    for &byte in bytes {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\r' => out.push_str("\\r"),
            b'\'' | b'\\' => out.extend(['\\', byte as char]),
            // Three octal digits end by themselves; hexadecimal ones go on in some shells.
            b'#' | 0..=0x1f | 0x7f..=0xff => {
                let _ = write!(out, "\\{byte:03o}");
            }
            _ => out.push(byte as char),
        }
    }
    out + "'"
}

#[cfg(test)]
mod tests;
