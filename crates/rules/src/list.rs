//! The single list of rules. Pages, `explain`, SARIF, the JSON list and the completeness test derive from it.

use diagnostic::Diagnostic;
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{Check, Rule};
use crate::telling::Scene;

/// Every rule, by family and code.
pub const RULES: &[&Rule] = &[
    &crate::immutability::card_changed::RULE,
    &crate::immutability::card_deleted::RULE,
    &crate::immutability::card_moved::RULE,
    &crate::immutability::frozen_path_changed::RULE,
    &crate::immutability::frozen_path_deleted::RULE,
    &crate::immutability::frozen_path_moved::RULE,
    &crate::immutability::mode_changed::RULE,
    &crate::immutability::became_link::RULE,
    &crate::immutability::became_submodule::RULE,
    &crate::immutability::became_directory::RULE,
    &crate::immutability::not_a_regular_file::RULE,
    &crate::immutability::original_value_restored::RULE,
    &crate::immutability::final_document_edited::RULE,
    &crate::immutability::sealed_unit_changed::RULE,
    &crate::immutability::sealed_unit_extended::RULE,
    &crate::immutability::lines_not_appended::RULE,
    &crate::immutability::last_line_changed::RULE,
    &crate::immutability::identity_reused::RULE,
    &crate::immutability::governed_path_case_collision::RULE,
    &crate::immutability::sealed_unit_case_collision::RULE,
    &crate::immutability::frozen_field_changed::RULE,
    &crate::immutability::field_set_again::RULE,
    &crate::immutability::field_not_growing::RULE,
    &crate::immutability::field_not_appended::RULE,
    &crate::immutability::field_went_backwards::RULE,
    &crate::immutability::status_went_backwards::RULE,
    &crate::immutability::field_changed_alone::RULE,
    &crate::immutability::document_unreadable::RULE,
    &crate::immutability::tag_moved::RULE,
    &crate::immutability::tag_missing::RULE,
    &crate::immutability::tag_altered::RULE,
    &crate::immutability::tag_unrecorded::RULE,
    &crate::immutability::published_version_changed::RULE,
    &crate::git_objects::tree_entry_duplicate::RULE,
    &crate::git_objects::tree_unsorted::RULE,
    &crate::git_objects::tree_entry_unsafe::RULE,
    &crate::git_objects::tree_mode_unknown::RULE,
    &crate::git_objects::attributes_alter_record::RULE,
    &crate::ledger::ledger_rewritten::RULE,
    &crate::ledger::ledger_touched_by_change::RULE,
    &crate::ledger::ledger_line_invalid::RULE,
    &crate::ledger::ledger_out_of_order::RULE,
    &crate::ledger::unknown_subject::RULE,
    &crate::ledger::illegal_transition::RULE,
    &crate::ledger::checkpoint_mismatch::RULE,
    &crate::ledger::checkpoint_not_ancestor::RULE,
    &crate::ledger::not_derivable::RULE,
    &crate::ledger::request_invalid::RULE,
    &crate::ledger::checkpoint_untrusted::RULE,
    &crate::cards::card_invalid::RULE,
    &crate::cards::card_name_mismatch::RULE,
    &crate::cards::ulid_invalid::RULE,
    &crate::cards::key_invalid::RULE,
    &crate::cards::created_at_implausible::RULE,
    &crate::uniqueness::duplicate_ulid::RULE,
    &crate::uniqueness::duplicate_key::RULE,
    &crate::uniqueness::alias_collision::RULE,
    &crate::uniqueness::path_claimed_twice::RULE,
    &crate::uniqueness::case_collision::RULE,
    &crate::uniqueness::confusable_key::RULE,
    &crate::uniqueness::similar_key::RULE,
    &crate::uniqueness::key_reused::RULE,
    &crate::one_artifact::artifact_without_card::RULE,
    &crate::one_artifact::card_without_artifact::RULE,
    &crate::one_artifact::card_artifact_mismatch::RULE,
    &crate::one_artifact::change_touches_many_artifacts::RULE,
    &crate::structure::baseline_artifact_missing::RULE,
    &crate::structure::operation_schema_missing::RULE,
    &crate::structure::operation_example_missing::RULE,
    &crate::structure::operation_test_missing::RULE,
    &crate::structure::conformance_missing::RULE,
    &crate::structure::unexpected_file::RULE,
    &crate::structure::unsafe_path::RULE,
    &crate::structure::plugin_file_not_regular::RULE,
    &crate::structure::too_large::RULE,
    &crate::structure::too_many::RULE,
    &crate::schemas::document_invalid::RULE,
    &crate::schemas::schema_invalid::RULE,
    &crate::schemas::example_invalid::RULE,
    &crate::schemas::config_defaults_invalid::RULE,
    &crate::schemas::contract_incomplete::RULE,
    &crate::schemas::pack_schema_violated::RULE,
    &crate::derived::registry_stale::RULE,
    &crate::derived::registry_hand_edited::RULE,
    &crate::derived::registry_path_missing::RULE,
    &crate::derived::artifact_unregistered::RULE,
    &crate::derived::manifest_stale::RULE,
    &crate::derived::contract_stale::RULE,
    &crate::derived::snapshot_stale::RULE,
    &crate::derived::readme_stale::RULE,
    &crate::derived::healthcheck_stale::RULE,
    &crate::derived::auto_section_edited::RULE,
    &crate::derived::auto_section_stale::RULE,
    &crate::compatibility::schema_breaking::RULE,
    &crate::compatibility::operation_removed::RULE,
    &crate::compatibility::contract_breaking::RULE,
    &crate::compatibility::version_went_backwards::RULE,
    &crate::compatibility::range_unresolvable::RULE,
    &crate::compatibility::dependency_missing::RULE,
    &crate::compatibility::dependency_retired::RULE,
    &crate::compatibility::plugin_revived::RULE,
    &crate::documents::link_broken::RULE,
    &crate::documents::example_command_missing::RULE,
    &crate::documents::probe_invalid::RULE,
    &crate::documents::threshold_differs::RULE,
    &crate::documents::scenario_invalid::RULE,
    &crate::documents::budget_invalid::RULE,
    &crate::documents::budget_over_policy::RULE,
    &crate::documents::budget_exceeded::RULE,
    &crate::documents::scenario_failed::RULE,
    &crate::documents::results_invalid::RULE,
    &crate::documents::scenario_missing::RULE,
    &crate::documents::budget_missing::RULE,
    &crate::documents::coverage_too_low::RULE,
    &crate::capabilities::host_too_broad::RULE,
    &crate::capabilities::path_escapes_plugin::RULE,
    &crate::capabilities::capability_forbidden::RULE,
    &crate::capabilities::limit_too_high::RULE,
    &crate::capabilities::review_required::RULE,
    &crate::capabilities::default_deny_missing::RULE,
    &crate::capabilities::entry_point_missing::RULE,
    &crate::policy::policy_changed::RULE,
    &crate::policy::workflow_changed::RULE,
    &crate::policy::policy_invalid::RULE,
    &crate::policy::waiver_expired::RULE,
    &crate::policy::waiver_unused::RULE,
    &crate::policy::pack_version_reused::RULE,
    &crate::custom::custom_denied::RULE,
    &crate::custom::custom_warned::RULE,
];

