//! A plugin compared with the base branch: the step of its version, and its dependencies.

use std::collections::BTreeMap;

use artifact::Value;
use diagnostic::{Diagnostic, Location, Related, RuleInfo};
use engine::{Document, Plugin, PluginSchema, PublishedPlugin, StateContext};
use semver::Version;
use snapshot::{ObjectId, RepoPath, Result, Snapshot};

/// The most dependencies of a spec that are checked; its schema refuses more.
const MAX_DEPENDENCIES: usize = 256;

/// A plugin, and the version of it that it is compared with: that of the base branch, or the last published one.
pub(super) struct VersionStep<'s> {
    pub(super) plugin: &'s Plugin,
    /// Its spec.
    pub(super) spec: &'s Document,
    /// Its earlier spec.
    pub(super) before: Document,
    /// The tree of the published version, if it is that.
    published: Option<Box<dyn Snapshot + 's>>,
}

/// The old and the new version of a plugin.
pub(super) struct SemverBump {
    old: Version,
    new: Version,
}

/// A dependency of a plugin.
pub(super) struct Dependency<'s> {
    /// The key of the other plugin.
    pub(super) key: &'s str,
    /// The version range, as written.
    pub(super) version: Option<&'s Value>,
    /// The JSON pointer of the dependency in the spec.
    pub(super) pointer: String,
}

/// Returns the plugins of the change that are published on the base branch and are not retired there.
pub(super) fn steps<'s>(state: &'s StateContext<'_>) -> Result<Vec<VersionStep<'s>>> {
    let mut steps = all_steps(state)?;
    steps.retain(|step| {
        let status = step.before.text_at("/status").unwrap_or_default();
        // Nobody uses a draft yet.
        !is_final(status) && status != "draft"
    });
    for plugin in &state.plugins {
        if let (Some(spec), Some(published)) = (plugin.spec.as_ref(), state.published_before(plugin)?) {
            let PublishedPlugin { tree, spec: before } = published;
            steps.push(VersionStep { plugin, spec, before, published: Some(tree) });
        }
    }
    Ok(steps)
}

/// Returns the steps whose spec the change touches.
pub(super) fn spec_steps<'s>(state: &'s StateContext<'_>) -> Result<Vec<VersionStep<'s>>> {
    let mut steps = steps(state)?;
    steps.retain(|step| step.touches(state, &step.spec.path) && step.spec.value.is_ok());
    Ok(steps)
}

/// Returns the plugins of the change that exist on the base branch, whatever their status.
pub(super) fn all_steps<'s>(state: &'s StateContext<'_>) -> Result<Vec<VersionStep<'s>>> {
    let mut steps = Vec::new();
    for plugin in &state.plugins {
        if let (Some(spec), Some(before)) = (plugin.spec.as_ref(), state.spec_on_base(plugin)?) {
            steps.push(VersionStep { plugin, spec, before, published: None });
        }
    }
    Ok(steps)
}

/// Returns the checked plugins that are neither retired nor consolidated.
pub(super) fn used<'s>(state: &'s StateContext<'_>) -> impl Iterator<Item = (&'s Plugin, &'s Document)> {
    let plugins = state.plugins.iter().filter_map(|plugin| Some((plugin, plugin.spec.as_ref()?)));
    plugins.filter(|(_, spec)| !is_final(spec.text_at("/status").unwrap_or_default()))
}

/// Whether a status is final.
pub(super) fn is_final(status: &str) -> bool {
    matches!(status, "retired" | "consolidated")
}

/// Returns the dependencies of a spec.
pub(super) fn dependencies(spec: &Document) -> impl Iterator<Item = Dependency<'_>> {
    let list = spec.value.as_ref().ok().and_then(|value| value.pointer("/dependencies")?.as_list());
    let listed = list.unwrap_or_default().iter().take(MAX_DEPENDENCIES).enumerate();
    listed.filter_map(|(at, value)| {
        let key = value.pointer("/key")?.as_str().filter(|key| !key.is_empty())?;
        Some(Dependency { key, version: value.pointer("/version"), pointer: format!("/dependencies/{at}") })
    })
}

