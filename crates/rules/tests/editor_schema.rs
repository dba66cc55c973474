//! The schemas for editors accept what the readers of policy and waivers accept, and refuse the keys that they do not know.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot be set up has failed")]

use std::path::{Path, PathBuf};

use artifact::{Limits, Syntax, Value, parse};
use policy::{Policy, policy_schema, waivers_schema};
use schema::Schema;
use snapshot::{Memory, Mode, RepoPath};

const POLICY: &str = "policy-packs/policy.yaml";
const WAIVERS: &str = "policy-packs/waivers.yaml";

fn read(text: &str, syntax: Syntax) -> Option<Value> {
    parse(syntax, text.as_bytes(), &Limits::default()).ok()
}

fn compile(text: &str) -> Schema {
    Schema::compile(&read(text, Syntax::Json).expect("the schema is JSON")).expect("the schema is valid")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The texts of a file in the cases of the rules, the fixtures of the presets, and the pages.
fn texts(path: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut pending = vec![root().join("crates/rules/src"), root().join("tests/presets")];
    while let Some(directory) = pending.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let file = entry.unwrap().path();
            if file.is_dir() {
                pending.push(file);
            } else if file.extension().is_some_and(|extension| extension == "txt") {
                let text = std::fs::read_to_string(&file).unwrap();
                let sections = text.split("\n-- ").filter_map(|section| section.split_once(" --\n"));
                let own = sections.filter(|(head, _)| head.ends_with(path));
                found.extend(own.map(|(_, body)| (file.display().to_string(), format!("{body}\n"))));
            }
        }
    }
    found.sort();
    found
}

/// Returns whether the reader accepts a policy; the packs that it names need not exist here.
fn is_accepted(text: &str) -> bool {
    let Some(value) = read(text, Syntax::Yaml) else { return false };
    let packs = value.pointer("/packs").and_then(Value::as_list).unwrap_or_default();
    let mut tree = Memory::new();
    for name in packs.iter().filter_map(|pack| pack.pointer("/name")?.as_str()) {
        let pack = format!("schema_version: 1\nname: {name}\nversion: 1.0.0\n");
        let path = format!("policy-packs/{name}/pack.yaml");
        tree.insert(RepoPath::from(path.as_str()), Mode::File, pack.into_bytes());
    }
    tree.insert(RepoPath::from(POLICY), Mode::File, text.as_bytes().to_vec());
    Policy::load_unpinned(&tree).is_ok()
}

#[test]
fn every_policy_of_the_repository_and_the_fixtures_is_accepted() {
    let schema = compile(&policy_schema());
    let mut all = texts(POLICY);
    let own = std::fs::read_to_string(root().join(POLICY)).unwrap();
    all.push((POLICY.into(), own));
    let page = std::fs::read_to_string(root().join("docs/policy.md")).unwrap();
    let example = page.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    all.push(("docs/policy.md".into(), example.into()));
    let mut accepted = 0;
    for (name, text) in all {
        if !is_accepted(&text) {
            continue;
        }
        accepted += 1;
        let problems = schema.check(&read(&text, Syntax::Yaml).unwrap());
        assert!(problems.is_empty(), "{name}: {problems:#?}\n{text}");
    }
    assert!(accepted >= 60, "only {accepted} policies are valid");
}

#[test]
fn the_entries_of_every_pack_are_accepted() {
    let schema = compile(&policy_schema());
    let registries = root().join("policy-packs/registries");
    let mut packs: Vec<PathBuf> =
        std::fs::read_dir(registries).unwrap().map(|entry| entry.unwrap().path()).collect();
    packs.push(root().join("policy-packs/baseline"));
    for pack in packs {
        let text = std::fs::read_to_string(pack.join("pack.yaml")).unwrap();
        let paths = text.split_once("\npaths:\n").unwrap().1;
        let paths: String = paths
            .lines()
            .take_while(|line| line.starts_with([' ', '#']))
            .map(|line| format!("{line}\n"))
            .collect();
        let policy = format!("schema_version: 1\npaths:\n{paths}");
        let problems = schema.check(&read(&policy, Syntax::Yaml).unwrap());
        assert!(problems.is_empty(), "{}: {problems:#?}", pack.display());
    }
}

