//! `capabilities` of a dialect as packs write it: where the permissions of a manifest are in our form.

use std::collections::BTreeMap;

use artifact::{Fields, Problem, Value, escape};

use super::one_or_more;
use crate::dialect::{CapabilityMapping, CapabilityTarget, Conversion};
use crate::load::pointer;
use crate::load::source::{nearest, problem};

/// Reads `capabilities`.
pub(super) fn read(fields: &mut Fields<'_, '_>) -> Vec<CapabilityMapping> {
    let Some(value) = fields.optional("capabilities") else { return Vec::new() };
    let at = fields.pointer_of("capabilities");
    let Some(map) = value.as_map() else {
        fields.problem(
            "capabilities",
            value.span.clone(),
            "expected a mapping from capabilities to places",
            None,
        );
        return Vec::new();
    };
    let problems = fields.problems();
    let mut found = Vec::new();
    for entry in map.entries() {
        let at = format!("{at}/{}", escape(&entry.key.name));
        let target = CapabilityTarget::NAMES.iter().find(|(name, _)| *name == entry.key.name);
        let Some((_, target)) = target else {
            let names = CapabilityTarget::NAMES.map(|(name, _)| name);
            let message =
                format!("unknown capability `{}`{}", entry.key.name, nearest(&entry.key.name, &names));
            let help = Some(format!("the capabilities are {}", names.join(", ")));
            problems.push(Problem {
                help,
                span: entry.key.span.clone(),
                ..problem(&at, &entry.value, &message)
            });
            continue;
        };
        found.extend(mapping(*target, &entry.value, &at, problems));
    }
    found
}

fn mapping(
    target: CapabilityTarget,
    value: &Value,
    at: &str,
    problems: &mut Vec<Problem>,
) -> Option<CapabilityMapping> {
    let mut fields = Fields::of(value, at, problems)?;
    let from = fields.required("from");
    let each = fields.optional("each");
    let convert = fields.optional_str("convert");
    let mut pointers = Vec::new();
    for (_, one) in from.map(one_or_more).unwrap_or_default() {
        let at = fields.pointer_of("from");
        pointers.extend(pointer::read(one, &at, fields.problems()));
    }
    let each = match each {
        None => BTreeMap::new(),
        Some(value) => {
            let at = fields.pointer_of("each");
            inner_fields(target, value, &at, fields.problems())
        }
    };
    let convert = convert.and_then(|(name, value)| {
        let known =
            Conversion::NAMES.iter().find(|(known, _)| *known == name).map(|(_, conversion)| *conversion);
        if known.is_none() {
            let names = Conversion::NAMES.map(|(name, _)| name).join(", ");
            let message = format!("unknown conversion `{name}`");
            fields.problem(
                "convert",
                value.span.clone(),
                message,
                Some(format!("the conversions are {names}")),
            );
        }
        known
    });
    fields.finish();
    Some(CapabilityMapping { target, from: pointers, each, convert })
}

/// Reads where the fields of an element are.
fn inner_fields(
    target: CapabilityTarget,
    value: &Value,
    at: &str,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, String> {
    let Some(map) = value.as_map() else {
        problems.push(problem(
            at,
            value,
            "expected a mapping from fields to JSON pointers inside an element",
        ));
        return BTreeMap::new();
    };
    let mut found = BTreeMap::new();
    for entry in map.entries() {
        let name = entry.key.name.as_str();
        let at = format!("{at}/{}", escape(name));
        if !target.fields().contains(&name) {
            let message =
                format!("{} has no field `{name}`{}", target.name(), nearest(name, target.fields()));
            problems.push(Problem { span: entry.key.span.clone(), ..problem(&at, &entry.value, &message) });
        } else if let Some(pointer) = pointer::read(&entry.value, &at, problems) {
            found.insert(name.into(), pointer);
        }
    }
    found
}
