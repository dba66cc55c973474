//! Further settings of a policy: size limits, ledger, tags, and the author of commits.

use artifact::layout::Layout;
use artifact::tag::{Template, Templates};
use artifact::{Fields, Problem, Value};
use semver::Version;

/// The size limits of plugins, which policy sets under `structure`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StructureLimits {
    /// The files of a plugin.
    pub plugin_files: usize,
    /// The bytes of all files of a plugin.
    pub plugin_bytes: u64,
    /// The operations of a plugin.
    pub operations: usize,
    /// The lines of a file directly in `src/`.
    pub handler_lines: usize,
}

impl Default for StructureLimits {
    fn default() -> StructureLimits {
        StructureLimits { plugin_files: 200, plugin_bytes: 25_000_000, operations: 10, handler_lines: 800 }
    }
}

/// What is known about the core that loads the plugins, which policy sets under `core`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CoreSettings {
    /// The versions that exist, in ascending order; empty where the policy does not list them.
    pub versions: Vec<Version>,
}

/// The versions that a policy can list: every release of a core, for decades.
const MAX_CORE_VERSIONS: usize = 10_000;

/// Reads `core`.
pub(super) fn core(value: &Value, pointer: &str, problems: &mut Vec<Problem>) -> CoreSettings {
    let mut settings = CoreSettings::default();
    let Some(mut fields) = Fields::of(value, pointer, problems) else { return settings };
    let listed = fields.optional_list("versions").unwrap_or_default();
    if let Some(beyond) = listed.get(MAX_CORE_VERSIONS) {
        let message = format!("more than {MAX_CORE_VERSIONS} versions");
        fields.problem("versions", beyond.span.clone(), message, None);
    }
    for value in listed.iter().take(MAX_CORE_VERSIONS) {
        match value.as_str().and_then(|text| Version::parse(text).ok()) {
            Some(version) => settings.versions.push(version),
            None => {
                let message = format!("{} is not a valid version (SemVer 2.0.0)", value.show());
                let help = "list complete versions in quotes, as in \"1.4.0\"";
                fields.problem("versions", value.span.clone(), message, Some(help.into()));
            }
        }
    }
    settings.versions.sort();
    fields.finish();
    settings
}

/// The ledger settings, which policy sets under `ledger`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LedgerSettings {
    /// The origin of the log, which its checkpoints contain.
    pub origin: Option<String>,
    /// The first verifier key of the log (C2SP signed-note).
    pub key: Option<String>,
    /// How lines are appended.
    pub mode: LedgerMode,
    /// Whether a checkpoint is published only with the cosignatures that the trust policy requires.
    pub witnesses: WitnessRequirement,
    /// Whether a version may be published after a higher one.
    pub back_ports: bool,
    /// The event types that require an attestation.
    pub attested: Vec<String>,
    /// The verifier keys that may sign attestations.
    pub attesters: Vec<String>,
}

/// How lines are appended to the ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LedgerMode {
    /// By the post-merge job only: a change leaves the ledger alone.
    #[default]
    AfterMerge,
    /// A change may append its own lines.
    InChange,
}

/// What the post-merge job does without the quorum of witnesses that the trust policy requires.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WitnessRequirement {
    /// It publishes, warns, and the next run asks again.
    #[default]
    Preferred,
    /// It publishes nothing.
    Required,
}

/// The author of commits and tags that the program creates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriterSettings {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
}

impl Default for WriterSettings {
    fn default() -> WriterSettings {
        // A reserved domain (RFC 2606 §2).
        WriterSettings { name: "id-guard".into(), email: "id-guard@noreply.invalid".into() }
    }
}

/// Reads `writer`.
pub(super) fn writer(value: &Value, pointer: &str, problems: &mut Vec<Problem>) -> WriterSettings {
    let mut settings = WriterSettings::default();
    let Some(mut fields) = Fields::of(value, pointer, problems) else { return settings };
    for (name, setting) in [("name", &mut settings.name), ("email", &mut settings.email)] {
        if let Some((text, value)) = fields.optional_str(name) {
            // The header of a commit cannot contain these (git-commit-tree(1)).
            let bad = |c: char| c.is_control() || matches!(c, '<' | '>');
            if text.trim() != text || text.is_empty() || text.len() > 200 || text.contains(bad) {
                let message =
                    format!("invalid {name}: it must not be empty or contain `<`, `>` or control characters");
                fields.problem(name, value.span.clone(), message, None);
            }
            *setting = text.into();
        }
    }
    fields.finish();
    settings
}

