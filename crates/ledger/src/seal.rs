//! Seals and state proofs: a proof of the sealed state of an identity, or of its absence.
//!
//! A seal contains the root hash of all state lines, sorted by ULID (RFC 6962 §2.1). Presence is proved by the inclusion of the state line; absence by the
//! inclusion of two adjacent lines between which it would be.

use artifact::{Problem, Ulid};
use snapshot::RepoPath;
use thiserror::Error;
use tlog::{Hash, InclusionProof, ProofError, TlogProof, TlogProofError, Tree, verify_inclusion};

use crate::{Draft, Event, EventType, Json, Machine, State, StateForm};

/// The type name of proofs of state lines in their first form.
const HEAD_1: &str = "id-guard.dev/state-proof@v1";
/// The type name of proofs of state lines in their second form; a `urn:`, as the project has no domain of its own.
const HEAD_2: &str = "urn:id-guard:state-proof@v2";
/// The number of hashes of a path: one for each level of a tree of 2^63 leaves, and one more.
const MAX_HASHES: usize = 64;

/// Returns the SEAL event that recording appends; every writer that recorded the same commit gets the same event.
#[must_use]
pub fn seal(origin: &str, time: i64, (form, identities, root): (StateForm, i64, &str), number: u64) -> Draft {
    let mut payload = vec![("identities", Json::Integer(identities)), ("root", Json::text(root))];
    payload.extend((form == StateForm::V2).then_some(("state", Json::Integer(2))));
    Draft {
        kind: EventType::Seal,
        subject: None,
        src: None,
        time,
        by: origin.into(),
        card_sha256: None,
        att: None,
        payload,
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
    /// A state line is invalid.
    #[error("invalid state line: {0}")]
    SealedLine(Problem),
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
    /// The form of the state lines.
    pub form: StateForm,
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
    pub fn new(machine: &Machine, form: StateForm, subject: Ulid, seal: TlogProof) -> StateProof {
        let sorted = machine.sorted();
        let lines: Vec<String> =
            sorted.iter().map(|(ulid, identity)| State::of(*ulid, identity, form).line()).collect();
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
        StateProof { form, subject, lines, seal }
    }

    /// Reads a proof.
    ///
    /// # Errors
    /// When the text is not a state proof.
    pub fn parse(text: &str) -> Result<StateProof, StateProofError> {
        let form = StateProofError::Form;
        let (head, rest) = text.split_once('\n').ok_or_else(|| form("it has only one line"))?;
        let states = match head {
            HEAD_1 => StateForm::V1,
            HEAD_2 => StateForm::V2,
            _ => return Err(form("it does not start with the type name of a state proof")),
        };
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
            let path: Option<Vec<Hash>> =
                hashes.split_terminator('\n').take(MAX_HASHES + 1).map(Hash::parse).collect();
            let inclusion = InclusionProof {
                index: index.ok_or_else(|| form("the index of a state is missing or invalid"))?,
                path: path
                    .filter(|path| path.len() <= MAX_HASHES)
                    .ok_or_else(|| form("a hash is invalid"))?,
            };
            lines.push(SealedState { line: line.into(), inclusion });
            rest = more;
        }
        let seal = TlogProof::parse(rest.as_bytes())?;
        Ok(StateProof { form: states, subject, lines, seal })
    }

    /// Verifies the states against the seal; the caller verifies that a trusted log contains the seal.
    ///
    /// Returns the state of the identity, or `None` if it is absent.
    ///
    /// # Errors
    /// When the proof does not verify.
    pub fn verify(&self) -> Result<Option<State<'_>>, StateProofError> {
        let invalid = StateProofError::Invalid;
        let line = self.seal.extra.as_deref().ok_or(invalid("the proof contains no seal"))?;
        let event = Event::read(line)?;
        let root = event.text("root").and_then(|root| Hash::from_hex(&root));
        let (EventType::Seal, Some(root), Some(count)) = (event.kind, root, event.count("identities")) else {
            return Err(invalid("the line is not a SEAL"));
        };
        if StateForm::of_seal(event.count("state")) != Some(self.form) {
            return Err(invalid("the seal is of another form of state lines than the proof"));
        }
        let mut known: Vec<(u64, State<'_>)> = Vec::new();
        for state in &self.lines {
            let leaf = Hash::leaf(state.line.as_bytes());
            verify_inclusion(&leaf, &state.inclusion, count, &root)?;
            let read = State::read(&state.line, self.form).map_err(StateProofError::SealedLine)?;
            known.push((state.inclusion.index, read));
        }
        match known.as_slice() {
            [] if count == 0 && root == Hash::empty() => Ok(None),
            [(_, state)] if state.ulid == self.subject => Ok(Some(state.clone())),
            [(0, first)] if self.subject < first.ulid => Ok(None),
            [(at, last)] if at + 1 == count && self.subject > last.ulid => Ok(None),
            [(at, left), (next, right)]
                if at + 1 == *next && left.ulid < self.subject && self.subject < right.ulid =>
            {
                Ok(None)
            }
            _ => Err(invalid("the proof shows neither the presence nor the absence of the identity")),
        }
    }
}

/// Returns whether a file begins as a state proof does, of whatever version.
pub(crate) fn is_state_proof(text: &str) -> bool {
    let head = text.lines().next().unwrap_or_default();
    head.contains("state-proof@")
}

impl std::fmt::Display for StateProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let head = match self.form {
            StateForm::V1 => HEAD_1,
            StateForm::V2 => HEAD_2,
        };
        write!(f, "{head}\nsubject {}\n\n", self.subject)?;
        for state in &self.lines {
            writeln!(f, "state {}\nindex {}", state.line, state.inclusion.index)?;
            state.inclusion.path.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
            writeln!(f)?;
        }
        write!(f, "{}", self.seal)
    }
}
