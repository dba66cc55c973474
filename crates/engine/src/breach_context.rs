//! What rules need to describe a breach: the bytes of both sides, the commit that first set the value, the command that restores it.

use artifact::{Format, Kind, Value, escape, show_difference, tolerant};
use diagnostic::{CommitInfo, Compared, Diagnostic, Location, Position, RuleInfo, Span, line_of};
use digest::Digest;
use policy::{Date, Origin};
use snapshot::{ObjectId, RepoPath, Result};

use crate::disciplines::{Contents, PathBreach, is_file};

/// The surroundings of a breach.
pub struct BreachContext<'s> {
    pub(crate) contents: &'s mut dyn Contents,
    /// The commit that fixed the value, where it is known.
    pub(crate) first_set_in: Option<CommitInfo>,
    /// The commit to take the former content from.
    pub(crate) restore_from: Option<ObjectId>,
}

/// Formats `since 3f2a91c (2026-11-02)`.
fn since(commit: &CommitInfo) -> String {
    match Date::of_timestamp(commit.time) {
        Some(date) => format!("since {} ({date})", commit.id.short()),
        None => format!("since {}", commit.id.short()),
    }
}

impl<'s> BreachContext<'s> {
    /// Describes breaches whose values and history are not known.
    pub fn new(contents: &'s mut dyn Contents) -> BreachContext<'s> {
        BreachContext { contents, first_set_in: None, restore_from: None }
    }

    /// Starts the finding of a breach at its path, with the commit that first set the value and the place of the discipline.
    #[must_use]
    pub fn diagnostic(
        &self,
        rule: &'static RuleInfo,
        breach: &PathBreach,
        message: impl Into<String>,
    ) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(rule, message).at(Location::of(&breach.path));
        diagnostic.first_set_in.clone_from(&self.first_set_in);
        diagnostic.compared = Some(Compared {
            element: breach.element.clone(),
            before: breach.before,
            after: breach.after,
            identity: breach.identity.as_deref().and_then(Digest::from_hex),
        });
        if let Some(origin) = breach.origin.as_ref().filter(|origin| !origin.embedded) {
            diagnostic.required_by = Some(place_of(origin));
        }
        diagnostic
    }

    /// Returns the command that restores the former content.
    #[must_use]
    pub fn restore(&self, path: &RepoPath) -> String {
        let from = self.restore_from.map_or_else(|| "HEAD^".to_string(), |id| id.short());
        format!("restore it: git checkout {from} -- {}", quote(path))
    }

    /// Returns the command that prints the former content.
    #[must_use]
    pub fn show_former(&self, path: &RepoPath) -> String {
        let from = self.restore_from.map_or_else(|| "HEAD^".to_string(), |id| id.short());
        let object = [from.as_bytes(), b":", path.as_bytes()].concat();
        format!("git show {}", snapshot::shell::word(object))
    }

    /// Returns the place of the first value or line that differs, labelled with its former value.
    ///
    /// # Errors
    /// When one side cannot be read.
    pub fn difference(&mut self, breach: &PathBreach) -> Result<Location> {
        let whole = Location::of(&breach.path);
        let (Some(before), Some(after)) = (breach.before, breach.after) else { return Ok(whole) };
        if !is_file(before.mode) || !is_file(after.mode) {
            return Ok(whole);
        }
        let old = self.contents.before(&breach.path, before)?;
        let new = self.contents.after(&breach.path, after)?;
        let since =
            self.first_set_in.as_ref().map_or_else(String::new, |commit| format!(" {}", since(commit)));
        if let Some(format) = format_of(breach)
            && let Ok(a) = tolerant::read(format, &old, &tolerant::LIMITS)
            && let Ok(b) = tolerant::read(format, &new, &tolerant::LIMITS)
            && let Some(found) = first_difference(&a, &b, String::new(), 0)
        {
            // What was not there was not there since always, and not since the value was fixed.
            let label = if found.is_new { found.label } else { format!("{}{since}", found.label) };
            return Ok(Location::at(&breach.path, &new, found.span)
                .with_pointer(found.pointer)
                .with_label(label));
        }
        let at = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        Ok(line_at(&breach.path, &new, at).with_label(format!("differs from here on; was otherwise{since}")))
    }

