//! Deriving events from the commit history: what each mainline commit changed for identities, deterministically.

mod facts;
mod history;
mod request;

use std::collections::BTreeMap;

use artifact::layout::{CARDS, Layout};
use artifact::{Claims, Ulid};
use repo::{Commit, CommitHeader, Comparison, Repository, Scope, TreeDiffer};
use snapshot::{Change, Mode, Node, Object, ObjectId, RepoPath, Result, Snapshot};
use tlog::{Hash, VerifierKey};

pub use history::{Rewritten, Since, is_on_mainline, since};
pub use request::Request;

use crate::attestation;
use crate::files::{ATTESTATIONS, PENDING};
use crate::{Draft, EventType, Json, Machine, sha256};
use facts::{Facts, KnownFacts};

/// A change that could not become an event, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Omission {
    /// The commit.
    pub commit: ObjectId,
    /// The file that declares the change.
    pub path: RepoPath,
    /// The reason.
    pub message: String,
    /// The identity, where the event has one.
    pub subject: Option<Ulid>,
    /// The event that could not be recorded, where it is known.
    pub kind: Option<EventType>,
    /// Whether a frozen ID card was edited, which a discipline of the policy can report by itself.
    pub is_card_edit: bool,
}

/// Derives the events of commits.
pub struct Derivation<'r> {
    repository: &'r Repository,
    edges: TreeDiffer<'r>,
    /// The changes that could not be derived, in the order of the commits.
    pub omissions: Vec<Omission>,
}

/// Selects the files from which events are derived; Markdown files can name an identity in any directory.
struct EventSources<'l>(&'l Layout);

impl Scope for EventSources<'_> {
    fn enter(&self, _: &RepoPath) -> bool {
        true
    }

    fn concerns(&self, file: &RepoPath) -> bool {
        is_card(file) || Facts::is_candidate(file, self.0) || is_request(file)
    }
}

fn is_card(path: &RepoPath) -> bool {
    path.parent() == RepoPath::from(CARDS) && path.name().ends_with(b".yaml")
}

fn is_request(path: &RepoPath) -> bool {
    path.parent() == RepoPath::from(PENDING) && path.name().ends_with(b".json")
}

/// A commit and the state before it, while its events are derived.
struct Step<'s> {
    commit: &'s Commit<'s>,
    header: &'s CommitHeader,
    machine: &'s Machine,
    drafts: Vec<Draft>,
    omissions: Vec<Omission>,
}

