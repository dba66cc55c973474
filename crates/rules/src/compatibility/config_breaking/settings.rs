//! The settings of a version: their schema and their defaults, in the form in which two versions are compared.

use artifact::layout::SPEC;
use artifact::{Kind, Map, Value};
use engine::{Document, Plugin, bundle_in_spec};
use schema::Bundle;
use snapshot::{RepoPath, Result, Snapshot};

/// The nesting of settings that is followed.
const MAX_SETTING_DEPTH: usize = 16;

/// The settings of a version.
pub(super) struct Settings<'s> {
    /// The schema; without one, everything is accepted if there are defaults, and nothing otherwise.
    schema: Option<Value>,
    /// The schema with the files that it refers to; `None` if a reference has no target.
    bundle: Option<Bundle>,
    defaults: Option<&'s Map>,
}

impl<'s> Settings<'s> {
    /// Returns the settings of the new version; `None` if a reference of their schema has no target.
    pub(super) fn after(plugin: &Plugin, spec: &'s Document) -> Option<Settings<'s>> {
        let (schema, defaults) = declared(spec)?;
        let bundle = match schema {
            Some(schema) => Some(Bundle::new(SPEC, schema, &plugin.schema_files()).ok()?),
            None => None,
        };
        let schema = bundle.as_ref().map(|bundle| bundle.schema.clone());
        Some(Settings { schema, bundle, defaults })
    }

    /// Returns the settings of an earlier version, whose plugin is in a directory of a tree.
    pub(super) fn before(
        spec: &'s Document,
        place: Option<(&dyn Snapshot, RepoPath)>,
    ) -> Result<Settings<'s>> {
        let (declared, defaults) = declared(spec).unwrap_or_default();
        let bundle = match declared.zip(place) {
            Some((schema, (tree, directory))) => bundle_in_spec(tree, &directory, schema)?.ok(),
            None => None,
        };
        let schema = bundle.as_ref().map(|bundle| bundle.schema.clone()).or_else(|| declared.cloned());
        Ok(Settings { schema, bundle, defaults })
    }

    /// Returns the files of the plugin that declare the settings.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        let others = self.bundle.iter().flat_map(Bundle::paths).filter(|path| *path != SPEC);
        std::iter::once(SPEC).chain(others)
    }

    /// Returns the pointer in the spec of a part of the schema, and the file and pointer of a part in another file.
    pub(super) fn place(&self, pointer: &str) -> (String, Option<String>) {
        match self.bundle.as_ref().map(|bundle| bundle.locate(pointer)) {
            Some((path, pointer)) if path != SPEC => {
                (super::SCHEMA.into(), Some(format!("{path}#{pointer}")))
            }
            _ => (format!("{}{pointer}", super::SCHEMA), None),
        }
    }

    /// Returns the defaults in the order of the spec.
    pub(super) fn defaults(&self) -> impl Iterator<Item = (&'s str, &'s Value)> {
        let entries = self.defaults.into_iter().flat_map(Map::entries);
        entries.map(|entry| (entry.key.name.as_str(), &entry.value))
    }

    /// Returns the default of a setting.
    pub(super) fn default_of(&self, name: &str) -> Option<&'s Value> {
        self.defaults?.get(name)
    }

    /// Returns the settings that the schema names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let properties = self.schema.as_ref().and_then(|schema| schema.get("properties")?.as_map());
        properties.into_iter().flat_map(Map::entries).map(|entry| entry.key.name.as_str())
    }

    /// Returns whether a host may set what the schema does not name.
    pub(super) fn accepts_unnamed(&self) -> bool {
        let Some(schema) = &self.schema else { return self.defaults.is_some() };
        let rejects = |keyword| schema.get(keyword).and_then(Value::as_bool) == Some(false);
        schema.as_bool() != Some(false)
            && !rejects("additionalProperties")
            && !rejects("unevaluatedProperties")
    }

    /// Returns whether both versions have the same schema and defaults.
    pub(super) fn same_schema(&self, other: &Settings<'_>) -> bool {
        let same = |one: Option<&Value>, other: Option<&Value>| match (one, other) {
            (Some(one), Some(other)) => one.same(other),
            (one, other) => one.is_none() && other.is_none(),
        };
        let names = |settings: &Settings<'_>| {
            settings.defaults().map(|(name, _)| name.to_string()).collect::<Vec<_>>()
        };
        same(self.schema.as_ref(), other.schema.as_ref()) && names(self) == names(other)
    }

    /// Returns the schema of what a host sets: a setting with a default is optional, and only named settings count,
    /// because a new setting must not conflict with what nobody could mean before.
    pub(super) fn contract(&self) -> Value {
        let Some(schema) = &self.schema else { return without_schema(self.defaults.is_some()) };
        let Some(map) = schema.as_map() else { return schema.clone() };
        let mut map = map.clone();
        if let Some(list) = map.get("required").and_then(Value::as_list) {
            let has_default =
                |value: &Value| value.as_str().is_some_and(|name| self.default_of(name).is_some());
            let required = list.iter().filter(|value| !has_default(value)).cloned().collect();
            let span = map.get("required").map_or(0..0, |value| value.span.clone());
            map = map.with("required", Value::new(Kind::List(required), span));
        }
        named_only(&Value::new(Kind::Map(map), schema.span.clone()), MAX_SETTING_DEPTH)
    }
}

/// Returns the schema and the defaults of a spec; `None` for a spec that cannot be read.
fn declared(spec: &Document) -> Option<(Option<&Value>, Option<&Map>)> {
    let value = spec.value.as_ref().ok()?;
    Some((value.pointer(super::SCHEMA), value.pointer(super::DEFAULTS).and_then(Value::as_map)))
}

/// Closes every object that names its properties and leaves others open by saying nothing.
fn named_only(schema: &Value, deep: usize) -> Value {
    let (Some(map), Some(deeper)) = (schema.as_map(), deep.checked_sub(1)) else { return schema.clone() };
    let Some(properties) = map.get("properties").and_then(Value::as_map) else { return schema.clone() };
    let closed = properties.map_values(|_, value| named_only(value, deeper));
    let span = map.get("properties").map_or(0..0, |value| value.span.clone());
    let mut map = map.with("properties", Value::new(Kind::Map(closed), span));
    let is_open = [
        "additionalProperties",
        "unevaluatedProperties",
        "patternProperties",
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
    ];
    if is_open.iter().all(|keyword| map.get(keyword).is_none()) {
        map = map.with("additionalProperties", bool_value(false));
    }
    Value::new(Kind::Map(map), schema.span.clone())
}

/// Returns the contract without a schema: a host sets what it likes, or nothing.
fn without_schema(is_open: bool) -> Value {
    let text = Value::new(Kind::String("object".into()), 0..0);
    let map = Map::default().with("type", text).with("additionalProperties", bool_value(is_open));
    Value::new(Kind::Map(map), 0..0)
}

fn bool_value(truth: bool) -> Value {
    Value::new(Kind::Bool(truth), 0..0)
}
