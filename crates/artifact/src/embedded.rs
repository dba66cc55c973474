//! The embedded packs: the baseline, which applies to a repository without a policy, the presets for registries of other projects, and the packs
//! of other plugin systems.

mod dialects;

use snapshot::Memory;

pub use dialects::{DIALECT_PACKS, DialectPack};

use crate::layout::PACKS;

/// The schema of ID cards.
pub const ID_CARD: &str = include_str!("../../../policy-packs/baseline/schemas/id-card.v1.schema.json");
/// The schema of plugin specs.
pub const PLUGIN_SPEC: &str =
    include_str!("../../../policy-packs/baseline/schemas/plugin-spec.v1.schema.json");
/// The schema of a document's front matter.
pub const DOCUMENT: &str = include_str!("../../../policy-packs/baseline/schemas/document.v1.schema.json");
/// The schema of policy packs.
pub const PACK: &str = include_str!("../../../policy-packs/baseline/schemas/pack.v1.schema.json");
/// The schema of the registry.
pub const REGISTRY: &str = include_str!("../../../policy-packs/baseline/schemas/registry.v1.schema.json");
/// The schema of policy snapshots.
pub const POLICY_SNAPSHOT: &str =
    include_str!("../../../policy-packs/baseline/schemas/policy-snapshot.v1.schema.json");
/// The schema of manifests.
pub const MANIFEST: &str = include_str!("../../../policy-packs/baseline/schemas/manifest.v1.schema.json");

/// The schema of modules.
pub const MODULE: &str = include_str!("../../../policy-packs/baseline/schemas/module.v1.schema.json");

/// The name of the embedded pack.
pub const NAME: &str = "baseline";

/// The version of the embedded pack.
pub const VERSION: &str = "0.5.0";

/// Every file of the pack, by its path inside it. A test checks that the list is complete.
const FILES: &[(&str, &str)] = &[
    ("README.md", include_str!("../../../policy-packs/baseline/README.md")),
    ("pack.yaml", include_str!("../../../policy-packs/baseline/pack.yaml")),
    ("schemas/document.v1.schema.json", DOCUMENT),
    ("schemas/id-card.v1.schema.json", ID_CARD),
    ("schemas/manifest.v1.schema.json", MANIFEST),
    ("schemas/module.v1.schema.json", MODULE),
    ("schemas/pack.v1.schema.json", PACK),
    ("schemas/plugin-spec.v1.schema.json", PLUGIN_SPEC),
    ("schemas/policy-snapshot.v1.schema.json", POLICY_SNAPSHOT),
    ("schemas/registry.v1.schema.json", REGISTRY),
];

/// A preset: the pack of a registry that another project keeps in git.
#[derive(Debug)]
pub struct Preset {
    /// The name for `id-guard init --preset`.
    pub name: &'static str,
    /// The name of the pack: `registries/` and the name.
    pub pack: &'static str,
    manifest: &'static str,
    readme: &'static str,
}

impl Preset {
    /// Returns what it protects, in one line.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        let line = self.manifest.lines().find_map(|line| line.strip_prefix("summary: "));
        line.unwrap_or_default()
    }
}

macro_rules! presets {
    ($($name:literal),+ $(,)?) => {
        /// Every preset, sorted by name.
        pub const PRESETS: &[Preset] = &[$(Preset {
            name: $name,
            pack: concat!("registries/", $name),
            manifest: include_str!(concat!("../../../policy-packs/registries/", $name, "/pack.yaml")),
            readme: include_str!(concat!("../../../policy-packs/registries/", $name, "/README.md")),
        }),+];
    };
}

presets!("bcr", "conda-forge", "crates-index", "eips", "julia", "krew", "obsidian", "vcpkg", "winget", "zed",);

/// Returns the names of the embedded packs.
pub fn names() -> impl Iterator<Item = &'static str> {
    let dialects = DIALECT_PACKS.iter().map(|pack| pack.name);
    std::iter::once(NAME).chain(dialects).chain(PRESETS.iter().map(|preset| preset.pack))
}

/// Returns the embedded pack at the path where a repository would keep it; `None` if no embedded pack has the name.
#[must_use]
pub fn pack(name: &str) -> Option<Memory> {
    let place = |path: &str| format!("{PACKS}/{name}/{path}");
    if name == NAME {
        return Some(
            FILES.iter().fold(Memory::new(), |memory, (path, text)| memory.with(&place(path), text)),
        );
    }
    if let Some(pack) = dialects::find(name) {
        return Some(pack);
    }
    let preset = PRESETS.iter().find(|preset| preset.pack == name)?;
    Some(Memory::new().with(&place("pack.yaml"), preset.manifest).with(&place("README.md"), preset.readme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_matches_the_pack_file() {
        let text = FILES.iter().find(|(path, _)| *path == "pack.yaml").unwrap().1;
        assert!(text.contains(&format!("\nversion: {VERSION}\n")));
    }

    #[test]
    fn presets_are_sorted_and_named_after_their_directory() {
        assert!(PRESETS.is_sorted_by_key(|preset| preset.name));
        for preset in PRESETS {
            assert!(preset.manifest.contains(&format!("\nname: {}\n", preset.pack)), "{}", preset.name);
        }
        assert!(pack("registries/none").is_none());
    }

    #[test]
    fn every_file_of_the_pack_is_embedded() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy-packs/baseline");
        let mut found = Vec::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            #[expect(clippy::disallowed_methods, reason = "a test reads the sources")]
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path.strip_prefix(&root).unwrap().to_str().unwrap().to_string());
                }
            }
        }
        found.sort();
        assert_eq!(found, FILES.iter().map(|(path, _)| path.to_string()).collect::<Vec<_>>());
    }
}
