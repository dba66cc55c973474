//! The registry has one canonical form, and an update always gives the bytes of a full build.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;

use artifact::layout::{DirectoryPattern, Layout};
use artifact::{Claims, IdCard, Ulid};
use ledger::files::{CHECKPOINT, EmptyLedger, InSnapshot, segment_name};
use ledger::{Batch, Draft, EventType, Json, ReadOptions};
use proptest::prelude::*;
use registry::{Contents, Registry, Tree, differences, export, project, sources_of, update};
use snapshot::{Memory, ObjectId, RepoPath, Snapshot};
use tlog::Checkpoint;

/// A repository that the tests change: files, and a ledger that only grows.
struct World {
    files: BTreeMap<String, String>,
    batch: Batch,
}

#[derive(Debug, Clone)]
enum Step {
    Mint(u8),
    MintWithKeyOf(u8, u8),
    Alias(u8),
    RemoveCard(u8),
    Spec(u8, u8),
    SpecKey(u8, u8),
    RemoveSpec(u8),
    StartLedger,
    Create(u8),
    Line(u8, EventType, u8),
}

fn ulid(n: u8) -> Ulid {
    Ulid::of(1_700_000_000_000 + u64::from(n) * 977 % 41, [n; 10])
}

impl World {
    fn new() -> World {
        let read = ReadOptions::default().read(&EmptyLedger, &mut |_, _| {}).unwrap();
        World { files: BTreeMap::new(), batch: Batch::new(read) }
    }

    fn card(&mut self, n: u8, key: String, aliases: &str) {
        let claims = Claims {
            ulid: ulid(n).to_string(),
            key,
            kind: "plugin".into(),
            path: format!("plugins/p{n}"),
            owner: format!("o{n}@example.org"),
            ..Claims::default()
        };
        let card = IdCard {
            claims,
            created_at: "2026-01-01T00:00:00Z".into(),
            visibility: "public".into(),
            notes: String::new(),
        };
        self.files.insert(format!("ids/cards/{}.yaml", ulid(n)), card.write(None) + aliases);
    }

    fn spec(&mut self, n: u8, key: &str, version: u8) {
        let text = format!("{{\"ulid\":\"{}\",\"key\":\"{key}\",\"version\":\"1.{version}.0\"}}", ulid(n));
        self.files.insert(format!("plugins/p{n}/plugin.spec.json"), text);
    }

    fn line(&mut self, kind: EventType, subject: Option<Ulid>, payload: Vec<(&'static str, Json)>) {
        let draft = Draft {
            kind,
            subject,
            src: Some("4b825dc642cb6eb9a060e54bf8d69288fbee4904".into()),
            time: 1_767_225_600,
            by: "a@example.org".into(),
            card_sha256: None,
            att: None,
            payload,
            source_file: RepoPath::root(),
            ordinal: self.batch.read.size(),
        };
        // What the state machine refuses is not done.
        let _ = self.batch.append(&draft);
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Mint(n) => self.card(n, format!("PLG_{n}"), ""),
            Step::MintWithKeyOf(n, other) => self.card(n, format!("PLG_{other}"), ""),
            Step::Alias(n) => self.card(n, format!("PLG_{n}"), &format!("aliases: [ALIAS_{}]\n", n % 3)),
            Step::RemoveCard(n) => drop(self.files.remove(&format!("ids/cards/{}.yaml", ulid(n)))),
            Step::Spec(n, version) => self.spec(n, &format!("PLG_{n}"), version),
            Step::SpecKey(n, other) => self.spec(n, &format!("PLG_{other}"), 0),
            Step::RemoveSpec(n) => drop(self.files.remove(&format!("plugins/p{n}/plugin.spec.json"))),
            Step::StartLedger => {
                let payload =
                    vec![("keys", Json::List(Vec::new())), ("origin", Json::text("example.org/log"))];
                self.line(EventType::Genesis, None, payload);
            }
            Step::Create(n) => self.line(
                EventType::Create,
                Some(ulid(n)),
                vec![
                    ("key", Json::text(format!("PLG_{n}"))),
                    ("kind", Json::text("plugin")),
                    ("path", Json::text(format!("plugins/p{n}"))),
                ],
            ),
            Step::Line(n, kind, other) => {
                let identity = self.batch.read.machine.identity(ulid(n)).map(std::borrow::Cow::into_owned);
                let Some(identity) = identity else { return };
                let text = |text: String| Json::text(text);
                let payload = match kind {
                    EventType::Rekey => vec![
                        ("new_key", text(format!("PLG_{other}_X"))),
                        ("old_key", text(identity.key.to_string())),
                    ],
                    EventType::AliasAdd => vec![("alias", text(format!("ALIAS_{other}")))],
                    EventType::Move => {
                        vec![
                            ("from", text(identity.path.to_string())),
                            ("to", text(format!("plugins/q{other}"))),
                        ]
                    }
                    EventType::Publish => vec![
                        ("sha256", text("0".repeat(64))),
                        ("tag", text(format!("plugin-p{n}-2.{other}.0"))),
                        ("version", text(format!("2.{other}.0"))),
                    ],
                    EventType::Yank => {
                        vec![("reason", text("broken".into())), ("version", text(format!("2.{other}.0")))]
                    }
                    EventType::Transfer => vec![("to", text(format!("t{other}@example.org")))],
                    _ => Vec::new(),
                };
                self.line(kind, Some(ulid(n)), payload);
            }
        }
    }

