//! `manifest.json`: the description of the plugin for loaders, with the digest of every file.

use std::collections::BTreeMap;

use artifact::PluginSpec;
use artifact::layout::SPEC;
use serde_json::{Map, Value, json};

use super::MANIFEST;
use schema::json as of;

use crate::json::pretty;
use crate::sha256;

/// Generates the manifest of a spec and the other files of the plugin.
#[must_use]
pub fn make(spec: &PluginSpec, files: &BTreeMap<&str, &[u8]>) -> String {
    let operations: Map<String, Value> = spec
        .operations
        .iter()
        .map(|operation| {
            let mut entry =
                json!({"summary": operation.summary, "input": operation.input, "output": operation.output});
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
    for name in ["actions", "config", "events"] {
        if let Some(value) = spec.at(&format!("/{name}")) {
            manifest[name] = of(value);
        }
    }
    pretty(&manifest)
}
