//! Fetches what a clone lacks for an event: the current base, the head as objects that are never checked out, and history within a limit.

use repo::Repository;
use snapshot::ObjectId;

use super::inputs::Inputs;
use crate::error::CommandError;
use crate::event::Event;
use crate::remote::{self, FETCH, tracking};

/// The steps by which a shallow clone is deepened, in commits.
pub(super) const DEPTHS: [u32; 3] = [100, 1_000, 10_000];

/// Returns the ref of the head of a pull request.
fn pull_ref(pull: u64) -> String {
    format!("refs/id-guard/pull/{pull}")
}

/// The fetch of a run.
pub(super) struct Fetch<'f> {
    remote: &'f str,
    /// The branches of the remote that must be current.
    branches: Vec<String>,
    event: Option<&'f Event>,
    /// Notes for the report.
    pub(super) notes: Vec<String>,
}

/// What is still missing after a fetch.
pub(super) enum Missing {
    Nothing,
    Commit(CommandError),
}

/// The answer of a remote: done, or the errors that git printed.
enum Fetched {
    Done,
    Refused(String),
}

impl<'f> Fetch<'f> {
    /// `named` is the branch of the base that the caller chose.
    pub(super) fn new(
        remote: &'f str,
        event: Option<&'f Event>,
        inputs: &Inputs,
        named: Option<String>,
    ) -> Fetch<'f> {
        let base = event.and_then(|event| event.base_branch.clone());
        // A new branch is compared with the default branch.
        let fresh = event.filter(|event| event.base.is_none()).and_then(|event| event.default_branch.clone());
        let mut branches: Vec<String> =
            [base, fresh, named, inputs.policy_from.clone()].into_iter().flatten().collect();
        branches.dedup();
        Fetch { remote, branches, event, notes: Vec::new() }
    }

    /// Fetches; with a depth, a shallow clone is deepened to it.
    pub(super) fn run(
        &mut self,
        repository: &Repository,
        depth: Option<u32>,
    ) -> Result<Missing, CommandError> {
        if !remote::exists(repository, self.remote)? {
            self.note(format!("remote {} not found: checking this clone as it is", self.remote));
            return Ok(Missing::Nothing);
        }
        for branch in self.branches.clone() {
            if !artifact::tag::is_tag_name(&branch) {
                return Err(CommandError::failed(format!("invalid branch name: {branch}")));
            }
            let refspec = format!("+refs/heads/{branch}:{}", tracking(self.remote, &branch));
            if let Fetched::Refused(reason) = self.fetch(repository, &refspec, depth)? {
                return Ok(Missing::Commit(CommandError::failed_with(
                    format!("{branch} cannot be fetched from {}: {reason}", self.remote),
                    "the base must be current; check that the token can read the repository (contents: read)",
                )));
            }
        }
        let Some(event) = self.event else {
            return match depth {
                None => Ok(Missing::Nothing),
                Some(depth) => self.deepen(repository, depth),
            };
        };
        if let Some(pull) = event.pull {
            let refspec = format!("+refs/pull/{pull}/head:{}", pull_ref(pull));
            if let Fetched::Refused(reason) = self.fetch(repository, &refspec, depth)? {
                self.note(format!("the head of pull request {pull} cannot be fetched by name: {reason}"));
            }
        }
        for id in [Some(event.head), event.base].into_iter().flatten() {
            // A commit that this clone has in full depth is not fetched again.
            if depth.is_some() || !is_present(repository, id) {
                // A commit that cannot be fetched, such as a rewritten base, is reported where it is missed.
                let _ = self.fetch(repository, &id.to_string(), depth)?;
            }
        }
        Ok(Missing::Nothing)
    }

    /// Deepens the history of the commit that is checked out.
    fn deepen(&self, repository: &Repository, depth: u32) -> Result<Missing, CommandError> {
        let depth = format!("--deepen={depth}");
        let output = repository.git(&[&FETCH[..], &[&depth, "--", self.remote]].concat(), &[], &[])?;
        if output.succeeded() {
            return Ok(Missing::Nothing);
        }
        let message = format!("the history cannot be fetched: {}", output.stderr);
        Ok(Missing::Commit(CommandError::failed(message)))
    }

    /// Fetches one refspec.
    fn fetch(
        &self,
        repository: &Repository,
        refspec: &str,
        depth: Option<u32>,
    ) -> Result<Fetched, CommandError> {
        let depth = depth.map(|depth| format!("--depth={depth}"));
        let mut command = FETCH.to_vec();
        command.extend(depth.as_deref());
        command.extend(["--", self.remote, refspec]);
        let output = repository.git(&command, &[], &[])?;
        Ok(if output.succeeded() { Fetched::Done } else { Fetched::Refused(output.stderr) })
    }

    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

fn is_present(repository: &Repository, id: ObjectId) -> bool {
    // Only git sees packs that were fetched after the repository was opened.
    // GIT_NO_LAZY_FETCH keeps it from fetching the object in a partial clone (git(1)).
    let output = repository.git(&["cat-file", "-e", &id.to_string()], &[], &[("GIT_NO_LAZY_FETCH", "1")]);
    output.is_ok_and(|output| output.succeeded())
}

/// Returns a note if the head of a pull request has moved since the event.
pub(super) fn moved_on(repository: &Repository, event: &Event) -> Option<String> {
    let now = repository.reference(&pull_ref(event.pull?)).ok()??;
    (now != event.head).then(|| {
        format!("the pull request has moved to {}; this report is about {}", now.short(), event.head.short())
    })
}
