//! The presets of `id-guard init`: ready-made policies for the registries of other projects.

use std::path::Path;

use artifact::embedded::PRESETS;
use artifact::scalar;
use policy::{POLICY_PATH, Policy};

use crate::error::CommandError;

/// What to do after the policy is written.
pub(super) const NEXT: &str = "\
next: id-guard audit --write-baseline policy-packs/known-findings.jsonl
      id-guard check
      git add policy-packs && git commit -m \"protect published entries\"
";

/// Returns the names of the presets, each with what it protects.
pub(super) fn list() -> String {
    let width = PRESETS.iter().map(|preset| preset.name.len()).max().unwrap_or_default();
    let line =
        |preset: &artifact::embedded::Preset| format!("{:width$}  {}\n", preset.name, preset.summary());
    PRESETS.iter().map(line).collect()
}

/// Returns the policy of a preset, with its pack pinned by version and digest.
///
/// # Errors
/// When no preset has the name, or the repository has a policy: its `packs` are for people to edit.
pub(super) fn policy(name: &str, root: &Path) -> Result<String, CommandError> {
    let Some(preset) = PRESETS.iter().find(|preset| preset.name == name) else {
        let names: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
        return Err(CommandError::failed_with(
            format!("unknown preset {}", diagnostic::sanitise::text(name)),
            format!("presets: {}", names.join(", ")),
        ));
    };
    let pin = pin(preset.pack)?;
    if root.join(POLICY_PATH).symlink_metadata().is_ok() {
        return Err(CommandError::refused(
            format!("{POLICY_PATH} exists"),
            format!("add this entry to its `packs`: {pin}"),
        ));
    }
    Ok(format!(
        "# The policy of this repository. The gate reads this file from the base branch, never from the change itself.\nschema_version: 1\npacks:\n  - {pin}\n"
    ))
}

/// Returns the entry of `packs` that pins an embedded pack, in one line.
fn pin(pack: &str) -> Result<String, CommandError> {
    let unpinned = format!("schema_version: 1\npacks:\n  - name: {pack}\n    version: 0.0.0\n");
    let policy = Policy::unpinned_from_text(POLICY_PATH, unpinned.into_bytes())?;
    let pack = policy
        .packs
        .first()
        .ok_or_else(|| CommandError::failed(format!("the pack {pack} is not embedded")))?;
    let version = scalar::write(&pack.version);
    Ok(format!("{{ name: {}, version: {version}, sha256: {} }}", pack.name, scalar::write(&pack.sha256)))
}
