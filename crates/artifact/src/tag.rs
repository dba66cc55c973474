//! Names of the tags of published versions: templates, and validation of tag names.

/// A template of tag names with placeholders: `plugin-{name}-{version}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(String);

/// The placeholders that a template may contain.
pub const PLACEHOLDERS: [&str; 4] = ["name", "key", "ulid", "version"];

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// When a placeholder is unknown, the version or the identity has none, or the result is not a valid tag name.
    pub fn parse(text: &str) -> Result<Template, String> {
        let template = Template(text.into());
        let filled = template.fill(&PLACEHOLDERS.map(|name| (name, "x")));
        match filled {
            None => {
                Err(format!("`{text}` is not a valid tag template; its placeholders are {}", placeholders()))
            }
            Some(filled) if !is_plain(&filled) => Err(
                "a tag template contains a character that a shell interprets: use letters, digits and `._-/+@=,`".into(),
            ),
            Some(_) if !text.contains("{version}") => Err("a tag template contains {version}".into()),
            Some(_) if !["{name}", "{key}", "{ulid}"].iter().any(|name| text.contains(name)) => {
                Err("a tag template contains {name}, {key} or {ulid}".into())
            }
            Some(_) => Ok(template),
        }
    }

    /// Replaces the placeholders; `None` if one has no value, or the result is not a valid tag name.
    #[must_use]
    pub fn fill(&self, values: &[(&str, &str)]) -> Option<String> {
        let mut filled = String::new();
        let mut rest = self.0.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}')?;
            filled += before;
            filled += values.iter().find(|(known, _)| *known == name)?.1;
            rest = after;
        }
        filled += rest;
        is_tag_name(&filled).then_some(filled)
    }

    /// Replaces the placeholders for a message, whether or not the result is a valid tag name.
    #[must_use]
    pub fn show(&self, values: &[(&str, &str)]) -> String {
        values
            .iter()
            .fold(self.0.clone(), |text, (name, value)| text.replacen(&format!("{{{name}}}"), value, 1))
    }

    /// Returns whether two artifacts with the same name get the same tags.
    #[must_use]
    pub fn identifies_by_name(&self) -> bool {
        self.0.contains("{name}") && !self.0.contains("{key}") && !self.0.contains("{ulid}")
    }

    /// Returns the prefix that all tags of the template share.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.0.split('{').next().unwrap_or_default()
    }
}

fn placeholders() -> String {
    PLACEHOLDERS.map(|name| format!("{{{name}}}")).join(", ")
}

/// The tag template of each kind of artifact; `None` if the kind has no tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Templates {
    /// Of plugins.
    pub plugin: Option<Template>,
    /// Of documents.
    pub document: Option<Template>,
    /// Of policy packs.
    pub pack: Option<Template>,
}

impl Default for Templates {
    fn default() -> Templates {
        let template = |text: &str| Some(Template(text.into()));
        Templates {
            plugin: template("plugin-{name}-{version}"),
            document: template("docs-{key}-{version}"),
            pack: None,
        }
    }
}

impl Templates {
    /// Returns every template.
    pub fn each(&self) -> impl Iterator<Item = &Template> {
        [&self.plugin, &self.document, &self.pack].into_iter().flatten()
    }
}

/// Returns whether git accepts the tag name (git-check-ref-format(1)) and no file system reads it as another.
#[must_use]
pub fn is_tag_name(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.to_ascii_lowercase().ends_with(".lock")
    };
    name.len() <= 200
        && !name.starts_with('-')
        && name.split('/').all(part)
        && !name.contains("..")
        && !name.contains("@{")
        && name != "@"
        && name.chars().all(|character| {
            // No control, format or other invisible characters.
            (character.is_ascii_graphic() || character.is_alphanumeric())
                && !matches!(character, '~' | '^' | ':' | '?' | '*' | '[' | '\\')
        })
}

/// Returns whether a shell reads the text as it is written: workflows paste tag names into scripts.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-/+@=,".contains(c);
    text.chars().all(|c| is_plain(c) || !c.is_ascii() && c.is_alphanumeric())
}

/// Returns whether a plugin's directory can have the name: lower-case letters, digits, `_` and `-`, a letter or digit first.
#[must_use]
pub fn is_plugin_name(name: &[u8]) -> bool {
    let is_first = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    name.first().is_some_and(is_first)
        && name.iter().all(|byte| is_first(byte) || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_contain_identity_and_version() {
        for good in ["plugin-{name}-{version}", "{key}/v{version}", "{ulid}@{version}"] {
            assert!(Template::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "v{version}",
            "{name}",
            "{name}-{version}-{other}",
            "{name} {version}",
            "a..{name}{version}",
            "{name",
            "-{name}{version}",
            "$(id)-{name}-{version}",
            "{name};{version}",
            "",
        ] {
            assert!(Template::parse(bad).is_err(), "{bad}");
        }
        let template = Template::parse("plugin-{name}-{version}").unwrap();
        let fill = |name: &str| template.fill(&[("name", name), ("version", "1.0.0")]);
        assert_eq!(fill("local_preview").as_deref(), Some("plugin-local_preview-1.0.0"));
        for hostile in ["a b", "a~1", "../x", "a\nb", "a.lock/b", "*"] {
            assert_eq!(fill(hostile), None, "{hostile}");
        }
        assert_eq!(template.prefix(), "plugin-");
    }

    #[test]
    fn names_are_plain_or_not() {
        for name in ["alpha", "zed_2", "a-b", "9lives"] {
            assert!(is_plugin_name(name.as_bytes()) && is_plain(name), "{name}");
        }
        for name in ["", "$(id)", "a b", "a';x", "Alpha", "_a", "-a", ".a", "a.b", "\u{e4}", "a\n", "a/b"] {
            assert!(!is_plugin_name(name.as_bytes()), "{name:?}");
        }
        for text in ["a b", "$HOME", "`id`", "a;b", "a'b", "a\"b", "a|b", "a&b", "a<b", "a\\b", "a!b", "a%b"]
        {
            assert!(!is_plain(text), "{text}");
        }
        assert!(is_plain("v/1.0.0-rc.1+build@2=3,4") && is_plain("\u{43f}\u{43b}"));
    }
}
