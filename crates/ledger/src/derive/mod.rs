//! From history to events: what each commit of the mainline did to identities, the same on every machine and at every time.

mod facts;
mod history;
mod request;

use std::collections::BTreeMap;

use artifact::layout::CARDS;
use artifact::{Claims, Ulid};
use repo::{Commit, CommitHeader, Comparison, Repository, Scope, TreeDiffer};
use snapshot::{Change, Mode, Node, Object, ObjectId, RepoPath, Result, Snapshot};
use tlog::{Hash, VerifierKey};

pub use history::{Rewritten, Since, is_on_mainline, since};
pub use request::Request;

use crate::attestation;
use crate::files::{ATTESTATIONS, PENDING};
use crate::{Draft, EventType, Json, Machine};
use facts::Facts;

/// What the derivation could not make an event of, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The commit.
    pub commit: ObjectId,
    /// The file that would have told the event.
    pub path: RepoPath,
    /// Why.
    pub message: String,
}

/// Derives the events of commits.
pub struct Derivation<'r> {
    repository: &'r Repository,
    edges: TreeDiffer<'r>,
    /// What could not be derived, in the order of the commits.
    pub left_out: Vec<LeftOut>,
}

/// Only what can tell an event matters; Markdown may name an identity wherever it lies.
struct Telling;

impl Scope for Telling {
    fn enter(&self, _: &RepoPath) -> bool {
        true
    }

    fn concerns(&self, file: &RepoPath) -> bool {
        is_card(file) || Facts::may_lie_at(file) || is_request(file)
    }
}

fn is_card(path: &RepoPath) -> bool {
    path.parent() == RepoPath::from(CARDS) && path.name().ends_with(b".yaml")
}

fn is_request(path: &RepoPath) -> bool {
    path.parent() == RepoPath::from(PENDING) && path.name().ends_with(b".json")
}

/// A commit and what stood before it, while its events are derived.
struct Step<'s> {
    commit: &'s Commit<'s>,
    header: &'s CommitHeader,
    machine: &'s Machine,
    drafts: Vec<Draft>,
    left_out: Vec<LeftOut>,
}

impl<'r> Derivation<'r> {
    /// Starts. `comparison` tells whether the pack's deltas are trusted.
    #[must_use]
    pub fn new(repository: &'r Repository, comparison: Comparison) -> Derivation<'r> {
        Derivation {
            repository,
            edges: TreeDiffer::new(repository.objects(), comparison),
            left_out: Vec::new(),
        }
    }

    /// Derives how a ledger begins at a commit: GENESIS, and what stands there already.
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
            ..blank(header, EventType::Genesis, None)
        };
        let mut drafts = self.events(header, None, machine)?;
        drafts.insert(0, genesis);
        Ok(drafts)
    }

    /// Derives the events of a commit against its first parent, in their order.
    ///
    /// # Errors
    /// When an object is missing or corrupt.
    pub fn commit(&mut self, header: &CommitHeader, machine: &Machine) -> Result<Vec<Draft>> {
        let parent = header.parents.first().map(|&id| self.repository.commit(id)).transpose()?;
        self.events(header, parent.as_ref(), machine)
    }

    /// Derives the events that a change would bring, as one commit.
    ///
    /// # Errors
    /// When an object is missing or corrupt.
    pub fn change(
        &mut self,
        before: &Commit<'_>,
        header: &CommitHeader,
        machine: &Machine,
    ) -> Result<Vec<Draft>> {
        self.events(header, Some(before), machine)
    }

    fn events(
        &mut self,
        header: &CommitHeader,
        parent: Option<&Commit<'_>>,
        machine: &Machine,
    ) -> Result<Vec<Draft>> {
        let before = parent.map(|parent| parent.header().tree);
        let changes = self.edges.compare(before, header.tree, &Telling)?.changes;
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let commit = self.repository.commit(header.id)?;
        let mut step = Step { commit: &commit, header, machine, drafts: Vec::new(), left_out: Vec::new() };
        let created = step.cards(&changes)?;
        step.facts(&changes, parent, &created)?;
        step.requests(&changes)?;
        let Step { mut drafts, left_out, .. } = step;
        self.left_out.extend(left_out);
        // Commit order, then type, then identity; what one file tells keeps its own order.
        drafts.sort_by_key(|draft| (draft.kind, draft.subject));
        once(&mut drafts);
        number(&mut drafts);
        Ok(drafts)
    }
}

