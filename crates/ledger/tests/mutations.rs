//! Every changed bit, cut and repeated line of a ledger and its checkpoint is noticed.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;

use artifact::Ulid;
use ledger::files::{CHECKPOINT, EmptyLedger, Files, LOG_KEY};
use ledger::{Batch, Draft, EventType, Json, ReadOptions, sha256};
use snapshot::RepoPath;
use tlog::{Algorithm, Checkpoint, SigningKey};

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

/// A signed ledger of a few events.
fn demo() -> Memory {
    let key = SigningKey::from_seed("example.org/log", Algorithm::Ed25519, &[5; 32]).unwrap();
    let mut batch = Batch::new(ReadOptions::default().read(&EmptyLedger, &mut |_, _| {}).unwrap());
    let one = Ulid::parse("01JD4ZK3V8Q2W4X6Y8Z0A1B2C3").unwrap();
    let text = |name, text: &str| (name, Json::text(text));
    let digest = sha256(b"content").hex();
    let events = [
        (
            EventType::Genesis,
            vec![
                ("keys", Json::List(vec![Json::text(key.verifier().to_string())])),
                text("origin", "example.org/log"),
            ],
        ),
        (
            EventType::Create,
            vec![text("key", "PLG_ONE"), text("kind", "plugin"), text("path", "plugins/one")],
        ),
        (EventType::Publish, vec![text("version", "1.0.0"), text("sha256", &digest)]),
        (EventType::Transfer, vec![text("to", "zoë@example.org")]),
        (EventType::Deprecate, vec![text("reason", "old\n\"new_lines\"")]),
    ];
    for (kind, payload) in events {
        let draft = Draft {
            kind,
            subject: (kind != EventType::Genesis).then_some(one),
            src: Some("4b825dc642cb6eb9a060e54bf8d69288fbee4904".into()),
            time: 1_767_225_600,
            by: "ada@example.org".into(),
            card_sha256: None,
            att: None,
            payload,
            source_file: RepoPath::root(),
            ordinal: 0,
        };
        batch.append(&draft).unwrap();
    }
    let checkpoint = Checkpoint {
        origin: "example.org/log".into(),
        size: batch.read.size(),
        root: batch.read.frontier.root(),
        extensions: Vec::new(),
    };
    let lines: String = batch.lines.iter().map(|line| format!("{line}\n")).collect();
    Memory(BTreeMap::from([
        ("ids.jsonl".to_string(), lines.into_bytes()),
        (CHECKPOINT.to_string(), checkpoint.sign(&[&key]).into_bytes()),
        (LOG_KEY.to_string(), format!("{}\n", key.verifier()).into_bytes()),
    ]))
}

fn faults(memory: &Memory) -> usize {
    ReadOptions { whole: true, ..ReadOptions::default() }.read(memory, &mut |_, _| {}).unwrap().faults.len()
}

#[test]
fn every_changed_bit_is_noticed() {
    let demo = demo();
    assert_eq!(faults(&demo), 0);
    let mut cases = 0;
    for (name, bytes) in &demo.0 {
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = demo.clone();
                changed.0.get_mut(name).unwrap()[at] ^= 1 << bit;
                assert!(faults(&changed) > 0, "bit {bit} of byte {at} of {name}");
                cases += 1;
            }
        }
    }
    assert!(cases > 10_000, "{cases}");
}

#[test]
fn every_cut_and_every_repeated_line_is_noticed() {
    let demo = demo();
    for (name, bytes) in &demo.0 {
        for at in 0..bytes.len() {
            let mut cut = demo.clone();
            cut.0.get_mut(name).unwrap().truncate(at);
            assert!(faults(&cut) > 0, "{name} cut at {at}");
        }
    }
    let lines: Vec<Vec<u8>> =
        demo.0["ids.jsonl"].split_inclusive(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
    for at in 0..lines.len() {
        let mut repeated = lines.clone();
        repeated.insert(at, lines[at].clone());
        let mut without = lines.clone();
        without.remove(at);
        let mut swapped = lines.clone();
        swapped.swap(at, (at + 1) % lines.len());
        for other in [repeated, without, swapped] {
            let mut changed = demo.clone();
            changed.0.insert("ids.jsonl".into(), other.concat());
            assert!(faults(&changed) > 0, "line {at}");
        }
    }
}
