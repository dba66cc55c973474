//! A ledger that tests write event by event, and the verification of its proofs.

use std::collections::BTreeMap;

use artifact::Ulid;
use ledger::files::{CHECKPOINT, EmptyLedger, Files, LOG_KEY};
use ledger::{
    Batch, Draft, EventType, Json, Machine, ProofFile, Proven, ReadOptions, StateForm, StateProof, seal,
    sha256,
};
use snapshot::RepoPath;
use tlog::{Algorithm, Checkpoint, SigningKey, TlogProof, Tree, Trust};

pub(crate) const ONE: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C3";
pub(crate) const TWO: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C7";

/// A ledger in memory.
#[derive(Clone, Default)]
pub(crate) struct Memory(pub(crate) BTreeMap<String, Vec<u8>>);

impl Files for Memory {
    fn read(&self, name: &str, _: u64) -> snapshot::Result<Option<Vec<u8>>> {
        Ok(self.0.get(name).cloned())
    }

    fn names(&self) -> snapshot::Result<Vec<String>> {
        Ok(self.0.keys().cloned().collect())
    }
}

pub(crate) fn ulid(text: &str) -> Ulid {
    Ulid::parse(text).unwrap()
}

pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed("example.org/log", Algorithm::Ed25519, &[5; 32]).unwrap()
}

/// A ledger that is written event by event.
pub(crate) struct Written {
    pub(crate) batch: Batch,
    /// The state that the last seal covers.
    sealed: Machine,
}

impl Written {
    pub(crate) fn new() -> Written {
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

    pub(crate) fn add(&mut self, kind: EventType, subject: Option<&str>, payload: Vec<(&'static str, Json)>) {
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

    pub(crate) fn texts(&mut self, kind: EventType, subject: &str, payload: &[(&'static str, &str)]) {
        let payload = payload.iter().map(|(name, text)| (*name, Json::text(*text))).collect();
        self.add(kind, Some(subject), payload);
    }

    pub(crate) fn seal(&mut self, form: StateForm) {
        self.sealed = self.batch.read.machine.clone();
        let (count, root) = self.sealed.seal(form);
        let sealed = (form, i64::try_from(count).unwrap(), &*root.hex());
        let draft = seal("example.org/log", 1_767_225_600, sealed, self.batch.read.size());
        self.batch.append(&draft).unwrap();
    }

    pub(crate) fn files(&self) -> Memory {
        let lines: String = self.batch.lines.iter().map(|line| format!("{line}\n")).collect();
        Memory(BTreeMap::from([
            ("ids.jsonl".to_string(), lines.into_bytes()),
            (CHECKPOINT.to_string(), self.checkpoint().into_bytes()),
            (LOG_KEY.to_string(), format!("{}\n", key().verifier()).into_bytes()),
        ]))
    }

    pub(crate) fn checkpoint(&self) -> String {
        let checkpoint = Checkpoint {
            origin: "example.org/log".into(),
            size: self.batch.read.size(),
            root: self.batch.read.frontier.root(),
            extensions: Vec::new(),
        };
        checkpoint.sign(&[&key()])
    }

    /// The proof of a line, counted from 0.
    pub(crate) fn prove_line(&self, index: u64) -> TlogProof {
        let tree: Tree = self.batch.lines.iter().map(|line| tlog::Hash::leaf(line.as_bytes())).collect();
        let extra = Some(self.batch.lines[index as usize].clone().into_bytes());
        let inclusion = tree.prove_inclusion(index, tree.size()).unwrap();
        TlogProof { extra, inclusion, checkpoint: self.checkpoint() }
    }

    /// The proof of a state: the last line is a seal.
    pub(crate) fn prove(&self, subject: &str, form: StateForm) -> String {
        let seal = self.prove_line(self.batch.read.size() - 1);
        StateProof::new(&self.sealed, form, ulid(subject), seal).to_string()
    }
}

/// Two identities: the second one was yanked, deprecated and merged into the first one.
pub(crate) fn demo(form: StateForm) -> Written {
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

pub(crate) fn trust() -> Trust {
    Trust::log(key().verifier().clone())
}

/// Verifies a proof file as a reader does.
pub(crate) fn verify(text: &str, trust: &Trust, check: impl FnOnce(Proven<'_>)) -> bool {
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
