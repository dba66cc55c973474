//! The language of the project: no identifier, literal, comment or page uses a word that `docs/glossary.md` replaces.

mod scanner;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use regex::Regex;

use self::scanner::{Piece, Token, markdown, plain, rust};

/// A replaced word (a regular expression), and the term that the glossary gives for it.
type Term = (&'static str, &'static str);

/// Parts of identifiers (snake case).
const IDENTIFIERS: &[Term] = &[
    ("tell|told|untold|telling", "report, record, describe"),
    ("say|says|said", "declare, print, describe"),
    ("stand|stands|stood|standing", "exist, is present"),
    ("hold|holds|held", "check, validate, enforce, contain"),
    ("mend", "fix"),
    ("brought|deed|aim|lately|nowhere|learnt|strangers|plainly", "a term of the field"),
];

/// Names of types.
const TYPES: &[Term] = &[
    (
        "Told|Said|Asked|Held|Known|Wanted|Scene|Voice|Manner|Below|Painting|Lately|Nowhere|Telling|Rise|What|Ask|Under|Over|Once|Made|Making",
        "a noun that names the content",
    ),
    (
        "Done|Aim|Book|Standing|Brought|Judging|Judge|Given|Rest|Whole|Chore|Growing|Edges?",
        "a noun that names the content",
    ),
];

/// Names of constants.
const CONSTANTS: &[Term] =
    &[("(LARGEST|LONGEST|MOST|DEEPEST)(_.*)?", "MAX_<WHAT>_<UNIT>"), ("DEPTH|CHUNK", "MAX_<WHAT>_<UNIT>")];

/// Words of literals, comments and pages.
const PROSE: &[Term] = &[
    ("tells?|told", "contains, records, reports"),
    ("stands?|stood", "exists, is present"),
    ("brought", "introduced in"),
    ("somebody|whoever", "the person by role: owner, reviewer, author"),
    ("strangers?", "contributor, anyone"),
    ("neighbours?", "related tools"),
    ("mend(s|ed|ing)?", "fix"),
    ("judg(e|es|ed|ing)", "check"),
    ("(is|are|was|were) no", "is not a valid, is missing"),
    ("there is no", "is missing, not found, does not exist"),
    ("hold|holds|held", "enforce, contain, validate"),
    ("says?|said", "declares, contains, states"),
    ("for ever", "permanently, never"),
    ("(a|an|another) texts?", "a string"),
    ("(truth value|whole number)s?", "boolean, integer"),
    ("(made|makes?) (it )?(again|anew)", "regenerate"),
    ("made of", "generated from, built from"),
    ("other bytes", "different content"),
    ("two stories|second story", "fork, split view"),
    ("part it", "split it"),
    ("at a desk", "locally"),
    ("answers for", "owner, maintainer"),
    ("fixed by", "first set in"),
];

/// A use that stays: the end of a path, what the line contains, and why.
struct Exception {
    path: &'static str,
    contains: &'static str,
    reason: &'static str,
}

const EXCEPTIONS: &[Exception] = &[
    Exception { path: "tests/language.rs", contains: "", reason: "the test lists the replaced words" },
    Exception {
        path: "crates/cli/src/guard/policy/show.rs",
        contains: "\"said\": list",
        reason: "a key of the JSON output is an interface",
    },
];

/// Files that this test reads: (folder or file below the root, extensions).
const READ: &[(&str, &[&str])] = &[
    ("crates", &["rs", "md", "toml"]),
    ("tests", &["rs"]),
    ("docs", &["md", "toml"]),
    (".github", &["yml"]),
    (".ci", &["run"]),
    ("share", &["sh"]),
    ("action.yml", &["yml"]),
    ("README.md", &["md"]),
    ("ARCHITECTURE.md", &["md"]),
    ("CONTRIBUTING.md", &["md"]),
    ("CHANGELOG.md", &["md"]),
    ("Cargo.toml", &["toml"]),
    ("deny.toml", &["toml"]),
    ("clippy.toml", &["toml"]),
    (".pre-commit-hooks.yaml", &["yaml"]),
    ("policy-packs/policy.yaml", &["yaml"]),
];

/// Folders whose files imitate other repositories, or are data.
const FIXTURES: &[&str] = &["/cases/", "/vectors/", "/golden/", "/templates/", "/fixtures/", "/target/"];

