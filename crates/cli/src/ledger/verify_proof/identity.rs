//! The identity that a user expects a proof to be about.

use std::path::Path;

use artifact::Ulid;
use diagnostic::sanitise;
use registry::Registry;

use super::facts::Facts;
use crate::error::CommandError;
use crate::registry::file;
use crate::session::open;

/// The largest registry that resolves a key.
const MAX_REGISTRY_BYTES: u64 = 256 << 20;

/// An identity, and perhaps a version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ExpectedIdentity {
    name: Name,
    pub(super) version: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Name {
    Ulid(Ulid),
    Key(String),
}

impl ExpectedIdentity {
    /// Reads `ULID`, `KEY`, `ULID@VERSION` or `KEY@VERSION`.
    pub(super) fn parse(text: &str) -> Result<ExpectedIdentity, CommandError> {
        let (name, version) =
            text.split_once('@').map_or((text, None), |(name, version)| (name, Some(version)));
        let refuse =
            |what: String| CommandError::failed(format!("--identity {}: {what}", sanitise::text(text)));
        let name = match Ulid::parse(name) {
            Ok(ulid) => Name::Ulid(ulid),
            Err(_) if artifact::key::is_key(name) => Name::Key(name.into()),
            Err(_) => return Err(refuse("expected a ULID or a key, and perhaps @VERSION".into())),
        };
        match version.filter(|version| semver::Version::parse(version).is_err()) {
            Some(version) => Err(refuse(format!("`{version}` is not a valid version (SemVer 2.0.0)"))),
            None => Ok(ExpectedIdentity { name, version: version.map(String::from) }),
        }
    }

    /// Compares a proof with the identity; `registry` resolves keys that the proof itself does not show.
    ///
    /// Returns why the proof is of another identity or version. What does not exist has no version: where an absence is expected, none is compared.
    pub(super) fn differs_from(
        &self,
        facts: &Facts,
        expects_absence: bool,
        registry: &dyn Fn() -> Result<Option<Vec<u8>>, CommandError>,
    ) -> Result<Option<String>, CommandError> {
        let is_it = match &self.name {
            Name::Ulid(ulid) => facts.ulid == Some(*ulid),
            Name::Key(key) => match facts.ulid {
                None => false,
                Some(_) if facts.has_key(key) => true,
                // A former key can still be resolved.
                Some(ulid) => {
                    let registered = look_up(key, ulid, registry)?;
                    if facts.key.is_none() && registered.is_none() {
                        return Err(unresolved(key));
                    }
                    registered == Some(true)
                }
            },
        };
        if !is_it {
            return Ok(Some(format!("the proof is of {}, not of {}", facts.name(), self.name())));
        }
        let version = self.version.as_deref().filter(|_| !expects_absence);
        let Some(version) = version.filter(|version| !facts.shows_version(version)) else { return Ok(None) };
        Ok(Some(match &facts.version {
            Some(other) => format!("the proof of {} is of version {other}, not of {version}", facts.name()),
            None => format!("the proof of {} names no version, and {version} was expected", facts.name()),
        }))
    }

    fn name(&self) -> String {
        match &self.name {
            Name::Ulid(ulid) => ulid.to_string(),
            Name::Key(key) => key.clone(),
        }
    }
}

/// Returns whether a key is, or was, one of the identity; `None` without a registry, or if it knows neither of them.
fn look_up(
    key: &str,
    ulid: Ulid,
    registry: &dyn Fn() -> Result<Option<Vec<u8>>, CommandError>,
) -> Result<Option<bool>, CommandError> {
    let Some(bytes) = registry()? else { return Ok(None) };
    let invalid = |problem: artifact::Problem| {
        CommandError::failed(format!("the registry cannot be read: {}", sanitise::text(&problem.message)))
    };
    let registry = Registry::open(&bytes).map_err(invalid)?;
    match registry.holder_of(key).map_err(invalid)? {
        Some(holder) => Ok(Some(holder == ulid)),
        None => Ok(registry.entry(ulid).map_err(invalid)?.map(|_| false)),
    }
}

fn unresolved(key: &str) -> CommandError {
    CommandError::failed_with(
        format!("the proof does not show the key of its identity, and no registry resolves {key}"),
        "pass the ULID instead of the key, or the registry with the option --registry",
    )
}

