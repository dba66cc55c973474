//! Malicious repositories: a run reports findings or that the check could not run, executes nothing, and prints no raw byte of theirs.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::support::forge::{commit_tree, object, tree};
use crate::support::runner::step::{PATIENCE, Step};
use crate::support::runner::{commands, files, programs, readable};
use crate::support::{CARD, base_repository, card, check, run};
use scripted::Scripted;

const FORMATS: [&str; 6] = ["human", "json", "sarif", "github", "junit", "summary"];

/// Text that terminals, log viewers, browsers and the runner would act on.
const EVIL: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\r\n::error::owned\r##[group]owned\n::set-output name=verdict::pass\u{202e}\u{2066}\u{200b}%0A<img src=x onerror=alert(1)>@everyone `x` |";

/// Runs every command in every format on a repository and checks that each output is safe to print; returns the exit statuses.
fn survive(path: &Path, base: &str) -> Vec<i32> {
    let runs: [&[&str]; 6] = [
        &["check", "--base", base],
        &["check", "--base", base, "--per-commit"],
        &["check", "--staged"],
        &["check", "--worktree"],
        &["audit", "--no-cache", "--all-parents"],
        &["audit", "--verify-objects"],
    ];
    let mut states = Vec::new();
    for arguments in runs {
        let mut state = None;
        for format in FORMATS {
            let started = Instant::now();
            let output = run("id-guard", path, &[arguments, &["--format", format]].concat());
            assert!(started.elapsed() < PATIENCE, "{arguments:?} {format}: hangs");
            let status = output.status.code().unwrap_or(-1);
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(
                (0..=2).contains(&status) && !errors.contains("panicked"),
                "{arguments:?} {format}: {errors}"
            );
            assert_eq!(
                *state.get_or_insert(status),
                status,
                "{arguments:?}: the same status in every format"
            );
            harmless(&output.stdout, format);
            harmless(&output.stderr, "human");
            if format == "json" {
                serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap();
            }
        }
        states.extend(state);
    }
    programs::check(path).unwrap_or_else(|error| panic!("{error}"));
    let status = step(path, base);
    assert!(status == 2 || status == states[0], "the step ends with {status}, the check with {}", states[0]);
    states
}

/// Plays the terminal and GitHub's runner: no control character, no invisible or reordering one, and no command that was not meant.
fn harmless(printed: &[u8], format: &str) {
    let text = readable(printed).unwrap_or_else(|error| panic!("{format}: {error}"));
    for command in commands(printed) {
        let meant = ["error", "warning"].contains(&command.name.as_str());
        let fits =
            command.properties().is_ok_and(|properties| properties.iter().any(|(name, _)| name == "title"));
        assert!(format == "github" && meant && fits, "{format}: {command:?}");
    }
    if format == "summary" {
        files::summary(text).unwrap_or_else(|error| panic!("{error}"));
    }
}

/// Runs `id-guard ci` as a step of a pull request from `base` to `main`, and checks everything that it writes; returns its exit status.
fn step(path: &Path, base: &str) -> i32 {
    let id = |name: &str| std::fs::read_to_string(path.join(".git").join(name)).unwrap().trim().to_string();
    let (base, head) = (id(&format!("refs/tags/{base}")), id("refs/heads/main"));
    remote(path, &base, &head);
    let payload = serde_json::json!({
        "repository": {"default_branch": "main"},
        "pull_request": {"number": 7, "base": {"sha": base, "ref": "main"}, "head": {"sha": head, "ref": EVIL}},
    });
    let step = Step {
        workspace: path,
        event: "pull_request",
        payload: &payload,
        variables: &[],
        patience: PATIENCE,
    };
    step.run().unwrap_or_else(|error| panic!("{error}")).status
}

