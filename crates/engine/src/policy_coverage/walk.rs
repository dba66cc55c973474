//! A walk over the governed part of a tree. Only directories that a pattern can enter are listed.

use policy::{Discipline, Kind as DisciplineKind};
use snapshot::{Kind, Node, Object, Result, Snapshot};

/// Called for what a walk meets.
pub(super) trait Visitor {
    /// A directory or file that the pattern of a discipline of units or identities matches.
    fn unit(&mut self, _discipline: usize) {}

    /// Returns whether the visitor needs nothing more of a discipline: what only that one governs is not listed.
    fn is_done(&self, _discipline: usize) -> bool {
        false
    }

    /// A file, and the disciplines that govern it.
    ///
    /// # Errors
    /// Ends the walk.
    fn file(&mut self, file: &Node, disciplines: &[usize]) -> Result<()>;
}

/// A directory to list.
struct Pending {
    directory: Node,
    /// The disciplines whose pattern may match something below.
    open: Vec<usize>,
    /// The disciplines of whose unit or identity the directory is a part.
    inside: Vec<usize>,
}

/// Visits every governed file; returns whether every directory on the way was present.
///
/// # Errors
/// When a directory cannot be read, or the visitor fails.
pub(super) fn walk(
    snapshot: &dyn Snapshot,
    disciplines: &[Discipline],
    is_present: &dyn Fn(&Object) -> bool,
    visitor: &mut dyn Visitor,
) -> Result<bool> {
    let is_of_unit =
        |at: &usize| matches!(disciplines[*at].kind, DisciplineKind::Sealed | DisciplineKind::Burned);
    let mut pending = vec![Pending {
        directory: snapshot.root()?,
        open: (0..disciplines.len()).collect(),
        inside: Vec::new(),
    }];
    let mut matched = Vec::new();
    while let Some(Pending { directory, mut open, mut inside }) = pending.pop() {
        open.retain(|at| !visitor.is_done(*at));
        inside.retain(|at| !visitor.is_done(*at));
        if open.is_empty() && inside.is_empty() {
            continue;
        }
        if !is_present(&directory.object) {
            return Ok(false);
        }
        for entry in snapshot.list(&directory)?.iter() {
            let node = Node { path: directory.path.join(entry.name), object: entry.object };
            let matches = |at: &usize| disciplines[*at].pattern.matches(node.path.as_bytes());
            if node.object.mode.kind() == Kind::Directory {
                let is_unit = |at: &usize| is_of_unit(at) && matches(at);
                let mut inside = inside.clone();
                for at in open.iter().copied().filter(is_unit) {
                    visitor.unit(at);
                    inside.push(at);
                }
                let enters = |at: &usize| disciplines[*at].pattern.enters(node.path.as_bytes());
                let open: Vec<usize> =
                    open.iter().copied().filter(|at| !inside.contains(at) && enters(at)).collect();
                pending.push(Pending { directory: node, open, inside });
                continue;
            }
            matched.clear();
            matched.extend_from_slice(&inside);
            for at in open.iter().copied().filter(matches) {
                match disciplines[at].kind {
                    // A file is not a unit, but it can be an identity.
                    DisciplineKind::Sealed => continue,
                    DisciplineKind::Burned => visitor.unit(at),
                    _ => {}
                }
                matched.push(at);
            }
            if !matched.is_empty() {
                visitor.file(&node, &matched)?;
            }
        }
    }
    Ok(true)
}
