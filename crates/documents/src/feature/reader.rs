//! Reads a feature line by line.

mod content;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use artifact::Problem;

use super::doc_string::DocString;
use super::language::{Header, LANGUAGES, Language};
use super::{Examples, Feature, Scenario, Table, outline};
use crate::{Problems, Spanned};

/// The block that the current line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ParserState {
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
    state: ParserState,
    /// Whether the feature has started, and whether a missing start was reported.
    begun: bool,
    reported: bool,
    rule: Option<Arc<str>>,
    /// The tags of the next block.
    tags: Vec<Spanned<String>>,
    scenario: Option<(Scenario, Header)>,
    /// Whether a background, and a scenario, of the current feature or rule was read.
    background: bool,
    scenarios: bool,
    /// The doc string that is being read.
    doc: Option<DocString>,
}

/// Reads a feature.
pub(super) fn read(text: &str) -> (Feature, Vec<Problem>) {
    let mut reader = Reader {
        language: &LANGUAGES[0],
        found: Feature::default(),
        problems: Problems::default(),
        state: ParserState::Nothing,
        begun: false,
        reported: false,
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
            if !doc.push_line(line, start) {
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
            let name = Spanned::new(name.to_string(), place.end - name.len()..place.end);
            return self.header(header, keyword, name, place);
        }
        let has_steps = match self.state {
            ParserState::Background => !self.found.background.is_empty(),
            ParserState::Scenario => {
                self.scenario.as_ref().is_some_and(|(scenario, _)| !scenario.steps.is_empty())
            }
            _ => false,
        };
        if has_steps && let Some(doc) = DocString::open(bare, indent, place.clone()) {
            self.doc = Some(doc);
            return;
        }
        if bare.starts_with('|') && (has_steps || self.state == ParserState::Examples) {
            return self.row(bare, place.start);
        }
        if let Some((kind, keyword, length)) = self.language.step(bare) {
            return self.step(kind, keyword, Spanned::new(bare[length..].trim().to_string(), place));
        }
        self.other(bare, place, has_steps);
    }

    /// Reads the comment that selects the language, before the feature.
    fn comment(&mut self, comment: &str, place: Range<usize>) {
        let Some((name, code)) = comment.split_once(':') else { return };
        if name.trim() != "language" || self.begun {
            return;
        }
        match Language::of(code.trim()) {
            Some(language) => self.language = language,
            None => {
                let known: Vec<&str> = LANGUAGES.iter().map(|language| language.code).collect();
                let message = format!("unknown language `{}`", code.trim());
                self.problems.push_with_help(
                    place,
                    message,
                    format!("known languages: {}", known.join(", ")),
                );
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
            if tag.len() > 1 && tag.starts_with('@') {
                self.tags.push(Spanned::new(tag.into(), span));
            } else {
                let message = format!("`{tag}` is not a tag");
                self.problems.push_with_help(span, message, "a tag is a word that starts with `@`");
            }
        }
    }

    fn header(&mut self, header: Header, keyword: &'static str, name: Spanned<String>, place: Range<usize>) {
        if header != Header::Feature {
            self.require_feature(&place);
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
                self.state = ParserState::Rule;
            }
            Header::Background => self.begin_background(place),
            Header::Scenario | Header::Outline => {
                let (steps, examples, rule) = (Vec::new(), Vec::new(), self.rule.clone());
                let scenario = Scenario { name, keyword, rule, tags, steps, examples, span: place };
                self.scenario = Some((scenario, header));
                self.scenarios = true;
                self.state = ParserState::Scenario;
            }
            Header::Examples => match &mut self.scenario {
                Some((scenario, _)) => {
                    let table = Table::default();
                    scenario.examples.push(Examples { name: name.value, tags, table, span: place });
                    self.state = ParserState::Examples;
                }
                None => self.problems.push(place, "the examples are not inside a scenario"),
            },
        }
    }

    fn feature(&mut self, name: Spanned<String>, tags: Vec<Spanned<String>>, place: Range<usize>) {
        if std::mem::replace(&mut self.begun, true) {
            return self.problems.push_with_help(
                place,
                "a second feature starts here",
                "write one feature per file",
            );
        }
        if name.value.is_empty() {
            self.problems.push_with_help(place, "the feature has no name", "write one after the colon");
        }
        (self.found.name, self.found.tags, self.state) = (name, tags, ParserState::Feature);
    }

    /// Reports once that the file does not start with a feature.
    fn require_feature(&mut self, place: &Range<usize>) {
        if !self.begun && !std::mem::replace(&mut self.reported, true) {
            let message = "the file does not start with a feature";
            self.problems.push_with_help(place.clone(), message, "start with `Feature:` and its name");
        }
    }

    fn begin_background(&mut self, place: Range<usize>) {
        if self.background {
            self.problems.push(place, "duplicate background");
        } else if self.scenarios {
            self.problems.push_with_help(
                place,
                "the background comes after a scenario",
                "move it before the first one",
            );
        }
        self.background = true;
        self.state = ParserState::Background;
    }

    fn end_scenario(&mut self) {
        if let Some((scenario, header)) = self.scenario.take() {
            outline::check(&scenario, header == Header::Outline, &mut self.problems);
            self.found.scenarios.push(scenario);
        }
    }

    fn finish(mut self) -> (Feature, Vec<Problem>) {
        if let Some(doc) = &self.doc {
            let message = format!("the doc string that starts with `{}` is not closed", doc.fence);
            self.problems.push(doc.opening.clone(), message);
        }
        self.end_scenario();
        for tag in std::mem::take(&mut self.tags) {
            self.problems.push(tag.span, "the tag is not followed by a block that can have tags");
        }
        self.require_feature(&(0..0));
        if self.begun && self.found.scenarios.is_empty() {
            self.problems.push(self.found.name.span.clone(), "the feature has no scenarios");
        }
        let mut seen = BTreeMap::new();
        for scenario in &self.found.scenarios {
            let name = &scenario.name;
            if !name.value.is_empty() && seen.insert(name.value.as_str(), ()).is_some() {
                let message = format!("duplicate scenario `{}`", name.value);
                self.problems.push_with_help(
                    name.span.clone(),
                    message,
                    "results refer to scenarios by name: rename one of them",
                );
            }
        }
        self.found.language = self.language.code;
        (self.found, self.problems.finish())
    }
}
