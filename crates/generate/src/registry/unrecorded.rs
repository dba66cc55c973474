//! An identity that the ledger does not know: what its card says, and the spec that lies where the card says.

use artifact::layout::{PLUGINS, SPEC};
use artifact::{Claims, Limits, Syntax, Ulid, Value, key, parse};
use ledger::form::Form;
use snapshot::{Error, Listing, Mode, Node, Object, RepoPath, Result, Snapshot};

use super::Entry;

/// The largest card or spec that is read, in bytes; a larger one says nothing.
const LARGEST: u64 = 1 << 20;

/// An identity without lines: its entry, and the keys that it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unrecorded {
    pub(super) entry: Entry,
    pub(super) keys: Vec<String>,
}

/// Returns the ULID that a file in the cards' folder is named by.
pub(super) fn ulid_of(name: &[u8]) -> Option<Ulid> {
    Ulid::parse(std::str::from_utf8(name).ok()?.strip_suffix(".yaml")?).ok()
}

/// Returns the file's name of an identity's card.
pub(super) fn card_name(ulid: Ulid) -> String {
    format!("{ulid}.yaml")
}

/// Reads a card of the cards' folder; `None` where it claims nothing that a registry could tell.
pub(super) fn card(
    snapshot: &dyn Snapshot,
    folder: &RepoPath,
    ulid: Ulid,
    object: Object,
) -> Result<Option<Claims>> {
    let text = read(snapshot, &Node { path: folder.join(card_name(ulid).as_bytes()), object })?;
    let claims = Claims::read(&text);
    let told = claims.ulid == ulid.to_string()
        && key::is_key(&claims.key)
        && Form::Kind.is(&claims.kind)
        && !claims.path.is_empty();
    Ok(told.then_some(claims))
}

/// Tells of an identity; `spec` is the text of the spec at the card's place, empty where there is none.
pub(super) fn tell(claims: &Claims, spec: &[u8], ledger_begun: bool) -> Unrecorded {
    let value = parse(Syntax::Json, spec, &Limits::default()).ok();
    let said = |pointer: &str| value.as_ref()?.pointer(pointer)?.as_str();
    // A spec of somebody else says nothing of this identity.
    let own = claims.kind == "plugin" && said("/ulid") == Some(&claims.ulid);
    let said = |pointer: &str| said(pointer).filter(|_| own).map(String::from);
    let list = value.as_ref().filter(|_| own).and_then(|value| value.pointer("/aliases")?.as_list());
    let mut aliases: Vec<String> = Vec::new();
    let more = list.unwrap_or_default().iter().filter_map(Value::as_str);
    for alias in claims.aliases.iter().map(String::as_str).chain(more).filter(|alias| key::is_key(alias)) {
        if !aliases.iter().any(|known| known == alias) {
            aliases.push(alias.into());
        }
    }
    let status = |said: &String| ["active", "deprecated", "consolidated", "retired"].contains(&said.as_str());
    let entry = Entry {
        key: said("/key").filter(|key| key::is_key(key)).unwrap_or_else(|| claims.key.clone()),
        kind: claims.kind.clone(),
        path: claims.path.clone(),
        version: said("/version").filter(|version| semver::Version::parse(version).is_ok()),
        status: said("/status")
            .filter(status)
            .or_else(|| Some(claims.status.clone()).filter(status))
            .unwrap_or_else(|| "active".into()),
        owner: said("/owner").or_else(|| Some(claims.owner.clone())).filter(|owner| !owner.is_empty()),
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

/// The specs of a tree's plugins: those that lie in `plugins/<name>`, and no others, so that the plugins' tree tells everything.
pub(super) struct Specs<'t> {
    snapshot: &'t dyn Snapshot,
    folder: RepoPath,
    plugins: Listing,
}

impl<'t> Specs<'t> {
    /// Lists the plugins that lie in a folder of a snapshot.
    pub(super) fn of(snapshot: &'t dyn Snapshot, folder: &RepoPath) -> Result<Specs<'t>> {
        let plugins = match snapshot.find(folder)? {
            Some(node) if node.object.mode == Mode::Directory => snapshot.list(&node)?,
            _ => Listing::default(),
        };
        Ok(Specs { snapshot, folder: folder.clone(), plugins })
    }

    /// Reads the spec at a place, as in `plugins/local_preview`; empty where there is none.
    pub(super) fn at(&self, place: &str) -> Result<Vec<u8>> {
        let name = place.strip_prefix(PLUGINS).and_then(|rest| rest.strip_prefix('/'));
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

    /// Returns the plugins' directories.
    pub(super) fn plugins(&self) -> &Listing {
        &self.plugins
    }
}

/// Returns the ULID that a spec names.
pub(super) fn ulid_in(spec: &[u8]) -> Option<Ulid> {
    let value = parse(Syntax::Json, spec, &Limits::default()).ok()?;
    Ulid::parse(value.pointer("/ulid")?.as_str()?).ok()
}

fn read(snapshot: &dyn Snapshot, node: &Node) -> Result<Vec<u8>> {
    match snapshot.read(node, LARGEST) {
        Err(Error::TooLarge { .. }) => Ok(Vec::new()),
        other => other,
    }
}
