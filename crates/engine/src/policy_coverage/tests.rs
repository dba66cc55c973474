//! What a policy governs and what of it matches nothing, in trees in memory.

use policy::Policy;
use snapshot::{Listing, Memory, Mode, Node, Object, RepoPath, Snapshot, diff};

use super::{
    Gap, GapSearch, PolicyGap, count_governed, count_governed_changes, policy_coverage, policy_gaps,
};

fn tree(files: &[(&str, &str)]) -> Memory {
    let mut memory = Memory::new();
    for (path, text) in files {
        memory.insert(RepoPath::from(*path), Mode::File, text.as_bytes().to_vec());
    }
    memory
}

fn policy(paths: &str) -> Policy {
    let text = format!("schema_version: 1\npacks: []\npaths:\n{paths}");
    Policy::from_file("policy.yaml", text.into_bytes(), None).unwrap()
}

fn nearest(paths: &str, files: &[(&str, &str)]) -> Vec<Option<String>> {
    let of_gap = |gap: PolicyGap| match gap.gap {
        Gap::Pattern { nearest, .. } => nearest.map(|near| near.pattern),
        Gap::Pointer { nearest, .. } => nearest,
    };
    policy_gaps(&tree(files), None, &policy(paths)).unwrap().into_iter().map(of_gap).collect()
}

#[test]
fn files_units_and_documents_are_counted() {
    let files = tree(&[
        ("plugins/a.yaml", "name: a\nversion: 1\n"),
        ("plugins/b.yaml", "name: b\n"),
        ("plugins/c.yaml", "a: [\n"),
        ("modules/m/1/x", "x"),
        ("modules/m/1/y/z", "z"),
        ("modules/m/2/x", "x"),
        ("modules/m/file", "f"),
        ("free/file", "f"),
    ]);
    let policy = policy(
        "  - {match: plugins/*.yaml, fields: {/name: frozen, /version: once}}\n  - {unit: modules/*/*, discipline: sealed}\n  - {identity: modules/*, discipline: burned}\n  - {match: \"**/x\", discipline: frozen}\n  - {match: PLUGINS/*, discipline: frozen}\n",
    );
    let coverage = policy_coverage(&files, &policy).unwrap();
    assert_eq!(coverage.governed, 7);
    let counts: Vec<_> = coverage.disciplines.iter().map(|one| (one.files, one.units)).collect();
    assert_eq!(counts, [(3, 0), (3, 2), (4, 1), (2, 0), (0, 0)]);
    assert_eq!(coverage.disciplines[0].documents, [2, 1]);
    assert_eq!(coverage.disciplines[0].unreadable, 1);
}

#[test]
fn the_nearest_pattern_matches_a_file() {
    let files = [("plugins/a.yaml", ""), ("docs/x/b.md", ""), ("src/deep/c.json", ""), ("modules/m/1/d", "")];
    for (pattern, expected) in [
        ("match: plugin/*.yaml", Some("plugins/*.yaml")),
        ("match: Plugins/*.yaml", Some("plugins/*.yaml")),
        ("match: plugins/*.yml", Some("plugins/*.yml".replace("yml", "yaml").as_str())),
        ("match: plugins/*.YAML", Some("plugins/*.yaml")),
        ("match: plugins/A.yaml", Some("plugins/a.yaml")),
        ("match: \" plugins/*.yaml\"", Some("plugins/*.yaml")),
        ("match: \"plugins/* .yaml\"", Some("plugins/*.yaml")),
        ("match: docs", Some("docs/**")),
        ("match: Docs", Some("docs/**")),
        ("match: docs/*", Some("docs/*/**")),
        ("match: docs/*.md", Some("docs/**/*.md")),
        ("match: \"**/c.jsn\"", Some("**/c.json")),
        ("match: src/**/C.json", Some("src/**/c.json")),
        ("match: quite/other", None),
    ] {
        let found = nearest(&format!("  - {{{pattern}, discipline: frozen}}\n"), &files);
        assert_eq!(found, [expected.map(String::from)], "{pattern}");
    }
    let found = nearest("  - {unit: module/*/*, discipline: sealed}\n", &files);
    assert_eq!(found, [Some("modules/*/*".into())]);
}

