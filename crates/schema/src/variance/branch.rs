//! Branching keywords: `anyOf`, `oneOf`, `not`, and `if`.

use super::facts::Facts;
use super::messages::Subject;
use super::place::Place;
use super::walk::Walk;

impl<'v> Walk<'v> {
    /// `anyOf`, or `oneOf` if `is_one` (Core §10.2.1.2, §10.2.1.3).
    pub(super) fn implies_any(&mut self, facts: &Facts<'v>, goal: Place<'v>, is_one: bool) -> bool {
        let branches: Vec<Place<'v>> =
            goal.value.as_list().unwrap_or_default().iter().map(|value| goal.at(value)).collect();
        if self.has_branch(facts, &branches, is_one) {
            return true;
        }
        let groups = self.types_of(facts).groups();
        let mut is_implied = groups.len() > 1;
        for types in groups {
            let mut some = facts.clone();
            some.types = types;
            is_implied = is_implied && self.has_branch(&some, &branches, is_one);
        }
        if !is_implied {
            self.report_branches(facts, goal, &branches, is_one);
        }
        is_implied
    }

    /// Returns whether one branch accepts every value and, if `is_one`, no other branch accepts any.
    fn has_branch(&mut self, facts: &Facts<'v>, branches: &[Place<'v>], is_one: bool) -> bool {
        // Most often it is the branch at the same position.
        let first = facts.branch.filter(|at| *at < branches.len());
        let rest = (0..branches.len()).filter(|at| Some(*at) != first);
        first.into_iter().chain(rest).any(|at| {
            self.silently(|walk| walk.within(facts, branches[at], Subject::Value))
                && (!is_one || self.overlaps(facts, branches, at).is_none())
        })
    }

    /// Returns the first other branch that may accept some of the values as well.
    pub(super) fn overlaps(&mut self, facts: &Facts<'v>, branches: &[Place<'v>], at: usize) -> Option<usize> {
        (0..branches.len()).filter(|other| *other != at).find(|other| {
            let both = self.with(facts, branches[*other]);
            !self.is_unsatisfiable(&both)
        })
    }

    /// `not` (Core §10.2.1.4): the facts and the excluded schema have no value in common.
    pub(super) fn implies_not(&mut self, facts: &Facts<'v>, goal: Place<'v>) -> bool {
        let both = self.with(facts, goal);
        let is_implied = self.is_unsatisfiable(&both);
        if !is_implied {
            self.report_unclear(facts.near("not"), goal, "not");
        }
        is_implied
    }

    /// `if` with `then` and `else` (Core §10.2.2).
    pub(super) fn implies_if(&mut self, facts: &Facts<'v>, goal: Place<'v>) -> bool {
        let Some(condition) = goal.get("if") else { return true };
        let mut is_implied = true;
        if let Some(then) = goal.get("then") {
            let yes = self.with(facts, condition);
            is_implied &= self.follows(facts, yes, (condition, then), "then");
        }
        if let Some(other) = goal.get("else") {
            let mut no = facts.clone();
            no.nots.push(condition);
            is_implied &= self.follows(facts, no, (condition, other), "else");
        }
        is_implied
    }

    /// Returns whether a branch of a condition is implied by the facts where it applies.
    fn follows(
        &mut self,
        facts: &Facts<'v>,
        mut known: Facts<'v>,
        (asked, goal): (Place<'v>, Place<'v>),
        keyword: &str,
    ) -> bool {
        let mut is_matched = false;
        for part in &facts.parts {
            let (Some(condition), Some(own)) = (part.get("if"), part.get(keyword)) else { continue };
            let applies = match keyword {
                "then" => self.silently(|walk| walk.within(&known, condition, Subject::Value)),
                _ => {
                    let both = self.with(&known, condition);
                    self.is_unsatisfiable(&both)
                }
            };
            if applies {
                is_matched = true;
                if own.side == known.at.side {
                    known.at = own;
                }
                self.join(&mut known, own);
            }
        }
        let is_implied = if is_matched {
            self.within(&known, goal, Subject::Value)
        } else {
            self.silently(|walk| walk.within(&known, goal, Subject::Value))
        };
        if !is_implied && !is_matched {
            self.report_unclear(facts.near("if"), asked, "if");
        }
        is_implied
    }
}
