//! What a document says of its identity: a card, a plugin's spec, a document's front matter, a pack.

use artifact::layout::{PACK, PACKS, PLUGINS, SPEC};
use artifact::tag::Templates;
use artifact::{Claims, Limits, Syntax, Ulid, Value, parse};
use snapshot::{Error, Mode, Node, Object, RepoPath, Result, Snapshot};

use super::is_card;
use crate::form::Form;
use crate::{EventType, Identity, Json, Status};

/// The largest document that is opened, in bytes.
const LARGEST: u64 = 4 << 20;

/// What a document says. What is not of its form is as if it were not said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) ulid: Ulid,
    /// Whether a card says so; then place and owner are those of birth.
    pub(super) is_card: bool,
    /// Whether the artifact is the document's directory, and not the document itself.
    pub(super) is_directory: bool,
    is_plugin: bool,
    pub(super) place: Option<String>,
    pub(super) key: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) version: Option<String>,
    pub(super) status: Option<String>,
    pub(super) aliases: Vec<String>,
    /// How often a card was edited, where policy lets it be.
    card_version: Option<i64>,
    reason: Option<String>,
    replaced_by: Option<String>,
    merged_into: Option<Ulid>,
}

impl Facts {
    /// Tells whether a file can be a spec, a document or a pack.
    pub(super) fn may_lie_at(path: &RepoPath) -> bool {
        let parts: Vec<&[u8]> = path.components().take(4).collect();
        let is = |folder: &str, name: &str| {
            parts.len() == 3 && parts[0] == folder.as_bytes() && parts[2] == name.as_bytes()
        };
        is(PLUGINS, SPEC) || is(PACKS, PACK) || Syntax::of_path(path) == Some(Syntax::FrontMatter)
    }

    /// Reads a document; `None` where it names no identity.
    pub(super) fn read(
        snapshot: &dyn Snapshot,
        path: &RepoPath,
        object: Option<Object>,
    ) -> Result<Option<Facts>> {
        let file = object.filter(|object| matches!(object.mode, Mode::File | Mode::Executable));
        let Some(object) = file else { return Ok(None) };
        let text = match snapshot.read(&Node { path: path.clone(), object }, LARGEST) {
            Err(Error::TooLarge { .. }) => return Ok(None),
            other => other?,
        };
        let syntax = Syntax::of_path(path).unwrap_or(Syntax::Yaml);
        let limits = Limits { bytes: LARGEST as usize, ..Limits::default() };
        Ok(parse(syntax, &text, &limits).ok().and_then(|value| Facts::of(path, syntax, &value)))
    }

    fn of(path: &RepoPath, syntax: Syntax, value: &Value) -> Option<Facts> {
        let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
        let held = |pointer: &str, form: Form| text(pointer).filter(|text| form.is(text)).map(String::from);
        let list = |pointer: &str| value.pointer(pointer).and_then(Value::as_list).unwrap_or_default();
        let is_card = is_card(path);
        let is_document = syntax == Syntax::FrontMatter;
        let place = if is_document { path.clone() } else { path.parent() };
        let place = std::str::from_utf8(place.as_bytes()).ok().filter(|_| !is_card).map(String::from);
        let [key, version] = if is_document { ["/doc_key", "/semver"] } else { ["/key", "/version"] };
        Some(Facts {
            ulid: Ulid::parse(text("/ulid")?).ok()?,
            is_card,
            is_directory: !is_card && !is_document,
            is_plugin: path.components().next() == Some(PLUGINS.as_bytes()) && !is_document,
            place,
            key: held(key, Form::Key),
            owner: held("/owner", Form::Text),
            version: held(version, Form::Version).filter(|_| !is_card),
            status: held("/status", Form::Text),
            aliases: list("/aliases")
                .iter()
                .filter_map(Value::as_str)
                .filter(|alias| Form::Key.is(alias))
                .map(String::from)
                .collect(),
            card_version: value.pointer("/card_version").and_then(Value::as_integer).filter(|_| is_card),
            reason: held("/deprecation/reason", Form::Text),
            replaced_by: held("/deprecation/replaced_by", Form::Text),
            merged_into: list("/links/merged_into")
                .first()
                .and_then(Value::as_str)
                .and_then(|text| Ulid::parse(text).ok()),
        })
    }

