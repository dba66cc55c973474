//! One set of diagnostics through every renderer, and hostile text through all of them.
//!
//! The golden files are blessed by one command: `SNAPSHOTS=overwrite cargo nextest run -p diagnostic`. Read the diff as code.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot be set up has failed")]

use diagnostic::*;
use snapshot::{Mode, Object, ObjectId, RepoPath};

static CHANGED: RuleInfo = RuleInfo {
    id: codes::CARD_CHANGED,
    summary: "an ID card is never edited",
    page: "# IMM001 card-changed\n\nWhy.\n",
};
static RESTORED: RuleInfo = RuleInfo {
    id: RuleId { level: Level::Warn, ..codes::ORIGINAL_VALUE_RESTORED },
    summary: "a fixed value is back",
    page: "# IMM012 original-value-restored\n\nWhy.\n",
};

fn id(digit: char) -> ObjectId {
    ObjectId::from_hex(digit.to_string().repeat(40).as_bytes()).unwrap()
}

fn commit(digit: char) -> CommitInfo {
    CommitInfo { id: id(digit), author: "Ada <ada@example.org>".into(), time: 1_793_000_000 }
}

fn report() -> Report {
    let source = b"schema_version: 1\nulid: 01JD4ZK3V8Q2W4X6Y8Z0A1B2C3\nkey: PLG_PREVIEW\n";
    let card = RepoPath::from("ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C3.yaml");
    let at = source.len() - 12;
    let changed = Diagnostic {
        first_set_in: Some(commit('3')),
        ..Diagnostic::new(&CHANGED, "this ID card was changed")
            .at(Location::at(&card, source, at..at + 11)
                .with_pointer("/key")
                .with_label("was \"PLG_LOCAL_PREVIEW\""))
            .help("restore it: git checkout 3333333 -- ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C3.yaml")
            .related(Related {
                location: Location::at(
                    &RepoPath::from("ids/cards/OLD.yaml"),
                    b"ulid: A\nkey: PLG_PREVIEW\n",
                    13..24,
                ),
                commit: Some(id('3')),
                message: "the key was already declared".into(),
            })
    };
    let mut changed = changed;
    let policy = RepoPath::from("policy-packs/policy.yaml");
    changed.required_by = Some(Location::at(&policy, b"paths:\n  - frozen\n", 9..17));
    let restored = Diagnostic {
        commit: Some(commit('4')),
        ..Diagnostic::new(&RESTORED, "this governed file got back the value that it was first given")
            .at(Location::of(&RepoPath::from("docs/a.md")))
            .note("intermediate commits contain a different value")
    };
    let waived = Diagnostic {
        waived_by: Some(WaivedBy {
            owner: "ada@example.org".into(),
            reason: "bulk migration".into(),
            until: "2027-01-01".into(),
        }),
        ..Diagnostic::new(&CHANGED, "this ID card was changed")
            .at(Location::of(&RepoPath::from("ids/cards/B.yaml")))
    };
    let checked = CheckedRange {
        command: "check".into(),
        base: Some(id('a')),
        base_name: Some("main".into()),
        head: Some(id('b').to_string()),
        merge_base: Some(id('a')),
        policy: Some("aaaaaaa".into()),
        commits: 4,
        files: 12,
        cards: 1,
        rules: 38,
        ..CheckedRange::default()
    };
    let mut findings = vec![restored, waived, changed];
    findings.sort_by(Diagnostic::order);
    Report { checked, findings, ..Report::default() }
}

fn shown(format: Format, report: &Report) -> String {
    let rules = [&CHANGED, &RESTORED];
    let mut out = Vec::new();
    render(format, report, &options(Look::default(), &rules), &mut out).unwrap();
    String::from_utf8(out).expect("every format is UTF-8")
}