/// A card and a spec may tell the same, one of them with more to say of an end that comes once.
fn once(drafts: &mut Vec<Draft>) {
    let mut kept: Vec<Draft> = Vec::with_capacity(drafts.len());
    for draft in drafts.drain(..) {
        let same = |other: &Draft| {
            let ends =
                matches!(draft.kind, EventType::Deprecate | EventType::Consolidate | EventType::Retire);
            (other.kind, other.subject) == (draft.kind, draft.subject)
                && (ends || other.payload == draft.payload)
        };
        // The drafts are sorted: what is the same stands close by.
        let near =
            kept.iter().rev().take_while(|other| (other.kind, other.subject) == (draft.kind, draft.subject));
        if !near.into_iter().any(same) {
            kept.push(draft);
        }
    }
    *drafts = kept;
}

/// Numbers the events of one type and identity.
fn number(drafts: &mut [Draft]) {
    let mut last: Option<(EventType, Option<Ulid>, u64)> = None;
    for draft in drafts {
        draft.ordinal = match last {
            Some((kind, subject, ordinal)) if (kind, subject) == (draft.kind, draft.subject) => ordinal + 1,
            _ => 0,
        };
        last = Some((draft.kind, draft.subject, draft.ordinal));
    }
}

/// An event of a commit, its payload still empty.
fn blank(header: &CommitHeader, kind: EventType, subject: Option<Ulid>) -> Draft {
    Draft {
        kind,
        subject,
        src: Some(header.id.to_string()),
        time: header.time,
        by: author(&header.author),
        card_sha256: None,
        att: None,
        payload: Vec::new(),
        told_by: RepoPath::root(),
        ordinal: 0,
    }
}

/// The address of `Name <address>`, or the name where there is none.
fn author(author: &[u8]) -> String {
    let inside = |text: &[u8]| {
        let start = text.iter().rposition(|&byte| byte == b'<')? + 1;
        let end = start + text[start..].iter().position(|&byte| byte == b'>')?;
        (end > start).then(|| text[start..end].to_vec())
    };
    let bytes = inside(author).unwrap_or_else(|| author.to_vec());
    // Control characters are written long, and nobody's address has one.
    let text = String::from_utf8_lossy(&bytes);
    let text: String = text.trim().chars().filter(|character| !character.is_control()).take(200).collect();
    if text.is_empty() { "unknown".into() } else { text }
}

