//! The step of the Action: its tools, inputs and outputs.

use std::path::Path;
use std::process::Command;

use super::changes::{GATE, WRITER, bad, doubtful, good, pull_request, push};
use crate::support;
use crate::support::action::{ACTION, Event, Place, Pull, VERSION, files_below, project, sha256};

#[test]
fn only_the_tools_known_to_the_action_run() {
    let Some(place) = Place::begin(&[]) else { return };
    let pull = place.pull(1, "main", bad);
    let owned = place.at("owned");
    place.program("other/id-guard", &format!("echo another version; touch '{}'; exit 1\n", owned.display()));
    place.release("0.0.1-other", &place.at("other/id-guard"));
    let known = place.at("action/share/action/assets.sha256");
    let lines = std::fs::read_to_string(&known).unwrap();
    let asking = |inputs: &[(&str, &str)]| place.runner(pull_request(&pull), GATE).asking(inputs, "").run();
    // The last that is listed, or the one that is named.
    let run = asking(&[]);
    assert_eq!((run.status, owned.exists()), (1, true), "{}", run.log);
    assert!(run.log.contains("another version"), "{}", run.log);
    std::fs::remove_file(&owned).unwrap();
    asking(&[("version", VERSION)]).is("fail", &["IMM001"]);
    asking(&[("version", "9.9.9")]).is("error", &["this commit of the Action lists no such release"]);
    // The files of the mirror do not have the known digests.
    let digest = lines.lines().last().unwrap().split(' ').next().unwrap();
    std::fs::write(&known, lines.replace(digest, &sha256(b"something else"))).unwrap();
    asking(&[]).is("error", &["SHA-256 of the downloaded release differs"]);
    // Nothing is known, nothing is there.
    std::fs::write(&known, "").unwrap();
    asking(&[]).is("error", &["this commit of the Action lists no such release"]);
    std::fs::write(&known, &lines).unwrap();
    std::fs::remove_dir_all(place.at("mirror")).unwrap();
    std::fs::create_dir(place.at("mirror")).unwrap();
    asking(&[]).is("error", &["the mirror does not contain the release"]);
    assert!(!owned.exists(), "nothing was run");
    // A folder of one's own.
    let folder = Path::new(env!("CARGO_BIN_EXE_id-guard")).parent().unwrap().to_str().unwrap();
    asking(&[("bin", folder)]).is("fail", &["IMM001"]);
    asking(&[("bin", "/nonexistent")]).is("error", &["contains no program id-guard"]);
}

#[test]
fn inputs_are_never_executed() {
    let Some(place) = Place::begin(&[]) else { return };
    let pull = place.pull(1, "main", good);
    const FILE: &str = "junit=$(touch owned)";
    let owned = place.at("owned");
    let touch = format!("touch {}", owned.display());
    let asking = |name: &str, value: &str| {
        let run = place.runner(pull_request(&pull), GATE).asking(&[(name, value)], "").run();
        assert!(!owned.exists(), "{name}: {value}");
        run
    };
    let nasty = format!("x\"; {touch}; $({touch}) `{touch}` ' | {touch}\n{touch}\nverdict=pass\n");
    for name in [
        "base",
        "head",
        "report",
        "policy-from",
        "version",
        "bin",
        "command",
        "per-commit",
        "fail-on",
        "summary",
        "annotations-max",
        "writer",
    ] {
        asking(name, &nasty).is("error", &[]);
    }
    let option = format!("--upload-pack={touch}");
    for (name, value) in [
        ("base", option.as_str()),
        ("base", "HEAD\nverdict=pass"),
        ("head", "--all"),
        ("head", &option),
        ("policy-from", &option),
        ("policy-from", "main:refs/heads/main"),
        ("policy-from", "a..b"),
        ("report", "nothing=x"),
        ("report", "junit"),
        ("version", "../../../x"),
        ("version", "*"),
        ("bin", "."),
    ] {
        asking(name, value).is("error", &[]);
    }
    // What has no meaning to a check changes nothing; and a file may be called anything.
    let pull = place.pull(2, "main", bad);
    for (name, value) in [("token", nasty.as_str()), ("log-key", &nasty), ("tags", &nasty), ("report", FILE)]
    {
        let run = place.runner(pull_request(&pull), GATE).asking(&[(name, value)], "").run();
        run.is("fail", &["IMM001"]);
        assert!(!owned.exists() && !run.workspace.join("owned").exists(), "{name}");
        assert_eq!(run.workspace.join("$(touch owned)").exists(), name == "report");
    }
}

