//! Tests of the semantics of Rego by the reference of the language: a new version of the engine must pass them.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::fmt::Write as _;

use common::{evaluate, request};
use serde_json::json;

/// Rule bodies on the input below, and whether they are true.
const BODIES: &[(&str, bool)] = &[
    // What is not there is undefined, and `not` makes true of it.
    ("input.missing", false),
    ("not input.missing", true),
    ("not input.missing.deeper[3].still", true),
    ("input.missing == null", false),
    ("input.nothing == null", true),
    ("input.no == false", true),
    ("input.no", false),
    ("not input.no", true),
    ("input.zero", true),
    ("input.empty", true),
    ("input.list[9]", false),
    ("not input.list[9]", true),
    // Iteration finds one; `not` and `every` are about all.
    ("input.list[_] == 3", true),
    ("input.list[_] == 7", false),
    ("some i; input.list[i] == 3; i == 2", true),
    ("some x in input.list; x > 2", true),
    ("some i, x in input.list; i == 0; x == 2", false),
    ("some key, value in input.map; key == \"b\"; value == 2", true),
    ("not has_big", true),
    ("every x in input.list { x < 4 }", true),
    ("every x in input.list { x < 3 }", false),
    ("every x in [] { x == 1 }", true),
    ("every i, x in input.list { x == i + 1 }", true),
    ("not every_small", true),
    // Membership.
    ("2 in input.list", true),
    ("not 7 in input.list", true),
    ("\"a\", 1 in input.map", true),
    ("1 in input.map", true),
    ("\"a\" in input.map", false),
    ("\"x\" in {\"x\", \"y\"}", true),
    // Unification and destructuring.
    ("[a, b] = [1, 2]; a + b == 3", true),
    ("{\"a\": a} = {\"a\": 5}; a == 5", true),
    ("[1, x, 3] = input.list; x == 2", true),
    ("[x, x] = [1, 2]", false),
    // Comprehensions, sets and objects.
    ("count({y | some x in input.list; y := x % 2}) == 2", true),
    ("sum([x | some x in input.list; x > 1]) == 5", true),
    ("{k: v | some k, v in input.map; v > 1} == {\"b\": 2}", true),
    ("{1, 2} | {3} == {3, 2, 1}", true),
    ("{1, 2} & {2, 3} == {2}", true),
    ("count([1 | input.missing]) == 0", true),
    ("object.union({\"a\": {\"x\": 1}}, {\"a\": {\"y\": 2}}) == {\"a\": {\"x\": 1, \"y\": 2}}", true),
    ("object.get(input, [\"map\", \"z\"], 9) == 9", true),
    ("array.concat([1], [2]) == [1, 2]", true),
    ("array.slice(input.list, 1, 3) == [2, 3]", true),
    ("to_number(\"42\") == 42", true),
    // Rules, functions, defaults, else.
    ("several == {\"one\", \"two\", \"three\"}", true),
    ("several[\"one\"]", true),
    ("not several[\"four\"]", true),
    ("size(5) == \"small\"; size(50) == \"medium\"; size(500) == \"large\"", true),
    ("flag == false", true),
    ("double(double(2)) == 8", true),
    ("ordered == \"second\"", true),
    ("by_kind[\"x\"] == 1", true),
    ("deep.er.value == 3", true),
    // Numbers and texts.
    ("9007199254740993 != 9007199254740992", true),
    ("0.1 + 0.2 > 0.3 - 0.0001", true),
    ("1 == 1.0", true),
    ("\"10\" < \"9\"", true),
    ("\"1\" == 1", false),
    ("5 % 3 == 2; 7 / 2 == 3.5; round(2.5) == 3", true),
    ("lower(\"ÄB\") == \"äb\"; count(\"äb\") == 2", true),
    ("substring(\"hello\", 1, 3) == \"ell\"; indexof(\"hello\", \"l\") == 2", true),
    ("replace(\"a-b-c\", \"-\", \"\") == \"abc\"; trim(\"xax\", \"x\") == \"a\"", true),
    (
        "sprintf(\"%s|%d|%v|%.1f|%q\", [\"a\", 1, [true, null], 2.25, \"b\"]) == \"a|1|[true, null]|2.2|\\\"b\\\"\"",
        true,
    ),
    ("regex.find_n(\"[0-9]+\", \"a1b22\", -1) == [\"1\", \"22\"]", true),
    ("regex.match(\"^v[0-9]+$\", \"v12\"); not regex.match(\"^v[0-9]+$\", \"xv12\")", true),
    ("glob.match(\"*.example.com\", [\".\"], \"api.example.com\")", true),
    ("glob.match(\"*.example.com\", [\".\"], \"a.b.example.com\")", false),
    ("semver.compare(\"1.10.0\", \"1.9.0\") == 1; semver.compare(\"1.0.0-rc1\", \"1.0.0\") == -1", true),
    ("json.marshal({\"b\": [1, \"x\"], \"a\": null}) == `{\"a\":null,\"b\":[1,\"x\"]}`", true),
    ("units.parse_bytes(\"1KiB\") == 1024", true),
    // Results as a last argument, an idiom of the first policies.
    ("sprintf(\"%d\", [1], text); text == \"1\"", true),
    ("regex.split(\",\", \"a,b\", parts); parts == [\"a\", \"b\"]", true),
    ("count(input.list, n); n == 3", true),
    ("re_match(\"^a$\", \"a\"); any([false, true]); not all([false, true]); all(set())", true),
    ("regex.match(`^\\w+$`, \"ä\")", false),
    // Other inputs for a while.
    ("is_web with input as {\"kind\": \"web\"}", true),
    ("is_web", false),
    ("count(input.list) == 1 with input.list as [9]", true),
    ("data.zone == 4 with data.zone as 4", true),
];

const RULES: &str = r#"
package main
import rego.v1

has_big if { some x in input.list; x > 100 }
every_small if every x in input.list { x < 3 }
several contains "one"
several contains "two" if input.zero == 0
several contains word if { some word in ["three", "four"]; word != "four" }
size(n) := "small" if n < 10
size(n) := "medium" if { n >= 10; n < 100 }
size(n) := "large" if n >= 100
default flag := false
flag if input.missing
double(n) := n * 2
ordered := "first" if { input.no } else := "second" if { input.zero == 0 } else := "third"
by_kind[kind] := number if { some kind, number in {"x": 1, "y": 2} }
deep.er.value := 3
is_web if input.kind == "web"
"#;

#[test]
fn bodies_have_the_expected_value() {
    let mut policy = RULES.to_string();
    for (index, (body, _)) in BODIES.iter().enumerate() {
        writeln!(policy, "deny_b{index} if {{ {body} }}").unwrap();
    }
    let input = json!({
        "no": false, "nothing": null, "zero": 0, "empty": "", "list": [1, 2, 3], "map": {"a": 1, "b": 2}, "kind": "x",
    });
    let answer = evaluate(&request(&[("policy/p.rego", &policy)], &[input])).unwrap();
    for (index, (body, holds)) in BODIES.iter().enumerate() {
        let rule = format!("data.main.deny_b{index}");
        assert_eq!(answer.results.iter().any(|result| result.rule == rule), *holds, "{body}");
    }
    assert_eq!(answer.queries, BODIES.len() as u64);
}
