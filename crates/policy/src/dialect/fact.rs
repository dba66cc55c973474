//! Facts: what the rules of a dialect know of other files. The set is closed, and no fact executes anything.

use thiserror::Error;

use super::PointerPattern;
use crate::{Pattern, PatternError};

/// The length of a fact as a pack writes it.
const MAX_FACT_BYTES: usize = 4096;

/// Something that rules know of a manifest beyond its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// The name of the manifest's directory.
    DirectoryName,
    /// The path of the manifest.
    Path,
    /// The other manifests of the dialect with an equal value at a pointer.
    Same(String),
    /// Whether a file matches, below the manifest's directory.
    Exists(Pattern),
    /// The files that match, below the manifest's directory.
    Files(Pattern),
    /// What exists at the path that a string contains.
    ExistsAt(String),
    /// What exists at each path that the selected strings contain.
    PathsAt(PointerPattern, Anchor),
    /// The document of another file, by its path from the manifest's directory.
    Sibling(String),
    /// The documents at the paths that the selected strings contain.
    DocumentsAt(PointerPattern, Anchor),
    /// Where words occur in source files, comments excluded.
    Mentions {
        /// The words.
        words: Vec<String>,
        /// The files, below the manifest's directory.
        files: Pattern,
    },
    /// The literal `app:` of `mix.exs`.
    MixApp,
    /// The literal dependencies of `mix.exs`.
    MixDependencies,
    /// What Elixir modules contain literally.
    Elixir(Pattern),
    /// The values at a pointer of every manifest of a pack.
    Other {
        /// The pack.
        pack: String,
        /// Where the values are.
        at: String,
    },
    /// `owner/name` of the repository.
    Remote,
}

/// Where a path in a manifest starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// At the manifest's directory.
    Manifest,
    /// At the root of the repository.
    Root,
}

/// Why a fact is invalid.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FactError {
    /// No fact has the name.
    #[error("unknown fact `{0}`")]
    Unknown(String),
    /// It is not a name with arguments in parentheses.
    #[error("expected a fact, as in `same(/name)`")]
    Form,
    /// It has other arguments.
    #[error("`{name}` requires {expected}")]
    Arguments {
        /// The name.
        name: String,
        /// What it requires.
        expected: &'static str,
    },
    /// A path pattern is invalid.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// A pointer is invalid.
    #[error("{0}")]
    Pointer(&'static str),
}

/// An argument: text, or a list of texts.
enum Argument {
    Text(String),
    List(Vec<String>),
}

impl Fact {
    /// Every name of a fact, with its arguments.
    pub const FORMS: [(&'static str, &'static str); 15] = [
        ("dirname", "no arguments"),
        ("documents_at", "a pointer, and `root` if the paths start at the root of the repository"),
        ("elixir", "a pattern of files"),
        ("exists", "a pattern of files"),
        ("exists_at", "a pointer"),
        ("files", "a pattern of files"),
        ("mentions", "a list of words and a pattern of files, as in `mentions([Plug.Conn], lib/**)`"),
        ("mix_app", "no arguments"),
        ("mix_deps", "no arguments"),
        ("other", "a pack and a pointer, as in `other(tribes, /provides)`"),
        ("path", "no arguments"),
        ("paths_at", "a pointer, and `root` if the paths start at the root of the repository"),
        ("remote", "no arguments"),
        ("same", "a pointer"),
        ("sibling", "the path of a file"),
    ];

    /// Reads a fact: `name`, or `name(argument, …)`.
    ///
    /// # Errors
    /// When no fact has this form.
    pub fn parse(text: &str) -> Result<Fact, FactError> {
        let text = text.trim();
        if text.len() > MAX_FACT_BYTES {
            return Err(FactError::Form);
        }
        let (name, rest) = text.split_at(text.find('(').unwrap_or(text.len()));
        let arguments = match rest {
            "" => Vec::new(),
            rest => arguments(
                rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).ok_or(FactError::Form)?,
            )?,
        };
        let name = name.trim();
        let known = Fact::FORMS.iter().find(|(known, _)| *known == name);
        let Some((name, expected)) = known else { return Err(FactError::Unknown(name.into())) };
        let wrong = || FactError::Arguments { name: (*name).into(), expected };
        use Argument::{List, Text};
        Ok(match (*name, arguments.as_slice()) {
            ("dirname", []) => Fact::DirectoryName,
            ("path", []) => Fact::Path,
            ("mix_app", []) => Fact::MixApp,
            ("mix_deps", []) => Fact::MixDependencies,
            ("remote", []) => Fact::Remote,
            ("same", [Text(pointer)]) => Fact::Same(plain_pointer(pointer)?),
            ("exists_at", [Text(pointer)]) => Fact::ExistsAt(plain_pointer(pointer)?),
            ("exists", [Text(files)]) => Fact::Exists(Pattern::new(files)?),
            ("files", [Text(files)]) => Fact::Files(Pattern::new(files)?),
            ("elixir", [Text(files)]) => Fact::Elixir(Pattern::new(files)?),
            ("sibling", [Text(file)]) if !file.is_empty() => Fact::Sibling(file.clone()),
            ("paths_at", [Text(at), more @ ..]) => {
                Fact::PathsAt(pointer(at)?, anchor(more).ok_or_else(wrong)?)
            }
            ("documents_at", [Text(at), more @ ..]) => {
                Fact::DocumentsAt(pointer(at)?, anchor(more).ok_or_else(wrong)?)
            }
            ("mentions", [List(words), Text(files)]) if !words.is_empty() => {
                Fact::Mentions { words: words.clone(), files: Pattern::new(files)? }
            }
            ("other", [Text(pack), Text(at)]) => Fact::Other { pack: pack.clone(), at: plain_pointer(at)? },
            _ => return Err(wrong()),
        })
    }

    /// Returns whether its value depends on other manifests or documents of the repository, and not only on the manifest's directory.
    #[must_use]
    pub fn is_of_the_repository(&self) -> bool {
        match self {
            Fact::Same(_)
            | Fact::Other { .. }
            | Fact::DocumentsAt(..)
            | Fact::Sibling(_)
            | Fact::PathsAt(..) => true,
            Fact::DirectoryName
            | Fact::Path
            | Fact::Exists(_)
            | Fact::Files(_)
            | Fact::ExistsAt(_)
            | Fact::Mentions { .. }
            | Fact::MixApp
            | Fact::MixDependencies
            | Fact::Elixir(_)
            | Fact::Remote => false,
        }
    }
}

