//! Reads the content of a block: steps, table rows and doc strings.

use std::ops::Range;

use super::super::table;
use super::{ParserState, Reader};
use crate::Spanned;
use crate::feature::{Step, StepKind};

impl Reader {
    pub(super) fn steps(&mut self) -> Option<&mut Vec<Step>> {
        match (self.state, &mut self.scenario) {
            (ParserState::Background, _) => Some(&mut self.found.background),
            (ParserState::Scenario, Some((scenario, _))) => Some(&mut scenario.steps),
            _ => None,
        }
    }

    pub(super) fn step(&mut self, kind: StepKind, keyword: &'static str, text: Spanned<String>) {
        if text.value.is_empty() {
            self.problems.push(text.span.clone(), "the step is empty");
        }
        let span = text.span.clone();
        self.require_feature(&span);
        if let Some(steps) = self.steps() {
            return steps.push(Step { kind, keyword, text, table: None, doc: None });
        }
        match (self.state, kind) {
            (ParserState::Examples, _) => {
                self.problems.push_with_help(span, "a step comes after the examples", "move it before them");
            }
            // A list item or a sentence of a description can start the same way.
            (ParserState::Nothing, _) => {}
            (ParserState::Feature | ParserState::Rule, StepKind::Any | StepKind::And | StepKind::But) => {}
            _ => self.problems.push_with_help(
                span,
                "the step is not inside a scenario",
                "start one before it with `Scenario:`",
            ),
        }
    }

    pub(super) fn row(&mut self, bare: &str, start: usize) {
        let row = table::row(bare, start, &mut self.problems);
        let examples = self.state == ParserState::Examples;
        let table = match &mut self.scenario {
            Some((scenario, _)) if examples => {
                scenario.examples.last_mut().map(|examples| &mut examples.table)
            }
            _ => None,
        };
        let Some(table) = table else {
            let Some(step) = self.steps().and_then(|steps| steps.last_mut()) else { return };
            let mut table = step.table.take().unwrap_or_default();
            table.push(row, &mut self.problems);
            if let Some(step) = self.steps().and_then(|steps| steps.last_mut()) {
                step.table = Some(table);
            }
            return;
        };
        table.push(row, &mut self.problems);
    }

    pub(super) fn end_doc(&mut self) {
        let Some(doc) = self.doc.take() else { return };
        let opening = doc.opening.clone();
        let Some(step) = self.steps().and_then(|steps| steps.last_mut()) else { return };
        if step.doc.replace(doc.finish()).is_some() {
            self.problems.push(opening, "the step has more than one doc string");
        }
    }

    pub(super) fn other(&mut self, bare: &str, place: Range<usize>, has_steps: bool) {
        self.require_feature(&place);
        let filled = match &self.scenario {
            Some((scenario, _)) if self.state == ParserState::Examples => {
                scenario.examples.last().is_some_and(|examples| !examples.table.rows.is_empty())
            }
            _ => has_steps,
        };
        if filled {
            let what: String = bare.chars().take(40).collect();
            let message = format!("`{what}` is not a step");
            self.problems.push_with_help(
                place,
                message,
                "a step starts with Given, When, Then, And, But or `*`",
            );
        }
    }
}
