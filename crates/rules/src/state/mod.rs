//! What stands after a change: the cards, plugins, documents and packs that it touches, and who claims what in the whole repository.

mod claims;
mod coverage;
mod derived;
mod document;
mod index;
mod ledgers;
mod plugin;
mod registry;
mod texts;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use artifact::Syntax;
pub use artifact::layout::{CARDS, PLUGINS, SPEC};
use diagnostic::Diagnostic;
use policy::{Date, Policy};
use rayon::prelude::*;
use snapshot::{Change, Listing, Mode, Node, RepoPath, Result, Snapshot};

use crate::{Check, RULES};

pub(crate) use claims::{ClaimKind, Claimant, Claims};
pub use coverage::CoverageReports;
pub(crate) use coverage::Covered;
pub(crate) use derived::{Derived, tell_differing};
pub(crate) use document::Document;
pub use index::{Index, IndexedCard, IndexedPlugin, skeleton};
pub use ledgers::Ledgers;
pub(crate) use plugin::{Plugin, operations};
pub(crate) use texts::{Text, Texts};

/// What rules about the state may know. Only what a change touches is opened; without a change, everything is.
pub struct StateContext<'c> {
    pub(crate) head: &'c dyn Snapshot,
    /// The tip of base, where there is one.
    pub(crate) tip: Option<&'c dyn Snapshot>,
    /// What the change differs in; `None` when the whole tree is judged.
    pub(crate) changes: Option<&'c [Change]>,
    /// Whether the change touches identities: if not, the indexes are empty, and nothing is concluded from what they lack.
    pub(crate) identities: bool,
    /// The identities that stand after the change.
    pub(crate) index: &'c Index,
    /// The identities that stand on base.
    pub(crate) standing: Option<&'c Index>,
    /// The judged cards.
    pub(crate) cards: Vec<Document>,
    /// The judged plugins.
    pub(crate) plugins: Vec<Plugin>,
    /// The judged documents: Markdown whose front matter has a `ulid`, or that a judged card names.
    pub(crate) documents: Vec<Document>,
    /// The judged packs: `policy-packs/*/pack.yaml`.
    pub(crate) packs: Vec<Document>,
    /// Who claims what the judged artifacts claim.
    pub(crate) claims: &'c Claims,
    /// Whether what concerns the whole tree is told here: of a tree judged in shares, by one of them.
    pub(crate) tells_conflicts: bool,
    /// Whether this is the mainline itself, pushed by somebody who may.
    pub(crate) pushed: bool,
    pub(crate) policy: &'c Policy,
    /// The policy that the change itself brings, once a rule asks for it.
    brought: OnceLock<Option<Policy>>,
    pub(crate) today: Date,
    /// What tests ran, as far as the run was told.
    pub(crate) coverage: &'c Covered<'c>,
}

/// What to gather.
pub(crate) struct Wanted<'c> {
    pub(crate) head: &'c dyn Snapshot,
    pub(crate) changes: Option<&'c [Change]>,
    pub(crate) identities: bool,
    pub(crate) index: &'c Index,
    /// The tip of base, where there is one.
    pub(crate) tip: Option<&'c dyn Snapshot>,
    pub(crate) standing: Option<&'c Index>,
    pub(crate) pushed: bool,
    pub(crate) policy: &'c Policy,
    pub(crate) today: Date,
    pub(crate) coverage: &'c Covered<'c>,
}

