//! Finds the files that the commands in a document refer to.

mod path;
mod programs;
mod reader;
mod session;
mod tokens;

use std::ops::Range;

use artifact::Problem;

use crate::markdown::Markdown;
use crate::{Spanned, problem};
use reader::Reader;
use tokens::Word;

/// The maximum number of files that the commands of one document may refer to; a real document has a few dozen.
const MAX_MENTIONED_FILES: usize = 10_000;

/// Languages of code blocks that contain commands.
const LANGUAGES: [&str; 4] = ["bash", "sh", "shell", "zsh"];

/// Languages of code blocks that contain commands after prompts, and their output.
const SESSIONS: [&str; 6] =
    ["bash-session", "console", "sh-session", "shell-session", "shellsession", "terminal"];

/// A file that a command refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The path relative to the directory in which the commands start: `cd` is taken into account.
    pub path: String,
    /// The byte range of the word that names it.
    pub span: Range<usize>,
    /// How the command uses it.
    pub role: Role,
}

/// How a command uses a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// As input of a redirection.
    Input,
    /// As the program.
    Program,
    /// As an argument.
    Argument,
}

/// Returns the files that the shell code blocks of a document refer to, with ranges in the document.
///
/// A file that an earlier command creates, in any block, is left out. Every block starts in the same directory.
///
/// # Errors
/// When there are more than [`MAX_MENTIONED_FILES`].
pub fn files_of_document(document: &Markdown) -> Result<Vec<Mention>, Problem> {
    let mut reader = Reader::default();
    let mut found = Vec::new();
    for code in &document.code {
        let language = code.language();
        let session = SESSIONS.contains(&language.as_str());
        if !session && !LANGUAGES.contains(&language.as_str()) {
            continue;
        }
        for mention in reader.block(code.text(), session) {
            found.push(Mention { span: code.body.outer(mention.span), ..mention });
        }
        if found.len() > MAX_MENTIONED_FILES {
            return Err(problem(
                code.span.clone(),
                format!("the commands refer to more than {MAX_MENTIONED_FILES} files"),
            ));
        }
    }
    Ok(found)
}

/// Returns the commands in the shell code blocks of a document, with ranges in the document; a word that the shell expands is empty.
#[must_use]
pub fn commands_of_document(document: &Markdown) -> Vec<Vec<Spanned<String>>> {
    let mut found = Vec::new();
    for code in &document.code {
        let language = code.language();
        let session = SESSIONS.contains(&language.as_str());
        if !session && !LANGUAGES.contains(&language.as_str()) {
            continue;
        }
        for words in Reader::default().commands(code.text(), session) {
            let word = |word: Word| {
                let value = if word.literal { word.text } else { String::new() };
                Spanned::new(value, code.body.outer(word.span))
            };
            found.push(words.into_iter().map(word).collect());
        }
    }
    found
}

/// Returns the files that shell code refers to, with ranges in the code.
///
/// If some lines start with the prompt `$ `, only those are commands. Words with variables, patterns or placeholders are skipped.
#[must_use]
pub fn files_of_code(code: &str) -> Vec<Mention> {
    Reader::default().block(code, false)
}

/// Returns the files that the words of one command refer to; no shell expands these words.
#[must_use]
pub fn files_of_words(words: &[Spanned<String>]) -> Vec<Mention> {
    let word = |word: &Spanned<String>| Word {
        text: word.value.clone(),
        span: word.span.clone(),
        literal: true,
        quoted: true,
    };
    Reader::default().words(&words.iter().map(word).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests;