/// Finds a rule by its code or name, ignoring case.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    let id = codes::find(name)?;
    RULES.iter().copied().find(|rule| rule.info.id == id)
}

/// Finds the one rule that speaks of a kind of breach and a subject.
pub(crate) fn rule_of(kind: BreachKind, subject: policy::Subject) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| match rule.check {
        Check::Breach { kinds, subjects, .. } => kinds.contains(&kind) && subjects.contains(&subject),
        Check::Change(_) | Check::State(_) | Check::Ledger { .. } | Check::Custom(_) | Check::Waivers(_) => {
            false
        }
    })
}

/// Puts a breach into the words of its rule.
pub(crate) fn tell(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let rule =
        rule_of(breach.kind, breach.subject).expect("a test holds that each kind and subject has its rule");
    let Check::Breach { tell, .. } = rule.check else { unreachable!("rule_of returns rules about breaches") };
    tell(breach, scene)
}

#[cfg(test)]
mod tests {
    use policy::Subject;

    use super::*;

    #[test]
    fn each_breach_has_exactly_one_rule() {
        for kind in BreachKind::ALL {
            for subject in [Subject::Path, Subject::Card, Subject::Ledger] {
                let speaks = |rule: &&&Rule| match rule.check {
                    Check::Breach { kinds, subjects, .. } => {
                        kinds.contains(&kind) && subjects.contains(&subject)
                    }
                    Check::Change(_)
                    | Check::State(_)
                    | Check::Ledger { .. }
                    | Check::Custom(_)
                    | Check::Waivers(_) => false,
                };
                assert_eq!(RULES.iter().filter(speaks).count(), 1, "{kind:?} {subject:?}");
            }
        }
    }

    #[test]
    fn every_code_has_its_rule() {
        let ids: Vec<_> = RULES.iter().map(|rule| rule.info.id).collect();
        assert_eq!(ids, codes::ALL);
    }
}
