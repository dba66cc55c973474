//! Where artifacts lie in a repository.

/// Where ID cards lie.
pub const CARDS: &str = "ids/cards";
/// Where plugins lie, a directory each.
pub const PLUGINS: &str = "plugins";
/// A plugin's spec.
pub const SPEC: &str = "plugin.spec.json";
/// Where policy packs lie, a directory each.
pub const PACKS: &str = "policy-packs";
/// A pack's own file.
pub const PACK: &str = "pack.yaml";
