//! The tolerant reader: what other readers read it reads to the same values, and every position points at the bytes it names.
#![allow(clippy::unwrap_used, reason = "tests")]

use artifact::tolerant::{LIMITS, read};
use artifact::{Format, Kind, Limits, SyntaxError, Value};
use proptest::prelude::*;
use serde_json::Value as Json;
use serde_yaml::Value as Yaml;

fn accept(format: Format, text: &str) -> Value {
    read(format, text.as_bytes(), &LIMITS).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

fn refuse(format: Format, text: &str) -> SyntaxError {
    read(format, text.as_bytes(), &LIMITS).expect_err(text)
}

/// Compares with an independent reader; returns the JSON pointer of the first difference.
fn difference(ours: &Value, theirs: &Yaml, pointer: &str) -> Option<String> {
    // A tag does not change how we read a value.
    if ours.notation.as_ref().is_some_and(|notation| notation.tag.is_some()) {
        return None;
    }
    let equal = match (&ours.kind, theirs) {
        (Kind::Null, Yaml::Null) => true,
        (Kind::Bool(a), Yaml::Bool(b)) => a == b,
        // The core schema reads `012` as 12, they keep the text.
        (Kind::Integer(_) | Kind::Number(_), Yaml::String(b)) => {
            ours.source_text().as_deref() == Some(b) && b.trim_start_matches(['-', '+']).starts_with('0')
        }
        (Kind::Integer(a), Yaml::Number(b)) => b.as_i64() == Some(*a) || b.as_f64() == Some(*a as f64),
        (Kind::Number(a), Yaml::Number(b)) => a.parse::<f64>().ok() == b.as_f64(),
        (Kind::String(a), Yaml::Number(b)) => is_text_for_us(a, b),
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
                let theirs = b.iter().find(|(key, _)| is_key(key, &entry.key.name));
                theirs.map_or(Some(pointer.clone()), |(_, value)| difference(&entry.value, value, &pointer))
            });
        }
        (_, Yaml::Tagged(tagged)) => return difference(ours, &tagged.value, pointer),
        _ => false,
    };
    (!equal).then(|| pointer.to_string())
}

/// Numbers that the core schema does not have, or JSON: our reader keeps the text.
fn is_text_for_us(text: &str, number: &serde_yaml::Number) -> bool {
    let unsigned = text.trim_start_matches(['-', '+']);
    let is_infinite = number.as_f64().is_some_and(|number| !number.is_finite());
    let has_radix = unsigned.starts_with("0b")
        || unsigned != text && unsigned.starts_with(['0']) && unsigned[1..].starts_with(['x', 'o']);
    is_infinite || has_radix
}

/// A key is its source text: `1`, `true` and `~` are keys of those names.
fn is_key(key: &Yaml, name: &str) -> bool {
    match key {
        Yaml::String(text) => text == name,
        Yaml::Null => matches!(name, "" | "~") || name.eq_ignore_ascii_case("null"),
        Yaml::Bool(truth) => name.eq_ignore_ascii_case(&truth.to_string()),
        Yaml::Number(_) => {
            let ours = read(Format::Yaml, name.as_bytes(), &LIMITS).unwrap();
            difference(&ours, key, "").is_none()
        }
        _ => false,
    }
}

/// The inputs that our reader refuses on purpose, by its message.
fn is_excluded(error: &SyntaxError) -> bool {
    let message = &error.message;
    message.starts_with("duplicate key")
        || message.contains("as a key is not supported")
        || message.starts_with("`<<` merges mappings")
        || message.starts_with("nested deeper than")
        || message.starts_with("unescaped character")
}

fn check_yaml(text: &str) -> Result<(), String> {
    let Ok(mut theirs) = serde_yaml::from_str::<Yaml>(text) else { return Ok(()) };
    // An invalid `<<` is refused by our reader, and kept as an ordinary key by theirs.
    let merges = theirs.apply_merge().is_ok();
    match read(Format::Yaml, text.as_bytes(), &LIMITS) {
        Err(error) if is_excluded(&error) => Ok(()),
        Err(error) => Err(format!("refused: {error}")),
        Ok(_) if !merges => Ok(()),
        // A document that is one block scalar: YAML 1.1 ends it at a line without indentation.
        Ok(ours) if ours.as_str().is_some() && is_block(&text[..ours.span.start]) => Ok(()),
        Ok(ours) => {
            check_positions(&ours, text, Format::Yaml);
            difference(&ours, &theirs, "")
                .map_or(Ok(()), |pointer| Err(format!("{pointer:?} differs: {ours:?} {theirs:?}")))
        }
    }
}

