//! Measures derived files: plugins from the scaffold, all of their files generated again and checked, beside a plain Python script.

use std::path::{Path, PathBuf};
use std::process::Command;

use artifact::layout::SPEC;
use artifact::{Language, Limits, PluginSpec, Syntax, parse};
use plugin_files::scaffold;
use plugin_files::{PluginFiles, SnapshotSource, derive};
use policy::Policy;
use snapshot::Memory;

use super::measure::{self, Run};
use super::table::{self, Row};

/// A typical Python script: validates specs if jsonschema is installed, and compares examples with their specs and digests with the manifest.
const PYTHON: &str = r#"
import hashlib, json, os, sys
os.chdir(sys.argv[1])
try:
    from jsonschema import Draft202012Validator as Validator
except ImportError:
    Validator = None
def load(path):
    with open(path, "rb") as file:
        return json.load(file)
def valid(schema, value):
    return Validator is None or next(Validator(schema).iter_errors(value), None) is None
spec_schema = load(sys.argv[2])
spec_validator = Validator(spec_schema) if Validator else None
wrong = 0
for name in sorted(os.listdir("plugins")):
    root = "plugins/" + name + "/"
    spec = load(root + "plugin.spec.json")
    if spec_validator and next(spec_validator.iter_errors(spec), None):
        wrong += 1
    for operation in spec["operations"]:
        for end, side in (("request", "input"), ("response", "output")):
            schema = load(root + operation[side])
            wrong += not valid(schema, load(root + "examples/" + operation["name"] + "_" + end + ".json"))
    digests = {}
    for folder, _, files in os.walk(root):
        for file in files:
            path = os.path.join(folder, file)
            if path != root + "manifest.json":
                with open(path, "rb") as stream:
                    digests[path[len(root):]] = hashlib.sha256(stream.read()).hexdigest()
    wrong += load(root + "manifest.json")["files"] != digests
    snapshot = load(root + "policy_snapshot.json")
    digest = snapshot.pop("digest")
    wrong += hashlib.sha256(json.dumps(snapshot, sort_keys=True, separators=(",", ":")).encode()).hexdigest() != digest
sys.exit(wrong > 0)
"#;

/// Makes a repository of plugins, all derived; or takes the one that an earlier run made.
fn repository(target: &Path, plugins: usize) -> PathBuf {
    let path = target.join("bench").join(format!("plugins-{plugins}"));
    if path.join(".git/ready").is_file() {
        return path;
    }
    if path.exists() {
        std::fs::remove_dir_all(&path).unwrap();
    }
    println!("generating {} …", path.display());
    let write = |inside: &str, bytes: &[u8]| {
        let place = path.join(inside);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, bytes).unwrap();
    };
    let policy = Policy::load(&Memory::new()).unwrap();
    write("policy-packs/policy.yaml", b"schema_version: 1\n");
    for number in 0..plugins {
        let ulid = format!("01JD4ZK3V8{number:016}");
        for (inside, bytes) in plugin(&ulid, number, &policy) {
            write(&format!("plugins/plugin_{number:06}/{inside}"), &bytes);
        }
        let card = format!(
            "schema_version: 1\nulid: {ulid}\nkey: PLG_NUMBER_{number}\nkind: plugin\npath: plugins/plugin_{number:06}\ncreated_at: \"2024-11-20T14:28:32Z\"\nowner: ada@example.org\nvisibility: public\nnotes: \"\"\n"
        );
        write(&format!("ids/cards/{ulid}.yaml"), card.as_bytes());
    }
    let run = |program: &Path, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.current_dir(&path).env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.envs([("GIT_AUTHOR_NAME", "Ada"), ("GIT_AUTHOR_EMAIL", "ada@example.org")]);
        command.envs([("GIT_COMMITTER_NAME", "Ada"), ("GIT_COMMITTER_EMAIL", "ada@example.org")]);
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let git = |arguments: &[&str]| run(Path::new("git"), arguments);
    git(&["init", "--quiet", "--initial-branch", "main"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "base"]);
    git(&["repack", "-adq"]);
    git(&["switch", "--quiet", "--create", "pr/bump"]);
    run(&target.join("release/id-plugin"), &["bump", "plugin_000007", "minor"]);
    git(&["commit", "--quiet", "--all", "--message", "bump"]);
    git(&["switch", "--quiet", "main"]);
    std::fs::write(path.join(".git/ready"), "").unwrap();
    path
}

