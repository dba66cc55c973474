//! The post-merge job: ledger, registry and tags of a whole history, the three ways to publish, signatures, and messages.

use std::path::Path;
use std::process::Command;

use crate::support::life::{LIFE, Lived};
use crate::support::registry::{RunResult, read, result_of};
use crate::support::{check, run};
use scripted::git;

fn registry(directory: &Path, arguments: &[&str]) -> RunResult {
    result_of(&run("id-registry", directory, arguments))
}

/// All verifications of ledger, registry and tags that a reader can run.
fn accepted(lived: &Lived) {
    let path = lived.path();
    for (binary, arguments) in [
        ("id-ledger", &["verify", "--rederive"][..]),
        ("id-registry", &["build", "--check"]),
        ("id-tag", &["verify", "--remote", "origin"]),
        ("id-guard", &["audit"]),
    ] {
        let result = result_of(&run(binary, path, arguments));
        assert_eq!(result.status, 0, "{binary} {arguments:?}: {}", result.text);
    }
}

/// Compares text with a golden file; `BLESS=1` writes it. Review changes as code.
fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/life").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{name}: bless it with BLESS=1 cargo test -p id-guard post_merge::");
}

#[test]
fn a_whole_history_gives_the_same_bytes() {
    let lived = Lived::begin();
    for (number, merge) in LIFE.iter().enumerate() {
        lived.merge(number, merge);
        // Queued runs are dropped: each run records one merge or several.
        if [0, 1, 4, 5, 8, 10, 14, 15, 16, 17, 18, 22, 23, 24, 27, 29].contains(&number) {
            let result = lived.write(&[]);
            assert_eq!(result.status, 0, "{}", result.text);
            let again = lived.write(&[]);
            assert!(again.text.starts_with("nothing to do"), "{}", again.text);
        }
    }
    accepted(&lived);
    let path = lived.path();
    golden("registry.yaml", &read(path, "ids/registry.yaml"));
    golden("ids.jsonl", &read(path, ".ledger/ids.jsonl"));
    golden("refs.txt", &lived.refs());
    let tag = lived.clone.git(&["cat-file", "tag", "plugin-aleph-2.0.0"]);
    golden("tag.txt", &(tag + "\n"));
    let first = lived.clone.git(&["rev-list", "--max-parents=0", "HEAD"]);
    golden("diff.txt", &registry(path, &["diff", &first, "HEAD"]).text);
    // A full build, and one run over the whole history, give the same identities.
    let full = registry(path, &["build", "--full"]);
    assert!(full.text.starts_with("ids/registry.yaml is fresh: 6 identities"), "{}", full.text);
    for name in ["PLG_ALPHA", "PLG_FIRST", "plugins/aleph/main.py", "aleph", "01JD4ZK3V8Q2W4X6Y8Z0A1B2C3"] {
        let found = registry(path, &["get", name]);
        assert!(found.text.contains("key          PLG_ALEPH"), "{name}: {}", found.text);
    }
}

#[test]
fn a_conflicting_tag_is_an_incident_and_is_never_moved() {
    let lived = Lived::unrecorded();
    let remote = lived.remote.path();
    // The tag name of a version is used before the version is published.
    let taken = git(remote, &["rev-list", "--max-parents=0", "main"], 0);
    git(remote, &["update-ref", "refs/tags/plugin-alpha-1.1.0", &taken], 0);
    let written = lived.write(&[]);
    assert_eq!(written.status, 1, "{}", written.text);
    assert!(written.text.contains(&format!("plugin-alpha-1.1.0 names {taken}")), "{}", written.text);
    assert!(
        written.text.contains("made the tag plugin-beta-1.0.1"),
        "the rest is published: {}",
        written.text
    );
    assert_eq!(git(remote, &["rev-parse", "plugin-alpha-1.1.0"], 0), taken, "the tag is not moved");
    let checked = crate::support::check_with("id-tag", lived.path(), &["verify", "--remote", "origin"]);
    assert_eq!(checked.status, 1);
    let finding = &checked.report["findings"][0];
    let message = finding["message"].as_str().unwrap();
    let published = lived.clone.git(&["log", "--format=%H", "--grep=^alpha 1.1.0", "-1"]);
    assert!(
        finding["code"] == "IMM029" && message.contains(&taken) && message.contains(&published),
        "{message}"
    );
    // A deleted tag is created again with the same bytes.
    git(remote, &["update-ref", "-d", "refs/tags/plugin-alpha-1.1.0"], 0);
    let known = git(remote, &["rev-parse", "refs/tags/plugin-beta-1.0.0"], 0);
    git(remote, &["update-ref", "-d", "refs/tags/plugin-beta-1.0.0"], 0);
    lived.clone.git(&["tag", "-d", "plugin-alpha-1.1.0", "plugin-beta-1.0.0"]);
    assert_eq!(
        crate::support::check_with("id-tag", lived.path(), &["verify", "--remote", "origin"]).findings(),
        ["IMM030 .ledger/ids.jsonl"; 2]
    );
    let applied = result_of(&run("id-tag", lived.path(), &["apply", "--remote", "origin"]));
    assert_eq!(applied.status, 0, "{}", applied.text);
    assert_eq!(git(remote, &["rev-parse", "refs/tags/plugin-beta-1.0.0"], 0), known);
    accepted(&lived);
}

