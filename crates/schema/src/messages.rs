//! Messages of violations: what the field should contain, what it contains, and a suggestion.

use artifact::{Kind, Problem, Value};
use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value as Json;

/// Describes a violation; one of several fields becomes several problems.
pub(crate) fn describe_violation(
    error: &ValidationError<'_>,
    document: &Value,
    schema: &Json,
    problems: &mut Vec<Problem>,
) {
    let pointer = error.instance_path().to_string();
    let value = nearest(document, &pointer);
    let found = value.show();
    let described = description(schema, error.schema_path().as_str());
    let mut push = |message: String, help: Option<String>| {
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
                message: format!("missing field `{name}`"),
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
                    message: format!("unknown field `{}`", short(name)),
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
            let help = (names == ["a string"] && scalar).then(|| format!("quote it: \"{found}\""));
            push(format!("expected {}, found {}", names.join(" or "), value.describe()), help);
        }
        ValidationErrorKind::Pattern { pattern } => match described {
            Some(text) => push(format!("{found} is not {text}"), None),
            None => push(format!("{found} does not match {}", short(pattern)), None),
        },
        ValidationErrorKind::Format { format } => match described {
            Some(text) => push(format!("{found} is not {text}"), None),
            None => push(format!("{found} is not a valid {}", short(format)), None),
        },
        ValidationErrorKind::MinLength { limit } => {
            push(format!("expected at least {limit} characters, found {found}"), None)
        }
        ValidationErrorKind::MaxLength { limit } => {
            push(format!("expected at most {limit} characters, found {found}"), None)
        }
        ValidationErrorKind::MinItems { limit } => push(format!("expected at least {limit} elements"), None),
        ValidationErrorKind::MaxItems { limit } => push(format!("expected at most {limit} elements"), None),
        // The keywords that compare numbers: the limit is in the schema.
        ValidationErrorKind::Custom { keyword, .. } => {
            let limit = schema.pointer(error.schema_path().as_str());
            let (message, help) = compared(keyword, limit.unwrap_or(&Json::Null), value, schema, error);
            push(message, help);
        }
        _ => push(short(&error.to_string()), None),
    }
}

/// Describes a value that a comparing keyword rejects.
fn compared(
    keyword: &str,
    limit: &Json,
    value: &Value,
    schema: &Json,
    error: &ValidationError<'_>,
) -> (String, Option<String>) {
    let (found, wanted) = (value.show(), plain(limit));
    let is_exclusive = |flag: &str| {
        let path = error.schema_path();
        sibling(schema, path.as_str(), flag).and_then(Json::as_bool) == Some(true)
    };
    let message = match keyword {
        "enum" => {
            let options: Vec<String> = limit.as_array().into_iter().flatten().map(plain).collect();
            let known: Vec<&str> = options.iter().map(String::as_str).collect();
            let help = value.as_str().and_then(|text| similar(text, &known));
            return (format!("expected one of {}, found {found}", short(&options.join(", "))), help);
        }
        "const" => format!("expected {wanted}, found {found}"),
        "minimum" if !is_exclusive("exclusiveMinimum") => {
            format!("expected at least {wanted}, found {found}")
        }
        "maximum" if !is_exclusive("exclusiveMaximum") => format!("expected at most {wanted}, found {found}"),
        "minimum" | "exclusiveMinimum" => format!("expected more than {wanted}, found {found}"),
        "maximum" | "exclusiveMaximum" => format!("expected less than {wanted}, found {found}"),
        "multipleOf" => format!("expected a multiple of {wanted}, found {found}"),
        _ => "duplicate element in the array".into(),
    };
    (message, None)
}

/// Returns the value at a pointer, or the innermost existing value around it.
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

/// Cuts the text to 160 characters.
pub(crate) fn short(text: &str) -> String {
    if text.chars().count() > 160 {
        return text.chars().take(159).collect::<String>() + "…";
    }
    text.into()
}

fn type_name(name: &str) -> &'static str {
    match name {
        "null" => "null",
        "boolean" => "a boolean",
        "integer" => "an integer",
        "number" => "a number",
        "string" => "a string",
        "array" => "an array",
        _ => "a mapping",
    }
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| short(&value.to_string()), short)
}

/// Returns the `description` beside a keyword, which is the best wording of the requirement.
fn description(schema: &Json, keyword: &str) -> Option<String> {
    Some(short(sibling(schema, keyword, "description")?.as_str()?))
}

/// Returns a keyword beside the one at the schema path.
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
