//! What collections allow and forbid, beyond the rule cases.

use artifact::{Format, Value, tolerant};
use policy::{Collection, ElementRule, KeyPart, Order, Origin, Removal};

use super::check_collection;

fn read(text: &str) -> Value {
    tolerant::read(Format::Yaml, text.as_bytes(), &tolerant::LIMITS).unwrap()
}

fn list_by(key: &[&str]) -> Collection {
    Collection {
        at: String::new(),
        key: key.iter().map(|pointer| KeyPart::Pointer((*pointer).into())).collect(),
        elements: ElementRule::Frozen,
        except: Vec::new(),
        removal: Removal::Forbidden,
        may_be_extended: true,
        while_unchanged: None,
        order: Order::Any,
        origin: Origin::default(),
    }
}

/// The breaches of a change, as `pointer element`.
fn found(collection: &Collection, before: &str, after: &str) -> Vec<String> {
    let breaches = check_collection(collection, &read(before), &read(after));
    let show = |found: &super::ElementBreach| {
        format!(
            "{} {}",
            found.breach.pointer().unwrap_or_default(),
            found.element.clone().unwrap_or_default()
        )
    };
    breaches.iter().map(show).collect()
}

#[test]
fn keys_are_compared_by_value_and_type() {
    let by_id = list_by(&["/id"]);
    assert!(found(&by_id, "[{id: 1.0}]", "[{id: 1}]").is_empty());
    assert!(found(&by_id, "[{id: [a, b]}]", "[{id: [a, b]}]").is_empty());
    assert_eq!(found(&by_id, "[{id: 1}]", "[{id: \"1\"}]"), ["/0 1"], "a string is another key");
    let whole = list_by(&[""]);
    assert_eq!(found(&whole, "[a, b]", "[b]"), ["/0 a"]);
    assert!(found(&whole, "[a, b]", "[b, c, a]").is_empty());
}

#[test]
fn shared_keys_are_a_multiset() {
    let by_id = list_by(&["/id"]);
    assert!(found(&by_id, "[{id: a, x: 1}, {id: a, x: 1}]", "[{id: a, x: 1}, {id: a, x: 1}]").is_empty());
    assert_eq!(found(&by_id, "[{id: a, x: 1}, {id: a, x: 2}]", "[{id: a, x: 2}]"), ["/0 a"]);
    assert_eq!(found(&by_id, "[{id: a, x: 1}, {id: a, x: 2}]", "[{id: a, x: 2}, {id: a, x: 3}]"), ["/1/x a"]);
    assert_eq!(found(&by_id, "[{id: a, x: 1}]", "[{id: a, x: 2}, {id: a, x: 1}]"), ["/0 a"]);
}

#[test]
fn elements_without_a_key_stay() {
    let by_id = list_by(&["/id"]);
    let changed = found(&by_id, "[{name: x}]", "[{name: z}]");
    assert_eq!(changed, ["/0 ", "/0 0 without a key"]);
    assert_eq!(
        found(&by_id, "[{name: x}]", "[{id: a}, {name: x}]"),
        ["/1 "],
        "the fault of the base is repeated"
    );
}

#[test]
fn the_place_of_an_element_does_not_matter() {
    let by_id = list_by(&["/id"]);
    let many = |order: &mut dyn Iterator<Item = u32>| {
        let elements: Vec<String> = order.map(|id| format!("{{id: {id}, x: {}}}", id * 7)).collect();
        format!("[{}]", elements.join(", "))
    };
    assert!(found(&by_id, &many(&mut (0..200)), &many(&mut (0..200).rev())).is_empty());
    let ordered = Collection { order: Order::Append, ..list_by(&["/id"]) };
    assert!(!found(&ordered, &many(&mut (0..200)), &many(&mut (0..200).rev())).is_empty());
    assert!(found(&ordered, &many(&mut (0..200)), &many(&mut (0..220))).is_empty());
}

#[test]
fn a_map_has_keys_of_its_own() {
    let map = list_by(&[]);
    assert!(found(&map, "{a: 1}", "{b: 2, a: 1}").is_empty());
    assert_eq!(found(&map, "{a: 1}", "{a: 2}"), ["/a a"]);
    assert_eq!(found(&map, "[a]", "[a]"), [" "], "a list needs a key");
    assert_eq!(found(&list_by(&["/id"]), "{a: 1}", "{a: 1}"), [" "], "a mapping needs none");
}
