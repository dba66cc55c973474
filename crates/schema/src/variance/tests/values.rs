//! Types, enumerations, and keywords of numbers and strings.

use super::{Row, check};

const ROWS: &[Row] = &[
    ("true", "{}", &[], &[]),
    ("{}", "false", &[" < : every value was accepted and is now rejected"], &[]),
    (
        "true",
        r#"{"type": "string"}"#,
        &["/type < : `type` string is new: other values were accepted and are now rejected"],
        &[],
    ),
    (
        r#"{"title": "a", "description": "b", "default": 1, "examples": [1], "$comment": "c"}"#,
        r#"{"title": "x", "deprecated": true, "readOnly": true, "x-own": 1}"#,
        &[],
        &[],
    ),
    (
        r#"{"type": "string"}"#,
        r#"{"type": ["string", "null"]}"#,
        &[],
        &[
            "/type < /type: `type` changed from string to null or string: null was rejected and is now accepted",
        ],
    ),
    (
        r#"{"type": "integer"}"#,
        r#"{"type": "number"}"#,
        &[],
        &[
            "/type < /type: `type` changed from integer to number: number with a fraction was rejected and is now accepted",
        ],
    ),
    (
        r#"{"type": "string"}"#,
        r#"{"type": "integer"}"#,
        &["/type < /type: `type` changed from string to integer: string was accepted and is now rejected"],
        &["/type < /type: `type` changed from string to integer: integer was rejected and is now accepted"],
    ),
    (r#"{"type": ["string"]}"#, r#"{"type": "string"}"#, &[], &[]),
    (r#"{"type": "number", "multipleOf": 1}"#, r#"{"type": "integer"}"#, &[], &[]),
    (
        r#"{"enum": ["a", "b"]}"#,
        r#"{"enum": ["b", "a", "c"]}"#,
        &[],
        &[r#"/enum/2 < /enum: `enum` gained "c""#],
    ),
    (
        r#"{"enum": ["a", "b"]}"#,
        r#"{"type": "string"}"#,
        &[],
        &[r#" < /enum: `enum` ["a", "b"] is gone: other values were rejected and are now accepted"#],
    ),
    (r#"{"const": 1}"#, r#"{"const": 1.0}"#, &[], &[]),
    (
        r#"{"const": "a"}"#,
        r#"{"const": "b"}"#,
        &[r#"/const < /const: `const` changed from "a" to "b""#],
        &[r#"/const < /const: `const` changed from "a" to "b""#],
    ),
    (r#"{"const": "a"}"#, r#"{"enum": ["a"]}"#, &[], &[]),
    (
        r#"{"const": "a"}"#,
        r#"{"enum": ["a", "b"]}"#,
        &[],
        &[r#"/enum/1 < /const: "b" was rejected and is now accepted"#],
    ),
    (r#"{"enum": [1, 5]}"#, r#"{"enum": [1, 5, 9], "maximum": 5}"#, &[], &[]),
    (
        r#"{"enum": [1, 5]}"#,
        r#"{"type": "integer", "maximum": 4}"#,
        &[" < /enum/1: 5 was accepted and is now rejected"],
        &[" < /enum: `enum` [1, 5] is gone: other values were rejected and are now accepted"],
    ),
    (
        r#"{"enum": ["ab", "abc"]}"#,
        r#"{"type": "string", "pattern": "^ab"}"#,
        &[],
        &[r#" < /enum: `enum` ["ab", "abc"] is gone: other values were rejected and are now accepted"#],
    ),
    (r#"{"type": "boolean"}"#, r#"{"enum": [true, false]}"#, &[], &[]),
    (
        r#"{"type": "boolean"}"#,
        r#"{"const": true}"#,
        &["/const < : false was accepted and is now rejected"],
        &[],
    ),
    (
        r#"{"enum": [1, 2, 3, 4, 5, 6, 7, 8]}"#,
        r#"{"enum": [1]}"#,
        &["/enum < /enum/1: `enum` lost 2, 3, 4, 5, 6, 2 more"],
        &[],
    ),
    (
        r#"{"maximum": 100}"#,
        r#"{"maximum": 10}"#,
        &["/maximum < /maximum: `maximum` fell from 100 to 10"],
        &[],
    ),
    (
        r#"{"maximum": 10}"#,
        r#"{"maximum": 10.5}"#,
        &[],
        &["/maximum < /maximum: `maximum` rose from 10 to 10.5"],
    ),
    (
        r#"{"maximum": 10}"#,
        "{}",
        &[],
        &[" < /maximum: `maximum` 10 is gone: greater numbers were rejected and are now accepted"],
    ),
    (
        r#"{"maximum": 10}"#,
        r#"{"exclusiveMaximum": 10}"#,
        &["/exclusiveMaximum < /maximum: `maximum` 10 became `exclusiveMaximum` 10"],
        &[],
    ),
    (r#"{"type": "integer", "exclusiveMaximum": 10}"#, r#"{"type": "integer", "maximum": 9}"#, &[], &[]),
    (
        r#"{"exclusiveMaximum": 10}"#,
        r#"{"exclusiveMaximum": 9}"#,
        &["/exclusiveMaximum < /exclusiveMaximum: `exclusiveMaximum` fell from 10 to 9"],
        &[],
    ),
    (r#"{"minimum": 0}"#, r#"{"minimum": 1}"#, &["/minimum < /minimum: `minimum` rose from 0 to 1"], &[]),
    (r#"{"type": "integer", "exclusiveMinimum": 0}"#, r#"{"type": "integer", "minimum": 1}"#, &[], &[]),
    (
        r#"{"exclusiveMinimum": 0}"#,
        r#"{"minimum": 0}"#,
        &[],
        &["/minimum < /exclusiveMinimum: `exclusiveMinimum` 0 became `minimum` 0"],
    ),
    (r#"{"type": "string", "minimum": 3}"#, r#"{"type": "string"}"#, &[], &[]),
    (
        r#"{"maximum": 9007199254740993}"#,
        r#"{"maximum": 9007199254740992}"#,
        &["/maximum < /maximum: `maximum` fell from 9007199254740993 to 9007199254740992"],
        &[],
    ),
    (
        r#"{"multipleOf": 4}"#,
        r#"{"multipleOf": 2}"#,
        &[],
        &["/multipleOf < /multipleOf: `multipleOf` fell from 4 to 2"],
    ),
    (
        r#"{"multipleOf": 2}"#,
        r#"{"multipleOf": 3}"#,
        &["/multipleOf < /multipleOf: `multipleOf` rose from 2 to 3"],
        &["/multipleOf < /multipleOf: `multipleOf` rose from 2 to 3"],
    ),
    (
        r#"{"multipleOf": 0.2}"#,
        r#"{"multipleOf": 0.1}"#,
        &[],
        &[
            "/multipleOf < /multipleOf: `multipleOf` changed; cannot determine whether it accepts the same values",
        ],
    ),
    (r#"{"type": "integer"}"#, r#"{"type": "integer", "multipleOf": 1}"#, &[], &[]),
    (
        r#"{"minLength": 1}"#,
        r#"{"minLength": 2}"#,
        &["/minLength < /minLength: `minLength` rose from 1 to 2"],
        &[],
    ),
    (
        r#"{"maxLength": 8}"#,
        r#"{"maxLength": 4}"#,
        &["/maxLength < /maxLength: `maxLength` fell from 8 to 4"],
        &[],
    ),
    (r#"{"minLength": 0}"#, "{}", &[], &[]),
    (
        r#"{"pattern": "^a"}"#,
        r#"{"pattern": "^b"}"#,
        &[
            r#"/pattern < /pattern: `pattern` changed from "^a" to "^b"; cannot determine whether it accepts the same values"#,
        ],
        &[
            r#"/pattern < /pattern: `pattern` changed from "^a" to "^b"; cannot determine whether it accepts the same values"#,
        ],
    ),
    (
        r#"{"type": "string", "pattern": "^a"}"#,
        r#"{"type": "string"}"#,
        &[],
        &[r#" < /pattern: `pattern` "^a" is gone: other strings were rejected and are now accepted"#],
    ),
    (r#"{"type": "integer"}"#, r#"{"type": "integer", "pattern": "^a"}"#, &[], &[]),
    (
        r#"{"format": "date"}"#,
        r#"{"format": "date-time"}"#,
        &[
            r#"/format < /format: `format` changed from "date" to "date-time"; cannot determine whether it accepts the same values"#,
        ],
        &[
            r#"/format < /format: `format` changed from "date" to "date-time"; cannot determine whether it accepts the same values"#,
        ],
    ),
    (
        "{}",
        r#"{"format": "date"}"#,
        &[r#"/format < : `format` "date" is new: other strings were accepted and are now rejected"#],
        &[],
    ),
    (r#"{"type": "integer"}"#, r#"{"type": "integer", "format": "date"}"#, &[], &[]),
    (
        r#"{"type": "integer"}"#,
        r#"{"type": "integer", "format": "int32"}"#,
        &[r#"/format < : `format` "int32" is new: other values were accepted and are now rejected"#],
        &[],
    ),
    (
        r#"{"type": "string", "contentEncoding": "base64"}"#,
        r#"{"type": "string", "contentEncoding": "base32"}"#,
        &[
            r#"/contentEncoding < /contentEncoding: `contentEncoding` changed from "base64" to "base32"; cannot determine whether it accepts the same values"#,
        ],
        &[
            r#"/contentEncoding < /contentEncoding: `contentEncoding` changed from "base64" to "base32"; cannot determine whether it accepts the same values"#,
        ],
    ),
    (
        r#"{"type": "string", "minLength": 5, "maxLength": 2}"#,
        r#"{"type": "integer"}"#,
        &[],
        &["/type < /type: `type` changed from string to integer: integer was rejected and is now accepted"],
    ),
];

#[test]
fn keywords_of_scalars() {
    check(ROWS);
}
