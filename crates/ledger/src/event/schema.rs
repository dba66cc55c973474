//! The JSON Schema of ledger lines, generated from the table that the reader uses.

use super::form::{Form, fields};
use super::{BY_HAND, DERIVED, DERIVED_2, EventType};
use crate::canonical::Json;

/// Returns the JSON Schema of ledger lines.
#[must_use]
pub fn schema() -> String {
    let text =
        |pattern: &str| Json::object([("type", Json::text("string")), ("pattern", Json::text(pattern))]);
    let digest = || Form::Digest.schema();
    let texts = |names: &[&str]| Json::List(names.iter().map(|name| Json::text(*name)).collect());
    let closed = |properties: Json, required: Json| {
        vec![
            ("type", Json::text("object")),
            ("additionalProperties", Json::Bool(false)),
            ("required", required),
            ("properties", properties),
        ]
    };
    let actor = Json::object([
        ("by", Json::object([("type", Json::text("string")), ("minLength", Json::Integer(1))])),
        ("via", Json::object([("enum", texts(&[DERIVED, DERIVED_2, BY_HAND]))])),
    ]);
    let properties = Json::object([
        ("v", Json::object([("const", Json::Integer(1))])),
        (
            "type",
            Json::object([("enum", Json::List(EventType::ALL.map(|kind| Json::text(kind.name())).to_vec()))]),
        ),
        ("subject_ulid", Form::Ulid.schema()),
        ("event_ulid", Form::Ulid.schema()),
        ("prev", digest()),
        ("src", Form::ObjectId.schema()),
        ("ts", text("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")),
        ("actor", Json::object(closed(actor, texts(&["by", "via"])))),
        ("card_sha256", digest()),
        ("att", digest()),
        ("payload", Json::object([("type", Json::text("object"))])),
    ]);
    let each = EventType::ALL.map(|kind| {
        let fields = fields(kind);
        let properties = Json::object(fields.iter().map(|field| (field.name, field.form.schema())));
        let required =
            fields.iter().filter(|field| field.required).map(|field| Json::text(field.name)).collect();
        let is_kind = Json::object([("type", Json::object([("const", Json::text(kind.name()))]))]);
        let mut then = vec![(
            "properties",
            Json::object([("payload", Json::object(closed(properties, Json::List(required))))]),
        )];
        let subject = if kind.is_of_log() { "not" } else { "required" };
        let names = texts(&["subject_ulid"]);
        then.push(match subject {
            "not" => ("not", Json::object([("required", names)])),
            _ => ("required", names),
        });
        Json::object([("if", Json::object([("properties", is_kind)])), ("then", Json::object(then))])
    });
    let mut members = vec![
        ("$schema", Json::text("https://json-schema.org/draft/2020-12/schema")),
        ("$id", Json::text("urn:id-guard:schema:ledger-event.v1")),
        ("title", Json::text("Ledger event")),
        ("description", Json::text("A line of .ledger/ids.jsonl, in canonical JSON (RFC 8785).")),
        ("allOf", Json::List(each.to_vec())),
    ];
    members.extend(closed(properties, texts(&["actor", "event_ulid", "payload", "ts", "type", "v"])));
    Json::object(members).pretty() + "\n"
}
