//! What the ledger contains about packed versions beside their content: proofs of their lines, and what was yanked, retired or merged.

use std::collections::{BTreeMap, BTreeSet};

use artifact::Ulid;
use diagnostic::sanitise;
use ledger::files::{Files, checkpoint};
use ledger::{Event, EventType, Identity, Line, ReadOptions, Status};
use registry::tags::RecordedTag;
use tlog::{TlogProof, Tree};

use crate::error::CommandError;

/// What is released with a version.
pub(super) struct Evidence {
    /// The proof of the line that published it; `None` where the ledger is unsigned, because nobody could verify it.
    pub(super) proof: Option<String>,
    /// Lines for the release notes.
    pub(super) notes: Vec<String>,
    /// Whether the version itself was yanked.
    pub(super) is_yanked: bool,
}

/// Reads the evidence of each tag, in one pass over the ledger.
pub(super) fn evidence(files: &dyn Files, tags: &[&RecordedTag]) -> Result<Vec<Evidence>, CommandError> {
    let subjects: BTreeSet<Ulid> = tags.iter().map(|tag| tag.ulid).collect();
    let proven: BTreeSet<u64> = tags.iter().map(|tag| tag.line).collect();
    let mut tree = Tree::default();
    let mut lines: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
    let mut reasons: BTreeMap<u64, String> = BTreeMap::new();
    let read = ReadOptions::default().read(files, &mut |line: &Line<'_>, _| {
        tree.push(line.leaf);
        if proven.contains(&line.number) {
            lines.insert(line.number, line.bytes.to_vec());
        }
        let reason = line.event.ok().filter(|event| is_about(event, &subjects));
        reasons.extend(reason.and_then(|event| Some((line.number, event.text("reason")?.into_owned()))));
    })?;
    let note = checkpoint(files)?.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let is_signed = read.machine.log().is_some_and(|log| log.key.is_some());
    let of_tag = |tag: &&RecordedTag| {
        let identity = read.machine.identity(tag.ulid);
        let state = CurrentState { tag, identity: identity.as_deref(), reasons: &reasons };
        let key_of = |ulid| read.machine.identity(ulid).map(|identity| identity.key.to_string());
        let proof = lines.get(&tag.line).filter(|_| is_signed).and_then(|line| {
            let inclusion = tree.prove_inclusion(tag.line, read.size())?;
            let proof = TlogProof { extra: Some(line.clone()), inclusion, checkpoint: note.clone() };
            Some(proof.to_string())
        });
        Evidence { proof, notes: state.notes(&key_of), is_yanked: state.is_yanked() }
    };
    Ok(tags.iter().map(of_tag).collect())
}

fn is_about(event: &Event<'_>, subjects: &BTreeSet<Ulid>) -> bool {
    use EventType as T;
    let withdraws = matches!(event.kind, T::Yank | T::Deprecate | T::Retire | T::Consolidate);
    withdraws && event.subject.is_some_and(|ulid| subjects.contains(&ulid))
}

/// The present state of the identity of a tag.
struct CurrentState<'s> {
    tag: &'s RecordedTag,
    identity: Option<&'s Identity>,
    /// The reasons that lines give, by line.
    reasons: &'s BTreeMap<u64, String>,
}

impl CurrentState<'_> {
    /// Returns the yanked versions with the lines that yanked them, in the order of these lines.
    fn yanked(&self) -> Vec<(&str, u64)> {
        let versions = self.identity.into_iter().flat_map(|identity| &identity.versions);
        let mut yanked: Vec<(&str, u64)> =
            versions.filter_map(|(version, _, line)| Some((&**version, (*line)?))).collect();
        yanked.sort_unstable_by_key(|(_, line)| *line);
        yanked
    }

    fn is_yanked(&self) -> bool {
        self.yanked().iter().any(|(version, _)| *version == self.tag.version)
    }

    /// Returns the lines of the notes, as Markdown that contains no markup of the ledger.
    fn notes(&self, key_of: &dyn Fn(Ulid) -> Option<String>) -> Vec<String> {
        let because = |line: u64| {
            let reason = self.reasons.get(&line).map(|reason| format!(": {}", sanitise::markdown(reason)));
            format!("(line {} of the ledger){}", line + 1, reason.unwrap_or_default())
        };
        let mut notes = Vec::new();
        for (version, line) in self.yanked() {
            let this = if version == self.tag.version { "this version was yanked" } else { "yanked" };
            notes.push(format!("**{this}**: `{version}` {}", because(line)));
        }
        let Some(identity) = self.identity else { return notes };
        let since = because(identity.status_line);
        match identity.status {
            Status::Active => {}
            Status::Deprecated => {
                let replaced = identity.replaced_by.as_deref().map(sanitise::markdown);
                let replaced = replaced.map(|other| format!(", replaced by {other}")).unwrap_or_default();
                notes.push(format!("**deprecated**{replaced} {since}"));
            }
            Status::Retired => notes.push(format!("**retired** {since}")),
            Status::Consolidated => {
                let target = identity.merged_into;
                let key = target.and_then(key_of).map(|key| format!("`{key}` ")).unwrap_or_default();
                let target = target.map(|ulid| format!(" into {key}(`{ulid}`)")).unwrap_or_default();
                notes.push(format!("**merged**{target} {since}"));
            }
        }
        notes
    }
}
