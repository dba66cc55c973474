//! `README_PLUGIN.md`: purpose, operations, settings and capabilities of a plugin; hand-written text is kept in MANUAL sections.
//!
//! Published plugins contain the output of this module, so its wording can change only with a new version of every plugin.

use artifact::{Kind, Limits, Operation, PluginSpec, Problem, Syntax, Value, parse};

use artifact::layout::SPEC;

use super::manual::Manual;
use super::schemas::{bundled, with_targets};
use super::{CONTRACT, HEALTH, PluginFiles, README, language};
use crate::scaffold;

/// The start of every generated document, of any version of the tool.
pub(super) const BEGINS: &str = "<!-- Generated from plugin.spec.json";
/// The first line of every generated document.
pub(super) const GENERATED: &str = "<!-- Generated from plugin.spec.json: id-plugin generate. Text between MANUAL markers is kept, the rest is regenerated. -->\n";

/// Generates the README of a spec and the other files of the plugin.
///
/// # Errors
/// When the MANUAL sections of the existing file are invalid.
pub fn make(spec: &PluginSpec, existing: &PluginFiles) -> Result<String, Problem> {
    let mut manual = Manual::of(existing.files.get(README), BEGINS)?;
    let mut text = format!("{GENERATED}\n# {}\n\n{}\n\n", plain(&spec.name), plain(&spec.description));
    text += &deprecation(spec);
    text += &facts(spec);
    text += &format!("\n{}", manual.take_section("usage"));
    if !spec.operations.is_empty() {
        text += "\n## Operations\n";
    }
    for operation in &spec.operations {
        text += &of_operation(spec, operation, existing);
    }
    text += &settings(spec, existing);
    text += &capabilities(spec);
    text += &events(spec);
    text += &tests(spec, existing);
    text += &checks(spec);
    text += &format!("\n## Health\n\nThe probes are in [{HEALTH}]({HEALTH}).\n\n");
    text += &manual.take_section("notes");
    text += &manual.remaining();
    Ok(text)
}

fn deprecation(spec: &PluginSpec) -> String {
    let Some(reason) = spec.at("/deprecation/reason").and_then(Value::as_str) else { return String::new() };
    let since = spec.at("/deprecation/since").and_then(Value::as_str).unwrap_or_default();
    let instead = spec.at("/deprecation/replaced_by").and_then(Value::as_str);
    let instead = instead.map(|key| format!(" Use `{}` instead.", plain(key))).unwrap_or_default();
    format!("> Deprecated since {}: {}.{instead}\n\n", plain(since), plain(reason).trim_end_matches('.'))
}

fn facts(spec: &PluginSpec) -> String {
    let mut text = String::from("| | |\n| --- | --- |\n");
    let mut row = |name: &str, value: String| text += &format!("| {name} | {value} |\n");
    row("key", format!("`{}`", plain(&spec.key)));
    row("version", plain(&spec.version));
    row("status", plain(&spec.status));
    row("owner", plain(&spec.owner));
    if let Some(license) = &spec.license {
        row("licence", plain(license));
    }
    row("works with", format!("{} {}", plain(&spec.core.api), code(&spec.core.range)));
    for (key, version) in &spec.dependencies {
        row("needs", format!("`{}` {}", plain(key), code(version)));
    }
    text
}

fn of_operation(spec: &PluginSpec, operation: &Operation, existing: &PluginFiles) -> String {
    let name = &operation.name;
    let mut text =
        format!("\n### `{}`\n\n{}.\n", plain(name), plain(&operation.summary).trim_end_matches('.'));
    let [request, response] = ["request", "response"].map(|end| format!("examples/{name}_{end}.json"));
    let [input, output] = [&operation.input, &operation.output];
    if let Some(words) = spec.launch() {
        let words: Vec<String> = words.iter().map(|word| shell(word)).collect();
        // Without input, the operation gets an empty one.
        let from = if input.is_empty() { "/dev/null" } else { &request };
        text += &format!("\n```sh\n{} {name} < {from}\n```\n", words.join(" "));
    }
    text += &match (input.as_str(), output.as_str()) {
        ("", "") => "\nIt accepts nothing and returns nothing.\n".into(),
        (input, "") => format!(
            "\nThe request matches [{input}]({input}), as in the example: [request]({request}). It returns nothing.\n"
        ),
        ("", output) => format!(
            "\nIt accepts nothing. The response matches [{output}]({output}), as in the example: [response]({response}).\n"
        ),
        (input, output) => format!(
            "\nThe request matches [{input}]({input}), the response matches [{output}]({output}), as in the example: [request]({request}), [response]({response}).\n"
        ),
    };
    let schema = existing
        .files
        .get(&operation.input)
        .and_then(|text| parse(Syntax::Json, text, &Limits::default()).ok());
    let whole = |schema: &Value| bundled(&operation.input, schema, existing.texts());
    text += &schema.map(|schema| fields(&whole(&schema))).unwrap_or_default();
    text
}

