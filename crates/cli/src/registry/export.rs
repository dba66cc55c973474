//! `id-registry export`: the registry for other tools.

use diagnostic::sanitise;
use registry::export;

use super::{Sqlite, contents, counted_identities};
use crate::arguments::{ExportArguments, ExportFormat};
use crate::error::CommandError;

pub(super) fn run(arguments: &ExportArguments, sqlite: Sqlite) -> Result<String, CommandError> {
    let contents = contents(&arguments.moment)?;
    if let Some(path) = &arguments.out {
        let there = path.symlink_metadata().is_ok();
        if there && !arguments.force {
            let message = format!("{} is there already", path.display());
            return Err(CommandError::failed_with(message, "replace it: --force; or name another file"));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            return Err(CommandError::failed(format!("directory not found: {}", folder.display())));
        }
        if there {
            repo::disk::remove(path)?;
        }
    }
    let rows = || contents.by_ulid.iter().map(|(ulid, entry)| (*ulid, entry.clone())).collect::<Vec<_>>();
    let text = match arguments.format {
        ExportFormat::Json => sanitise::json(&export::json(&contents)),
        ExportFormat::Csv => export::csv(&rows()),
        ExportFormat::Md => export::markdown(&rows()),
        ExportFormat::Sqlite => String::new(),
    };
    let Some(path) = &arguments.out else { return Ok(text) };
    match arguments.format {
        ExportFormat::Sqlite => {
            sqlite(path, &contents).map_err(|error| CommandError::failed(error.to_string()))?
        }
        _ => repo::disk::write(path, text.as_bytes())?,
    }
    Ok(format!("wrote {}: {}\n", path.display(), counted_identities(contents.by_ulid.len())))
}