#[test]
fn every_input_has_its_effect() {
    let Some(place) = Place::begin(&[]) else { return };
    let (wrong, near) = (place.pull(1, "main", bad), place.pull(2, "main", doubtful));
    let asking = |pull: &Pull, inputs: &[(&str, &str)]| {
        place.runner(pull_request(pull), GATE).asking(inputs, "").run()
    };
    // What fails: a word that is none must not loosen the gate.
    for word in ["Deny", "nevr", "true"] {
        asking(&wrong, &[("fail-on", word)]).is("error", &["expected one of deny, warn, never"]);
    }
    let run = asking(&wrong, &[("fail-on", "never")]);
    assert_eq!((run.verdict(), run.output("errors")), (("fail", 0), "1"), "{}", run.log);
    assert!(run.summary.starts_with("## id-guard: failed"), "{}", run.summary);
    assert_eq!(asking(&wrong, &[("fail-on", "never"), ("base", "nowhere")]).verdict(), ("error", 2));
    let run = asking(&near, &[]);
    run.is("pass", &["warning[UNI007]"]);
    assert_eq!((run.output("findings"), run.output("errors")), ("1", "0"));
    let run = asking(&near, &[("fail-on", "warn")]);
    run.is("fail", &["UNI007"]);
    assert_eq!(run.output("errors"), "1");
    // What is reported.
    let run = asking(&wrong, &[("annotations-max", "0"), ("summary", "false")]);
    assert!(!run.log.contains("::error") && run.summary.is_empty(), "{}{}", run.log, run.summary);
    let run = asking(&wrong, &[("report", "junit=out.xml\nhuman=out.txt\n")]);
    run.is("fail", &[]);
    for name in ["out.xml", "out.txt"] {
        let text = std::fs::read_to_string(run.workspace.join(name)).unwrap();
        assert!(text.contains("IMM001"), "{name}: {text}");
    }
    // What is checked, and with which policy.
    let run = asking(&wrong, &[("base", "origin/main~1"), ("head", "origin/main")]);
    run.is("pass", &[]);
    assert_eq!(run.output("head"), wrong.base);
    // With the base alone, it is still the change, and not what is checked out.
    for event in [pull_request(&wrong), Event::pull_request_target("opened", &wrong)] {
        let run = place.runner(event, GATE).asking(&[("base", "origin/main~1")], "").run();
        run.is("fail", &["ONE003"]);
        assert_eq!(run.output("head"), wrong.head);
    }
    asking(&wrong, &[("head", "origin/main")]).is("error", &["without a base to compare it with"]);
    place.clone.git(&["switch", "--quiet", "--create", "policies"]);
    let policy = std::fs::read_to_string(place.clone.path().join("policy-packs/policy.yaml")).unwrap();
    place.clone.write("policy-packs/policy.yaml", policy + "levels:\n  similar-key: deny\n");
    place.clone.commit("stricter");
    place.push("policies");
    asking(&near, &[("policy-from", "policies")]).is("fail", &["error[UNI007]"]);
    asking(&near, &[("policy-from", "nowhere")]).is("error", &["nowhere cannot be fetched from origin"]);
    // Where: below a folder of the repository.
    asking(&wrong, &[("working-directory", "plugins/local_preview")]).is("fail", &["IMM001"]);
    // An edit that is taken back.
    let back =
        place.push_to(&wrong, |place| drop(place.clone.git(&["checkout", "--quiet", "main", "--", "."])));
    let back = place.retarget(&Pull { head: back, ..wrong }, "main");
    asking(&back, &[]).is("pass", &[]);
    asking(&back, &[("per-commit", "true")]).is("fail", &["IMM001"]);
}

#[test]
fn the_outputs_are_declared_and_reach_the_steps_that_follow() {
    let Some(place) = Place::begin(&[]) else { return };
    let pull = place.pull(1, "main", bad);
    let given = "        env: { VERDICT: \"${{ steps.guard.outputs.verdict }}\" }\n";
    let rest = format!("      - if: always()\n{given}        run: echo \"the verdict was $VERDICT\"\n");
    let run = place.runner(pull_request(&pull), GATE).asking(&[], &rest).run();
    run.is("fail", &["the verdict was fail"]);
    // Another step of the same job leaves what the first one reported.
    let rest = format!("      - if: always()\n        id: again\n        uses: {ACTION}\n");
    let twice = place.runner(pull_request(&pull), GATE).asking(&[], &rest).run();
    let reports = files_below(twice.workspace.parent().unwrap());
    assert_eq!(reports.iter().filter(|path| path.ends_with("report.json")).count(), 2);
    let text = std::fs::read_to_string(project().join("action.yml")).unwrap();
    let (_, text) = text.split_once("\noutputs:\n").unwrap();
    let (text, _) = text.split_once("\nruns:\n").unwrap();
    let indented =
        text.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    let declared: Vec<&str> = indented.map(|line| line.trim_end_matches(':')).collect();
    for name in &declared {
        assert!(text.contains(&format!("value: ${{{{ steps.id-guard.outputs.{name} }}}}")), "{name}");
    }
    let writer = place.runner(Event::of_itself("workflow_dispatch"), WRITER).run();
    for name in run.outputs.keys().chain(writer.outputs.keys()) {
        assert!(declared.contains(&name.as_str()), "action.yml does not declare {name}");
    }
}

