//! Trust policies (C2SP tlog-policy): the trusted logs and witnesses, and the quorum of witnesses that must have signed a checkpoint.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::{Algorithm, KeyError, NoteError, Opened, VerifierKey};

/// The number of lines of a policy; real ones have a few dozen.
const MAX_POLICY_LINES: usize = 10_000;

/// The signatures that a trusted checkpoint needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// The keys of logs.
    pub logs: Vec<VerifierKey>,
    witnesses: BTreeMap<String, VerifierKey>,
    /// The addresses of witnesses that have one.
    addresses: BTreeMap<String, String>,
    groups: BTreeMap<String, Group>,
    /// The witness or group that must have signed; `None` if no witness is required.
    quorum: Option<String>,
}

/// A witness of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The name in the policy.
    pub name: String,
    /// The key.
    pub key: VerifierKey,
    /// The submission prefix (C2SP tlog-witness), if the policy has it.
    pub address: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    threshold: usize,
    members: Vec<String>,
}

/// The verified cosignature of a witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosignature {
    /// The name of the witness in the policy.
    pub witness: String,
    /// The time that it signed, in seconds since 1970; of several the latest.
    pub time: u64,
}

/// Why a policy cannot be read, or does not trust a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TrustError {
    /// A line of the policy is invalid.
    #[error("line {line}: {message}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// The reason.
        message: String,
    },
    /// A key in the policy is invalid.
    #[error("line {line}: {source}")]
    Key {
        /// The line, from 1.
        line: usize,
        /// Why the key is invalid.
        source: KeyError,
    },
    /// The signed note of the checkpoint is invalid.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The checkpoint is unsigned.
    #[error("the checkpoint is not signed")]
    Unsigned,
    /// No key of a trusted log with this origin signed.
    #[error("the checkpoint of {origin} is not signed by a trusted key of that log")]
    Log {
        /// The origin of the checkpoint.
        origin: String,
    },
    /// Too few witnesses signed.
    #[error("quorum {quorum} not reached: signed by {}", if signed.is_empty() { "no witness".into() } else { signed.join(", ") })]
    Quorum {
        /// The required group or witness.
        quorum: String,
        /// The witnesses that signed.
        signed: Vec<String>,
    },
}

impl Trust {
    /// Trusts one log and requires no witness.
    #[must_use]
    pub fn log(key: VerifierKey) -> Trust {
        Trust { logs: vec![key], ..Trust::default() }
    }

    /// Reads a policy: lines `log`, `witness`, `group` and exactly one `quorum`; `#` starts a comment.
    ///
    /// # Errors
    /// When a line is invalid, a name is duplicate or unknown, or the quorum line is missing.
    pub fn parse(text: &str) -> Result<Trust, TrustError> {
        let mut trust = Trust::default();
        let mut quorum = false;
        let mut last = 0;
        for (at, line) in text.lines().enumerate() {
            last = at + 1;
            let refuse = |message: String| TrustError::Line { line: at + 1, message };
            if at >= MAX_POLICY_LINES {
                return Err(refuse(format!("a policy has at most {MAX_POLICY_LINES} lines")));
            }
            if line.trim_start().starts_with('#') || line.trim().is_empty() {
                continue;
            }
            let words: Vec<&str> = line.split_ascii_whitespace().collect();
            match words.as_slice() {
                ["log", key] | ["log", key, _] => {
                    let key = read_key(key, Algorithm::Ed25519, at + 1)?;
                    if trust.logs.contains(&key) {
                        return Err(refuse("duplicate log key".into()));
                    }
                    trust.logs.push(key);
                }
                ["witness", name, key, address @ ..] if address.len() <= 1 => {
                    trust.check_unused(name).map_err(refuse)?;
                    let key = read_key(key, Algorithm::Cosignature, at + 1)?;
                    if trust.witnesses.values().any(|known| *known == key) {
                        return Err(refuse("duplicate witness key".into()));
                    }
                    trust.witnesses.insert((*name).into(), key);
                    trust.addresses.extend(address.first().map(|url| ((*name).into(), (*url).into())));
                }
                ["group", name, threshold, members @ ..] if !members.is_empty() => {
                    trust.check_unused(name).map_err(refuse)?;
                    let group = trust.group(threshold, members).map_err(refuse)?;
                    trust.groups.insert((*name).into(), group);
                }
                ["quorum", _] if quorum => return Err(refuse("duplicate quorum line".into())),
                ["quorum", name] => {
                    quorum = true;
                    let known = trust.witnesses.contains_key(*name) || trust.groups.contains_key(*name);
                    match *name {
                        "none" => {}
                        name if known => trust.quorum = Some(name.into()),
                        name => {
                            return Err(refuse(format!("no earlier line defines a witness or group {name}")));
                        }
                    }
                }
                _ => {
                    let known = "log KEY [URL], witness NAME KEY [URL], group NAME any|all|COUNT MEMBER..., quorum NAME";
                    return Err(refuse(format!("unknown line; expected one of: {known}")));
                }
            }
        }
        if quorum {
            Ok(trust)
        } else {
            Err(TrustError::Line {
                line: last,
                message: "the quorum line is missing; to require no witness, write `quorum none`".into(),
            })
        }
    }

