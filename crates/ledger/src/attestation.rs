//! Attestations: DSSE envelopes (secure-systems-lab DSSE v1) with an in-toto statement, which somebody signed outside the ledger.

use artifact::{Limits, Syntax, Value, parse};
use tlog::VerifierKey;

/// The type of the payload that is an in-toto statement.
const IN_TOTO: &str = "application/vnd.in-toto+json";

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

    /// Tells whether one of the signatures is this key's.
    #[must_use]
    pub fn is_signed_by(&self, key: &VerifierKey) -> bool {
        let signed = self.signed();
        self.signatures.iter().any(|signature| key.verify_bytes(&signed, signature))
    }
}
