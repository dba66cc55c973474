//! Keywords of arrays.

use super::{Row, check};

const ROWS: &[Row] = &[
    (
        r#"{"items": {"type": "integer"}}"#,
        r#"{"items": {"type": "number"}}"#,
        &[],
        &[
            "/items/type < /items/type: `type` changed from integer to number: number with a fraction was rejected and is now accepted",
        ],
    ),
    (
        r#"{"items": {"type": "integer"}}"#,
        "{}",
        &[],
        &[" < /items/type: `type` integer is gone: other values were rejected and are now accepted"],
    ),
    (
        r#"{"type": "array", "items": {"properties": {"a": {"maximum": 2}}}}"#,
        r#"{"type": "array", "items": {"properties": {"a": {"maximum": 1}}}}"#,
        &["/items/properties/a/maximum < /items/properties/a/maximum: `maximum` fell from 2 to 1"],
        &[],
    ),
    (
        r#"{"prefixItems": [{"type": "string"}]}"#,
        r#"{"prefixItems": [{"type": "string"}, {"type": "integer"}]}"#,
        &["/prefixItems/1/type < : `type` integer is new: other values were accepted and are now rejected"],
        &[],
    ),
    (
        r#"{"prefixItems": [{"type": "string"}], "items": false}"#,
        r#"{"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false}"#,
        &[],
        &["/prefixItems/1 < /items: element 1 was rejected and is now accepted"],
    ),
    (
        r#"{"prefixItems": [{"type": "string"}], "items": {"type": "string"}}"#,
        r#"{"items": {"type": "string"}}"#,
        &[],
        &[],
    ),
    (
        r#"{"prefixItems": [{"type": "string"}], "maxItems": 1}"#,
        r#"{"items": {"type": "string"}}"#,
        &[],
        &[" < /maxItems: `maxItems` 1 is gone: longer arrays were rejected and are now accepted"],
    ),
    (r#"{"items": {"type": "string"}}"#, r#"{"unevaluatedItems": {"type": "string"}}"#, &[], &[]),
    (
        r#"{"contains": {"const": 1}, "unevaluatedItems": false}"#,
        r#"{"contains": {"const": 2}, "unevaluatedItems": false}"#,
        &[
            "/unevaluatedItems < /unevaluatedItems: the scope of `unevaluatedItems` changed; cannot determine whether it accepts the same values",
            "/contains < /contains: `contains` changed; cannot determine whether it accepts the same values",
        ],
        &[
            "/unevaluatedItems < /unevaluatedItems: the scope of `unevaluatedItems` changed; cannot determine whether it accepts the same values",
            "/contains < /contains: `contains` changed; cannot determine whether it accepts the same values",
        ],
    ),
    (
        r#"{"minItems": 1}"#,
        r#"{"minItems": 2}"#,
        &["/minItems < /minItems: `minItems` rose from 1 to 2"],
        &[],
    ),
    (
        r#"{"maxItems": 5}"#,
        r#"{"maxItems": 3}"#,
        &["/maxItems < /maxItems: `maxItems` fell from 5 to 3"],
        &[],
    ),
    (
        "{}",
        r#"{"uniqueItems": true}"#,
        &[
            "/uniqueItems < : `uniqueItems` is new: arrays with duplicate elements were accepted and are now rejected",
        ],
        &[],
    ),
    (r#"{"maxItems": 1}"#, r#"{"uniqueItems": true, "maxItems": 1}"#, &[], &[]),
    (
        r#"{"contains": {"type": "integer"}}"#,
        r#"{"contains": {"type": "number"}}"#,
        &[],
        &["/contains < /contains: `contains` changed; cannot determine whether it accepts the same values"],
    ),
    (
        r#"{"contains": {"type": "integer"}, "minContains": 2}"#,
        r#"{"contains": {"type": "integer"}}"#,
        &[],
        &[
            " < /minContains: `minContains` 2 is gone: fewer elements of that kind were rejected and are now accepted",
        ],
    ),
    (
        r#"{"contains": {"type": "integer"}, "minContains": 0, "maxContains": 2}"#,
        r#"{"contains": {"type": "integer"}, "minContains": 0, "maxContains": 1}"#,
        &["/maxContains < /maxContains: `maxContains` fell from 2 to 1"],
        &[],
    ),
    (
        r#"{"minItems": 1, "items": {"type": "integer"}}"#,
        r#"{"contains": {"type": "number"}}"#,
        &[],
        &[
            " < /minItems: `minItems` 1 is gone: shorter arrays were rejected and are now accepted",
            " < /items/type: `type` integer is gone: other values were rejected and are now accepted",
        ],
    ),
];

#[test]
fn keywords_of_arrays() {
    check(ROWS);
}