/// Returns the table of the properties of a schema.
fn fields(root: &Value) -> String {
    let described = with_targets(root, root).into_iter().find_map(|schema| {
        let properties = schema.pointer("/properties").and_then(Value::as_map);
        Some((schema, properties.filter(|map| !map.is_empty())?))
    });
    let Some((schema, properties)) = described else { return String::new() };
    let required = schema.pointer("/required").and_then(Value::as_list).unwrap_or_default();
    let mut text = String::from("\n| field | | description |\n| --- | --- | --- |\n");
    for entry in properties.entries() {
        let name = &entry.key.name;
        let is_required = required.iter().any(|value| value.as_str() == Some(name));
        text += &format!(
            "| {} | {} | {} |\n",
            code(name),
            if is_required { "required" } else { "" },
            describe(root, &entry.value),
        );
    }
    text
}

/// Describes a part of a schema, by what it and the schemas that it refers to declare first.
fn describe(root: &Value, part: &Value) -> String {
    let schemas = with_targets(root, part);
    let kind = schemas.iter().map(|schema| kind(schema)).find(|kind| !kind.is_empty());
    let what = schemas.iter().find_map(|schema| schema.pointer("/description")?.as_str());
    [kind, what.map(plain)].into_iter().flatten().collect::<Vec<_>>().join(": ")
}

/// Returns the type or the allowed values of a schema.
fn kind(schema: &Value) -> String {
    if let Some(values) = schema.pointer("/enum").and_then(Value::as_list) {
        let shown: Vec<String> = values.iter().take(12).map(|value| code(&value.show())).collect();
        return format!("one of {}{}", shown.join(", "), if values.len() > 12 { ", …" } else { "" });
    }
    match schema.pointer("/type").map(|value| &value.kind) {
        Some(Kind::String(word)) => plain(word),
        Some(Kind::List(words)) => {
            words.iter().filter_map(Value::as_str).map(plain).collect::<Vec<_>>().join(" or ")
        }
        _ => String::new(),
    }
}

fn settings(spec: &PluginSpec, existing: &PluginFiles) -> String {
    let Some(root) = spec.at("/config/schema") else { return String::new() };
    let root = &bundled(SPEC, root, existing.texts());
    let declared = with_targets(root, root);
    let Some(properties) = declared.iter().find_map(|schema| schema.get("properties")?.as_map()) else {
        return String::new();
    };
    let mut text = String::from(
        "\n## Settings\n\nThe variable `ID_GUARD_CONFIG` names a JSON file of settings; a setting that it leaves out has its default.\n\n| setting | default | description |\n| --- | --- | --- |\n",
    );
    for entry in properties.entries() {
        let name = &entry.key.name;
        let default = spec.at("/config/defaults").and_then(Value::as_map).and_then(|map| map.get(name));
        text += &format!(
            "| {} | {} | {} |\n",
            code(name),
            default.map(|value| code(&value.show())).unwrap_or_default(),
            describe(root, &entry.value),
        );
    }
    text
}

fn capabilities(spec: &PluginSpec) -> String {
    let mut lines: Vec<String> = Vec::new();
    let list = |pointer: &str| spec.at(pointer).and_then(Value::as_list).unwrap_or_default();
    let text_of = |value: &Value, pointer: &str| {
        value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_string()
    };
    for rule in list("/capabilities/http/allowlist") {
        let place = format!("{}{}", text_of(rule, "/host"), text_of(rule, "/path_prefix"));
        let methods = rule.pointer("/methods").and_then(Value::as_list).unwrap_or_default();
        let methods: Vec<&str> = methods.iter().filter_map(Value::as_str).collect();
        let methods = match methods.as_slice() {
            [] => String::new(),
            methods => format!(", only {}", plain(&methods.join(", "))),
        };
        lines.push(format!("to send requests to {}{methods}", code(&place)));
    }
    for credential in list("/capabilities/http/credentials") {
        let hosts = credential.pointer("/hosts").and_then(Value::as_list).unwrap_or_default();
        let hosts: Vec<String> = hosts.iter().filter_map(Value::as_str).map(code).collect();
        lines.push(format!(
            "the secret {}, which the host adds to requests to {}",
            code(&text_of(credential, "/secret")),
            hosts.join(", ")
        ));
    }
    for rule in list("/capabilities/filesystem") {
        lines.push(format!(
            "to {} {}",
            plain(&text_of(rule, "/mode")).replace('-', " and "),
            code(&text_of(rule, "/path"))
        ));
    }
    for (pointer, words) in [
        ("/capabilities/secrets/allowed_names", "the secret"),
        ("/capabilities/ingress/allowed_paths", "to receive requests at"),
        ("/actions/allowed", "the action"),
    ] {
        lines.extend(spec.strings_at(pointer).into_iter().map(|name| format!("{words} {}", code(name))));
    }
    for (pointer, words) in [
        ("/capabilities/memory/max", "memory, at most"),
        ("/capabilities/execution/timeout", "time for a request, at most"),
        ("/capabilities/rate_limits/outbound_per_minute", "requests to send in a minute, at most"),
        ("/capabilities/rate_limits/outbound_per_hour", "requests to send in an hour, at most"),
    ] {
        lines.extend(
            spec.at(pointer).map(|value| format!("{words} {}", code(value.show().trim_matches('"')))),
        );
    }
    if lines.is_empty() {
        String::new()
    } else {
        format!("\n## Capabilities\n\n{}", lines.iter().map(|line| format!("- {line}\n")).collect::<String>())
    }
}