/// Reads the bytes of every scalar and key once more: they give the same scalar and key.
fn check_positions(value: &Value, text: &str, format: Format) {
    let bytes = text.get(value.span.clone()).unwrap_or_else(|| panic!("{:?} in {text:?}", value.span));
    match &value.kind {
        Kind::List(list) => list.iter().for_each(|value| check_positions(value, text, format)),
        Kind::Map(map) => map.entries().for_each(|entry| {
            let key = &text[entry.key.span.clone()];
            let is_decoded = key.starts_with(['"', '\'', '*', '|', '>']) || key.contains('\n');
            assert!(is_decoded || key == entry.key.name, "key {key:?} in {text:?}");
            check_positions(&entry.value, text, format);
        }),
        // A block scalar depends on its header and on the indentation around it.
        _ if bytes.contains('\n') || is_block(&text[..value.span.start]) => {}
        Kind::Null if bytes.is_empty() => {}
        _ => {
            let again = match format {
                Format::Toml => read(format, format!("x = {bytes}").as_bytes(), &LIMITS)
                    .map(|v| v.get("x").cloned().unwrap()),
                _ => read(format, bytes.as_bytes(), &LIMITS),
            };
            let again = again.unwrap_or_else(|error| panic!("{bytes:?} in {text:?}: {error}"));
            assert_eq!(again.kind, value.kind, "{bytes:?} in {text:?}");
        }
    }
}

/// Returns whether a string ends with the header of a block scalar.
fn is_block(before: &str) -> bool {
    before.split_whitespace().last().is_some_and(|word| word.contains(['|', '>']))
}

fn yaml_document() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        "[-+]?[0-9a-zA-Z_.:/~<=]{1,8}",
        "-?[0-9]{1,22}(\\.[0-9]{0,4})?([eE][-+]?[0-9]{1,3})?",
        "(true|False|null|Null|NO|on|~||0x1F|0o17|0b1|1_000|12:30|2026-11-20|\\.inf|\\.nan|=)",
        "\"([a-z #:]|\\\\n|\\\\u00e9|\\\\x41){0,8}\"",
        "'[a-z #:\"]{0,8}'",
        "(&a |!!str |!t )[a-z0-9]{1,4}",
    ];
    let flow = scalar.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|list| format!("[{}]", list.join(", "))),
            prop::collection::vec(("([a-z]{1,4}|[1-9])", inner), 0..4).prop_map(|map| {
                let entries: Vec<String> = map.iter().map(|(key, value)| format!("{key}: {value}")).collect();
                format!("{{{}}}", entries.join(", "))
            }),
        ]
    });
    let entry = prop_oneof![
        4 => ("([a-z][a-z0-9~]{0,4}|[1-9]|~)", flow).prop_map(|(key, value)| format!("{key}: {value}")),
        1 => "[a-z]{1,4}".prop_map(|key| format!("{key}: &x {{q: 1}}\n{key}2: {{<<: *x, p: 2}}")),
        1 => "[a-z]{1,4}".prop_map(|key| format!("{key}: |\n  text\n  more")),
        1 => "[a-z]{1,4}".prop_map(|key| format!("{key}:\n  - 1\n  - {{}}")),
    ];
    (prop::collection::vec(entry, 1..5), any::<bool>()).prop_map(|(entries, crlf)| {
        (entries.join("\n") + "\n").replace('\n', if crlf { "\r\n" } else { "\n" })
    })
}

fn json_value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        any::<String>().prop_map(Json::String),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

