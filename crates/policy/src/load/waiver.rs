//! Reads waivers.

use artifact::{Fields, Problem, Value};
use snapshot::ObjectId;

use crate::{Date, Pattern, Waiver};

/// Reads an entry of `waivers`, and appends its problems.
pub(super) fn read(value: &Value, pointer: &str, problems: &mut Vec<Problem>) -> Option<Waiver> {
    let mut fields = Fields::of(value, pointer, problems)?;
    let code = fields.required_str("code");
    // A code or a name, as in `levels`.
    let rule =
        code.and_then(|(text, _)| codes::ALL.iter().find(|rule| rule.code == text || rule.name == text));
    if let (Some((text, place)), None) = (code, rule) {
        let help = "a waiver names a rule, for example IMM001; `id-guard rules` lists them".into();
        fields.problem("code", place.span.clone(), format!("unknown rule `{text}`"), Some(help));
    }
    let path = fields.required_str("path");
    let reason = fields.required_str("reason");
    let owner = fields.required_str("owner");
    let until = required_until(&mut fields);
    let commit = fields.optional_str("commit");
    let pattern = path.and_then(|(text, place)| match Pattern::new(text) {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            fields.problem("path", place.span.clone(), error.to_string(), None);
            None
        }
    });
    let until = until.and_then(|(text, place)| {
        let date = Date::parse(text);
        if date.is_none() {
            fields.problem("until", place.span.clone(), "expected a date, written \"YYYY-MM-DD\"", None);
        }
        date
    });
    let commit = match commit {
        None => None,
        Some((text, place)) => {
            let id = ObjectId::from_hex(text.as_bytes());
            if id.is_none() {
                fields.problem("commit", place.span.clone(), "expected a full commit id", None);
            }
            id
        }
    };
    for (name, found) in [("reason", reason), ("owner", owner)] {
        if let Some((text, place)) = found
            && text.trim().is_empty()
        {
            fields.problem(name, place.span.clone(), format!("waiver has an empty {name}"), None);
        }
    }
    fields.finish();
    Some(Waiver {
        code: rule?.code.into(),
        path: pattern?,
        reason: reason?.0.into(),
        owner: owner?.0.into(),
        until: until?,
        commit,
        span: value.span.clone(),
    })
}

/// Reads `until`; a missing date is reported with an example, as it is the most common mistake.
fn required_until<'v>(fields: &mut Fields<'v, '_>) -> Option<(&'v str, &'v Value)> {
    if fields.optional("until").is_none() {
        let span = fields.start();
        let example = "add the last day on which it is valid, e.g. until: \"2027-01-31\"";
        fields.problem("until", span, "waiver has no `until` date", Some(example.into()));
        return None;
    }
    fields.required_str("until")
}
