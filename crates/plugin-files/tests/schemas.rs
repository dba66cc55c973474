//! Generated files of a plugin whose schemas refer to each other.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;

use artifact::{Limits, PluginSpec, Syntax, parse};
use plugin_files::PluginFiles;

#[test]
fn readme_and_manifest_contain_the_definitions_of_other_files() {
    let spec = r#"{"operations": [{"name": "render", "summary": "Renders", "input": "schemas/render.in.schema.json", "output": ""}],
        "config": {"schema": {"properties": {"port": {"$ref": "schemas/common.json#/$defs/port"}}}, "defaults": {"port": 80}}}"#;
    let spec = PluginSpec::read(&parse(Syntax::Json, spec.as_bytes(), &Limits::default()).unwrap()).unwrap();
    let input = r#"{"required": ["page"], "properties": {"page": {"$ref": "common.json#/$defs/page"}, "own": {"$ref": "common.json#/$defs/port", "description": "Own"}}}"#;
    let common = r##"{"$defs": {"port": {"type": "integer", "description": "The port"}, "page": {"$ref": "#/$defs/text"}, "text": {"type": "string"}}}"##;
    let mut existing = PluginFiles::default();
    for (path, text) in [("schemas/render.in.schema.json", input), ("schemas/common.json", common)] {
        existing.files.insert(path.into(), text.into());
    }
    let readme = plugin_files::readme::make(&spec, &existing).unwrap();
    for line in [
        "| `page` | required | string |",
        "| `own` |  | integer: Own |",
        "| `port` | `80` | integer: The port |",
    ] {
        assert!(readme.contains(line), "{line}\n{readme}");
    }
    let texts: BTreeMap<&str, &[u8]> =
        existing.files.iter().map(|(path, text)| (path.as_str(), text.as_slice())).collect();
    let manifest: serde_json::Value =
        serde_json::from_str(&plugin_files::manifest::make(&spec, &texts)).unwrap();
    let schema = &manifest["config"]["schema"];
    assert_eq!(schema["properties"]["port"]["$ref"], "#/$defs/schemas~1common.json/$defs/port");
    assert_eq!(schema.pointer("/$defs/schemas~1common.json/$defs/port/type").unwrap(), "integer");
}