fn options<'o>(look: Look, rules: &'o [&'static RuleInfo]) -> Options<'o> {
    Options {
        look,
        max_findings: None,
        annotations_max: 10,
        verbose: false,
        rules,
        tool: ("id-guard", "0.1.0"),
        home: None,
    }
}

#[test]
fn every_renderer_shows_the_same_report() {
    for format in Format::ALL {
        let file = format!("{}/tests/golden/{}.golden", env!("CARGO_MANIFEST_DIR"), format.name());
        snapbox::assert_data_eq!(
            shown(format, &report()),
            snapbox::Data::read_from(std::path::Path::new(&file), None).raw()
        );
    }
}

#[test]
fn json_keeps_its_schema() {
    let schema: serde_json::Value = serde_json::from_str(diagnostic::render::REPORT_SCHEMA).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let mut without = Report::default();
    without.errors.push(CheckError { message: "no base".into(), help: None, location: None });
    for report in [report(), Report::default(), without, hostile()] {
        let document: serde_json::Value = serde_json::from_str(&shown(Format::Json, &report)).unwrap();
        let errors: Vec<_> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(document["ok"], report.verdict().exit_code() == 0);
    }
}

#[test]
fn the_exit_status_is_decided_once() {
    let mut report = report();
    assert_eq!(report.verdict(), Verdict::Fail);
    report.findings.retain(|finding| finding.level == Level::Warn || finding.waived_by.is_some());
    assert_eq!(report.verdict(), Verdict::Pass);
    report.errors.push(CheckError { message: "x".into(), help: None, location: None });
    assert_eq!(report.verdict(), Verdict::Error, "no verdict is never a pass");
}

/// The report with the card's finding listed as known.
fn with_known() -> Report {
    let mut report = report();
    let changed = report.findings.iter_mut().find(|finding| finding.fails()).unwrap();
    changed.status = Status::Known;
    report.findings.sort_by(Diagnostic::order);
    report
}

#[test]
fn a_known_finding_is_counted_and_fails_nothing() {
    let report = with_known();
    let counts = report.counts();
    assert_eq!((report.verdict(), counts.errors, counts.known, counts.waived), (Verdict::Pass, 0, 1, 1));
    for format in
        [Format::Human, Format::Narrated, Format::Concise, Format::Grouped, Format::Summary, Format::Github]
    {
        let text = shown(format, &report);
        assert!(text.contains("; 1 waived; 1 known"), "{}: {text}", format.name());
        assert!(
            !text.contains("OLD.yaml") && !text.contains("key: PLG_PREVIEW"),
            "{}: {text}",
            format.name()
        );
    }
    let document: serde_json::Value = serde_json::from_str(&shown(Format::Json, &report)).unwrap();
    let statuses: Vec<&str> =
        document["findings"].as_array().unwrap().iter().map(|f| f["status"].as_str().unwrap()).collect();
    assert_eq!(
        statuses,
        ["introduced", "known", "introduced"],
        "what is accepted, waived or known, comes last"
    );
    assert_eq!(document["ok"], true);
    let sarif: serde_json::Value = serde_json::from_str(&shown(Format::Sarif, &report)).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 3, "known findings are not lost");
    assert_eq!(results[1]["suppressions"][0]["kind"], "external");
    assert_eq!(results[1]["baselineState"], "unchanged");
    assert_eq!(results[0].get("suppressions"), None);
    let gitlab: serde_json::Value = serde_json::from_str(&shown(Format::Gitlab, &report)).unwrap();
    assert_eq!(gitlab.as_array().unwrap().len(), 1);
    assert!(!shown(Format::Junit, &report).contains("<failure"));
    let mut out = Vec::new();
    let rules = [&CHANGED, &RESTORED];
    let verbose = Options { verbose: true, ..options(Look::default(), &rules) };
    render(Format::Human, &report, &verbose, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("known[IMM001] card-changed") && text.contains("key: PLG_PREVIEW"), "{text}");
}

