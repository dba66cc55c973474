//! Seals and state proofs: a proof of the sealed state of an identity, or of its absence.
//!
//! A seal contains the root hash of all state lines, sorted by ULID (RFC 6962 §2.1). Presence is proved by the inclusion of the state line; absence by the
//! inclusion of two adjacent lines between which it would be.

use artifact::{Limits, Problem, Syntax, Ulid, Value, parse};
use snapshot::RepoPath;
use thiserror::Error;
use tlog::{Hash, InclusionProof, ProofError, TlogProof, TlogProofError, Tree, verify_inclusion};

use crate::{Draft, Event, EventType, Json, Machine};

const HEAD: &str = "id-guard.dev/state-proof@v1";

/// Returns the SEAL event that recording appends; every writer that recorded the same commit gets the same event.
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
        source_file: RepoPath::root(),
        ordinal: number,
    }
}

/// Why a state proof cannot be read, or does not verify.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StateProofError {
    /// The text has another form.
    #[error("invalid state proof: {0}")]
    Form(&'static str),
    /// The proof of the seal cannot be read.
    #[error(transparent)]
    Seal(#[from] TlogProofError),
    /// The line of the seal is invalid.
    #[error("invalid seal line: {0}")]
    Line(#[from] Problem),
    /// A state is not in the sealed tree.
    #[error("the seal does not include a state: {0}")]
    State(#[from] ProofError),
    /// The proof does not show what it should.
    #[error("{0}")]
    Invalid(&'static str),
}

/// A state line with its inclusion proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedState {
    /// The state line.
    pub line: String,
    /// Its proof against the sealed root.
    pub inclusion: InclusionProof,
}

/// A proof of the state of an identity at a seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateProof {
    /// The identity.
    pub subject: Ulid,
    /// The line of the identity; or, if it is absent, the adjacent lines: one at either end, none in an empty state.
    pub lines: Vec<SealedState>,
    /// The seal with its proof against a checkpoint.
    pub seal: TlogProof,
}

impl StateProof {
    /// Creates the proof from the sealed states.
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
                Some(SealedState { line: lines[at].clone(), inclusion })
            })
            .collect();
        StateProof { subject, lines, seal }
    }

    /// Reads a proof.
    ///
    /// # Errors
    /// When the text is not a state proof.
    pub fn parse(text: &str) -> Result<StateProof, StateProofError> {
        let form = StateProofError::Form;
        let (head, rest) = text.split_once('\n').ok_or_else(|| form("it has only one line"))?;
        if head != HEAD {
            return Err(form("it does not start with id-guard.dev/state-proof@v1"));
        }
        let (subject, mut rest) = rest.split_once("\n\n").ok_or_else(|| form("the subject is missing"))?;
        let subject = subject.strip_prefix("subject ").and_then(|text| Ulid::parse(text).ok());
        let subject = subject.ok_or_else(|| form("the subject is missing"))?;
        let mut lines = Vec::new();
        while let Some(more) = rest.strip_prefix("state ") {
            if lines.len() == 2 {
                return Err(form("it has more than two states"));
            }
            let (line, more) = more.split_once('\n').ok_or_else(|| form("it is truncated in a state"))?;
            let (proof, more) = more.split_once("\n\n").ok_or_else(|| form("it is truncated in a proof"))?;
            let (index, hashes) = proof.split_once('\n').unwrap_or((proof, ""));
            let index = index
                .strip_prefix("index ")
                .and_then(|text| text.parse::<u64>().ok().filter(|number| number.to_string() == text));
            let path: Option<Vec<Hash>> = hashes.split_terminator('\n').take(65).map(Hash::parse).collect();
            let inclusion = InclusionProof {
                index: index.ok_or_else(|| form("the index of a state is missing or invalid"))?,
                path: path.filter(|path| path.len() <= 64).ok_or_else(|| form("a hash is invalid"))?,
            };
            lines.push(SealedState { line: line.into(), inclusion });
            rest = more;
        }
        let seal = TlogProof::parse(rest.as_bytes())?;
        Ok(StateProof { subject, lines, seal })
    }

    /// Verifies the states against the seal; the caller verifies that a trusted log contains the seal.
    ///
    /// Returns the state line of the identity, or `None` if it is absent.
    ///
    /// # Errors
    /// When the proof does not verify.
    pub fn verify(&self) -> Result<Option<&str>, StateProofError> {
        let invalid = StateProofError::Invalid;
        let line = self.seal.extra.as_deref().ok_or(invalid("the proof contains no seal"))?;
        let event = Event::read(line)?;
        let root = event.text("root").and_then(|root| Hash::from_hex(&root));
        let (EventType::Seal, Some(root), Some(count)) = (event.kind, root, event.count("identities")) else {
            return Err(invalid("the line is not a SEAL"));
        };
        let mut known: Vec<(u64, Ulid)> = Vec::new();
        for state in &self.lines {
            let leaf = Hash::leaf(state.line.as_bytes());
            verify_inclusion(&leaf, &state.inclusion, count, &root)?;
            let value = parse(Syntax::Json, state.line.as_bytes(), &Limits::default());
            let ulid = value
                .ok()
                .as_ref()
                .and_then(|value| value.pointer("/ulid"))
                .and_then(Value::as_str)
                .and_then(|text| Ulid::parse(text).ok());
            known.push((state.inclusion.index, ulid.ok_or(invalid("a state has no ULID"))?));
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
            _ => Err(invalid("the proof shows neither the presence nor the absence of the identity")),
        }
    }
}

impl std::fmt::Display for StateProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{HEAD}\nsubject {}\n\n", self.subject)?;
        for state in &self.lines {
            writeln!(f, "state {}\nindex {}", state.line, state.inclusion.index)?;
            state.inclusion.path.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
            writeln!(f)?;
        }
        write!(f, "{}", self.seal)
    }
}
