//! The settings of the plugin: `settings::settings()?["name"]`.
//!
//! The AUTO section belongs to the tool: `id-plugin generate` keeps it up to date.

// BEGIN AUTO SECTION: settings sha256=2ff6edd8ecf11ecbc397f10e521e6096d6f03c152402ecdca15b81d922735fa1
use std::sync::OnceLock;

use serde_json::{Map, Value};

use crate::schema_check::problems;

const MANIFEST: &str = include_str!("../manifest.json");

static SETTINGS: OnceLock<Result<Map<String, Value>, String>> = OnceLock::new();

/// Returns the settings: those of the file that ID_GUARD_CONFIG names.
///
/// A setting that the file leaves out, or every setting without the variable, has the default of the
/// manifest.
///
/// # Errors
/// When the file cannot be read, or the settings violate the schema of the manifest: where, and why.
pub fn settings() -> Result<&'static Map<String, Value>, &'static str> {
    SETTINGS.get_or_init(load).as_ref().map_err(String::as_str)
}

fn load() -> Result<Map<String, Value>, String> {
    let manifest = object("manifest.json", MANIFEST.as_bytes())?;
    let config = manifest.get("config").unwrap_or(&Value::Null);
    let defaults = config["defaults"].as_object();
    let mut values = defaults.cloned().unwrap_or_default();
    if let Some(path) = std::env::var_os("ID_GUARD_CONFIG").filter(|path| !path.is_empty()) {
        let shown = path.to_string_lossy();
        let text = std::fs::read(&path).map_err(|error| format!("{shown}: {error}"))?;
        values.extend(object(&shown, &text)?);
    }
    let values = Value::Object(values);
    let schema = config.get("schema").unwrap_or(&Value::Bool(true));
    let found = problems(schema, &values, &|_| None);
    match values {
        Value::Object(values) if found.is_empty() => Ok(values),
        _ => Err(found.join("; ")),
    }
}

/// Reads a JSON object.
fn object(shown: &str, text: &[u8]) -> Result<Map<String, Value>, String> {
    match serde_json::from_slice(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(format!("{shown}: (root): type is \"object\"")),
        Err(error) => Err(format!("{shown}: {error}")),
    }
}
// END AUTO SECTION: settings
