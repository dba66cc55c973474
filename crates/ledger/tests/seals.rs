//! Seals of both forms: the states that they prove, and every changed byte of a proof.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
#![expect(clippy::disallowed_methods, reason = "a test reads its own files")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use artifact::Ulid;
use ledger::files::{CHECKPOINT, EmptyLedger, Files, LOG_KEY};
use ledger::{
    Batch, Draft, EventType, Json, Machine, ProofFile, Proven, ReadOptions, StateForm, StateProof, Status,
    seal, sha256,
};
use snapshot::RepoPath;
use tlog::{Algorithm, Checkpoint, SigningKey, TlogProof, Tree, Trust, VerifierKey};

const ONE: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C3";
const TWO: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C7";

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

fn ulid(text: &str) -> Ulid {
    Ulid::parse(text).unwrap()
}

fn key() -> SigningKey {
    SigningKey::from_seed("example.org/log", Algorithm::Ed25519, &[5; 32]).unwrap()
}

/// A ledger that is written event by event.
struct Written {
    batch: Batch,
    /// The state that the last seal covers.
    sealed: Machine,
}

impl Written {
    fn new() -> Written {
        let batch = Batch::new(ReadOptions::default().read(&EmptyLedger, &mut |_, _| {}).unwrap());
        let mut written = Written { batch, sealed: Machine::default() };
        let keys = Json::List(vec![Json::text(key().verifier().to_string())]);
        written.add(
            EventType::Genesis,
            None,
            vec![("keys", keys), ("origin", Json::text("example.org/log"))],
        );
        written
    }