impl<'r> Derivation<'r> {
    /// Creates a derivation. `comparison` selects whether pack deltas are used.
    #[must_use]
    pub fn new(repository: &'r Repository, comparison: Comparison) -> Derivation<'r> {
        Derivation {
            repository,
            edges: TreeDiffer::new(repository.objects(), comparison),
            omissions: Vec::new(),
        }
    }

    /// Derives the first events of a ledger at a commit: GENESIS, and the identities that already exist.
    ///
    /// # Errors
    /// When an object is missing or corrupt.
    pub fn adopt(
        &mut self,
        header: &CommitHeader,
        origin: &str,
        key: Option<&VerifierKey>,
        machine: &Machine,
    ) -> Result<Vec<Draft>> {
        let keys = key.map(|key| Json::text(key.to_string())).into_iter().collect();
        let genesis = Draft {
            payload: vec![("keys", Json::List(keys)), ("origin", Json::text(origin))],
            ..empty_draft(header, EventType::Genesis, None)
        };
        let mut drafts = self.events(header, None, machine, &|_| true)?;
        drafts.insert(0, genesis);
        Ok(drafts)
    }

    /// Derives the events of a commit compared with its first parent, in order.
    ///
    /// # Errors
    /// When an object is missing or corrupt.
    pub fn commit(&mut self, header: &CommitHeader, machine: &Machine) -> Result<Vec<Draft>> {
        let parent = header.parents.first().map(|&id| self.repository.commit(id)).transpose()?;
        self.events(header, parent.as_ref(), machine, &|_| true)
    }

    /// Derives the events of a change, as if it were one commit; `is_new` selects the differences that belong to it.
    ///
    /// # Errors
    /// When an object is missing or corrupt.
    pub fn change(
        &mut self,
        before: &Commit<'_>,
        header: &CommitHeader,
        machine: &Machine,
        is_new: &dyn Fn(&Change) -> bool,
    ) -> Result<Vec<Draft>> {
        self.events(header, Some(before), machine, is_new)
    }

    fn events(
        &mut self,
        header: &CommitHeader,
        parent: Option<&Commit<'_>>,
        machine: &Machine,
        is_new: &dyn Fn(&Change) -> bool,
    ) -> Result<Vec<Draft>> {
        let before = parent.map(|parent| parent.header().tree);
        let sources = EventSources(&machine.discipline.layout);
        let mut changes = self.edges.compare(before, header.tree, &sources)?.changes;
        changes.retain(is_new);
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let commit = self.repository.commit(header.id)?;
        let mut step = Step { commit: &commit, header, machine, drafts: Vec::new(), omissions: Vec::new() };
        let created = step.cards(&changes)?;
        step.facts(&changes, parent, &created)?;
        step.requests(&changes)?;
        let Step { mut drafts, omissions, .. } = step;
        self.omissions.extend(omissions);
        // Sort by type, then identity; events of one file keep their order.
        drafts.sort_by_key(|draft| (draft.kind, draft.subject));
        deduplicate(&mut drafts);
        number_events(&mut drafts);
        Ok(drafts)
    }
}

/// Removes duplicates: a card and a spec can declare the same change, and an identity ends only once.
fn deduplicate(drafts: &mut Vec<Draft>) {
    let mut kept: Vec<Draft> = Vec::with_capacity(drafts.len());
    for draft in drafts.drain(..) {
        let same = |other: &Draft| {
            let ends =
                matches!(draft.kind, EventType::Deprecate | EventType::Consolidate | EventType::Retire);
            (other.kind, other.subject) == (draft.kind, draft.subject)
                && (ends || other.payload == draft.payload)
        };
        // The drafts are sorted, so duplicates are close together.
        let near =
            kept.iter().rev().take_while(|other| (other.kind, other.subject) == (draft.kind, draft.subject));
        if !near.into_iter().any(same) {
            kept.push(draft);
        }
    }
    *drafts = kept;
}

/// Numbers the events with equal type and identity.
fn number_events(drafts: &mut [Draft]) {
    let mut last: Option<(EventType, Option<Ulid>, u64)> = None;
    for draft in drafts {
        draft.ordinal = match last {
            Some((kind, subject, ordinal)) if (kind, subject) == (draft.kind, draft.subject) => ordinal + 1,
            _ => 0,
        };
        last = Some((draft.kind, draft.subject, draft.ordinal));
    }
}

/// Creates an event of a commit with an empty payload.
fn empty_draft(header: &CommitHeader, kind: EventType, subject: Option<Ulid>) -> Draft {
    Draft {
        kind,
        subject,
        src: Some(header.id.to_string()),
        time: header.time,
        by: author(&header.author),
        card_sha256: None,
        att: None,
        payload: Vec::new(),
        source_file: RepoPath::root(),
        ordinal: 0,
    }
}

/// Returns the address in `Name <address>`, or the name if the address is missing.
fn author(author: &[u8]) -> String {
    let inside = |text: &[u8]| {
        let start = text.iter().rposition(|&byte| byte == b'<')? + 1;
        let end = start + text[start..].iter().position(|&byte| byte == b'>')?;
        (end > start).then(|| text[start..end].to_vec())
    };
    let bytes = inside(author).unwrap_or_else(|| author.to_vec());
    // Control characters would be escaped, and no real address contains one.
    let text = String::from_utf8_lossy(&bytes);
    let text: String = text.trim().chars().filter(|character| !character.is_control()).take(200).collect();
    if text.is_empty() { "unknown".into() } else { text }
}

impl Step<'_> {
    fn omit(&mut self, path: &RepoPath, message: impl Into<String>) {
        let (commit, path, message) = (self.header.id, path.clone(), message.into());
        self.omissions.push(Omission {
            commit,
            path,
            message,
            subject: None,
            kind: None,
            is_card_edit: false,
        });
    }

    fn omit_card_edit(&mut self, path: RepoPath) {
        let message = "ID card was modified; the change is not recorded, because ID cards are permanent";
        self.omissions.push(Omission {
            commit: self.header.id,
            path,
            message: message.into(),
            subject: None,
            kind: None,
            is_card_edit: true,
        });
    }

    fn read(&self, path: &RepoPath, object: Option<Object>, limit: u64) -> Result<Option<Vec<u8>>> {
        match object.filter(|object| matches!(object.mode, Mode::File | Mode::Executable)) {
            None => Ok(None),
            Some(object) => match self.commit.read(&Node { path: path.clone(), object }, limit) {
                Err(snapshot::Error::TooLarge { .. }) => Ok(None),
                other => other.map(Some),
            },
        }
    }

