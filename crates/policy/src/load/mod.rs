//! Loads a policy: the file of the repository, the packs it names, its waivers and known findings.

mod collection;
mod dialect;
mod discipline;
mod field;
mod known;
mod layout;
mod levels;
mod names;
mod pack;
mod pin;
pub(crate) mod pointer;
mod rego_files;
mod schema_files;
pub(crate) mod settings;
mod source;
mod unread;
mod value;
mod waiver;

use std::collections::BTreeMap;

use artifact::layout::Layout;
pub use artifact::layout::PACKS;
use artifact::tag::Templates;
use artifact::{Fields, Problem, Value, embedded};
use diagnostic::{CheckError, Location};
use digest::Hasher;
use snapshot::{RepoPath, Snapshot};

use crate::dialect::Dialect;
use crate::discipline::{Discipline, Kind, Subject};
use crate::error::Error;
use crate::known::KnownFindings;
use crate::policy::{Policy, SettingOrigin};
use crate::value::{Section, Values};
use crate::waiver::Waiver;
use dialect::DialectFields;
use pin::{PackPin, pack_pin};
pub use settings::{
    CoreSettings, LedgerMode, LedgerSettings, StructureLimits, WitnessRequirement, WriterSettings,
};
use source::{Source, read, refuse, schema_version};

/// The policy file of a repository.
pub const POLICY_PATH: &str = "policy-packs/policy.yaml";
/// The waivers file of a repository.
pub const WAIVERS_PATH: &str = "policy-packs/waivers.yaml";
/// The known findings of a repository.
pub const KNOWN_FINDINGS_PATH: &str = "policy-packs/known-findings.jsonl";

/// The Rego files of a pack with their texts, and the data that they find.
pub type PackRules = (Vec<(RepoPath, String)>, Vec<(RepoPath, Value)>);

impl Policy {
    /// Reads the policy of a snapshot; the embedded baseline if it has none.
    ///
    /// # Errors
    /// When a file cannot be read or is invalid.
    pub fn load(snapshot: &dyn Snapshot) -> Result<Policy, Error> {
        Loader::new(Some(snapshot)).own()
    }

    /// Reads the policy of a snapshot with its packs, ignoring pinned versions and digests.
    ///
    /// # Errors
    /// As [`Policy::load`].
    pub fn load_unpinned(snapshot: &dyn Snapshot) -> Result<Policy, Error> {
        Loader::new(Some(snapshot)).unpinned().own()
    }

    /// Reads only the layout that the policy of a snapshot sets: the default one where it has no policy file.
    ///
    /// # Errors
    /// When the file cannot be read, or its layout is invalid; other problems of the file do not matter here.
    pub fn layout(snapshot: &dyn Snapshot) -> Result<Layout, Error> {
        let Some(text) = read(snapshot, POLICY_PATH)? else { return Ok(Layout::default()) };
        let source = Source { path: RepoPath::from(POLICY_PATH), text: &text, embedded: false };
        let value = source.parse()?;
        let mut problems = Vec::new();
        let layout = value.pointer("/structure").map(|value| {
            let mut fields = Fields::of(value, "/structure", &mut problems)?;
            Some(layout::read(&mut fields))
        });
        refuse(&source, problems)?;
        Ok(layout.flatten().unwrap_or_default())
    }

    /// Reads a policy file of the operator; packs and waivers still come from the snapshot.
    ///
    /// # Errors
    /// As [`Policy::load`].
    pub fn from_file(name: &str, text: Vec<u8>, snapshot: Option<&dyn Snapshot>) -> Result<Policy, Error> {
        Loader::new(snapshot).load(RepoPath::from(name), Some(text))
    }

    /// Reads a policy file that names embedded packs alone, ignoring pinned versions and digests.
    ///
    /// # Errors
    /// As [`Policy::load`].
    pub fn unpinned_from_text(name: &str, text: Vec<u8>) -> Result<Policy, Error> {
        Loader::new(None).unpinned().load(RepoPath::from(name), Some(text))
    }

    /// Reads only the waivers of a snapshot.
    ///
    /// # Errors
    /// When their file cannot be read or is invalid.
    pub fn waivers_of(snapshot: &dyn Snapshot) -> Result<Vec<Waiver>, Error> {
        let mut loader = Loader::new(Some(snapshot));
        loader.own_waivers()?;
        Ok(loader.policy.waivers)
    }

    /// Reads every Rego file of a pack, including tests, and the data that its documents name; `None` if the pack does not exist.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn rules_of(snapshot: &dyn Snapshot, pack: &str) -> Result<Option<PackRules>, Error> {
        rules_of(snapshot, pack)
    }
}

/// Reads a policy and the files it names.
struct Loader<'l> {
    snapshot: Option<&'l dyn Snapshot>,
    hasher: Hasher,
    /// Whether pinned versions and digests of packs are enforced.
    pins: bool,
    policy: Policy,
}