#[test]
fn unknown_keys_are_refused_where_the_reader_refuses_them() {
    let schema = compile(&policy_schema());
    for text in [
        "pats: []",
        "packs: [{name: a, version: 1.0.0, sha: x}]",
        "structure: {plugin: []}",
        "structure: {modules: [{path: a, plugin: []}]}",
        "core: {version: []}",
        "ledger: {orign: a}",
        "tags: {plugins: none}",
        "writer: {mail: a}",
        "levels: {card-chnged: warn}",
        "levels: {card-changed: error}",
        "security: {memory: 1}",
        "quality: {coverage: maybe}",
        "performance: {p95_ms: -1}",
        "cards: free",
        "paths: [{mtch: a, discipline: frozen}]",
        "paths: [{match: a, discipline: frozn}]",
        "paths: [{match: a, unit: b, discipline: frozen}]",
        "paths: [{match: a, discipline: sealed}]",
        "paths: [{unit: a, discipline: frozen}]",
        "paths: [{match: a}]",
        "paths: [{match: a, discipline: frozen, fields: {/a: frozen}}]",
        "paths: [{match: a, discipline: frozen, when: {field: /a}}]",
        "paths: [{match: a, discipline: frozen, when: {field: /a, equals: 1, is: 2}}]",
        "paths: [{match: a, fields: {a: frozen}}]",
        "paths: [{match: a, fields: {/a: increasing calver}}]",
        "paths: [{match: a, fields: {/a: \"forward [x]\"}}]",
        "paths: [{match: a, fields: {/a: frozen}, formt: yaml}]",
        "paths: [{match: a, fields: {/a: frozen}, optional: maybe}]",
        "paths: [{match: a, collection: {key: [/a]}}]",
        "paths: [{match: a, collection: {at: /a, keys: [/a]}}]",
        "paths: [{match: a, collection: {at: /a, elements: {field: {}}}}]",
        "paths: [{match: a, collection: {at: /a, key: [{any: [/a]}]}}]",
        "paths: [{match: a, collection: {at: /a, order: sorted}}]",
    ] {
        let text = format!("schema_version: 1\n{text}\n");
        assert!(!is_accepted(&text), "the reader accepts {text}");
        let value = read(&text, Syntax::Yaml).unwrap_or_else(|| panic!("{text}"));
        assert!(!schema.check(&value).is_empty(), "the schema accepts {text}");
    }
}

#[test]
fn disciplines_in_every_form_are_accepted() {
    let schema = compile(&policy_schema());
    for discipline in [
        "once",
        "once-while /b",
        "frozen-while /b/~1c",
        "increasing",
        "increasing pep440",
        "increasing unless /b rose",
        "increasing date unless /b rose",
        "forward [draft, final]",
        "{forward: [draft, final]}",
    ] {
        let text = format!(
            "schema_version: 1\npaths: [{{match: x, fields: {{/a: \"{discipline}\", /b: increasing}}}}]\n"
        );
        let text = text.replace("\"{", "{").replace("}\"", "}");
        assert!(is_accepted(&text), "{text}");
        let problems = schema.check(&read(&text, Syntax::Yaml).unwrap());
        assert!(problems.is_empty(), "{text}: {problems:#?}");
    }
}

#[test]
fn every_property_of_the_schemas_is_described() {
    for text in [policy_schema(), waivers_schema()] {
        let schema = read(&text, Syntax::Json).unwrap();
        let mut pending = vec![("", &schema)];
        let mut described = 0;
        while let Some((name, value)) = pending.pop() {
            let Some(map) = value.as_map() else {
                pending.extend(value.as_list().unwrap_or_default().iter().map(|value| ("", value)));
                continue;
            };
            for entry in map.entries() {
                let is_property = name == "properties" && entry.value.as_map().is_some();
                // An alternative repeats a property only to restrict it.
                let restricts = ["const", "enum"].iter().any(|word| entry.value.get(word).is_some());
                if is_property && entry.value.get("description").is_none() {
                    assert!(restricts, "{} has no description", entry.key.name);
                }
                described += usize::from(is_property);
                pending.push((&entry.key.name, &entry.value));
            }
        }
        assert!(described > 6, "{described}");
    }
}

#[test]
fn waivers_are_accepted_and_their_unknown_keys_refused() {
    let schema = compile(&waivers_schema());
    let waiver = "code: IMM001, path: a, reason: r, owner: o, until: \"2027-01-01\"";
    let problems = |entry: &str| {
        let text = format!("schema_version: 1\nwaivers: [{{{entry}}}]\n");
        schema.check(&read(&text, Syntax::Yaml).unwrap()).len()
    };
    assert_eq!(problems(waiver), 0);
    assert_eq!(problems(&waiver.replace("IMM001", "card-changed")), 0);
    for wrong in [
        waiver.replace("IMM001", "IMM999"),
        waiver.replace("owner: o, ", ""),
        format!("{waiver}, commits: x"),
        waiver.replace("2027-01-01", "soon"),
    ] {
        assert!(problems(&wrong) > 0, "{wrong}");
    }
    let mut valid = 0;
    for (name, text) in texts(WAIVERS) {
        let mut tree = Memory::new();
        tree.insert(RepoPath::from(WAIVERS), Mode::File, text.as_bytes().to_vec());
        if Policy::waivers_of(&tree).is_ok() {
            valid += 1;
            let problems = schema.check(&read(&text, Syntax::Yaml).unwrap());
            assert!(problems.is_empty(), "{name}: {problems:#?}");
        }
    }
    assert!(valid >= 3, "{valid}");
}