/// Every file of a plugin of two operations, by its path inside.
fn plugin(ulid: &str, number: usize, policy: &Policy) -> Vec<(String, Vec<u8>)> {
    let operation = |name: &str| {
        format!(
            "{{\"name\": \"{name}\", \"summary\": \"Answers to {name}\", \"input\": \"schemas/{name}.in.schema.json\", \"output\": \"schemas/{name}.out.schema.json\"}}"
        )
    };
    let text = format!(
        "{{\n  \"schema_version\": 1,\n  \"ulid\": \"{ulid}\",\n  \"key\": \"PLG_NUMBER_{number}\",\n  \"name\": \"Number {number}\",\n  \"version\": \"1.0.0\",\n  \"status\": \"active\",\n  \"owner\": \"ada@example.org\",\n  \"description\": \"Number {number}\",\n  \"core\": {{\"api\": \"core\", \"range\": \">=1\"}},\n  \"runtime\": {{\"kind\": \"process\", \"entry\": \"src/handler.py\"}},\n  \"operations\": [{}, {}]\n}}\n",
        operation("render"),
        operation("publish")
    );
    let value = parse(Syntax::Json, text.as_bytes(), &Limits::default()).unwrap();
    let spec = PluginSpec::read(&value).unwrap();
    let mut plugin = PluginFiles::default();
    plugin.files.insert(SPEC.into(), text.into_bytes());
    let files = scaffold::plugin(Language::Python, &spec).into_iter();
    plugin.files.extend(files.map(|file| (file.path, file.text.into_bytes())));
    let derived = derive(&plugin, &spec, SnapshotSource::Fresh(policy));
    plugin.files.extend(derived.files);
    plugin.files.into_iter().collect()
}

/// Measures so many plugins; returns the table's name and the table.
pub(super) fn run(target: &Path, plugins: usize, runs: usize) -> (String, String) {
    let path = repository(target, plugins);
    let place = path.to_str().unwrap();
    let tool = |name: &str| target.join("release").join(name).to_str().unwrap().to_string();
    let (guard, plugin, structure) = (tool("id-guard"), tool("id-plugin"), tool("id-structure"));
    let schema = crate::root().join("policy-packs/baseline/schemas/plugin-spec.v1.schema.json");
    let python = || Run::new("python3", &["-c", PYTHON, place, schema.to_str().unwrap()]);
    let git = |arguments: &[&str]| Run::new("git", &[&["-C", place], arguments].concat());
    let whole =
        Command::new("python3").args(["-c", PYTHON, place, schema.to_str().unwrap()]).status().unwrap();
    assert!(whole.success(), "the Python script finds nothing wrong");
    let rows = vec![
        Row::new(
            "`id-plugin generate --check`, every file of every plugin derived again: against Python (jsonschema, hashlib)",
            measure::pair(&Run::new(&plugin, &["generate", "--check", "--repo", place]), &python(), 1),
            1.0,
            "≤ 1/8 ×",
        ),
        Row::new(
            "`id-structure check --head main`, every rule over everything: against the same",
            measure::pair(&Run::new(&structure, &["check", "--head", "main", "--repo", place]), &python(), 1),
            1.0,
            "≤ 1/8 ×",
        ),
        Row::new(
            "gate, one plugin's version raised, nothing kept: against the same",
            measure::pair(
                &Run::new(
                    &guard,
                    &["check", "--base", "main", "--head", "pr/bump", "--repo", place, "--format", "json"],
                ),
                &python(),
                1,
            ),
            1.0,
            "≤ 1/100 ×, ≤ 250 ms",
        ),
        Row::new(
            "`id-guard policy show`: against `git show main:policy-packs/policy.yaml`",
            measure::pair(
                &Run::new(&guard, &["policy", "show", "--rev", "main", "--repo", place]),
                &git(&["show", "main:policy-packs/policy.yaml"]),
                runs,
            ),
            1.0,
            "",
        ),
    ];
    let files = git_count(&path);
    let head = format!("### Plugins: {plugins} of two operations, {files} files\n\n{}\n\n", table::machine());
    (format!("plugins {plugins}"), head + &table::rows(&rows))
}

fn git_count(path: &Path) -> usize {
    let output = Command::new("git").arg("-C").arg(path).args(["ls-files", "plugins"]).output().unwrap();
    output.stdout.iter().filter(|&&byte| byte == b'\n').count()
}
