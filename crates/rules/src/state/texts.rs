//! A plugin's texts, read once for every rule that asks: its Markdown, probes, scenarios, budgets and results.

use std::ops::Range;

use artifact::{Problem, Syntax, Value};
use diagnostic::{Diagnostic, Location, Related, RuleInfo};
use documents::budget::{self, BUDGETS, Operations, RESULTS, Results};
use documents::feature::{self, Feature};
use documents::markdown::{self, Markdown};
use documents::probe::{self, Healthcheck};
use generate::plugin::snapshot::{Resolved, read};
use generate::plugin::{HEALTH, SNAPSHOT, Standing};
use policy::Section;
use snapshot::{Error, Mode, Node, RepoPath, Result, Snapshot};

use super::{Document, Plugin, StateContext, in_plugin};

/// The most bytes of a plugin's texts together; policy usually allows a plugin less.
const MOST_BYTES: usize = 32 << 20;

/// A plugin's texts.
#[derive(Default)]
pub(crate) struct Texts {
    /// Its Markdown, in the order of the paths.
    pub(crate) pages: Vec<Text<Markdown>>,
    /// Its health check, where its Markdown can be read.
    pub(crate) health: Option<Text<Healthcheck>>,
    /// Its features, in the order of the paths.
    pub(crate) features: Vec<Text<Feature>>,
    /// Its performance budgets.
    pub(crate) budgets: Option<Text<Operations>>,
    /// What a conformance run recorded.
    pub(crate) results: Option<Text<Results>>,
    /// The policy that its version was made under; `None` where its snapshot is none, which is told elsewhere.
    pub(crate) frozen: Option<Frozen>,
}

/// A text, and what it was read as.
pub(crate) struct Text<T> {
    pub(crate) path: RepoPath,
    pub(crate) source: Vec<u8>,
    /// What it says, as far as it can be read.
    pub(crate) read: T,
    pub(crate) problems: Vec<Problem>,
}

/// The policy that a plugin's version was made under, as its snapshot says it.
pub(crate) struct Frozen {
    document: Document,
    resolved: Resolved,
}

impl StateContext<'_> {
    /// Reads a plugin's texts.
    pub(crate) fn texts<'p>(&self, plugin: &'p Plugin) -> Result<&'p Texts> {
        if let Some(known) = plugin.texts.get() {
            return Ok(known);
        }
        let texts = self.read_texts(plugin)?;
        Ok(plugin.texts.get_or_init(|| texts))
    }

    fn read_texts(&self, plugin: &Plugin) -> Result<Texts> {
        let standing = self.derived(plugin)?.map(|derived| &derived.standing);
        let mut opener = Opener { head: self.head, standing, left: MOST_BYTES };
        let mut texts = Texts::default();
        for (inside, node) in &plugin.files {
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
        let health = plugin.path(HEALTH.as_bytes());
        let readable = texts.pages.iter().find(|page| page.path == health && page.problems.is_empty());
        texts.health = readable.map(|page| {
            let (read, problems) = probe::read(std::str::from_utf8(&page.source).unwrap_or_default());
            Text { path: health, source: page.source.clone(), read, problems }
        });
        let snapshot = Document::open(self.head, &plugin.path(SNAPSHOT.as_bytes()))?;
        texts.frozen = snapshot.and_then(|document| {
            let resolved = read(&document.text).ok()?;
            Some(Frozen { document, resolved })
        });
        Ok(texts)
    }

    /// Reads the judged documents that are Markdown; those of a judged plugin are among its own.
    pub(crate) fn pages(&self) -> Vec<Text<Markdown>> {
        let is_a_plugins = |path: &RepoPath| {
            in_plugin(path).is_some_and(|directory| match self.changes {
                Some(_) => self.plugins.iter().any(|plugin| plugin.directory == directory),
                None => self.index.plugin(directory.name()).is_some(),
            })
        };
        let documents = self.documents.iter().filter(|document| {
            Syntax::of_path(&document.path) == Some(Syntax::FrontMatter) && !is_a_plugins(&document.path)
        });
        let pages = documents.map(|document| {
            let (read, problems) = page(&document.text);
            Text { path: document.path.clone(), source: document.text.clone(), read, problems }
        });
        pages.collect()
    }
}

fn page(source: &[u8]) -> (Markdown, Vec<Problem>) {
    match documents::decode_text(source).and_then(markdown::read) {
        Ok(markdown) => (markdown, Vec::new()),
        Err(problem) => (Markdown::default(), vec![problem]),
    }
}

/// Reads texts within what is left of the bounds.
struct Opener<'o> {
    head: &'o dyn Snapshot,
    /// The plugin's bytes, where they are at hand.
    standing: Option<&'o Standing>,
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
        let at_hand = std::str::from_utf8(inside).ok().and_then(|inside| self.standing?.files.get(inside));
        let found = match at_hand {
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
            true => format!("the plugin's texts are longer than {MOST_BYTES} bytes together"),
            false => {
                format!("the text is {size} bytes long, and the limit is {}", documents::MAX_DOCUMENT_BYTES)
            }
        }))
    }
}

impl<T> Text<T> {
    /// Points at a range of the text.
    pub(crate) fn place(&self, span: Range<usize>) -> Location {
        Location::at(&self.path, &self.source, span)
    }

    /// Puts a problem of the text into a rule's diagnostic.
    pub(crate) fn tell(&self, rule: &'static RuleInfo, problem: &Problem) -> Diagnostic {
        let place = match self.source.is_empty() {
            true => Location::of(&self.path),
            false => self.place(problem.span.clone()).with_pointer(problem.pointer.clone()),
        };
        let diagnostic = Diagnostic::new(rule, problem.message.clone()).at(place);
        match &problem.help {
            Some(help) => diagnostic.help(help.clone()),
            None => diagnostic,
        }
    }
}

impl Frozen {
    /// Returns a number that was set.
    pub(crate) fn number(&self, section: Section, name: &str) -> Option<i64> {
        self.resolved.number(section.name(), name)
    }

    /// Returns the numbers of a section, by name.
    pub(crate) fn numbers(&self, section: Section) -> Vec<(&str, i64)> {
        self.resolved.numbers(section.name())
    }

    /// Tells whether something is demanded.
    pub(crate) fn demands(&self, section: Section, name: &str) -> bool {
        self.value(section, name).and_then(Value::as_bool) == Some(true)
    }

    /// Shows where a value is said.
    pub(crate) fn says(&self, section: Section, name: &str) -> Related {
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
