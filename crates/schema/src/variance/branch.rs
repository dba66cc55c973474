//! Branches: `anyOf`, `oneOf`, `not`, and `if`.

use super::all::All;
use super::place::Place;
use super::walk::Walk;
use super::words::Subject;

impl<'v> Walk<'v> {
    /// `anyOf` and, where `is_one` says so, `oneOf` (Core §10.2.1.2, §10.2.1.3).
    pub(super) fn any_holds(&mut self, all: &All<'v>, goal: Place<'v>, is_one: bool) -> bool {
        let branches: Vec<Place<'v>> =
            goal.value.as_list().unwrap_or_default().iter().map(|value| goal.at(value)).collect();
        if self.has_branch(all, &branches, is_one) {
            return true;
        }
        let groups = self.types_of(all).groups();
        let mut holds = groups.len() > 1;
        for types in groups {
            let mut some = all.clone();
            some.types = types;
            holds = holds && self.has_branch(&some, &branches, is_one);
        }
        if !holds {
            self.tell_branches(all, goal, &branches, is_one);
        }
        holds
    }

    /// Whether one branch accepts all of it and, where `is_one` says so, no other branch any of it.
    fn has_branch(&mut self, all: &All<'v>, branches: &[Place<'v>], is_one: bool) -> bool {
        // The branch at the same place is most often the one.
        let first = all.branch.filter(|at| *at < branches.len());
        let rest = (0..branches.len()).filter(|at| Some(*at) != first);
        first.into_iter().chain(rest).any(|at| {
            self.quietly(|walk| walk.within(all, branches[at], Subject::Value))
                && (!is_one || self.overlaps(all, branches, at).is_none())
        })
    }

    /// The first other branch that may accept some of it as well.
    pub(super) fn overlaps(&mut self, all: &All<'v>, branches: &[Place<'v>], at: usize) -> Option<usize> {
        (0..branches.len()).filter(|other| *other != at).find(|other| {
            let both = self.with(all, branches[*other]);
            !self.is_nothing(&both)
        })
    }

    /// `not` (Core §10.2.1.4): nothing that is known to hold may be what is excluded.
    pub(super) fn not_holds(&mut self, all: &All<'v>, goal: Place<'v>) -> bool {
        let both = self.with(all, goal);
        let holds = self.is_nothing(&both);
        if !holds {
            self.tell_unclear(all.near("not"), goal, "not");
        }
        holds
    }

    /// `if` with `then` and `else` (Core §10.2.2).
    pub(super) fn if_holds(&mut self, all: &All<'v>, goal: Place<'v>) -> bool {
        let Some(condition) = goal.get("if") else { return true };
        let mut holds = true;
        if let Some(then) = goal.get("then") {
            let yes = self.with(all, condition);
            holds &= self.follows(all, yes, (condition, then), "then");
        }
        if let Some(other) = goal.get("else") {
            let mut no = all.clone();
            no.nots.push(condition);
            holds &= self.follows(all, no, (condition, other), "else");
        }
        holds
    }

    /// Whether a branch of a condition holds, given what is known where it applies.
    fn follows(
        &mut self,
        all: &All<'v>,
        mut known: All<'v>,
        (asked, goal): (Place<'v>, Place<'v>),
        keyword: &str,
    ) -> bool {
        let mut is_matched = false;
        for part in &all.parts {
            let (Some(condition), Some(own)) = (part.get("if"), part.get(keyword)) else { continue };
            let applies = match keyword {
                "then" => self.quietly(|walk| walk.within(&known, condition, Subject::Value)),
                _ => {
                    let both = self.with(&known, condition);
                    self.is_nothing(&both)
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
        let holds = match is_matched {
            true => self.within(&known, goal, Subject::Value),
            false => self.quietly(|walk| walk.within(&known, goal, Subject::Value)),
        };
        if !holds && !is_matched {
            self.tell_unclear(all.near("if"), asked, "if");
        }
        holds
    }
}
