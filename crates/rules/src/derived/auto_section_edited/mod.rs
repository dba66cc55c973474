//! AUTO sections are not edited by hand.

use diagnostic::{Diagnostic, Location, RuleInfo, line_of};
use engine::{Check, Derived, Plugin, Rule, StateContext};
use plugin_files::{PluginFiles, fence, language, may_have_sections, scaffold};
use snapshot::Result;

use super::problems::describe_problem;

/// `GEN010` auto-section-edited.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::AUTO_SECTION_EDITED,
        summary: "AUTO sections are not edited by hand",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(derived) = state.derived(plugin)? else { continue };
        findings.extend(removed(state, plugin, derived)?);
        for (path, text) in derived.files.files.iter().filter(|(path, text)| may_have_sections(path, text)) {
            let sections = match fence::find(text) {
                Ok(sections) => sections,
                Err(problem) => {
                    findings.push(describe_problem(&RULE.info, plugin, text, path, &problem));
                    continue;
                }
            };
            let made =
                derived.derivation.files.get(path).and_then(|made| Some((made, fence::find(made).ok()?)));
            for section in fence::edited(text, &sections) {
                // If the generator knows the original, show the edited line; otherwise the first line of the section.
                let inside = &text[section.inside.clone()];
                let known = made.as_ref().and_then(|(made, sections)| {
                    let same = sections.iter().find(|other| other.name == section.name)?;
                    Some(&made[same.inside.clone()]).filter(|bytes| *bytes != inside)
                });
                let at = known.map_or(0, |made| made.iter().zip(inside).take_while(|(a, b)| a == b).count());
                let line = line_of(inside, at);
                let place = if line.is_empty() {
                    section.begin.start..section.begin.end - 1
                } else {
                    section.inside.start + line.start..section.inside.start + line.end
                };
                findings.push(
                    Diagnostic::new(
                        &RULE.info,
                        format!("AUTO section `{}` was edited by hand", section.name),
                    )
                    .at(Location::at(&plugin.path(path.as_bytes()), text, place))
                    .help("move the edit outside of the marker lines: the section is overwritten")
                    .help(format!("regenerate it: id-plugin generate {}", plugin.name())),
                );
            }
        }
    }
    Ok(())
}

/// Reports the sections that a handler has on the base branch and that no handler has any more.
fn removed(state: &StateContext<'_>, plugin: &Plugin, derived: &Derived) -> Result<Vec<Diagnostic>> {
    let (Some(tip), Some(spec)) = (state.tip, state.spec_on_base(plugin)?) else { return Ok(Vec::new()) };
    let Some(before) = PluginFiles::find(tip, &spec.path.parent())? else { return Ok(Vec::new()) };
    // A handler may move, or go to another language that has sections; it does not lose them.
    let made = language(&derived.files, &derived.spec)
        .map_or_else(Vec::new, |language| scaffold::sections(language, &derived.spec));
    let (had, has) = (sections(&before), sections(&derived.files));
    let entry = spec.text_at("/runtime/entry").unwrap_or_default();
    let missing = had.into_iter().filter(|(name, path)| {
        // The entry point needs them: a file that is never run does not count.
        let runs = |other: &String| path != entry || *other == derived.spec.runtime.entry;
        let is_kept = has.iter().any(|(other, at)| other == name && runs(at));
        let is_made = made.iter().any(|section| section.name == name.as_str());
        !is_kept && (is_made || derived.files.files.contains_key(path))
    });
    let place = |path: &String| {
        let has_file = derived.files.files.contains_key(path);
        plugin.path(if has_file { path.as_bytes() } else { derived.spec.runtime.entry.as_bytes() })
    };
    let report = |(name, path): (String, String)| {
        Diagnostic::new(&RULE.info, format!("AUTO section `{name}` was removed"))
            .at(Location::of(&place(&path)))
            .help(format!(
                "restore its two marker lines, and regenerate it: id-plugin generate {}",
                plugin.name()
            ))
    };
    Ok(missing.map(report).collect())
}

/// Returns the AUTO sections of a plugin's sources: name and file.
fn sections(plugin: &PluginFiles) -> Vec<(String, String)> {
    let files = plugin.files.iter().filter(|(path, text)| path.starts_with("src/") && fence::is_in(text));
    let found = files.flat_map(|(path, text)| {
        let sections = fence::find(text).unwrap_or_default();
        sections.into_iter().map(|section| (section.name, path.clone())).collect::<Vec<_>>()
    });
    found.collect()
}
