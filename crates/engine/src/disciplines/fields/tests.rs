//! What each field discipline allows and forbids.

use artifact::{Format, Value, tolerant};
use policy::{FieldDiscipline, FieldRule, Increasing, Origin, Scheme};

use super::check_field;
use crate::disciplines::breach::Breach;

fn read(text: &str) -> Value {
    tolerant::read(Format::Yaml, text.as_bytes(), &tolerant::LIMITS).unwrap()
}

fn rule(pointer: &str, discipline: FieldDiscipline) -> FieldRule {
    FieldRule { pointer: pointer.into(), discipline, origin: Origin::default() }
}

fn increasing(scheme: Scheme, unless: Option<&str>) -> FieldDiscipline {
    FieldDiscipline::Increasing(Increasing { scheme, unless: unless.map(String::from) })
}

fn broken(discipline: &FieldDiscipline, before: &str, after: &str) -> Option<Breach> {
    let rules = [rule("/x", discipline.clone()), rule("/other", increasing(Scheme::Semver, None))];
    check_field(&rules[0], &rules, &read(before), &read(after))
}

/// Asserts that a change is allowed.
fn allows(discipline: &FieldDiscipline, before: &str, after: &str) {
    assert_eq!(broken(discipline, before, after), None, "{discipline:?} {before} {after}");
}

/// Asserts that a change is a breach of the expected variant.
fn forbids(discipline: &FieldDiscipline, before: &str, after: &str, is_expected: fn(&Breach) -> bool) {
    let found = broken(discipline, before, after);
    assert!(found.as_ref().is_some_and(is_expected), "{discipline:?} {before} {after}: {found:?}");
}

#[test]
fn frozen_values_stay() {
    let frozen = FieldDiscipline::Frozen;
    let is_changed = |breach: &Breach| matches!(breach, Breach::FieldChanged { .. });
    allows(&frozen, "{x: 1}", "{x: 1, y: 2}");
    allows(&frozen, "{x: {a: 1, b: 2}}", "{x: {b: 2, a: 1}}");
    allows(&frozen, "{x: 1.0}", "{x: 1.00}");
    allows(&frozen, "{x: 2015-10-27}", "{x: 2015-10-27}");
    forbids(&frozen, "{x: 1}", "{x: 2}", is_changed);
    forbids(&frozen, "{}", "{x: 2}", is_changed);
    forbids(&frozen, "{x: 2015-10-27}", "{x: \"2015-10-27\"}", is_changed);
    forbids(&frozen, "{x: 9007199254740993}", "{x: 9007199254740992}", is_changed);
}

#[test]
fn once_is_once() {
    let is_set_again = |breach: &Breach| matches!(breach, Breach::FieldSetAgain { .. });
    allows(&FieldDiscipline::Once, "{}", "{x: 2}");
    allows(&FieldDiscipline::Once, "{x: null}", "{x: 2}");
    allows(&FieldDiscipline::Once, "{x: }", "{x: 2}");
    forbids(&FieldDiscipline::Once, "{x: 1}", "{}", is_set_again);
    forbids(&FieldDiscipline::Once, "{x: 1}", "{x: 2}", is_set_again);
}

#[test]
fn once_while_allows_an_addition_and_a_change_with_the_other_field() {
    let tied = FieldDiscipline::OnceWhile("/v".into());
    let is_alone = |breach: &Breach| matches!(breach, Breach::FieldChangedAlone { .. });
    allows(&tied, "{v: 1}", "{v: 1, x: a}");
    allows(&tied, "{v: 1, x: ~}", "{v: 1, x: a}");
    allows(&tied, "{v: 1, x: a}", "{v: 2, x: b}");
    allows(&tied, "{v: 1, x: a}", "{v: 2}");
    forbids(&tied, "{v: 1, x: a}", "{v: 1, x: b}", is_alone);
    forbids(&tied, "{v: 1, x: a}", "{v: 1}", is_alone);
}

#[test]
fn frozen_while_allows_a_change_with_the_other_field() {
    let tied = FieldDiscipline::FrozenWhile("/v".into());
    let is_alone = |breach: &Breach| matches!(breach, Breach::FieldChangedAlone { .. });
    allows(&tied, "{x: 1, v: 1}", "{x: 2, v: 2}");
    forbids(&tied, "{x: 1, v: 1}", "{x: 2, v: 1}", is_alone);
    forbids(&tied, "{v: 1}", "{x: 2, v: 1}", is_alone);
}

