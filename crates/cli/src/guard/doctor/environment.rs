//! The environment of the repository: tools and their versions, the policy on the base branch, git hooks.

use policy::POLICY_PATH;
use repo::Repository;
use snapshot::Snapshot as _;

use super::Line;
use crate::guard::init::hooks::{self, Found};
use crate::guard::init::mainline;
use crate::remote::tracking;

/// The first git that takes settings from its environment, by which a token is shown.
const OLDEST_GIT: (u32, u32) = (2, 31);

/// Which tools there are.
pub(super) fn tools(repository: &Repository) -> Vec<Line> {
    let own =
        format!("id-guard {}, baseline pack {}", env!("CARGO_PKG_VERSION"), artifact::embedded::VERSION);
    let output = repository.git(&["version"], &[], &[]).ok().filter(|output| output.succeeded());
    let installed = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_string());
    let git = match installed.as_deref().map(|installed| (installed, version(installed))) {
        None => Line::problem("git is not on PATH: it is needed to fetch and publish, not to check".into()),
        Some((installed, Some(found))) if found >= OLDEST_GIT => Line::ok(installed.into()),
        Some((installed, _)) => Line::problem(format!(
            "{installed}: fetching and publishing in CI requires git {}.{} or newer",
            OLDEST_GIT.0, OLDEST_GIT.1
        )),
    };
    vec![Line::ok(own), git]
}

/// Reads `git version 2.47.3`.
fn version(output: &str) -> Option<(u32, u32)> {
    let mut numbers = output.split(' ').nth(2)?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// Checks whether the base branch of the remote contains the policy.
pub(super) fn base_policy(repository: &Repository) -> Vec<Line> {
    let Some(branch) = mainline(repository) else { return Vec::new() };
    let name = tracking("origin", &branch);
    let tip = repository.reference(&name).ok().flatten().and_then(|id| repository.commit(id).ok());
    let Some(tip) = tip else {
        if repository.remote_address("origin").is_none() {
            return Vec::new();
        }
        return vec![Line::unknown(format!(
            "the policy at the remote: origin/{branch} is not here; git fetch origin"
        ))];
    };
    match tip.find(&POLICY_PATH.into()) {
        Ok(Some(_)) => {
            vec![Line::ok(format!("the policy is on origin/{branch}, the base of changes"))]
        }
        _ => vec![Line::problem(format!(
            "{POLICY_PATH} is not on origin/{branch}: until it is merged, changes are checked with the embedded baseline only"
        ))],
    }
}

/// Checks whether git hooks run the gate before CI does.
pub(super) fn hooks(repository: &Repository) -> Vec<Line> {
    let (mut ours, mut lacking, mut asleep) = (Vec::new(), Vec::new(), Vec::new());
    for (name, _, found) in hooks::look(repository) {
        match found {
            Found::Ours => ours.push(name),
            Found::Asleep => asleep.push(name),
            Found::Other | Found::Manager | Found::Nothing => lacking.push(name),
        }
    }
    let mut lines = Vec::new();
    if !ours.is_empty() {
        lines.push(Line::ok(format!("git hooks installed: {}", ours.join(", "))));
    }
    if !asleep.is_empty() {
        lines.push(Line::problem(format!(
            "git hooks without the executable bit: {}: chmod +x",
            asleep.join(", ")
        )));
    }
    if !lacking.is_empty() {
        let lacking = lacking.join(", ");
        lines.push(Line::advice(format!(
            "git hooks are not installed ({lacking}); failures will only show up in CI: id-guard init --hooks"
        )));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_of_git_are_read() {
        assert_eq!(version("git version 2.47.3"), Some((2, 47)));
        assert_eq!(version("git version 2.39.5 (Apple Git-154)"), Some((2, 39)));
        assert_eq!(version("git"), None);
    }
}