    /// Derives CREATE for every new card.
    fn cards(&mut self, changes: &[Change]) -> Result<BTreeMap<Ulid, Claims>> {
        let mut created = BTreeMap::new();
        for change in changes.iter().filter(|change| is_card(&change.path) && change.before.is_none()) {
            let limit = artifact::id_card::MAX_CARD_BYTES as u64;
            let Some(text) = self.read(&change.path, change.after, limit)? else {
                self.omit(&change.path, "the card is not a regular file, or too large");
                continue;
            };
            let claims = Claims::read(&text);
            let Ok(ulid) = Ulid::parse(&claims.ulid) else {
                self.omit(&change.path, "the card has no ULID");
                continue;
            };
            if change.path.name() != format!("{ulid}.yaml").as_bytes() {
                self.omit(&change.path, "the file name does not match the ULID of the card");
                continue;
            }
            let fields = [
                ("key", &claims.key),
                ("kind", &claims.kind),
                ("owner", &claims.owner),
                ("path", &claims.path),
            ];
            let payload = fields.into_iter().filter(|(_, text)| !text.is_empty());
            let draft = Draft {
                payload: payload.map(|(name, text)| (name, Json::text(text.as_str()))).collect(),
                card_sha256: Some(sha256(&text)),
                source_file: change.path.clone(),
                ..empty_draft(self.header, EventType::Create, Some(ulid))
            };
            self.drafts.push(draft);
            created.insert(ulid, claims);
        }
        Ok(created)
    }

    /// Derives the events of changed facts in cards, specs, documents and packs.
    fn facts(
        &mut self,
        changes: &[Change],
        parent: Option<&Commit<'_>>,
        created: &BTreeMap<Ulid, Claims>,
    ) -> Result<()> {
        let mut before: BTreeMap<(Ulid, bool), Facts> = BTreeMap::new();
        let mut after: Vec<(RepoPath, Facts)> = Vec::new();
        let layout = &self.machine.discipline.layout;
        for change in
            changes.iter().filter(|change| is_card(&change.path) || Facts::is_candidate(&change.path, layout))
        {
            if let Some(parent) = parent
                && let Some(facts) = Facts::read(parent, &change.path, change.before)?
            {
                before.insert((facts.ulid, facts.is_card), facts);
            }
            after.extend(
                Facts::read(self.commit, &change.path, change.after)?
                    .map(|facts| (change.path.clone(), facts)),
            );
        }
        for (path, facts) in after {
            let earlier = before.get(&(facts.ulid, facts.is_card));
            if facts.is_card
                && earlier.is_none()
                && created.contains_key(&facts.ulid)
                && !facts.exceeds_create()
            {
                continue;
            }
            if earlier.is_some_and(|earlier| facts.is_frozen_card_edited(earlier)) {
                self.omit_card_edit(path);
                continue;
            }
            self.identity(&path, &facts, earlier, created.get(&facts.ulid))?;
        }
        Ok(())
    }

