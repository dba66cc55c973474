//! Validates documents against JSON Schema (drafts 4, 6, 7, 2019-09 and 2020-12): offline, bounded, every violation located at its field.

mod bounds;
mod bundle;
mod cycle;
mod draft;
mod embedded;
mod exact;
mod messages;
mod number;
mod patterns;
mod variance;

use std::collections::BTreeSet;

use artifact::{Kind, Problem, Value};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, PatternOptions};
use serde_json::Value as Json;

pub use bundle::{Bundle, FileProblem, SchemaFiles, decode, refers_to_files};
pub use embedded::{
    EMBEDDED, Embedded, document, id_card, module, pack, plugin_spec, policy_snapshot, registry,
};
pub use number::unsupported_number;
pub use variance::{Break, Variance, breaks};

/// The violations reported for one document; more would not help its author.
const MAX_PROBLEMS: usize = 64;
/// The memory of one compiled pattern; matching is linear in the text in any case.
const MAX_PATTERN_BYTES: usize = 1 << 20;

/// A compiled schema.
pub struct Schema {
    /// Whether it is embedded; the cost of any other schema is checked before each use.
    is_trusted: bool,
    draft: Draft,
    /// The patterns of an untrusted schema.
    patterns: BTreeSet<String>,
    json: Json,
    validator: jsonschema::Validator,
}

impl Schema {
    /// Compiles an embedded schema.
    fn trusted(text: &str) -> Schema {
        let json = serde_json::from_str(text).expect("the embedded schemas are JSON; a test reads each");
        let validator = options().build(&json).expect("the embedded schemas are valid; a test compiles each");
        Schema { is_trusted: true, draft: Draft::Draft202012, patterns: BTreeSet::new(), json, validator }
    }

    /// Compiles an untrusted schema: references stay inside it, patterns match in linear time.
    ///
    /// # Errors
    /// When the schema itself is invalid.
    pub fn compile(schema: &Value) -> Result<Schema, Problem> {
        let bundle = Bundle::new("", schema, &SchemaFiles::default()).map_err(|found| found.problem)?;
        bundle.compile().map_err(|found| found.problem)
    }

    /// Compiles a schema whose references are JSON pointers.
    fn compile_value(schema: &Value) -> Result<Schema, Problem> {
        if let Some(problem) = unsupported_number(schema) {
            return Err(problem);
        }
        let draft = draft::of(schema)?;
        let json = json_of(schema, draft);
        let problem = |pointer: &str, message: String| Problem {
            pointer: pointer.into(),
            span: messages::nearest(schema, pointer).span.clone(),
            message,
            help: None,
        };
        // Check the cost first, because compiling follows the references, too.
        if let Err(unbounded) = bounds::check_bounds(&json, 1, 1) {
            return Err(problem("", unbounded.message()));
        }
        if cycle::has_unsupported_cycle(&json) {
            let message = "`unevaluatedProperties` and `unevaluatedItems` are not supported beside named or cyclic references";
            return Err(problem("", message.into()));
        }
        match options_of(draft).build(&json) {
            Ok(validator) => {
                let patterns = patterns::of_schema(&json);
                Ok(Schema { is_trusted: false, draft, patterns, json, validator })
            }
            Err(error) => {
                let pointer = error.instance_path().to_string();
                let keyword = pointer.rsplit('/').next().unwrap_or_default();
                let found = messages::nearest(schema, &pointer).show();
                let message = match error.kind() {
                    ValidationErrorKind::Referencing(error) => {
                        format!("reference without a target inside this schema: {error}")
                    }
                    ValidationErrorKind::Format { .. } | ValidationErrorKind::Pattern { .. } => {
                        format!(
                            "`{keyword}` cannot be {found}: look-around and back-references are not supported in patterns"
                        )
                    }
                    _ if keyword.is_empty() => {
                        format!("invalid JSON Schema ({}): found {found}", draft::name(draft))
                    }
                    _ => {
                        format!("invalid JSON Schema ({}): `{keyword}` cannot be {found}", draft::name(draft))
                    }
                };
                Err(problem(&pointer, messages::short(&message)))
            }
        }
    }

