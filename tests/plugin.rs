//! Plugins through their whole life by `id-plugin`: what it writes passes the gate, and the ledger records each step.

use std::process::Output;

use crate::support::{check, run};
use scripted::Scripted;

/// A repository whose policy configures a ledger.
fn begun() -> Scripted {
    let scripted = Scripted::new();
    let policy = "schema_version: 1\nledger:\n  origin: example.org/plugins\n";
    scripted.write("policy-packs/policy.yaml", policy);
    scripted.commit("begin");
    scripted
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.clone(), output.stderr.clone()].concat()).into_owned()
}

fn plugin(scripted: &Scripted, arguments: &[&str]) -> String {
    let output = run("id-plugin", scripted.path(), arguments);
    assert!(output.status.success(), "{arguments:?}: {}", printed(&output));
    printed(&output)
}

fn refused(scripted: &Scripted, arguments: &[&str]) -> String {
    let output = run("id-plugin", scripted.path(), arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", printed(&output));
    printed(&output)
}

fn new(scripted: &Scripted, name: &str, language: &str, operations: &[&str]) {
    let mut arguments = vec!["new", name, "--owner", "ada@example.org", "--language", language];
    operations.iter().for_each(|operation| arguments.extend(["--operation", operation]));
    plugin(scripted, &arguments);
}

fn findings(scripted: &Scripted) -> Vec<String> {
    check(scripted.path(), &["check", "--base", "main", "--worktree"]).findings()
}

/// Commits on a branch, asks the gate, merges and records.
fn merge(scripted: &Scripted, subject: &str) {
    scripted.git(&["switch", "--quiet", "--create", subject]);
    scripted.commit(subject);
    let checked = check(scripted.path(), &["check", "--base", "main"]);
    assert_eq!(checked.findings(), Vec::<String>::new(), "{subject}");
    scripted.git(&["switch", "--quiet", "main"]);
    scripted.git(&["merge", "--quiet", "--no-ff", "--message", subject, subject]);
    let output = run("id-guard", scripted.path(), &["post-merge", "--local"]);
    assert!(output.status.success(), "{}", printed(&output));
}

#[test]
fn a_new_plugin_passes_in_every_language() {
    for language in ["python", "rust", "typescript", "javascript"] {
        let scripted = begun();
        new(&scripted, "Local Preview", language, &["render", "import", "main"]);
        scripted.git(&["add", "--all"]);
        assert_eq!(findings(&scripted), Vec::<String>::new(), "{language}");
        let structure = run("id-structure", scripted.path(), &["check", "--staged"]);
        assert!(structure.status.success(), "{}", printed(&structure));
        assert!(
            plugin(&scripted, &["generate"]).contains("0 files"),
            "{language}: a new plugin is up to date"
        );
        let list = plugin(&scripted, &["list"]);
        let expected = format!("PLG_LOCAL_PREVIEW  0.1.0  active  {language}");
        assert!(list.contains(&expected) && list.contains("up to date"), "{list}");
    }
}

#[test]
fn new_refuses_what_the_gate_would_refuse_and_writes_nothing() {
    let scripted = begun();
    let eleven: Vec<String> = (0..11).map(|at| format!("op{at}")).collect();
    let eleven: Vec<&str> = eleven.iter().flat_map(|name| ["--operation", name]).collect();
    let who = ["--owner", "ada@example.org"];
    for (arguments, why) in [
        ([&["new", "Many"][..], &eleven, &who].concat(), "STR010 plugin many has 11 operations (limit 10)"),
        ([&["new", "con"][..], &who].concat(), "is a device name on Windows"),
        ([&["new", "Aux"][..], &who].concat(), "is a device name on Windows"),
    ] {
        let refusal = refused(&scripted, &arguments);
        assert!(refusal.contains(why), "{arguments:?}: {refusal}");
    }
    assert!(!scripted.path().join("plugins").exists() && !scripted.path().join("ids").exists());
    let mint = run("id-mint", scripted.path(), &["document", "Nul", "--path", "docs/nul.md", who[0], who[1]]);
    assert!(printed(&mint).contains("is a device name on Windows"), "{}", printed(&mint));
    let ten: Vec<&str> = eleven[..20].to_vec();
    plugin(&scripted, &[&["new", "Ten"][..], &ten, &who].concat());
    let refusal = refused(&scripted, &["add-operation", "ten", "another"]);
    assert!(refusal.contains("11 operations"), "{refusal}");
    assert!(refused(&scripted, &["move", "ten", "nul"]).contains("is a device name on Windows"));
}

#[test]
fn paths_are_printed_as_seen_from_the_working_directory() {
    let scripted = begun();
    scripted.write("docs/guide/free.txt", "x\n");
    scripted.commit("docs");
    let below = scripted.path().join("docs/guide");
    for (tool, arguments) in [
        ("id-plugin", &["new", "Alpha", "--owner", "ada@example.org", "--operation", "run"][..]),
        ("id-plugin", &["bump", "alpha", "patch"]),
        ("id-plugin", &["move", "alpha", "beta"]),
        ("id-mint", &["plugin", "Gamma", "--owner", "ada@example.org"]),
    ] {
        let output = run(tool, &below, arguments);
        assert!(output.status.success(), "{arguments:?}: {}", printed(&output));
        let text = printed(&output);
        let mut paths = text.lines().filter_map(|line| line.strip_prefix("wrote ")).peekable();
        assert!(
            paths.peek().is_some() || text.contains("moved ../../plugins/alpha to ../../plugins/beta"),
            "{text}"
        );
        for path in paths {
            assert!(below.join(path).exists(), "{path} is not there: {text}");
        }
        assert!(!text.contains("git add ids/") && !text.contains("cd plugins/"), "{text}");
    }
}

#[test]
fn plugins_live_where_the_layout_of_the_policy_has_them() {
    let scripted = Scripted::new();
    let policy = "schema_version: 1\nledger:\n  origin: example.org/plugins\ntags:\n  plugin: \"{key}-{version}\"\nstructure:\n  plugins: [extensions/*, groups/*/plugins/*]\n";
    scripted.write("policy-packs/policy.yaml", policy);
    scripted.commit("begin");
    new(&scripted, "Alpha", "python", &["run"]);
    assert!(scripted.path().join("extensions/alpha/plugin.spec.json").exists());
    merge(&scripted, "alpha");
    let path = "groups/g/plugins/alpha";
    plugin(&scripted, &["new", "Beta", "--path", path, "--owner", "ada@example.org", "--operation", "run"]);
    merge(&scripted, "beta");
    let refusal =
        refused(&scripted, &["new", "Gamma", "--path", "plugins/gamma", "--owner", "ada@example.org"]);
    assert!(refusal.contains("extensions/*, groups/*/plugins/*"), "{refusal}");
    // Two directories have the same name, so a name alone is ambiguous.
    let output = run("id-plugin", scripted.path(), &["bump", "alpha", "patch"]);
    assert!(printed(&output).contains("extensions/alpha and groups/g/plugins/alpha"), "{}", printed(&output));
    plugin(&scripted, &["bump", path, "patch"]);
    merge(&scripted, "bump");
    plugin(&scripted, &["move", path, "groups/h/plugins/beta"]);
    merge(&scripted, "move");
    let log = printed(&run("id-ledger", scripted.path(), &["log"]));
    let kinds: Vec<&str> = log.lines().filter_map(|line| line.split_whitespace().nth(2)).collect();
    assert_eq!(kinds.join(" "), "GENESIS CREATE PUBLISH CREATE PUBLISH PUBLISH MOVE", "{log}");
    for arguments in [&["build"][..], &["build", "--check"], &["get", "groups/h/plugins/beta/src/handler.py"]]
    {
        let output = run("id-registry", scripted.path(), arguments);
        assert!(output.status.success(), "{arguments:?}: {}", printed(&output));
    }
    assert!(plugin(&scripted, &["generate", "--check"]).contains("2 plugins: 0 files out of date"));
    // A spec outside of the layout is a warning, of the gate and of doctor.
    scripted.write("plugins/other/plugin.spec.json", "{broken");
    scripted.git(&["add", "--all"]);
    assert!(
        findings(&scripted).iter().any(|finding| finding.contains("STR011")),
        "{:?}",
        findings(&scripted)
    );
    scripted.commit("outside");
    let doctor = printed(&run("id-guard", scripted.path(), &["doctor"]));
    assert!(doctor.contains("plugins/other/plugin.spec.json"), "{doctor}");
}

#[test]
fn the_tests_of_a_new_plugin_run() {
    let scripted = begun();
    new(&scripted, "Local Preview", "python", &["render"]);
    plugin(&scripted, &["add-operation", "local_preview", "publish", "--summary", "Publishes a page"]);
    if let Some(ran) = test_python(&scripted, "local_preview") {
        assert!(ran.contains("Ran 19 tests"), "{ran}");
    }
}

/// Runs the tests of a plugin in Python; a missing interpreter is a skip.
fn test_python(scripted: &Scripted, name: &str) -> Option<String> {
    let words = ["-m", "unittest", "discover", "-s", "tests", "-p", "test_*.py"];
    let mut command = std::process::Command::new("python3");
    let Ok(output) = command.args(words).current_dir(scripted.path().join("plugins").join(name)).output()
    else {
        crate::support::skip("python3 is not installed");
        return None;
    };
    assert!(output.status.success(), "{}", printed(&output));
    Some(printed(&output))
}

#[test]
fn tests_and_builds_leave_nothing_to_commit() {
    let scripted = begun();
    for (name, language) in [("Py", "python"), ("Rs", "rust"), ("Ts", "typescript"), ("Js", "javascript")] {
        new(&scripted, name, language, &["render"]);
    }
    scripted.commit("new plugins");
    test_python(&scripted, "py");
    let js = std::process::Command::new("node")
        .args(["tests/runner.js", "--coverage"])
        .current_dir(scripted.path().join("plugins/js"))
        .output();
    match js {
        Ok(output) if output.status.code() == Some(2) => crate::support::skip("node 20.11 is not installed"),
        Ok(output) => assert!(output.status.success(), "{}", printed(&output)),
        Err(_) => crate::support::skip("node is not installed"),
    }
    for path in [
        "py/.coverage",
        "py/.coverage.host.12.34",
        "py/coverage.xml",
        "py/htmlcov/index.html",
        "py/.pytest_cache/README.md",
        "py/src/__pycache__/x.cpython-311.pyc",
        "rs/target/debug/handler",
        "rs/lcov.info",
        "rs/default_1.profraw",
        "ts/node_modules/typescript/package.json",
        "ts/coverage/lcov.info",
        "ts/dist/handler.js",
        "ts/tsconfig.tsbuildinfo",
        "js/node_modules/x.js",
        "js/lcov.info",
    ] {
        scripted.write(format!("plugins/{path}"), "output");
    }
    assert_eq!(scripted.git(&["status", "--porcelain", "--untracked-files=all"]), "");
    assert!(plugin(&scripted, &["generate", "--check"]).contains("0 files out of date"));
    // A directory of sources may have the name of a tool's output.
    scripted.write("plugins/ts/src/coverage/source.ts", "export {};\n");
    assert!(
        scripted.git(&["status", "--porcelain", "--untracked-files=all"]).contains("src/coverage/source.ts")
    );
}

#[test]
fn a_report_beside_the_plugin_counts_for_it() {
    let scripted = begun();
    new(&scripted, "Js", "javascript", &["render"]);
    let report = |hit: u32| format!("SF:src/handler.js\nDA:1,1\nDA:2,{hit}\nend_of_record\n");
    for (hit, expected) in [(1, 0), (0, 1)] {
        scripted.write("plugins/js/lcov.info", report(hit));
        let arguments = ["check", "--base", "main", "--worktree", "--coverage", "plugins/js/lcov.info"];
        let found = check(scripted.path(), &arguments).findings();
        assert_eq!(found.len(), expected, "{found:?}");
        assert!(found.iter().all(|finding| finding.contains("DOC013")), "{found:?}");
    }
}

#[test]
fn an_operation_of_a_plugin_written_by_hand_comes_with_what_its_test_needs() {
    for (entry, source, test) in [
        ("src/main.py", "print('by hand')\n", "tests/test_publish.py"),
        ("src/main.js", "console.log('by hand');\n", "tests/test_publish.js"),
        ("src/main.ts", "console.log('by hand');\n", "tests/test_publish.ts"),
    ] {
        let scripted = begun();
        new(&scripted, "Alpha", "python", &["run"]);
        let folder = scripted.path().join("plugins/alpha");
        std::fs::remove_dir_all(folder.join("src")).unwrap();
        std::fs::remove_dir_all(folder.join("tests")).unwrap();
        scripted.write(format!("plugins/alpha/{entry}"), source);
        scripted.write("plugins/alpha/tests/test_contract.txt", "by hand\n");
        let spec = std::fs::read_to_string(folder.join("plugin.spec.json")).unwrap();
        scripted.write("plugins/alpha/plugin.spec.json", spec.replace("src/handler.py", entry));
        let text = plugin(&scripted, &["add-operation", "alpha", "publish"]);
        assert!(text.contains(&format!("and let plugins/alpha/{entry} call it for publish")), "{text}");
        assert!(folder.join(test).is_file(), "{test}");
        if entry.ends_with(".py")
            && let Some(ran) = test_python(&scripted, "alpha")
        {
            assert!(ran.contains("Ran 3 tests"), "{ran}");
        }
        // The library belongs to the tool from now on.
        assert!(plugin(&scripted, &["generate", "--check"]).contains("0 files out of date"));
    }
    let scripted = begun();
    new(&scripted, "Alpha", "rust", &["run"]);
    let folder = scripted.path().join("plugins/alpha");
    std::fs::remove_dir_all(folder.join("src")).unwrap();
    scripted.write("plugins/alpha/src/main.rs", "fn main() {}\n");
    let text = plugin(&scripted, &["add-operation", "alpha", "publish"]);
    assert!(text.contains("next: let plugins/alpha/src/main.rs answer to publish"), "{text}");
    let test = std::fs::read_to_string(folder.join("tests/test_publish.rs")).unwrap();
    assert!(test.contains("\"run\", \"--quiet\", \"--\", \"publish\""), "{test}");
}

#[test]
fn an_operation_of_a_plugin_without_templates_has_a_test_that_starts_the_program() {
    let scripted = begun();
    new(&scripted, "Alpha", "python", &["run"]);
    let folder = scripted.path().join("plugins/alpha");
    for part in ["src", "tests"] {
        std::fs::remove_dir_all(folder.join(part)).unwrap();
    }
    scripted.write("plugins/alpha/src/main.sh", "cat\n");
    scripted.write("plugins/alpha/tests/test_contract.sh", "exit 0\n");
    scripted.write("plugins/alpha/tests/test_run.sh", "exit 0\n");
    let spec = std::fs::read_to_string(folder.join("plugin.spec.json")).unwrap();
    scripted.write("plugins/alpha/plugin.spec.json", spec.replace("src/handler.py", "src/main.sh"));
    let text = plugin(&scripted, &["add-operation", "alpha", "publish"]);
    assert!(text.contains("next: let plugins/alpha/src/main.sh answer to publish"), "{text}");
    let run_test =
        || std::process::Command::new("sh").arg(folder.join("tests/test_publish.sh")).output().unwrap();
    // The examples of a new operation are equal, so a program that repeats the request is right.
    assert!(run_test().status.success(), "{}", printed(&run_test()));
    for program in ["echo '{}'\n", "exit 1\n"] {
        scripted.write("plugins/alpha/src/main.sh", program);
        assert_eq!(run_test().status.code(), Some(1), "{}", printed(&run_test()));
    }
}

#[test]
fn generate_brings_a_plugin_of_an_earlier_version_up_to_date() {
    let scripted = begun();
    for (name, language, files) in [
        ("Py", "python", ["src/settings.py", "src/schema_check.py"]),
        ("Rs", "rust", ["src/settings.rs", "src/schema_check.rs"]),
        ("Ts", "typescript", ["src/settings.ts", "src/schema_check.ts"]),
        ("Js", "javascript", ["src/settings.js", "src/schema_check.js"]),
    ] {
        new(&scripted, name, language, &["render"]);
        let folder = scripted.path().join("plugins").join(name.to_lowercase());
        let before = files.map(|file| std::fs::read(folder.join(file)).unwrap());
        files.iter().for_each(|file| std::fs::remove_file(folder.join(file)).unwrap());
        plugin(&scripted, &["generate"]);
        assert_eq!(files.map(|file| std::fs::read(folder.join(file)).unwrap()), before, "{language}");
    }
}

#[test]
fn every_step_of_a_life_passes_the_gate_and_is_recorded_in_the_ledger() {
    let scripted = begun();
    new(&scripted, "Alpha", "python", &["run"]);
    merge(&scripted, "alpha");
    new(&scripted, "Beta", "rust", &["run"]);
    merge(&scripted, "beta");
    plugin(&scripted, &["rekey", "alpha", "PLG_ALFA"]);
    merge(&scripted, "rekey");
    plugin(&scripted, &["move", "PLG_ALFA", "alfa"]);
    merge(&scripted, "move");
    plugin(&scripted, &["deprecate", "beta", "--reason", "nobody asks", "--replaced-by", "PLG_ALFA"]);
    merge(&scripted, "deprecate");
    plugin(&scripted, &["add-operation", "alfa", "publish"]);
    plugin(&scripted, &["bump", "alfa", "minor"]);
    merge(&scripted, "bump");
    plugin(&scripted, &["consolidate", "alfa", "beta"]);
    merge(&scripted, "consolidate");
    // What has ended takes no more steps, and nobody goes into it.
    for arguments in [
        ["bump", "beta", "minor"],
        ["rekey", "beta", "PLG_MORE"],
        ["move", "beta", "more"],
        ["add-operation", "beta", "more"],
        ["consolidate", "beta", "alfa"],
    ] {
        assert!(refused(&scripted, &arguments).contains("is consolidated: that is an end"), "{arguments:?}");
    }
    let log = printed(&run("id-ledger", scripted.path(), &["log"]));
    let kinds: Vec<&str> = log.lines().filter_map(|line| line.split_whitespace().nth(2)).collect();
    let expected = "GENESIS CREATE PUBLISH CREATE PUBLISH REKEY ALIAS_ADD MOVE DEPRECATE PUBLISH CONSOLIDATE";
    assert_eq!(kinds.join(" "), expected, "{log}");
    assert!(plugin(&scripted, &["generate", "--check"]).contains("0 files out of date"));
}

#[test]
fn a_step_that_the_gate_would_refuse_is_refused() {
    let scripted = begun();
    new(&scripted, "Alpha", "python", &["run"]);
    new(&scripted, "Beta", "python", &["run"]);
    scripted.commit("both");
    for (arguments, why) in [
        (vec!["rekey", "alpha", "PLG_BETA"], "PLG_BETA is taken"),
        (vec!["rekey", "alpha", "alpha"], "not a valid key of this kind"),
        (vec!["move", "alpha", "beta"], "is there already"),
        (vec!["move", "alpha", "../elsewhere"], "not a valid directory of a plugin"),
        (vec!["bump", "alpha", "0.0.9"], "not higher"),
        (vec!["add-operation", "alpha", "run"], "has the operation run already"),
        (vec!["add-operation", "alpha", "Run It"], "not a valid name of an operation"),
        (vec!["consolidate", "alpha", "alpha"], "cannot take in itself"),
    ] {
        let refusal = refused(&scripted, &arguments);
        assert!(refusal.contains(why), "{arguments:?}: {refusal}");
    }
    let output = run("id-plugin", scripted.path(), &["bump", "alhpa", "minor"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(printed(&output).contains("did you mean alpha?"), "{}", printed(&output));
    assert_eq!(scripted.git(&["status", "--short"]).trim(), "");
}

#[test]
fn an_edit_of_a_derived_file_is_reported_and_fixed() {
    let scripted = begun();
    new(&scripted, "Alpha", "python", &["run"]);
    merge(&scripted, "alpha");
    let read = |path: &str| std::fs::read_to_string(scripted.path().join(path)).unwrap();
    plugin(&scripted, &["bump", "alpha", "patch"]);
    let whole = read("plugins/alpha/src/handler.py");
    let edit = |path: &str, from: &str, to: &str| {
        let text = read(path);
        assert!(text.contains(from), "{path}: {from}");
        scripted.write(path, text.replace(from, to));
    };
    edit("plugins/alpha/src/handler.py", "if word not in OPERATIONS:", "if word in OPERATIONS:");
    edit("plugins/alpha/README_PLUGIN.md", "| status | active |", "| status | the best |");
    edit("plugins/alpha/README_PLUGIN.md", "notes -->\n<!-- END", "notes -->\nMy own words.\n<!-- END");
    edit("plugins/alpha/ledger_contract.json", "\"summary\"\n", "\"summary\",\n    \"more\"\n");
    edit("plugins/alpha/healthcheck.md", "startup_ms: 10000", "startup_ms: 99999");
    edit("plugins/alpha/policy_snapshot.json", "\"value\": 1024", "\"value\": 4096");
    let found = findings(&scripted);
    for code in [
        "GEN008 plugins/alpha/README_PLUGIN.md",
        "GEN010 plugins/alpha/src/handler.py",
        "GEN005 plugins/alpha/manifest.json",
        "GEN007 plugins/alpha/policy_snapshot.json",
    ] {
        assert!(found.contains(&code.to_string()), "{code}: {found:?}");
    }
    let fixed = run("id-guard", scripted.path(), &["fix", "--diff"]);
    assert!(
        printed(&fixed).contains("-| status | the best |")
            && printed(&fixed).contains("+| status | active |"),
        "{}",
        printed(&fixed)
    );
    assert_eq!(findings(&scripted), found, "what only shows changes nothing");
    let fixed = run("id-guard", scripted.path(), &["fix"]);
    assert!(fixed.status.success(), "{}", printed(&fixed));
    assert_eq!(findings(&scripted), Vec::<String>::new());
    assert!(read("plugins/alpha/README_PLUGIN.md").contains("My own words."), "what people wrote stays");
    assert_eq!(read("plugins/alpha/src/handler.py"), whole);
}

#[test]
fn a_changed_policy_keeps_existing_plugins_up_to_date() {
    let scripted = begun();
    new(&scripted, "Alpha", "python", &["run"]);
    merge(&scripted, "alpha");
    let policy = "schema_version: 1\nledger:\n  origin: example.org/plugins\nperformance:\n  p95_ms: 900\n";
    scripted.write("policy-packs/policy.yaml", policy);
    scripted.git(&["switch", "--quiet", "--create", "policy"]);
    scripted.commit("policy");
    scripted.git(&["switch", "--quiet", "main"]);
    scripted.git(&["merge", "--quiet", "policy"]);
    assert!(plugin(&scripted, &["generate", "--check"]).contains("0 files out of date"));
    let structure = run("id-structure", scripted.path(), &["check"]);
    assert!(structure.status.success(), "{}", printed(&structure));
    // A new version is made under the policy of today.
    plugin(&scripted, &["bump", "alpha", "minor"]);
    let snapshot =
        std::fs::read_to_string(scripted.path().join("plugins/alpha/policy_snapshot.json")).unwrap();
    assert!(
        snapshot.contains("\"value\": 900") && snapshot.contains("\"from\": \"repository\""),
        "{snapshot}"
    );
    assert_eq!(findings(&scripted), Vec::<String>::new());
}

#[test]
fn a_key_that_was_its_own_is_free_to_it() {
    let scripted = begun();
    new(&scripted, "Alpha", "python", &["run"]);
    merge(&scripted, "alpha");
    new(&scripted, "Beta", "python", &["run"]);
    merge(&scripted, "beta");
    plugin(&scripted, &["deprecate", "beta", "--reason", "nobody asks", "--replaced-by", "PLG_ALPHA"]);
    merge(&scripted, "deprecate");
    plugin(&scripted, &["rekey", "alpha", "PLG_ALFA"]);
    merge(&scripted, "rekey");
    // Beta's event speaks of the key, and does not claim it.
    plugin(&scripted, &["rekey", "alpha", "PLG_ALPHA"]);
}

#[test]
fn what_people_wrote_before_there_was_a_tool_is_kept() {
    let scripted = begun();
    new(&scripted, "Alpha", "python", &["run"]);
    scripted.write("plugins/alpha/README_PLUGIN.md", "# Alpha\n\nThree years of notes.\n");
    scripted.write("plugins/alpha/healthcheck.md", "Call Bob.\n");
    plugin(&scripted, &["generate"]);
    let read = |path: &str| std::fs::read_to_string(scripted.path().join(path)).unwrap();
    assert!(
        read("plugins/alpha/README_PLUGIN.md")
            .contains("SECTION: notes -->\n# Alpha\n\nThree years of notes.\n<!-- END")
    );
    assert!(read("plugins/alpha/healthcheck.md").contains("Call Bob."));
    assert!(plugin(&scripted, &["generate", "--check"]).contains("0 files out of date"));
}

#[test]
fn a_link_to_outside_of_the_working_tree_is_not_followed() {
    let scripted = begun();
    new(&scripted, "Alpha", "python", &["run"]);
    let outside = tempfile::tempdir().unwrap();
    let tests = scripted.path().join("plugins/alpha/tests");
    std::fs::remove_dir_all(&tests).unwrap();
    std::os::unix::fs::symlink(outside.path(), &tests).unwrap();
    let output = run("id-plugin", scripted.path(), &["add-operation", "alpha", "more"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(printed(&output).contains("plugins/alpha/tests is a link"), "{}", printed(&output));
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
    // A folder's name is nobody's command.
    let spec = std::fs::read(scripted.path().join("plugins/alpha/plugin.spec.json")).unwrap();
    scripted.write("plugins/a\u{1b}[31m\n::error::x/plugin.spec.json", spec);
    for arguments in [&["generate", "--check"][..], &["generate", "--dry-run"], &["list"]] {
        let output = run("id-plugin", scripted.path(), arguments);
        let text = printed(&output);
        assert!(!text.contains('\u{1b}') && !text.lines().any(|line| line.starts_with("::")), "{text:?}");
    }
}

#[test]
fn the_sections_of_what_is_run_stay() {
    let scripted = begun();
    new(&scripted, "Alpha", "python", &["run"]);
    merge(&scripted, "alpha");
    plugin(&scripted, &["bump", "alpha", "patch"]);
    let spec = std::fs::read_to_string(scripted.path().join("plugins/alpha/plugin.spec.json")).unwrap();
    let handler = std::fs::read_to_string(scripted.path().join("plugins/alpha/src/handler.py")).unwrap();
    // Another file is run, and the one with the sections stays beside it.
    scripted.write("plugins/alpha/src/other.py", "print('mine')\n");
    scripted.write("plugins/alpha/plugin.spec.json", spec.replace("src/handler.py", "src/other.py"));
    plugin(&scripted, &["generate"]);
    let finding = "GEN010 plugins/alpha/src/handler.py".to_string();
    assert!(findings(&scripted).contains(&finding), "{:?}", findings(&scripted));
    // The sections go to a file that nobody runs.
    scripted.write("plugins/alpha/src/handler.py", "print('mine')\n");
    scripted.write("plugins/alpha/src/other.py", &handler);
    scripted.write("plugins/alpha/plugin.spec.json", &spec);
    plugin(&scripted, &["generate"]);
    assert!(findings(&scripted).contains(&finding), "{:?}", findings(&scripted));
    // A handler that moves with its sections is the same handler.
    std::fs::remove_file(scripted.path().join("plugins/alpha/src/handler.py")).unwrap();
    scripted.write("plugins/alpha/plugin.spec.json", spec.replace("src/handler.py", "src/other.py"));
    plugin(&scripted, &["generate"]);
    let found = findings(&scripted);
    assert!(!found.iter().any(|finding| finding.starts_with("GEN010")), "{found:?}");
}

#[test]
fn a_snapshot_of_a_version_on_base_cannot_be_forged() {
    let scripted = begun();
    scripted.write("policy-packs/policy.yaml", "schema_version: 1\n");
    scripted.commit("no ledger");
    new(&scripted, "Alpha", "python", &["run"]);
    scripted.commit("alpha");
    scripted.git(&["switch", "--quiet", "--create", "change"]);
    let lax = "schema_version: 1\nperformance: {p95_ms: 86400000}\n";
    scripted.write("policy-packs/policy.yaml", lax);
    plugin(&scripted, &["generate", "--refresh"]);
    scripted.write("policy-packs/policy.yaml", "schema_version: 1\n");
    scripted.commit("a weaker snapshot");
    let found = check(scripted.path(), &["check", "--base", "main"]).findings();
    assert!(found.contains(&"GEN007 plugins/alpha/policy_snapshot.json".to_string()), "{found:?}");
}

#[test]
fn a_new_plugin_keeps_to_a_stricter_policy() {
    let scripted = begun();
    let policy = "schema_version: 1\nperformance: {p95_ms: 100}\nquality: {budgets: true, scenarios: true}\n";
    scripted.write("policy-packs/policy.yaml", policy);
    scripted.commit("stricter");
    new(&scripted, "Alpha", "python", &["run"]);
    plugin(&scripted, &["add-operation", "alpha", "more"]);
    scripted.git(&["add", "--all"]);
    assert_eq!(findings(&scripted), Vec::<String>::new());
}
