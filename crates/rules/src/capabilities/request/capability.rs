//! The capabilities that a spec requests, and whether earlier requests cover them.

use artifact::{Kind, Value};

use super::super::request::{covers, elements, escape_reason, has_parent_segment, kibibytes, milliseconds};

/// One entry of a spec that requests something.
pub(crate) struct CapabilityRequest<'v> {
    /// The JSON pointer of the entry in the spec.
    pub(crate) pointer: String,
    pub(crate) capability: Capability<'v>,
}

/// What an entry requests.
pub(crate) enum Capability<'v> {
    /// HTTP requests to a host, below a path; every method if the list is missing.
    Host { host: &'v str, prefix: &'v str, methods: Option<Vec<&'v str>> },
    /// A secret that the host adds to requests to a host, in a header.
    Credential { secret: &'v str, host: &'v str, header: &'v str },
    /// Access to files.
    Files { path: &'v str, mode: &'v str },
    /// The value of a secret.
    Secret(&'v str),
    /// Calls from outside; `signed` if callers must sign them.
    Ingress { path: &'v str, signed: bool },
    /// A limit, in the unit of its capability, as written; `unit` names it where the capability has several limits.
    Amount { amount: u128, written: String, unit: &'static str },
}

/// An integer; one above the exact range is still compared.
fn whole(value: &Value) -> Option<u128> {
    value.as_integer().map_or_else(|| large(value), |number| u128::try_from(number).ok())
}

/// Returns the secrets that the host adds to requests, one request for each host.
fn credentials(spec: &Value) -> impl Iterator<Item = CapabilityRequest<'_>> {
    elements(spec, "/capabilities/http/credentials").flat_map(|(pointer, value)| {
        let text = |inside: &str| value.pointer(inside).and_then(Value::as_str);
        let added = text("/secret").zip(text("/as/header"));
        let hosts = value.pointer("/hosts").and_then(Value::as_list).unwrap_or_default();
        let hosts = hosts.iter().enumerate().filter_map(|(at, host)| Some((at, host.as_str()?)));
        let requests = added.map(|(secret, header)| {
            hosts.map(move |(at, host)| CapabilityRequest {
                pointer: format!("{pointer}/hosts/{at}"),
                capability: Capability::Credential { secret, host, header },
            })
        });
        requests.into_iter().flatten().collect::<Vec<_>>()
    })
}

/// A number too large to be read exactly, rounded up; 0 for a negative one.
fn large(value: &Value) -> Option<u128> {
    let Kind::Number(text) = &value.kind else { return None };
    Some(text.parse::<f64>().ok()?.ceil() as u128)
}

/// Returns what a spec requests under a capability; nothing for an unknown capability.
pub(crate) fn requests<'v>(spec: &'v Value, capability: &str) -> Vec<CapabilityRequest<'v>> {
    let text = |pointer: &str| spec.pointer(pointer).and_then(Value::as_str);
    let texts = |pointer: &str| {
        elements(spec, pointer)
            .filter_map(|(pointer, value)| Some((pointer, value.as_str()?)))
            .collect::<Vec<_>>()
    };
    let amount = |pointer: &str, unit: &'static str, read: &dyn Fn(&Value) -> Option<u128>| {
        let value = spec.pointer(pointer)?;
        let capability = Capability::Amount { amount: read(value)?, written: value.show(), unit };
        Some(CapabilityRequest { pointer: pointer.into(), capability })
    };
    let amounts = |limit: Option<CapabilityRequest<'v>>| limit.into_iter().collect();
    match capability {
        "http" => elements(spec, "/capabilities/http/allowlist")
            .filter_map(|(pointer, value)| {
                let host = value.pointer("/host")?.as_str()?;
                let prefix = value.pointer("/path_prefix").and_then(Value::as_str).unwrap_or("/");
                let methods = value.pointer("/methods").and_then(Value::as_list);
                let methods = methods.map(|list| list.iter().filter_map(Value::as_str).collect());
                Some(CapabilityRequest {
                    pointer: format!("{pointer}/host"),
                    capability: Capability::Host { host, prefix, methods },
                })
            })
            .collect(),
        "filesystem" => elements(spec, "/capabilities/filesystem")
            .filter_map(|(pointer, value)| {
                let path = value.pointer("/path")?.as_str()?;
                let mode = value.pointer("/mode")?.as_str()?;
                Some(CapabilityRequest {
                    pointer: format!("{pointer}/path"),
                    capability: Capability::Files { path, mode },
                })
            })
            .collect(),
        "secrets" => texts("/capabilities/secrets/allowed_names")
            .into_iter()
            .map(|(pointer, name)| CapabilityRequest { pointer, capability: Capability::Secret(name) })
            .chain(credentials(spec))
            .collect(),
        "ingress" => {
            let signature = "/capabilities/ingress/signature_secret_env";
            let secret = text(signature).filter(|name| !name.is_empty());
            let is_signed = secret.is_some() && text("/capabilities/ingress/signature") != Some("none");
            let paths = texts("/capabilities/ingress/allowed_paths").into_iter();
            paths
                .map(|(pointer, path)| CapabilityRequest {
                    pointer,
                    capability: Capability::Ingress { path, signed: is_signed },
                })
                .chain(secret.map(|name| CapabilityRequest {
                    pointer: signature.into(),
                    capability: Capability::Secret(name),
                }))
                .collect()
        }
        "rate_limits" => [
            ("/capabilities/rate_limits/outbound_per_minute", "a minute"),
            ("/capabilities/rate_limits/outbound_per_hour", "an hour"),
        ]
        .into_iter()
        .filter_map(|(pointer, unit)| amount(pointer, unit, &whole))
        .collect(),
        "memory" => amounts(amount("/capabilities/memory/max", "", &|value| kibibytes(value.as_str()?))),
        "execution" => {
            amounts(amount("/capabilities/execution/timeout", "", &|value| milliseconds(value.as_str()?)))
        }
        _ => Vec::new(),
    }
}