impl<'l> Loader<'l> {
    fn new(snapshot: Option<&'l dyn Snapshot>) -> Loader<'l> {
        let policy = Policy {
            disciplines: Vec::new(),
            levels: BTreeMap::new(),
            waivers: Vec::new(),
            ignored: Vec::new(),
            waivers_text: Vec::new(),
            known: KnownFindings::default(),
            packs: Vec::new(),
            values: Values::default(),
            origins: Vec::new(),
            structure: StructureLimits::default(),
            layout: Layout::default(),
            core: CoreSettings::default(),
            ledger: LedgerSettings::default(),
            tags: Templates::default(),
            writer: WriterSettings::default(),
            has_file: false,
            digest: String::new(),
        };
        Loader { snapshot, hasher: Hasher::new(), pins: true, policy }
    }

    /// Ignores the pinned versions and digests of packs, to compute new ones.
    fn unpinned(self) -> Loader<'l> {
        Loader { pins: false, ..self }
    }

    /// Reads the policy file of the repository.
    fn own(self) -> Result<Policy, Error> {
        let text = self.snapshot.map(|snapshot| read(snapshot, POLICY_PATH)).transpose()?.flatten();
        self.load(RepoPath::from(POLICY_PATH), text)
    }

    /// Reads a policy from its text; the baseline if there is none.
    fn load(mut self, path: RepoPath, text: Option<Vec<u8>>) -> Result<Policy, Error> {
        match text {
            None => self.pack(&PackPin::of(embedded::NAME), None)?,
            Some(text) => {
                self.policy.has_file = true;
                self.policy_file(&Source { path, text: &text, embedded: false })?;
            }
        }
        self.own_waivers()?;
        self.own_known_findings()?;
        if let Some(snapshot) = self.snapshot {
            self.policy.ignored.extend(unread::find(snapshot, &self.policy.packs)?);
        }
        self.policy.digest = self.hasher.finish().hex();
        Ok(self.policy)
    }

    fn own_waivers(&mut self) -> Result<(), Error> {
        let waivers = self.snapshot.map(|snapshot| read(snapshot, WAIVERS_PATH)).transpose()?.flatten();
        if let Some(text) = waivers {
            self.waivers_file(&Source { path: RepoPath::from(WAIVERS_PATH), text: &text, embedded: false })?;
            self.policy.waivers_text = text;
        }
        Ok(())
    }

    fn digest(&mut self, source: &Source<'_>) {
        self.hasher.update((source.text.len() as u64).to_be_bytes());
        self.hasher.update(source.text);
    }

    fn policy_file(&mut self, source: &Source<'_>) -> Result<(), Error> {
        self.digest(source);
        let value = source.parse()?;
        let mut problems = Vec::new();
        let Some(mut fields) = Fields::of(&value, "", &mut problems) else {
            return Err(Error::Invalid(
                problems.into_iter().map(|problem| source.check_error(problem)).collect(),
            ));
        };
        schema_version(&mut fields);
        let packs = fields.optional_list("packs");
        let paths = fields.optional_list("paths").unwrap_or_default();
        let levels = fields.optional("levels");
        let cards = fields.optional_str("cards");
        if let Some((name, value)) = cards.filter(|(name, _)| !matches!(*name, "frozen" | "versioned")) {
            let message = format!("expected `frozen` or `versioned`, found `{name}`");
            fields.problem("cards", value.span.clone(), message, None);
        }
        let sections = sections(&mut fields);
        if let Some(value) = fields.optional("structure") {
            let pointer = fields.pointer_of("structure");
            (self.policy.structure, self.policy.layout) =
                settings::structure(value, &pointer, fields.problems());
        }
        if let Some(value) = fields.optional("core") {
            let pointer = fields.pointer_of("core");
            self.policy.core = settings::core(value, &pointer, fields.problems());
        }
        if let Some(value) = fields.optional("ledger") {
            let pointer = fields.pointer_of("ledger");
            self.policy.ledger = settings::ledger(value, &pointer, fields.problems());
        }
        if let Some(value) = fields.optional("tags") {
            let pointer = fields.pointer_of("tags");
            self.policy.tags = settings::tags(value, &pointer, fields.problems());
        }
        if let Some(value) = fields.optional("writer") {
            let pointer = fields.pointer_of("writer");
            self.policy.writer = settings::writer(value, &pointer, fields.problems());
        }
        fields.finish();
        let mut pins = Vec::new();
        match packs {
            None => pins.push(PackPin::of(embedded::NAME)),
            Some(packs) => {
                let help = |name: &str| names::without_version(self.snapshot, name);
                for (at, pack) in packs.iter().enumerate() {
                    pins.extend(pack_pin(pack, &format!("/packs/{at}"), &help, &mut problems));
                }
            }
        }
        for (at, pin) in pins.iter().enumerate() {
            let place = Location::at(&source.path, source.text, pin.span.clone());
            let unpinned = PackPin::of(&pin.name);
            self.pack(if self.pins { pin } else { &unpinned }, Some(place))?;
            if let (Some(settings), Some(pack)) = (&pin.settings, self.policy.packs.last_mut()) {
                let pointer = format!("/packs/{at}/settings");
                dialect::override_settings(&mut pack.dialects, settings, &pointer, &mut problems);
            }
        }
        // Packs set the default discipline of cards; the repository chooses between the two.
        if cards.is_some_and(|(name, _)| name == "versioned") {
            let cards = |discipline: &&mut Discipline| discipline.subject == Subject::Card;
            let frozen = |discipline: &&mut Discipline| discipline.kind == Kind::Frozen { when: None };
            self.policy
                .disciplines
                .iter_mut()
                .filter(cards)
                .filter(frozen)
                .for_each(|discipline| discipline.kind = Kind::Versioned);
        }
        self.paths(source, paths, &[], &mut problems);
        self.levels(source, REPOSITORY, levels, &mut problems);
        self.sections(source, REPOSITORY, sections, &mut problems);
        refuse(source, problems)
    }

