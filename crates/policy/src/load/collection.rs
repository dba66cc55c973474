//! Collections as policy files write them.

use artifact::{Fields, Problem, Value};

use super::source::{Source, problem};
use super::{field, pointer};
use crate::collection::{Collection, ElementRule, KeyPart, Order, Removal};

/// Reads `collection`: one mapping, or a list of them.
pub(super) fn read(
    source: &Source<'_>,
    value: &Value,
    at: &str,
    problems: &mut Vec<Problem>,
) -> Option<Vec<Collection>> {
    let Some(list) = value.as_list() else {
        return one(source, value, at, problems).map(|one| vec![one]);
    };
    if list.is_empty() {
        problems.push(problem(at, value, "expected a collection, or a list of them"));
        return None;
    }
    let read = |(position, value)| one(source, value, &format!("{at}/{position}"), &mut *problems);
    let found: Vec<Option<Collection>> = list.iter().enumerate().map(read).collect();
    found.into_iter().collect()
}

fn one(source: &Source<'_>, value: &Value, at: &str, problems: &mut Vec<Problem>) -> Option<Collection> {
    let mut fields = Fields::of(value, at, problems)?;
    let place = fields.required("at");
    let key = fields.optional("key");
    let elements = fields.optional("elements");
    let except = fields.optional("except");
    let while_unchanged = fields.optional("while");
    let removal = choice(&mut fields, "removal", &REMOVALS);
    let may_be_extended = choice(&mut fields, "additions", &ADDITIONS);
    let order = choice(&mut fields, "order", &ORDERS);
    let pointer_at = |fields: &mut Fields<'_, '_>, name: &str, value: &Value| {
        let at = fields.pointer_of(name);
        pointer::read(value, &at, fields.problems())
    };
    let place = place.and_then(|value| pointer_at(&mut fields, "at", value));
    let while_unchanged = match while_unchanged {
        None => Some(None),
        Some(value) => pointer_at(&mut fields, "while", value).map(Some),
    };
    let key = match key {
        None => Some(Vec::new()),
        Some(value) => {
            let at = fields.pointer_of("key");
            key_parts(value, &at, fields.problems())
        }
    };
    let except = match except {
        None => Some(Vec::new()),
        Some(value) => {
            let at = fields.pointer_of("except");
            pointers(value, &at, fields.problems())
        }
    };
    let rule = match elements {
        None => Some(ElementRule::Frozen),
        Some(value) => {
            let at = fields.pointer_of("elements");
            element_rule(source, value, &at, fields.problems())
        }
    };
    let compares_whole = matches!(rule, Some(ElementRule::Frozen | ElementRule::GrowOnly) | None);
    if except.as_ref().is_some_and(|except| !except.is_empty()) && !compares_whole {
        let message = "`except` belongs to `elements: frozen` and `elements: grow-only`";
        fields.problem("except", value.span.clone(), message, None);
    }
    fields.finish();
    Some(Collection {
        at: place?,
        key: key?,
        elements: rule?,
        except: except?,
        removal: removal?,
        may_be_extended: may_be_extended?,
        while_unchanged: while_unchanged?,
        order: order?,
        origin: source.origin(value),
    })
}

const REMOVALS: [(&str, Removal); 3] =
    [("forbidden", Removal::Forbidden), ("allowed", Removal::Allowed), ("burned", Removal::Burned)];
const ADDITIONS: [(&str, bool); 2] = [("allowed", true), ("forbidden", false)];
const ORDERS: [(&str, Order); 3] =
    [("any", Order::Any), ("append", Order::Append), ("newest-first", Order::NewestFirst)];

/// Reads a key with one of a few values; the first one is the default.
fn choice<T: Copy>(fields: &mut Fields<'_, '_>, name: &'static str, known: &[(&str, T)]) -> Option<T> {
    let Some((text, value)) = fields.optional_str(name) else {
        return known.first().map(|(_, first)| *first);
    };
    let found = known.iter().find(|(known, _)| *known == text).map(|(_, value)| *value);
    if found.is_none() {
        let names: Vec<String> = known.iter().map(|(name, _)| format!("`{name}`")).collect();
        fields.problem(name, value.span.clone(), format!("expected one of {}", names.join(", ")), None);
    }
    found
}

fn key_parts(value: &Value, at: &str, problems: &mut Vec<Problem>) -> Option<Vec<KeyPart>> {
    let Some(list) = value.as_list().filter(|list| !list.is_empty()) else {
        problems.push(problem(at, value, "expected a list of pointers into the element, as in `[/version]`"));
        return None;
    };
    let part = |(position, value): (usize, &Value)| {
        let at = format!("{at}/{position}");
        if value.as_map().is_none() {
            return pointer::read(value, &at, &mut *problems).map(KeyPart::Pointer);
        }
        let mut fields = Fields::of(value, &at, &mut *problems)?;
        let any_of = fields.required("any-of");
        let at = fields.pointer_of("any-of");
        let found = any_of.and_then(|value| pointers(value, &at, fields.problems()));
        fields.finish();
        found.map(KeyPart::AnyOf)
    };
    let parts: Vec<Option<KeyPart>> = list.iter().enumerate().map(part).collect();
    parts.into_iter().collect()
}

fn pointers(value: &Value, at: &str, problems: &mut Vec<Problem>) -> Option<Vec<String>> {
    let Some(list) = value.as_list() else {
        problems.push(problem(at, value, "expected a list of JSON pointers, as in `[/yanked]`"));
        return None;
    };
    let read = |(position, value)| pointer::read(value, &format!("{at}/{position}"), &mut *problems);
    let found: Vec<Option<String>> = list.iter().enumerate().map(read).collect();
    found.into_iter().collect()
}

fn element_rule(
    source: &Source<'_>,
    value: &Value,
    at: &str,
    problems: &mut Vec<Problem>,
) -> Option<ElementRule> {
    match value.as_str() {
        Some("frozen") => return Some(ElementRule::Frozen),
        Some("grow-only") => return Some(ElementRule::GrowOnly),
        Some("free") => return Some(ElementRule::Free),
        _ => {}
    }
    if value.as_map().is_none() {
        problems.push(problem(at, value, "expected `frozen`, `grow-only`, `free` or `{fields: …}`"));
        return None;
    }
    let mut fields = Fields::of(value, at, problems)?;
    let rules = fields.required("fields");
    let at = fields.pointer_of("fields");
    let rules = rules.and_then(|rules| field::rules(source, rules, &at, fields.problems()));
    fields.finish();
    rules.map(ElementRule::Fields)
}
