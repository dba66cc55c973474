//! The merge bases that a change is compared with.

use diagnostic::CheckError;
use repo::{Repository, merge_bases};
use snapshot::{ObjectId, Result};

use super::{CheckRequest, Head};
use crate::error::Error;

/// Finds the merge bases; the first is the one that the report names.
pub(super) fn find_bases(
    request: &CheckRequest<'_>,
    head: ObjectId,
) -> std::result::Result<Vec<ObjectId>, Error> {
    let repository = request.repository;
    let mut bases = merge_bases(repository.objects(), request.base, head)?;
    if !matches!(request.head, Head::Commit(_)) {
        bases = with_merge_heads(repository, request.base, bases)?;
    }
    if request.pushed && !bases.is_empty() && !bases.contains(&request.base) {
        // The base branch was rewritten: its former content counts, whatever the two have in common.
        bases = vec![request.base];
    }
    match bases.first() {
        None => Err(unrelated(request.base, head).into()),
        Some(&merge_base) if request.head == Head::Commit(merge_base) => {
            Err(empty_range(request.base, head).into())
        }
        Some(_) => Ok(bases),
    }
}

/// Returns the merge bases once the commits that are being merged are parents of the next commit.
fn with_merge_heads(
    repository: &Repository,
    base: ObjectId,
    mut bases: Vec<ObjectId>,
) -> Result<Vec<ObjectId>> {
    let objects = repository.objects();
    for merged in repository.merge_heads()? {
        for further in merge_bases(objects, base, merged)? {
            if bases.contains(&further) {
                continue;
            }
            let mut shared = Vec::new();
            for known in &bases {
                shared.push(merge_bases(objects, *known, further)?);
            }
            if shared.iter().all(|shared| *shared != [further]) {
                let mut shared = shared.iter();
                bases.retain(|known| shared.next().is_none_or(|shared| *shared != [*known]));
                bases.push(further);
            }
        }
    }
    Ok(bases)
}

fn unrelated(base: ObjectId, head: ObjectId) -> CheckError {
    CheckError {
        message: format!("{} and {} have no common ancestor", base.short(), head.short()),
        help: Some("name the branch that the change starts from: --base BRANCH".into()),
        location: None,
    }
}

fn empty_range(base: ObjectId, head: ObjectId) -> CheckError {
    CheckError {
        message: format!("no changes to check: {} is already part of {}", head.short(), base.short()),
        help: Some("name an older base: --base REV; or audit the whole history: id-guard audit".into()),
        location: None,
    }
}