    /// Reads a pack: the copy of the repository, else the embedded one.
    fn pack(&mut self, pin: &PackPin, place: Option<Location>) -> Result<(), Error> {
        let Some(folder) = pack::Folder::find(self.snapshot, &pin.name)? else {
            return Err(CheckError {
                message: format!("unknown policy pack `{}`", pin.name),
                help: Some(names::unknown(self.snapshot, &pin.name)),
                location: place,
            }
            .into());
        };
        let source = folder.source();
        let value = source.parse()?;
        let mut problems = Vec::new();
        if let Some(mut fields) = Fields::of(&value, "", &mut problems) {
            schema_version(&mut fields);
            let pack = folder.pack(pin, place.as_ref(), &mut fields)?;
            let paths = fields.optional_list("paths").unwrap_or_default();
            let levels = fields.optional("levels");
            let documents = fields.optional_list("documents").unwrap_or_default();
            let sections = sections(&mut fields);
            let dialects = DialectFields::of(&mut fields);
            fields.finish();
            let dialects = dialects.read(&folder, &pin.name, &mut problems)?;
            let first = self.policy.disciplines.len();
            self.paths(&source, paths, &dialects, &mut problems);
            // The baseline and the presets are for many repositories, whose owners cannot edit an embedded pack.
            let is_ready_made = source.embedded || pin.name == embedded::NAME;
            let own = self.policy.disciplines.iter_mut().skip(first).filter(|_| is_ready_made);
            own.for_each(|discipline| discipline.is_optional = true);
            self.levels(&source, &pin.name, levels, &mut problems);
            self.sections(&source, &pin.name, sections, &mut problems);
            if let Some(mut pack) = pack {
                pack.dialects = dialects;
                self.hasher.update(pack.sha256.as_bytes());
                for (at, value) in documents.iter().enumerate() {
                    let pointer = format!("/documents/{at}");
                    pack.documents.extend(folder.document(value, &pointer, &mut problems)?);
                }
                self.policy.packs.push(pack);
            }
        }
        refuse(&source, problems)
    }

    /// Applies the values that the sections of a file set.
    fn sections(
        &mut self,
        source: &Source<'_>,
        by: &str,
        sections: Vec<(Section, &Value)>,
        problems: &mut Vec<Problem>,
    ) {
        for (section, value) in sections {
            for (setting, set, value) in value::section(section, value, problems) {
                self.policy.origins.push(SettingOrigin {
                    key: format!("{}.{}", section.name(), setting.name),
                    value: value.show(),
                    by: by.into(),
                    origin: source.origin(value),
                });
                self.policy.values.set(setting, set, by);
            }
        }
    }

    fn paths(
        &mut self,
        source: &Source<'_>,
        paths: &[Value],
        dialects: &[Dialect],
        problems: &mut Vec<Problem>,
    ) {
        for (at, value) in paths.iter().enumerate() {
            let found = discipline::read(source, value, &format!("/paths/{at}"), dialects, problems);
            self.policy.disciplines.extend(found);
        }
    }
}

/// Reads every Rego file of a pack, and the data that its documents name.
fn rules_of(snapshot: &dyn Snapshot, name: &str) -> Result<Option<PackRules>, Error> {
    let Some(folder) = pack::Folder::find(Some(snapshot), name)? else { return Ok(None) };
    let mut sources = folder.rego("rules")?;
    sources.extend(folder.rego("tests")?);
    let source = folder.source();
    let value = source.parse()?;
    let mut problems = Vec::new();
    let mut data: Vec<(RepoPath, Value)> = Vec::new();
    let documents = value.pointer("/documents").and_then(Value::as_list).unwrap_or_default();
    for (at, value) in documents.iter().enumerate() {
        if let Some(document) = folder.document(value, &format!("/documents/{at}"), &mut problems)? {
            for datum in document.data {
                if !data.iter().any(|(known, _)| *known == datum.0) {
                    data.push(datum);
                }
            }
        }
    }
    refuse(&source, problems)?;
    let sources = sources.into_iter().map(|(inside, text)| (folder.path(&inside), text)).collect();
    Ok(Some((sources, data)))
}

/// The name of the repository's own policy file as the origin of a value.
pub const REPOSITORY: &str = "repository";

/// Returns the sections of values in a file.
fn sections<'v>(fields: &mut Fields<'v, '_>) -> Vec<(Section, &'v Value)> {
    Section::ALL.into_iter().filter_map(|section| Some((section, fields.optional(section.name())?))).collect()
}

#[cfg(test)]
mod tests;
