//! What a plugin's derived files shall be: made once for every rule that asks.

use artifact::PluginSpec;
use diagnostic::{Diagnostic, Location, RuleInfo, line_of};
use plugin_files::{Derivation, PluginFiles, SnapshotSource, derive};
use snapshot::{Error, Result};

use super::{Plugin, SPEC, StateContext};

/// The most characters of a line that a message shows.
const LONGEST_SHOWN: usize = 72;

/// A plugin's files, and what they shall be.
pub(crate) struct Derived {
    /// What the spec says.
    pub(crate) spec: PluginSpec,
    /// What stands in the folder.
    pub(crate) standing: PluginFiles,
    /// What it shall be, under the policy snapshot that stands.
    pub(crate) derivation: Derivation,
}

impl StateContext<'_> {
    /// Derives a plugin's files; `None` where its spec is none: that is told elsewhere, and nothing follows from it.
    pub(crate) fn derived<'p>(&self, plugin: &'p Plugin) -> Result<Option<&'p Derived>> {
        if let Some(known) = plugin.derived.get() {
            return Ok(known.as_ref());
        }
        let derived = self.derive(plugin)?;
        Ok(plugin.derived.get_or_init(|| derived).as_ref())
    }

    fn derive(&self, plugin: &Plugin) -> Result<Option<Derived>> {
        let Some(value) = plugin.spec.as_ref().and_then(|spec| spec.value.as_ref().ok()) else {
            return Ok(None);
        };
        let Some(spec) = PluginSpec::read(value).filter(|_| schema::plugin_spec().accepts(value)) else {
            return Ok(None);
        };
        let standing = match PluginFiles::find(self.head, &plugin.directory) {
            // That it is too large is told elsewhere.
            Err(Error::TooLarge { .. }) => return Ok(None),
            other => other?,
        };
        let Some(standing) = standing else { return Ok(None) };
        let derivation = derive(&standing, &spec, SnapshotSource::Existing);
        Ok(Some(Derived { spec, standing, derivation }))
    }

    /// The spec of a plugin as base has it: in the same place, or where the same identity lies there.
    pub(crate) fn spec_on_base(&self, plugin: &Plugin) -> Result<Option<super::Document>> {
        let Some(tip) = self.tip else { return Ok(None) };
        let ulid = plugin.spec.as_ref().and_then(|spec| spec.text_at("/ulid")).unwrap_or_default();
        let here = super::Document::open(tip, &plugin.directory.join(SPEC.as_bytes()))?;
        if let Some(here) = here.filter(|here| here.text_at("/ulid") == Some(ulid)) {
            return Ok(Some(here));
        }
        let moved = self
            .standing
            .and_then(|index| index.plugins.iter().find(|other| other.ulid == ulid && !ulid.is_empty()));
        match moved {
            Some(other) => super::Document::open(tip, &other.directory().join(SPEC.as_bytes())),
            None => Ok(None),
        }
    }

    /// Whether this change brings the plugin's version: base has another one, or none.
    pub(crate) fn brings_version(&self, plugin: &Plugin) -> Result<bool> {
        if self.changes.is_none() || self.tip.is_none() {
            return Ok(false);
        }
        let version = |document: &super::Document| document.text_at("/version").map(String::from);
        let before = self.spec_on_base(plugin)?.as_ref().and_then(version);
        Ok(before != plugin.spec.as_ref().and_then(version))
    }
}

impl Derived {
    /// Says that a derived file is not what its sources make; nothing where it is, is not there, or cannot be made.
    pub(crate) fn tell_stale(
        &self,
        rule: &'static RuleInfo,
        plugin: &Plugin,
        path: &str,
    ) -> Option<Diagnostic> {
        let made = self.derivation.files.get(path)?;
        let stands = self.standing.files.get(path)?;
        tell_differing(rule, plugin, path, stands, made)
    }
}

/// Shows the first line in which a file differs from what its sources make.
pub(crate) fn tell_differing(
    rule: &'static RuleInfo,
    plugin: &Plugin,
    path: &str,
    stands: &[u8],
    made: &[u8],
) -> Option<Diagnostic> {
    if stands == made {
        return None;
    }
    let at = made.iter().zip(stands).take_while(|(a, b)| a == b).count();
    let line = |text: &[u8]| line_of(text, at);
    let mut made_line = String::from_utf8_lossy(&made[line(made)]).trim().to_string();
    if let Some((cut, _)) = made_line.char_indices().nth(LONGEST_SHOWN) {
        made_line.replace_range(cut.., "…");
    }
    let message = match made_line.is_empty() {
        true => format!("{path} is not what its sources make: this line is not among what they make"),
        false => format!("{path} is not what its sources make: `{made_line}`"),
    };
    let place = Location::at(&plugin.path(path.as_bytes()), stands, line(stands));
    Some(
        Diagnostic::new(rule, message)
            .at(place)
            .help(format!("make it again: id-plugin generate {}", plugin.name())),
    )
}
