//! Cards that may be edited.

use artifact::Value;
use policy::{FieldDiscipline, FieldRule, Origin};

use super::check_field;
use crate::disciplines::breach::Breach;

/// Checks two versions of a card that may be edited: identity never changes, lists only grow, the status only moves forward.
pub(crate) fn check_card(before: &Value, after: &Value) -> Vec<Breach> {
    let states = || {
        FieldDiscipline::Forward(["active", "deprecated", "retired", "consolidated"].map(String::from).into())
    };
    let ended = matches!(before.pointer("/status").and_then(Value::as_str), Some("retired" | "consolidated"));
    // A key may change where the former key becomes an alias: it still belongs to the artifact.
    let old_key = before.pointer("/key");
    let aliases = after.pointer("/aliases").and_then(Value::as_list).unwrap_or_default();
    let kept = old_key.is_some_and(|key| aliases.iter().any(|alias| alias.same(key)));
    let disciplines = [
        ("/ulid", FieldDiscipline::Frozen),
        ("/kind", FieldDiscipline::Frozen),
        ("/created_at", FieldDiscipline::Frozen),
        ("/key", FieldDiscipline::Frozen),
        ("/aliases", FieldDiscipline::GrowOnly),
        ("/links/merged_into", FieldDiscipline::GrowOnly),
        ("/links/absorbs", FieldDiscipline::GrowOnly),
        ("/status", if ended { FieldDiscipline::Frozen } else { states() }),
        ("/retired_at", FieldDiscipline::Once),
    ];
    let mut breaches: Vec<_> = disciplines
        .iter()
        .filter(|(pointer, _)| *pointer != "/key" || !kept)
        .filter_map(|(pointer, discipline)| {
            let discipline = discipline.clone();
            let rule = FieldRule { pointer: (*pointer).into(), discipline, origin: Origin::default() };
            check_field(&rule, &[], before, after)
        })
        .collect();
    let version = |card: &Value| card.pointer("/card_version").map_or(Some(1), Value::as_integer);
    if version(after).zip(version(before)).is_none_or(|(now, was)| now != was + 1) {
        let show = |card: &Value| card.pointer("/card_version").map_or_else(|| "1".to_string(), Value::show);
        breaches.push(Breach::FieldFell {
            pointer: "/card_version".into(),
            was: show(before),
            now: show(after),
            message: "it must increase by one with every edit".into(),
            note: None,
        });
    }
    breaches
}