#[test]
fn a_content_fingerprint_is_of_one_edit() {
    let object = |mode, digit| Some(Object { mode, id: Some(id(digit)) });
    let compared =
        Compared { before: object(Mode::File, '1'), after: object(Mode::File, '2'), ..Compared::default() };
    let at = |path: &str, pointer: &str, compared: &Compared| {
        let place = Location::of(&RepoPath::from(path)).with_pointer(pointer);
        let finding = Diagnostic::new(&CHANGED, "m").at(place);
        Diagnostic { compared: Some(compared.clone()), ..finding }.content_fingerprint().unwrap()
    };
    let original = at("a", "/b", &compared);
    let moved = Diagnostic {
        compared: Some(compared.clone()),
        commit: Some(commit('9')),
        ..Diagnostic::new(&CHANGED, "another message")
            .at(Location::of(&RepoPath::from("a")).with_pointer("/b"))
    };
    assert_eq!(moved.content_fingerprint(), Some(original), "neither message nor commit is part of it");
    let others = [
        at("ab", "", &compared),
        at("a/b", "", &compared),
        at("a", "/c", &compared),
        at("a", "/b", &Compared { element: Some("x".into()), ..compared.clone() }),
        at("a", "/b", &Compared { after: object(Mode::File, '3'), ..compared.clone() }),
        at("a", "/b", &Compared { before: object(Mode::File, '3'), ..compared.clone() }),
        at("a", "/b", &Compared { before: None, ..compared.clone() }),
        at("a", "/b", &Compared { after: None, ..compared.clone() }),
        at("a", "/b", &Compared { after: object(Mode::Executable, '2'), ..compared.clone() }),
        at("a", "/b", &Compared { before: compared.after, after: compared.before, ..compared.clone() }),
    ];
    let distinct: std::collections::BTreeSet<_> = others.iter().chain([&original]).collect();
    assert_eq!(distinct.len(), others.len() + 1);
}

const EVIL: &str =
    "x\r\n::error::pwned\n##[add-mask]y\u{1b}]0;t\u{7}\u{202e}<script>@everyone`|%0A]]>\u{0}\u{85}";

/// Every string that a contributor can choose, chosen with malicious intent.
fn hostile() -> Report {
    let mut path = EVIL.as_bytes().to_vec();
    path.extend_from_slice(b"/\xff\xfe.yaml");
    let path = RepoPath::new(&path);
    let mut source = vec![b'a'; 70_000];
    source.extend_from_slice(EVIL.as_bytes());
    source.extend(vec![b'z'; 1 << 20]);
    let mut findings = Vec::new();
    for _ in 0..40 {
        let mut finding = Diagnostic::new(&CHANGED, format!("{EVIL}{}", "m".repeat(5_000)))
            .at(Location::at(&path, &source, 70_000..70_040).with_pointer(EVIL).with_label(EVIL))
            .help(EVIL)
            .note(EVIL)
            .related(Related { location: Location::of(&path), commit: None, message: EVIL.into() });
        finding.commit = Some(CommitInfo { id: id('c'), author: EVIL.into(), time: i64::MAX });
        finding.first_set_in.clone_from(&finding.commit);
        finding.required_by = Some(Location::at(&path, &source, 70_000..70_040));
        finding.difference = Difference::between(EVIL.as_bytes(), b"generated\n");
        let beside = Location::at(&path, &source, 70_020..70_060).with_label(EVIL);
        finding.related.push(Related { location: beside, commit: None, message: EVIL.into() });
        findings.push(finding);
    }
    let waiver = WaivedBy { owner: EVIL.into(), reason: EVIL.into(), until: EVIL.into() };
    findings[0].waived_by = Some(waiver);
    let checked = CheckedRange {
        command: "check".into(),
        base: Some(id('a')),
        base_name: Some(EVIL.into()),
        head: Some(EVIL.into()),
        policy: Some(EVIL.into()),
        ..CheckedRange::default()
    };
    Report { checked, findings, messages: vec![EVIL.into()], ..Report::default() }
}

/// Plays the GitHub runner's command parser (`ActionCommand.TryParseV2` and `TryParse`): CR ends a line as well as LF.
fn commands(output: &str) -> Vec<&str> {
    let lines = output.split(['\n', '\r']);
    lines.filter(|line| line.trim_start().starts_with("::") || line.contains("##[")).collect()
}

/// The looks of a report for people, as a terminal, a dumb terminal and a screen reader get them.
fn looks() -> impl Iterator<Item = Look> {
    let widths = [Look::DEFAULT_WIDTH, 60, 40];
    widths
        .into_iter()
        .flat_map(|width| [true, false].map(|unicode| Look { unicode, width, ..Look::default() }))
}

