//! What stands around the repository: the tools and their versions, the policy that a change will meet, git's hooks.

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
    let said = repository.git(&["version"], &[], &[]).ok().filter(|said| said.succeeded());
    let said = said.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_string());
    let git = match said.as_deref().map(|said| (said, version(said))) {
        None => Line::problem("git is not on PATH: it fetches and publishes, though it never judges".into()),
        Some((said, Some(found))) if found >= OLDEST_GIT => Line::well(said.into()),
        Some((said, _)) => Line::problem(format!(
            "{said}: fetching and publishing in CI asks for git {}.{} or newer",
            OLDEST_GIT.0, OLDEST_GIT.1
        )),
    };
    vec![Line::well(own), git]
}

/// Reads `git version 2.47.3`.
fn version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.split(' ').nth(2)?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// Whether the policy stands where a change meets it: on the mainline, as the remote has it.
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
            vec![Line::well(format!("the policy stands on origin/{branch}, where changes meet it"))]
        }
        _ => vec![Line::problem(format!(
            "{POLICY_PATH} is not on origin/{branch}: until it is merged, changes are judged by the embedded baseline alone"
        ))],
    }
}

/// Whether git's hooks judge before CI does.
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
        lines.push(Line::well(format!("hooks that judge: {}", ours.join(", "))));
    }
    if !asleep.is_empty() {
        lines.push(Line::problem(format!(
            "hooks that git does not run, for they are no programs: {}: chmod +x",
            asleep.join(", ")
        )));
    }
    if !lacking.is_empty() {
        let lacking = lacking.join(", ");
        lines.push(Line::advice(format!(
            "hooks that do not judge: {lacking}: what CI will refuse is told there for the first time; id-guard init --hooks"
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
