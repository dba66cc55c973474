//! The files that a schema may refer to: those of its plugin, or of its pack.

use std::collections::BTreeMap;

use artifact::Value;

use super::uri::Uri;

/// The schema files of one plugin or pack, by their path in its folder.
#[derive(Debug, Clone, Default)]
pub struct SchemaFiles<'f> {
    /// `None` for a file that cannot be read.
    files: BTreeMap<String, Option<&'f Value>>,
    /// What they are, as in "the plugin's schemas".
    scope: &'static str,
}

impl<'f> SchemaFiles<'f> {
    /// Collects files; `scope` names them, as in "the plugin's schemas".
    #[must_use]
    pub fn new(
        scope: &'static str,
        files: impl IntoIterator<Item = (String, Option<&'f Value>)>,
    ) -> SchemaFiles<'f> {
        SchemaFiles { files: files.into_iter().collect(), scope }
    }

    /// Returns a file; the inner `None` is a file that cannot be read.
    pub(super) fn get(&self, path: &str) -> Option<Option<&'f Value>> {
        self.files.get(path).copied()
    }

    pub(super) fn scope(&self) -> &'static str {
        self.scope
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Returns the files that have an `$id`, by its address; of two with one `$id`, neither.
    pub(super) fn by_id(&self) -> BTreeMap<Uri, Option<&str>> {
        let mut found = BTreeMap::new();
        for (path, value) in &self.files {
            let id = value.and_then(|value| id_of(value));
            if let Some(uri) = id.and_then(|id| Uri::of_file(path).resolve(id)) {
                found.entry(uri).and_modify(|known| *known = None).or_insert(Some(path.as_str()));
            }
        }
        found
    }
}

/// Returns the address that a schema gives itself, without fragment; `None` for one without, or that is only an anchor.
pub(super) fn id_of(schema: &Value) -> Option<&str> {
    // Draft 4 has `id`.
    let id = schema.get("$id").or_else(|| schema.get("id").filter(|_| is_draft_4(schema)))?.as_str()?;
    let id = id.split('#').next().unwrap_or_default();
    (!id.is_empty()).then_some(id)
}

fn is_draft_4(schema: &Value) -> bool {
    schema.get("$schema").and_then(Value::as_str).is_some_and(|draft| draft.contains("/draft-04/"))
}
