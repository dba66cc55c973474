//! `id-registry export`: the registry for other tools.

use generate::registry::export;

use super::{Sqlite, contents};
use crate::arguments::{ExportArguments, ExportFormat};
use crate::refusal::Refusal;

pub(super) fn run(arguments: &ExportArguments, sqlite: Sqlite) -> Result<String, Refusal> {
    let contents = contents(&arguments.moment)?;
    let rows = || contents.by_ulid.iter().map(|(ulid, entry)| (*ulid, entry.clone())).collect::<Vec<_>>();
    let text = match arguments.format {
        ExportFormat::Json => export::json(&contents),
        ExportFormat::Csv => export::csv(&rows()),
        ExportFormat::Md => export::markdown(&rows()),
        ExportFormat::Sqlite => {
            let Some(path) = &arguments.out else {
                return Err(Refusal::failed("a database needs a file: --out FILE"));
            };
            if path.symlink_metadata().is_ok() {
                return Err(Refusal::failed_with(
                    format!("{} is there already", path.display()),
                    "remove it, or name another file",
                ));
            }
            sqlite(path, &contents).map_err(Refusal::failed)?;
            return Ok(format!("wrote {}: {} identities\n", path.display(), contents.by_ulid.len()));
        }
    };
    match &arguments.out {
        None => Ok(text),
        Some(path) => {
            repo::disk::write(path, text.as_bytes())?;
            Ok(format!("wrote {}: {} identities\n", path.display(), contents.by_ulid.len()))
        }
    }
}
