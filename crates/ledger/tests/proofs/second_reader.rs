//! A second implementation, written in Python from docs/ledger-format.md alone, agrees with ours on a corpus of changed proof files.

use std::path::Path;
use std::process::Command;

use crate::written::{ONE, TWO, Written, demo, key, trust, verify};
use ledger::{Proven, StateForm};

/// The number of changed files of a usual run; `cargo xtask soak` asks for more in the variable ID_GUARD_PROOF_CORPUS.
const USUAL_FILES: usize = 300;
/// The largest number of changes of one file.
const MAX_CHANGES: u64 = 3;

/// A generator of the same numbers in every run (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit.max(1)
    }
}

/// Valid proofs of every kind.
fn proofs() -> Vec<String> {
    let mut proofs = Vec::new();
    for form in [StateForm::V1, StateForm::V2] {
        let written = demo(form);
        let absent =
            ["00000000000000000000000000", "01JD4ZK3V8Q2W4X6Y8Z0A1B2C5", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"];
        proofs.extend([ONE, TWO].into_iter().chain(absent).map(|subject| written.prove(subject, form)));
        proofs.extend((0..written.batch.read.size()).map(|index| written.prove_line(index).to_string()));
        let mut empty = Written::new();
        empty.seal(form);
        proofs.push(empty.prove(ONE, form));
    }
    proofs
}

/// Changes a proof in one of the ways in which files go wrong, or are made wrong.
fn change(proof: &mut Vec<u8>, others: &[String], random: &mut Random) {
    let at = random.below(proof.len());
    match random.below(10) {
        0 => proof[at] ^= 1 << random.below(8),
        1 => drop(proof.remove(at)),
        2 => proof.insert(at, b"0A= \n+\"{}\x00\xff"[random.below(11)]),
        3 => proof.truncate(at),
        4 => proof[at] = b"0123456789"[random.below(10)],
        _ => change_lines(proof, others, random),
    }
    if proof.is_empty() {
        proof.push(b'\n');
    }
}

fn change_lines(proof: &mut Vec<u8>, others: &[String], random: &mut Random) {
    let mut lines: Vec<Vec<u8>> = proof.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let at = random.below(lines.len());
    let other = &others[random.below(others.len())];
    let other: Vec<&str> = other.split('\n').collect();
    match random.below(5) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[at].clone()),
        2 => {
            let second = random.below(lines.len());
            lines.swap(at, second);
        }
        // The line of another proof: another path, another subject, another checkpoint.
        3 => lines[at] = other[random.below(other.len())].into(),
        _ => {
            let from = random.below(other.len());
            lines.truncate(at);
            lines.extend(other[from..].iter().map(|line| line.as_bytes().to_vec()));
        }
    }
    *proof = lines.join(&b'\n');
}

/// Returns our verdict in the words of the second implementation.
fn verdict(bytes: &[u8]) -> String {
    let mut shown = String::new();
    let is_proved = std::str::from_utf8(bytes).is_ok_and(|text| {
        verify(text, &trust(), |proven| {
            shown = match proven {
                Proven::Line(event) => format!("line {}", event.kind.name()),
                Proven::State(_, Some(state)) => {
                    format!("state {} {} {}", state.ulid, state.status.name(), state.yanked.join(","))
                }
                Proven::State(..) => format!("absence {}", subject(text)),
            };
        })
    });
    if is_proved { format!("proved {shown}") } else { "refused".into() }
}

fn subject(text: &str) -> &str {
    text.lines().nth(1).and_then(|line| line.strip_prefix("subject ")).unwrap()
}

/// Runs the second implementation on files; `None` without Python.
fn peer(folder: &Path, count: usize) -> Option<Vec<String>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/verify_proof.py");
    let names = (0..count).map(|number| number.to_string());
    let output = Command::new("python3")
        .args(["-B", script.to_str().unwrap(), &key().verifier().to_string()])
        .args(names)
        .current_dir(folder)
        .output()
        .ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().lines().map(String::from).collect())
}

#[test]
fn a_second_implementation_agrees_on_changed_proofs() {
    let wanted = std::env::var("ID_GUARD_PROOF_CORPUS").ok().and_then(|text| text.parse().ok());
    let count = wanted.unwrap_or(USUAL_FILES);
    let proofs = proofs();
    let mut random = Random(1);
    let folder = tempfile::tempdir().unwrap();
    let mut ours = Vec::new();
    for number in 0..count {
        // First the valid ones, each once.
        let mut bytes = proofs[number % proofs.len()].clone().into_bytes();
        if number >= proofs.len() {
            for _ in 0..=random.below(MAX_CHANGES as usize) {
                change(&mut bytes, &proofs, &mut random);
            }
        }
        std::fs::write(folder.path().join(number.to_string()), &bytes).unwrap();
        ours.push(verdict(&bytes));
    }
    let proved = ours.iter().filter(|verdict| verdict.starts_with("proved")).count();
    assert!(ours[..proofs.len()].iter().all(|verdict| verdict.starts_with("proved")), "{ours:?}");
    assert!(
        proved < count / 4 + proofs.len(),
        "most of the corpus is changed: {proved} of {count} are valid"
    );
    let Some(theirs) = peer(folder.path(), count) else {
        println!("skipped: python3 is not installed");
        return;
    };
    assert_eq!(theirs.len(), count);
    for (number, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        let agrees = if ours == "refused" { theirs.starts_with("refused") } else { ours == theirs };
        let file = std::fs::read(folder.path().join(number.to_string())).unwrap();
        assert!(agrees, "ours: {ours}; theirs: {theirs}\n{}", String::from_utf8_lossy(&file));
    }
}
