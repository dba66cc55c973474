//! The output that the project shows its users, in every look: Unicode and ASCII, with and without colour, 60 and 120 columns.
//!
//! The golden files are blessed by one command: `SNAPSHOTS=overwrite cargo nextest run -p diagnostic`. Read the diff as code.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot be set up has failed")]

use diagnostic::*;
use snapshot::{ObjectId, RepoPath};

const fn rule(id: RuleId) -> RuleInfo {
    RuleInfo { id, summary: "", page: "" }
}

static ALONE: RuleInfo = rule(codes::FIELD_CHANGED_ALONE);
static BACKWARDS: RuleInfo = rule(codes::FIELD_WENT_BACKWARDS);
static STALE: RuleInfo = rule(codes::MANIFEST_STALE);

fn id(hex: &str) -> ObjectId {
    ObjectId::from_hex(format!("{hex}{}", "0".repeat(40 - hex.len())).as_bytes()).unwrap()
}

fn range(text: &str, part: &str) -> std::ops::Range<usize> {
    let start = text.find(part).unwrap();
    start..start + part.len()
}

/// A field that changed while the field that it depends on did not.
fn changed_alone() -> Diagnostic {
    let source = format!(
        "{}  version: v0.11.0\n{}    sha256: 2c8eb6b30c00…\n",
        "# a line\n".repeat(9),
        "    # a line\n".repeat(15)
    );
    let policy = format!("{}    /spec/platforms: frozen-while /spec/version\n", "# a line\n".repeat(9));
    let path = RepoPath::from("plugins/ctx.yaml");
    let at = |part: &str| Location::at(&path, source.as_bytes(), range(&source, part));
    let mut finding =
        Diagnostic::new(&ALONE, "/spec/platforms/0/sha256 changed, but /spec/version is still v0.11.0")
            .at(at("2c8eb6b30c00…").with_pointer("/spec/platforms/0/sha256").with_label("was 1c8eb6b30c00…"))
            .help("raise /spec/version, or restore the file: git checkout main -- plugins/ctx.yaml")
            .related(Related {
                location: at("v0.11.0"),
                commit: None,
                message: "not raised; first set in 5ef6eac (2026-03-27)".into(),
            });
    let line = policy.trim_end().rfind('\n').unwrap() + 1..policy.len() - 1;
    let place = RepoPath::from("policy-packs/policy.yaml");
    finding.required_by = Some(Location::at(&place, policy.as_bytes(), line));
    finding.fixable = true;
    finding
}

/// A derived file that is out of date.
fn out_of_date() -> Diagnostic {
    let source = format!("{}      \"timeout\": \"30s\"\n", "{\n".repeat(13));
    let generated = source.replace("30s", "10s");
    let path = RepoPath::from("plugins/line_count/manifest.json");
    let line = range(&source, "      \"timeout\": \"30s\"");
    let mut finding = Diagnostic::new(&STALE, "manifest.json is out of date: /operations/0/timeout")
        .at(Location::at(&path, source.as_bytes(), line).with_label("differs from the generated content"))
        .help("id-plugin generate line_count")
        .fixable();
    finding.difference = Difference::between(source.as_bytes(), generated.as_bytes());
    finding
}

fn checked() -> CheckedRange {
    CheckedRange {
        command: "check".into(),
        base: Some(id("931e9d9")),
        base_name: Some("main".into()),
        head: Some(id("b").to_string()),
        merge_base: Some(id("931e9d9")),
        policy: Some("931e9d9".into()),
        commits: 1,
        files: 1,
        cards: 0,
        rules: 38,
        governed: Some(412),
        unmatched: Vec::new(),
        disciplines: Some(4),
    }
}

/// An audit of an old repository: 100 findings of two rules.
fn audit() -> Report {
    let commit =
        |hex: &str, time: i64| CommitInfo { id: id(hex), author: "Ada <a@example.org>".into(), time };
    let mut findings = Vec::new();
    for number in 0..85 {
        let mut finding = changed_alone();
        finding.location.as_mut().unwrap().path = format!("plugins/{:02}.yaml", number % 33).as_str().into();
        finding.related.clear();
        finding.commit = Some(if number == 0 { commit("5ef6eac", 1) } else { commit("4c1d2aa", 9) });
        findings.push(finding);
    }
    for number in 0..15 {
        let path = RepoPath::from(format!("plugins/{:02}.yaml", number % 12).as_str());
        let mut finding =
            Diagnostic::new(&BACKWARDS, "/spec/version went from v2 to v1").at(Location::of(&path));
        finding.commit = Some(if number == 0 { commit("18b0e3f", 2) } else { commit("9d8e7c1", 8) });
        findings.push(finding);
    }
    findings.sort_by(Diagnostic::order);
    let checked =
        CheckedRange { command: "audit".into(), base: None, commits: 900, files: 2_236, ..checked() };
    Report { checked, findings, ..Report::default() }
}

