//! The lines of a feature, one after the other.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use artifact::Problem;

use super::doc::Doc;
use super::language::{Header, LANGUAGES, Language};
use super::{Examples, Feature, Scenario, Step, StepKind, Table, outline, table};
use crate::{At, Problems};

/// What a line stands below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Below {
    Nothing,
    Feature,
    Rule,
    Background,
    Scenario,
    Examples,
}

struct Reader {
    language: &'static Language,
    found: Feature,
    problems: Problems,
    below: Below,
    /// Whether the feature has begun, and whether it was said that it did not.
    begun: bool,
    told: bool,
    rule: Option<Arc<str>>,
    /// The tags that wait for what they belong to.
    tags: Vec<At<String>>,
    scenario: Option<(Scenario, Header)>,
    /// Whether a background, and a scenario, of the same feature or rule was read.
    background: bool,
    scenarios: bool,
    /// The text below a step that is being read.
    doc: Option<Doc>,
}

/// Reads a feature.
pub(super) fn read(text: &str) -> (Feature, Vec<Problem>) {
    let mut reader = Reader {
        language: &LANGUAGES[0],
        found: Feature::default(),
        problems: Problems::default(),
        below: Below::Nothing,
        begun: false,
        told: false,
        rule: None,
        tags: Vec::new(),
        scenario: None,
        background: false,
        scenarios: false,
        doc: None,
    };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        reader.line(line, at);
        at += line.len();
    }
    reader.finish()
}

impl Reader {
    fn line(&mut self, line: &str, start: usize) {
        let bare = line.trim();
        let indent = line.len() - line.trim_start().len();
        let place = start + indent..start + indent + bare.len();
        if let Some(doc) = &mut self.doc {
            if !doc.take(line, start) {
                self.end_doc();
            }
            return;
        }
        if bare.is_empty() {
            return;
        }
        if let Some(comment) = bare.strip_prefix('#') {
            return self.comment(comment, place);
        }
        if bare.starts_with('@') {
            return self.tag_line(bare, place.start);
        }
        if let Some((header, keyword, length)) = self.language.header(bare) {
            let name = bare[length..].trim();
            let name = At::new(name.to_string(), place.end - name.len()..place.end);
            return self.header(header, keyword, name, place);
        }
        let has_steps = match self.below {
            Below::Background => !self.found.background.is_empty(),
            Below::Scenario => self.scenario.as_ref().is_some_and(|(scenario, _)| !scenario.steps.is_empty()),
            _ => false,
        };
        if has_steps && let Some(doc) = Doc::begin(bare, indent, place.clone()) {
            self.doc = Some(doc);
            return;
        }
        if bare.starts_with('|') && (has_steps || self.below == Below::Examples) {
            return self.row(bare, place.start);
        }
        if let Some((kind, keyword, length)) = self.language.step(bare) {
            return self.step(kind, keyword, At::new(bare[length..].trim().to_string(), place));
        }
        self.other(bare, place, has_steps);
    }

    /// Before the feature a comment can name the language.
    fn comment(&mut self, comment: &str, place: Range<usize>) {
        let Some((name, code)) = comment.split_once(':') else { return };
        if name.trim() != "language" || self.begun {
            return;
        }
        match Language::of(code.trim()) {
            Some(language) => self.language = language,
            None => {
                let known: Vec<&str> = LANGUAGES.iter().map(|language| language.code).collect();
                let message = format!("the language `{}` is not known here", code.trim());
                self.problems.help(place, message, format!("known languages: {}", known.join(", ")));
            }
        }
    }

    fn tag_line(&mut self, bare: &str, start: usize) {
        let mut at = 0;
        for word in bare.split_inclusive(char::is_whitespace) {
            let tag = word.trim_end();
            let span = start + at..start + at + tag.len();
            at += word.len();
            if tag.is_empty() {
                continue;
            }
            if tag.starts_with('#') {
                return;
            }
            match tag.len() > 1 && tag.starts_with('@') {
                true => self.tags.push(At::new(tag.into(), span)),
                false => self.problems.help(
                    span,
                    format!("`{tag}` is no tag"),
                    "a tag is a word that begins with `@`",
                ),
            }
        }
    }

    fn header(&mut self, header: Header, keyword: &'static str, name: At<String>, place: Range<usize>) {
        if header != Header::Feature {
            self.want_feature(&place);
        }
        let tags = match header {
            Header::Background => Vec::new(),
            _ => std::mem::take(&mut self.tags),
        };
        if header != Header::Examples {
            self.end_scenario();
        }
        match header {
            Header::Feature => self.feature(name, tags, place),
            Header::Rule => {
                self.rule = Some(name.value.into());
                (self.background, self.scenarios) = (false, false);
                self.below = Below::Rule;
            }
            Header::Background => self.begin_background(place),
            Header::Scenario | Header::Outline => {
                let (steps, examples, rule) = (Vec::new(), Vec::new(), self.rule.clone());
                let scenario = Scenario { name, keyword, rule, tags, steps, examples, span: place };
                self.scenario = Some((scenario, header));
                self.scenarios = true;
                self.below = Below::Scenario;
            }
            Header::Examples => match &mut self.scenario {
                Some((scenario, _)) => {
                    let table = Table::default();
                    scenario.examples.push(Examples { name: name.value, tags, table, span: place });
                    self.below = Below::Examples;
                }
                None => self.problems.say(place, "the examples stand below no scenario"),
            },
        }
    }

