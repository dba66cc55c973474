//! How a report for people looks: one palette, two character sets, the width and the links.

use miette::{GraphicalTheme, ThemeCharacters, ThemeStyles};
use owo_colors::{OwoColorize as _, Style};

/// The role of a piece of text, which decides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// An error: red.
    Error,
    /// A warning: yellow.
    Warning,
    /// A success: green.
    Success,
    /// Help: cyan.
    Help,
    /// A secondary label, a frame: blue.
    Secondary,
    /// A heading: bold.
    Strong,
    /// Something less important: dimmed.
    Faint,
}

impl Tone {
    fn style(self) -> Style {
        let style = Style::new();
        match self {
            Tone::Error => style.red().bold(),
            Tone::Warning => style.yellow().bold(),
            Tone::Success => style.green().bold(),
            Tone::Help => style.cyan(),
            Tone::Secondary => style.blue(),
            Tone::Strong => style.bold(),
            Tone::Faint => style.dimmed(),
        }
    }
}

/// How a report for people looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether to colour.
    pub color: bool,
    /// Whether to draw with Unicode characters; ASCII otherwise.
    pub unicode: bool,
    /// The width in columns.
    pub width: usize,
    /// Whether codes are OSC 8 links, where they have an address.
    pub links: bool,
}

impl Default for Look {
    /// Neither colour nor links, Unicode, 120 columns: what a pipe gets.
    fn default() -> Look {
        Look { color: false, unicode: true, width: Look::DEFAULT_WIDTH, links: false }
    }
}

impl Look {
    /// The width without a terminal.
    pub const DEFAULT_WIDTH: usize = 120;

    /// Colours a string.
    #[must_use]
    pub fn paint(&self, tone: Tone, text: &str) -> String {
        if self.color { text.style(tone.style()).to_string() } else { text.into() }
    }

    /// Returns the mark of a line about something that passed, needs attention or failed.
    #[must_use]
    pub fn mark(&self, tone: Tone) -> &'static str {
        match (tone, self.unicode) {
            (Tone::Success, true) => "✓",
            (Tone::Success, false) => "ok",
            (Tone::Error, true) => "✗",
            (Tone::Error, false) => "x",
            (Tone::Help, _) => "?",
            _ => "!",
        }
    }

    /// Replaces the characters that our own texts use beyond ASCII, where only ASCII is wanted.
    #[must_use]
    pub fn plain(&self, text: &str) -> String {
        if self.unicode {
            text.into()
        } else {
            text.replace('…', "...").replace('→', "->").replace('–', "-")
        }
    }

    /// Makes a string a link (OSC 8), if links are enabled.
    #[must_use]
    pub fn link(&self, address: Option<&str>, text: &str) -> String {
        match address.filter(|_| self.links) {
            Some(address) => format!("\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\"),
            None => text.into(),
        }
    }

    /// Returns the theme of the graphical handler; `labels` are the styles of the labels in the order of their lines.
    pub(super) fn theme(&self, labels: Vec<Tone>) -> GraphicalTheme {
        let style = |tone: Tone| if self.color { tone.style() } else { Style::new() };
        let mut characters = if self.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
        characters.warning = "!".into();
        characters.advice = if self.unicode { "›".into() } else { ">".into() };
        let highlights: Vec<Style> = labels.into_iter().map(style).collect();
        let styles = ThemeStyles {
            error: style(Tone::Error),
            warning: style(Tone::Warning),
            advice: style(Tone::Secondary),
            help: style(Tone::Help),
            link: style(Tone::Strong),
            linum: style(Tone::Faint),
            highlights: if highlights.is_empty() { vec![Style::new()] } else { highlights },
        };
        GraphicalTheme { characters, styles }
    }
}
