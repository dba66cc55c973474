//! What is to be published: a function of the commits it starts from, of their policy, and of the log's key.

use std::collections::BTreeMap;

use diagnostic::sanitise;
use generate::registry::{PATH, Registry as Opened, Tree};
use generate::tags::{Record, recorded};
use ledger::derive::LeftOut;
use ledger::files::{CHECKPOINT, FOLDER, Files, InSnapshot, LARGEST_SEGMENT, LOG_KEY, segment_number};
use ledger::{Batch, Event, EventType, Reading};
use policy::{LedgerMode, Policy};
use repo::{Commit, ObjectKind, Repository};
use snapshot::{ObjectId, RepoPath, Snapshot as _};

use super::Tips;
use crate::arguments::{PostMergeArguments, WriterArgument};
use crate::ledger::{Recording, counted, signing_key, still_stands, summary};
use crate::refusal::Refusal;
use crate::registry::{self, counted_identities};
use crate::run::load_policy;
use crate::tag::signs;

/// What is to be published.
pub(super) struct Made {
    pub(super) tips: Tips,
    pub(super) policy: Policy,
    /// The lines that were made.
    pub(super) lines: Vec<String>,
    /// What could not be recorded.
    pub(super) left_out: Vec<LeftOut>,
    /// The files that change, whole; none where nothing does.
    pub(super) files: BTreeMap<RepoPath, Vec<u8>>,
    /// What the commit says.
    pub(super) message: String,
    /// What happens to identities, in words.
    pub(super) told: String,
    /// What stands on the branch and is not what was published or recorded.
    pub(super) standing: Vec<String>,
    /// The tags that the ledger tells of, once this is published.
    pub(super) record: Record,
}

pub(super) struct Making<'m> {
    pub(super) repository: &'m Repository,
    pub(super) arguments: &'m PostMergeArguments,
    pub(super) tips: Tips,
}

/// The lines that are due, and the ledger's files that they change.
struct Lines {
    batch: Batch,
    left_out: Vec<LeftOut>,
    changed: BTreeMap<String, Vec<u8>>,
}

