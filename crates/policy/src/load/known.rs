//! Reads the list of known findings.

use artifact::{Fields, Limits, Problem, Syntax, parse};
use diagnostic::{CheckError, Location};
use digest::Digest;
use snapshot::{ObjectId, RepoPath, Snapshot};

use super::source::{Source, read_within};
use super::{KNOWN_FINDINGS_PATH, Loader};
use crate::error::Error;
use crate::ignored::{Ignored, IgnoredKind};
use crate::known::{KnownFinding, KnownFindings, can_be_known};

/// The size of the list: 100,000 entries of 320 bytes.
const MAX_KNOWN_FINDINGS_BYTES: u64 = 32 << 20;
/// The entries of a list. Ten times what the largest known registry has, and read in half a second.
const MAX_KNOWN_FINDINGS: usize = 100_000;
/// The problems of a list that are reported: a broken list is broken in every line.
const MAX_REPORTED_PROBLEMS: usize = 20;

impl Loader<'_> {
    /// Reads the list of known findings of the snapshot, if there is one.
    pub(super) fn own_known_findings(&mut self) -> Result<(), Error> {
        let Some(snapshot) = self.snapshot else { return Ok(()) };
        if let Some((known, ignored)) = of_snapshot(snapshot)? {
            self.policy.known = known;
            self.policy.ignored.extend(ignored);
        }
        Ok(())
    }
}

fn of_snapshot(snapshot: &dyn Snapshot) -> Result<Option<(KnownFindings, Vec<Ignored>)>, Error> {
    let text = read_within(snapshot, KNOWN_FINDINGS_PATH, MAX_KNOWN_FINDINGS_BYTES)?;
    text.map(|text| read(RepoPath::from(KNOWN_FINDINGS_PATH), text, Place::Commit)).transpose()
}

impl KnownFindings {
    /// The size of a file that is read.
    pub const MAX_BYTES: u64 = MAX_KNOWN_FINDINGS_BYTES;

    /// Reads a list from the text of a file. Entries of rules whose findings cannot be known are left out.
    ///
    /// # Errors
    /// When a line is not an entry, or the list is too long.
    pub fn parse(name: &str, text: Vec<u8>) -> Result<KnownFindings, Error> {
        Ok(read(RepoPath::from(name), text, Place::Disk)?.0)
    }
}

/// Reads the lines of a list; returns what can be known, and what has no effect.
fn read(path: RepoPath, text: Vec<u8>, place: Place) -> Result<(KnownFindings, Vec<Ignored>), Error> {
    let source = Source { path: path.clone(), text: &text, embedded: false };
    let (mut entries, mut ignored, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    let mut start = 0;
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        let span = start..start + line.trim_ascii_end().len();
        start += line.len();
        if span.is_empty() {
            continue;
        }
        if entries.len() == MAX_KNOWN_FINDINGS {
            problems.push(Problem {
                help: Some("fix the oldest findings, or govern less".into()),
                ..Problem::new(span, format!("more than {MAX_KNOWN_FINDINGS} known findings"))
            });
            break;
        }
        match entry(&text[span.clone()]) {
            Ok(entry) if is_known_rule(entry.code) => entries.push(KnownFinding { span, ..entry }),
            Ok(entry) => ignored.push(Ignored {
                what: IgnoredKind::KnownFinding,
                name: entry.line(),
                message: format!("findings of {} cannot be known: no waiver covers them either", entry.code),
                help: "remove the line, and fix what the rule reports".into(),
                location: Location::at(&path, &text, span),
            }),
            Err(problem) => {
                let within = problem.span.start + span.start..problem.span.end + span.start;
                problems.push(Problem { span: within, ..problem });
            }
        }
        if problems.len() == MAX_REPORTED_PROBLEMS {
            break;
        }
    }
    if !problems.is_empty() {
        let errors = problems.into_iter().map(|problem| CheckError {
            help: Some(problem.help.clone().unwrap_or_else(|| advice(&path, place))),
            ..source.check_error(problem)
        });
        return Err(Error::Invalid(errors.collect()));
    }
    Ok((KnownFindings::new(path, text, entries), ignored))
}

/// Where a list was read: while a commit contains a broken one, no policy can be read from that commit.
#[derive(Clone, Copy)]
enum Place {
    Commit,
    Disk,
}

/// A list that exists only shrinks, so a broken one is removed before it is written again.
fn advice(path: &RepoPath, place: Place) -> String {
    let file = snapshot::shell::word(path.as_bytes());
    let remove = match place {
        Place::Commit => {
            let path = snapshot::shell::pathspec(path.as_bytes());
            format!("git rm --quiet --force -- {path} && git commit --message 'Remove the known findings'")
        }
        Place::Disk => format!("rm -- {file}"),
    };
    format!(
        "restore the file; or remove it, and write it again: {remove} && id-guard audit --write-baseline {file}"
    )
}

