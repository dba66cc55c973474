//! Levels and waivers: what a policy makes of findings. Those of protected rules are kept aside as ignored.

use artifact::{Fields, Problem, Value};
use diagnostic::{Level, Location};

use super::source::{Source, nearest, problem, refuse, schema_version};
use super::{Loader, waiver};
use crate::error::Error;
use crate::ignored::{Ignored, IgnoredKind, is_protected};
use crate::policy::SettingOrigin;

impl Loader<'_> {
    /// Applies the levels that a file sets.
    pub(super) fn levels(
        &mut self,
        source: &Source<'_>,
        by: &str,
        levels: Option<&Value>,
        problems: &mut Vec<Problem>,
    ) {
        let Some(value) = levels else { return };
        let Some(map) = value.as_map() else {
            problems.push(problem("/levels", value, "expected a mapping from rule names to levels"));
            return;
        };
        for entry in map.entries() {
            let pointer = format!("/levels/{}", entry.key.name);
            let level = entry.value.as_str().and_then(Level::from_name);
            let named = &entry.key.name;
            // Reports show codes, pages show names: both select the rule, as in waivers.
            let rule = codes::ALL.iter().find(|rule| rule.name == named || rule.code == named);
            match (level, rule) {
                (Some(_), Some(rule))
                    if map.entries().any(|other| {
                        other.key.name != *named
                            && (other.key.name == rule.name || other.key.name == rule.code)
                    }) =>
                {
                    let message = format!("{} ({}) has two levels", rule.code, rule.name);
                    problems.push(Problem {
                        span: entry.key.span.clone(),
                        ..problem(&pointer, &entry.value, &message)
                    });
                }
                (Some(level), Some(rule)) if level < rule.level && is_protected(rule) => {
                    self.policy.ignored.push(Ignored {
                        what: IgnoredKind::Level,
                        name: format!("{} {} {by}", rule.code, level.name()),
                        message: format!("the level of {} ({}) cannot be lowered", rule.code, rule.name),
                        help: "remove the level: this rule always fails a check".into(),
                        location: Location::at(&source.path, source.text, entry.key.span.clone()),
                    });
                }
                (Some(level), Some(rule)) => {
                    self.policy.origins.push(SettingOrigin {
                        key: format!("levels.{}", rule.name),
                        value: level.name().into(),
                        by: by.into(),
                        origin: source.origin(&entry.value),
                    });
                    self.policy.levels.insert(rule.name.into(), level);
                }
                (Some(_), None) => {
                    let names: Vec<&str> = codes::ALL.iter().map(|rule| rule.name).collect();
                    let nearest = nearest(&entry.key.name, &names);
                    problems.push(Problem {
                        span: entry.key.span.clone(),
                        ..problem(
                            &pointer,
                            &entry.value,
                            &format!("unknown rule `{}`{nearest}", entry.key.name),
                        )
                    });
                }
                (None, _) => {
                    problems.push(problem(&pointer, &entry.value, "expected `allow`, `warn` or `deny`"));
                }
            }
        }
    }

    /// Reads the waivers.
    pub(super) fn waivers_file(&mut self, source: &Source<'_>) -> Result<(), Error> {
        self.digest(source);
        let value = source.parse()?;
        let mut problems = Vec::new();
        let mut list: &[Value] = &[];
        if let Some(mut fields) = Fields::of(&value, "", &mut problems) {
            schema_version(&mut fields);
            list = fields.optional_list("waivers").unwrap_or_default();
            fields.finish();
        }
        for (at, value) in list.iter().enumerate() {
            let Some(found) = waiver::read(value, &format!("/waivers/{at}"), &mut problems) else { continue };
            match codes::ALL.iter().find(|rule| rule.code == found.code && is_protected(rule)) {
                None => self.policy.waivers.push(found),
                Some(rule) => self.policy.ignored.push(Ignored {
                    what: IgnoredKind::Waiver,
                    name: format!("{} {}", rule.code, found.path.as_str()),
                    message: format!("findings of {} ({}) cannot be waived", rule.code, rule.name),
                    help: "remove the waiver, and fix what the rule reports".into(),
                    location: Location::at(&source.path, source.text, found.span),
                }),
            }
        }
        refuse(source, problems)
    }
}
