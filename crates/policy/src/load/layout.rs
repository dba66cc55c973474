//! The layout of a repository, which policy sets under `structure`: `plugins`, `modules` and `root`.

use artifact::layout::{DirectoryPattern, Layout, Module};
use artifact::{Fields, Value};

use crate::Pattern;

/// The patterns of plugin directories, and the modules.
const MAX_ENTRIES: usize = 64;
/// The directories of plugins where a policy or a module names none.
const DEFAULT_PLUGINS: &str = "plugins/*";

/// Reads the layout; one that is invalid is a problem, and the default applies.
pub(super) fn read(fields: &mut Fields<'_, '_>) -> Layout {
    let root = root(fields);
    let under = |text: &str| match &root {
        Some(root) => format!("{root}/{text}"),
        None => text.to_string(),
    };
    let mut last = None;
    let mut plugins = Vec::new();
    match list(fields, "plugins") {
        None => plugins.extend(DirectoryPattern::parse(&under(DEFAULT_PLUGINS)).ok()),
        Some(values) => {
            for value in values {
                plugins.extend(pattern(fields, "plugins", value, under));
                last = Some(("plugins", value));
            }
        }
    }
    let mut modules = Vec::new();
    for (at, value) in list(fields, "modules").unwrap_or_default().iter().enumerate() {
        modules.extend(module(fields, at, value, &under));
        last = Some(("modules", value));
    }
    for (at, module) in modules.iter().enumerate() {
        if let Some((name, value)) =
            last.filter(|_| modules[..at].iter().any(|other| other.path == module.path))
        {
            let message = format!("two modules have the path {}", module.path);
            fields.problem(name, value.span.clone(), message, None);
        }
    }
    Layout::new(plugins, modules).unwrap_or_else(|(one, other)| {
        if let Some((name, value)) = last {
            let (one, other) = (one.as_str(), other.as_str());
            let message =
                format!("`{one}` and `{other}` can match the same directory, or one inside the other");
            let help = "a directory belongs to one plugin: remove one of the two, or narrow it";
            fields.problem(name, value.span.clone(), message, Some(help.into()));
        }
        Layout::default()
    })
}

fn list<'v>(fields: &mut Fields<'v, '_>, name: &'static str) -> Option<&'v [Value]> {
    let list = fields.optional_list(name)?;
    if list.len() > MAX_ENTRIES {
        let span = list[MAX_ENTRIES].span.clone();
        fields.problem(name, span, format!("`{name}` has more than {MAX_ENTRIES} entries"), None);
    }
    Some(&list[..list.len().min(MAX_ENTRIES)])
}

/// Reads `root`: a directory that the patterns are relative to.
fn root(fields: &mut Fields<'_, '_>) -> Option<String> {
    let (text, value) = fields.optional_str("root")?;
    match directory(text) {
        Ok(()) if text == "." => None,
        Ok(()) => Some(text.into()),
        Err(message) => {
            fields.problem("root", value.span.clone(), message, None);
            None
        }
    }
}

/// Checks the path of a directory, relative to the root of the repository; `.` is the root itself.
fn directory(text: &str) -> Result<(), String> {
    if text.contains('*') {
        return Err(format!("`{text}` is not a directory: a path without `*` is expected"));
    }
    if text == "." { Ok(()) } else { DirectoryPattern::parse(text).map(|_| ()) }
}

fn pattern(
    fields: &mut Fields<'_, '_>,
    name: &str,
    value: &Value,
    place: impl Fn(&str) -> String,
) -> Option<DirectoryPattern> {
    let parsed = match value.as_str() {
        None => Err("expected patterns of directories, as in plugins/*".into()),
        // The pattern itself is checked as well: a prefix must not make an absolute one valid.
        Some(text) => DirectoryPattern::parse(text).and_then(|_| DirectoryPattern::parse(&place(text))),
    };
    parsed.map_err(|message| fields.problem(name, value.span.clone(), message, None)).ok()
}

