//! The packs that a policy names, pinned by version and digest.

use artifact::{Fields, Problem, Value};

use super::source::problem;

pub(super) struct PackPin {
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) sha256: Option<String>,
    /// The values of settings of its dialects.
    pub(super) settings: Option<Value>,
    pub(super) span: std::ops::Range<usize>,
}

impl PackPin {
    /// Accepts any version of a pack.
    pub(super) fn of(name: &str) -> PackPin {
        PackPin { name: name.into(), version: None, sha256: None, settings: None, span: 0..0 }
    }
}

/// Reads an entry of `packs`. An entry without a version gets the help that `help_for` has for the name.
pub(super) fn pack_pin(
    value: &Value,
    pointer: &str,
    help_for: &dyn Fn(&str) -> Option<String>,
    problems: &mut Vec<Problem>,
) -> Option<PackPin> {
    if let Some(name) = value.as_str() {
        let message = "expected a mapping with `name` and `version`, found a string";
        problems.push(Problem { help: help_for(name), ..problem(pointer, value, message) });
        return None;
    }
    let mut fields = Fields::of(value, pointer, problems)?;
    let name = fields.required_str("name");
    if fields.optional("version").is_none() {
        let help = name.and_then(|(name, _)| help_for(name));
        let start = fields.start();
        fields.problem("version", start, "missing field `version`", help);
    }
    let version = fields.optional_str("version").map(|(text, _)| text.to_string());
    let sha256 = fields.optional_str("sha256");
    let settings = fields.optional("settings").cloned();
    if let Some((text, value)) = sha256
        && (text.len() != 64 || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
    {
        fields.problem(
            "sha256",
            value.span.clone(),
            "expected a SHA-256: 64 lower-case hexadecimal digits",
            None,
        );
    }
    let (name, place) = name?;
    if !is_name(name) {
        fields.problem(
            "name",
            place.span.clone(),
            "expected a pack name: lower-case letters, digits and `-`, in a group such as `registries/` if need be",
            None,
        );
        fields.finish();
        return None;
    }
    fields.finish();
    Some(PackPin {
        name: name.into(),
        version,
        sha256: sha256.map(|(text, _)| text.into()),
        settings,
        span: value.span.clone(),
    })
}

/// Returns whether a pack can have this name.
pub(super) fn is_name(name: &str) -> bool {
    name.as_bytes().splitn(2, |byte| *byte == b'/').all(is_pack_name)
}

/// Returns whether a directory can be a pack that a policy names.
pub(super) fn is_pack_name(name: &[u8]) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    !name.is_empty() && name.iter().all(is_plain)
}
