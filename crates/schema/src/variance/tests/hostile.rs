//! Hostile schemas, which are compared in bounded time and without a panic.

use std::fmt::Write as _;

use super::read;
use crate::{Break, Variance, breaks};

const EVERY: [Variance; 3] = [Variance::Widen, Variance::Narrow, Variance::Grow];

fn compare(old: &str, new: &str) -> Vec<Vec<Break>> {
    EVERY.iter().map(|variance| breaks(&read(old), &read(new), *variance)).collect()
}

/// `{"properties": {"p0": …, "p1": …}}` with as many properties.
fn wide(count: usize, part: impl Fn(usize) -> String) -> String {
    let parts: Vec<String> = (0..count).map(|n| format!("\"p{n}\": {}", part(n))).collect();
    format!("{{\"properties\": {{{}}}}}", parts.join(", "))
}

fn list(keyword: &str, count: usize, part: impl Fn(usize) -> String) -> String {
    let parts: Vec<String> = (0..count).map(part).collect();
    format!("{{\"{keyword}\": [{}]}}", parts.join(", "))
}

#[test]
fn endless_references_terminate() {
    let cases = [
        (r##"{"$ref": "#"}"##, r##"{"$ref": "#", "type": "string"}"##),
        (
            r##"{"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"anyOf": [{"$ref": "#/$defs/a"}, {"$ref": "#"}]}}}"##,
            r##"{"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"anyOf": [{"$ref": "#/$defs/a"}, {"not": {"$ref": "#"}}]}}}"##,
        ),
        (r##"{"not": {"$ref": "#"}}"##, r##"{"not": {"not": {"$ref": "#"}}}"##),
        (
            r##"{"if": {"$ref": "#"}, "then": {"$ref": "#"}, "else": {"$ref": "#"}}"##,
            r##"{"if": {"$ref": "#"}, "then": {"$ref": "#"}, "else": {"not": {"$ref": "#"}}}"##,
        ),
        (
            r##"{"$ref": "#/anyOf/0", "anyOf": [{"$ref": "#"}]}"##,
            r##"{"$ref": "#/anyOf/0", "anyOf": [{"$ref": "#"}, {}]}"##,
        ),
    ];
    for (old, new) in cases {
        compare(old, new);
        compare(new, old);
    }
}

#[test]
fn recursive_schemas_are_compared() {
    let tree = |limit: u32| {
        format!(
            r##"{{"properties": {{"left": {{"$ref": "#"}}, "right": {{"anyOf": [{{"type": "null"}}, {{"$ref": "#"}}]}}, "n": {{"maximum": {limit}}}}}}}"##
        )
    };
    let found = compare(&tree(2), &tree(1));
    assert!(found[0].iter().all(|found| found.message.ends_with("`maximum` fell from 2 to 1")), "{found:?}");
    assert_eq!(found[1], []);
}

#[test]
fn wide_schemas_are_compared() {
    let old = wide(5_000, |n| format!("{{\"maximum\": {n}}}"));
    let new = wide(5_000, |n| format!("{{\"maximum\": {}}}", n + 1));
    let found = compare(&old, &new);
    assert_eq!((found[0].len(), found[1].len(), found[2].len()), (0, 64, 64));
}

#[test]
fn deep_schemas_are_cut_off() {
    for keyword in ["anyOf", "allOf", "oneOf", "prefixItems"] {
        let chain = |last: &str| {
            let mut parts = String::new();
            for n in 1..1_000 {
                write!(parts, ", \"a{n}\": {{\"{keyword}\": [{{\"$ref\": \"#/$defs/a{}\"}}]}}", n - 1)
                    .unwrap();
            }
            format!("{{\"$ref\": \"#/$defs/a999\", \"$defs\": {{\"a0\": {last}{parts}}}}}")
        };
        let found = compare(&chain("{\"maximum\": 2}"), &chain("{\"maximum\": 1}"));
        assert!(found.iter().all(|found| !found.is_empty()), "{keyword}");
    }
    for (keyword, close) in
        [("not", ""), ("items", ""), ("additionalProperties", ""), ("if", ", \"then\": {}")]
    {
        let chain = |last: &str| {
            let open = format!("{{\"{keyword}\": ").repeat(60);
            format!("{open}{last}{}", format!("{close}}}").repeat(60))
        };
        compare(&chain("{\"maximum\": 2}"), &chain("{\"maximum\": 1}"));
    }
}

#[test]
fn many_branches_are_compared() {
    let kinds = |limit: u32| {
        list("oneOf", 100, |n| {
            let limit = if n == 70 { limit } else { 5 };
            format!(
                r#"{{"type": "object", "properties": {{"kind": {{"const": "k{n}"}}, "n": {{"maximum": {limit}}}}}, "required": ["kind"]}}"#
            )
        })
    };
    let found = compare(&kinds(2), &kinds(1));
    assert_eq!(found[0].len(), 1, "{found:?}");
    assert_eq!(found[0][0].pointer, "/oneOf/70/properties/n/maximum");
    assert_eq!(found[1], []);
}

#[test]
fn large_schemas_are_bounded() {
    let numbers = |from: usize| list("enum", 20_000, move |n| (n + from).to_string());
    let branches = |by: usize| {
        list("anyOf", 200, move |n| format!("{{\"required\": [\"r{n}\"], \"maximum\": {}}}", n * by))
    };
    let choices = |by: usize| {
        list("oneOf", 40, move |n| format!("{{\"required\": [\"r{n}\"], \"maximum\": {}}}", n * by))
    };
    let all = |by: usize| {
        list("allOf", 2_000, move |n| {
            format!("{{\"properties\": {{\"a\": {{\"maximum\": {}}}}}}}", n * by + 1)
        })
    };
    let nested = |by: usize| {
        list("allOf", 12, move |n| {
            list("anyOf", 4, |m| format!("{{\"required\": [\"a{n}{m}\"], \"maximum\": {by}}}"))
        })
    };
    let patterns = |by: usize| {
        let parts: Vec<String> =
            (0..400).map(|n| format!("\"^{n}x+[a-z]*$\": {{\"maximum\": {}}}", n * by)).collect();
        let names: Vec<String> = (0..400).map(|n| format!("\"{n}x\": {{}}")).collect();
        format!(
            "{{\"patternProperties\": {{{}}}, \"properties\": {{{}}}}}",
            parts.join(", "),
            names.join(", ")
        )
    };
    let nots = |by: usize| {
        list("allOf", 40, move |n| format!("{{\"not\": {{\"required\": [\"a{n}\"], \"minimum\": {by}}}}}"))
    };
    let cases = [
        (numbers(0), numbers(1)),
        (branches(1), branches(2)),
        (choices(1), choices(2)),
        (all(1), all(2)),
        (nested(1), nested(2)),
        (patterns(1), patterns(2)),
        (nots(1), nots(2)),
    ];
    for (old, new) in &cases {
        for found in compare(old, new) {
            assert!(found.len() <= 64);
        }
    }
}

#[test]
fn exponential_schemas_are_compared_once() {
    let doubling = |last: &str| {
        let mut parts = String::new();
        for n in 1..30 {
            let before = n - 1;
            write!(
                parts,
                ", \"a{n}\": {{\"properties\": {{\"l\": {{\"$ref\": \"#/$defs/a{before}\"}}, \"r\": {{\"$ref\": \"#/$defs/a{before}\"}}}}}}"
            )
            .unwrap();
        }
        format!("{{\"$ref\": \"#/$defs/a29\", \"$defs\": {{\"a0\": {last}{parts}}}}}")
    };
    let found = compare(&doubling("{\"maximum\": 9}"), &doubling("{\"maximum\": 8}"));
    assert_eq!(found[1], []);
    assert!(!found[0].is_empty());
}

#[test]
fn invalid_schemas_are_never_compatible() {
    let cases = [
        (r#"{}"#, r#"{"maximum": "x"}"#),
        (r#"{}"#, r#"{"required": "x"}"#),
        (r#"{}"#, r#"{"type": 7}"#),
        (r#"{}"#, r#"{"enum": {}}"#),
        (r#"{}"#, r#"{"properties": {"a": 7}}"#),
        (r#"{}"#, r#"{"anyOf": {}}"#),
        (r#"{}"#, r#"{"allOf": {"a": 1}}"#),
        (r#"{}"#, r#"{"minLength": null}"#),
        (r#"{}"#, r#"[]"#),
        (r#"{}"#, r#"7"#),
        (r#"{}"#, r#"{"$ref": 7}"#),
        (r#"{}"#, r#"{"properties": []}"#),
        (r#"{}"#, r#"{"patternProperties": {"(": false}}"#),
        (r#"{}"#, r#"{"dependentRequired": {"a": 7}}"#),
        (r#"{}"#, r#"{"multipleOf": 0}"#),
        (r#"{}"#, r#"{"prefixItems": {}}"#),
    ];
    for (old, new) in cases {
        assert_ne!(breaks(&read(old), &read(new), Variance::Widen), [], "{new}");
        compare(new, old);
    }
}
