//! Policy as it is read: the repository's own file, the packs it names, and its waivers.

mod discipline;
mod pin;
mod settings;
mod waiver;
use std::collections::BTreeMap;

pub use artifact::layout::PACKS;
use artifact::tag::Templates;
use artifact::{Fields, Limits, Problem, Syntax, Value, parse};
use diagnostic::{Level, Location, NoVerdict};
use sha2::{Digest as _, Sha256};
use snapshot::{RepoPath, Snapshot};

use crate::Waiver;
use crate::discipline::{Discipline, Kind, Origin, Subject};
use pin::{PackPin, pack_pin};
pub use settings::{LedgerMode, LedgerSettings, StructureLimits, WriterSettings};

/// Where a repository keeps its policy.
pub const POLICY_PATH: &str = "policy-packs/policy.yaml";
/// Where a repository keeps its waivers.
pub const WAIVERS_PATH: &str = "policy-packs/waivers.yaml";

/// The packs that the program carries, by name.
const EMBEDDED: [(&str, &str); 1] =
    [("baseline", include_str!("../../../../policy-packs/baseline/pack.yaml"))];

/// The most bytes of a policy file.
const LONGEST: u64 = 1 << 20;

/// What a repository demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The path disciplines of the packs in their order, then the repository's own.
    pub disciplines: Vec<Discipline>,
    /// The levels that were set, by rule name.
    pub levels: BTreeMap<String, Level>,
    /// The waivers, in the order of their file.
    pub waivers: Vec<Waiver>,
    /// The text of the waivers file, to point into.
    pub waivers_text: Vec<u8>,
    /// The packs that apply: name and version.
    pub packs: Vec<(String, String)>,
    /// The sizes that plugins stay within.
    pub structure: StructureLimits,
    /// How the ledger is kept.
    pub ledger: LedgerSettings,
    /// How the tags of published versions are called.
    pub tags: Templates,
    /// Who the commits and tags are by that the program makes.
    pub writer: WriterSettings,
    /// Whether the repository has a policy file of its own.
    pub has_file: bool,
    /// SHA-256 over everything that was read, in hexadecimal: equal digests judge alike.
    pub digest: String,
}

/// Why a policy cannot be had: one entry a problem.
pub type LoadError = Vec<NoVerdict>;

impl Policy {
    /// Reads the policy of a snapshot; the embedded baseline where there is none.
    ///
    /// `rules` are the names that levels may be set for.
    ///
    /// # Errors
    /// When a file cannot be read, or says something that is not known.
    pub fn load(snapshot: &dyn Snapshot, rules: &[&str]) -> Result<Policy, LoadError> {
        let text = read(snapshot, POLICY_PATH)?;
        Loader::new(Some(snapshot), rules).load(RepoPath::from(POLICY_PATH), text)
    }

    /// Reads the operator's own policy file; packs and waivers come from the snapshot all the same.
    ///
    /// # Errors
    /// As [`Policy::load`].
    pub fn from_file(
        name: &str,
        text: Vec<u8>,
        snapshot: Option<&dyn Snapshot>,
        rules: &[&str],
    ) -> Result<Policy, LoadError> {
        Loader::new(snapshot, rules).load(RepoPath::from(name), Some(text))
    }

    /// Tells whether anything below the directory is governed, however its names are cased.
    #[must_use]
    pub fn enters(&self, directory: &RepoPath) -> bool {
        self.disciplines.iter().any(|discipline| discipline.enters(directory))
    }

    /// Tells whether a file is governed, however its names are cased.
    #[must_use]
    pub fn concerns(&self, file: &RepoPath) -> bool {
        self.disciplines.iter().any(|discipline| discipline.concerns(file))
    }
}

