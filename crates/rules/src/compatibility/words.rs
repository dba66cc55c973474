//! What rules about compatibility share: a plugin beside what base has of it, how far its version rises, and what it depends on.

use artifact::Value;
use diagnostic::Related;
use engine::{Document, Plugin, StateContext};
use semver::Version;
use snapshot::{ObjectId, Result};

/// Dependencies beyond these are refused by the schema of specs, and not each told for itself.
const MOST_DEPENDENCIES: usize = 256;

/// A plugin, and the same one on base.
pub(super) struct Step<'s> {
    pub(super) plugin: &'s Plugin,
    /// Its spec.
    pub(super) spec: &'s Document,
    /// Its spec on base.
    pub(super) before: Document,
}

/// How a version follows another one.
pub(super) struct Rise {
    old: Version,
    new: Version,
}

/// Something that a plugin needs.
pub(super) struct Dependency<'s> {
    /// The key of the other plugin.
    pub(super) key: &'s str,
    /// The versions of it, as they are written.
    pub(super) version: Option<&'s Value>,
    /// Where the spec says so.
    pub(super) pointer: String,
}

/// Returns the plugins of the change that base has, too; what was not to be used any more promises nothing.
pub(super) fn steps<'s>(state: &'s StateContext<'_>) -> Result<Vec<Step<'s>>> {
    let mut steps = all_steps(state)?;
    steps.retain(|step| !is_over(step.before.text_at("/status").unwrap_or_default()));
    Ok(steps)
}

/// Returns the plugins of the change that base has, too, whatever they have become.
pub(super) fn all_steps<'s>(state: &'s StateContext<'_>) -> Result<Vec<Step<'s>>> {
    let mut steps = Vec::new();
    for plugin in &state.plugins {
        if let (Some(spec), Some(before)) = (plugin.spec.as_ref(), state.spec_on_base(plugin)?) {
            steps.push(Step { plugin, spec, before });
        }
    }
    Ok(steps)
}

/// Returns the judged plugins that are neither retired nor consolidated.
pub(super) fn used<'s>(state: &'s StateContext<'_>) -> impl Iterator<Item = (&'s Plugin, &'s Document)> {
    let plugins = state.plugins.iter().filter_map(|plugin| Some((plugin, plugin.spec.as_ref()?)));
    plugins.filter(|(_, spec)| !is_over(spec.text_at("/status").unwrap_or_default()))
}

/// Tells whether a status is an end.
pub(super) fn is_over(status: &str) -> bool {
    matches!(status, "retired" | "consolidated")
}

/// Returns what a spec depends on.
pub(super) fn dependencies(spec: &Document) -> impl Iterator<Item = Dependency<'_>> {
    let list = spec.value.as_ref().ok().and_then(|value| value.pointer("/dependencies")?.as_list());
    let listed = list.unwrap_or_default().iter().take(MOST_DEPENDENCIES).enumerate();
    listed.filter_map(|(at, value)| {
        let key = value.pointer("/key")?.as_str().filter(|key| !key.is_empty())?;
        Some(Dependency { key, version: value.pointer("/version"), pointer: format!("/dependencies/{at}") })
    })
}

impl Step<'_> {
    /// Opens a file of the plugin as base has it.
    pub(super) fn on_base(&self, state: &StateContext<'_>, inside: &str) -> Result<Option<Document>> {
        let Some(tip) = state.tip.filter(|_| !inside.is_empty()) else { return Ok(None) };
        Document::open(tip, &self.before.path.parent().join(inside.as_bytes()))
    }

    /// Returns how the version rises; `None` where one of them is none, which is told elsewhere.
    pub(super) fn rise(&self) -> Option<Rise> {
        let version = |document: &Document| Version::parse(document.text_at("/version")?).ok();
        Some(Rise { old: version(&self.before)?, new: version(self.spec)? })
    }

    /// Returns how the version rises, where what base promises still holds.
    pub(super) fn binding_rise(&self, state: &StateContext<'_>) -> Option<Rise> {
        self.rise().filter(|rise| !rise.may_break() && !rise.is_back_port(state))
    }
}

impl Rise {
    /// The version on base and the one that follows.
    pub(super) fn versions(&self) -> (&Version, &Version) {
        (&self.old, &self.new)
    }

    /// Tells whether the new version may break what the old one promised (SemVer 2.0.0 §4, §8, §9).
    ///
    /// A higher major may; below 1.0.0, a higher minor. A pre-release of `X.0.0` or `0.Y.0` has no release behind it that promised anything:
    /// what follows it may, too. Any other pre-release stands for what its releases promised.
    fn may_break(&self) -> bool {
        let line = |version: &Version| match version.major {
            0 => (0, version.minor),
            major => (major, 0),
        };
        let (old, new) = (&self.old, &self.new);
        let begins = !old.pre.is_empty() && old.patch == 0 && (old.major == 0 || old.minor == 0);
        line(new) > line(old) || begins && new.cmp_precedence(old).is_ge()
    }

    /// Tells whether a lower version is published beside higher ones, where policy lets it: base does not have what it follows.
    fn is_back_port(&self, state: &StateContext<'_>) -> bool {
        state.policy.ledger.back_ports && self.new.cmp_precedence(&self.old).is_lt()
    }

    /// Says what breaks between which versions.
    pub(super) fn says(&self, what: &str) -> String {
        match self.old == self.new {
            true => format!("the version stays {}, and {what}", self.old),
            false => format!("from {} to {} {what}", self.old, self.new),
        }
    }

    /// Says how the version may be raised so that it may break.
    pub(super) fn help(&self, plugin: &Plugin) -> String {
        let step = if self.old.major == 0 { "minor" } else { "major" };
        format!("raise the version: id-plugin bump {} {step}", plugin.name())
    }
}

/// Points at what stands on base.
pub(super) fn stands(
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
    fn a_version_says_whether_it_may_break() {
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
            let rise = super::Rise { old: version(old), new: version(new) };
            assert_eq!(rise.may_break(), expected, "{old} {new}");
        }
    }
}
