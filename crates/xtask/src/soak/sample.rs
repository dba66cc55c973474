//! The sample: the governed files of this repository, with a document, a waiver and a pack with rules, a schema and data added.

use std::collections::BTreeMap;
use std::path::Path;

use artifact::layout::Layout;
use ledger::files::InSnapshot;
use registry::{Tree, project};
use snapshot::{Memory, Mode, RepoPath};

/// The directories whose files are governed.
pub(super) const GOVERNED: [&str; 4] = [".ledger", "ids", "plugins", "policy-packs"];
/// The file names that only running the plugins leaves behind.
const LEFT_BEHIND: [&str; 4] = ["__pycache__", ".pytest_cache", "target", "node_modules"];

/// The packs of this repository that its policy does not list. The gate does not read them, so it does not notice each change of them.
const NOT_LISTED: [&str; 6] = ["cartero", "dispatch", "flowbot", "ironclaw", "registries", "tribes"];

/// Files with their modes.
#[derive(Clone, Default)]
pub(super) struct Sample {
    pub(super) files: BTreeMap<String, (Mode, Vec<u8>)>,
}

impl Sample {
    /// Reads the governed files of this repository.
    pub(super) fn of_this_repository() -> Sample {
        let mut sample = Sample::default();
        for directory in GOVERNED {
            sample.read(&crate::root(), directory);
        }
        // One plugin has every kind of file.
        sample.files.retain(|path, _| !path.starts_with("plugins/version_order/"));
        let is_listed = |path: &str| {
            let pack = path.strip_prefix("policy-packs/").and_then(|path| path.split('/').next());
            pack.is_none_or(|pack| !NOT_LISTED.contains(&pack))
        };
        sample.files.retain(|path, _| is_listed(path));
        sample.add_document();
        sample.add_pack();
        sample.add(
            "policy-packs/waivers.yaml",
            "schema_version: 1\nwaivers:\n  - {code: IMM004, path: docs/a, reason: r, owner: o, until: \"2027-01-01\"}\n",
        );
        // The registry is generated from the rest.
        let memory = sample.memory();
        let files = InSnapshot(&memory);
        let registry =
            project(&Tree { snapshot: &memory, ledger: &files, layout: &Layout::default() }).unwrap();
        sample.files.insert("ids/registry.yaml".into(), (Mode::File, registry));
        sample
    }

    fn read(&mut self, root: &Path, path: &str) {
        for entry in std::fs::read_dir(root.join(path)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            if LEFT_BEHIND.contains(&name.as_str()) {
                continue;
            }
            let inside = format!("{path}/{name}");
            if entry.file_type().unwrap().is_dir() {
                self.read(root, &inside);
            } else {
                let mode = if is_executable(&entry.path()) { Mode::Executable } else { Mode::File };
                self.files.insert(inside, (mode, std::fs::read(entry.path()).unwrap()));
            }
        }
    }

    fn add(&mut self, path: &str, text: &str) {
        self.files.insert(path.into(), (Mode::File, text.as_bytes().to_vec()));
    }

    fn add_document(&mut self) {
        let ulid = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C5";
        self.add(
            &format!("ids/cards/{ulid}.yaml"),
            &format!(
                "schema_version: 1\nulid: {ulid}\nkey: DOC_GUIDE\nkind: document\npath: docs/guide.md\ncreated_at: \"2024-11-20T14:28:32Z\"\nowner: docs@example.org\nvisibility: public\nnotes: \"\"\n"
            ),
        );
        self.add(
            "docs/guide.md",
            &format!(
                "---\nulid: {ulid}\ndoc_key: DOC_GUIDE\nsemver: 1.0.0\nstatus: active\nowner: docs@example.org\neffective_date: \"2026-01-01\"\n---\n# Guide\n"
            ),
        );
    }

    fn add_pack(&mut self) {
        let policy = &mut self.files.get_mut("policy-packs/policy.yaml").unwrap().1;
        let text = String::from_utf8(policy.clone()).unwrap();
        let (before, after) = text.split_once("packs:\n").unwrap();
        *policy = format!("{before}packs:\n  - name: strict\n    version: 1.0.0\n{after}").into_bytes();
        self.add(
            "policy-packs/strict/pack.yaml",
            "schema_version: 1\nname: strict\nversion: 1.0.0\nreleased: \"2026-11-21\"\nsummary: a sample\ndocuments:\n  - match: services/*.yaml\n    schema: schemas/service.schema.json\n    rules: [rules/image.rego, rules/p*.rego]\n    data: [data/hosts.yaml]\n",
        );
        self.add("policy-packs/strict/schemas/service.schema.json", "{\"type\": \"object\"}\n");
        self.add("policy-packs/strict/data/hosts.yaml", "hosts: [a.example.org]\n");
        for name in ["image", "port"] {
            self.add(
                &format!("policy-packs/strict/rules/{name}.rego"),
                &format!(
                    "package main\nimport rego.v1\ndeny contains \"no {name}\" if {{ not input.{name} }}\n"
                ),
            );
        }
        self.add("services/web.yaml", "image: \"web:1\"\nport: 80\n");
    }

    /// Returns the paths of the governed files.
    pub(super) fn governed(&self) -> Vec<String> {
        let is_governed = |path: &&String| {
            GOVERNED.iter().any(|directory| path.starts_with(&format!("{directory}/")))
                && !is_for_people(path)
        };
        self.files.keys().filter(is_governed).cloned().collect()
    }

    /// Returns the files as a snapshot.
    pub(super) fn memory(&self) -> Memory {
        let mut memory = Memory::new();
        for (path, (mode, content)) in &self.files {
            memory.insert(RepoPath::from(path.as_str()), *mode, content.clone());
        }
        memory
    }
}

/// Returns whether nothing but people and the tests of a pack read a file.
pub(super) fn is_for_people(path: &str) -> bool {
    path.starts_with("policy-packs/") && (path.ends_with("/README.md") || path.contains("/tests/"))
}

fn is_executable(path: &Path) -> bool {
    #[cfg(unix)]
    let found = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions()) & 0o100 != 0;
    #[cfg(not(unix))]
    let found = path.extension().is_some_and(|extension| extension == "exe");
    found
}
