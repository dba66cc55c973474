//! Compares measurements with budgets.

use std::ops::Range;

use artifact::Problem;

use super::{Measure, Operations, Results};
use crate::problem;

/// A budget that was exceeded, or that has no measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct BudgetViolation {
    /// The operation.
    pub operation: String,
    /// The measure that the budget limits.
    pub measure: Measure,
    /// The budget.
    pub budget: f64,
    /// The byte range of the budget in the budgets file.
    pub set: Range<usize>,
    /// The measured value; `None` without a measurement.
    pub measured: Option<f64>,
    /// The problem, located in the results file.
    pub problem: Problem,
}

/// Compares every budget with the measurements; a budget without a measurement is violated.
#[must_use]
pub fn find_violations(budgets: &Operations, results: &Results) -> Vec<BudgetViolation> {
    let mut violations = Vec::new();
    for (operation, set) in budgets {
        let found = results.performance.get(operation);
        for (measure, budget) in &set.measures {
            let figure = found.and_then(|figures| figures.measures.get(measure));
            let (place, message, help) = match figure {
                Some(figure) if measure.is_within(figure.value, budget.value) => continue,
                Some(figure) => {
                    let bound = if *measure == Measure::Throughput { "least" } else { "most" };
                    let message = format!(
                        "{measure} of `{operation}` is {}, but its budget is at {bound} {}",
                        figure.value, budget.value
                    );
                    (figure.span.clone(), message, None)
                }
                None => {
                    let place = found.map_or(0..0, |figures| figures.name.clone());
                    let message = format!("{measure} of `{operation}` has a budget but was not measured");
                    let help = "run the conformance tests again, and commit their results".to_string();
                    (place, message, Some(help))
                }
            };
            let name = artifact::escape(operation);
            let pointer = format!("/performance/{name}/{measure}");
            violations.push(BudgetViolation {
                operation: operation.clone(),
                measure: *measure,
                budget: budget.value,
                set: budget.span.clone(),
                measured: figure.map(|figure| figure.value),
                problem: Problem { pointer, help, ..problem(place, message) },
            });
        }
    }
    violations
}
