//! Tests the operation `select`: its schemas, its example and its limits.

mod support;

use serde_json::json;
use support::{document, example, problems};

const OPERATION: &str = "select";

#[test]
fn the_example_request_gives_the_example_response() {
    let request = example(OPERATION, "request");
    let response = operations::select(&request);
    assert_eq!(response.unwrap(), example(OPERATION, "response"));
}

#[test]
fn a_response_fits_its_schema() {
    let schema = document(&format!("schemas/{OPERATION}.out.schema.json"));
    for range in [">=1", "^3"] {
        let response = operations::select(&json!({"range": range, "versions": ["1.0.0"]}));
        assert_eq!(problems(&schema, &response.unwrap()), [""; 0]);
    }
}

#[test]
fn a_range_that_allows_none_selects_none() {
    let request = json!({"range": "^3", "versions": ["1.0.0", "2.9.9"]});
    assert_eq!(operations::select(&request).unwrap(), json!({"version": null}));
}

#[test]
fn a_range_that_is_none_is_refused() {
    for range in [json!("more"), json!(1), json!(null)] {
        let response = operations::select(&json!({"range": range, "versions": []}));
        assert!(response.is_err(), "{range}");
    }
}

#[test]
fn a_request_without_versions_is_refused() {
    for request in [json!({}), json!({"versions": ["1.0"]}), json!({"versions": [1]}), json!([]), json!(null)] {
        let response = operations::select(&request);
        assert!(response.is_err(), "{request}");
    }
}