    fn memory(&self) -> Memory {
        let mut memory = Memory::new();
        for (path, content) in &self.files {
            memory = memory.with(path, content);
        }
        if self.batch.lines.is_empty() {
            return memory;
        }
        let checkpoint = Checkpoint {
            origin: "example.org/log".into(),
            size: self.batch.read.size(),
            root: self.batch.read.frontier.root(),
            extensions: Vec::new(),
        };
        let lines: String = self.batch.lines.iter().map(|line| format!("{line}\n")).collect();
        memory
            .with(&format!(".ledger/{}", segment_name(0)), lines)
            .with(&format!(".ledger/{CHECKPOINT}"), checkpoint.sign(&[]))
    }

    /// The trees of a world as objects.
    fn trees(&self) -> BTreeMap<ObjectId, Memory> {
        let memory = self.memory();
        let mut trees = BTreeMap::new();
        for folder in ["ids/cards", "plugins"] {
            if let Some(node) = memory.find(&RepoPath::from(folder)).unwrap() {
                let mut inside = Memory::new();
                for (path, content) in &self.files {
                    if let Some(rest) = path.strip_prefix(&format!("{folder}/")) {
                        inside = inside.with(rest, content);
                    }
                }
                trees.insert(node.object.id.unwrap(), inside);
            }
        }
        trees
    }

    fn full(&self) -> Vec<u8> {
        let memory = self.memory();
        project(&Tree { snapshot: &memory, ledger: &InSnapshot(&memory), layout: &Layout::default() })
            .unwrap()
    }
}

fn step() -> impl Strategy<Value = Step> {
    let n = 0u8..12;
    use EventType as T;
    let kinds = prop::sample::select(vec![
        T::Rekey,
        T::AliasAdd,
        T::Move,
        T::Publish,
        T::Yank,
        T::Transfer,
        T::Deprecate,
        T::Retire,
    ]);
    prop_oneof![
        6 => n.clone().prop_map(Step::Mint),
        1 => (n.clone(), n.clone()).prop_map(|(a, b)| Step::MintWithKeyOf(a, b)),
        1 => n.clone().prop_map(Step::Alias),
        1 => n.clone().prop_map(Step::RemoveCard),
        6 => (n.clone(), 0u8..4).prop_map(|(a, b)| Step::Spec(a, b)),
        1 => (n.clone(), n.clone()).prop_map(|(a, b)| Step::SpecKey(a, b)),
        1 => n.clone().prop_map(Step::RemoveSpec),
        1 => Just(Step::StartLedger),
        6 => n.clone().prop_map(Step::Create),
        8 => (n.clone(), kinds, 0u8..6).prop_map(|(a, kind, b)| Step::Line(a, kind, b)),
    ]
}

