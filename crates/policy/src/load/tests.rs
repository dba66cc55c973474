//! What policy files may contain, and what is wrong with others.

use super::*;
use crate::{Date, FieldDiscipline};
use diagnostic::Level;
use snapshot::Memory;

fn load(policy: &str) -> Result<Policy, Vec<String>> {
    let memory = Memory::new().with(POLICY_PATH, policy);
    Policy::load(&memory)
        .map_err(|error| error.into_check_errors().into_iter().map(|error| error.message).collect())
}

#[test]
fn repository_without_policy_uses_the_embedded_baseline() {
    let policy = Policy::load(&Memory::new()).unwrap();
    assert!(!policy.has_file);
    assert_eq!(policy.packs[0].name, embedded::NAME);
    assert_eq!(policy.packs[0].version, embedded::VERSION);
    assert!(policy.packs[0].embedded);
    assert!(
        policy.concerns(&RepoPath::from("ids/cards/A.yaml"))
            && policy.concerns(&RepoPath::from(".ledger/ids.jsonl"))
    );
    assert!(!policy.concerns(&RepoPath::from("README.md")));
}

#[test]
fn every_discipline_is_read() {
    let policy = load(
        "schema_version: 1\npacks: []\nlevels: {card-changed: warn}\npaths:\n  - {match: a/*, discipline: frozen}\n  - match: p/*.md\n    discipline: frozen\n    when: {field: /status, equals: Final}\n  - {unit: m/*/*, discipline: sealed}\n  - {identity: e/*, discipline: burned}\n  - {match: .ledger/ids.jsonl, discipline: append-only, subject: ledger}\n  - match: plugins/*.yaml\n    fields:\n      /name: frozen\n      /version: increasing\n      /tags: grow-only\n      /log: append-only\n      /retired_at: once\n      /status: forward [active, deprecated, retired]\n      /platforms: frozen-while /version\n      /stage: {forward: [a, b]}\n",
    )
    .unwrap();
    let kinds: Vec<_> = policy.disciplines.iter().map(|discipline| discipline.kind.name()).collect();
    assert_eq!(kinds, ["frozen", "frozen", "sealed", "burned", "append-only", "fields"]);
    let Kind::Fields(fields) = &policy.disciplines[5].kind else { panic!("fields") };
    let fields = &fields.fields;
    assert_eq!(fields.len(), 8);
    assert_eq!(
        fields[5].discipline,
        FieldDiscipline::Forward(vec!["active".into(), "deprecated".into(), "retired".into()])
    );
    assert_eq!(policy.levels["card-changed"], Level::Warn);
    let by_code = load("schema_version: 1\nlevels: {STR004: warn}\n").unwrap();
    assert_eq!(by_code.levels["operation-test-missing"], Level::Warn);
    assert_eq!(policy.disciplines[0].origin.line, 5);
    assert_eq!((fields[1].origin.line, fields[1].origin.text.as_str()), (15, "/version: increasing"));
}

#[test]
fn collections_and_formats_are_read() {
    let policy = load(
        "schema_version: 1\npacks: []\npaths:\n  - match: versions/*.json\n    format: jsonc\n    optional: true\n    removal: forbidden\n    fields: {\"\": grow-only, /v: increasing dotted unless /w rose, /w: increasing date}\n    collection:\n      - {at: /versions, key: [{any-of: [/version, /date]}, /port], order: newest-first}\n      - {at: \"\", elements: {fields: {/v: increasing}}, removal: burned, additions: forbidden, while: /v}\n  - {match: a/*, discipline: frozen, when: {field: /s, in: [Final, Withdrawn]}}\n",
    )
    .unwrap();
    let entry = &policy.disciplines[0];
    assert_eq!((entry.format, entry.is_optional), (Some(artifact::Format::Jsonc), true));
    let Kind::Fields(rules) = &entry.kind else { panic!("fields") };
    assert!(!rules.may_be_removed);
    assert_eq!(
        rules.fields[1].discipline,
        FieldDiscipline::Increasing(crate::Increasing {
            scheme: crate::Scheme::Dotted,
            unless: Some("/w".into())
        })
    );
    let [versions, whole] = rules.collections.as_slice() else { panic!("two collections") };
    assert_eq!((versions.key.len(), versions.order), (2, crate::Order::NewestFirst));
    assert_eq!((versions.removal, versions.may_be_extended), (crate::Removal::Forbidden, true));
    assert_eq!((whole.removal, whole.may_be_extended), (crate::Removal::Burned, false));
    assert_eq!(whole.while_unchanged.as_deref(), Some("/v"));
    let Kind::Frozen { when: Some(when) } = &policy.disciplines[1].kind else { panic!("condition") };
    assert_eq!(when.values, ["Final", "Withdrawn"]);
}

