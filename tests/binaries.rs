//! A binary contains only what it can run: the small ones link no page and no check of a family that is not theirs.
//!
//! The multicall executable is exempt: it contains every tool.

use codes::{Family, RuleId};

/// The binaries that run only some families, or none. `id-guard` and `id-plugin status` run all of them.
const SMALL: [(&str, &[Family]); 7] = [
    ("id-mint", &[]),
    ("id-registry", &[]),
    ("id-release", &[]),
    ("id-tag", &[Family::LEDGER]),
    ("id-ledger", &[Family::LEDGER]),
    ("id-immutability", &[Family::IMMUTABILITY, Family::LEDGER, Family::GIT_OBJECTS]),
    (
        "id-structure",
        &[
            Family::CARDS,
            Family::UNIQUENESS,
            Family::ONE_ARTIFACT,
            Family::STRUCTURE,
            Family::SCHEMAS,
            Family::DERIVED,
            Family::COMPATIBILITY,
            Family::DOCUMENTS,
            Family::CAPABILITIES,
            Family::CUSTOM,
            Family::POLICY,
        ],
    ),
];

/// Rules of other families that a binary runs: about tags, about the content of published versions, and about what must be recorded.
const EXTRA: [(&str, &[RuleId]); 2] = [
    (
        "id-tag",
        &[
            codes::TAG_MOVED,
            codes::TAG_MISSING,
            codes::TAG_ALTERED,
            codes::TAG_UNRECORDED,
            codes::REGISTRY_STALE,
            codes::REGISTRY_HAND_EDITED,
            codes::REGISTRY_PATH_MISSING,
            codes::REGISTRY_MISSING,
        ],
    ),
    ("id-structure", &[codes::PUBLISHED_VERSION_CHANGED, codes::VERSION_UNRECORDED, codes::TAG_MISSING]),
];

/// Returns whether bytes contain a string.
fn contains(bytes: &[u8], text: &str) -> bool {
    memchr::memmem::find(bytes, text.as_bytes()).is_some()
}

#[test]
fn a_small_binary_contains_no_page_of_a_family_that_it_never_runs() {
    let mut surplus = Vec::new();
    for (name, families) in SMALL {
        let bytes = std::fs::read(assert_cmd::cargo::cargo_bin(name)).unwrap();
        let extra = EXTRA.iter().find(|(binary, _)| *binary == name).map_or(&[][..], |(_, rules)| rules);
        for rule in codes::ALL {
            let runs = families.contains(&rule.family) || extra.contains(rule);
            // The page and the check are in one value: without the page, nothing refers to the check.
            if !runs && contains(&bytes, &format!("# {} {}\n", rule.code, rule.name)) {
                surplus.push(format!("{name}: {}", rule.code));
            }
        }
    }
    assert_eq!(surplus, Vec::<String>::new());
}

#[test]
fn the_gate_contains_every_page() {
    // The search above would find nothing if pages were stored in another form.
    let bytes = std::fs::read(assert_cmd::cargo::cargo_bin("id-guard")).unwrap();
    let missing: Vec<&str> = codes::ALL
        .iter()
        .filter(|rule| !contains(&bytes, &format!("# {} {}\n", rule.code, rule.name)))
        .map(|rule| rule.code)
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}