    /// Derives the events of one document.
    fn identity(
        &mut self,
        path: &RepoPath,
        facts: &Facts,
        earlier: Option<&Facts>,
        created: Option<&Claims>,
    ) -> Result<()> {
        let known = self.machine.identity(facts.ulid).map(std::borrow::Cow::into_owned);
        let Some(mut known) = known.map(KnownFacts::of).or_else(|| created.map(KnownFacts::at_creation))
        else {
            self.omit(path, format!("no ID card with ULID {}", facts.ulid));
            return Ok(());
        };
        if !facts.describes_kind(&known.kind) {
            self.omit(
                path,
                format!(
                    "{} is a {}, but this document describes another kind of artifact",
                    facts.ulid, known.kind
                ),
            );
            return Ok(());
        }
        // Another document with this ULID is ignored while the artifact's own document exists at its recorded path.
        let own = facts.document_at(&known.path);
        if !facts.is_card && facts.path.as_ref() != Some(&known.path) && own != *path {
            let object = self.commit.find(&own)?.map(|node| node.object);
            if Facts::read(self.commit, &own, object)?.is_some_and(|other| other.ulid == facts.ulid) {
                let own = String::from_utf8_lossy(own.as_bytes()).into_owned();
                self.omit(
                    path,
                    format!("{} already belongs to {own}; this file declares the same ULID", facts.ulid),
                );
                return Ok(());
            }
        }
        // A value that did not change was recorded before; if the ledger differs, a manual event changed it.
        let changed = |field: fn(&Facts) -> Option<&String>| {
            field(facts).filter(|now| earlier.and_then(field) != Some(*now)).cloned()
        };
        let mut events: Vec<(EventType, Vec<(&'static str, Json)>)> = Vec::new();
        if let Some(key) = changed(|facts| facts.key.as_ref()).filter(|key| *key != known.key) {
            events.push((
                EventType::Rekey,
                vec![("old_key", Json::text(&*known.key)), ("new_key", Json::text(&*key))],
            ));
            known.key = key;
        }
        for alias in &facts.aliases {
            let is_new = earlier.is_none_or(|earlier| !earlier.aliases.contains(alias));
            if is_new && !known.aliases.contains(alias) && known.key != *alias {
                events.push((EventType::AliasAdd, vec![("alias", Json::text(alias.as_str()))]));
                known.aliases.push(alias.clone());
            }
        }
        if let Some(to) = changed(|facts| facts.path.as_ref()).filter(|to| *to != known.path) {
            events.push((EventType::Move, vec![("from", Json::text(&*known.path)), ("to", Json::text(to))]));
        }
        if let Some(owner) =
            changed(|facts| facts.owner.as_ref()).filter(|owner| known.owner.as_ref() != Some(owner))
        {
            let from = known.owner.as_ref().map(|from| ("from", Json::text(from.as_str())));
            events.push((EventType::Transfer, from.into_iter().chain([("to", Json::text(owner))]).collect()));
        }
        if let Some(version) =
            changed(|facts| facts.version.as_ref()).filter(|version| !known.versions.contains(version))
        {
            match self.published(path, facts, &version) {
                Ok(payload) => events.push((EventType::Publish, payload)),
                Err(error @ snapshot::Error::TooLarge { .. }) => {
                    self.omit(path, format!("version {version} cannot be published: {error}"));
                }
                Err(error) => return Err(error),
            }
        }
        if let Some(status) = changed(|facts| facts.status.as_ref()) {
            events.extend(facts.status_events(&status, known.status));
        }
        let card = self.card_sha256(facts.ulid)?;
        let header = self.header;
        self.drafts.extend(events.into_iter().map(|(kind, payload)| Draft {
            payload,
            card_sha256: card,
            source_file: path.clone(),
            ..empty_draft(header, kind, Some(facts.ulid))
        }));
        Ok(())
    }

    fn published(&self, path: &RepoPath, facts: &Facts, version: &str) -> Result<Vec<(&'static str, Json)>> {
        let artifact = if facts.is_directory { path.parent() } else { path.clone() };
        let node = self.commit.find(&artifact)?;
        let mut payload = vec![("version", Json::text(version))];
        if let Some(node) = node {
            payload.push(("sha256", Json::text(artifact::content::digest(self.commit, &node)?.hex())));
            payload.extend(node.object.id.map(|id| ("tree", Json::text(id.to_string()))));
        }
        let tag = facts.tag(&self.machine.discipline.tags, &artifact, version);
        payload.extend(tag.map(|tag| ("tag", Json::text(tag))));
        Ok(payload)
    }

    fn card_sha256(&self, ulid: Ulid) -> Result<Option<Hash>> {
        let path = RepoPath::from(CARDS).join(format!("{ulid}.yaml").as_bytes());
        let object = self.commit.find(&path)?.map(|node| node.object);
        Ok(self.read(&path, object, artifact::id_card::MAX_CARD_BYTES as u64)?.map(|text| sha256(&text)))
    }

    /// Derives the events of new requests.
    fn requests(&mut self, changes: &[Change]) -> Result<()> {
        for change in changes.iter().filter(|change| is_request(&change.path) && change.before.is_none()) {
            let text = self.read(&change.path, change.after, crate::MAX_LINE_BYTES as u64)?;
            match text
                .ok_or_else(|| "the request is not a regular file, or too large".to_string())
                .and_then(|text| Request::read(&change.path, &text).map_err(|problem| problem.message))
            {
                Err(message) => self.omit(&change.path, message),
                Ok(request) => {
                    if let Some(message) = self.attestation_problem(&request)? {
                        self.omit(&change.path, message);
                        continue;
                    }
                    let card = self.card_sha256(request.subject)?;
                    self.drafts.push(Draft {
                        payload: request.payload,
                        card_sha256: card,
                        att: request.att,
                        source_file: change.path.clone(),
                        ..empty_draft(self.header, request.kind, Some(request.subject))
                    });
                }
            }
        }
        Ok(())
    }

    /// Returns why the attestation of a request is missing or invalid.
    fn attestation_problem(&self, request: &Request) -> Result<Option<String>> {
        let Some(att) = request.att else { return Ok(None) };
        let path = RepoPath::from(ATTESTATIONS).join(format!("{}.json", att.hex()).as_bytes());
        let object = self.commit.find(&path)?.map(|node| node.object);
        let Some(text) =
            self.read(&path, object, attestation::MAX_ENVELOPE_BYTES)?.filter(|text| sha256(text) == att)
        else {
            return Ok(Some(format!("missing attestation: .ledger/att/{}.json", att.hex())));
        };
        let event = attestation::subject(request.kind, Some(request.subject), &request.payload);
        Ok(attestation::verify(&text, &event, request.kind, &self.machine.discipline)
            .err()
            .map(|error| error.to_string()))
    }
}