fn is_known_rule(code: &str) -> bool {
    codes::ALL.iter().any(|rule| rule.code == code && can_be_known(rule))
}

/// Reads a line: an object with the keys `code`, `path`, `pointer`, `commit` and `fingerprint`.
fn entry(line: &[u8]) -> Result<KnownFinding, Problem> {
    let value = parse(Syntax::Json, line, &Limits::default()).map_err(|error| Problem {
        help: error.help,
        ..Problem::new(error.span, format!("not a known finding: {}", error.message))
    })?;
    let mut problems = Vec::new();
    let found = fields_of(&value, &mut problems);
    match (found, problems.into_iter().next()) {
        (Some(found), None) => Ok(found),
        (_, Some(problem)) => Err(problem),
        (None, None) => Err(Problem::new(0..line.len(), "not a known finding")),
    }
}

fn fields_of(value: &artifact::Value, problems: &mut Vec<Problem>) -> Option<KnownFinding> {
    let mut fields = Fields::of(value, "", problems)?;
    let code = fields.required_str("code");
    let rule = code.and_then(|(text, place)| {
        let rule = codes::ALL.iter().find(|rule| rule.code == text);
        if rule.is_none() {
            fields.problem("code", place.span.clone(), format!("unknown rule `{text}`"), None);
        }
        rule
    });
    let path = fields.required_str("path");
    let pointer = optional(&mut fields, "pointer");
    let commit = optional(&mut fields, "commit");
    let commit = commit.map(|text| {
        let id = ObjectId::from_hex(text.as_bytes());
        if id.is_none() {
            let span = value.span.clone();
            fields.problem("commit", span, "expected a full commit id", None);
        }
        id
    });
    let fingerprint = fields.required_str("fingerprint").and_then(|(text, place)| {
        let digest = Digest::from_hex(text);
        if digest.is_none() {
            let message = "expected a fingerprint: 64 hexadecimal digits in lower case";
            fields.problem("fingerprint", place.span.clone(), message, None);
        }
        digest
    });
    fields.finish();
    Some(KnownFinding {
        code: rule?.code,
        path: path?.0.into(),
        pointer: pointer.map(String::from),
        commit: commit.flatten(),
        fingerprint: fingerprint?,
        span: 0..0,
    })
}

/// Reads a string that may be missing or null.
fn optional<'v>(fields: &mut Fields<'v, '_>, name: &'static str) -> Option<&'v str> {
    let is_null = fields.optional(name).is_some_and(|value| value.kind == artifact::Kind::Null);
    if is_null { None } else { fields.optional_str(name).map(|(text, _)| text) }
}

#[cfg(test)]
mod tests {
    use diagnostic::{Compared, Diagnostic, RuleInfo};
    use snapshot::{Memory, Mode, Object};

    use super::*;
    use crate::{Policy, write_known_findings};

    const NAME: &str = KNOWN_FINDINGS_PATH;
    static CHANGED: RuleInfo = RuleInfo { id: codes::FROZEN_FIELD_CHANGED, summary: "", page: "" };
    static REWRITTEN: RuleInfo = RuleInfo { id: codes::LEDGER_REWRITTEN, summary: "", page: "" };

    fn object(digit: char) -> Object {
        let id = ObjectId::from_hex(digit.to_string().repeat(40).as_bytes());
        Object { mode: Mode::File, id }
    }

    /// A finding at a value of a file that changed from one object to another.
    fn finding(rule: &'static RuleInfo, path: &str, from: char, to: char) -> Diagnostic {
        let place = Location::of(&RepoPath::from(path)).with_pointer("/name");
        let compared =
            Compared { before: Some(object(from)), after: Some(object(to)), ..Compared::default() };
        Diagnostic { compared: Some(compared), ..Diagnostic::new(rule, "it changed").at(place) }
    }

    fn list(findings: &[Diagnostic]) -> String {
        write_known_findings(findings.iter().filter_map(KnownFinding::of))
    }

    fn parse(text: impl Into<Vec<u8>>) -> Result<KnownFindings, Vec<CheckError>> {
        KnownFindings::parse(NAME, text.into()).map_err(Error::into_check_errors)
    }