    fn feature(&mut self, name: At<String>, tags: Vec<At<String>>, place: Range<usize>) {
        if std::mem::replace(&mut self.begun, true) {
            return self.problems.help(place, "a second feature begins", "one file holds one feature");
        }
        if name.value.is_empty() {
            self.problems.help(place, "the feature has no name", "write one behind the colon");
        }
        (self.found.name, self.found.tags, self.below) = (name, tags, Below::Feature);
    }

    /// Says once that the file does not begin with a feature.
    fn want_feature(&mut self, place: &Range<usize>) {
        if !self.begun && !std::mem::replace(&mut self.told, true) {
            let message = "the file does not begin with a feature";
            self.problems.help(place.clone(), message, "begin with `Feature:` and its name");
        }
    }

    fn begin_background(&mut self, place: Range<usize>) {
        if self.background {
            self.problems.say(place, "a second background begins");
        } else if self.scenarios {
            self.problems.help(
                place,
                "the background stands behind a scenario",
                "move it before the first one",
            );
        }
        self.background = true;
        self.below = Below::Background;
    }

    fn steps(&mut self) -> Option<&mut Vec<Step>> {
        match (self.below, &mut self.scenario) {
            (Below::Background, _) => Some(&mut self.found.background),
            (Below::Scenario, Some((scenario, _))) => Some(&mut scenario.steps),
            _ => None,
        }
    }

    fn step(&mut self, kind: StepKind, keyword: &'static str, text: At<String>) {
        if text.value.is_empty() {
            self.problems.say(text.span.clone(), "the step says nothing");
        }
        let span = text.span.clone();
        self.want_feature(&span);
        if let Some(steps) = self.steps() {
            return steps.push(Step { kind, keyword, text, table: None, doc: None });
        }
        match (self.below, kind) {
            (Below::Examples, _) => {
                self.problems.help(span, "a step stands behind the examples", "move it before them");
            }
            // A list or a sentence of a description begins so, too.
            (Below::Nothing, _) => {}
            (Below::Feature | Below::Rule, StepKind::Any | StepKind::And | StepKind::But) => {}
            _ => self.problems.help(
                span,
                "the step stands in no scenario",
                "begin one before it with `Scenario:`",
            ),
        }
    }

    fn row(&mut self, bare: &str, start: usize) {
        let row = table::row(bare, start, &mut self.problems);
        let examples = self.below == Below::Examples;
        let table = match &mut self.scenario {
            Some((scenario, _)) if examples => {
                scenario.examples.last_mut().map(|examples| &mut examples.table)
            }
            _ => None,
        };
        let Some(table) = table else {
            let Some(step) = self.steps().and_then(|steps| steps.last_mut()) else { return };
            let mut table = step.table.take().unwrap_or_default();
            table.push(row, &mut self.problems);
            if let Some(step) = self.steps().and_then(|steps| steps.last_mut()) {
                step.table = Some(table);
            }
            return;
        };
        table.push(row, &mut self.problems);
    }

    fn end_doc(&mut self) {
        let Some(doc) = self.doc.take() else { return };
        let opening = doc.opening.clone();
        let Some(step) = self.steps().and_then(|steps| steps.last_mut()) else { return };
        if step.doc.replace(doc.finish()).is_some() {
            self.problems.say(opening, "a second text stands below one step");
        }
    }

    fn other(&mut self, bare: &str, place: Range<usize>, has_steps: bool) {
        self.want_feature(&place);
        let filled = match &self.scenario {
            Some((scenario, _)) if self.below == Below::Examples => {
                scenario.examples.last().is_some_and(|examples| !examples.table.rows.is_empty())
            }
            _ => has_steps,
        };
        if filled {
            let what: String = bare.chars().take(40).collect();
            let message = format!("`{what}` is no step");
            self.problems.help(place, message, "a step begins with Given, When, Then, And, But or `*`");
        }
    }

    fn end_scenario(&mut self) {
        if let Some((scenario, header)) = self.scenario.take() {
            outline::judge(&scenario, header == Header::Outline, &mut self.problems);
            self.found.scenarios.push(scenario);
        }
    }

    fn finish(mut self) -> (Feature, Vec<Problem>) {
        if let Some(doc) = &self.doc {
            let message = format!("the text that begins with `{}` does not end", doc.fence);
            self.problems.say(doc.opening.clone(), message);
        }
        self.end_scenario();
        for tag in std::mem::take(&mut self.tags) {
            self.problems.say(tag.span, "the tag stands before nothing");
        }
        self.want_feature(&(0..0));
        if self.begun && self.found.scenarios.is_empty() {
            self.problems.say(self.found.name.span.clone(), "the feature has no scenarios");
        }
        let mut seen = BTreeMap::new();
        for scenario in &self.found.scenarios {
            let name = &scenario.name;
            if !name.value.is_empty() && seen.insert(name.value.as_str(), ()).is_some() {
                let message = format!("the scenario `{}` stands twice", name.value);
                self.problems.help(
                    name.span.clone(),
                    message,
                    "results are told by the name: give it one of its own",
                );
            }
        }
        self.found.language = self.language.code;
        (self.found, self.problems.finish())
    }
}
