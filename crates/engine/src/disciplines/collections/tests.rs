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
    assert_eq!(found(&by_id, "[{id: 1}]", "[{id: \"1\"}]"), ["/0 id: 1"], "a string is another key");
    let whole = list_by(&[""]);
    assert_eq!(found(&whole, "[a, b]", "[b]"), ["/0 a"]);
    assert!(found(&whole, "[a, b]", "[b, c, a]").is_empty());
}

#[test]
fn shared_keys_are_a_multiset() {
    let by_id = list_by(&["/id"]);
    assert!(found(&by_id, "[{id: a, x: 1}, {id: a, x: 1}]", "[{id: a, x: 1}, {id: a, x: 1}]").is_empty());
    assert_eq!(found(&by_id, "[{id: a, x: 1}, {id: a, x: 2}]", "[{id: a, x: 2}]"), ["/0 id: a"]);
    assert_eq!(
        found(&by_id, "[{id: a, x: 1}, {id: a, x: 2}]", "[{id: a, x: 2}, {id: a, x: 3}]"),
        ["/1/x id: a"]
    );
    assert_eq!(found(&by_id, "[{id: a, x: 1}]", "[{id: a, x: 2}, {id: a, x: 1}]"), ["/0 id: a"]);
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

/// A random element: its key, a governed value, one that `except` frees, and a comment.
#[derive(Clone, PartialEq)]
struct RandomElement {
    key: usize,
    governed: usize,
    free: usize,
    comment: usize,
}

#[test]
fn random_edits_are_found_only_in_governed_elements() {
    let mut state = 11usize;
    // A linear congruential generator: the same edits in every run.
    let mut next = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let collection = Collection { except: vec!["/free".into()], at: "/list".into(), ..list_by(&["/id"]) };
    let write = |elements: &[RandomElement]| {
        let line = |element: &RandomElement| {
            let RandomElement { key, governed, free, comment } = element;
            format!("  - {{id: k{key}, free: {free}, list: [{governed}, x]}} # {comment}\n")
        };
        format!("other: {}\nlist:\n{}", elements.len(), elements.iter().map(line).collect::<String>())
    };
    let (mut passed, mut failed) = (0, 0);
    for _ in 0..2_000 {
        let mut before = Vec::new();
        for key in 0..1 + next(6) {
            before.push(RandomElement { key, governed: next(4), free: next(4), comment: next(4) });
        }
        let mut after = before.clone();
        let at = next(after.len());
        // What may happen to one element, and the pointers at which it is found.
        let expected = match next(6) {
            0 => {
                after[at].free += 1 + next(3);
                after[at].comment += next(2);
                Vec::new()
            }
            1 => {
                after.insert(at, RandomElement { key: 10, governed: 1, free: 1, comment: 1 });
                Vec::new()
            }
            2 => {
                after.rotate_left(at);
                Vec::new()
            }
            3 => {
                after[at].governed += 1 + next(3);
                after.rotate_left(next(before.len()));
                let changed = after.iter().position(|element| element.key == before[at].key).unwrap();
                vec![format!("/list/{changed}/list/0 id: k{}", before[at].key)]
            }
            4 => {
                after.remove(at);
                vec![format!("/list/{at} id: k{}", before[at].key)]
            }
            _ => {
                after[at].key = 11;
                vec![format!("/list/{at} id: k{}", before[at].key)]
            }
        };
        let (old, new) = (write(&before), write(&after));
        assert_eq!(found(&collection, &old, &new), expected, "{old}{new}");
        if expected.is_empty() { passed += 1 } else { failed += 1 }
    }
    assert!(passed > 700 && failed > 700, "{passed} {failed}");
}
