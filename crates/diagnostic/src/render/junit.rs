//! JUnit XML: one test case per rule, failed where the rule has a finding that fails the run.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestSuite};

use super::{Options, place};
use crate::{Diagnostic, Report, sanitise};

pub(super) fn render(report: &Report, options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut suite = TestSuite::new("id-guard");
    for rule in options.rules {
        let fails = |finding: &&Diagnostic| finding.rule.id.code == rule.id.code && finding.fails();
        let found: Vec<&Diagnostic> = report.findings.iter().filter(fails).collect();
        let mut status = TestCaseStatus::success();
        if let Some(first) = found.first() {
            status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let lines: Vec<String> = found.iter().take(1_000).map(|finding| line(finding)).collect();
            status
                .set_type(rule.id.code)
                .set_message(sanitise::text(&first.message))
                .set_description(lines.join("\n"));
        }
        let mut case = TestCase::new(format!("{} {}", rule.id.code, rule.id.name), status);
        case.set_classname(format!("id-guard.{}", rule.id.family.code));
        suite.add_test_case(case);
    }
    for error in &report.errors {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(sanitise::text(&error.message));
        suite.add_test_case(TestCase::new("check could not run", status));
    }
    let mut junit = Junit::new(options.tool.0);
    junit.add_test_suite(suite);
    let text = junit.to_string().map_err(io::Error::other)?;
    writeln!(out, "{text}")
}

fn line(finding: &Diagnostic) -> String {
    let place = place(finding).map_or_else(String::new, |place| format!("{place}: "));
    let commit =
        finding.commit.as_ref().map_or_else(String::new, |commit| format!(" (in {})", commit.id.short()));
    format!("{place}{}{commit}", sanitise::text(&finding.message))
}