#[test]
fn the_pull_request_writer_proposes_and_creates_tags_after_the_merge() {
    let lived = Lived::unrecorded();
    let before = lived.refs();
    let written = lived.write(&["--writer", "pull-request"]);
    assert_eq!(written.status, 0, "{}", written.text);
    let refs = lived.refs();
    let branch = refs.lines().find_map(|line| line.strip_prefix("refs/heads/id-guard/record-")).unwrap();
    let branch = format!("id-guard/record-{}", branch.split(' ').next().unwrap());
    assert!(
        written.text.contains(&format!("open a pull request from {branch} into main")),
        "{}",
        written.text
    );
    assert!(
        before.lines().all(|line| refs.contains(line)) && refs.lines().count() == before.lines().count() + 1
    );
    // A second run changes nothing.
    lived.write(&["--writer", "pull-request"]);
    assert_eq!(lived.refs(), refs);
    // The gate accepts the proposal.
    lived.clone.git(&["fetch", "--quiet", "origin", &branch]);
    let checked = crate::support::check(lived.path(), &["check", "--base", "main", "--head", "FETCH_HEAD"]);
    assert_eq!((checked.status, checked.findings()), (0, Vec::new()), "{}", checked.report);
    lived.clone.git(&["merge", "--quiet", "--no-ff", "--no-edit", "FETCH_HEAD"]);
    lived.push();
    let written = lived.write(&["--writer", "pull-request"]);
    assert!(written.text.contains("made the tag plugin-alpha-1.1.0"), "{}", written.text);
    accepted(&lived);
}

#[test]
fn the_branch_writer_keeps_the_ledger_on_another_branch() {
    let lived = Lived::begin();
    for (number, merge) in LIFE.iter().enumerate().take(9) {
        lived.merge(number, merge);
        if number % 2 == 0 {
            let written = lived.write(&["--writer", "branch"]);
            assert_eq!(written.status, 0, "{}", written.text);
            let refs = lived.refs();
            assert!(lived.write(&["--writer", "branch"]).text.starts_with("nothing to do"));
            assert_eq!(lived.refs(), refs);
        }
    }
    let path = lived.path();
    // The gate protects the versions on base, although it sees no ledger.
    lived.clone.git(&["switch", "--quiet", "--create", "evil"]);
    lived.clone.write("plugins/beta/main.py", "evil\n");
    lived.clone.commit("evil");
    let checked = check(path, &["check", "--base", "main"]);
    assert_eq!(checked.findings(), ["IMM033 plugins/beta/plugin.spec.json"]);
    lived.clone.git(&["switch", "--quiet", "main"]);
    assert!(
        !path.join(".ledger").exists() && !path.join("ids/registry.yaml").exists(),
        "main is not changed"
    );
    lived.clone.git(&["fetch", "--quiet", "origin", "id-guard/ledger:refs/remotes/origin/id-guard/ledger"]);
    let rev = "refs/remotes/origin/id-guard/ledger";
    for (binary, arguments) in [
        ("id-ledger", &["verify", "--rederive", "--rev", rev][..]),
        ("id-registry", &["build", "--check", "--at", rev]),
        ("id-tag", &["verify", "--rev", rev, "--remote", "origin"]),
        ("id-guard", &["audit", "--head", rev, "--all-parents"]),
    ] {
        let result = result_of(&run(binary, path, arguments));
        assert_eq!(result.status, 0, "{binary}: {}", result.text);
    }
}

