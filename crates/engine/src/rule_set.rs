//! The rules of a run, found by what they report.

use diagnostic::{Diagnostic, Location};
use policy::Ignored;
use snapshot::Result;

use crate::breach_context::BreachContext;
use crate::change::ChangeContext;
use crate::disciplines::PathBreach;
use crate::policy_coverage::PolicyGap;
use crate::rule::{Check, CustomIssue, LedgerIssue, Rule};
use crate::state::StateContext;
use crate::waivers::WaiverContext;

/// The rules of a run. What no rule of the run reports is not reported.
#[derive(Clone, Copy)]
pub(crate) struct RuleSet<'r>(pub(crate) &'r [&'static Rule]);

impl RuleSet<'_> {
    /// Returns the number of rules.
    pub(crate) fn count(self) -> u64 {
        self.0.len() as u64
    }

    /// Returns whether a rule checks artifacts, and not only what a change does to existing content.
    pub(crate) fn checks_artifacts(self) -> bool {
        self.0.iter().any(|rule| matches!(rule.check, Check::State(_) | Check::Custom(_)))
    }

    /// Returns the number of rules about artifacts.
    pub(crate) fn count_of_state(self) -> u64 {
        self.0.iter().filter(|rule| matches!(rule.check, Check::State(_))).count() as u64
    }

    /// Describes a breach with the rule for it.
    pub(crate) fn describe(
        self,
        breach: &PathBreach,
        context: &mut BreachContext<'_>,
    ) -> Result<Option<Diagnostic>> {
        for rule in self.0 {
            if let Check::Breach(describe) = rule.check
                && let Some(finding) = describe(breach, context)?
            {
                return Ok(Some(finding));
            }
        }
        Ok(None)
    }

    /// Reports an issue of the ledger with the rule for it.
    pub(crate) fn ledger_finding(
        self,
        issue: LedgerIssue,
        message: String,
        place: Location,
    ) -> Option<Diagnostic> {
        self.0.iter().find_map(|rule| match rule.check {
            Check::Ledger { issue: own, help } if own == issue => {
                let finding = Diagnostic::new(&rule.info, message.clone()).at(place.clone());
                Some(help.iter().fold(finding, |finding, help| finding.help(*help)))
            }
            _ => None,
        })
    }

    /// Returns whether a finding reports an issue of the ledger.
    pub(crate) fn is_about(self, finding: &Diagnostic, issue: LedgerIssue) -> bool {
        self.0.iter().any(|rule| {
            matches!(rule.check, Check::Ledger { issue: own, .. } if own == issue)
                && rule.info.id == finding.rule.id
        })
    }

    /// Finds the rule for what a pack finds in documents.
    pub(crate) fn custom(self, issue: CustomIssue) -> Option<&'static Rule> {
        self.0.iter().copied().find(|rule| matches!(rule.check, Check::Custom(own) if own == issue))
    }

    /// Runs the rules about a change as a whole.
    pub(crate) fn check_change(self, context: &ChangeContext<'_>, findings: &mut Vec<Diagnostic>) {
        for rule in self.0 {
            if let Check::Change(check) = rule.check {
                check(context, findings);
            }
        }
    }

    /// Runs the rules about artifacts.
    pub(crate) fn check_state(
        self,
        context: &StateContext<'_>,
        findings: &mut Vec<Diagnostic>,
    ) -> Result<()> {
        for rule in self.0 {
            if let Check::State(check) = rule.check {
                check(context, findings)?;
            }
        }
        Ok(())
    }

    /// Reports what a policy contains without effect.
    pub(crate) fn check_ignored<'i>(
        self,
        ignored: impl Iterator<Item = &'i Ignored>,
        findings: &mut Vec<Diagnostic>,
    ) {
        let report = self.0.iter().find_map(|rule| match rule.check {
            Check::Ignored(report) => Some(report),
            _ => None,
        });
        if let Some(report) = report {
            findings.extend(ignored.map(report));
        }
    }

    /// Reports a part of a policy that governs nothing with the rule for it.
    pub(crate) fn describe_gap(self, gap: &PolicyGap) -> Option<Diagnostic> {
        self.0.iter().find_map(|rule| match rule.check {
            Check::Coverage(describe) => describe(gap),
            _ => None,
        })
    }

    /// Runs the rules about waivers.
    pub(crate) fn check_waivers(self, context: &WaiverContext<'_>, findings: &mut Vec<Diagnostic>) {
        for rule in self.0 {
            if let Check::Waivers(check) = rule.check {
                check(context, findings);
            }
        }
    }
}
