//! Numbers are compared exactly: every keyword against an independent calculation with decimal digits.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use artifact::{Limits, Syntax, parse};
use proptest::prelude::*;
use schema::Schema;

/// A number as written, and its value as an integer of `10^-SCALE`.
#[derive(Debug, Clone)]
struct Written {
    text: String,
    scaled: i128,
}

/// The digits after the point that the oracle keeps.
const SCALE: u32 = 12;

/// Numbers near each other, where doubles are equal, in several spellings.
fn written() -> impl Strategy<Value = Written> {
    let base = prop_oneof![
        Just(0i128),
        Just(1 << 53),
        Just(1_732_000_000_000_000_000),
        Just(i128::from(u64::MAX)),
        Just(10_000_000_000_000_000_000_000),
    ];
    let fraction =
        prop_oneof![3 => Just(0i128), 1 => 0..4i128, 1 => Just(300_000_000_000), 1 => Just(300_000_000_001)];
    (base, -3..4i128, fraction, any::<bool>(), 0..3u8).prop_map(|(base, near, fraction, negative, style)| {
        let unit = 10i128.pow(SCALE);
        let scaled = (base + near) * unit + fraction;
        let scaled = if negative { -scaled } else { scaled };
        let sign = if scaled < 0 { "-" } else { "" };
        let (whole, rest) = (scaled.abs() / unit, scaled.abs() % unit);
        let text = match style {
            0 if rest == 0 => format!("{sign}{whole}"),
            1 => format!("{sign}{}e-{SCALE}", scaled.abs()),
            _ => format!("{sign}{whole}.{rest:012}"),
        };
        Written { text, scaled }
    })
}

fn accepts(schema: &str, document: &str) -> bool {
    let read = |text: &str| parse(Syntax::Json, text.as_bytes(), &Limits::default()).unwrap();
    let schema = Schema::compile(&read(schema)).map_err(|problem| problem.message).unwrap();
    let document = read(document);
    let problems = schema.check(&document);
    assert_eq!(problems.is_empty(), schema.accepts(&document), "both ways of asking agree");
    problems.is_empty()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bounds_and_equality_are_exact(limit in written(), value in written()) {
        let unit = 10i128.pow(SCALE);
        for (keyword, expected) in [
            ("maximum", value.scaled <= limit.scaled),
            ("minimum", value.scaled >= limit.scaled),
            ("exclusiveMaximum", value.scaled < limit.scaled),
            ("exclusiveMinimum", value.scaled > limit.scaled),
            ("const", value.scaled == limit.scaled),
        ] {
            let schema = format!(r#"{{"{keyword}": {}}}"#, limit.text);
            prop_assert_eq!(accepts(&schema, &value.text), expected, "{} {}", schema, value.text);
        }
        let schema = format!(r#"{{"enum": ["x", [{}], {{"n": {}}}]}}"#, limit.text, limit.text);
        prop_assert_eq!(accepts(&schema, &format!("[{}]", value.text)), value.scaled == limit.scaled, "{}", schema);
        prop_assert_eq!(accepts(&schema, &format!("{{\"n\": {}}}", value.text)), value.scaled == limit.scaled, "{}", schema);
        let list = format!("[{}, [{}], [{}]]", limit.text, value.text, limit.text);
        prop_assert_eq!(accepts(r#"{"uniqueItems": true}"#, &list), value.scaled != limit.scaled, "{}", list);
        let list = format!("[{}, {}]", limit.text, value.text);
        prop_assert_eq!(accepts(r#"{"uniqueItems": true}"#, &list), value.scaled != limit.scaled, "{}", list);
        prop_assert_eq!(accepts(r#"{"type": "integer"}"#, &value.text), value.scaled % unit == 0, "{}", value.text);
    }

    #[test]
    fn multiples_are_exact(divisor in written(), factor in -4..5i128, rest in 0..3i128, value in written()) {
        // A divisor must be positive (Validation §6.2.1).
        let divisor = Written { text: divisor.text.trim_start_matches('-').into(), scaled: divisor.scaled.abs() };
        if divisor.scaled == 0 {
            return Ok(());
        }
        let schema = format!(r#"{{"multipleOf": {}}}"#, divisor.text);
        let unit = 10i128.pow(SCALE);
        let near = divisor.scaled * factor + rest;
        let sign = if near < 0 { "-" } else { "" };
        let near_text = format!("{sign}{}.{:012}", near.abs() / unit, near.abs() % unit);
        prop_assert_eq!(accepts(&schema, &near_text), near % divisor.scaled == 0, "{} {}", schema, near_text);
        prop_assert_eq!(accepts(&schema, &value.text), value.scaled % divisor.scaled == 0, "{} {}", schema, value.text);
    }
}

#[test]
fn long_numbers_are_exact_or_refused() {
    let digits = |count: usize| "9".repeat(count);
    let bound = format!(r#"{{"maximum": {}0}}"#, digits(300));
    assert!(accepts(&bound, &format!("{}0", digits(300))));
    assert!(!accepts(&bound, &format!("{}1", digits(300))));
    let read = |text: &str| parse(Syntax::Json, text.as_bytes(), &Limits::default()).unwrap();
    let long = format!("0.{}", digits(2000));
    let schema = Schema::compile(&read(r#"{"properties": {"a": {"maximum": 5}}}"#)).unwrap();
    let problems = schema.check(&read(&format!(r#"{{"a": [1, {long}]}}"#)));
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].pointer, "/a/1");
    assert!(problems[0].message.contains("more than 1000 digits"), "{}", problems[0].message);
    assert!(Schema::compile(&read(&format!(r#"{{"minimum": {long}}}"#))).is_err());
}
