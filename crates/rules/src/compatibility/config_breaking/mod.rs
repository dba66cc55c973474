//! A plugin rejects settings that it accepted, or requires new ones, only with a breaking version.

mod settings;

use std::collections::BTreeSet;

use artifact::escape;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use schema::{Variance, breaks};
use snapshot::Result;

use self::settings::Settings;
use super::version_step::{SemverBump, VersionStep, steps};

/// `CMP010` config-breaking.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CONFIG_BREAKING,
        summary: "a plugin rejects settings that it accepted, or requires new ones, only with a breaking version",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

/// The schema of the settings.
const SCHEMA: &str = "/config/schema";
/// The default settings.
const DEFAULTS: &str = "/config/defaults";

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for step in &steps(state)? {
        // A schema without targets of its references is reported by its own rule.
        let Some(new) = Settings::after(step.plugin, step.spec) else { continue };
        let is_touched = |path: &str| step.touches(state, &step.plugin.path(path.as_bytes()));
        if !new.paths().any(is_touched) {
            continue;
        }
        let old = Settings::before(&step.before, step.tree_before(state))?;
        if let Some(bump) = step.binding_bump(state) {
            report_breaking(state, step, &bump, (&old, &new), findings);
        }
        if let Some(bump) = step.patch_bump(state) {
            report_additions(step, &bump, (&old, &new), findings);
        }
    }
    Ok(())
}

fn report_breaking(
    state: &StateContext<'_>,
    step: &VersionStep<'_>,
    bump: &SemverBump,
    (old, new): (&Settings<'_>, &Settings<'_>),
    findings: &mut Vec<Diagnostic>,
) {
    let mut report = |what: String, place: &str, before: &str| {
        findings.push(step.breaking(&RULE.info, state, bump, (what, place, before)));
    };
    for (name, _) in old.defaults() {
        if new.default_of(name).is_none() {
            let before = format!("{DEFAULTS}/{}", escape(name));
            report(format!("setting {name} has no default any more"), DEFAULTS, &before);
        }
    }
    if old.accepts_unnamed() && !new.accepts_unnamed() {
        report("settings that the schema does not name are no longer accepted".into(), SCHEMA, SCHEMA);
    }
    if old.same_schema(new) {
        return;
    }
    for found in breaks(&old.contract(), &new.contract(), Variance::Widen) {
        let (place, file) = new.place(&found.pointer);
        let (before, _) = old.place(&found.old_pointer);
        let at = file.map(|file| format!(" at {file}")).unwrap_or_default();
        report(format!("incompatible change of the settings{at}: {}", found.message), &place, &before);
    }
}

fn report_additions(
    step: &VersionStep<'_>,
    bump: &SemverBump,
    (old, new): (&Settings<'_>, &Settings<'_>),
    findings: &mut Vec<Diagnostic>,
) {
    let mut report = |what: String, place: String| {
        findings.push(step.addition(&RULE.info, bump, (what, &place)));
    };
    let known: BTreeSet<&str> = old.names().collect();
    for name in new.names().filter(|name| !known.contains(name)) {
        report(format!("setting {name} was added"), format!("{SCHEMA}/properties/{}", escape(name)));
    }
    for (name, value) in new.defaults() {
        let place = format!("{DEFAULTS}/{}", escape(name));
        match old.default_of(name) {
            Some(before) if !before.same(value) => {
                let (before, value) = (before.show(), value.show());
                report(format!("the default of setting {name} changed from {before} to {value}"), place);
            }
            Some(_) => {}
            None => report(format!("setting {name} has a default now"), place),
        }
    }
}
