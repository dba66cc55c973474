//! `id-guard policy pin`: the packs as a policy file pins them.

use policy::Policy;

use super::tree_at;
use crate::arguments::PinArguments;
use crate::error::CommandError;
use crate::session::open;

pub(super) fn run(arguments: &PinArguments) -> Result<String, CommandError> {
    let repository = open(&arguments.at.place.repo)?;
    let policy = Policy::load_unpinned(tree_at(&repository, arguments.at.rev.as_deref())?.as_ref())?;
    if policy.packs.is_empty() {
        return Ok("packs: []\n".into());
    }
    let pins = policy.packs.iter().map(|pack| {
        let version = artifact::scalar::write(&pack.version);
        format!("  - name: {}\n    version: {version}\n    sha256: \"{}\"\n", pack.name, pack.sha256)
    });
    Ok(format!("packs:\n{}", pins.collect::<String>()))
}
