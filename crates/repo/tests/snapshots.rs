//! Runs the snapshot contract on every adapter, pack layout and object format.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot be set up has failed")]

use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use repo::{Limits, Repository};
use scripted::{Scripted, git, snapshot_contract};
use snapshot::{Mode, ObjectId, RepoPath, Snapshot as _};

fn fill(scripted: &Scripted) {
    for (path, mode, content) in snapshot_contract::files() {
        let path = std::path::Path::new(std::ffi::OsStr::from_bytes(path.as_bytes())).to_path_buf();
        let on_disk = scripted.path().join(&path);
        match mode {
            Mode::Link => symlink(String::from_utf8(content).unwrap(), &on_disk).unwrap(),
            _ => scripted.write(&path, content),
        }
        if mode == Mode::Executable {
            std::fs::set_permissions(&on_disk, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
    scripted.commit("fill");
}

fn check_head(path: &std::path::Path) {
    let repository = Repository::open(path, Limits::default()).unwrap();
    let head = repository.resolve("HEAD").unwrap().unwrap();
    snapshot_contract::check(&repository.commit(head).unwrap());
}

#[test]
fn every_adapter_fulfils_the_contract_in_both_object_formats() {
    for format in ["sha1", "sha256"] {
        let scripted = Scripted::with_format(format);
        fill(&scripted);
        check_head(scripted.path());
        let repository = Repository::open(scripted.path(), Limits::default()).unwrap();
        snapshot_contract::check(&repository.index().unwrap());
        snapshot_contract::check(&repository.worktree().unwrap());
        scripted.git(&["repack", "-adfq"]);
        check_head(scripted.path());
    }
}

#[test]
fn bare_clones_worktrees_and_alternates_fulfil_the_contract() {
    let scripted = Scripted::new();
    fill(&scripted);
    let outside = tempfile::tempdir().unwrap();
    let source = scripted.path().to_str().unwrap().to_string();
    for (name, arguments) in [
        ("bare", &["clone", "--quiet", "--bare"][..]),
        ("plain", &["clone", "--quiet"]),
        ("shared", &["clone", "--quiet", "--shared"]),
    ] {
        git(outside.path(), &[arguments, &[&source, name]].concat(), 0);
        check_head(&outside.path().join(name));
    }
    let linked = outside.path().join("linked");
    scripted.git(&["worktree", "add", "--quiet", "--detach", linked.to_str().unwrap()]);
    check_head(&linked);
    let repository = Repository::open(&linked, Limits::default()).unwrap();
    snapshot_contract::check(&repository.worktree().unwrap());
}

#[test]
fn an_object_missing_from_a_partial_clone_is_an_error() {
    let scripted = Scripted::new();
    fill(&scripted);
    scripted.git(&["config", "uploadpack.allowFilter", "true"]);
    let outside = tempfile::tempdir().unwrap();
    let source = format!("file://{}", scripted.path().display());
    for filter in ["blob:none", "tree:0"] {
        let name = filter.replace(':', "-");
        git(outside.path(), &["clone", "--quiet", "--bare", "--filter", filter, &source, &name], 0);
        let repository = Repository::open(&outside.path().join(&name), Limits::default()).unwrap();
        let head = repository.resolve("HEAD").unwrap().unwrap();
        let commit = repository.commit(head).unwrap();
        let readme = commit.find(&RepoPath::from("README.md"));
        let answer = match filter {
            "blob:none" => commit.read(&readme.unwrap().unwrap(), 1000).map(drop),
            _ => readme.map(drop),
        };
        assert!(matches!(answer, Err(snapshot::Error::Missing { .. })), "{filter}: {answer:?}");
    }
}

#[test]
fn the_working_tree_shows_edits_and_hides_what_is_ignored() {
    let scripted = Scripted::new();
    fill(&scripted);
    scripted.write("README.md", "edited\n");
    scripted.write(".gitignore", "*.log\nbuild/\n");
    scripted.write("noise.log", "");
    scripted.write("build/out", "");
    scripted.write("ids/cards/C.yaml", "ulid: C\n");
    // A clean filter of the repository's own settings must not run.
    scripted.write(".gitattributes", "* filter=evil\n");
    scripted.git(&["config", "filter.evil.clean", "touch executed; cat"]);
    let repository = Repository::open(scripted.path(), Limits::default()).unwrap();
    let worktree = repository.worktree().unwrap();
    let has = |path: &str| worktree.find(&RepoPath::from(path)).unwrap().is_some();
    assert!(has("ids/cards/C.yaml") && !has("noise.log") && !has("build"));
    let head = repository.commit(repository.resolve("HEAD").unwrap().unwrap()).unwrap();
    let changes = snapshot::diff(&head, &worktree, &mut |_| true).unwrap();
    let paths: Vec<_> = changes.iter().map(|change| format!("{:?}", change.path)).collect();
    assert_eq!(paths, [r#"".gitattributes""#, r#"".gitignore""#, r#""README.md""#, r#""ids/cards/C.yaml""#]);
    assert!(!scripted.path().join("executed").exists());
}

#[test]
fn replace_refs_grafts_and_environment_change_nothing() {
    let scripted = Scripted::new();
    scripted.write("a", "1\n");
    let first = scripted.commit("one");
    scripted.write("a", "2\n");
    let second = scripted.commit("two");
    scripted.git(&["replace", &second, &first]);
    std::fs::create_dir_all(scripted.path().join(".git/info")).unwrap();
    std::fs::write(scripted.path().join(".git/info/grafts"), format!("{second}\n")).unwrap();
    let repository = Repository::open(scripted.path(), Limits::default()).unwrap();
    let id = ObjectId::from_hex(second.as_bytes()).unwrap();
    let commit = repository.commit(id).unwrap();
    assert_eq!(commit.header().parents.len(), 1, "the graft is ignored");
    let node = commit.find(&RepoPath::from("a")).unwrap().unwrap();
    assert_eq!(commit.read(&node, 10).unwrap(), b"2\n", "the replacement is ignored");
    assert_eq!(repository.ignored_substitutions().len(), 2, "both are reported");
}

#[test]
fn a_wrong_object_under_an_id_is_an_error() {
    let scripted = Scripted::new();
    scripted.write("a", "honest\n");
    scripted.write("b", "forged\n");
    scripted.commit("one");
    let loose = |name: &str| {
        let id = scripted.git(&["rev-parse", &format!("HEAD:{name}")]);
        scripted.path().join(".git/objects").join(&id[..2]).join(&id[2..])
    };
    std::fs::remove_file(loose("a")).unwrap();
    std::fs::copy(loose("b"), loose("a")).unwrap();
    let repository = Repository::open(scripted.path(), Limits::default()).unwrap();
    let commit = repository.commit(repository.resolve("main").unwrap().unwrap()).unwrap();
    let node = commit.find(&RepoPath::from("a")).unwrap().unwrap();
    assert!(matches!(commit.read(&node, 100), Err(snapshot::Error::Corrupt { .. })));
}

#[test]
fn unsupported_repositories_are_refused() {
    let outside = tempfile::tempdir().unwrap();
    git(outside.path(), &["init", "--quiet", "--ref-format=reftable", "tables"], 0);
    let error = Repository::open(&outside.path().join("tables"), Limits::default()).err().unwrap();
    assert!(error.to_string().contains("reftable"), "{error}");
    assert!(Repository::open(outside.path(), Limits::default()).is_err());
    assert!(Repository::open(&outside.path().join("absent"), Limits::default()).is_err());
}

#[test]
fn a_loose_object_of_many_megabytes_is_read() {
    let scripted = Scripted::new();
    let large = vec![b'a'; 20 << 20];
    scripted.write("large", &large);
    scripted.commit("large");
    let repository = Repository::open(scripted.path(), Limits::default()).unwrap();
    let head = repository.resolve("HEAD").unwrap().unwrap();
    let commit = repository.commit(head).unwrap();
    let node = commit.find(&RepoPath::from("large")).unwrap().unwrap();
    assert!(commit.read(&node, 32 << 20).unwrap() == large);
    assert!(commit.read(&node, 16 << 20).is_err(), "the limit of the caller applies");
}

#[test]
fn a_checkout_with_converted_line_ends_and_modes_is_unchanged() {
    let scripted = Scripted::new();
    fill(&scripted);
    let outside = tempfile::tempdir().unwrap();
    let source = scripted.path().to_str().unwrap();
    git(
        outside.path(),
        &[
            "-c",
            "core.autocrlf=true",
            "clone",
            "--quiet",
            "--config",
            "core.autocrlf=true",
            "--config",
            "core.fileMode=false",
            source,
            "clone",
        ],
        0,
    );
    let clone = outside.path().join("clone");
    assert!(
        std::fs::read(clone.join("README.md")).unwrap().ends_with(b"\r\n"),
        "the checkout converted line feeds to CRLF"
    );
    std::fs::set_permissions(clone.join("README.md"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let repository = Repository::open(&clone, Limits::default()).unwrap();
    let worktree = repository.worktree().unwrap();
    let head = repository.commit(repository.resolve("HEAD").unwrap().unwrap()).unwrap();
    let tree = worktree.tree_id(&worktree.root().unwrap()).unwrap();
    assert_eq!(tree, Some(head.header().tree));
    let readme = worktree.find(&RepoPath::from("README.md")).unwrap().unwrap();
    assert_eq!(worktree.read(&readme, 100).unwrap(), b"hello\n");
    std::fs::write(clone.join("README.md"), "hello\r\nyou\r\n").unwrap();
    let worktree = repository.worktree().unwrap();
    assert_ne!(
        worktree.tree_id(&worktree.root().unwrap()).unwrap(),
        Some(head.header().tree),
        "an edit is a change"
    );
}
