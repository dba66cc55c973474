//! Recorded results belong to one version of a plugin, and to its content.

use artifact::Problem;
use documents::budget::{RESULTS, Results};
use engine::{Plugin, StateContext, Text};
use plugin_files::digest_without;
use snapshot::{Error, Result};

use super::problem;

/// Returns why results are not of the version and content of the plugin; nothing where its spec is invalid, which another rule reports.
pub(in crate::documents) fn binding_problems(
    state: &StateContext<'_>,
    plugin: &Plugin,
    results: &Results,
) -> Result<Vec<Problem>> {
    let Some(derived) = state.derived(plugin)? else { return Ok(Vec::new()) };
    let version = &derived.spec.version;
    let content = match digest_without(&derived.files, &derived.spec, RESULTS) {
        // Another rule reports that the plugin is too large.
        Err(Error::TooLarge { .. }) => return Ok(Vec::new()),
        other => other?,
    };
    let help = format!(
        "run the conformance tests again, and record \"version\": \"{version}\" and \"content_sha256\": \"{content}\""
    );
    let mut problems = Vec::new();
    if let Some(recorded) = results.version.as_ref().filter(|recorded| recorded.value != *version) {
        let message = format!(
            "results of version {}, but the plugin has version {version}",
            super::shown(&recorded.value)
        );
        problems.push(problem(&recorded.span, message, help.as_str()));
    }
    if let Some(recorded) = results.content_sha256.as_ref().filter(|recorded| recorded.value != content) {
        problems.push(problem(
            &recorded.span,
            "results of other content: the plugin has changed since",
            help,
        ));
    }
    Ok(problems)
}

/// Returns the results of a plugin, where they are of its version and content.
pub(in crate::documents) fn current_results<'t>(
    state: &StateContext<'_>,
    plugin: &'t Plugin,
) -> Result<Option<&'t Text<Results>>> {
    let Some(results) = &state.texts(plugin)?.results else { return Ok(None) };
    Ok(binding_problems(state, plugin, &results.read)?.is_empty().then_some(results))
}
