//! Reading a ledger without keeping it gives what reading all of it gives.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;

use artifact::Ulid;
use ledger::files::{CHECKPOINT, EmptyLedger, Files, LOG_KEY, SEGMENT};
use ledger::{Batch, Draft, EventType, Json, ReadOptions, fold, for_each_line, holder_of, scan, sha256};
use snapshot::RepoPath;
use tlog::{Algorithm, Hash, SigningKey};

/// A ledger in memory.
#[derive(Clone, Default)]
struct Memory(BTreeMap<String, Vec<u8>>);

impl Files for Memory {
    fn read(&self, name: &str, _: u64) -> snapshot::Result<Option<Vec<u8>>> {
        Ok(self.0.get(name).cloned())
    }

    fn names(&self) -> snapshot::Result<Vec<String>> {
        Ok(self.0.keys().cloned().collect())
    }
}

fn subject(at: u8) -> Ulid {
    Ulid::of(1_700_000_000_000, [at; 10])
}

/// A signed ledger of 20 identities and this many lines.
fn ledger(lines: u64) -> Memory {
    let key = SigningKey::from_seed("example.org/log", Algorithm::Ed25519, &[5; 32]).unwrap();
    let mut batch = Batch::new(ReadOptions::default().read(&EmptyLedger, &mut |_, _| {}).unwrap());
    let text = |name, text: String| (name, Json::text(text));
    for line in 0..lines {
        let at = u8::try_from(line % 20).unwrap();
        let (kind, payload) = match line {
            0 => {
                let keys = Json::List(vec![Json::text(key.verifier().to_string())]);
                (EventType::Genesis, vec![("keys", keys), text("origin", "example.org/log".into())])
            }
            1..=20 => (
                EventType::Create,
                vec![
                    text("key", format!("PLG_P{at}")),
                    text("kind", "plugin".into()),
                    text("path", format!("plugins/p{at}")),
                ],
            ),
            21..=40 => (
                EventType::Rekey,
                vec![text("new_key", format!("PLG_Q{at}")), text("old_key", format!("PLG_P{at}"))],
            ),
            _ => (
                EventType::Publish,
                vec![
                    text("version", format!("1.{line}.0")),
                    text("sha256", sha256(&line.to_be_bytes()).hex()),
                    // A value that looks like the field by which a line is selected.
                    text("reason", format!("\",\"subject_ulid\":\"{}\"", subject(at ^ 1))),
                ],
            ),
        };
        let draft = Draft {
            kind,
            subject: (line > 0).then(|| subject(at)),
            src: Some("4b825dc642cb6eb9a060e54bf8d69288fbee4904".into()),
            time: 1_767_225_600,
            by: "ada@example.org".into(),
            card_sha256: None,
            att: None,
            payload,
            source_file: RepoPath::root(),
            ordinal: line,
        };
        batch.append(&draft).unwrap();
    }
    Memory(batch.files(&EmptyLedger, "example.org/log", &[&key]).unwrap().into_iter().collect())
}

#[test]
fn the_selected_identities_are_those_of_the_whole_ledger() {
    let lines = SEGMENT + 300;
    let mut memory = ledger(lines);
    let whole = ReadOptions::default().read(&memory, &mut |_, _| {}).unwrap();
    assert!(whole.faults.is_empty(), "{:?}", whole.faults);
    // The rest of an interrupted append is ignored.
    memory.0.get_mut("ids.00001.jsonl").unwrap().extend(b"{\"actor\"");
    let mut leaves: Vec<Hash> = Vec::new();
    let selected = [subject(3), subject(17)];
    let read = scan(&memory, &|ulid| selected.contains(&ulid), &mut |number, line, leaf| {
        assert_eq!((number, leaf), (leaves.len() as u64, Hash::leaf(line)));
        leaves.push(leaf);
    })
    .unwrap();
    assert!(read.faults.is_empty(), "{:?}", read.faults);
    assert_eq!((read.size(), read.frontier.root()), (lines, whole.frontier.root()));
    assert_eq!(read.machine.log(), whole.machine.log());
    let folded = fold(&memory, lines, &|ulid| selected.contains(&ulid)).unwrap();
    for ulid in selected {
        assert_eq!(read.machine.identity(ulid), whole.machine.identity(ulid));
        assert_eq!(folded.identity(ulid), whole.machine.identity(ulid));
    }
    assert_eq!(read.machine.sorted().len(), 2, "no other identity is kept");
    for (key, at) in [("PLG_P3", Some(3)), ("PLG_Q3", Some(3)), ("PLG_P1", Some(1)), ("PLG", None)] {
        assert_eq!(holder_of(&memory, key).unwrap(), at.map(subject), "{key}");
    }
}

#[test]
fn lines_are_read_from_any_line_to_any_other() {
    let memory = ledger(SEGMENT + 50);
    let mut all: Vec<Vec<u8>> = Vec::new();
    assert!(for_each_line(&memory, 0, SEGMENT + 50, &mut |_, line| all.push(line.to_vec())).unwrap());
    for (from, to) in [
        (0, 0),
        (0, 1),
        (5, 9),
        (SEGMENT - 2, SEGMENT + 2),
        (SEGMENT, SEGMENT + 1),
        (SEGMENT + 50, SEGMENT + 50),
    ] {
        let mut found = Vec::new();
        assert!(for_each_line(&memory, from, to, &mut |at, line| found.push((at, line.to_vec()))).unwrap());
        let expected: Vec<_> = (from..to).map(|at| (at, all[at as usize].clone())).collect();
        assert_eq!(found, expected, "{from} to {to}");
    }
    assert!(!for_each_line(&memory, 0, SEGMENT + 51, &mut |_, _| {}).unwrap());
    let mut cut = memory.clone();
    cut.0.get_mut("ids.jsonl").unwrap().truncate(5000);
    assert!(!for_each_line(&cut, 0, SEGMENT + 50, &mut |_, _| {}).unwrap());
}

/// A scan and a full read refuse the same ledgers.
#[test]
fn a_changed_byte_is_refused_by_both() {
    let memory = ledger(45);
    for file in ["ids.jsonl", CHECKPOINT, LOG_KEY] {
        let bytes = memory.0[file].clone();
        let changed = (0..bytes.len()).step_by(if file == "ids.jsonl" { 7 } else { 1 });
        for at in changed {
            let mut other = memory.clone();
            other.0.get_mut(file).unwrap()[at] ^= 1;
            let full = ReadOptions::default().read(&other, &mut |_, _| {}).unwrap();
            let scanned = scan(&other, &|_| false, &mut |_, _, _| {}).unwrap();
            assert_eq!(full.faults.is_empty(), scanned.faults.is_empty(), "{file}: byte {at}");
            assert!(!scanned.faults.is_empty() || file == LOG_KEY || file == CHECKPOINT, "{file}: byte {at}");
        }
    }
    let mut lost = memory.clone();
    lost.0.remove(CHECKPOINT);
    assert!(scan(&lost, &|_| false, &mut |_, _, _| {}).is_err(), "lines without a checkpoint");
    assert_eq!(scan(&EmptyLedger, &|_| false, &mut |_, _, _| {}).unwrap().size(), 0);
}
