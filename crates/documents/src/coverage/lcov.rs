//! Reads lcov reports (geninfo(1), FILES).

use std::ops::Range;

use artifact::Problem;

use super::Coverage;
use crate::problem;

/// Reads a report: one record per file, from `SF:` to `end_of_record`.
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
            (Some(("SF", "")), _) => return wrong("the record has no file name"),
            (Some(("SF", path)), None) => {
                coverage.files.entry(path.into()).or_default();
                open = Some((path, span));
            }
            (Some(("SF", _)), Some(_)) => return wrong("a record starts before the previous one ends"),
            (Some(("DA", data)), Some((path, _))) => match line_of(data) {
                Some((line, hit)) => coverage.add(path, line, hit),
                None => return wrong("expected `DA:LINE,COUNT`"),
            },
            (Some(("DA" | "LF" | "LH", _)), None) => return wrong("the line is outside of any record"),
            (Some(("LF", count)), Some((path, _))) => {
                let lines = coverage.files.get(*path).map_or(0, std::collections::BTreeMap::len);
                if lines == 0 && count.trim() != "0" {
                    return wrong("the record has a line count (`LF`) but no lines (`DA`)");
                }
            }
            // Functions, branches, test names, and records of later versions.
            (Some((record, _)), _) if record.bytes().all(|byte| byte.is_ascii_uppercase()) => {}
            (None, Some(_)) if line == "end_of_record" => open = None,
            (None, None) if line == "end_of_record" => return wrong("`end_of_record` outside of any record"),
            (None, _) if line.is_empty() || line.starts_with('#') => {}
            _ => return wrong("not a valid line of an lcov report"),
        }
    }
    match open {
        Some((_, span)) => Err(problem(span, "the record has no `end_of_record`: the report is truncated")),
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