    /// Returns the witness keys.
    #[must_use]
    pub fn witnesses(&self) -> Vec<VerifierKey> {
        self.witnesses.values().cloned().collect()
    }

    /// Returns the witnesses with their names and addresses.
    #[must_use]
    pub fn named_witnesses(&self) -> Vec<Witness> {
        let named = |(name, key): (&String, &VerifierKey)| Witness {
            name: name.clone(),
            key: key.clone(),
            address: self.addresses.get(name).cloned(),
        };
        self.witnesses.iter().map(named).collect()
    }

    /// Returns whether a witness must have signed.
    #[must_use]
    pub fn requires_witnesses(&self) -> bool {
        self.quorum.is_some()
    }

    fn check_unused(&self, name: &str) -> Result<(), String> {
        let taken = name == "none" || self.witnesses.contains_key(name) || self.groups.contains_key(name);
        if taken { Err(format!("duplicate or reserved name {name}")) } else { Ok(()) }
    }

    fn group(&self, threshold: &str, members: &[&str]) -> Result<Group, String> {
        let mut names: Vec<String> = Vec::new();
        for &member in members {
            if !self.witnesses.contains_key(member) && !self.groups.contains_key(member) {
                return Err(format!("no earlier line defines a witness or group {member}"));
            }
            if names.iter().any(|name| name == member) {
                return Err(format!("duplicate group member {member}"));
            }
            names.push(member.into());
        }
        let threshold = match threshold {
            "any" => 1,
            "all" => names.len(),
            count => {
                count.parse().ok().filter(|count| (1..=names.len()).contains(count)).ok_or_else(|| {
                    format!(
                        "the threshold of a group must be `any`, `all` or a number from 1 to {}",
                        names.len()
                    )
                })?
            }
        };
        Ok(Group { threshold, members: names })
    }

    /// Verifies that a trusted log signed the checkpoint under its own name, and that the quorum of witnesses signed it. Returns the witnesses that signed.
    ///
    /// # Errors
    /// When the policy does not trust the checkpoint.
    pub fn verify(&self, opened: &Opened) -> Result<Vec<String>, TrustError> {
        let note = opened.note.as_ref().ok_or(TrustError::Unsigned)?;
        let origin = &opened.checkpoint.origin;
        let signers = note.signers(&self.logs)?;
        if !signers.iter().any(|key| key.name() == origin) {
            return Err(TrustError::Log { origin: origin.clone() });
        }
        let keys: Vec<VerifierKey> = self.witnesses.values().cloned().collect();
        let cosigners = note.signers(&keys)?;
        let signed: Vec<String> = self
            .witnesses
            .iter()
            .filter(|(_, key)| cosigners.contains(key))
            .map(|(name, _)| name.clone())
            .collect();
        match &self.quorum {
            Some(quorum) if !self.is_reached(quorum, &signed) => {
                Err(TrustError::Quorum { quorum: quorum.clone(), signed })
            }
            _ => Ok(signed),
        }
    }

    /// Returns the cosignatures of the policy's witnesses, with the times that they signed.
    ///
    /// # Errors
    /// When a cosignature of a known witness is not valid.
    pub fn cosignatures(&self, opened: &Opened) -> Result<Vec<Cosignature>, TrustError> {
        let Some(note) = &opened.note else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for (name, key) in &self.witnesses {
            if note.signers(std::slice::from_ref(key))?.is_empty() {
                continue;
            }
            let of_key = note.signatures.iter().filter(|line| line.name == key.name() && line.id == key.id());
            if let Some(time) = of_key.filter_map(crate::SignatureLine::time).max() {
                found.push(Cosignature { witness: name.clone(), time });
            }
        }
        Ok(found)
    }

