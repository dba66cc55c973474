//! The facts that a document declares about its identity: an ID card, a plugin spec, front matter, a policy pack, or a module.

use artifact::layout::{Layout, MODULE, PACK, PACKS, SPEC};
use artifact::tag::Templates;
use artifact::{Claims, Limits, Syntax, Ulid, Value, parse};
use snapshot::{Error, Mode, Node, Object, RepoPath, Result, Snapshot};

use super::is_card;
use crate::form::Form;
use crate::{EventType, Identity, Json, Status};

/// The size of a document, in bytes: specs and Markdown pages are far smaller.
const MAX_DOCUMENT_BYTES: u64 = 4 << 20;

/// The facts in a document. Values of an invalid form are ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) ulid: Ulid,
    /// Whether the document is an ID card, which records the path and owner at creation.
    pub(super) is_card: bool,
    /// Whether the artifact is the directory of the document instead of the document.
    pub(super) is_directory: bool,
    is_plugin: bool,
    is_module: bool,
    pub(super) path: Option<String>,
    pub(super) key: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) version: Option<String>,
    pub(super) status: Option<String>,
    pub(super) aliases: Vec<String>,
    /// The number of edits of a card, if the policy allows edits.
    card_version: Option<i64>,
    reason: Option<String>,
    replaced_by: Option<String>,
    merged_into: Option<Ulid>,
}

impl Facts {
    /// Returns whether a file can be a spec, a document, a pack or a module.
    pub(super) fn is_candidate(path: &RepoPath, layout: &Layout) -> bool {
        let parts: Vec<&[u8]> = path.components().take(4).collect();
        let is_pack = parts.len() == 3 && parts[0] == PACKS.as_bytes() && parts[2] == PACK.as_bytes();
        let is_spec = path.name() == SPEC.as_bytes() && layout.is_plugin_directory(&path.parent());
        let is_module = path.name() == MODULE.as_bytes();
        is_spec || is_pack || is_module || Syntax::of_path(path) == Some(Syntax::FrontMatter)
    }

    /// Reads a document; `None` if it names no identity.
    pub(super) fn read(
        snapshot: &dyn Snapshot,
        path: &RepoPath,
        object: Option<Object>,
    ) -> Result<Option<Facts>> {
        let file = object.filter(|object| matches!(object.mode, Mode::File | Mode::Executable));
        let Some(object) = file else { return Ok(None) };
        let text = match snapshot.read(&Node { path: path.clone(), object }, MAX_DOCUMENT_BYTES) {
            Err(Error::TooLarge { .. }) => return Ok(None),
            other => other?,
        };
        let syntax = Syntax::of_path(path).unwrap_or(Syntax::Yaml);
        let limits = Limits { bytes: MAX_DOCUMENT_BYTES as usize, ..Limits::default() };
        Ok(parse(syntax, &text, &limits).ok().and_then(|value| Facts::of(path, syntax, &value)))
    }

    fn of(path: &RepoPath, syntax: Syntax, value: &Value) -> Option<Facts> {
        let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
        let valid = |pointer: &str, form: Form| text(pointer).filter(|text| form.is(text)).map(String::from);
        let list = |pointer: &str| value.pointer(pointer).and_then(Value::as_list).unwrap_or_default();
        let is_card = is_card(path);
        let is_document = syntax == Syntax::FrontMatter;
        let is_module = !is_card && path.name() == MODULE.as_bytes();
        // A module is its file: its plugins have identities of their own.
        let is_file = is_document || is_module;
        let artifact = if is_file { path.clone() } else { path.parent() };
        let artifact = std::str::from_utf8(artifact.as_bytes()).ok().filter(|_| !is_card).map(String::from);
        let [key, version] = if is_document { ["/doc_key", "/semver"] } else { ["/key", "/version"] };
        Some(Facts {
            ulid: Ulid::parse(text("/ulid")?).ok()?,
            is_card,
            is_directory: !is_card && !is_file,
            is_plugin: path.name() == SPEC.as_bytes(),
            is_module,
            path: artifact,
            key: valid(key, Form::Key),
            owner: valid("/owner", Form::Text),
            // A draft is not published.
            version: valid(version, Form::Version).filter(|_| !is_card && text("/status") != Some("draft")),
            status: valid("/status", Form::Text),
            aliases: list("/aliases")
                .iter()
                .filter_map(Value::as_str)
                .filter(|alias| Form::Key.is(alias))
                .map(String::from)
                .collect(),
            card_version: value.pointer("/card_version").and_then(Value::as_integer).filter(|_| is_card),
            reason: valid("/deprecation/reason", Form::Text),
            replaced_by: valid("/deprecation/replaced_by", Form::Text),
            merged_into: list("/links/merged_into")
                .first()
                .and_then(Value::as_str)
                .and_then(|text| Ulid::parse(text).ok()),
        })
    }