#[test]
fn the_nearest_pointer_is_in_a_document() {
    let files = [("a.yaml", "metadata: {name: a}\nspec: {version: 1, \"x/y\": [{id: 1}]}\n")];
    for (pointer, expected) in [
        ("/metdata/name", Some("/metadata/name")),
        ("/Metadata/Name", Some("/metadata/name")),
        ("/spec/verion", Some("/spec/version")),
        ("/spec/versions", Some("/spec/version")),
        ("/spec.version", Some("/spec/version")),
        ("/version", Some("/spec/version")),
        ("/spec/x~1z/0/id", Some("/spec/x~1y/0/id")),
        ("/quite/other", None),
    ] {
        let found = nearest(&format!("  - {{match: a.yaml, fields: {{{pointer}: frozen}}}}\n"), &files);
        assert_eq!(found, [expected.map(String::from)], "{pointer}");
    }
}

#[test]
fn what_is_not_read_is_not_reported() {
    let files: Vec<(String, &str)> = (0..4).map(|at| (format!("d/{at}.yaml"), "name: a\n")).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let (files, policy) = (tree(&files), policy("  - {match: d/*, fields: {/nmae: frozen}}\n"));
    let gaps = |limit: usize, is_present: &dyn Fn(&Object) -> bool| {
        let search = GapSearch {
            policy: &policy,
            head: &files,
            base: None,
            existed: &|_| false,
            documents: &|_| limit,
            changes: &[],
            is_present,
        };
        search.run().unwrap().map(|gaps| gaps.len())
    };
    let is_file = |object: &Object| object.mode == Mode::File;
    assert_eq!(gaps(4, &|_| true), Some(1));
    assert_eq!(gaps(3, &|_| true), Some(0), "the fourth document may have it");
    assert_eq!(gaps(4, &|object| !is_file(object)), Some(0), "no document is here");
    assert_eq!(gaps(4, &is_file), None, "the directories are not here");
}

/// Counts the directories that are listed.
struct Listed<'s> {
    tree: &'s Memory,
    listed: std::sync::Mutex<Vec<String>>,
}

impl Snapshot for Listed<'_> {
    fn name(&self) -> String {
        self.tree.name()
    }

    fn root(&self) -> snapshot::Result<Node> {
        self.tree.root()
    }

    fn list(&self, directory: &Node) -> snapshot::Result<Listing> {
        let path = String::from_utf8_lossy(directory.path.as_bytes()).into_owned();
        self.listed.lock().unwrap().push(path);
        self.tree.list(directory)
    }

    fn read(&self, file: &Node, limit: u64) -> snapshot::Result<Vec<u8>> {
        self.tree.read(file, limit)
    }
}

#[test]
fn a_search_for_gaps_lists_no_more_than_it_needs() {
    let files: Vec<(String, &str)> =
        (0..50).map(|at| (format!("modules/m{at:02}/1/source"), "s")).chain([("a/x".into(), "x")]).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let tree = tree(&files);
    let policy =
        policy("  - {unit: modules/*/*, discipline: sealed}\n  - {match: a/*, discipline: frozen}\n");
    let listed = Listed { tree: &tree, listed: std::sync::Mutex::default() };
    assert_eq!(policy_gaps(&listed, None, &policy).unwrap(), []);
    assert_eq!(*listed.listed.lock().unwrap(), ["", "modules", "modules/m49", "modules/m49/1", "a"]);
    assert_eq!(count_governed(&listed, &policy).unwrap(), 51);
}

#[test]
fn governed_changes_are_counted_as_a_walk_counts_them() {
    let before = tree(&[("a/x", "1"), ("a/y", "1"), ("m/n/1/z", "1"), ("free", "1")]);
    let after = tree(&[("a/x", "2"), ("m/n/1/z", "1"), ("m/n/2/z", "1"), ("m/n/2/w", "1"), ("other", "1")]);
    let policy = policy("  - {unit: m/*/*, discipline: sealed}\n  - {match: a/*, discipline: frozen}\n");
    let changes = diff(&before, &after, &mut |_| true).unwrap();
    let counts = [&before, &after].map(|tree| count_governed(tree, &policy).unwrap() as i64);
    assert_eq!(counts[0] + count_governed_changes(&changes, &policy), counts[1]);
    assert_eq!(counts, [3, 4]);
}
