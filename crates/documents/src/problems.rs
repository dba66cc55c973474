//! The problems of one document, kept up to a limit; the rest is counted.

use std::ops::Range;

use artifact::Problem;

/// Further problems are counted, not kept: a document with a million invalid lines does not need a million messages.
const MAX_PROBLEMS: usize = 100;

/// Makes a problem of a document that has no JSON pointers.
pub(crate) fn problem(span: Range<usize>, message: impl Into<String>) -> Problem {
    Problem { pointer: String::new(), span, message: message.into(), help: None }
}

/// The problems of one document.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    kept: Vec<Problem>,
    more: usize,
    last: Range<usize>,
}

impl Problems {
    pub(crate) fn add(&mut self, problem: Problem) {
        if self.kept.len() < MAX_PROBLEMS {
            self.kept.push(problem);
        } else {
            self.more += 1;
            self.last = problem.span;
        }
    }

    pub(crate) fn push(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.add(problem(span, message));
    }

    pub(crate) fn push_with_help(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(Problem { help: Some(help.into()), ..problem(span, message) });
    }

    pub(crate) fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        problems.into_iter().for_each(|problem| self.add(problem));
    }

    /// Returns the problems in the order of their positions; a last one states how many were not kept.
    pub(crate) fn finish(mut self) -> Vec<Problem> {
        self.kept.sort_by_key(|problem| problem.span.start);
        if self.more > 0 {
            self.kept.push(problem(self.last, format!("{} more problems are not listed", self.more)));
        }
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_over_the_limit_are_counted() {
        let mut problems = Problems::default();
        (0..103).rev().for_each(|at| problems.push(at..at, "wrong"));
        let problems = problems.finish();
        assert_eq!(problems.len(), MAX_PROBLEMS + 1);
        assert_eq!(problems[0].span, 3..3);
        assert_eq!(problems[MAX_PROBLEMS].message, "3 more problems are not listed");
    }
}
