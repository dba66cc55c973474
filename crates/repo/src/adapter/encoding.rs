//! Text in another encoding than UTF-8, converted to it as git does (gitattributes(5), `working-tree-encoding`).

/// The order of bytes in a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Big,
    Little,
}

/// Converts text to UTF-8; `None` if the encoding is not known, or the text is not valid in it.
pub(super) fn to_utf8(encoding: &str, text: &[u8]) -> Option<Vec<u8>> {
    let name = encoding.to_ascii_lowercase().replace('_', "-");
    let name = name.replace("utf16", "utf-16").replace("utf32", "utf-32");
    let decoded = match name.as_str() {
        // Git demands a byte order mark here, and forbids it where the name has an order.
        "utf-16" => marked(text, 2).and_then(|(order, text)| utf16(order, text)),
        "utf-16be" => unmarked(text, 2).and_then(|text| utf16(Order::Big, text)),
        "utf-16le" => unmarked(text, 2).and_then(|text| utf16(Order::Little, text)),
        "utf-16le-bom" | "utf-16be-bom" => marked(text, 2).and_then(|(order, text)| utf16(order, text)),
        "utf-32" | "utf-32le-bom" | "utf-32be-bom" => {
            marked(text, 4).and_then(|(order, text)| utf32(order, text))
        }
        "utf-32be" => unmarked(text, 4).and_then(|text| utf32(Order::Big, text)),
        "utf-32le" => unmarked(text, 4).and_then(|text| utf32(Order::Little, text)),
        "iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" => {
            Some(text.iter().map(|&byte| char::from(byte)).collect())
        }
        "us-ascii" | "ascii" => text.is_ascii().then(|| String::from_utf8_lossy(text).into_owned()),
        other => {
            let known = gix_filter::encoding::Encoding::for_label(other.as_bytes())?;
            known.decode_without_bom_handling_and_without_replacement(text).map(std::borrow::Cow::into_owned)
        }
    };
    decoded.map(String::into_bytes)
}

/// Splits the byte order mark of characters of `width` bytes from a string; an empty one needs none.
fn marked(text: &[u8], width: usize) -> Option<(Order, &[u8])> {
    if text.is_empty() {
        return Some((Order::Big, text));
    }
    let mark = text.get(..width)?;
    let order = match mark {
        [0xfe, 0xff] | [0, 0, 0xfe, 0xff] => Order::Big,
        [0xff, 0xfe] | [0xff, 0xfe, 0, 0] => Order::Little,
        _ => return None,
    };
    Some((order, &text[width..]))
}

fn unmarked(text: &[u8], width: usize) -> Option<&[u8]> {
    (text.is_empty() || marked(text, width).is_none()).then_some(text)
}

fn utf16(order: Order, text: &[u8]) -> Option<String> {
    let (pairs, rest) = text.as_chunks::<2>();
    let read = if order == Order::Big { u16::from_be_bytes } else { u16::from_le_bytes };
    let units = pairs.iter().map(|pair| read(*pair));
    let decoded: Option<String> = char::decode_utf16(units).map(Result::ok).collect();
    decoded.filter(|_| rest.is_empty())
}

fn utf32(order: Order, text: &[u8]) -> Option<String> {
    let (quads, rest) = text.as_chunks::<4>();
    let read = if order == Order::Big { u32::from_be_bytes } else { u32::from_le_bytes };
    let decoded: Option<String> = quads.iter().map(|quad| char::from_u32(read(*quad))).collect();
    decoded.filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encodings_that_people_use_are_known() {
        let utf16 = |text: &str, big: bool| -> Vec<u8> {
            text.encode_utf16()
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        let mark = |text: &[u8]| [&b"\xff\xfe"[..], text].concat();
        let text = "h\u{e9}\u{1f600}\n";
        for (encoding, bytes, expected) in [
            ("UTF-16", mark(&utf16(text, false)), Some(text)),
            ("utf16", [&b"\xfe\xff"[..], &utf16(text, true)].concat(), Some(text)),
            ("UTF-16", utf16(text, false), None),
            ("UTF-16", vec![], Some("")),
            ("UTF-16LE", utf16(text, false), Some(text)),
            ("UTF-16LE", mark(&utf16(text, false)), None),
            ("UTF-16LE-BOM", mark(&utf16(text, false)), Some(text)),
            ("UTF-16BE", utf16(text, true), Some(text)),
            ("UTF-16BE", b"\xd8\x00".to_vec(), None),
            ("UTF-16BE", b"a".to_vec(), None),
            ("UTF-32BE", text.chars().flat_map(|c| (c as u32).to_be_bytes()).collect(), Some(text)),
            ("UTF-32LE", text.chars().flat_map(|c| (c as u32).to_le_bytes()).collect(), Some(text)),
            ("ISO-8859-1", b"h\xe9\n".to_vec(), Some("h\u{e9}\n")),
            ("SHIFT-JIS", b"\x83\x65".to_vec(), Some("\u{30c6}")),
            ("windows-1252", b"\x80".to_vec(), Some("\u{20ac}")),
            ("klingon", b"x".to_vec(), None),
        ] {
            let found = to_utf8(encoding, &bytes);
            assert_eq!(found.as_deref(), expected.map(str::as_bytes), "{encoding} {bytes:?}");
        }
    }
}
