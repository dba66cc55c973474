//! Identities that the ledger does not contain: facts from the ID card, and from the plugin spec at the path in the card.

use artifact::layout::{DEFAULT_PARENT, Layout, SPEC};
use artifact::{Claims, Limits, Syntax, Ulid, Value, key, parse};
use ledger::form::Form;
use snapshot::{Error, Listing, Mode, Node, Object, RepoPath, Result, Snapshot};

use super::Entry;

/// The size of a card or spec, in bytes; larger ones are ignored.
const MAX_DOCUMENT_BYTES: u64 = 1 << 20;

/// An identity without ledger lines: its entry, and the keys that it reserves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unrecorded {
    pub(super) entry: Entry,
    pub(super) keys: Vec<String>,
}

/// Returns the ULID in the file name of a card.
pub(super) fn ulid_of(name: &[u8]) -> Option<Ulid> {
    Ulid::parse(std::str::from_utf8(name).ok()?.strip_suffix(".yaml")?).ok()
}

/// Returns the file name of the card of an identity.
pub(super) fn card_name(ulid: Ulid) -> String {
    format!("{ulid}.yaml")
}

/// Reads a card; `None` if a required claim is missing or invalid.
pub(super) fn card(
    snapshot: &dyn Snapshot,
    folder: &RepoPath,
    ulid: Ulid,
    object: Object,
) -> Result<Option<Claims>> {
    let text = read(snapshot, &Node { path: folder.join(card_name(ulid).as_bytes()), object })?;
    let claims = Claims::read(&text);
    let valid = claims.ulid == ulid.to_string()
        && key::is_key(&claims.key)
        && Form::Kind.is(&claims.kind)
        && !claims.path.is_empty();
    Ok(valid.then_some(claims))
}

/// Returns the entry of an unrecorded identity; `spec` is the spec at the path of the card, empty if it does not exist.
pub(super) fn unrecorded_change(claims: &Claims, spec: &[u8], ledger_begun: bool) -> Unrecorded {
    let value = parse(Syntax::Json, spec, &Limits::default()).ok();
    let text_at = |pointer: &str| value.as_ref()?.pointer(pointer)?.as_str();
    // A spec with another ULID is ignored.
    let own = claims.kind == "plugin" && text_at("/ulid") == Some(&claims.ulid);
    let own_text = |pointer: &str| text_at(pointer).filter(|_| own).map(String::from);
    let list = value.as_ref().filter(|_| own).and_then(|value| value.pointer("/aliases")?.as_list());
    let mut aliases: Vec<String> = Vec::new();
    let more = list.unwrap_or_default().iter().filter_map(Value::as_str);
    for alias in claims.aliases.iter().map(String::as_str).chain(more).filter(|alias| key::is_key(alias)) {
        if !aliases.iter().any(|known| known == alias) {
            aliases.push(alias.into());
        }
    }
    let status = |status: &String| {
        ["draft", "active", "deprecated", "consolidated", "retired"].contains(&status.as_str())
    };
    let entry = Entry {
        key: own_text("/key").filter(|key| key::is_key(key)).unwrap_or_else(|| claims.key.clone()),
        kind: claims.kind.clone(),
        path: claims.path.clone(),
        // A draft has no published version.
        version: own_text("/version")
            .filter(|version| text_at("/status") != Some("draft") && semver::Version::parse(version).is_ok()),
        status: own_text("/status")
            .filter(status)
            .or_else(|| Some(claims.status.clone()).filter(status))
            .unwrap_or_else(|| "active".into()),
        owner: own_text("/owner").or_else(|| Some(claims.owner.clone())).filter(|owner| !owner.is_empty()),
        aliases,
        unrecorded: ledger_begun,
        ..Entry::default()
    };
    let mut keys = vec![claims.key.clone()];
    for key in std::iter::once(&entry.key).chain(&entry.aliases) {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    Unrecorded { entry, keys }
}

/// The specs of the plugins in a tree: only those in plugin directories, so that the trees of these determine the result.
pub(super) struct Specs<'t> {
    snapshot: &'t dyn Snapshot,
    folder: RepoPath,
    plugins: Listing,
    /// The layout, where it is not the default one.
    layout: Option<&'t Layout>,
}

impl<'t> Specs<'t> {
    /// Lists the plugins in a directory of a snapshot.
    pub(super) fn of(snapshot: &'t dyn Snapshot, folder: &RepoPath) -> Result<Specs<'t>> {
        let plugins = match snapshot.find(folder)? {
            Some(node) if node.object.mode == Mode::Directory => snapshot.list(&node)?,
            _ => Listing::default(),
        };
        Ok(Specs { snapshot, folder: folder.clone(), plugins, layout: None })
    }

    /// Lists the plugins of a snapshot in a layout.
    pub(super) fn in_layout(snapshot: &'t dyn Snapshot, layout: &'t Layout) -> Result<Specs<'t>> {
        if layout.is_default() {
            return Specs::of(snapshot, &RepoPath::from(DEFAULT_PARENT));
        }
        let (folder, plugins) = (RepoPath::root(), Listing::default());
        Ok(Specs { snapshot, folder, plugins, layout: Some(layout) })
    }

    /// Reads the spec at a path such as `plugins/local_preview`; empty if it does not exist.
    pub(super) fn at(&self, path: &str) -> Result<Vec<u8>> {
        if let Some(layout) = self.layout {
            let directory = RepoPath::from(path);
            let spec = self.snapshot.find(&directory.join(SPEC.as_bytes()))?;
            let is_file = |node: &Node| matches!(node.object.mode, Mode::File | Mode::Executable);
            return match spec.filter(|node| is_file(node) && layout.is_plugin_directory(&directory)) {
                Some(node) => read(self.snapshot, &node),
                None => Ok(Vec::new()),
            };
        }
        let name = path.strip_prefix(DEFAULT_PARENT).and_then(|rest| rest.strip_prefix('/'));
        let plugin = name.and_then(|name| self.plugins.get(name.as_bytes()));
        let Some(plugin) = plugin.filter(|entry| entry.object.mode == Mode::Directory) else {
            return Ok(Vec::new());
        };
        let node = Node { path: self.folder.join(plugin.name), object: plugin.object };
        match self.snapshot.list(&node)?.get(SPEC.as_bytes()).map(|entry| entry.object) {
            Some(object) if matches!(object.mode, Mode::File | Mode::Executable) => {
                read(self.snapshot, &Node { path: node.path.join(SPEC.as_bytes()), object })
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Returns the directories of the plugins.
    pub(super) fn plugins(&self) -> &Listing {
        &self.plugins
    }
}

/// Returns the ULID in a spec.
pub(super) fn ulid_in(spec: &[u8]) -> Option<Ulid> {
    let value = parse(Syntax::Json, spec, &Limits::default()).ok()?;
    Ulid::parse(value.pointer("/ulid")?.as_str()?).ok()
}

fn read(snapshot: &dyn Snapshot, node: &Node) -> Result<Vec<u8>> {
    match snapshot.read(node, MAX_DOCUMENT_BYTES) {
        Err(Error::TooLarge { .. }) => Ok(Vec::new()),
        other => other,
    }
}
