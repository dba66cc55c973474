//! `id-guard policy pin`: the packs as a policy file pins them.

use super::policy_at;
use crate::arguments::PinArguments;
use crate::error::CommandError;

pub(super) fn run(arguments: &PinArguments) -> Result<String, CommandError> {
    let policy = policy_at(&arguments.at, false)?;
    if policy.packs.is_empty() {
        return Ok("packs: []\n".into());
    }
    let pins = policy.packs.iter().map(|pack| {
        let version = artifact::scalar::write(&pack.version);
        format!("  - name: {}\n    version: {version}\n    sha256: \"{}\"\n", pack.name, pack.sha256)
    });
    Ok(format!("packs:\n{}", pins.collect::<String>()))
}