    /// Returns whether a document is valid; cheaper than [`Schema::check`].
    #[must_use]
    pub fn accepts(&self, document: &Value) -> bool {
        self.refuse_cost(document).is_none()
            && unsupported_number(document).is_none()
            && self.validator.is_valid(&json_of(document, self.draft))
    }

    /// Validates a document; returns the violations in the order of the document.
    ///
    /// A number that cannot be compared exactly is one as well: see [`unsupported_number`].
    #[must_use]
    pub fn check(&self, document: &Value) -> Vec<Problem> {
        if let Some(problem) = unsupported_number(document) {
            return vec![problem];
        }
        let instance = json_of(document, self.draft);
        let mut problems = Vec::new();
        if let Some(reason) = self.refuse_cost(document) {
            return vec![Problem {
                pointer: String::new(),
                span: document.span.clone(),
                message: format!("its schema is too expensive for this document: {reason}"),
                help: None,
            }];
        }
        for error in self.validator.iter_errors(&instance).take(MAX_PROBLEMS) {
            self.collect_problem(&error, document, &mut problems);
        }
        problems.sort_by(|a, b| (a.span.start, &a.pointer).cmp(&(b.span.start, &b.pointer)));
        problems.dedup();
        problems
    }

    /// Returns why an evaluation would take too long.
    fn refuse_cost(&self, document: &Value) -> Option<String> {
        if self.is_trusted {
            return None;
        }
        let (depth, values) = size(document);
        let visits = bounds::check_bounds(&self.json, depth, values);
        let visits = visits.err().map(|unbounded| unbounded.message());
        visits.or_else(|| patterns::check(&self.patterns, document).err().map(|one| patterns::describe(&one)))
    }

    fn collect_problem(
        &self,
        error: &jsonschema::ValidationError<'_>,
        document: &Value,
        problems: &mut Vec<Problem>,
    ) {
        // Where every branch fails, report the one that fails deepest in the document.
        if let ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } =
            error.kind()
        {
            let depth = |errors: &Vec<jsonschema::ValidationError<'_>>| {
                errors.iter().map(|error| error.instance_path().as_str().len()).max().unwrap_or_default()
            };
            if let Some(best) = context.iter().max_by_key(|errors| depth(errors))
                && depth(best) > error.instance_path().as_str().len()
            {
                best.iter().for_each(|error| self.collect_problem(error, document, problems));
                return;
            }
        }
        messages::describe_violation(error, document, &self.json, problems);
    }
}

impl Bundle {
    /// Compiles the schema.
    ///
    /// # Errors
    /// When the schema, or a file that it refers to, is invalid.
    pub fn compile(&self) -> Result<Schema, FileProblem> {
        Schema::compile_value(&self.schema).map_err(|problem| self.problem_in_file(problem))
    }
}

/// Returns the nesting of a document and the number of its values.
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
    options_of(Draft::Draft202012)
}

fn options_of<'o>(draft: Draft) -> jsonschema::ValidationOptions<'o> {
    let options =
        jsonschema::options().with_draft(draft).offline().should_validate_formats(true).with_pattern_options(
            PatternOptions::regex().size_limit(MAX_PATTERN_BYTES).dfa_size_limit(MAX_PATTERN_BYTES),
        );
    exact::install(options, draft)
}

/// Converts a document for the validator of a draft.
fn json_of(value: &Value, draft: Draft) -> Json {
    match &value.kind {
        // Draft 4 distinguishes `1.0` from the integer 1 (validation §3.5).
        Kind::Number(text) if draft == Draft::Draft4 && text.contains(['.', 'e', 'E']) => {
            match number::exact(text) {
                Some(number) if !number.as_str().contains('.') => {
                    format!("{number}.0").parse().map_or(Json::Null, Json::Number)
                }
                number => number.map_or(Json::Null, Json::Number),
            }
        }
        Kind::List(list) => Json::Array(list.iter().map(|value| json_of(value, draft)).collect()),
        Kind::Map(map) => Json::Object(
            map.entries().map(|entry| (entry.key.name.clone(), json_of(&entry.value, draft))).collect(),
        ),
        _ => json(value),
    }
}

