//! Repositories as people run them: of another user, on a server, as partial clones, without the usual remote; and help that works there.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::check;
use scripted::{Scripted, git};

const POLICY: &str = "schema_version: 1\npacks: []\npaths:\n  - {match: \"docs/*\", discipline: frozen}\n";

/// A repository whose `main` freezes `docs/*`; `good` adds a file, `evil` edits a frozen one.
fn repository() -> Scripted {
    let scripted = Scripted::new();
    scripted.write("policy-packs/policy.yaml", POLICY);
    scripted.write("docs/a", "a\n");
    scripted.write("big/b", "b\n");
    scripted.commit("base");
    for (branch, path) in [("good", "notes.txt"), ("evil", "docs/a")] {
        scripted.git(&["switch", "--quiet", "--create", branch, "main"]);
        scripted.write(path, "changed\n");
        scripted.commit(branch);
    }
    scripted.git(&["switch", "--quiet", "main"]);
    scripted
}

fn binaries() -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_id-guard")).parent().unwrap().to_path_buf()
}

fn path() -> String {
    format!("{}:{}", binaries().display(), std::env::var("PATH").unwrap())
}

/// Runs `id-guard` with these variables and no others.
fn guard(directory: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_id-guard"));
    command.env_clear().env("PATH", path()).envs(variables.iter().copied());
    finished(command.args(arguments).current_dir(directory).output().unwrap())
}

fn finished(output: Output) -> (i32, String) {
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), text)
}

