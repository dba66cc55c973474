//! The single list of rules. Pages, `explain`, SARIF, the JSON list and the completeness test derive from it.

use diagnostic::{Diagnostic, Family};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{Check, Rule};
use crate::telling::Scene;

/// Every rule, by family and code.
pub const RULES: &[&Rule] = &[
    &crate::imm::card_changed::RULE,
    &crate::imm::card_deleted::RULE,
    &crate::imm::card_moved::RULE,
    &crate::imm::frozen_path_changed::RULE,
    &crate::imm::frozen_path_deleted::RULE,
    &crate::imm::frozen_path_moved::RULE,
    &crate::imm::mode_changed::RULE,
    &crate::imm::became_link::RULE,
    &crate::imm::became_submodule::RULE,
    &crate::imm::became_directory::RULE,
    &crate::imm::not_a_regular_file::RULE,
    &crate::imm::fixed_value_restored::RULE,
    &crate::imm::final_document_edited::RULE,
    &crate::imm::unit_sealed::RULE,
    &crate::imm::unit_added_to_late::RULE,
    &crate::imm::lines_not_appended::RULE,
    &crate::imm::last_line_changed::RULE,
    &crate::imm::identity_reused::RULE,
    &crate::imm::case_twin::RULE,
    &crate::imm::unit_case_twin::RULE,
    &crate::imm::field_frozen::RULE,
    &crate::imm::field_set_again::RULE,
    &crate::imm::field_not_growing::RULE,
    &crate::imm::field_not_appended::RULE,
    &crate::imm::field_went_backwards::RULE,
    &crate::imm::status_went_backwards::RULE,
    &crate::imm::field_changed_alone::RULE,
    &crate::imm::document_unreadable::RULE,
    &crate::imm::tag_moved::RULE,
    &crate::imm::tag_missing::RULE,
    &crate::imm::tag_altered::RULE,
    &crate::imm::tag_unrecorded::RULE,
    &crate::imm::published_version_changed::RULE,
    &crate::git::tree_entry_duplicate::RULE,
    &crate::git::tree_unsorted::RULE,
    &crate::git::tree_entry_unsafe::RULE,
    &crate::git::tree_mode_unknown::RULE,
    &crate::git::attributes_alter_record::RULE,
    &crate::led::ledger_rewritten::RULE,
    &crate::led::ledger_touched_by_change::RULE,
    &crate::led::ledger_line_invalid::RULE,
    &crate::led::ledger_order::RULE,
    &crate::led::unknown_subject::RULE,
    &crate::led::illegal_transition::RULE,
    &crate::led::checkpoint_mismatch::RULE,
    &crate::led::checkpoint_not_ancestor::RULE,
    &crate::led::not_derivable::RULE,
    &crate::led::request_invalid::RULE,
    &crate::led::checkpoint_untrusted::RULE,
    &crate::crd::card_invalid::RULE,
    &crate::crd::card_name_mismatch::RULE,
    &crate::crd::ulid_invalid::RULE,
    &crate::crd::key_invalid::RULE,
    &crate::crd::created_at_implausible::RULE,
    &crate::uni::duplicate_ulid::RULE,
    &crate::uni::duplicate_key::RULE,
    &crate::uni::alias_collision::RULE,
    &crate::uni::path_claimed_twice::RULE,
    &crate::uni::case_collision::RULE,
    &crate::uni::confusable_key::RULE,
    &crate::uni::near_key::RULE,
    &crate::uni::key_reused::RULE,
    &crate::one::artifact_without_card::RULE,
    &crate::one::card_without_artifact::RULE,
    &crate::one::card_artifact_mismatch::RULE,
    &crate::one::change_touches_many_artifacts::RULE,
    &crate::str::baseline_artifact_missing::RULE,
    &crate::str::operation_schema_missing::RULE,
    &crate::str::operation_example_missing::RULE,
    &crate::str::operation_test_missing::RULE,
    &crate::str::conformance_missing::RULE,
    &crate::str::unexpected_file::RULE,
    &crate::str::unsafe_path::RULE,
    &crate::str::plugin_entry_irregular::RULE,
    &crate::str::too_large::RULE,
    &crate::str::too_many::RULE,
    &crate::sch::document_invalid::RULE,
    &crate::sch::schema_invalid::RULE,
    &crate::sch::example_invalid::RULE,
    &crate::sch::config_defaults_invalid::RULE,
    &crate::sch::contract_incomplete::RULE,
    &crate::sch::pack_schema_violated::RULE,
    &crate::r#gen::registry_stale::RULE,
    &crate::r#gen::registry_hand_edited::RULE,
    &crate::r#gen::registry_path_missing::RULE,
    &crate::r#gen::artifact_unregistered::RULE,
    &crate::r#gen::manifest_stale::RULE,
    &crate::r#gen::contract_stale::RULE,
    &crate::r#gen::snapshot_stale::RULE,
    &crate::r#gen::readme_stale::RULE,
    &crate::r#gen::healthcheck_stale::RULE,
    &crate::r#gen::auto_section_edited::RULE,
    &crate::r#gen::auto_section_stale::RULE,
    &crate::cmp::schema_breaking::RULE,
    &crate::cmp::operation_removed::RULE,
    &crate::cmp::contract_breaking::RULE,
    &crate::cmp::version_went_backwards::RULE,
    &crate::cmp::range_unresolvable::RULE,
    &crate::cmp::dependency_missing::RULE,
    &crate::cmp::dependency_retired::RULE,
    &crate::cmp::plugin_revived::RULE,
    &crate::doc::link_broken::RULE,
    &crate::doc::example_command_missing::RULE,
    &crate::doc::probe_invalid::RULE,
    &crate::doc::threshold_differs::RULE,
    &crate::doc::scenario_invalid::RULE,
    &crate::doc::budget_invalid::RULE,
    &crate::doc::budget_over_policy::RULE,
    &crate::doc::budget_exceeded::RULE,
    &crate::doc::scenario_failed::RULE,
    &crate::doc::results_invalid::RULE,
    &crate::doc::scenario_missing::RULE,
    &crate::doc::budget_missing::RULE,
    &crate::doc::coverage_too_low::RULE,
    &crate::cap::host_too_broad::RULE,
    &crate::cap::path_escapes_plugin::RULE,
    &crate::cap::capability_forbidden::RULE,
    &crate::cap::limit_too_high::RULE,
    &crate::cap::review_required::RULE,
    &crate::cap::actions_not_denied::RULE,
    &crate::cap::entry_missing::RULE,
    &crate::pol::policy_changed::RULE,
    &crate::pol::workflow_changed::RULE,
    &crate::pol::policy_invalid::RULE,
    &crate::pol::waiver_expired::RULE,
    &crate::pol::waiver_unused::RULE,
    &crate::pol::pack_version_reused::RULE,
    &crate::cus::custom_denied::RULE,
    &crate::cus::custom_warned::RULE,
];

