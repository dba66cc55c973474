//! What is to be published: a function of the commits it starts from, of their policy, and of the log's key.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ::registry::tags::{RecordedTags, recorded};
use ::registry::{PATH, Registry as Opened, Tree};
use diagnostic::sanitise;
use ledger::derive::Omission;
use ledger::files::{FOLDER, Files, InSnapshot};
use ledger::{Batch, ReadOptions};
use policy::{LedgerMode, Policy};
use repo::{Commit, Repository};
use snapshot::RepoPath;

use super::branches::Tips;
use super::carried::Carried;
use super::commit::message;
use super::cosign::{Cosigning, Sources};
use super::overlay::{CachedFiles, OverlayFiles, whole_ledger};
use super::summary::words;
use crate::arguments::{PostMergeArguments, WriterArgument};
use crate::error::CommandError;
use crate::ledger::{Recording, is_unchanged, signing_key};
use crate::registry;
use crate::session::load_policy;

/// What is to be published.
pub(super) struct Publication {
    pub(super) tips: Tips,
    pub(super) policy: Policy,
    /// The lines that were made.
    pub(super) lines: Vec<String>,
    /// What could not be recorded.
    pub(super) left_out: Vec<Omission>,
    /// The files that change, whole; none where nothing does.
    pub(super) files: BTreeMap<RepoPath, Vec<u8>>,
    /// The witnesses that are asked before it is published.
    pub(super) cosigning: Option<Cosigning>,
    /// Whether nothing else changes than the cosignatures that they give.
    pub(super) adds_only_cosignatures: bool,
    /// The number of lines before.
    pub(super) size_before: u64,
    /// Where lines are kept that witnesses cosigned before they are published.
    pub(super) carried: Option<PathBuf>,
    /// The message of the commit.
    pub(super) message: String,
    /// What happens to identities, in words.
    pub(super) printed: String,
    /// Content of the branch that differs from what was published or recorded.
    pub(super) mismatches: Vec<String>,
    /// The tags of the ledger after publication.
    pub(super) record: RecordedTags,
}

pub(super) struct PublicationBuilder<'m> {
    pub(super) repository: &'m Repository,
    pub(super) arguments: &'m PostMergeArguments,
    pub(super) tips: Tips,
}

/// The lines that are due, and the ledger's files that they change.
struct Lines {
    batch: Batch,
    left_out: Vec<Omission>,
    changed: BTreeMap<String, Vec<u8>>,
    carried: Option<PathBuf>,
}

