//! What an event names and a clone lacks: the base afresh, the head as objects that are never checked out, and history a bounded way down.

use diagnostic::CheckError;
use repo::Repository;
use snapshot::ObjectId;

use super::inputs::Inputs;
use crate::base::unread;
use crate::event::Event;
use crate::remote::{FETCH, is_there, tracking};

/// How deep a shallow clone is made, step by step, in commits.
pub(super) const DEPTHS: [u32; 3] = [100, 1_000, 10_000];

/// Where the head of a pull request is noted.
fn noted(pull: u64) -> String {
    format!("refs/id-guard/pull/{pull}")
}

/// What is fetched.
pub(super) struct Fetch<'f> {
    remote: &'f str,
    /// Branches of the remote that must be fresh.
    branches: Vec<String>,
    event: Option<&'f Event>,
    /// What a person should know of how it went.
    pub(super) notes: Vec<String>,
}

/// What is still not there.
pub(super) enum Missing {
    Nothing,
    This(CheckError),
}

impl<'f> Fetch<'f> {
    /// `named` is a branch that was named as the base, and is not here.
    pub(super) fn new(
        remote: &'f str,
        event: Option<&'f Event>,
        inputs: &Inputs,
        named: Option<String>,
    ) -> Fetch<'f> {
        let base = event.and_then(|event| event.base_branch.clone());
        // A branch that is new is judged against the default one.
        let fresh = event.filter(|event| event.base.is_none()).and_then(|event| event.default_branch.clone());
        let mut branches: Vec<String> =
            [base, fresh, named, inputs.policy_from.clone()].into_iter().flatten().collect();
        branches.dedup();
        Fetch { remote, branches, event, notes: Vec::new() }
    }

    /// Fetches; with a depth, that much of a shallow clone's history.
    pub(super) fn run(
        &mut self,
        repository: &Repository,
        depth: Option<u32>,
    ) -> Result<Missing, Vec<CheckError>> {
        if !is_there(repository, self.remote)? {
            self.note(format!("there is no remote {}: what is here is judged", self.remote));
            return Ok(Missing::Nothing);
        }
        for branch in self.branches.clone() {
            if !artifact::tag::is_tag_name(&branch) {
                return Err(vec![crate::session::plain(format!("no branch can be called {branch}"))]);
            }
            let refspec = format!("+refs/heads/{branch}:{}", tracking(self.remote, &branch));
            if let Err(reason) = self.fetch(repository, &refspec, depth)? {
                return Ok(Missing::This(CheckError {
                    message: format!("{branch} cannot be fetched from {}: {reason}", self.remote),
                    help: Some(
                        "a base that may be stale is no base; may the token read the repository (contents: read)?"
                            .into(),
                    ),
                    location: None,
                }));
            }
        }
        let Some(event) = self.event else {
            return match depth {
                None => Ok(Missing::Nothing),
                Some(depth) => self.deepen(repository, depth),
            };
        };
        if let Some(pull) = event.pull {
            let refspec = format!("+refs/pull/{pull}/head:{}", noted(pull));
            if let Err(reason) = self.fetch(repository, &refspec, depth)? {
                self.note(format!("the head of pull request {pull} cannot be fetched by name: {reason}"));
            }
        }
        for id in [Some(event.head), event.base].into_iter().flatten() {
            // What is here at its full depth is not asked for again.
            if depth.is_some() || !here(repository, id) {
                // What cannot be had is told where it is missed: a base that was rewritten, for one.
                let _ = self.fetch(repository, &id.to_string(), depth)?;
            }
        }
        Ok(Missing::Nothing)
    }

    /// Makes the history of what is checked out deeper.
    fn deepen(&self, repository: &Repository, depth: u32) -> Result<Missing, Vec<CheckError>> {
        let depth = format!("--deepen={depth}");
        let said = repository.git(&[&FETCH[..], &[&depth, "--", self.remote]].concat(), &[], &[]);
        let said = said.map_err(|error| vec![unread(error)])?;
        Ok(match said.succeeded() {
            true => Missing::Nothing,
            false => Missing::This(crate::session::plain(format!(
                "the history cannot be fetched: {}",
                said.stderr
            ))),
        })
    }

    /// Fetches one thing; the inner error is what the remote said.
    fn fetch(
        &self,
        repository: &Repository,
        refspec: &str,
        depth: Option<u32>,
    ) -> Result<Result<(), String>, Vec<CheckError>> {
        let depth = depth.map(|depth| format!("--depth={depth}"));
        let mut command = FETCH.to_vec();
        command.extend(depth.as_deref());
        command.extend(["--", self.remote, refspec]);
        let said = repository.git(&command, &[], &[]).map_err(|error| vec![unread(error)])?;
        Ok(if said.succeeded() { Ok(()) } else { Err(said.stderr) })
    }

    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

fn here(repository: &Repository, id: ObjectId) -> bool {
    // Fetched since the repository was opened: asked of git, which looks again.
    // In a partial clone it would fetch what it is asked for, as the configuration says (git(1), GIT_NO_LAZY_FETCH).
    let said = repository.git(&["cat-file", "-e", &id.to_string()], &[], &[("GIT_NO_LAZY_FETCH", "1")]);
    said.is_ok_and(|said| said.succeeded())
}

/// Says that a pull request has another head by now than the one that was judged.
pub(super) fn moved_on(repository: &Repository, event: &Event) -> Option<String> {
    let now = repository.reference(&noted(event.pull?)).ok()??;
    (now != event.head).then(|| {
        format!(
            "the pull request has moved on to {} meanwhile: this verdict is of {}",
            now.short(),
            event.head.short()
        )
    })
}