    /// Returns the latest time T at which the required witnesses have cosigned at T or later; `None` if the policy requires no witness, or not all that
    /// it requires have cosigned.
    ///
    /// # Errors
    /// When a cosignature of a known witness is not valid.
    pub fn quorum_time(&self, opened: &Opened) -> Result<Option<u64>, TrustError> {
        let Some(quorum) = &self.quorum else { return Ok(None) };
        let found = self.cosignatures(opened)?;
        let mut times: Vec<u64> = found.iter().map(|cosignature| cosignature.time).collect();
        times.sort_unstable();
        let reached = times.into_iter().rev().find(|time| {
            let since = found.iter().filter(|cosignature| cosignature.time >= *time);
            let names: Vec<String> = since.map(|cosignature| cosignature.witness.clone()).collect();
            self.is_reached(quorum, &names)
        });
        Ok(reached)
    }

    /// Returns whether enough members signed. Groups name only earlier lines, so the loop terminates.
    fn is_reached(&self, name: &str, signed: &[String]) -> bool {
        // Nested groups can share members in exponentially many ways, so each is evaluated once.
        let mut reached: BTreeMap<&str, bool> = signed.iter().map(|name| (name.as_str(), true)).collect();
        let mut pending: Vec<&str> = vec![name];
        while let Some(&next) = pending.last() {
            let Some(group) = self.groups.get(next).filter(|_| !reached.contains_key(next)) else {
                reached.entry(next).or_insert(false);
                pending.pop();
                continue;
            };
            let unknown = group.members.iter().find(|member| !reached.contains_key(member.as_str()));
            match unknown {
                Some(member) => pending.push(member),
                None => {
                    let count = group.members.iter().filter(|member| reached[member.as_str()]).count();
                    reached.insert(next, count >= group.threshold);
                }
            }
        }
        reached[name]
    }
}

