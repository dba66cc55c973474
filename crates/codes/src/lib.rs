//! Rule codes, names, families and default levels. A rule takes them from here; who only reads a policy needs nothing else of the rules.

mod cascade;
mod family;
mod level;

pub use cascade::{CASCADES, Cascade, Extent, Rules};
pub use family::Family;
pub use level::Level;

/// What identifies a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId {
    /// The stable code, as in `IMM001`. A retired code is never used again.
    pub code: &'static str,
    /// The name, which states the violation, as in `card-changed`.
    pub name: &'static str,
    /// The family.
    pub family: Family,
    /// The level where policy sets none.
    pub level: Level,
}

/// Declares the rules of every family in the order of their codes.
macro_rules! rules {
    ($($family:ident { $($constant:ident = $code:literal $name:literal $level:ident,)+ })+) => {
        $($(
            #[doc = concat!("`", $code, "` ", $name)]
            pub const $constant: RuleId =
                RuleId { code: $code, name: $name, family: Family::$family, level: Level::$level };
        )+)+

        /// Every rule, by family and code.
        pub const ALL: &[RuleId] = &[$($($constant,)+)+];

        /// The families, in the order of the list.
        pub const FAMILIES: &[Family] = &[$(Family::$family,)+];
    };
}

rules! {
    IMMUTABILITY {
        CARD_CHANGED = "IMM001" "card-changed" Deny,
        CARD_DELETED = "IMM002" "card-deleted" Deny,
        CARD_MOVED = "IMM003" "card-moved" Deny,
        FROZEN_PATH_CHANGED = "IMM004" "frozen-path-changed" Deny,
        FROZEN_PATH_DELETED = "IMM005" "frozen-path-deleted" Deny,
        FROZEN_PATH_MOVED = "IMM006" "frozen-path-moved" Deny,
        MODE_CHANGED = "IMM007" "mode-changed" Deny,
        BECAME_LINK = "IMM008" "became-link" Deny,
        BECAME_SUBMODULE = "IMM009" "became-submodule" Deny,
        BECAME_DIRECTORY = "IMM010" "became-directory" Deny,
        NOT_A_REGULAR_FILE = "IMM011" "not-a-regular-file" Deny,
        ORIGINAL_VALUE_RESTORED = "IMM012" "original-value-restored" Warn,
        FINAL_DOCUMENT_EDITED = "IMM013" "final-document-edited" Deny,
        SEALED_UNIT_CHANGED = "IMM014" "sealed-unit-changed" Deny,
        SEALED_UNIT_EXTENDED = "IMM015" "sealed-unit-extended" Deny,
        LINES_NOT_APPENDED = "IMM016" "lines-not-appended" Deny,
        LAST_LINE_CHANGED = "IMM017" "last-line-changed" Deny,
        IDENTITY_REUSED = "IMM018" "identity-reused" Deny,
        GOVERNED_PATH_CASE_COLLISION = "IMM019" "governed-path-case-collision" Deny,
        SEALED_UNIT_CASE_COLLISION = "IMM020" "sealed-unit-case-collision" Deny,
        FROZEN_FIELD_CHANGED = "IMM021" "frozen-field-changed" Deny,
        FIELD_SET_AGAIN = "IMM022" "field-set-again" Deny,
        FIELD_NOT_GROWING = "IMM023" "field-not-growing" Deny,
        FIELD_NOT_APPENDED = "IMM024" "field-not-appended" Deny,
        FIELD_WENT_BACKWARDS = "IMM025" "field-went-backwards" Deny,
        STATUS_WENT_BACKWARDS = "IMM026" "status-went-backwards" Deny,
        FIELD_CHANGED_ALONE = "IMM027" "field-changed-alone" Deny,
        DOCUMENT_UNREADABLE = "IMM028" "document-unreadable" Deny,
        TAG_MOVED = "IMM029" "tag-moved" Deny,
        TAG_MISSING = "IMM030" "tag-missing" Deny,
        TAG_ALTERED = "IMM031" "tag-altered" Deny,
        TAG_UNRECORDED = "IMM032" "tag-unrecorded" Warn,
        PUBLISHED_VERSION_CHANGED = "IMM033" "published-version-changed" Deny,
        FIELD_NOT_CHECKED = "IMM034" "field-not-checked" Warn,
        COLLECTION_ELEMENT_CHANGED = "IMM035" "collection-element-changed" Deny,
        COLLECTION_ELEMENT_REMOVED = "IMM036" "collection-element-removed" Deny,
        COLLECTION_ORDER_CHANGED = "IMM037" "collection-order-changed" Deny,
        COLLECTION_KEY_INVALID = "IMM038" "collection-key-invalid" Deny,
        COLLECTION_ELEMENT_REUSED = "IMM039" "collection-element-reused" Deny,
    }
    GIT_OBJECTS {
        TREE_ENTRY_DUPLICATE = "GIT001" "tree-entry-duplicate" Deny,
        TREE_UNSORTED = "GIT002" "tree-unsorted" Deny,
        TREE_ENTRY_UNSAFE = "GIT003" "tree-entry-unsafe" Deny,
        TREE_MODE_UNKNOWN = "GIT004" "tree-mode-unknown" Deny,
        ATTRIBUTES_ALTER_RECORD = "GIT005" "attributes-alter-record" Warn,
    }
    LEDGER {
        LEDGER_REWRITTEN = "LED001" "ledger-rewritten" Deny,
        LEDGER_TOUCHED_BY_CHANGE = "LED002" "ledger-touched-by-change" Deny,
        LEDGER_LINE_INVALID = "LED003" "ledger-line-invalid" Deny,
        LEDGER_OUT_OF_ORDER = "LED004" "ledger-out-of-order" Deny,
        UNKNOWN_SUBJECT = "LED005" "unknown-subject" Deny,
        ILLEGAL_TRANSITION = "LED006" "illegal-transition" Deny,
        CHECKPOINT_MISMATCH = "LED007" "checkpoint-mismatch" Deny,
        CHECKPOINT_NOT_ANCESTOR = "LED008" "checkpoint-not-ancestor" Deny,
        NOT_DERIVABLE = "LED009" "not-derivable" Deny,
        REQUEST_INVALID = "LED010" "request-invalid" Deny,
        CHECKPOINT_UNTRUSTED = "LED011" "checkpoint-untrusted" Deny,
        VERSION_UNRECORDED = "LED012" "version-unrecorded" Deny,
    }
    CARDS {
        CARD_INVALID = "CRD001" "card-invalid" Deny,
        CARD_NAME_MISMATCH = "CRD002" "card-name-mismatch" Deny,
        ULID_INVALID = "CRD003" "ulid-invalid" Deny,
        KEY_INVALID = "CRD004" "key-invalid" Deny,
        CREATED_AT_IMPLAUSIBLE = "CRD005" "created-at-implausible" Warn,
        IDENTITY_ENTRY_IGNORED = "CRD006" "identity-entry-ignored" Warn,
    }
    UNIQUENESS {
        DUPLICATE_ULID = "UNI001" "duplicate-ulid" Deny,
        DUPLICATE_KEY = "UNI002" "duplicate-key" Deny,
        ALIAS_COLLISION = "UNI003" "alias-collision" Deny,
        PATH_CLAIMED_TWICE = "UNI004" "path-claimed-twice" Deny,
        CASE_COLLISION = "UNI005" "case-collision" Deny,
        CONFUSABLE_KEY = "UNI006" "confusable-key" Deny,
        SIMILAR_KEY = "UNI007" "similar-key" Warn,
        KEY_REUSED = "UNI008" "key-reused" Deny,
    }
    ONE_ARTIFACT {
        ARTIFACT_WITHOUT_CARD = "ONE001" "artifact-without-card" Deny,
        CARD_WITHOUT_ARTIFACT = "ONE002" "card-without-artifact" Warn,
        CARD_ARTIFACT_MISMATCH = "ONE003" "card-artifact-mismatch" Deny,
        CHANGE_TOUCHES_MANY_ARTIFACTS = "ONE004" "change-touches-many-artifacts" Deny,
        PUBLISHED_ARTIFACT_DELETED = "ONE005" "published-artifact-deleted" Deny,
    }
    STRUCTURE {
        BASELINE_ARTIFACT_MISSING = "STR001" "baseline-artifact-missing" Deny,
        OPERATION_SCHEMA_MISSING = "STR002" "operation-schema-missing" Deny,
        OPERATION_EXAMPLE_MISSING = "STR003" "operation-example-missing" Deny,
        OPERATION_TEST_MISSING = "STR004" "operation-test-missing" Deny,
        CONFORMANCE_MISSING = "STR005" "conformance-missing" Deny,
        UNEXPECTED_FILE = "STR006" "unexpected-file" Warn,
        UNSAFE_PATH = "STR007" "unsafe-path" Deny,
        PLUGIN_FILE_NOT_REGULAR = "STR008" "plugin-file-not-regular" Deny,
        TOO_LARGE = "STR009" "too-large" Deny,
        TOO_MANY = "STR010" "too-many" Deny,
        SPEC_OUTSIDE_LAYOUT = "STR011" "spec-outside-layout" Warn,
        CHECK_COMMAND_MISSING = "STR012" "check-command-missing" Deny,
    }
    SCHEMAS {
        DOCUMENT_INVALID = "SCH001" "document-invalid" Deny,
        SCHEMA_INVALID = "SCH002" "schema-invalid" Deny,
        EXAMPLE_INVALID = "SCH003" "example-invalid" Deny,
        CONFIG_DEFAULTS_INVALID = "SCH004" "config-defaults-invalid" Deny,
        CONTRACT_INCOMPLETE = "SCH005" "contract-incomplete" Deny,
        PACK_SCHEMA_VIOLATED = "SCH006" "pack-schema-violated" Deny,
    }
    DERIVED {
        REGISTRY_STALE = "GEN001" "registry-stale" Deny,
        REGISTRY_HAND_EDITED = "GEN002" "registry-hand-edited" Deny,
        REGISTRY_PATH_MISSING = "GEN003" "registry-path-missing" Deny,
        ARTIFACT_UNREGISTERED = "GEN004" "artifact-unregistered" Deny,
        MANIFEST_STALE = "GEN005" "manifest-stale" Deny,
        CONTRACT_STALE = "GEN006" "contract-stale" Deny,
        SNAPSHOT_STALE = "GEN007" "snapshot-stale" Deny,
        README_STALE = "GEN008" "readme-stale" Deny,
        HEALTHCHECK_STALE = "GEN009" "healthcheck-stale" Deny,
        AUTO_SECTION_EDITED = "GEN010" "auto-section-edited" Deny,
        AUTO_SECTION_STALE = "GEN011" "auto-section-stale" Deny,
        REGISTRY_MISSING = "GEN012" "registry-missing" Deny,
    }
    COMPATIBILITY {
        SCHEMA_BREAKING = "CMP001" "schema-breaking" Deny,
        OPERATION_REMOVED = "CMP002" "operation-removed" Deny,
        CONTRACT_BREAKING = "CMP003" "contract-breaking" Deny,
        VERSION_WENT_BACKWARDS = "CMP004" "version-went-backwards" Deny,
        RANGE_UNRESOLVABLE = "CMP005" "range-unresolvable" Deny,
        DEPENDENCY_MISSING = "CMP006" "dependency-missing" Deny,
        DEPENDENCY_RETIRED = "CMP007" "dependency-retired" Deny,
        PLUGIN_REVIVED = "CMP008" "plugin-revived" Deny,
        EVENTS_BREAKING = "CMP009" "events-breaking" Deny,
        CONFIG_BREAKING = "CMP010" "config-breaking" Deny,
        CORE_BREAKING = "CMP011" "core-breaking" Deny,
        ACTIONS_BREAKING = "CMP012" "actions-breaking" Deny,
        DEPENDENCY_CYCLE = "CMP013" "dependency-cycle" Deny,
        INGRESS_BREAKING = "CMP014" "ingress-breaking" Deny,
    }
    DOCUMENTS {
        LINK_BROKEN = "DOC001" "link-broken" Deny,
        EXAMPLE_COMMAND_MISSING = "DOC002" "example-command-missing" Deny,
        PROBE_INVALID = "DOC003" "probe-invalid" Deny,
        THRESHOLD_DIFFERS = "DOC004" "threshold-differs" Deny,
        SCENARIO_INVALID = "DOC005" "scenario-invalid" Deny,
        BUDGET_INVALID = "DOC006" "budget-invalid" Deny,
        BUDGET_OVER_POLICY = "DOC007" "budget-over-policy" Deny,
        BUDGET_EXCEEDED = "DOC008" "budget-exceeded" Deny,
        SCENARIO_FAILED = "DOC009" "scenario-failed" Deny,
        RESULTS_INVALID = "DOC010" "results-invalid" Deny,
        SCENARIO_MISSING = "DOC011" "scenario-missing" Deny,
        BUDGET_MISSING = "DOC012" "budget-missing" Deny,
        COVERAGE_TOO_LOW = "DOC013" "coverage-too-low" Deny,
        RESULTS_MISSING = "DOC014" "results-missing" Deny,
    }
    CAPABILITIES {
        HOST_TOO_BROAD = "CAP001" "host-too-broad" Deny,
        PATH_ESCAPES_PLUGIN = "CAP002" "path-escapes-plugin" Deny,
        CAPABILITY_FORBIDDEN = "CAP003" "capability-forbidden" Deny,
        LIMIT_TOO_HIGH = "CAP004" "limit-too-high" Deny,
        REVIEW_REQUIRED = "CAP005" "review-required" Warn,
        DEFAULT_DENY_MISSING = "CAP006" "default-deny-missing" Deny,
        ENTRY_POINT_MISSING = "CAP007" "entry-point-missing" Deny,
    }
    POLICY {
        POLICY_CHANGED = "POL001" "policy-changed" Deny,
        WORKFLOW_CHANGED = "POL002" "workflow-changed" Deny,
        POLICY_INVALID = "POL003" "policy-invalid" Deny,
        WAIVER_EXPIRED = "POL004" "waiver-expired" Warn,
        WAIVER_UNUSED = "POL005" "waiver-unused" Warn,
        PACK_VERSION_REUSED = "POL006" "pack-version-reused" Deny,
        PATTERN_MATCHES_NOTHING = "POL007" "pattern-matches-nothing" Warn,
        POINTER_MATCHES_NOTHING = "POL008" "pointer-matches-nothing" Warn,
        FORMAT_UNKNOWN = "POL009" "format-unknown" Deny,
        KNOWN_FINDING_GONE = "POL010" "known-finding-gone" Warn,
        POLICY_ENTRY_IGNORED = "POL012" "policy-entry-ignored" Warn,
    }
    CUSTOM {
        CUSTOM_DENIED = "CUS001" "custom-denied" Deny,
        CUSTOM_WARNED = "CUS002" "custom-warned" Warn,
    }
}

/// Codes that were used once and are never used again.
pub const RETIRED: &[&str] = &[];

/// Finds a rule by its code or name, ignoring case.
#[must_use]
pub fn find(name: &str) -> Option<RuleId> {
    ALL.iter()
        .copied()
        .find(|rule| rule.code.eq_ignore_ascii_case(name) || rule.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_and_names_are_unique_and_in_order() {
        let codes: BTreeSet<_> = ALL.iter().map(|rule| rule.code).collect();
        let names: BTreeSet<_> = ALL.iter().map(|rule| rule.name).collect();
        assert_eq!((codes.len(), names.len()), (ALL.len(), ALL.len()));
        assert!(RETIRED.iter().all(|code| !codes.contains(code)), "a retired code is not used again");
        for family in FAMILIES {
            let of_family = ALL.iter().filter(|rule| rule.family == *family).map(|rule| rule.code);
            assert!(of_family.clone().is_sorted(), "{family:?}");
            assert!(of_family.clone().all(|code| code.starts_with(family.code)), "{family:?}");
        }
        assert_eq!(find("imm001"), Some(CARD_CHANGED));
        assert_eq!(find("Card-Changed"), Some(CARD_CHANGED));
        assert_eq!(find("IMM999"), None);
    }
}