/// Updates an earlier registry to the current state and compares it with a full build; returns `false` if a full build was needed.
fn updated(before: &[u8], trees: &BTreeMap<ObjectId, Memory>, world: &World) -> bool {
    let memory = world.memory();
    let tree = Tree { snapshot: &memory, ledger: &InSnapshot(&memory), layout: &Layout::default() };
    let open = |id: ObjectId| trees.get(&id).map(|memory| Box::new(memory.clone()) as Box<dyn Snapshot>);
    let Some(bytes) = update(&Registry::open(before).unwrap(), &open, &tree).unwrap() else { return false };
    let full = world.full();
    assert_eq!(String::from_utf8_lossy(&bytes), String::from_utf8_lossy(&full));
    true
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn an_update_gives_the_bytes_of_a_full_build(first in prop::collection::vec(step(), 0..60), then in prop::collection::vec(prop::collection::vec(step(), 0..4), 1..4), begin in any::<bool>()) {
        let mut world = World::new();
        if begin {
            world.step(&Step::StartLedger);
        }
        first.iter().for_each(|step| world.step(step));
        for steps in &then {
            let (before, trees) = (world.full(), world.trees());
            steps.iter().for_each(|step| world.step(step));
            updated(&before, &trees, &world);
        }
        let bytes = world.full();
        let Contents { sources, by_ulid, by_key } = Registry::read(&bytes).unwrap();
        let memory = world.memory();
        prop_assert_eq!(&sources, &sources_of(&Tree { snapshot: &memory, ledger: &InSnapshot(&memory), layout: &Layout::default() }).unwrap());
        // It is unambiguous YAML, and it matches its schema.
        let value = artifact::parse(artifact::Syntax::Yaml, &bytes, &artifact::Limits::default()).unwrap();
        let problems: Vec<String> = schema::registry().check(&value).into_iter().map(|one| one.message).collect();
        prop_assert!(problems.is_empty(), "{:?}", problems);
        let registry = Registry::open(&bytes).unwrap();
        for (ulid, entry) in &by_ulid {
            prop_assert_eq!(registry.entry(*ulid).unwrap(), Some(entry.clone()));
        }
        for (key, ulid) in &by_key {
            prop_assert_eq!(registry.holder_of(key).unwrap(), Some(*ulid));
        }
        prop_assert_eq!(registry.holder_of("PLG_NOBODY").unwrap(), None);
        prop_assert_eq!(registry.entry(Ulid::of(0, [0; 10])).unwrap(), None);
        prop_assert!(differences(&by_ulid, &by_ulid).is_empty());
        let rows: Vec<export::Row<'_>> = by_ulid.iter().map(|(ulid, entry)| export::Row { ulid: *ulid, entry, visibility: "public" }).collect();
        prop_assert_eq!(export::csv(&rows).lines().count(), by_ulid.len() + 1);
    }

    /// A changed file is refused, unless it is canonical again.
    #[test]
    fn a_registry_with_a_changed_byte_is_refused_or_canonical(first in prop::collection::vec(step(), 5..40), at in any::<prop::sample::Index>(), with in any::<u8>()) {
        let mut world = World::new();
        first.iter().for_each(|step| world.step(step));
        let bytes = world.full();
        let mut other = bytes.clone();
        let at = at.index(bytes.len());
        prop_assume!(other[at] != with);
        other[at] = with;
        if let Ok(contents) = Registry::read(&other) {
            prop_assert_eq!(registry::write(&contents).into_bytes(), other);
        }
    }
}

#[test]
fn common_changes_need_no_full_build() {
    for begin in [false, true] {
        let mut world = World::new();
        if begin {
            world.step(&Step::StartLedger);
        }
        for n in 0..6 {
            world.step(&Step::Mint(n));
            world.step(&Step::Spec(n, 0));
            if begin {
                world.step(&Step::Create(n));
            }
        }
        let steps = [Step::Mint(7), Step::Spec(7, 1), Step::Spec(3, 2)];
        let recorded =
            [Step::Create(7), Step::Line(7, EventType::Publish, 0), Step::Line(2, EventType::Rekey, 1)];
        for step in steps.iter().chain(recorded.iter().filter(|_| begin)) {
            let (before, trees) = (world.full(), world.trees());
            world.step(step);
            assert!(updated(&before, &trees, &world), "{step:?}");
        }
    }
}

#[test]
fn plugins_of_another_layout_are_registered_and_named_by_one_digest() {
    let spec = |version: &str| {
        format!(
            "{{\"ulid\": \"01JD4ZK3V8Q2W4X6Y8Z0A1B2C3\", \"key\": \"PLG_A\", \"version\": \"{version}\"}}"
        )
    };
    let card = "schema_version: 1\nulid: 01JD4ZK3V8Q2W4X6Y8Z0A1B2C3\nkey: PLG_A\nkind: plugin\npath: extensions/a\ncreated_at: \"2026-11-20T23:12:00Z\"\nowner: a@example.org\nvisibility: public\nnotes: \"\"\n";
    let tree = |version: &str, more: &str| {
        let memory = Memory::new().with("ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C3.yaml", card);
        memory.with("extensions/a/plugin.spec.json", spec(version)).with(more, "x")
    };
    let layout = Layout::new(vec![DirectoryPattern::parse("extensions/*").unwrap()], Vec::new()).unwrap();
    let built = |memory: &Memory| {
        let bytes =
            project(&Tree { snapshot: memory, ledger: &InSnapshot(memory), layout: &layout }).unwrap();
        Registry::read(&bytes).unwrap()
    };
    let first = built(&tree("1.0.0", "plugins/b/x"));
    let entry = first.by_ulid.values().next().unwrap();
    assert_eq!((entry.path.as_str(), entry.version.as_deref()), ("extensions/a", Some("1.0.0")));
    let sources = |memory: &Memory| built(memory).sources.plugins.map(|id| id.to_string());
    let id = sources(&tree("1.0.0", "plugins/b/x"));
    assert_eq!(id.as_ref().map(String::len), Some(64));
    assert_eq!(id, sources(&tree("1.0.0", "plugins/c/y")), "other directories do not matter");
    assert_ne!(id, sources(&tree("1.0.1", "plugins/b/x")));
    assert_ne!(id, sources(&tree("1.0.0", "extensions/b/x")));
}
