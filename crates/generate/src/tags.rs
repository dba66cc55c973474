//! The tags of published versions: which there must be, what each says, and what is wrong with those that are there.
//!
//! A tag follows from one line of the ledger and the lines before it, so that anybody makes the same one at any time. The first line that names a tag owns it.

use std::collections::{BTreeMap, BTreeSet};

use artifact::Ulid;
use artifact::tag::is_tag_name;
use ledger::files::Files;
use ledger::{EventType, Fault, Line, ReadOptions};
use snapshot::{ObjectId, Result};
use tlog::Hash;

/// A version that the ledger says is tagged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The tag's name.
    pub name: String,
    /// The commit that published the version.
    pub commit: ObjectId,
    /// When that was, in seconds since 1970.
    pub time: i64,
    /// The identity.
    pub ulid: Ulid,
    /// Its key at that time.
    pub key: String,
    /// What it is.
    pub kind: String,
    /// The version.
    pub version: String,
    /// The tree or blob of the content.
    pub tree: Option<String>,
    /// The digest of the content.
    pub sha256: String,
    /// The log's name.
    pub origin: String,
    /// The line, from 0.
    pub line: u64,
    /// The root of the ledger up to this line.
    pub root: Hash,
}

/// What a ledger says of tags.
#[derive(Debug, Default)]
pub struct Record {
    /// The tags, by name.
    pub tags: BTreeMap<String, Recorded>,
    /// What was said and cannot be tagged, for people.
    pub notes: Vec<String>,
    /// What is wrong with the ledger itself.
    pub faults: Vec<Fault>,
}

/// Reads which tags a ledger says there are.
///
/// # Errors
/// When the ledger cannot be read.
pub fn recorded(files: &dyn Files) -> Result<Record> {
    let mut record = Record::default();
    let mut origin = String::new();
    let read = ReadOptions::default().read(files, &mut |line: &Line<'_>, machine| {
        let Ok(event) = line.event else { return };
        if event.kind == EventType::Genesis {
            origin = event.text("origin").unwrap_or_default().into_owned();
        }
        let Some(ulid) = event.subject.filter(|_| event.kind == EventType::Publish) else { return };
        let told = |what: &str| format!("line {}: {what}", line.number + 1);
        let Some(name) = event.text("tag") else {
            let identity = machine.identity(ulid);
            let named = identity.as_ref().filter(|identity| &*identity.kind != "policy-pack");
            if let Some(identity) = named {
                let version = event.text("version").unwrap_or_default();
                record.notes.push(told(&format!(
                    "{} {version} has no tag: none is called by its name",
                    identity.key
                )));
            }
            return;
        };
        let name = name.into_owned();
        if let Some(owner) = record.tags.get(&name) {
            record.notes.push(told(&format!(
                "the tag {name} belongs to line {}: this version has none",
                owner.line + 1
            )));
            return;
        }
        let Some(commit) = event.src.and_then(|src| ObjectId::from_hex(src.as_bytes())) else {
            record.notes.push(told(&format!("{name} was published by hand, of no commit: it has no tag")));
            return;
        };
        if !is_tag_name(&name) {
            record.notes.push(told("no tag can be called as it says"));
            return;
        }
        let identity = machine.identity(ulid);
        let text = |field: &str| event.text(field).map(std::borrow::Cow::into_owned);
        let tag = Recorded {
            name: name.clone(),
            commit,
            time: event.time,
            ulid,
            key: identity.as_ref().map(|identity| identity.key.to_string()).unwrap_or_default(),
            kind: identity.as_ref().map(|identity| identity.kind.to_string()).unwrap_or_default(),
            version: text("version").unwrap_or_default(),
            tree: text("tree"),
            sha256: text("sha256").unwrap_or_default(),
            origin: origin.clone(),
            line: line.number,
            root: Hash::empty(),
        };
        record.tags.insert(name, tag);
    })?;
    record.faults = read.faults;
    // The roots are known once it is known which sizes are wanted.
    let sizes: BTreeSet<u64> = record.tags.values().map(|tag| tag.line + 1).collect();
    let roots = ledger::roots(files, &sizes)?;
    for tag in record.tags.values_mut() {
        tag.root = roots.get(&(tag.line + 1)).copied().unwrap_or(tag.root);
    }
    Ok(record)
}