/// Runs the command that a help line ends with, as a person would paste it.
fn paste(directory: &Path, text: &str, command: &str) {
    let line = text.lines().find_map(|line| line.find(command).map(|at| &line[at..]));
    let line = line.unwrap_or_else(|| panic!("no `{command}` in: {text}"));
    let output = Command::new("bash").args(["-c", line]).current_dir(directory).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_repository_of_another_user_needs_safe_directory() {
    let scripted = repository();
    scripted.git(&["switch", "--quiet", "good"]);
    let given = Command::new("chown").args(["-R", "12345:12345"]).arg(scripted.path()).status();
    if !given.is_ok_and(|status| status.success()) {
        crate::support::skip("files cannot be given to another user");
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let home = place.path().to_str().unwrap().to_string();
    let real = scripted.path().canonicalize().unwrap().display().to_string();
    let config = |name: &str, values: &[&str]| {
        let file = place.path().join(name);
        let lines: String = values.iter().map(|value| format!("\tdirectory = {value}\n")).collect();
        std::fs::write(&file, format!("[safe]\n{lines}")).unwrap();
        file.display().to_string()
    };
    let arguments = ["check", "--base", "main"];
    let status = |variables: &[(&str, &str)]| guard(scripted.path(), variables, &arguments).0;
    let (refused, text) = guard(scripted.path(), &[("HOME", &home)], &arguments);
    assert!(refused == 2 && text.contains("owned by user 12345"), "{text}");
    assert!(text.contains(&format!("git config --global --add safe.directory {real}")), "{text}");

    for (values, expected) in [
        (&["*"][..], 0),
        (&[&real], 0),
        (&[&format!("{}/*", Path::new(&real).parent().unwrap().display())], 0),
        (&["/nowhere"], 2),
        (&["*", ""], 2),
        (&["", &real], 0),
        (&["."], 0),
    ] {
        let file = config("config", values);
        assert_eq!(status(&[("GIT_CONFIG_GLOBAL", &file)]), expected, "global {values:?}");
        assert_eq!(status(&[("GIT_CONFIG_SYSTEM", &file)]), expected, "system {values:?}");
    }
    let file = config("config", &["*"]);
    assert_eq!(status(&[("GIT_CONFIG_SYSTEM", &file), ("GIT_CONFIG_NOSYSTEM", "1")]), 2);
    let including = place.path().join("including");
    std::fs::write(&including, format!("[include]\n\tpath = {file}\n")).unwrap();
    assert_eq!(status(&[("GIT_CONFIG_GLOBAL", including.to_str().unwrap())]), 0, "includes are followed");
    let count = [
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "safe.directory"),
        ("GIT_CONFIG_VALUE_0", real.as_str()),
    ];
    assert_eq!(status(&count), 0, "GIT_CONFIG_COUNT");
    let parameters = format!("'safe.directory'='{real}'");
    assert_eq!(status(&[("GIT_CONFIG_PARAMETERS", &parameters)]), 0, "git -c");
    // The repository cannot declare itself safe.
    let own = scripted.path().join(".git/config");
    let text = std::fs::read_to_string(&own).unwrap();
    std::fs::write(&own, format!("{text}[safe]\n\tdirectory = *\n")).unwrap();
    assert_eq!(status(&[("HOME", &home)]), 2);
    std::fs::write(&own, text).unwrap();
    // The help works.
    let text = guard(scripted.path(), &[("HOME", &home)], &arguments).1;
    let line = text.lines().find_map(|line| line.find("git config").map(|at| &line[at..])).unwrap();
    let pasted =
        Command::new("bash").args(["-c", line]).env("HOME", &home).env_remove("GIT_CONFIG_GLOBAL").status();
    assert!(pasted.unwrap().success());
    assert_eq!(status(&[("HOME", &home)]), 0);
}

/// A bare repository with `id-guard` as its pre-receive hook.
fn server(place: &Path, source: &Scripted) -> PathBuf {
    git(place, &["clone", "--quiet", "--bare", source.path().to_str().unwrap(), "server.git"], 0);
    let server = place.join("server.git");
    install(&server);
    server
}

fn install(server: &Path) {
    let hook = server.join("hooks/pre-receive");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(&hook, "#!/bin/sh\nexec id-guard hook pre-receive\n").unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(hook, mode).unwrap();
}

fn push(from: &Scripted, arguments: &[&str]) -> (bool, String) {
    let output = Command::new("git")
        .args(["push", "--quiet"])
        .args(arguments)
        .current_dir(from.path())
        .env("PATH", path())
        .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_server_checks_a_push_before_it_accepts_it() {
    let scripted = repository();
    let place = tempfile::tempdir().unwrap();
    let main = scripted.git(&["rev-parse", "main"]);
    let server = server(place.path(), &scripted);
    git(&server, &["update-ref", "-d", "refs/heads/evil"], 0);
    let address = server.to_str().unwrap();
    // New branches are compared with the default branch.
    scripted.git(&["branch", "new", "good"]);
    assert!(push(&scripted, &[address, "new"]).0);
    let (accepted, text) = push(&scripted, &[address, "evil"]);
    assert!(!accepted && text.contains("IMM004"), "{text}");
    assert!(push(&scripted, &[address, "main:same"]).0, "a branch that adds nothing");
    // The default branch itself, and a branch that is there already.
    let (accepted, text) = push(&scripted, &[address, "evil:main"]);
    assert!(!accepted && text.contains("IMM004"), "{text}");
    assert!(push(&scripted, &[address, "good:main"]).0);
    let (accepted, text) = push(&scripted, &["--force", address, &format!("{main}:main")]);
    assert!(accepted, "nothing governed goes: {text}");
    scripted.git(&["switch", "--quiet", "--create", "more", "good"]);
    scripted.write("docs/a", "more\n");
    scripted.commit("edit what is frozen");
    let (accepted, text) = push(&scripted, &[address, "more:new"]);
    assert!(!accepted && text.contains("IMM004"), "{text}");
    // Tags and deletions.
    scripted.git(&["tag", "fine", "main"]);
    scripted.git(&["tag", "data", "main:docs/a"]);
    assert!(push(&scripted, &[address, "fine", "data"]).0);
    assert!(push(&scripted, &[address, ":new"]).0);
    // The policy of a push to the default branch is the old one.
    scripted.git(&["switch", "--quiet", "main"]);
    scripted.write("policy-packs/policy.yaml", "schema_version: 1\npacks: []\n");
    scripted.write("docs/a", "b\n");
    scripted.commit("drop the policy");
    let (accepted, text) = push(&scripted, &[address, "main"]);
    assert!(!accepted && text.contains("IMM004"), "{text}");
}

#[test]
fn a_first_push_is_audited() {
    let scripted = repository();
    scripted.git(&["switch", "--quiet", "main"]);
    scripted.git(&["merge", "--quiet", "evil"]);
    let place = tempfile::tempdir().unwrap();
    git(place.path(), &["init", "--quiet", "--bare", "--initial-branch=main", "empty.git"], 0);
    let server = place.path().join("empty.git");
    install(&server);
    let (accepted, text) = push(&scripted, &[server.to_str().unwrap(), "main"]);
    assert!(!accepted && text.contains("IMM004"), "{text}");
    assert!(push(&scripted, &[server.to_str().unwrap(), "good:main"]).0);
}

#[test]
fn a_quarantine_of_another_repository_is_refused() {
    let scripted = repository();
    scripted.git(&["switch", "--quiet", "good"]);
    let other = repository();
    let objects = scripted.path().join(".git/objects");
    let inside = objects.join("tmp_objdir-incoming-x");
    std::fs::create_dir_all(&inside).unwrap();
    let text = |path: &Path| path.to_str().unwrap().to_string();
    let (inside, objects) = (text(&inside), text(&objects));
    let elsewhere = text(&other.path().join(".git/objects"));
    let arguments = ["check", "--base", "main"];
    for (quarantine, directory, alternates, expected) in [
        (inside.as_str(), inside.as_str(), objects.as_str(), 0),
        (&inside, &inside, "", 0),
        (&elsewhere, &elsewhere, &objects, 2),
        ("/nowhere", &inside, &objects, 2),
        (&objects, &objects, &objects, 2),
        (&inside, &elsewhere, &objects, 2),
        (&inside, &inside, &elsewhere, 2),
    ] {
        let variables = [
            ("GIT_QUARANTINE_PATH", quarantine),
            ("GIT_OBJECT_DIRECTORY", directory),
            ("GIT_ALTERNATE_OBJECT_DIRECTORIES", alternates),
        ];
        let (status, text) = guard(scripted.path(), &variables, &arguments);
        assert_eq!(status, expected, "{variables:?}: {text}");
    }
}

/// A partial clone of a repository, with a pull request event for one of its branches.
fn partial(place: &Path, source: &Scripted, filter: &str, branch: &str) -> (PathBuf, String) {
    source.git(&["config", "uploadpack.allowFilter", "true"]);
    source.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let name = format!("{}-{branch}", filter.replace(':', "-"));
    let address = format!("file://{}", source.path().display());
    git(place, &["clone", "--quiet", "--no-checkout", "--filter", filter, &address, &name], 0);
    let (head, base) = (source.git(&["rev-parse", branch]), source.git(&["rev-parse", "main"]));
    let event = place.join(format!("{name}.json"));
    let body = format!(
        r#"{{"pull_request":{{"number":1,"head":{{"sha":"{head}"}},"base":{{"sha":"{base}","ref":"main"}}}}}}"#
    );
    std::fs::write(&event, body).unwrap();
    (place.join(name), event.display().to_string())
}

#[test]
fn ci_fetches_what_a_partial_clone_lacks() {
    let scripted = repository();
    let place = tempfile::tempdir().unwrap();
    for filter in ["blob:none", "tree:0", "blob:limit=1"] {
        for (branch, expected) in [("good", 0), ("evil", 1)] {
            let (clone, event) = partial(place.path(), &scripted, filter, branch);
            let arguments = ["ci", "--event", &event, "--event-name", "pull_request"];
            let (status, text) = guard(&clone, &[], &arguments);
            assert_eq!(status, expected, "{filter} {branch}: {text}");
            assert_eq!(text.contains("IMM004"), branch == "evil", "{text}");
            // What the check does not need stays where it is.
            let blob = scripted.git(&["rev-parse", "main:big/b"]);
            let present = Command::new("git")
                .args(["cat-file", "-e", &blob])
                .current_dir(&clone)
                .env("GIT_NO_LAZY_FETCH", "1")
                .output();
            assert!(!present.unwrap().status.success(), "{filter}");
        }
    }
}

#[test]
fn an_audit_of_a_partial_clone_fetches_in_batches() {
    let scripted = repository();
    for number in 0..60 {
        scripted.write(format!("docs/{number}"), format!("{number}\n"));
        scripted.write(format!("other/{number}.txt"), format!("other {number}\n"));
        scripted.commit("more");
    }
    let place = tempfile::tempdir().unwrap();
    for filter in ["tree:0", "blob:none"] {
        let (clone, _) = partial(place.path(), &scripted, filter, "main");
        let packs = || {
            let folder = std::fs::read_dir(clone.join(".git/objects/pack")).unwrap();
            folder
                .filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|end| end == "pack"))
                .count()
        };
        let before = packs();
        let (status, text) = guard(&clone, &[], &["ci", "--command", "audit"]);
        assert_eq!(status, 0, "{filter}: {text}");
        // Each fetch leaves a pack: one for the trees, one for the files, and a few for what is read besides.
        let fetches = packs() - before;
        assert!(fetches <= 8, "{filter}: {fetches} fetches for 61 commits");
    }
}

