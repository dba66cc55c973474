//! Seals of both forms: the states that they prove, and every changed byte of a proof.

use std::path::{Path, PathBuf};

use crate::written::{Memory, ONE, TWO, Written, demo, trust, ulid, verify};
use ledger::files::{CHECKPOINT, LOG_KEY};
use ledger::{EventType, Proven, ReadOptions, StateForm, StateProof, Status};
use tlog::{Trust, VerifierKey};

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
