//! Documents held against JSON Schema (2020-12): offline, bounded, every violation at its field.

mod bounds;
mod circle;
mod embedded;
mod variance;
mod words;

use artifact::{Kind, Problem, Value};
use jsonschema::PatternOptions;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value as Json;

pub use embedded::{EMBEDDED, Embedded, document, id_card, pack, plugin_spec, policy_snapshot, registry};
pub use variance::{Break, Variance, breaks};

/// The most violations that are told of one document.
const MOST: usize = 64;
/// The memory of one compiled pattern, in bytes; matching is linear in the text all the same.
const PATTERN_BYTES: usize = 1 << 20;

/// A schema, ready to be used.
pub struct Schema {
    /// Whether it is the program's own: a stranger's is held to its bounds before each use.
    is_trusted: bool,
    json: Json,
    validator: jsonschema::Validator,
}

impl Schema {
    /// Compiles a schema from JSON text of the program's own.
    fn trusted(text: &str) -> Schema {
        let json = serde_json::from_str(text).expect("the embedded schemas are JSON; a test reads each");
        let validator = options().build(&json).expect("the embedded schemas are valid; a test compiles each");
        Schema { is_trusted: true, json, validator }
    }

    /// Compiles a stranger's schema: references stay inside it, patterns match in linear time.
    ///
    /// # Errors
    /// With what is wrong with the schema itself.
    pub fn compile(schema: &Value) -> Result<Schema, Problem> {
        let json = json(schema);
        let problem = |pointer: &str, message: String| Problem {
            pointer: pointer.into(),
            span: words::nearest(schema, pointer).span.clone(),
            message,
            help: None,
        };
        // Before anyone follows the references: compiling follows them, too.
        if let Err(unbounded) = bounds::hold(&json, 1, 1) {
            return Err(problem("", unbounded.message()));
        }
        if circle::is_in(&json) {
            let message = "`unevaluatedProperties` and `unevaluatedItems` do not stand beside references by name or in a circle";
            return Err(problem("", message.into()));
        }
        match options().build(&json) {
            Ok(validator) => Ok(Schema { is_trusted: false, json, validator }),
            Err(error) => {
                let pointer = error.instance_path().to_string();
                let keyword = pointer.rsplit('/').next().unwrap_or_default();
                let found = words::nearest(schema, &pointer).show();
                let message = match error.kind() {
                    ValidationErrorKind::Referencing(error) => {
                        format!("a reference leads nowhere inside this schema: {error}")
                    }
                    ValidationErrorKind::Format { .. } | ValidationErrorKind::Pattern { .. } => {
                        format!(
                            "`{keyword}` cannot be {found}: patterns are RE2's, without look-around and back-references"
                        )
                    }
                    _ if keyword.is_empty() => format!("this is no JSON Schema (2020-12): found {found}"),
                    _ => format!("this is no JSON Schema (2020-12): `{keyword}` cannot be {found}"),
                };
                Err(problem(&pointer, words::short(&message)))
            }
        }
    }

    /// Tells whether a document is what the schema says, which takes less than to say what is not.
    #[must_use]
    pub fn accepts(&self, document: &Value) -> bool {
        let is_bounded = || {
            let (depth, values) = size(document);
            bounds::hold(&self.json, depth, values).is_ok()
        };
        (self.is_trusted || is_bounded()) && self.validator.is_valid(&json(document))
    }

    /// Holds a document against the schema; returns what is wrong, in the order of the document.
    #[must_use]
    pub fn check(&self, document: &Value) -> Vec<Problem> {
        let instance = json(document);
        let mut problems = Vec::new();
        if !self.is_trusted {
            let (depth, values) = size(document);
            if let Err(unbounded) = bounds::hold(&self.json, depth, values) {
                let message =
                    format!("its schema cannot be held against this document: {}", unbounded.message());
                return vec![Problem {
                    pointer: String::new(),
                    span: document.span.clone(),
                    message,
                    help: None,
                }];
            }
        }
        for error in self.validator.iter_errors(&instance).take(MOST) {
            self.tell(&error, document, &mut problems);
        }
        problems.sort_by(|a, b| (a.span.start, &a.pointer).cmp(&(b.span.start, &b.pointer)));
        problems.dedup();
        problems
    }

    fn tell(&self, error: &jsonschema::ValidationError<'_>, document: &Value, problems: &mut Vec<Problem>) {
        // Where every branch fails, the one that got furthest says most.
        if let ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } =
            error.kind()
        {
            let depth = |errors: &Vec<jsonschema::ValidationError<'_>>| {
                errors.iter().map(|error| error.instance_path().as_str().len()).max().unwrap_or_default()
            };
            if let Some(best) = context.iter().max_by_key(|errors| depth(errors))
                && depth(best) > error.instance_path().as_str().len()
            {
                best.iter().for_each(|error| self.tell(error, document, problems));
                return;
            }
        }
        words::tell(error, document, &self.json, problems);
    }
}

/// The deepest nesting of a document, and how many values it has.
fn size(document: &Value) -> (usize, u64) {
    let below: Vec<(usize, u64)> = match &document.kind {
        Kind::List(list) => list.iter().map(size).collect(),
        Kind::Map(map) => map.entries().map(|entry| size(&entry.value)).collect(),
        _ => Vec::new(),
    };
    let depth = below.iter().map(|(depth, _)| *depth).max().unwrap_or_default();
    (depth + 1, 1 + below.iter().map(|(_, values)| *values).sum::<u64>())
}