fn read(snapshot: &dyn Snapshot, path: &str) -> Result<Option<Vec<u8>>, LoadError> {
    let path = RepoPath::from(path);
    let failed = |error: snapshot::Error| {
        vec![NoVerdict {
            message: format!("the policy cannot be read: {error}"),
            help: error.help().map(String::from),
            location: Some(Location::of(&path)),
        }]
    };
    match snapshot.find(&path).map_err(failed)? {
        None => Ok(None),
        Some(node) if node.object.mode.kind() == snapshot::Kind::File => {
            snapshot.read(&node, LONGEST).map(Some).map_err(failed)
        }
        Some(node) => Err(vec![NoVerdict {
            message: format!("the policy is {}, not a regular file", node.object.mode.kind()),
            help: Some("put a regular file in its place on the base branch".into()),
            location: Some(Location::of(&path)),
        }]),
    }
}

/// A file being read: its place and its text.
struct Source<'s> {
    path: RepoPath,
    text: &'s [u8],
    embedded: bool,
}

impl Source<'_> {
    fn no_verdict(&self, problem: Problem) -> NoVerdict {
        let location = Location::at(&self.path, self.text, problem.span).with_pointer(problem.pointer);
        NoVerdict { message: problem.message, help: problem.help, location: Some(location) }
    }

    fn parse(&self) -> Result<Value, LoadError> {
        parse(Syntax::Yaml, self.text, &Limits::default()).map_err(|error| {
            vec![NoVerdict {
                message: error.message,
                help: error.help,
                location: Some(Location::at(&self.path, self.text, error.span)),
            }]
        })
    }

    fn origin(&self, value: &Value) -> Origin {
        let line = self.text[..value.span.start].iter().filter(|&&byte| byte == b'\n').count() as u32 + 1;
        Origin { path: self.path.clone(), line, embedded: self.embedded }
    }
}

struct Loader<'l> {
    snapshot: Option<&'l dyn Snapshot>,
    rules: &'l [&'l str],
    hasher: Sha256,
    policy: Policy,
}