impl<'c> StateContext<'c> {
    /// Opens what is to be judged.
    fn open(wanted: &Wanted<'c>, touched: &Touched, claims: &'c Claims) -> Result<StateContext<'c>> {
        let open = |paths: &BTreeSet<RepoPath>| -> Result<Vec<Document>> {
            let mut found = Vec::new();
            for path in paths {
                found.extend(Document::open(wanted.head, path)?);
            }
            Ok(found)
        };
        let mut plugins = Vec::new();
        for directory in &touched.plugins {
            let is_new = match wanted.tip {
                Some(tip) => tip.find(&directory.join(SPEC.as_bytes()))?.is_none(),
                None => true,
            };
            plugins.extend(Plugin::open(wanted.head, directory, is_new, &wanted.policy.structure)?);
        }
        let mut documents = open(&touched.documents)?;
        documents
            .retain(|document| document.text_at("/ulid").is_some() || touched.named.contains(&document.path));
        Ok(StateContext {
            head: wanted.head,
            tip: wanted.tip,
            changes: wanted.changes,
            identities: wanted.identities,
            index: wanted.index,
            standing: wanted.standing,
            cards: open(&touched.cards)?,
            plugins,
            documents,
            packs: open(&touched.packs)?,
            claims,
            tells_conflicts: true,
            pushed: wanted.pushed,
            policy: wanted.policy,
            brought: OnceLock::new(),
            today: wanted.today,
            coverage: wanted.coverage,
        })
    }

    /// Returns the policy that the change itself brings, if it brings one that can be read.
    ///
    /// Nothing is judged by it: but what it begins with may be made under it.
    pub(crate) fn brought_policy(&self) -> Option<&Policy> {
        let brings =
            || self.changes?.iter().any(|change| crate::change::is_policy(&change.path)).then_some(());
        let load = || brings().and_then(|()| Policy::load(self.head).ok());
        self.brought.get_or_init(load).as_ref()
    }

    /// Runs every rule about the state.
    fn judge(&self, findings: &mut Vec<Diagnostic>) -> Result<()> {
        for rule in RULES {
            if let Check::State(judge) = rule.check {
                judge(self, findings)?;
            }
        }
        Ok(())
    }

    /// Returns the claims of a kind that more than one identity makes: a judged claimant, and the first other one.
    pub(crate) fn conflicts(&self, kind: ClaimKind) -> impl Iterator<Item = (&Claimant, &Claimant)> {
        self.claims.conflicts(kind).filter(|_| self.tells_conflicts)
    }

    /// Visits every directory of the tree; of a tree judged in shares, in one of them.
    pub(crate) fn each_directory(&self, visit: &mut dyn FnMut(&RepoPath, &Listing)) -> Result<()> {
        let mut folders = match self.tells_conflicts {
            true => vec![self.head.root()?],
            false => Vec::new(),
        };
        while let Some(folder) = folders.pop() {
            let listing = self.head.list(&folder)?;
            let inside = listing.iter().filter(|entry| entry.object.mode == Mode::Directory);
            folders.extend(
                inside.map(|entry| Node { path: folder.path.join(entry.name), object: entry.object }),
            );
            visit(&folder.path, &listing);
        }
        Ok(())
    }

    /// The folder of the plugins and its entries, those that the change touches, or all of them.
    pub(crate) fn plugin_entries(&self) -> Result<BTreeSet<RepoPath>> {
        let folder = RepoPath::from(PLUGINS);
        let mut entries = BTreeSet::new();
        match self.changes {
            Some(changes) => entries.extend(
                changes
                    .iter()
                    .map(|change| &change.path)
                    .filter(|path| **path == folder || path.parent() == folder)
                    .cloned(),
            ),
            None if self.tells_conflicts => {
                entries.insert(folder.clone());
                if let Some(node) =
                    self.head.find(&folder)?.filter(|node| node.object.mode == Mode::Directory)
                {
                    entries.extend(self.head.list(&node)?.iter().map(|entry| folder.join(entry.name)));
                }
            }
            None => {}
        }
        Ok(entries)
    }

    /// Counts the files that were judged.
    pub(crate) fn files(&self) -> u64 {
        let plugins: usize = self.plugins.iter().map(|plugin| plugin.files.len()).sum();
        (self.cards.len() + plugins + self.documents.len() + self.packs.len()) as u64
    }

    /// Tells whether a path is new in this change; when the whole tree is judged, nothing is.
    pub(crate) fn is_added(&self, path: &RepoPath) -> bool {
        self.change_of(path).is_some_and(|change| change.before.is_none() && change.after.is_some())
    }

    /// Tells whether this change touches a path; when the whole tree is judged, it touches nothing.
    pub(crate) fn is_touched(&self, path: &RepoPath) -> bool {
        self.change_of(path).is_some()
    }

    fn change_of(&self, path: &RepoPath) -> Option<&Change> {
        let changes = self.changes?;
        let at = changes.binary_search_by(|change| change.path.cmp(path)).ok()?;
        Some(&changes[at])
    }

    /// Finds the plugin that has a key after the change, or had it.
    pub(crate) fn plugin_of_key(&self, key: &str) -> Option<&IndexedPlugin> {
        self.claims.plugin_of_key(self.index, key)
    }
}

