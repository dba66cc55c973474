//! Path disciplines as policy files write them.

use std::borrow::Cow;

use artifact::{Fields, Format, Problem, Value};
use snapshot::RepoPath;

use super::source::Source;
use super::{collection, field, pointer};
use crate::Pattern;
use crate::dialect::Dialect;
use crate::discipline::{Discipline, DocumentRules, Kind, Subject, When};

/// The pattern that means every manifest of the pack's dialects.
const DIALECT: &str = "dialect";

/// Reads an entry of `paths`, and appends its problems. In a pack with dialects, `match: dialect` is an entry for each pattern of theirs;
/// it governs what manifests there are, so that none of them has to exist.
pub(super) fn read(
    source: &Source<'_>,
    value: &Value,
    pointer: &str,
    dialects: &[Dialect],
    problems: &mut Vec<Problem>,
) -> Vec<Discipline> {
    let Some(entry) = read_entry(source, value, pointer, problems) else { return Vec::new() };
    if entry.pattern.as_str() != DIALECT || dialects.is_empty() {
        return vec![entry];
    }
    let governed = dialects.iter().filter(|dialect| dialect.artifact.is_some());
    let of_pattern = |dialect: &Dialect, pattern: &Pattern| Discipline {
        pattern: pattern.clone(),
        of_dialect: Some(dialect.pack.clone()),
        is_optional: true,
        format: entry.format.or_else(|| dialect.format_of(&RepoPath::from(pattern.as_str()))),
        ..entry.clone()
    };
    let found =
        governed.flat_map(|dialect| dialect.patterns.iter().map(move |pattern| of_pattern(dialect, pattern)));
    found.collect()
}

/// Reads an entry of `paths` with its own pattern.
fn read_entry(
    source: &Source<'_>,
    value: &Value,
    pointer: &str,
    problems: &mut Vec<Problem>,
) -> Option<Discipline> {
    let mut fields = Fields::of(value, pointer, problems)?;
    let selectors = [
        ("match", fields.optional_str("match")),
        ("unit", fields.optional_str("unit")),
        ("identity", fields.optional_str("identity")),
    ];
    let name = fields.optional_str("discipline");
    let when = fields.optional("when");
    let of_fields = fields.optional("fields");
    let of_collection = fields.optional("collection");
    let subject = fields.optional_str("subject");
    let format = format(&mut fields);
    let is_optional = flag(&mut fields, "optional");
    let may_be_removed = removal(&mut fields);
    let mut chosen = selectors.iter().filter_map(|(name, found)| found.map(|found| (*name, found)));
    let (Some((selector, (text, place))), None) = (chosen.next(), chosen.next()) else {
        fields.problem(
            "match",
            value.span.clone(),
            "expected exactly one of `match`, `unit` and `identity`",
            None,
        );
        fields.finish();
        return None;
    };
    let pattern = match Pattern::new(text) {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            fields.problem(selector, place.span.clone(), error.to_string(), None);
            None
        }
    };
    let kind = match (selector, name, of_fields.or(of_collection)) {
        ("match", Some(("frozen", _)), None) => {
            let when = match when {
                None => Some(None),
                Some(value) => {
                    let pointer = fields.pointer_of("when");
                    condition(value, &pointer, fields.problems()).map(Some)
                }
            };
            when.map(|when| Kind::Frozen { when })
        }
        ("match", Some(("versioned", _)), None) => Some(Kind::Versioned),
        ("match", Some(("append-only", _)), None) => Some(Kind::AppendOnly),
        ("unit", Some(("sealed", _)), None) => Some(Kind::Sealed),
        ("identity", Some(("burned", _)), None) => Some(Kind::Burned),
        ("match", None, _) if of_fields.is_some() || of_collection.is_some() => {
            let at = fields.pointer_of("fields");
            let rules = match of_fields {
                None => Some(Vec::new()),
                Some(map) => field::rules(source, map, &at, fields.problems()),
            };
            let at = fields.pointer_of("collection");
            let collections = match of_collection {
                None => Some(Vec::new()),
                Some(value) => collection::read(source, value, &at, fields.problems()),
            };
            let may_be_removed = may_be_removed.unwrap_or(true);
            rules.zip(collections).map(|(fields, collections)| {
                Kind::Fields(DocumentRules { fields, collections, may_be_removed })
            })
        }
        _ => {
            let message = match selector {
                "unit" => "`unit` requires `discipline: sealed`",
                "identity" => "`identity` requires `discipline: burned`",
                _ => {
                    "`match` requires `fields`, `collection` or one of `discipline: frozen`, `append-only` and `versioned`"
                }
            };
            fields.problem("discipline", value.span.clone(), message, None);
            None
        }
    };
    if let (Some(value), Some(kind)) = (when, &kind)
        && !matches!(kind, Kind::Frozen { .. })
    {
        fields.problem("when", value.span.clone(), "only `discipline: frozen` supports `when`", None);
    }
    if let Some(kind) = &kind {
        let reads = matches!(kind, Kind::Fields(_) | Kind::Frozen { when: Some(_) });
        if format.is_some() && !reads {
            let message = "only entries with `fields`, `collection` or `when` read documents, so only they have a `format`";
            fields.problem("format", value.span.clone(), message, None);
        }
        if may_be_removed.is_some() && !matches!(kind, Kind::Fields(_)) {
            let message = "only entries with `fields` or `collection` support `removal`: the other disciplines have rules of their own";
            fields.problem("removal", value.span.clone(), message, None);
        }
    }
    let subject = match subject {
        None | Some(("path", _)) => Subject::Path,
        Some(("card", _)) => Subject::Card,
        Some(("ledger", _)) => Subject::Ledger,
        Some((_, value)) => {
            fields.problem("subject", value.span.clone(), "expected `path`, `card` or `ledger`", None);
            Subject::Path
        }
    };
    fields.finish();
    Some(Discipline {
        pattern: pattern?,
        kind: kind?,
        subject,
        origin: source.origin(value),
        pattern_origin: source.origin(place),
        of_dialect: None,
        format,
        is_optional,
    })
}

