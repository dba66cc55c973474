//! Problems that keep a plugin's file from being derived.

use artifact::Problem;
use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Derived, Plugin};

/// Reports why a plugin's file cannot be derived.
pub(super) fn report_problems(
    rule: &'static RuleInfo,
    plugin: &Plugin,
    derived: &Derived,
    path: &str,
) -> impl Iterator<Item = Diagnostic> {
    let flaws = derived.derivation.problems.iter().filter(move |flaw| flaw.path == path);
    let text = derived.files.files.get(path).map(Vec::as_slice).unwrap_or_default();
    flaws.map(move |flaw| describe_problem(rule, plugin, text, path, &flaw.problem))
}

/// Describes a problem in a plugin's file.
pub(super) fn describe_problem(
    rule: &'static RuleInfo,
    plugin: &Plugin,
    text: &[u8],
    path: &str,
    problem: &Problem,
) -> Diagnostic {
    let place = Location::at(&plugin.path(path.as_bytes()), text, problem.span.clone());
    let finding =
        Diagnostic::new(rule, problem.message.clone()).at(place.with_pointer(problem.pointer.clone()));
    match &problem.help {
        Some(help) => finding.help(help.clone()),
        None => finding.help(format!("regenerate it: id-plugin generate {}", plugin.name())),
    }
}