/// Gives a repository the remote that its event speaks of, unless it has one of its own.
fn remote(path: &Path, base: &str, head: &str) {
    let (own, config) = (path.join(".git"), path.join(".git/config"));
    let remote = own.join("remote");
    let _ = std::fs::remove_dir_all(&remote);
    std::fs::create_dir_all(remote.join("refs/heads")).unwrap();
    std::fs::create_dir_all(remote.join("refs/pull/7")).unwrap();
    let copied = Command::new("cp").arg("-r").arg(own.join("objects")).arg(&remote).status().unwrap();
    assert!(copied.success());
    for (name, text) in [
        ("HEAD", "ref: refs/heads/main"),
        ("config", "[core]\n\trepositoryformatversion = 0\n\tbare = true"),
        ("refs/heads/main", base),
        ("refs/pull/7/head", head),
    ] {
        std::fs::write(remote.join(name), format!("{text}\n")).unwrap();
    }
    let settings = std::fs::read_to_string(&config).unwrap();
    if !settings.contains("[remote \"origin\"]") {
        let settings = format!("{settings}[remote \"origin\"]\n\turl = {}\n", remote.display());
        std::fs::write(&config, settings).unwrap();
    }
}

#[test]
fn names_messages_and_authors() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    let evil_name = std::ffi::OsStr::from_bytes(
        b"ids/cards/\x1b[31m\r\n::error::x\r##[endgroup]\xff\xfe\xe2\x80\xae<img src=x>.yaml",
    );
    let place = scripted.path().join(evil_name);
    std::fs::create_dir_all(place.parent().unwrap()).unwrap();
    std::fs::write(&place, EVIL).unwrap();
    for name in
        ["-rf", "$(touch owned).yaml", "`touch owned`.yaml", "a'b\"c.yaml", "%0A::error::.yaml", "a\tb.yaml"]
    {
        scripted.write(format!("ids/cards/{name}"), EVIL);
    }
    scripted.commit(EVIL);
    scripted.git(&["tag", "added"]);
    std::fs::write(&place, "other").unwrap();
    scripted.write("ids/cards/-rf", "other");
    scripted.write(CARD, EVIL);
    scripted.git(&["config", "user.name", EVIL.split('\n').next().unwrap()]);
    scripted.commit(&format!("{EVIL}\n\n{EVIL}"));
    let states = survive(scripted.path(), "added");
    // Index and working tree are as HEAD has them: no news, no findings.
    assert_eq!(states, [1, 1, 0, 0, 1, 1]);
    assert!(!scripted.path().join("owned").exists(), "nothing passes through a shell");
}

#[test]
fn values_in_cards_that_are_quoted_in_findings() {
    let scripted = base_repository();
    let evil = EVIL.replace('\n', " ").replace(['\u{1b}', '\u{7}', '\r'], "");
    scripted.write(CARD, card(&format!("\"{evil}\""), "previews@example.org"));
    scripted.commit("first");
    scripted.git(&["tag", "base"]);
    scripted.write(CARD, card(&format!("\"{evil}{evil}\""), &"x".repeat(70_000)));
    scripted.commit("edit");
    assert_eq!(survive(scripted.path(), "base")[0], 1);
}

#[test]
fn policies_and_waivers_that_cannot_be_read() {
    for text in [
        "a: &a [x]\nb: *a\n",
        "schema_version: 1\nschema_version: 1\n",
        "schema_version: 1\n--- \nschema_version: 1\n",
        "\u{feff}schema_version: 1\n",
        "schema_version: !!python/object:os.system 1\n",
        "schema_version: 1\npaths: [{match: \"\\e[31m\\r\\n::error::\", discipline: \"\\e[31m::error::\"}]\n",
        "schema_version: 1\nlevels: {\"\\u202e::error::\": deny}\n",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "{\"a\":\r\n\u{1b}[31m",
        "? x\n: y\n? x\n: z\n",
        "- \n  - 1_000\n",
    ] {
        for place in ["policy-packs/policy.yaml", "policy-packs/waivers.yaml"] {
            let scripted = base_repository();
            scripted.write(place, text);
            scripted.commit("policy");
            scripted.git(&["tag", "base"]);
            scripted.write("README.md", "more\n");
            scripted.commit("change");
            let states = survive(scripted.path(), "base");
            assert_eq!(states[0], 2, "{place} {text:?}");
        }
    }
}