impl VersionStep<'_> {
    /// Returns whether a file of the new version may differ from the earlier one: this change touches it, or the earlier version
    /// is not that of the base branch.
    pub(super) fn touches(&self, state: &StateContext<'_>, path: &RepoPath) -> bool {
        self.published.is_some() || state.is_touched(path)
    }

    /// Returns the tree of the earlier version, and the directory of the plugin in it.
    pub(super) fn tree_before<'t>(
        &'t self,
        state: &StateContext<'t>,
    ) -> Option<(&'t dyn Snapshot, RepoPath)> {
        match &self.published {
            Some(tree) => Some((&**tree, RepoPath::root())),
            None => Some((state.tip?, self.before.path.parent())),
        }
    }

    /// Opens a file of the earlier version.
    pub(super) fn open_before(&self, state: &StateContext<'_>, inside: &str) -> Result<Option<Document>> {
        let Some((tree, directory)) = self.tree_before(state).filter(|_| !inside.is_empty()) else {
            return Ok(None);
        };
        let mut document = Document::open(tree, &directory.join(inside.as_bytes()))?;
        if let Some(document) = document.as_mut().filter(|_| self.published.is_some()) {
            document.path = self.plugin.path(inside.as_bytes());
        }
        Ok(document)
    }

    /// Bundles a schema of the earlier version.
    pub(super) fn schema_before(
        &self,
        state: &StateContext<'_>,
        inside: &str,
    ) -> Result<Option<PluginSchema<'static>>> {
        match self.tree_before(state).filter(|_| !inside.is_empty()) {
            Some((tree, directory)) => PluginSchema::open(tree, &directory, inside),
            None => Ok(None),
        }
    }

    /// Points at a value of the earlier version.
    pub(super) fn related(
        &self,
        state: &StateContext<'_>,
        document: &Document,
        pointer: &str,
        message: String,
    ) -> Related {
        if self.published.is_some() {
            let message = format!("{message}, as it was published");
            return Related { location: document.place(pointer), commit: None, message };
        }
        related_on_base(state, document, pointer, message)
    }

    /// Returns both versions; `None` if one is invalid, which another rule reports.
    pub(super) fn bump(&self) -> Option<SemverBump> {
        let version = |document: &Document| Version::parse(document.text_at("/version")?).ok();
        Some(SemverBump { old: version(&self.before)?, new: version(self.spec)? })
    }

    /// Returns both versions, if the new one must be compatible with the one on the base branch.
    pub(super) fn binding_bump(&self, state: &StateContext<'_>) -> Option<SemverBump> {
        self.bump().filter(|bump| !bump.may_break() && !bump.is_back_port(state))
    }

    /// Returns both versions, if the new one must be what the one on the base branch is, without additions.
    pub(super) fn patch_bump(&self, state: &StateContext<'_>) -> Option<SemverBump> {
        self.bump().filter(|bump| !bump.may_add() && !bump.is_back_port(state))
    }

    /// Reports an incompatible change of the spec; `place` and `before` are pointers in the new and the old spec.
    pub(super) fn breaking(
        &self,
        rule: &'static RuleInfo,
        state: &StateContext<'_>,
        bump: &SemverBump,
        (what, place, before): (String, &str, &str),
    ) -> Diagnostic {
        Diagnostic::new(rule, bump.describe_change(&what))
            .at(place_near(self.spec, place))
            .related(self.related(state, &self.before, before, format!("the spec of {}", bump.old)))
            .help(bump.help(self.plugin))
    }

    /// Reports an addition to the spec that needs a higher minor version.
    pub(super) fn addition(
        &self,
        rule: &'static RuleInfo,
        bump: &SemverBump,
        (what, place): (String, &str),
    ) -> Diagnostic {
        Diagnostic::new(rule, bump.describe_change(&what))
            .at(place_near(self.spec, place))
            .help(bump.help_addition(self.plugin))
    }
}

/// Returns the place of a value, or of the nearest existing value around it.
pub(super) fn place_near(document: &Document, pointer: &str) -> Location {
    let mut shown = pointer;
    while let (Ok(value), Some(end)) = (&document.value, shown.rfind('/')) {
        if value.pointer(shown).is_some() {
            break;
        }
        shown = &shown[..end];
    }
    document.place(shown)
}

/// Returns the strings of an array of a spec, with their pointers; none where it is missing.
pub(super) fn names<'d>(document: &'d Document, pointer: &str) -> BTreeMap<&'d str, String> {
    let list = document.value.as_ref().ok().and_then(|value| value.pointer(pointer)?.as_list());
    let listed = list.unwrap_or_default().iter().enumerate();
    listed.filter_map(|(at, value)| Some((value.as_str()?, format!("{pointer}/{at}")))).collect()
}

impl SemverBump {
    /// The version on the base branch, and the new one.
    pub(super) fn versions(&self) -> (&Version, &Version) {
        (&self.old, &self.new)
    }

