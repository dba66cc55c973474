//! A plugin's texts, read once for every rule that needs them: its Markdown, probes, scenarios, budgets and results.

use std::collections::BTreeMap;
use std::ops::Range;

use artifact::{Problem, Syntax, Value};
use diagnostic::{Diagnostic, Location, Related, RuleInfo};
use documents::budget::{self, BUDGETS, Operations, RESULTS, Results};
use documents::feature::{self, Feature};
use documents::markdown::{self, Markdown};
use documents::probe::{self, Healthcheck};
use plugin_files::policy_snapshot::{PolicySnapshot, read};
use plugin_files::{HEALTH, PluginFiles, SNAPSHOT};
use policy::Section;
use snapshot::{Error, Mode, Node, RepoPath, Result, Snapshot};

use super::Document;

/// The size limit of all texts of a plugin; policies usually allow less.
const MAX_TEXTS_BYTES: usize = 32 << 20;

/// A plugin's texts.
#[derive(Default)]
pub struct Texts {
    /// Its Markdown, in the order of the paths.
    pub pages: Vec<Text<Markdown>>,
    /// Its health check, where its Markdown can be read.
    pub health: Option<Text<Healthcheck>>,
    /// Its features, in the order of the paths.
    pub features: Vec<Text<Feature>>,
    /// Its performance budgets.
    pub budgets: Option<Text<Operations>>,
    /// The results of a conformance run.
    pub results: Option<Text<Results>>,
    /// The policy of its version; `None` where its policy snapshot is invalid, which another rule reports.
    pub frozen: Option<Frozen>,
}

/// A parsed text.
pub struct Text<T> {
    /// Its path.
    pub path: RepoPath,
    /// Its bytes.
    pub source: Vec<u8>,
    /// The parsed value, as far as it can be read.
    pub read: T,
    /// Why it cannot be read, or not completely.
    pub problems: Vec<Problem>,
}

/// The policy of a plugin's version, from its policy snapshot.
pub struct Frozen {
    document: Document,
    resolved: PolicySnapshot,
}

impl Texts {
    /// Reads the texts of a plugin; `known` are its files where they were read before.
    pub(super) fn read(
        head: &dyn Snapshot,
        directory: &RepoPath,
        files: &BTreeMap<Vec<u8>, Node>,
        known: Option<&PluginFiles>,
    ) -> Result<Texts> {
        let mut opener = Opener { head, known, left: MAX_TEXTS_BYTES };
        let mut texts = Texts::default();
        for (inside, node) in files {
            if !matches!(node.object.mode, Mode::File | Mode::Executable) {
                continue;
            }
            let is_feature = inside.ends_with(b".feature")
                && (inside.starts_with(b"conformance/") || inside.starts_with(b"tests/"));
            if Syntax::of_path(&node.path) == Some(Syntax::FrontMatter) {
                texts.pages.push(opener.open(inside, node, page)?);
            } else if is_feature {
                texts.features.push(opener.open(inside, node, |source| {
                    match documents::decode_text(source) {
                        Ok(text) => feature::read(text),
                        Err(problem) => (Feature::default(), vec![problem]),
                    }
                })?);
            } else if inside == BUDGETS.as_bytes() {
                texts.budgets = Some(opener.open(inside, node, budget::read_budgets)?);
            } else if inside == RESULTS.as_bytes() {
                texts.results = Some(opener.open(inside, node, budget::read_results)?);
            }
        }
        let health = directory.join(HEALTH.as_bytes());
        let readable = texts.pages.iter().find(|page| page.path == health && page.problems.is_empty());
        texts.health = readable.map(|page| {
            let (read, problems) = probe::read(std::str::from_utf8(&page.source).unwrap_or_default());
            Text { path: health, source: page.source.clone(), read, problems }
        });
        let snapshot = Document::open(head, &directory.join(SNAPSHOT.as_bytes()))?;
        texts.frozen = snapshot.and_then(|document| {
            let resolved = read(&document.text).ok()?;
            Some(Frozen { document, resolved })
        });
        Ok(texts)
    }
}

impl Text<Markdown> {
    /// Reads a document as Markdown.
    pub(super) fn of_document(document: &Document) -> Text<Markdown> {
        Text::of_page(document.path.clone(), document.text.clone())
    }

    /// Reads a file as Markdown.
    pub(super) fn of_page(path: RepoPath, source: Vec<u8>) -> Text<Markdown> {
        let (read, problems) = page(&source);
        Text { path, source, read, problems }
    }
}

