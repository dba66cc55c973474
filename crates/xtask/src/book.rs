//! The book: its table of contents, and the reference page of the Action, generated from `action.yml`.

use std::path::Path;

use artifact::{Format, Value, tolerant};

/// The pages in reading order; a title without a page starts a part.
const PAGES: [(&str, &str); 41] = [
    ("Getting started", ""),
    ("A first identity", "first-identity.md"),
    ("Adopt an existing repository", "how-to/adopt.md"),
    ("Install and CI", ""),
    ("Install", "how-to/install.md"),
    ("The gate in CI", "how-to/ci.md"),
    ("Git hooks", "how-to/hooks.md"),
    ("Protect existing files", ""),
    ("Path and field disciplines", "how-to/existing-files.md"),
    ("Plugins", ""),
    ("Plugins", "plugins.md"),
    ("Other plugin systems", "ecosystems.md"),
    ("Concepts", ""),
    ("Concepts", "concepts.md"),
    ("Glossary", "glossary.md"),
    ("Policy and waivers", ""),
    ("Policy and waivers", "policy.md"),
    ("Registries of other projects", "registries.md"),
    ("Ledger, registry, tags", ""),
    ("The ledger", "ledger.md"),
    ("Prove a version", "how-to/prove.md"),
    ("Proof formats", "ledger-format.md"),
    ("Registry, tags and the post-merge job", "registry.md"),
    ("Query the registry with SQL", "how-to/query-registry.md"),
    ("Operate", ""),
    ("Recover", "how-to/recover.md"),
    ("Rotate keys", "how-to/rotate-keys.md"),
    ("Witnesses and monitors", "how-to/witnesses.md"),
    ("Protect tags", "how-to/protect-tags.md"),
    ("Governance changes", "how-to/governance-change.md"),
    ("Reference", ""),
    ("Commands", "reference.md"),
    ("Reports and exit statuses", "reports.md"),
    ("The Action", "action.md"),
    ("Rules", "rules/README.md"),
    ("Background", ""),
    ("Threat model", "threat-model.md"),
    ("Performance", "performance.md"),
    ("Comparison", "comparison.md"),
    ("FAQ", "faq.md"),
    ("Spec coverage", "spec-coverage.md"),
];

/// Returns the table of contents (mdBook's `SUMMARY.md`).
pub(crate) fn summary() -> String {
    let mut text = String::from("# Summary\n\n[id-guard](introduction.md)\n");
    for (title, page) in PAGES {
        match (title, page) {
            (title, "") => text += &format!("\n# {title}\n\n"),
            (title, page) => text += &format!("- [{title}]({page})\n"),
        }
        if page == "rules/README.md" {
            for rule in rules::ALL {
                let info = &rule.info;
                text += &format!("  - [{0} {1}](rules/{0}.md)\n", info.id.code, info.id.name);
            }
        }
    }
    text
}

/// Returns the page of the Action's inputs and outputs.
pub(crate) fn action(root: &Path) -> String {
    let source = std::fs::read(root.join("action.yml")).unwrap();
    let value = tolerant::read(Format::Yaml, &source, &tolerant::LIMITS).unwrap();
    let text =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_string();
    let entries = |key: &str| value.get(key).and_then(Value::as_map).unwrap().entries();
    let mut page = format!(
        "# The Action\n\nGenerated from `action.yml`: `cargo xtask generate`. How to use it: [the gate in CI](how-to/ci.md).\n\n{}\n\n## Inputs\n\n| input | default | meaning |\n| --- | --- | --- |\n",
        text(&value, "description")
    );
    for entry in entries("inputs") {
        let default = text(&entry.value, "default");
        let default = if default.is_empty() { String::new() } else { format!("`{default}`") };
        page += &format!("| `{}` | {default} | {} |\n", entry.key.name, text(&entry.value, "description"));
    }
    page += "\n## Outputs\n\n| output | meaning |\n| --- | --- |\n";
    for entry in entries("outputs") {
        page += &format!("| `{}` | {} |\n", entry.key.name, text(&entry.value, "description"));
    }
    page
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// The pages of a folder and those below, from `docs/`.
    fn pages(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|path| path.is_dir());
        let mut found: Vec<PathBuf> = folders.iter().flat_map(|folder| pages(folder)).collect();
        found.extend(files.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "md")));
        found
    }

    #[test]
    fn every_page_is_in_the_book() {
        let docs = crate::root().join("docs");
        let summary = summary();
        for page in pages(&docs) {
            let path = page.strip_prefix(&docs).unwrap().to_str().unwrap();
            assert!(path == "SUMMARY.md" || summary.contains(&format!("]({path})")), "{path}");
        }
    }

    /// Returns the links in Markdown outside of code, without external ones.
    fn links(text: &str) -> Vec<String> {
        let mut code = false;
        let mut found = Vec::new();
        for line in text.lines() {
            code ^= line.trim_start().starts_with("```");
            let mut rest = line;
            while let Some(at) = rest.find("](").filter(|_| !code) {
                rest = &rest[at + 2..];
                let target = &rest[..rest.find(')').unwrap_or(rest.len())];
                if !target.contains("://") {
                    found.push(target.into());
                }
            }
        }
        found
    }

    /// What a heading is linked by.
    fn anchor(heading: &str) -> String {
        let kept = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
        heading.trim().to_lowercase().chars().filter(kept).map(|c| if c == ' ' { '-' } else { c }).collect()
    }

    #[test]
    fn every_link_leads_somewhere() {
        let root = crate::root();
        let mut texts = pages(&root.join("docs"));
        texts.extend(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(|name| root.join(name)));
        for page in texts {
            let text = std::fs::read_to_string(&page).unwrap();
            for link in links(&text) {
                let (path, place) =
                    link.split_once('#').map_or((link.as_str(), None), |(path, at)| (path, Some(at)));
                let target = if path.is_empty() { page.clone() } else { page.parent().unwrap().join(path) };
                assert!(target.exists(), "{}: {link}", page.display());
                if let Some(place) = place {
                    let text = std::fs::read_to_string(&target).unwrap();
                    let found = text
                        .lines()
                        .any(|line| line.starts_with('#') && anchor(line.trim_start_matches('#')) == place);
                    assert!(found, "{}: {link}", page.display());
                }
            }
        }
    }
}