/// Runs the rules that look at the state, where a change touches an artifact or adds a path.
///
/// `known` is asked for what an earlier run knew of the identities; returned is what base holds of them, where that is news.
pub(crate) fn judge(
    policy: &Policy,
    sides: &Sides<'_>,
    known: &dyn Fn() -> Option<Index>,
    today: Date,
    findings: &mut Vec<Diagnostic>,
) -> Result<Option<Index>> {
    let empty = Index::default();
    let (mut known_before, mut standing) = (None, None);
    let mut index = Index::default();
    let coverage = Covered::new(sides.coverage);
    let identities = sides.changes.is_none() || touches_identities(sides)?;
    if identities {
        known_before = known();
        let known: Vec<&Index> = known_before.iter().collect();
        standing = sides.tip.map(|tip| Index::build(tip, &known)).transpose()?;
        let known: Vec<&Index> = known.into_iter().chain(&standing).collect();
        index = Index::build(sides.head, &known)?;
    }
    let wanted = Wanted {
        head: sides.head,
        changes: sides.changes,
        identities,
        index: &index,
        tip: sides.tip,
        standing: sides.tip.map(|_| standing.as_ref().unwrap_or(&empty)),
        pushed: sides.pushed,
        policy,
        today,
        coverage: &coverage,
    };
    let touched = Touched::of(&wanted)?;
    let claims = Claims::gather(&wanted, &|path| touched.judges(path));
    StateContext::open(&wanted, &touched, &claims)?.judge(findings)?;
    Ok(standing.filter(|standing| known_before.as_ref() != Some(standing)))
}

/// Judges every artifact of a tree, a share of them at a time and on every core; returns how many files that were.
pub(crate) fn judge_whole(wanted: &Wanted<'_>, findings: &mut Vec<Diagnostic>) -> Result<u64> {
    let claims = Claims::gather(wanted, &|_| true);
    let shares = Touched::of(wanted)?.shares();
    let judged: Vec<Result<(u64, Vec<Diagnostic>)>> = shares
        .par_iter()
        .map(|share| {
            let mut findings = Vec::new();
            let mut context = StateContext::open(wanted, share, &claims)?;
            // Conflicts are told where the first share is judged: they are the whole tree's.
            context.tells_conflicts = share.is_first;
            context.judge(&mut findings)?;
            Ok((context.files(), findings))
        })
        .collect();
    let mut files = 0;
    for share in judged {
        let (count, mut found) = share?;
        files += count;
        findings.append(&mut found);
    }
    Ok(files)
}

/// What is judged, and against what.
pub(crate) struct Sides<'s> {
    pub(crate) head: &'s dyn Snapshot,
    /// The tip of base, where there is one.
    pub(crate) tip: Option<&'s dyn Snapshot>,
    pub(crate) changes: Option<&'s [Change]>,
    /// Whether this is the mainline itself, pushed by somebody who may.
    pub(crate) pushed: bool,
    /// The coverage reports that the run is given.
    pub(crate) coverage: CoverageReports<'s>,
}

/// Whether a change touches an identity.
pub(crate) fn touches_identities_of(head: &dyn Snapshot, changes: &[Change]) -> Result<bool> {
    let coverage = CoverageReports::default();
    touches_identities(&Sides { head, tip: None, changes: Some(changes), pushed: false, coverage })
}

