//! Waivers as their file writes them.

use artifact::{Fields, Problem, Value};
use snapshot::ObjectId;

use crate::{Date, Pattern, Waiver};

/// Reads an entry of `waivers`; what is wrong with it goes to `problems`.
pub(super) fn read(value: &Value, pointer: &str, problems: &mut Vec<Problem>) -> Option<Waiver> {
    let mut fields = Fields::of(value, pointer, problems)?;
    let code = fields.required_str("code");
    if let Some((text, place)) = code
        && !codes::ALL.iter().any(|rule| rule.code == text)
    {
        let help = "a waiver names a rule by its code, as in IMM001; `id-guard rules` lists them".into();
        fields.problem(
            "code",
            place.span.clone(),
            format!("there is no rule with the code `{text}`"),
            Some(help),
        );
    }
    let path = fields.required_str("path");
    let reason = fields.required_str("reason");
    let owner = fields.required_str("owner");
    let until = fields.required_str("until");
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
            fields.problem(
                "until",
                place.span.clone(),
                "a waiver ends on a day, written \"YYYY-MM-DD\"",
                None,
            );
        }
        date
    });
    let commit = match commit {
        None => None,
        Some((text, place)) => {
            let id = ObjectId::from_hex(text.as_bytes());
            if id.is_none() {
                fields.problem("commit", place.span.clone(), "a commit is named by its whole id", None);
            }
            id
        }
    };
    for (name, found) in [("reason", reason), ("owner", owner)] {
        if let Some((text, place)) = found
            && text.trim().is_empty()
        {
            fields.problem(name, place.span.clone(), format!("a waiver wants a {name}"), None);
        }
    }
    fields.finish();
    Some(Waiver {
        code: code?.0.into(),
        path: pattern?,
        reason: reason?.0.into(),
        owner: owner?.0.into(),
        until: until?,
        commit,
        span: value.span.clone(),
    })
}
