//! Independent test vectors: proofs of transparency-dev, a log of Tessera, and a ledger that a Go program wrote with `sumdb/note` and `sumdb/tlog`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test reads its own files")]

use std::path::{Path, PathBuf};

use serde_json::Value;
use tlog::{
    ConsistencyProof, Hash, InclusionProof, Note, Opened, SigningKey, TlogProof, Tree, Trust, VerifierKey,
    open, tile, verify_consistency, verify_inclusion,
};

/// The folder of vectors; its README states their origin.
fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The cases of a file with one JSON object per line.
fn cases(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(vectors().join("transparency-dev").join(name)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

fn hash(value: &Value) -> Option<Hash> {
    Hash::parse(value.as_str().unwrap_or_default())
}

/// A root hash; some vectors use arbitrary text and only test whether two roots are equal.
fn root(value: &Value) -> Option<Hash> {
    hash(value).or_else(|| Some(Hash::leaf(value.as_str()?.as_bytes())))
}

/// `None` if one of the hashes is invalid, which every reader refuses.
fn path(value: &Value) -> Option<Vec<Hash>> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter().map(hash).collect()
}

#[test]
fn proofs_of_transparency_dev_verify_as_expected() {
    let (inclusion, consistency) = (cases("inclusion.jsonl"), cases("consistency.jsonl"));
    assert_eq!((inclusion.len(), consistency.len()), (98, 98));
    for case in inclusion {
        let verified = (|| {
            let proof = InclusionProof { index: case["leafIdx"].as_u64()?, path: path(&case["proof"])? };
            verify_inclusion(
                &hash(&case["leafHash"])?,
                &proof,
                case["treeSize"].as_u64()?,
                &hash(&case["root"])?,
            )
            .ok()
        })();
        assert_eq!(verified.is_none(), case["wantErr"].as_bool().unwrap(), "{}", case["file"]);
    }
    for case in consistency {
        let verified = (|| {
            let proof = ConsistencyProof { path: path(&case["proof"])? };
            let (old, new) = (case["size1"].as_u64()?, case["size2"].as_u64()?);
            verify_consistency(&proof, old, &root(&case["root1"])?, new, &root(&case["root2"])?).ok()
        })();
        assert_eq!(
            verified.is_none(),
            case["wantErr"].as_bool().unwrap(),
            "{}: {}",
            case["file"],
            case["desc"]
        );
    }
}

struct Demo {
    folder: PathBuf,
    lines: Vec<Vec<u8>>,
    tree: Tree,
    key: VerifierKey,
    keys: Value,
}

impl Demo {
    fn open() -> Demo {
        let folder = vectors().join("demo");
        let ledger = std::fs::read(folder.join("ids.jsonl")).unwrap();
        let keys = json(&folder.join("keys.json"));
        let lines: Vec<Vec<u8>> =
            ledger.strip_suffix(b"\n").unwrap().split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
        let tree = lines.iter().map(|line| Hash::leaf(line)).collect();
        let key = VerifierKey::parse(keys["log_vkey"].as_str().unwrap()).unwrap();
        Demo { folder, lines, tree, key, keys }
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.join(name)).unwrap()
    }

    fn checkpoint(&self, name: &str) -> Opened {
        open(self.read(name).as_bytes()).unwrap()
    }

    fn witnesses(&self) -> Vec<&str> {
        self.keys["witness_vkeys"].as_array().unwrap().iter().map(|key| key.as_str().unwrap()).collect()
    }
}

#[test]
fn checkpoints_verify_and_are_written_identically() {
    let demo = Demo::open();
    let trust = Trust::log(demo.key.clone());
    let secret = SigningKey::parse(demo.keys["log_skey_TEST_ONLY"].as_str().unwrap()).unwrap();
    assert_eq!(secret.secret(), demo.keys["log_skey_TEST_ONLY"].as_str().unwrap());
    for (size, root) in demo.keys["roots"].as_object().unwrap() {
        let opened = demo.checkpoint(&format!("checkpoint.{size}"));
        trust.verify(&opened).unwrap();
        assert_eq!(opened.checkpoint.size.to_string(), *size);
        assert_eq!(Some(opened.checkpoint.root), hash(root));
        assert_eq!(demo.tree.root_at(opened.checkpoint.size), hash(root));
        assert_eq!(opened.checkpoint.sign(&[&secret]), demo.read(&format!("checkpoint.{size}")));
    }
    // A second signature of an unknown algorithm is ignored.
    trust.verify(&demo.checkpoint("checkpoint.300.mldsa44")).unwrap();
    VerifierKey::parse(demo.read("pq1.vkey").trim()).unwrap();
}

#[test]
fn consistency_proofs_verify_and_are_written_identically() {
    let demo = Demo::open();
    let names = files(&demo.folder);
    let names = names.iter().filter_map(|path| path.file_name()?.to_str()?.strip_prefix("consistency."));
    let mut counted = 0;
    for name in names {
        let (old, new) = name.split_once('-').unwrap();
        let (old, new) =
            (demo.checkpoint(&format!("checkpoint.{old}")), demo.checkpoint(&format!("checkpoint.{new}")));
        let (old, new) = (old.checkpoint, new.checkpoint);
        let text = demo.read(&format!("consistency.{name}"));
        let proof = ConsistencyProof::parse(&text).unwrap();
        assert_eq!(verify_consistency(&proof, old.size, &old.root, new.size, &new.root), Ok(()));
        assert_eq!(demo.tree.prove_consistency(old.size, new.size).unwrap().to_string(), text);
        counted += 1;
    }
    assert!(counted >= 10);
    let split = demo.checkpoint("split-view.checkpoint.300");
    Trust::log(demo.key.clone()).verify(&split).unwrap();
    assert_ne!(demo.tree.root_at(300), Some(split.checkpoint.root), "a valid signature of another tree");
}