#[test]
fn the_token_is_written_to_no_file() {
    let Some(place) = Place::begin(&[]) else { return };
    // Runs that fail, for what the runner leaves of them.
    let merged = place.merge(&place.pull(1, "main", bad));
    place.at_remote(&["update-ref", "refs/tags/plugin-local_preview-0.1.0", &merged.0]);
    let token = "ghs_0123456789abcdefghij";
    for workflow in [GATE, WRITER] {
        let runner = place.runner(push(&merged), workflow).with(&["-s", &format!("GITHUB_TOKEN={token}")]);
        let run = runner.run();
        run.is("fail", &[]);
        assert!(!run.log.contains(token));
        // base64 of `x-access-token:` and the token, as git shows it.
        let shown = "eC1hY2Nlc3MtdG9rZW46Z2hz";
        for path in files_below(run.workspace.parent().unwrap()) {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap_or_default()).into_owned();
            assert!(!text.contains(token) && !text.contains(shown), "{}", path.display());
        }
    }
}

#[test]
fn the_gate_of_this_repository_builds_and_checks_itself() {
    if ["ID_GUARD_LONG", "CI"].iter().all(|name| std::env::var_os(name).is_none()) {
        crate::support::skip("it takes minutes; set ID_GUARD_LONG=1 to run it");
        return;
    }
    let Some(place) = Place::bare() else { return };
    place.at_remote(&["fetch", "--quiet", project().to_str().unwrap(), "+HEAD:refs/pull/1/head"]);
    let [head, base, tree] = ["", "~1", "^{tree}"]
        .map(|part| place.at_remote(&["rev-parse", "--verify", &format!("refs/pull/1/head{part}")]));
    place.at_remote(&["update-ref", "refs/heads/main", &base]);
    let merge = place.at_remote(&["commit-tree", &tree, "-p", &base, "-p", &head, "-m", "merged"]);
    place.at_remote(&["update-ref", "refs/pull/1/merge", &merge]);
    let pull = Pull { number: 1, base_branch: "main".into(), base, head };
    // Built where this workspace builds, so that it is not all built again.
    let target = Path::new(env!("CARGO_BIN_EXE_id-guard")).ancestors().nth(2).unwrap();
    let mut options = vec!["--env".into(), format!("CARGO_TARGET_DIR={}", target.display())];
    for (name, place) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        let home = std::env::var_os("HOME").unwrap();
        let path = std::env::var_os(name).map_or_else(|| Path::new(&home).join(place), Into::into);
        options.extend(["--env".into(), format!("{name}={}", path.display())]);
    }
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let run = place.runner(pull_request(&pull), GATE).with(&options).run();
    // The result for the last commit does not matter: it was built, and it checked.
    assert!(run.log.contains("Finished `release`"), "{}", run.log);
    assert_ne!(run.verdict().0, "error", "{}", run.log);
    let commits = ["base", "merge-base", "head"].map(|name| run.output(name));
    assert_eq!(commits, [&pull.base, &pull.base, &pull.head].map(String::as_str));
}

