//! The operation that a command asks a plugin's process for.

use artifact::{Language, Value};
use documents::Spanned;
use engine::Plugin;

/// How a plugin of kind `process` is started; the word after it names an operation.
pub(in crate::documents) struct Launch {
    entry: String,
    arguments: Vec<String>,
    operations: Vec<String>,
}

impl Launch {
    /// Reads the spec of a plugin; `None` for other kinds, and where the list of operations cannot be read.
    pub(in crate::documents) fn of(plugin: &Plugin) -> Option<Launch> {
        let spec = plugin.spec.as_ref()?.value.as_ref().ok()?;
        let text = |pointer: &str| spec.pointer(pointer).and_then(Value::as_str);
        spec.pointer("/operations")?.as_list()?;
        let entry = text("/runtime/entry").filter(|entry| !entry.is_empty())?;
        let arguments = spec.pointer("/runtime/args").and_then(Value::as_list).unwrap_or_default();
        let operations = plugin.operations().into_iter().map(|operation| operation.name).collect();
        (text("/runtime/kind") == Some("process")).then(|| Launch {
            entry: entry.trim_start_matches("./").into(),
            arguments: arguments.iter().filter_map(Value::as_str).map(String::from).collect(),
            operations,
        })
    }

    /// Returns the word of a command that should name an operation, and does not.
    pub(in crate::documents) fn unknown_operation<'w>(
        &self,
        words: &'w [Spanned<String>],
    ) -> Option<&'w Spanned<String>> {
        let rest = self.after_program(words)?;
        let values = || rest.iter().map(|word| word.value.as_str());
        let given = values().zip(&self.arguments).take_while(|(word, argument)| word == argument).count();
        let word = rest.get(given)?;
        let is_name = word.value.starts_with(|c: char| c.is_ascii_lowercase())
            && word.value.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-')
            });
        (is_name && !self.operations.contains(&word.value)).then_some(word)
    }

    /// Lists the operations, for a help.
    pub(in crate::documents) fn show(&self) -> String {
        if self.operations.is_empty() {
            return "the spec has no operations".into();
        }
        format!("the operations are {}", self.operations.join(", "))
    }

    /// Returns the words after the program that starts the plugin.
    fn after_program<'w>(&self, words: &'w [Spanned<String>]) -> Option<&'w [Spanned<String>]> {
        let is_entry = |word: &Spanned<String>| {
            let path = word.value.trim_start_matches("./");
            path == self.entry
                || path.strip_suffix(self.entry.as_str()).is_some_and(|rest| rest.ends_with('/'))
        };
        // The entry is the program itself, or the script of an interpreter.
        let script = words.iter().take(2).position(is_entry);
        let cargo = || {
            let [cargo, run, ..] = words else { return None };
            let is_run = cargo.value == "cargo" && run.value == "run";
            let is_rust = Language::of_path(&self.entry) == Some(Language::Rust);
            let separator = words.iter().position(|word| word.value == "--")?;
            // Options can select another program.
            let is_plain = words[2..separator]
                .iter()
                .all(|word| matches!(word.value.as_str(), "--quiet" | "-q" | "--release"));
            (is_run && is_rust && is_plain).then_some(separator)
        };
        let at = script.or_else(cargo)?;
        words.get(at + 1..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(entry: &str, arguments: &[&str], command: &str) -> Option<String> {
        let launch = Launch {
            entry: entry.into(),
            arguments: arguments.iter().map(ToString::to_string).collect(),
            operations: vec!["preview".into()],
        };
        let words: Vec<Spanned<String>> =
            command.split(' ').map(|word| Spanned { value: word.into(), span: 0..0 }).collect();
        launch.unknown_operation(&words).map(|word| word.value.clone())
    }

    #[test]
    fn the_word_after_the_program_names_an_operation() {
        let python = |command| unknown("src/handler.py", &[], command);
        assert_eq!(python("python3 src/handler.py preview"), None);
        assert_eq!(python("python3 src/handler.py nosuch").as_deref(), Some("nosuch"));
        assert_eq!(python("./src/handler.py no-such").as_deref(), Some("no-such"));
        assert_eq!(python("python3 plugins/alpha/src/handler.py nosuch").as_deref(), Some("nosuch"));
        assert_eq!(python("python3 src/handler.py --health"), None);
        assert_eq!(python("python3 src/handler.py OPERATION"), None, "a placeholder");
        assert_eq!(python("python3 src/handler.py"), None);
        assert_eq!(python("python3 other/handler.py nosuch"), None);
        assert_eq!(python("cat src/x src/handler.py nosuch"), None);
        let rust = |command| unknown("src/main.rs", &[], command);
        assert_eq!(rust("cargo run --quiet -- nosuch").as_deref(), Some("nosuch"));
        assert_eq!(rust("cargo run --quiet -- preview"), None);
        assert_eq!(rust("cargo run --bin other -- nosuch"), None);
        let with = |command| unknown("src/handler.py", &["--mode", "fast"], command);
        assert_eq!(with("python3 src/handler.py --mode fast nosuch").as_deref(), Some("nosuch"));
        assert_eq!(with("python3 src/handler.py --mode fast preview"), None);
    }
}