/// The families, in the order of the list.
pub const FAMILIES: &[Family] = &[
    crate::imm::FAMILY,
    crate::git::FAMILY,
    crate::led::FAMILY,
    crate::crd::FAMILY,
    crate::uni::FAMILY,
    crate::one::FAMILY,
    crate::str::FAMILY,
    crate::sch::FAMILY,
    crate::r#gen::FAMILY,
    crate::cmp::FAMILY,
    crate::doc::FAMILY,
    crate::cap::FAMILY,
    crate::pol::FAMILY,
    crate::cus::FAMILY,
];

/// Codes that were used once and never mean anything else again.
pub const RETIRED: &[&str] = &[];

/// Finds a rule by its code or name, however it is cased.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES
        .iter()
        .copied()
        .find(|rule| rule.info.code.eq_ignore_ascii_case(name) || rule.info.name.eq_ignore_ascii_case(name))
}

/// Returns what policy may speak of: the names, for levels, and the codes, for waivers.
#[must_use]
pub fn names() -> Vec<&'static str> {
    RULES.iter().flat_map(|rule| [rule.info.name, rule.info.code]).collect()
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
    use std::collections::BTreeSet;

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
    fn codes_and_names_are_unique_and_in_order() {
        let codes: Vec<_> = RULES.iter().map(|rule| rule.info.code).collect();
        let names: BTreeSet<_> = RULES.iter().map(|rule| rule.info.name).collect();
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), RULES.len());
        assert_eq!(names.len(), RULES.len());
        assert!(codes.iter().all(|code| !RETIRED.contains(code)), "a retired code is not used again");
        for family in FAMILIES {
            let mine: Vec<_> =
                RULES.iter().filter(|rule| rule.info.family == *family).map(|rule| rule.info.code).collect();
            assert!(mine.is_sorted() && mine.iter().all(|code| code.starts_with(family.code)), "{mine:?}");
        }
        assert_eq!(find("imm001").map(|rule| rule.info.name), Some("card-changed"));
    }
}
