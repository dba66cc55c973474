//! Path and field disciplines as policy files write them.

use artifact::{Fields, Problem, Value};

use super::source::{Source, problem};
use crate::Pattern;
use crate::discipline::{Discipline, FieldDiscipline, FieldRule, Kind, Subject, When};

/// Reads an entry of `paths`, and appends its problems.
pub(super) fn read(
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
    let subject = fields.optional_str("subject");
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
    let kind = match (selector, name, of_fields) {
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
        ("match", None, Some(map)) => {
            let pointer = fields.pointer_of("fields");
            field_rules(source, map, &pointer, fields.problems()).map(Kind::Fields)
        }
        _ => {
            let message = match selector {
                "unit" => "`unit` requires `discipline: sealed`",
                "identity" => "`identity` requires `discipline: burned`",
                _ => {
                    "`match` requires either `fields` or one of `discipline: frozen`, `append-only` and `versioned`"
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
    Some(Discipline { pattern: pattern?, kind: kind?, subject, origin: source.origin(value) })
}

fn condition(value: &Value, pointer: &str, problems: &mut Vec<Problem>) -> Option<When> {
    let mut fields = Fields::of(value, pointer, problems)?;
    let field = fields.required_str("field");
    let equals = fields.required_str("equals");
    if let Some((text, value)) = field
        && !is_pointer(text)
    {
        fields.problem("field", value.span.clone(), "expected a JSON pointer, as in `/status`", None);
    }
    fields.finish();
    Some(When { field: field?.0.into(), equals: equals?.0.into() })
}

fn is_pointer(text: &str) -> bool {
    text.starts_with('/') && text.len() > 1
}

fn field_rules(
    source: &Source<'_>,
    value: &Value,
    pointer: &str,
    problems: &mut Vec<Problem>,
) -> Option<Vec<FieldRule>> {
    let Some(map) = value.as_map().filter(|map| !map.is_empty()) else {
        problems.push(problem(pointer, value, "expected a mapping from JSON pointers to disciplines"));
        return None;
    };
    let mut found = Vec::new();
    for entry in map.entries() {
        if !is_pointer(&entry.key.name) {
            problems.push(Problem {
                span: entry.key.span.clone(),
                ..problem(pointer, &entry.value, "expected a JSON pointer, as in `/spec/version`")
            });
            continue;
        }
        match field_discipline(&entry.value) {
            Some(discipline) => found.push(FieldRule {
                pointer: entry.key.name.clone(),
                discipline,
                origin: source.origin_at(entry.key.span.start),
            }),
            None => problems.push(Problem {
                help: Some("one of frozen, once, grow-only, append-only, increasing, forward [a, b, c], frozen-while /pointer".into()),
                ..problem(pointer, &entry.value, &format!("unknown field discipline {}", entry.value.show()))
            }),
        }
    }
    Some(found)
}

/// Reads `frozen`, `forward [a, b]`, or the mapping `{forward: [a, b]}`.
fn field_discipline(value: &Value) -> Option<FieldDiscipline> {
    if let Some(map) = value.as_map() {
        let entry = map.entries().next().filter(|entry| map.len() == 1 && entry.key.name == "forward")?;
        let states = entry
            .value
            .as_list()?
            .iter()
            .map(|state| state.as_str().map(String::from))
            .collect::<Option<Vec<_>>>()?;
        return (states.len() > 1).then_some(FieldDiscipline::Forward(states));
    }
    let text = value.as_str()?;
    Some(match text {
        "frozen" => FieldDiscipline::Frozen,
        "once" => FieldDiscipline::Once,
        "grow-only" => FieldDiscipline::GrowOnly,
        "append-only" => FieldDiscipline::AppendOnly,
        "increasing" => FieldDiscipline::Increasing,
        _ => {
            if let Some(pointer) = text.strip_prefix("frozen-while ") {
                return is_pointer(pointer).then(|| FieldDiscipline::FrozenWhile(pointer.into()));
            }
            let states = text.strip_prefix("forward ")?.strip_prefix('[')?.strip_suffix(']')?;
            let states: Vec<String> = states.split(',').map(|state| state.trim().to_string()).collect();
            let valid = states.len() > 1 && states.iter().all(|state| !state.is_empty());
            return valid.then_some(FieldDiscipline::Forward(states));
        }
    })
}
