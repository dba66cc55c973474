//! `id-plugin list`: the plugins of the working tree, of every system that the policy enables.

mod human;
mod json;
mod manifests;
mod plain;
mod specs;

use artifact::embedded::DIALECT_PACKS;
use policy::Policy;

use self::manifests::ManifestRow;
use self::specs::SpecRow;
use super::editor::Workbench;
use crate::arguments::{ListPluginsArguments, PluginListFormat};
use crate::error::CommandError;

/// The name of plugins that have a spec of ours.
pub(super) const PLUGIN_SPEC: &str = "plugin-spec";

/// What is listed.
struct Listed<'p> {
    specs: Vec<SpecRow>,
    /// By the packs of the policy, in its order.
    dialects: Vec<DialectRows<'p>>,
    /// Whether the policy enables another plugin system.
    has_systems: bool,
}

/// The manifests of a pack, sorted by identity and path.
struct DialectRows<'p> {
    pack: &'p str,
    rows: Vec<ManifestRow<'p>>,
}

pub(super) fn run(arguments: &ListPluginsArguments) -> Result<String, CommandError> {
    let bench = Workbench::open(&arguments.place.repo)?;
    let tree = bench.worktree()?;
    let wanted = arguments.dialect.as_deref();
    let policy = policy_for(wanted, bench.policy()?)?;
    let discovery = dialect::discover(&tree, &policy, None)?;
    let is_wanted = |name: &str| wanted.is_none_or(|wanted| wanted == name);
    let specs = if is_wanted(PLUGIN_SPEC) { specs::rows(&tree, &policy)? } else { Vec::new() };
    let packs = policy.packs.iter().filter(|pack| !pack.dialects.is_empty() && is_wanted(&pack.name));
    let packs: Vec<&str> = packs.map(|pack| pack.name.as_str()).collect();
    let has_systems = policy.packs.iter().any(|pack| !pack.dialects.is_empty());
    let dialects = manifests::rows(&tree, &policy, &discovery, &packs)?;
    let listed = Listed { specs, dialects, has_systems };
    Ok(match arguments.format {
        _ if arguments.json => json::text(&listed),
        PluginListFormat::Json => json::text(&listed),
        PluginListFormat::Plain => plain::text(&listed),
        PluginListFormat::Human => human::text(&listed),
    })
}

/// Returns the policy that enables the wanted system: that of the repository, else the embedded pack of this name alone.
fn policy_for(wanted: Option<&str>, policy: Policy) -> Result<Policy, CommandError> {
    let mut known = vec![PLUGIN_SPEC];
    known.extend(policy.packs.iter().filter(|pack| !pack.dialects.is_empty()).map(|pack| pack.name.as_str()));
    let Some(wanted) = wanted.filter(|wanted| !known.contains(wanted)) else { return Ok(policy) };
    if DIALECT_PACKS.iter().any(|pack| pack.name == wanted) {
        let text = format!("schema_version: 1\npacks: [{{name: {wanted}, version: 1.0.0}}]\n");
        return Ok(Policy::unpinned_from_text(wanted, text.into_bytes())?);
    }
    Err(CommandError::failed_with(
        format!("the policy enables no plugin system `{wanted}`"),
        format!("enabled are: {}", known.join(", ")),
    ))
}
