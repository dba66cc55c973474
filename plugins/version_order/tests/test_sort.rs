//! Tests the operation `sort`: its schemas, its example and its limits.

mod support;

use serde_json::json;
use support::{document, example, problems};

const OPERATION: &str = "sort";

#[test]
fn the_example_request_gives_the_example_response() {
    let request = example(OPERATION, "request");
    let response = operations::sort(&request);
    assert_eq!(response.unwrap(), example(OPERATION, "response"));
}

#[test]
fn a_response_fits_its_schema() {
    let schema = document(&format!("schemas/{OPERATION}.out.schema.json"));
    for versions in [json!([]), json!(["1.0.0+b", "1.0.0+a", "0.1.0"])] {
        let response = operations::sort(&json!({"versions": versions}));
        assert_eq!(problems(&schema, &response.unwrap()), [""; 0]);
    }
}

#[test]
fn numbers_are_compared_as_numbers_and_what_is_not_released_comes_first() {
    let request = json!({"versions": ["2.0.0", "10.0.0", "2.0.0-rc.10", "2.0.0-rc.9"]});
    let expected = json!({"versions": ["2.0.0-rc.9", "2.0.0-rc.10", "2.0.0", "10.0.0"]});
    assert_eq!(operations::sort(&request).unwrap(), expected);
}

#[test]
fn a_request_without_versions_is_refused() {
    for request in [json!({}), json!({"versions": ["1.0"]}), json!({"versions": [1]}), json!([]), json!(null)] {
        let response = operations::sort(&request);
        assert!(response.is_err(), "{request}");
    }
}