fn read_key(text: &str, algorithm: Algorithm, line: usize) -> Result<VerifierKey, TrustError> {
    let key = VerifierKey::parse(text).map_err(|source| TrustError::Key { line, source })?;
    let refuse = |message: &str| TrustError::Line { line, message: message.into() };
    match key.algorithm() {
        // A key of an unknown algorithm is accepted, but its signature never counts.
        found if found == algorithm || matches!(found, Algorithm::Other(_)) => Ok(key),
        Algorithm::Cosignature => Err(refuse("expected a log key, found a witness key")),
        _ => Err(refuse("expected a witness key, found a log key")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Checkpoint, Hash, SigningKey, open};

    fn witness(at: u8) -> SigningKey {
        SigningKey::from_seed(&format!("witness.example/w{at}"), Algorithm::Cosignature, &[at; 32]).unwrap()
    }

    fn log() -> SigningKey {
        SigningKey::from_seed("example.org/log", Algorithm::Ed25519, &[100; 32]).unwrap()
    }

    fn checkpoint(witnesses: &[u8]) -> Opened {
        let checkpoint = Checkpoint {
            origin: "example.org/log".into(),
            size: 0,
            root: Hash::empty(),
            extensions: Vec::new(),
        };
        let mut text = checkpoint.sign(&[&log()]);
        for &at in witnesses {
            text += &witness(at).sign(&checkpoint.text(), 17);
        }
        open(text.as_bytes()).unwrap()
    }

    fn policy(rest: &str) -> String {
        let witnesses: String =
            (1..=3).map(|at| format!("witness w{at} {}\n", witness(at).verifier())).collect();
        format!("# trusted keys\nlog {}\n{witnesses}{rest}", log().verifier())
    }

    #[test]
    fn quorums_of_groups_are_counted() {
        let two_of_three = Trust::parse(&policy("group g 2 w1 w2 w3\nquorum g\n")).unwrap();
        assert_eq!(two_of_three.verify(&checkpoint(&[1, 3])), Ok(vec!["w1".into(), "w3".into()]));
        assert!(matches!(two_of_three.verify(&checkpoint(&[1])), Err(TrustError::Quorum { .. })));
        assert!(two_of_three.verify(&checkpoint(&[1, 1])).is_err(), "a witness counts once");
        let nested = Trust::parse(&policy("group a any w1 w2\ngroup b all a w3\nquorum b\n")).unwrap();
        assert!(nested.verify(&checkpoint(&[2, 3])).is_ok() && nested.verify(&checkpoint(&[1, 2])).is_err());
        assert_eq!(Trust::parse(&policy("quorum none\n")).unwrap().verify(&checkpoint(&[])), Ok(vec![]));
        assert!(Trust::parse(&policy("quorum w2\n")).unwrap().verify(&checkpoint(&[2])).is_ok());
    }

    #[test]
    fn the_time_of_a_quorum_is_the_latest_that_enough_witnesses_signed() {
        let checkpoint = |signed: &[(u8, u64)]| {
            let plain = checkpoint(&[]).checkpoint;
            let mut text = plain.sign(&[&log()]);
            for (at, time) in signed {
                text += &witness(*at).sign(&plain.text(), *time);
            }
            open(text.as_bytes()).unwrap()
        };
        let two_of_three = Trust::parse(&policy("group g 2 w1 w2 w3\nquorum g\n")).unwrap();
        let time = |signed: &[(u8, u64)]| two_of_three.quorum_time(&checkpoint(signed)).unwrap();
        assert_eq!(time(&[(1, 10), (2, 30), (3, 20)]), Some(20), "the oldest of the two newest");
        assert_eq!(time(&[(1, 10), (2, 30)]), Some(10));
        assert_eq!(time(&[(1, 10), (1, 40), (2, 30)]), Some(30), "the latest of one witness");
        assert_eq!(time(&[(1, 10)]), None);
        let found = two_of_three.cosignatures(&checkpoint(&[(3, 7)])).unwrap();
        assert_eq!(found, [Cosignature { witness: "w3".into(), time: 7 }]);
        let nobody = Trust::parse(&policy("quorum none\n")).unwrap();
        assert_eq!(nobody.quorum_time(&checkpoint(&[(1, 10)])), Ok(None), "none is required");
    }

    #[test]
    fn a_witness_can_have_an_address() {
        let [one, two] = [1, 2].map(|at| witness(at).verifier().to_string());
        let text = format!("witness a {one} https://w.example/a\nwitness b {two}\nquorum none\n");
        let trust = Trust::parse(&text).unwrap();
        let addresses: Vec<_> = trust.named_witnesses().into_iter().map(|witness| witness.address).collect();
        assert_eq!(addresses, [Some("https://w.example/a".to_string()), None]);
        assert!(!trust.requires_witnesses());
        assert!(Trust::parse(&format!("witness a {one} https://w.example/a more\nquorum none\n")).is_err());
    }

    #[test]
    fn nested_groups_are_evaluated_once() {
        let mut text = String::from("group g0 all w1 w2\n");
        for at in 1..2_000 {
            text +=
                &format!("group a{at} all g{0}\ngroup b{at} all g{0}\ngroup g{at} all a{at} b{at}\n", at - 1);
        }
        let trust = Trust::parse(&policy(&format!("{text}quorum g1999\n"))).unwrap();
        assert!(trust.verify(&checkpoint(&[1, 2])).is_ok() && trust.verify(&checkpoint(&[1])).is_err());
    }

    #[test]
    fn a_checkpoint_of_another_log_is_not_trusted() {
        let trust = Trust::log(log().verifier().clone());
        assert!(trust.verify(&checkpoint(&[])).is_ok());
        let other = Checkpoint { origin: "example.org/other".into(), ..checkpoint(&[]).checkpoint };
        let opened = open(other.sign(&[&log()]).as_bytes()).unwrap();
        assert_eq!(trust.verify(&opened), Err(TrustError::Log { origin: "example.org/other".into() }));
        assert_eq!(trust.verify(&open(other.text().as_bytes()).unwrap()), Err(TrustError::Unsigned));
    }

    #[test]
    fn invalid_policies_are_refused_with_the_line() {
        for (rest, message) in [
            ("", "line 5: the quorum line is missing; to require no witness, write `quorum none`"),
            ("quorum g\n", "line 6: no earlier line defines a witness or group g"),
            (
                "group g 4 w1 w2\nquorum g\n",
                "line 6: the threshold of a group must be `any`, `all` or a number from 1 to 2",
            ),
            (
                "group g 0 w1\nquorum g\n",
                "line 6: the threshold of a group must be `any`, `all` or a number from 1 to 1",
            ),
            ("group g 2 w1 w1\nquorum g\n", "line 6: duplicate group member w1"),
            ("group none any w1\n", "line 6: duplicate or reserved name none"),
            ("group w1 any w2\n", "line 6: duplicate or reserved name w1"),
            ("quorum none\nquorum none\n", "line 7: duplicate quorum line"),
        ] {
            assert_eq!(
                Trust::parse(&policy(rest)).map_err(|error| error.to_string()),
                Err(message.into()),
                "{rest}"
            );
        }
        let swapped = format!("log {}\nquorum none\n", witness(1).verifier());
        assert!(Trust::parse(&swapped).is_err());
    }
}