fn anchor(arguments: &[Argument]) -> Option<Anchor> {
    match arguments {
        [] => Some(Anchor::Manifest),
        [Argument::Text(word)] if word == "root" => Some(Anchor::Root),
        _ => None,
    }
}

fn plain_pointer(text: &str) -> Result<String, FactError> {
    match crate::load::pointer::fault(text) {
        None => Ok(text.into()),
        Some(message) => Err(FactError::Pointer(message)),
    }
}

fn pointer(text: &str) -> Result<PointerPattern, FactError> {
    crate::load::pointer::pattern(text).map_err(FactError::Pointer)
}

/// Splits arguments at commas outside of lists and quotes.
fn arguments(text: &str) -> Result<Vec<Argument>, FactError> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let argument;
        if let Some(list) = rest.strip_prefix('[') {
            let end = list.find(']').ok_or(FactError::Form)?;
            let words = list[..end].split(',').map(unquoted).filter(|word| !word.is_empty());
            argument = Argument::List(words.map(String::from).collect());
            rest = &list[end + 1..];
        } else if let Some(quoted) = rest.strip_prefix('"') {
            let end = quoted.find('"').ok_or(FactError::Form)?;
            argument = Argument::Text(quoted[..end].into());
            rest = &quoted[end + 1..];
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            argument = Argument::Text(rest[..end].trim().into());
            rest = &rest[end..];
        }
        found.push(argument);
        rest = match rest.trim_start() {
            "" => "",
            more => more.strip_prefix(',').ok_or(FactError::Form)?.trim_start(),
        };
    }
    Ok(found)
}

fn unquoted(word: &str) -> &str {
    let word = word.trim();
    word.strip_prefix('"').and_then(|word| word.strip_suffix('"')).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_names_with_arguments() {
        assert_eq!(Fact::parse("dirname"), Ok(Fact::DirectoryName));
        assert_eq!(Fact::parse(" same( /name ) "), Ok(Fact::Same("/name".into())));
        assert_eq!(
            Fact::parse("sibling(\"../catalog/extensions.json\")"),
            Ok(Fact::Sibling("../catalog/extensions.json".into()))
        );
        assert_eq!(
            Fact::parse("mentions([Layouts.app, \"use Tribes.UI\"], lib/**)"),
            Ok(Fact::Mentions {
                words: vec!["Layouts.app".into(), "use Tribes.UI".into()],
                files: Pattern::new("lib/**").unwrap()
            })
        );
        let Ok(Fact::PathsAt(at, Anchor::Root)) = Fact::parse("paths_at(/entries/*/manifest_path, root)")
        else {
            panic!("a pattern of pointers")
        };
        assert_eq!(at.as_str(), "/entries/*/manifest_path");
    }

    #[test]
    fn other_facts_are_refused_with_the_reason() {
        for (text, message) in [
            ("clock", "unknown fact `clock`"),
            ("same", "`same` requires a pointer"),
            ("same(/a, /b)", "`same` requires a pointer"),
            ("same(name)", "expected a JSON pointer, as in `/spec/version`"),
            (
                "same(/a/*)",
                "pointers have no wildcards; use `collection:` to protect each element of a list or map",
            ),
            (
                "exists(../x)",
                "`..` is not a valid segment: a pattern is relative to the root and has no empty, `.` or `..` segment",
            ),
            ("exists(a", "expected a fact, as in `same(/name)`"),
            (
                "mentions([], lib/**)",
                "`mentions` requires a list of words and a pattern of files, as in `mentions([Plug.Conn], lib/**)`",
            ),
            (
                "paths_at(/a, base)",
                "`paths_at` requires a pointer, and `root` if the paths start at the root of the repository",
            ),
        ] {
            assert_eq!(Fact::parse(text).unwrap_err().to_string(), message, "{text}");
        }
    }
}
