//! Events: reading and writing the lines of the ledger.

mod draft;
pub mod form;
mod kinds;
mod read;
mod schema;

pub use draft::Draft;
pub use kinds::EventType;
pub use read::Event;
pub(crate) use read::read_payload;
pub use schema::schema;

/// The length of a line, without its newline: a line fits in four pages.
pub const MAX_LINE_BYTES: usize = 16_384;

/// The value of `via` for derived events. It is the version of the derivation, not of the program: a later program derives the same bytes.
pub const DERIVED: &str = "id-ledger/1";
/// The value of `via` for seals of state lines in their second form.
pub const DERIVED_2: &str = "id-ledger/2";
/// The value of `via` for manually appended events.
pub const BY_HAND: &str = "id-ledger-append/1";

#[cfg(test)]
mod tests {
    use artifact::Ulid;
    use snapshot::RepoPath;
    use tlog::Hash;

    use super::form::fields;
    use super::*;
    use crate::canonical::Json;

    fn publish() -> Draft {
        Draft {
            kind: EventType::Publish,
            subject: Some(Ulid::parse("01JD4ZK3V8Q2W4X6Y8Z0A1B2C3").unwrap()),
            src: Some("4b825dc642cb6eb9a060e54bf8d69288fbee4904".into()),
            time: 1_767_225_600,
            by: "octo \"cat\" <o@example.org>\n".into(),
            card_sha256: Some(Hash::leaf(b"card")),
            att: None,
            payload: vec![("version", Json::text("1.2.0")), ("sha256", Json::text(Hash::leaf(b"").hex()))],
            source_file: RepoPath::root(),
            ordinal: 0,
        }
    }

    #[test]
    fn a_written_line_is_read_back() {
        let prev = Hash::leaf(b"before");
        let line = publish().line(Some(&prev));
        let event = Event::read(line.as_bytes()).unwrap();
        assert_eq!(
            (event.kind, event.subject, event.prev),
            (EventType::Publish, publish().subject, Some(prev))
        );
        assert_eq!(event.by.value(), publish().by);
        assert_eq!(event.text("version").as_deref(), Some("1.2.0"));
        assert_eq!((event.time, event.event_ulid.time()), (1_767_225_600, 1_767_225_600_000));
    }

    #[test]
    fn equal_events_have_equal_ids_and_different_events_do_not() {
        let of = |draft: &Draft| Event::read(draft.line(Some(&Hash::empty())).as_bytes()).unwrap().event_ulid;
        assert_eq!(of(&publish()), of(&publish()));
        assert_ne!(of(&publish()), of(&Draft { ordinal: 1, ..publish() }));
    }

    #[test]
    fn invalid_lines_are_refused_with_a_reason() {
        let line = publish().line(Some(&Hash::empty()));
        let prev = format!("\"prev\":\"{}\",", Hash::empty().hex());
        for (from, to, message) in [
            ("\"v\":1", "\"v\":2", "this program reads lines of version 1"),
            (",\"v\":1", "", "the field `v` is missing"),
            ("PUBLISH", "PUBLISHED", "unknown event type"),
            ("PUBLISH", "YANK", "the payload has no field `reason`"),
            ("PUBLISH", "RETIRE", "RETIRE has no field `sha256`; known: reason"),
            ("PUBLISH", "SEAL", "the payload has no field `identities`"),
            ("PUBLISH", "CREATE", "the payload has no field `key`"),
            ("\"version\":\"1.2.0\"", "\"version\":\"1.2\"", "expected a version (SemVer 2.0.0)"),
            (",\"version\":\"1.2.0\"", "", "the payload has no field `version`"),
            (
                "01JD4ZK3V8",
                "01jd4zk3v8",
                "a ULID consists of digits and upper-case letters without I, L, O and U, but character 3 is 'j'",
            ),
            ("2026-01-01T00", "2026-01-01T01", "the time in `event_ulid` differs from `ts`"),
            (prev.as_str(), "", "the field `prev` is missing"),
            (
                "id-ledger/1",
                "id-ledger-append/1",
                "a manual event has no `src` and has `via` id-ledger-append/1; a derived event has `src` and `via` id-ledger/1",
            ),
            ("\"v\":1", "\"v\":1,\"w\":1", "unknown field"),
        ] {
            assert!(line.contains(from), "{from}");
            let other = line.replacen(from, to, 1);
            assert_eq!(
                Event::read(other.as_bytes()).map_err(|problem| problem.message),
                Err(message.into()),
                "{other}"
            );
        }
        let seal = vec![("identities", Json::Integer(0)), ("root", Json::text(Hash::empty().hex()))];
        let seal = Draft { kind: EventType::Seal, payload: seal, ..publish() }.line(Some(&Hash::empty()));
        let message = Event::read(seal.as_bytes()).unwrap_err().message;
        assert_eq!(message, "SEAL concerns the log itself and must not name an identity");
        let born = [("key", "PLG_A"), ("kind", "plugin"), ("path", "a")];
        let payload = born.map(|(name, text)| (name, Json::text(text))).to_vec();
        let create = Draft { kind: EventType::Create, payload, ..publish() }.line(Some(&Hash::empty()));
        assert_eq!(
            Event::read(create.as_bytes()).unwrap_err().message,
            "CREATE is the first event and must not have `prev`"
        );
        let by_hand = Draft { src: None, ..publish() }.line(Some(&Hash::empty()));
        assert_eq!(Event::read(by_hand.as_bytes()).unwrap_err().message, "a manual event needs a `reason`");
        let long = Draft { by: "x".repeat(20_000), ..publish() }.line(Some(&Hash::empty()));
        assert!(Event::read(long.as_bytes()).is_err());
    }

    #[test]
    fn the_schema_accepts_what_the_reader_accepts() {
        let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let line = publish().line(Some(&Hash::empty()));
        let valid = |line: &str| validator.is_valid(&serde_json::from_str(line).unwrap());
        assert!(valid(&line));
        for (from, to) in [
            ("PUBLISH", "YANK"),
            ("PUBLISH", "SEAL"),
            ("1.2.0", "1.2"),
            ("\"v\":1", "\"v\":1,\"w\":1"),
            ("\"v\":1", "\"v\":2"),
            ("01JD4ZK3V8", "01jd4zk3v8"),
        ] {
            assert!(!valid(&line.replacen(from, to, 1)), "{from} {to}");
        }
        let mut payload = String::new();
        for kind in EventType::ALL {
            assert!(fields(kind).is_sorted_by_key(|field| field.name), "{kind:?}");
            payload += kind.name();
        }
        assert!(payload.contains("ROTATE_KEY"));
    }
}
