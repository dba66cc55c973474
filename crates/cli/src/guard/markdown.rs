//! A rule page for a terminal: headings, code and lists of its Markdown in the palette of reports.

use diagnostic::{Look, Tone};

/// Renders the Markdown of our own pages. Without colour, on a dumb terminal or in a pipe, it stays Markdown.
pub(crate) fn render(page: &str, look: &Look) -> String {
    if !look.color {
        return look.plain(page);
    }
    let mut out = String::new();
    let mut in_code = false;
    for line in page.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
            continue;
        }
        if in_code {
            out += &format!("    {}\n", look.paint(Tone::Faint, line));
        } else if let Some(heading) = line.strip_prefix('#') {
            out += &format!("{}\n", look.paint(Tone::Strong, heading.trim_start_matches('#').trim_start()));
        } else if let Some(item) = line.strip_prefix("- ") {
            out += &format!("  • {}\n", inline(item, look));
        } else {
            out += &format!("{}\n", inline(line, look));
        }
    }
    out
}

/// Paints what is between backquotes and asterisks, and drops those marks.
fn inline(line: &str, look: &Look) -> String {
    let mut out = String::new();
    for (at, part) in line.split('`').enumerate() {
        // Every second part is code; an unpaired backquote stays.
        if at % 2 == 1 && line.matches('`').count() > at {
            out += &look.paint(Tone::Help, part);
        } else if at % 2 == 1 {
            out += &format!("`{part}");
        } else {
            let strong = part.split("**").enumerate();
            strong.for_each(|(at, part)| {
                out += &if at % 2 == 1 { look.paint(Tone::Strong, part) } else { part.to_string() };
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_colours_and_the_text_stays() {
        let page = "# IMM001 card-changed\n\nRun `git log`, **then** stop.\n\n- one\n\n```text\na `b`\n```\n";
        let look = Look { color: true, ..Look::default() };
        let shown = render(page, &look);
        let plain: String =
            shown.split("\u{1b}[").map(|part| part.split_once('m').map_or(part, |(_, rest)| rest)).collect();
        assert_eq!(plain, "IMM001 card-changed\n\nRun git log, then stop.\n\n  • one\n\n    a `b`\n");
        assert_eq!(render(page, &Look::default()), page, "a pipe gets Markdown");
        assert_eq!(inline("one ` alone", &look), "one ` alone");
    }
}