#[test]
fn nothing_is_executed() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    let canary = scripted.path().join("../canary-of-hostile-tests");
    let _ = std::fs::remove_file(&canary);
    let script = format!("#!/bin/sh\ntouch {}\ncat\n", canary.display());
    for hook in ["fsmonitor", "post-index-change", "reference-transaction", "pre-commit", "post-checkout"] {
        let place = scripted.path().join(".git/hooks").join(hook);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(&place, &script).unwrap();
        std::fs::set_permissions(&place, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }
    scripted.write(".gitattributes", "* filter=evil diff=evil merge=evil\n");
    scripted.write(CARD, card("PLG_OTHER", "previews@example.org"));
    scripted.git(&["-c", "core.fsmonitor=false", "add", "--all"]);
    scripted.git(&["commit", "--quiet", "-m", "change"]);
    let evil = scripted.path().join(".git/hooks/fsmonitor");
    let config = format!(
        "[core]\n\tfsmonitor = {0}\n\tsshCommand = {0}\n\tpager = {0}\n\teditor = {0}\n\tworktree = /etc\n\thooksPath = .git/hooks\n[filter \"evil\"]\n\tclean = {0}\n\tsmudge = {0}\n\tprocess = {0}\n\trequired = true\n[diff \"evil\"]\n\ttextconv = {0}\n\tcommand = {0}\n[include]\n\tpath = /etc/passwd\n[remote \"origin\"]\n\turl = ext::{0}\n\tpromisor = true\n\tuploadpack = {0}\n[extensions]\n\tpartialClone = origin\n[credential]\n\thelper = !{0}\n[gpg]\n\tprogram = {0}\n[alias]\n\tdiff = !{0}\n",
        evil.display()
    );
    let place = scripted.path().join(".git/config");
    let old = std::fs::read_to_string(&place).unwrap();
    std::fs::write(&place, old + &config).unwrap();
    let states = survive(scripted.path(), "base");
    assert_eq!(states[0], 1, "the change is checked all the same");
    // A missing object is not fetched through the promisor remote either.
    let blob = String::from_utf8(
        Command::new("git")
            .args(["rev-parse", "HEAD:ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C3.yaml"])
            .current_dir(scripted.path())
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", "core.fsmonitor")
            .env("GIT_CONFIG_VALUE_0", "false")
            .output()
            .unwrap()
            .stdout,
    )
    .unwrap();
    let blob = blob.trim();
    if blob.len() == 40 {
        std::fs::remove_file(scripted.path().join(".git/objects").join(&blob[..2]).join(&blob[2..])).unwrap();
        assert_eq!(survive(scripted.path(), "base")[0], 2, "with a missing object, the check cannot run");
    }
    assert!(!canary.exists(), "a program that the repository names was run");
}

