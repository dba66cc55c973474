//! `policy_snapshot.json`: the policy values at the time of a plugin version, each with its origin.

use artifact::{Kind, Limits, PluginSpec, Problem, Syntax, Value as Read, parse};
use policy::{Policy, Section, SetTo};
use serde_json::{Map, Value, json};

use schema::json as of;

use crate::json::pretty;
use crate::sha256;

/// A policy snapshot that was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PolicySnapshot {
    /// The version of the plugin that it was generated for.
    pub plugin_version: String,
    /// The policy packs: name and version.
    pub packs: Vec<(String, String)>,
    value: Option<Read>,
}

impl PolicySnapshot {
    fn at(&self, section: &str, name: &str) -> Option<&Read> {
        self.value.as_ref()?.pointer(&format!("/{section}/{name}/value"))
    }

    /// Returns an integer value.
    #[must_use]
    pub fn number(&self, section: &str, name: &str) -> Option<i64> {
        self.at(section, name)?.as_integer()
    }

    /// Returns the strings of a list value.
    #[must_use]
    pub fn names(&self, section: &str, name: &str) -> Vec<String> {
        let list = self.at(section, name).and_then(Read::as_list).unwrap_or_default();
        list.iter().filter_map(Read::as_str).map(String::from).collect()
    }

    /// Returns the integer values of a section, by name.
    #[must_use]
    pub fn numbers(&self, section: &str) -> Vec<(&str, i64)> {
        let map = self.value.as_ref().and_then(|value| value.pointer(&format!("/{section}"))?.as_map());
        let entries = map.into_iter().flat_map(artifact::Map::entries);
        entries
            .filter_map(|entry| Some((entry.key.name.as_str(), entry.value.pointer("/value")?.as_integer()?)))
            .collect()
    }
}

/// The setting whose values a published contract keeps: readers see the events of all versions.
const EVENT_FIELDS: (&str, &str) = ("quality", "event_fields");
/// The origin of event fields that only the contract of an earlier version still has.
const OF_CONTRACT: &str = "contract";

/// Returns the event fields that the contract of a snapshot has.
#[must_use]
pub fn event_fields(snapshot: &PolicySnapshot) -> Vec<String> {
    snapshot.names(EVENT_FIELDS.0, EVENT_FIELDS.1)
}

/// Generates the snapshot of a policy for a version, which keeps the event fields of the version before: the contract is the union.
#[must_use]
pub fn make(spec: &PluginSpec, policy: &Policy, kept: &[String]) -> String {
    let packs: Vec<Value> = policy
        .packs
        .iter()
        .map(|pack| json!({"name": pack.name, "version": pack.version, "sha256": pack.sha256}))
        .collect();
    let as_of = policy.packs.iter().filter_map(|pack| pack.released.as_deref()).max();
    let mut snapshot = json!({
        "schema_version": 1,
        "plugin_version": spec.version,
        "as_of": as_of,
        "packs": packs,
    });
    for section in Section::ALL {
        let values: Map<String, Value> = policy
            .values
            .of(section)
            .map(|(name, value, from)| {
                let value = match value {
                    SetTo::Truth(truth) => json!(truth),
                    SetTo::Number(number) => json!(number),
                    SetTo::Presence(required) => json!(policy::presence(*required)),
                    SetTo::Names(names) => json!(names),
                };
                (name.to_string(), json!({"value": value, "from": from}))
            })
            .collect();
        snapshot[section.name()] = Value::Object(values);
    }
    keep_event_fields(&mut snapshot, kept);
    snapshot["digest"] = digest(&snapshot).into();
    pretty(&snapshot)
}

/// Adds the event fields that the policy no longer requires.
fn keep_event_fields(snapshot: &mut Value, kept: &[String]) {
    let (section, name) = EVENT_FIELDS;
    let mut fields = snapshot[section][name]["value"].as_array().cloned().unwrap_or_default();
    let before = fields.len();
    for field in kept {
        if !fields.iter().any(|known| known == field.as_str()) {
            fields.push(json!(field));
        }
    }
    if fields.len() > before {
        let from = snapshot[section][name]["from"].as_str().unwrap_or(OF_CONTRACT).to_string();
        snapshot[section][name] = json!({"value": fields, "from": from});
    }
}