/// Whether a capability is a limit, so that its absence means no limit.
pub(crate) fn is_limit(capability: &str) -> bool {
    matches!(capability, "rate_limits" | "memory" | "execution")
}

impl CapabilityRequest<'_> {
    /// Whether other requests permit as much.
    pub(crate) fn is_covered_by(&self, others: &[CapabilityRequest<'_>]) -> bool {
        let any = |test: &dyn Fn(&Capability<'_>) -> bool| others.iter().any(|other| test(&other.capability));
        match &self.capability {
            Capability::Host { host, prefix, methods } => {
                let is_covered = |method: Option<&str>| {
                    any(&|other| {
                        matches!(other, Capability::Host { host: outer, prefix: above, methods }
                            if covers(outer, host)
                                && (prefix == above || is_below(prefix, above) && !has_parent_segment(prefix))
                                && methods.as_ref().is_none_or(|known| method.is_some_and(|method| known.contains(&method))))
                    })
                };
                match methods {
                    None => is_covered(None),
                    Some(methods) => methods.iter().all(|method| is_covered(Some(method))),
                }
            }
            Capability::Credential { secret, host, header } => any(&|other| {
                matches!(other, Capability::Credential { secret: known, host: outer, header: place }
                    if known == secret && covers(outer, host) && place.eq_ignore_ascii_case(header))
            }),
            Capability::Files { path, mode } => {
                ["read", "write"].iter().filter(|right| has(mode, right)).all(|right| {
                    any(&|other| {
                        matches!(other, Capability::Files { path: above, mode }
                        if has(mode, right) && (path == above || is_inside(path, above)))
                    })
                })
            }
            Capability::Secret(name) => {
                any(&|other| matches!(other, Capability::Secret(known) if known == name))
            }
            Capability::Ingress { path, signed } => any(
                &|other| matches!(other, Capability::Ingress { path: known, signed: was } if known == path && (*signed || !was)),
            ),
            Capability::Amount { amount, unit, .. } => {
                let is_limited = others.iter().any(|other| other.unit() == Some(unit));
                // A second limit beside another one only narrows.
                let is_second = !others.is_empty() && !is_limited;
                is_second
                    || any(
                        &|other| matches!(other, Capability::Amount { amount: known, unit: other, .. } if unit == other && amount <= known),
                    )
            }
        }
    }

    /// Returns what distinguishes a limit from the others of its capability.
    pub(crate) fn unit(&self) -> Option<&'static str> {
        match self.capability {
            Capability::Amount { unit, .. } => Some(unit),
            _ => None,
        }
    }

    /// Returns the request as findings show it.
    pub(crate) fn show(&self) -> String {
        match &self.capability {
            Capability::Host { host, prefix, methods } => {
                let prefix = if *prefix == "/" { "" } else { prefix };
                let methods = methods.as_ref().map(|list| format!(" ({})", short(&list.join(", "))));
                format!("`{}{}`{}", short(host), short(prefix), methods.unwrap_or_default())
            }
            Capability::Credential { secret, host, header } => {
                format!("`{}` for `{}` in `{}`", short(secret), short(host), short(header))
            }
            Capability::Files { path, mode } => format!("`{}` ({})", short(path), short(mode)),
            Capability::Secret(name) => format!("`{}`", short(name)),
            Capability::Ingress { path, signed: true } => format!("`{}`", short(path)),
            Capability::Ingress { path, signed: false } => format!("`{}` (unsigned)", short(path)),
            Capability::Amount { written, unit: "", .. } => written.clone(),
            Capability::Amount { written, unit, .. } => format!("{written} {unit}"),
        }
    }
}

/// Returns at most 80 characters of a string, with `…` where it was cut.
fn short(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.into(),
    }
}

fn has(mode: &str, right: &str) -> bool {
    mode == right || mode == "read-write"
}

/// Whether a URL path is below another one.
fn is_below(prefix: &str, above: &str) -> bool {
    let rest = prefix.strip_prefix(above);
    rest.is_some_and(|rest| above.ends_with('/') || rest.starts_with('/'))
}

/// Whether a file path is inside a directory.
fn is_inside(path: &str, folder: &str) -> bool {
    let plain = |path: &str| path.trim_start_matches("./").trim_end_matches('/').to_string();
    let (path, folder) = (plain(path), plain(folder));
    escape_reason(&path).is_none()
        && (folder.is_empty() || folder == "." || path == folder || is_below(&path, &folder))
}
