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
            Err(empty_range(request, head)?.into())
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
        help: Some("compare with the branch that the change starts from, with the option --base".into()),
        location: None,
    }
}

fn empty_range(request: &CheckRequest<'_>, head: ObjectId) -> Result<CheckError> {
    let message = if request.base != head {
        format!("no changes to check: {} is already part of {}", head.short(), request.base.short())
    } else if request.repository.resolve("HEAD")? == Some(head) {
        "HEAD is the base commit: no changes to check".into()
    } else {
        format!("{} is the base commit: no changes to check", head.short())
    };
    let help = Some("commit a change first, or audit the full history: id-guard audit".into());
    Ok(CheckError { message, help, location: None })
}
