//! ID cards: the claims of a card, and its written form.

use std::fmt::Write as _;

use crate::scalar::is_plain;
use crate::{Limits, Syntax, Value, parse};

/// The size of a card. The fields of a valid card need a few hundred bytes.
pub const MAX_CARD_BYTES: usize = 64 << 10;

/// The claims of a card on behalf of its artifact. An invalid card claims whatever can be read of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Claims {
    /// The ULID.
    pub ulid: String,
    /// The key it was minted with.
    pub key: String,
    /// The kind of the artifact.
    pub kind: String,
    /// The path it was minted at.
    pub path: String,
    /// The owner.
    pub owner: String,
    /// Its other keys.
    pub aliases: Vec<String>,
    /// The status; empty where the card declares none, as frozen cards never do.
    pub status: String,
}

impl Claims {
    /// Reads the claims of a card; all are empty if it is not valid YAML.
    #[must_use]
    pub fn read(card: &[u8]) -> Claims {
        scan(card).unwrap_or_else(|| {
            let limits = Limits { bytes: MAX_CARD_BYTES, ..Limits::default() };
            parse(Syntax::Yaml, card, &limits).map(|value| Claims::of(&value)).unwrap_or_default()
        })
    }

    /// Extracts the claims from a parsed card.
    #[must_use]
    pub fn of(card: &Value) -> Claims {
        let text =
            |pointer: &str| card.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_string();
        let aliases = card.pointer("/aliases").and_then(Value::as_list).unwrap_or_default();
        Claims {
            ulid: text("/ulid"),
            key: text("/key"),
            kind: text("/kind"),
            path: text("/path"),
            owner: text("/owner"),
            aliases: aliases.iter().filter_map(Value::as_str).map(String::from).collect(),
            status: text("/status"),
        }
    }
}

/// Reads the form that [`IdCard`] writes, one field per line; `None` for any other form, which the full parser reads.
///
/// Its result must equal that of the parser, so it gives up on every ambiguous scalar.
fn scan(card: &[u8]) -> Option<Claims> {
    let text =
        std::str::from_utf8(card).ok().filter(|text| text.len() <= MAX_CARD_BYTES && text.ends_with('\n'))?;
    let mut claims = Claims::default();
    let mut seen = 0u16;
    for line in text.lines() {
        if line.starts_with('#') {
            continue;
        }
        let (name, value) = line.split_once(": ")?;
        let place = NAMES.iter().position(|known| *known == name)?;
        // The parser reports a duplicate field.
        if seen & 1 << place != 0 {
            return None;
        }
        seen |= 1 << place;
        let field = match name {
            "ulid" => &mut claims.ulid,
            "key" => &mut claims.key,
            "kind" => &mut claims.kind,
            "path" => &mut claims.path,
            "owner" => &mut claims.owner,
            "schema_version" => {
                (value == "1").then_some(())?;
                continue;
            }
            "visibility" => {
                matches!(value, "public" | "private").then_some(())?;
                continue;
            }
            _ => {
                let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))?;
                quoted.bytes().all(|byte| is_plain(byte) || matches!(byte, b':' | b' ')).then_some(())?;
                continue;
            }
        };
        // A scalar that starts with a letter, or a ULID, is a string to every reader, except the YAML keywords and numbers.
        let starts_like_a_string = value.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
            || name == "ulid" && value.len() == 26;
        let keyword = value.len() < 6
            && matches!(
                value.to_ascii_lowercase().as_str(),
                "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null"
            );
        let number = !value.bytes().any(|byte| byte.is_ascii_alphabetic() && !matches!(byte, b'e' | b'E'));
        (starts_like_a_string && !keyword && !number && value.bytes().all(is_plain)).then_some(())?;
        *field = value.to_string();
    }
    Some(claims)
}

/// The fields of a frozen card.
const NAMES: [&str; 9] =
    ["schema_version", "ulid", "key", "kind", "path", "created_at", "owner", "visibility", "notes"];

/// What a card states about its artifact for publishing tools.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardDetails {
    /// Whether the card declares the artifact public. Any other value, or none, does not allow to publish it.
    pub is_public: bool,
    /// The time of minting, as the card states it; empty if it states none.
    pub created_at: String,
    /// Free text.
    pub notes: String,
}

impl CardDetails {
    /// Reads the details of a card; a card that is not valid YAML declares nothing.
    #[must_use]
    pub fn read(card: &[u8]) -> CardDetails {
        let limits = Limits { bytes: MAX_CARD_BYTES, ..Limits::default() };
        let Ok(value) = parse(Syntax::Yaml, card, &limits) else { return CardDetails::default() };
        let text =
            |pointer: &str| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_string();
        CardDetails {
            is_public: text("/visibility") == "public",
            created_at: text("/created_at"),
            notes: text("/notes"),
        }
    }

