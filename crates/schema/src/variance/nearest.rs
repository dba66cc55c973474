//! Why no branch will do, told by the one that comes nearest.

use super::all::All;
use super::place::Place;
use super::walk::Walk;
use super::words::Subject;
use super::{Break, Variance};

/// The most branches that are looked at again for the sake of a message.
const MOST_BRANCHES: usize = 16;

impl<'v> Walk<'v> {
    /// Says that no branch of `anyOf` or `oneOf` will do, and what stands against the nearest.
    pub(super) fn tell_branches(
        &mut self,
        all: &All<'v>,
        goal: Place<'v>,
        branches: &[Place<'v>],
        is_one: bool,
    ) {
        if self.is_quiet() {
            return;
        }
        // Only what is told in the end is worth a second look.
        let same = all.branch.filter(|at| *at < branches.len());
        let rest = (0..branches.len()).filter(|at| Some(*at) != same);
        let most = if self.is_final() { MOST_BRANCHES } else { 0 };
        let looked_at: Vec<usize> = same.into_iter().chain(rest).take(most).collect();
        if is_one && let Some((other, at)) = self.doubled(all, branches, &looked_at) {
            let (other_name, name) = (other + 1, at + 1);
            let message = format!(
                "branch {other_name} of `oneOf` may accept what branch {name} accepts, and both at once are refused"
            );
            return self.tell(all.at, branches[other], message);
        }
        let message = no_branch(self.variance, if is_one { "oneOf" } else { "anyOf" }, all.branch);
        match self.nearest(all, branches, &looked_at) {
            Some(found) => {
                let message = format!("{message}: {}", found.message);
                self.tell_found(Break { message, ..found });
            }
            None => self.tell(all.at, goal, message),
        }
    }

    /// A branch that would do, and another that may accept the same.
    fn doubled(
        &mut self,
        all: &All<'v>,
        branches: &[Place<'v>],
        looked_at: &[usize],
    ) -> Option<(usize, usize)> {
        looked_at.iter().copied().find_map(|at| {
            let is_within = self.quietly(|walk| walk.within(all, branches[at], Subject::Value));
            let other = is_within.then(|| self.overlaps(all, branches, at))??;
            Some((other, at))
        })
    }

    /// What stands first against the branch that has the least against it.
    fn nearest(&mut self, all: &All<'v>, branches: &[Place<'v>], looked_at: &[usize]) -> Option<Break> {
        let types = self.types_of(all);
        let mut nearest: Option<(usize, Break)> = None;
        for branch in looked_at.iter().map(|at| branches[*at]) {
            let every = self.all(branch);
            if !self.types_of(&every).has(types) {
                continue;
            }
            let found = self.gather(|walk| walk.within(all, branch, Subject::Value));
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
