//! Deriving a recorded ledger again, from the history alone, and demanding the same bytes.

use repo::{CommitHeader, Comparison, Repository};
use snapshot::{ObjectId, Result};
use tlog::{Hash, VerifierKey};

use crate::derive::{Derivation, Since, since};
use crate::files::{Files, segment_name};
use crate::record::Policy;
use crate::{Discipline, Draft, Event, EventType, Fault, FaultKind, Machine, Place, Reading};

/// What deriving again came to.
#[derive(Debug, Default)]
pub struct Rederived {
    /// How many commits were derived again.
    pub commits: usize,
    /// How many derived lines were found as the history says.
    pub lines: u64,
    /// The first line that is not as the history says.
    pub fault: Option<Fault>,
}

/// A line of the ledger, as it is held against the history.
struct Held {
    bytes: Vec<u8>,
    place: Place,
    src: Option<ObjectId>,
    kind: EventType,
}

/// Derives the ledger again, from its GENESIS up to `head`.
///
/// `policy` says what each commit let the ledger do. Lines by hand are taken as they stand: they tell what the history does not.
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
) -> Result<Rederived> {
    let mut lines = Vec::new();
    let reading = Reading { whole, ..Reading::default() };
    reading.read(files, &mut |line, _| {
        if let Ok(event) = line.event {
            let src = event.src.and_then(|src| ObjectId::from_hex(src.as_bytes()));
            lines.push(Held { bytes: line.bytes.to_vec(), place: line.place, src, kind: event.kind });
        }
    })?;
    let mut replay = Replay {
        lines,
        at: 0,
        machine: Machine::new(Discipline::of_the_past()),
        policy,
        derivation: Derivation::new(repository, comparison),
        result: Rederived::default(),
    };
    if !replay.lines.is_empty() {
        replay.run(repository, head)?;
    }
    Ok(replay.result)
}

struct Replay<'r> {
    policy: &'r Policy<'r>,
    lines: Vec<Held>,
    at: usize,
    machine: Machine,
    derivation: Derivation<'r>,
    result: Rederived,
}

/// What came of holding a commit's events against the lines.
enum Verdict {
    Same,
    /// A line by hand was taken first: what the commit tells may be something else now.
    Again,
    Fault,
}

impl Replay<'_> {
    fn run(&mut self, repository: &Repository, head: ObjectId) -> Result<()> {
        let Some(begun) = self.lines[0].src.filter(|_| self.lines[0].kind == EventType::Genesis) else {
            self.fault("a recorded ledger begins with GENESIS, derived from a commit".into());
            return Ok(());
        };
        let commits = match since(repository, begun, head)? {
            Since::Commits(commits) => commits,
            Since::Rewritten(_) => {
                self.fault(format!(
                    "the ledger begins at {begun}, which is no commit of the mainline of {head}"
                ));
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
        if !matches!(self.hold(&first, &drafts), Verdict::Same) {
            return Ok(());
        }
        self.result.commits = 1;
        for header in &commits {
            // What was merged since the last recorded commit is still to be recorded.
            if !self.lines[self.at..].iter().any(|line| line.src.is_some()) {
                break;
            }
            if !self.commit(header)? {
                return Ok(());
            }
            self.result.commits += 1;
        }
        while self.by_hand() {
            self.take();
        }
        if let Some(src) = self.lines.get(self.at).and_then(|line| line.src) {
            self.fault(format!("this line is derived from {src}, which is no later commit of the mainline of {head}: the history was rewritten, or the line was"));
        }
        Ok(())
    }

    /// Holds one commit; `false` ends the replay.
    fn commit(&mut self, header: &CommitHeader) -> Result<bool> {
        let discipline = (self.policy)(header)?;
        // What was done by hand before this commit was recorded.
        let next = self.lines[self.at..].iter().find(|line| line.src.is_some());
        if next.is_some_and(|line| line.src == Some(header.id)) {
            while self.by_hand() {
                self.take();
            }
        }
        loop {
            self.machine.discipline = discipline.clone();
            let drafts = self.derivation.commit(header, &self.machine)?;
            match self.hold(header, &drafts) {
                Verdict::Same => return Ok(true),
                Verdict::Again => {}
                Verdict::Fault => return Ok(false),
            }
        }
    }

    fn by_hand(&self) -> bool {
        self.lines.get(self.at).is_some_and(|line| line.src.is_none())
    }

    /// Takes the next line as it stands.
    fn take(&mut self) {
        let line = &self.lines[self.at];
        if let Ok(event) = Event::read(&line.bytes) {
            // What is illegal is told by whoever judges the lines themselves.
            self.machine.discipline = Discipline::of_the_past();
            let _ = self.machine.step(self.at as u64, &event, Hash::leaf(&line.bytes));
        }
        self.at += 1;
    }

    fn hold(&mut self, header: &CommitHeader, drafts: &[Draft]) -> Verdict {
        let begun = self.at;
        for draft in drafts {
            let prev = self.machine.prev(draft.subject).filter(|_| !draft.kind.begins());
            if prev.is_none() && !draft.kind.begins() {
                continue;
            }
            let line = draft.line(prev.as_ref());
            let same = self.lines.get(self.at).is_some_and(|held| held.bytes == line.as_bytes());
            if same {
                let discipline = self.machine.discipline.clone();
                self.take();
                self.machine.discipline = discipline;
                self.result.lines += 1;
                continue;
            }
            let leaf = Hash::leaf(line.as_bytes());
            let event = Event::read(line.as_bytes());
            if !event.is_ok_and(|event| self.machine.judge(self.at as u64, &event, leaf).is_ok()) {
                // Recording left it out, too.
                continue;
            }
            if self.by_hand() && self.at == begun {
                self.take();
                return Verdict::Again;
            }
            self.fault(format!("the history says otherwise: commit {} makes it {line}", header.id));
            return Verdict::Fault;
        }
        if self.lines.get(self.at).is_some_and(|line| line.src == Some(header.id)) {
            self.fault(format!("commit {} says nothing of this", header.id));
            return Verdict::Fault;
        }
        Verdict::Same
    }

    fn fault(&mut self, message: String) {
        let line = self.lines.get(self.at).or(self.lines.last());
        let (place, length) = line.map(|line| (line.place, line.bytes.len())).unwrap_or_default();
        let start = usize::try_from(place.offset).unwrap_or_default();
        self.result.fault = Some(Fault {
            kind: FaultKind::NotDerivable,
            file: segment_name(place.segment),
            line: Some(self.at as u64),
            span: start..start + length,
            message,
            because_of: None,
        });
    }
}
