//! The shapes a repository comes in: bare, linked working trees, SHA-256, partial clones, alternates, reftable.

use std::path::Path;

use crate::support::{CARD, OTHER, base_repository, card, check};
use scripted::Scripted;

/// A history with a modified card, for check and audit.
fn edited(scripted: Scripted) -> Scripted {
    scripted.git(&["tag", "base"]);
    scripted.write(CARD, card("PLG_OTHER", "previews@example.org"));
    scripted.commit("edit");
    scripted
}

fn assert_reported(place: &Path) {
    for arguments in
        [&["check", "--base", "base"][..], &["audit", "--no-cache"], &["audit", "--verify-objects"]]
    {
        let checked = check(place, arguments);
        assert_eq!(checked.findings(), [format!("IMM001 {CARD}")], "{arguments:?}: {}", checked.errors());
    }
}

/// Clones into a new directory.
fn cloned(scripted: &Scripted, options: &[&str]) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let url = format!("file://{}", scripted.path().display());
    scripted::git(place.path(), &[&["clone", "--quiet"], options, &[&url, "clone"]].concat(), 0);
    place
}

#[test]
fn bare_mirrored_and_linked() {
    let scripted = edited(base_repository());
    assert_reported(scripted.path());
    assert_reported(&scripted.path().join("plugins"));
    for options in [&["--bare"][..], &["--mirror"], &["--no-hardlinks"]] {
        assert_reported(&cloned(&scripted, options).path().join("clone"));
    }
    let place = tempfile::tempdir().unwrap();
    let linked = place.path().join("linked");
    scripted.git(&["worktree", "add", "--quiet", "--detach", linked.to_str().unwrap()]);
    assert_reported(&linked);
}

#[test]
fn sha256() {
    let scripted = Scripted::with_format("sha256");
    scripted.write(CARD, card("PLG_LOCAL_PREVIEW", "previews@example.org"));
    scripted.commit("base");
    let scripted = edited(scripted);
    assert_reported(scripted.path());
    scripted.git(&["repack", "-adfq"]);
    assert_reported(scripted.path());
}

#[test]
fn alternates_of_a_plain_clone() {
    let scripted = edited(base_repository());
    let place = tempfile::tempdir().unwrap();
    let origin = scripted.path().to_str().unwrap();
    scripted::git(place.path(), &["clone", "--quiet", "--shared", origin, "clone"], 0);
    assert_reported(&place.path().join("clone"));
}

#[test]
fn partial_clones_are_checked_as_far_as_objects_exist() {
    let scripted = base_repository();
    scripted.git(&["config", "uploadpack.allowFilter", "true"]);
    scripted.write(OTHER, card("PLG_SECOND", "previews@example.org"));
    scripted.commit("mint");
    scripted.git(&["tag", "base"]);
    scripted.write("notes.txt", "one\n");
    scripted.commit("notes");
    let blobless = cloned(&scripted, &["--filter=blob:none", "--no-checkout"]);
    let clone = blobless.path().join("clone");
    // Trees are enough to see that no card changed.
    assert_eq!(check(&clone, &["check", "--base", "base"]).status, 0);
    let treeless = cloned(&scripted, &["--filter=tree:0", "--no-checkout"]);
    let checked = check(&treeless.path().join("clone"), &["check", "--base", "base"]);
    assert_eq!(checked.status, 2);
    assert!(checked.errors().contains("missing"), "{}", checked.errors());

    // A modified card is reported, although its content is not available.
    let scripted = edited(base_repository());
    scripted.git(&["config", "uploadpack.allowFilter", "true"]);
    let blobless = cloned(&scripted, &["--filter=blob:none", "--no-checkout"]);
    let checked = check(&blobless.path().join("clone"), &["check", "--base", "base"]);
    assert_ne!(checked.status, 0, "{}", checked.report);
}

#[test]
fn reftable_is_refused_by_name() {
    let place = tempfile::tempdir().unwrap();
    scripted::git(place.path(), &["init", "--quiet", "--ref-format=reftable", "."], 0);
    let checked = check(place.path(), &["audit"]);
    assert_eq!(checked.status, 2);
    assert!(checked.errors().contains("reftable"), "{}", checked.errors());
}

#[test]
fn a_missing_repository_is_an_error() {
    let place = tempfile::tempdir().unwrap();
    let checked = check(place.path(), &["audit"]);
    assert_eq!(checked.status, 2);
    let empty = Scripted::new();
    assert_eq!(check(empty.path(), &["audit"]).status, 2);
    assert_eq!(check(empty.path(), &["check", "--worktree"]).status, 2);
}