    fn add(&mut self, kind: EventType, subject: Option<&str>, payload: Vec<(&'static str, Json)>) {
        let draft = Draft {
            kind,
            subject: subject.map(ulid),
            src: Some("4b825dc642cb6eb9a060e54bf8d69288fbee4904".into()),
            time: 1_767_225_600,
            by: "ada@example.org".into(),
            card_sha256: None,
            att: None,
            payload,
            source_file: RepoPath::root(),
            ordinal: self.batch.read.size(),
        };
        self.batch.append(&draft).unwrap();
    }

    fn texts(&mut self, kind: EventType, subject: &str, payload: &[(&'static str, &str)]) {
        let payload = payload.iter().map(|(name, text)| (*name, Json::text(*text))).collect();
        self.add(kind, Some(subject), payload);
    }

    fn seal(&mut self, form: StateForm) {
        self.sealed = self.batch.read.machine.clone();
        let (count, root) = self.sealed.seal(form);
        let sealed = (form, i64::try_from(count).unwrap(), &*root.hex());
        let draft = seal("example.org/log", 1_767_225_600, sealed, self.batch.read.size());
        self.batch.append(&draft).unwrap();
    }

    fn files(&self) -> Memory {
        let lines: String = self.batch.lines.iter().map(|line| format!("{line}\n")).collect();
        Memory(BTreeMap::from([
            ("ids.jsonl".to_string(), lines.into_bytes()),
            (CHECKPOINT.to_string(), self.checkpoint().into_bytes()),
            (LOG_KEY.to_string(), format!("{}\n", key().verifier()).into_bytes()),
        ]))
    }

    fn checkpoint(&self) -> String {
        let checkpoint = Checkpoint {
            origin: "example.org/log".into(),
            size: self.batch.read.size(),
            root: self.batch.read.frontier.root(),
            extensions: Vec::new(),
        };
        checkpoint.sign(&[&key()])
    }

    /// The proof of the last line, which is a seal.
    fn prove(&self, subject: &str, form: StateForm) -> String {
        let tree: Tree = self.batch.lines.iter().map(|line| tlog::Hash::leaf(line.as_bytes())).collect();
        let last = tree.size() - 1;
        let extra = Some(self.batch.lines[last as usize].clone().into_bytes());
        let inclusion = tree.prove_inclusion(last, tree.size()).unwrap();
        let seal = TlogProof { extra, inclusion, checkpoint: self.checkpoint() };
        StateProof::new(&self.sealed, form, ulid(subject), seal).to_string()
    }
}

/// Two identities: the second one was yanked, deprecated and merged into the first one.
fn demo(form: StateForm) -> Written {
    let mut written = Written::new();
    let digest = sha256(b"content").hex();
    for (subject, key, path) in [(ONE, "PLG_ONE", "plugins/one"), (TWO, "PLG_TWO", "plugins/two")] {
        written.texts(EventType::Create, subject, &[("key", key), ("kind", "plugin"), ("path", path)]);
        written.texts(EventType::Publish, subject, &[("sha256", &digest), ("version", "1.0.0")]);
    }
    written.texts(EventType::Publish, TWO, &[("sha256", &digest), ("version", "1.1.0")]);
    for version in ["1.1.0", "1.0.0"] {
        written.texts(EventType::Yank, TWO, &[("reason", "broken"), ("version", version)]);
    }
    written.texts(EventType::Deprecate, TWO, &[("replaced_by", "PLG_ONE")]);
    let sources = Json::List(vec![Json::text(TWO)]);
    written.add(
        EventType::Consolidate,
        Some(TWO),
        vec![("sources", sources), ("target_ulid", Json::text(ONE))],
    );
    written.seal(form);
    written
}

fn trust() -> Trust {
    Trust::log(key().verifier().clone())
}

/// Verifies a proof file as a reader does.
fn verify(text: &str, trust: &Trust, check: impl FnOnce(Proven<'_>)) -> bool {
    let Ok(file) = ProofFile::parse(text) else { return false };
    let Ok(opened) = file.line_proof().open() else { return false };
    match trust.verify(&opened).ok().and_then(|_| file.verify(&opened).ok()) {
        Some(proven) => {
            check(proven);
            true
        }
        None => false,
    }
}

#[test]
fn a_seal_of_the_second_form_proves_what_was_yanked_and_merged() {
    let written = demo(StateForm::V2);
    let read = ReadOptions { whole: true, ..ReadOptions::default() }.read(&written.files(), &mut |_, _| {});
    assert_eq!(read.unwrap().faults, []);
    let seal = written.batch.lines.last().unwrap();
    assert!(seal.contains("\"via\":\"id-ledger/2\"") && seal.contains("\"state\":2"), "{seal}");
    let proof = written.prove(TWO, StateForm::V2);
    assert!(proof.starts_with("urn:id-guard:state-proof@v2\nsubject "), "{proof}");
    assert!(verify(&proof, &trust(), |proven| {
        let Proven::State(_, Some(state)) = proven else { panic!("{proven:?}") };
        assert_eq!(state.yanked, ["1.1.0", "1.0.0"], "in the order of their lines");
        assert_eq!((state.status, state.merged_into), (Status::Consolidated, Some(ulid(ONE))));
        assert_eq!(state.replaced_by.as_deref(), Some("PLG_ONE"));
    }));
    for absent in ["00000000000000000000000000", "01JD4ZK3V8Q2W4X6Y8Z0A1B2C5", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"] {
        let proof = written.prove(absent, StateForm::V2);
        assert!(
            verify(&proof, &trust(), |proven| assert!(matches!(proven, Proven::State(_, None)))),
            "{absent}"
        );
    }
    let mut empty = Written::new();
    empty.seal(StateForm::V2);
    assert!(verify(&empty.prove(ONE, StateForm::V2), &trust(), |proven| {
        assert!(matches!(proven, Proven::State(_, None)));
    }));
}

#[test]
fn a_proof_of_one_form_is_not_taken_for_the_other() {
    for (form, other) in [(StateForm::V1, StateForm::V2), (StateForm::V2, StateForm::V1)] {
        let written = demo(form);
        assert!(verify(&written.prove(ONE, form), &trust(), |_| {}));
        assert!(!verify(&written.prove(ONE, other), &trust(), |_| {}), "{other:?} of a seal of {form:?}");
    }
}

#[test]
fn a_seal_of_another_form_or_program_is_refused() {
    let line = demo(StateForm::V2).batch.lines.last().unwrap().clone();
    let read =
        |line: &str| ledger::Event::read(line.as_bytes()).map(|_| ()).map_err(|problem| problem.message);
    assert!(read(&line).is_ok());
    for (from, to, message) in [
        ("\"state\":2", "\"state\":3", "expected 2, the form of the state lines"),
        (
            "id-ledger/2",
            "id-ledger-append/1",
            "`via` is id-ledger/2 for a seal with `state`, and only for it",
        ),
        (",\"state\":2", "", "`via` is id-ledger/2 for a seal with `state`, and only for it"),
    ] {
        assert_eq!(read(&line.replacen(from, to, 1)), Err(message.into()), "{from}");
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/state-v1")
}

/// A ledger that was sealed before state lines contained what was yanked.
#[test]
fn old_seals_stay_verifiable() {
    let file = |name: &str| std::fs::read(folder().join(name)).unwrap();
    let names = ["ids.jsonl", CHECKPOINT, LOG_KEY];
    let memory = Memory(names.map(|name| (name.to_string(), file(name))).into_iter().collect());
    let read = ReadOptions { whole: true, ..ReadOptions::default() }.read(&memory, &mut |_, _| {}).unwrap();
    assert_eq!((read.faults, read.last_kind), (Vec::new(), Some(EventType::Seal)));
    let key = String::from_utf8(file(LOG_KEY)).unwrap();
    let trust = Trust::log(VerifierKey::parse(key.trim_end()).unwrap());
    let text = |name: &str| String::from_utf8(file(name)).unwrap();
    assert!(verify(&text("present.proof"), &trust, |proven| {
        let Proven::State(_, Some(state)) = proven else { panic!("{proven:?}") };
        assert_eq!((state.form, &*state.key, state.yanked.len()), (StateForm::V1, "PLG_ALPHA", 0));
    }));
    assert!(verify(&text("absent.proof"), &trust, |proven| assert!(matches!(
        proven,
        Proven::State(_, None)
    ))));
    // What is written again from the same lines is the same.
    let parsed = StateProof::parse(&text("present.proof")).unwrap();
    assert_eq!(parsed.to_string(), text("present.proof"));
}

/// The subject line is not authenticated: a reader compares it with the identity that it asked for.
#[test]
fn every_changed_byte_of_a_state_proof_is_noticed() {
    let written = demo(StateForm::V2);
    for subject in [TWO, "01JD4ZK3V8Q2W4X6Y8Z0A1B2C5"] {
        let proof = written.prove(subject, StateForm::V2);
        let start = proof.find("\n\n").unwrap();
        for at in (0..proof.len()).filter(|at| *at < 8 || *at > start) {
            let mut bytes = proof.clone().into_bytes();
            bytes[at] ^= 1;
            let Ok(text) = String::from_utf8(bytes) else { continue };
            assert!(!verify(&text, &trust(), |_| {}), "byte {at} of the proof of {subject}");
        }
    }
}
