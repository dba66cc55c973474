//! Generated plugin repositories: seeded, so that the same sizes give the same commits, with violations planted and listed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};
use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::pack::{Id, Kind, Pack, hex, id_of};

/// How much of what.
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    pub(crate) cards: usize,
    pub(crate) plugins: usize,
    pub(crate) commits: usize,
}

/// The longest delta chain, as git's own default.
const MAX_CHAIN_DELTAS: u32 = 50;

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

/// An object that grows by small edits, kept whole in memory and as a chain of deltas in the pack.
struct DeltaChain {
    kind: Kind,
    bytes: Vec<u8>,
    id: Id,
    offset: u64,
    depth: u32,
}

impl DeltaChain {
    fn new(kind: Kind, bytes: Vec<u8>, pack: &mut Pack) -> DeltaChain {
        let offset = pack.offset();
        let id = pack.add(kind, &bytes);
        DeltaChain { kind, bytes, id, offset, depth: 0 }
    }

    /// Replaces `bytes[at..at + gone]` with `put` and adds the new version to the pack.
    fn splice(&mut self, pack: &mut Pack, at: usize, gone: usize, put: &[u8]) {
        let old = self.bytes.len();
        self.bytes.splice(at..at + gone, put.iter().copied());
        self.id = id_of(self.kind, &self.bytes);
        let offset = pack.offset();
        // A root of megabytes every fifty versions would make the pack large: a big object keeps its chain, as deep as git still reads.
        if self.depth < if self.bytes.len() > 1 << 20 { 1_000 } else { MAX_CHAIN_DELTAS } {
            pack.add_delta(self.offset, old, self.bytes.len(), at, gone, put);
            self.depth += 1;
        } else {
            pack.add(self.kind, &self.bytes);
            self.depth = 0;
        }
        self.offset = offset;
    }
}

fn entry(mode: &str, name: &str, id: &Id) -> Vec<u8> {
    [mode.as_bytes(), b" ", name.as_bytes(), b"\0", id].concat()
}

fn tree(pack: &mut Pack, entries: &[(&str, &str, Id)]) -> Id {
    let mut entries: Vec<_> = entries.to_vec();
    // A directory sorts as if its name ended in `/`.
    entries.sort_by_key(
        |(mode, name, _)| if *mode == "40000" { format!("{name}/") } else { (*name).to_string() },
    );
    let bytes: Vec<u8> = entries.iter().flat_map(|(mode, name, id)| entry(mode, name, id)).collect();
    pack.add(Kind::Tree, &bytes)
}

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn ulid(time: u64, random: &mut Random) -> String {
    let mut digits = Vec::new();
    (0..10).rev().for_each(|at| digits.push(ALPHABET[(time >> (at * 5) & 31) as usize]));
    (0..16).for_each(|_| digits.push(ALPHABET[random.below(32)]));
    String::from_utf8(digits).unwrap()
}

/// The first cards are those of the plugins; the others speak of modules.
fn card(ulid: &str, number: usize, plugins: usize) -> Vec<u8> {
    let (prefix, kind, path) = match number < plugins {
        true => ("PLG", "plugin", format!("plugins/{}", plugin_name(number))),
        false => ("MOD", "module", format!("modules/module_{number:06}")),
    };
    format!(
        "schema_version: 1\nulid: {ulid}\nkey: {prefix}_NUMBER_{number}\nkind: {kind}\npath: {path}\ncreated_at: \"2026-01-01T00:00:00Z\"\nowner: team-{}@example.org\nvisibility: public\nnotes: \"\"\n",
        number % 97
    )
    .into_bytes()
}