/// Reads `tags`: a template per kind, or `none`.
pub(super) fn tags(value: &Value, pointer: &str, problems: &mut Vec<Problem>) -> Templates {
    let mut settings = Templates::default();
    let Some(mut fields) = Fields::of(value, pointer, problems) else { return settings };
    let kinds = [
        ("plugin", &mut settings.plugin),
        ("document", &mut settings.document),
        ("policy-pack", &mut settings.pack),
    ];
    for (name, setting) in kinds {
        match fields.optional_str(name) {
            None => {}
            Some(("none", _)) => *setting = None,
            Some((text, value)) => match Template::parse(text) {
                Ok(template) => *setting = Some(template),
                Err(message) => fields.problem(name, value.span.clone(), message, None),
            },
        }
    }
    fields.finish();
    settings
}

/// The event types that can require an attestation.
const ATTESTABLE: [&str; 3] = ["TRANSFER", "RETIRE", "ROTATE_KEY"];

/// Reads `ledger`.
pub(super) fn ledger(value: &Value, pointer: &str, problems: &mut Vec<Problem>) -> LedgerSettings {
    let mut settings = LedgerSettings::default();
    let Some(mut fields) = Fields::of(value, pointer, problems) else { return settings };
    if let Some((origin, value)) = fields.optional_str("origin") {
        // It names the signing key (C2SP signed-note) and is a line of a checkpoint.
        let bad = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        if origin.is_empty() || origin.len() > 256 || origin.contains(bad) {
            let message = "an origin must not contain spaces or `+`, as in example.org/plugins";
            fields.problem("origin", value.span.clone(), message, None);
        }
        settings.origin = Some(origin.into());
    }
    settings.key = fields.optional_str("key").map(|(key, _)| key.to_string());
    for value in fields.optional_list("attesters").unwrap_or_default() {
        match value.as_str() {
            Some(key) => settings.attesters.push(key.into()),
            None => fields.problem("attesters", value.span.clone(), "expected verifier keys", None),
        }
    }
    match fields.optional_str("mode") {
        None | Some(("after-merge", _)) => {}
        Some(("in-change", _)) => settings.mode = LedgerMode::InChange,
        Some((name, value)) => {
            let message = format!("expected `after-merge` or `in-change`, found `{name}`");
            fields.problem("mode", value.span.clone(), message, None);
        }
    }
    match fields.optional_str("witnesses") {
        None | Some(("preferred", _)) => {}
        Some(("required", _)) => settings.witnesses = WitnessRequirement::Required,
        Some((name, value)) => {
            let message = format!("expected `preferred` or `required`, found `{name}`");
            fields.problem("witnesses", value.span.clone(), message, None);
        }
    }
    if let Some(value) = fields.optional("back_ports") {
        match value.as_bool() {
            Some(truth) => settings.back_ports = truth,
            None => fields.problem("back_ports", value.span.clone(), "expected `true` or `false`", None),
        }
    }
    for value in fields.optional_list("attested").unwrap_or_default() {
        match value.as_str().filter(|name| ATTESTABLE.contains(name)) {
            Some(name) => settings.attested.push(name.into()),
            None => {
                let message = format!("expected one of {}", ATTESTABLE.join(", "));
                fields.problem("attested", value.span.clone(), message, None);
            }
        }
    }
    fields.finish();
    settings
}

/// Reads `structure`: the size limits, and the layout.
pub(super) fn structure(
    value: &Value,
    pointer: &str,
    problems: &mut Vec<Problem>,
) -> (StructureLimits, Layout) {
    let mut limits = StructureLimits::default();
    let Some(mut fields) = Fields::of(value, pointer, problems) else { return (limits, Layout::default()) };
    let layout = super::layout::read(&mut fields);
    let mut number = |name: &'static str, into: &mut u64| {
        let Some(value) = fields.optional(name) else { return };
        match value.as_integer().and_then(|number| u64::try_from(number).ok()) {
            Some(number) => *into = number,
            None => fields.problem(name, value.span.clone(), "expected a non-negative integer", None),
        }
    };
    let (mut files, mut operations) = (limits.plugin_files as u64, limits.operations as u64);
    let mut lines = limits.handler_lines as u64;
    number("plugin_files", &mut files);
    number("plugin_bytes", &mut limits.plugin_bytes);
    number("operations", &mut operations);
    number("handler_lines", &mut lines);
    fields.finish();
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    limits.plugin_files = size(files);
    limits.operations = size(operations);
    limits.handler_lines = size(lines);
    (limits, layout)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Policy;

    #[test]
    fn witnesses_are_preferred_or_required() {
        let read = |rest: &str| {
            let text = format!("schema_version: 1\nledger:\n  origin: example.org/plugins\n{rest}");
            Policy::from_file("-", text.into_bytes(), None).map(|policy| policy.ledger.witnesses)
        };
        assert_eq!(read("").unwrap(), WitnessRequirement::Preferred);
        assert_eq!(read("  witnesses: preferred\n").unwrap(), WitnessRequirement::Preferred);
        assert_eq!(read("  witnesses: required\n").unwrap(), WitnessRequirement::Required);
        for value in ["Required", "true", "[w1]", "2"] {
            assert!(read(&format!("  witnesses: {value}\n")).is_err(), "{value}");
        }
    }
}
