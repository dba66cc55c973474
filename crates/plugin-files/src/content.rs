//! The digest that recorded results name: of the content of a plugin, without the results themselves.

use artifact::{PluginSpec, content};
use snapshot::{Memory, Mode, RepoPath, Result, Snapshot as _};

use super::{MANIFEST, PluginFiles, manifest};

/// Returns the digest of a plugin as it is without a file of results: with the manifest of the other files.
///
/// # Errors
/// When the plugin exceeds a limit of published artifacts.
pub fn digest_without(files: &PluginFiles, spec: &PluginSpec, results: &str) -> Result<String> {
    let mut rest = files.clone();
    rest.files.remove(results);
    let manifest = manifest::make(spec, &rest.with(&Default::default()));
    rest.files.insert(MANIFEST.into(), manifest.into_bytes());
    let mut tree = Memory::new();
    for (path, text) in rest.files {
        tree.insert(RepoPath::from(path.as_str()), Mode::File, text);
    }
    Ok(content::digest(&tree, &tree.root()?)?.hex())
}
