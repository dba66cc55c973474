//! The header of a commit object: tree, parents, author and time, read strictly from untrusted bytes.

use snapshot::{Error, ObjectId, Result};

/// The fields of a commit that an audit uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitHeader {
    /// The commit's own id.
    pub id: ObjectId,
    /// The root tree.
    pub tree: ObjectId,
    /// The parents, first parent first.
    pub parents: Vec<ObjectId>,
    /// Name and address of the author as raw, untrusted bytes.
    pub author: Vec<u8>,
    /// Committer time in seconds since 1970; 0 if it cannot be read.
    pub time: i64,
}

impl CommitHeader {
    /// Reads the header lines of a commit object in the order git requires (git `commit.c`, `parse_commit_buffer`).
    pub(crate) fn parse(id: ObjectId, data: &[u8]) -> Result<CommitHeader> {
        let corrupt = |reason: &str| Error::Corrupt { what: format!("commit {id}"), reason: reason.into() };
        let mut lines = data.split(|&byte| byte == b'\n').take_while(|line| !line.is_empty()).peekable();
        let tree = lines
            .next()
            .and_then(|line| ObjectId::from_hex(line.strip_prefix(b"tree ")?))
            .ok_or_else(|| corrupt("it has no tree line"))?;
        let mut parents = Vec::new();
        while let Some(hex) = lines.peek().and_then(|line| line.strip_prefix(b"parent ")) {
            parents.push(ObjectId::from_hex(hex).ok_or_else(|| corrupt("a parent line is malformed"))?);
            lines.next();
        }
        let mut author = Vec::new();
        let mut time = 0;
        for line in lines {
            if let Some(rest) = line.strip_prefix(b"author ") {
                author = identity(rest).to_vec();
            } else if let Some(rest) = line.strip_prefix(b"committer ") {
                time = timestamp(rest);
                break;
            }
        }
        if parents.iter().any(|parent| parent.as_bytes().len() != id.as_bytes().len()) {
            return Err(corrupt("the id of a parent has a different length"));
        }
        Ok(CommitHeader { id, tree, parents, author, time })
    }
}

/// `Name <address> 1700000000 +0000` without the time.
fn identity(line: &[u8]) -> &[u8] {
    match line.iter().rposition(|&byte| byte == b'>') {
        Some(end) => &line[..=end],
        None => line,
    }
}

fn timestamp(line: &[u8]) -> i64 {
    let after = line.iter().rposition(|&byte| byte == b'>').map_or(0, |end| end + 1);
    let mut words = line[after..].split(|&byte| byte == b' ').filter(|word| !word.is_empty());
    words.next().and_then(|word| std::str::from_utf8(word).ok()?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    fn parse(text: &str) -> Result<CommitHeader> {
        CommitHeader::parse(ObjectId::from_hex(TREE.as_bytes()).unwrap(), text.as_bytes())
    }

    #[test]
    fn only_the_header_of_a_commit_is_read() {
        let commit = parse(&format!(
            "tree {TREE}\nparent {TREE}\nparent {TREE}\nauthor A <a@example.org> 5 +0000\ncommitter C <c> 17 +0100\ngpgsig x\n\nparent {TREE}\n"
        ))
        .unwrap();
        assert_eq!(commit.parents.len(), 2, "a parent line in the message is not a parent");
        assert_eq!((commit.author.as_slice(), commit.time), (&b"A <a@example.org>"[..], 17));
    }

    #[test]
    fn invalid_commits_are_errors() {
        for text in ["", "tree short\n", "author A <a> 1 +0000\n", &format!("tree {TREE}\nparent xyz\n")] {
            assert!(parse(text).is_err(), "{text:?}");
        }
        assert_eq!(parse(&format!("tree {TREE}\ncommitter C <c> soon +0000\n")).unwrap().time, 0);
    }
}
