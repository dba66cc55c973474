//! Checks a scenario after all of its lines were read.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Scenario, StepKind, Table};
use crate::{Problems, Spanned};

/// Checks one scenario.
pub(super) fn check(scenario: &Scenario, is_outline: bool, problems: &mut Problems) {
    let place = || scenario.span.clone();
    if scenario.name.value.is_empty() {
        problems.push_with_help(
            place(),
            "the scenario has no name",
            "results refer to scenarios by name: write one after the colon",
        );
    }
    match scenario.steps.first() {
        None => problems.push(place(), "the scenario has no steps"),
        Some(first) if matches!(first.kind, StepKind::And | StepKind::But) => {
            let message = format!("the scenario starts with `{}`", first.keyword);
            problems.push_with_help(
                first.text.span.clone(),
                message,
                "`And` and `But` continue an earlier step: start with Given, When, Then or `*`",
            );
        }
        Some(_) => {}
    }
    if scenario.examples.is_empty() {
        if is_outline {
            problems.push_with_help(
                place(),
                "the outline has no examples",
                "add `Examples:` and a table below it",
            );
        }
        return;
    }
    for examples in &scenario.examples {
        match examples.table.rows.len() {
            0 => problems.push(examples.span.clone(), "the examples have no table"),
            1 => problems.push_with_help(
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
            problems.push(column.span.clone(), "the column has no name");
        } else if !seen.insert(column.value.as_str()) {
            problems.push(column.span.clone(), format!("duplicate column `{}`", column.value));
        }
    }
}

/// Reports placeholders that are not a column of every table.
fn refuse_unknown(scenario: &Scenario, problems: &mut Problems) {
    let headers = scenario.examples.iter().filter_map(|examples| examples.table.rows.first());
    let known = headers
        .map(|row| row.cells.iter().map(|cell| cell.value.as_str()).collect::<BTreeSet<&str>>())
        // Iterates over the smaller set, so that the total work stays linear in the size of the tables.
        .reduce(|a, b| {
            let (small, large) = if a.len() < b.len() { (a, b) } else { (b, a) };
            small.into_iter().filter(|name| large.contains(name)).collect()
        });
    let Some(known) = known else { return };
    let columns: Vec<&str> = known.iter().copied().filter(|name| !name.is_empty()).collect();
    let columns = columns.join(", ").chars().take(200).collect::<String>();
    for (name, span) in placeholders(scenario) {
        if !known.contains(name) {
            let message = format!("`<{name}>` is not a column of the examples");
            problems.push_with_help(span, message, format!("columns: {columns}"));
        }
    }
}

/// Returns the placeholders of an outline, each with the range of its first use.
fn placeholders(scenario: &Scenario) -> BTreeMap<&str, Range<usize>> {
    let steps = scenario.steps.iter();
    let texts = steps.flat_map(|step| [&step.text].into_iter().chain(&step.doc).chain(step.cells()));
    let mut found = BTreeMap::new();
    for text in [&scenario.name].into_iter().chain(texts) {
        collect(text, &mut found);
    }
    found
}

fn collect<'s>(text: &'s Spanned<String>, found: &mut BTreeMap<&'s str, Range<usize>>) {
    let mut rest = text.value.as_str();
    while let Some((_, behind)) = rest.split_once('<') {
        rest = behind;
        let Some(end) = rest.find(['<', '>', '\n']) else { return };
        let name = &rest[..end];
        // `a < b and c > d` is a comparison, not a placeholder.
        if rest[end..].starts_with('>') && !name.is_empty() && name.trim() == name {
            found.entry(name).or_insert_with(|| text.span.clone());
        }
        rest = &rest[end..];
    }
}
