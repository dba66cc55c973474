//! Proof files for readers without the ledger: of a line (C2SP tlog-proof), or of the sealed state of an identity.

use artifact::Problem;
use thiserror::Error;
use tlog::{Hash, Opened, ProofError, TlogProof, TlogProofError, verify_inclusion};

use crate::seal::is_state_proof;
use crate::{Event, State, StateProof, StateProofError};

/// A proof file that was read, but not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProofFile {
    /// A proof of a line.
    Line(TlogProof),
    /// A proof of a state, or of an absence.
    State(StateProof),
}

/// What a proof shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proven<'p> {
    /// The log contains this line.
    Line(Event<'p>),
    /// At this seal, the identity had this state; `None` if it did not exist.
    State(Event<'p>, Option<Box<State<'p>>>),
}

impl<'p> Proven<'p> {
    /// Returns the event of the proven line: for a state, the seal.
    #[must_use]
    pub fn event(&self) -> &Event<'p> {
        match self {
            Proven::Line(event) | Proven::State(event, _) => event,
        }
    }
}

/// Why a proof file cannot be read, or does not verify.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProofFileError {
    /// The file is not a proof of a line.
    #[error(transparent)]
    Form(#[from] TlogProofError),
    /// The file is not a proof of a state, or the state does not verify.
    #[error(transparent)]
    State(#[from] StateProofError),
    /// The file does not contain the line.
    #[error("the proof does not contain the line that it proves")]
    NoLine,
    /// The path does not lead to the root.
    #[error("the line is not in the log: {0}")]
    Inclusion(#[from] ProofError),
    /// The line is not an event.
    #[error("the proven line is not a valid event: {0}")]
    Event(Problem),
}

impl ProofFile {
    /// Reads a proof file of either kind.
    ///
    /// # Errors
    /// When the text is neither.
    pub fn parse(text: &str) -> Result<ProofFile, ProofFileError> {
        if is_state_proof(text) {
            Ok(ProofFile::State(StateProof::parse(text)?))
        } else {
            Ok(ProofFile::Line(TlogProof::parse(text.as_bytes())?))
        }
    }

    /// Returns the proof of the line: for a state, of the seal.
    #[must_use]
    pub fn line_proof(&self) -> &TlogProof {
        match self {
            ProofFile::Line(proof) => proof,
            ProofFile::State(state) => &state.seal,
        }
    }

    /// Returns the proven line, if the file contains one.
    #[must_use]
    pub fn line(&self) -> Option<&[u8]> {
        self.line_proof().extra.as_deref()
    }

    /// Verifies the proof against its checkpoint, as [`TlogProof::open`] returns it. The caller decides whether the checkpoint is trusted.
    ///
    /// # Errors
    /// When the proof does not verify.
    pub fn verify(&self, opened: &Opened) -> Result<Proven<'_>, ProofFileError> {
        let line = self.line().ok_or(ProofFileError::NoLine)?;
        let checkpoint = &opened.checkpoint;
        let inclusion = &self.line_proof().inclusion;
        verify_inclusion(&Hash::leaf(line), inclusion, checkpoint.size, &checkpoint.root)?;
        let event = Event::read(line).map_err(ProofFileError::Event)?;
        Ok(match self {
            ProofFile::Line(_) => Proven::Line(event),
            ProofFile::State(state) => Proven::State(event, state.verify()?.map(Box::new)),
        })
    }
}
