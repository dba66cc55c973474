//! Which files are manifests of which dialect, and what their schemas find.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use dialect::{Discovery, Facts, RepositoryFacts, Role, Schemas, discover, row};
use policy::Policy;
use snapshot::{Memory, Mode, RepoPath};

/// Three systems: files below `plugins/`, directories with `addon.yaml`, and `manifest.json` beside `mix.exs`.
const PACKS: [(&str, &str); 3] = [
    (
        "files",
        "dialect:\n  match: [\"plugins/**/*.yaml\", \"plugins/**/*.json\"]\n  identity: /name\n  artifact: {identity: /name, version: /version}\n  schema: {by: /schema_version, v1: one.json}\n  list: {columns: {kind: /kind, tags: /tags, names: \"/parts/*/name\"}}\nfacts: {same_name: same(/name)}\n",
    ),
    (
        "folders",
        "dialect: {match: \"plugins/*/addon.yaml\", unit: folder, identity: dirname, artifact: {identity: dirname}}\n",
    ),
    (
        "mixed",
        "dialect: {match: \"**/manifest.json\", unit: folder, when: {present: [mix.exs], absent: [plugin.spec.json]}, identity: /id, artifact: {identity: /id}}\n",
    ),
];

const SCHEMA: &str = r#"{"type": "object", "required": ["schema_version", "name"], "properties": {"name": {"type": "string"}}}"#;

fn tree(files: &[(&str, &str)]) -> Memory {
    let mut memory = Memory::new();
    let mut policy = "schema_version: 1\npacks:\n".to_string();
    for (name, dialect) in PACKS {
        policy += &format!("  - {{name: {name}, version: 1.0.0}}\n");
        let pack = format!("schema_version: 1\nname: {name}\nversion: 1.0.0\n{dialect}");
        memory = memory.with(&format!("policy-packs/{name}/pack.yaml"), &pack);
    }
    memory = memory.with("policy-packs/policy.yaml", &policy).with("policy-packs/files/one.json", SCHEMA);
    files.iter().fold(memory, |memory, (path, text)| memory.with(path, text))
}

fn found(discovery: &Discovery<'_>) -> Vec<String> {
    let shown = |found: &dialect::FoundManifest<'_>| {
        let role = if found.role == Role::InsidePlugin { " inside a plugin" } else { "" };
        format!("{} {}{role}", found.dialect.pack, String::from_utf8_lossy(found.node.path.as_bytes()))
    };
    discovery.manifests.iter().map(shown).collect()
}

#[test]
fn each_file_has_one_owner() {
    let tree = tree(&[
        ("plugins/a.yaml", "name: a"),
        ("plugins/deep/er/b.yaml", "name: b"),
        // The directory belongs to its manifest: other files in it are not manifests.
        ("plugins/addon/addon.yaml", "x: 1"),
        ("plugins/addon/config.yaml", "x: 1"),
        ("plugins/addon/more/config.yaml", "x: 1"),
        // A plugin with a spec owns its directory, whatever it contains.
        ("plugins/own/plugin.spec.json", "{}"),
        ("plugins/own/manifest.json", "{}"),
        ("plugins/own/mix.exs", ""),
        ("plugins/own/conformance/case.yaml", "name: c"),
        // With `mix.exs` beside it, the pattern with a literal name wins.
        ("plugins/mixed/manifest.json", "{\"id\": \"m\"}"),
        ("plugins/mixed/mix.exs", ""),
        ("plugins/plain/manifest.json", "{\"name\": \"p\"}"),
        ("docs/other.yaml", "name: d"),
        // Packs contain manifests as cases.
        ("policy-packs/mixed/cases/x/manifest.json", "{}"),
        ("policy-packs/mixed/cases/x/mix.exs", ""),
    ]);
    let policy = Policy::load(&tree).unwrap();
    let discovery = discover(&tree, &policy, None).unwrap();
    assert_eq!(
        found(&discovery),
        [
            "files plugins/a.yaml",
            "folders plugins/addon/addon.yaml",
            "files plugins/deep/er/b.yaml",
            "mixed plugins/mixed/manifest.json",
            "files plugins/plain/manifest.json",
        ]
    );
    assert!(discovery.conflicts.is_empty());
    let claimed = discovery.claimed();
    for (path, expected) in [
        ("plugins/a.yaml", true),
        ("plugins/addon", true),
        ("plugins/addon/more/config.yaml", true),
        ("plugins/deep", false),
        ("plugins/own/manifest.json", false),
    ] {
        assert_eq!(claimed.contains(&RepoPath::from(path)), expected, "{path}");
    }
    assert!(
        claimed.reaches(&RepoPath::from("plugins/deep")) && !claimed.reaches(&RepoPath::from("plugins/own"))
    );
}