impl Step<'_> {
    fn leave_out(&mut self, path: &RepoPath, message: impl Into<String>) {
        let (commit, path, message) = (self.header.id, path.clone(), message.into());
        self.left_out.push(LeftOut { commit, path, message });
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

    /// CREATE for every card that came.
    fn cards(&mut self, changes: &[Change]) -> Result<BTreeMap<Ulid, Claims>> {
        let mut created = BTreeMap::new();
        for change in changes.iter().filter(|change| is_card(&change.path) && change.before.is_none()) {
            let limit = artifact::id_card::LARGEST as u64;
            let Some(text) = self.read(&change.path, change.after, limit)? else {
                self.leave_out(&change.path, "the card is no regular file, or too large");
                continue;
            };
            let claims = Claims::read(&text);
            let Ok(ulid) = Ulid::parse(&claims.ulid) else {
                self.leave_out(&change.path, "the card names no ULID");
                continue;
            };
            if change.path.name() != format!("{ulid}.yaml").as_bytes() {
                self.leave_out(&change.path, "the card's name is not its ULID");
                continue;
            }
            let fields = [
                ("key", &claims.key),
                ("kind", &claims.kind),
                ("owner", &claims.owner),
                ("path", &claims.path),
            ];
            let told = fields.into_iter().filter(|(_, text)| !text.is_empty());
            let draft = Draft {
                payload: told.map(|(name, text)| (name, Json::text(text.as_str()))).collect(),
                card_sha256: Some(sha256(&text)),
                told_by: change.path.clone(),
                ..blank(self.header, EventType::Create, Some(ulid))
            };
            self.drafts.push(draft);
            created.insert(ulid, claims);
        }
        Ok(created)
    }

    /// What cards, specs, documents and packs say now and did not say before.
    fn facts(
        &mut self,
        changes: &[Change],
        parent: Option<&Commit<'_>>,
        created: &BTreeMap<Ulid, Claims>,
    ) -> Result<()> {
        let mut before: BTreeMap<(Ulid, bool), Facts> = BTreeMap::new();
        let mut after: Vec<(RepoPath, Facts)> = Vec::new();
        for change in changes.iter().filter(|change| is_card(&change.path) || Facts::may_lie_at(&change.path))
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
            if facts.is_card && earlier.is_none() && created.contains_key(&facts.ulid) && !facts.says_more() {
                continue;
            }
            if earlier.is_some_and(|earlier| facts.is_frozen_card_edited(earlier)) {
                self.leave_out(
                    &path,
                    "a card is frozen, and this one was edited: what it says now is not told",
                );
                continue;
            }
            self.identity(&path, &facts, earlier, created.get(&facts.ulid))?;
        }
        Ok(())
    }

    /// What one document says of its identity.
    fn identity(
        &mut self,
        path: &RepoPath,
        facts: &Facts,
        earlier: Option<&Facts>,
        created: Option<&Claims>,
    ) -> Result<()> {
        let known = self.machine.identity(facts.ulid).map(std::borrow::Cow::into_owned);
        let Some(mut known) = known.map(facts::Known::of).or_else(|| created.map(facts::Known::born)) else {
            self.leave_out(path, format!("no card created {}", facts.ulid));
            return Ok(());
        };
        if !facts.speaks_for(&known.kind) {
            self.leave_out(
                path,
                format!("{} is a {}, and this is the document of another kind", facts.ulid, known.kind),
            );
            return Ok(());
        }
        // Whoever else names the identity says nothing of it while its own document stands where it lies.
        let own = facts.document_at(&known.path);
        if !facts.is_card && facts.place.as_ref() != Some(&known.path) && own != *path {
            let object = self.commit.find(&own)?.map(|node| node.object);
            if Facts::read(self.commit, &own, object)?.is_some_and(|other| other.ulid == facts.ulid) {
                let own = String::from_utf8_lossy(own.as_bytes()).into_owned();
                self.leave_out(path, format!("{} is told of in {own}, and this names it, too", facts.ulid));
                return Ok(());
            }
        }
        // What is said the second time was told the first; a ledger that says otherwise meanwhile was told by hand.
        let is_news = |field: fn(&Facts) -> Option<&String>| {
            field(facts).filter(|now| earlier.and_then(field) != Some(*now)).cloned()
        };
        let mut told: Vec<(EventType, Vec<(&'static str, Json)>)> = Vec::new();
        if let Some(key) = is_news(|facts| facts.key.as_ref()).filter(|key| *key != known.key) {
            told.push((
                EventType::Rekey,
                vec![("old_key", Json::text(&*known.key)), ("new_key", Json::text(&*key))],
            ));
            known.key = key;
        }
        for alias in &facts.aliases {
            let news = earlier.is_none_or(|earlier| !earlier.aliases.contains(alias));
            if news && !known.aliases.contains(alias) && known.key != *alias {
                told.push((EventType::AliasAdd, vec![("alias", Json::text(alias.as_str()))]));
                known.aliases.push(alias.clone());
            }
        }
        if let Some(place) = is_news(|facts| facts.place.as_ref()).filter(|place| *place != known.path) {
            told.push((EventType::Move, vec![("from", Json::text(&*known.path)), ("to", Json::text(place))]));
        }
        if let Some(owner) =
            is_news(|facts| facts.owner.as_ref()).filter(|owner| known.owner.as_ref() != Some(owner))
        {
            let from = known.owner.as_ref().map(|from| ("from", Json::text(from.as_str())));
            told.push((EventType::Transfer, from.into_iter().chain([("to", Json::text(owner))]).collect()));
        }
        if let Some(version) =
            is_news(|facts| facts.version.as_ref()).filter(|version| !known.versions.contains(version))
        {
            match self.published(path, facts, &version) {
                Ok(payload) => told.push((EventType::Publish, payload)),
                Err(error @ snapshot::Error::TooLarge { .. }) => {
                    self.leave_out(path, format!("version {version} cannot be published: {error}"));
                }
                Err(error) => return Err(error),
            }
        }
        if let Some(status) = is_news(|facts| facts.status.as_ref()) {
            told.extend(facts.steps_to(&status, known.status));
        }
        let card = self.card_sha256(facts.ulid)?;
        let header = self.header;
        self.drafts.extend(told.into_iter().map(|(kind, payload)| Draft {
            payload,
            card_sha256: card,
            told_by: path.clone(),
            ..blank(header, kind, Some(facts.ulid))
        }));
        Ok(())
    }

    fn published(&self, path: &RepoPath, facts: &Facts, version: &str) -> Result<Vec<(&'static str, Json)>> {
        let place = if facts.is_directory { path.parent() } else { path.clone() };
        let node = self.commit.find(&place)?;
        let mut payload = vec![("version", Json::text(version))];
        if let Some(node) = node {
            payload.push(("sha256", Json::text(artifact::content::digest(self.commit, &node)?.hex())));
            payload.extend(node.object.id.map(|id| ("tree", Json::text(id.to_string()))));
        }
        let tag = facts.tag(&self.machine.discipline.tags, &place, version);
        payload.extend(tag.map(|tag| ("tag", Json::text(tag))));
        Ok(payload)
    }

    fn card_sha256(&self, ulid: Ulid) -> Result<Option<Hash>> {
        let path = RepoPath::from(CARDS).join(format!("{ulid}.yaml").as_bytes());
        let object = self.commit.find(&path)?.map(|node| node.object);
        Ok(self.read(&path, object, artifact::id_card::LARGEST as u64)?.map(|text| sha256(&text)))
    }

    /// The requests that came.
    fn requests(&mut self, changes: &[Change]) -> Result<()> {
        for change in changes.iter().filter(|change| is_request(&change.path) && change.before.is_none()) {
            let text = self.read(&change.path, change.after, crate::LONGEST_LINE as u64)?;
            match text
                .ok_or_else(|| "the request is no regular file, or too large".to_string())
                .and_then(|text| Request::read(&change.path, &text).map_err(|flaw| flaw.message))
            {
                Err(message) => self.leave_out(&change.path, message),
                Ok(request) => {
                    if let Some(message) = self.attestation_missing(&request)? {
                        self.leave_out(&change.path, message);
                        continue;
                    }
                    let card = self.card_sha256(request.subject)?;
                    self.drafts.push(Draft {
                        payload: request.payload,
                        card_sha256: card,
                        att: request.att,
                        told_by: change.path.clone(),
                        ..blank(self.header, request.kind, Some(request.subject))
                    });
                }
            }
        }
        Ok(())
    }

    /// Tells what is wrong with the attestation that a request names.
    fn attestation_missing(&self, request: &Request) -> Result<Option<String>> {
        let Some(att) = request.att else { return Ok(None) };
        let path = RepoPath::from(ATTESTATIONS).join(format!("{}.json", att.hex()).as_bytes());
        let object = self.commit.find(&path)?.map(|node| node.object);
        let Some(text) = self.read(&path, object, attestation::LARGEST)?.filter(|text| sha256(text) == att)
        else {
            return Ok(Some(format!("the attestation {} is not there", att.hex())));
        };
        let event = attestation::subject(request.kind, Some(request.subject), &request.payload);
        Ok(attestation::hold(&text, &event, request.kind, &self.machine.discipline).err())
    }
}

/// Returns the SHA-256 of bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Hash {
    Hash::of(bytes)
}
