//! Tests cover as many lines as the policy requires.

use artifact::Language;
use diagnostic::{Diagnostic, Level, Location, RuleInfo};
use engine::{Check, Plugin, Rule, StateContext};
use policy::Section;
use snapshot::Result;

/// `DOC013` coverage-too-low.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::COVERAGE_TOO_LOW,
        summary: "tests cover as many lines as the policy requires",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(frozen) = &state.texts(plugin)?.frozen else { continue };
        // A check of all plugins rarely gets the reports of all of them.
        let is_required = state.changes.is_some() && frozen.demands(Section::Quality, "coverage");
        if is_required && state.coverage.of(&plugin.directory).is_none() && has_sources(plugin) {
            findings.push(
                Diagnostic::new(
                    &RULE.info,
                    format!(
                        "no coverage report for {}, which the policy requires",
                        String::from_utf8_lossy(plugin.directory.as_bytes())
                    ),
                )
                .help("run the tests with coverage, and pass the report with the option --coverage")
                .at(Location::of(&plugin.directory))
                .related(frozen.origin(Section::Quality, "coverage")),
            );
            continue;
        }
        if !state.coverage.has_reports() {
            continue;
        }
        let Some(wanted) = frozen.number(Section::Quality, "coverage_percent") else { continue };
        let finding = match state.coverage.of(&plugin.directory) {
            Some(lines) if lines.found == 0 || is_enough(lines.hit, lines.found, wanted) => continue,
            Some(lines) => Diagnostic::new(
                &RULE.info,
                format!(
                    "tests cover {} of {} lines ({} %); the policy requires {wanted} %",
                    lines.hit,
                    lines.found,
                    percent(lines.hit, lines.found)
                ),
            )
            .help("add tests for the lines that the coverage report lists as not covered"),
            // A check of all plugins rarely gets the reports of all of them.
            None if state.changes.is_none() || !has_sources(plugin) => continue,
            None => Diagnostic {
                level: Level::Warn,
                ..Diagnostic::new(
                    &RULE.info,
                    format!(
                        "no coverage data for {} (policy requires {wanted} %)",
                        String::from_utf8_lossy(plugin.directory.as_bytes())
                    ),
                )
                .help("run the tests with coverage, and pass the report with the option --coverage")
            },
        };
        findings.push(
            finding
                .at(Location::of(&plugin.directory))
                .related(frozen.origin(Section::Quality, "coverage_percent")),
        );
    }
    Ok(())
}

fn is_enough(hit: usize, found: usize, percent: i64) -> bool {
    let (hit, found, percent) = (hit as u128, found as u128, u128::try_from(percent).unwrap_or(0));
    hit * 100 >= found * percent
}

/// Returns the percentage to a tenth, rounded down so that too little never looks like enough.
fn percent(hit: usize, found: usize) -> String {
    let tenths = hit as u128 * 1000 / (found as u128).max(1);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Whether the plugin contains source code that tests could cover.
fn has_sources(plugin: &Plugin) -> bool {
    let is_source = |inside: &[u8]| {
        inside.starts_with(b"src/") && std::str::from_utf8(inside).ok().and_then(Language::of_path).is_some()
    };
    plugin.files.keys().any(|inside| is_source(inside))
}
