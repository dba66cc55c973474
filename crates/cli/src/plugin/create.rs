//! `id-plugin new` and `add-operation`: what a developer would otherwise write by hand, whole and passing.

use artifact::hidden;
use artifact::layout::SPEC;
use artifact::{ArtifactKind, Language, Operation, PluginSpec};
use plugin_files::SnapshotSource;
use plugin_files::scaffold;
use policy::{Policy, Section};
use serde_json::{Value, json};

use super::editor::{Change, Edited, Workbench, write};
use super::gate::{refuse_denied, rules_of_edit, rules_of_new};
use crate::arguments::{AddOperationArguments, LanguageArgument, NewArguments, Place, Writing};
use crate::error::CommandError;
use crate::mint;

pub(super) fn new(arguments: &NewArguments) -> Result<String, CommandError> {
    let language = match arguments.language {
        LanguageArgument::Python => Language::Python,
        LanguageArgument::Rust => Language::Rust,
        LanguageArgument::Typescript => Language::TypeScript,
        LanguageArgument::Javascript => Language::JavaScript,
    };
    let existing = mint::existing(&arguments.mint)?;
    // Minting stays locked until the card is written.
    let minted = match existing {
        Some(_) => None,
        None => Some(mint::prepare(ArtifactKind::Plugin, &arguments.mint)?),
    };
    let bench = Workbench::open(&arguments.mint.place.repo)?;
    let policy = bench.policy()?;
    let (claims, card_file) = match (&existing, &minted) {
        (Some(card), _) => (&card.claims, &card.file),
        (None, Some(minted)) => (&minted.card.claims, &minted.file),
        (None, None) => return Err(CommandError::failed("no identity was minted")),
    };
    let name = claims.path.rsplit('/').next().unwrap_or_default();
    if bench.root.join(&claims.path).symlink_metadata().is_ok() {
        return Err(CommandError::refused(
            format!("{} already exists", claims.path),
            format!(
                "pass another path ({}): --path {}_2; to turn a directory into a plugin, move it away first and move its code in afterwards",
                policy.layout.show(),
                artifact::shell::word(&claims.path),
            ),
        ));
    }
    let description = arguments.description.as_ref().unwrap_or(&arguments.mint.name);
    for (what, text) in [("name", &arguments.mint.name), ("description", description)] {
        if let Some((_, character)) = hidden::find(text, hidden::Reading::Prose) {
            return Err(CommandError::refused(
                format!("the {what} contains {}", hidden::describe(character)),
                "leave the character out: people read the text as it is written",
            ));
        }
    }
    let mut operations: Vec<Value> = Vec::new();
    for operation in &arguments.operations {
        let operation = operation_of(operation, None)?;
        if operations.iter().any(|other| other["name"] == operation.name.as_str()) {
            return Err(CommandError::failed(format!("the operation {} is given twice", operation.name)));
        }
        operations.push(entry(&operation));
    }
    let mut spec = json!({
        "description": description,
        "core": {"api": arguments.api, "range": arguments.range},
        "runtime": {"kind": "process", "entry": scaffold::entry(language)},
        "operations": operations,
        "actions": {"allowed": [], "deny_by_default": true},
        "capabilities": {"execution": {"timeout": "10s"}, "memory": {"max": "256MiB"}},
    });
    if let Some(license) = &arguments.license {
        spec["license"] = json!(license);
    }
    let text = spec_text(
        &[
            ("schema_version", json!(1)),
            ("ulid", json!(claims.ulid)),
            ("key", json!(claims.key)),
            ("name", json!(arguments.mint.name)),
            ("version", json!("0.1.0")),
            ("status", json!(if arguments.draft { "draft" } else { "active" })),
            ("owner", json!(claims.owner)),
        ],
        &spec,
    );
    let mut plugin = Edited::new(&claims.path);
    plugin.add(SPEC, &text);
    let read = plugin.spec()?;
    for file in scaffold::plugin(language, &read) {
        let text = if file.path == BUDGETS { within(&file.text, &policy) } else { file.text };
        plugin.add(&file.path, &text);
    }
    plugin.derive(SnapshotSource::Fresh(&policy))?;
    refuse_denied(&plugin, &policy, &rules_of_new())?;
    let mut changes = plugin.changes();
    if let Some(minted) = &minted {
        let card =
            Change { path: minted.file.clone(), before: None, after: minted.text.clone().into_bytes() };
        changes.insert(0, card);
    }
    let writing = Writing {
        place: Place { repo: arguments.mint.place.repo.clone() },
        dry_run: arguments.mint.dry_run,
        diff: false,
    };
    let mut printed = write(&bench.root, &changes, &writing)?;
    if !arguments.mint.dry_run {
        let up = crate::environment::way_up(&bench.root);
        printed += &format!(
            "made {} ({})\nnext: write the operations in {up}{}/{}\n      its tests: cd {up}{} && {}\n      then: id-plugin generate {name}\n      git add {up}{} {up}{} && git commit\n",
            claims.key,
            claims.ulid,
            claims.path,
            scaffold::developer_file(language),
            claims.path,
            scaffold::test_command(language).iter().map(artifact::shell::word).collect::<Vec<_>>().join(" "),
            card_file,
            claims.path,
        );
    }
    Ok(printed)
}

