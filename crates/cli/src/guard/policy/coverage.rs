//! Shows what each discipline of a policy governs: its files, and the documents that have its pointers.

use diagnostic::sanitise;
use engine::{DisciplineCoverage, PolicyCoverage};
use policy::{Discipline, Kind, Origin, Policy, PolicyPointer};
use serde_json::{Value, json};

/// What an entry with fields leaves open.
const NOTE: &str = "a file that is deleted and added under another name is a new document: `removal: forbidden` in the entry stops that";

/// Shows the disciplines that a caller selects, their fields below them.
pub(super) fn lines(
    policy: &Policy,
    coverage: &PolicyCoverage,
    selects: impl Fn(&Discipline) -> bool,
) -> String {
    let each = policy.disciplines.iter().zip(&coverage.disciplines);
    let each = each.filter(|(discipline, _)| selects(discipline));
    each.map(|(discipline, counts)| {
        let mut text = format!(
            "  {:24} {:24} {}\n      {}\n",
            discipline.pattern.as_str(),
            kind(discipline),
            place(&discipline.origin),
            files(discipline, counts)
        );
        for (pointer, documents) in discipline.pointers().iter().zip(&counts.documents) {
            let found = pointer_count(*documents, counts.files);
            text += &format!("      {:20} {:24} {found}\n", shown_pointer(pointer), pointer.role);
        }
        if counts.unreadable > 0 {
            text += &format!("      {} cannot be read\n", count(counts.unreadable, "document"));
        }
        if allows_removal(discipline) {
            text += &format!("      note: {NOTE}\n");
        }
        text
    })
    .collect()
}

/// Shows one discipline in a line.
pub(crate) fn line(discipline: &Discipline, counts: &DisciplineCoverage) -> String {
    let mut text =
        format!("{} ({}): {}", discipline.pattern.as_str(), kind(discipline), files(discipline, counts));
    let pointers = discipline.pointers();
    let found = pointers.iter().zip(&counts.documents);
    let found: Vec<String> =
        found.map(|(pointer, documents)| format!("{} in {documents}", shown_pointer(pointer))).collect();
    if !found.is_empty() {
        text += &format!("; {}", found.join(", "));
    }
    sanitise::text(&text)
}

/// Every discipline, for programs.
pub(super) fn json(policy: &Policy, coverage: &PolicyCoverage) -> Value {
    let each = policy.disciplines.iter().zip(&coverage.disciplines);
    let entry = |(discipline, counts): (&Discipline, &DisciplineCoverage)| {
        let pointers = discipline.pointers();
        let pointer = |(pointer, documents): (&PolicyPointer<'_>, &u64)| {
            json!({
                "pointer": pointer.shown(),
                "elements_of": pointer.elements_of.map(|collection| &collection.at),
                "discipline": pointer.role,
                "documents": documents,
                "line": pointer.origin.line,
            })
        };
        let pointers: Vec<Value> = pointers.iter().zip(&counts.documents).map(pointer).collect();
        let is_of_units = matches!(discipline.kind, Kind::Sealed | Kind::Burned);
        json!({
            discipline.selector(): discipline.pattern.as_str(),
            "discipline": discipline.kind.name(),
            "path": String::from_utf8_lossy(discipline.origin.path.as_bytes()),
            "line": discipline.origin.line,
            "embedded": discipline.origin.embedded,
            "optional": discipline.is_optional,
            "format": discipline.format.map(artifact::Format::name),
            "removal": removal(discipline),
            "files": counts.files,
            "units": is_of_units.then_some(counts.units),
            "unreadable": counts.unreadable,
            "fields": pointers,
            "note": allows_removal(discipline).then_some(NOTE),
        })
    };
    each.map(entry).collect()
}

fn kind(discipline: &Discipline) -> &'static str {
    match &discipline.kind {
        Kind::Fields(rules) if rules.fields.is_empty() => "collection",
        kind => kind.name(),
    }
}

fn removal(discipline: &Discipline) -> Option<&'static str> {
    match &discipline.kind {
        Kind::Fields(rules) if rules.may_be_removed => Some("allowed"),
        Kind::Fields(_) => Some("forbidden"),
        _ => None,
    }
}

fn allows_removal(discipline: &Discipline) -> bool {
    removal(discipline) == Some("allowed")
}

fn place(origin: &Origin) -> String {
    let embedded = if origin.embedded { " (embedded)" } else { "" };
    format!("{}:{}{embedded}", String::from_utf8_lossy(origin.path.as_bytes()), origin.line)
}

fn files(discipline: &Discipline, counts: &DisciplineCoverage) -> String {
    if counts.files == 0 {
        return if discipline.is_optional { "nothing yet (optional)" } else { "matches no file" }.into();
    }
    let files = count(counts.files, "file");
    match discipline.kind {
        Kind::Sealed => format!("{files} in {}", count(counts.units, "unit")),
        Kind::Burned => format!("{files} of {} names", counts.units),
        _ => files,
    }
}

fn pointer_count(documents: u64, files: u64) -> String {
    match documents {
        0 if files > 0 => "in no document".into(),
        0 => String::new(),
        some => format!("in {some} of {}", count(files, "document")),
    }
}

fn shown_pointer(pointer: &PolicyPointer<'_>) -> String {
    let plain = match pointer.shown() {
        whole if whole.is_empty() => "(whole value)".to_string(),
        shown => shown,
    };
    match pointer.elements_of.map(|collection| collection.at.as_str()) {
        None => plain,
        Some("") => format!("element {plain}"),
        Some(at) => format!("{at}, element {plain}"),
    }
}

/// Returns a number with its noun: `1 file`, `2 files`.
pub(crate) fn count(number: u64, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