fn condition(value: &Value, pointer: &str, problems: &mut Vec<Problem>) -> Option<When> {
    let mut fields = Fields::of(value, pointer, problems)?;
    let field = fields.required("field");
    let equals = fields.optional("equals");
    let any_of = fields.optional("in");
    let field = field.and_then(|value| {
        let at = fields.pointer_of("field");
        pointer::read(value, &at, fields.problems())
    });
    let values = match (equals, any_of.map(|value| (value, value.as_list()))) {
        (Some(one), None) => one.source_text().map(|text| vec![text.into_owned()]),
        (None, Some((_, Some(list)))) if !list.is_empty() => {
            list.iter().map(|value| value.source_text().map(Cow::into_owned)).collect()
        }
        _ => None,
    };
    if values.is_none() {
        let message = "expected either `equals`, a value, or `in`, a list of values";
        fields.problem("equals", value.span.clone(), message, None);
    }
    fields.finish();
    Some(When { field: field?, values: values? })
}

/// Reads `format`, which names how the documents of an entry are read.
pub(super) fn format(fields: &mut Fields<'_, '_>) -> Option<Format> {
    let (name, value) = fields.optional_str("format")?;
    let format = Format::from_name(name);
    if format.is_none() {
        let known = Format::NAMES.map(|(name, _)| name).join(", ");
        fields.problem(
            "format",
            value.span.clone(),
            format!("unknown format `{name}`"),
            Some(format!("one of {known}")),
        );
    }
    format
}

/// Reads a key that is `true` or `false`; absent is false.
fn flag(fields: &mut Fields<'_, '_>, name: &'static str) -> bool {
    let Some(value) = fields.optional(name) else { return false };
    value.as_bool().unwrap_or_else(|| {
        fields.problem(name, value.span.clone(), "expected `true` or `false`", None);
        false
    })
}

/// Reads whether the files of an entry may be removed.
fn removal(fields: &mut Fields<'_, '_>) -> Option<bool> {
    let (name, value) = fields.optional_str("removal")?;
    if !matches!(name, "allowed" | "forbidden") {
        fields.problem("removal", value.span.clone(), "expected `allowed` or `forbidden`", None);
    }
    Some(name != "forbidden")
}
