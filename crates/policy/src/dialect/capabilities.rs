//! Where the permissions of a manifest are in the form of plugin specs.

use std::collections::BTreeMap;

/// A mapping from a place in a manifest to one of our capabilities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapabilityMapping {
    /// The capability.
    pub target: CapabilityTarget,
    /// The JSON pointers of the value in the manifest; the first that exists counts.
    pub from: Vec<String>,
    /// The pointers of the fields inside each element, by our names of them.
    pub each: BTreeMap<String, String>,
    /// How values are converted.
    pub convert: Option<Conversion>,
}

/// A capability of a plugin spec, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CapabilityTarget {
    /// The hosts that a plugin may call.
    HttpAllowlist,
    /// The credentials that the host adds to calls.
    HttpCredentials,
    /// The paths that a plugin may use.
    Filesystem,
    /// The secrets that a plugin may read.
    SecretNames,
    /// The paths on which a plugin accepts calls.
    IngressPaths,
    /// The secret that signs calls.
    IngressSecret,
    /// The prefix of a signature.
    IngressSignature,
    /// The calls in a minute.
    RatePerMinute,
    /// The calls in an hour.
    RatePerHour,
    /// The memory limit.
    MemoryMax,
    /// The time limit of a call.
    ExecutionTimeout,
}

impl CapabilityTarget {
    /// Every target, by the name that packs use.
    pub const NAMES: [(&'static str, CapabilityTarget); 11] = [
        ("execution.timeout", CapabilityTarget::ExecutionTimeout),
        ("filesystem", CapabilityTarget::Filesystem),
        ("http.allowlist", CapabilityTarget::HttpAllowlist),
        ("http.credentials", CapabilityTarget::HttpCredentials),
        ("ingress.allowed_paths", CapabilityTarget::IngressPaths),
        ("ingress.signature", CapabilityTarget::IngressSignature),
        ("ingress.signature_secret_env", CapabilityTarget::IngressSecret),
        ("memory.max", CapabilityTarget::MemoryMax),
        ("rate_limits.outbound_per_hour", CapabilityTarget::RatePerHour),
        ("rate_limits.outbound_per_minute", CapabilityTarget::RatePerMinute),
        ("secrets.allowed_names", CapabilityTarget::SecretNames),
    ];

    /// Returns the name that packs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        CapabilityTarget::NAMES.iter().find(|(_, target)| *target == self).map_or("", |(name, _)| name)
    }

    /// Returns the names of the fields of its elements; empty if its elements are values.
    #[must_use]
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            CapabilityTarget::HttpAllowlist => &["host", "path_prefix", "methods"],
            CapabilityTarget::HttpCredentials => &["secret", "hosts", "header", "prefix"],
            CapabilityTarget::Filesystem => &["path", "mode"],
            _ => &[],
        }
    }
}

/// How a value of a manifest is converted to our form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    /// `readwrite` is our `read-write`.
    FileMode,
    /// `64MB` is 64 times 1024 KiB, as Go programs count.
    BinarySize,
    /// A duration as Go writes it, such as `1m30s`.
    GoDuration,
    /// `{type: bearer}` or `{type: header, name, prefix}` is our header with a prefix.
    CredentialLocation,
    /// The prefix of a signature is that of an HMAC in hexadecimal.
    HmacPrefix,
}

impl Conversion {
    /// Every conversion, by the name that packs use.
    pub const NAMES: [(&'static str, Conversion); 5] = [
        ("credential_location", Conversion::CredentialLocation),
        ("fs_mode", Conversion::FileMode),
        ("go_duration", Conversion::GoDuration),
        ("hmac_prefix", Conversion::HmacPrefix),
        ("size_1024", Conversion::BinarySize),
    ];
}