impl PublicationBuilder<'_> {
    pub(super) fn make(&self) -> Result<Publication, CommandError> {
        let head = self.repository.commit(self.tips.head)?;
        let (policy, _) = load_policy(None, &head, Some(self.tips.head))?;
        // The ledger is on the branch itself, or on a separate one.
        let beside = self.tips.ledger.map(|id| self.repository.commit(id)).transpose()?;
        let place = beside.as_ref().unwrap_or(&head);
        let in_git = InSnapshot(place);
        let files = CachedFiles::new(&in_git);
        let Lines { batch, left_out, changed, carried } = self.record(&files, &policy)?;
        let size_before = batch.read.size() - batch.lines.len() as u64;
        let over = OverlayFiles { base: &files, changed };
        let old = registry::file(place)?;
        let tree = Tree { snapshot: &head, ledger: &over, layout: &policy.layout };
        let registry = registry::made(self.repository, &tree, old.as_deref())?;
        let printed = words(&batch, old.as_deref(), &registry);
        let mismatches = self.mismatches(&head, &over, &policy, &registry)?;
        let rebuilt = old.as_deref() != Some(&registry);
        let sources = Sources {
            arguments: self.arguments,
            policy: &policy,
            trust: &InSnapshot(&head),
            before: &files,
            after: &over,
            has_new_lines: !batch.lines.is_empty(),
        };
        let cosigning = sources.plan()?;
        let adds_only_cosignatures = cosigning.is_some() && !rebuilt && batch.lines.is_empty();
        // Tags are created for lines that are on the branch, or are with this push.
        let record = match self.arguments.writer {
            WriterArgument::PullRequest => recorded(&files)?,
            WriterArgument::Push | WriterArgument::Branch => recorded(&over)?,
        };
        let mut files: BTreeMap<RepoPath, Vec<u8>> = BTreeMap::new();
        let news = rebuilt || !batch.lines.is_empty() || cosigning.is_some();
        if news {
            if let Some(beside) = &beside {
                files.extend(whole_ledger(beside)?);
            }
            let folder = RepoPath::from(FOLDER);
            files.extend(
                over.changed.iter().map(|(name, bytes)| (folder.join(name.as_bytes()), bytes.clone())),
            );
            // A repository without identities needs no registry of them.
            if rebuilt || beside.is_some() {
                files.insert(RepoPath::from(PATH), registry);
            }
        }
        let message = message(&batch, self.tips.head, rebuilt);
        Ok(Publication {
            tips: self.tips,
            policy,
            lines: batch.lines,
            left_out,
            files,
            message,
            printed,
            mismatches,
            record,
            cosigning,
            adds_only_cosignatures,
            size_before,
            carried,
        })
    }

    /// Returns content of the branch that differs from what was published or recorded: merged around the gate, or omitted from the record.
    fn mismatches(
        &self,
        head: &Commit<'_>,
        files: &dyn Files,
        policy: &Policy,
        registry: &[u8],
    ) -> Result<Vec<String>, CommandError> {
        let open =
            |id| self.repository.tree(id).map(|tree| Box::new(tree) as Box<dyn snapshot::Snapshot + '_>);
        let today = crate::environment::today();
        let engine::PublishedState { findings, unrecorded } =
            engine::check_published(rules::immutability::PUBLISHED, head, files, &open, policy, today)?;
        let counts = |finding: &&diagnostic::Diagnostic| finding.fails();
        let place = |finding: &diagnostic::Diagnostic| {
            finding
                .location
                .as_ref()
                .map(|place| format!("{}: ", sanitise::path(&place.path)))
                .unwrap_or_default()
        };
        let mut mismatches: Vec<String> = findings
            .iter()
            .filter(counts)
            .map(|finding| format!("{}{} ({})", place(finding), finding.message, finding.rule.id.code))
            .collect();
        mismatches
            .extend(unrecorded.iter().map(|(path, message)| format!("{}: {message}", sanitise::path(path))));
        let entries = Opened::open(registry).map(|registry| registry.entries().flatten().collect::<Vec<_>>());
        for (ulid, entry) in entries.unwrap_or_default().iter().filter(|(_, entry)| entry.unrecorded) {
            mismatches.push(format!("{} ({ulid}) has a card, and could not be recorded", entry.key));
        }
        Ok(mismatches)
    }

    /// Derives the missing lines, and the changed files of the ledger.
    fn record(&self, files: &dyn Files, policy: &Policy) -> Result<Lines, CommandError> {
        let read = ReadOptions::default().read(files, &mut |_, _| {})?;
        if let Some(fault) = read.faults.first() {
            return Err(CommandError::refused(
                format!("{FOLDER}/{}: {}", fault.file, fault.message),
                "nothing was published; id-ledger verify shows all problems",
            ));
        }
        let mut batch = Batch::new(read);
        if policy.ledger.mode == LedgerMode::InChange {
            // Changes bring their own lines: the registry and the tags follow from them.
            return Ok(Lines { batch, left_out: Vec::new(), changed: BTreeMap::new(), carried: None });
        }
        let key = signing_key(&self.arguments.signing)?;
        let recording = Recording {
            repository: self.repository,
            policy,
            head: self.tips.head,
            origin: self.arguments.origin.as_deref(),
            key: key.as_ref(),
            seal: self.arguments.seal,
        };
        let verifier = key.as_ref().map(|key| key.verifier().to_string()).unwrap_or_default();
        let directory = self.repository.common_dir();
        // A name that is missing or wrong is reported below.
        let carried =
            recording.origin(&batch).ok().map(|origin| Carried::file(&directory, &origin, &verifier));
        if let Some(file) = &carried {
            Carried::continue_with(file, &mut batch)?;
        }
        let (_, mut left_out) = recording.make(&mut batch, files)?;
        left_out.retain(|left| is_unchanged(self.repository, self.tips.head, left));
        let origin = recording.origin(&batch)?;
        let keys: Vec<_> = key.iter().collect();
        let changed = batch.files(files, &origin, &keys)?;
        Ok(Lines { batch, left_out, changed: changed.into_iter().collect(), carried })
    }
}
