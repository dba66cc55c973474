//! `id-release pack`: what was published, of git's objects, to the same bytes everywhere; and its release through GitHub's own program.

use std::path::Path;
use std::process::{Command, Output};

use crate::support::registry::{
    ONE, ORIGIN, RunResult, begun, ledger, ledger_does, mint, publish, read, result_of,
};
use crate::support::run;
use scripted::Scripted;

const TAG: &str = "plugin-one-1.0.0";

/// A repository whose first version is recorded and tagged.
fn recorded() -> Scripted {
    let scripted = begun();
    mint(&scripted, ONE, "one");
    publish(&scripted, ONE, "one", "1.0.0");
    scripted.write("plugins/one/run.sh", "#!/bin/sh\necho one\n");
    scripted.write("plugins/one/crlf.txt", "a\r\nb\r\n");
    // What `git archive` would leave out, or change.
    scripted.write(".gitattributes", "plugins/one/run.sh export-ignore\n*.txt text eol=lf\n");
    scripted.git(&["add", "--all"]);
    scripted.git(&["update-index", "--chmod=+x", "plugins/one/run.sh"]);
    scripted.git(&["commit", "--quiet", "-m", "publish"]);
    let output = run("id-guard", scripted.path(), &["post-merge", "--local"]);
    assert!(output.status.success(), "{output:?}");
    scripted
}

fn pack(directory: &Path, arguments: &[&str]) -> RunResult {
    result_of(&run("id-release", directory, &[&["pack"], arguments].concat()))
}

fn shell(directory: &Path, script: &str) -> Output {
    Command::new("bash").args(["-ec", script]).current_dir(directory).output().unwrap()
}

#[test]
fn the_packed_content_matches_the_ledger() {
    let scripted = recorded();
    let out = tempfile::tempdir().unwrap();
    let (one, other) = (out.path().join("one"), out.path().join("other"));
    let done = pack(scripted.path(), &["--out", one.to_str().unwrap(), TAG]);
    assert_eq!(done.status, 0, "{}", done.text);
    // The working tree, its attributes and its state play no part.
    scripted.write("plugins/one/run.sh", "changed\n");
    assert_eq!(pack(scripted.path(), &["--out", other.to_str().unwrap(), TAG]).status, 0);
    let place = one.join(TAG);
    for name in ["PLG_ONE-1.0.0.tar.gz", "SHA256SUMS", "NOTES.md"] {
        let [a, b] = [&one, &other].map(|out| std::fs::read(out.join(TAG).join(name)).unwrap());
        assert_eq!(a, b, "{name}");
    }
    // It can be verified without our tools and without the repository.
    let checked = shell(
        &place,
        "sha256sum --check --quiet SHA256SUMS && tar -xzf *.tar.gz && cd PLG_ONE-1.0.0 && test -x run.sh \
         && find . -type f -print0 | cut -zc3- | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum",
    );
    assert!(checked.status.success(), "{checked:?}");
    let digest = String::from_utf8(checked.stdout).unwrap().split(' ').next().unwrap().to_string();
    assert!(read(&place, "NOTES.md").contains(&format!("sha256:{digest}")), "{digest}");
    assert!(read(scripted.path(), ".ledger/ids.jsonl").contains(&digest));
}

/// Unpacked nowhere, the archive is compared with the line that its proof contains.
#[test]
fn an_archive_is_released_with_its_proof() {
    let scripted = recorded();
    scripted.git(&["reset", "--quiet", "--hard"]);
    let keys = tempfile::tempdir().unwrap();
    let at = |name: &str| keys.path().join(name).to_str().unwrap().to_string();
    let out = tempfile::tempdir().unwrap();
    let done = pack(scripted.path(), &["--out", &at("unsigned"), TAG]);
    assert!(done.status == 0 && !done.text.contains("tlog-proof"), "nobody could verify it: {}", done.text);
    ledger_does(scripted.path(), &["key", "generate", ORIGIN, "--out", &at("log.key")]);
    ledger_does(scripted.path(), &["key", "rotate", "--new-key-file", &at("log.key")]);
    scripted.commit("sign");
    let done = pack(scripted.path(), &["--out", out.path().to_str().unwrap(), TAG]);
    assert_eq!(done.status, 0, "{}", done.text);
    let place = out.path().join(TAG);
    let key = read(scripted.path(), ".ledger/log.vkey");
    let verify = |artifact: &str| {
        let arguments =
            ["verify-proof", "PLG_ONE-1.0.0.tlog-proof", "--key", key.trim(), "--artifact", artifact];
        ledger(&place, &[&arguments[..], &["--identity", &format!("{ONE}@1.0.0")]].concat())
    };
    let done = verify("PLG_ONE-1.0.0.tar.gz");
    assert!(done.status == 0 && done.text.contains("is the published content"), "{}", done.text);
    // One changed byte, another archive, and one with an entry that leads out of it.
    let bytes = std::fs::read(place.join("PLG_ONE-1.0.0.tar.gz")).unwrap();
    std::fs::write(place.join("cut.tar.gz"), &bytes[..bytes.len() - 1]).unwrap();
    assert_eq!(verify("cut.tar.gz").status, 1);
    let made = shell(
        &place,
        "mkdir other PLG_ONE-1.0.0 && echo x > PLG_ONE-1.0.0/x && tar -czf other.tar.gz PLG_ONE-1.0.0/x && ln -s /etc PLG_ONE-1.0.0/y \
         && tar -czf link.tar.gz PLG_ONE-1.0.0/x PLG_ONE-1.0.0/y",
    );
    assert!(made.status.success(), "{made:?}");
    let done = verify("other.tar.gz");
    assert!(done.status == 1 && done.text.contains("was not written by id-release pack"), "{}", done.text);
    let done = verify("link.tar.gz");
    assert!(done.status == 1 && done.text.contains("unsafe entry"), "{}", done.text);
}

