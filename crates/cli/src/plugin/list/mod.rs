//! `id-plugin list`: the plugins of the working tree, of every system that the policy enables.

mod human;
mod json;
mod manifests;
mod plain;
mod specs;

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
}

/// The manifests of a pack, sorted by identity and path.
struct DialectRows<'p> {
    pack: &'p str,
    rows: Vec<ManifestRow<'p>>,
}

pub(super) fn run(arguments: &ListPluginsArguments) -> Result<String, CommandError> {
    let bench = Workbench::open(&arguments.place.repo)?;
    let (tree, policy) = (bench.worktree()?, bench.policy()?);
    let wanted = arguments.dialect.as_deref();
    check_name(wanted, &policy)?;
    let discovery = dialect::discover(&tree, &policy, None)?;
    let is_wanted = |name: &str| wanted.is_none_or(|wanted| wanted == name);
    let specs =
        if is_wanted(PLUGIN_SPEC) { specs::rows(&tree, &policy, &discovery.claimed())? } else { Vec::new() };
    let packs = policy.packs.iter().filter(|pack| !pack.dialects.is_empty() && is_wanted(&pack.name));
    let packs: Vec<&str> = packs.map(|pack| pack.name.as_str()).collect();
    let listed = Listed { specs, dialects: manifests::rows(&tree, &policy, &discovery, &packs)? };
    Ok(match arguments.format {
        _ if arguments.json => json::text(&listed),
        PluginListFormat::Json => json::text(&listed),
        PluginListFormat::Plain => plain::text(&listed),
        PluginListFormat::Human => human::text(&listed),
    })
}

/// Refuses a name that no enabled system has.
fn check_name(wanted: Option<&str>, policy: &Policy) -> Result<(), CommandError> {
    let mut known = vec![PLUGIN_SPEC];
    known.extend(policy.packs.iter().filter(|pack| !pack.dialects.is_empty()).map(|pack| pack.name.as_str()));
    match wanted.filter(|wanted| !known.contains(wanted)) {
        None => Ok(()),
        Some(wanted) => Err(CommandError::failed_with(
            format!("the policy enables no plugin system `{wanted}`"),
            format!("enabled are: {}", known.join(", ")),
        )),
    }
}
