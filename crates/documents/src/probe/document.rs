//! Reads the code blocks of a health check.

use std::collections::BTreeSet;

use artifact::{Fields, Limits, Problem, Syntax, Value};

use super::{Healthcheck, MAX_PROBES, PROBE, THRESHOLDS, Threshold, check, is_token};
use crate::markdown::{self, Code};
use crate::number::finite_number;
use crate::{JoinedText, Problems, Spanned, problem};

/// The limits of one code block.
const BLOCK_LIMITS: Limits = Limits { bytes: 64 << 10, depth: 8, nodes: 2_000 };

/// Reads a health check, with ranges in the document.
#[must_use]
pub fn read(text: &str) -> (Healthcheck, Vec<Problem>) {
    let document = match markdown::read(text) {
        Ok(document) => document,
        Err(problem) => return (Healthcheck::default(), vec![problem]),
    };
    let mut found = Healthcheck::default();
    let mut problems = Problems::default();
    let mut blocks = 0;
    for code in &document.code {
        let mut inner = Vec::new();
        match kind_of(&code.info) {
            Some(Block::Probe) => {
                blocks += 1;
                if blocks == MAX_PROBES + 1 {
                    problems.push(
                        code.span.clone(),
                        format!("the document contains more than {MAX_PROBES} probes"),
                    );
                }
                if blocks <= MAX_PROBES {
                    found.probes.extend(
                        block(code, &mut inner).and_then(|value| check::read(&value, &code.body, &mut inner)),
                    );
                }
            }
            Some(Block::Thresholds) => {
                if let Some(value) = block(code, &mut inner) {
                    thresholds(&value, &code.body, &mut found.thresholds, &mut inner);
                }
            }
            Some(Block::Misspelled) => {
                let message = format!("code blocks of type `{}` are ignored", code.info);
                problems.push_with_help(
                    code.span.clone(),
                    message,
                    format!("write `{PROBE}` or `{THRESHOLDS}` after the fence"),
                );
            }
            None => {}
        }
        let placed = |problem: Problem| Problem { span: code.body.outer(problem.span.clone()), ..problem };
        problems.extend(inner.into_iter().map(placed));
    }
    if blocks == 0 {
        let start = document.headings.first().map_or(0..0, |heading| heading.span.clone());
        problems.push_with_help(
            start,
            "the document contains no probe",
            format!("add a code block that starts with ```{PROBE}"),
        );
    }
    report_duplicates(found.probes.iter().map(|probe| &probe.name), "probe", &mut problems);
    report_duplicates(found.thresholds.iter().map(|threshold| &threshold.name), "threshold", &mut problems);
    (found, problems.finish())
}

enum Block {
    Probe,
    Thresholds,
    /// A block that was probably meant to be one of them.
    Misspelled,
}

fn kind_of(info: &str) -> Option<Block> {
    let words: Vec<&str> = info.split_whitespace().collect();
    match words.join(" ").as_str() {
        PROBE => return Some(Block::Probe),
        THRESHOLDS => return Some(Block::Thresholds),
        _ => {}
    }
    // `yml probe`, `yaml,probe` and `Probes` are misspelled; `sh probe.sh` is an ordinary example.
    let lower = info.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let meant = |word: &str| matches!(word, "probe" | "probes" | "threshold" | "thresholds");
    let first = words.next()?;
    (meant(first) || matches!(first, "yaml" | "yml") && words.any(meant)).then_some(Block::Misspelled)
}

fn block(code: &Code, problems: &mut Vec<Problem>) -> Option<Value> {
    artifact::parse(Syntax::Yaml, code.text().as_bytes(), &BLOCK_LIMITS)
        .map_err(|error| problems.push(Problem { help: error.help, ..problem(error.span, error.message) }))
        .ok()
}

fn thresholds(value: &Value, body: &JoinedText, found: &mut Vec<Threshold>, problems: &mut Vec<Problem>) {
    // Reports a problem unless the value is a mapping.
    if Fields::of(value, "", problems).is_none() {
        return;
    }
    for entry in value.as_map().into_iter().flat_map(artifact::Map::entries) {
        let name = &entry.key.name;
        let pointer = format!("/{}", artifact::escape(name));
        if !is_token(name) {
            let message = format!("invalid threshold name `{name}`");
            let help = Some("use lower-case letters, digits, `_`, `-` and `.`".into());
            problems.push(Problem { pointer, help, ..problem(entry.key.span.clone(), message) });
            continue;
        }
        let Some(number) = finite_number(&entry.value).filter(|number| *number >= 0.0) else {
            let message = format!("expected a number that is not negative, found {}", entry.value.show());
            problems.push(Problem { pointer, ..problem(entry.value.span.clone(), message) });
            continue;
        };
        if found.len() == MAX_PROBES {
            problems.push(problem(
                entry.key.span.clone(),
                format!("the document contains more than {MAX_PROBES} thresholds"),
            ));
            return;
        }
        found.push(Threshold {
            name: Spanned::new(name.clone(), body.outer(entry.key.span.clone())),
            value: Spanned::new(number, body.outer(entry.value.span.clone())),
        });
    }
}

fn report_duplicates<'n>(
    names: impl Iterator<Item = &'n Spanned<String>>,
    what: &str,
    problems: &mut Problems,
) {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name.value.as_str()) {
            let message = format!("duplicate {what} `{}`", name.value);
            problems.push_with_help(name.span.clone(), message, "rename or remove one of them");
        }
    }
}