/// A value that TOML has, and how TOML writes it inline.
fn toml_value() -> impl Strategy<Value = (Json, String)> {
    let string = |text: &str| -> String {
        let escape = |c: char| match c {
            '"' | '\\' => format!("\\{c}"),
            '\u{0}'..='\u{1f}' | '\u{7f}' => format!("\\u{:04X}", c as u32),
            c => c.to_string(),
        };
        format!("\"{}\"", text.chars().map(escape).collect::<String>())
    };
    let leaf = prop_oneof![
        any::<bool>().prop_map(|value| (Json::Bool(value), value.to_string())),
        any::<i64>().prop_map(|value| (Json::from(value), value.to_string())),
        (any::<i32>(), 1u32..1_000).prop_map(|(whole, part)| {
            let text = format!("{whole}.{part}");
            (serde_json::from_str(&text).unwrap(), text)
        }),
        any::<String>().prop_map(move |value| (Json::String(value.clone()), string(&value))),
        "[a-z #=.]{0,6}".prop_map(|value| (Json::String(value.clone()), format!("'{value}'"))),
        Just((Json::String("2026-11-20".into()), "2026-11-20".into())),
    ];
    leaf.prop_recursive(3, 16, 4, move |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4).prop_map(|list| {
            let (values, texts): (Vec<Json>, Vec<String>) = list.into_iter().unzip();
            (Json::Array(values), format!("[{}]", texts.join(", ")))
        });
        let table = prop::collection::btree_map("[a-z]{1,3}", inner, 0..4).prop_map(|table| {
            let texts: Vec<String> = table.iter().map(|(key, (_, text))| format!("{key} = {text}")).collect();
            let values = table.into_iter().map(|(key, (value, _))| (key, value)).collect();
            (Json::Object(values), format!("{{{}}}", texts.join(", ")))
        });
        prop_oneof![list, table]
    })
}

/// A document of TOML: pairs, a table and an array of tables.
fn toml_document() -> impl Strategy<Value = (Json, String)> {
    let pairs = || {
        prop::collection::btree_map("[a-z0-9_-]{1,4}", toml_value(), 0..4).prop_map(|pairs| {
            let line = |(key, (_, value)): (&String, &(Json, String))| format!("{key} = {value} # {key}\n");
            let text: String = pairs.iter().map(line).collect();
            let values: serde_json::Map<String, Json> =
                pairs.into_iter().map(|(key, (value, _))| (key, value)).collect();
            (values, text)
        })
    };
    (pairs(), pairs(), pairs()).prop_map(|((mut document, top), (table, in_table), (element, in_element))| {
        document.insert("Table".into(), Json::Object(table));
        document.insert("Elements".into(), Json::Array(vec![Json::Object(element)]));
        (Json::Object(document), format!("{top}[Table]\n{in_table}[[Elements]]\n{in_element}"))
    })
}