/// Digests a snapshot: SHA-256 of the RFC 8785 form of everything but the digest itself.
fn digest(snapshot: &Value) -> String {
    let mut rest = snapshot.clone();
    if let Some(map) = rest.as_object_mut() {
        map.remove("digest");
    }
    // Keys are sorted and numbers are integers, so the compact output of serde_json is canonical. A test compares it with another implementation.
    sha256(rest.to_string().as_bytes())
}

/// Reads a snapshot and verifies its digest.
///
/// # Errors
/// When it cannot be read, is not a policy snapshot, or was edited.
pub fn read(text: &[u8]) -> Result<PolicySnapshot, Problem> {
    let problem = |span: std::ops::Range<usize>, pointer: &str, message: String| Problem {
        pointer: pointer.into(),
        span,
        message,
        help: None,
    };
    let value = parse(Syntax::Json, text, &Limits::default())
        .map_err(|error| problem(error.span, "", error.message))?;
    if !matches!(value.kind, Kind::Map(_)) {
        return Err(problem(value.span, "", "not a valid policy snapshot".into()));
    }
    let text_at = |pointer: &str| value.pointer(pointer).and_then(Read::as_str);
    let recorded = text_at("/digest").unwrap_or_default();
    if recorded != digest(&of(&value)) {
        let at = value.pointer("/digest").unwrap_or(&value);
        let message = "the snapshot does not match its digest: it was edited".to_string();
        return Err(problem(at.span.clone(), "/digest", message));
    }
    let packs = value.pointer("/packs").and_then(Read::as_list).unwrap_or_default();
    let part = |pack: &Read, pointer: &str| {
        pack.pointer(pointer).and_then(Read::as_str).unwrap_or_default().to_string()
    };
    Ok(PolicySnapshot {
        plugin_version: text_at("/plugin_version").unwrap_or_default().into(),
        packs: packs.iter().map(|pack| (part(pack, "/name"), part(pack, "/version"))).collect(),
        value: Some(value),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::snapshot::Memory;

    fn generated() -> String {
        let policy = Policy::load(&Memory::new()).unwrap();
        make(&PluginSpec { version: "1.2.0".into(), ..PluginSpec::default() }, &policy, &[])
    }

    #[test]
    fn event_fields_of_the_version_before_are_kept() {
        let policy = |fields: &str| {
            let text = format!("schema_version: 1\npacks: []\nquality: {{event_fields: [{fields}]}}\n");
            Policy::load(&Memory::new().with("policy-packs/policy.yaml", text)).unwrap()
        };
        let spec = PluginSpec { version: "1.2.0".into(), ..PluginSpec::default() };
        let fields = |text: &str| event_fields(&read(text.as_bytes()).unwrap());
        let first = fields(&make(&spec, &policy("region, tenant"), &[]));
        assert_eq!(first, ["region", "tenant"]);
        let second = make(&spec, &policy("zone, region"), &first);
        assert_eq!(fields(&second), ["zone", "region", "tenant"]);
        // What is generated from its own fields once more has the same bytes.
        assert_eq!(make(&spec, &policy("zone, region"), &fields(&second)), second);
        let without = Policy::load(&Memory::new()).unwrap();
        let third = make(&spec, &without, &first);
        assert_eq!(fields(&third), ["region", "tenant"]);
        assert!(third.contains("\"from\": \"contract\""), "{third}");
    }

    #[test]
    fn the_digest_covers_the_canonical_form() {
        let mut value: Value = serde_json::from_str(&generated()).unwrap();
        let digest = value.as_object_mut().unwrap().remove("digest").unwrap();
        assert_eq!(digest, sha256(&serde_json_canonicalizer::to_vec(&value).unwrap()));
    }

    #[test]
    fn a_generated_snapshot_is_read_and_an_edited_one_is_refused() {
        let text = generated();
        let read_again = read(text.as_bytes()).unwrap();
        assert_eq!(read_again.plugin_version, "1.2.0");
        assert_eq!(read_again.packs[0].0, "baseline");
        assert_eq!(read_again.number("performance", "p95_ms"), Some(5000));
        let edited = text.replace("5000", "6000");
        assert!(read(edited.as_bytes()).unwrap_err().message.contains("edited"));
    }
}
