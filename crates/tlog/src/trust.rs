//! Whom a reader trusts (C2SP tlog-policy): logs, witnesses, and how many of them must have seen a checkpoint.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::{Algorithm, KeyError, NoteError, Opened, VerifierKey};

/// The most lines of a policy.
const MOST_LINES: usize = 10_000;

/// What makes a checkpoint believable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// The keys of logs.
    pub logs: Vec<VerifierKey>,
    witnesses: BTreeMap<String, VerifierKey>,
    groups: BTreeMap<String, Group>,
    /// The witness or group that must have signed; `None` where no witness is asked for.
    quorum: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    threshold: usize,
    members: Vec<String>,
}

/// Why a policy cannot be read, or does not believe a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TrustError {
    /// A line of the policy is not understood.
    #[error("line {line}: {message}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The checkpoint's signatures do not hold.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Nobody signed the checkpoint.
    #[error("the checkpoint is not signed")]
    Unsigned,
    /// No key of the policy's logs signed, or one of another origin did.
    #[error("the checkpoint of {origin} is not signed by a trusted key of that log")]
    Log {
        /// The origin that the checkpoint names.
        origin: String,
    },
    /// Too few witnesses signed.
    #[error("the quorum {quorum} is not reached: signed by {}", if signed.is_empty() { "no witness".into() } else { signed.join(", ") })]
    Quorum {
        /// The group or witness that is demanded.
        quorum: String,
        /// The witnesses that did sign.
        signed: Vec<String>,
    },
}

impl Trust {
    /// Trusts one log, and asks for no witness.
    #[must_use]
    pub fn log(key: VerifierKey) -> Trust {
        Trust { logs: vec![key], witnesses: BTreeMap::new(), groups: BTreeMap::new(), quorum: None }
    }

    /// Reads a policy: `log`, `witness`, `group` and exactly one `quorum`, a line each; `#` begins a comment.
    ///
    /// # Errors
    /// When a line is not understood, a name is given twice or not at all, or no quorum is named.
    pub fn parse(text: &str) -> Result<Trust, TrustError> {
        let mut trust =
            Trust { logs: Vec::new(), witnesses: BTreeMap::new(), groups: BTreeMap::new(), quorum: None };
        let mut quorum = false;
        let mut last = 0;
        for (at, line) in text.lines().enumerate() {
            last = at + 1;
            let refuse = |message: String| TrustError::Line { line: at + 1, message };
            if at >= MOST_LINES {
                return Err(refuse(format!("a policy has at most {MOST_LINES} lines")));
            }
            if line.trim_start().starts_with('#') || line.trim().is_empty() {
                continue;
            }
            let words: Vec<&str> = line.split_ascii_whitespace().collect();
            match words.as_slice() {
                ["log", key] | ["log", key, _] => {
                    let key = read_key(key, Algorithm::Ed25519).map_err(refuse)?;
                    if trust.logs.contains(&key) {
                        return Err(refuse("this log stands twice".into()));
                    }
                    trust.logs.push(key);
                }
                ["witness", name, key] | ["witness", name, key, _] => {
                    trust.is_free(name).map_err(refuse)?;
                    let key = read_key(key, Algorithm::Cosignature).map_err(refuse)?;
                    if trust.witnesses.values().any(|known| *known == key) {
                        return Err(refuse("this witness's key stands twice".into()));
                    }
                    trust.witnesses.insert((*name).into(), key);
                }
                ["group", name, threshold, members @ ..] if !members.is_empty() => {
                    trust.is_free(name).map_err(refuse)?;
                    let group = trust.group(threshold, members).map_err(refuse)?;
                    trust.groups.insert((*name).into(), group);
                }
                ["quorum", _] if quorum => return Err(refuse("a quorum is named once".into())),
                ["quorum", name] => {
                    quorum = true;
                    let known = trust.witnesses.contains_key(*name) || trust.groups.contains_key(*name);
                    match *name {
                        "none" => {}
                        name if known => trust.quorum = Some(name.into()),
                        name => {
                            return Err(refuse(format!("no witness and no group above is called {name}")));
                        }
                    }
                }
                _ => {
                    let known = "log KEY [URL], witness NAME KEY [URL], group NAME any|all|COUNT MEMBER..., quorum NAME";
                    return Err(refuse(format!("a line is one of: {known}")));
                }
            }
        }
        match quorum {
            true => Ok(trust),
            false => Err(TrustError::Line {
                line: last,
                message: "no quorum is named: `quorum none` asks for no witness".into(),
            }),
        }
    }

    /// Returns the keys of the witnesses.
    #[must_use]
    pub fn witnesses(&self) -> Vec<VerifierKey> {
        self.witnesses.values().cloned().collect()
    }

    fn is_free(&self, name: &str) -> Result<(), String> {
        let taken = name == "none" || self.witnesses.contains_key(name) || self.groups.contains_key(name);
        match taken {
            true => Err(format!("the name {name} is taken")),
            false => Ok(()),
        }
    }

