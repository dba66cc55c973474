//! For programs: the versioned envelope, one finding per line.

use std::io::{self, Write};

use serde_json::{Value, json};
use snapshot::ObjectId;

use crate::{CommitInfo, Diagnostic, Location, Report, Span, sanitise};

pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let verdict = report.verdict();
    let checked = &report.checked;
    let head = json!({
        "command": checked.command,
        "base": checked.base.map(hex),
        "base_name": checked.base_name,
        "head": checked.head,
        "merge_base": checked.merge_base.map(hex),
        "policy": checked.policy,
        "commits": checked.commits,
        "files": checked.files,
        "cards": checked.cards,
        "rules": checked.rules,
        "governed": checked.governed,
        "disciplines": checked.disciplines,
    });
    let mut write = |text: &str| out.write_all(text.as_bytes());
    write("{\n")?;
    write(&format!("\"schema_version\": 1,\n\"ok\": {},\n", verdict.exit_code() == 0))?;
    write(&format!("\"verdict\": \"{}\",\n\"checked\": {},\n", verdict.name(), safe(&head)))?;
    list(&mut write, "findings", report.findings.iter().map(finding), ",")?;
    let artifact = |artifact: &crate::Artifact| json!({"path": String::from_utf8_lossy(artifact.path.as_bytes()), "action": artifact.action});
    list(&mut write, "artifacts", report.artifacts.iter().map(artifact), ",")?;
    list(&mut write, "messages", report.messages.iter().map(|message| json!(message)), ",")?;
    let errors = report.errors.iter().map(|error| {
        let place = error.location.as_ref();
        json!({
            "message": error.message,
            "help": error.help,
            "path": place.map(path),
            "span": place.and_then(|location| location.span).map(span),
        })
    });
    list(&mut write, "errors", errors, "")?;
    write("}\n")
}

fn list(
    write: &mut dyn FnMut(&str) -> io::Result<()>,
    name: &str,
    values: impl ExactSizeIterator<Item = Value>,
    behind: &str,
) -> io::Result<()> {
    let last = values.len();
    write(&format!("\"{name}\": ["))?;
    for (at, value) in values.enumerate() {
        write(&format!("\n  {}{}", safe(&value), if at + 1 < last { "," } else { "\n" }))?;
    }
    write(&format!("]{behind}\n"))
}

fn safe(value: &Value) -> String {
    sanitise::json(&value.to_string())
}

fn hex(id: ObjectId) -> String {
    id.to_string()
}

/// Returns a path as a string: what is not UTF-8 is replaced, since JSON contains Unicode only.
fn path(location: &Location) -> String {
    String::from_utf8_lossy(location.path.as_bytes()).into_owned()
}

fn span(span: Span) -> Value {
    json!({
        "start": {"line": span.start.line, "column": span.start.column},
        "end": {"line": span.end.line, "column": span.end.column},
    })
}

fn time(commit: &CommitInfo) -> Option<String> {
    Some(jiff::Timestamp::from_second(commit.time).ok()?.to_string())
}

fn commit(commit: &CommitInfo) -> Value {
    json!({"id": hex(commit.id), "author": commit.author, "time": time(commit)})
}

fn finding(finding: &Diagnostic) -> Value {
    let place = finding.location.as_ref();
    let related = |related: &crate::Related| {
        json!({
            "path": path(&related.location),
            "span": related.location.span.map(span),
            "commit": related.commit.map(hex),
            "message": related.message,
        })
    };
    json!({
        "code": finding.rule.id.code,
        "rule": finding.rule.id.name,
        "family": finding.rule.id.family.code,
        "level": finding.level.name(),
        "status": finding.status.name(),
        "path": place.map(path),
        "pointer": place.and_then(|location| location.pointer.clone()),
        "span": place.and_then(|location| location.span).map(span),
        "message": finding.message,
        "help": finding.help,
        "fix": finding.fixable.then(|| json!({"command": "id-guard fix", "fixable": true})),
        "notes": finding.notes,
        "commit": finding.commit.as_ref().map(|commit| hex(commit.id)),
        "author": finding.commit.as_ref().map(|commit| commit.author.clone()),
        "time": finding.commit.as_ref().and_then(time),
        "first_set_in": finding.first_set_in.as_ref().map(commit),
        "related": finding.all_related().iter().map(related).collect::<Vec<_>>(),
        "waived_by": finding.waived_by.as_ref().map(|waiver| {
            json!({"owner": waiver.owner, "reason": waiver.reason, "until": waiver.until})
        }),
        "caused_by": finding.caused_by.as_ref().map(|cause| {
            json!({"code": cause.code, "fingerprint": cause.fingerprint})
        }),
        "fingerprint": finding.fingerprint(),
        "content_fingerprint": finding.content_fingerprint().map(|digest| digest.hex()),
    })
}
