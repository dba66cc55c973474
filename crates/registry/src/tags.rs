//! The tags of published versions: which must exist, their content, and the mismatches of existing tags.
//!
//! A tag is derived from one line of the ledger and the lines before it, so it can be created again identically. The first line that names a tag owns it.

use std::collections::{BTreeMap, BTreeSet};

use artifact::Ulid;
use artifact::tag::{Templates, is_tag_name};
use ledger::files::Files;
use ledger::{EventType, Fault, Identity, Line, ReadOptions};
use snapshot::{ObjectId, Result};
use tlog::Hash;

/// A tag that the ledger records for a published version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedTag {
    /// The name of the tag.
    pub name: String,
    /// The commit that published the version.
    pub commit: ObjectId,
    /// The time of publication, in seconds since 1970.
    pub time: i64,
    /// The identity.
    pub ulid: Ulid,
    /// Its key at that time.
    pub key: String,
    /// The kind of the artifact.
    pub kind: String,
    /// The version.
    pub version: String,
    /// The object id of the published tree or blob.
    pub tree: Option<String>,
    /// The digest of the content.
    pub sha256: String,
    /// The origin of the log.
    pub origin: String,
    /// The number of the line, from 0.
    pub line: u64,
    /// The root of the ledger up to this line.
    pub root: Hash,
}

/// A published version for which the ledger records no tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UntaggedVersion {
    /// The identity.
    pub ulid: Ulid,
    /// Its key when the version was published.
    pub key: String,
    /// The kind of the artifact.
    pub kind: String,
    /// The name of its directory or file.
    pub name: String,
    /// The version.
    pub version: String,
    /// The number of the line that published it, from 0.
    pub line: u64,
    /// Why the name that the line records cannot be used; `None` where it records none.
    pub reason: Option<String>,
}

impl UntaggedVersion {
    /// Returns why no tag can be made although these templates name one for this kind of artifact; `None` where they name none.
    #[must_use]
    pub fn problem(&self, templates: &Templates) -> Option<String> {
        let of = format!("{} {} is published without a tag", self.key, self.version);
        if let Some(reason) = &self.reason {
            return Some(format!("{of}: {reason}"));
        }
        let template = match self.kind.as_str() {
            "plugin" => templates.plugin.as_ref(),
            "document" => templates.document.as_ref(),
            "policy-pack" => templates.pack.as_ref(),
            _ => None,
        };
        let ulid = self.ulid.to_string();
        let values = [("name", &self.name), ("key", &self.key), ("ulid", &ulid), ("version", &self.version)]
            .map(|(name, value)| (name, value.as_str()));
        // With a name, the policy of its time had no template: its tag was not wanted then.
        template
            .is_some_and(|template| template.fill(&values).is_none())
            .then(|| format!("{of}: its name and version form no valid tag name"))
    }
}

/// The tags that a ledger records.
#[derive(Debug, Default)]
pub struct RecordedTags {
    /// The tags, by name.
    pub tags: BTreeMap<String, RecordedTag>,
    /// The published versions without a tag that were not yanked.
    pub untagged: Vec<UntaggedVersion>,
    /// Notes about published versions without a tag, for people.
    pub notes: Vec<String>,
    /// The faults of the ledger itself.
    pub faults: Vec<Fault>,
}

