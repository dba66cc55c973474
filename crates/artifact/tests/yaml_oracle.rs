//! serde_yaml as an independent oracle: it agrees on every document that the strict reader accepts, and reads back what we write.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test reads the sources and the environment"
)]

use std::path::{Path, PathBuf};

use artifact::{Claims, IdCard, Kind, Limits, Syntax, Value, parse, scalar};
use proptest::prelude::*;
use serde_yaml::Value as Yaml;

/// Compares values; `None` if they are equal, else the JSON pointer of the first difference.
fn difference(ours: &Value, theirs: &Yaml, pointer: &str) -> Option<String> {
    let equal = match (&ours.kind, theirs) {
        (Kind::Null, Yaml::Null) => true,
        (Kind::Bool(a), Yaml::Bool(b)) => a == b,
        (Kind::Integer(a), Yaml::Number(b)) => b.as_i64() == Some(*a),
        (Kind::Number(a), Yaml::Number(b)) => a.parse::<f64>().ok() == b.as_f64(),
        (Kind::String(a), Yaml::String(b)) => a == b,
        (Kind::List(a), Yaml::Sequence(b)) if a.len() == b.len() => {
            return a
                .iter()
                .zip(b)
                .enumerate()
                .find_map(|(at, (a, b))| difference(a, b, &format!("{pointer}/{at}")));
        }
        (Kind::Map(a), Yaml::Mapping(b)) if a.len() == b.len() => {
            return a.entries().find_map(|entry| {
                let pointer = format!("{pointer}/{}", artifact::escape(&entry.key.name));
                match b.get(entry.key.name.as_str()) {
                    Some(other) => difference(&entry.value, other, &pointer),
                    None => Some(pointer),
                }
            });
        }
        _ => false,
    };
    (!equal).then(|| pointer.to_string())
}

/// Compares both readers; `None` if ours rejects the document; then the other is not compared.
fn compare(text: &str) -> Option<Result<(), String>> {
    let ours = parse(Syntax::Yaml, text.as_bytes(), &Limits::default()).ok()?;
    Some(match serde_yaml::from_str::<Yaml>(text) {
        // Its parser reads the integer, but its value type has no place for it.
        Err(error) if error.to_string().contains("as u128") || error.to_string().contains("as i128") => {
            Ok(())
        }
        Err(error) => Err(format!("serde_yaml rejects it: {error}")),
        Ok(theirs) => match difference(&ours, &theirs, "") {
            None => Ok(()),
            Some(pointer) => Err(format!("the values differ at `{pointer}`")),
        },
    })
}

fn is_yaml(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// Collects the YAML documents below a directory: files, and the sections of rule cases.
fn documents(directory: &Path, found: &mut Vec<(String, String)>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_symlink() || matches!(name.as_str(), "target" | ".git") {
            continue;
        }
        if path.is_dir() {
            documents(&path, found);
        } else if is_yaml(&name) {
            found.extend(std::fs::read_to_string(&path).ok().map(|text| (path.display().to_string(), text)));
        } else if path.parent().is_some_and(|parent| parent.ends_with("cases")) {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            for section in text.split("\n-- ").skip(1) {
                let (title, body) = section.split_once(" --\n").unwrap_or((section, ""));
                if is_yaml(title) {
                    found.push((format!("{}: {title}", path.display()), format!("{body}\n")));
                }
            }
        }
    }
}

fn agrees_below(directory: &Path) -> usize {
    let mut found = Vec::new();
    documents(directory, &mut found);
    let results = found.iter().filter_map(|(name, text)| Some((name, compare(text)?)));
    let (agreed, failed): (Vec<_>, Vec<_>) = results.partition(|(_, result)| result.is_ok());
    let failed: Vec<String> =
        failed.iter().map(|(name, result)| format!("{name}: {}", result.clone().unwrap_err())).collect();
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), found.len(), failed.join("\n"));
    agreed.len()
}

#[test]
fn documents_of_the_repository_have_the_same_value() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let agreed = agrees_below(root);
    assert!(agreed > 300, "only {agreed} documents were compared");
}

#[test]
fn documents_of_the_corpus_have_the_same_value() {
    let Some(corpus) = std::env::var_os("ID_GUARD_CORPUS") else {
        eprintln!("skipped: ID_GUARD_CORPUS is not set");
        return;
    };
    let agreed = agrees_below(Path::new(&corpus));
    assert!(agreed > 0, "the corpus contains no YAML document that the strict reader accepts");
}

/// Values as block or flow YAML, with plain scalars of every spelling.
fn any_document() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        "[-+0-9a-zA-Z_.:/~<=]{1,8}",
        "-?(0|[1-9][0-9]{0,19})(\\.[0-9]{1,4})?([eE][-+]?[0-9]{1,2})?",
        "(true|false|null|True|NO|on|~|0x1F|0o17|1_000|12:30|2026-11-20|\\.inf|\\.nan|<<)",
        any::<String>().prop_map(|text| scalar::write(&text)),
        "\"([a-z #:]|\\\\n|\\\\u00e9|\\\\x41){0,8}\"",
        "'[a-z #:\"]{0,8}'",
    ];
    let flow = scalar.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|list| format!("[{}]", list.join(", "))),
            prop::collection::vec(("[a-z]{1,4}", inner), 0..4).prop_map(|map| {
                let entries: Vec<String> =
                    map.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
                format!("{{{}}}", entries.join(", "))
            }),
        ]
    });
    let line = (0usize..4, "([a-z]{1,3}: |- |- [a-z]: |\\? |[a-z]: \\||[a-z]: >-|# |)", flow);
    let line = line.prop_map(|(depth, start, value)| format!("{}{start}{value}\n", "  ".repeat(depth)));
    prop::collection::vec(line, 1..6).prop_map(|lines| lines.concat())
}

/// At least 1,000 cases; PROPTEST_CASES asks for more.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { failure_persistence: None, cases: default.cases.max(1_000), ..default }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn accepted_documents_have_the_same_value(text in any_document()) {
        if let Some(result) = compare(&text) {
            prop_assert_eq!(result, Ok(()), "{}", text);
        }
    }

    #[test]
    fn accepted_text_has_the_same_value(text in "[\\[\\]{}:,\"'|>%#?\\- \nab0-9~\\\\.]{0,40}") {
        if let Some(result) = compare(&text) {
            prop_assert_eq!(result, Ok(()), "{:?}", text);
        }
    }

    #[test]
    fn written_scalars_are_read_back(text in any::<String>()) {
        let yaml = format!("a: {}\n", scalar::write(&text));
        let read: Yaml = serde_yaml::from_str(&yaml).unwrap();
        prop_assert_eq!(read.get("a").and_then(Yaml::as_str), Some(text.as_str()), "{}", yaml);
    }

    #[test]
    fn written_cards_are_read_back(owner in "\\PC{1,20}", notes in any::<String>(), key in "[A-Z]{1,8}|NO|\\PC{0,8}") {
        let claims = Claims { owner: owner.clone(), key: key.clone(), ..Claims::default() };
        let card = IdCard { claims, created_at: "2026-11-20T23:12:00Z".into(), visibility: "public".into(), notes: notes.clone() };
        let text = card.write(Some("card.schema.json"));
        let read: Yaml = serde_yaml::from_str(&text).unwrap();
        for (name, value) in [("owner", &owner), ("notes", &notes), ("key", &key), ("created_at", &card.created_at)] {
            prop_assert_eq!(read.get(name).and_then(Yaml::as_str), Some(value.as_str()), "{}\n{}", name, text);
        }
        prop_assert_eq!(compare(&text), Some(Ok(())));
    }
}
