//! State proofs of a long ledger: the sealed states are built a part at a time, and only their hashes are kept.

use artifact::Ulid;
use snapshot::Result;
use tlog::{Frontier, Hash, PathBuilder};

use crate::files::Files;
use crate::{Machine, SealedState, State, StateForm, fold};

/// The number of lines whose identities are built at a time.
const LINES_PER_PART: u64 = 100_000;

/// Proves the state of an identity at a seal, or its absence, against the root of that seal. `None` if the states before it have another root.
///
/// `seal` is the number of the line of the seal, with the form of its states; the caller verified the lines with [`crate::scan`].
///
/// # Errors
/// When a file cannot be read.
pub fn prove_state(
    files: &dyn Files,
    (seal, form): (u64, StateForm),
    root: Hash,
    subject: Ulid,
) -> Result<Option<Vec<SealedState>>> {
    prove_in_parts(files, (seal, form), root, subject, u128::from(seal / LINES_PER_PART + 1))
}

fn prove_in_parts(
    files: &dyn Files,
    (seal, form): (u64, StateForm),
    root: Hash,
    subject: Ulid,
    parts: u128,
) -> Result<Option<Vec<SealedState>>> {
    let mut states: Vec<(Ulid, Hash)> = Vec::new();
    for part in 0..parts {
        let machine = fold(files, seal, &|ulid| ulid.bits() % parts == part)?;
        states.extend(lines(&machine, form).map(|(ulid, line)| (ulid, Hash::leaf(line.as_bytes()))));
    }
    states.sort_unstable();
    let shown = match states.binary_search_by_key(&subject, |(ulid, _)| *ulid) {
        Ok(at) => at..at + 1,
        Err(at) => at.saturating_sub(1)..(at + 1).min(states.len()),
    };
    let mut frontier = Frontier::default();
    states.iter().for_each(|(_, leaf)| frontier.push(*leaf));
    if frontier.root() != root {
        return Ok(None);
    }
    let names: Vec<Ulid> = states[shown.clone()].iter().map(|(ulid, _)| *ulid).collect();
    let machine = fold(files, seal, &|ulid| names.contains(&ulid))?;
    let proved = lines(&machine, form).zip(shown.start as u64..).filter_map(|((_, line), index)| {
        let mut path = PathBuilder::new(index, frontier.size())?;
        states.iter().for_each(|(_, leaf)| path.push(*leaf));
        Some(SealedState { line, inclusion: path.finish()? })
    });
    Ok(Some(proved.collect()))
}

/// Returns the state lines of a part of the identities, sorted by ULID.
fn lines(machine: &Machine, form: StateForm) -> impl Iterator<Item = (Ulid, String)> {
    let states = machine.sorted().into_iter();
    states.map(move |(ulid, identity)| (ulid, State::of(ulid, &identity, form).line()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{EmptyLedger, InSnapshot};
    use crate::{Batch, Draft, EventType, Json, ReadOptions, StateProof};
    use tlog::{InclusionProof, TlogProof};

    fn draft(kind: EventType, subject: Option<Ulid>, payload: Vec<(&'static str, Json)>) -> Draft {
        Draft {
            kind,
            subject,
            src: Some("4b825dc642cb6eb9a060e54bf8d69288fbee4904".into()),
            time: 1_767_225_600,
            by: "ada@example.org".into(),
            card_sha256: None,
            att: None,
            payload,
            source_file: snapshot::RepoPath::root(),
            ordinal: 0,
        }
    }

    #[test]
    fn a_proof_in_parts_is_that_of_the_whole_state() {
        let ulid = |at: u8| Ulid::of(1_700_000_000_000, [at; 10]);
        let text = |name: &'static str, text: String| (name, Json::text(text));
        let mut batch = Batch::new(ReadOptions::default().read(&EmptyLedger, &mut |_, _| {}).unwrap());
        let genesis = vec![("keys", Json::List(Vec::new())), text("origin", "example.org/log".into())];
        batch.append(&draft(EventType::Genesis, None, genesis)).unwrap();
        for at in (1..60).step_by(2) {
            let born = vec![
                text("key", format!("PLG_P{at}")),
                text("kind", "plugin".into()),
                text("path", format!("plugins/p{at}")),
            ];
            batch.append(&draft(EventType::Create, Some(ulid(at)), born)).unwrap();
            let published =
                vec![text("version", format!("{at}.0.0")), text("sha256", Hash::leaf(&[at]).hex())];
            batch.append(&draft(EventType::Publish, Some(ulid(at)), published)).unwrap();
        }
        let (machine, seal) = (batch.read.machine.clone(), batch.read.size());
        let (_, root) = machine.seal(StateForm::V2);
        let memory = batch.files(&EmptyLedger, "example.org/log", &[]).unwrap().into_iter().fold(
            snapshot::Memory::new(),
            |memory, (name, bytes)| {
                memory.with(&format!(".ledger/{name}"), std::str::from_utf8(&bytes).unwrap())
            },
        );
        let files = InSnapshot(&memory);
        let nothing = || TlogProof {
            extra: None,
            inclusion: InclusionProof { index: 0, path: Vec::new() },
            checkpoint: String::new(),
        };
        for at in 0..62 {
            let whole = StateProof::new(&machine, StateForm::V2, ulid(at), nothing()).lines;
            for parts in [1, 2, 7] {
                let found = prove_in_parts(&files, (seal, StateForm::V2), root, ulid(at), parts).unwrap();
                assert_eq!(found.as_ref(), Some(&whole), "{at} in {parts}");
            }
        }
        let other = prove_in_parts(&files, (seal, StateForm::V1), root, ulid(1), 2).unwrap();
        assert_eq!(other, None, "the states have another root");
    }
}
