//! Branches and references.

use super::{Row, check};

const ROWS: &[Row] = &[
    (r#"{"allOf": [{"minimum": 1}, {"maximum": 5}]}"#, r#"{"minimum": 1, "maximum": 5}"#, &[], &[]),
    (
        r#"{"allOf": [{"required": ["a"]}]}"#,
        r#"{"allOf": [{"required": ["a"]}, {"required": ["b"]}]}"#,
        &["/allOf/1/required/0 < /allOf/0/required: `required` gained `b`: input without it was accepted"],
        &[],
    ),
    (
        r#"{"allOf": [{"properties": {"a": {"minimum": 1}}}, {"properties": {"a": {"maximum": 5}}}]}"#,
        r#"{"properties": {"a": {"minimum": 1, "maximum": 5}}}"#,
        &[],
        &[],
    ),
    (
        r#"{"anyOf": [{"type": "string"}, {"type": "integer"}]}"#,
        r#"{"type": ["string", "integer"]}"#,
        &[],
        &[],
    ),
    (
        r#"{"anyOf": [{"type": "string"}, {"type": "integer"}]}"#,
        r#"{"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}]}"#,
        &[],
        &["/anyOf/2 < : null was rejected and is now accepted"],
    ),
    (
        r#"{"anyOf": [{"type": "string"}, {"type": "integer", "maximum": 100}]}"#,
        r#"{"anyOf": [{"type": "string"}, {"type": "integer", "maximum": 10}]}"#,
        &[
            "/anyOf/1/maximum < /anyOf/1/maximum: no branch of `anyOf` accepts all that branch 2 accepted: `maximum` fell from 100 to 10",
        ],
        &[],
    ),
    (
        r#"{"oneOf": [{"type": "string"}, {"type": "integer"}]}"#,
        r#"{"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}"#,
        &[],
        &["/oneOf/2 < : null was rejected and is now accepted"],
    ),
    (
        r#"{"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}"#,
        r#"{"oneOf": [{"required": ["a"]}, {"required": ["b"]}, {"required": ["c"]}]}"#,
        &[
            "/oneOf/2 < /oneOf/0: branch 3 of `oneOf` may accept what branch 1 accepts, and `oneOf` rejects both at once",
            "/oneOf/2 < /oneOf/1: branch 3 of `oneOf` may accept what branch 2 accepts, and `oneOf` rejects both at once",
        ],
        &[
            "/oneOf/2/required < /oneOf/0/required/0: no branch of `oneOf` accepted all that branch 3 accepts: `required` lost `a`: output may now omit it",
        ],
    ),
    (
        r#"{"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}"#,
        r#"{"title": "new", "oneOf": [{"required": ["a"], "title": "A"}, {"required": ["b"]}]}"#,
        &[],
        &[],
    ),
    (
        r#"{"oneOf": [{"properties": {"kind": {"const": "a"}, "n": {"maximum": 1}}, "required": ["kind"], "type": "object"}, {"properties": {"kind": {"const": "b"}}, "required": ["kind"], "type": "object"}]}"#,
        r#"{"oneOf": [{"properties": {"kind": {"const": "a"}, "n": {"maximum": 2}}, "required": ["kind"], "type": "object"}, {"properties": {"kind": {"const": "b"}}, "required": ["kind"], "type": "object"}, {"properties": {"kind": {"const": "c"}}, "required": ["kind"], "type": "object"}]}"#,
        &[],
        &[
            "/oneOf/0/properties/n/maximum < /oneOf/0/properties/n/maximum: no branch of `oneOf` accepted all that branch 1 accepts: `maximum` rose from 1 to 2",
            r#"/oneOf/2/properties/kind/const < /oneOf/1/properties/kind/const: no branch of `oneOf` accepted all that branch 3 accepts: `const` changed from "b" to "c""#,
        ],
    ),
    (
        r#"{"not": {"type": "string"}}"#,
        r#"{"not": {"type": ["string", "null"]}}"#,
        &["/not < /not: `not` changed; cannot determine whether it accepts the same values"],
        &[],
    ),
    (
        r#"{"not": {"required": ["a"]}}"#,
        r#"{"not": {"required": ["b"]}}"#,
        &["/not < /not: `not` changed; cannot determine whether it accepts the same values"],
        &["/not < /not: `not` changed; cannot determine whether it accepts the same values"],
    ),
    (
        r#"{"type": "string"}"#,
        r#"{"not": {"type": "integer"}}"#,
        &[],
        &[" < /type: `type` string is gone: other values were rejected and are now accepted"],
    ),
    (
        r#"{"if": {"required": ["a"]}, "then": {"required": ["b"]}}"#,
        r#"{"if": {"required": ["a"]}, "then": {"required": ["b", "c"]}}"#,
        &["/then/required/1 < /then/required: `required` gained `c`: input without it was accepted"],
        &[],
    ),
    (
        r#"{"if": {"required": ["a"]}, "then": {"maximum": 1}, "else": {"maximum": 2}}"#,
        r#"{"if": {"required": ["a"]}, "then": {"maximum": 1}, "else": {"maximum": 3}}"#,
        &[],
        &["/else/maximum < /else/maximum: `maximum` rose from 2 to 3"],
    ),
    (
        r#"{"if": {"required": ["a"]}, "then": {"required": ["b"]}}"#,
        r#"{"if": {"required": ["d"]}, "then": {"required": ["b"]}}"#,
        &["/if < /if: `if` changed; cannot determine whether it accepts the same values"],
        &["/if < /if: `if` changed; cannot determine whether it accepts the same values"],
    ),
    (r##"{"$ref": "#/$defs/p", "$defs": {"p": {"maximum": 5}}}"##, r#"{"maximum": 5}"#, &[], &[]),
    (
        r##"{"$ref": "#/$defs/p", "$defs": {"p": {"maximum": 5}}}"##,
        r##"{"$ref": "#/$defs/p", "$defs": {"p": {"maximum": 6}}}"##,
        &[],
        &["/$defs/p/maximum < /$defs/p/maximum: `maximum` rose from 5 to 6"],
    ),
    (
        r##"{"$ref": "#/$defs/p", "$defs": {"p": {"maximum": 5}}}"##,
        r##"{"$ref": "#q", "$defs": {"other": {"$anchor": "q", "maximum": 5}}}"##,
        &[],
        &[],
    ),
    (
        r##"{"properties": {"left": {"$ref": "#"}, "n": {"maximum": 1}}}"##,
        r##"{"properties": {"left": {"$ref": "#"}, "n": {"maximum": 2}}}"##,
        &[],
        &["/properties/n/maximum < /properties/n/maximum: `maximum` rose from 1 to 2"],
    ),
    (
        r##"{"$ref": "#/$defs/a%20b", "$defs": {"a b": {"type": "string"}}}"##,
        r#"{"type": "string"}"#,
        &[],
        &[],
    ),
    (
        r#"{"$ref": "https://example.org/x"}"#,
        r#"{"$ref": "https://example.org/y"}"#,
        &[
            "/$ref < /$ref: the target of the reference changed; cannot determine whether it accepts the same values",
        ],
        &[
            "/$ref < /$ref: the target of the reference changed; cannot determine whether it accepts the same values",
        ],
    ),
    (
        r##"{"$dynamicRef": "#n", "$defs": {"n": {"$dynamicAnchor": "n", "type": "string"}}}"##,
        r##"{"$dynamicRef": "#n", "$defs": {"n": {"$dynamicAnchor": "n", "type": "integer"}}}"##,
        &[
            "/$defs/n/type < /$defs/n/type: `type` changed from string to integer: string was accepted and is now rejected",
        ],
        &[
            "/$defs/n/type < /$defs/n/type: `type` changed from string to integer: integer was rejected and is now accepted",
        ],
    ),
    (
        // What is found while the first branch is tried must not outlive it.
        r##"{"$ref": "#/$defs/b", "$defs": {"a": {"properties": {"x": {"$ref": "#/$defs/b"}, "y": {"type": "string"}}}, "b": {"properties": {"z": {"$ref": "#/$defs/a"}}}}}"##,
        r##"{"anyOf": [{"$ref": "#/$defs/b"}, {"properties": {"z": {"properties": {"x": {"$ref": "#/$defs/b"}}}}}], "$defs": {"a": {"properties": {"x": {"$ref": "#/$defs/b"}, "y": {"type": "integer"}}}, "b": {"properties": {"z": {"$ref": "#/$defs/a"}}}}}"##,
        &[
            "/$defs/a/properties/y/type < /$defs/a/properties/y/type: no branch of `anyOf` accepts all that was accepted: `type` changed from string to integer: string was accepted and is now rejected",
        ],
        &[
            "/$defs/a/properties/y/type < /$defs/a/properties/y/type: `type` changed from string to integer: integer was rejected and is now accepted",
            "/anyOf/1/properties/z < /$defs/a/properties/y: property `y` is gone: any value is now accepted under its name",
        ],
    ),
    (
        r#"{"anyOf": [{"type": "object", "required": ["a"]}, {"type": "null"}]}"#,
        r#"{"type": ["object", "null"], "required": ["a"]}"#,
        &[],
        &[],
    ),
    (r#"{"type": ["string", "null"]}"#, r#"{"anyOf": [{"type": "string"}, {"type": "null"}]}"#, &[], &[]),
    (
        r#"{"anyOf": [{"const": "a"}, {"const": "b"}]}"#,
        r#"{"enum": ["a", "b", "c"]}"#,
        &[],
        &[r#"/enum/2 < : "c" was rejected and is now accepted"#],
    ),
    (
        r##"{"properties": {"a": {"$id": "x", "$ref": "#/$defs/p"}}, "$defs": {"p": {}}}"##,
        r##"{"properties": {"a": {"$id": "x", "$ref": "#/$defs/p"}}, "$defs": {"p": {}, "q": {}}}"##,
        &[
            "/properties/a/$ref < /properties/a/$ref: the target of the reference changed; cannot determine whether it accepts the same values",
        ],
        &[
            "/properties/a/$ref < /properties/a/$ref: the target of the reference changed; cannot determine whether it accepts the same values",
        ],
    ),
];

#[test]
fn branches_and_references() {
    check(ROWS);
}