    /// Whether the new version may be incompatible with the old one (SemVer 2.0.0 §4, §8, §9).
    ///
    /// A higher major version may; below 1.0.0, a higher minor version. Before `X.0.0` or `0.Y.0` is released, each of its pre-releases may, too.
    /// Any other pre-release is bound by the earlier releases.
    fn may_break(&self) -> bool {
        let line = |version: &Version| match version.major {
            0 => (0, version.minor),
            major => (major, 0),
        };
        let (old, new) = (&self.old, &self.new);
        let begins = !old.pre.is_empty() && old.patch == 0 && (old.major == 0 || old.minor == 0);
        line(new) > line(old) || begins && new.cmp_precedence(old).is_ge()
    }

    /// Whether the new version may have additions: a higher minor version, or a pre-release of one (SemVer 2.0.0 §7).
    fn may_add(&self) -> bool {
        let (old, new) = (&self.old, &self.new);
        let begins = !old.pre.is_empty() && old.patch == 0 && new.cmp_precedence(old).is_ge();
        (new.major, new.minor) > (old.major, old.minor) || begins
    }

    /// Whether a lower version is published beside higher ones, if the policy allows it: the base branch does not have its predecessor.
    fn is_back_port(&self, state: &StateContext<'_>) -> bool {
        state.policy.ledger.back_ports && self.new.cmp_precedence(&self.old).is_lt()
    }

    /// Describes an incompatible change with both versions.
    pub(super) fn describe_change(&self, what: &str) -> String {
        if self.old == self.new {
            format!("{what}, but the version is still {}", self.old)
        } else {
            format!("{what} in {} → {}", self.old, self.new)
        }
    }

    /// Returns the command that raises the version far enough.
    pub(super) fn help(&self, plugin: &Plugin) -> String {
        let step = if self.old.major == 0 { "minor" } else { "major" };
        format!("raise the version: id-plugin bump {} {step}", plugin.name())
    }

    /// Returns the command that raises the version far enough for an addition.
    pub(super) fn help_addition(&self, plugin: &Plugin) -> String {
        format!("raise the version: id-plugin bump {} minor", plugin.name())
    }
}

/// Points at a value on the base branch.
pub(super) fn related_on_base(
    state: &StateContext<'_>,
    document: &Document,
    pointer: &str,
    message: String,
) -> Related {
    let commit = state.tip.and_then(|tip| ObjectId::from_hex(tip.name().as_bytes()));
    Related { location: document.place(pointer), commit, message }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_version_may_break_or_not() {
        for (old, new, expected) in [
            ("1.2.3", "1.2.3", false),
            ("1.2.3", "1.3.0", false),
            ("1.2.3", "2.0.0", true),
            ("1.2.3", "2.0.0-rc.1", true),
            ("2.0.0-rc.1", "2.0.0-rc.2", true),
            ("2.0.0-rc.1", "2.0.0", true),
            ("2.0.0-rc.2", "2.0.0-rc.1", false),
            ("1.3.0-rc.1", "1.3.0-rc.2", false),
            ("1.0.1-rc.1", "1.0.1", false),
            ("0.1.2", "0.1.3", false),
            ("0.1.2", "0.2.0", true),
            ("0.0.1", "0.0.2", false),
            ("0.1.0-a", "0.1.0", true),
            ("0.1.1-a", "0.1.1", false),
            ("0.9.0", "1.0.0-rc.1", true),
            ("2.0.0", "1.9.0", false),
        ] {
            let version = |text| semver::Version::parse(text).unwrap();
            let bump = super::SemverBump { old: version(old), new: version(new) };
            assert_eq!(bump.may_break(), expected, "{old} {new}");
        }
    }

    #[test]
    fn a_version_may_add_or_not() {
        for (old, new, expected) in [
            ("1.2.3", "1.2.3", false),
            ("1.2.3", "1.2.4", false),
            ("1.2.3", "1.3.0", true),
            ("1.2.3", "2.0.0", true),
            ("1.3.0-rc.1", "1.3.0", true),
            ("1.3.0-rc.2", "1.3.0-rc.1", false),
            ("1.3.1-rc.1", "1.3.1", false),
            ("0.1.2", "0.1.3", false),
            ("0.1.2", "0.2.0", true),
            ("0.9.0", "1.0.0", true),
            ("2.0.0", "1.9.0", false),
        ] {
            let version = |text| semver::Version::parse(text).unwrap();
            let bump = super::SemverBump { old: version(old), new: version(new) };
            assert_eq!(bump.may_add(), expected, "{old} {new}");
        }
    }
}