impl<'l> Loader<'l> {
    fn new(snapshot: Option<&'l dyn Snapshot>, rules: &'l [&'l str]) -> Loader<'l> {
        let policy = Policy {
            disciplines: Vec::new(),
            levels: BTreeMap::new(),
            waivers: Vec::new(),
            waivers_text: Vec::new(),
            packs: Vec::new(),
            structure: StructureLimits::default(),
            ledger: LedgerSettings::default(),
            tags: Templates::default(),
            writer: WriterSettings::default(),
            has_file: false,
            digest: String::new(),
        };
        Loader { snapshot, rules, hasher: Sha256::new(), policy }
    }

    fn load(mut self, path: RepoPath, text: Option<Vec<u8>>) -> Result<Policy, LoadError> {
        match text {
            None => self.pack("baseline", None, None, None)?,
            Some(text) => {
                self.policy.has_file = true;
                self.policy_file(&Source { path, text: &text, embedded: false })?;
            }
        }
        let waivers = self.snapshot.map(|snapshot| read(snapshot, WAIVERS_PATH)).transpose()?.flatten();
        if let Some(text) = waivers {
            self.waivers_file(&Source { path: RepoPath::from(WAIVERS_PATH), text: &text, embedded: false })?;
            self.policy.waivers_text = text;
        }
        self.policy.digest = self.hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(self.policy)
    }

    fn digest(&mut self, source: &Source<'_>) {
        self.hasher.update((source.text.len() as u64).to_be_bytes());
        self.hasher.update(source.text);
    }

    fn policy_file(&mut self, source: &Source<'_>) -> Result<(), LoadError> {
        self.digest(source);
        let value = source.parse()?;
        let mut problems = Vec::new();
        let Some(mut fields) = Fields::of(&value, "", &mut problems) else {
            return Err(problems.into_iter().map(|problem| source.no_verdict(problem)).collect());
        };
        schema_version(&mut fields);
        let packs = fields.optional_list("packs");
        let paths = fields.optional_list("paths").unwrap_or_default();
        let levels = fields.optional("levels");
        let cards = fields.optional_str("cards");
        if let Some((word, value)) = cards.filter(|(word, _)| !matches!(*word, "frozen" | "versioned")) {
            let message = format!("cards are `frozen` or `versioned`, not `{word}`");
            fields.problem("cards", value.span.clone(), message, None);
        }
        if let Some(value) = fields.optional("structure") {
            let pointer = fields.pointer_of("structure");
            self.policy.structure = settings::structure(value, &pointer, fields.problems());
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
        let mut wanted = Vec::new();
        match packs {
            None => wanted.push(PackPin { name: "baseline".into(), version: None, sha256: None, span: 0..0 }),
            Some(packs) => {
                for (at, pack) in packs.iter().enumerate() {
                    wanted.extend(pack_pin(pack, &format!("/packs/{at}"), &mut problems));
                }
            }
        }
        for pin in &wanted {
            let place = Location::at(&source.path, source.text, pin.span.clone());
            self.pack(&pin.name, pin.version.as_deref(), pin.sha256.as_deref(), Some(place))?;
        }
        // What the packs say of cards is the default; the repository chooses between the two disciplines.
        if cards.is_some_and(|(word, _)| word == "versioned") {
            let cards = |discipline: &&mut Discipline| discipline.subject == Subject::Card;
            let frozen = |discipline: &&mut Discipline| discipline.kind == Kind::Frozen { when: None };
            self.policy
                .disciplines
                .iter_mut()
                .filter(cards)
                .filter(frozen)
                .for_each(|discipline| discipline.kind = Kind::Versioned);
        }
        self.paths(source, paths, &mut problems);
        self.levels(levels, &mut problems);
        refuse(source, problems)
    }

    /// Reads a pack: the repository's own copy, else the program's.
    fn pack(
        &mut self,
        name: &str,
        version: Option<&str>,
        sha256: Option<&str>,
        pin: Option<Location>,
    ) -> Result<(), LoadError> {
        let path = format!("{PACKS}/{name}/pack.yaml");
        let own = self.snapshot.map(|snapshot| read(snapshot, &path)).transpose()?.flatten();
        let embedded = own.is_none();
        let carried =
            || EMBEDDED.iter().find(|(known, _)| *known == name).map(|(_, text)| text.as_bytes().to_vec());
        let refuse = |message: String, help: &str| {
            Err(vec![NoVerdict { message, help: Some(help.into()), location: pin.clone() }])
        };
        let Some(text) = own.or_else(carried) else {
            return refuse(
                format!("there is no pack `{name}`"),
                "add policy-packs/<name>/pack.yaml, or name one that stands there",
            );
        };
        if let Some(expected) = sha256 {
            let found: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
            if found != expected {
                return refuse(
                    format!("the pack `{name}` has SHA-256 {found}, and {expected} is pinned"),
                    "a published pack never changes: restore it, or pin its new version",
                );
            }
        }
        let source = Source { path: RepoPath::from(path.as_str()), text: &text, embedded };
        self.digest(&source);
        let value = source.parse()?;
        let mut problems = Vec::new();
        if let Some(mut fields) = Fields::of(&value, "", &mut problems) {
            schema_version(&mut fields);
            let own_name = fields.required_str("name");
            let own_version = fields.required_str("version");
            for name in ["summary", "ulid", "key"] {
                fields.optional_str(name);
            }
            let paths = fields.optional_list("paths").unwrap_or_default();
            let levels = fields.optional("levels");
            if let Some((found, value)) = own_name.filter(|(found, _)| *found != name) {
                fields.problem(
                    "name",
                    value.span.clone(),
                    format!("the pack calls itself `{found}` and lies in `{name}`"),
                    None,
                );
            }
            if let Some((found, value)) = own_version {
                if semver::Version::parse(found).is_err() {
                    fields.problem(
                        "version",
                        value.span.clone(),
                        format!("`{found}` is no version (SemVer 2.0.0)"),
                        None,
                    );
                }
                if version.is_some_and(|version| version != found) {
                    return refuse(
                        format!(
                            "the pack `{name}` is version {found}, and {} is pinned",
                            version.unwrap_or_default()
                        ),
                        "pin the version that stands in the repository",
                    );
                }
                self.policy.packs.push((name.into(), found.into()));
            }
            fields.finish();
            self.paths(&source, paths, &mut problems);
            self.levels(levels, &mut problems);
        }
        self::refuse(&source, problems)
    }

    fn paths(&mut self, source: &Source<'_>, paths: &[Value], problems: &mut Vec<Problem>) {
        for (at, value) in paths.iter().enumerate() {
            let found = discipline::read(source, value, &format!("/paths/{at}"), problems);
            self.policy.disciplines.extend(found);
        }
    }

    fn levels(&mut self, levels: Option<&Value>, problems: &mut Vec<Problem>) {
        let Some(value) = levels else { return };
        let Some(map) = value.as_map() else {
            problems.push(problem("/levels", value, "expected a map from rule names to levels"));
            return;
        };
        for entry in map.entries() {
            let pointer = format!("/levels/{}", entry.key.name);
            let level = entry.value.as_str().and_then(Level::from_name);
            let is_code = entry.key.name.starts_with(|first: char| first.is_ascii_uppercase());
            match level {
                Some(_) if is_code => problems.push(Problem {
                    span: entry.key.span.clone(),
                    ..problem(
                        &pointer,
                        &entry.value,
                        "levels are set by a rule's name, as in `card-changed`, not by its code",
                    )
                }),
                Some(level) if self.rules.contains(&entry.key.name.as_str()) => {
                    self.policy.levels.insert(entry.key.name.clone(), level);
                }
                Some(_) => {
                    let nearest = nearest(&entry.key.name, self.rules);
                    problems.push(Problem {
                        span: entry.key.span.clone(),
                        ..problem(
                            &pointer,
                            &entry.value,
                            &format!("there is no rule `{}`{nearest}", entry.key.name),
                        )
                    });
                }
                None => {
                    problems.push(problem(&pointer, &entry.value, "a level is `allow`, `warn` or `deny`"))
                }
            }
        }
    }

    fn waivers_file(&mut self, source: &Source<'_>) -> Result<(), LoadError> {
        self.digest(source);
        let value = source.parse()?;
        let mut problems = Vec::new();
        let mut list: &[Value] = &[];
        if let Some(mut fields) = Fields::of(&value, "", &mut problems) {
            schema_version(&mut fields);
            list = fields.optional_list("waivers").unwrap_or_default();
            fields.finish();
        }
        for (at, value) in list.iter().enumerate() {
            self.policy.waivers.extend(waiver::read(
                value,
                &format!("/waivers/{at}"),
                self.rules,
                &mut problems,
            ));
        }
        refuse(source, problems)
    }
}

fn refuse(source: &Source<'_>, problems: Vec<Problem>) -> Result<(), LoadError> {
    match problems.is_empty() {
        true => Ok(()),
        false => Err(problems.into_iter().map(|problem| source.no_verdict(problem)).collect()),
    }
}

fn problem(pointer: &str, value: &Value, message: &str) -> Problem {
    Problem { pointer: pointer.into(), span: value.span.clone(), message: message.into(), help: None }
}

fn nearest(name: &str, known: &[&str]) -> String {
    let best = known.iter().map(|known| (strsim::damerau_levenshtein(known, name), *known)).min();
    match best {
        Some((distance, known)) if distance <= 3 => format!(": did you mean `{known}`?"),
        _ => String::new(),
    }
}

fn schema_version(fields: &mut Fields<'_, '_>) {
    if let Some(value) = fields.required("schema_version")
        && value.as_integer() != Some(1)
    {
        fields.problem("schema_version", value.span.clone(), "this program reads schema_version 1", None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Date, FieldDiscipline};
    use snapshot::Memory;

    const RULES: [&str; 3] = ["card-changed", "IMM001", "frozen-path-changed"];

    fn load(policy: &str) -> Result<Policy, Vec<String>> {
        let memory = Memory::new().with(POLICY_PATH, policy);
        Policy::load(&memory, &RULES)
            .map_err(|errors| errors.into_iter().map(|error| error.message).collect())
    }

    #[test]
    fn the_embedded_baseline_judges_a_repository_without_a_policy() {
        let policy = Policy::load(&Memory::new(), &RULES).unwrap();
        assert!(!policy.has_file);
        assert_eq!(policy.packs, [("baseline".to_string(), "0.2.0".to_string())]);
        assert!(
            policy.concerns(&RepoPath::from("ids/cards/A.yaml"))
                && policy.concerns(&RepoPath::from(".ledger/ids.jsonl"))
        );
        assert!(!policy.concerns(&RepoPath::from("README.md")));
    }

    #[test]
    fn every_discipline_of_the_format_is_read() {
        let policy = load(
            "schema_version: 1\npacks: []\nlevels: {card-changed: warn}\npaths:\n  - {match: a/*, discipline: frozen}\n  - match: p/*.md\n    discipline: frozen\n    when: {field: /status, equals: Final}\n  - {unit: m/*/*, discipline: sealed}\n  - {identity: e/*, discipline: burned}\n  - {match: .ledger/ids.jsonl, discipline: append-only, subject: ledger}\n  - match: plugins/*.yaml\n    fields:\n      /name: frozen\n      /version: increasing\n      /tags: grow-only\n      /log: append-only\n      /retired_at: once\n      /status: forward [active, deprecated, retired]\n      /platforms: frozen-while /version\n      /stage: {forward: [a, b]}\n",
        )
        .unwrap();
        let kinds: Vec<_> = policy.disciplines.iter().map(|discipline| discipline.kind.name()).collect();
        assert_eq!(kinds, ["frozen", "frozen", "sealed", "burned", "append-only", "fields"]);
        let Kind::Fields(fields) = &policy.disciplines[5].kind else { panic!("fields") };
        assert_eq!(fields.len(), 8);
        assert_eq!(
            fields[5].1,
            FieldDiscipline::Forward(vec!["active".into(), "deprecated".into(), "retired".into()])
        );
        assert_eq!(policy.levels["card-changed"], Level::Warn);
        assert_eq!(policy.disciplines[0].origin.line, 5);
    }

    #[test]
    fn what_is_not_known_is_no_policy() {
        for (text, message) in [
            ("schema_version: 2\n", "this program reads schema_version 1"),
            ("schema_version: 1\npath: []\n", "the field `path` is not known here"),
            (
                "schema_version: 1\nlevels: {card-chanched: deny}\n",
                "there is no rule `card-chanched`: did you mean `card-changed`?",
            ),
            ("schema_version: 1\nlevels: {card-changed: loud}\n", "a level is `allow`, `warn` or `deny`"),
            ("schema_version: 1\npaths: [{unit: a, discipline: frozen}]\n", "these do not go together"),
            (
                "schema_version: 1\npaths: [{match: /a, discipline: frozen}]\n",
                "`` is no name: a pattern is relative to the root and has no empty, `.` or `..` part",
            ),
            (
                "schema_version: 1\npaths: [{match: a, fields: {/x: frosen}}]\n",
                "there is no field discipline \"frosen\"",
            ),
            ("schema_version: 1\npacks: [{name: nosuch, version: 1.0.0}]\n", "there is no pack `nosuch`"),
            (
                "schema_version: 1\npacks: [{name: baseline, version: 9.9.9}]\n",
                "the pack `baseline` is version 0.2.0, and 9.9.9 is pinned",
            ),
        ] {
            assert_eq!(load(text).unwrap_err().first().map(String::as_str), Some(message), "{text}");
        }
        assert!(load("schema_version: 1\nschema_version: 1\n").is_err());
    }

    #[test]
    fn a_waiver_must_have_an_end() {
        let load = |text: &str| Policy::load(&Memory::new().with(WAIVERS_PATH, text), &RULES);
        let whole = "schema_version: 1\nwaivers:\n  - code: IMM001\n    path: ids/cards/*.yaml\n    reason: typo\n    owner: ada@example.org\n    until: \"2027-01-01\"\n";
        let policy = load(whole).unwrap();
        assert!(policy.waivers[0].covers("IMM001", b"ids/cards/A.yaml", None));
        assert!(!policy.waivers[0].is_expired(Date::parse("2027-01-01").unwrap()));
        assert!(policy.waivers[0].is_expired(Date::parse("2027-01-02").unwrap()));
        assert!(load(&whole.replace("    until: \"2027-01-01\"\n", "")).is_err());
        assert!(load(&whole.replace("2027-01-01", "soon")).is_err());
        for code in ["IMM999", "card-changed"] {
            assert!(load(&whole.replace("IMM001", code)).is_err(), "{code}");
        }
    }
}
