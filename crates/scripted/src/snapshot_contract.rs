//! The contract of the snapshot port. The test of an adapter creates [`files`] in its own way and calls [`check`].

use snapshot::{Mode, Node, Object, RepoPath, Snapshot};

/// The tree of `ids/copy` in both object formats (`git mktree`).
const TREE_SHA1: &str = "f94652dcd41b9b1d42164a94ca91bd0a5758e9e3";
const TREE_SHA256: &str = "a6fc8b51415f64124a151f742b3d3a049e25f72bbeaba6ae9d49037a6fa69ca7";

/// Returns the files that an adapter must contain for [`check`].
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

/// Checks a snapshot of [`files`] against everything that the port guarantees.
///
/// # Panics
/// When the adapter violates the contract.
pub fn check(snapshot: &dyn Snapshot) {
    let find = |path: &[u8]| snapshot.find(&RepoPath::new(path)).expect("the tree can be read");
    let read = |node: &Node| snapshot.read(node, 1 << 20).expect("the blob can be read");

    let root = snapshot.root().expect("the root exists");
    assert!(root.path.is_root(), "the root is the empty path");
    let top = snapshot.list(&root).expect("the root can be listed");
    let names: Vec<_> = top.iter().map(|entry| entry.name.to_vec()).collect();
    let expected: [&[u8]; 6] = [b"README.md", b"bin", b"bin-extra", b"ids", b"link", b"odd \xff\xfe name"];
    assert_eq!(names, expected, "names are in byte order; a directory sorts by its name alone");
    assert!(top.faults.is_empty(), "a valid tree has no faults");

    for (path, mode, content) in files() {
        let node = snapshot.find(&path).expect("the tree can be read").expect("the file exists");
        assert_eq!(node.path, path, "a node has its path");
        assert_eq!(node.object.mode, mode, "mode of {path:?}");
        assert_eq!(read(&node), content, "content of {path:?}");
        assert!(node.object.id.is_some(), "a file has an id: {path:?}");
    }

    let id = |path: &[u8]| find(path).expect("the file exists").object.id;
    assert_eq!(id(b"ids/cards/A.yaml"), id(b"ids/copy/A.yaml"), "equal content has one id");
    assert_ne!(id(b"ids/cards/A.yaml"), id(b"ids/cards/B.yaml"), "different content has a different id");

    assert_eq!(find(b"absent"), None, "a missing path is None");
    assert_eq!(find(b"ids/cards/C.yaml"), None);
    assert_eq!(find(b"README.md/inside"), None, "a file has no children");
    assert_eq!(find(b"link/inside"), None, "a link is never followed");
    assert_eq!(find(b"ids").expect("the directory exists").object.mode, Mode::Directory);

    let tree = |path: &[u8]| {
        let node = snapshot.find(&RepoPath::new(path)).expect("the tree can be read").expect("it exists");
        snapshot.tree_id(&node).expect("the tree can be read").expect("it is not empty")
    };
    let (tree, length) = (tree(b"ids/copy"), id(b"README.md").map(|id| id.as_bytes().len()));
    let known = if length == Some(20) { TREE_SHA1 } else { TREE_SHA256 };
    assert_eq!(tree.to_string(), known, "the id of a directory equals the id in git");

    let readme = find(b"README.md").expect("the file exists");
    assert!(snapshot.read(&readme, 5).is_err(), "a file over the limit is an error");
    assert!(snapshot.read(&readme, 6).is_ok(), "a file at the limit is not");
    let gone = Node { path: RepoPath::from("gone"), object: Object { mode: Mode::File, id: None } };
    assert!(snapshot.read(&gone, 1 << 20).is_err(), "an unreadable file is an error, not an empty file");
}