    #[test]
    fn what_is_written_is_read_again_and_contains_the_finding() {
        let listed = ["b.yaml", "a \u{202e}\"\\.yaml", "docs/\u{e4}.yaml"]
            .map(|path| finding(&CHANGED, path, '1', '2'));
        let text = list(&listed);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.is_sorted() && lines.len() == 3 && text.ends_with('\n'), "{text}");
        let known = parse(text.clone()).unwrap();
        for finding in &listed {
            assert_eq!(known.find(finding).len(), 1);
        }
        assert_eq!(write_known_findings(known.entries.clone()), text);
        // Another version, another rule, another path: none of them is known.
        let later = finding(&CHANGED, "b.yaml", '2', '3');
        let back = finding(&CHANGED, "b.yaml", '2', '1');
        let elsewhere = finding(&CHANGED, "c.yaml", '1', '2');
        for other in [later, back, elsewhere] {
            assert_eq!(known.find(&other), Vec::<usize>::new());
        }
    }

    #[test]
    fn one_finding_has_one_line() {
        let once = finding(&CHANGED, "a.yaml", '1', '2');
        assert_eq!(list(&[once.clone(), once]).lines().count(), 1);
    }

    #[test]
    fn what_cannot_be_waived_cannot_be_known() {
        let rewritten = finding(&REWRITTEN, ".ledger/ids.jsonl", '1', '2');
        assert_eq!(KnownFinding::of(&rewritten), None);
        let mut unknown_object = finding(&CHANGED, "a.yaml", '1', '2');
        unknown_object.compared.as_mut().unwrap().after.as_mut().unwrap().id = None;
        assert_eq!(KnownFinding::of(&unknown_object), None, "the working tree has no object ids");
        let state = Diagnostic::new(&CHANGED, "m").at(Location::of(&RepoPath::from("a.yaml")));
        assert_eq!(KnownFinding::of(&state), None, "a finding about a state covers every later one");
    }

    #[test]
    fn blank_lines_and_crlf_are_no_problem() {
        let text = list(&[finding(&CHANGED, "a.yaml", '1', '2')]);
        for text in
            [format!("\n{text}\n\n"), text.replace('\n', "\r\n"), text.trim_end().to_string(), String::new()]
        {
            let entries = parse(text.clone()).unwrap().entries;
            assert_eq!(entries.len(), usize::from(!text.is_empty()), "{text:?}");
        }
    }

    #[test]
    fn a_broken_line_is_reported_at_its_line() {
        let good = list(&[finding(&CHANGED, "a.yaml", '1', '2')]);
        for broken in
            ["{", "null", "[1]", "\u{feff}{}", "{}", "{\"code\": \"IMM021\"}", "\u{0}", "<<<<<<< HEAD"]
        {
            let errors = parse(format!("{good}{broken}\n{good}")).unwrap_err();
            let lines: Vec<u32> = errors
                .iter()
                .map(|error| error.location.as_ref().unwrap().span.unwrap().start.line)
                .collect();
            assert_eq!(lines, [2], "{broken:?}");
            assert!(errors[0].help.as_ref().is_some_and(|help| !help.is_empty()));
        }
        let help = |errors: Vec<CheckError>| errors[0].help.clone().unwrap();
        assert!(help(parse("[1]\n").unwrap_err()).contains("write it again: rm -- policy-packs/"));
        let mut tree = Memory::new();
        tree.insert(RepoPath::from(NAME), Mode::File, b"[1]\n".to_vec());
        let committed = help(Policy::load(&tree).unwrap_err().into_check_errors());
        assert!(committed.contains("write it again: git rm --quiet --force -- policy-packs/"), "{committed}");
        assert_eq!(parse(b"\xff\xfe\n".repeat(1_000)).unwrap_err().len(), MAX_REPORTED_PROBLEMS);
    }

    #[test]
    fn a_list_is_bounded() {
        let line = list(&[finding(&CHANGED, "a.yaml", '1', '2')]);
        let errors = parse(line.repeat(MAX_KNOWN_FINDINGS + 1)).unwrap_err();
        assert_eq!(errors[0].message, "more than 100000 known findings");
        let mut tree = Memory::new();
        let size = usize::try_from(MAX_KNOWN_FINDINGS_BYTES).unwrap() + 1;
        tree.insert(RepoPath::from(NAME), Mode::File, vec![b' '; size]);
        assert!(matches!(Policy::load(&tree), Err(Error::Read { .. })));
    }

    #[test]
    fn a_link_is_not_a_list() {
        let mut tree = Memory::new();
        tree.insert(RepoPath::from(NAME), Mode::Link, b"elsewhere".to_vec());
        assert!(matches!(Policy::load(&tree), Err(Error::Invalid(_))));
    }
}
