//! The embedded packs of other plugin systems: their manifests, schemas and rules, without cases and tests.

use snapshot::Memory;

use super::PACKS;

/// A pack that describes the manifests of another plugin system.
#[derive(Debug)]
pub struct DialectPack {
    /// Its name.
    pub name: &'static str,
    /// Its files, by their path inside it.
    files: &'static [(&'static str, &'static str)],
}

macro_rules! packs {
    ($($name:literal: [$($path:literal),+ $(,)?]),+ $(,)?) => {
        /// Every pack, sorted by name.
        pub const DIALECT_PACKS: &[DialectPack] = &[$(DialectPack {
            name: $name,
            files: &[$(($path, include_str!(concat!("../../../../policy-packs/", $name, "/", $path)))),+],
        }),+];
    };
}

packs!(
    "cartero": ["README.md", "pack.yaml", "rules/manifest.rego", "schemas/manifest.v1.program.schema.json", "schemas/manifest.v1.schema.json"],
    "dispatch": ["README.md", "pack.yaml", "rules/catalog.rego", "rules/manifest.rego", "schemas/catalog.schema.json", "schemas/manifest.schema.json"],
    "flowbot": ["README.md", "pack.yaml", "rules/plugin.rego", "schemas/plugin.schema.json"],
    "ironclaw": ["README.md", "pack.yaml", "rules/bundles.rego", "rules/capabilities.rego", "rules/registry.rego", "schemas/bundles.schema.json", "schemas/capabilities.schema.json", "schemas/registry-entry.schema.json"],
    "tribes": ["README.md", "pack.yaml", "rules/manifest.rego", "rules/sources.rego", "schemas/manifest.2026-05-09.schema.json", "schemas/manifest.2026-06-17.schema.json"],
);

/// Returns an embedded pack at the path where a repository would keep it.
pub(super) fn find(name: &str) -> Option<Memory> {
    let pack = DIALECT_PACKS.iter().find(|pack| pack.name == name)?;
    let place = |path: &str| format!("{PACKS}/{name}/{path}");
    Some(pack.files.iter().fold(Memory::new(), |memory, (path, text)| memory.with(&place(path), text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What only the tests of this repository read.
    const NOT_EMBEDDED: [&str; 2] = ["cases", "tests"];

    #[test]
    fn every_file_of_each_pack_is_embedded() {
        let packs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy-packs");
        for pack in DIALECT_PACKS {
            let root = packs.join(pack.name);
            let mut found = Vec::new();
            let mut folders = vec![root.clone()];
            while let Some(folder) = folders.pop() {
                #[expect(clippy::disallowed_methods, reason = "a test reads the sources")]
                for entry in std::fs::read_dir(folder).unwrap() {
                    let path = entry.unwrap().path();
                    let inside = path.strip_prefix(&root).unwrap().to_str().unwrap().to_string();
                    if path.is_dir() {
                        folders.extend((!NOT_EMBEDDED.contains(&inside.as_str())).then_some(path));
                    } else {
                        found.push(inside);
                    }
                }
            }
            found.sort();
            let embedded: Vec<String> = pack.files.iter().map(|(path, _)| path.to_string()).collect();
            assert_eq!(found, embedded, "{}", pack.name);
        }
    }

    #[test]
    fn packs_are_sorted_and_named_after_their_directory() {
        assert!(DIALECT_PACKS.is_sorted_by_key(|pack| pack.name));
        for pack in DIALECT_PACKS {
            let manifest = pack.files.iter().find(|(path, _)| *path == "pack.yaml").unwrap().1;
            assert!(manifest.contains(&format!("\nname: {}\n", pack.name)), "{}", pack.name);
        }
        assert!(find("none").is_none());
    }
}
