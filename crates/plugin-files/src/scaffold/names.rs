//! Converts texts of a spec to program text: function names, literals and comments.

use artifact::{Language, Operation};
use diagnostic::sanitise;

/// Names that a function must not have: reserved words of the languages, and built-in functions of Python, which the function would hide.
/// One sorted list for all languages, so that an operation has the same function name in each.
const RESERVED: &str = "\
    abs abstract aiter all and anext any arguments as ascii assert async await become bin bool box break \
    breakpoint bytearray bytes callable case catch chr class classmethod compile complex const continue \
    crate debugger def default del delattr delete dict dir divmod do dyn elif else enum enumerate eval \
    except exec export extends extern false filter final finally float fn for format from frozenset \
    function gen getattr global globals hasattr hash hex id if impl implements import in input \
    instanceof int interface is isinstance issubclass iter lambda len let list locals loop macro map \
    match max memoryview min mod move mut new next nonlocal not null object oct open or ord override \
    package pass pow print priv private property protected pub public raise range ref repr return \
    reversed round self set setattr slice sorted static staticmethod str struct sum super switch this \
    throw trait true try tuple type typeof undefined unsafe unsized use var vars virtual void where \
    while with yield zip";

/// Returns the name of the function of an operation.
///
/// Operation names do not end with `_`, so two operations never get the same function name.
#[must_use]
pub fn function_name(operation: &str) -> String {
    let is_reserved = RESERVED.split(' ').any(|name| name == operation);
    format!("{operation}{}", if is_reserved { "_" } else { "" })
}

/// Returns whether `text` is a valid operation name: `^[a-z][a-z0-9]*(_[a-z0-9]+)*$`.
pub(super) fn is_token(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.split('_').all(is_word)
}

/// Returns a string literal of a language in the style of its formatter. Invisible characters are escaped.
pub(super) fn literal(language: Language, text: &str) -> String {
    // Python and TypeScript have two kinds of quotes; choose the one with fewer escapes.
    let is_single = language != Language::Rust && text.matches('"').count() > text.matches('\'').count();
    let quote = if is_single { '\'' } else { '"' };
    let mut out = String::from(quote);
    for character in text.chars() {
        let is_seen = matches!(character, ' '..='~') || !character.is_ascii() && character.is_alphanumeric();
        match (character, u32::from(character)) {
            ('\\', _) => out += "\\\\",
            _ if character == quote => out.extend(['\\', quote]),
            _ if is_seen => out.push(character),
            (_, code @ 0..=0xffff) if language == Language::Python => out += &format!("\\u{code:04x}"),
            (_, code) if language == Language::Python => out += &format!("\\U{code:08x}"),
            (_, code) => out += &format!("\\u{{{code:x}}}"),
        }
    }
    out.push(quote);
    out
}

/// Returns the summary of an operation as a sentence for a comment.
pub(super) fn summary(language: Language, operation: &Operation) -> String {
    let words: Vec<&str> = operation.summary.split_whitespace().collect();
    let mut sentence = sanitise::text(&words.join(" "));
    if sentence.is_empty() {
        sentence = format!("Answers `{}`", operation.name);
    }
    if !sentence.ends_with(['.', '!', '?', '…']) {
        sentence.push('.');
    }
    match language {
        Language::Python => sentence.replace('\\', "\\\\").replace('"', "'"),
        Language::TypeScript | Language::JavaScript => sentence.replace("*/", "* /"),
        Language::Rust | Language::Shell => sentence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserved_name_gets_an_underscore() {
        assert!(RESERVED.split(' ').is_sorted());
        assert!(RESERVED.split(' ').all(is_token));
        assert_eq!(function_name("mint"), "mint");
        assert_eq!(function_name("main"), "main");
        assert_eq!(function_name("import"), "import_");
        assert_eq!(function_name("list"), "list_");
    }

    #[test]
    fn operation_names_are_words_of_letters_and_digits() {
        for token in ["a", "mint", "mint_2", "a_b_c"] {
            assert!(is_token(token), "{token}");
        }
        for text in ["", "_a", "a_", "a__b", "A", "2a", "é", "a-b", "a\n", "a\"b"] {
            assert!(!is_token(text), "{text}");
        }
    }

    #[test]
    fn a_literal_stays_one_literal() {
        let text = "a \"b\" 'c \\ é\n\u{202e}\u{1f600}日";
        assert_eq!(literal(Language::Python, text), r#"'a "b" \'c \\ é\u000a\u202e\U0001f600日'"#);
        assert_eq!(literal(Language::TypeScript, text), r#"'a "b" \'c \\ é\u{a}\u{202e}\u{1f600}日'"#);
        assert_eq!(literal(Language::Rust, text), r#""a \"b\" 'c \\ é\u{a}\u{202e}\u{1f600}日""#);
        assert_eq!(literal(Language::Python, "it's \"it\""), r#"'it\'s "it"'"#);
        assert_eq!(literal(Language::Python, "it's"), r#""it's""#);
    }

    #[test]
    fn a_summary_stays_in_its_comment() {
        let of = |language, text: &str| {
            let operation = Operation { name: "mint".into(), summary: text.into(), ..Operation::default() };
            summary(language, &operation)
        };
        assert_eq!(of(Language::Rust, "Mints\n  a thing"), "Mints a thing.");
        assert_eq!(of(Language::Python, "a \"\"\" \\ b"), "a ''' \\\\ b.");
        assert_eq!(of(Language::TypeScript, "a */ b?"), "a * / b?");
        assert_eq!(of(Language::Rust, " "), "Answers `mint`.");
    }
}
