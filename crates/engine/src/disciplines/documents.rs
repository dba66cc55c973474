//! Documents that were parsed, by object id: the version after one change is the version before the next.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use artifact::{Format, Syntax, SyntaxError, Value};
use snapshot::ObjectId;

/// A document, or why it cannot be read.
pub(super) type Document = std::result::Result<Rc<Value>, SyntaxError>;

/// How a document is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Reading {
    /// One of another program.
    Tolerant(Format),
    /// One of our own.
    Strict(Syntax),
}

/// The source bytes of the documents that are kept. The values take about ten times as much.
const MAX_KEPT_BYTES: usize = 6 << 20;
/// What a document counts at least: each has a place in the maps.
const MIN_COUNTED_BYTES: usize = 256;

/// The documents that were parsed last.
#[derive(Default)]
pub(crate) struct Documents {
    known: HashMap<(ObjectId, Reading), Document>,
    /// The known ones, oldest first, with the bytes that each counts.
    order: VecDeque<((ObjectId, Reading), usize)>,
    bytes: usize,
}

impl Documents {
    pub(super) fn get(&self, id: ObjectId, reading: Reading) -> Option<Document> {
        self.known.get(&(id, reading)).cloned()
    }

    /// Keeps a document, and forgets the oldest ones above the limit.
    pub(super) fn keep(&mut self, id: ObjectId, reading: Reading, document: &Document) {
        let bytes = document.as_ref().map_or(0, |value| value.span.len()).max(MIN_COUNTED_BYTES);
        if self.known.insert((id, reading), document.clone()).is_some() {
            return;
        }
        self.order.push_back(((id, reading), bytes));
        self.bytes += bytes;
        while self.bytes > MAX_KEPT_BYTES
            && let Some((oldest, bytes)) = self.order.pop_front()
        {
            self.known.remove(&oldest);
            self.bytes -= bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use artifact::{Limits, tolerant};
    use policy::Policy;
    use repo::Appended;
    use snapshot::{Change, Memory, Object, RepoPath, Result, Snapshot as _, diff};

    use super::*;
    use crate::disciplines::{Contents, PastElements, TreeDiff, TreePriorState, check_disciplines};

    /// The files of some trees, and how often one was read.
    struct Counted<'t> {
        trees: &'t [Memory],
        reads: usize,
    }

    impl Contents for Counted<'_> {
        fn before(&mut self, path: &RepoPath, object: Object) -> Result<Vec<u8>> {
            self.reads += 1;
            let nodes = self.trees.iter().map(|tree| Ok((tree, tree.find(path)?)));
            let nodes = nodes.collect::<Result<Vec<_>>>()?;
            let found = nodes
                .into_iter()
                .find_map(|(tree, node)| Some((tree, node?)).filter(|(_, node)| node.object == object));
            let (tree, node) = found.unwrap();
            tree.read(&node, 1 << 20)
        }

        fn after(&mut self, path: &RepoPath, object: Object) -> Result<Vec<u8>> {
            self.before(path, object)
        }

        fn appended(&mut self, _: &Change) -> Result<Appended> {
            unreachable!("no file is append-only")
        }
    }

    #[test]
    fn each_version_is_read_once() {
        let policy = "schema_version: 1\npacks: []\npaths:\n  - {match: '*.yaml', fields: {/a: frozen, /b: increasing}}\n  - {match: a.yaml, fields: {/c: once}}\n";
        let policy = Policy::load(&Memory::new().with("policy-packs/policy.yaml", policy)).unwrap();
        let tree = |version: usize| {
            Memory::new().with("a.yaml", format!("a: 1\nb: {version}\n").as_str()).with("b.yaml", "a: 1\n")
        };
        let trees: Vec<Memory> = (1..=5).map(tree).collect();
        let mut contents = Counted { trees: &trees, reads: 0 };
        let mut parsed = Documents::default();
        for pair in trees.windows(2) {
            let changes = diff(&pair[0], &pair[1], &mut |_| true).unwrap();
            let change =
                TreeDiff { changes: &changes, faults: &[], secondary: false, before: Some(&pair[0]) };
            let mut prior = TreePriorState {
                before: vec![&pair[0]],
                after: &pair[1],
                origin: &pair[0],
                removed: std::collections::BTreeMap::new(),
                lookups: HashMap::new(),
                past_elements: &|_, _, _| Ok(PastElements::new()),
            };
            let found = check_disciplines(&policy, &change, &mut contents, &mut prior, &mut parsed).unwrap();
            assert!(found.is_empty());
        }
        assert_eq!(contents.reads, 5, "the head of one change is the base of the next");
    }

    fn document(text: &str) -> Document {
        let limits = Limits { bytes: 64 << 20, ..tolerant::LIMITS };
        Ok(Rc::new(tolerant::read(Format::Json, text.as_bytes(), &limits).unwrap()))
    }

    fn id(number: u32) -> ObjectId {
        ObjectId::from_hex(format!("{number:040x}").as_bytes()).unwrap()
    }

    #[test]
    fn a_document_is_kept_for_each_way_to_read_it() {
        let mut documents = Documents::default();
        let json = Reading::Tolerant(Format::Json);
        documents.keep(id(1), json, &document("[1]"));
        assert_eq!(documents.get(id(1), json), Some(document("[1]")));
        assert_eq!(documents.get(id(1), Reading::Tolerant(Format::Yaml)), None);
        assert_eq!(documents.get(id(2), json), None);
    }

    #[test]
    fn what_is_kept_is_bounded_and_the_oldest_goes() {
        let mut documents = Documents::default();
        let json = Reading::Tolerant(Format::Json);
        let large = document(&format!("\"{}\"", "x".repeat(MAX_KEPT_BYTES / 4)));
        for number in 0..10 {
            documents.keep(id(number), json, &large);
            documents.keep(id(number), json, &large);
        }
        let kept: Vec<u32> = (0..10).filter(|&number| documents.get(id(number), json).is_some()).collect();
        assert_eq!(kept, [7, 8, 9]);
        for number in 0..100_000 {
            documents.keep(id(number), json, &document("1"));
        }
        assert!(documents.known.len() <= MAX_KEPT_BYTES / MIN_COUNTED_BYTES);
        assert_eq!(documents.known.len(), documents.order.len());
        documents.keep(id(200_000), json, &document(&format!("\"{}\"", "x".repeat(MAX_KEPT_BYTES))));
        assert!(documents.known.is_empty() && documents.bytes == 0, "one that is too large is not kept");
    }
}
