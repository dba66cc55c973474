//! Whether a served log continues the checkpoint that was seen last, and which events are new.

use tlog::{Checkpoint, Frontier, Hash, TiledTree};

use super::events::{Events, Filter};
use super::evidence::{self, Evidence};
use crate::arguments::WatchArguments;
use crate::error::CommandError;
use crate::ledger::pins::Pin;
use crate::ledger::served::{Served, ServedCheckpoint};

/// The entries of a bundle.
const BUNDLE: u64 = 256;

/// A served checkpoint, and the one that was seen before.
pub(super) struct Progress<'p> {
    pub(super) served: &'p Served,
    pub(super) current: &'p ServedCheckpoint,
    pub(super) pin: Option<&'p Pin>,
}

/// Why a log was not followed.
pub(super) enum WatchProblem {
    /// It does not continue what was seen: the roots are of different logs.
    Fork(Evidence),
    /// It is smaller than what was seen.
    Behind {
        /// The evidence, unless the server shows that it only is behind.
        evidence: Option<Evidence>,
        /// The lines that it has.
        size: u64,
        /// The lines that were seen.
        seen: u64,
    },
    /// The files do not have the root of the checkpoint.
    Unsound(String),
    /// They could not be read.
    Failed(CommandError),
}

impl From<CommandError> for WatchProblem {
    fn from(error: CommandError) -> WatchProblem {
        WatchProblem::Failed(error)
    }
}

impl Progress<'_> {
    /// Verifies that the log continues what was seen, and returns its new events that matter.
    pub(super) fn verify(&self, filter: &mut Filter) -> Result<Events, WatchProblem> {
        let new = &self.current.opened.checkpoint;
        let seen = self.pin.map(|pin| &pin.opened.checkpoint);
        let (size, root) = seen.map_or((0, Hash::empty()), |seen| (seen.size, seen.root));
        if new.size < size {
            return Err(self.behind(new, size, &root));
        }
        if new.size == size && new.root != root {
            return Err(WatchProblem::Fork(self.evidence(None)));
        }
        let tree = TiledTree::new(self.served, new.size);
        // A name is known only from the lines before.
        let start = if filter.needs_all_lines() { 0 } else { size };
        let explain = |error| self.served.explain(error);
        let mut frontier =
            if start == 0 { Frontier::default() } else { tree.frontier(size).map_err(explain)? };
        let mut events = Events::new(&new.origin);
        let is_first_sight = self.pin.is_none() && filter.is_of_everything();
        if start == size && frontier.root() != root {
            return Err(self.diagnose(&tree, &root, size)?);
        }
        for bundle in start / BUNDLE..new.size.div_ceil(BUNDLE) {
            for (at, entry) in (bundle * BUNDLE..).zip(tree.entries(bundle).map_err(explain)?) {
                if at < start {
                    continue;
                }
                if at == size && frontier.root() != root {
                    return Err(self.diagnose(&tree, &root, size)?);
                }
                frontier.push(Hash::leaf(&entry));
                let matters = filter.matches(&entry);
                if at >= size && matters && !is_first_sight {
                    events.push(at, &entry);
                }
            }
        }
        let is_seen = frontier.size() > size || frontier.root() == root;
        if frontier.root() == new.root && is_seen {
            Ok(events)
        } else {
            Err(self.diagnose(&tree, &root, size)?)
        }
    }

    /// Finds out why the hashes do not fit: the log is another one, or its files are broken.
    fn diagnose(
        &self,
        tree: &TiledTree<'_, Served>,
        seen: &Hash,
        size: u64,
    ) -> Result<WatchProblem, CommandError> {
        let explain = |error| self.served.explain(error);
        let new = &self.current.opened.checkpoint;
        let is_whole = tree.root_at(new.size).map_err(explain)? == new.root;
        let earlier = tree.root_at(size).map_err(explain)?;
        if is_whole && earlier != *seen {
            let proof = tree.prove_consistency(size, new.size).map_err(explain)?;
            return Ok(WatchProblem::Fork(
                self.evidence(Some(format!("root at {size} lines: {earlier}\n{proof}"))),
            ));
        }
        Ok(WatchProblem::Unsound(format!(
            "{}: the files do not have the root of the checkpoint, {} at {} lines",
            self.served.name(),
            new.root,
            new.size
        )))
    }

    /// A smaller log is behind if what was seen starts with it.
    fn behind(&self, new: &Checkpoint, size: u64, root: &Hash) -> WatchProblem {
        // The tiles of the larger log may be there still.
        let tree = TiledTree::new(self.served, size);
        let is_prefix = tree.root_at(size).is_ok_and(|found| found == *root)
            && tree.root_at(new.size).is_ok_and(|found| found == new.root);
        let evidence = (!is_prefix).then(|| self.evidence(None));
        WatchProblem::Behind { evidence, size: new.size, seen: size }
    }

    fn evidence(&self, proof: Option<String>) -> Evidence {
        let seen = self.pin.map(Pin::note).unwrap_or_default();
        Evidence { seen, served: self.current.note.clone(), proof }
    }
}

impl WatchProblem {
    /// Keeps the evidence, and describes the problem.
    pub(super) fn report(self, arguments: &WatchArguments, progress: &Progress<'_>) -> CommandError {
        let checkpoint = &progress.current.opened.checkpoint;
        let origin = diagnostic::sanitise::text(&checkpoint.origin);
        match self {
            WatchProblem::Failed(error) => error,
            WatchProblem::Unsound(message) => {
                CommandError::failed_with(message, "try again later, or elsewhere")
            }
            WatchProblem::Behind { evidence: None, size, seen } => CommandError::refused(
                format!(
                    "{origin}: {} has {size} lines, and {seen} were seen: it is behind",
                    progress.served.name()
                ),
                "wait until it has the rest, or follow the log elsewhere",
            ),
            WatchProblem::Behind { evidence: Some(found), size, seen } => {
                let what = format!(
                    "{origin} was rolled back or forked: {} has {size} lines, and {seen} were seen",
                    progress.served.name()
                );
                evidence::keep(arguments, checkpoint, &found, what)
            }
            WatchProblem::Fork(found) => {
                let seen = progress.pin.map_or(0, |pin| pin.opened.checkpoint.size);
                let what = format!(
                    "{origin} was forked (split view): its {} lines do not continue the {seen} lines that were seen",
                    checkpoint.size
                );
                evidence::keep(arguments, checkpoint, &found, what)
            }
        }
    }
}