#[test]
fn grow_only_loses_nothing() {
    let grow = FieldDiscipline::GrowOnly;
    let has_shrunk = |breach: &Breach| matches!(breach, Breach::FieldShrank { .. });
    allows(&grow, "{x: [1, 2]}", "{x: [3, 2, 1]}");
    forbids(&grow, "{x: [1, 2]}", "{x: [1]}", has_shrunk);
    forbids(&grow, "{x: {a: 1}}", "{x: {a: 2}}", has_shrunk);
    forbids(&grow, "{x: [1]}", "{}", has_shrunk);
}

#[test]
fn append_only_grows_at_its_end() {
    let append = FieldDiscipline::AppendOnly;
    let is_not_appended = |breach: &Breach| matches!(breach, Breach::FieldNotAppended { .. });
    allows(&append, "{x: [1]}", "{x: [1, 2]}");
    forbids(&append, "{x: [1]}", "{x: [2, 1]}", is_not_appended);
    let rules = [rule("", append)];
    let check = |after: &str| check_field(&rules[0], &rules, &read("[{id: a}]"), &read(after));
    assert_eq!(check("[{id: a}, {id: b}]"), None, "the whole document is a list");
    assert!(check("[{id: z}, {id: b}]").is_some());
}

#[test]
fn states_move_forward() {
    let states = FieldDiscipline::Forward(["active", "deprecated", "on", "1.10"].map(String::from).into());
    let goes_back = |breach: &Breach| matches!(breach, Breach::FieldWentBack { .. });
    allows(&states, "{x: active}", "{x: on}");
    allows(&states, "{x: on}", "{x: 1.10}");
    forbids(&states, "{x: on}", "{x: active}", goes_back);
    forbids(&states, "{x: active}", "{x: zombie}", goes_back);
    forbids(&states, "{x: active}", "{}", goes_back);
}