/// Reads the tags that a ledger records.
///
/// # Errors
/// When the ledger cannot be read.
pub fn recorded(files: &dyn Files) -> Result<RecordedTags> {
    let mut record = RecordedTags::default();
    let mut origin = String::new();
    let read = ReadOptions::default().read(files, &mut |line: &Line<'_>, machine| {
        let Ok(event) = line.event else { return };
        if event.kind == EventType::Genesis {
            origin = event.text("origin").unwrap_or_default().into_owned();
        }
        let Some(ulid) = event.subject.filter(|_| event.kind == EventType::Publish) else { return };
        let note = |what: &str| format!("line {}: {what}", line.number + 1);
        let untagged = |reason: Option<String>| {
            let identity = machine.identity(ulid);
            let text =
                |part: fn(&Identity) -> &str| identity.as_deref().map(part).unwrap_or_default().to_string();
            let path = text(|identity| &identity.path);
            UntaggedVersion {
                ulid,
                key: text(|identity| &identity.key),
                kind: text(|identity| &identity.kind),
                name: path.rsplit('/').next().unwrap_or_default().to_string(),
                version: event.text("version").unwrap_or_default().into_owned(),
                line: line.number,
                reason,
            }
        };
        let Some(name) = event.text("tag") else {
            record.untagged.push(untagged(None));
            let identity = machine.identity(ulid);
            let named = identity.as_ref().filter(|identity| &*identity.kind != "policy-pack");
            if let Some(identity) = named {
                let version = event.text("version").unwrap_or_default();
                record.notes.push(note(&format!(
                    "{} {version} has no tag: the policy had no tag name for it, or none that git accepts",
                    identity.key
                )));
            }
            return;
        };
        let name = name.into_owned();
        if let Some(owner) = record.tags.get(&name) {
            let reason = format!("the tag {name} belongs to line {}", owner.line + 1);
            record.untagged.push(untagged(Some(reason)));
            record
                .notes
                .push(note(&format!("this version has no tag: {name} belongs to line {}", owner.line + 1)));
            return;
        }
        let Some(commit) = event.src.and_then(|src| ObjectId::from_hex(src.as_bytes())) else {
            record.notes.push(note(&format!(
                "{name} has no tag: the version was published manually, without a commit"
            )));
            return;
        };
        if !is_tag_name(&name) {
            record.untagged.push(untagged(Some("the recorded name is not a valid tag name".into())));
            record.notes.push(note("the recorded tag name is not a valid tag name"));
            return;
        }
        let identity = machine.identity(ulid);
        let text = |field: &str| event.text(field).map(std::borrow::Cow::into_owned);
        let tag = RecordedTag {
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
    record.untagged.retain(|version| {
        let identity = read.machine.identity(version.ulid);
        let published = identity.as_ref().into_iter().flat_map(|identity| &identity.versions);
        !published.into_iter().any(|(known, _, yanked)| **known == version.version && yanked.is_some())
    });
    record.faults = read.faults;
    // The roots are computed afterwards, when all needed sizes are known.
    let sizes: BTreeSet<u64> = record.tags.values().map(|tag| tag.line + 1).collect();
    let roots = ledger::roots(files, &sizes)?;
    for tag in record.tags.values_mut() {
        tag.root = roots.get(&(tag.line + 1)).copied().unwrap_or(tag.root);
    }
    Ok(record)
}

impl RecordedTag {
    /// Returns the message of the tag.
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

    /// Returns the unsigned annotated tag object with this tagger (as for `git mktag`).
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

/// An existing tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagState {
    /// The object that the ref points to.
    pub id: ObjectId,
    /// The peeled commit; `None` if the tag does not lead to a commit.
    pub commit: Option<ObjectId>,
    /// The annotated tag object; `None` if it is not annotated, or the object is missing.
    pub object: Option<Vec<u8>>,
    /// Whether the ref points directly to a commit.
    pub lightweight: bool,
}

/// A mismatch between an existing tag and the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagMismatch {
    /// The tag does not exist.
    Missing,
    /// It points to another commit.
    Moved {
        /// The object that it points to.
        found: ObjectId,
        /// The peeled commit.
        commit: Option<ObjectId>,
    },
    /// It points to the right commit, but is not an annotated tag.
    Lightweight,
    /// It points to the right commit, but its content differs.
    ContentDiffers {
        /// The tag object.
        found: ObjectId,
    },
}

impl RecordedTag {
    /// Verifies an existing tag against the ledger; returns the mismatch.
    #[must_use]
    pub fn verify(&self, found: Option<&TagState>) -> Option<TagMismatch> {
        let Some(found) = found else { return Some(TagMismatch::Missing) };
        if found.commit != Some(self.commit) {
            return Some(TagMismatch::Moved { found: found.id, commit: found.commit });
        }
        if found.lightweight {
            return Some(TagMismatch::Lightweight);
        }
        let matches = found.object.as_ref().is_some_and(|object| self.matches(object));
        (!matches).then_some(TagMismatch::ContentDiffers { found: found.id })
    }

    /// Returns whether an annotated tag has the recorded content; tagger and signature do not matter.
    fn matches(&self, object: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(object) else { return false };
        let Some((header, message)) = text.split_once("\n\n") else { return false };
        let mut lines = header.lines();
        let object = format!("object {}", self.commit);
        let named = lines.next() == Some(&object)
            && lines.next() == Some("type commit")
            && lines.next().and_then(|line| line.strip_prefix("tag ")) == Some(&self.name);
        let rest = message.strip_prefix(self.message().as_str());
        named && rest.is_some_and(|rest| rest.is_empty() || is_signature(rest))
    }
}

/// Returns whether `text` is exactly one armoured signature (gitformat-signature(5)).
fn is_signature(text: &str) -> bool {
    let Some((first, rest)) = text.split_once('\n') else { return false };
    let kind = first.strip_prefix("-----BEGIN ").and_then(|kind| kind.strip_suffix("-----"));
    let known = ["PGP SIGNATURE", "PGP MESSAGE", "SSH SIGNATURE", "SIGNED MESSAGE"];
    let Some(kind) = kind.filter(|kind| known.contains(kind)) else { return false };
    let Some(body) = rest.strip_suffix(&format!("-----END {kind}-----\n")) else { return false };
    // It must not contain readable text: only base64, and the version line of PGP.
    let base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    body.lines().all(|line| {
        line.chars().all(base64) || kind == "PGP SIGNATURE" && line.starts_with("Version: GnuPG v")
    })
}