#[test]
fn proof_files_verify_with_their_witnesses_and_are_written_identically() {
    let demo = Demo::open();
    let witnesses = demo.witnesses();
    let policy = format!(
        "log {}\nwitness w1 {}\nwitness w2 {}\ngroup both all w1 w2\nquorum both\n",
        demo.key, witnesses[0], witnesses[1]
    );
    let trust = Trust::parse(&policy).unwrap();
    let mut counted = 0;
    for file in files(&demo.folder) {
        let Some(name) =
            file.file_name().and_then(|name| name.to_str()).filter(|name| name.ends_with(".tlog-proof"))
        else {
            continue;
        };
        let text = demo.read(name);
        let proof = TlogProof::parse(text.as_bytes()).unwrap();
        assert_eq!(proof.to_string(), text);
        let opened = proof.open().unwrap();
        assert_eq!(trust.verify(&opened).unwrap(), ["w1", "w2"]);
        let line = &demo.lines[proof.inclusion.index as usize];
        assert_eq!(proof.extra.as_ref(), Some(line));
        let checkpoint = &opened.checkpoint;
        assert_eq!(
            verify_inclusion(&Hash::leaf(line), &proof.inclusion, checkpoint.size, &checkpoint.root),
            Ok(())
        );
        assert_eq!(
            demo.tree.prove_inclusion(proof.inclusion.index, checkpoint.size).unwrap(),
            proof.inclusion
        );
        let other = &demo.lines[(proof.inclusion.index as usize + 1) % 300];
        assert!(
            verify_inclusion(&Hash::leaf(other), &proof.inclusion, checkpoint.size, &checkpoint.root)
                .is_err()
        );
        counted += 1;
    }
    assert_eq!(counted, 6);
}

#[test]
fn every_changed_byte_of_a_proof_is_noticed() {
    let demo = Demo::open();
    let witnesses = demo.witnesses();
    let policy = format!(
        "log {}\nwitness w1 {}\nwitness w2 {}\ngroup both all w1 w2\nquorum both\n",
        demo.key, witnesses[0], witnesses[1]
    );
    let trust = Trust::parse(&policy).unwrap();
    let text = demo.read("leaf42-of-300.tlog-proof").into_bytes();
    let verified = |bytes: &[u8]| {
        let proof = TlogProof::parse(bytes).ok()?;
        let opened = proof.open().ok()?;
        trust.verify(&opened).ok()?;
        let leaf = Hash::leaf(proof.extra.as_ref()?);
        verify_inclusion(&leaf, &proof.inclusion, opened.checkpoint.size, &opened.checkpoint.root).ok()
    };
    assert_eq!(verified(&text), Some(()));
    for at in 0..text.len() {
        for flip in [1, 0x20, 0x80] {
            let mut bytes = text.clone();
            bytes[at] ^= flip;
            assert_eq!(verified(&bytes), None, "byte {at} ^ {flip}");
        }
    }
}

/// Writes the tiles of these entries.
fn tiles<E: AsRef<[u8]>>(entries: &[E]) -> Vec<(String, Vec<u8>)> {
    let mut tiles = Vec::new();
    let mut write = |name, data| {
        tiles.push((name, data));
        Ok::<_, std::convert::Infallible>(())
    };
    let mut writer = tile::TileWriter::new(0);
    for entry in entries {
        writer.push(Hash::leaf(entry.as_ref()), entry.as_ref(), &mut write).unwrap();
    }
    writer.finish(&mut write).unwrap();
    tiles
}

#[test]
fn tiles_are_written_identically() {
    let demo = Demo::open();
    let tiles = tiles(&demo.lines[..300]);
    let mut ours: Vec<String> =
        tiles.iter().map(|(name, data)| format!("{}  {name}", Hash::of(data).hex())).collect();
    ours.sort_unstable();
    let theirs = demo.read("tiles.sha256");
    let mut theirs: Vec<&str> = theirs.lines().collect();
    theirs.sort_unstable();
    assert_eq!(ours, theirs);
}

#[test]
fn the_log_of_tessera_verifies_at_every_size() {
    let folder = vectors().join("tessera");
    let words = "one two three four five six seven eit nain ten ileven twelf threeten fourten fivten";
    let entries: Vec<&[u8]> = words.split(' ').map(str::as_bytes).collect();
    let tree: Tree = entries.iter().map(|entry| Hash::leaf(entry)).collect();
    let key = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
    let trust = Trust::log(VerifierKey::parse(key).unwrap());
    for size in 0..=15 {
        let opened = open(&std::fs::read(folder.join(format!("checkpoint.{size}"))).unwrap()).unwrap();
        trust.verify(&opened).unwrap();
        assert_eq!(tree.root_at(size), Some(opened.checkpoint.root));
        for (name, data) in tiles(&entries[..usize::try_from(size).unwrap()]) {
            assert!(std::fs::read(folder.join(&name)).unwrap() == data, "{name}");
        }
    }
    let note = Note::parse(&std::fs::read(folder.join("checkpoint.15")).unwrap()).unwrap();
    assert_eq!(note.signatures.len(), 1);
}