fn report(findings: Vec<Diagnostic>) -> Report {
    Report { checked: checked(), findings, ..Report::default() }
}

fn looks() -> impl Iterator<Item = (String, Look)> {
    let all = [(true, true), (true, false), (false, true), (false, false)];
    all.into_iter().flat_map(|(unicode, color)| {
        [60, 120].map(|width| {
            let characters = if unicode { "unicode" } else { "ascii" };
            let colours = if color { "colour" } else { "plain" };
            let look = Look { color, unicode, width, links: false };
            (format!("{characters}-{colours}-{width}"), look)
        })
    })
}

fn options(look: Look) -> Options<'static> {
    Options {
        look,
        max_findings: None,
        annotations_max: 10,
        verbose: false,
        rules: &[],
        tool: ("id-guard", "0.1.0"),
        home: None,
    }
}

/// Compares what is printed in each look with its golden file.
fn golden(name: &str, print: impl Fn(&Options<'_>, &mut Vec<u8>)) {
    for (look_name, look) in looks() {
        let mut out = Vec::new();
        print(&options(look), &mut out);
        let file = format!("{}/tests/golden/output/{name}-{look_name}.txt", env!("CARGO_MANIFEST_DIR"));
        let expected = snapbox::Data::read_from(std::path::Path::new(&file), None).raw();
        snapbox::assert_data_eq!(String::from_utf8(out).unwrap(), expected);
    }
}

fn golden_report(name: &str, format: Format, report: &Report) {
    golden(name, |options, out| render(format, report, options, out).unwrap());
}

#[test]
fn two_labels_on_distant_lines_are_two_boxes() {
    golden_report("human", Format::Human, &report(vec![changed_alone()]));
}

#[test]
fn a_screen_reader_gets_sentences() {
    golden_report("narrated", Format::Narrated, &report(vec![changed_alone()]));
}

#[test]
fn a_derived_file_is_shown_with_its_difference() {
    golden_report("derived", Format::Human, &report(vec![out_of_date()]));
}

#[test]
fn success_states_what_was_checked() {
    golden_report("passed", Format::Human, &report(Vec::new()));
}

#[test]
fn a_run_without_governed_files_is_not_a_success() {
    let mut report = report(Vec::new());
    report.checked.governed = Some(0);
    golden_report("nothing-governed", Format::Human, &report);
}

#[test]
fn a_pattern_that_matches_nothing_is_reported_where_nothing_is_governed() {
    static RULE: RuleInfo =
        RuleInfo { id: codes::PATTERN_MATCHES_NOTHING, summary: "every pattern matches", page: "" };
    let finding = Diagnostic::new(&RULE, "`plugin/*.yaml` matches no file").help("correct the pattern");
    let report = report(vec![finding]);
    for (governed, expected) in [(0, true), (3, false)] {
        let checked = CheckedRange { governed: Some(governed), ..report.checked.clone() };
        let report = Report { checked, ..report.clone() };
        for (_, look) in looks() {
            let mut out = Vec::new();
            render(Format::Human, &report, &options(look), &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert_eq!(text.contains("; nothing is governed here"), expected, "{governed} {text}");
        }
    }
}

#[test]
fn a_check_that_could_not_run_shows_the_line() {
    let policy = "schema_version: 1\npaths: 5\n";
    let place = RepoPath::from("policy-packs/policy.yaml");
    let error = CheckError {
        message: "expected a list, found an integer".into(),
        help: Some("list the paths: - match: plugins/*.yaml".into()),
        location: Some(Location::at(&place, policy.as_bytes(), range(policy, "5"))),
    };
    golden_report("error", Format::Human, &Report { errors: vec![error], ..report(Vec::new()) });
}

#[test]
fn concise_is_one_line_per_finding() {
    golden_report("concise", Format::Concise, &report(vec![changed_alone()]));
}

#[test]
fn statistics_count_by_rule_and_by_file() {
    let report = audit();
    golden("statistics", |options, out| {
        render_statistics(&report, Grouping::Rules, false, options, out).unwrap();
    });
    golden("statistics-files", |options, out| {
        render_statistics(&report, Grouping::Files, false, options, out).unwrap();
    });
}

#[test]
fn grouped_is_capped() {
    let report = audit();
    golden("grouped", |options, out| {
        let options = Options { max_findings: Some(3), ..options.clone() };
        render(Format::Grouped, &report, &options, out).unwrap();
    });
}

#[test]
fn the_cap_leaves_the_exit_status_and_programs_alone() {
    let report = audit();
    let capped = Options { max_findings: Some(1), ..options(Look::default()) };
    for format in [Format::Json, Format::Sarif, Format::Gitlab, Format::Junit, Format::Summary] {
        let (mut with, mut without) = (Vec::new(), Vec::new());
        render(format, &report, &capped, &mut with).unwrap();
        render(format, &report, &options(Look::default()), &mut without).unwrap();
        assert_eq!(with, without, "{format:?}");
    }
    assert_eq!(report.verdict(), Verdict::Fail);
}

/// A code is a link where there is an address and a terminal that shows links, and nowhere else.
#[test]
fn codes_are_links_where_there_is_an_address() {
    let report = report(vec![changed_alone()]);
    let print = |home, links| {
        let look = Look { links, ..Look::default() };
        let mut out = Vec::new();
        render(Format::Human, &report, &Options { home, ..options(look) }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    let linked = print(Some("https://example.org/id-guard"), true);
    let link =
        "error[\u{1b}]8;;https://example.org/id-guard/rules/IMM027.html\u{1b}\\IMM027\u{1b}]8;;\u{1b}\\]";
    assert!(linked.starts_with(link), "{linked:?}");
    for (home, links) in [(None, true), (Some("https://example.org/id-guard"), false)] {
        assert!(print(home, links).starts_with("error[IMM027] field-changed-alone\n"));
    }
}

#[test]
fn sarif_links_the_tool_and_its_rules_where_there_is_an_address() {
    let sarif = |home| {
        let options = Options { home, rules: &[&ALONE], ..options(Look::default()) };
        let mut out = Vec::new();
        render(Format::Sarif, &report(vec![changed_alone()]), &options, &mut out).unwrap();
        serde_json::from_slice::<serde_json::Value>(&out).unwrap()["runs"][0]["tool"]["driver"].clone()
    };
    let driver = sarif(Some("https://example.org/id-guard"));
    assert_eq!(driver["informationUri"], "https://example.org/id-guard");
    assert_eq!(driver["rules"][0]["helpUri"], "https://example.org/id-guard/rules/IMM027.html");
    let driver = sarif(None);
    assert!(driver.get("informationUri").is_none() && driver["rules"][0].get("helpUri").is_none());
}

#[test]
fn a_consequence_is_counted_and_not_shown() {
    let cause = changed_alone();
    let mut consequence = out_of_date();
    consequence.caused_by = Some(CausedBy { code: cause.rule.id.code, fingerprint: cause.fingerprint() });
    let report = report(vec![cause, consequence]);
    let print = |format| {
        let mut out = Vec::new();
        render(format, &report, &options(Look::default()), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    for format in [Format::Human, Format::Narrated, Format::Concise, Format::Grouped] {
        let shown = print(format);
        assert!(!shown.contains("GEN005") && shown.contains("; 1 related finding suppressed"), "{shown}");
    }
    for format in [Format::Json, Format::Sarif] {
        assert!(print(format).contains("GEN005"), "programs get all");
    }
}

/// The types are errors of the standard library, and diagnostics of miette, for programs that use the crate.
#[test]
fn findings_are_diagnostics_of_miette() {
    let finding = changed_alone();
    let as_diagnostic: &dyn miette::Diagnostic = &finding;
    assert_eq!(as_diagnostic.code().unwrap().to_string(), "IMM027 field-changed-alone");
    assert_eq!(as_diagnostic.severity(), Some(miette::Severity::Error));
    assert!(as_diagnostic.help().unwrap().to_string().starts_with("raise /spec/version"));
    assert!(as_diagnostic.url().is_none(), "the project has no address yet");
    assert_eq!(as_diagnostic.labels().unwrap().next().unwrap().label(), Some("was 1c8eb6b30c00…"));
    let related: Vec<String> = as_diagnostic.related().unwrap().map(ToString::to_string).collect();
    assert_eq!(related, ["not raised; first set in 5ef6eac (2026-03-27)"]);
    let mut drawn = String::new();
    miette::NarratableReportHandler::new().render_report(&mut drawn, as_diagnostic).unwrap();
    assert!(drawn.contains("snippet line 26:     sha256: 2c8eb6b30c00…"), "{drawn}");
    let error = CheckError { message: "no base".into(), help: None, location: None };
    let as_error: &dyn std::error::Error = &error;
    assert_eq!(as_error.to_string(), "check could not run: no base");
}