#[test]
fn settings_of_the_environment_change_nothing() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.write(CARD, card("PLG_OTHER", "previews@example.org"));
    scripted.commit("edit");
    let elsewhere = base_repository();
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-guard"));
    let output = command
        .env_clear()
        .env("GIT_DIR", elsewhere.path().join(".git"))
        .env("GIT_WORK_TREE", elsewhere.path())
        .env("GIT_INDEX_FILE", "/dev/null")
        .env("GIT_OBJECT_DIRECTORY", elsewhere.path().join(".git/objects"))
        .env("GIT_ALTERNATE_OBJECT_DIRECTORIES", elsewhere.path().join(".git/objects"))
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "core.worktree")
        .env("GIT_CONFIG_VALUE_0", "/etc")
        .env("GIT_REPLACE_REF_BASE", "refs/tags")
        .env("GIT_GRAFT_FILE", "/dev/stdin")
        .env("GIT_SHALLOW_FILE", "/dev/null")
        .env("GIT_NAMESPACE", "x")
        .args(["check", "--base", "base"])
        .current_dir(scripted.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn trees_that_git_never_writes() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    let blob = object(&scripted, "blob", b"x\n");
    let empty = object(&scripted, "tree", b"");
    let entries: [&[(&str, &[u8], &str)]; 9] = [
        &[("100644", b"a", &blob), ("100644", b"a", &blob)],
        &[("100644", b"b", &blob), ("100644", b"a", &blob)],
        &[("40000", b".git", &empty)],
        &[("100644", b"..", &blob)],
        &[("100644", b"a/b", &blob)],
        &[("100644", b"", &blob)],
        &[("100644", b".GIT\xe2\x80\x8c", &blob), ("100644", b"git~1", &blob)],
        &[("170000", b"odd-mode", &blob), ("100777", b"b", &blob), ("0100644", b"zero", &blob)],
        // A blob with the mode of a tree, and a tree with the mode of a blob.
        &[("40000", b"a", &blob), ("100644", b"b", &empty)],
    ];
    for entries in entries {
        let id = object(&scripted, "tree", &tree(entries));
        let ids = object(&scripted, "tree", &tree(&[("40000", b"cards", &id)]));
        let root = object(&scripted, "tree", &tree(&[("40000", b"ids", &ids)]));
        commit_tree(&scripted, &root, "base");
        let states = survive(scripted.path(), "base");
        // The index does not come from these trees, so commands that read the index may pass.
        assert!([0, 1, 4, 5].iter().all(|at| states[*at] != 0), "{entries:?}: {states:?}");
    }
}

#[test]
fn objects_that_are_cut_or_forged() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    let tree = scripted.git(&["rev-parse", "HEAD^{tree}"]);
    for bytes in [
        "",
        "tree",
        "tree 1234\n",
        &format!("tree {tree}\nparent zzzz\n\nx"),
        &format!("tree {tree}\nauthor \u{1b}[31m <> 99999999999999999999 +9999\ncommitter x\n\nx"),
        &format!(
            "tree {tree}\nparent 0000000000000000000000000000000000000000\nauthor a <a> 0 +0000\ncommitter a <a> 0 +0000\n\nx"
        ),
    ] {
        let commit = object(&scripted, "commit", bytes.as_bytes());
        std::fs::write(scripted.path().join(".git/refs/heads/main"), format!("{commit}\n")).unwrap();
        let states = survive(scripted.path(), "base");
        assert_eq!(states[0], 2, "{bytes:?}");
    }
    // A loose object whose bytes are another object's.
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.write(CARD, card("PLG_OTHER", "previews@example.org"));
    scripted.commit("edit");
    let place = |id: &str| scripted.path().join(".git/objects").join(&id[..2]).join(&id[2..]);
    let (now, then) = (
        scripted.git(&["rev-parse", &format!("HEAD:{CARD}")]),
        scripted.git(&["rev-parse", &format!("base:{CARD}")]),
    );
    std::fs::remove_file(place(&now)).unwrap();
    std::fs::copy(place(&then), place(&now)).unwrap();
    let states = survive(scripted.path(), "base");
    assert!([0, 1, 4, 5].iter().all(|at| states[*at] != 0), "{states:?}");
    let checked = check(scripted.path(), &["audit", "--verify-objects"]);
    assert!(checked.status == 1 || checked.errors().contains("forged"), "{}", checked.report);
}

#[test]
fn packs_that_are_cut_or_forged() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    for number in 0..40 {
        scripted
            .write(format!("ids/cards/{number:026}.yaml"), card(&format!("PLG_{number}"), "a@example.org"));
        scripted.commit("mint");
    }
    scripted.git(&["repack", "-adfq"]);
    let folder = scripted.path().join(".git/objects/pack");
    let packs: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    for pack in packs.iter().filter(|path| path.extension().is_some_and(|e| e == "pack" || e == "idx")) {
        let whole = std::fs::read(pack).unwrap();
        std::fs::set_permissions(pack, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
        let mut seed = 1u64;
        for _ in 0..24 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = (seed >> 33) as usize % whole.len();
            let mut torn = whole.clone();
            torn[at] ^= 1 << (seed >> 61);
            std::fs::write(pack, &torn).unwrap();
            for arguments in [&["audit", "--no-cache"][..], &["check", "--base", "base"]] {
                let output = run("id-guard", scripted.path(), arguments);
                let errors = String::from_utf8_lossy(&output.stderr);
                assert!(matches!(output.status.code(), Some(0..=2)), "byte {at}: {errors}");
            }
            std::fs::write(pack, &whole[..at]).unwrap();
            let output = run("id-guard", scripted.path(), &["audit", "--no-cache"]);
            // What was cut off may be a card that an audit of clean history never opens.
            assert!(matches!(output.status.code(), Some(0 | 2)), "cut at {at}");
        }
        std::fs::write(pack, &whole).unwrap();
    }
    assert_eq!(check(scripted.path(), &["audit", "--no-cache"]).status, 0);
}