#[test]
fn the_notes_name_what_was_yanked_and_retired() {
    let scripted = recorded();
    scripted.git(&["reset", "--quiet", "--hard"]);
    let append = |event: &[&str], reason: &str| {
        ledger_does(scripted.path(), &[&["append"], event, &["--reason", reason]].concat());
    };
    append(&["yank", "PLG_ONE", "version=1.0.0"], "see <b>@everyone</b>");
    append(&["deprecate", "PLG_ONE", "replaced_by=PLG_TWO"], "old");
    append(&["retire", "PLG_ONE"], "gone");
    scripted.commit("yank and retire");
    let out = tempfile::tempdir().unwrap();
    let done = pack(scripted.path(), &["--out", out.path().to_str().unwrap(), TAG]);
    assert!(done.status == 0 && done.text.contains("this version was yanked"), "{}", done.text);
    let notes = read(&out.path().join(TAG), "NOTES.md");
    assert!(
        notes.contains("**this version was yanked**: `1.0.0`") && notes.contains("**retired**"),
        "{notes}"
    );
    assert!(!notes.contains("<b>") && !notes.contains("@everyone"), "no markup of the ledger: {notes}");
}

#[test]
fn a_moved_tag_and_a_private_plugin_are_not_packed() {
    let scripted = recorded();
    let path = scripted.path();
    let out = tempfile::tempdir().unwrap();
    let out = out.path().to_str().unwrap();
    scripted.commit("more");
    scripted.git(&["tag", "--force", TAG, "HEAD"]);
    let done = pack(path, &["--out", out, TAG]);
    assert!(done.status == 1 && done.text.contains("was moved"), "{}", done.text);
    // A clone without the tag, or with a lightweight one of the same commit, shows no other content.
    scripted.git(&["tag", "--delete", TAG]);
    assert_eq!(pack(path, &["--out", out, TAG]).status, 0);
    let commit = scripted.git(&["log", "--format=%H", "--grep=^publish$"]);
    scripted.git(&["tag", TAG, commit.trim()]);
    assert_eq!(pack(path, &["--out", out, TAG]).status, 0);
    let card = format!("ids/cards/{ONE}.yaml");
    let private = read(path, &card).replace("visibility: public", "visibility: private");
    scripted.write(&card, private);
    scripted.commit("private");
    let done = pack(path, &["--out", &format!("{out}/private"), TAG]);
    assert!(done.status == 1 && done.text.contains("private plugin"), "{}", done.text);
    assert!(!Path::new(out).join("private").exists());
    assert_eq!(pack(path, &["--out", out, "--include-private", TAG]).status, 0);
}

#[test]
fn unpublished_content_is_not_packed() {
    let scripted = recorded();
    let out = tempfile::tempdir().unwrap();
    let out = out.path().to_str().unwrap();
    for name in ["plugin-one-9.9.9", "../../etc", "$(touch owned)"] {
        let done = pack(scripted.path(), &["--out", out, name]);
        assert_eq!(done.status, 1, "{}", done.text);
        assert!(done.text.contains("tag not found in the ledger"), "{}", done.text);
    }
    // One that is well is not packed beside one that is not.
    assert_eq!(pack(scripted.path(), &["--out", out, TAG, "nothing-1.0.0"]).status, 1);
    assert_eq!(std::fs::read_dir(out).unwrap().count(), 0);
    // A ledger that does not match its checkpoint is refused.
    let lines = read(scripted.path(), ".ledger/ids.jsonl").replace("PLG_ONE", "PLG_TWO");
    scripted.write(".ledger/ids.jsonl", lines);
    scripted.commit("mine now");
    assert_eq!(pack(scripted.path(), &["--out", out, TAG]).status, 1);
}

/// Runs `id-guard ci --command release` as a runner does, with a `gh` that keeps its state in a folder.
fn release(scripted: &Scripted, forge: &Path, broken: &str) -> RunResult {
    let script = r#"#!/bin/sh
printf '%s\n' "$*" | sed 's/ [^ ]*id-guard-[0-9]*\// /g' >>"$FORGE/log"
case "$2" in "$BROKEN") echo "gh: HTTP 500" >&2; exit 1 ;; esac
case "$2" in
  view) [ -f "$FORGE/state" ] || { echo "release not found" >&2; exit 1; }
    printf '{"isDraft":%s,"assets":[%s]}' "$(cat "$FORGE/state")" "$(cat "$FORGE/assets" 2>/dev/null)" ;;
  create) echo true >"$FORGE/state" ;;
  upload) echo '{"name":"PLG_ONE-1.0.0.tar.gz"},{"name":"SHA256SUMS"}' >"$FORGE/assets" ;;
  edit) echo false >"$FORGE/state" ;;
