//! Attestations: DSSE envelopes (secure-systems-lab DSSE v1) with an in-toto statement, which somebody signed outside the ledger.

use artifact::{Limits, Syntax, Ulid, Value, parse};
use tlog::{Hash, VerifierKey};

use crate::{Discipline, EventType, Json, sha256};

/// The type of the payload that is an in-toto statement.
const IN_TOTO: &str = "application/vnd.in-toto+json";

/// The largest envelope, in bytes.
pub const LARGEST: u64 = 1 << 20;

/// Returns what the statement's subject names by `sha256`: type, identity and payload of the event, canonical, without what signatures add to it.
#[must_use]
pub fn subject(kind: EventType, subject: Option<Ulid>, payload: &[(&'static str, Json)]) -> Hash {
    let told = payload.iter().filter(|(name, _)| !name.ends_with("_signature")).cloned();
    let mut members = vec![("payload", Json::object(told)), ("type", Json::text(kind.name()))];
    members.extend(subject.map(|ulid| ("subject_ulid", Json::text(ulid.to_string()))));
    sha256(Json::object(members).to_string().as_bytes())
}

/// Holds an attestation to the event that it stands behind: an envelope whose statement names it, and for what policy demands to be attested one that an
/// attester signed.
///
/// # Errors
/// When it is not so.
pub fn hold(bytes: &[u8], event: &Hash, kind: EventType, discipline: &Discipline) -> Result<(), String> {
    let envelope = read(bytes)?;
    if !envelope.names(event) {
        return Err(format!(
            "the statement is of something else: no subject of it has the SHA-256 {}",
            event.hex()
        ));
    }
    let demanded = discipline.attested.contains(&kind) && !discipline.attesters.is_empty();
    if demanded && !discipline.attesters.iter().any(|key| envelope.is_signed_by(key)) {
        Err("none of the attesters that policy names signed the attestation".into())
    } else {
        Ok(())
    }
}

/// An envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The statement, as it was signed.
    pub payload: Vec<u8>,
    /// What the payload is.
    pub payload_type: String,
    /// The signatures.
    pub signatures: Vec<Vec<u8>>,
}

/// Reads an envelope with a statement.
///
/// # Errors
/// When it is none.
pub fn read(bytes: &[u8]) -> Result<Envelope, String> {
    let value = parse(Syntax::Json, bytes, &Limits::default()).map_err(|error| error.message)?;
    let text =
        |value: &Value, pointer: &str| value.pointer(pointer).and_then(Value::as_str).map(String::from);
    let payload_type = text(&value, "/payloadType").ok_or("the field `payloadType` is missing")?;
    if payload_type != IN_TOTO {
        return Err(format!("the payload is {payload_type}, not {IN_TOTO}"));
    }
    let payload = text(&value, "/payload").and_then(|text| tlog::base64(&text));
    let payload = payload.ok_or("the payload is no base64")?;
    let statement = parse(Syntax::Json, &payload, &Limits::default()).map_err(|error| error.message)?;
    if text(&statement, "/_type").as_deref() != Some("https://in-toto.io/Statement/v1") {
        return Err("the payload is no in-toto statement, version 1".into());
    }
    let list = value.pointer("/signatures").and_then(Value::as_list).unwrap_or_default();
    let signatures: Option<Vec<_>> =
        list.iter().map(|signature| text(signature, "/sig").and_then(|text| tlog::base64(&text))).collect();
    let signatures = signatures.filter(|all| !all.is_empty()).ok_or("the envelope has no signature")?;
    Ok(Envelope { payload, payload_type, signatures })
}

impl Envelope {
    /// Returns what is signed: `PAE(type, payload)`, DSSE v1.
    #[must_use]
    pub fn signed(&self) -> Vec<u8> {
        let head =
            format!("DSSEv1 {} {} {} ", self.payload_type.len(), self.payload_type, self.payload.len());
        [head.as_bytes(), &self.payload].concat()
    }

    /// Tells whether the statement names something by its SHA-256.
    fn names(&self, digest: &Hash) -> bool {
        let Ok(statement) = parse(Syntax::Json, &self.payload, &Limits::default()) else { return false };
        let subjects = statement.pointer("/subject").and_then(Value::as_list).unwrap_or_default();
        let named = |subject: &Value| {
            subject.pointer("/digest/sha256").and_then(Value::as_str) == Some(&digest.hex())
        };
        subjects.iter().any(named)
    }

    /// Tells whether one of the signatures is this key's.
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
    #[expect(clippy::disallowed_methods, reason = "a test reads files, and where they lie")]
    fn the_vectors_of_an_envelope_hold() {
        let Some(folder) = std::env::var_os("ID_GUARD_CORPUS")
            .map(|corpus| std::path::Path::new(&corpus).with_file_name("vectors").join("dsse"))
            .filter(|folder| folder.is_dir())
        else {
            return;
        };
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