#[test]
fn sizes_are_bounded() {
    // A folder deeper than any limit.
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    let mut id = object(&scripted, "tree", &tree(&[("100644", b"x", &object(&scripted, "blob", b"x"))]));
    for _ in 0..3000 {
        id = object(&scripted, "tree", &tree(&[("40000", b"d", &id)]));
    }
    let cards = object(&scripted, "tree", &tree(&[("40000", b"cards", &id)]));
    let root = object(&scripted, "tree", &tree(&[("40000", b"ids", &cards)]));
    commit_tree(&scripted, &root, "base");
    let checked = check(scripted.path(), &["check", "--base", "base"]);
    assert_eq!(checked.status, 2);
    assert!(checked.errors().contains("limit"), "the limit is named: {}", checked.errors());
}

#[test]
fn trees_inside_one_another_without_number() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    let mut id = object(&scripted, "tree", &tree(&[("100644", b"x", &object(&scripted, "blob", b"x"))]));
    for _ in 0..10 {
        let names: Vec<String> = (0..10).map(|name| name.to_string()).collect();
        let entries: Vec<(&str, &[u8], &str)> =
            names.iter().map(|name| ("40000", name.as_bytes(), id.as_str())).collect();
        id = object(&scripted, "tree", &tree(&entries));
    }
    let root = object(&scripted, "tree", &tree(&[("40000", b"ids", &id)]));
    commit_tree(&scripted, &root, "base");
    let started = Instant::now();
    let checked = check(scripted.path(), &["check", "--base", "base"]);
    assert!(checked.status == 2 && checked.errors().contains("limit"), "{}", checked.report);
    assert!(started.elapsed() < PATIENCE, "ten thousand million paths were met");
}

#[test]
fn a_size_that_is_a_lie_is_not_believed() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    for (size, expected) in [("999999999999", "limit"), ("18446744073709551616", ""), ("-1", ""), ("3", "")] {
        let id = "1234567890123456789012345678901234567890";
        let place = scripted.path().join(".git/objects/12").join(&id[2..]);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(&place, stored(format!("blob {size}\0x").as_bytes())).unwrap();
        let cards = object(&scripted, "tree", &tree(&[("100644", b"01JD4ZK3V8Q2W4X6Y8Z0A1B2C3.yaml", id)]));
        let ids = object(&scripted, "tree", &tree(&[("40000", b"cards", &cards)]));
        let root = object(&scripted, "tree", &tree(&[("40000", b"ids", &ids)]));
        commit_tree(&scripted, &root, "base");
        let states = survive(scripted.path(), "base");
        assert_eq!(states[0], 2, "{size}");
        let errors = check(scripted.path(), &["check", "--base", "base"]).errors();
        assert!(errors.contains(expected), "{size}: {errors}");
    }
}

