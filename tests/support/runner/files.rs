//! What a runner reads from the files that a step writes: outputs, and the job's summary.

use super::is_unseen;

/// The most bytes of a summary that a runner takes of one step.
const LONGEST_SUMMARY: usize = 1 << 20;

/// Reads the file that `GITHUB_OUTPUT` names: `name=value`, or `name<<DELIMITER`, lines, and the delimiter alone.
///
/// An error is what fails the step on a runner.
pub(crate) fn outputs(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((line, behind)) = next_line(rest) {
        rest = behind;
        let marks = (line.find('='), line.find("<<"));
        match marks {
            _ if line.is_empty() => {}
            // Whatever stands first decides.
            (equals, Some(at)) if equals.is_none_or(|equals| at < equals) => {
                let (name, delimiter) = (&line[..at], &line[at + 2..]);
                if name.is_empty() || delimiter.is_empty() {
                    return Err(format!("{line:?} has no name or no delimiter"));
                }
                let (value, behind) = until(rest, delimiter)?;
                found.push((name.to_string(), value));
                rest = behind;
            }
            (Some(0), _) => return Err(format!("{line:?} has no name")),
            (Some(at), _) => found.push((line[..at].to_string(), line[at + 1..].to_string())),
            (None, _) => return Err(format!("{line:?} is no output")),
        }
    }
    Ok(found)
}

/// The next line without its line feed, and what stands behind it; a carriage return is part of the line.
fn next_line(text: &str) -> Option<(&str, &str)> {
    match text.split_once('\n') {
        Some(parts) => Some(parts),
        None => (!text.is_empty()).then_some((text, "")),
    }
}

/// What stands before the line that is the delimiter and nothing else, and what stands behind it.
fn until<'t>(text: &'t str, delimiter: &str) -> Result<(String, &'t str), String> {
    let mut rest = text;
    while let Some((line, behind)) = next_line(rest) {
        if line == delimiter {
            let value = &text[..text.len() - rest.len()];
            return Ok((value.strip_suffix('\n').unwrap_or_default().to_string(), behind));
        }
        rest = behind;
    }
    Err(format!("no line is the delimiter {delimiter}"))
}

/// Holds a summary to what this program means to write: headings, lists, bold words, and text in which nothing is HTML, a mention, a link or an image.
pub(crate) fn summary(text: &str) -> Result<(), String> {
    if text.len() > LONGEST_SUMMARY {
        return Err(format!("{} bytes are more than a runner takes", text.len()));
    }
    if let Some(character) = text.chars().find(|&character| character != '\n' && is_unseen(character)) {
        return Err(format!("{character:?} stands in the summary"));
    }
    for line in text.lines() {
        let lower = line.to_lowercase();
        // CommonMark and GFM: raw HTML, autolinks, links, images, code, tables, mentions; GFM links bare addresses, too.
        let marks = ["<", "@", "[", "]", "`", "|", "!", "\\", "://", "www.", "mailto:", "xmpp:"];
        if let Some(mark) = marks.iter().find(|mark| lower.contains(**mark)) {
            return Err(format!("{mark} stands in the summary: {line}"));
        }
        let lists = line.trim_start().trim_start_matches("- ");
        if lists.starts_with('#') && !line.starts_with("## id-guard: ") {
            return Err(format!("a heading that was not meant: {line}"));
        }
        if ["===", "---", "***", "___", "~~~"].iter().any(|rule| lists.starts_with(rule)) {
            return Err(format!("a rule or fence that was not meant: {line}"));
        }
    }
    Ok(())
}
