//! Findings and failed runs as errors: `std::error::Error` and `miette::Diagnostic`.

use std::fmt::{self, Display};

use miette::{LabeledSpan, MietteError, MietteSpanContents, Severity, SourceCode, SourceSpan, SpanContents};

use crate::address::{self, HOME};
use crate::{Diagnostic, Level, Location, Related, sanitise};

/// Why a check could not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckError {
    /// What prevents the check.
    pub message: String,
    /// How to fix it.
    pub help: Option<String>,
    /// The place, when a file (the policy) is at fault.
    pub location: Option<Location>,
}

impl Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "check could not run: {}", sanitise::text(&self.message))
    }
}

impl std::error::Error for CheckError {}

impl miette::Diagnostic for CheckError {
    fn severity(&self) -> Option<Severity> {
        Some(Severity::Error)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        self.help.as_deref().map(|help| Box::new(sanitise::text(help)) as Box<dyn Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        source_of(self.location.as_ref())
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        labels_of(self.location.as_ref())
    }
}

impl Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&sanitise::text(&self.message))
    }
}

impl std::error::Error for Diagnostic {}

impl miette::Diagnostic for Diagnostic {
    fn code<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        Some(Box::new(format!("{} {}", self.rule.id.code, self.rule.id.name)))
    }

    fn severity(&self) -> Option<Severity> {
        Some(if self.level == Level::Deny { Severity::Error } else { Severity::Warning })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        let lines: Vec<String> = self.help.iter().map(|help| sanitise::text(help)).collect();
        if lines.is_empty() { None } else { Some(Box::new(lines.join("\n"))) }
    }

    fn url<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        HOME.map(|home| Box::new(address::rule_page(home, self.rule.id.code)) as Box<dyn Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        source_of(self.location.as_ref())
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        labels_of(self.location.as_ref())
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        Some(Box::new(self.related.iter().map(|related| related as &dyn miette::Diagnostic)))
    }
}

impl Display for Related {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&sanitise::text(&self.message))?;
        match self.commit {
            Some(commit) => write!(f, " in {}", commit.short()),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Related {}

impl miette::Diagnostic for Related {
    fn severity(&self) -> Option<Severity> {
        Some(Severity::Advice)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        source_of(Some(&self.location))
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        labels_of(Some(&self.location))
    }
}

/// A location is the source of its own snippet, and of nothing else.
impl SourceCode for Location {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let snippet = self.snippet.as_ref().ok_or(MietteError::OutOfBounds)?;
        if span.offset() + span.len() > snippet.text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let (line, column) =
            (snippet.line as usize - 1, self.span.map_or(1, |span| span.start.column) as usize - 1);
        Ok(Box::new(MietteSpanContents::new_named(
            sanitise::path(&self.path),
            snippet.text.as_bytes(),
            (0, snippet.text.len()).into(),
            line,
            column,
            1,
        )))
    }
}

fn source_of(location: Option<&Location>) -> Option<&dyn SourceCode> {
    location.filter(|location| location.snippet.is_some()).map(|location| location as &dyn SourceCode)
}

fn labels_of(location: Option<&Location>) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
    let location = location?;
    let highlight = location.snippet.as_ref()?.highlight.clone();
    let label = location.label.as_deref().map(sanitise::text);
    let span = SourceSpan::from((highlight.start, highlight.len()));
    Some(Box::new(std::iter::once(LabeledSpan::new_primary_with_span(label, span))))
}
