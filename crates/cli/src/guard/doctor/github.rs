//! What only GitHub knows: whether tags and mainline are protected, whether the gate's check is required, what tokens may do.

use artifact::tag::Templates;
use artifact::{Limits, Syntax, Value, parse};
use forge::GitHub;
use policy::Pattern;
use repo::Repository;

use super::Line;
use crate::guard::init::place_of;

/// The tags of cards and of the tools, which are published as well.
const OTHERS: [&str; 2] = ["idcard-", "idmod-"];

/// What is asked about.
pub(super) struct GitHubQuery<'r> {
    pub(super) repository: &'r Repository,
    /// The mainline.
    pub(super) branch: String,
    /// The checks of pull requests.
    pub(super) checks: Vec<String>,
    /// How tags of published versions are called.
    pub(super) tags: Templates,
}

/// The rules that keep a tag as it is.
const KEEPING: [&str; 2] = ["update", "deletion"];

impl GitHubQuery<'_> {
    pub(super) fn examine(&self, online: bool) -> Vec<Line> {
        let place = self.repository.remote_address("origin").and_then(|address| place_of(&address));
        let place = place.and_then(|place| Some(place.split_once('/')?.1.to_string()));
        match (online, place) {
            (false, _) => vec![Line::unknown(
                "whether GitHub protects the tags and requires the check: id-guard doctor --online asks it, through gh".into(),
            )],
            (true, None) => vec![Line::unknown("origin is not an address of a forge: GitHub cannot be queried".into())],
            (true, Some(place)) => self.ask(&place),
        }
    }

    fn ask(&self, place: &str) -> Vec<Line> {
        let mut lines = self.about_tags(place).unwrap_or_else(|line| vec![line]);
        lines.extend(self.about_branch(place).unwrap_or_else(|line| vec![line]));
        lines.extend(self.about_tokens(place).unwrap_or_else(|line| vec![line]));
        lines
    }

    /// The host of the remote, which gh is to ask and no other.
    fn host(&self) -> String {
        let place = self.repository.remote_address("origin").and_then(|address| place_of(&address));
        place.and_then(|place| Some(place.split_once('/')?.0.to_string())).unwrap_or_default()
    }

    fn get(&self, path: &str) -> Result<Value, Line> {
        let unknown = |why: &str| Line::unknown(format!("GitHub does not answer {path}: {why}"));
        let github = GitHub::new(self.repository.git_directory());
        let answer = github.get(&self.host(), path).map_err(|error| unknown(&error.to_string()))?;
        parse(Syntax::Json, &answer, &Limits::default()).map_err(|error| unknown(&error.to_string()))
    }

    /// Whether a ruleset keeps every kind of tag from being moved and deleted.
    fn about_tags(&self, place: &str) -> Result<Vec<Line>, Line> {
        let listed = self.get(&format!("repos/{place}/rulesets?includes_parents=true&per_page=100"))?;
        let mut keeping: Vec<Value> = Vec::new();
        for ruleset in listed.as_list().unwrap_or_default() {
            let text = |name: &str| ruleset.get(name).and_then(Value::as_str);
            let Some(id) = ruleset.get("id").and_then(Value::as_integer) else { continue };
            if text("target") == Some("tag") && text("enforcement") == Some("active") {
                keeping.push(self.get(&format!("repos/{place}/rulesets/{id}"))?);
            }
        }
        let templates = [&self.tags.plugin, &self.tags.document, &self.tags.pack];
        let prefixes = templates.into_iter().flatten().map(|template| template.prefix().to_string());
        let lacking = |prefix: &String| {
            let name = format!("refs/tags/{prefix}x-1.0.0");
            KEEPING.iter().any(|rule| !keeping.iter().any(|ruleset| applies_to(ruleset, rule, &name)))
        };
        let open: Vec<String> = prefixes
            .chain(OTHERS.map(String::from))
            .filter(lacking)
            .map(|prefix| format!("{prefix}*"))
            .collect();
        Ok(vec![match open.is_empty() {
            true => {
                Line::ok("rulesets keep the tags of published versions from being moved and deleted".into())
            }
            false => Line::problem(format!(
                "no ruleset keeps these tags from being moved and deleted: {} (docs/how-to/protect-tags.md)",
                open.join(", ")
            )),
        }])
    }

    /// Checks whether the base branch only accepts checked changes.
    fn about_branch(&self, place: &str) -> Result<Vec<Line>, Line> {
        let rules = self.get(&format!("repos/{place}/rules/branches/{}", self.branch))?;
        let rules = rules.as_list().unwrap_or_default();
        let of = |kind: &'static str| {
            rules.iter().filter(move |rule| rule.get("type").and_then(Value::as_str) == Some(kind))
        };
        let required: Vec<&str> = of("required_status_checks")
            .filter_map(|rule| rule.pointer("/parameters/required_status_checks")?.as_list())
            .flatten()
            .filter_map(|check| check.get("context")?.as_str())
            .collect();
        let mut lines = Vec::new();
        let required: Vec<&String> =
            self.checks.iter().filter(|check| required.contains(&check.as_str())).collect();
        lines.push(match required.first() {
            Some(check) => Line::ok(format!("{} requires the check `{check}`", self.branch)),
            None => Line::problem(format!(
                "{} does not require the gate's check ({}): what it refuses can be merged",
                self.branch,
                if self.checks.is_empty() { "there is none".into() } else { self.checks.join(", ") }
            )),
        });
        let strict = of("required_status_checks").any(|rule| {
            let strict = rule.pointer("/parameters/strict_required_status_checks_policy");
            strict.and_then(Value::as_bool) == Some(true)
        });
        if !strict && of("merge_queue").next().is_none() {
            lines.push(Line::advice(format!(
                "{} merges a pull request that was checked against an older base: require branches to be up to date, or a merge queue",
                self.branch
            )));
        }
        let grouping = |rule: &Value| {
            rule.pointer("/parameters/grouping_strategy").and_then(Value::as_str) == Some("HEADGREEN")
        };
        if of("merge_queue").any(grouping) {
            lines.push(Line::advice(format!(
                "the merge queue of {} requires only the last entry of a group to pass (HEADGREEN): set `grouping_strategy` to `ALLGREEN`",
                self.branch
            )));
        }
        for (rule, what) in [
            ("pull_request", "can be pushed to without a pull request"),
            ("non_fast_forward", "can be rewritten by a forced push"),
            ("deletion", "can be deleted"),
        ] {
            if of(rule).next().is_none() {
                lines.push(Line::problem(format!("{} {what}: no ruleset has `{rule}`", self.branch)));
            }
        }
        Ok(lines)
    }

    /// Checks the default permissions of the workflow token.
    fn about_tokens(&self, place: &str) -> Result<Vec<Line>, Line> {
        let permissions = self.get(&format!("repos/{place}/actions/permissions/workflow"))?;
        let default = permissions.get("default_workflow_permissions").and_then(Value::as_str);
        Ok(match default {
            Some("read") => vec![Line::ok("the default token of workflows is read-only".into())],
            Some(_) => vec![Line::advice(
                "the default token of workflows can write: set the default to read-only (Settings, Actions)"
                    .into(),
            )],
            None => Vec::new(),
        })
    }
}

/// Returns whether a ruleset has a rule and applies to a ref (fnmatch patterns, `~ALL`).
fn applies_to(ruleset: &Value, rule: &str, name: &str) -> bool {
    let list = |pointer: &str| ruleset.pointer(pointer).and_then(Value::as_list).unwrap_or_default();
    let fits = |value: &Value| {
        value.as_str().is_some_and(|text| {
            text == "~ALL" || Pattern::new(text).is_ok_and(|pattern| pattern.matches(name.as_bytes()))
        })
    };
    let governs = list("/conditions/ref_name/include").iter().any(fits)
        && !list("/conditions/ref_name/exclude").iter().any(fits);
    governs && list("/rules").iter().any(|found| found.get("type").and_then(Value::as_str) == Some(rule))
}