fn line(ulid: &str, number: usize, random: &mut Random) -> Vec<u8> {
    let digest = |random: &mut Random| (0..4).map(|_| format!("{:016x}", random.next())).collect::<String>();
    let sum = digest(random);
    format!(
        "{{\"actor\":{{\"by\":\"ada@example.org\",\"via\":\"id-ledger/1\"}},\"card_sha256\":\"{sum}\",\"payload\":{{\"key\":\"PLG_PLUGIN_{number}\",\"kind\":\"plugin\",\"path\":\"plugins/plugin_{number}\"}},\"subject_ulid\":\"{ulid}\",\"ts\":\"2026-01-01T00:00:00Z\",\"type\":\"CREATE\",\"v\":1}}\n"
    )
    .into_bytes()
}

/// The repository as it is being written.
struct Writer {
    pack: Pack,
    random: Random,
    cards: DeltaChain,
    /// The names in `cards`, to find an entry's place.
    names: BTreeSet<String>,
    ledger: DeltaChain,
    /// The ULIDs of the plugins, and how often each was published.
    plugins: Vec<(String, u64)>,
    plugins_tree: DeltaChain,
    time: u64,
    number: usize,
    head: Option<Id>,
    planted: Vec<serde_json::Value>,
}

/// Generates `PATH/repo.git` and `PATH/violations.json`.
pub(crate) fn generate(workload: &Workload, path: &Path) {
    let repository = path.join("repo.git");
    std::fs::create_dir_all(&repository).unwrap();
    let init = ["init", "--quiet", "--bare", "--initial-branch=main"];
    assert!(Command::new("git").args(init).arg(&repository).status().unwrap().success());
    let mut writer = Writer::begin(workload);
    writer.commit("begin");
    let kinds = [
        "edit",
        "delete",
        "mode",
        "rename",
        "edit-and-revert",
        "delete-and-restore",
        "link",
        "ledger-edit",
        "ledger-cut",
        "swap",
    ];
    // One violation of each kind, spread over the middle of the history.
    let step = (workload.commits / (kinds.len() + 2)).max(3);
    let mut at = 0;
    while at < workload.commits {
        let kind = kinds.get((at / step).wrapping_sub(1)).filter(|_| at % step == 0);
        at += match kind {
            Some(kind) => writer.plant(kind),
            None => writer.honest(),
        };
    }
    let main = writer.head.unwrap();
    let branch = |writer: &mut Writer, name: &str, act: fn(&mut Writer)| {
        writer.head = Some(main);
        act(writer);
        let id = writer.commit(name);
        (format!("refs/heads/pr/{name}"), id)
    };
    let mut refs = vec![("refs/heads/main".to_string(), main)];
    let plugin = branch(&mut writer, "readme", Writer::touch_readme);
    refs.push(plugin);
    let plugin = branch(&mut writer, "plugin", Writer::touch_plugin);
    refs.push(plugin);
    let added = branch(&mut writer, "add-card", |writer| drop(writer.add_card()));
    refs.push(added);
    let edited = branch(&mut writer, "edit-card", |writer| drop(writer.edit_card("# stolen\n")));
    refs.push(edited);
    let planted = serde_json::Value::Array(writer.planted);
    writer.pack.finish(&repository);
    for (name, id) in refs {
        let status =
            Command::new("git").arg("-C").arg(&repository).args(["update-ref", &name, &hex(&id)]).status();
        assert!(status.unwrap().success(), "{name}");
    }
    std::fs::write(path.join("violations.json"), planted.to_string()).unwrap();
}

