//! The result of a verification, as text and as JSON.

use serde_json::{Value, json};
use tlog::Cosignature;

use super::artifact_content::Artifact;
use super::facts::Facts;
use crate::environment;
use crate::error::{CommandError, ErrorKind};

/// The JSON Schema of the result.
pub(crate) const SCHEMA: &str = include_str!("../../../schemas/verify-proof.v1.schema.json");

/// What was found until the verification ended.
#[derive(Default)]
pub(super) struct Verification {
    pub(super) origin: Option<String>,
    pub(super) size: Option<u64>,
    /// The number of the line in the log, from 0.
    pub(super) index: Option<u64>,
    pub(super) facts: Option<Facts>,
    /// The proven line.
    pub(super) event: Option<Value>,
    pub(super) signers: Vec<String>,
    pub(super) witnesses: Vec<Cosignature>,
    pub(super) artifact: Option<Artifact>,
    /// What is printed for people.
    pub(super) lines: Vec<String>,
    pub(super) errors: Vec<CommandError>,
}

impl Verification {
    /// Returns the exit status: a refusal is known, whatever else could not be found out.
    pub(super) fn status(&self) -> u8 {
        let refused = self.errors.iter().any(|error| error.kind == ErrorKind::Refused);
        match self.errors.first() {
            None => 0,
            Some(_) if refused => 1,
            Some(error) => error.status(),
        }
    }

    pub(super) fn json(&self) -> Value {
        let identity = self.facts.as_ref().filter(|facts| facts.ulid.is_some()).map(|facts| {
            json!({
                "ulid": facts.ulid.map(|ulid| ulid.to_string()),
                "key": facts.key,
                "version": facts.version,
                "status": facts.presence.map(super::facts::Presence::name),
                "yanked": facts.yanked,
            })
        });
        let artifact = self.artifact.as_ref().map(|artifact| {
            json!({
                "path": artifact.path,
                "sha256": artifact.digest.hex(),
                "matches": artifact.problem.is_none(),
            })
        });
        let witnesses: Vec<Value> = self
            .witnesses
            .iter()
            .map(|cosignature| json!({ "name": cosignature.witness, "time": time(cosignature.time) }))
            .collect();
        let errors: Vec<&str> = self.errors.iter().map(CommandError::message).collect();
        json!({
            "schema_version": 1,
            "ok": self.errors.is_empty(),
            "origin": self.origin,
            "size": self.size,
            "index": self.index,
            "identity": identity,
            "event": self.event,
            "signers": self.signers,
            "witnesses": witnesses,
            "artifact": artifact,
            "errors": errors,
        })
    }
}

/// Writes a time in seconds since 1970.
pub(super) fn time(seconds: u64) -> String {
    environment::time_of(seconds.saturating_mul(1000))
}
