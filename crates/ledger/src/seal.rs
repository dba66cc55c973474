//! What a seal proves: what an identity was when it was sealed, or that it was not there.
//!
//! A seal holds the root of all state lines, sorted by ULID (RFC 6962 §2.1). Presence is a line on its way to that root; absence is two lines that stand side by
//! side there, with nothing between them.

use artifact::{Limits, Syntax, Ulid, Value, parse};
use snapshot::RepoPath;
use tlog::{Hash, InclusionProof, TlogProof, Tree, verify_inclusion};

use crate::{Draft, Event, EventType, Json, Machine};

const HEAD: &str = "id-guard.dev/state-proof@v1";

/// Makes the seal that recording writes: the same from every writer that recorded the same commit.
#[must_use]
pub fn seal(origin: &str, time: i64, identities: i64, root: &str, number: u64) -> Draft {
    Draft {
        kind: EventType::Seal,
        subject: None,
        src: None,
        time,
        by: origin.into(),
        card_sha256: None,
        att: None,
        payload: vec![("identities", Json::Integer(identities)), ("root", Json::text(root))],
        told_by: RepoPath::root(),
        ordinal: number,
    }
}

/// A state line and its way to the sealed root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// The line.
    pub line: String,
    /// Its way.
    pub inclusion: InclusionProof,
}

/// What a seal says of an identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateProof {
    /// The identity.
    pub subject: Ulid,
    /// Its own line; or the lines between which it would stand: one at either end, none in an empty state.
    pub lines: Vec<Neighbour>,
    /// The seal, proved against a checkpoint.
    pub seal: TlogProof,
}

impl StateProof {
    /// Makes the proof from the states as they were sealed.
    #[must_use]
    pub fn new(machine: &Machine, subject: Ulid, seal: TlogProof) -> StateProof {
        let sorted = machine.sorted();
        let lines: Vec<String> = sorted.iter().map(|(ulid, identity)| identity.state_line(*ulid)).collect();
        let tree: Tree = lines.iter().map(|line| Hash::leaf(line.as_bytes())).collect();
        let shown = match sorted.binary_search_by_key(&subject, |(ulid, _)| *ulid) {
            Ok(at) => at..at + 1,
            Err(at) => at.saturating_sub(1)..(at + 1).min(lines.len()),
        };
        let lines = shown
            .filter_map(|at| {
                let inclusion = tree.prove_inclusion(at as u64, tree.size())?;
                Some(Neighbour { line: lines[at].clone(), inclusion })
            })
            .collect();
        StateProof { subject, lines, seal }
    }

    /// Reads a proof.
    ///
    /// # Errors
    /// When it is not of the form.
    pub fn parse(text: &str) -> Result<StateProof, String> {
        let form = |what: &str| format!("this is no state proof: {what}");
        let (head, rest) = text.split_once('\n').ok_or_else(|| form("it has one line"))?;
        if head != HEAD {
            return Err(form("it does not begin with id-guard.dev/state-proof@v1"));
        }
        let (subject, mut rest) = rest.split_once("\n\n").ok_or_else(|| form("it names no subject"))?;
        let subject = subject.strip_prefix("subject ").and_then(|text| Ulid::parse(text).ok());
        let subject = subject.ok_or_else(|| form("it names no subject"))?;
        let mut lines = Vec::new();
        while let Some(more) = rest.strip_prefix("state ") {
            if lines.len() == 2 {
                return Err(form("it has more than two states"));
            }
            let (line, more) = more.split_once('\n').ok_or_else(|| form("it ends in a state"))?;
            let (way, more) = more.split_once("\n\n").ok_or_else(|| form("it ends in a way"))?;
            let (index, hashes) = way.split_once('\n').unwrap_or((way, ""));
            let index = index
                .strip_prefix("index ")
                .and_then(|text| text.parse::<u64>().ok().filter(|number| number.to_string() == text));
            let path: Option<Vec<Hash>> = hashes.split_terminator('\n').take(65).map(Hash::parse).collect();
            let inclusion = InclusionProof {
                index: index.ok_or_else(|| form("a state has no index"))?,
                path: path
                    .filter(|path| path.len() <= 64)
                    .ok_or_else(|| form("one of its hashes is none"))?,
            };
            lines.push(Neighbour { line: line.into(), inclusion });
            rest = more;
        }
        let seal = TlogProof::parse(rest.as_bytes()).map_err(|error| error.to_string())?;
        Ok(StateProof { subject, lines, seal })
    }

    /// Holds the states against the seal; whether the seal itself stands in a log that is to be believed is the caller's to ask.
    ///
    /// Returns the identity's state line, or `None` where it was not there.
    ///
    /// # Errors
    /// When nothing is proved.
    pub fn verify(&self) -> Result<Option<&str>, String> {
        let line = self.seal.extra.as_deref().ok_or("the proof holds no seal")?;
        let event = Event::read(line).map_err(|flaw| format!("the sealed line: {}", flaw.message))?;
        let root = event.text("root").and_then(|root| Hash::from_hex(&root));
        let (EventType::Seal, Some(root), Some(count)) = (event.kind, root, event.count("identities")) else {
            return Err("the line is no seal".into());
        };
        let mut known: Vec<(u64, Ulid)> = Vec::new();
        for neighbour in &self.lines {
            let leaf = Hash::leaf(neighbour.line.as_bytes());
            verify_inclusion(&leaf, &neighbour.inclusion, count, &root)
                .map_err(|error| format!("a state is not sealed: {error}"))?;
            let value = parse(Syntax::Json, neighbour.line.as_bytes(), &Limits::default());
            let ulid = value
                .ok()
                .as_ref()
                .and_then(|value| value.pointer("/ulid"))
                .and_then(Value::as_str)
                .and_then(|text| Ulid::parse(text).ok());
            known.push((neighbour.inclusion.index, ulid.ok_or("a state names no identity")?));
        }
        match known.as_slice() {
            [] if count == 0 && root == Hash::empty() => Ok(None),
            [(_, ulid)] if *ulid == self.subject => Ok(Some(&self.lines[0].line)),
            [(0, first)] if self.subject < *first => Ok(None),
            [(at, last)] if at + 1 == count && self.subject > *last => Ok(None),
            [(at, left), (next, right)]
                if at + 1 == *next && *left < self.subject && self.subject < *right =>
            {
                Ok(None)
            }
            _ => Err("the states prove neither that the identity was there nor that it was not".into()),
        }
    }
}

impl std::fmt::Display for StateProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{HEAD}\nsubject {}\n\n", self.subject)?;
        for neighbour in &self.lines {
            writeln!(f, "state {}\nindex {}", neighbour.line, neighbour.inclusion.index)?;
            neighbour.inclusion.path.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
            writeln!(f)?;
        }
        write!(f, "{}", self.seal)
    }
}
