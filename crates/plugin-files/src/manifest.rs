//! `manifest.json`: the description of the plugin for loaders, with the digest of every file.

use std::collections::BTreeMap;

use artifact::PluginSpec;
use artifact::layout::SPEC;
use serde_json::{Map, Value, json};

use super::MANIFEST;
use schema::json as of;

use crate::json::pretty;
use crate::schemas::bundled;
use crate::sha256;

/// Generates the manifest of a spec and the other files of the plugin.
#[must_use]
pub fn make(spec: &PluginSpec, files: &BTreeMap<&str, &[u8]>) -> String {
    let operations: Map<String, Value> = spec
        .operations
        .iter()
        .map(|operation| {
            let mut entry = json!({"summary": operation.summary});
            // An operation may accept nothing, or return nothing.
            for (side, path) in [("input", &operation.input), ("output", &operation.output)] {
                if !path.is_empty() {
                    entry[side] = path.as_str().into();
                }
            }
            if let Some(timeout) = operation.timeout_ms {
                entry["timeout_ms"] = timeout.into();
            }
            (operation.name.clone(), entry)
        })
        .collect();
    let dependencies: Map<String, Value> =
        spec.dependencies.iter().map(|(key, version)| (key.clone(), version.as_str().into())).collect();
    let digests: Map<String, Value> = files
        .iter()
        .filter(|(path, _)| **path != MANIFEST)
        .map(|(path, text)| ((*path).to_string(), sha256(text).into()))
        .collect();
    let mut manifest = json!({
        "schema_version": 1,
        "ulid": spec.ulid,
        "key": spec.key,
        "name": spec.name,
        "version": spec.version,
        "status": spec.status,
        "entry_points": {"kind": spec.runtime.kind, "entry": spec.runtime.entry, "args": spec.runtime.args},
        "compatibility": {"core": {"api": spec.core.api, "range": spec.core.range}, "dependencies": dependencies},
        "capabilities": spec.at("/capabilities").map_or_else(|| json!({}), of),
        "operations": operations,
        "spec_sha256": files.get(SPEC).map(|text| sha256(text)),
        "files": digests,
    });
    // What is not listed is not allowed, so a manifest always contains the list.
    let denies = spec.at("/actions/deny_by_default").and_then(artifact::Value::as_bool);
    manifest["actions"] = json!({
        "allowed": spec.strings_at("/actions/allowed"),
        "deny_by_default": denies.unwrap_or(true),
    });
    for name in ["config", "events"] {
        if let Some(value) = spec.at(&format!("/{name}")) {
            manifest[name] = of(value);
        }
    }
    // Loaders read the manifest alone.
    if let Some(schema) = spec.at("/config/schema") {
        let texts = files.iter().map(|(path, text)| (*path, *text));
        manifest["config"]["schema"] = of(&bundled(SPEC, schema, texts));
    }
    pretty(&manifest)
}

#[cfg(test)]
mod tests {
    use artifact::{Limits, Syntax, parse};

    use super::*;

    fn manifest(spec: &str) -> Value {
        let value = parse(Syntax::Json, spec.as_bytes(), &Limits::default()).unwrap();
        let spec = PluginSpec::read(&value).unwrap();
        serde_json::from_str(&make(&spec, &BTreeMap::new())).unwrap()
    }

    #[test]
    fn actions_that_are_not_listed_are_denied() {
        for (spec, expected) in [
            ("{}", json!({"allowed": [], "deny_by_default": true})),
            (r#"{"actions": {}}"#, json!({"allowed": [], "deny_by_default": true})),
            (r#"{"actions": {"allowed": ["a"]}}"#, json!({"allowed": ["a"], "deny_by_default": true})),
            (r#"{"actions": {"deny_by_default": false}}"#, json!({"allowed": [], "deny_by_default": false})),
        ] {
            assert_eq!(manifest(spec)["actions"], expected, "{spec}");
        }
    }

    #[test]
    fn a_side_that_an_operation_does_not_have_is_left_out() {
        let spec = r#"{"operations": [{"name": "ping", "summary": "Pings", "output": "schemas/x.json"}]}"#;
        assert_eq!(
            manifest(spec)["operations"]["ping"],
            json!({"summary": "Pings", "output": "schemas/x.json"})
        );
    }
}
