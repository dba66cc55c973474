//! The rows that are about a command: the tests that fail if the command no longer does what the row claims.

/// Section, requirement, and tests as `file::function`.
pub(super) const TESTS: &[(&str, &str, &[&str])] = &[
    (
        "0",
        "for maintainers, contributors and agents",
        &["crates/diagnostic/tests/renderers.rs::every_renderer_shows_the_same_report"],
    ),
    (
        "0",
        "who create, validate, publish and audit plugins",
        &[
            "tests/plugin.rs::every_step_of_a_life_passes_the_gate_and_is_recorded_in_the_ledger",
            "tests/post_merge.rs::a_whole_history_gives_the_same_bytes",
            "tests/release.rs::the_packed_content_matches_the_ledger",
        ],
    ),
    ("0", "template-driven", &["tests/plugin.rs::a_new_plugin_passes_in_every_language"]),
    ("2", "CI validates them", &["tests/action/gate.rs::every_event_of_a_pull_request_is_checked"]),
    ("2", "CI publishes them", &["tests/action/writer.rs::merges_are_recorded_and_published"]),
    (
        "2.1",
        "creation: by hand, or from templates",
        &[
            "tests/plugin.rs::a_new_plugin_passes_in_every_language",
            "tests/plugin.rs::what_people_wrote_before_there_was_a_tool_is_kept",
        ],
    ),
    (
        "2.3",
        "gate: events stay compatible, by additions only",
        &["crates/rules/tests/cases.rs::every_case_finds_what_it_expects"],
    ),
    (
        "2.5",
        "purpose: a quickstart for people: purpose, input and output, config options, examples",
        &["tests/plugin.rs::a_new_plugin_passes_in_every_language"],
    ),
    (
        "2.7",
        "purpose: the developer's areas are marked",
        &["tests/plugin.rs::the_sections_of_what_is_run_stay"],
    ),
    (
        "2.7",
        "creation: scaffolded, then implemented in the allowed areas",
        &["tests/plugin.rs::the_tests_of_a_new_plugin_run"],
    ),
    (
        "2.8",
        "creation: scaffolded, then extended by maintainers",
        &["tests/plugin.rs::the_tests_of_a_new_plugin_run"],
    ),
    ("2.9", "creation: seeded by templates", &["tests/plugin.rs::a_new_plugin_passes_in_every_language"]),
    (
        "3.3",
        "purpose: a test skeleton for each operation that refers to schemas and examples",
        &["tests/plugin.rs::the_tests_of_a_new_plugin_run"],
    ),
    (
        "4",
        "one copy, at the root of the repository",
        &["tests/registry.rs::an_edited_registry_is_reported_with_the_expected_content"],
    ),
    ("4.1", "on merge and on release", &["tests/post_merge.rs::a_whole_history_gives_the_same_bytes"]),
    (
        "4.2",
        "enforced locally and in CI",
        &[
            "tests/hooks/commits.rs::a_good_commit_is_silent_and_an_edited_card_is_refused",
            "tests/action/gate.rs::every_event_of_a_pull_request_is_checked",
        ],
    ),
    ("4.2", "`ensure_immutability.py`", &["tests/evasions.rs::edit", "tests/evasions.rs::delete"]),
    (
        "4.2",
        "`validate_structure.py`: conventions of files and directories",
        &["tests/identity.rs::the_names_of_a_full_tree_are_checked"],
    ),
    (
        "4.2",
        "`validate_structure.py`: schema conformance",
        &["tests/custom.rs::policies_of_conftest_users_run_unchanged"],
    ),
    (
        "4.2",
        "`build_registry.py`",
        &["tests/registry.rs::an_edited_registry_is_reported_with_the_expected_content"],
    ),
    (
        "4.3",
        "a workflow that checks pull requests",
        &["tests/action/gate.rs::every_event_of_a_pull_request_is_checked"],
    ),
    (
        "4.3",
        "a workflow that runs after a merge",
        &["tests/action/writer.rs::merges_are_recorded_and_published"],
    ),
    ("4.3", "it rebuilds the registry", &["tests/post_merge.rs::a_whole_history_gives_the_same_bytes"]),
    (
        "4.3",
        "it pushes immutable tags",
        &["tests/post_merge.rs::a_conflicting_tag_is_an_incident_and_is_never_moved"],
    ),
    (
        "4.3",
        "together they ensure consistency, immutability and auditability",
        &["tests/action/gate.rs::the_audit_checks_the_full_history"],
    ),
    ("6", "`conformance/examples/`", &["crates/rules/tests/cases.rs::every_case_finds_what_it_expects"]),
    ("6", "`scripts/ids/`", &["tests/evasions.rs::edit"]),
    (
        "6",
        "`.github/workflows/`",
        &["tests/tour.rs::a_foreign_repository_adopts_the_tool_without_a_manual_step"],
    ),
    (
        "7",
        "reflected in file names where appropriate",
        &["tests/plugin.rs::a_new_plugin_passes_in_every_language"],
    ),
    (
        "8",
        "registry and tags reflect the merged state",
        &["tests/post_merge.rs::omissions_are_reported_until_they_are_fixed"],
    ),
];
