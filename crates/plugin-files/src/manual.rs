//! MANUAL sections: hand-written parts of a generated document, kept when it is regenerated.
//!
//! ```text
//! <!-- BEGIN MANUAL SECTION: notes -->
//! …
//! <!-- END MANUAL SECTION: notes -->
//! ```

use artifact::Problem;

const BEGIN: &str = "<!-- BEGIN MANUAL SECTION:";
const END: &str = "<!-- END MANUAL SECTION:";

/// The number of MANUAL sections of a document; a generated one has two.
const MAX_MANUAL_SECTIONS: usize = 100;

/// The MANUAL sections of a document: name and text, in document order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manual {
    sections: Vec<(String, String)>,
}

impl Manual {
    /// Reads the sections of a generated document. A hand-written document without sections becomes the section `notes` as a whole.
    ///
    /// # Errors
    /// As [`Manual::read`].
    pub fn keep(text: &str, generated: &str) -> Result<Manual, Problem> {
        let manual = Manual::read(text)?;
        if text.starts_with(generated) || text.trim().is_empty() {
            return Ok(manual);
        }
        if !manual.sections.is_empty() {
            // Only the author knows which of the other parts to keep.
            return Err(Problem {
                pointer: String::new(),
                span: 0..text.lines().next().map_or(0, str::len),
                message: "hand-written content found outside the MANUAL markers".into(),
                help: Some("move everything to keep between MANUAL markers and start the document with the first line of a generated one; or remove the markers, then the whole document is kept".into()),
            });
        }
        let end = if text.ends_with('\n') { "" } else { "\n" };
        Ok(Manual { sections: vec![("notes".into(), format!("{text}{end}"))] })
    }

    /// Reads the MANUAL sections of a document given as bytes.
    ///
    /// # Errors
    /// As [`Manual::read`], and when it is not UTF-8, because hand-written content would be lost.
    pub fn of(bytes: Option<&Vec<u8>>, generated: &str) -> Result<Manual, Problem> {
        match std::str::from_utf8(bytes.map(Vec::as_slice).unwrap_or_default()) {
            Ok(text) => Manual::keep(text, generated),
            Err(error) => Err(Problem {
                pointer: String::new(),
                span: error.valid_up_to()..error.valid_up_to() + 1,
                message: "the document is not UTF-8".into(),
                help: Some("save it as UTF-8".into()),
            }),
        }
    }

    /// Reads the sections of a document.
    ///
    /// # Errors
    /// When a section is not closed, not opened, nested, or has a duplicate name.
    pub fn read(text: &str) -> Result<Manual, Problem> {
        let mut manual = Manual::default();
        let mut open: Option<(String, usize, usize)> = None;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let plain = line.trim();
            let span = start..start + line.trim_end().len();
            let problem = |message: String| Problem {
                pointer: String::new(),
                span: span.clone(),
                message,
                help: Some(format!(
                    "a section starts with `{BEGIN} NAME -->` and ends with `{END} NAME -->`"
                )),
            };
            let name = |begin: &str| Some(plain.strip_prefix(begin)?.strip_suffix("-->")?.trim().to_string());
            let sloppy = plain.starts_with("<!--") && plain.to_ascii_uppercase().contains("MANUAL SECTION");
            if manual.sections.len() == MAX_MANUAL_SECTIONS {
                return Err(problem(format!("more than {MAX_MANUAL_SECTIONS} MANUAL sections")));
            }
            if let Some(name) = name(BEGIN) {
                if let Some((other, ..)) = &open {
                    return Err(problem(format!("MANUAL section `{name}` starts inside section `{other}`")));
                }
                if manual.sections.iter().any(|(other, _)| *other == name) {
                    return Err(problem(format!("duplicate MANUAL section `{name}`")));
                }
                open = Some((name, start, at));
            } else if let Some(name) = name(END) {
                match open.take() {
                    Some((other, _, inside)) if other == name => {
                        manual.sections.push((name, text[inside..start].to_string()));
                    }
                    Some((other, ..)) => {
                        return Err(problem(format!("MANUAL section `{other}` is closed as `{name}`")));
                    }
                    None => {
                        return Err(problem(format!(
                            "MANUAL section `{name}` is closed but was never opened"
                        )));
                    }
                }
            } else if sloppy {
                return Err(problem("invalid marker of a MANUAL section".into()));
            }
        }
        match open {
            None => Ok(manual),
            Some((name, start, _)) => Err(Problem {
                pointer: String::new(),
                span: start..start + text[start..].lines().next().map_or(0, str::len),
                message: format!("MANUAL section `{name}` is not closed"),
                help: Some(format!("close it: {END} {name} -->")),
            }),
        }
    }

    /// Returns a section with its kept content, and removes it from the remaining ones.
    pub fn take_section(&mut self, name: &str) -> String {
        let at = self.sections.iter().position(|(known, _)| known == name);
        let text = at.map(|at| self.sections.remove(at).1).unwrap_or_default();
        section(name, &text)
    }

    /// Returns the remaining sections, each after an empty line.
    #[must_use]
    pub fn remaining(&self) -> String {
        self.sections.iter().map(|(name, text)| format!("\n{}", section(name, text))).collect()
    }
}

/// Returns whether a byte of a document is inside a MANUAL section.
#[must_use]
pub fn is_inside(document: &[u8], at: usize) -> bool {
    let before = &document[..at.min(document.len())];
    let last = |mark: &str| before.windows(mark.len()).rposition(|window| window == mark.as_bytes());
    last(BEGIN) > last(END)
}

fn section(name: &str, text: &str) -> String {
    format!("{BEGIN} {name} -->\n{text}{END} {name} -->\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_written_content_is_kept() {
        let text = format!("# x\n{}y\n{}", section("notes", "mine\n"), section("old", "also mine\n"));
        let mut manual = Manual::read(&text).unwrap();
        assert_eq!(manual.take_section("notes"), section("notes", "mine\n"));
        assert_eq!(manual.take_section("usage"), section("usage", ""));
        assert_eq!(manual.remaining(), format!("\n{}", section("old", "also mine\n")));
    }

    #[test]
    fn a_position_is_inside_or_outside() {
        let text = format!("x\n{}y\n", section("notes", "mine\n"));
        let inside = |word: &str| is_inside(text.as_bytes(), text.find(word).unwrap());
        assert!(!inside("x") && inside("mine") && !inside("y"));
        assert!(!is_inside(b"x", 9));
    }

    #[test]
    fn a_document_without_markers_is_kept_as_notes() {
        let manual = Manual::keep("# Mine\n\nwords", "<!-- made").unwrap();
        assert_eq!(manual.sections, [("notes".to_string(), "# Mine\n\nwords\n".to_string())]);
        assert_eq!(Manual::keep("<!-- made -->\nwords", "<!-- made").unwrap(), Manual::default());
        assert!(Manual::keep(&format!("mine\n{}", section("usage", "more\n")), "<!-- made").is_err());
    }

    #[test]
    fn invalid_sections_are_refused() {
        for text in [
            "<!-- BEGIN MANUAL SECTION: a -->\n",
            "<!--BEGIN MANUAL SECTION: a-->\n<!--END MANUAL SECTION: a-->\n",
            "<!-- begin manual section: a -->\n",
            "<!-- END MANUAL SECTION: a -->\n",
            "<!-- BEGIN MANUAL SECTION: a -->\n<!-- BEGIN MANUAL SECTION: b -->\n",
            "<!-- BEGIN MANUAL SECTION: a -->\n<!-- END MANUAL SECTION: b -->\n",
        ] {
            assert!(Manual::read(text).is_err(), "{text}");
        }
    }
}
