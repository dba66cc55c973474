//! Sessions: commands behind prompts, between what they print.

use crate::Gathered;

/// Tells whether code shows a session: a line of it begins with a prompt.
pub(super) fn is_one(code: &str) -> bool {
    code.lines().any(|line| prompt(line.trim_start()).is_some())
}

/// Returns the prompt that a line begins with.
fn prompt(line: &str) -> Option<&'static str> {
    ["$ ", "$> "].into_iter().find(|prompt| line.starts_with(prompt))
}

/// Takes the commands out of a session: what stands behind `$ `, and the lines they go on in.
pub(super) fn commands_of(session: &str) -> Gathered {
    let mut commands = Gathered::default();
    let (mut at, mut goes_on, mut inside) = (0, false, false);
    for line in session.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let bare = &line[indent..];
        let skip = match (prompt(bare), bare.starts_with("> ")) {
            (Some(prompt), _) => Some(indent + prompt.len()),
            (None, true) if inside => Some(indent + 2),
            _ if goes_on => Some(0),
            _ => None,
        };
        if let Some(skip) = skip {
            commands.push(&line[skip..], session, at + skip..at + line.len());
        }
        inside = skip.is_some();
        goes_on = inside && line.trim_end().ends_with('\\');
        at += line.len();
    }
    commands
}
