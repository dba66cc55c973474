//! Violations in words: what was expected at the field, what was found, and the nearest thing that would do.

use artifact::{Kind, Problem, Value};
use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value as Json;

/// Puts a violation into words; one that names several fields becomes several problems.
pub(crate) fn tell(
    error: &ValidationError<'_>,
    document: &Value,
    schema: &Json,
    problems: &mut Vec<Problem>,
) {
    let pointer = error.instance_path().to_string();
    let value = nearest(document, &pointer);
    let found = value.show();
    let described = description(schema, error.schema_path().as_str());
    let mut say = |message: String, help: Option<String>| {
        problems.push(Problem { pointer: pointer.clone(), span: value.span.clone(), message, help });
    };
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let help = sibling(schema, error.schema_path().as_str(), "properties").and_then(|properties| {
                resolve(schema, properties.get(name)?)?.get("description")?.as_str().map(String::from)
            });
            let start = value.span.start;
            problems.push(Problem {
                pointer: format!("{pointer}/{}", artifact::escape(name)),
                span: start..start,
                message: format!("the field `{name}` is missing"),
                help,
            });
        }
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            let known: Vec<&str> = sibling(schema, error.schema_path().as_str(), "properties")
                .and_then(Json::as_object)
                .map(|properties| properties.keys().map(String::as_str).collect())
                .unwrap_or_default();
            for name in unexpected {
                let span = value
                    .as_map()
                    .and_then(|map| map.entry(name))
                    .map_or(value.span.clone(), |entry| entry.key.span.clone());
                let help = similar(name, &known)
                    .or_else(|| (!known.is_empty()).then(|| format!("known fields: {}", known.join(", "))));
                problems.push(Problem {
                    pointer: format!("{pointer}/{}", artifact::escape(name)),
                    span,
                    message: format!("the field `{}` is not known here", short(name)),
                    help,
                });
            }
        }
        ValidationErrorKind::Type { kind } => {
            let names: Vec<&str> = match kind {
                TypeKind::Single(kind) => vec![type_name(kind.as_str())],
                TypeKind::Multiple(kinds) => kinds.iter().map(|kind| type_name(kind.as_str())).collect(),
            };
            let scalar = !matches!(value.kind, Kind::List(_) | Kind::Map(_) | Kind::Null);
            let help = (names == ["a text"] && scalar).then(|| format!("quote it: \"{found}\""));
            say(format!("expected {}, found {}", names.join(" or "), value.describe()), help);
        }
        ValidationErrorKind::Enum { options } => {
            let options: Vec<String> = options.as_array().into_iter().flatten().map(plain).collect();
            let known: Vec<&str> = options.iter().map(String::as_str).collect();
            let help = value.as_str().and_then(|text| similar(text, &known));
            say(format!("expected one of {}, found {found}", options.join(", ")), help);
        }
        ValidationErrorKind::Constant { expected_value } => {
            say(format!("expected {}, found {found}", plain(expected_value)), None);
        }
        ValidationErrorKind::Pattern { pattern } => match described {
            Some(text) => say(format!("{found} is not {text}"), None),
            None => say(format!("{found} does not match {}", short(pattern)), None),
        },
        ValidationErrorKind::Format { format } => match described {
            Some(text) => say(format!("{found} is not {text}"), None),
            None => say(format!("{found} is no {}", short(format)), None),
        },
        ValidationErrorKind::MinLength { limit } => {
            say(format!("expected at least {limit} characters, found {found}"), None)
        }
        ValidationErrorKind::MaxLength { limit } => {
            say(format!("expected at most {limit} characters, found {found}"), None)
        }
        ValidationErrorKind::MinItems { limit } => say(format!("expected at least {limit} elements"), None),
        ValidationErrorKind::MaxItems { limit } => say(format!("expected at most {limit} elements"), None),
        ValidationErrorKind::Minimum { limit } => {
            say(format!("expected at least {limit}, found {found}"), None)
        }
        ValidationErrorKind::Maximum { limit } => {
            say(format!("expected at most {limit}, found {found}"), None)
        }
        ValidationErrorKind::UniqueItems => say("an element stands in the list twice".into(), None),
        _ => say(short(&error.to_string()), None),
    }
}

/// The value that a pointer leads to, or the nearest one around it.
pub(crate) fn nearest<'v>(document: &'v Value, pointer: &str) -> &'v Value {
    let mut shown = pointer;
    loop {
        if let Some(value) = document.pointer(shown) {
            return value;
        }
        match shown.rfind('/') {
            Some(at) => shown = &shown[..at],
            None => return document,
        }
    }
}

/// At most some 160 characters of a text.
pub(crate) fn short(text: &str) -> String {
    match text.chars().count() > 160 {
        true => text.chars().take(159).collect::<String>() + "…",
        false => text.into(),
    }
}

fn type_name(name: &str) -> &'static str {
    match name {
        "null" => "null",
        "boolean" => "a truth value",
        "integer" => "a whole number",
        "number" => "a number",
        "string" => "a text",
        "array" => "a list",
        _ => "a map",
    }
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| short(&value.to_string()), short)
}

/// The `description` beside a keyword: the author of the schema says best what is meant.
fn description(schema: &Json, keyword: &str) -> Option<String> {
    Some(short(sibling(schema, keyword, "description")?.as_str()?))
}

/// A keyword beside the one at the schema path.
fn sibling<'s>(schema: &'s Json, keyword: &str, name: &str) -> Option<&'s Json> {
    let parent = &keyword[..keyword.rfind('/')?];
    schema.pointer(parent)?.get(name)
}

/// Follows a local `$ref`, once.
fn resolve<'s>(schema: &'s Json, part: &'s Json) -> Option<&'s Json> {
    match part.get("$ref").and_then(Json::as_str) {
        Some(reference) => schema.pointer(reference.strip_prefix('#')?),
        None => Some(part),
    }
}

fn similar(name: &str, known: &[&str]) -> Option<String> {
    let nearest = known.iter().map(|known| (strsim::damerau_levenshtein(known, name), *known)).min()?;
    (nearest.0 <= 2 && nearest.0 < nearest.1.len()).then(|| format!("did you mean `{}`?", nearest.1))
}