#[test]
fn invalid_disciplines_of_documents_are_rejected() {
    const WILDCARD: &str =
        "pointers have no wildcards; use `collection:` to protect each element of a list or map";
    for (entry, message) in [
        ("{match: a, fields: {/x/*/y: frozen}}", WILDCARD),
        ("{match: a, fields: {/x: frozen-while /*}}", WILDCARD),
        ("{match: a, discipline: frozen, when: {field: /*, equals: a}}", WILDCARD),
        ("{match: a, collection: {at: /x/*, key: [/y]}}", WILDCARD),
        ("{match: a, collection: {at: /x, key: [/y], except: [/*]}}", WILDCARD),
        ("{match: a, fields: {x: frozen}}", "expected a JSON pointer, as in `/spec/version`"),
        ("{match: a, fields: {/a~b: frozen}}", "a JSON pointer writes `~` as `~0` and `/` in a name as `~1`"),
        (
            "{match: a, fields: {/x: increasing calver}}",
            "unknown version scheme `calver`: expected one of semver, dotted, integer, date, pep440, debian",
        ),
        (
            "{match: a, fields: {/x: increasing unless /y rose}}",
            "`/y` has no discipline `increasing` in this entry, so it cannot rise",
        ),
        (
            "{match: a, fields: {/x: increasing unless /x rose}}",
            "`/x` has no discipline `increasing` in this entry, so it cannot rise",
        ),
        (
            "{match: a, fields: {/x: increasing unless /y}}",
            "unknown field discipline \"increasing unless /y\"",
        ),
        ("{match: a, format: json5, fields: {/x: frozen}}", "unknown format `json5`"),
        (
            "{match: a, format: json, discipline: frozen}",
            "only entries with `fields`, `collection` or `when` read documents, so only they have a `format`",
        ),
        ("{match: a, fields: {/x: frozen}, removal: never}", "expected `allowed` or `forbidden`"),
        ("{match: a, fields: {/x: frozen}, optional: maybe}", "expected `true` or `false`"),
        ("{match: a, collection: {key: [/x]}}", "missing field `at`"),
        (
            "{match: a, collection: {at: /x, order: oldest}}",
            "expected one of `any`, `append`, `newest-first`",
        ),
        (
            "{match: a, collection: {at: /x, elements: free, except: [/y]}}",
            "`except` belongs to `elements: frozen` and `elements: grow-only`",
        ),
        (
            "{match: a, discipline: frozen, when: {field: /x}}",
            "expected either `equals`, a value, or `in`, a list of values",
        ),
    ] {
        let text = format!("schema_version: 1\npacks: []\npaths: [{entry}]\n");
        assert_eq!(load(&text).unwrap_err().first().map(String::as_str), Some(message), "{entry}");
    }
}

#[test]
fn invalid_policies_are_rejected() {
    for (text, message) in [
        ("schema_version: 2\n", "expected schema_version 1"),
        ("schema_version: 1\npath: []\n", "unknown field `path`"),
        (
            "schema_version: 1\nlevels: {card-chanched: deny}\n",
            "unknown rule `card-chanched`; did you mean `card-changed`?",
        ),
        (
            "schema_version: 1\nlevels: {IMM001: warn, card-changed: deny}\n",
            "IMM001 (card-changed) has two levels",
        ),
        ("schema_version: 1\nlevels: {card-changed: loud}\n", "expected `allow`, `warn` or `deny`"),
        (
            "schema_version: 1\npaths: [{unit: a, discipline: frozen}]\n",
            "`unit` requires `discipline: sealed`",
        ),
        (
            "schema_version: 1\npaths: [{match: /a, discipline: frozen}]\n",
            "`` is not a valid segment: a pattern is relative to the root and has no empty, `.` or `..` segment",
        ),
        (
            "schema_version: 1\npaths: [{match: a, fields: {/x: frosen}}]\n",
            "unknown field discipline \"frosen\"",
        ),
        ("schema_version: 1\npacks: [{name: nosuch, version: 1.0.0}]\n", "unknown policy pack `nosuch`"),
        (
            "schema_version: 1\npacks: [{name: baseline, version: 9.9.9}]\n",
            "pack `baseline` has version 0.5.0, but the policy pins 9.9.9",
        ),
    ] {
        assert_eq!(load(text).unwrap_err().first().map(String::as_str), Some(message), "{text}");
    }
    assert!(load("schema_version: 1\nschema_version: 1\n").is_err());
    let fields = |count: u32| {
        let fields: Vec<String> = (0..count).map(|at| format!("/f{at}: frozen")).collect();
        load(&format!(
            "schema_version: 1\npacks: []\npaths: [{{match: a.yaml, fields: {{{}}}}}]\n",
            fields.join(", ")
        ))
    };
    assert!(fields(200).is_ok());
    assert_eq!(fields(201).unwrap_err(), ["201 fields in one entry: more than 200"]);
}

