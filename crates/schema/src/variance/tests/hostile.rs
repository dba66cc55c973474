//! Schemas that mean harm: compared in bounded time, without a panic.

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
fn endless_references_end() {
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
fn recursion_ends_and_is_compared() {
    let tree = |limit: u32| {
        format!(
            r##"{{"properties": {{"left": {{"$ref": "#"}}, "right": {{"anyOf": [{{"type": "null"}}, {{"$ref": "#"}}]}}, "n": {{"maximum": {limit}}}}}}}"##
        )
    };
    let told = compare(&tree(2), &tree(1));
    assert!(told[0].iter().all(|told| told.message.ends_with("`maximum` fell from 2 to 1")), "{told:?}");
    assert_eq!(told[1], []);
}

#[test]
fn many_parts_are_compared() {
    let old = wide(5_000, |n| format!("{{\"maximum\": {n}}}"));
    let new = wide(5_000, |n| format!("{{\"maximum\": {}}}", n + 1));
    let told = compare(&old, &new);
    assert_eq!((told[0].len(), told[1].len(), told[2].len()), (0, 64, 64));
}

#[test]
fn long_ways_are_not_walked_to_the_end() {
    for keyword in ["anyOf", "allOf", "oneOf", "prefixItems"] {
        let chain = |last: &str| {
            let mut parts = String::new();
            for n in 1..1_000 {
                write!(parts, ", \"a{n}\": {{\"{keyword}\": [{{\"$ref\": \"#/$defs/a{}\"}}]}}", n - 1)
                    .unwrap();
            }
            format!("{{\"$ref\": \"#/$defs/a999\", \"$defs\": {{\"a0\": {last}{parts}}}}}")
        };
        let told = compare(&chain("{\"maximum\": 2}"), &chain("{\"maximum\": 1}"));
        assert!(told.iter().all(|told| !told.is_empty()), "{keyword}");
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
fn many_kinds_are_compared() {
    let kinds = |limit: u32| {
        list("oneOf", 100, |n| {
            let limit = if n == 70 { limit } else { 5 };
            format!(
                r#"{{"type": "object", "properties": {{"kind": {{"const": "k{n}"}}, "n": {{"maximum": {limit}}}}}, "required": ["kind"]}}"#
            )
        })
    };
    let told = compare(&kinds(2), &kinds(1));
    assert_eq!(told[0].len(), 1, "{told:?}");
    assert_eq!(told[0][0].pointer, "/oneOf/70/properties/n/maximum");
    assert_eq!(told[1], []);
}

#[test]
fn much_is_refused_or_compared_but_never_without_end() {
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
        for told in compare(old, new) {
            assert!(told.len() <= 64);
        }
    }
}

#[test]
fn what_doubles_with_every_step_is_compared_once() {
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
    let told = compare(&doubling("{\"maximum\": 9}"), &doubling("{\"maximum\": 8}"));
    assert_eq!(told[1], []);
    assert!(!told[0].is_empty());
}

#[test]
fn what_is_no_schema_is_never_called_compatible() {
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
