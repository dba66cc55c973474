//! Keys: the readable names of identities, derived from a name deterministically.

/// The length of a key.
pub const MAX_KEY_CHARS: usize = 64;
/// The part of a key that is derived from a name, so that the prefix and a suffix fit as well.
const MAX_SLUG_CHARS: usize = 32;

/// The kind of an artifact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum ArtifactKind {
    /// A plugin: a directory under `plugins/`.
    Plugin,
    /// A Markdown document with front matter.
    Document,
    /// A part of the repository that is none of the others.
    Module,
    /// A policy pack: a directory under `policy-packs/`.
    PolicyPack,
}

impl ArtifactKind {
    /// Every kind.
    pub const ALL: [ArtifactKind; 4] =
        [ArtifactKind::Plugin, ArtifactKind::Document, ArtifactKind::Module, ArtifactKind::PolicyPack];

    /// Returns the name that cards use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ArtifactKind::Plugin => "plugin",
            ArtifactKind::Document => "document",
            ArtifactKind::Module => "module",
            ArtifactKind::PolicyPack => "policy-pack",
        }
    }

    /// Parses the name that cards use.
    #[must_use]
    pub fn from_name(name: &str) -> Option<ArtifactKind> {
        ArtifactKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Returns the prefix of keys of the kind.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            ArtifactKind::Plugin => "PLG_",
            ArtifactKind::Document => "DOC_",
            ArtifactKind::Module => "MOD_",
            ArtifactKind::PolicyPack => "POL_",
        }
    }
}

/// Returns whether the text is a key: `^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`, at most 64 characters.
#[must_use]
pub fn is_key(text: &str) -> bool {
    text.len() <= MAX_KEY_CHARS
        && text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.split('_').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        })
}

/// Derives a key from a name: the kind's prefix, then the name in upper case, each run of other characters than letters and digits as one `_`.
///
/// `None` if the name contains no ASCII letter or digit. After a collision, [`with_suffix`] derives another key.
#[must_use]
pub fn of_name(kind: ArtifactKind, name: &str) -> Option<String> {
    let mut slug = String::new();
    for character in name.chars() {
        if slug.len() >= MAX_SLUG_CHARS {
            break;
        }
        if character.is_ascii_alphanumeric() {
            slug.push(character.to_ascii_uppercase());
        } else if !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
    }
    let slug = slug.trim_end_matches('_');
    (!slug.is_empty()).then(|| format!("{}{slug}", kind.prefix()))
}

/// Derives another key when `key` is taken: four characters of base 36 from the CRC-32 (IEEE) of the key and a counter from 1.
#[must_use]
pub fn with_suffix(key: &str, counter: u32) -> String {
    const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut hash = crc32fast::hash(format!("{key}{counter}").as_bytes());
    let mut suffix = [0u8; 4];
    for place in suffix.iter_mut().rev() {
        *place = DIGITS[(hash % 36) as usize];
        hash /= 36;
    }
    format!("{key}_{}", String::from_utf8_lossy(&suffix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_are_derived_from_names() {
        for (name, key) in [
            ("Local Preview", "PLG_LOCAL_PREVIEW"),
            ("  many -- signs!! ", "PLG_MANY_SIGNS"),
            ("caf\u{e9}", "PLG_CAF"),
            ("a name that is longer than 32 characters", "PLG_A_NAME_THAT_IS_LONGER_THAN_32_CH"),
        ] {
            assert_eq!(of_name(ArtifactKind::Plugin, name).as_deref(), Some(key));
        }
        assert_eq!(of_name(ArtifactKind::Document, "\u{65e5}\u{672c}"), None);
        assert_eq!(with_suffix("PLG_A", 1), with_suffix("PLG_A", 1));
        assert_ne!(with_suffix("PLG_A", 1), with_suffix("PLG_A", 2));
    }

    proptest! {
        #[test]
        fn derived_keys_are_valid(name in "\\PC{0,60}", counter in 1u32..1000) {
            if let Some(key) = of_name(ArtifactKind::PolicyPack, &name) {
                prop_assert!(is_key(&key), "{key}");
                prop_assert!(is_key(&with_suffix(&key, counter)));
            }
        }
    }

    #[test]
    fn invalid_keys_are_rejected() {
        for text in ["", "plg_a", "PLG__A", "_A", "A_", "1A", "A-B", "\u{c4}", &"A".repeat(65)] {
            assert!(!is_key(text), "{text}");
        }
        assert!(is_key("PLG_A1") && is_key("A"));
    }
}
