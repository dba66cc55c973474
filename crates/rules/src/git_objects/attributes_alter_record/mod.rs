//! What git's attributes make of the record's files is what the record says.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, Location, RuleInfo};
use snapshot::{Kind, RepoPath};

use crate::attributes::{Attributes, NAME};
use crate::change::ChangeContext;
use crate::rule::{Check, Rule};

/// `GIT005` attributes-alter-record.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::ATTRIBUTES_ALTER_RECORD,
        summary: "no attribute of git changes the bytes of cards, registry and ledger",
        page: include_str!("README.md"),
    },
    check: Check::Change(judge),
};

/// The largest file of attributes that is read, in bytes.
const LARGEST: u64 = 1 << 20;
/// Files of the record, one of each kind; the bytes of each are its meaning.
const RECORD: [(&str, &str); 4] = [
    ("ledger", ".ledger/ids.jsonl"),
    ("checkpoint", ".ledger/checkpoint"),
    ("registry", "ids/registry.yaml"),
    ("cards", "ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C3.yaml"),
];

fn judge(change: &ChangeContext<'_>, findings: &mut Vec<Diagnostic>) {
    let touched = change.changes.iter().filter(|change| change.path.name() == NAME);
    let Some(first) = touched.clone().find(|change| change.after.is_some()) else { return };
    let mut told: BTreeSet<String> = BTreeSet::new();
    let mut altered: Vec<&str> = Vec::new();
    for (what, path) in RECORD {
        let record = RepoPath::from(path);
        let mut known = Attributes::default();
        // From the top down: what stands nearer counts more (gitattributes(5)).
        let mut folders: Vec<RepoPath> = vec![RepoPath::root()];
        folders.extend(record.parent().prefixes().map(RepoPath::new));
        for folder in folders {
            let path = if folder.is_root() { RepoPath::from(".gitattributes") } else { folder.join(NAME) };
            let Ok(Some(node)) = change.head.find(&path) else { continue };
            if node.object.mode.kind() != Kind::File {
                continue;
            }
            if let Ok(text) = change.head.read(&node, LARGEST) {
                known.read(&text, &folder, &record);
            }
        }
        let altering: Vec<String> = known.altering().collect();
        altered.extend((!altering.is_empty()).then_some(what));
        told.extend(altering);
    }
    if told.is_empty() {
        return;
    }
    let told: Vec<String> = told.into_iter().collect();
    let message = format!("git alters what is recorded ({}): {}", altered.join(", "), told.join(", "));
    let finding = Diagnostic::new(&RULE.info, message)
        .at(Location::of(&first.path))
        .help("let the last lines of the top .gitattributes be: .ledger/** -text -merge, and ids/** -text -merge; and give them no filter, ident or encoding");
    findings.push(finding);
}
