//! Reads commands one after the other, and follows the current directory and the files that they create.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::programs::{ArgumentSemantics, Interpreter, OptionKind};
use super::tokens::{Redirect, Token, Tokenizer, Word};
use super::{Mention, Role, path, programs, session};

/// How deep command substitutions are read; deeper ones are ignored.
const MAX_SUBSTITUTION_DEPTH: usize = 4;

/// The longest directory that `cd` is followed into: it bounds the work of a document full of `cd` commands.
const MAX_CD_PATH_BYTES: usize = 256;

/// Collects the files that commands refer to.
#[derive(Default)]
pub(super) struct Reader {
    /// The files and directories that earlier commands created.
    created: BTreeSet<String>,
    found: Vec<Mention>,
    /// The words of each command, without those before its program.
    commands: Vec<Vec<Word>>,
}

/// The directory of a command, relative to the one in which the code starts; `None` if it is unknown.
type Directory = Option<Rc<str>>;

impl Reader {
    /// Reads a code block; in a session only the lines with a prompt are commands.
    pub(super) fn block(&mut self, code: &str, session: bool) -> Vec<Mention> {
        if !session && !session::is_session(code) {
            return self.code(code);
        }
        let commands = session::commands(code);
        let found = self.code(commands.text());
        found.into_iter().map(|mention| Mention { span: commands.outer(mention.span), ..mention }).collect()
    }

    /// Reads a code block; returns its commands.
    pub(super) fn commands(mut self, code: &str, session: bool) -> Vec<Vec<Word>> {
        if !session && !session::is_session(code) {
            self.code(code);
            return self.commands;
        }
        let inner = session::commands(code);
        self.code(inner.text());
        let outer = |word: Word| Word { span: inner.outer(word.span), ..word };
        self.commands.into_iter().map(|words| words.into_iter().map(outer).collect()).collect()
    }

    /// Reads the words of one command.
    pub(super) fn words(mut self, words: &[Word]) -> Vec<Mention> {
        self.command(words, &mut Some("".into()));
        self.found
    }

