//! The cost of an untrusted schema's patterns on the texts of a document: a long pattern can take its length for every character.

use std::collections::BTreeSet;

use artifact::{Kind, Value};
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{self, NFA};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind};
use serde_json::Value as Json;

use crate::MAX_PATTERN_BYTES;

/// The steps of all patterns on all texts: about one second, one step for each state and byte.
const MAX_PATTERN_STEPS: u64 = 200_000_000;
/// The bytes that all patterns together read, where each takes one step a byte.
const MAX_MATCHED_BYTES: u64 = 1_000_000_000;
/// Where patterns and texts are so short, nothing needs to be counted.
const MAX_UNCOUNTED_BYTES: u64 = 100_000;
/// How often the states of a pattern may be forgotten before the search counts as slow, and the memory for them: as in the library
/// that the validator uses, which then takes one step for each state and byte.
const MIN_CACHE_CLEARS: usize = 3;
const MIN_BYTES_PER_STATE: usize = 10;
const CACHE_BYTES: usize = 2 << 20;

/// Returns the patterns of a schema.
pub(crate) fn of_schema(schema: &Json) -> BTreeSet<String> {
    fn collect(value: &Json, found: &mut BTreeSet<String>) {
        match value {
            Json::Object(map) => {
                found.extend(map.get("pattern").and_then(Json::as_str).map(String::from));
                let named = map.get("patternProperties").and_then(Json::as_object);
                found.extend(named.into_iter().flat_map(|named| named.keys().cloned()));
                map.values().for_each(|value| collect(value, found));
            }
            Json::Array(list) => list.iter().for_each(|value| collect(value, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    collect(schema, &mut found);
    found
}

/// Checks the cost of the patterns on a document in advance; the error is a pattern that takes too many steps.
pub(crate) fn check(patterns: &BTreeSet<String>, document: &Value) -> Result<(), String> {
    let mut texts = Vec::new();
    collect_texts(document, &mut texts);
    let bytes: u64 = texts.iter().map(|text| text.len() as u64).sum();
    let read = bytes.saturating_mul(patterns.len() as u64);
    if read <= MAX_UNCOUNTED_BYTES {
        return Ok(());
    }
    if read > MAX_MATCHED_BYTES {
        return Err(patterns.first().cloned().unwrap_or_default());
    }
    let mut left = MAX_PATTERN_STEPS;
    for pattern in patterns {
        // A pattern that does not compile is not counted: the validator has refused it, or does not know the keyword.
        let Some(nfa) = automaton(pattern) else { continue };
        let states = nfa.states().len() as u64;
        let worst = states.saturating_mul(bytes);
        let steps = if worst <= left / patterns.len() as u64 { worst } else { count(nfa, states, &texts) };
        left = left.checked_sub(steps).ok_or_else(|| pattern.clone())?;
    }
    Ok(())
}

/// Describes a pattern that takes too many steps.
pub(crate) fn describe(pattern: &str) -> String {
    format!(
        "the pattern {} needs more than {MAX_PATTERN_STEPS} steps on its texts",
        crate::messages::short(pattern)
    )
}

fn collect_texts<'v>(value: &'v Value, texts: &mut Vec<&'v str>) {
    match &value.kind {
        Kind::String(text) => texts.push(text),
        Kind::List(list) => list.iter().for_each(|value| collect_texts(value, texts)),
        Kind::Map(map) => {
            for entry in map.entries() {
                texts.push(&entry.key.name);
                collect_texts(&entry.value, texts);
            }
        }
        _ => {}
    }
}

/// Compiles a pattern as the validator does.
fn automaton(pattern: &str) -> Option<NFA> {
    let pattern = jsonschema_regex::to_rust_regex(pattern).ok()?;
    let config = thompson::Config::new().nfa_size_limit(Some(MAX_PATTERN_BYTES));
    thompson::Compiler::new().configure(config).syntax(syntax::Config::new()).build(&pattern).ok()
}

/// Counts the steps of one pattern: a byte each, unless its states are too many to be remembered.
fn count(nfa: NFA, states: u64, texts: &[&str]) -> u64 {
    let config = DFA::config()
        .match_kind(MatchKind::LeftmostFirst)
        .unicode_word_boundary(true)
        .cache_capacity(CACHE_BYTES)
        .skip_cache_capacity_check(true)
        .minimum_cache_clear_count(Some(MIN_CACHE_CLEARS))
        .minimum_bytes_per_state(Some(MIN_BYTES_PER_STATE));
    let dfa = DFA::builder().configure(config).build_from_nfa(nfa).ok();
    let mut cache = dfa.as_ref().map(DFA::create_cache);
    let mut is_fast = |text: &str| match (&dfa, &mut cache) {
        (Some(dfa), Some(cache)) => is_fast(dfa, cache, text),
        _ => false,
    };
    texts.iter().map(|text| (text.len() as u64) * if is_fast(text) { 1 } else { states }).sum()
}

fn is_fast(dfa: &DFA, cache: &mut Cache, text: &str) -> bool {
    dfa.try_search_fwd(cache, &Input::new(text).anchored(Anchored::No)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(length: usize) -> Value {
        // Letters in an order without a period.
        let mut state = 1u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if state >> 31 == 0 { 'a' } else { 'b' }
        };
        Value::new(Kind::String((0..length).map(|_| next()).collect()), 0..0)
    }

    fn checked(patterns: &[&str], length: usize) -> bool {
        check(&patterns.iter().map(|pattern| (*pattern).to_string()).collect(), &text(length)).is_ok()
    }

    #[test]
    fn long_patterns_on_long_texts_are_refused() {
        assert!(!checked(&["^[ab]*a[ab]{3000}c1"], 900_000));
        assert!(!checked(&["[ab]*a[ab]{500}c", "x"], 2_000_000));
        assert!(checked(&["^[ab]*a[ab]{3000}c1"], 1_000));
    }

    #[test]
    fn ordinary_patterns_are_accepted_on_long_texts() {
        for pattern in
            ["^[a-z]{1,64}$", "^(a|b)+$", "^[ab]{3000}", "(foo|bar)+baz", r"^\S+@\S+$", "^a.*b$", r"\bab\b"]
        {
            assert!(checked(&[pattern], 3_000_000), "{pattern}");
        }
        let many: Vec<String> = (0..200).map(|at| format!("^[a-z]{{1,64}}-{at}$")).collect();
        assert!(checked(&many.iter().map(String::as_str).collect::<Vec<_>>(), 1_000_000));
        let more: Vec<String> = (0..2000).map(|at| format!("{at}")).collect();
        assert!(!checked(&more.iter().map(String::as_str).collect::<Vec<_>>(), 1_000_000));
    }

    #[test]
    fn patterns_are_found_wherever_they_are() {
        let schema = serde_json::json!({"properties": {"a": {"pattern": "a"}}, "allOf": [{"patternProperties": {"b": {"pattern": "c"}}}]});
        assert_eq!(of_schema(&schema).into_iter().collect::<Vec<_>>(), ["a", "b", "c"]);
    }
}
