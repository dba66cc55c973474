//! Signed notes (C2SP signed-note): text followed by signature lines.

use std::collections::BTreeSet;

use thiserror::Error;

use digest::base64;

use crate::{SigningKey, VerifierKey};

/// The size of a note that is read, in bytes: the limit of Go's `sumdb/note`.
const MAX_NOTE_BYTES: usize = 1_000_000;
/// The number of signatures of a note: the limit of Go's `sumdb/note`.
const MAX_SIGNATURES: usize = 100;

/// Why a note cannot be read, or its signatures do not verify.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoteError {
    /// Not the form of a signed note.
    #[error("invalid signed note: {0}")]
    Form(&'static str),
    /// A signature of a known key does not verify.
    #[error("the signature of {0} is not valid for this text")]
    Signature(String),
}

/// A signature line of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureLine {
    /// The key's name.
    pub name: String,
    /// The key's id.
    pub id: u32,
    /// The signature.
    pub signature: Vec<u8>,
}

impl SignatureLine {
    /// Returns the signed time of a cosignature, in seconds since 1970.
    #[must_use]
    pub fn time(&self) -> Option<u64> {
        let time = self.signature.first_chunk()?;
        (self.signature.len() == 72).then(|| u64::from_be_bytes(*time))
    }
}

impl std::fmt::Display for SignatureLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = [&self.id.to_be_bytes(), self.signature.as_slice()].concat();
        writeln!(f, "\u{2014} {} {}", self.name, base64::encode(&bytes))
    }
}

/// A note and its signatures, not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The text, with its final newline.
    pub text: String,
    /// The signatures, in file order.
    pub signatures: Vec<SignatureLine>,
}

impl Note {
    /// Reads a note.
    ///
    /// # Errors
    /// When the bytes are not a signed note.
    pub fn parse(bytes: &[u8]) -> Result<Note, NoteError> {
        if bytes.len() > MAX_NOTE_BYTES {
            return Err(NoteError::Form("it is larger than 1,000,000 bytes"));
        }
        let note = std::str::from_utf8(bytes).map_err(|_| NoteError::Form("it is not UTF-8"))?;
        if note.chars().any(|character| character < ' ' && character != '\n') {
            return Err(NoteError::Form("it contains control characters"));
        }
        let (text, lines) = note
            .rsplit_once("\n\n")
            .ok_or(NoteError::Form("the blank line before the signatures is missing"))?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Form("the final newline is missing"))?;
        let lines: Vec<&str> = lines.split('\n').collect();
        if lines.len() > MAX_SIGNATURES {
            return Err(NoteError::Form("it has more than 100 signatures"));
        }
        let signatures = lines
            .into_iter()
            .map(|line| signature_line(line).ok_or(NoteError::Form("a signature line is malformed")))
            .collect::<Result<_, _>>()?;
        Ok(Note { text: format!("{text}\n"), signatures })
    }

    /// Returns the given keys that signed the note; signatures of other keys are ignored.
    ///
    /// # Errors
    /// When a signature of one of the keys does not verify.
    pub fn signers<'k>(&self, keys: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteError> {
        let mut seen = BTreeSet::new();
        let mut signers: Vec<&VerifierKey> = Vec::new();
        for line in &self.signatures {
            let of_line = |key: &&VerifierKey| key.name() == line.name && key.id() == line.id;
            let Some(key) = keys.iter().find(of_line) else { continue };
            match key.verify(&self.text, &line.signature) {
                // A second signature of a key counts once, but it must verify as well.
                Some(true) if seen.insert((line.name.clone(), line.id)) => signers.push(key),
                Some(true) | None => {}
                Some(false) => return Err(NoteError::Signature(line.name.clone())),
            }
        }
        Ok(signers)
    }
}

/// Signs text that ends in a newline with every key.
#[must_use]
pub(crate) fn sign(text: &str, keys: &[&SigningKey]) -> String {
    let lines: String = keys.iter().map(|key| key.sign(text, 0)).collect();
    format!("{text}\n{lines}")
}

fn signature_line(line: &str) -> Option<SignatureLine> {
    let (name, bytes) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    let named =
        !name.is_empty() && !name.contains(|character: char| character.is_whitespace() || character == '+');
    let bytes = base64::decode(bytes).filter(|_| named)?;
    let (id, signature) = bytes.split_first_chunk()?;
    (!signature.is_empty()).then(|| SignatureLine {
        name: name.into(),
        id: u32::from_be_bytes(*id),
        signature: signature.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Algorithm;

    /// The example of C2SP signed-note.
    const EXAMPLE: &str = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    #[test]
    fn the_example_of_the_standard_verifies() {
        let note = Note::parse(EXAMPLE.as_bytes()).unwrap();
        let key = VerifierKey::parse(KEY).unwrap();
        assert_eq!(note.text, "This is an example message.\n");
        assert_eq!(note.signers(std::slice::from_ref(&key)), Ok(vec![&key]));
        assert_eq!(note.signers(&[]), Ok(vec![]), "unknown keys are ignored");
        assert_eq!(format!("{}\n{}", note.text, note.signatures[0]), EXAMPLE, "a line has one spelling");
    }

    #[test]
    fn a_changed_byte_makes_the_note_or_its_signature_invalid() {
        let key = VerifierKey::parse(KEY).unwrap();
        for at in 0..EXAMPLE.len() {
            let mut bytes = EXAMPLE.as_bytes().to_vec();
            bytes[at] ^= 1;
            let verified = Note::parse(&bytes).is_ok_and(|note| {
                note.signers(std::slice::from_ref(&key)).is_ok_and(|signers| !signers.is_empty())
            });
            assert!(!verified, "byte {at}");
        }
    }

    #[test]
    fn malformed_notes_are_refused() {
        for note in [
            "",
            "text\n",
            "text\n\n",
            "text\n\n\u{2014} a AAAAAAE=",
            "text\n\n- a AAAAAAE=\n",
            "text\n\n\u{2014} a AAAAAA==\n",
            "text\r\n\n\u{2014} a AAAAAAE=\n",
            "text\n\n\u{2014}  AAAAAAE=\n",
            "text\n\n\u{2014} a+b AAAAAAE=\n",
            "\n\u{2014} a AAAAAAE=\n",
        ] {
            assert!(Note::parse(note.as_bytes()).is_err(), "{note:?}");
        }
        let many = format!("text\n\n{}", "\u{2014} a AAAAAAE=\n".repeat(101));
        assert!(Note::parse(many.as_bytes()).is_err());
        assert!(Note::parse("text\n\n\u{2014} a AAAAAAE=\n".as_bytes()).is_ok());
    }

    #[test]
    fn a_witness_signs_a_time() {
        let witness = SigningKey::from_seed("witness.example", Algorithm::Cosignature, &[9; 32]).unwrap();
        let note = format!("text\n\n{}", witness.sign("text\n", 1_767_225_600));
        let note = Note::parse(note.as_bytes()).unwrap();
        assert_eq!(note.signatures[0].time(), Some(1_767_225_600));
        assert_eq!(note.signers(&[witness.verifier().clone()]).unwrap().len(), 1);
        let mut later = note;
        later.signatures[0].signature[7] ^= 1;
        assert!(later.signers(&[witness.verifier().clone()]).is_err(), "the time is signed as well");
    }
}