/// What happened to a version.
fn fell(scheme: Scheme, before: &str, after: &str) -> Option<String> {
    match broken(&increasing(scheme, None), before, after)? {
        Breach::FieldFell { message, note, .. } => Some(match note {
            Some(note) => format!("{message} ({note})"),
            None => message,
        }),
        Breach::NotVersions { was, now, scheme, fitting, .. } => {
            Some(format!("not checked: {was}, {now}, {scheme}, fits {fitting}"))
        }
        // A note is not a breach.
        Breach::FieldNoted { .. } => None,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_not_compared_or_changes_its_type_is_noted() {
    let noted = |before: &str, after: &str| match broken(&increasing(Scheme::Semver, None), before, after) {
        Some(Breach::FieldNoted { pointer, note }) => Some(format!("{pointer} {note}")),
        _ => None,
    };
    for (before, after, expected) in [
        ("{x: master}", "{x: 1.0.0}", "/x master is not a semver version: 1.0.0 is not compared with it"),
        ("{x: [1]}", "{x: 0.1.0}", "/x [1] is not a semver version: 0.1.0 is not compared with it"),
        ("{x: \"1\"}", "{x: 2}", "/x a string became an integer: they are compared by what is written"),
        ("{x: 1}", "{x: \"1\"}", "/x an integer became a string: they are compared by what is written"),
    ] {
        assert_eq!(noted(before, after).as_deref(), Some(expected), "{before} {after}");
    }
    for (before, after) in [
        ("{x: 1.0.0}", "{x: 1.1.0}"),
        ("{}", "{x: 1.0.0}"),
        ("{x: ~}", "{x: 1.0.0}"),
        ("{x: \"2\"}", "{x: 1}"),
    ] {
        assert_eq!(noted(before, after), None, "{before} {after}");
    }
}

#[test]
fn versions_rise_or_stay() {
    let semver = |before: &str, after: &str| fell(Scheme::Semver, before, after);
    for (before, after) in [
        ("{x: 9}", "{x: 10}"),
        ("{x: 1.9.0}", "{x: 1.10.0}"),
        ("{x: 0.24.0}", "{x: v0.24.0}"),
        ("{x: 1.0.0+0}", "{x: 1.0.0+1}"),
        ("{x: \"1\"}", "{x: 2}"),
        ("{x: 1}", "{x: 1.0.0}"),
        ("{x: 340282366920938463463374607431768211456}", "{x: 340282366920938463463374607431768211457}"),
        ("{}", "{x: 1.0.0}"),
        ("{x: ~}", "{x: 1.0.0}"),
        ("{x: master}", "{x: 1.0.0}"),
        ("{x: ''}", "{x: 0.1.0}"),
        ("{x: [1]}", "{x: 0.1.0}"),
        ("{x: master}", "{}"),
    ] {
        assert_eq!(semver(before, after), None, "{before} {after}");
    }
    for (before, after, expected) in [
        ("{x: 1.1.0}", "{x: 1.0.9}", "version decreased from 1.1.0 to 1.0.9 (semver)"),
        ("{x: 1.0.0}", "{x: 1.0.0-rc.1}", "version decreased from 1.0.0 to 1.0.0-rc.1 (semver)"),
        (
            "{x: \"2\"}",
            "{x: 1}",
            "version decreased from 2 to 1 (semver) (a string became an integer: they are compared by what is written)",
        ),
        ("{x: 1.0.0}", "{x: soon}", "soon is not a semver version"),
        ("{x: 1.0.0}", "{x: ''}", " is not a semver version"),
        ("{x: 1.0.0}", "{x: [1.0.1]}", "expected a version, found an array"),
        ("{x: 1.0.0}", "{x: {a: 1}}", "expected a version, found a mapping"),
        ("{x: 1.0.0}", "{x: true}", "expected a version, found a boolean"),
        ("{x: 1.0.0}", "{}", "version was removed"),
        ("{x: 1.0.0}", "{x: }", "version was removed"),
        ("{x: master}", "{x: main}", "not checked: \"master\", \"main\", semver, fits "),
        ("{x: 19.00}", "{x: 19.01}", "not checked: 19.00, 19.01, semver, fits dotted, pep440, debian"),
    ] {
        assert_eq!(semver(before, after).as_deref(), Some(expected), "{before} {after}");
    }
    assert_eq!(fell(Scheme::Integer, "{x: 9007199254740993}", "{x: 9007199254740994}"), None);
    assert!(fell(Scheme::Integer, "{x: 9007199254740994}", "{x: 9007199254740993}").is_some());
    assert_eq!(fell(Scheme::Dotted, "{x: 1.9}", "{x: 1.10}"), None);
    assert!(fell(Scheme::Dotted, "{x: 1.10}", "{x: 1.9}").is_some());
    assert!(fell(Scheme::Date, "{x: 2024-01-02}", "{x: 2024-01-01}").is_some());
}

#[test]
fn a_version_may_fall_where_the_other_field_rose() {
    let tied = increasing(Scheme::Integer, Some("/other"));
    let falls = |breach: &Breach| matches!(breach, Breach::FieldFell { .. });
    allows(&tied, "{x: 3, other: 1.0.0}", "{x: 0, other: 1.1.0}");
    allows(&tied, "{x: 3, other: 1.0.0}", "{other: 1.1.0}");
    allows(&tied, "{x: 3, other: 1.0.0}", "{x: 4, other: 1.0.0}");
    forbids(&tied, "{x: 3, other: 1.0.0}", "{x: 0, other: 1.0.0}", falls);
    forbids(&tied, "{x: 3, other: 1.1.0}", "{x: 0, other: 1.0.0}", falls);
    forbids(&tied, "{x: 3, other: 1.0.0}", "{other: 1.0.0}", falls);
    forbids(&tied, "{x: 3, other: 1.0.0}", "{x: none, other: 1.1.0}", falls);
}

/// A document of random values under the keys `a` to `f`, as YAML.
fn random_document(next: &mut dyn FnMut(usize) -> usize) -> Vec<(char, String)> {
    const VALUES: [&str; 14] = [
        "1",
        "1.10",
        "on",
        "~",
        "2015-10-27",
        "word",
        "'1'",
        "[1, x]",
        "{k: 1}",
        "0x1F",
        "12e3",
        "22:22",
        "!t 1",
        "\"on\"",
    ];
    ('a'..='f').map(|key| (key, VALUES[next(VALUES.len())].to_string())).collect()
}

#[test]
fn random_edits_are_found_only_in_governed_values() {
    let mut state = 7usize;
    // A linear congruential generator: the same edits in every run.
    let mut next = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let rules = [rule("/a", FieldDiscipline::Frozen), rule("/b", FieldDiscipline::Frozen)];
    let write = |document: &[(char, String)]| {
        let entries: Vec<String> = document.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        format!("{}\n", entries.join("\n"))
    };
    let (mut free, mut governed) = (0, 0);
    for _ in 0..2000 {
        let before = random_document(&mut next);
        let mut after = before.clone();
        let edited = next(after.len());
        let value = random_document(&mut next)[0].1.clone();
        let is_changed = after[edited].1 != value;
        after[edited].1 = value;
        after.rotate_left(next(6));
        let found = super::check_fields(&rules, &read(&write(&before)), &read(&write(&after)));
        let is_governed = edited < 2 && is_changed;
        assert_eq!(found.len(), usize::from(is_governed), "{before:?} {after:?}");
        if is_governed { governed += 1 } else { free += 1 }
    }
    assert!(free > 500 && governed > 300, "{free} {governed}");
}
