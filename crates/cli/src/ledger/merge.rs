//! `id-ledger merge-driver`: two ledgers that grew side by side, where changes bring their own lines.

use crate::arguments::MergeDriverArguments;
use crate::error::CommandError;

/// The largest ledger that is merged.
const MAX_SEGMENT_BYTES: u64 = 512 << 20;

pub(super) fn run(arguments: &MergeDriverArguments) -> Result<String, CommandError> {
    let read = |path: &std::path::Path| -> Result<Vec<u8>, CommandError> {
        repo::disk::read(path, MAX_SEGMENT_BYTES)?
            .ok_or_else(|| CommandError::failed(format!("file not found: {}", path.display())))
    };
    let (base, ours, theirs) = (read(&arguments.base)?, read(&arguments.ours)?, read(&arguments.theirs)?);
    let merged = ledger::merge(&base, &ours, &theirs).map_err(|error| {
        CommandError::refused(
            error.to_string(),
            "take one side, and append the other's events again: id-ledger append",
        )
    })?;
    repo::disk::write(&arguments.ours, &merged)?;
    Ok("merged; once the merge is in the working tree: id-ledger checkpoint renew\n".into())
}
