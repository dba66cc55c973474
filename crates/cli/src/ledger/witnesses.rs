//! Asks witnesses on the network to cosign a checkpoint (C2SP tlog-witness), all at the same time.

use std::path::Path;
use std::time::Duration;

use diagnostic::sanitise;
use fetch::{Address, Client};
use tlog::witness::{AddCheckpoint, find_cosignature, parse_size};
use tlog::{Opened, Tree, Trust, Witness};

use crate::error::CommandError;
use crate::network;

/// The time for one exchange with a witness.
const MAX_ANSWER_TIME: Duration = Duration::from_secs(10);
/// The size of a witness's answer, in bytes.
const MAX_ANSWER_BYTES: u64 = 64 << 10;

/// A witness that is asked.
pub(crate) struct Recipient {
    /// Its name in the trust policy; its address where the policy has no witness with this address.
    pub(crate) name: String,
    address: Address,
    /// The witnesses of the policy whose cosignature is accepted.
    keys: Vec<Witness>,
}

impl Recipient {
    /// Returns whether a checkpoint has its cosignature already. An address that the policy does not have could be of any of its witnesses.
    pub(crate) fn has_signed(&self, checkpoint: &Opened) -> bool {
        let keys: Vec<_> = self.keys.iter().map(|witness| witness.key.clone()).collect();
        let note = checkpoint.note.as_ref();
        note.is_some_and(|note| note.signers(&keys).is_ok_and(|found| found.len() == keys.len()))
    }
}

/// What a witness answered.
pub(crate) struct Answer {
    /// Its name.
    pub(crate) name: String,
    /// The line with its cosignature, or why there is none.
    pub(crate) cosignature: Result<String, String>,
}

/// Returns the witnesses to ask: those at the given addresses, or without any, all that have an address in the policy.
pub(crate) fn select(trust: &Trust, addresses: &[String]) -> Result<Vec<Recipient>, CommandError> {
    let known = trust.named_witnesses();
    if addresses.is_empty() {
        let with_address = known.into_iter().filter_map(|witness| Some((witness.address.clone()?, witness)));
        return with_address
            .map(|(address, witness)| {
                let name = witness.name.clone();
                Ok(Recipient { name, address: network::address(&address)?, keys: vec![witness] })
            })
            .collect();
    }
    if known.is_empty() {
        return Err(CommandError::failed_with(
            "the trust policy has no witness, so that no cosignature could be verified",
            "add the witness to .ledger/trust.policy: a line `witness`, its name, its key and its address",
        ));
    }
    addresses
        .iter()
        .map(|text| {
            let address = network::address(text)?;
            let is_at = |witness: &&Witness| {
                let parsed = witness.address.as_deref().and_then(|text| Address::parse(text).ok());
                parsed.as_ref() == Some(&address)
            };
            let keys: Vec<Witness> = known.iter().filter(is_at).cloned().collect();
            let name = keys.first().map_or_else(|| address.to_string(), |witness| witness.name.clone());
            Ok(Recipient { name, address, keys: if keys.is_empty() { known.clone() } else { keys } })
        })
        .collect()
}

/// Asks for cosignatures of a checkpoint, of which `tree` has the leaves. `published` is the checkpoint before: its witnesses cosigned that size.
pub(crate) fn ask(
    ca: Option<&Path>,
    witnesses: &[Recipient],
    checkpoint: &Opened,
    published: Option<&Opened>,
    tree: &Tree,
) -> Result<Vec<Answer>, CommandError> {
    if witnesses.is_empty() {
        return Ok(Vec::new());
    }
    let client = network::client(ca, MAX_ANSWER_TIME, 0)?;
    let question = Question { client: &client, checkpoint, published, tree };
    let answers = std::thread::scope(|scope| {
        let threads: Vec<_> = witnesses.iter().map(|witness| scope.spawn(|| question.ask(witness))).collect();
        let failed = || Err("the request could not be sent".to_string());
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| failed())).collect::<Vec<_>>()
    });
    let named = witnesses.iter().zip(answers);
    Ok(named.map(|(asked, cosignature)| Answer { name: asked.name.clone(), cosignature }).collect())
}