impl Writer {
    fn begin(workload: &Workload) -> Writer {
        let mut pack = Pack::new();
        let mut random = Random(0x1d60_a2d0);
        let mut entries = BTreeMap::new();
        let mut ledger = Vec::new();
        let mut plugins = Vec::new();
        // The rest is added one by one.
        let first = workload.cards.saturating_sub(workload.commits / 2).max(workload.cards * 3 / 5);
        for number in 0..first {
            let name = ulid(1_767_225_600_000 + number as u64 * 1_000, &mut random);
            let id = pack.add(Kind::Blob, &card(&name, number, workload.plugins));
            if number < workload.plugins {
                plugins.push((name.clone(), 0));
            }
            ledger.extend(line(&name, number, &mut random));
            entries.insert(format!("{name}.yaml"), id);
        }
        let bytes: Vec<u8> = entries.iter().flat_map(|(name, id)| entry("100644", name, id)).collect();
        let cards = DeltaChain::new(Kind::Tree, bytes, &mut pack);
        let ledger = DeltaChain::new(Kind::Blob, ledger, &mut pack);
        let mut bytes = Vec::new();
        for (number, (ulid, _)) in plugins.iter().enumerate() {
            let id = plugin(&mut pack, ulid, number, 0, "");
            bytes.extend(entry("40000", &plugin_name(number), &id));
        }
        let plugins_tree = DeltaChain::new(Kind::Tree, bytes, &mut pack);
        let names = entries.keys().cloned().collect();
        Writer {
            pack,
            random,
            cards,
            names,
            ledger,
            plugins,
            plugins_tree,
            time: 1_767_225_600,
            number: first,
            head: None,
            planted: Vec::new(),
        }
    }

    fn commit(&mut self, subject: &str) -> Id {
        let cards = tree(&mut self.pack, &[("40000", "cards", self.cards.id)]);
        let ledger = tree(&mut self.pack, &[("100644", "ids.jsonl", self.ledger.id)]);
        let readme = self.pack.add(Kind::Blob, b"a generated plugin repository\n");
        let root = tree(
            &mut self.pack,
            &[
                ("40000", ".ledger", ledger),
                ("100644", "README.md", readme),
                ("40000", "ids", cards),
                ("40000", "plugins", self.plugins_tree.id),
            ],
        );
        self.time += 60;
        let parent = self.head.map_or_else(String::new, |id| format!("parent {}\n", hex(&id)));
        let who = format!("Ada <ada@example.org> {} +0000", self.time);
        let text = format!("tree {}\n{parent}author {who}\ncommitter {who}\n\n{subject}\n", hex(&root));
        let id = self.pack.add(Kind::Commit, text.as_bytes());
        self.head = Some(id);
        id
    }

    /// One honest commit: half of them touch a plugin alone, the others add a card and its line.
    fn honest(&mut self) -> usize {
        if self.random.below(2) == 0 {
            self.touch_plugin();
        } else {
            let name = self.add_card();
            let line = line(&name, self.number, &mut self.random);
            let end = self.ledger.bytes.len();
            self.ledger.splice(&mut self.pack, end, 0, &line);
        }
        self.commit("work");
        1
    }

    /// Raises the version of some plugin.
    fn touch_plugin(&mut self) {
        self.change_plugin(1, "");
    }

    /// Changes a plugin's readme and nothing that claims anything.
    fn touch_readme(&mut self) {
        self.change_plugin(0, "One more word.\n");
    }

    fn change_plugin(&mut self, releases: u64, note: &str) {
        let number = self.random.below(self.plugins.len());
        let (ulid, revision) = &mut self.plugins[number];
        *revision += releases;
        let id = plugin(&mut self.pack, ulid, number, *revision, note);
        let width = entry("40000", &plugin_name(number), &id).len();
        let at = width * number + width - 20;
        self.plugins_tree.splice(&mut self.pack, at, 20, &id);
    }

    fn add_card(&mut self) -> String {
        self.number += 1;
        let name = ulid(1_767_225_600_000 + self.number as u64 * 1_000, &mut self.random);
        let id = self.pack.add(Kind::Blob, &card(&name, self.number, self.plugins.len()));
        self.insert(&format!("{name}.yaml"), "100644", &id);
        name
    }

    fn insert(&mut self, name: &str, mode: &str, id: &Id) {
        self.names.insert(name.into());
        let at = self.place(name);
        let bytes = entry(mode, name, id);
        self.cards.splice(&mut self.pack, at, 0, &bytes);
    }

