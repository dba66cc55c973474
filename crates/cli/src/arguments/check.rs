//! The options of `check` and `audit`, of `id-guard` and `id-immutability` alike.

use std::path::PathBuf;

use clap::Args;

use super::Common;
use super::common::exit_status;
use crate::event::Event;

/// Options of `check`.
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub(crate) struct CheckArguments {
    /// Options of every check.
    #[command(flatten)]
    pub(crate) common: Common,
    /// The base to compare with: a branch, a tag or a commit.
    #[arg(long, value_name = "REV", help_heading = "Base")]
    pub(crate) base: Option<String>,
    /// The commit to check.
    #[arg(long, value_name = "REV", default_value = "HEAD", help_heading = "Base")]
    pub(crate) head: String,
    /// Check the index, as the next commit.
    #[arg(long, conflicts_with_all = ["head", "worktree", "pre_push", "event"], help_heading = "Base")]
    pub(crate) staged: bool,
    /// Check the working tree, as the next commit.
    #[arg(long, conflicts_with_all = ["head", "pre_push", "event"], help_heading = "Base")]
    pub(crate) worktree: bool,
    /// Read the policy from this revision instead of the base, e.g. for a branch that is stacked on another branch.
    #[arg(long, value_name = "REV", conflicts_with = "policy", help_heading = "Policy")]
    pub(crate) policy_from: Option<String>,
    /// Read the known findings from this file instead of the base branch. It must not be part of the change.
    #[arg(long, value_name = "FILE", help_heading = "Policy")]
    pub(crate) baseline: Option<PathBuf>,
    /// Also check each commit of the range, so that an edit that was reverted later is found.
    #[arg(long, help_heading = "Base")]
    pub(crate) per_commit: bool,
    /// Check a push to the base branch itself, not a change that will be merged; push events and pre-push lines set this.
    #[arg(long, help_heading = "Base")]
    pub(crate) pushed: bool,
    /// Read the pushed refs from standard input, as git's pre-push hook receives them.
    #[arg(long, conflicts_with_all = ["base", "head", "event"], help_heading = "Base")]
    pub(crate) pre_push: bool,
    /// Read base and head from a GitHub event file.
    #[arg(long, value_name = "FILE", conflicts_with = "base", help_heading = "Base")]
    pub(crate) event: Option<PathBuf>,
    /// The name of the event [default: GITHUB_EVENT_NAME].
    #[arg(long, value_name = "NAME", help_heading = "Base")]
    pub(crate) event_name: Option<String>,
    /// Print which base was chosen and why, and check nothing.
    #[arg(long, help_heading = "Base")]
    pub(crate) explain_base: bool,
    /// A coverage report (lcov, Cobertura) of the checked plugins; repeatable.
    #[arg(long, value_name = "FILE")]
    pub(crate) coverage: Vec<PathBuf>,
    /// The event, if the caller has read it.
    #[arg(skip)]
    pub(crate) given: Option<Box<Event>>,
    /// The pre-push lines, if a hook has read them.
    #[arg(skip)]
    pub(crate) pushed_lines: Option<String>,
    /// The lines of a push that a server receives.
    #[arg(skip)]
    pub(crate) received_lines: Option<String>,
    /// The remote of a push, if a hook knows it.
    #[arg(skip)]
    pub(crate) remote: Option<String>,
    /// Whether a repository in which nothing is governed passes: hooks may be installed for every repository of a user.
    #[arg(skip)]
    pub(crate) may_check_nothing: bool,
}

impl CheckArguments {
    /// Returns whether neither what is checked nor what it is compared with is named.
    pub(crate) fn names_nothing(&self) -> bool {
        let names_head = self.staged || self.worktree || self.pre_push || self.head != "HEAD";
        let names_base = self.base.is_some() || self.event.is_some() || self.policy_from.is_some();
        let is_caller = self.explain_base
            || self.given.is_some()
            || self.pushed_lines.is_some()
            || self.received_lines.is_some();
        !names_head && !names_base && !is_caller && !self.pushed
    }

    /// Returns the defaults of `check`.
    pub(crate) fn of(common: Common) -> CheckArguments {
        CheckArguments {
            common,
            base: None,
            head: "HEAD".into(),
            staged: false,
            worktree: false,
            policy_from: None,
            baseline: None,
            per_commit: false,
            pushed: false,
            pre_push: false,
            event: None,
            event_name: None,
            explain_base: false,
            coverage: Vec::new(),
            given: None,
            pushed_lines: None,
            received_lines: None,
            remote: None,
            may_check_nothing: false,
        }
    }
}

const CHECK_EXAMPLES: &str = concat!(
    "Examples:
  id-guard check --base origin/main --per-commit
  id-guard check --format github --report sarif=id-guard.sarif
  id-guard check --explain-base",
    exit_status!(check)
);

/// Options of `audit`.
#[derive(Debug, Args)]
#[command(after_help = AUDIT_EXAMPLES)]
pub(crate) struct AuditArguments {
    /// Options of every check.
    #[command(flatten)]
    pub(crate) common: Common,
    /// The commit whose history is audited.
    #[arg(long, value_name = "REV", default_value = "HEAD", help_heading = "Base")]
    pub(crate) head: String,
    /// Audit only the commits after this one.
    #[arg(long, value_name = "REV", help_heading = "Base")]
    pub(crate) since: Option<String>,
    /// Read the known findings from this file instead of the audited commit.
    #[arg(long, value_name = "FILE", help_heading = "Policy")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write the present findings to this file, which is then the list of known findings. If the file exists, its entries that no longer occur are removed.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "since"], help_heading = "Policy")]
    pub(crate) write_baseline: Option<PathBuf>,
    /// With --write-baseline: also add new findings to a file that exists.
    #[arg(long, requires = "write_baseline", help_heading = "Policy")]
    pub(crate) accept_new: bool,
    /// Follow every parent of a merge, not only the first.
    #[arg(long, help_heading = "Base")]
    pub(crate) all_parents: bool,
    /// Read whole objects and verify their hashes, instead of trusting the deltas of packs.
    #[arg(long)]
    pub(crate) verify_objects: bool,
    /// The directory of the file from which the next audit continues.
    #[arg(long, value_name = "DIR")]
    pub(crate) cache: Option<PathBuf>,
    /// Start at the root commit, and write no cache.
    #[arg(long, conflicts_with = "cache")]
    pub(crate) no_cache: bool,
    /// Whether a repository in which nothing is governed passes: hooks may be installed for every repository of a user.
    #[arg(skip)]
    pub(crate) may_check_nothing: bool,
}

impl AuditArguments {
    /// Returns the defaults of `audit`.
    pub(crate) fn of(common: Common) -> AuditArguments {
        AuditArguments {
            common,
            head: "HEAD".into(),
            since: None,
            baseline: None,
            write_baseline: None,
            accept_new: false,
            all_parents: false,
            verify_objects: false,
            cache: None,
            no_cache: false,
            may_check_nothing: false,
        }
    }
}

const AUDIT_EXAMPLES: &str = concat!(
    "Examples:
  id-guard audit --all-parents
  id-guard audit --since v1.0.0 --format json
  id-guard audit --write-baseline policy-packs/known-findings.jsonl
  id-guard audit --verify-objects --no-cache",
    exit_status!(check)
);