/// A zlib stream that stores its bytes uncompressed (RFC 1950, RFC 1951 §3.2.4).
fn stored(bytes: &[u8]) -> Vec<u8> {
    let (mut a, mut b) = (1u32, 0u32);
    for &byte in bytes {
        a = (a + u32::from(byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    let length = u16::try_from(bytes.len()).unwrap();
    let mut stream = vec![0x78, 0x01, 0x01];
    stream.extend(length.to_le_bytes());
    stream.extend((!length).to_le_bytes());
    stream.extend_from_slice(bytes);
    stream.extend((b << 16 | a).to_be_bytes());
    stream
}

#[test]
fn a_change_of_hundreds_of_files_is_reported_in_time() {
    let scripted = Scripted::new();
    scripted.write(
        "policy-packs/policy.yaml",
        "schema_version: 1\npaths: [{match: fixed/*, discipline: frozen}]\n",
    );
    let text = |seed: usize| -> String { (0..3000).map(|line| format!("{}\n", line * seed)).collect() };
    (0..400).for_each(|number| scripted.write(format!("fixed/{number}"), text(number + 2)));
    scripted.commit("start");
    scripted.git(&["tag", "base"]);
    std::fs::remove_dir_all(scripted.path().join("fixed")).unwrap();
    (0..64).for_each(|number| scripted.write(format!("other/{number}"), text(number + 1001)));
    scripted.commit("away");
    let started = Instant::now();
    assert_eq!(check(scripted.path(), &["check", "--base", "base"]).findings().len(), 400);
    assert!(started.elapsed() < PATIENCE, "each was compared with each");
}

#[test]
fn repositories_inside_and_beside() {
    // A directory that looks like a bare repository is not taken for one on the way up.
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.write(CARD, card("PLG_OTHER", "previews@example.org"));
    scripted.commit("edit");
    scripted.write("inside/HEAD", "ref: refs/heads/main\n");
    scripted.write("inside/config", "[core]\n\tbare = true\n");
    scripted.write("inside/objects/x", "");
    scripted.write("inside/refs/heads/x", "");
    let checked = check(&scripted.path().join("inside"), &["check", "--base", "base"]);
    assert_ne!(checked.status, 0, "{}", checked.report);
    // A `.git` file that points elsewhere.
    let elsewhere = base_repository();
    let folder = tempfile::tempdir().unwrap();
    for target in [
        elsewhere.path().join(".git").display().to_string(),
        "/etc".into(),
        "\u{1b}[31m".into(),
        "x".repeat(100_000),
    ] {
        std::fs::write(folder.path().join(".git"), format!("gitdir: {target}\n")).unwrap();
        let output = run("id-guard", folder.path(), &["audit"]);
        harmless(&output.stdout, "human");
        assert!(matches!(output.status.code(), Some(0 | 2)), "{target:?}");
    }
}

#[test]
fn artifacts_that_are_monsters() {
    let spec = |operations: &str, config: &str| {
        format!(
            "{{\"schema_version\": 1, \"ulid\": \"01JD4ZK3V8Q2W4X6Y8Z0A1B2C3\", \"key\": \"PLG_A\", \"operations\": [{operations}], \"config\": {config}}}"
        )
    };
    let operation = "{\"name\": \"op\", \"summary\": \"x\", \"input\": \"schemas/op.in.schema.json\", \"output\": \"schemas/../../../etc/passwd\"}";
    let deep = format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000));
    let wide = format!("{}{{}}", "{\"name\": \"op\"},".repeat(20_000));
    let nested = format!("{}{{\"type\": \"string\"}}{}", "{\"not\": ".repeat(60), "}".repeat(60));
    let doubled = format!(
        "{{\"$defs\": {{\"a0\": {{\"type\": \"string\"}}, {}}}, \"$ref\": \"#/$defs/a24\"}}",
        (1..25)
            .map(|n| format!(
                "\"a{n}\": {{\"anyOf\": [{{\"$ref\": \"#/$defs/a{0}\"}}, {{\"$ref\": \"#/$defs/a{0}\"}}]}}",
                n - 1
            ))
            .collect::<Vec<_>>()
            .join(", ")
    );
    let evil = serde_json::to_string(EVIL).unwrap();
    let texts: Vec<(&str, String)> = vec![
        ("plugin.spec.json", deep.clone()),
        ("plugin.spec.json", spec(&wide, "{}")),
        ("plugin.spec.json", spec(operation, "{\"schema\": {\"$ref\": \"#\"}, \"defaults\": {\"a\": 1}}")),
        (
            "plugin.spec.json",
            spec(operation, &format!("{{\"schema\": {{\"pattern\": {evil}}}, \"defaults\": {evil}}}")),
        ),
        ("plugin.spec.json", format!("{{\"ulid\": {evil}, \"key\": {evil}, {evil}: {evil}}}")),
        ("plugin.spec.json", "{\"schema_version\": 1e400, \"schema_version\": -0}".into()),
        ("schemas/op.in.schema.json", "{\"$ref\": \"#\"}".into()),
        (
            "schemas/op.in.schema.json",
            "{\"$defs\": {\"a\": {\"$ref\": \"#/$defs/a\"}}, \"$ref\": \"#/$defs/a\"}".into(),
        ),
        ("schemas/op.in.schema.json", "{\"$dynamicRef\": \"#x\", \"$dynamicAnchor\": \"x\"}".into()),
        ("schemas/op.in.schema.json", "{\"$ref\": \"file:///etc/passwd\"}".into()),
        ("schemas/op.in.schema.json", "{\"$id\": \"https://example.org/\", \"$ref\": \"x.json\"}".into()),
        ("schemas/op.in.schema.json", "{\"$schema\": \"https://example.org/mine\"}".into()),
        ("schemas/op.in.schema.json", "{\"multipleOf\": 1e-300, \"minLength\": 9007199254740991}".into()),
        ("schemas/op.in.schema.json", "{\"pattern\": \"^(([a-z])+.)+[A-Z]([a-z])+$\"}".into()),
        ("schemas/op.in.schema.json", "{\"pattern\": \"(x{900}){900}\"}".into()),
        ("schemas/op.in.schema.json", nested),
        ("schemas/op.in.schema.json", doubled),
        ("schemas/op.in.schema.json", deep.clone()),
        ("examples/op_request.json", deep),
        ("examples/op_request.json", format!("\"{}\"", "a".repeat(500_000))),
        ("ledger_contract.json", format!("{{\"required\": [{evil}]}}")),
        (EVIL_NAME, "x".into()),
    ];
    for (name, text) in texts {
        let scripted = base_repository();
        scripted.write("plugins/a/plugin.spec.json", spec(operation, "{}"));
        scripted.write("plugins/a/schemas/op.in.schema.json", "{}\n");
        scripted.write("plugins/a/examples/op_request.json", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\n");
        scripted.commit("start");
        scripted.git(&["tag", "base"]);
        scripted.write(format!("plugins/a/{name}"), &text);
        scripted.write(
            "ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C9.yaml",
            format!("path: \"../../../../etc/passwd\"\nkind: document\nulid: {evil}\n"),
        );
        scripted.write("docs/a.md", format!("---\nulid: {evil}\n{evil}: x\n---\n"));
        scripted.commit("monster");
        let label = format!("{name}: {}", &text[..text.len().min(80)]);
        assert_eq!(survive(scripted.path(), "base")[0], 1, "{label}");
        for format in FORMATS {
            let started = Instant::now();
            let output = run("id-structure", scripted.path(), &["check", "--format", format]);
            assert!(started.elapsed() < PATIENCE, "{label}: hangs");
            assert!(
                matches!(output.status.code(), Some(1 | 2)),
                "{label}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            harmless(&output.stdout, format);
        }
    }
}

/// A file of a plugin whose name is more than a name.
const EVIL_NAME: &str = "src/\u{1b}[31m::error::\u{202e}##[group]\r.py";

#[test]
fn substitutes_for_objects_are_not_followed() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.write(CARD, card("PLG_OTHER", "previews@example.org"));
    scripted.commit("edit");
    let (head, base) = (scripted.git(&["rev-parse", "HEAD"]), scripted.git(&["rev-parse", "base"]));
    let clean = scripted.git(&["commit-tree", "base^{tree}", "-p", "base", "-m", "clean"]);
    scripted.git(&["replace", &head, &clean]);
    scripted.write(".git/info/grafts", format!("{head}\n{base}\n"));
    let output = run("id-guard", scripted.path(), &["check", "--base", "base"]);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert!(printed.contains("ignored"), "{printed}");
}
