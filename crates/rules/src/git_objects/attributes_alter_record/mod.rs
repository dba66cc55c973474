//! Git attributes do not change the content of cards, registry and ledger.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{ChangeContext, Check, Rule};
use snapshot::{Kind, RepoPath};

mod attributes;

use self::attributes::{Attributes, NAME};

/// `GIT005` attributes-alter-record.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::ATTRIBUTES_ALTER_RECORD,
        summary: "git attributes do not change the content of cards, registry and ledger",
        page: include_str!("README.md"),
    },
    check: Check::Change(check),
};

/// The largest `.gitattributes` file that is read.
const MAX_ATTRIBUTES_BYTES: u64 = 1 << 20;
/// One file of each kind in the record; all of them are compared byte by byte.
const RECORD: [(&str, &str); 4] = [
    ("ledger", ".ledger/ids.jsonl"),
    ("checkpoint", ".ledger/checkpoint"),
    ("registry", "ids/registry.yaml"),
    ("cards", "ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C3.yaml"),
];

fn check(change: &ChangeContext<'_>, findings: &mut Vec<Diagnostic>) {
    let touched = change.changes.iter().filter(|change| change.path.name() == NAME);
    let Some(first) = touched.clone().find(|change| change.after.is_some()) else { return };
    let mut attributes: BTreeSet<String> = BTreeSet::new();
    let mut altered: Vec<&str> = Vec::new();
    for (what, path) in RECORD {
        let record = RepoPath::from(path);
        let mut known = Attributes::default();
        // From the top down: the nearest file wins (gitattributes(5)).
        let mut folders: Vec<RepoPath> = vec![RepoPath::root()];
        folders.extend(record.parent().prefixes().map(RepoPath::new));
        for folder in folders {
            let path = if folder.is_root() { RepoPath::from(".gitattributes") } else { folder.join(NAME) };
            let Ok(Some(node)) = change.head.find(&path) else { continue };
            if node.object.mode.kind() != Kind::File {
                continue;
            }
            if let Ok(text) = change.head.read(&node, MAX_ATTRIBUTES_BYTES) {
                known.read(&text, &folder, &record);
            }
        }
        let altering: Vec<String> = known.altering().collect();
        altered.extend((!altering.is_empty()).then_some(what));
        attributes.extend(altering);
    }
    if attributes.is_empty() {
        return;
    }
    let attributes: Vec<String> = attributes.into_iter().collect();
    let message = format!(
        "git attributes change the content of recorded files ({}): {}",
        altered.join(", "),
        attributes.join(", ")
    );
    let finding = Diagnostic::new(&RULE.info, message)
        .at(Location::of(&first.path))
        .help("end the .gitattributes file in the top directory with `.ledger/** -text -merge` and `ids/** -text -merge`; remove filter, ident and encoding attributes of these files");
    findings.push(finding);
}
