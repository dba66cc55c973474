//! Tests the operation `{{op}}` with its schemas and its example.

mod support;

use serde_json::json;
use support::{document, example, problems};

const OPERATION: &str = "{{op}}";

#[test]
fn the_example_request_gives_the_example_response() {
    let request = example(OPERATION, "request");
    let response = operations::{{function}}(&request);
    assert_eq!(response.unwrap(), example(OPERATION, "response"));
}

#[test]
fn a_response_fits_its_schema() {
    let request = json!({"text": ""});
    let response = operations::{{function}}(&request);
    let schema = document(&format!("schemas/{OPERATION}.out.schema.json"));
    assert_eq!(problems(&schema, &response.unwrap()), [""; 0]);
}

#[test]
fn a_request_without_text_is_refused() {
    for request in [json!({}), json!({"text": 7}), json!([]), json!(null)] {
        let response = operations::{{function}}(&request);
        assert!(response.is_err(), "{request}");
    }
}