    /// Tells whether this is a card that was edited as no card may be: one that is versioned counts each edit.
    pub(super) fn is_frozen_card_edited(&self, earlier: &Facts) -> bool {
        self.is_card && self != earlier && self.card_version <= earlier.card_version
    }

    /// Tells whether such a document speaks for such an identity: specs for plugins, front matter for documents, packs for packs.
    pub(super) fn speaks_for(&self, kind: &str) -> bool {
        match (self.is_card, self.is_directory, self.is_plugin) {
            (true, ..) => true,
            (_, true, true) => kind == "plugin",
            (_, true, false) => kind == "policy-pack",
            (_, false, _) => kind == "document",
        }
    }

    /// Returns where the document of such an artifact lies, if it lies at a place.
    pub(super) fn document_at(&self, place: &str) -> RepoPath {
        let place = RepoPath::from(place);
        match (self.is_directory, self.is_plugin) {
            (true, true) => place.join(SPEC.as_bytes()),
            (true, false) => place.join(PACK.as_bytes()),
            (false, _) => place,
        }
    }

    /// Tells whether a new card says more than CREATE tells.
    pub(super) fn says_more(&self) -> bool {
        !self.aliases.is_empty() || self.status.as_deref().is_some_and(|status| status != "active")
    }

    /// Returns the tag under which a version is published; `None` where policy gives it none, or no tag can be called so.
    pub(super) fn tag(&self, tags: &Templates, place: &RepoPath, version: &str) -> Option<String> {
        let template = match (self.is_directory, self.is_plugin) {
            (true, true) => &tags.plugin,
            (true, false) => &tags.pack,
            (false, _) => &tags.document,
        };
        let (ulid, name) = (self.ulid.to_string(), std::str::from_utf8(place.name()).ok()?);
        let mut values = vec![("name", name), ("ulid", &ulid), ("version", version)];
        values.extend(self.key.as_deref().map(|key| ("key", key)));
        template.as_ref()?.fill(&values)
    }

    /// Returns the steps from one status to another: an identity is deprecated before it is gone.
    pub(super) fn steps_to(&self, status: &str, from: Status) -> Vec<(EventType, Vec<(&'static str, Json)>)> {
        let deprecate = || {
            let said = [("reason", &self.reason), ("replaced_by", &self.replaced_by)];
            let payload =
                said.into_iter().filter_map(|(name, text)| Some((name, Json::text(text.as_ref()?))));
            (EventType::Deprecate, payload.collect())
        };
        let last = match status {
            "deprecated" => None,
            "retired" => Some((EventType::Retire, Vec::new())),
            "consolidated" => self.merged_into.map(|target| {
                let sources = Json::List(vec![Json::text(self.ulid.to_string())]);
                let payload = vec![("target_ulid", Json::text(target.to_string())), ("sources", sources)];
                (EventType::Consolidate, payload)
            }),
            _ => return Vec::new(),
        };
        match from {
            Status::Active => std::iter::once(deprecate()).chain(last).collect(),
            Status::Deprecated => last.into_iter().collect(),
            Status::Consolidated | Status::Retired => Vec::new(),
        }
    }
}

/// What the ledger knows of an identity, while a document is held against it.
pub(super) struct Known {
    pub(super) kind: String,
    pub(super) key: String,
    pub(super) path: String,
    pub(super) owner: Option<String>,
    pub(super) aliases: Vec<String>,
    pub(super) versions: Vec<String>,
    pub(super) status: Status,
}

impl Known {
    pub(super) fn of(identity: Identity) -> Known {
        Known {
            kind: identity.kind.into(),
            key: identity.key.into(),
            path: identity.path.into(),
            owner: identity.owner.map(String::from),
            aliases: identity.aliases.into_iter().map(String::from).collect(),
            versions: identity.versions.into_iter().map(|(version, ..)| version.into()).collect(),
            status: identity.status,
        }
    }

    /// As the card of the same commit creates it.
    pub(super) fn born(claims: &Claims) -> Known {
        Known {
            kind: claims.kind.clone(),
            key: claims.key.clone(),
            path: claims.path.clone(),
            owner: Some(claims.owner.clone()).filter(|owner| !owner.is_empty()),
            aliases: Vec::new(),
            versions: Vec::new(),
            status: Status::Active,
        }
    }
}