    /// Where a card's entry is, or would be. Modes other than `100644` are as long, and gone again before the next search.
    fn place(&self, name: &str) -> usize {
        self.names.range::<str, _>((Unbounded, Excluded(name))).map(|name| name.len() + 28).sum()
    }

    fn some_card(&mut self) -> String {
        let at = self.random.below(self.names.len());
        self.names.iter().nth(at).unwrap().clone()
    }

    fn id_at(&self, place: usize, name: &str) -> Id {
        self.cards.bytes[place + name.len() + 8..place + name.len() + 28].try_into().unwrap()
    }

    fn remove(&mut self, name: &str) -> Id {
        let at = self.place(name);
        let id = self.id_at(at, name);
        self.names.remove(name);
        self.cards.splice(&mut self.pack, at, name.len() + 28, &[]);
        id
    }

    /// Gives a card other content; returns its name and the id it had.
    fn edit_card(&mut self, content: &str) -> (String, Id) {
        let name = self.some_card();
        let at = self.place(&name);
        let old = self.id_at(at, &name);
        let id = self.pack.add(Kind::Blob, content.as_bytes());
        self.cards.splice(&mut self.pack, at + name.len() + 8, 20, &id);
        (name, old)
    }

    fn planted(&mut self, kind: &str, subject: &str) {
        let id = self.commit(subject);
        self.planted.push(json!({"kind": kind, "commit": hex(&id)}));
    }

    /// Plants a violation; returns how many commits that took.
    fn plant(&mut self, kind: &str) -> usize {
        match kind {
            "edit" => drop(self.edit_card("# stolen\n")),
            "delete" => {
                let name = self.some_card();
                self.remove(&name);
            }
            "mode" | "link" => {
                let name = self.some_card();
                let at = self.place(&name);
                let mode = if kind == "mode" { b"100755" } else { b"120000" };
                self.cards.splice(&mut self.pack, at, 6, mode);
            }
            "rename" => {
                let name = self.some_card();
                let id = self.remove(&name);
                self.insert(&name.replace(".yaml", "-old.yaml"), "100644", &id);
            }
            "edit-and-revert" => {
                let (name, old) = self.edit_card("# for a while\n");
                self.planted(kind, kind);
                let at = self.place(&name);
                self.cards.splice(&mut self.pack, at + name.len() + 8, 20, &old);
                self.planted(kind, "revert");
                return 2;
            }
            "delete-and-restore" => {
                let name = self.some_card();
                let id = self.remove(&name);
                self.planted(kind, kind);
                self.insert(&name, "100644", &id);
                self.planted(kind, "restore");
                return 2;
            }
            "ledger-edit" => {
                let at = self.ledger.bytes.len() / 2;
                self.ledger.splice(&mut self.pack, at, 1, b"~");
            }
            "ledger-cut" => {
                let end = self.ledger.bytes.len();
                let last = self.ledger.bytes[..end - 1].iter().rposition(|&byte| byte == b'\n').unwrap() + 1;
                self.ledger.splice(&mut self.pack, last, end - last, &[]);
            }
            _ => {
                // The swap: new content under an old name, the old content under a new name that sorts next: a pure insertion of bytes.
                let name = self.some_card();
                let at = self.place(&name);
                let old = self.id_at(at, &name);
                let stolen = self.pack.add(Kind::Blob, b"stolen: true\n");
                let twin = name.replace(".yaml", "Z.yaml");
                let put = [stolen.as_slice(), &entry("100644", &twin, &old)[..]].concat();
                self.names.insert(twin);
                self.cards.splice(&mut self.pack, at + name.len() + 8, 20, &put);
            }
        }
        self.planted(kind, kind);
        1
    }
}

fn plugin_name(number: usize) -> String {
    format!("plugin_{number:06}")
}

