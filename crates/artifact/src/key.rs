//! Keys: the names that people give identities, made from a text in one way only.

/// The longest key, in characters.
pub const LONGEST: usize = 64;
/// The longest part that is taken from a name.
const LONGEST_SLUG: usize = 32;

/// What an identity is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum ArtifactKind {
    /// A plugin: a directory under `plugins/`.
    Plugin,
    /// A Markdown document with front matter.
    Document,
    /// A part of the repository that is neither.
    Module,
    /// A policy pack: a directory under `policy-packs/`.
    PolicyPack,
}

impl ArtifactKind {
    /// Every kind.
    pub const ALL: [ArtifactKind; 4] =
        [ArtifactKind::Plugin, ArtifactKind::Document, ArtifactKind::Module, ArtifactKind::PolicyPack];

    /// Returns the word that cards use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ArtifactKind::Plugin => "plugin",
            ArtifactKind::Document => "document",
            ArtifactKind::Module => "module",
            ArtifactKind::PolicyPack => "policy-pack",
        }
    }

    /// Reads the word that cards use.
    #[must_use]
    pub fn from_name(name: &str) -> Option<ArtifactKind> {
        ArtifactKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Returns what keys of the kind begin with.
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

/// Tells whether a text is a key: `^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`, at most 64 characters.
#[must_use]
pub fn is_key(text: &str) -> bool {
    text.len() <= LONGEST
        && text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.split('_').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        })
}

/// Makes the key of a name: the kind's prefix, and the name in upper case with everything else than letters and digits as one `_`.
///
/// `None` where the name holds neither letter nor digit of ASCII. On a collision, [`with_suffix`] goes on.
#[must_use]
pub fn of_name(kind: ArtifactKind, name: &str) -> Option<String> {
    let mut slug = String::new();
    for character in name.chars() {
        if slug.len() >= LONGEST_SLUG {
            break;
        }
        match character.is_ascii_alphanumeric() {
            true => slug.push(character.to_ascii_uppercase()),
            false if !slug.is_empty() && !slug.ends_with('_') => slug.push('_'),
            false => {}
        }
    }
    let slug = slug.trim_end_matches('_');
    (!slug.is_empty()).then(|| format!("{}{slug}", kind.prefix()))
}

/// Makes another key of a name whose own is taken: four characters of base 36 from the CRC-32 (IEEE) of the key and a counter from 1.
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
    fn names_become_keys_in_one_way() {
        for (name, key) in [
            ("Local Preview", "PLG_LOCAL_PREVIEW"),
            ("  many -- signs!! ", "PLG_MANY_SIGNS"),
            ("caf\u{e9}", "PLG_CAF"),
            ("a name that goes on and on for ever", "PLG_A_NAME_THAT_GOES_ON_AND_ON_FOR_E"),
        ] {
            assert_eq!(of_name(ArtifactKind::Plugin, name).as_deref(), Some(key));
        }
        assert_eq!(of_name(ArtifactKind::Document, "\u{65e5}\u{672c}"), None);
        assert_eq!(with_suffix("PLG_A", 1), with_suffix("PLG_A", 1));
        assert_ne!(with_suffix("PLG_A", 1), with_suffix("PLG_A", 2));
    }

    proptest! {
        #[test]
        fn what_is_made_is_a_key(name in "\\PC{0,60}", counter in 1u32..1000) {
            if let Some(key) = of_name(ArtifactKind::PolicyPack, &name) {
                prop_assert!(is_key(&key), "{key}");
                prop_assert!(is_key(&with_suffix(&key, counter)));
            }
        }
    }

    #[test]
    fn other_texts_are_no_keys() {
        for text in ["", "plg_a", "PLG__A", "_A", "A_", "1A", "A-B", "\u{c4}", &"A".repeat(65)] {
            assert!(!is_key(text), "{text}");
        }
        assert!(is_key("PLG_A1") && is_key("A"));
    }
}
