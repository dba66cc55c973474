//! The paths of artifacts in a repository: fixed names, and the directories of plugins that a policy selects.

mod pattern;

use snapshot::{Mode, Node, RepoPath, Result, Snapshot};

pub use pattern::DirectoryPattern;

/// The directory of ID cards.
pub const CARDS: &str = "ids/cards";
/// The file name of a plugin spec.
pub const SPEC: &str = "plugin.spec.json";
/// The directory of policy packs, which has a subdirectory per pack.
pub const PACKS: &str = "policy-packs";
/// The file name of a pack's manifest.
pub const PACK: &str = "pack.yaml";
/// The file name of a module's description.
pub const MODULE: &str = "module.yaml";

/// The directories of plugins in the default layout.
const DEFAULT_PLUGINS: &str = "plugins/*";
/// The directories of the default layout, which the registry names by their tree.
pub const DEFAULT_PARENT: &str = "plugins";

/// A module of the repository: a directory with plugins and documents, and an identity of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// Its directory.
    pub path: String,
    /// The directories of its plugins, from the root of the repository.
    pub plugins: Vec<DirectoryPattern>,
    /// The patterns of its documents, from the root of the repository.
    pub documents: Vec<String>,
}

/// Where the plugins of a repository are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The patterns of plugin directories, those of modules included. No two overlap.
    plugins: Vec<DirectoryPattern>,
    modules: Vec<Module>,
}

impl Default for Layout {
    fn default() -> Layout {
        let plugins = DirectoryPattern::parse(DEFAULT_PLUGINS).into_iter().collect();
        Layout { plugins, modules: Vec::new() }
    }
}

impl Layout {
    /// Creates a layout from the patterns of the repository and its modules.
    ///
    /// # Errors
    /// Returns two patterns that can match the same directory, or one inside a directory of the other.
    pub fn new(
        plugins: Vec<DirectoryPattern>,
        modules: Vec<Module>,
    ) -> std::result::Result<Layout, (DirectoryPattern, DirectoryPattern)> {
        let mut all = plugins;
        all.extend(modules.iter().flat_map(|module| module.plugins.iter().cloned()));
        for (at, pattern) in all.iter().enumerate() {
            if let Some(other) = all[..at].iter().find(|other| other.overlaps(pattern)) {
                return Err((other.clone(), pattern.clone()));
            }
        }
        Ok(Layout { plugins: all, modules })
    }

    /// Returns whether the plugins are where the default layout has them.
    #[must_use]
    pub fn is_default(&self) -> bool {
        matches!(self.plugins.as_slice(), [only] if only.as_str() == DEFAULT_PLUGINS)
    }

    /// Returns the patterns of plugin directories.
    #[must_use]
    pub fn plugins(&self) -> &[DirectoryPattern] {
        &self.plugins
    }

    /// Returns the modules.
    #[must_use]
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// Returns the plugin directory that a path is in; `None` for the directory itself and for paths elsewhere.
    #[must_use]
    pub fn plugin_directory(&self, path: &RepoPath) -> Option<RepoPath> {
        let depth = self.plugins.iter().find_map(|pattern| {
            let is_inside = path.components().count() > pattern.depth();
            let depth = pattern.matched(path).filter(|_| is_inside)?;
            (depth == pattern.depth()).then_some(depth)
        })?;
        let names: Vec<&[u8]> = path.components().take(depth).collect();
        Some(RepoPath::new(names.join(&b'/')))
    }

    /// Returns whether a path is that of a plugin directory.
    #[must_use]
    pub fn is_plugin_directory(&self, path: &RepoPath) -> bool {
        self.plugins.iter().any(|pattern| {
            pattern.matched(path) == Some(pattern.depth()) && path.components().count() == pattern.depth()
        })
    }

    /// Returns whether a path is that of a plugin directory, or of a directory above one whose name a pattern spells out.
    #[must_use]
    pub fn leads_to_plugins(&self, path: &RepoPath) -> bool {
        let depth = path.components().count();
        self.is_plugin_directory(path)
            || self.plugins.iter().any(|pattern| {
                depth < pattern.depth()
                    && pattern.matched(path) == Some(depth)
                    && depth.checked_sub(1).is_some_and(|last| pattern.is_name_at(last))
            })
    }

    /// Returns whether a path is that of a spec outside all plugin directories.
    #[must_use]
    pub fn is_spec_outside(&self, path: &RepoPath) -> bool {
        path.name() == SPEC.as_bytes() && self.plugin_directory(path).is_none()
    }