/// A complete plugin; files that are equal in all plugins are one object.
fn plugin(pack: &mut Pack, ulid: &str, number: usize, revision: u64, note: &str) -> Id {
    let spec = format!(
        "{{\n  \"schema_version\": 1,\n  \"ulid\": \"{ulid}\",\n  \"key\": \"PLG_NUMBER_{number}\",\n  \"name\": \"Plugin {number}\",\n  \"version\": \"1.0.{}\",\n  \"status\": \"active\",\n  \"owner\": \"team-{}@example.org\",\n  \"description\": \"\",\n  \"core\": {{ \"api\": \"core\", \"range\": \">=1\" }},\n  \"runtime\": {{ \"kind\": \"process\", \"entry\": \"src/handler.py\" }},\n  \"operations\": [\n    {{ \"name\": \"act\", \"summary\": \"Acts\", \"input\": \"schemas/act.in.schema.json\", \"output\": \"schemas/act.out.schema.json\" }}\n  ]\n}}\n",
        revision,
        number % 97
    );
    let mut blob = |text: &str| pack.add(Kind::Blob, text.as_bytes());
    let spec = blob(&spec);
    let readme = blob(&format!("# Plugin {number}\n{note}"));
    let empty = blob("{}\n");
    let handler = blob("def act(request):\n    return {}\n");
    let contract =
        blob("{\"type\": \"object\", \"required\": [\"timestamp\", \"ulid\", \"status\", \"summary\"]}\n");
    let schema = blob(
        "{\"type\": \"object\", \"properties\": {\"id\": {\"type\": \"string\", \"pattern\": \"^[a-z]+$\"}, \"count\": {\"type\": \"integer\", \"minimum\": 0}}}\n",
    );
    let example = blob("{\"id\": \"abc\", \"count\": 3}\n");
    let conformance = tree(pack, &[("100644", "budgets.json", empty)]);
    let examples =
        tree(pack, &[("100644", "act_request.json", example), ("100644", "act_response.json", example)]);
    let schemas =
        tree(pack, &[("100644", "act.in.schema.json", schema), ("100644", "act.out.schema.json", schema)]);
    let src = tree(pack, &[("100644", "handler.py", handler)]);
    let tests = tree(pack, &[("100644", "test_act.py", handler)]);
    let entries = [
        ("100644", "README_PLUGIN.md", readme),
        ("40000", "conformance", conformance),
        ("40000", "examples", examples),
        ("100644", "healthcheck.md", handler),
        ("100644", "ledger_contract.json", contract),
        ("100644", "manifest.json", empty),
        ("100644", "plugin.spec.json", spec),
        ("100644", "policy_snapshot.json", empty),
        ("40000", "schemas", schemas),
        ("40000", "src", src),
        ("40000", "tests", tests),
    ];
    tree(pack, &entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn git(directory: &Path, arguments: &[&str]) -> String {
        let output =
            Command::new("git").arg("-C").arg(directory.join("repo.git")).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn a_generated_repository_is_sound_and_the_same_every_time() {
        let workload = Workload { name: "tiny", cards: 60, plugins: 5, commits: 60 };
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        generate(&workload, one.path());
        generate(&workload, two.path());
        git(one.path(), &["fsck", "--full", "--strict"]);
        let head = |directory: &Path| git(directory, &["rev-parse", "main"]);
        assert_eq!(head(one.path()), head(two.path()));
        let planted: serde_json::Value =
            serde_json::from_slice(&std::fs::read(one.path().join("violations.json")).unwrap()).unwrap();
        assert_eq!(planted.as_array().unwrap().len(), 12);
        for violation in planted.as_array().unwrap() {
            let commit = violation["commit"].as_str().unwrap();
            let raw = git(one.path(), &["log", "-1", "--no-renames", "--raw", "--format=", commit]);
            assert!(raw.contains("ids/cards/") || raw.contains(".ledger/"), "{violation}: {raw}");
        }
    }
}
