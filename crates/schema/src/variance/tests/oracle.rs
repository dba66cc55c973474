//! No change is called compatible that a validator refutes.

use artifact::Value;
use proptest::prelude::*;
use serde_json::Value as Json;

use super::choices::Choices;
use super::documents::{document, fitting};
use super::generated::{change, schema};
use crate::{Schema, Variance, breaks};

/// The number of documents per pair of schemas.
const DOCUMENTS: usize = 48;

fn read(json: &Json) -> Value {
    super::read(&json.to_string())
}

/// Returns whether a schema accepts a document; `None` if it cannot be evaluated.
///
/// jsonschema 0.60.2 panics ("pending schema target dropped") on some cyclic references under
/// `unevaluatedProperties`, which is irrelevant to the comparison.
fn accepts(schema: &Schema, document: &Value) -> Option<bool> {
    let check = std::panic::AssertUnwindSafe(|| schema.check(document));
    let problems = std::panic::catch_unwind(check).ok()?;
    let is_evaluated =
        !problems.iter().any(|problem| problem.message.starts_with("its schema is too expensive"));
    is_evaluated.then_some(problems.is_empty())
}

/// The outcome of a pair.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Outcome {
    pub(super) is_compatible: bool,
    /// A document that only one side accepts was found.
    pub(super) is_refuted: bool,
}

/// Validates documents against a pair of schemas, in both directions.
pub(super) fn examine(bytes: &[u8]) -> Result<Vec<Outcome>, String> {
    let choices = &mut Choices::new(bytes);
    let depth = 2 + choices.below(2);
    let old = schema(choices, depth);
    let mut new = old.clone();
    if choices.rarely(8) {
        new = schema(choices, depth);
    } else {
        (0..=choices.below(2)).for_each(|_| change(choices, &mut new));
    }
    let (Ok(one), Ok(other)) = (Schema::compile(&read(&old)), Schema::compile(&read(&new))) else {
        return Ok(Vec::new());
    };
    let mut counterexample = [None, None];
    for at in 0..DOCUMENTS {
        let made = match at % 4 {
            0 => document(choices, 2),
            1 => fitting(choices, &new, &new, 4),
            _ => fitting(choices, &old, &old, 4),
        };
        let read = read(&made);
        match (accepts(&one, &read), accepts(&other, &read)) {
            (Some(true), Some(false)) => counterexample[0] = Some(made),
            (Some(false), Some(true)) => counterexample[1] = Some(made),
            _ => {}
        }
    }
    // Without fields, a contract that may only gain some stays equivalent.
    let has_fields = old.to_string().contains("\"properties\"") || new.to_string().contains("\"properties\"");
    if let Some(document) = counterexample.iter().flatten().next().filter(|_| !has_fields)
        && breaks(&read(&old), &read(&new), Variance::Grow).is_empty()
    {
        return Err(format!("Grow\nold {old}\nnew {new}\ndocument {document}"));
    }
    let mut outcomes = Vec::new();
    for (variance, found) in [Variance::Widen, Variance::Narrow].into_iter().zip(counterexample) {
        let reported = breaks(&read(&old), &read(&new), variance);
        if let (true, Some(document)) = (reported.is_empty(), &found) {
            return Err(format!("{variance:?}\nold {old}\nnew {new}\ndocument {document}"));
        }
        for found in &reported {
            if read(&new).pointer(&found.pointer).is_none()
                || read(&old).pointer(&found.old_pointer).is_none()
            {
                return Err(format!("{found:?} points nowhere\nold {old}\nnew {new}"));
            }
        }
        outcomes.push(Outcome { is_compatible: reported.is_empty(), is_refuted: found.is_some() });
    }
    Ok(outcomes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn compatible_changes_are_never_refuted(bytes in prop::collection::vec(any::<u8>(), 0..1_500)) {
        if let Err(error) = examine(&bytes) {
            prop_assert!(false, "{}", error);
        }
    }
}

/// By hand: `cargo nextest run -p schema --run-ignored only --no-capture many`.
#[test]
#[ignore = "takes minutes"]
fn many_compatible_changes_are_never_refuted() {
    let (mut pairs, mut compatible, mut refuted, mut unrefuted, mut wrong) = (0, 0, 0, 0, 0);
    super::random(60_000, 5_000, |bytes| {
        let outcomes = examine(bytes).unwrap_or_else(|error| {
            println!("{error}\n");
            wrong += 1;
            Vec::new()
        });
        for outcome in outcomes {
            pairs += 1;
            compatible += usize::from(outcome.is_compatible);
            refuted += usize::from(outcome.is_refuted);
            unrefuted += usize::from(!outcome.is_compatible && !outcome.is_refuted);
        }
    });
    println!(
        "{pairs} compared, {compatible} compatible, {refuted} refuted, {unrefuted} breaks without a document"
    );
    assert_eq!(wrong, 0);
}