    /// Returns whether this is a card with a forbidden edit: an edit must raise `card_version`.
    pub(super) fn is_frozen_card_edited(&self, earlier: &Facts) -> bool {
        self.is_card && self != earlier && self.card_version <= earlier.card_version
    }

    /// Returns whether this kind of document describes this kind of artifact: specs for plugins, front matter for documents, packs for packs, modules for modules.
    pub(super) fn describes_kind(&self, kind: &str) -> bool {
        match (self.is_card, self.is_directory, self.is_plugin) {
            (true, ..) => true,
            (_, true, true) => kind == "plugin",
            (_, true, false) => kind == "policy-pack",
            (_, false, _) => kind == if self.is_module { "module" } else { "document" },
        }
    }

    /// Returns the path of the document of an artifact at `path`.
    pub(super) fn document_at(&self, path: &str) -> RepoPath {
        let path = RepoPath::from(path);
        match (self.is_directory, self.is_plugin) {
            (true, true) => path.join(SPEC.as_bytes()),
            (true, false) => path.join(PACK.as_bytes()),
            (false, _) => path,
        }
    }

    /// Returns whether a new card declares more than CREATE records.
    pub(super) fn exceeds_create(&self) -> bool {
        !self.aliases.is_empty() || self.status.as_deref().is_some_and(|status| status != "active")
    }

    /// Returns the tag of a published version; `None` if the policy has no template, or the name would be invalid.
    pub(super) fn tag(&self, tags: &Templates, path: &RepoPath, version: &str) -> Option<String> {
        let template = match (self.is_directory, self.is_plugin) {
            (true, true) => &tags.plugin,
            (true, false) => &tags.pack,
            (false, _) if self.is_module => &None,
            (false, _) => &tags.document,
        };
        let (ulid, name) = (self.ulid.to_string(), std::str::from_utf8(path.name()).ok()?);
        let mut values = vec![("name", name), ("ulid", &ulid), ("version", version)];
        values.extend(self.key.as_deref().map(|key| ("key", key)));
        template.as_ref()?.fill(&values)
    }

    /// Returns the events that lead from one status to another: DEPRECATE comes before RETIRE and CONSOLIDATE.
    pub(super) fn status_events(
        &self,
        status: &str,
        from: Status,
    ) -> Vec<(EventType, Vec<(&'static str, Json)>)> {
        let deprecate = || {
            let fields = [("reason", &self.reason), ("replaced_by", &self.replaced_by)];
            let payload =
                fields.into_iter().filter_map(|(name, text)| Some((name, Json::text(text.as_ref()?))));
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

/// The facts in the ledger about an identity, which a document is compared with.
pub(super) struct KnownFacts {
    pub(super) kind: String,
    pub(super) key: String,
    pub(super) path: String,
    pub(super) owner: Option<String>,
    pub(super) aliases: Vec<String>,
    pub(super) versions: Vec<String>,
    pub(super) status: Status,
}

impl KnownFacts {
    pub(super) fn of(identity: Identity) -> KnownFacts {
        KnownFacts {
            kind: identity.kind.into(),
            key: identity.key.into(),
            path: identity.path.into(),
            owner: identity.owner.map(String::from),
            aliases: identity.aliases.into_iter().map(String::from).collect(),
            versions: identity.versions.into_iter().map(|(version, ..)| version.into()).collect(),
            status: identity.status,
        }
    }

    /// Returns the facts that the card of the same commit records.
    pub(super) fn at_creation(claims: &Claims) -> KnownFacts {
        KnownFacts {
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
