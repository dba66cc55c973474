//! The files of a step that a runner reads: outputs, and the job summary.

use super::is_unseen;

/// The size of the summary of a step that a runner accepts, in bytes.
const MAX_SUMMARY_BYTES: usize = 1 << 20;

/// Reads the file that `GITHUB_OUTPUT` names: `name=value`, or `name<<DELIMITER`, lines, and the delimiter alone.
///
/// An error would fail the step on a runner.
pub(crate) fn outputs(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((line, after)) = next_line(rest) {
        rest = after;
        let marks = (line.find('='), line.find("<<"));
        match marks {
            _ if line.is_empty() => {}
            // The first of the two decides.
            (equals, Some(at)) if equals.is_none_or(|equals| at < equals) => {
                let (name, delimiter) = (&line[..at], &line[at + 2..]);
                if name.is_empty() || delimiter.is_empty() {
                    return Err(format!("{line:?} has no name or no delimiter"));
                }
                let (value, after) = until(rest, delimiter)?;
                found.push((name.to_string(), value));
                rest = after;
            }
            (Some(0), _) => return Err(format!("{line:?} has no name")),
            (Some(at), _) => found.push((line[..at].to_string(), line[at + 1..].to_string())),
            (None, _) => return Err(format!("{line:?} is not an output")),
        }
    }
    Ok(found)
}

/// The next line without its newline, and the rest; a carriage return is part of the line.
fn next_line(text: &str) -> Option<(&str, &str)> {
    match text.split_once('\n') {
        Some(parts) => Some(parts),
        None => (!text.is_empty()).then_some((text, "")),
    }
}

/// The text before the line that equals the delimiter, and the text after it.
fn until<'t>(text: &'t str, delimiter: &str) -> Result<(String, &'t str), String> {
    let mut rest = text;
    while let Some((line, after)) = next_line(rest) {
        if line == delimiter {
            let value = &text[..text.len() - rest.len()];
            return Ok((value.strip_suffix('\n').unwrap_or_default().to_string(), after));
        }
        rest = after;
    }
    Err(format!("no line is the delimiter {delimiter}"))
}

/// Whether a line is the one with a code span, which contains a rule code and nothing of the repository.
fn is_explanation(line: &str) -> bool {
    let code = line
        .strip_prefix("What a code means and how to fix it: `id-guard explain ")
        .and_then(|rest| rest.strip_suffix('`'));
    code.is_some_and(|code| code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Checks that a summary contains only headings, lists, bold words and plain text: no HTML, mentions, links or images.
pub(crate) fn summary(text: &str) -> Result<(), String> {
    if text.len() > MAX_SUMMARY_BYTES {
        return Err(format!("{} bytes are more than a runner accepts", text.len()));
    }
    if let Some(character) = text.chars().find(|&character| character != '\n' && is_unseen(character)) {
        return Err(format!("{character:?} in the summary"));
    }
    for line in text.lines().filter(|line| !is_explanation(line)) {
        let lower = line.to_lowercase();
        // CommonMark and GFM: raw HTML, autolinks, links, images, code, tables, mentions; GFM links bare addresses, too.
        let marks = ["<", "@", "[", "]", "`", "|", "!", "\\", "://", "www.", "mailto:", "xmpp:"];
        if let Some(mark) = marks.iter().find(|mark| lower.contains(**mark)) {
            return Err(format!("{mark} in the summary: {line}"));
        }
        let lists = line.trim_start().trim_start_matches("- ");
        if lists.starts_with('#') && !line.starts_with("## id-guard: ") {
            return Err(format!("unexpected heading: {line}"));
        }
        if ["===", "---", "***", "___", "~~~"].iter().any(|rule| lists.starts_with(rule)) {
            return Err(format!("unexpected rule or fence: {line}"));
        }
    }
    Ok(())
}