fn options<'o>() -> jsonschema::ValidationOptions<'o> {
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .offline()
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex().size_limit(PATTERN_BYTES).dfa_size_limit(PATTERN_BYTES))
}

/// Turns a document into the JSON that libraries read.
#[must_use]
pub fn json(value: &Value) -> Json {
    match &value.kind {
        Kind::Null => Json::Null,
        Kind::Bool(truth) => Json::Bool(*truth),
        Kind::Integer(number) => Json::from(*number),
        // Beyond what every reader reads exactly, a number is what most readers make of it.
        Kind::Number(text) => {
            text.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map_or(Json::Null, Json::Number)
        }
        Kind::String(text) => Json::String(text.clone()),
        Kind::List(list) => Json::Array(list.iter().map(json).collect()),
        Kind::Map(map) => {
            Json::Object(map.entries().map(|entry| (entry.key.name.clone(), json(&entry.value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use artifact::{Limits, Syntax, parse};

    fn yaml(text: &str) -> Value {
        parse(Syntax::Yaml, text.as_bytes(), &Limits::default()).unwrap()
    }

    fn told(problems: &[Problem]) -> Vec<String> {
        let help =
            |problem: &Problem| problem.help.clone().map_or_else(String::new, |help| format!(" ({help})"));
        problems
            .iter()
            .map(|problem| format!("{}: {}{}", problem.pointer, problem.message, help(problem)))
            .collect()
    }

    const CARD: &str = "schema_version: 1\nulid: 01JD4ZK3V8Q2W4X6Y8Z0A1B2C3\nkey: PLG_A\nkind: plugin\npath: plugins/a\ncreated_at: \"2026-11-20T23:12:00Z\"\nowner: a@example.org\nvisibility: public\nnotes: \"\"\n";

    #[test]
    fn the_embedded_schemas_compile_and_are_schemas() {
        for embedded in EMBEDDED {
            let schema = parse(Syntax::Json, embedded.text.as_bytes(), &Limits::default()).unwrap();
            assert!(Schema::compile(&schema).is_ok(), "{}", embedded.name);
        }
    }

    #[test]
    fn violations_say_what_was_expected_and_found() {
        assert_eq!(told(&id_card().check(&yaml(CARD))), [] as [&str; 0]);
        let cases = [
            (
                "owner: a@example.org\n",
                "",
                "/owner: the field `owner` is missing (who answers for the artifact)",
            ),
            ("owner: a", "ownr: a", "/ownr: the field `ownr` is not known here (did you mean `owner`?)"),
            (
                "kind: plugin",
                "kind: plugins",
                "/kind: expected one of plugin, document, module, policy-pack, found \"plugins\" (did you mean `plugin`?)",
            ),
            ("schema_version: 1", "schema_version: 2", "/schema_version: expected 1, found 2"),
            (
                "key: PLG_A",
                "key: plg-a",
                "/key: \"plg-a\" is not a key: words of upper-case letters and digits joined by `_`, at most 64 characters, as in PLG_LOCAL_PREVIEW",
            ),
            ("notes: \"\"", "notes: 7", "/notes: expected a text, found a whole number (quote it: \"7\")"),
            (
                "\"2026-11-20T23:12:00Z\"",
                "yesterday",
                "/created_at: \"yesterday\" is not when the identity was minted: a time as in RFC 3339, in quotes",
            ),
        ];
        for (from, to, expected) in cases {
            let problems = told(&id_card().check(&yaml(&CARD.replace(from, to))));
            assert!(problems.iter().any(|problem| problem == expected), "{expected}\n{problems:#?}");
        }
    }

    #[test]
    fn what_the_validator_breaks_off_on_is_refused() {
        let text = r##"{"$defs":{"p":{"properties":{"a":{"$ref":"#"}},"q":{"$anchor":"anchored","patternProperties":{"":{"$ref":"#/$defs/p/properties/a"},"b":{"$ref":"#/$defs/q"}}}}},"$ref":"#anchored","unevaluatedProperties":false}"##;
        let schema = parse(Syntax::Json, text.as_bytes(), &Limits::default()).unwrap();
        assert!(Schema::compile(&schema).is_err());
    }

    #[test]
    fn references_never_leave_the_schema_and_patterns_never_run_away() {
        let compile =
            |text: &str| Schema::compile(&parse(Syntax::Json, text.as_bytes(), &Limits::default()).unwrap());
        assert!(compile(r##"{"$defs": {"a": {"type": "string"}}, "$ref": "#/$defs/a"}"##).is_ok());
        for bad in [
            r#"{"$ref": "https://example.org/x.json"}"#,
            r#"{"$ref": "file:///etc/passwd"}"#,
            r#"{"type": "strin"}"#,
            r#"{"pattern": "(?=x)"}"#,
            r#"{"pattern": "("}"#,
            r#"{"pattern": "((((a{100}){100}){100}){100}){100}"}"#,
        ] {
            assert!(compile(bad).is_err(), "{bad}");
        }
        let schema = compile(r#"{"type": "string", "pattern": "^(a+)+$"}"#).unwrap();
        let text = format!("\"{}!\"", "a".repeat(50_000));
        let value = parse(Syntax::Json, text.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(schema.check(&value).len(), 1);
    }
}
