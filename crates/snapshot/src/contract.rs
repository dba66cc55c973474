//! The questions every snapshot answers alike. An adapter's test builds [`files`] in its own way and calls [`check`].

use crate::{Mode, Node, RepoPath, Snapshot};

/// The tree of `ids/copy` in both object formats (`git mktree`).
const TREE_SHA1: &str = "f94652dcd41b9b1d42164a94ca91bd0a5758e9e3";
const TREE_SHA256: &str = "a6fc8b51415f64124a151f742b3d3a049e25f72bbeaba6ae9d49037a6fa69ca7";

/// Returns the files an adapter must hold before [`check`] questions it.
#[must_use]
pub fn files() -> Vec<(RepoPath, Mode, Vec<u8>)> {
    let file = |path: &[u8], mode, content: &str| (RepoPath::new(path), mode, content.as_bytes().to_vec());
    vec![
        file(b"README.md", Mode::File, "hello\n"),
        file(b"bin/tool", Mode::Executable, "#!/bin/sh\n"),
        file(b"bin-extra", Mode::File, ""),
        file(b"ids/cards/A.yaml", Mode::File, "ulid: A\n"),
        file(b"ids/cards/B.yaml", Mode::File, "ulid: B\n"),
        file(b"ids/copy/A.yaml", Mode::File, "ulid: A\n"),
        file(b"link", Mode::Link, "README.md"),
        file(b"odd \xff\xfe name", Mode::File, "bytes are not text\n"),
    ]
}

/// Asks a snapshot of [`files`] everything the port promises; panics where an answer is wrong.
///
/// # Panics
/// When the adapter breaks the contract: this is a test.
pub fn check(snapshot: &dyn Snapshot) {
    let find = |path: &[u8]| snapshot.find(&RepoPath::new(path)).expect("the tree can be read");
    let read = |node: &Node| snapshot.read(node, 1 << 20).expect("the blob can be read");

    let root = snapshot.root().expect("there is a root");
    assert!(root.path.is_root(), "the root is the empty path");
    let top = snapshot.list(&root).expect("the root can be listed");
    let names: Vec<_> = top.iter().map(|entry| entry.name.to_vec()).collect();
    let expected: [&[u8]; 6] = [b"README.md", b"bin", b"bin-extra", b"ids", b"link", b"odd \xff\xfe name"];
    assert_eq!(names, expected, "names come in byte order, a directory by its bare name");
    assert!(top.faults.is_empty(), "a well-made tree has no faults");

    for (path, mode, content) in files() {
        let node = snapshot.find(&path).expect("the tree can be read").expect("the file is there");
        assert_eq!(node.path, path, "a node knows its path");
        assert_eq!(node.object.mode, mode, "mode of {path:?}");
        assert_eq!(read(&node), content, "content of {path:?}");
        assert!(node.object.id.is_some(), "a file has an id: {path:?}");
    }

    let id = |path: &[u8]| find(path).expect("the file is there").object.id;
    assert_eq!(id(b"ids/cards/A.yaml"), id(b"ids/copy/A.yaml"), "equal content has one id");
    assert_ne!(id(b"ids/cards/A.yaml"), id(b"ids/cards/B.yaml"), "other content has another");

    assert_eq!(find(b"absent"), None, "what is absent is None");
    assert_eq!(find(b"ids/cards/C.yaml"), None);
    assert_eq!(find(b"README.md/inside"), None, "nothing lies inside a file");
    assert_eq!(find(b"link/inside"), None, "a link is never followed");
    assert_eq!(find(b"ids").expect("the directory is there").object.mode, Mode::Directory);

    let tree = |path: &[u8]| {
        let node = snapshot.find(&RepoPath::new(path)).expect("the tree can be read").expect("it is there");
        snapshot.tree_id(&node).expect("the tree can be read").expect("it has files")
    };
    let (tree, length) = (tree(b"ids/copy"), id(b"README.md").map(|id| id.as_bytes().len()));
    let known = if length == Some(20) { TREE_SHA1 } else { TREE_SHA256 };
    assert_eq!(tree.to_string(), known, "a directory has the id that git gives it");

    let readme = find(b"README.md").expect("the file is there");
    assert!(snapshot.read(&readme, 5).is_err(), "a file over the limit is an error");
    assert!(snapshot.read(&readme, 6).is_ok(), "a file at the limit is not");
    let gone = Node { path: RepoPath::from("gone"), object: crate::Object { mode: Mode::File, id: None } };
    assert!(snapshot.read(&gone, 1 << 20).is_err(), "what is unreadable is an error, not emptiness");
}
