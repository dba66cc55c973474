//! The manifests of other plugin systems as rows: only their schemas are checked, and no rule runs.

use artifact::Problem;
use diagnostic::{CheckError, Location};
use dialect::{Discovery, Facts, FoundManifest, RepositoryFacts, Role, Row, Schemas, Verdict};
use policy::{Dialect, Policy};
use rayon::prelude::*;
use snapshot::Snapshot;

use super::DialectRows;
use crate::error::CommandError;

/// A manifest of another plugin system.
pub(super) struct ManifestRow<'p> {
    pub(super) dialect: &'p Dialect,
    pub(super) path: String,
    pub(super) row: Row,
    /// What its schema finds in it.
    pub(super) problems: Vec<LocatedProblem>,
}

/// A problem of a manifest, with its line.
pub(super) struct LocatedProblem {
    pub(super) pointer: String,
    /// The line, from 1; none for a file that was not read.
    pub(super) line: Option<u32>,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// Returns the manifests of packs.
pub(super) fn rows<'p>(
    tree: &dyn Snapshot,
    policy: &'p Policy,
    discovery: &Discovery<'p>,
    packs: &[&'p str],
) -> Result<Vec<DialectRows<'p>>, CommandError> {
    let schemas = Schemas::compile(policy).map_err(|(path, problem)| CheckError {
        message: format!("invalid schema of a pack: {}", problem.message),
        help: problem.help,
        location: Some(Location::of(&path)),
    })?;
    let facts = RepositoryFacts::new(tree, discovery, None);
    let wanted: Vec<&FoundManifest<'p>> = discovery
        .manifests
        .iter()
        .filter(|found| found.role == Role::Artifact && packs.contains(&found.dialect.pack.as_str()))
        .collect();
    let read = |found: &&FoundManifest<'p>| -> Result<ManifestRow<'p>, CommandError> {
        let manifest = found.open(tree)?;
        let verdict =
            schemas.check(found.dialect, &manifest, &Facts::of(&facts, found.dialect, &manifest))?;
        let path = String::from_utf8_lossy(found.node.path.as_bytes()).into_owned();
        let Verdict { problems, .. } = verdict;
        let problems = problems.into_iter().map(|problem| located(problem, &manifest.text)).collect();
        Ok(ManifestRow {
            dialect: found.dialect,
            path,
            row: dialect::row(found.dialect, &manifest),
            problems,
        })
    };
    let mut rows: Vec<ManifestRow<'p>> = wanted.par_iter().map(read).collect::<Result<_, _>>()?;
    rows.sort_by(|a, b| (&a.row.identity, &a.path).cmp(&(&b.row.identity, &b.path)));
    let mut found: Vec<DialectRows<'p>> =
        packs.iter().map(|pack| DialectRows { pack, rows: Vec::new() }).collect();
    for row in rows {
        if let Some(of_pack) = found.iter_mut().find(|rows| rows.pack == row.dialect.pack) {
            of_pack.rows.push(row);
        }
    }
    Ok(found)
}

fn located(problem: Problem, text: &[u8]) -> LocatedProblem {
    let before = &text[..problem.span.start.min(text.len())];
    let line = before.iter().filter(|&&byte| byte == b'\n').count() as u32 + 1;
    LocatedProblem {
        pointer: problem.pointer,
        line: (!text.is_empty()).then_some(line),
        message: problem.message,
        help: problem.help,
    }
}

impl ManifestRow<'_> {
    /// Returns the line that warns about an invalid manifest: the first problem, and how many more there are.
    pub(super) fn warning(&self) -> Option<String> {
        let problem = self.problems.first()?;
        let line = problem.line.map_or_else(String::new, |line| format!("{line}:"));
        let field = if problem.pointer.is_empty() { String::new() } else { format!(" {}:", problem.pointer) };
        let more = match self.problems.len() - 1 {
            0 => String::new(),
            count => format!(" (and {count} more: id-plugin doctor {})", artifact::shell::word(&self.path)),
        };
        Some(format!("warning: {}:{line}{field} {}{more}", self.path, problem.message))
    }

    /// Returns whether the schema finds nothing.
    pub(super) fn is_valid(&self) -> bool {
        self.problems.is_empty()
    }
}
