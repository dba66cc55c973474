//! The last published version of a plugin, where the base branch does not contain it.

use index::{Ledgers, SPEC};
use semver::Version;
use snapshot::{ObjectId, RepoPath, Result, Snapshot};

use super::{Document, Plugin, StateContext};

/// A published version of a plugin.
pub struct PublishedPlugin<'c> {
    /// The tree of its directory.
    pub tree: Box<dyn Snapshot + 'c>,
    /// Its spec, at the path of the plugin after the change.
    pub spec: Document,
}

impl<'c> StateContext<'c> {
    /// Opens the last published version of a plugin whose version this change introduces, if the base branch has a version that is
    /// not recorded, or none: compared with the base branch alone, such a plugin could break what was published.
    ///
    /// # Errors
    /// When the ledger or the published tree cannot be read.
    pub fn published_before(&self, plugin: &Plugin) -> Result<Option<PublishedPlugin<'c>>> {
        let (Some(open), Some(tip)) = (self.open_tree, self.tip) else { return Ok(None) };
        let Some(spec) = plugin.spec.as_ref().filter(|_| self.introduces_version(plugin).unwrap_or(true))
        else {
            return Ok(None);
        };
        let Some(ulid) = spec.text_at("/ulid").filter(|ulid| !ulid.is_empty()) else { return Ok(None) };
        if self.ledgers.get().is_none() {
            let opened = Ledgers::open(tip)?;
            self.ledgers.get_or_init(|| opened);
        }
        let Some(ledgers) = self.ledgers.get().filter(|ledgers| !ledgers.has_ended(ulid)) else {
            return Ok(None);
        };
        let published = ledgers.published(ulid);
        let on_base = self.spec_on_base(plugin)?;
        let on_base = on_base.as_ref().and_then(|spec| spec.text_at("/version"));
        let is_recorded = |version: &str| published.iter().any(|(recorded, _)| recorded == version);
        if on_base.is_some_and(is_recorded) {
            return Ok(None);
        }
        let versions =
            published.iter().filter_map(|(version, tree)| Some((Version::parse(version).ok()?, tree)));
        let Some((_, tree)) = versions.max_by(|(a, _), (b, _)| a.cmp_precedence(b)) else { return Ok(None) };
        let Some(tree) = ObjectId::from_hex(tree.as_bytes()).and_then(|id| open.open(id)) else {
            return Ok(None);
        };
        let Some(mut before) = Document::open(&*tree, &RepoPath::from(SPEC))? else { return Ok(None) };
        before.path = spec.path.clone();
        Ok(Some(PublishedPlugin { tree, spec: before }))
    }
}
