//! What is judged of a scenario once all of it was read.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Scenario, StepKind, Table};
use crate::{At, Problems};

/// Judges a scenario by itself.
pub(super) fn judge(scenario: &Scenario, is_outline: bool, problems: &mut Problems) {
    let place = || scenario.span.clone();
    if scenario.name.value.is_empty() {
        problems.help(
            place(),
            "the scenario has no name",
            "results are told by it: write one behind the colon",
        );
    }
    match scenario.steps.first() {
        None => problems.say(place(), "the scenario has no steps"),
        Some(first) if matches!(first.kind, StepKind::And | StepKind::But) => {
            let message = format!("the scenario begins with `{}`", first.keyword);
            problems.help(first.text.span.clone(), message, "what goes on needs something before it");
        }
        Some(_) => {}
    }
    if scenario.examples.is_empty() {
        if is_outline {
            problems.help(place(), "the outline has no examples", "add `Examples:` and a table below it");
        }
        return;
    }
    for examples in &scenario.examples {
        match examples.table.rows.len() {
            0 => problems.say(examples.span.clone(), "the examples have no table"),
            1 => problems.help(
                examples.span.clone(),
                "the examples have no row",
                "the first row names the columns",
            ),
            _ => {}
        }
        refuse_columns(&examples.table, problems);
    }
    refuse_unknown(scenario, problems);
}

fn refuse_columns(table: &Table, problems: &mut Problems) {
    let mut seen = BTreeSet::new();
    for column in table.rows.first().into_iter().flat_map(|row| &row.cells) {
        if column.value.is_empty() {
            problems.say(column.span.clone(), "the column has no name");
        } else if !seen.insert(column.value.as_str()) {
            problems.say(column.span.clone(), format!("the column `{}` stands twice", column.value));
        }
    }
}

/// Every placeholder is a column of every table.
fn refuse_unknown(scenario: &Scenario, problems: &mut Problems) {
    let headers = scenario.examples.iter().filter_map(|examples| examples.table.rows.first());
    let known = headers
        .map(|row| row.cells.iter().map(|cell| cell.value.as_str()).collect::<BTreeSet<&str>>())
        // The smaller one is walked, so that all of them take no longer than to read them.
        .reduce(|a, b| match a.len() < b.len() {
            true => a.into_iter().filter(|name| b.contains(name)).collect(),
            false => b.into_iter().filter(|name| a.contains(name)).collect(),
        });
    let Some(known) = known else { return };
    let columns: Vec<&str> = known.iter().copied().filter(|name| !name.is_empty()).collect();
    let columns = columns.join(", ").chars().take(200).collect::<String>();
    for (name, span) in placeholders(scenario) {
        if !known.contains(name) {
            let message = format!("`<{name}>` is no column of the examples");
            problems.help(span, message, format!("their columns: {columns}"));
        }
    }
}

/// Returns the placeholders of an outline, each with the place where it stands first.
fn placeholders(scenario: &Scenario) -> BTreeMap<&str, Range<usize>> {
    let steps = scenario.steps.iter();
    let texts = steps.flat_map(|step| [&step.text].into_iter().chain(&step.doc).chain(step.cells()));
    let mut found = BTreeMap::new();
    for text in [&scenario.name].into_iter().chain(texts) {
        collect(text, &mut found);
    }
    found
}

fn collect<'s>(text: &'s At<String>, found: &mut BTreeMap<&'s str, Range<usize>>) {
    let mut rest = text.value.as_str();
    while let Some((_, behind)) = rest.split_once('<') {
        rest = behind;
        let Some(end) = rest.find(['<', '>', '\n']) else { return };
        let name = &rest[..end];
        // `a < b and c > d` compares.
        if rest[end..].starts_with('>') && !name.is_empty() && name.trim() == name {
            found.entry(name).or_insert_with(|| text.span.clone());
        }
        rest = &rest[end..];
    }
}
