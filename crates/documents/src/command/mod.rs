//! Which files the commands refer to that a document shows.

mod known;
mod path;
mod session;
mod words;

use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use artifact::Problem;

use crate::markdown::Markdown;
use crate::{At, problem};
use known::{Interpreter, Manner, Switch};
use words::{Redirect, Token, Word, Words};

/// The most files that the commands of one document refer to.
const MOST: usize = 10_000;

/// How deep command substitutions are read; deeper ones say nothing.
const DEEPEST: usize = 4;

/// The longest path that `cd` is followed along, in bytes.
const FARTHEST: usize = 256;

/// Languages of blocks that hold commands.
const LANGUAGES: [&str; 4] = ["bash", "sh", "shell", "zsh"];

/// Languages of blocks that hold commands behind prompts, and what they print.
const SESSIONS: [&str; 6] =
    ["bash-session", "console", "sh-session", "shell-session", "shellsession", "terminal"];

/// A file that a command refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Where it lies, from where the commands begin: `cd` was followed.
    pub path: String,
    /// The word that names it.
    pub span: Range<usize>,
    /// What it is to the command.
    pub role: Role,
}

/// What a file is to a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It is read from a redirection.
    Input,
    /// It is run.
    Program,
    /// It is a word among others.
    Argument,
}

/// Returns the files that the shell blocks of a document refer to, with places in the document.
///
/// What an earlier command makes, in whichever block, need not be there. Each block begins where the document's reader stands.
///
/// # Errors
/// When there are more than a document has.
pub fn of_document(document: &Markdown) -> Result<Vec<Mention>, Problem> {
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
        if found.len() > MOST {
            return Err(problem(code.span.clone(), format!("the commands name more than {MOST} files")));
        }
    }
    Ok(found)
}

/// Returns the files that shell code refers to, with places in the code.
///
/// Where lines begin with the prompt `$ `, only those are commands. Words with variables, patterns or placeholders are not judged.
#[must_use]
pub fn files(code: &str) -> Vec<Mention> {
    Reader::default().block(code, false)
}

/// Returns the files that the words of one command refer to, which no shell reads.
#[must_use]
pub fn files_of_words(words: &[At<String>]) -> Vec<Mention> {
    let word = |word: &At<String>| Word {
        text: word.value.clone(),
        span: word.span.clone(),
        literal: true,
        quoted: true,
    };
    let mut reader = Reader::default();
    reader.command(&words.iter().map(word).collect::<Vec<_>>(), &mut Some("".into()));
    reader.found
}

#[derive(Default)]
struct Reader {
    /// What earlier commands made.
    made: BTreeSet<String>,
    found: Vec<Mention>,
}

/// Where a command runs, from where the code begins; `None` where that is not known.
type Directory = Option<Rc<str>>;

impl Reader {
    fn block(&mut self, code: &str, session: bool) -> Vec<Mention> {
        if !session && !session::is_one(code) {
            return self.code(code);
        }
        let commands = session::commands_of(code);
        let found = self.code(commands.text());
        found.into_iter().map(|mention| Mention { span: commands.outer(mention.span), ..mention }).collect()
    }

    fn code(&mut self, code: &str) -> Vec<Mention> {
        let mut pending = vec![(0..code.len(), Some("".into()), 0)];
        while let Some((range, mut directory, depth)) = pending.pop() {
            let mut words = Words::new(code, range);
            let mut command: Vec<Word> = Vec::new();
            // A subshell's `cd` ends with it.
            let mut left: Vec<Directory> = Vec::new();
            loop {
                let token = words.next();
                let nested = words.nested.drain(..).filter(|_| depth < DEEPEST);
                pending.extend(nested.map(|range| (range, directory.clone(), depth + 1)));
                match token {
                    Some(Token::Word(word)) => command.push(word),
                    Some(Token::Redirect(redirect)) => {
                        if let Some(Token::Word(word)) = words.next() {
                            self.redirect(redirect, &word, &directory);
                        }
                    }
                    end => {
                        self.command(&command, &mut directory);
                        command.clear();
                        match end {
                            Some(Token::Open) => left.push(directory.clone()),
                            Some(Token::Close) => directory = left.pop().unwrap_or(directory),
                            Some(_) => {}
                            None => break,
                        }
                    }
                }
            }
        }
        self.found.sort_by_key(|mention| mention.span.start);
        std::mem::take(&mut self.found)
    }

    fn redirect(&mut self, redirect: Redirect, word: &Word, directory: &Directory) {
        match redirect {
            Redirect::Input => self.mention(word, 0, Role::Input, directory),
            Redirect::Output => self.make(&word.text, directory),
            Redirect::Other => {}
        }
    }

    /// Judges one command: its words without redirections.
    fn command(&mut self, words: &[Word], directory: &mut Directory) {
        let mut words = words;
        while let [first, rest @ ..] = words {
            if !known::stands_before(&first.text) && !is_assignment(first) {
                break;
            }
            words = rest;
        }
        // What runs the rest of the line takes options and a number before it: `timeout 5`, `env A=b`, `sudo -E`.
        while let [first, rest @ ..] = words
            && known::wraps(&first.text)
        {
            let own = |word: &&Word| {
                let number = word.text.starts_with(|c: char| c.is_ascii_digit());
                word.text.starts_with('-') || is_assignment(word) || number
            };
            words = &rest[rest.iter().take_while(own).count()..];
        }
        match words {
            [tool, run, rest @ ..] if run.text == "run" && known::runs(&tool.text) => {
                self.simple(rest, directory)
            }
            _ => self.simple(words, directory),
        }
    }