#[test]
fn commit_and_tags_are_signed_as_git_is_configured() {
    let lived = Lived::unrecorded();
    let keys = tempfile::tempdir().unwrap();
    let key = keys.path().join("key");
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "writer", "-f"])
        .arg(&key)
        .status();
    if !made.is_ok_and(|status| status.success()) {
        crate::support::skip("ssh-keygen is not installed");
        return;
    }
    let public = std::fs::read_to_string(key.with_extension("pub")).unwrap();
    let allowed = keys.path().join("allowed");
    std::fs::write(&allowed, format!("id-guard@noreply.invalid {public}")).unwrap();
    for (name, value) in [
        ("gpg.format", "ssh"),
        ("user.signingKey", key.to_str().unwrap()),
        ("gpg.ssh.allowedSignersFile", allowed.to_str().unwrap()),
        ("commit.gpgSign", "true"),
        ("tag.gpgSign", "true"),
    ] {
        lived.clone.git(&["config", name, value]);
    }
    // An existing local tag with the name of a new tag is not changed.
    lived.clone.git(&["-c", "tag.gpgSign=false", "tag", "plugin-beta-1.0.1"]);
    let mine = lived.clone.git(&["rev-parse", "plugin-beta-1.0.1"]);
    let written = lived.write_alone(&[]);
    assert_eq!(written.status, 0, "{}", written.text);
    assert_eq!(lived.clone.git(&["rev-parse", "plugin-beta-1.0.1"]), mine);
    lived.clone.git(&["tag", "-d", "plugin-beta-1.0.1"]);
    lived.clone.git(&["pull", "--quiet", "--ff-only", "--tags", "origin", "main"]);
    lived.clone.git(&["verify-commit", "origin/main"]);
    lived.clone.git(&["verify-tag", "plugin-alpha-1.1.0"]);
    assert!(lived.write(&[]).text.starts_with("nothing to do"));
    accepted(&lived);
}

#[test]
fn a_version_of_which_no_tag_can_be_made_is_reported_until_it_is_yanked() {
    let lived = Lived::unrecorded();
    lived.write(&[]);
    let rest = ",\"owner\":\"beta@example.org\"";
    let publish = |version: &str| {
        crate::support::life::plugin(
            &lived.clone,
            crate::support::life::BETA,
            "beta",
            "PLG_BETA",
            version,
            rest,
        );
        lived.clone.commit(version);
        lived.push();
    };
    publish("1.1.0-x.lock");
    for _ in 0..2 {
        let written = lived.write(&[]);
        let reported = written.text.contains("PLG_BETA 1.1.0-x.lock is published without a tag");
        assert!(written.status == 1 && reported, "{}", written.text);
    }
    let verified = result_of(&run("id-tag", lived.path(), &["verify"]));
    assert!(verified.status == 1 && verified.text.contains("IMM030"), "{}", verified.text);
    let applied = result_of(&run("id-tag", lived.path(), &["apply"]));
    assert!(applied.status == 1 && applied.text.contains("published without a tag"), "{}", applied.text);
    publish("1.1.0");
    let yank = ["append", "yank", "PLG_BETA", "version=1.1.0-x.lock", "--reason", "no tag", "--request"];
    lived.write(&[]);
    assert_eq!(result_of(&run("id-ledger", lived.path(), &yank)).status, 0);
    lived.clone.commit("yank");
    lived.push();
    assert_eq!(lived.write(&[]).status, 0);
    accepted(&lived);
}

