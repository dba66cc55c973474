//! Deriving a recorded ledger again from the commit history, and comparing the bytes.

use repo::{CommitHeader, Comparison, Repository};
use snapshot::{ObjectId, Result};
use tlog::{Hash, VerifierKey};

use crate::derive::{Derivation, Since, since};
use crate::files::{Files, segment_name};
use crate::record::Policy;
use crate::{Discipline, Draft, Event, EventType, Fault, FaultKind, Machine, Position, ReadOptions};

/// The result of deriving a ledger again.
#[derive(Debug, Default)]
pub struct Rederivation {
    /// The number of commits that were derived.
    pub commits: usize,
    /// The number of derived lines that match the history.
    pub lines: u64,
    /// The first line that does not match the history.
    pub fault: Option<Fault>,
}

/// A line of the ledger that is compared with the history.
struct RecordedLine {
    bytes: Vec<u8>,
    position: Position,
    src: Option<ObjectId>,
    kind: EventType,
}

/// Derives the ledger again, from its GENESIS up to `head`.
///
/// `policy` returns the settings of each commit. Manual lines are accepted unchanged: they record what the history does not contain.
///
/// # Errors
/// When the ledger or the history cannot be read.
pub fn rederive<'p>(
    repository: &Repository,
    files: &dyn Files,
    head: ObjectId,
    whole: bool,
    comparison: Comparison,
    policy: &'p Policy<'p>,
) -> Result<Rederivation> {
    let mut lines = Vec::new();
    let reading = ReadOptions { whole, ..ReadOptions::default() };
    reading.read(files, &mut |line, _| {
        if let Ok(event) = line.event {
            let src = event.src.and_then(|src| ObjectId::from_hex(src.as_bytes()));
            lines.push(RecordedLine {
                bytes: line.bytes.to_vec(),
                position: line.position,
                src,
                kind: event.kind,
            });
        }
    })?;
    let mut replay = Replay {
        lines,
        at: 0,
        machine: Machine::new(Discipline::for_recorded_lines()),
        policy,
        derivation: Derivation::new(repository, comparison),
        result: Rederivation::default(),
    };
    if !replay.lines.is_empty() {
        replay.run(repository, head)?;
    }
    Ok(replay.result)
}

struct Replay<'r> {
    policy: &'r Policy<'r>,
    lines: Vec<RecordedLine>,
    at: usize,
    machine: Machine,
    derivation: Derivation<'r>,
    result: Rederivation,
}

/// The result of comparing the events of a commit with the lines.
enum Verdict {
    Same,
    /// A manual line was accepted first, so the events of the commit must be derived again.
    Again,
    Fault,
}

impl Replay<'_> {
    fn run(&mut self, repository: &Repository, head: ObjectId) -> Result<()> {
        let Some(begun) = self.lines[0].src.filter(|_| self.lines[0].kind == EventType::Genesis) else {
            self.fault("a recorded ledger must start with GENESIS, derived from a commit".into());
            return Ok(());
        };
        let commits = match since(repository, begun, head)? {
            Since::Commits(commits) => commits,
            Since::Rewritten(_) => {
                self.fault(format!("the ledger starts at {begun}, which is not on the mainline of {head}"));
                return Ok(());
            }
        };
        let first = repository.commit(begun)?.header().clone();
        let genesis = Event::read(&self.lines[0].bytes).ok();
        let origin = genesis.as_ref().and_then(|event| event.text("origin")).unwrap_or_default().into_owned();
        let keys = genesis.map(|event| event.list("keys")).unwrap_or_default();
        let key = keys.first().and_then(|key| VerifierKey::parse(key).ok());
        self.machine.discipline = (self.policy)(&first)?;
        let drafts = self.derivation.adopt(&first, &origin, key.as_ref(), &self.machine)?;
        if !matches!(self.compare_with(&first, &drafts), Verdict::Same) {
            return Ok(());
        }
        self.result.commits = 1;
        for header in &commits {
            // Commits after the last recorded one are not recorded yet.
            if !self.lines[self.at..].iter().any(|line| line.src.is_some()) {
                break;
            }
            if !self.commit(header)? {
                return Ok(());
            }
            self.result.commits += 1;
        }
        while self.by_hand() {
            self.accept();
        }
        if let Some(src) = self.lines.get(self.at).and_then(|line| line.src) {
            self.fault(format!("this line names {src}, which is not a later commit on the mainline of {head}: the history or the line was rewritten"));
        }
        Ok(())
    }

    /// Compares one commit; returns `false` if the replay must stop.
    fn commit(&mut self, header: &CommitHeader) -> Result<bool> {
        let discipline = (self.policy)(header)?;
        // Manual lines from before this commit was recorded.
        let next = self.lines[self.at..].iter().find(|line| line.src.is_some());
        if next.is_some_and(|line| line.src == Some(header.id)) {
            while self.by_hand() {
                self.accept();
            }
        }
        loop {
            self.machine.discipline = discipline.clone();
            let drafts = self.derivation.commit(header, &self.machine)?;
            match self.compare_with(header, &drafts) {
                Verdict::Same => return Ok(true),
                Verdict::Again => {}
                Verdict::Fault => return Ok(false),
            }
        }
    }

    fn by_hand(&self) -> bool {
        self.lines.get(self.at).is_some_and(|line| line.src.is_none())
    }

    /// Applies the next line unchanged.
    fn accept(&mut self) {
        let line = &self.lines[self.at];
        if let Ok(event) = Event::read(&line.bytes) {
            // A refused event is reported where the lines themselves are checked.
            self.machine.discipline = Discipline::for_recorded_lines();
            self.machine.apply(self.at as u64, &event, Hash::leaf(&line.bytes)).ok();
        }
        self.at += 1;
    }

    /// Compares the events of a commit with the next lines.
    fn compare_with(&mut self, header: &CommitHeader, drafts: &[Draft]) -> Verdict {
        let begun = self.at;
        for draft in drafts {
            let prev = self.machine.prev(draft.subject).filter(|_| !draft.kind.is_first());
            if prev.is_none() && !draft.kind.is_first() {
                continue;
            }
            let line = draft.line(prev.as_ref());
            let same = self.lines.get(self.at).is_some_and(|recorded| recorded.bytes == line.as_bytes());
            if same {
                let discipline = self.machine.discipline.clone();
                self.accept();
                self.machine.discipline = discipline;
                self.result.lines += 1;
                continue;
            }
            let leaf = Hash::leaf(line.as_bytes());
            let event = Event::read(line.as_bytes());
            if !event.is_ok_and(|event| self.machine.check(self.at as u64, &event, leaf).is_ok()) {
                // Recording omitted it as well.
                continue;
            }
            if self.by_hand() && self.at == begun {
                self.accept();
                return Verdict::Again;
            }
            self.fault(format!(
                "the line differs from the commit history: commit {} gives {line}",
                header.id
            ));
            return Verdict::Fault;
        }
        if self.lines.get(self.at).is_some_and(|line| line.src == Some(header.id)) {
            self.fault(format!("not derivable from commit {}", header.id));
            return Verdict::Fault;
        }
        Verdict::Same
    }

    fn fault(&mut self, message: String) {
        let line = self.lines.get(self.at).or(self.lines.last());
        let (position, length) = line.map(|line| (line.position, line.bytes.len())).unwrap_or_default();
        let start = usize::try_from(position.offset).unwrap_or_default();
        self.result.fault = Some(Fault {
            kind: FaultKind::NotDerivable,
            file: segment_name(position.segment),
            line: Some(self.at as u64),
            span: start..start + length,
            message,
            because_of: None,
        });
    }
}
