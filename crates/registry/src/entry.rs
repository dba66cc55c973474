//! The entry of an identity: a block of lines with one fixed form, written and read.

use artifact::{Ulid, scalar};

/// The facts about an identity. A missing value was never recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The current key.
    pub key: String,
    /// `plugin`, `document`, `module` or `policy-pack`.
    pub kind: String,
    /// The current path, or the last one.
    pub path: String,
    /// The version published last.
    pub version: Option<String>,
    /// `draft`, `active`, `deprecated`, `consolidated` or `retired`.
    pub status: String,
    /// Its other keys.
    pub aliases: Vec<String>,
    /// Its owner.
    pub owner: Option<String>,
    /// The tag of that version.
    pub tag: Option<String>,
    /// The digest of the content of that version, from its PUBLISH event.
    pub sha256: Option<String>,
    /// The published versions that were withdrawn.
    pub yanked: Vec<String>,
    /// The replacement, as named by its deprecation.
    pub replaced_by: Option<String>,
    /// The identity that it was merged into.
    pub merged_into: Option<Ulid>,
    /// Whether a ledger exists that does not contain the identity yet.
    pub unrecorded: bool,
}

impl Entry {
    /// Writes the block of the entry, starting with its ULID.
    pub(super) fn write(&self, ulid: Ulid, text: &mut String) {
        let mut line = |parts: &[&str]| parts.iter().for_each(|part| text.push_str(part));
        line(&["  ", &scalar::write(&ulid.to_string()), ":\n"]);
        let mut field = |name: &str, value: &str| line(&["    ", name, ": ", &scalar::write(value), "\n"]);
        field("key", &self.key);
        field("kind", &self.kind);
        field("path", &self.path);
        if let Some(version) = &self.version {
            field("version", version);
        }
        field("status", &self.status);
        line(&["    aliases: ", &list(&self.aliases), "\n"]);
        let mut field = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                line(&["    ", name, ": ", &scalar::write(value), "\n"]);
            }
        };
        field("owner", self.owner.as_deref());
        field("tag", self.tag.as_deref());
        field("sha256", self.sha256.as_deref());
        field("replaced_by", self.replaced_by.as_deref());
        field("merged_into", self.merged_into.map(|ulid| ulid.to_string()).as_deref());
        if !self.yanked.is_empty() {
            line(&["    yanked: ", &list(&self.yanked), "\n"]);
        }
        if self.unrecorded {
            line(&["    recorded: false\n"]);
        }
    }

    /// Sets a field of a block; returns `false` if the field is invalid.
    pub(super) fn set(&mut self, name: &str, value: &str) -> bool {
        self.field(name, value).is_some()
    }

    fn field(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "key" => self.key = read_scalar(value)?,
            "kind" => self.kind = read_scalar(value)?,
            "path" => self.path = read_scalar(value)?,
            "status" => self.status = read_scalar(value)?,
            "version" => self.version = Some(read_scalar(value)?),
            "owner" => self.owner = Some(read_scalar(value)?),
            "tag" => self.tag = Some(read_scalar(value)?),
            "sha256" => self.sha256 = Some(read_scalar(value)?),
            "replaced_by" => self.replaced_by = Some(read_scalar(value)?),
            "merged_into" => self.merged_into = Some(Ulid::parse(&read_scalar(value)?).ok()?),
            "aliases" => self.aliases = read_list(value)?,
            "yanked" => self.yanked = read_list(value)?,
            "recorded" => self.unrecorded = value == "false",
            _ => return None,
        }
        Some(())
    }
}

fn list(texts: &[String]) -> String {
    let written: Vec<String> = texts.iter().map(|text| scalar::write(text)).collect();
    format!("[{}]", written.join(", "))
}

/// Reads only what [`scalar::write`] writes.
pub(super) fn read_scalar(written: &str) -> Option<String> {
    let text = match written.strip_prefix('"') {
        None => written.to_string(),
        Some(rest) => {
            let (text, rest) = read_quoted(rest)?;
            rest.is_empty().then_some(text)?
        }
    };
    (scalar::write(&text) == written).then_some(text)
}

/// Reads a quoted string after its opening quote; returns the string and the rest.
fn read_quoted(text: &str) -> Option<(String, &str)> {
    let mut read = String::new();
    let mut rest = text.char_indices();
    while let Some((at, character)) = rest.next() {
        match character {
            '"' => return Some((read, &text[at + 1..])),
            '\\' => match rest.next()?.1 {
                'n' => read.push('\n'),
                't' => read.push('\t'),
                'u' => {
                    let (start, _) = rest.next()?;
                    let digits = text.get(start..start + 4)?;
                    read.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
                    rest.nth(2)?;
                }
                other @ ('"' | '\\') => read.push(other),
                _ => return None,
            },
            other => read.push(other),
        }
    }
    None
}

fn read_list(written: &str) -> Option<Vec<String>> {
    let mut rest = written.strip_prefix('[')?.strip_suffix(']')?;
    let mut texts = Vec::new();
    while !rest.is_empty() {
        if !texts.is_empty() {
            rest = rest.strip_prefix(", ")?;
        }
        let length = match rest.strip_prefix('"') {
            Some(quoted) => rest.len() - read_quoted(quoted)?.1.len(),
            None => rest.find(',').unwrap_or(rest.len()),
        };
        texts.push(read_scalar(&rest[..length])?);
        rest = &rest[length..];
    }
    (list(&texts) == written).then_some(texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn written_values_are_read_back(text in "\\PC{0,20}|[\\n\\t\"\\\\#:,\\]\\[\u{7}\u{2028}]{0,8}|NO|1e5|0x1|", more in proptest::collection::vec("\\PC{0,6}|[\", \\]]{0,4}", 0..4)) {
            prop_assert_eq!(read_scalar(&scalar::write(&text)), Some(text));
            prop_assert_eq!(read_list(&list(&more)), Some(more));
        }
    }
}
