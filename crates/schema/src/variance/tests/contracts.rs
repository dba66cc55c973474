//! Contracts of emitted documents, which may gain optional fields.

use super::messages;
use crate::Variance;

const ROWS: &[(&str, &str, &[&str])] = &[
    (
        r#"{"properties": {"a": {"type": "string"}}, "required": ["a"]}"#,
        r#"{"title": "T", "description": "D", "examples": [{}], "properties": {"a": {"type": "string", "description": "x"}, "b": {"type": "integer"}}, "required": ["a"]}"#,
        &[],
    ),
    (
        r#"{"properties": {"a": {}}, "additionalProperties": false}"#,
        r#"{"properties": {"a": {}, "b": {"type": "string"}}, "additionalProperties": false}"#,
        &[],
    ),
    (
        r#"{"properties": {"a": {"type": "string"}}}"#,
        r#"{"properties": {}}"#,
        &["/properties < /properties/a: property `a` was removed: readers may rely on it"],
    ),
    (
        r#"{"properties": {"a": {"type": "string"}}}"#,
        r#"{"properties": {"a": {"type": "integer"}}}"#,
        &[r#"/properties/a/type < /properties/a/type: `type` changed from "string" to "integer""#],
    ),
    (
        r#"{"properties": {"a": {"type": "integer"}}}"#,
        r#"{"properties": {"a": {"type": "number"}}}"#,
        &[r#"/properties/a/type < /properties/a/type: `type` changed from "integer" to "number""#],
    ),
    (
        r#"{"properties": {"a": {}}}"#,
        r#"{"properties": {"a": {}, "b": {}}, "required": ["b"]}"#,
        &["/required/0 < : `required` gained `b`: it was not always emitted"],
    ),
    (
        r#"{"required": ["a", "b"]}"#,
        r#"{"required": ["b"]}"#,
        &["/required < /required/0: `required` lost `a`: readers may rely on it"],
    ),
    (r#"{"required": ["a", "b"]}"#, r#"{"required": ["b", "a"]}"#, &[]),
    (
        r#"{"properties": {"a": {"maximum": 5}}}"#,
        r#"{"properties": {"a": {"maximum": 6}}}"#,
        &["/properties/a/maximum < /properties/a/maximum: `maximum` changed from 5 to 6"],
    ),
    (r#"{"properties": {"a": {"maximum": 5}}}"#, r#"{"properties": {"a": {"maximum": 5.0}}}"#, &[]),
    (r#"{"properties": {"a": {"enum": ["x", "y"]}}}"#, r#"{"properties": {"a": {"enum": ["y", "x"]}}}"#, &[]),
    (
        r#"{"properties": {"a": {"enum": ["x"]}}}"#,
        r#"{"properties": {"a": {"enum": ["x", "y"]}}}"#,
        &[r#"/properties/a/enum < /properties/a/enum: `enum` changed from ["x"] to ["x", "y"]"#],
    ),
    (r#"{"properties": {"a": {"const": "x"}}}"#, r#"{"properties": {"a": {"enum": ["x"]}}}"#, &[]),
    (r#"{"properties": {"a": {"type": ["string"]}}}"#, r#"{"properties": {"a": {"type": "string"}}}"#, &[]),
    (
        r#"{"properties": {"a": {"properties": {"b": {"type": "string"}}}}}"#,
        r#"{"properties": {"a": {"properties": {"b": {"type": "string"}, "c": {"type": "string"}}}}}"#,
        &[],
    ),
    (
        r#"{"properties": {"a": {"items": {"properties": {"b": {}}}}}}"#,
        r#"{"properties": {"a": {"items": {"properties": {}}}}}"#,
        &[
            "/properties/a/items/properties < /properties/a/items/properties/b: property `b` was removed: readers may rely on it",
        ],
    ),
    (
        r#"{"additionalProperties": {"type": "string"}}"#,
        r#"{"additionalProperties": {"type": "string"}, "properties": {"b": {"type": "integer"}}}"#,
        &[
            "/properties/b < /additionalProperties: property `b` is new and violates the old schema of unnamed properties",
        ],
    ),
    (
        r#"{"additionalProperties": {"type": "string"}}"#,
        r#"{"additionalProperties": {"type": "string"}, "properties": {"b": {"type": "string", "maxLength": 9}}}"#,
        &[],
    ),
    (
        "{}",
        r#"{"additionalProperties": false}"#,
        &["/additionalProperties < : `additionalProperties` false is new"],
    ),
    ("{}", r#"{"additionalProperties": true}"#, &[]),
    (
        r#"{"additionalProperties": false}"#,
        r#"{"additionalProperties": true}"#,
        &["/additionalProperties < /additionalProperties: this schema changed from false to true"],
    ),
    (
        r#"{"properties": {"a": {"pattern": "^a"}}}"#,
        r#"{"properties": {"a": {}}}"#,
        &[r#"/properties/a < /properties/a/pattern: `pattern` "^a" is gone"#],
    ),
    (
        r##"{"properties": {"a": {"$ref": "#/$defs/p"}}, "$defs": {"p": {"type": "string"}}}"##,
        r#"{"properties": {"a": {"type": "string"}}}"#,
        &[],
    ),
    (
        r##"{"properties": {"a": {"$ref": "#/$defs/p"}}, "$defs": {"p": {"type": "string"}}}"##,
        r##"{"properties": {"a": {"$ref": "#/$defs/p"}}, "$defs": {"p": {"type": "null"}}}"##,
        &[r#"/$defs/p/type < /$defs/p/type: `type` changed from "string" to "null""#],
    ),
    (r#"{"oneOf": [{"properties": {"a": {}}}]}"#, r#"{"oneOf": [{"properties": {"a": {}, "b": {}}}]}"#, &[]),
    (
        r#"{"oneOf": [{"type": "string"}]}"#,
        r#"{"oneOf": [{"type": "string"}, {"type": "null"}]}"#,
        &["/oneOf < /oneOf: `oneOf` changed from 1 to 2 schemas"],
    ),
    (
        r#"{"if": {"required": ["a"]}, "then": {"required": ["b"]}}"#,
        r#"{"if": {"required": ["a"]}, "then": {"required": ["b", "c"]}}"#,
        &["/then/required/1 < /then/required: `required` gained `c`: it was not always emitted"],
    ),
    (
        r#"{"not": {"required": ["a"]}}"#,
        r#"{"not": {"required": ["b"]}}"#,
        &["/not < /not: `not` changed; cannot determine whether it accepts the same values"],
    ),
    ("true", "{}", &[]),
    ("true", "false", &[" < : this schema changed from true to false"]),
    (
        r#"{"prefixItems": [{"type": "string"}]}"#,
        r#"{"prefixItems": [{"type": "string"}, {}]}"#,
        &["/prefixItems < /prefixItems: `prefixItems` changed from 1 to 2 schemas"],
    ),
    (
        r#"{"dependentSchemas": {"a": {"required": ["b"]}}, "unevaluatedProperties": false}"#,
        r#"{"dependentSchemas": {"a": {"required": ["b"], "unevaluatedProperties": {}}}, "unevaluatedProperties": false}"#,
        &[
            " < : the scope of `unevaluatedProperties` or `unevaluatedItems` changed; cannot determine whether it accepts the same values",
        ],
    ),
    (
        r#"{"unevaluatedProperties": false}"#,
        r#"{"unevaluatedProperties": false, "additionalProperties": true}"#,
        &[
            " < : the scope of `unevaluatedProperties` or `unevaluatedItems` changed; cannot determine whether it accepts the same values",
        ],
    ),
    (
        r#"{"unevaluatedItems": false}"#,
        r#"{"unevaluatedItems": false, "items": true}"#,
        &[
            " < : the scope of `unevaluatedProperties` or `unevaluatedItems` changed; cannot determine whether it accepts the same values",
        ],
    ),
    (
        r#"{"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": false}"#,
        r#"{"allOf": [{"properties": {"a": {}, "b": {"type": "string"}}}], "unevaluatedProperties": false}"#,
        &[],
    ),
    (
        r#"{"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": false}"#,
        r#"{"allOf": [{"properties": {"a": {}}, "additionalProperties": true}], "unevaluatedProperties": false}"#,
        &[
            " < : the scope of `unevaluatedProperties` or `unevaluatedItems` changed; cannot determine whether it accepts the same values",
        ],
    ),
];

#[test]
fn contracts_gain_optional_fields_only() {
    for (old, new, expected) in ROWS {
        assert_eq!(messages(old, new, Variance::Grow), *expected, "{old}\n{new}");
    }
}