struct Lexicon {
    identifiers: Vec<(Regex, &'static str)>,
    types: Vec<(Regex, &'static str)>,
    constants: Vec<(Regex, &'static str)>,
    prose: Vec<(Regex, &'static str)>,
}

impl Lexicon {
    fn new() -> Lexicon {
        let compile = |terms: &[Term], form: fn(&str) -> String| {
            terms.iter().map(|(word, term)| (Regex::new(&form(word)).unwrap(), *term)).collect()
        };
        Lexicon {
            identifiers: compile(IDENTIFIERS, |word| format!("(?:^|_)(?:{word})(?:_|$)")),
            types: compile(TYPES, |word| format!("^(?:{word})$")),
            constants: compile(CONSTANTS, |word| format!("^(?:{word})$")),
            prose: compile(PROSE, |word| format!(r"(?i)\b(?:{word})\b")),
        }
    }

    /// Returns each replaced word in a piece, with the term to use.
    fn replaced(&self, piece: &Piece) -> Vec<(String, &'static str)> {
        let find = |list: &[(Regex, &'static str)], text: &str| -> Vec<(String, &'static str)> {
            let of = |(regex, term): &(Regex, &'static str)| -> Vec<(String, &'static str)> {
                let kept = |found: &regex::Match<'_>| !is_no_longer(text, found.end());
                regex.find_iter(text).filter(kept).map(|found| (found.as_str().to_string(), *term)).collect()
            };
            list.iter().flat_map(of).collect()
        };
        match &piece.token {
            Token::Name => find(&self.identifiers, &piece.text),
            Token::Type => [find(&self.types, &piece.text), find(&self.identifiers, &piece.text)].concat(),
            Token::Constant => {
                let lower = piece.text.to_lowercase();
                [find(&self.constants, &piece.text), find(&self.identifiers, &lower)].concat()
            }
            Token::Prose => find(&self.prose, &piece.text),
        }
    }
}

/// "is no longer" is ordinary English.
fn is_no_longer(text: &str, end: usize) -> bool {
    text[..end].to_lowercase().ends_with(" no") && text[end..].starts_with(" longer")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}

fn files(at: &Path, extensions: &[&str], found: &mut Vec<PathBuf>) {
    if at.is_file() {
        let name = at.file_name().unwrap().to_string_lossy();
        if extensions.iter().any(|extension| name == *extension || name.ends_with(&format!(".{extension}"))) {
            found.push(at.to_path_buf());
        }
        return;
    }
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(at).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        files(&entry, extensions, found);
    }
}

fn pieces(path: &Path, text: &str) -> Vec<Piece> {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("rs") => rust(text),
        Some("md") => markdown(text),
        _ => plain(text),
    }
}

#[test]
fn every_word_is_in_the_glossary() {
    let lexicon = Lexicon::new();
    let mut found = Vec::new();
    let mut used = vec![false; EXCEPTIONS.len()];
    for (place, extensions) in READ {
        let mut paths = Vec::new();
        files(&root().join(place), extensions, &mut paths);
        assert!(!paths.is_empty(), "nothing to read at {place}");
        for path in paths {
            let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
            if FIXTURES.iter().any(|fixture| format!("/{name}").contains(fixture)) {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            for piece in pieces(&path, &text) {
                for (word, term) in lexicon.replaced(&piece) {
                    let line = lines.get(piece.line - 1).copied().unwrap_or_default();
                    let excepted = EXCEPTIONS
                        .iter()
                        .position(|known| name.ends_with(known.path) && line.contains(known.contains));
                    match excepted {
                        Some(at) => used[at] = true,
                        None => found.push(format!(
                            "{name}:{}: `{word}`: use {term}\n    {}",
                            piece.line,
                            line.trim()
                        )),
                    }
                }
            }
        }
    }
    for (exception, used) in EXCEPTIONS.iter().zip(&used) {
        assert!(!exception.reason.is_empty(), "{}: an exception has a reason", exception.path);
        if !used {
            found.push(format!(
                "{}: the exception {:?} is no longer needed: remove it",
                exception.path, exception.contains
            ));
        }
    }
    assert!(found.is_empty(), "{} words to replace:\n{}", found.len(), found.join("\n"));
}

#[test]
fn each_kind_of_word_is_found_where_it_is_used() {
    let lexicon = Lexicon::new();
    let source = "/// A file that stands here.\nfn tell_all() { let held = \"is no YAML\"; }\nstruct Told;\nconst LARGEST: u8 = 1;\n// `stands` in a code span\nfn is_no_longer_used() {}\n// it is no longer used\n";
    let mut counts: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for piece in rust(source) {
        let words = lexicon.replaced(&piece).into_iter().map(|(word, _)| word);
        counts.entry(piece.line).or_default().extend(words);
    }
    counts.retain(|_, words| !words.is_empty());
    assert_eq!(counts[&1], ["stands"]);
    assert_eq!(counts[&2], ["is no", "tell_", "held"]);
    assert_eq!(counts[&3], ["Told"]);
    assert_eq!(counts[&4], ["LARGEST"]);
    assert_eq!(counts.len(), 4, "{counts:?}");
}