#[test]
fn a_remote_that_is_gone_is_exit_2() {
    let scripted = repository();
    let place = tempfile::tempdir().unwrap();
    let (clone, event) = partial(place.path(), &scripted, "blob:none", "evil");
    let arguments = ["ci", "--event", &event, "--event-name", "pull_request"];
    std::fs::rename(scripted.path().join(".git"), scripted.path().join("gone")).unwrap();
    let (status, text) = guard(&clone, &[], &arguments);
    assert_eq!(status, 2, "{text}");
}

#[test]
fn other_commands_print_a_fetch_that_completes_the_clone() {
    let scripted = repository();
    let place = tempfile::tempdir().unwrap();
    for (remote, filter) in [("origin", "blob:none"), ("upstream", "tree:0")] {
        let (clone, _) = partial(place.path(), &scripted, filter, "evil");
        if remote != "origin" {
            git(&clone, &["remote", "rename", "origin", remote], 0);
        }
        let arguments = ["check", "--base", &format!("{remote}/main"), "--head", &format!("{remote}/evil")];
        let (status, text) = guard(&clone, &[], &arguments);
        assert_eq!(status, 2, "{text}");
        paste(&clone, &text, "git fetch --refetch --no-filter");
        assert_eq!(guard(&clone, &[], &arguments).0, 1, "{filter}");
    }
}