    fn code(&mut self, code: &str) -> Vec<Mention> {
        let mut pending = vec![(0..code.len(), Some("".into()), 0)];
        while let Some((range, mut directory, depth)) = pending.pop() {
            let mut tokenizer = Tokenizer::new(code, range);
            let mut command: Vec<Word> = Vec::new();
            // The directories to return to at the end of each subshell.
            let mut outer: Vec<Directory> = Vec::new();
            loop {
                let token = tokenizer.next();
                let nested = tokenizer.nested.drain(..).filter(|_| depth < MAX_SUBSTITUTION_DEPTH);
                pending.extend(nested.map(|range| (range, directory.clone(), depth + 1)));
                match token {
                    Some(Token::Word(word)) => command.push(word),
                    Some(Token::Redirect(redirect)) => {
                        if let Some(Token::Word(word)) = tokenizer.next() {
                            self.redirect(redirect, &word, &directory);
                        }
                    }
                    end => {
                        self.command(&command, &mut directory);
                        command.clear();
                        match end {
                            Some(Token::Open) => outer.push(directory.clone()),
                            Some(Token::Close) => directory = outer.pop().unwrap_or(directory),
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
            Redirect::Output => self.create(&word.text, directory),
            Redirect::Other => {}
        }
    }

    /// Reads one command: its words without redirections.
    fn command(&mut self, words: &[Word], directory: &mut Directory) {
        let mut words = words;
        while let [first, rest @ ..] = words {
            if !programs::precedes_command(&first.text) && !is_assignment(first) {
                break;
            }
            words = rest;
        }
        // A wrapper can have options, assignments and a number before the command: `timeout 5`, `env A=b`, `sudo -E`.
        while let [first, rest @ ..] = words
            && programs::is_wrapper(&first.text)
        {
            let own = |word: &&Word| {
                let number = word.text.starts_with(|c: char| c.is_ascii_digit());
                word.text.starts_with('-') || is_assignment(word) || number
            };
            words = &rest[rest.iter().take_while(own).count()..];
        }
        match words {
            [tool, run, rest @ ..] if run.text == "run" && programs::is_runner(&tool.text) => {
                self.simple(rest, directory)
            }
            _ => self.simple(words, directory),
        }
    }

    fn simple(&mut self, words: &[Word], directory: &mut Directory) {
        let [program, rest @ ..] = words else { return };
        self.commands.push(words.to_vec());
        if program.text == "cd" {
            *directory = rest.first().and_then(|word| change_directory(directory.as_deref()?, word));
            return;
        }
        let (length, semantics) =
            programs::semantics(&program.text, words.get(1).map(|word| word.text.as_str()));
        if program.text.contains('/') {
            self.mention(program, 0, Role::Program, directory);
        }
        if matches!(program.text.as_str(), "pushd" | "popd") {
            *directory = None;
        }
        let rest = &words[length.min(words.len())..];
        let rest = match semantics {
            ArgumentSemantics::Script(interpreter) => self.script(interpreter, rest, directory),
            _ => rest,
        };
        self.arguments(&program.text, semantics, rest, directory);
    }

    /// Reads the script of an interpreter; returns the words after it.
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
            words = match interpreter.option_kind(&first.text) {
                OptionKind::Flag if first.text == "-" => return rest,
                OptionKind::Flag => rest,
                OptionKind::TakesValue => rest.get(1..).unwrap_or_default(),
                OptionKind::TakesProgram => return rest.get(1..).unwrap_or_default(),
            };
        }
        words
    }

    fn arguments(
        &mut self,
        program: &str,
        semantics: ArgumentSemantics,
        words: &[Word],
        directory: &Directory,
    ) {
        let is_option = |word: &Word| word.text.starts_with('-');
        let named = words.iter().filter(|word| !is_option(word)).count();
        // If the pattern is in an option, the first word is a file.
        let pattern_in_option =
            words.iter().any(|word| matches!(word.text.as_str(), "-e" | "-f" | "--expression" | "--regexp"));
        let mut seen = 0;
        let mut before = "";
        for word in words {
            let previous = std::mem::replace(&mut before, &word.text);
            if is_option(word) {
                if let Some((option, value)) = word.text.split_once('=') {
                    let ahead = option.len() + 1;
                    if programs::is_output(option) {
                        self.create(value, directory);
                    } else {
                        self.argument(word, ahead, semantics, directory);
                    }
                }
                continue;
            }
            seen += 1;
            let is_output = match semantics {
                ArgumentSemantics::Outputs => true,
                ArgumentSemantics::LastIsOutput => seen == named && named > 1,
                _ => programs::is_output(previous),
            };
            if is_output {
                self.create(created_by(program, &word.text), directory);
                continue;
            }
            let pattern = semantics == ArgumentSemantics::PatternFirst && seen == 1 && !pattern_in_option;
            match data_file(program, &word.text) {
                _ if pattern => {}
                Some(ahead) => self.mention(word, ahead, Role::Argument, directory),
                None => self.argument(word, 0, semantics, directory),
            }
        }
    }

    fn argument(&mut self, word: &Word, ahead: usize, semantics: ArgumentSemantics, directory: &Directory) {
        let text = &word.text[ahead..];
        let is_file = match semantics {
            ArgumentSemantics::Ignored => false,
            ArgumentSemantics::Remote => path::is_dotted(text),
            _ => path::looks_like_path(text),
        };
        if is_file {
            self.mention(word, ahead, Role::Argument, directory);
        }
    }

    /// Adds the file that a word names after its first `ahead` bytes, if it can name one.
    fn mention(&mut self, word: &Word, ahead: usize, role: Role, directory: &Directory) {
        let Some(directory) = directory else { return };
        let text = &word.text[ahead..];
        if !word.literal || !path::can_be_path(text) {
            return;
        }
        let path = join(directory, text);
        if self.is_created(&path) {
            return;
        }
        // With quotes or escapes, offsets in the word are not offsets in the code.
        let ahead = if word.quoted || word.span.len() != word.text.len() { 0 } else { ahead };
        self.found.push(Mention { path, span: word.span.start + ahead..word.span.end, role });
    }

    fn create(&mut self, text: &str, directory: &Directory) {
        if let Some(directory) = directory.as_ref().filter(|_| path::can_be_path(text)) {
            self.created.insert(path::normalize(&join(directory, text)));
        }
    }

    /// Returns whether an earlier command created a file, or a directory that contains it.
    fn is_created(&self, path: &str) -> bool {
        let path = path::normalize(path);
        let directories = path.match_indices('/').map(|(at, _)| &path[..at]);
        directories.chain([path.as_str()]).any(|path| self.created.contains(path))
    }
}

fn is_assignment(word: &Word) -> bool {
    let Some((name, _)) = word.text.split_once('=') else { return false };
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    letters && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

/// Follows `cd`; `None` if the directory is unknown.
fn change_directory(directory: &str, word: &Word) -> Directory {
    let is_known = word.literal
        && (path::can_be_path(&word.text) || matches!(word.text.as_str(), "." | ".." | "./" | "../"));
    let path = is_known.then(|| join(directory, word.text.trim_end_matches('/')));
    path.filter(|path| path.len() <= MAX_CD_PATH_BYTES).map(Rc::from)
}

fn join(directory: &str, path: &str) -> String {
    if directory.is_empty() { path.into() } else { format!("{directory}/{path}") }
}

/// Returns the name of what an argument creates: `git clone ADDRESS` creates a directory with the last name of the address.
fn created_by<'w>(program: &str, word: &'w str) -> &'w str {
    if program != "git" || !word.contains(['/', ':']) {
        return word;
    }
    word.rsplit(['/', ':']).next().map_or(word, |name| name.strip_suffix(".git").unwrap_or(name))
}

/// Returns where the path starts in `@file` and `name=@file`, which HTTP and gRPC clients read.
fn data_file(program: &str, word: &str) -> Option<usize> {
    let at = word.find('@').filter(|at| *at == 0 || word[..*at].ends_with('='))?;
    (matches!(program, "curl" | "gh" | "grpcurl" | "http" | "xh") && word.len() > at + 1).then_some(at + 1)
}
