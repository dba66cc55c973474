//! `id-registry export`: the registry for other tools.

use diagnostic::sanitise;
use ledger::files::InSnapshot;
use registry::{Exported, export};

use super::{RegistryQuery, Sqlite, asked, counted_identities};
use crate::arguments::{ExportArguments, ExportFormat};
use crate::error::CommandError;
use crate::output::{advise, warn};

pub(super) fn run(arguments: &ExportArguments, sqlite: Sqlite) -> Result<String, CommandError> {
    let (repository, at) = asked(&arguments.moment)?;
    let query = RegistryQuery::open(&repository, at)?;
    let exported = query.exported(arguments.include_private)?;
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
    let text = match arguments.format {
        ExportFormat::Json => sanitise::json(&export::json(&exported)),
        ExportFormat::Csv => export::csv(&export::rows(&exported)),
        ExportFormat::Md => export::markdown(&export::rows(&exported)),
        ExportFormat::Sqlite => String::new(),
    };
    let Some(path) = &arguments.out else {
        if exported.left_out > 0 {
            warn(&format!("{} left out", private(&exported)));
            advise("to export private identities too, pass --include-private");
        }
        return Ok(text);
    };
    match arguments.format {
        ExportFormat::Sqlite => {
            let files = InSnapshot(query.snapshot.as_ref());
            sqlite(path, &exported, &files).map_err(|error| {
                // An incomplete database would look like a small registry.
                let _ = repo::disk::remove(path);
                CommandError::failed(error.to_string())
            })?
        }
        _ => repo::disk::write(path, text.as_bytes())?,
    }
    let left_out = match exported.left_out {
        0 => String::new(),
        _ => format!(", {} left out", private(&exported)),
    };
    let count = counted_identities(exported.contents.by_ulid.len());
    Ok(format!("wrote {}: {count}{left_out}\n", path.display()))
}

fn private(exported: &Exported) -> String {
    match exported.left_out {
        1 => "1 private identity".into(),
        more => format!("{more} private identities"),
    }
}
