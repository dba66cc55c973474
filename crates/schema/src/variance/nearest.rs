//! Explains why no branch accepts the values, by the branch with the fewest breaks.

use super::facts::Facts;
use super::messages::Subject;
use super::place::Place;
use super::walk::Walk;
use super::{Break, Variance};

/// The branches that are compared again for a message.
const MAX_BRANCHES: usize = 16;

impl<'v> Walk<'v> {
    /// Reports that no branch of `anyOf` or `oneOf` accepts the values, with the first break of the nearest one.
    pub(super) fn report_branches(
        &mut self,
        facts: &Facts<'v>,
        goal: Place<'v>,
        branches: &[Place<'v>],
        is_one: bool,
    ) {
        if self.is_silent() {
            return;
        }
        // Only a break that is reported in the end is worth the comparison.
        let same = facts.branch.filter(|at| *at < branches.len());
        let rest = (0..branches.len()).filter(|at| Some(*at) != same);
        let most = if self.is_final() { MAX_BRANCHES } else { 0 };
        let looked_at: Vec<usize> = same.into_iter().chain(rest).take(most).collect();
        if is_one && let Some((other, at)) = self.doubled(facts, branches, &looked_at) {
            let (other_name, name) = (other + 1, at + 1);
            let message = format!(
                "branch {other_name} of `oneOf` may accept what branch {name} accepts, and `oneOf` rejects both at once"
            );
            return self.report_break(facts.at, branches[other], message);
        }
        let message = no_branch(self.variance, if is_one { "oneOf" } else { "anyOf" }, facts.branch);
        match self.nearest(facts, branches, &looked_at) {
            Some(found) => {
                let message = format!("{message}: {}", found.message);
                self.push_break(Break { message, ..found });
            }
            None => self.report_break(facts.at, goal, message),
        }
    }

    /// Returns a branch that accepts the values, and another that may accept some of them.
    fn doubled(
        &mut self,
        facts: &Facts<'v>,
        branches: &[Place<'v>],
        looked_at: &[usize],
    ) -> Option<(usize, usize)> {
        looked_at.iter().copied().find_map(|at| {
            let is_within = self.silently(|walk| walk.within(facts, branches[at], Subject::Value));
            let other = is_within.then(|| self.overlaps(facts, branches, at))??;
            Some((other, at))
        })
    }

    /// Returns the first break of the branch with the fewest breaks.
    fn nearest(&mut self, facts: &Facts<'v>, branches: &[Place<'v>], looked_at: &[usize]) -> Option<Break> {
        let types = self.types_of(facts);
        let mut nearest: Option<(usize, Break)> = None;
        for branch in looked_at.iter().map(|at| branches[*at]) {
            let every = self.facts(branch);
            if !self.types_of(&every).has(types) {
                continue;
            }
            let found = self.collect_breaks(|walk| walk.within(facts, branch, Subject::Value));
            let distance = found.len();
            if let Some(first) = found.into_iter().next()
                && nearest.as_ref().is_none_or(|(least, _)| distance < *least)
            {
                nearest = Some((distance, first));
            }
        }
        Some(nearest?.1)
    }
}

fn no_branch(variance: Variance, keyword: &str, branch: Option<usize>) -> String {
    let branch = branch.map(|at| format!("branch {}", at + 1));
    match variance {
        Variance::Narrow => {
            let what = branch.map_or("is accepted now".into(), |branch| format!("{branch} accepts"));
            format!("no branch of `{keyword}` accepted all that {what}")
        }
        Variance::Widen | Variance::Grow => {
            let what = branch.map_or("was accepted".into(), |branch| format!("{branch} accepted"));
            format!("no branch of `{keyword}` accepts all that {what}")
        }
    }
}