#[test]
fn a_literal_name_inside_a_plugin_is_no_second_artifact() {
    let tree = tree(&[("plugins/own/plugin.spec.json", "{}"), ("plugins/own/addon.yaml", "x: 1")]);
    let policy = Policy::load(&tree).unwrap();
    let discovery = discover(&tree, &policy, None).unwrap();
    assert_eq!(found(&discovery), ["folders plugins/own/addon.yaml inside a plugin"]);
    assert!(discovery.claimed().is_empty());
}

#[test]
fn a_spec_outside_the_layout_and_a_spec_that_is_no_file_own_nothing() {
    let manifests = [
        ("plugins/a.yaml", "name: a"),
        ("plugins/deep/er/b.yaml", "name: b"),
        ("zz/mixed/manifest.json", "{\"id\": \"m\"}"),
        ("zz/mixed/mix.exs", ""),
    ];
    let expected = ["files plugins/a.yaml", "files plugins/deep/er/b.yaml", "mixed zz/mixed/manifest.json"];
    for spec in [
        "plugin.spec.json",
        "plugins/plugin.spec.json",
        "plugins/deep/er/plugin.spec.json",
        "zz/plugin.spec.json",
        "zz/mixed/plugin.spec.json",
    ] {
        let tree = tree(&manifests).with(spec, "{}");
        let policy = Policy::load(&tree).unwrap();
        assert_eq!(found(&discover(&tree, &policy, None).unwrap()), expected, "{spec}");
        assert_eq!(found(&discover(&tree, &policy, Some(&tree)).unwrap()), expected, "{spec}");
    }
    let mut linked = tree(&manifests);
    linked.insert(RepoPath::from("plugins/deep/plugin.spec.json"), Mode::Link, b"../a.yaml".to_vec());
    let policy = Policy::load(&linked).unwrap();
    assert_eq!(found(&discover(&linked, &policy, None).unwrap()), expected);
    // A spec of the layout owns its own directory, and no other.
    let own = tree(&manifests).with("plugins/deep/plugin.spec.json", "{}");
    assert_eq!(found(&discover(&own, &policy, None).unwrap()), [expected[0], expected[2]]);
}

#[test]
fn a_manifest_does_not_hide_those_of_another_dialect_in_its_directory() {
    let pack = "schema_version: 1\nname: folders\nversion: 1.0.0\ndialect: {match: [\"plugins/*/addon.yaml\", \"*/addon.yaml\"], unit: folder, identity: dirname, artifact: {identity: dirname}}\n";
    let tree = tree(&[
        ("plugins/addon.yaml", "x: 1"),
        ("plugins/a.yaml", "schema_version: v1\nname: a"),
        ("plugins/deep/er/b.yaml", "schema_version: v9\nname: b"),
        ("plugins/deep/er/config.yaml", "name: no manifest"),
        ("plugins/deep/er/broken.yaml", "a: ["),
    ])
    .with("policy-packs/folders/pack.yaml", pack);
    let policy = Policy::load(&tree).unwrap();
    let discovery = discover(&tree, &policy, None).unwrap();
    let shown: Vec<_> = discovery
        .conflicts
        .iter()
        .map(|conflict| {
            (
                conflict.path.clone(),
                conflict.dialects.map(|dialect| dialect.pack.as_str()),
                conflict.owner.clone(),
            )
        })
        .collect();
    let owner = Some(RepoPath::from("plugins/addon.yaml"));
    assert_eq!(
        shown,
        ["plugins/a.yaml", "plugins/deep/er/b.yaml"].map(|path| (
            RepoPath::from(path),
            ["folders", "files"],
            owner.clone()
        ))
    );
}

