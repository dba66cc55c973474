//! The windows of source that the handlers of miette receive: cut to the width, sanitised, one box each.
//!
//! The graphical handler panics on a column past 65,535 and prints control characters of its source as they are. It never receives a line
//! of a repository: each window contains one sanitised line of at most [`Snippet::WIDTH`] characters.

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::Look;
use crate::{Location, Snippet, sanitise};

/// One line of a file with a label below it.
#[derive(Debug)]
struct Window {
    name: String,
    /// Where the window starts among all; windows do not touch, so that no two are drawn as one.
    offset: usize,
    text: String,
    highlight: std::ops::Range<usize>,
    /// Line and columns of the file, from 0: of the highlight, and of the first character that is shown.
    line: usize,
    column: usize,
    first_column: usize,
    label: Option<String>,
    is_primary: bool,
}

/// The windows of one finding, as a source.
#[derive(Debug, Default)]
pub(super) struct Windows {
    windows: Vec<Window>,
}

impl Windows {
    /// Adds the window of a location, with a label; nothing where the location has no snippet.
    pub(super) fn add(&mut self, location: &Location, label: Option<String>, is_primary: bool, look: &Look) {
        let Some(snippet) = &location.snippet else { return };
        // The handler writes ` NN │ ` before the line.
        let gutter = snippet.line.to_string().len() + 4;
        let snippet = snippet.fit(look.width.saturating_sub(gutter).min(Snippet::WIDTH));
        let ellipsis = look.plain("…");
        let before = if snippet.cut_before { ellipsis.as_str() } else { "" };
        let after = if snippet.cut_after { ellipsis.as_str() } else { "" };
        let mut text = format!("{before}{}{after}", snippet.text);
        if text.is_empty() {
            text.push(' ');
        }
        let highlight = snippet.highlight.start + before.len()..snippet.highlight.end + before.len();
        let column = location.span.map_or(0, |span| span.start.column as usize - 1);
        let shown_before = snippet.text[..snippet.highlight.start].chars().count();
        self.windows.push(Window {
            name: sanitise::path(&location.path),
            offset: self.windows.last().map_or(0, |last| last.offset + last.text.len() + 2),
            text,
            highlight,
            line: snippet.line as usize - 1,
            column,
            first_column: if snippet.cut_before { column.saturating_sub(shown_before) } else { 0 },
            label: label.filter(|label| !label.is_empty()),
            is_primary,
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.windows.is_empty()
    }

    /// Returns whether each window is the primary one, in order.
    pub(super) fn primary(&self) -> impl Iterator<Item = bool> {
        self.windows.iter().map(|window| window.is_primary)
    }

    pub(super) fn labels(&self) -> impl Iterator<Item = LabeledSpan> {
        self.windows.iter().map(|window| {
            let at = window.offset + window.highlight.start;
            let span = SourceSpan::from((at, window.highlight.len()));
            if window.is_primary {
                LabeledSpan::new_primary_with_span(window.label.clone(), span)
            } else {
                LabeledSpan::new_with_span(window.label.clone(), span)
            }
        })
    }
}

impl SourceCode for Windows {
    /// Finds the window that contains `span`. The handlers ask without context for the place to print, and with context for the line.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_before: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        let contains =
            |window: &&Window| span.offset() >= window.offset && end <= window.offset + window.text.len();
        let window = self.windows.iter().find(contains).ok_or(MietteError::OutOfBounds)?;
        let column = if context_before == 0 { window.column } else { window.first_column };
        Ok(Box::new(MietteSpanContents::new_named(
            window.name.clone(),
            window.text.as_bytes(),
            (window.offset, window.text.len()).into(),
            window.line,
            column,
            1,
        )))
    }
}
