//! Events of a change in `in-change` mode: read from the working tree, as the post-merge job would derive them.

use artifact::Ulid;
use ledger::{Batch, EventType, Json};
use snapshot::Snapshot as _;

use super::append::payload;
use super::{Payload, Place, find};
use crate::arguments::AppendArguments;
use crate::error::CommandError;

/// Returns the CREATE event of a card of the working tree, in `in-change` mode.
pub(super) fn of_card(place: &Place, arguments: &AppendArguments) -> Result<(Ulid, Payload), CommandError> {
    let ulid = Ulid::parse(&arguments.identity).map_err(|error| CommandError::failed(error.to_string()))?;
    let path = place.root.join(artifact::layout::CARDS).join(format!("{ulid}.yaml"));
    let card = repo::disk::read(&path, artifact::id_card::MAX_CARD_BYTES as u64)?;
    let card = card.ok_or_else(|| {
        CommandError::failed_with("the identity has no card here", "mint it first: id-mint")
    })?;
    let claims = artifact::Claims::read(&card);
    let fields = [("key", claims.key), ("kind", claims.kind), ("owner", claims.owner), ("path", claims.path)];
    let fields = fields.into_iter().filter(|(_, text)| !text.is_empty());
    let mut payload: Payload = fields.map(|(name, text)| (name, Json::text(text))).collect();
    payload.push(("reason", Json::text(arguments.reason.as_str())));
    Ok((ulid, payload))
}

/// PUBLISH of what lies in the working tree, where changes bring their own lines.
pub(super) fn of_artifact(
    place: &Place,
    batch: &Batch,
    arguments: &AppendArguments,
) -> Result<(Ulid, Payload), CommandError> {
    let (subject, identity) = find(&batch.read.machine, &arguments.identity)?;
    let worktree = place.repository.worktree()?;
    let node = worktree.find(&snapshot::RepoPath::from(&*identity.path))?;
    let node = node.ok_or_else(|| CommandError::failed(format!("there is nothing at {}", identity.path)))?;
    let digest = artifact::content::digest(&worktree, &node)?;
    let mut payload = payload(EventType::Publish, &identity, arguments)?;
    payload.retain(|(name, _)| *name != "sha256");
    payload.push(("sha256", Json::text(digest.hex())));
    Ok((subject, payload))
}
