//! Shell sessions: commands after prompts, mixed with their output.

use crate::JoinedText;

/// Returns whether code shows a session: one of its lines starts with a prompt.
pub(super) fn is_session(code: &str) -> bool {
    code.lines().any(|line| prompt(line.trim_start()).is_some())
}

/// Returns the prompt at the start of a line.
fn prompt(line: &str) -> Option<&'static str> {
    ["$ ", "$> "].into_iter().find(|prompt| line.starts_with(prompt))
}

/// Extracts the commands of a session: the text after each prompt, with its continuation lines.
pub(super) fn commands(session: &str) -> JoinedText {
    let mut commands = JoinedText::default();
    let (mut at, mut continues, mut inside) = (0, false, false);
    for line in session.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let bare = &line[indent..];
        let skip = match (prompt(bare), bare.starts_with("> ")) {
            (Some(prompt), _) => Some(indent + prompt.len()),
            (None, true) if inside => Some(indent + 2),
            _ if continues => Some(0),
            _ => None,
        };
        if let Some(skip) = skip {
            commands.push(&line[skip..], session, at + skip..at + line.len());
        }
        inside = skip.is_some();
        continues = inside && line.trim_end().ends_with('\\');
        at += line.len();
    }
    commands
}