#[test]
fn a_directory_that_is_too_deep_is_an_error_and_no_end_of_the_search() {
    let deep = |depth: usize| format!("{}manifest.json", "d/".repeat(depth));
    for (depth, is_error) in [(64, false), (65, true), (200, true)] {
        let path = deep(depth);
        let tree = tree(&[(path.as_str(), "{}")]).with(&path.replace("manifest.json", "mix.exs"), "");
        let policy = Policy::load(&tree).unwrap();
        match discover(&tree, &policy, None) {
            Ok(discovery) => assert!(!is_error && discovery.manifests.len() == 1, "{depth}"),
            Err(error) => {
                let message = error.to_string();
                assert!(
                    is_error && message.contains("depth") && message.contains("the limit is 64"),
                    "{message}"
                );
            }
        }
    }
}

#[test]
fn a_directory_that_was_a_plugin_stays_one() {
    let former = tree(&[("plugins/own/plugin.spec.json", "{}"), ("plugins/own/x.yaml", "name: x")]);
    let tree = tree(&[("plugins/own/x.yaml", "name: x")]);
    let policy = Policy::load(&tree).unwrap();
    assert_eq!(discover(&tree, &policy, Some(&former)).unwrap().manifests.len(), 0);
    assert_eq!(discover(&tree, &policy, None).unwrap().manifests.len(), 1);
}

#[test]
fn two_dialects_that_remain_are_a_conflict() {
    let tree = tree(&[("plugins/x/addon.yaml", "x: 1")])
        .with("policy-packs/policy.yaml", "schema_version: 1\npacks: [{name: folders, version: 1.0.0}, {name: twice, version: 1.0.0}]\n")
        .with("policy-packs/twice/pack.yaml", "schema_version: 1\nname: twice\nversion: 1.0.0\ndialect: {match: \"**/addon.yaml\", identity: stem}\n");
    let policy = Policy::load(&tree).unwrap();
    let discovery = discover(&tree, &policy, None).unwrap();
    let [conflict] = discovery.conflicts.as_slice() else { panic!("one conflict") };
    assert_eq!(conflict.dialects.map(|dialect| dialect.pack.as_str()), ["folders", "twice"]);
    assert_eq!(discovery.manifests.len(), 1, "the file is listed once");
}

#[test]
fn keys_decide_between_dialects_and_what_cannot_be_read_belongs_to_its_pattern() {
    let pack = "schema_version: 1\nname: folders\nversion: 1.0.0\ndialect: {match: \"x/*.json\", when: {keys: [/id], missing: [/old]}, identity: /id}\n";
    let tree = tree(&[
        ("x/a.json", "{\"id\": 1}"),
        ("x/b.json", "{}"),
        ("x/c.json", "{\"id\": 1, \"old\": 1}"),
        ("x/d.json", "{"),
    ])
    .with("policy-packs/folders/pack.yaml", pack);
    let policy = Policy::load(&tree).unwrap();
    assert_eq!(found(&discover(&tree, &policy, None).unwrap()), ["folders x/a.json", "folders x/d.json"]);
}

