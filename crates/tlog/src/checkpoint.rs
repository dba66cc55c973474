//! Checkpoints (C2SP tlog-checkpoint): the origin, size and root hash of a log at one moment.

use crate::note::sign;
use crate::{Hash, Note, NoteError, SigningKey};

/// The state of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log.
    pub origin: String,
    /// How many leaves it has.
    pub size: u64,
    /// The root of its tree.
    pub root: Hash,
    /// Extension lines of other standards, kept as they are.
    pub extensions: Vec<String>,
}

/// A checkpoint read from a file, signed or unsigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The content.
    pub checkpoint: Checkpoint,
    /// The signed note; `None` if it is unsigned.
    pub note: Option<Note>,
}

/// Reads a checkpoint, signed or unsigned. It verifies no signature.
///
/// # Errors
/// When the bytes are not a valid checkpoint.
pub fn open(bytes: &[u8]) -> Result<Opened, NoteError> {
    let signed = bytes.windows(2).any(|pair| pair == b"\n\n");
    let (text, note) = if signed {
        let note = Note::parse(bytes)?;
        (note.text.clone(), Some(note))
    } else {
        let text = String::from_utf8(bytes.to_vec()).map_err(|_| NoteError::Form("it is not UTF-8"))?;
        (text, None)
    };
    let checkpoint = Checkpoint::parse(&text).ok_or(NoteError::Form(
        "a checkpoint has one line each for the log's origin, its size and its root hash",
    ))?;
    Ok(Opened { checkpoint, note })
}

impl Checkpoint {
    /// Reads the text of a checkpoint.
    #[must_use]
    pub fn parse(text: &str) -> Option<Checkpoint> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let number: u64 = size.parse().ok()?;
        let clean = |line: &str| !line.is_empty() && !line.contains(|character: char| character < ' ');
        let extensions: Vec<String> = lines.map(String::from).collect();
        // Each number has one spelling: no sign, no leading zero. Other readers use signed 64-bit sizes, so 2^63 is out of range.
        let known = number.to_string() == size && number < 1 << 63 && clean(origin);
        (known && extensions.iter().all(|line| clean(line))).then_some(Checkpoint {
            origin: origin.into(),
            size: number,
            root: Hash::parse(root)?,
            extensions,
        })
    }

    /// Writes the text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, self.root);
        for line in &self.extensions {
            text += line;
            text.push('\n');
        }
        text
    }

    /// Writes the checkpoint, signed by each key; without a key, only the text.
    #[must_use]
    pub fn sign(&self, keys: &[&SigningKey]) -> String {
        if keys.is_empty() { self.text() } else { sign(&self.text(), keys) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_checkpoint_has_one_spelling() {
        let root = Hash::empty();
        let text = format!("example.org/log\n0\n{root}\n");
        assert_eq!(Checkpoint::parse(&text).unwrap().text(), text);
        let extended = format!("{text}extension\n");
        assert_eq!(Checkpoint::parse(&extended).unwrap().text(), extended);
        for other in [
            format!("example.org/log\n00\n{root}\n"),
            format!("example.org/log\n+1\n{root}\n"),
            format!("example.org/log\n-1\n{root}\n"),
            format!("example.org/log\n9223372036854775808\n{root}\n"),
            format!("\n0\n{root}\n"),
            format!("example.org/log\n0\n{root}"),
            format!("example.org/log\n0\n{root}\n\n"),
            "example.org/log\n0\n".into(),
            "example.org/log\n0\nAAAA\n".into(),
        ] {
            assert_eq!(Checkpoint::parse(&other), None, "{other:?}");
        }
    }
}
