//! What was measured, held against the budgets.

use std::ops::Range;

use artifact::Problem;

use super::{Measure, Operations, Results};
use crate::problem;

/// A budget that was not kept, or not looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Breach {
    /// The operation.
    pub operation: String,
    /// What the budget is of.
    pub measure: Measure,
    /// The budget.
    pub budget: f64,
    /// Where the budget stands, in the budgets' file.
    pub set: Range<usize>,
    /// What was measured; `None` where nothing was.
    pub measured: Option<f64>,
    /// What is wrong, in the results' file.
    pub problem: Problem,
}

/// Holds every budget against what was measured. A budget that nothing was measured for is not kept.
#[must_use]
pub fn judge(budgets: &Operations, results: &Results) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (operation, set) in budgets {
        let found = results.performance.get(operation);
        for (measure, budget) in &set.measures {
            let figure = found.and_then(|figures| figures.measures.get(measure));
            let (place, message, help) = match figure {
                Some(figure) if measure.is_within(figure.value, budget.value) => continue,
                Some(figure) => {
                    let bound = if *measure == Measure::Throughput { "least" } else { "most" };
                    let message = format!(
                        "{measure} of `{operation}` is {}, and its budget at {bound} {}",
                        figure.value, budget.value
                    );
                    (figure.span.clone(), message, None)
                }
                None => {
                    let place = found.map_or(0..0, |figures| figures.name.clone());
                    let message = format!("{measure} of `{operation}` has a budget and was not measured");
                    (
                        place,
                        message,
                        Some("run the conformance tests again, and commit their results".to_string()),
                    )
                }
            };
            let name = artifact::escape(operation);
            let pointer = format!("/performance/{name}/{measure}");
            breaches.push(Breach {
                operation: operation.clone(),
                measure: *measure,
                budget: budget.value,
                set: budget.span.clone(),
                measured: figure.map(|figure| figure.value),
                problem: Problem { pointer, help, ..problem(place, message) },
            });
        }
    }
    breaches
}