#[test]
fn a_local_run_finishes_what_an_earlier_one_wrote() {
    let written = ["ids/registry.yaml", ".ledger/ids.jsonl", ".ledger/checkpoint"];
    // What a run wrote before it ended: everything, a part, or a file that is not what it writes.
    for (files, status) in [(&written[..], 0), (&written[1..], 0), (&written[..1], 0), (&[], 0)] {
        let lived = Lived::unrecorded();
        let twin = tempfile::tempdir().unwrap();
        let twin = twin.path().join("twin");
        git(lived.path(), &["clone", "--quiet", ".", twin.to_str().unwrap()], 0);
        let local = ["post-merge", "--local", "--branch", "main"];
        assert!(run("id-guard", &twin, &local).status.success());
        for file in files {
            lived.clone.write(file, read(&twin, file));
        }
        let result = result_of(&run("id-guard", lived.path(), &local));
        assert_eq!(result.status, status, "{files:?}: {}", result.text);
        assert_eq!(lived.clone.git(&["status", "--porcelain"]), "", "{files:?}");
        assert!(lived.clone.git(&["tag"]).contains("plugin-alpha-1.1.0"), "{files:?}");
    }
    let lived = Lived::unrecorded();
    lived.clone.write("ids/registry.yaml", "edited\n");
    let result = result_of(&run("id-guard", lived.path(), &["post-merge", "--local", "--branch", "main"]));
    assert_eq!(result.status, 2, "{}", result.text);
    assert_eq!(read(lived.path(), "ids/registry.yaml"), "edited\n");
}

#[test]
fn a_dry_run_publishes_and_writes_nothing() {
    let lived = Lived::unrecorded();
    let (refs, objects) = (lived.refs(), lived.clone.git(&["count-objects", "-v"]));
    let result = lived.write(&["--dry-run"]);
    assert_eq!(result.status, 0, "{}", result.text);
    assert!(result.text.contains("would make the tag plugin-alpha-1.1.0"), "{}", result.text);
    assert!(
        result.text.contains("would push main to origin")
            && result.text.contains("PLG_ALPHA published 1.1.0"),
        "{}",
        result.text
    );
    assert_eq!((lived.refs(), lived.clone.git(&["count-objects", "-v"])), (refs, objects));
}

#[test]
fn conflicting_or_huge_tags_do_not_block_the_others() {
    let lived = Lived::unrecorded();
    let remote = lived.remote.path();
    let head = git(remote, &["rev-parse", "main"], 0);
    // A tag below the name of a new tag, which blocks it in git; a tag of a file; a tag of more than a megabyte.
    git(remote, &["update-ref", "refs/tags/plugin-alpha-1.1.0/x", &head], 0);
    let blob = git(remote, &["rev-parse", "main:policy-packs/policy.yaml"], 0);
    for repository in [remote, lived.path()] {
        git(repository, &["update-ref", "refs/tags/junk", &blob], 0);
    }
    let large = "x".repeat(1_100_000);
    lived.clone.git(&[
        "-c",
        "core.editor=true",
        "tag",
        "--annotate",
        "--cleanup=verbatim",
        "-F",
        &{
            lived.clone.write("../large-message", &large);
            lived.path().join("../large-message").to_str().unwrap().to_string()
        },
        "big",
    ]);
    lived.clone.git(&["push", "--quiet", "origin", "big"]);
    let written = lived.write_alone(&[]);
    assert_eq!(written.status, 1, "{}", written.text);
    assert!(written.text.contains("beside the tag plugin-alpha-1.1.0/x"), "{}", written.text);
    assert!(written.text.contains("made the tag plugin-beta-1.0.1"), "{}", written.text);
    git(remote, &["update-ref", "-d", "refs/tags/plugin-alpha-1.1.0/x"], 0);
    assert_eq!(lived.write(&[]).status, 0);
    accepted(&lived);
}

#[test]
fn text_after_the_message_is_not_a_signature() {
    let lived = Lived::unrecorded();
    lived.write(&[]);
    let tag = lived.clone.git(&["cat-file", "tag", "plugin-beta-1.0.1"]);
    for behind in [
        "-----BEGIN NOTICE-----\nuse eve/plugin instead\n",
        "-----BEGIN SSH SIGNATURE-----\nuse eve/plugin instead\n-----END SSH SIGNATURE-----\n",
        "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\nmore\n",
        "more\n",
    ] {
        lived.clone.write("../forged", format!("{tag}\n{behind}"));
        let id = lived.clone.git(&["hash-object", "-t", "tag", "-w", "--literally", "../forged"]);
        lived.clone.git(&["update-ref", "refs/tags/plugin-beta-1.0.1", &id]);
        let checked = crate::support::check_with("id-tag", lived.path(), &["verify"]);
        assert_eq!(
            (checked.status, checked.findings()),
            (1, vec!["IMM031 .ledger/ids.jsonl".to_string()]),
            "{behind}"
        );
    }
}