/// Converts a document to `serde_json`; numbers stay exact, but for one that [`unsupported_number`] finds.
#[must_use]
pub fn json(value: &Value) -> Json {
    match &value.kind {
        Kind::Null => Json::Null,
        Kind::Bool(truth) => Json::Bool(*truth),
        Kind::Integer(number) => Json::from(*number),
        Kind::Number(text) => number::exact(text).map_or(Json::Null, Json::Number),
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

    fn messages(problems: &[Problem]) -> Vec<String> {
        let help =
            |problem: &Problem| problem.help.clone().map_or_else(String::new, |help| format!(" ({help})"));
        problems
            .iter()
            .map(|problem| format!("{}: {}{}", problem.pointer, problem.message, help(problem)))
            .collect()
    }

    const CARD: &str = "schema_version: 1\nulid: 01JD4ZK3V8Q2W4X6Y8Z0A1B2C3\nkey: PLG_A\nkind: plugin\npath: plugins/a\ncreated_at: \"2026-11-20T23:12:00Z\"\nowner: a@example.org\nvisibility: public\nnotes: \"\"\n";

    #[test]
    fn embedded_schemas_compile() {
        for embedded in EMBEDDED {
            let schema = parse(Syntax::Json, embedded.text.as_bytes(), &Limits::default()).unwrap();
            assert!(Schema::compile(&schema).is_ok(), "{}", embedded.name);
        }
    }

    #[test]
    fn violations_name_expected_and_found() {
        assert_eq!(messages(&id_card().check(&yaml(CARD))), [] as [&str; 0]);
        let cases = [
            (
                "owner: a@example.org\n",
                "",
                "/owner: missing field `owner` (who is responsible for the artifact)",
            ),
            ("owner: a", "ownr: a", "/ownr: unknown field `ownr` (did you mean `owner`?)"),
            (
                "kind: plugin",
                "kind: plugins",
                "/kind: expected one of plugin, document, module, policy-pack, found \"plugins\" (did you mean `plugin`?)",
            ),
            ("schema_version: 1", "schema_version: 2", "/schema_version: expected 1, found 2"),
            (
                "key: PLG_A",
                "key: plg-a",
                "/key: \"plg-a\" is not a key: upper-case letters and digits, words joined by `_`, at most 64 characters, such as PLG_LOCAL_PREVIEW",
            ),
            ("notes: \"\"", "notes: 7", "/notes: expected a string, found an integer (quote it: \"7\")"),
            (
                "\"2026-11-20T23:12:00Z\"",
                "yesterday",
                "/created_at: \"yesterday\" is not an RFC 3339 time in quotes: when the identity was minted",
            ),
        ];
        for (from, to, expected) in cases {
            let problems = messages(&id_card().check(&yaml(&CARD.replace(from, to))));
            assert!(problems.iter().any(|problem| problem == expected), "{expected}\n{problems:#?}");
        }
    }

    #[test]
    fn unsupported_cycle_is_rejected() {
        let text = r##"{"$defs":{"p":{"properties":{"a":{"$ref":"#"}},"q":{"$anchor":"anchored","patternProperties":{"":{"$ref":"#/$defs/p/properties/a"},"b":{"$ref":"#/$defs/q"}}}}},"$ref":"#anchored","unevaluatedProperties":false}"##;
        let schema = parse(Syntax::Json, text.as_bytes(), &Limits::default()).unwrap();
        assert!(Schema::compile(&schema).is_err());
    }

    #[test]
    fn references_and_patterns_are_bounded() {
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
