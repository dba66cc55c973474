//! What differs between two snapshots: a comparison of (mode, object id) maps, never of status letters or similarity.

use crate::{Entry, Mode, Node, Object, RepoPath, Result, Snapshot};

/// One path that is not the same on both sides. A rename is a removal and an addition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The path of a file, link or submodule.
    pub path: RepoPath,
    /// The object before the change.
    pub before: Option<Object>,
    /// The object after the change.
    pub after: Option<Object>,
}

/// Compares two snapshots and returns the differing paths in byte order, directories unfolded into their files.
///
/// Directories with equal ids are skipped unread, as are those for which `enter` returns `false`.
///
/// # Errors
/// When either side cannot be read.
pub fn diff(
    before: &dyn Snapshot,
    after: &dyn Snapshot,
    enter: &mut dyn FnMut(&RepoPath) -> bool,
) -> Result<Vec<Change>> {
    let mut changes = Vec::new();
    compare(before, after, Some(before.root()?), Some(after.root()?), enter, &mut changes)?;
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(changes)
}

fn compare(
    before: &dyn Snapshot,
    after: &dyn Snapshot,
    old: Option<Node>,
    new: Option<Node>,
    enter: &mut dyn FnMut(&RepoPath) -> bool,
    changes: &mut Vec<Change>,
) -> Result<()> {
    let Some(path) = old.as_ref().or(new.as_ref()).map(|node| node.path.clone()) else { return Ok(()) };
    if let (Some(old), Some(new)) = (&old, &new)
        && old.object == new.object
        && old.object.id.is_some()
    {
        return Ok(());
    }
    let directory = |node: &Option<Node>| node.clone().filter(|node| node.object.mode == Mode::Directory);
    let leaf = |node: &Option<Node>| node.as_ref().map(|n| n.object).filter(|o| o.mode != Mode::Directory);

    if leaf(&old) != leaf(&new) {
        changes.push(Change { path: path.clone(), before: leaf(&old), after: leaf(&new) });
    }
    let (old, new) = (directory(&old), directory(&new));
    if (old.is_none() && new.is_none()) || (!path.is_root() && !enter(&path)) {
        return Ok(());
    }
    let old = old.map(|node| before.list(&node)).transpose()?.unwrap_or_default();
    let new = new.map(|node| after.list(&node)).transpose()?.unwrap_or_default();
    let node = |entry: Entry<'_>| Node { path: path.join(entry.name), object: entry.object };
    let (mut left, mut right) = (old.iter().peekable(), new.iter().peekable());
    loop {
        let (old, new) = match (left.peek().copied(), right.peek().copied()) {
            (None, None) => return Ok(()),
            (Some(l), Some(r)) if l.name == r.name => (left.next(), right.next()),
            (Some(l), Some(r)) if l.name < r.name => (left.next(), None),
            (Some(_), None) => (left.next(), None),
            (_, Some(_)) => (None, right.next()),
        };
        // Most entries of a large folder are equal: no path is built for them.
        if old.map(|entry| entry.object) == new.map(|entry| entry.object)
            && old.is_some_and(|entry| entry.object.id.is_some())
        {
            continue;
        }
        compare(before, after, old.map(node), new.map(node), enter, changes)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Memory;

    fn paths(before: &Memory, after: &Memory) -> Vec<String> {
        let describe = |change: &Change| {
            let mode = |side: Option<Object>| side.map_or("-", |object| object.mode.octal());
            format!("{} {} {:?}", mode(change.before), mode(change.after), change.path)
        };
        diff(before, after, &mut |_| true).unwrap().iter().map(describe).collect()
    }

    #[test]
    fn changes_are_maps_compared() {
        let before = Memory::new().with("a", "1").with("d/x", "x").with("d/y", "y").with("e/z", "z");
        let after = Memory::new().with("a", "2").with("d", "now a file").with("e/z", "z").with("f/new", "");
        assert_eq!(
            paths(&before, &after),
            [
                r#"100644 100644 "a""#,
                r#"- 100644 "d""#,
                r#"100644 - "d/x""#,
                r#"100644 - "d/y""#,
                r#"- 100644 "f/new""#
            ]
        );
        assert!(paths(&before, &before).is_empty());
    }
}
