//! A model of GitHub's runner: which lines of a step's output are workflow commands, and their content.
//!
//! Where the rules of the runner leave room, this one takes more for a command than the real one would.

pub(crate) mod files;
pub(crate) mod programs;
pub(crate) mod step;

/// The commands that a runner obeys, whatever their case (actions/runner, `ActionCommandManager` and its extensions).
const NAMES: [&str; 16] = [
    "add-mask",
    "add-matcher",
    "add-path",
    "debug",
    "echo",
    "endgroup",
    "error",
    "group",
    "internal-set-repo-path",
    "notice",
    "remove-matcher",
    "save-state",
    "set-env",
    "set-output",
    "stop-commands",
    "warning",
];

/// How a command is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `##[name key=value;key=value]data`, anywhere in a line.
    Brackets,
    /// `::name key=value,key=value::data`, at the start of a line.
    Colons,
}

/// What a runner takes for a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command {
    /// The line of the stream, from 1.
    pub(crate) line: usize,
    pub(crate) form: Form,
    /// The name, in lower case.
    pub(crate) name: String,
    /// Name and properties, unparsed.
    pub(crate) head: String,
    /// The data, unparsed.
    pub(crate) tail: String,
}

/// Returns what a runner takes for commands in what a step wrote.
pub(crate) fn commands(stream: &[u8]) -> Vec<Command> {
    let text = String::from_utf8_lossy(stream);
    lines(&text).enumerate().filter_map(|(at, line)| command(at + 1, line)).collect()
}

/// Splits lines like a runner: at LF, CR and CRLF.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(at) = text.find(['\n', '\r']) else { return rest.take() };
        let behind = &text[at..];
        let end = if behind.starts_with("\r\n") { 2 } else { 1 };
        rest = Some(&behind[end..]);
        Some(&text[..at])
    })
}

fn command(line: usize, text: &str) -> Option<Command> {
    let blank = |c: char| c.is_whitespace() || ('\x1c'..='\x1f').contains(&c);
    let colons = || {
        let (head, tail) = text.trim_start_matches(blank).strip_prefix("::")?.split_once("::")?;
        Command::of(line, Form::Colons, head, tail)
    };
    let brackets = || {
        let (head, tail) = text[text.find("##[")? + 3..].split_once(']')?;
        Command::of(line, Form::Brackets, head, tail)
    };
    colons().or_else(brackets)
}

impl Command {
    fn of(line: usize, form: Form, head: &str, tail: &str) -> Option<Command> {
        let name = head.split(' ').next().unwrap_or_default().to_lowercase();
        let known = NAMES.contains(&name.as_str());
        known.then(|| Command { line, form, name, head: head.into(), tail: tail.into() })
    }

    /// Returns the properties, in their order; a part without `=` is an error here, and passed over by the runner.
    pub(crate) fn properties(&self) -> Result<Vec<(String, String)>, String> {
        let Some((_, text)) = self.head.split_once(' ') else { return Ok(Vec::new()) };
        let (comma, codes) = match self.form {
            Form::Colons => (',', &PROPERTY[..]),
            Form::Brackets => (';', &BRACKETS[..]),
        };
        let parts = text.trim().split(comma).filter(|part| !part.is_empty());
        parts
            .map(|part| match part.split_once('=') {
                Some((name, value)) => Ok((name.to_string(), unescape(value, codes))),
                None => Err(format!("{part} is not a property of {self:?}")),
            })
            .collect()
    }

    /// Returns the unescaped data of the command.
    pub(crate) fn data(&self) -> String {
        unescape(&self.tail, if self.form == Form::Colons { &DATA } else { &BRACKETS })
    }
}

/// The escapes and their characters, in the order in which a runner replaces them: `%25` last.
const DATA: [(&str, &str); 3] = [("%0D", "\r"), ("%0A", "\n"), ("%25", "%")];
const PROPERTY: [(&str, &str); 5] = [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")];
const BRACKETS: [(&str, &str); 5] = [("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%25", "%")];

fn unescape(text: &str, codes: &[(&str, &str)]) -> String {
    codes.iter().fold(text.to_string(), |text, (code, meant)| text.replace(code, meant))
}

/// Returns whether a character moves the cursor, changes the text direction or is invisible: such characters must be escaped.
///
/// Unicode 16: general categories Cc and Cf, `Default_Ignorable_Code_Point`, the line separators, private use; without the blanks.
pub(crate) fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character as u32,
            0xad | 0x34f | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x890 | 0x891 | 0x8e2
            | 0x115f | 0x1160 | 0x17b4 | 0x17b5 | 0x180b..=0x180f
            | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0x3164
            | 0xe000..=0xf8ff | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffb
            | 0x110bd | 0x110cd | 0x13430..=0x1343f | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a
            | 0xe0000..=0x10ffff)
}

/// Checks that the bytes consist of lines of visible characters.
pub(crate) fn readable(bytes: &[u8]) -> Result<&str, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("not UTF-8: {error}"))?;
    match text.char_indices().find(|(_, character)| *character != '\n' && is_unseen(*character)) {
        None => Ok(text),
        Some((at, character)) => {
            let near: String = text[at..].chars().take(80).collect();
            Err(format!("{character:?} is printed unescaped, before {near:?}"))
        }
    }
}