#[test]
fn hostile_text_adds_no_command_and_no_control_in_any_look() {
    let rules = [&CHANGED, &RESTORED];
    let report = Report { findings: hostile().findings.split_off(38), ..hostile() };
    for (look, verbose) in looks().flat_map(|look| [(look, false), (look, true)]) {
        for format in [Format::Human, Format::Narrated, Format::Concise, Format::Grouped] {
            let options = Options { verbose, ..options(look, &rules) };
            let mut out = Vec::new();
            render(format, &report, &options, &mut out).unwrap();
            check_harmless(&String::from_utf8(out).unwrap(), &format!("{format:?} {look:?}"));
        }
        for (grouping, as_json) in [
            (Grouping::Rules, false),
            (Grouping::Rules, true),
            (Grouping::Files, false),
            (Grouping::Files, true),
        ] {
            let mut out = Vec::new();
            render_statistics(&report, grouping, as_json, &options(look, &rules), &mut out).unwrap();
            check_harmless(&String::from_utf8(out).unwrap(), &format!("{grouping:?} {as_json}"));
        }
    }
}

#[test]
fn colours_are_the_only_escapes() {
    let rules = [&CHANGED, &RESTORED];
    let look = Look { color: true, ..Look::default() };
    let report = hostile();
    for format in [Format::Human, Format::Concise, Format::Grouped] {
        let mut out = Vec::new();
        render(format, &report, &options(look, &rules), &mut out).unwrap();
        let output = String::from_utf8(out).unwrap();
        assert!(output.contains("\x1b["), "{format:?}");
        check_harmless(&without_colours(&output), &format!("{format:?}"));
    }
}

/// Removes `ESC [ digits ; digits m` and nothing else.
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap();
        assert_eq!(&part[end..=end], "m", "a sequence that is not a colour: {part:?}");
        out += &part[end + 1..];
    }
    out
}

fn check_harmless(output: &str, what: &str) {
    assert_eq!(commands(output), [] as [&str; 0], "{what}");
    let control = |c: &char| c.is_control() && *c != '\n' || sanitise::is_deceptive(*c);
    assert_eq!(output.chars().find(control), None, "{what}");
}

/// The graphical handler panics on a column past 65,535 and prints what it receives: it receives a window.
#[test]
fn a_line_of_a_megabyte_is_a_window() {
    let mut source = vec![b'a'; 1 << 20];
    source.extend_from_slice("\u{202e}\x1b[2Jx".as_bytes());
    let path = RepoPath::from("a.txt");
    let at = source.len() - 1;
    let finding =
        Diagnostic::new(&CHANGED, "m").at(Location::at(&path, &source, at..at + 1).with_label("here"));
    let snippet = finding.location.as_ref().unwrap().snippet.clone().unwrap();
    assert!(snippet.text.chars().count() <= Snippet::WIDTH + 20, "{}", snippet.text.len());
    let output = shown(Format::Human, &Report { findings: vec![finding], ..Report::default() });
    check_harmless(&output, "a long line");
    assert!(output.contains("a.txt:1:1048582") && output.contains("╰── here"), "{output}");
    assert!(output.lines().all(|line| line.chars().count() <= Look::DEFAULT_WIDTH), "{output}");
}

#[test]
fn hostile_text_adds_no_command_and_no_control() {
    let report = hostile();
    for format in Format::ALL {
        let output = shown(format, &report);
        let meant = commands(&output);
        match format {
            Format::Github => {
                assert_eq!(meant.len(), 10, "ten annotations, as many as the cap allows");
                assert!(meant.iter().all(|line| line.starts_with("::error file=")));
            }
            _ => assert_eq!(meant, [] as [&str; 0], "{format:?}"),
        }
        let control = |c: &char| c.is_control() && *c != '\n' || ('\u{202a}'..='\u{202e}').contains(c);
        assert_eq!(output.chars().find(control), None, "{format:?}");
    }
    let mut without = Report::default();
    without.errors.push(CheckError { message: EVIL.into(), help: Some(EVIL.into()), location: None });
    for format in Format::ALL {
        let expected = usize::from(format == Format::Github);
        assert_eq!(commands(&shown(format, &without)).len(), expected, "{format:?}");
    }
}

#[test]
fn the_summary_fits_and_stays_text() {
    let mut report = hostile();
    let many = report.findings.clone();
    (0..40).for_each(|_| report.findings.extend(many.clone()));
    let summary = shown(Format::Summary, &report);
    assert!(summary.len() <= 1 << 20, "{}", summary.len());
    assert!(summary.contains("more findings are not shown here"));
    assert!(!summary.contains("<script") && !summary.contains("@everyone"));
}