#[test]
fn a_shallow_clone_is_completed_by_the_fetch_that_is_printed() {
    let scripted = repository();
    scripted.write("more.txt", "x\n");
    scripted.commit("main moves on");
    let place = tempfile::tempdir().unwrap();
    let address = format!("file://{}", scripted.path().display());
    let shallow =
        ["clone", "--quiet", "--depth=1", "--no-single-branch", "--origin", "up", &address, "clone"];
    git(place.path(), &shallow, 0);
    let clone = place.path().join("clone");
    let arguments = ["check", "--base", "up/main", "--head", "up/evil"];
    let (status, text) = guard(&clone, &[], &arguments);
    assert_eq!(status, 2, "{text}");
    paste(&clone, &text, "git fetch --unshallow");
    assert_eq!(guard(&clone, &[], &arguments).0, 1);
}

#[test]
fn a_missing_base_is_looked_for_where_it_can_be() {
    let scripted = repository();
    let errors = |name: &str| check(scripted.path(), &["check", "--base", name, "--head", "good"]).errors();
    let text = errors("develop");
    assert!(text.contains("--base evil") && !text.contains("git fetch"), "{text}");
    let other = repository();
    other.git(&["branch", "develop", "main"]);
    scripted.git(&["remote", "add", "upstream", other.path().to_str().unwrap()]);
    let text = errors("develop");
    assert!(text.contains("git fetch upstream develop") && !text.contains("origin"), "{text}");
    scripted.git(&["fetch", "--quiet", "upstream", "develop"]);
    let text = errors("develop");
    assert!(text.contains("--base upstream/develop") && !text.contains("git fetch"), "{text}");
    for name in ["main~9", "v1^{commit}", "nowhere:x"] {
        assert!(!errors(name).contains("git fetch"), "{name}");
    }
}

#[test]
fn an_unknown_extension_is_refused_as_git_refuses_it() {
    let scripted = repository();
    scripted.git(&["switch", "--quiet", "good"]);
    let arguments = ["check", "--base", "main"];
    scripted.git(&["config", "extensions.unheardOf", "true"]);
    assert_eq!(check(scripted.path(), &arguments).status, 0, "format 0 ignores it");
    scripted.git(&["config", "core.repositoryFormatVersion", "1"]);
    let checked = check(scripted.path(), &arguments);
    assert_eq!(checked.status, 2);
    assert!(checked.errors().contains("unheard"), "{}", checked.errors());
    paste(scripted.path(), &guard(scripted.path(), &[], &arguments).1, "git config --file");
    assert_eq!(check(scripted.path(), &arguments).status, 0);
}

#[test]
fn the_command_that_restores_a_file_can_be_pasted() {
    for name in [
        "plain.md",
        "it's.md",
        "new\nline.md",
        "tab\t.md",
        "a*b.md",
        ":(top)x",
        "$(touch pwned)",
        "é e\u{301}.md",
        "-x",
        "[a].md",
        "\u{202e}x",
        "back\\slash",
    ] {
        let scripted = Scripted::new();
        scripted.write("policy-packs/policy.yaml", POLICY);
        scripted.write(format!("docs/{name}"), "a\n");
        scripted.write("docs/aXb.md", "a\n");
        scripted.commit("base");
        scripted.git(&["switch", "--quiet", "--create", "change"]);
        scripted.write(format!("docs/{name}"), "b\n");
        scripted.write("docs/aXb.md", "b\n");
        scripted.commit("change");
        let (status, text) = guard(scripted.path(), &[], &["check", "--base", "main", "--format", "json"]);
        assert_eq!(status, 1, "{text}");
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        let help = report["findings"].as_array().unwrap().iter().find_map(|finding| {
            let path = finding["path"].as_str().unwrap();
            (path != "docs/aXb.md").then(|| finding["help"].to_string())
        });
        let help: Vec<String> = serde_json::from_str(&help.unwrap()).unwrap();
        let help = help.join("\n");
        paste(scripted.path(), &help, "git checkout");
        let read = |name: &str| std::fs::read_to_string(scripted.path().join("docs").join(name)).unwrap();
        assert_eq!(read(name), "a\n", "{name:?}: {help}");
        assert_eq!(read("aXb.md"), "b\n", "{name:?} is not a pattern: {help}");
    }
}