/// Reads an entry of `modules`; patterns are relative to its path, unless they start with it.
fn module(
    fields: &mut Fields<'_, '_>,
    at: usize,
    value: &Value,
    under: &dyn Fn(&str) -> String,
) -> Option<Module> {
    let pointer = format!("{}/{at}", fields.pointer_of("modules"));
    let mut inner = Fields::of(value, &pointer, fields.problems())?;
    let path = inner.required_str("path");
    let plugins = list(&mut inner, "plugins");
    let documents = list(&mut inner, "documents").unwrap_or_default();
    let path = path.and_then(|(text, value)| {
        directory(text).map_err(|message| inner.problem("path", value.span.clone(), message, None)).ok()?;
        Some(text)
    });
    let path = path?;
    let place = |text: &str| match path {
        "." => under(text),
        path if text.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')) => under(text),
        path => under(&format!("{path}/{text}")),
    };
    let mut module = Module { path: under(path), plugins: Vec::new(), documents: Vec::new() };
    match plugins {
        None => module.plugins.extend(DirectoryPattern::parse(&place(DEFAULT_PLUGINS)).ok()),
        Some(values) => {
            for value in values {
                module.plugins.extend(pattern(&mut inner, "plugins", value, place));
            }
        }
    }
    for value in documents {
        let parsed = value.as_str().map(|text| Pattern::new(&place(text)).map(|_| place(text)));
        match parsed {
            Some(Ok(text)) => module.documents.push(text),
            Some(Err(error)) => inner.problem("documents", value.span.clone(), error.to_string(), None),
            None => inner.problem("documents", value.span.clone(), "expected patterns, as in docs/**", None),
        }
    }
    inner.finish();
    Some(module)
}

#[cfg(test)]
mod tests {
    use snapshot::Memory;

    use crate::Policy;

    fn load(structure: &str) -> Result<Policy, String> {
        let text = format!("schema_version: 1\nstructure:\n{structure}");
        let tree = Memory::new().with("policy-packs/policy.yaml", text);
        Policy::load(&tree).map_err(|error| error.to_string())
    }

    #[test]
    fn plugins_are_where_policy_places_them() {
        for (structure, expected) in [
            ("  operations: 3\n", "plugins/*"),
            ("  plugins: [plugins/*/*, extensions/*]\n", "plugins/*/*, extensions/*"),
            ("  plugins: [packages/*/plugins/*]\n", "packages/*/plugins/*"),
            ("  root: apps/editor\n", "apps/editor/plugins/*"),
            ("  root: .\n", "plugins/*"),
            ("  root: apps/editor\n  plugins: [ext/*]\n", "apps/editor/ext/*"),
            ("  modules:\n    - path: apps/a\n", "plugins/*, apps/a/plugins/*"),
            (
                "  plugins: []\n  modules:\n    - {path: a, plugins: [x/*], documents: [docs/**]}\n    - {path: b, plugins: [b/y/*]}\n",
                "a/x/*, b/y/*",
            ),
        ] {
            assert_eq!(
                load(structure).map(|policy| policy.layout.show()),
                Ok(expected.into()),
                "{structure}"
            );
        }
        let policy = load("  root: top\n  modules:\n    - {path: a, documents: [docs/**]}\n").unwrap();
        let module = &policy.layout.modules()[0];
        assert_eq!((module.path.as_str(), module.documents[0].as_str()), ("top/a", "top/a/docs/**"));
    }

    #[test]
    fn invalid_layouts_are_refused() {
        for (structure, reason) in [
            ("  plugins: [plugins/**]\n", "`**` is not supported"),
            ("  plugins: [/plugins/*]\n", "not a valid pattern"),
            ("  plugins: [plugins/*, plugins/a*]\n", "can match the same directory"),
            ("  plugins: [plugins/*, plugins/*]\n", "can match the same directory"),
            ("  plugins: [plugins/*, plugins/*/*]\n", "can match the same directory"),
            ("  plugins: plugins/*\n", "an array"),
            ("  plugins: [7]\n", "expected patterns"),
            ("  plugins: [ids/*]\n", "records of the repository"),
            ("  root: ../other\n", "not a valid pattern"),
            ("  root: apps/*\n", "without `*`"),
            ("  modules:\n    - plugins: [x/*]\n", "missing field `path`"),
            ("  modules:\n    - {path: a}\n    - {path: a, plugins: [x/*]}\n", "two modules"),
            ("  modules:\n    - {path: a, plugin: [x/*]}\n", "plugin"),
            ("  modules:\n    - path: plugins/a\n", "can match the same directory"),
        ] {
            let error = load(structure).unwrap_err();
            assert!(error.contains(reason), "{structure}{error}");
        }
    }
}