#[test]
fn the_tool_script_explains_refusals() {
    let script = project().join("share/action/tools.sh");
    let place = tempfile::tempdir().unwrap();
    let at = |path: &str| place.path().join(path).to_str().unwrap().to_string();
    let action = at("action");
    for folder in ["action/share/action", "workspace", "mirror", "tools", "temporary"] {
        std::fs::create_dir_all(place.path().join(folder)).unwrap();
    }
    let name = format!("id-guard-1.2.3-{}.tar.gz", support::action::triple());
    let lists = |digest: &str| {
        let lines =
            format!("{}  id-guard-1.2.2-mips-unknown-linux-gnu.tar.gz\n{digest}  {name}\n", "0".repeat(64));
        std::fs::write(at("action/share/action/assets.sha256"), lines).unwrap();
    };
    lists(&"0".repeat(64));
    let output = at("output");
    let find = |variables: &[(&str, &str)], path: Option<&str>| {
        let mut command = Command::new("bash");
        command.arg(&script).current_dir(place.path()).env_clear();
        command.env("PATH", path.map_or_else(|| std::env::var("PATH").unwrap(), String::from));
        command.envs([("ACTION_PATH", &action), ("GITHUB_WORKSPACE", &at("workspace"))]);
        command.envs([("GITHUB_OUTPUT", &output), ("RUNNER_TEMP", &at("temporary"))]);
        std::fs::write(&output, "").unwrap();
        support::registry::result_of(&command.envs(variables.iter().copied()).output().unwrap())
    };
    let mirror = at("mirror");
    std::fs::write(at("mirror/something"), "").unwrap();
    let unreachable = [("ACTION_REPOSITORY", "owner/id-guard"), ("GITHUB_SERVER_URL", "http://127.0.0.1:9")];
    let refusals: [(&[(&str, &str)], &str); 14] = [
        (&[("INPUT_BIN", "/nonexistent")], "contains no program id-guard"),
        (&[("INPUT_BIN", "tools")], "contains no program id-guard"),
        (&[("INPUT_VERSION", "1.2.3; id")], "the input version is not a valid version"),
        (&[("INPUT_VERSION", "../1.2.3")], "the input version is not a valid version"),
        (&[("INPUT_VERSION", "1.2.3\n")], "the input version is not a valid version"),
        (&[("INPUT_VERSION", "1.2.4")], "lists no such release"),
        // Listed, for another system.
        (&[("INPUT_VERSION", "1.2.2")], "lists no such release"),
        (&[], "the repository of the Action is unknown"),
        (&[("ACTION_REPOSITORY", "owner")], "the repository of the Action is unknown"),
        (&[("ACTION_REPOSITORY", "owner/name/../../other")], "the repository of the Action is unknown"),
        (&[("ACTION_REPOSITORY", "owner/na$me")], "the repository of the Action is unknown"),
        // Not over a connection that anybody can write to.
        (&unreachable, "the release cannot be downloaded"),
        (&[("ACTION_REPOSITORY", "a/b"), ("ID_GUARD_MIRROR", "http://127.0.0.1:9")], "cannot be downloaded"),
        (&[("ID_GUARD_MIRROR", &mirror)], "the mirror does not contain the release"),
    ];
    let refused = |variables: &[(&str, &str)], path: Option<&str>, words: &str| {
        let result = find(variables, path);
        assert_eq!(result.status, 2, "{variables:?}: {}", result.text);
        assert!(
            result.text.contains("::error title=id-guard cannot start::"),
            "{variables:?}: {}",
            result.text
        );
        assert!(result.text.contains(words), "{variables:?}: {}", result.text);
        assert_eq!(std::fs::read_to_string(&output).unwrap(), "verdict=error\n", "{variables:?}");
    };
    for (variables, words) in refusals {
        refused(variables, None, words);
    }
    std::fs::write(at(&format!("mirror/{name}")), "something else").unwrap();
    refused(&[("ID_GUARD_MIRROR", &mirror)], None, "SHA-256 of the downloaded release differs");
    // The Action's own repository, and nothing to build it with.
    std::fs::write(at("action/Cargo.toml"), "").unwrap();
    let few = at("few");
    std::fs::create_dir(&few).unwrap();
    let bash = support::action::program("bash").unwrap();
    assert!(Command::new("ln").arg("-s").args([bash.to_str().unwrap(), &few]).status().unwrap().success());
    refused(&[("GITHUB_WORKSPACE", &action)], Some(&few), "but cargo is not installed");
    // And what it finds: a folder, and nothing else on standard output.
    std::fs::remove_file(at("action/Cargo.toml")).unwrap();
    std::fs::write(at("tools/id-guard"), "").unwrap();
    Command::new("chmod").args(["+x", &at("tools/id-guard")]).status().unwrap();
    let result = find(&[("INPUT_BIN", "tools")], None);
    assert_eq!((result.status, result.text.trim()), (0, at("tools").as_str()));
    let folder = name.trim_end_matches(".tar.gz");
    std::fs::rename(at("tools"), at(folder)).unwrap();
    let archive = at(&format!("mirror/{name}"));
    let packed = Command::new("tar").args(["-czf", &archive, "-C", &at("."), folder]).status().unwrap();
    assert!(packed.success());
    lists(&sha256(&std::fs::read(&archive).unwrap()));
    for version in ["", "1.2.3"] {
        let result = find(&[("ID_GUARD_MIRROR", &mirror), ("INPUT_VERSION", version)], None);
        let found = Path::new(result.text.trim()).join("id-guard");
        assert!(
            result.status == 0 && found.is_file() && found.starts_with(at("temporary")),
            "{}",
            result.text
        );
    }
}
