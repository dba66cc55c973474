//! What a spec asks for under a capability, and whether it asked for as much before.

use artifact::{Kind, Value};

use super::super::words::{climbs, elements, kibibytes, leads_out, milliseconds, takes_in};

/// Something that a plugin asks for.
pub(crate) struct Ask<'v> {
    /// Where in the spec.
    pub(crate) pointer: String,
    pub(crate) what: What<'v>,
}

/// What it asks for.
pub(crate) enum What<'v> {
    /// To speak to a host, below a path.
    Host { host: &'v str, prefix: &'v str },
    /// To open files.
    Files { path: &'v str, mode: &'v str },
    /// To know a secret.
    Secret(&'v str),
    /// To be called from outside; `signed` tells whether callers must prove who they are.
    Ingress { path: &'v str, signed: bool },
    /// As much of something as is written here.
    Amount { much: u128, written: String },
}

/// A number beyond those that are read exactly, rounded; 0 of what is negative.
fn large(value: &Value) -> Option<u128> {
    let Kind::Number(text) = &value.kind else { return None };
    Some(text.parse::<f64>().ok()?.ceil() as u128)
}

/// Returns what a spec asks for under a capability; nothing under one that is not known.
pub(crate) fn asks<'v>(spec: &'v Value, capability: &str) -> Vec<Ask<'v>> {
    let text = |pointer: &str| spec.pointer(pointer).and_then(Value::as_str);
    let texts = |pointer: &str| {
        elements(spec, pointer)
            .filter_map(|(pointer, value)| Some((pointer, value.as_str()?)))
            .collect::<Vec<_>>()
    };
    let amount = |pointer: &str, read: &dyn Fn(&Value) -> Option<u128>| {
        let value = spec.pointer(pointer);
        let much = value.and_then(|value| Some(What::Amount { much: read(value)?, written: value.show() }));
        much.map(|what| Ask { pointer: pointer.into(), what }).into_iter().collect()
    };
    match capability {
        "http" => elements(spec, "/capabilities/http/allowlist")
            .filter_map(|(pointer, value)| {
                let host = value.pointer("/host")?.as_str()?;
                let prefix = value.pointer("/path_prefix").and_then(Value::as_str).unwrap_or("/");
                Some(Ask { pointer: format!("{pointer}/host"), what: What::Host { host, prefix } })
            })
            .collect(),
        "filesystem" => elements(spec, "/capabilities/filesystem")
            .filter_map(|(pointer, value)| {
                let path = value.pointer("/path")?.as_str()?;
                let mode = value.pointer("/mode")?.as_str()?;
                Some(Ask { pointer: format!("{pointer}/path"), what: What::Files { path, mode } })
            })
            .collect(),
        "secrets" => texts("/capabilities/secrets/allowed_names")
            .into_iter()
            .map(|(pointer, name)| Ask { pointer, what: What::Secret(name) })
            .collect(),
        "ingress" => {
            let signature = "/capabilities/ingress/signature_secret_env";
            let secret = text(signature).filter(|name| !name.is_empty());
            let paths = texts("/capabilities/ingress/allowed_paths").into_iter();
            paths
                .map(|(pointer, path)| Ask {
                    pointer,
                    what: What::Ingress { path, signed: secret.is_some() },
                })
                .chain(secret.map(|name| Ask { pointer: signature.into(), what: What::Secret(name) }))
                .collect()
        }
        "rate_limits" => amount("/capabilities/rate_limits/outbound_per_minute", &|value| {
            // Whoever asks for more than a number can count asks for a lot.
            value.as_integer().map_or_else(|| large(value), |number| u128::try_from(number).ok())
        }),
        "memory" => amount("/capabilities/memory/max", &|value| kibibytes(value.as_str()?)),
        "execution" => amount("/capabilities/execution/timeout", &|value| milliseconds(value.as_str()?)),
        _ => Vec::new(),
    }
}

/// Tells whether a capability is a limit: who does without it has none.
pub(crate) fn limits(capability: &str) -> bool {
    matches!(capability, "rate_limits" | "memory" | "execution")
}

impl Ask<'_> {
    /// Tells whether others ask for as much.
    pub(crate) fn is_within(&self, others: &[Ask<'_>]) -> bool {
        let any = |holds: &dyn Fn(&What<'_>) -> bool| others.iter().any(|other| holds(&other.what));
        match &self.what {
            What::Host { host, prefix } => any(&|other| {
                matches!(other, What::Host { host: outer, prefix: above }
                    if takes_in(outer, host) && (prefix == above || is_below(prefix, above) && !climbs(prefix)))
            }),
            What::Files { path, mode } => {
                ["read", "write"].iter().filter(|right| has(mode, right)).all(|right| {
                    any(&|other| {
                        matches!(other, What::Files { path: above, mode }
                        if has(mode, right) && (path == above || is_inside(path, above)))
                    })
                })
            }
            What::Secret(name) => any(&|other| matches!(other, What::Secret(known) if known == name)),
            What::Ingress { path, signed } => any(
                &|other| matches!(other, What::Ingress { path: known, signed: was } if known == path && (*signed || !was)),
            ),
            What::Amount { much, .. } => {
                any(&|other| matches!(other, What::Amount { much: known, .. } if much <= known))
            }
        }
    }

    /// Names it.
    pub(crate) fn show(&self) -> String {
        match &self.what {
            What::Host { host, prefix: "/" } => format!("`{}`", short(host)),
            What::Host { host, prefix } => format!("`{}{}`", short(host), short(prefix)),
            What::Files { path, mode } => format!("`{}` ({})", short(path), short(mode)),
            What::Secret(name) => format!("`{}`", short(name)),
            What::Ingress { path, signed: true } => format!("`{}`", short(path)),
            What::Ingress { path, signed: false } => format!("`{}` (unsigned)", short(path)),
            What::Amount { written, .. } => written.clone(),
        }
    }
}

/// At most some 80 characters of a text.
fn short(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.into(),
    }
}

fn has(mode: &str, right: &str) -> bool {
    mode == right || mode == "read-write"
}

/// Whether an address's path lies below another one, whether hosts compare letters or names.
fn is_below(prefix: &str, above: &str) -> bool {
    let rest = prefix.strip_prefix(above);
    rest.is_some_and(|rest| above.ends_with('/') || rest.starts_with('/'))
}

/// Whether a file's path lies in a folder.
fn is_inside(path: &str, folder: &str) -> bool {
    let plain = |path: &str| path.trim_start_matches("./").trim_end_matches('/').to_string();
    let (path, folder) = (plain(path), plain(folder));
    leads_out(&path).is_none()
        && (folder.is_empty() || folder == "." || path == folder || is_below(&path, &folder))
}
