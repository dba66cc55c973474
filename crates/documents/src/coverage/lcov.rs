//! The form of lcov (geninfo(1), FILES).

use std::ops::Range;

use artifact::Problem;

use super::Coverage;
use crate::problem;

/// Reads a report: a record a file, from `SF:` to `end_of_record`.
pub(super) fn read(text: &str) -> Result<Coverage, Problem> {
    let mut coverage = Coverage::default();
    let mut open: Option<(&str, Range<usize>)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end();
        let span = start..start + line.len();
        let wrong = |message: &str| Err(problem(span.clone(), message));
        match (line.split_once(':'), &open) {
            (Some(("SF", "")), _) => return wrong("the record names no file"),
            (Some(("SF", path)), None) => {
                coverage.files.entry(path.into()).or_default();
                open = Some((path, span));
            }
            (Some(("SF", _)), Some(_)) => return wrong("a record begins before the one before it ends"),
            (Some(("DA", data)), Some((path, _))) => match line_of(data) {
                Some((line, hit)) => coverage.add(path, line, hit),
                None => return wrong("expected a line's number, a comma, and how often it was run"),
            },
            (Some(("DA" | "LF" | "LH", _)), None) => return wrong("the line belongs to no record"),
            (Some(("LF", count)), Some((path, _))) => {
                let lines = coverage.files.get(*path).map_or(0, std::collections::BTreeMap::len);
                if lines == 0 && count.trim() != "0" {
                    return wrong("the record counts lines that it does not tell of");
                }
            }
            // Functions, branches, names of tests, and what later versions add.
            (Some((record, _)), _) if record.bytes().all(|byte| byte.is_ascii_uppercase()) => {}
            (None, Some(_)) if line == "end_of_record" => open = None,
            (None, None) if line == "end_of_record" => return wrong("a record ends that did not begin"),
            (None, _) if line.is_empty() || line.starts_with('#') => {}
            _ => return wrong("this is no line of an lcov report"),
        }
    }
    match open {
        Some((_, span)) => Err(problem(span, "the record does not end: the report was cut off")),
        None => Ok(coverage),
    }
}

/// `<line>,<times>[,<checksum>]`.
fn line_of(data: &str) -> Option<(u32, bool)> {
    let mut parts = data.split(',');
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let line = parts.next().filter(|part| digits(part))?.parse().ok().filter(|line| *line > 0)?;
    let times = parts.next().filter(|part| digits(part))?;
    parts.nth(1).is_none().then(|| (line, times.bytes().any(|byte| byte != b'0')))
}