    /// Returns `public`, or `private`.
    #[must_use]
    pub fn visibility(&self) -> &'static str {
        if self.is_public { "public" } else { "private" }
    }
}

/// A newly minted card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdCard {
    /// The claims.
    pub claims: Claims,
    /// The time of minting (RFC 3339).
    pub created_at: String,
    /// `public` or `private`.
    pub visibility: String,
    /// Free text.
    pub notes: String,
}

impl IdCard {
    /// Writes the card: fields in a fixed order, strings in double quotes where YAML would read another type.
    ///
    /// If `schema` is given, the first line points editors to it.
    #[must_use]
    pub fn write(&self, schema: Option<&str>) -> String {
        let mut text =
            schema.map_or_else(String::new, |place| format!("# yaml-language-server: $schema={place}\n"));
        text += "schema_version: 1\n";
        let claims = &self.claims;
        let fields = [
            ("ulid", &claims.ulid),
            ("key", &claims.key),
            ("kind", &claims.kind),
            ("path", &claims.path),
            ("created_at", &self.created_at),
            ("owner", &claims.owner),
            ("visibility", &self.visibility),
            ("notes", &self.notes),
        ];
        for (name, value) in fields {
            writeln!(text, "{name}: {}", crate::scalar::write(value))
                .expect("writing to a String never fails");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse_fully(card: &[u8]) -> Claims {
        parse(Syntax::Yaml, card, &Limits::default()).map(|value| Claims::of(&value)).unwrap_or_default()
    }

    #[test]
    fn only_a_declared_card_is_public() {
        let of = |text: &str| CardDetails::read(text.as_bytes()).visibility();
        assert_eq!(of("visibility: public\n"), "public");
        assert_eq!(of("visibility: \"public\"\n"), "public");
        for other in [
            "visibility: private\n",
            "visibility: Public\n",
            "visibility: [public]\n",
            "visibility:\n",
            "notes: public\n",
            "visibility: public\nvisibility: private\n",
            "{",
            "",
        ] {
            assert_eq!(of(other), "private", "{other}");
        }
        let details = CardDetails::read(b"created_at: \"2026-01-01T00:00:00Z\"\nnotes: \"a: b\"\n");
        assert_eq!((&*details.created_at, &*details.notes), ("2026-01-01T00:00:00Z", "a: b"));
    }

    #[test]
    fn written_card_is_scanned_and_parsed_alike() {
        let card = IdCard {
            claims: Claims {
                ulid: "01JD4ZK3V8Q2W4X6Y8Z0A1B2C3".into(),
                key: "PLG_LOCAL_PREVIEW".into(),
                kind: "plugin".into(),
                path: "plugins/local_preview".into(),
                owner: "previews@example.org".into(),
                aliases: Vec::new(),
                status: String::new(),
            },
            created_at: "2026-11-20T23:12:00Z".into(),
            visibility: "public".into(),
            notes: String::new(),
        };
        let text = card.write(Some("card.schema.json"));
        assert_eq!(scan(text.as_bytes()), Some(card.claims.clone()), "{text}");
        assert_eq!(parse_fully(text.as_bytes()), card.claims);
    }

    proptest! {
        /// The scanner may give up; its result may never differ from the parser's.
        #[test]
        fn the_scanner_agrees_with_the_parser(
            lines in proptest::collection::vec(
                ("(ulid|key|kind|path|owner|notes|created_at|extra|#)", "(: |:|:  )", "[-A-Za-z0-9_./@:#\"' \\[{&*!|>%~,]{0,12}|true|no|null|1e5|0x1|1_0|2026-11-20|\"a\""),
                0..6,
            ),
        ) {
            let text: String = lines.iter().map(|(name, colon, value)| format!("{name}{colon}{value}\n")).collect();
            if let Some(claims) = scan(text.as_bytes()) {
                let parsed = parse(Syntax::Yaml, text.as_bytes(), &Limits::default());
                prop_assert!(text.lines().all(|line| line.starts_with('#')) || parsed.is_ok(), "{}", text);
                prop_assert_eq!(claims, parsed.map(|value| Claims::of(&value)).unwrap_or_default(), "{}", text);
            }
        }

        #[test]
        fn every_field_value_is_read_back(notes in "\\PC{0,40}|[\\n\\t\"\\\\#:]{0,8}", owner in "\\PC{1,20}") {
            let claims = Claims { owner: owner.clone(), ..Claims::default() };
            let card = IdCard { claims, created_at: String::new(), visibility: "public".into(), notes: notes.clone() };
            let value = parse(Syntax::Yaml, card.write(None).as_bytes(), &Limits::default()).unwrap();
            prop_assert_eq!(value.pointer("/notes").and_then(Value::as_str), Some(notes.as_str()));
            prop_assert_eq!(value.pointer("/owner").and_then(Value::as_str), Some(owner.as_str()));
        }
    }
}