/// Returns the problems of a manifest `plugins/a.yaml`.
fn problems(text: &str) -> Vec<String> {
    let tree = tree(&[("plugins/a.yaml", text)]);
    let policy = Policy::load(&tree).unwrap();
    let discovery = discover(&tree, &policy, None).unwrap();
    let repository = RepositoryFacts::new(&tree, &discovery, None);
    let manifest = discovery.manifests[0].open(&tree).unwrap();
    let dialect = discovery.manifests[0].dialect;
    let schemas = Schemas::compile(&policy).unwrap_or_else(|(path, problem)| panic!("{path:?}: {problem}"));
    let verdict = schemas.check(dialect, &manifest, &Facts::of(&repository, dialect, &manifest)).unwrap();
    let shown = |problem: &artifact::Problem| format!("{}: {}", problem.pointer, problem.message);
    let end = verdict.is_final.then(|| "no rule runs".to_string());
    verdict.problems.iter().map(shown).chain(end).collect()
}

#[test]
fn the_version_of_a_manifest_chooses_its_schema() {
    assert_eq!(problems("schema_version: v1\nname: a\n"), [""; 0]);
    assert_eq!(
        problems("schema_version: v2\nnmae: a\n"),
        ["/schema_version: unknown schema_version \"v2\"; known: v1", "no rule runs"]
    );
    assert_eq!(problems("name: a\n"), ["/schema_version: missing field `schema_version`"]);
    assert_eq!(problems("schema_version: v1\nname: 7\n"), ["/name: expected a string, found an integer"]);
    assert_eq!(problems("a: [\n").len(), 2, "why it cannot be read, and that no rule runs");
}

#[test]
fn what_is_no_file_is_a_manifest_that_cannot_be_read() {
    let mut tree = tree(&[]);
    tree.insert(RepoPath::from("plugins/a.yaml"), Mode::Link, b"b.yaml".to_vec());
    let policy = Policy::load(&tree).unwrap();
    let discovery = discover(&tree, &policy, None).unwrap();
    let manifest = discovery.manifests[0].open(&tree).unwrap();
    let message = manifest.document.as_ref().unwrap_err().problem.message.clone();
    assert!(message.ends_with("not a regular file"), "{message}");
}

#[test]
fn a_row_has_the_columns_that_the_manifest_has() {
    let text = "name: a\nversion: 1.10\nkind: importer\ntags: [x, y]\nparts: [{name: p}, {name: q}]\n";
    let tree = tree(&[("plugins/a.yaml", text)]);
    let policy = Policy::load(&tree).unwrap();
    let discovery = discover(&tree, &policy, None).unwrap();
    let found = &discovery.manifests[0];
    let row = row(found.dialect, &found.open(&tree).unwrap());
    assert_eq!((row.identity.as_deref(), row.version.as_deref()), (Some("a"), Some("1.10")));
    let cells: Vec<(&str, String, bool)> =
        row.columns.iter().map(|cell| (cell.name.as_str(), cell.text(), cell.is_list)).collect();
    assert_eq!(
        cells,
        [("kind", "importer".into(), false), ("tags", "x,y".into(), true), ("names", "p,q".into(), true)]
    );
}

#[test]
fn facts_know_the_other_manifests() {
    let tree = tree(&[
        ("plugins/a.yaml", "name: same"),
        ("plugins/b.yaml", "name: same"),
        ("plugins/c.yaml", "name: other"),
        ("plugins/d.yaml", "name: ["),
    ]);
    let policy = Policy::load(&tree).unwrap();
    let discovery = discover(&tree, &policy, None).unwrap();
    let repository = RepositoryFacts::new(&tree, &discovery, None);
    let same: Vec<String> = discovery
        .manifests
        .iter()
        .map(|found| {
            let manifest = repository.open(found).unwrap();
            Facts::of(&repository, found.dialect, &manifest).all().unwrap().0.canonical()
        })
        .collect();
    assert_eq!(
        same,
        [
            "{\"same_name\":[\"plugins/b.yaml\"]}",
            "{\"same_name\":[\"plugins/a.yaml\"]}",
            "{\"same_name\":[]}",
            "{\"same_name\":[]}",
        ]
    );
}