fn events(spec: &PluginSpec) -> String {
    let mut text = format!("\n## Events\n\nEvery event that it emits matches [{CONTRACT}]({CONTRACT}).\n");
    for (pointer, words) in [("/events/handles", "handles"), ("/events/emits", "emits")] {
        let names: Vec<String> = spec.strings_at(pointer).into_iter().map(code).collect();
        if !names.is_empty() {
            text += &format!("It {words} {}.\n", names.join(", "));
        }
    }
    text
}

fn tests(spec: &PluginSpec, existing: &PluginFiles) -> String {
    let Some(language) = language(existing, spec) else { return String::new() };
    let command = scaffold::test_command(language);
    // A plugin that was written by hand has no runner of ours.
    let has_runner =
        command.iter().all(|word| !word.starts_with("tests/") || existing.files.contains_key(*word));
    let Some(coverage) = scaffold::coverage(language).filter(|_| has_runner) else { return String::new() };
    let line = |command: &[&str]| {
        let words: Vec<String> = command.iter().map(|word| shell(word)).collect();
        format!("{}\n", words.join(" "))
    };
    let commands: String = coverage.commands.iter().map(|command| line(command)).collect();
    format!(
        "\n## Tests\n\n```sh\n{}```\n\nTheir coverage is written to `{}`, which `id-guard check --coverage` reads{}{}:\n\n```sh\n{commands}```\n",
        line(&command),
        coverage.report,
        if coverage.needs.is_empty() { "" } else { "; it needs " },
        coverage.needs,
    )
}

/// Returns the commands of the checks that the spec declares.
fn checks(spec: &PluginSpec) -> String {
    let command = |pointer: &str| {
        let words = spec.strings_at(pointer);
        let words: Vec<String> = words.iter().map(|word| shell(word)).collect();
        code(&words.join(" "))
    };
    let mut rows = String::new();
    for name in ["test", "contract", "lint", "types"] {
        if spec.at(&format!("/checks/{name}")).is_some() {
            rows += &format!("| {name} | {} |\n", command(&format!("/checks/{name}")));
        }
    }
    if let Some(report) = spec.at("/checks/coverage/report").and_then(Value::as_str) {
        let command = command("/checks/coverage/command");
        rows += &format!("| coverage | {command}, which writes {} |\n", code(report));
    }
    if rows.is_empty() {
        return rows;
    }
    format!("\n## Checks\n\nRun in this directory.\n\n| check | command |\n| --- | --- |\n{rows}")
}

/// Escapes text from the repository for one line of Markdown: no line break, no markup, no HTML, no table column.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            match c {
                '<' => out.push_str("&lt;"),
                '|' => out.push_str("\\|"),
                '\\' | '`' | '*' | '[' | ']' => out.extend(['\\', c]),
                c if c.is_control() || is_direction(c) => {}
                // At the start of a line it would begin a heading, a list or a code block.
                c if out.is_empty() && "~=-#>+".contains(c) => out.extend(['\\', c]),
                c => out.push(c),
            }
        }
    }
    out
}

/// Returns whether a character changes the text direction, which could hide the real content (UAX #9).
fn is_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
}

/// Formats text from the repository as a code span, with more backticks than it contains.
fn code(text: &str) -> String {
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text: String = text.chars().filter(|c| !c.is_control() && !is_direction(*c)).collect();
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{}{space}{fence}", text.replace('|', "\\|"))
}

/// Quotes a word from the repository for a shell, on one line.
fn shell(word: &str) -> String {
    artifact::shell::word(word.replace(['\n', '\r'], " "))
}
