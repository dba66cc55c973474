//! Attestations: DSSE envelopes (secure-systems-lab DSSE v1) with an in-toto statement, signed outside the ledger.

use artifact::{Limits, Syntax, SyntaxError, Ulid, Value, parse};
use thiserror::Error;
use tlog::{Hash, VerifierKey};

use crate::{Discipline, EventType, Json, sha256};

/// The payload type of an in-toto statement.
const IN_TOTO: &str = "application/vnd.in-toto+json";

/// The size of an envelope, in bytes.
pub const MAX_ENVELOPE_BYTES: u64 = 1 << 20;

/// Why an attestation is invalid.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AttestationError {
    /// The envelope or the statement is not valid JSON.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// The envelope or the statement has another form.
    #[error("{0}")]
    Form(&'static str),
    /// The payload has another type.
    #[error("the payload is {0}, not {IN_TOTO}")]
    PayloadType(String),
    /// The statement names other subjects.
    #[error("the statement does not name this event: no subject has the SHA-256 {}", .0.hex())]
    Subject(Hash),
    /// The policy requires a signature of an attester, and there is none.
    #[error("no attester of the policy signed the attestation")]
    Unsigned,
}

/// Returns the `sha256` that a statement names as its subject: the digest of type, identity and payload of the event in canonical JSON, without signatures.
#[must_use]
pub fn subject(kind: EventType, subject: Option<Ulid>, payload: &[(&'static str, Json)]) -> Hash {
    let signed = payload.iter().filter(|(name, _)| !name.ends_with("_signature")).cloned();
    let mut members = vec![("payload", Json::object(signed)), ("type", Json::text(kind.name()))];
    members.extend(subject.map(|ulid| ("subject_ulid", Json::text(ulid.to_string()))));
    sha256(Json::object(members).to_string().as_bytes())
}

/// Verifies the attestation of an event: its statement names the event, and if the policy requires attestations for the type, an attester signed it.
///
/// # Errors
/// When the attestation is invalid.
pub fn verify(
    bytes: &[u8],
    event: &Hash,
    kind: EventType,
    discipline: &Discipline,
) -> Result<(), AttestationError> {
    let envelope = read(bytes)?;
    if !envelope.names(event) {
        return Err(AttestationError::Subject(*event));
    }
    let required = discipline.attested.contains(&kind) && !discipline.attesters.is_empty();
    if required && !discipline.attesters.iter().any(|key| envelope.is_signed_by(key)) {
        Err(AttestationError::Unsigned)
    } else {
        Ok(())
    }
}

/// A DSSE envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The signed statement.
    pub payload: Vec<u8>,
    /// The payload type.
    pub payload_type: String,
    /// The signatures.
    pub signatures: Vec<Vec<u8>>,
}

/// Reads an envelope that contains a statement.
///
/// # Errors
/// When the bytes are not a valid envelope.
pub fn read(bytes: &[u8]) -> Result<Envelope, AttestationError> {
    use AttestationError as E;
    let value = parse(Syntax::Json, bytes, &Limits::default())?;
    let text =
        |value: &Value, pointer: &str| value.pointer(pointer).and_then(Value::as_str).map(String::from);
    let payload_type = text(&value, "/payloadType").ok_or(E::Form("the field `payloadType` is missing"))?;
    if payload_type != IN_TOTO {
        return Err(E::PayloadType(payload_type));
    }
    let payload = text(&value, "/payload").and_then(|text| digest::base64::decode(&text));
    let payload = payload.ok_or(E::Form("the payload is not valid base64"))?;
    let statement = parse(Syntax::Json, &payload, &Limits::default())?;
    if text(&statement, "/_type").as_deref() != Some("https://in-toto.io/Statement/v1") {
        return Err(E::Form("the payload is not an in-toto statement (version 1)"));
    }
    let list = value.pointer("/signatures").and_then(Value::as_list).unwrap_or_default();
    let signatures: Option<Vec<_>> = list
        .iter()
        .map(|signature| text(signature, "/sig").and_then(|text| digest::base64::decode(&text)))
        .collect();
    let signatures =
        signatures.filter(|all| !all.is_empty()).ok_or(E::Form("the envelope has no signature"))?;
    Ok(Envelope { payload, payload_type, signatures })
}

impl Envelope {
    /// Returns the signed bytes: `PAE(type, payload)`, DSSE v1.
    #[must_use]
    pub fn signed(&self) -> Vec<u8> {
        let head =
            format!("DSSEv1 {} {} {} ", self.payload_type.len(), self.payload_type, self.payload.len());
        [head.as_bytes(), &self.payload].concat()
    }

    /// Returns whether the statement names a subject with this SHA-256.
    fn names(&self, digest: &Hash) -> bool {
        let Ok(statement) = parse(Syntax::Json, &self.payload, &Limits::default()) else { return false };
        let subjects = statement.pointer("/subject").and_then(Value::as_list).unwrap_or_default();
        let named = |subject: &Value| {
            subject.pointer("/digest/sha256").and_then(Value::as_str) == Some(&digest.hex())
        };
        subjects.iter().any(named)
    }

    /// Returns whether one of the signatures is valid under this key.
    #[must_use]
    pub fn is_signed_by(&self, key: &VerifierKey) -> bool {
        let signed = self.signed();
        self.signatures.iter().any(|signature| key.verify_bytes(&signed, signature))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tlog::{Algorithm, SigningKey};

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test reads its own files")]
    fn envelopes_of_another_implementation_verify() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/dsse");
        let file = |name: &str| std::fs::read(folder.join(name)).unwrap();
        let seed =
            tlog::Hash::from_hex(String::from_utf8(file("seed-TEST-ONLY.hex")).unwrap().trim()).unwrap().0;
        let key = SigningKey::from_seed("attester", Algorithm::Ed25519, &seed).unwrap();
        let envelope = read(&file("envelope.json")).unwrap();
        assert_eq!(envelope.signed(), file("pae.bin"));
        assert!(envelope.is_signed_by(key.verifier()));
        for bad in ["bad-payload.json", "bad-type.json"] {
            assert!(!read(&file(bad)).is_ok_and(|envelope| envelope.is_signed_by(key.verifier())), "{bad}");
        }
    }
}
