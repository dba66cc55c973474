//! `trust` of a dialect as packs write it.

use artifact::{Fields, Value};

use super::{plain_pointer, pointer_patterns};
use crate::dialect::{Trust, TrustLevel};

/// Reads `trust`.
pub(super) fn read(fields: &mut Fields<'_, '_>) -> Trust {
    let Some(value) = fields.optional("trust") else { return Trust::default() };
    let at = fields.pointer_of("trust");
    let Some(mut fields) = Fields::of(value, &at, fields.problems()) else { return Trust::default() };
    let level = level(&mut fields);
    let [safe, review_required, names] =
        ["safe", "review_required", "names"].map(|name| pointer_patterns(&mut fields, name));
    fields.finish();
    Trust { level, safe, review_required, names }
}

fn level(fields: &mut Fields<'_, '_>) -> Option<TrustLevel> {
    let value = fields.optional("level")?;
    let at = fields.pointer_of("level");
    let mut fields = Fields::of(value, &at, fields.problems())?;
    let pointer = plain_pointer(&mut fields, "at");
    let order: Vec<String> = fields
        .optional_list("order")
        .unwrap_or_default()
        .iter()
        .filter_map(Value::as_str)
        .map(String::from)
        .collect();
    if pointer.is_none() {
        fields.problem("at", value.span.clone(), "expected the JSON pointer of the level", None);
    }
    if order.len() < 2 {
        let message = "expected at least two levels, from the lowest to the highest";
        fields.problem("order", value.span.clone(), message, None);
    }
    fields.finish();
    Some(TrustLevel { at: pointer?, order })
}
