//! The commit: author, dates, tree and message are a function of its parent.

use ledger::Batch;
use ledger::files::{CHECKPOINT, FOLDER};
use repo::{ObjectKind, Repository};
use snapshot::{ObjectId, RepoPath};

use super::publication::Publication;
use crate::arguments::PostMergeArguments;
use crate::error::CommandError;
use crate::ledger::{counted, summary};
use crate::tag::signs;

/// Returns the message of the commit, a function of the lines and the head.
pub(super) fn message(batch: &Batch, head: ObjectId, is_rebuilt: bool) -> String {
    let subject = match batch.lines.len() {
        0 if !is_rebuilt => format!("Add cosignatures, up to {}", head.short()),
        0 => format!("Rebuild the registry, up to {}", head.short()),
        count => format!("Record {}, up to {}", counted(count, "event"), head.short()),
    };
    let log = batch.read.machine.log().map(|log| {
        format!(
            "Ledger: {}\nLedger-Size: {}\nLedger-Root: {}\n",
            log.origin,
            batch.read.size(),
            batch.read.frontier.root()
        )
    });
    let events = summary(&batch.lines);
    let events = if events.is_empty() { String::new() } else { format!("{events}\n") };
    format!("{subject}\n\n{events}Recorded-Up-To: {head}\n{}", log.unwrap_or_default())
}

/// A commit that was written.
pub(super) struct Written {
    pub(super) id: ObjectId,
    /// The id without signatures and cosignatures, which can contain the time; it names the branch.
    pub(super) name: ObjectId,
}

impl Publication {
    /// Returns the name of what is published: the same for the same head, whichever witnesses cosign it.
    pub(super) fn name(&self, repository: &Repository) -> Result<ObjectId, CommandError> {
        let tree = repository.write_tree(self.tips.head, &self.files)?;
        Ok(repository.objects().hash_of(ObjectKind::Commit, self.unsigned(repository, tree)?.as_bytes())?)
    }

    /// The commit of a tree, without a signature.
    fn unsigned(&self, repository: &Repository, tree: ObjectId) -> Result<String, CommandError> {
        let time = repository.commit(self.tips.head)?.header().time.max(0);
        let writer = &self.policy.writer;
        let by = format!("{} <{}> {time} +0000", writer.name, writer.email);
        let lines: String = self.parents().iter().map(|parent| format!("parent {parent}\n")).collect();
        Ok(format!("tree {tree}\n{lines}author {by}\ncommitter {by}\n\n{}", self.message))
    }

    /// First the recorded branch, so that who follows first parents comes to what the lines are derived from.
    fn parents(&self) -> Vec<ObjectId> {
        std::iter::once(self.tips.head).chain(self.tips.ledger).collect()
    }

    /// Writes the commit, with the cosigned checkpoint where there is one; `None` where nothing changes.
    pub(super) fn commit(
        &self,
        repository: &Repository,
        arguments: &PostMergeArguments,
        cosigned: Option<&str>,
    ) -> Result<Option<Written>, CommandError> {
        let mut files = self.files.clone();
        if let Some(note) = cosigned {
            files.insert(RepoPath::from(FOLDER).join(CHECKPOINT.as_bytes()), note.as_bytes().to_vec());
        }
        if files.is_empty() {
            return Ok(None);
        }
        let header = repository.commit(self.tips.head)?.header().clone();
        let tree = repository.write_tree(self.tips.head, &files)?;
        let current_tree = match self.tips.ledger {
            Some(beside) => repository.commit(beside)?.header().tree,
            None => header.tree,
        };
        if tree == current_tree {
            return Ok(None);
        }
        let name = self.name(repository)?;
        let (writer, time) = (&self.policy.writer, header.time.max(0));
        if arguments.sign || signs(repository, "commit.gpgSign")? {
            let date = format!("@{time} +0000");
            let variables = [
                ("GIT_AUTHOR_NAME", writer.name.as_str()),
                ("GIT_AUTHOR_EMAIL", &writer.email),
                ("GIT_AUTHOR_DATE", &date),
                ("GIT_COMMITTER_NAME", &writer.name),
                ("GIT_COMMITTER_EMAIL", &writer.email),
                ("GIT_COMMITTER_DATE", &date),
            ];
            let (tree, parents) =
                (tree.to_string(), self.parents().iter().map(ToString::to_string).collect::<Vec<_>>());
            let mut command = vec!["commit-tree", "--gpg-sign", "-F", "-"];
            parents.iter().for_each(|parent| command.extend(["-p", parent]));
            command.push(&tree);
            let output = repository.git(&command, self.message.as_bytes(), &variables)?;
            let id = output.or_refused("the commit cannot be signed")?;
            return ObjectId::from_hex(id.trim_ascii())
                .map(|id| Some(Written { id, name }))
                .ok_or_else(|| CommandError::failed("git made no commit"));
        }
        let unsigned = self.unsigned(repository, tree)?;
        let id = repository.write_object(ObjectKind::Commit, unsigned.as_bytes())?;
        Ok(Some(Written { id, name }))
    }

    /// Counts what was recorded, by type.
    pub(super) fn summary(&self) -> String {
        summary(&self.lines)
    }
}