fn page(source: &[u8]) -> (Markdown, Vec<Problem>) {
    match documents::decode_text(source).and_then(markdown::read) {
        Ok(markdown) => (markdown, Vec::new()),
        Err(problem) => (Markdown::default(), vec![problem]),
    }
}

/// Reads texts within the remaining size limit.
struct Opener<'o> {
    head: &'o dyn Snapshot,
    /// The plugin's files, where they were read before.
    known: Option<&'o PluginFiles>,
    left: usize,
}

impl Opener<'_> {
    fn open<T: Default>(
        &mut self,
        inside: &[u8],
        node: &Node,
        read: impl FnOnce(&[u8]) -> (T, Vec<Problem>),
    ) -> Result<Text<T>> {
        let path = node.path.clone();
        Ok(match self.bytes(inside, node)? {
            Ok(source) => {
                let (read, problems) = read(&source);
                Text { path, source, read, problems }
            }
            Err(message) => {
                let problem = Problem { pointer: String::new(), span: 0..0, message, help: None };
                Text { path, source: Vec::new(), read: T::default(), problems: vec![problem] }
            }
        })
    }

    fn bytes(&mut self, inside: &[u8], node: &Node) -> Result<std::result::Result<Vec<u8>, String>> {
        let limit = self.left.min(documents::MAX_DOCUMENT_BYTES);
        let known = std::str::from_utf8(inside).ok().and_then(|inside| self.known?.files.get(inside));
        let found = match known {
            Some(bytes) if bytes.len() <= limit => Ok(bytes.clone()),
            Some(bytes) => Err(bytes.len() as u64),
            None => match self.head.read(node, limit as u64) {
                Err(Error::TooLarge { size, .. }) => Err(size),
                other => Ok(other?),
            },
        };
        if let Ok(bytes) = &found {
            self.left -= bytes.len();
        }
        Ok(found.map_err(|size| match limit < documents::MAX_DOCUMENT_BYTES {
            true => format!("the plugin's texts are longer than {MAX_TEXTS_BYTES} bytes together"),
            false => {
                format!("the text is {size} bytes long, and the limit is {}", documents::MAX_DOCUMENT_BYTES)
            }
        }))
    }
}

impl<T> Text<T> {
    /// Returns the place of a range of the text.
    #[must_use]
    pub fn place(&self, span: Range<usize>) -> Location {
        Location::at(&self.path, &self.source, span)
    }

    /// Returns a problem of the text as a finding of a rule.
    #[must_use]
    pub fn to_diagnostic(&self, rule: &'static RuleInfo, problem: &Problem) -> Diagnostic {
        let place = if self.source.is_empty() {
            Location::of(&self.path)
        } else {
            self.place(problem.span.clone()).with_pointer(problem.pointer.clone())
        };
        let diagnostic = Diagnostic::new(rule, problem.message.clone()).at(place);
        let help = problem.help.clone();
        diagnostic.help(help.unwrap_or_else(|| format!("id-guard explain {}", rule.id.code)))
    }
}

impl Frozen {
    /// Returns a number that is set.
    #[must_use]
    pub fn number(&self, section: Section, name: &str) -> Option<i64> {
        self.resolved.number(section.name(), name)
    }

    /// Returns the numbers of a section, by name.
    #[must_use]
    pub fn numbers(&self, section: Section) -> Vec<(&str, i64)> {
        self.resolved.numbers(section.name())
    }

    /// Returns the names of an array that is set.
    #[must_use]
    pub fn names(&self, section: Section, name: &str) -> Vec<&str> {
        let list = self.value(section, name).and_then(Value::as_list).unwrap_or_default();
        list.iter().filter_map(Value::as_str).collect()
    }

    /// Returns whether a setting is required.
    #[must_use]
    pub fn requires(&self, section: Section, name: &str) -> bool {
        self.value(section, name).and_then(Value::as_bool) == Some(true)
    }

    /// Returns whether a report or file must exist: the value is `required`.
    #[must_use]
    pub fn demands(&self, section: Section, name: &str) -> bool {
        self.value(section, name).and_then(Value::as_str) == Some(policy::presence(true))
    }

    /// Shows where a value is set.
    #[must_use]
    pub fn origin(&self, section: Section, name: &str) -> Related {
        let shown = self.value(section, name).map(Value::show).unwrap_or_default();
        Related {
            location: self.document.place(&pointer(section, name)),
            commit: None,
            message: format!("{}.{name} is {shown} here", section.name()),
        }
    }

    fn value(&self, section: Section, name: &str) -> Option<&Value> {
        self.document.value.as_ref().ok()?.pointer(&pointer(section, name))
    }
}

fn pointer(section: Section, name: &str) -> String {
    format!("/{}/{name}/value", section.name())
}