/// Returns the checkpoint with the cosignatures that were given.
pub(crate) fn with_cosignatures(note: &str, answers: &[Answer]) -> String {
    answers.iter().filter_map(|answer| answer.cosignature.as_deref().ok()).fold(
        note.to_string(),
        |note, line| {
            if note.ends_with(line) || note.contains(&format!("\n{line}")) { note } else { note + line }
        },
    )
}

/// What every witness is asked.
struct Question<'q> {
    client: &'q Client,
    checkpoint: &'q Opened,
    published: Option<&'q Opened>,
    tree: &'q Tree,
}

impl Question<'_> {
    /// Asks one witness; a size that it names instead is tried once.
    fn ask(&self, witness: &Recipient) -> Result<String, String> {
        let mut old = self.known_size(witness);
        for is_last in [false, true] {
            let response = self.send(witness, old)?;
            match response.status {
                200 => return self.accept(witness, &response.body),
                409 if response.content_type.starts_with("text/x.tlog.size") => {
                    old = self.conflict(&response.body, old, is_last)?;
                }
                status => return Err(describe(status, &response.body)),
            }
        }
        Err("its state changes faster than it can be asked: another writer asks it as well".into())
    }

    /// The size that this witness cosigned, as far as the published checkpoint shows; else nothing.
    fn known_size(&self, witness: &Recipient) -> u64 {
        let signed = self.published.filter(|published| witness.has_signed(published));
        signed.map_or(0, |published| published.checkpoint.size)
    }

    fn send(&self, witness: &Recipient, old: u64) -> Result<fetch::Response, String> {
        let new = &self.checkpoint.checkpoint;
        let proof = self.tree.prove_consistency(old, new.size);
        let proof = proof.ok_or_else(|| format!("it cosigned {old} lines, and this log has {}", new.size))?;
        // The signatures of the log; those of other witnesses are of no use to this one.
        let signatures = self.checkpoint.note.iter().flat_map(|note| &note.signatures);
        let own = signatures.filter(|line| line.name == new.origin).map(ToString::to_string);
        let checkpoint = format!("{}\n{}", new.text(), own.collect::<String>());
        let body = AddCheckpoint { old, proof, checkpoint }.to_string();
        let place = witness.address.join("add-checkpoint");
        let sent = self.client.post(&place, "text/plain; charset=utf-8", body.as_bytes(), MAX_ANSWER_BYTES);
        sent.map_err(|error| network::describe(&error))
    }

    fn accept(&self, witness: &Recipient, body: &[u8]) -> Result<String, String> {
        let text = self.checkpoint.checkpoint.text();
        let found = witness.keys.iter().find_map(|known| find_cosignature(&text, body, &known.key));
        found.ok_or_else(|| {
            "its answer has no valid cosignature of the key in the trust policy: it is not used".into()
        })
    }

    /// Reads the size that a witness names instead.
    fn conflict(&self, body: &[u8], old: u64, is_last: bool) -> Result<u64, String> {
        let size = parse_size(body).ok_or("status 409 without a size")?;
        let new = self.checkpoint.checkpoint.size;
        if size > new {
            return Err(format!(
                "it cosigned {size} lines, and this checkpoint has {new}: another writer was there first, or its lines were never published"
            ));
        }
        if size == old && size == new {
            return Err(format!("it cosigned another tree of {size} lines: the log was forked (split view)"));
        }
        if is_last {
            return Err(
                "its state changes faster than it can be asked: another writer asks it as well".into()
            );
        }
        Ok(size)
    }
}

/// Describes a refusal; the body is the witness's, and could be anything.
fn describe(status: u16, body: &[u8]) -> String {
    let why = match status {
        400 => "it could not read the request",
        403 => "it does not accept the log's signature",
        404 => "it does not know this log",
        409 => "its state is another",
        422 => {
            "it does not accept that this checkpoint continues what it cosigned: the log may have been forked (split view)"
        }
        429 => "it was asked too often",
        500..600 => "it failed",
        _ => "its answer is unknown to the protocol",
    };
    const MAX_SHOWN_CHARS: usize = 200;
    let text: String = String::from_utf8_lossy(body).trim().chars().take(MAX_SHOWN_CHARS).collect();
    let text = sanitise::text(&text);
    if text.is_empty() {
        format!("status {status}: {why}")
    } else {
        format!("status {status}: {why} ({text})")
    }
}