fn same_as_json(ours: &Value, theirs: &Json) -> bool {
    match (&ours.kind, theirs) {
        (Kind::Null, Json::Null) => true,
        (Kind::Bool(a), Json::Bool(b)) => a == b,
        (Kind::Integer(_) | Kind::Number(_), Json::Number(b)) => {
            ours.as_decimal() == artifact::decimal::Decimal::parse(&b.to_string())
        }
        (Kind::String(a), Json::String(b)) => a == b,
        (Kind::List(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_as_json(a, b))
        }
        (Kind::Map(a), Json::Object(b)) => {
            a.len() == b.len()
                && a.entries()
                    .all(|entry| b.get(&entry.key.name).is_some_and(|b| same_as_json(&entry.value, b)))
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn yaml_has_the_values_of_serde_yaml(text in yaml_document()) {
        prop_assert_eq!(check_yaml(&text), Ok(()), "{}", text);
    }

    #[test]
    fn what_both_readers_read_has_one_value(text in "([-?:,\\[\\]{}#!|>'\"%@` a-c0\n~<=]){0,24}") {
        // Inside `[` and `{`, libyaml takes each `?` for a key's indicator; in YAML 1.2, `?a` is a plain scalar.
        let flow = text.find(['[', '{']).map_or("", |at| &text[at..]);
        prop_assume!(flow.split('?').skip(1).all(|after| after.starts_with([' ', '\n'])));
        // libyaml reads some texts that the grammar of YAML 1.2 does not have, such as `''#`.
        let result = check_yaml(&text);
        let only_theirs = result.as_ref().is_err_and(|error| error.starts_with("refused: invalid YAML"));
        prop_assert!(only_theirs || result.is_ok(), "{}: {:?}", text, result);
    }

    #[test]
    fn json_has_the_values_of_serde_json(value in json_value(), pretty in any::<bool>(), bom in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let text = if bom { format!("\u{feff}{text}") } else { text };
        for format in [Format::Json, Format::Jsonc] {
            let ours = accept(format, &text);
            prop_assert!(same_as_json(&ours, &value), "{}", text);
            check_positions(&ours, &text, format);
        }
        if !pretty {
            let lines = accept(Format::JsonLines, &format!("{text}\n\r\n{}\r\n", text.trim_start_matches('\u{feff}')));
            prop_assert!(lines.as_list().unwrap().len() == 2 && lines.as_list().unwrap().iter().all(|line| same_as_json(line, &value)));
        }
    }

    #[test]
    fn toml_has_the_values_that_were_written((value, text) in toml_document(), crlf in any::<bool>()) {
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        let ours = accept(Format::Toml, &text);
        prop_assert!(same_as_json(&ours, &value), "{}", text);
        check_positions(&ours, &text, Format::Toml);
    }

    #[test]
    fn jsonc_has_the_values_of_jsonc_parser(text in "(\\{|\\}|\\[|\\]|,|:|\"[a-c]\"|1|true|null|//x\n|/\\*y\\*/| |\n){1,14}") {
        let ours = read(Format::Jsonc, text.as_bytes(), &LIMITS);
        let options = jsonc_parser::ParseOptions {
            allow_comments: true,
            allow_loose_object_property_names: false,
            allow_trailing_commas: true,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_extended_string_escapes: false,
            allow_non_finite_numbers: false,
        };
        let theirs = jsonc_parser::parse_to_serde_value::<Option<Json>>(&text, &options);
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => prop_assert!(same_as_json(&ours, &theirs.unwrap_or(Json::Null)), "{}", text),
            (Err(error), Ok(Some(_))) => prop_assert!(is_excluded(&error), "{}: {}", text, error),
            (Ok(_), Err(error)) => prop_assert!(false, "only ours reads {}: {}", text, error),
            _ => {}
        }
    }

    #[test]
    fn nothing_panics_and_spans_are_inside(bytes in prop::collection::vec(any::<u8>(), 0..64), text in "[-\\[\\]{}:,\"'#&*!|>%@`~=+.0-9a-z\u{feff}\u{85}\r\n\t ]{0,40}") {
        for (_, format) in Format::NAMES {
            for source in [bytes.as_slice(), text.as_bytes()] {
                match read(format, source, &LIMITS) {
                    Ok(value) => prop_assert!(value.span.end <= source.len()),
                    Err(error) => prop_assert!(error.span.end <= source.len().max(2), "{:?}", error),
                }
            }
        }
    }
}

#[test]
fn toml_has_the_values_of_the_specification() {
    let text = "a = 1_000\nh = 0x1F\nf = 1_0.50\nplus = +1.0\nbig = 9007199254740993\nd = 2024-11-03\nt = 2024-11-03T10:00:00Z\ni = inf\ns = 'x'\nm = \"\"\"\ny\"\"\"\n[v.u]\nk = [1, {z = true}]\n[[bin]]\npath = \"x\"\n[[bin]]\n\"q k\" = 2\n";
    let value = accept(Format::Toml, text);
    check_positions(&value, text, Format::Toml);
    let expected: Json = serde_json::from_str(
        r#"{"a":1000,"h":31,"f":10.50,"plus":1.0,"big":9007199254740993,"d":"2024-11-03","t":"2024-11-03T10:00:00Z","i":"inf","s":"x","m":"y","v":{"u":{"k":[1,{"z":true}]}},"bin":[{"path":"x"},{"q k":2}]}"#,
    )
    .unwrap();
    assert!(same_as_json(&value, &expected), "{value:?}");
}

#[test]
fn equal_means_equal_for_both_yaml_versions() {
    let same = |format, a: &str, b: &str| accept(format, a).same(&accept(format, b));
    for (a, b) in [
        ("1.10", "1.1"),
        ("0x1F", "31"),
        ("+3", "3"),
        ("~", ""),
        ("null", "NULL"),
        ("True", "true"),
        ("word", "\"word\""),
        ("'word'", "\"word\""),
        ("2015-10-27", "2015-10-27"),
        ("on", "on"),
        ("340282366920938463463374607431768211457", "340282366920938463463374607431768211457.0"),
        ("{a: 1, b: 2}", "{b: 2, a: 1}"),
        ("!t 1", "!t 1"),
        ("[&a 1, *a]", "[1, 1]"),
    ] {
        assert!(same(Format::Yaml, a, b), "{a} = {b}");
    }
    for (a, b) in [
        ("2015-10-27", "\"2015-10-27\""),
        ("on", "\"on\""),
        ("on", "true"),
        ("yes", "on"),
        ("012", "12"),
        ("012", "10"),
        ("0o14", "12"),
        ("22:22", "\"22:22\""),
        ("1e5", "100000"),
        ("1_000", "1000"),
        ("1", "\"1\""),
        ("~", "\"~\""),
        ("!t 1", "1"),
        ("!!str 1", "1"),
        ("9007199254740993", "9007199254740992"),
        ("0.1", "0.10000000000000000000000001"),
    ] {
        assert!(!same(Format::Yaml, a, b), "{a} ≠ {b}");
    }
    assert!(same(Format::Json, "1e2", "100.0"));
    assert!(same(Format::Json, "1e400", "10e399") && !same(Format::Json, "1e400", "1e401"));
    assert!(!same(Format::Toml, "d = 2024-11-03", "d = \"2024-11-03\""));
}

#[test]
fn documents_as_people_write_them_are_read() {
    for (format, text, pointer, expected) in [
        (Format::Yaml, "a: 1\r\nb:\r\n  - x\r\n  - z\r\n", "/b/1", "\"z\""),
        (Format::Yaml, "\u{feff}a: 1\n", "/a", "1"),
        (Format::Yaml, "on: push\n", "/on", "\"push\""),
        (Format::Yaml, "y: 2\n1: x\n~: z\n", "/1", "\"x\""),
        (Format::Yaml, "a: x\tb # tab\n", "/a", "\"x\tb\""),
        (Format::Yaml, "%YAML 1.1\n---\na: 1\n", "/a", "1"),
        (Format::Yaml, "a: 1\n---\na: 2\n", "/1/a", "2"),
        (Format::Yaml, "---\na: 1\n...\n", "/a", "1"),
        (Format::YamlStream, "a: 1\n", "/0/a", "1"),
        (Format::Yaml, "b: &b {image: x, cpu: 1}\nw:\n  <<: *b\n  cpu: 2\n", "/w", "{cpu: 2, image: \"x\"}"),
        (Format::Yaml, "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}\n", "/c", "{x: 1, y: 2}"),
        (Format::Yaml, "\"<<\": 1\n", "/<<", "1"),
        (Format::Yaml, "a: &k word\n*k : 1\n", "/word", "1"),
        (Format::Yaml, "sha: 0b661de59e5e083316f6\n", "/sha", "\"0b661de59e5e083316f6\""),
        (Format::Jsonc, "// c\n{\"a\": [1, 2,], /* x */}", "/a", "[1, 2]"),
        (Format::JsonLines, "{\"a\":1}\n\n{\"a\":2}", "/1/a", "2"),
        (Format::FrontMatter, "---\na: 1\n---\n[x](<<<\n", "/a", "1"),
        (Format::FrontMatter, "\u{feff}---\r\na: 1\r\n...\r\ntext", "/a", "1"),
        (Format::FrontMatter, "+++\na = 2024-11-03\n+++\n", "/a", "2024-11-03"),
        (Format::Json, "{\"a\": 123456789012345678901234567890}", "/a", "123456789012345678901234567890"),
    ] {
        let value = accept(format, text);
        assert_eq!(value.pointer(pointer).map(Value::show).as_deref(), Some(expected), "{text:?}");
    }
    assert_eq!(accept(Format::Yaml, "").kind, Kind::Null);
    assert_eq!(accept(Format::Yaml, "# nothing\n").kind, Kind::Null);
    assert_eq!(accept(Format::YamlStream, "").kind, Kind::List(Vec::new()));
    assert_eq!(accept(Format::FrontMatter, "---\n---\n").kind, Kind::Null);
}

#[test]
fn what_cannot_be_read_has_a_reason_and_help() {
    for (format, text, message, help) in [
        (
            Format::Yaml,
            "a: 1\nb: 2\na: 3\n",
            "duplicate key `a`",
            Some("line 3 repeats the key of line 1: remove one of them"),
        ),
        (
            Format::Json,
            "{\"a\":1,\n\"a\":2}",
            "duplicate key `a`",
            Some("line 2 repeats the key of line 1: remove one of them"),
        ),
        (
            Format::Yaml,
            "a: {<<: 1}\n",
            "`<<` merges mappings, found an integer",
            Some("name a mapping, or a list of mappings"),
        ),
        (
            Format::Yaml,
            "a: &a [*a]\n",
            "the alias is inside of the value that it names, so the value has no end",
            Some("name another value, or write it out"),
        ),
        (
            Format::Yaml,
            "? [a]\n: 1\n",
            "an array or a mapping as a key is not supported",
            Some("write a string as the key"),
        ),
        (
            Format::Yaml,
            "a: \u{1}\n",
            "unescaped character U+0001 in YAML",
            Some("write it as an escape in double quotes"),
        ),
        (
            Format::FrontMatter,
            "# x\n",
            "missing front matter",
            Some("start the file with a line `---`, the fields, and another line `---`"),
        ),
        (Format::FrontMatter, "+++\na = 1\n", "front matter is not closed", Some("end it with a line `+++`")),
        (
            Format::Yaml,
            "a: 1\n<<<<<<< HEAD\nb: 2\n=======\n",
            "unresolved merge conflict marker",
            Some("resolve the conflict, and remove the lines `<<<<<<<`, `=======` and `>>>>>>>`"),
        ),
        (Format::Jsonc, "[1] /* ", "unterminated comment", None),
        (Format::Json, "[1,]", "expected a value", None),
        (Format::Json, "// x\n1", "expected a value", None),
    ] {
        let error = refuse(format, text);
        assert_eq!((error.message.as_str(), error.help.as_deref()), (message, help), "{text:?}");
    }
    assert!(refuse(Format::Yaml, "a: *b\n").message.starts_with("invalid YAML"));
    assert!(refuse(Format::Toml, "a = 1\na = 2\n").message.starts_with("invalid TOML: duplicate key"));
    let utf_16 = read(Format::Json, b"\xff\xfe{\0}\0", &LIMITS).unwrap_err();
    assert_eq!(utf_16.message, "the document is UTF-16, not UTF-8");
    assert_eq!(read(Format::Json, b"\"\xff\"", &LIMITS).unwrap_err().message, "the document is not UTF-8");
}

#[test]
fn limits_are_named() {
    let deep = |count: usize, open: &str, close: &str| open.repeat(count) + &close.repeat(count);
    for (format, text) in [
        (Format::Yaml, deep(65, "[", "]")),
        (Format::Json, deep(65, "[", "]")),
        (Format::Toml, format!("a = {}", deep(65, "[", "]"))),
        (Format::Yaml, (0..65).map(|level| format!("{}k:\n", " ".repeat(level))).collect()),
        (Format::Yaml, format!("a: &a {}\nb: {}*a{}", deep(40, "[", "]"), "[".repeat(40), "]".repeat(40))),
    ] {
        assert_eq!(refuse(format, &text).message, "nested deeper than 64 levels", "{text}");
    }
    for (format, text) in [(Format::Yaml, deep(64, "[", "]")), (Format::Json, deep(64, "[", "]"))] {
        accept(format, &text);
    }
    // Each alias doubles the values.
    let mut bomb = "a0: &a0 [x, x]\n".to_string();
    for level in 1..40 {
        bomb.push_str(&format!("a{level}: &a{level} [*a{0}, *a{0}]\n", level - 1));
    }
    assert_eq!(refuse(Format::Yaml, &bomb).message, "more than 100000 values");
    let mut merges =
        format!("a: &a {{{}}}\n", (0..1000).map(|key| format!("k{key}: 1")).collect::<Vec<_>>().join(", "));
    (0..200).for_each(|key| merges.push_str(&format!("m{key}: {{<<: *a}}\n")));
    assert_eq!(refuse(Format::Yaml, &merges).message, "more than 100000 values");
    let nested = (0..60).map(|level| format!("&n{level} [")).collect::<String>()
        + &"x, ".repeat(50_000)
        + &"]".repeat(60);
    assert!(
        refuse(Format::Yaml, &nested).message.starts_with("anchors name more than"),
        "each anchor keeps a copy"
    );
    let small = Limits { bytes: 10, ..LIMITS };
    assert_eq!(
        read(Format::Toml, b"a = 1234567", &small).unwrap_err().message,
        "the document has 11 bytes; the limit is 10"
    );
    for text in [
        "[".repeat(1 << 20),
        "{".repeat(1 << 20),
        "- ".repeat(1 << 19),
        "? ".repeat(1 << 19),
        "&a ".repeat(1 << 18),
        "a.".repeat(1 << 19),
        "[[a]]\n".repeat(150_000),
    ] {
        for (_, format) in Format::NAMES {
            let is_one_word = text.starts_with("a.") && matches!(format, Format::Yaml | Format::YamlStream);
            assert_eq!(
                read(format, text.as_bytes(), &LIMITS).is_ok(),
                is_one_word,
                "{format:?} {}",
                &text[..8]
            );
        }
    }
}
