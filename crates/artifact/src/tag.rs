//! How the tags of published versions are called: templates, and what git lets a tag be called.

/// The name of a tag, with holes: `plugin-{name}-{version}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(String);

/// The holes that every template may have.
pub const HOLES: [&str; 4] = ["name", "key", "ulid", "version"];

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// When a hole is not known, the version or the identity has none, or no tag could be called so.
    pub fn parse(text: &str) -> Result<Template, String> {
        let template = Template(text.into());
        let filled = template.fill(&HOLES.map(|hole| (hole, "x")));
        match filled {
            None => Err(format!("no tag can be called `{text}`; the holes are {}", shown(&HOLES))),
            Some(_) if !text.contains("{version}") => Err("a tag names its version: {version}".into()),
            Some(_) if !["{name}", "{key}", "{ulid}"].iter().any(|hole| text.contains(hole)) => {
                Err("a tag names what is published: {name}, {key} or {ulid}".into())
            }
            Some(_) => Ok(template),
        }
    }

    /// Fills the holes; `None` where one has nothing to fill it, or no tag can be called so.
    #[must_use]
    pub fn fill(&self, values: &[(&str, &str)]) -> Option<String> {
        let mut name = String::new();
        let mut rest = self.0.as_str();
        while let Some((before, behind)) = rest.split_once('{') {
            let (hole, behind) = behind.split_once('}')?;
            name += before;
            name += values.iter().find(|(known, _)| *known == hole)?.1;
            rest = behind;
        }
        name += rest;
        is_tag_name(&name).then_some(name)
    }

    /// Returns what every tag of the template begins with.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.0.split('{').next().unwrap_or_default()
    }
}

fn shown(holes: &[&str]) -> String {
    holes.iter().map(|hole| format!("{{{hole}}}")).collect::<Vec<_>>().join(", ")
}

/// How the tags of each kind of artifact are called; `None` where it has none.
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
    /// Returns every template there is.
    pub fn each(&self) -> impl Iterator<Item = &Template> {
        [&self.plugin, &self.document, &self.pack].into_iter().flatten()
    }
}

/// Tells whether git lets a tag be called so (git-check-ref-format(1)), and no file system reads it as another.
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
            // Nothing that a terminal obeys, or that is not seen.
            (character.is_ascii_graphic() || character.is_alphanumeric())
                && !matches!(character, '~' | '^' | ':' | '?' | '*' | '[' | '\\')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_name_what_and_which_version() {
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
}
