//! GitLab Code Quality: a JSON array, one object per finding; `[]` where there is none.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use crate::{Diagnostic, Level, Report, sanitise};

pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let shown = report.findings.iter().filter(|finding| finding.is_shown() && !finding.is_accepted());
    // GitLab drops an entry whose fingerprint it has seen: a finding that comes in several commits is numbered.
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut entries: Vec<Value> = shown
        .map(|finding| {
            let fingerprint = finding.fingerprint();
            let number = seen.entry(fingerprint.clone()).or_default();
            *number += 1;
            let suffix = if *number > 1 { format!("-{number}") } else { String::new() };
            entry(finding, &format!("{fingerprint}{suffix}"))
        })
        .collect();
    entries.extend(report.errors.iter().enumerate().map(|(number, error)| {
        let path =
            error.location.as_ref().map_or_else(|| ".".into(), |location| sanitise::path(&location.path));
        let line =
            error.location.as_ref().and_then(|location| location.span).map_or(1, |span| span.start.line);
        json!({
            "description": format!("check could not run: {}", sanitise::text(&error.message)),
            "check_name": "check-could-not-run",
            "fingerprint": format!("check-could-not-run-{number}"),
            "severity": "blocker",
            "location": {"path": path, "lines": {"begin": line}},
        })
    }));
    writeln!(out, "{}", sanitise::json(&format!("{:#}", Value::from(entries))))
}

fn entry(finding: &Diagnostic, fingerprint: &str) -> Value {
    let location = finding.location.as_ref();
    let path = location.map_or_else(|| ".".into(), |location| sanitise::path(&location.path));
    let line = location.and_then(|location| location.span).map_or(1, |span| span.start.line);
    json!({
        "description": format!("{}: {}", finding.rule.id.code, sanitise::text(&finding.message)),
        "check_name": finding.rule.id.name,
        "fingerprint": fingerprint,
        "severity": if finding.level == Level::Deny { "major" } else { "minor" },
        "location": {"path": path, "lines": {"begin": line}},
    })
}
