//! The paths of artifacts in a repository.

/// The directory of ID cards.
pub const CARDS: &str = "ids/cards";
/// The directory of plugins, which has a subdirectory per plugin.
pub const PLUGINS: &str = "plugins";
/// The file name of a plugin spec.
pub const SPEC: &str = "plugin.spec.json";
/// The directory of policy packs, which has a subdirectory per pack.
pub const PACKS: &str = "policy-packs";
/// The file name of a pack's manifest.
pub const PACK: &str = "pack.yaml";
