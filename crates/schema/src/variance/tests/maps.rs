//! Keywords of objects.

use super::{Row, check};

const ROWS: &[Row] = &[
    (
        r#"{"required": ["a"]}"#,
        r#"{"required": ["a", "page"]}"#,
        &["/required/1 < /required: `required` gained `page`: input without it was accepted"],
        &[],
    ),
    (r#"{"required": ["a"], "dependentRequired": {"a": ["b"]}}"#, r#"{"required": ["a", "b"]}"#, &[], &[]),
    (
        r#"{"properties": {"a": {"type": "string"}}, "additionalProperties": false}"#,
        r#"{"properties": {"a": {"type": "string"}, "b": {"type": "integer"}}, "additionalProperties": false}"#,
        &[],
        &["/properties/b < /additionalProperties: property `b` was rejected and is now accepted"],
    ),
    (
        r#"{"properties": {"a": {"type": "string"}}}"#,
        r#"{"properties": {"a": {"type": "string"}, "b": {"type": "integer"}}}"#,
        &["/properties/b < : property `b` is new: any value was accepted under its name"],
        &[],
    ),
    (
        r#"{"properties": {"a": {"type": "string"}}}"#,
        r#"{"properties": {"a": {"type": "string"}, "b": true}}"#,
        &[],
        &[],
    ),
    (
        r#"{"properties": {"a": {"maximum": 100}}}"#,
        r#"{"properties": {"a": {"maximum": 10}}}"#,
        &["/properties/a/maximum < /properties/a/maximum: `maximum` fell from 100 to 10"],
        &[],
    ),
    (
        r#"{"properties": {"a": {"type": "string"}}}"#,
        r#"{"properties": {"a": {"type": "integer"}}}"#,
        &[
            "/properties/a/type < /properties/a/type: `type` changed from string to integer: string was accepted and is now rejected",
        ],
        &[
            "/properties/a/type < /properties/a/type: `type` changed from string to integer: integer was rejected and is now accepted",
        ],
    ),
    (
        r#"{"properties": {"a": {}}}"#,
        r#"{"properties": {"a": {}}, "additionalProperties": false}"#,
        &["/additionalProperties < : other properties were accepted and are now rejected"],
        &[],
    ),
    (
        r#"{"additionalProperties": {"type": "string"}}"#,
        r#"{"additionalProperties": {"type": "string"}, "properties": {"b": {"type": "string", "maxLength": 5}}}"#,
        &[
            "/properties/b/maxLength < /additionalProperties: `maxLength` 5 is new: longer strings were accepted and are now rejected",
        ],
        &[],
    ),
    (
        r#"{"additionalProperties": {"type": "string"}}"#,
        r#"{"additionalProperties": {"type": ["string", "null"]}}"#,
        &[],
        &[
            "/additionalProperties/type < /additionalProperties/type: `type` changed from string to null or string: null was rejected and is now accepted",
        ],
    ),
    (
        r#"{"properties": {"a": {"type": "object", "properties": {"b/c": {"minLength": 1}}}}}"#,
        r#"{"properties": {"a": {"type": "object", "properties": {"b/c": {"minLength": 3}}}}}"#,
        &[
            "/properties/a/properties/b~1c/minLength < /properties/a/properties/b~1c/minLength: `minLength` rose from 1 to 3",
        ],
        &[],
    ),
    (
        r#"{"patternProperties": {"^x": {"type": "string"}}}"#,
        r#"{"patternProperties": {"^x": {"type": "integer"}}}"#,
        &[
            "/patternProperties/^x/type < /patternProperties/^x/type: `type` changed from string to integer: string was accepted and is now rejected",
        ],
        &[
            "/patternProperties/^x/type < /patternProperties/^x/type: `type` changed from string to integer: integer was rejected and is now accepted",
        ],
    ),
    (
        r#"{"patternProperties": {"^x": {"type": "string"}}}"#,
        r#"{"properties": {"x1": {"type": "string"}}}"#,
        &[],
        &[
            " < /patternProperties/^x/type: `type` string is gone: other values were rejected and are now accepted",
        ],
    ),
    (
        r#"{"patternProperties": {"^x": {}}, "additionalProperties": false}"#,
        r#"{"patternProperties": {"^y": {}}, "additionalProperties": false}"#,
        &[
            "/additionalProperties < /patternProperties/^x: properties that match `^x` were accepted and are now rejected",
        ],
        &[
            "/patternProperties/^y < /additionalProperties: properties that match `^y` were rejected and are now accepted",
        ],
    ),
    (
        r#"{"properties": {"x1": {"type": "string"}}, "additionalProperties": false}"#,
        r#"{"patternProperties": {"^x": {"type": "string"}}, "additionalProperties": false}"#,
        &[],
        &[
            "/patternProperties/^x < /additionalProperties: properties that match `^x` were rejected and are now accepted",
        ],
    ),
    (
        r#"{"propertyNames": {"maxLength": 3}}"#,
        r#"{"propertyNames": {"maxLength": 2}}"#,
        &["/propertyNames/maxLength < /propertyNames/maxLength: `maxLength` fell from 3 to 2"],
        &[],
    ),
    (
        r#"{"properties": {"a": {}}, "additionalProperties": false}"#,
        r#"{"propertyNames": {"enum": ["a", "b"]}}"#,
        &[],
        &[" < /additionalProperties: other properties were rejected and are now accepted"],
    ),
    (
        r#"{"minProperties": 1}"#,
        r#"{"minProperties": 2}"#,
        &["/minProperties < /minProperties: `minProperties` rose from 1 to 2"],
        &[],
    ),
    (
        r#"{"required": ["a", "b"]}"#,
        r#"{"minProperties": 2}"#,
        &[],
        &[
            " < /required/0: `required` lost `a`: output may now omit it",
            " < /required/1: `required` lost `b`: output may now omit it",
        ],
    ),
    (
        r#"{"maxProperties": 1}"#,
        r#"{"maxProperties": 2}"#,
        &[],
        &["/maxProperties < /maxProperties: `maxProperties` rose from 1 to 2"],
    ),
    (
        r#"{"dependentRequired": {"a": ["b"]}}"#,
        r#"{"dependentRequired": {"a": ["b", "c"]}}"#,
        &[
            "/dependentRequired/a < /dependentRequired: `dependentRequired` requires `c` with `a`: input without it was accepted",
        ],
        &[],
    ),
    (
        r#"{"required": ["b"]}"#,
        r#"{"dependentRequired": {"a": ["b"]}}"#,
        &[],
        &[" < /required/0: `required` lost `b`: output may now omit it"],
    ),
    (
        r#"{"dependentSchemas": {"a": {"required": ["b"]}}}"#,
        r#"{"dependentSchemas": {"a": {"required": ["b", "c"]}}}"#,
        &[
            "/dependentSchemas/a/required/1 < /dependentSchemas/a/required: `required` gained `c`: input without it was accepted",
        ],
        &[],
    ),
    (
        r#"{"properties": {"a": false}}"#,
        r#"{"dependentSchemas": {"a": {"required": ["c"]}}}"#,
        &[],
        &[" < /properties/a: property `a` was rejected and is now accepted"],
    ),
    (
        r#"{"properties": {"a": {}}, "unevaluatedProperties": false}"#,
        r#"{"properties": {"a": {}, "b": {}}, "unevaluatedProperties": false}"#,
        &[],
        &["/properties/b < /unevaluatedProperties: property `b` was rejected and is now accepted"],
    ),
    (
        r##"{"$ref": "#/$defs/p", "unevaluatedProperties": false, "$defs": {"p": {"properties": {"a": {}}}}}"##,
        r##"{"$ref": "#/$defs/p", "unevaluatedProperties": false, "$defs": {"p": {"properties": {"a": {}, "b": {}}}}}"##,
        &[],
        &["/$defs/p/properties/b < /unevaluatedProperties: property `b` was rejected and is now accepted"],
    ),
    (
        r##"{"$ref": "#/$defs/p", "unevaluatedProperties": false, "$defs": {"p": {"properties": {"a": {}}}}}"##,
        r##"{"$ref": "#/$defs/q", "unevaluatedProperties": false, "$defs": {"q": {"title": "Q", "properties": {"a": {}}}}}"##,
        &[],
        &[],
    ),
    (
        r#"{"anyOf": [{"properties": {"a": {}}}], "unevaluatedProperties": false}"#,
        r#"{"anyOf": [{"properties": {"a": {}, "b": {}}}], "unevaluatedProperties": false}"#,
        &[
            "/unevaluatedProperties < /unevaluatedProperties: the scope of `unevaluatedProperties` changed; cannot determine whether it accepts the same values",
        ],
        &[
            "/unevaluatedProperties < /unevaluatedProperties: the scope of `unevaluatedProperties` changed; cannot determine whether it accepts the same values",
        ],
    ),
    (
        r#"{"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": false}"#,
        r#"{"properties": {"a": {}}, "additionalProperties": false}"#,
        &[],
        &[],
    ),
    (
        r#"{"dependencies": {"a": ["b"]}}"#,
        r#"{"dependencies": {"a": ["c"]}}"#,
        &[
            "/dependencies < /dependencies: `dependencies` changed; cannot determine whether it accepts the same values",
        ],
        &[
            "/dependencies < /dependencies: `dependencies` changed; cannot determine whether it accepts the same values",
        ],
    ),
    (r#"{"type": "string", "required": ["a"]}"#, r#"{"type": "string"}"#, &[], &[]),
];

#[test]
fn keywords_of_objects() {
    check(ROWS);
}