#[test]
fn content_changed_past_the_gate_is_reported_by_the_writer() {
    let lived = Lived::unrecorded();
    lived.write(&[]);
    let path = lived.path();
    // A merged version is edited before it is recorded: the gate protects it nevertheless.
    lived.clone.git(&["switch", "--quiet", "--create", "change"]);
    crate::support::life::plugin(
        &lived.clone,
        crate::support::life::BETA,
        "beta",
        "PLG_BETA",
        "2.0.0",
        ",\"owner\":\"beta@example.org\"",
    );
    lived.clone.commit("beta 2.0.0");
    lived.clone.git(&["push", "--quiet", "origin", "change:main"]);
    lived.clone.write("plugins/beta/main.py", "evil\n");
    lived.clone.commit("evil");
    let checked = check(path, &["check", "--base", "HEAD~1"]);
    assert_eq!(
        (checked.status, checked.findings()),
        (1, vec!["IMM033 plugins/beta/plugin.spec.json".to_string()])
    );
    // Pushed directly, past the gate.
    lived.clone.git(&["switch", "--quiet", "main"]);
    lived.clone.git(&["merge", "--quiet", "--ff-only", "change"]);
    lived.push();
    for _ in 0..2 {
        let written = lived.write(&[]);
        assert!(
            written.status == 1 && written.text.contains("was modified: plugins/beta/main.py"),
            "{}",
            written.text
        );
    }
    assert!(
        crate::support::structure(path, &["check"])
            .findings()
            .contains(&"IMM033 plugins/beta/plugin.spec.json".to_string())
    );
    crate::support::life::plugin(
        &lived.clone,
        crate::support::life::BETA,
        "beta",
        "PLG_BETA",
        "2.0.1",
        ",\"owner\":\"beta@example.org\"",
    );
    lived.clone.commit("beta 2.0.1");
    lived.push();
    assert_eq!(lived.write(&[]).status, 0);
    accepted(&lived);
}

#[test]
fn no_second_ledger_is_started_beside_the_first() {
    let lived = Lived::begin();
    lived.merge(0, &LIFE[0]);
    assert_eq!(lived.write(&["--writer", "branch"]).status, 0);
    let refs = lived.refs();
    for writer in ["push", "pull-request"] {
        let written = lived.write(&["--writer", writer]);
        assert!(
            written.status == 2 && written.text.contains("the branch id-guard/ledger contains the ledger"),
            "{}",
            written.text
        );
    }
    assert_eq!(lived.refs(), refs);
    let lived = Lived::unrecorded();
    let written = lived.write(&["--writer", "branch"]);
    assert!(
        written.status == 2 && written.text.contains("the recorded branch contains the ledger"),
        "{}",
        written.text
    );
}

#[test]
fn a_branch_checked_out_elsewhere_is_not_moved() {
    let lived = Lived::unrecorded();
    lived.clone.git(&["switch", "--quiet", "--create", "side"]);
    let place = tempfile::tempdir().unwrap();
    let other = place.path().join("other");
    lived.clone.git(&["worktree", "add", "--quiet", other.to_str().unwrap(), "main"]);
    let written = crate::support::life::post_merge(lived.path(), &["--local", "--branch", "main"]);
    assert!(written.status == 2 && written.text.contains("main is checked out in"), "{}", written.text);
    let written = crate::support::life::post_merge(&other, &["--local", "--branch", "main"]);
    assert_eq!(written.status, 0, "{}", written.text);
    assert_eq!(git(&other, &["status", "--porcelain"], 0), "");
}

#[test]
fn omissions_are_reported_until_they_are_fixed() {
    let lived = Lived::unrecorded();
    lived.write(&[]);
    lived.clone.write(".ledger/pending/broken.json", "{}\n");
    lived.clone.commit("a broken request");
    lived.push();
    for _ in 0..2 {
        let written = lived.write(&[]);
        assert!(
            written.status == 1 && written.text.contains("fix it in a separate change"),
            "{}",
            written.text
        );
    }
    lived.clone.git(&["rm", "-q", ".ledger/pending/broken.json"]);
    lived.clone.commit("away with it");
    lived.push();
    let written = lived.write(&[]);
    assert_eq!(written.status, 0, "{}", written.text);
}
