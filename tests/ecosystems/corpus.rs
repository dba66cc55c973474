//! Real manifests of other projects (`ID_GUARD_CORPUS`): what their own programs do with them, and what the packs find.

use std::path::Path;

use super::repository::{doctor, repository};
use crate::support::skip;

/// What the program of a system does with a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Program {
    Accepts,
    Refuses,
}
use Program::{Accepts, Refuses};

/// A manifest: pack, file of the corpus, its path in a repository, what its program does, and the rules that the pack reports, sorted.
///
/// A program that accepts a manifest with findings is less strict; the last column gives the reason.
type Row = (&'static str, &'static str, &'static str, Program, &'static [&'static str], &'static str);

const NO_FILE: &str = "the built file is not in the corpus";
const WILDCARD: &str = "a warning: the manifest permits every domain";

const TABLE: &[Row] = &[
    ("cartero", "cartero/analytics-export.yaml", "plugins/a.yaml", Accepts, &[], ""),
    ("cartero", "cartero/clone-importer.yaml", "plugins/a.yaml", Accepts, &[], ""),
    ("cartero", "cartero/engagement-recorder.yaml", "plugins/a.yaml", Accepts, &[], ""),
    ("cartero", "cartero/local-preview.yaml", "plugins/a.yaml", Accepts, &[], ""),
    ("cartero", "cartero/template-library.yaml", "plugins/a.yaml", Accepts, &[], ""),
    ("cartero", "cartero/valid-v1.yaml", "plugins/a.yaml", Accepts, &[], ""),
    ("cartero", "cartero/future-v2.yaml", "plugins/a.yaml", Refuses, &["SCH006"], ""),
    ("cartero", "cartero/legacy-v0.yaml", "plugins/a.yaml", Refuses, &["SCH006", "SCH006", "SCH006"], ""),
    (
        "cartero",
        "cartero/invalid-trust.yaml",
        "plugins/a.yaml",
        Refuses,
        &["cartero/review-required", "cartero/review-required", "cartero/safe-mode"],
        "",
    ),
    (
        "flowbot",
        "flowbot/init-grpc.plugin.yaml",
        "plugins/demo/plugin.yaml",
        Accepts,
        &["flowbot/entry-missing"],
        NO_FILE,
    ),
    (
        "flowbot",
        "flowbot/init-wasm.plugin.yaml",
        "plugins/demo/plugin.yaml",
        Accepts,
        &["flowbot/entry-missing"],
        NO_FILE,
    ),
    (
        "flowbot",
        "flowbot/valid-grpc.yaml",
        "plugins/test-plugin/plugin.yaml",
        Accepts,
        &["flowbot/entry-missing"],
        NO_FILE,
    ),
    (
        "flowbot",
        "flowbot/valid-wasm.yaml",
        "plugins/test-plugin/plugin.yaml",
        Accepts,
        &["flowbot/entry-missing"],
        NO_FILE,
    ),
    (
        "flowbot",
        "flowbot/invalid-runtime.yaml",
        "plugins/test/plugin.yaml",
        Refuses,
        &["SCH006", "flowbot/version-missing"],
        "",
    ),
    (
        "dispatch",
        "dispatch/channels/discord/channel-plugin.json",
        "channels/a/channel-plugin.json",
        Accepts,
        &[],
        "",
    ),
    (
        "dispatch",
        "dispatch/channels/email/channel-plugin.json",
        "channels/a/channel-plugin.json",
        Accepts,
        &["dispatch/network-wildcard"],
        WILDCARD,
    ),
    (
        "dispatch",
        "dispatch/channels/gmail/channel-plugin.json",
        "channels/a/channel-plugin.json",
        Accepts,
        &[],
        "",
    ),
    (
        "dispatch",
        "dispatch/channels/slack/channel-plugin.json",
        "channels/a/channel-plugin.json",
        Accepts,
        &[],
        "",
    ),
    (
        "dispatch",
        "dispatch/channels/telegram/channel-plugin.json",
        "channels/a/channel-plugin.json",
        Accepts,
        &[],
        "",
    ),
    (
        "dispatch",
        "dispatch/channels/webhook/channel-plugin.json",
        "channels/a/channel-plugin.json",
        Accepts,
        &["dispatch/network-wildcard"],
        WILDCARD,
    ),
    (
        "dispatch",
        "dispatch/courier/seren-cloud/courier-plugin.json",
        "courier-plugin.json",
        Accepts,
        &["dispatch/legacy-plugin"],
        "a warning: the manifest limits nothing",
    ),
    (
        "ironclaw",
        "ironclaw/capabilities/channels-discord.capabilities.json",
        "a.capabilities.json",
        Accepts,
        &[],
        "",
    ),
    (
        "ironclaw",
        "ironclaw/capabilities/channels-slack.capabilities.json",
        "a.capabilities.json",
        Accepts,
        &[],
        "",
    ),
    (
        "ironclaw",
        "ironclaw/capabilities/channels-telegram.capabilities.json",
        "a.capabilities.json",
        Accepts,
        &[],
        "",
    ),
    (
        "ironclaw",
        "ironclaw/capabilities/tools-composio-tool.capabilities.json",
        "a.capabilities.json",
        Accepts,
        &[],
        "",
    ),
    (
        "ironclaw",
        "ironclaw/capabilities/tools-github-tool.capabilities.json",
        "a.capabilities.json",
        Accepts,
        &[],
        "",
    ),
    (
        "ironclaw",
        "ironclaw/capabilities/tools-gmail-tool.capabilities.json",
        "a.capabilities.json",
        Accepts,
        &[],
        "",
    ),
    (
        "ironclaw",
        "ironclaw/capabilities/tools-portfolio-tool.capabilities.json",
        "a.capabilities.json",
        Accepts,
        &[],
        "",
    ),
    (
        "ironclaw",
        "ironclaw/registry/channels-slack.json",
        "registry/channels/slack.json",
        Accepts,
        &["ironclaw/artifact-other-version"],
        "a warning: the name of the file contains another version",
    ),
    (
        "ironclaw",
        "ironclaw/registry/mcp-servers-notion.json",
        "registry/mcp-servers/notion.json",
        Accepts,
        &[],
        "",
    ),
    ("ironclaw", "ironclaw/registry/tools-github.json", "registry/tools/github.json", Accepts, &[], ""),
];

/// The corpus, if it is here.
fn corpus() -> Option<std::path::PathBuf> {
    let found =
        std::env::var_os("ID_GUARD_CORPUS").map(std::path::PathBuf::from).filter(|path| path.is_dir());
    if found.is_none() {
        skip("real manifests: ID_GUARD_CORPUS is not set");
    }
    found
}

fn found_rules(pack: &str, settings: &str, files: &[(&Path, &str)]) -> Vec<String> {
    let scripted = repository(pack, settings);
    for (from, to) in files {
        scripted.write(to, std::fs::read(from).unwrap());
    }
    let mut rules: Vec<String> = doctor(&scripted).iter().map(|finding| finding.rule().to_string()).collect();
    rules.sort();
    rules
}

#[test]
fn real_manifests_get_the_verdict_of_their_program_or_a_stricter_one() {
    let Some(corpus) = corpus() else { return };
    let mut problems = Vec::new();
    for (pack, file, path, program, expected, reason) in TABLE {
        let rules = found_rules(pack, "", &[(&corpus.join(file), path)]);
        if rules != *expected {
            problems.push(format!("{file}: expected {expected:?}, found {rules:?}"));
        }
        let is_stricter = *program == Accepts && !expected.is_empty();
        assert_eq!(is_stricter, !reason.is_empty(), "{file}: a stricter verdict has a reason");
        assert!(*program == Accepts || !expected.is_empty(), "{file}: what its program refuses is reported");
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn published_catalogs_resolve_paths_from_the_root_of_the_repository() {
    let Some(corpus) = corpus() else { return };
    let channels = ["discord", "email", "gmail", "slack", "telegram", "webhook"];
    let manifests: Vec<_> = channels
        .iter()
        .map(|name| {
            let path = format!("channels/{name}/channel-plugin.json");
            (corpus.join("dispatch").join(&path), path)
        })
        .collect();
    let catalog = corpus.join("dispatch/catalog/extensions.json");
    let mut files: Vec<(&Path, &str)> =
        manifests.iter().map(|(from, to)| (from.as_path(), to.as_str())).collect();
    files.push((&catalog, "catalog/extensions.json"));
    let count = |rules: &[String], rule: &str| rules.iter().filter(|found| *found == rule).count();
    // The program resolves no path of a catalog before an installation.
    let strict = found_rules("dispatch", "", &files);
    assert_eq!((count(&strict, "dispatch/manifest-path"), count(&strict, "dispatch/source-dir")), (8, 8));
    // Two of the eight manifests are not in the corpus.
    let from_root = found_rules("dispatch", "paths: root", &files);
    assert_eq!(
        (count(&from_root, "dispatch/manifest-path"), count(&from_root, "dispatch/source-dir")),
        (2, 2)
    );
    assert_eq!(count(&from_root, "dispatch/network-wildcard"), 4);
    assert_eq!(from_root.len(), 8, "{from_root:?}");
    // Before catalogs had ids.
    let early = corpus.join("dispatch/history/2026-04-18-28aa029.extensions.json");
    let rules = found_rules("dispatch", "paths: root", &[(&early, "catalog/extensions.json")]);
    assert_eq!(count(&rules, "dispatch/catalog-id"), 1);
    assert_eq!(count(&rules, "SCH006"), 0);
}
