//! SARIF 2.1.0 (OASIS), for code scanning.

use std::io::{self, Write};

use serde_json::{Value, json};
use snapshot::RepoPath;

use super::Options;
use crate::{Diagnostic, Level, Location, Report, Status, Verdict, sanitise};

/// The limit of code scanning, which refuses a file with more.
const MAX_SARIF_RESULTS: usize = 5_000;

pub(super) fn render(report: &Report, options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rules: Vec<Value> = options
        .rules
        .iter()
        .map(|rule| {
            let mut described = json!({
                "id": rule.id.code,
                "name": rule.id.name,
                "shortDescription": {"text": rule.summary},
                "help": {"text": rule.page, "markdown": rule.page},
                "defaultConfiguration": {"level": level(rule.id.level)},
                "properties": {"tags": [rule.id.family.title]},
            });
            if let Some(page) = options.rule_page(rule.id.code) {
                described["helpUri"] = json!(page);
            }
            described
        })
        .collect();
    let mut notifications: Vec<Value> = report
        .errors
        .iter()
        .map(|error| json!({"level": "error", "message": {"text": sanitise::text(&error.message)}}))
        .collect();
    let left_out = report.findings.len().saturating_sub(MAX_SARIF_RESULTS);
    if left_out > 0 {
        let text = format!("{left_out} more findings are not shown here; the other formats contain them");
        notifications.push(json!({"level": "warning", "message": {"text": text}}));
    }
    // Findings come worst first.
    let results: Vec<Value> =
        report.findings.iter().take(MAX_SARIF_RESULTS).map(|finding| result(finding, options)).collect();
    let mut driver = json!({"name": options.tool.0, "version": options.tool.1, "rules": rules});
    if let Some(home) = options.home {
        driver["informationUri"] = json!(home);
    }
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": report.verdict() != Verdict::Error,
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    });
    writeln!(out, "{}", sanitise::json(&document.to_string()))
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Allow => "none",
    }
}

fn result(finding: &Diagnostic, options: &Options<'_>) -> Value {
    let mut text = sanitise::text(&finding.message);
    for help in &finding.help {
        text += &format!("\nhelp: {}", sanitise::text(help));
    }
    let mut result = json!({
        "ruleId": finding.rule.id.code,
        "level": level(finding.level),
        "message": {"text": text},
        "locations": finding.location.iter().map(|at| location(at, None)).collect::<Vec<_>>(),
        "relatedLocations": finding.all_related().iter().map(|r| location(&r.location, Some(&r.message))).collect::<Vec<_>>(),
        "partialFingerprints": {"idGuard/v1": finding.fingerprint()},
        "baselineState": if finding.status == Status::Introduced { "new" } else { "unchanged" },
    });
    if let Some(index) = options.rules.iter().position(|rule| rule.id.code == finding.rule.id.code) {
        result["ruleIndex"] = json!(index);
    }
    if let Some(cause) = &finding.caused_by {
        result["properties"] = json!({"causedBy": {"code": cause.code, "fingerprint": cause.fingerprint}});
    }
    let why = match &finding.waived_by {
        Some(waiver) => Some(format!("until {} by {}: {}", waiver.until, waiver.owner, waiver.reason)),
        None => (finding.status == Status::Known)
            .then(|| "listed as a known finding when the policy was adopted".into()),
    };
    if let Some(why) = why {
        result["suppressions"] = json!([{"kind": "external", "justification": sanitise::text(&why)}]);
    }
    result
}

fn location(location: &Location, message: Option<&str>) -> Value {
    let mut physical = json!({"artifactLocation": {"uri": uri(&location.path)}});
    if let Some(span) = location.span {
        physical["region"] = json!({
            "startLine": span.start.line,
            "startColumn": span.start.column,
            "endLine": span.end.line,
            "endColumn": span.end.column,
        });
    }
    let mut value = json!({"physicalLocation": physical});
    if let Some(message) = message {
        value["message"] = json!({"text": sanitise::text(message)});
    }
    value
}

/// Percent-encodes a path (RFC 3986 §2.1), byte by byte.
fn uri(path: &RepoPath) -> String {
    let mut uri = String::new();
    for &byte in path.as_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte))
            }
            _ => uri += &format!("%{byte:02X}"),
        }
    }
    uri
}