    fn simple(&mut self, words: &[Word], directory: &mut Directory) {
        let [program, rest @ ..] = words else { return };
        if program.text == "cd" {
            *directory = rest.first().and_then(|word| go(directory.as_deref()?, word));
            return;
        }
        let (length, manner) = known::manner(&program.text, words.get(1).map(|word| word.text.as_str()));
        if program.text.contains('/') {
            self.mention(program, 0, Role::Program, directory);
        }
        if matches!(program.text.as_str(), "pushd" | "popd") {
            *directory = None;
        }
        let rest = &words[length.min(words.len())..];
        let rest = match manner {
            Manner::Interprets(interpreter) => self.script(interpreter, rest, directory),
            _ => rest,
        };
        self.arguments(&program.text, manner, rest, directory);
    }

    /// Judges the script that an interpreter is given; returns the words behind it.
    fn script<'w>(
        &mut self,
        interpreter: Interpreter,
        words: &'w [Word],
        directory: &Directory,
    ) -> &'w [Word] {
        let mut words = words;
        while let [first, rest @ ..] = words {
            if !first.text.starts_with(['-', '+']) {
                self.mention(first, 0, Role::Program, directory);
                return rest;
            }
            words = match interpreter.switch(&first.text) {
                Switch::Alone if first.text == "-" => return rest,
                Switch::Alone => rest,
                Switch::Value => rest.get(1..).unwrap_or_default(),
                Switch::Program => return rest.get(1..).unwrap_or_default(),
            };
        }
        words
    }

    fn arguments(&mut self, program: &str, manner: Manner, words: &[Word], directory: &Directory) {
        let is_option = |word: &Word| word.text.starts_with('-');
        let named = words.iter().filter(|word| !is_option(word)).count();
        // With the pattern in an option, the first word is a file.
        let apart =
            words.iter().any(|word| matches!(word.text.as_str(), "-e" | "-f" | "--expression" | "--regexp"));
        let mut seen = 0;
        let mut before = "";
        for word in words {
            let behind = std::mem::replace(&mut before, &word.text);
            if is_option(word) {
                if let Some((option, value)) = word.text.split_once('=') {
                    let ahead = option.len() + 1;
                    match known::is_output(option) {
                        true => self.make(value, directory),
                        false => self.argument(word, ahead, manner, directory),
                    }
                }
                continue;
            }
            seen += 1;
            let is_made = match manner {
                Manner::Makes => true,
                Manner::MakesLast => seen == named && named > 1,
                _ => known::is_output(behind),
            };
            if is_made {
                self.make(made_by(program, &word.text), directory);
                continue;
            }
            let pattern = manner == Manner::Filter && seen == 1 && !apart;
            match data_file(program, &word.text) {
                _ if pattern => {}
                Some(ahead) => self.mention(word, ahead, Role::Argument, directory),
                None => self.argument(word, 0, manner, directory),
            }
        }
    }

    fn argument(&mut self, word: &Word, ahead: usize, manner: Manner, directory: &Directory) {
        let text = &word.text[ahead..];
        let judged = match manner {
            Manner::Silent => false,
            Manner::Fetches => path::is_dotted(text),
            _ => path::looks_like_one(text),
        };
        if judged {
            self.mention(word, ahead, Role::Argument, directory);
        }
    }

    /// Adds the file that a word names behind its first `ahead` bytes, if it can name one.
    fn mention(&mut self, word: &Word, ahead: usize, role: Role, directory: &Directory) {
        let Some(directory) = directory else { return };
        let text = &word.text[ahead..];
        if !word.literal || !path::can_be_one(text) {
            return;
        }
        let path = join(directory, text);
        if self.is_made(&path) {
            return;
        }
        // Quotes and escapes make bytes of the word and of the code differ.
        let ahead = if word.quoted || word.span.len() != word.text.len() { 0 } else { ahead };
        self.found.push(Mention { path, span: word.span.start + ahead..word.span.end, role });
    }

    fn make(&mut self, text: &str, directory: &Directory) {
        if let Some(directory) = directory.as_ref().filter(|_| path::can_be_one(text)) {
            self.made.insert(path::plain(&join(directory, text)));
        }
    }

    /// Tells whether a file, or a folder it lies in, was made before.
    fn is_made(&self, path: &str) -> bool {
        let path = path::plain(path);
        let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        folders.chain([path.as_str()]).any(|path| self.made.contains(path))
    }
}

fn is_assignment(word: &Word) -> bool {
    let Some((name, _)) = word.text.split_once('=') else { return false };
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    letters && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

/// Follows `cd`; `None` where it leads to what is not known.
fn go(directory: &str, word: &Word) -> Directory {
    let known = word.literal
        && (path::can_be_one(&word.text) || matches!(word.text.as_str(), "." | ".." | "./" | "../"));
    let path = known.then(|| join(directory, word.text.trim_end_matches('/')));
    path.filter(|path| path.len() <= FARTHEST).map(Rc::from)
}

fn join(directory: &str, path: &str) -> String {
    if directory.is_empty() { path.into() } else { format!("{directory}/{path}") }
}

/// What `git clone` makes of an address is named like its end.
fn made_by<'w>(program: &str, word: &'w str) -> &'w str {
    match program == "git" && word.contains(['/', ':']) {
        true => word.rsplit(['/', ':']).next().map_or(word, |name| name.strip_suffix(".git").unwrap_or(name)),
        false => word,
    }
}

/// Returns where the path begins in `@file` and `name=@file`, as tools that send requests have it.
fn data_file(program: &str, word: &str) -> Option<usize> {
    let at = word.find('@').filter(|at| *at == 0 || word[..*at].ends_with('='))?;
    (matches!(program, "curl" | "gh" | "grpcurl" | "http" | "xh") && word.len() > at + 1).then_some(at + 1)
}

#[cfg(test)]
mod tests;
