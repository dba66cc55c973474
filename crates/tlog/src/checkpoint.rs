//! Checkpoints (C2SP tlog-checkpoint): what a log says of itself at one moment.

use crate::note::sign;
use crate::{Hash, Note, NoteError, SigningKey};

/// The state of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log this is.
    pub origin: String,
    /// How many leaves it has.
    pub size: u64,
    /// The root of its tree.
    pub root: Hash,
    /// Lines of other standards, which this program carries along.
    pub extensions: Vec<String>,
}

/// A checkpoint as it stands in a file: signed, or not yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// The note; `None` where nobody signed it.
    pub note: Option<Note>,
}

/// Reads a checkpoint, whether it is signed or not; nothing of it is believed yet.
///
/// # Errors
/// When it is no checkpoint.
pub fn open(bytes: &[u8]) -> Result<Opened, NoteError> {
    let signed = bytes.windows(2).any(|pair| pair == b"\n\n");
    let (text, note) = match signed {
        true => {
            let note = Note::parse(bytes)?;
            (note.text.clone(), Some(note))
        }
        false => {
            let text = String::from_utf8(bytes.to_vec()).map_err(|_| NoteError::Form("it is not UTF-8"))?;
            (text, None)
        }
    };
    let checkpoint = Checkpoint::parse(&text)
        .ok_or(NoteError::Form("a checkpoint is the log's origin, its size and its root, a line each"))?;
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
        // One spelling a number: no sign, no leading zero. A tree of 2^63 leaves is beyond every reader.
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

    /// Writes the checkpoint, signed by each key; without a key the text alone.
    #[must_use]
    pub fn sign(&self, keys: &[&SigningKey]) -> String {
        match keys.is_empty() {
            true => self.text(),
            false => sign(&self.text(), keys),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_a_checkpoint() {
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
