//! How to get objects that a clone lacks: a command that works in this clone.

use std::path::Path;

use gix::config::File;

use crate::ObjectKind;

/// Which objects a clone lacks, and the remote that has them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Remedy {
    /// The remotes of the repository, in the order of its configuration.
    remotes: Vec<String>,
    /// The remote that a partial clone fetches missing objects from.
    pub(crate) promisor: Option<String>,
    is_shallow: bool,
}

impl Remedy {
    pub(crate) fn of(common: &Path, config: &File) -> Remedy {
        let remotes = remotes(config);
        let named = config.string_by("extensions", None, "partialclone").map(|name| name.to_string());
        let promises = |name: &&String| {
            let value = config.string_by("remote", Some(name.as_bytes().into()), "promisor");
            value.is_some_and(|value| !["false", "no", "off", "0"].contains(&value.to_string().as_str()))
        };
        let promisor = remotes.iter().find(promises).cloned().or(named);
        Remedy { promisor, remotes, is_shallow: common.join("shallow").is_file() }
    }

    /// Returns how to get a missing object.
    pub(crate) fn help(&self, kind: ObjectKind) -> String {
        let Some(remote) = self.promisor.as_deref().or_else(|| default_remote(&self.remotes)) else {
            return "this clone has no remote to fetch it from: clone the repository again".into();
        };
        // `git fetch` without a name fetches from origin.
        let remote =
            if remote == "origin" { String::new() } else { format!(" {}", snapshot::shell::word(remote)) };
        let is_history = matches!(kind, ObjectKind::Commit | ObjectKind::Tag);
        if self.is_shallow && (is_history || self.promisor.is_none()) {
            format!("fetch the missing history: git fetch --unshallow{remote}")
        } else {
            format!("fetch what is missing: git fetch --refetch --no-filter{remote}")
        }
    }
}

/// Lists the remotes that have an address.
pub(crate) fn remotes(config: &File) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for section in config.sections_by_name("remote").into_iter().flatten() {
        let name = section.header().subsection_name().map(|name| name.to_string());
        let name = name.filter(|name| section.value("url").is_some() && !found.contains(name));
        found.extend(name);
    }
    found
}

/// Returns the remote that git fetches from: `origin`, else the first one.
pub(crate) fn default_remote(remotes: &[String]) -> Option<&str> {
    remotes.iter().find(|name| *name == "origin").or(remotes.first()).map(String::as_str)
}