/// Whether a change touches what claims an identity, a key or a place: otherwise nobody is asked who claims what.
fn touches_identities(sides: &Sides<'_>) -> Result<bool> {
    for change in sides.changes.unwrap_or_default() {
        let path = &change.path;
        let in_cards = path.parent() == RepoPath::from(CARDS);
        let is_spec = path.name() == SPEC.as_bytes() && in_plugin(path).is_some();
        let is_pack = path.name() == b"pack.yaml" && crate::change::is_policy(path);
        if in_cards || is_spec || is_pack || has_ulid(sides.head, change)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a changed Markdown file names an identity in its front matter.
fn has_ulid(head: &dyn Snapshot, change: &Change) -> Result<bool> {
    if change.after.is_none() || Syntax::of_path(&change.path) != Some(Syntax::FrontMatter) {
        return Ok(false);
    }
    Ok(Document::open(head, &change.path)?.is_some_and(|document| document.text_at("/ulid").is_some()))
}

/// The artifacts that a change touches.
#[derive(Default)]
struct Touched {
    cards: BTreeSet<RepoPath>,
    plugins: BTreeSet<RepoPath>,
    documents: BTreeSet<RepoPath>,
    packs: BTreeSet<RepoPath>,
    /// Documents that a judged card names.
    named: BTreeSet<RepoPath>,
    /// Whether it is the first share of a tree, or all of a change.
    is_first: bool,
}

/// How many cards or plugins a share of a tree holds: enough to be worth a turn, few enough to stay small in memory.
const SHARE: usize = 256;

impl Touched {
    fn of(wanted: &Wanted<'_>) -> Result<Touched> {
        let mut touched = Touched::default();
        match wanted.changes {
            Some(changes) => {
                for change in changes
                    .iter()
                    .filter(|change| change.after.is_some() || in_plugin(&change.path).is_some())
                {
                    touched.add(&change.path);
                }
            }
            None => {
                for card in &wanted.index.cards {
                    touched.cards.insert(card.path());
                }
                for plugin in &wanted.index.plugins {
                    touched.plugins.insert(plugin.directory());
                }
                for node in list(wanted.head, &RepoPath::from(policy::PACKS))? {
                    touched.packs.insert(node.path.join(b"pack.yaml"));
                }
            }
        }
        for path in &touched.cards {
            let claims = wanted.index.card(path.name()).map(|card| &card.claims);
            if let Some(claims) = claims.filter(|claims| claims.kind == "document" && !claims.path.is_empty())
            {
                touched.documents.insert(RepoPath::from(claims.path.as_str()));
                touched.named.insert(RepoPath::from(claims.path.as_str()));
            }
        }
        Ok(touched)
    }

    /// Tells whether a card or a spec is judged.
    fn judges(&self, path: &RepoPath) -> bool {
        self.cards.contains(path)
            || in_plugin(path).is_some_and(|directory| self.plugins.contains(&directory))
    }

    /// Parts the artifacts of a tree; documents and packs, few as they are, make the first share.
    fn shares(self) -> Vec<Touched> {
        let cards: Vec<RepoPath> = self.cards.into_iter().collect();
        let plugins: Vec<RepoPath> = self.plugins.into_iter().collect();
        let mut shares: Vec<Touched> = Vec::new();
        for part in cards.chunks(SHARE * 4) {
            shares.push(Touched { cards: part.iter().cloned().collect(), ..Touched::default() });
        }
        for part in plugins.chunks(SHARE) {
            shares.push(Touched { plugins: part.iter().cloned().collect(), ..Touched::default() });
        }
        let rest =
            Touched { documents: self.documents, named: self.named, packs: self.packs, ..Touched::default() };
        shares.insert(0, Touched { is_first: true, ..rest });
        shares
    }

    fn add(&mut self, path: &RepoPath) {
        let mut parts = path.components();
        let (first, second) = (parts.next(), parts.next());
        if path.parent() == RepoPath::from(CARDS) {
            self.cards.insert(path.clone());
        } else if let Some(directory) = in_plugin(path) {
            self.plugins.insert(directory);
        } else if first == Some(policy::PACKS.as_bytes())
            && path.name() == b"pack.yaml"
            && second != Some(b"pack.yaml")
        {
            self.packs.insert(path.clone());
        } else if Syntax::of_path(path) == Some(Syntax::FrontMatter) {
            self.documents.insert(path.clone());
        }
    }
}

/// The plugin's directory that a path lies in.
pub(crate) fn in_plugin(path: &RepoPath) -> Option<RepoPath> {
    let mut parts = path.components();
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next());
    (first == PLUGINS.as_bytes() && third.is_some()).then(|| RepoPath::from(PLUGINS).join(second))
}

/// The directories in a directory; none where it is not there.
pub(crate) fn list(snapshot: &dyn Snapshot, directory: &RepoPath) -> Result<Vec<Node>> {
    let Some(node) = snapshot.find(directory)?.filter(|node| node.object.mode == Mode::Directory) else {
        return Ok(Vec::new());
    };
    let listing = snapshot.list(&node)?;
    let entries = listing.iter().filter(|entry| entry.object.mode == Mode::Directory);
    Ok(entries.map(|entry| Node { path: directory.join(entry.name), object: entry.object }).collect())
}
