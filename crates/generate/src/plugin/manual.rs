//! MANUAL sections: what people write into a generated document, and what stays when it is made again.
//!
//! ```text
//! <!-- BEGIN MANUAL SECTION: notes -->
//! …
//! <!-- END MANUAL SECTION: notes -->
//! ```

use artifact::Problem;

const BEGIN: &str = "<!-- BEGIN MANUAL SECTION:";
const END: &str = "<!-- END MANUAL SECTION:";

/// The most MANUAL sections of a document.
const MOST: usize = 100;

/// The MANUAL sections of a document: name and text, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manual {
    sections: Vec<(String, String)>,
}

impl Manual {
    /// Reads the sections of a document that a tool made; of one that people wrote, everything is theirs: it becomes the section `notes`.
    ///
    /// # Errors
    /// As [`Manual::read`].
    pub fn keep(text: &str, generated: &str) -> Result<Manual, Problem> {
        let manual = Manual::read(text)?;
        if text.starts_with(generated) || text.trim().is_empty() {
            return Ok(manual);
        }
        if !manual.sections.is_empty() {
            // Which of it is theirs, and where it belongs, only they know.
            return Err(Problem {
                pointer: String::new(),
                span: 0..text.lines().next().map_or(0, str::len),
                message: "people wrote this document, and only parts of it stand between MANUAL marks".into(),
                help: Some("put all that shall stay between MANUAL marks, and begin the document with the line that a generated one begins with; or take the marks out: then all of it is kept".into()),
            });
        }
        let end = if text.ends_with('\n') { "" } else { "\n" };
        Ok(Manual { sections: vec![("notes".into(), format!("{text}{end}"))] })
    }

    /// Reads the MANUAL sections of a document of a plugin, as bytes.
    ///
    /// # Errors
    /// As [`Manual::read`], and when it is no UTF-8: what people wrote would be lost.
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
    /// When one does not end, ends without beginning, stands in another, or has the name of another.
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
                    "a section begins with `{BEGIN} NAME -->` and ends with `{END} NAME -->`"
                )),
            };
            let name = |begin: &str| Some(plain.strip_prefix(begin)?.strip_suffix("-->")?.trim().to_string());
            let sloppy = plain.starts_with("<!--") && plain.to_ascii_uppercase().contains("MANUAL SECTION");
            if manual.sections.len() == MOST {
                return Err(problem(format!("there are more than {MOST} MANUAL sections")));
            }
            if let Some(name) = name(BEGIN) {
                if let Some((other, ..)) = &open {
                    return Err(problem(format!("the MANUAL section `{name}` begins inside `{other}`")));
                }
                if manual.sections.iter().any(|(other, _)| *other == name) {
                    return Err(problem(format!("there are two MANUAL sections `{name}`")));
                }
                open = Some((name, start, at));
            } else if let Some(name) = name(END) {
                match open.take() {
                    Some((other, _, inside)) if other == name => {
                        manual.sections.push((name, text[inside..start].to_string()));
                    }
                    Some((other, ..)) => {
                        return Err(problem(format!("the MANUAL section `{other}` ends as `{name}`")));
                    }
                    None => return Err(problem(format!("the MANUAL section `{name}` ends and never began"))),
                }
            } else if sloppy {
                return Err(problem(
                    "this is no mark of a MANUAL section, and could be taken for one".into(),
                ));
            }
        }
        match open {
            None => Ok(manual),
            Some((name, start, _)) => Err(Problem {
                pointer: String::new(),
                span: start..start + text[start..].lines().next().map_or(0, str::len),
                message: format!("the MANUAL section `{name}` does not end"),
                help: Some(format!("close it: {END} {name} -->")),
            }),
        }
    }

    /// Writes a section in its place, with what people wrote into it; it is not among the rest any more.
    pub fn place(&mut self, name: &str) -> String {
        let at = self.sections.iter().position(|(known, _)| known == name);
        let text = at.map(|at| self.sections.remove(at).1).unwrap_or_default();
        section(name, &text)
    }

    /// Writes the sections that have no place of their own, each behind an empty line.
    #[must_use]
    pub fn rest(&self) -> String {
        self.sections.iter().map(|(name, text)| format!("\n{}", section(name, text))).collect()
    }
}

/// Tells whether a place of a document lies in a MANUAL section.
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
    fn what_people_wrote_stays_wherever_it_belongs() {
        let text = format!("# x\n{}y\n{}", section("notes", "mine\n"), section("old", "also mine\n"));
        let mut manual = Manual::read(&text).unwrap();
        assert_eq!(manual.place("notes"), section("notes", "mine\n"));
        assert_eq!(manual.place("usage"), section("usage", ""));
        assert_eq!(manual.rest(), format!("\n{}", section("old", "also mine\n")));
    }

    #[test]
    fn a_place_is_inside_or_not() {
        let text = format!("x\n{}y\n", section("notes", "mine\n"));
        let inside = |word: &str| is_inside(text.as_bytes(), text.find(word).unwrap());
        assert!(!inside("x") && inside("mine") && !inside("y"));
        assert!(!is_inside(b"x", 9));
    }

    #[test]
    fn what_people_wrote_before_there_was_a_tool_stays() {
        let manual = Manual::keep("# Mine\n\nwords", "<!-- made").unwrap();
        assert_eq!(manual.sections, [("notes".to_string(), "# Mine\n\nwords\n".to_string())]);
        assert_eq!(Manual::keep("<!-- made -->\nwords", "<!-- made").unwrap(), Manual::default());
        assert!(Manual::keep(&format!("mine\n{}", section("usage", "more\n")), "<!-- made").is_err());
    }

    #[test]
    fn sections_that_are_none_are_told() {
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