impl Making<'_> {
    pub(super) fn make(&self) -> Result<Made, Refusal> {
        let head = self.repository.commit(self.tips.head)?;
        let (policy, _) = load_policy(None, &head, Some(self.tips.head))?;
        // Where the ledger stands: on the branch itself, or on one beside it.
        let beside = self.tips.ledger.map(|id| self.repository.commit(id)).transpose()?;
        let place = beside.as_ref().unwrap_or(&head);
        let stands = InSnapshot(place);
        let Lines { batch, left_out, changed } = self.record(&stands, &policy)?;
        let over = Over { stands: &stands, changed };
        let old = file(place, PATH, generate::registry::LARGEST)?;
        let tree = Tree { snapshot: &head, ledger: &over };
        let registry = registry::made(self.repository, &tree, old.as_deref())?;
        let told = words(&batch, old.as_deref(), &registry);
        let standing = self.standing(&head, &over, &policy, &registry)?;
        let rebuilt = old.as_deref() != Some(&registry);
        // Tags are made of lines that the branch has, or has with this push.
        let record = match self.arguments.writer {
            WriterArgument::PullRequest => recorded(&stands)?,
            WriterArgument::Push | WriterArgument::Branch => recorded(&over)?,
        };
        let mut files: BTreeMap<RepoPath, Vec<u8>> = BTreeMap::new();
        let news = rebuilt || !batch.lines.is_empty();
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
        let message = message(&batch, self.tips.head);
        Ok(Made {
            tips: self.tips,
            policy,
            lines: batch.lines,
            left_out,
            files,
            message,
            told,
            standing,
            record,
        })
    }

    /// What stands on the branch and is not what was published or recorded: brought by whoever may pass the gate, or left out of the record.
    fn standing(
        &self,
        head: &Commit<'_>,
        files: &dyn Files,
        policy: &Policy,
        registry: &[u8],
    ) -> Result<Vec<String>, Refusal> {
        let open =
            |id| self.repository.tree(id).map(|tree| Box::new(tree) as Box<dyn snapshot::Snapshot + '_>);
        let today = crate::environment::today();
        let rules::Standing { findings, unrecorded } =
            rules::judge_standing(head, files, &open, policy, today)?;
        let counts = |finding: &&diagnostic::Diagnostic| {
            finding.level == diagnostic::Level::Deny && finding.waived_by.is_none()
        };
        let place = |finding: &diagnostic::Diagnostic| {
            finding
                .location
                .as_ref()
                .map(|place| format!("{}: ", sanitise::path(&place.path)))
                .unwrap_or_default()
        };
        let mut standing: Vec<String> = findings
            .iter()
            .filter(counts)
            .map(|finding| format!("{}{} ({})", place(finding), finding.message, finding.rule.code))
            .collect();
        standing
            .extend(unrecorded.iter().map(|(path, message)| format!("{}: {message}", sanitise::path(path))));
        let entries = Opened::open(registry).map(|registry| registry.entries().flatten().collect::<Vec<_>>());
        for (ulid, entry) in entries.unwrap_or_default().iter().filter(|(_, entry)| entry.unrecorded) {
            standing.push(format!("{} ({ulid}) has a card, and could not be recorded", entry.key));
        }
        Ok(standing)
    }

    /// Makes the lines that are due, and the ledger's files as they are to stand.
    fn record(&self, stands: &dyn Files, policy: &Policy) -> Result<Lines, Refusal> {
        let read = Reading::default().read(stands, &mut |_, _| {})?;
        if let Some(fault) = read.faults.first() {
            return Err(Refusal::Gate {
                message: format!("{FOLDER}/{}: {}", fault.file, fault.message),
                help: "nothing was published; id-ledger verify tells everything that is wrong".into(),
            });
        }
        let mut batch = Batch::new(read);
        if policy.ledger.mode == LedgerMode::InChange {
            // Changes bring their own lines: the registry and the tags follow from them.
            return Ok(Lines { batch, left_out: Vec::new(), changed: BTreeMap::new() });
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
        let (_, mut left_out) = recording.make(&mut batch, stands)?;
        left_out.retain(|left| still_stands(self.repository, self.tips.head, left));
        let origin = recording.origin(&batch)?;
        let keys: Vec<_> = key.iter().collect();
        let changed = batch.files(stands, &origin, &keys)?;
        Ok(Lines { batch, left_out, changed: changed.into_iter().collect() })
    }
}

/// The ledger as it is to stand.
struct Over<'o> {
    stands: &'o dyn Files,
    changed: BTreeMap<String, Vec<u8>>,
}

impl Files for Over<'_> {
    fn read(&self, name: &str, limit: u64) -> snapshot::Result<Option<Vec<u8>>> {
        match self.changed.get(name) {
            Some(bytes) => Ok(Some(bytes.clone())),
            None => self.stands.read(name, limit),
        }
    }

    fn names(&self) -> snapshot::Result<Vec<String>> {
        let mut names = self.stands.names()?;
        names.extend(self.changed.keys().cloned());
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }
}

fn file(commit: &Commit<'_>, path: &str, limit: u64) -> Result<Option<Vec<u8>>, Refusal> {
    match commit.find(&RepoPath::from(path))? {
        Some(node) if node.object.mode.kind() == snapshot::Kind::File => Ok(Some(commit.read(&node, limit)?)),
        Some(node) => {
            Err(Refusal::failed(format!("{path} is {}, not a regular file", node.object.mode.kind())))
        }
        None => Ok(None),
    }
}

/// The files of a ledger that stands on a branch beside the recorded one.
fn whole_ledger(beside: &Commit<'_>) -> Result<Vec<(RepoPath, Vec<u8>)>, Refusal> {
    let files = InSnapshot(beside);
    let mut found = Vec::new();
    for name in files.names()? {
        if segment_number(&name).is_some() || name == CHECKPOINT || name == LOG_KEY {
            let bytes = files.read(&name, LARGEST_SEGMENT)?.unwrap_or_default();
            found.push((RepoPath::from(FOLDER).join(name.as_bytes()), bytes));
        }
    }
    Ok(found)
}

