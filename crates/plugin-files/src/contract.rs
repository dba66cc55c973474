//! `ledger_contract.json`: the JSON Schema of every event that a plugin emits.
//!
//! Names of operations and events are examples, not a closed list, so a plugin that gains an operation keeps its published contract.

use artifact::PluginSpec;
use serde_json::{Value, json};

use super::policy_snapshot::PolicySnapshot;
use crate::json::pretty;

/// The required fields of every event (specification §2.3).
pub const REQUIRED: [&str; 4] = ["timestamp", "ulid", "status", "summary"];

/// The pattern of a ULID.
const ULID: &str = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$";

/// Generates the contract of a spec with its policy snapshot.
#[must_use]
pub fn make(spec: &PluginSpec, policy: &PolicySnapshot) -> String {
    let operations: Vec<&str> = spec.operations.iter().map(|operation| operation.name.as_str()).collect();
    let mut properties = json!({
        "timestamp": {"type": "string", "format": "date-time", "description": "when it happened (RFC 3339)"},
        "ulid": {"type": "string", "pattern": ULID, "description": format!("the identity of the plugin: {}", spec.ulid)},
        "status": {"enum": ["ok", "failed"]},
        "summary": {"type": "string", "maxLength": 512, "description": "what happened, in a line"},
        "version": {"type": "string", "description": "the version of the plugin (SemVer 2.0.0)"},
        "operation": {"type": "string", "examples": operations, "description": "what was asked for"},
        "duration_ms": {"type": "integer", "minimum": 0},
        "trace_id": {"type": "string", "pattern": "^[0-9a-f]{32}$", "description": "the trace it belongs to (W3C Trace Context)"},
    });
    let emits = spec.strings_at("/events/emits");
    if !emits.is_empty() {
        properties["event"] =
            json!({"type": "string", "examples": emits, "description": "the event for other readers"});
    }
    for name in policy.names("quality", "event_fields") {
        let known = properties.get(&name).is_some();
        if !known {
            properties[&name] = json!({"type": "string", "maxLength": 512});
        }
    }
    let contract: Value = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Events of {}", spec.ulid),
        "type": "object",
        "required": REQUIRED,
        "properties": properties,
    });
    pretty(&contract)
}
