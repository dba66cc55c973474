//! The working tree as git would store it: real git is the oracle, and no program runs.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
#![allow(clippy::disallowed_methods, reason = "a test makes its own files")]

use repo::{Limits, Repository};
use scripted::{Scripted, git};
use snapshot::{ObjectId, RepoPath, Snapshot as _};

/// Asserts that every file of the working tree has the id that `git add` gives it.
fn agrees_with_git(scripted: &Scripted, names: &[&str]) {
    let repository = Repository::open(scripted.path(), Limits::default()).unwrap();
    let worktree = repository.worktree().unwrap();
    // Git adds everything in a copy: the index of the repository itself must not be refreshed.
    let place = tempfile::tempdir().unwrap();
    let copied = std::process::Command::new("cp").arg("-R").arg(scripted.path()).arg(place.path()).status();
    assert!(copied.unwrap().success());
    let copy = place.path().join(scripted.path().file_name().unwrap());
    git(&copy, &["-c", "core.safecrlf=false", "add", "--all"], 0);
    for name in names {
        let expected = git(&copy, &["rev-parse", &format!(":{name}")], 0);
        let node = worktree.find(&RepoPath::from(*name)).unwrap().unwrap();
        assert_eq!(node.object.id, ObjectId::from_hex(expected.as_bytes()), "{name}");
        let content = worktree.read(&node, 1 << 20).unwrap();
        let stored = repository.objects().hash_of(repo::ObjectKind::Blob, &content).unwrap();
        assert_eq!(Some(stored), node.object.id, "{name}: its content");
    }
    assert!(worktree.notes().unconverted.is_empty());
}

fn utf16(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xff, 0xfe].into_iter().chain(units).collect()
}

#[test]
fn attributes_are_applied_as_git_applies_them() {
    let scripted = Scripted::new();
    scripted.write(
        ".gitattributes",
        "*.id ident\n*.u16 text working-tree-encoding=UTF-16\n*.le working-tree-encoding=UTF-16LE\n*.latin working-tree-encoding=ISO-8859-1\n\
         *.txt text\n*.crlf eol=crlf\n*.auto text=auto\n*.bin -text\n*.both text ident working-tree-encoding=UTF-16\n[attr]source text ident\n*.c source\n",
    );
    scripted.write("sub/.gitattributes", "*.txt -text\n");
    let names = [
        "a.id",
        "b.u16",
        "c.le",
        "d.latin",
        "e.txt",
        "f.crlf",
        "g.auto",
        "h.bin",
        "i.both",
        "j.c",
        "k.auto",
        "sub/l.txt",
        "m.unset",
    ];
    for name in names {
        scripted.write(name, "");
    }
    scripted.write("a.id", "$Id: 0123$ and $Id$\n");
    scripted.write("b.u16", utf16("h\u{e9}\r\n"));
    scripted.write("c.le", &utf16("hi\n")[2..]);
    scripted.write("d.latin", b"h\xe9\n");
    scripted.write("e.txt", "a\r\nb\n");
    scripted.write("f.crlf", "a\r\n");
    scripted.write("g.auto", "a\r\nb\r\n");
    scripted.write("h.bin", "a\r\n$Id: x$\n");
    scripted.write("i.both", utf16("$Id: x$\r\n"));
    scripted.write("j.c", "$Id: y$\r\n");
    scripted.write("k.auto", b"\0a\r\n");
    scripted.write("sub/l.txt", "a\r\n");
    scripted.write("m.unset", "a\r\n");
    agrees_with_git(&scripted, &names);
    scripted.commit("all");
    agrees_with_git(&scripted, &names);
    for setting in ["true", "input", "false"] {
        scripted.git(&["config", "core.autocrlf", setting]);
        agrees_with_git(&scripted, &names);
        scripted.write("n.new", "a\r\n");
        agrees_with_git(&scripted, &["n.new", "m.unset"]);
    }
    scripted.write(".git/info/attributes", "*.unset ident\n");
    scripted.write("m.unset", "$Id: z$\n");
    agrees_with_git(&scripted, &["m.unset"]);
}

#[test]
fn only_a_modified_file_needs_its_filter() {
    let scripted = Scripted::new();
    scripted.git(&["config", "filter.upper.clean", "touch ran; tr a-z A-Z"]);
    scripted.write(".gitattributes", "*.up filter=upper\n*.no filter=unknown\n");
    scripted.write("a.up", "text\n");
    scripted.write("b.no", "text\n");
    scripted.commit("all");
    std::fs::remove_file(scripted.path().join("ran")).unwrap();
    let repository = Repository::open(scripted.path(), Limits::default()).unwrap();
    let diff = || {
        let head = repository.commit(repository.resolve("HEAD").unwrap().unwrap()).unwrap();
        let worktree = repository.worktree().unwrap();
        let changes = snapshot::diff(&head, &worktree, &mut |_| true).unwrap();
        (changes.len(), worktree.notes().unconverted)
    };
    assert_eq!(diff(), (0, [].into()));
    scripted.write("b.no", "more\n");
    assert_eq!(diff(), (1, [].into()), "a filter without a program stores the file as it is");
    scripted.write("a.up", "more\n");
    let (changes, unconverted) = diff();
    assert_eq!(changes, 2);
    assert_eq!(unconverted, [(RepoPath::from("a.up"), "filter=upper".to_string())].into());
    assert!(!scripted.path().join("ran").exists(), "no program runs");
}

#[test]
fn the_pointer_of_git_lfs_is_known() {
    let scripted = Scripted::new();
    scripted.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
    let digest = digest::Digest::of("large\r\n").hex();
    let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize 7\n");
    scripted.write("a.bin", &pointer);
    scripted.write("b.bin", "");
    scripted.commit("pointers");
    scripted.git(&["config", "filter.lfs.clean", "git-lfs clean -- %f"]);
    scripted.git(&["config", "filter.lfs.process", "git-lfs filter-process"]);
    scripted.write("a.bin", "large\r\n");
    let repository = Repository::open(scripted.path(), Limits::default()).unwrap();
    let head = repository.commit(repository.resolve("HEAD").unwrap().unwrap()).unwrap();
    let changed = |expected: usize| {
        let worktree = repository.worktree().unwrap();
        let changes = snapshot::diff(&head, &worktree, &mut |_| true).unwrap();
        assert_eq!((changes.len(), worktree.notes().unconverted.len()), (expected, 0));
    };
    changed(0);
    scripted.write("a.bin", "other\r\n");
    changed(1);
    scripted.write("a.bin", &pointer);
    changed(0);
}
