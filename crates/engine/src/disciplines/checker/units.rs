//! Sealed units: one breach for each unit and kind of change, however many of its files change.

use std::collections::BTreeMap;

use policy::{Discipline, Origin, Subject};
use snapshot::{Change, Kind as FileKind, Object, RepoPath, Result};

use super::DisciplineChecker;
use crate::disciplines::breach::{Breach, PathBreach, add_file};

/// The sealed units that a change touches.
#[derive(Default)]
pub(super) struct SealedUnits {
    touched: BTreeMap<(RepoPath, UnitChange), TouchedUnit>,
    /// Whether a unit existed before: looked up once, however many files it has.
    existed: BTreeMap<RepoPath, bool>,
}

/// What happened to a unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum UnitChange {
    /// A file changed or was removed.
    Changed,
    /// A file was added.
    Extended,
}

/// A unit that changed.
struct TouchedUnit {
    subject: Subject,
    origin: Origin,
    /// Its first file that changed.
    first: Change,
    /// How many files changed.
    files: u32,
    /// The digest of the files after the first.
    others: Option<String>,
}

impl DisciplineChecker<'_, '_> {
    pub(super) fn sealed(&mut self, discipline: &Discipline, change: &Change) -> Result<()> {
        // A unit is a directory; whatever replaces it is checked as well.
        let Some(unit) = discipline.pattern.identity_of(change.path.as_bytes()).map(RepoPath::new) else {
            return Ok(());
        };
        let is_file = |object: Object| object.mode.kind() == FileKind::File;
        let what = match (change.before, change.after) {
            // A file beside the units is none of them.
            (Some(before), _) if unit == change.path && is_file(before) => return Ok(()),
            (Some(_), _) => UnitChange::Changed,
            (None, Some(after)) if unit == change.path && !is_file(after) => {
                self.breach(discipline, change, Breach::NotAFile);
                return Ok(());
            }
            _ if unit == change.path => return Ok(()),
            _ if self.unit_existed(&unit)? => UnitChange::Extended,
            _ => return Ok(()),
        };
        let touched = self.units.touched.entry((unit, what)).or_insert_with(|| TouchedUnit {
            subject: discipline.subject,
            origin: discipline.origin.clone(),
            first: change.clone(),
            files: 0,
            others: None,
        });
        touched.files += 1;
        if touched.files > 1 {
            touched.others = Some(add_file(touched.others.as_deref(), change));
        }
        Ok(())
    }

    fn unit_existed(&mut self, unit: &RepoPath) -> Result<bool> {
        if let Some(existed) = self.units.existed.get(unit) {
            return Ok(*existed);
        }
        let existed = self.prior.existed(unit.as_bytes())?;
        self.units.existed.insert(unit.clone(), existed);
        Ok(existed)
    }
}

impl SealedUnits {
    /// Returns a breach for each unit and kind of change, at the first file.
    pub(super) fn into_breaches(self) -> impl Iterator<Item = PathBreach> {
        self.touched.into_iter().map(|((unit, what), touched)| {
            let files = touched.files;
            PathBreach {
                kind: match what {
                    UnitChange::Changed => Breach::UnitChanged { unit, files },
                    UnitChange::Extended => Breach::UnitLateAddition { unit, files },
                },
                subject: touched.subject,
                path: touched.first.path,
                before: touched.first.before,
                after: touched.first.after,
                origin: Some(touched.origin),
                format: None,
                element: None,
                identity: touched.others,
            }
        })
    }
}