/// What happens to identities, a line an event; how many there are, where the registry begins.
fn words(batch: &Batch, old: Option<&[u8]>, new: &[u8]) -> String {
    let Some(old) = old else {
        let count = Opened::open(new).map(|new| new.entries().count()).unwrap_or_default();
        return format!("the registry begins with {}\n", counted_identities(count));
    };
    let same_sources = |a: &[u8], b: &[u8]| {
        let sources = |bytes| Opened::open(bytes).and_then(|registry| registry.sources()).ok();
        sources(a).is_some() && sources(a) == sources(b)
    };
    let mut told = String::new();
    if old != new && (same_sources(old, new) || Opened::read(old).is_err()) {
        told += "the registry was edited by hand, and is made anew\n";
    }
    for line in &batch.lines {
        let Ok(event) = Event::read(line.as_bytes()) else { continue };
        let Some(subject) = event.subject else { continue };
        let key =
            batch.read.machine.identity(subject).map(|identity| identity.key.to_string()).unwrap_or_default();
        let text = |name: &str| event.text(name).unwrap_or_default().into_owned();
        let what = match event.kind {
            EventType::Create => format!("was minted: a {} at {}", text("kind"), text("path")),
            EventType::Rekey => format!("was {} before", text("old_key")),
            EventType::AliasAdd => format!("is also called {}", text("alias")),
            EventType::Move => format!("moved from {} to {}", text("from"), text("to")),
            EventType::Transfer => format!("was transferred to {}", text("to")),
            EventType::Publish => format!("published {}", text("version")),
            EventType::Yank => format!("{} was yanked: {}", text("version"), text("reason")),
            EventType::Deprecate => "was deprecated".into(),
            EventType::Consolidate => format!("went into {}", text("target_ulid")),
            EventType::Retire => "was retired".into(),
            EventType::Waive => format!("{} was waived until {}", text("code"), text("until")),
            EventType::Genesis | EventType::RotateKey | EventType::Seal => continue,
        };
        told += &(sanitise::text(&format!("{key} {what}")) + "\n");
    }
    told
}

/// What the commit says: the same for the same lines and the same head.
fn message(batch: &Batch, head: ObjectId) -> String {
    let subject = match batch.lines.len() {
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

impl Made {
    /// Writes the commit; `None` where nothing changes.
    pub(super) fn commit(
        &self,
        repository: &Repository,
        arguments: &PostMergeArguments,
    ) -> Result<Option<ObjectId>, Refusal> {
        if self.files.is_empty() {
            return Ok(None);
        }
        let header = repository.commit(self.tips.head)?.header().clone();
        let tree = repository.write_tree(self.tips.head, &self.files)?;
        let standing = match self.tips.ledger {
            Some(beside) => repository.commit(beside)?.header().tree,
            None => header.tree,
        };
        if tree == standing {
            return Ok(None);
        }
        // First the recorded branch, so that who follows first parents comes to what the lines are derived from.
        let parents: Vec<ObjectId> = std::iter::once(self.tips.head).chain(self.tips.ledger).collect();
        let writer = &self.policy.writer;
        let time = header.time.max(0);
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
                (tree.to_string(), parents.iter().map(ToString::to_string).collect::<Vec<_>>());
            let mut command = vec!["commit-tree", "--gpg-sign", "-F", "-"];
            parents.iter().for_each(|parent| command.extend(["-p", parent]));
            command.push(&tree);
            let said = repository.git(&command, self.message.as_bytes(), &variables)?;
            let id = said.or_refused("the commit cannot be signed")?;
            return ObjectId::from_hex(id.trim_ascii())
                .map(Some)
                .ok_or_else(|| Refusal::failed("git made no commit"));
        }
        let by = format!("{} <{}> {time} +0000", writer.name, writer.email);
        let parents: String = parents.iter().map(|parent| format!("parent {parent}\n")).collect();
        let commit = format!("tree {tree}\n{parents}author {by}\ncommitter {by}\n\n{}", self.message);
        Ok(Some(repository.write_object(ObjectKind::Commit, commit.as_bytes())?))
    }

    /// Counts what was recorded, by type.
    pub(super) fn summary(&self) -> String {
        summary(&self.lines)
    }
}