esac
"#;
    let program = forge.join("gh");
    std::fs::write(&program, script).unwrap();
    assert!(shell(forge, "chmod +x gh && mkdir -p temp").status.success());
    let path = format!("{}:{}", forge.display(), std::env::var("PATH").unwrap());
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-guard"));
    command.env_clear().current_dir(scripted.path()).args(["ci", "--command", "release"]);
    command.env("PATH", path).env("FORGE", forge).env("BROKEN", broken).env("INPUT_TAGS", TAG);
    command.env("GITHUB_ACTIONS", "true").env("RUNNER_TEMP", forge.join("temp"));
    result_of(&command.output().unwrap())
}

#[test]
fn a_release_is_a_draft_until_it_is_complete_and_is_created_once() {
    let scripted = recorded();
    let forge = tempfile::tempdir().unwrap();
    // Broken off in the middle, it is a draft.
    let done = release(&scripted, forge.path(), "upload");
    assert_eq!(done.status, 2, "{}", done.text);
    assert_eq!(read(forge.path(), "state"), "true\n");
    // Taken up again, it is made whole and published.
    let done = release(&scripted, forge.path(), "");
    assert_eq!(done.status, 0, "{}", done.text);
    assert_eq!(read(forge.path(), "state"), "false\n");
    // What is published never changes.
    let done = release(&scripted, forge.path(), "");
    assert!(done.status == 0 && done.text.contains("already released"), "{}", done.text);
    let log = read(forge.path(), "log");
    let verbs: Vec<&str> = log.lines().map(|line| line.split(' ').nth(1).unwrap()).collect();
    assert_eq!(verbs, ["view", "create", "upload", "view", "upload", "edit", "view"], "{log}");
    assert!(log.contains("release create plugin-one-1.0.0 --draft --verify-tag"), "{log}");
}

#[test]
fn a_release_prepared_by_another_account_is_not_published() {
    let scripted = recorded();
    let digest = |hex: &str| {
        format!(r#"{{"name":"PLG_ONE-1.0.0.tar.gz","digest":"sha256:{hex}"}},{{"name":"SHA256SUMS"}}"#)
    };
    for (state, assets, what) in [
        ("true", r#"{"name":"install.sh"}"#.to_string(), "contains another file: install.sh"),
        ("false", digest(&"0".repeat(64)), "has different content in PLG_ONE-1.0.0.tar.gz"),
        ("false", r#"{"name":"SHA256SUMS"}"#.into(), "lacks a file: PLG_ONE-1.0.0.tar.gz"),
    ] {
        let forge = tempfile::tempdir().unwrap();
        std::fs::write(forge.path().join("state"), state).unwrap();
        std::fs::write(forge.path().join("assets"), &assets).unwrap();
        let done = release(&scripted, forge.path(), "");
        assert!(done.status != 0 && done.text.contains(what), "{what}: {} {}", done.status, done.text);
        assert_eq!(read(forge.path(), "state"), state, "nothing was published");
    }
    // A failed request does not mean that the release does not exist.
    let forge = tempfile::tempdir().unwrap();
    let done = release(&scripted, forge.path(), "view");
    assert!(done.status == 2 && done.text.contains("cannot look up the release"), "{}", done.text);
}

#[test]
fn only_recorded_versions_are_released_under_their_own_tag() {
    let scripted = recorded();
    let remote = tempfile::tempdir().unwrap();
    scripted.git(&["clone", "--quiet", "--bare", ".", remote.path().to_str().unwrap()]);
    scripted.git(&["remote", "add", "origin", remote.path().to_str().unwrap()]);
    let forge = tempfile::tempdir().unwrap();
    assert_eq!(release(&scripted, forge.path(), "").status, 0);
    // The tag is moved at the remote.
    scripted.git(&["push", "--quiet", "--force", "origin", &format!("HEAD~1:refs/tags/{TAG}")]);
    let forge = tempfile::tempdir().unwrap();
    let done = release(&scripted, forge.path(), "");
    assert!(done.status != 0 && done.text.contains("at origin does not match the ledger"), "{}", done.text);
    // A ledger that was never merged records no tag for the release.
    scripted.git(&["push", "--quiet", "--force", "origin", &format!("refs/tags/{TAG}:refs/tags/{TAG}")]);
    scripted.git(&["push", "--quiet", "--force", "origin", "HEAD~1:main"]);
    let forge = tempfile::tempdir().unwrap();
    let done = release(&scripted, forge.path(), "");
    assert!(done.status != 0 && done.text.contains("tag not found in the ledger"), "{}", done.text);
}