impl Recorded {
    /// Returns what the tag says.
    #[must_use]
    pub fn message(&self) -> String {
        let tree = self.tree.as_ref().map(|tree| format!("Tree: {tree}\n")).unwrap_or_default();
        format!(
            "{} {}\n\nULID: {}\nKey: {}\nKind: {}\nVersion: {}\n{tree}SHA-256: {}\nLedger: {}\nLedger-Size: {}\nLedger-Root: {}\n",
            self.key,
            self.version,
            self.ulid,
            self.key,
            self.kind,
            self.version,
            self.sha256,
            self.origin,
            self.line + 1,
            self.root,
        )
    }

    /// Returns the annotated tag, unsigned, by somebody (gitformat: `git mktag`).
    #[must_use]
    pub fn object(&self, name: &str, email: &str) -> Vec<u8> {
        format!(
            "object {}\ntype commit\ntag {}\ntagger {name} <{email}> {} +0000\n\n{}",
            self.commit,
            self.name,
            self.time.max(0),
            self.message()
        )
        .into_bytes()
    }
}

/// A tag as it is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What the ref names.
    pub id: ObjectId,
    /// The commit behind it; `None` where it leads to none.
    pub commit: Option<ObjectId>,
    /// The annotated tag; `None` where it is none, or the object is not at hand.
    pub object: Option<Vec<u8>>,
    /// Whether the ref names a commit itself.
    pub lightweight: bool,
}

/// What can be wrong with a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// It is not there.
    Missing,
    /// It names another commit.
    Moved {
        /// What it names.
        found: ObjectId,
        /// The commit behind that.
        commit: Option<ObjectId>,
    },
    /// It names the right commit, and is no annotated tag.
    Lightweight,
    /// It names the right commit, and says something else.
    SaysOtherwise {
        /// The tag object.
        found: ObjectId,
    },
}

impl Recorded {
    /// Holds a tag that was found to what the ledger says.
    #[must_use]
    pub fn hold(&self, found: Option<&Found>) -> Option<Wrong> {
        let Some(found) = found else { return Some(Wrong::Missing) };
        if found.commit != Some(self.commit) {
            return Some(Wrong::Moved { found: found.id, commit: found.commit });
        }
        if found.lightweight {
            return Some(Wrong::Lightweight);
        }
        let says = found.object.as_ref().is_some_and(|object| self.is_said_by(object));
        (!says).then_some(Wrong::SaysOtherwise { found: found.id })
    }

    /// Tells whether an annotated tag says what this one says, whoever made and signed it.
    fn is_said_by(&self, object: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(object) else { return false };
        let Some((header, message)) = text.split_once("\n\n") else { return false };
        let mut lines = header.lines();
        let object = format!("object {}", self.commit);
        let named = lines.next() == Some(&object)
            && lines.next() == Some("type commit")
            && lines.next().and_then(|line| line.strip_prefix("tag ")) == Some(&self.name);
        let behind = message.strip_prefix(self.message().as_str());
        named && behind.is_some_and(|behind| behind.is_empty() || is_signature(behind))
    }
}

/// Tells whether a text is one armoured signature from its first line to its last (gitformat-signature(5)), and nothing else.
fn is_signature(text: &str) -> bool {
    let Some((first, rest)) = text.split_once('\n') else { return false };
    let kind = first.strip_prefix("-----BEGIN ").and_then(|kind| kind.strip_suffix("-----"));
    let known = ["PGP SIGNATURE", "PGP MESSAGE", "SSH SIGNATURE", "SIGNED MESSAGE"];
    let Some(kind) = kind.filter(|kind| known.contains(kind)) else { return false };
    let Some(body) = rest.strip_suffix(&format!("-----END {kind}-----\n")) else { return false };
    // Nothing that a person would read stands in it: base64, and the version that PGP may put before it.
    let base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    body.lines().all(|line| {
        line.chars().all(base64) || kind == "PGP SIGNATURE" && line.starts_with("Version: GnuPG v")
    })
}