/// Reads the registry that resolves keys: the given file, or that of the repository around the current directory.
pub(super) fn registry_at_hand(given: Option<&Path>) -> Result<Option<Vec<u8>>, CommandError> {
    if let Some(path) = given {
        let bytes = repo::disk::read(path, MAX_REGISTRY_BYTES)?;
        return match bytes {
            Some(bytes) => Ok(Some(bytes)),
            None => Err(CommandError::failed(format!("file not found: {}", path.display()))),
        };
    }
    // Without a repository, nothing is at hand.
    let Ok(repository) = open(Path::new(".")) else { return Ok(None) };
    if repository.workdir().is_some()
        && let Some(bytes) = file(&repository.worktree()?)?
    {
        return Ok(Some(bytes));
    }
    match repository.resolve("HEAD")? {
        Some(head) => file(&repository.commit(head)?),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C3";
    const REGISTRY: &str = "by_ulid:\n  01JD4ZK3V8Q2W4X6Y8Z0A1B2C3:\n    key: PLG_ONE\n    kind: plugin\n    path: plugins/one\n    version: 1.0.0\n    status: active\n    aliases: [PLG_UNO]\n    owner: a@example.org\nby_key:\n  PLG_ONE: 01JD4ZK3V8Q2W4X6Y8Z0A1B2C3\n  PLG_UNO: 01JD4ZK3V8Q2W4X6Y8Z0A1B2C3\n";

    fn differs(wanted: &str, facts: &Facts, registry: Option<&str>) -> Result<Option<String>, u8> {
        let registry = || Ok(registry.map(|text| text.as_bytes().to_vec()));
        ExpectedIdentity::parse(wanted)
            .unwrap()
            .differs_from(facts, false, &registry)
            .map_err(|error| error.status())
    }

    #[test]
    fn a_proof_is_of_one_identity_and_version() {
        let line = Facts {
            ulid: Some(Ulid::parse(ONE).unwrap()),
            version: Some("1.0.0".into()),
            ..Facts::default()
        };
        let one = Ulid::parse(ONE).unwrap().to_string();
        for (wanted, registry, is_it) in [
            (one.clone(), None, true),
            (format!("{one}@1.0.0"), None, true),
            (format!("{one}@1.0.1"), None, false),
            (Ulid::from_bits(2).to_string(), None, false),
            ("PLG_ONE@1.0.0".into(), Some(REGISTRY), true),
            ("PLG_UNO".into(), Some(REGISTRY), true),
            ("PLG_ONE@2.0.0".into(), Some(REGISTRY), false),
        ] {
            assert_eq!(differs(&wanted, &line, registry).unwrap().is_none(), is_it, "{wanted}");
        }
        assert_eq!(differs("PLG_ONE", &line, None), Err(2), "nothing resolves the key");
        assert!(
            differs("PLG_TWO", &line, Some(REGISTRY)).unwrap().is_some(),
            "the registry knows the identity"
        );
        let unknown = Facts { ulid: Some(Ulid::from_bits(9)), ..line.clone() };
        assert_eq!(
            differs("PLG_TWO", &unknown, Some(REGISTRY)),
            Err(2),
            "the registry knows neither of them"
        );
        let state = Facts { key: Some("PLG_ONE".into()), aliases: vec!["PLG_EIN".into()], ..line.clone() };
        for (wanted, is_it) in [("PLG_ONE", true), ("PLG_EIN@1.0.0", true), ("PLG_TWO", false)] {
            assert_eq!(differs(wanted, &state, None).unwrap().is_none(), is_it, "{wanted}");
        }
        let of_log = Facts::default();
        for wanted in [&one, "PLG_ONE"] {
            let message = differs(wanted, &of_log, None).unwrap().unwrap();
            assert!(message.contains("the log itself"), "{message}");
        }
        let create = Facts { version: None, ..state };
        assert!(differs("PLG_ONE@1.0.0", &create, None).unwrap().unwrap().contains("names no version"));
    }

    #[test]
    fn an_identity_has_one_form() {
        for text in ["", "plg_one", "PLG_ONE@", "PLG_ONE@1", "@1.0.0", "../x", "PLG_ONE@1.0.0@2.0.0"] {
            assert_eq!(ExpectedIdentity::parse(text).map_err(|error| error.status()), Err(2), "{text}");
        }
    }
}
