//! What is wrong with a text, gathered up to a bound that is told.

use std::ops::Range;

use artifact::Problem;

/// More are counted, not kept: a text of a million wrong lines wants no million messages.
const MOST: usize = 100;

/// Says what is wrong at a place of a text that has no JSON pointers.
pub(crate) fn problem(span: Range<usize>, message: impl Into<String>) -> Problem {
    Problem { pointer: String::new(), span, message: message.into(), help: None }
}

/// The problems of one text.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    kept: Vec<Problem>,
    more: usize,
    last: Range<usize>,
}

impl Problems {
    pub(crate) fn push(&mut self, problem: Problem) {
        match self.kept.len() < MOST {
            true => self.kept.push(problem),
            false => {
                self.more += 1;
                self.last = problem.span;
            }
        }
    }

    pub(crate) fn say(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.push(problem(span, message));
    }

    pub(crate) fn help(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.push(Problem { help: Some(help.into()), ..problem(span, message) });
    }

    pub(crate) fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        problems.into_iter().for_each(|problem| self.push(problem));
    }

    /// Returns them by place; the last one says how many more there are.
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
    fn a_bound_is_told() {
        let mut problems = Problems::default();
        (0..103).rev().for_each(|at| problems.say(at..at, "wrong"));
        let problems = problems.finish();
        assert_eq!(problems.len(), MOST + 1);
        assert_eq!(problems[0].span, 3..3);
        assert_eq!(problems[MOST].message, "3 more problems are not listed");
    }
}