    fn group(&self, threshold: &str, members: &[&str]) -> Result<Group, String> {
        let mut names: Vec<String> = Vec::new();
        for &member in members {
            if !self.witnesses.contains_key(member) && !self.groups.contains_key(member) {
                return Err(format!("no witness and no group above is called {member}"));
            }
            if names.iter().any(|name| name == member) {
                return Err(format!("{member} stands twice in the group"));
            }
            names.push(member.into());
        }
        let threshold = match threshold {
            "any" => 1,
            "all" => names.len(),
            count => {
                count.parse().ok().filter(|count| (1..=names.len()).contains(count)).ok_or_else(|| {
                    format!("a group asks for `any`, `all` or 1 to {} of its members", names.len())
                })?
            }
        };
        Ok(Group { threshold, members: names })
    }

    /// Believes a checkpoint: a trusted log signed it under its own name, and as many witnesses as the quorum asks for. Returns the witnesses.
    ///
    /// # Errors
    /// When it is not to be believed.
    pub fn believe(&self, opened: &Opened) -> Result<Vec<String>, TrustError> {
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

    /// Groups name only what stands above them, so this ends.
    fn is_reached(&self, name: &str, signed: &[String]) -> bool {
        // Groups of groups of groups can name one another in ever more ways: each is asked once.
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

fn read_key(text: &str, algorithm: Algorithm) -> Result<VerifierKey, String> {
    let key = VerifierKey::parse(text).map_err(|error: KeyError| error.to_string())?;
    match key.algorithm() {
        // A key of an algorithm to come is kept, and reaches no quorum.
        found if found == algorithm || matches!(found, Algorithm::Other(_)) => Ok(key),
        Algorithm::Cosignature => Err("this is a witness's key".into()),
        _ => Err("this is a log's key".into()),
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
        format!("# whom we trust\nlog {}\n{witnesses}{rest}", log().verifier())
    }

    #[test]
    fn quorums_of_groups_are_counted() {
        let two_of_three = Trust::parse(&policy("group g 2 w1 w2 w3\nquorum g\n")).unwrap();
        assert_eq!(two_of_three.believe(&checkpoint(&[1, 3])), Ok(vec!["w1".into(), "w3".into()]));
        assert!(matches!(two_of_three.believe(&checkpoint(&[1])), Err(TrustError::Quorum { .. })));
        assert!(two_of_three.believe(&checkpoint(&[1, 1])).is_err(), "one witness is one witness");
        let nested = Trust::parse(&policy("group a any w1 w2\ngroup b all a w3\nquorum b\n")).unwrap();
        assert!(
            nested.believe(&checkpoint(&[2, 3])).is_ok() && nested.believe(&checkpoint(&[1, 2])).is_err()
        );
        assert_eq!(Trust::parse(&policy("quorum none\n")).unwrap().believe(&checkpoint(&[])), Ok(vec![]));
        assert!(Trust::parse(&policy("quorum w2\n")).unwrap().believe(&checkpoint(&[2])).is_ok());
    }

    #[test]
    fn groups_that_name_one_another_in_many_ways_are_asked_once() {
        let mut text = String::from("group g0 all w1 w2\n");
        for at in 1..2_000 {
            text +=
                &format!("group a{at} all g{0}\ngroup b{at} all g{0}\ngroup g{at} all a{at} b{at}\n", at - 1);
        }
        let trust = Trust::parse(&policy(&format!("{text}quorum g1999\n"))).unwrap();
        assert!(trust.believe(&checkpoint(&[1, 2])).is_ok() && trust.believe(&checkpoint(&[1])).is_err());
    }

    #[test]
    fn another_log_is_not_believed() {
        let trust = Trust::log(log().verifier().clone());
        assert!(trust.believe(&checkpoint(&[])).is_ok());
        let other = Checkpoint { origin: "example.org/other".into(), ..checkpoint(&[]).checkpoint };
        let opened = open(other.sign(&[&log()]).as_bytes()).unwrap();
        assert_eq!(trust.believe(&opened), Err(TrustError::Log { origin: "example.org/other".into() }));
        assert_eq!(trust.believe(&open(other.text().as_bytes()).unwrap()), Err(TrustError::Unsigned));
    }

    #[test]
    fn policies_that_say_something_else_are_refused_with_their_line() {
        for (rest, message) in [
            ("", "line 5: no quorum is named: `quorum none` asks for no witness"),
            ("quorum g\n", "line 6: no witness and no group above is called g"),
            ("group g 4 w1 w2\nquorum g\n", "line 6: a group asks for `any`, `all` or 1 to 2 of its members"),
            ("group g 0 w1\nquorum g\n", "line 6: a group asks for `any`, `all` or 1 to 1 of its members"),
            ("group g 2 w1 w1\nquorum g\n", "line 6: w1 stands twice in the group"),
            ("group none any w1\n", "line 6: the name none is taken"),
            ("group w1 any w2\n", "line 6: the name w1 is taken"),
            ("quorum none\nquorum none\n", "line 7: a quorum is named once"),
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