pub(super) fn add_operation(arguments: &AddOperationArguments) -> Result<String, CommandError> {
    let bench = Workbench::open(&arguments.writing.place.repo)?;
    let policy = bench.policy()?;
    let mut plugin = Edited::find(&bench.worktree()?, &arguments.plugin)?;
    let spec = plugin.living()?;
    let operation = operation_of(&arguments.operation, arguments.summary.as_deref())?;
    if spec.operations.iter().any(|other| other.name == operation.name) {
        return Err(CommandError::refused(
            format!("{} has the operation {} already", spec.key, operation.name),
            "choose another name",
        ));
    }
    plugin.set("/operations/-", &entry(&operation))?;
    let spec = plugin.spec()?;
    // A language without templates still has schemas, examples and a test that starts the program.
    let language = plugin_files::language(&plugin.after, &spec).unwrap_or(Language::Shell);
    let next = add_sources(&mut plugin, language, &spec, &operation);
    let existing = plugin.after.text(BUDGETS).map(String::from);
    let budgets = existing.as_ref().and_then(|text| scaffold::with_budget(text, &operation));
    if let Some((existing, budgets)) = existing.zip(budgets) {
        // Only what is added is ours to choose.
        let at = existing.trim_end().trim_end_matches('}').trim_end().len();
        let budgets = format!("{}{}", &budgets[..at], within(&budgets[at..], &policy));
        plugin.after.files.insert(BUDGETS.into(), budgets.into_bytes());
    }
    plugin.derive(SnapshotSource::KeepIfCurrent(&policy))?;
    refuse_denied(&plugin, &policy, &rules_of_edit())?;
    let mut printed = write(&bench.root, &plugin.changes(), &arguments.writing)?;
    if !arguments.writing.dry_run && !arguments.writing.diff {
        printed += &next;
        printed +=
            &format!("      a published version does not change: id-plugin bump {} minor\n", plugin.name());
    }
    Ok(printed)
}

/// Adds the function of an operation and its files; returns what to do next.
fn add_sources(plugin: &mut Edited, language: Language, spec: &PluginSpec, operation: &Operation) -> String {
    let path = scaffold::developer_file(language);
    let function = scaffold::function(language, operation);
    let has_functions = plugin.after.files.contains_key(path);
    // A package of cargo that was written by hand has its own names for what tests call.
    let is_testable = has_functions || language != Language::Rust;
    for file in scaffold::operation(language, spec, operation) {
        let is_test = file.path.starts_with("tests/");
        let text = if is_test && !is_testable { scaffold::program_test(operation) } else { file.text };
        plugin.add(&file.path, &text);
    }
    if function.is_empty()
        && let Some(test) = scaffold::shell_test(spec, operation)
    {
        plugin.add(&test.path, &test.text);
    }
    let place = plugin.directory.clone();
    let (entry, name) = (&spec.runtime.entry, &operation.name);
    if !is_testable || function.is_empty() {
        return format!("next: let {place}/{entry} answer to {name}\n");
    }
    for file in scaffold::test_support(language, spec) {
        plugin.add(&file.path, &file.text);
    }
    if let Some(developer) = scaffold::developer(language, spec) {
        plugin.add(&developer.path, &developer.text);
    }
    if let Some(text) = plugin.after.files.get_mut(path) {
        text.extend_from_slice(function.as_bytes());
    }
    let next = format!("next: write the function in {place}/{path}\n");
    if has_functions { next } else { next + &format!("      and let {place}/{entry} call it for {name}\n") }
}

/// The file of the budgets.
const BUDGETS: &str = "conformance/perf/budgets.json";
/// What the scaffold writes as the budget of an operation.
const BUDGET: i64 = 500;

/// Budgets of the scaffold, no looser than policy allows.
fn within(text: &str, policy: &Policy) -> String {
    let most = policy.values.number(Section::Performance, "p95_ms").unwrap_or(BUDGET).min(BUDGET);
    text.replace(&format!("\"p95_ms\": {BUDGET}"), &format!("\"p95_ms\": {most}"))
}

fn operation_of(name: &str, summary: Option<&str>) -> Result<Operation, CommandError> {
    let word = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) && !part.is_empty()
    };
    let is_token = name.len() <= 48
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.split('_').all(word);
    if !is_token {
        return Err(CommandError::refused(
            format!("{name:?} is not a valid name of an operation"),
            "words of lower-case letters and digits joined by `_`, as in render_page",
        ));
    }
    let words = name.replace('_', " ");
    let summary = summary.map_or_else(|| format!("Answers to {words}"), String::from);
    Ok(Operation {
        name: name.into(),
        summary,
        input: format!("schemas/{name}.in.schema.json"),
        output: format!("schemas/{name}.out.schema.json"),
        timeout_ms: Some(5000),
    })
}

/// An operation as a spec lists it.
fn entry(operation: &Operation) -> Value {
    json!({
        "name": operation.name,
        "summary": operation.summary,
        "input": operation.input,
        "output": operation.output,
        "timeout_ms": operation.timeout_ms,
    })
}

/// A new spec, with who it is at its head.
fn spec_text(head: &[(&str, Value)], rest: &Value) -> String {
    let mut text = String::from("{\n");
    for (name, value) in head {
        text += &format!("  {}: {value},\n", Value::from(*name));
    }
    let rest = format!("{rest:#}");
    text + rest.trim_start_matches("{\n") + "\n"
}
