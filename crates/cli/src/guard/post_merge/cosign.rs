//! Cosignatures of witnesses on the network, which are asked before a checkpoint is published.

use std::path::Path;

use diagnostic::sanitise;
use ledger::ReadOptions;
use ledger::files::{CHECKPOINT, FOLDER, Files, TRUST};
use policy::{Policy, WitnessRequirement};
use tlog::{Opened, Tree, Trust};

use crate::arguments::PostMergeArguments;
use crate::error::CommandError;
use crate::ledger::witnesses::{self, Recipient, with_cosignatures};
use crate::output::warn;

/// The size of a trust policy, in bytes.
const MAX_TRUST_BYTES: u64 = 1 << 20;

/// Whom to ask, and for what.
pub(super) struct Cosigning {
    trust: Trust,
    is_required: bool,
    asked: Vec<Recipient>,
    /// The checkpoint as the log signed it.
    note: String,
    checkpoint: Opened,
    /// The checkpoint before.
    published: Option<Opened>,
    tree: Tree,
}

/// What the witnesses answered.
pub(super) struct Collected {
    /// The checkpoint with the new cosignatures.
    pub(super) note: String,
    /// How many are new.
    pub(super) gained: usize,
    /// A line for the user.
    pub(super) printed: String,
}

/// What to plan from.
pub(super) struct Sources<'s> {
    pub(super) arguments: &'s PostMergeArguments,
    pub(super) policy: &'s Policy,
    /// The ledger of the recorded branch, which has the trust policy.
    pub(super) trust: &'s dyn Files,
    /// The ledger as it was published.
    pub(super) before: &'s dyn Files,
    /// The ledger as it will be.
    pub(super) after: &'s dyn Files,
    pub(super) has_new_lines: bool,
}

impl Sources<'_> {
    /// Returns whom to ask; `None` where no witness is to be asked.
    pub(super) fn plan(&self) -> Result<Option<Cosigning>, CommandError> {
        let is_required = self.policy.ledger.witnesses == WitnessRequirement::Required;
        let Some(trust) = self.trust_policy()? else {
            if is_required {
                return Err(misconfigured(&format!("{FOLDER}/{TRUST} is missing")));
            }
            return match self.arguments.witness.first() {
                None => Ok(None),
                Some(_) => Err(CommandError::failed_with(
                    format!("{FOLDER}/{TRUST} is missing: no cosignature could be verified"),
                    "write it: a line each for the log, the witnesses and the quorum (C2SP tlog-policy)",
                )),
            };
        };
        if is_required && !trust.requires_witnesses() {
            return Err(misconfigured(&format!("{FOLDER}/{TRUST} has `quorum none`")));
        }
        let Some(note) = self.checkpoint(self.after)? else { return Ok(None) };
        let checkpoint = open(&note)?;
        // Nothing new, and what is published has all that it needs.
        if !self.has_new_lines && trust.verify(&checkpoint).is_ok() {
            return Ok(None);
        }
        let mut asked = witnesses::select(&trust, &self.arguments.witness)?;
        asked.retain(|witness| !witness.has_signed(&checkpoint));
        if asked.is_empty() && is_required {
            return Err(misconfigured(&format!(
                "no witness in {FOLDER}/{TRUST} that can be asked has an address"
            )));
        }
        if asked.is_empty() {
            return Ok(None);
        }
        if checkpoint.note.is_none() {
            return if is_required { Err(misconfigured("the log is not signed")) } else { Ok(None) };
        }
        let mut tree = Tree::default();
        ReadOptions::default().read(self.after, &mut |line, _| tree.push(line.leaf))?;
        let published = self.checkpoint(self.before)?.and_then(|note| tlog::open(note.as_bytes()).ok());
        Ok(Some(Cosigning { trust, is_required, asked, note, checkpoint, published, tree }))
    }

    fn trust_policy(&self) -> Result<Option<Trust>, CommandError> {
        let Some(bytes) = self.trust.read(TRUST, MAX_TRUST_BYTES)? else { return Ok(None) };
        let text = String::from_utf8_lossy(&bytes);
        let invalid = |error| CommandError::failed(format!("{FOLDER}/{TRUST}: {error}"));
        Trust::parse(&text).map(Some).map_err(invalid)
    }

    fn checkpoint(&self, files: &dyn Files) -> Result<Option<String>, CommandError> {
        let bytes = ledger::files::read_checkpoint(files)?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }
}

impl Cosigning {
    /// Returns the names of the witnesses that are asked.
    pub(super) fn names(&self) -> Vec<String> {
        self.asked.iter().map(|witness| sanitise::text(&witness.name)).collect()
    }

    /// Asks the witnesses. Where the policy requires a quorum, less is an error, and nothing is to be published.
    pub(super) fn collect(&self, ca: Option<&Path>) -> Result<Collected, CommandError> {
        let answers = witnesses::ask(ca, &self.asked, &self.checkpoint, self.published.as_ref(), &self.tree)?;
        let note = with_cosignatures(&self.note, &answers);
        let mut signed = Vec::new();
        let mut problems = Vec::new();
        for answer in &answers {
            let name = sanitise::text(&answer.name);
            match &answer.cosignature {
                Ok(_) => signed.push(name),
                Err(why) => problems.push(format!("witness {name}: {why}")),
            }
        }
        let reached = self.trust.verify(&open(&note)?);
        problems.iter().for_each(|problem| warn(problem));
        if let (Err(error), true) = (&reached, self.is_required) {
            return Err(CommandError::failed_with(
                format!("nothing was published: {error}"),
                "run it again when the witnesses can be reached, or set `ledger: {witnesses: preferred}` in the policy",
            ));
        }
        if let Err(error) = &reached {
            warn(&format!("published without enough cosignatures: {error}; the next run asks again"));
        }
        let printed = match signed.as_slice() {
            [] => String::new(),
            signed => format!("cosigned by {}\n", signed.join(", ")),
        };
        Ok(Collected { note, gained: signed.len(), printed })
    }
}

fn misconfigured(what: &str) -> CommandError {
    CommandError::failed_with(
        format!("the policy requires witnesses (`ledger: {{witnesses: required}}`), and {what}"),
        format!("write {FOLDER}/{TRUST} with the witnesses, their addresses and a quorum (C2SP tlog-policy)"),
    )
}

fn open(note: &str) -> Result<Opened, CommandError> {
    tlog::open(note.as_bytes())
        .map_err(|error| CommandError::failed(format!("{FOLDER}/{CHECKPOINT}: {error}")))
}
