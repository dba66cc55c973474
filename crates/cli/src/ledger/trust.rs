//! Whom the repository trusts: the key that its policy names, and its trust policy (`.ledger/trust.policy`).

use ledger::files::{CHECKPOINT, Files, TRUST, segment_name};
use ledger::{Fault, FaultKind, LoadedLedger};
use policy::Policy;
use tlog::{Opened, Trust};

use super::freshness::Freshness;
use crate::environment;
use crate::error::CommandError;

/// The largest trust policy.
const MAX_TRUST_BYTES: u64 = 1 << 20;

/// Where the trust policy comes from.
pub(crate) enum TrustSource {
    /// The repository.
    Repository,
    /// The user.
    Given(Trust),
    /// Nowhere: only the key that the ledger itself names is required.
    Nothing,
}

/// A checkpoint that was compared with what the repository trusts.
pub(crate) struct TrustedCheckpoint {
    /// Why it is not trusted.
    pub(crate) faults: Vec<Fault>,
    /// Who signed it.
    pub(crate) signed_by: String,
}

/// Compares a checkpoint with the key and the trust policy that apply, and with the greatest age that its reader accepts.
pub(crate) fn verify_trust(
    files: &dyn Files,
    read: &LoadedLedger,
    policy: &Policy,
    source: &TrustSource,
    freshness: Option<&Freshness>,
) -> Result<TrustedCheckpoint, CommandError> {
    let mut faults = Vec::new();
    if !matches!(source, TrustSource::Nothing) {
        faults.extend(wrong_key(read, policy));
    }
    let own;
    let trust = match source {
        TrustSource::Given(trust) => Some(trust),
        TrustSource::Nothing => None,
        TrustSource::Repository => {
            own = match files.read(TRUST, MAX_TRUST_BYTES)?.map(|text| parse(&text)) {
                Some(Err(message)) => {
                    faults.push(fault(TRUST, format!("invalid trust policy: {message}")));
                    None
                }
                Some(Ok(trust)) => Some(trust),
                None => None,
            };
            own.as_ref()
        }
    };
    let mut witnesses = None;
    if let Some((trust, opened)) = trust.zip(read.checkpoint.as_ref()) {
        match trust.verify(opened) {
            Ok(_) => {
                let cosignatures = trust.cosignatures(opened).unwrap_or_default();
                witnesses = Some((cosignatures, trust.witnesses().len()));
            }
            Err(error) => faults.push(fault(CHECKPOINT, error.to_string())),
        }
    }
    // A checkpoint that is not trusted is reported as such; its age does not matter.
    let aged = read.checkpoint.as_ref().filter(|_| faults.is_empty());
    if let Some((freshness, opened)) = freshness.zip(aged) {
        let problem = freshness.problem(trust, opened)?;
        faults.extend(problem.map(|message| fault(CHECKPOINT, message)));
    }
    let is_of_policy = policy.ledger.key.is_some() && faults.is_empty();
    let signed_by = read.checkpoint.as_ref().map(|opened| signed_by(read, opened, is_of_policy));
    let mut signed_by = signed_by.unwrap_or_else(|| "unsigned".into());
    if let Some((signed, of)) = witnesses.filter(|(_, of)| *of > 0) {
        let day =
            |time: u64| environment::time_of(time.saturating_mul(1000)).chars().take(10).collect::<String>();
        let names: Vec<String> =
            signed.iter().map(|cosigned| format!("{} {}", cosigned.witness, day(cosigned.time))).collect();
        let names = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
        signed_by += &format!("; witnesses {} of {of}{names}", signed.len());
    }
    if matches!(source, TrustSource::Nothing) {
        signed_by += "; the policy's key and the trust policy were not applied (--trust none)";
    }
    Ok(TrustedCheckpoint { faults, signed_by })
}

fn parse(text: &[u8]) -> Result<Trust, String> {
    let text = std::str::from_utf8(text).map_err(|_| "it is not UTF-8".to_string())?;
    Trust::parse(text).map_err(|error| error.to_string())
}

fn fault(file: &str, message: String) -> Fault {
    Fault {
        kind: FaultKind::CheckpointUntrusted,
        file: file.into(),
        line: None,
        span: 0..0,
        message,
        because_of: None,
    }
}

/// Returns the fault of a log that begins with another key than the policy names.
fn wrong_key(read: &LoadedLedger, policy: &Policy) -> Option<Fault> {
    let named = policy.ledger.key.as_ref()?;
    // Where nothing is recorded yet, the first record compares the key.
    let log = read.machine.log()?;
    let first = log.keys.first().map(|(key, _)| key.to_string());
    if first.as_ref() == Some(named) {
        return None;
    }
    let has = first.map_or_else(|| "no key".into(), |key| format!("the key {key}"));
    Some(fault(&segment_name(0), format!("the log begins with {has}, but the policy names {named}")))
}

fn signed_by(read: &LoadedLedger, opened: &Opened, is_of_policy: bool) -> String {
    let keys: Vec<_> =
        read.machine.log().into_iter().flat_map(|log| log.keys.iter().map(|(key, _)| key.clone())).collect();
    let signers = opened.note.as_ref().and_then(|note| note.signers(&keys).ok()).unwrap_or_default();
    if signers.is_empty() {
        return "unsigned".into();
    }
    let names: Vec<String> = signers.iter().map(|key| format!("{}+{:08x}", key.name(), key.id())).collect();
    let by = if is_of_policy { " (policy key)" } else { "" };
    format!("signed by {}{by}", names.join(", "))
}