#[test]
fn waiver_requires_an_end() {
    let load = |text: &str| Policy::load(&Memory::new().with(WAIVERS_PATH, text));
    let whole = "schema_version: 1\nwaivers:\n  - code: IMM001\n    path: ids/cards/*.yaml\n    reason: typo\n    owner: ada@example.org\n    until: \"2027-01-01\"\n";
    let policy = load(whole).unwrap();
    assert!(policy.waivers[0].covers("IMM001", b"ids/cards/A.yaml", None));
    assert!(!policy.waivers[0].is_expired(Date::parse("2027-01-01").unwrap()));
    assert!(policy.waivers[0].is_expired(Date::parse("2027-01-02").unwrap()));
    assert!(load(&whole.replace("    until: \"2027-01-01\"\n", "")).is_err());
    assert!(load(&whole.replace("2027-01-01", "soon")).is_err());
    assert!(load(&whole.replace("IMM001", "IMM999")).is_err());
    let by_name = load(&whole.replace("IMM001", "card-changed")).unwrap();
    assert_eq!(by_name.waivers[0].code, "IMM001");
}

#[test]
fn required_checks_are_those_that_a_spec_can_declare() {
    assert!(load("schema_version: 1\nquality: {checks: [test, contract, lint, types, coverage]}\n").is_ok());
    let refused = load("schema_version: 1\nquality: {checks: [tests]}\n").unwrap_err().join("; ");
    assert!(refused.contains("unknown check `tests`; did you mean `test`?"), "{refused}");
}

#[test]
fn a_pinned_pack_is_the_whole_pack_and_nothing_else() {
    const PACK: &str = "schema_version: 1\nname: local\nversion: 1.0.0\n";
    let with = |files: &[(&str, &str)]| {
        let memory = Memory::new().with("policy-packs/local/pack.yaml", PACK);
        files
            .iter()
            .fold(memory, |memory, (path, text)| memory.with(&format!("policy-packs/local/{path}"), *text))
    };
    let digest = |memory: &Memory| {
        let pack = memory.find(&RepoPath::from("policy-packs/local")).unwrap().unwrap();
        artifact::content::digest(memory, &pack).unwrap().hex()
    };
    let load = |memory: Memory, pin: &str| {
        let policy = format!("schema_version: 1\npacks: [{{name: local, version: 1.0.0, sha256: {pin}}}]\n");
        Policy::load(&memory.with(POLICY_PATH, policy.as_str())).map(|_| ()).map_err(|error| {
            error.into_check_errors().into_iter().map(|error| error.message).collect::<Vec<_>>().join("; ")
        })
    };
    let files = [("docs/a.md", "a"), ("docs/b.md", "b"), ("rules/c.rego", "package main\n")];
    let pin = digest(&with(&files));
    assert_eq!(load(with(&files), &pin), Ok(()));
    let line_of_b = format!("docs/a.md\n{}  docs/b.md", digest::Digest::of(b"b").hex());
    let joined = format!("{}  docs/a.md\n", digest::Digest::of(b"a").hex());
    let changed: [&[(&str, &str)]; 8] = [
        &files[..2],
        &files[1..],
        &[files[0], ("docs/B.md", "b"), files[2]],
        &[files[0], ("docs/b.md\n", "b"), files[2]],
        &[files[0], ("docs/b\\n.md", "b"), files[2]],
        // One name that looks like the lines of two files.
        &[(&line_of_b, "a"), files[2]],
        &[(&format!("{joined}docs/b.md"), "b"), files[2]],
        &[files[0], files[1], files[2], ("docs/c.md", "c")],
    ];
    for files in changed {
        let refused = load(with(files), &pin).unwrap_err();
        assert!(refused.contains("but the policy pins"), "{files:?}: {refused}");
    }
}