    /// Points at a field of the new version.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn field(&mut self, breach: &PathBreach, pointer: &str) -> Result<Location> {
        let whole = Location::of(&breach.path).with_pointer(pointer);
        let (Some(after), Some(format)) = (breach.after, format_of(breach)) else {
            return Ok(whole);
        };
        let text = self.contents.after(&breach.path, after)?;
        let Ok(value) = tolerant::read(format, &text, &tolerant::LIMITS) else { return Ok(whole) };
        // A missing field is shown at the nearest mapping that could contain it.
        let mut shown = pointer;
        while value.pointer(shown).is_none() {
            shown = &shown[..shown.rfind('/').unwrap_or_default()];
        }
        let span = value.pointer(shown).map_or(0..0, |value| value.span.clone());
        Ok(Location::at(&breach.path, &text, span).with_pointer(pointer))
    }

    /// Points at a byte range of the new version.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn bytes(&mut self, breach: &PathBreach, range: std::ops::Range<usize>) -> Result<Location> {
        match breach.after.filter(|after| is_file(after.mode)) {
            Some(after) => Ok(Location::at(&breach.path, &self.contents.after(&breach.path, after)?, range)),
            None => Ok(Location::of(&breach.path)),
        }
    }

    /// Returns the place of the line of the new version that contains a byte.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn line(&mut self, breach: &PathBreach, at: usize) -> Result<Location> {
        match breach.after.filter(|after| is_file(after.mode)) {
            Some(after) => Ok(line_at(&breach.path, &self.contents.after(&breach.path, after)?, at)),
            None => Ok(Location::of(&breach.path)),
        }
    }
}

/// How the document of a breach is read, for what is shown of it.
fn format_of(breach: &PathBreach) -> Option<Format> {
    breach.format.or_else(|| Format::of_path(&breach.path))
}

/// Points at the line of the policy that declares a discipline.
pub(crate) fn place_of(origin: &Origin) -> Location {
    let text = origin.text.as_bytes();
    let mut location = Location::at(&origin.path, text, 0..text.len());
    let characters = origin.text.chars().count() as u32;
    let at = |column: u32| Position { line: origin.line, column };
    location.span = Some(Span { start: at(origin.column), end: at(origin.column + characters) });
    if let Some(snippet) = &mut location.snippet {
        snippet.line = origin.line;
    }
    location
}

fn line_at(path: &RepoPath, text: &[u8], at: usize) -> Location {
    Location::at(path, text, line_of(text, at))
}

struct Difference {
    pointer: String,
    span: std::ops::Range<usize>,
    label: String,
    /// Whether the value was not there before.
    is_new: bool,
}

/// Finds the first value that two documents do not share.
fn first_difference(old: &Value, new: &Value, pointer: String, depth: usize) -> Option<Difference> {
    if old.same(new) {
        return None;
    }
    match (&old.kind, &new.kind) {
        (Kind::Map(a), Kind::Map(b)) if depth < 32 => {
            for entry in b.entries() {
                let below = format!("{pointer}/{}", escape(&entry.key.name));
                match a.get(&entry.key.name) {
                    None => {
                        let label = "was not there".into();
                        let span = entry.key.span.clone();
                        return Some(Difference { pointer: below, span, label, is_new: true });
                    }
                    Some(old) => {
                        if let Some(found) = first_difference(old, &entry.value, below, depth + 1) {
                            return Some(found);
                        }
                    }
                }
            }
            let gone = a.entries().find(|entry| b.get(&entry.key.name).is_none())?;
            let label = format!("`{}` is gone, which was {}", gone.key.name, gone.value.show());
            let start = new.span.start;
            Some(Difference {
                pointer: format!("{pointer}/{}", escape(&gone.key.name)),
                span: start..start + 1,
                label,
                is_new: false,
            })
        }
        (Kind::List(a), Kind::List(b)) if depth < 32 && a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(at, (a, b))| first_difference(a, b, format!("{pointer}/{at}"), depth + 1)),
        _ => {
            let label = format!("was {}", show_difference(old, new).0);
            Some(Difference { pointer, span: new.span.clone(), label, is_new: false })
        }
    }
}

/// Quotes a path for a shell, as the argument of a git command.
#[must_use]
pub fn quote(path: &RepoPath) -> String {
    snapshot::shell::pathspec(path.as_bytes())
}
