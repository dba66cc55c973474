//! Who depends on the plugins that a change publishes, retires, removes, rekeys or moves.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use index::{Index, IndexedPlugin, SPEC};
use snapshot::Result;

use super::{Document, StateContext};

/// A dependency on a plugin that a change alters, of a plugin that the change leaves as it is.
pub struct AffectedDependency<'c> {
    /// The depending plugin.
    pub dependent: &'c IndexedPlugin,
    /// The position in its list of dependencies.
    pub position: usize,
    /// The key that it depends on.
    pub key: &'c str,
    /// The version range, as written.
    pub range: &'c str,
    /// The plugin with that key on the base branch.
    pub before: &'c IndexedPlugin,
    /// The plugin with that key after the change.
    pub after: Option<&'c IndexedPlugin>,
}

impl StateContext<'_> {
    /// Returns the dependencies that a change affects without touching them; none when the whole tree is checked.
    #[must_use]
    pub fn affected_dependencies(&self) -> Vec<AffectedDependency<'_>> {
        let (Some(_), Some(base)) = (self.changes, self.base_index) else { return Vec::new() };
        let changed: HashSet<&str> = altered(base, self.index)
            .chain(altered(self.index, base))
            .flat_map(|plugin| std::iter::once(&plugin.key).chain(&plugin.aliases))
            .map(String::as_str)
            .collect();
        if changed.is_empty() {
            return Vec::new();
        }
        let by_key = base.plugins_by_key();
        let mut affected = Vec::new();
        for dependent in &self.index.plugins {
            let is_checked = || {
                let directory = dependent.directory();
                self.plugins.binary_search_by(|plugin| plugin.directory.cmp(&directory)).is_ok()
            };
            let is_final = matches!(dependent.status.as_str(), "retired" | "consolidated");
            let concerns = |(key, _): &(String, String)| changed.contains(key.as_str());
            if is_final || !dependent.dependencies.iter().any(concerns) || is_checked() {
                continue;
            }
            for (position, (key, range)) in dependent.dependencies.iter().enumerate() {
                let before = by_key.get(key.as_str()).copied().filter(|_| changed.contains(key.as_str()));
                let after = self.plugin_of_key(key);
                if let Some(before) = before {
                    affected.push(AffectedDependency { dependent, position, key, range, before, after });
                }
            }
        }
        affected
    }

    /// Opens the spec of a plugin after the change.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn spec_of(&self, plugin: &IndexedPlugin) -> Result<Option<Document>> {
        Document::open(self.head, &plugin.directory().join(SPEC.as_bytes()))
    }
}

/// Returns the plugins of an index that the other one does not contain as they are.
fn altered<'i>(one: &'i Index, other: &'i Index) -> impl Iterator<Item = &'i Arc<IndexedPlugin>> {
    let by_directory: HashMap<_, _> =
        other.plugins.iter().map(|plugin| (plugin.directory(), plugin)).collect();
    let is_same = move |plugin: &Arc<IndexedPlugin>| {
        by_directory
            .get(&plugin.directory())
            .is_some_and(|other| Arc::ptr_eq(plugin, other) || *plugin == **other)
    };
    one.plugins.iter().filter(move |plugin| !is_same(plugin))
}