    /// Lists the specs of a tree outside all plugin directories, in byte order.
    ///
    /// # Errors
    /// When a directory cannot be read.
    pub fn specs_outside(&self, snapshot: &dyn Snapshot) -> Result<Vec<RepoPath>> {
        let mut found = Vec::new();
        let mut directories = vec![snapshot.root()?];
        while let Some(directory) = directories.pop() {
            for entry in snapshot.list(&directory)?.iter() {
                let path = directory.path.join(entry.name);
                if entry.object.mode == Mode::Directory {
                    if !self.is_plugin_directory(&path) {
                        directories.push(Node { path, object: entry.object });
                    }
                } else if self.is_spec_outside(&path) {
                    found.push(path);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    /// Returns the path of a new plugin with this directory name; `None` where the layout leaves more than the name open.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<String> {
        self.plugins.iter().find_map(|pattern| pattern.place(name))
    }

    /// Returns the patterns as users read them: `plugins/*, extensions/*`.
    #[must_use]
    pub fn show(&self) -> String {
        let texts: Vec<&str> = self.plugins.iter().map(DirectoryPattern::as_str).collect();
        texts.join(", ")
    }

    /// Lists the plugin directories of a tree, in byte order of their paths.
    ///
    /// # Errors
    /// When a directory cannot be read.
    pub fn directories(&self, snapshot: &dyn Snapshot) -> Result<Vec<Node>> {
        self.entries(snapshot, &|mode| mode == Mode::Directory)
    }

    /// Lists what is in the place of a plugin directory or of a directory above one whose name a pattern spells out, in byte order.
    ///
    /// # Errors
    /// When a directory cannot be read.
    pub fn all_entries(&self, snapshot: &dyn Snapshot) -> Result<Vec<Node>> {
        let mut found = self.entries(snapshot, &|_| true)?;
        for pattern in &self.plugins {
            for parent in pattern.named_parents() {
                found.append(&mut parent.entries(snapshot, &|_| true)?);
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found.dedup_by(|a, b| a.path == b.path);
        Ok(found)
    }

    /// Lists what is in the place of a plugin directory with a mode that `is_wanted`, in byte order of the paths.
    ///
    /// # Errors
    /// When a directory cannot be read.
    pub fn entries(&self, snapshot: &dyn Snapshot, is_wanted: &dyn Fn(Mode) -> bool) -> Result<Vec<Node>> {
        let mut found = Vec::new();
        for pattern in &self.plugins {
            found.append(&mut pattern.entries(snapshot, is_wanted)?);
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use snapshot::Memory;

    use super::*;

    fn layout(patterns: &[&str]) -> Layout {
        let patterns = patterns.iter().map(|text| DirectoryPattern::parse(text).unwrap()).collect();
        Layout::new(patterns, Vec::new()).unwrap()
    }

    #[test]
    fn default_layout_is_the_pattern_it_names() {
        assert_eq!(Layout::default().show(), DEFAULT_PLUGINS);
        assert_eq!(Layout::default().plugins().len(), 1, "the pattern is valid");
        assert!(Layout::default().is_default() && !layout(&["extensions/*"]).is_default());
    }

    #[test]
    fn plugin_directory_of_a_path() {
        let layout = layout(&["plugins/*/*", "packages/*/plugins/*", "extensions/ext-*"]);
        for (path, expected) in [
            ("plugins/editor/alpha/plugin.spec.json", Some("plugins/editor/alpha")),
            ("plugins/editor/alpha/src/a/b.py", Some("plugins/editor/alpha")),
            ("plugins/editor/alpha", None),
            ("plugins/alpha", None),
            ("packages/core/plugins/a/x", Some("packages/core/plugins/a")),
            ("packages/core/other/a/x", None),
            ("extensions/ext-tool/x", Some("extensions/ext-tool")),
            ("extensions/tool/x", None),
            ("docs/plugins/a/x", None),
        ] {
            let found = layout.plugin_directory(&RepoPath::from(path));
            assert_eq!(found, expected.map(RepoPath::from), "{path}");
        }
        assert!(layout.is_plugin_directory(&RepoPath::from("plugins/editor/alpha")));
        assert!(!layout.is_plugin_directory(&RepoPath::from("plugins/editor")));
    }

    #[test]
    fn reserved_directories_are_never_plugins() {
        let layout = layout(&["*/*"]);
        assert_eq!(layout.plugin_directory(&RepoPath::from("ids/cards/A.yaml")), None);
        assert!(layout.plugin_directory(&RepoPath::from("any/alpha/x")).is_some());
        for text in ["ids/*", ".ledger/*", "policy-packs/*", ".git/*"] {
            assert!(DirectoryPattern::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn invalid_patterns_are_rejected() {
        for text in [
            "",
            "/plugins/*",
            "plugins/",
            "plugins/**",
            "**",
            "a/../b",
            "a?",
            "{a,b}/*",
            "*a*/b",
            "a/b/c/d/e/f/g/h/i",
        ] {
            assert!(DirectoryPattern::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn patterns_that_can_meet_overlap() {
        for (a, b, expected) in [
            ("plugins/*", "plugins/*", true),
            ("plugins/*", "plugins/a*", true),
            ("plugins/a*", "plugins/b*", false),
            ("plugins/*-x", "plugins/a-*", true),
            ("plugins/*", "plugins/*/*", true),
            ("plugins/*", "extensions/*", false),
            ("*/plugins/*", "packages/*/plugins", true),
            ("packages/*/plugins/*", "packages/*/extensions/*", false),
        ] {
            let [one, other] = [a, b].map(|text| DirectoryPattern::parse(text).unwrap());
            assert_eq!((one.overlaps(&other), other.overlaps(&one)), (expected, expected), "{a} {b}");
        }
    }

    #[test]
    fn directories_of_a_tree_in_order() {
        let mut tree = Memory::new();
        for path in ["plugins/g/b/x", "plugins/g/a/x", "plugins/file", "extensions/tool/x", "other/g/a/x"] {
            tree.insert(RepoPath::from(path), Mode::File, Vec::new());
        }
        let found = layout(&["plugins/*/*", "extensions/*"]).directories(&tree).unwrap();
        let paths: Vec<_> = found.iter().map(|node| String::from_utf8_lossy(node.path.as_bytes())).collect();
        assert_eq!(paths, ["extensions/tool", "plugins/g/a", "plugins/g/b"]);
    }

    #[test]
    fn new_plugins_are_placed_where_one_name_is_open() {
        assert_eq!(Layout::default().place("alpha").as_deref(), Some("plugins/alpha"));
        assert_eq!(layout(&["a/*/b/*", "extensions/*"]).place("alpha").as_deref(), Some("extensions/alpha"));
        assert_eq!(layout(&["plugins/*/*"]).place("alpha"), None);
    }
}
