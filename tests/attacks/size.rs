//! Row 15: large, deep, long or numerous inputs are checked in time, or refused with the limit.

use super::scene::{AttackSetup, CARD};
use super::table::Expected::{CheckError, Refused, Stopped};
use super::table::{attack, row};
use crate::support::forge::{commit_tree, object, tree, tree_with};

/// Adds a tree with this id at `name` to the root.
fn at_root(scene: &AttackSetup, name: &str, id: &str) {
    let root = tree_with(&scene.author, "HEAD:", &[("40000", name.as_bytes(), id)]);
    commit_tree(&scene.author, &root, "HEAD");
}

fn steal(scene: &AttackSetup) {
    scene.edit(CARD, "key: PLG_ALPHA", "key: PLG_STOLEN");
    scene.commit("steal");
}

/// A folder of this many entries, all of them the same.
fn wide(scene: &AttackSetup, count: usize, mode: &str, id: &str) -> String {
    let names: Vec<String> = (0..count).map(|at| format!("{at:07}")).collect();
    let entries: Vec<(&str, &[u8], &str)> = names.iter().map(|name| (mode, name.as_bytes(), id)).collect();
    object(&scene.author, "tree", &tree(&entries))
}

fn blob(scene: &AttackSetup, bytes: &[u8]) -> String {
    object(&scene.author, "blob", bytes)
}

#[test]
fn row_15_bytes_and_files() {
    row(
        15,
        vec![
            attack("a card of 30 megabytes", Stopped, |scene| {
                scene.write(CARD, vec![b'x'; 30 << 20]);
                scene.commit("large");
            }),
            attack("a file of 30 megabytes beside a theft", Refused(&["IMM001"]), |scene| {
                scene.write("large.bin", vec![0; 30 << 20]);
                steal(scene);
            }),
            attack("a plugin of 30 megabytes", Stopped, |scene| {
                scene.write("plugins/alpha/large.bin", vec![0; 30 << 20]);
                scene.commit("large");
            }),
            attack("a frozen file of one line of 30 megabytes", Refused(&["IMM004"]), |scene| {
                scene.write("fixed/charter.md", vec![b'y'; 30 << 20]);
                scene.commit("large");
            }),
            attack("a hundred thousand files beside a theft", Refused(&["IMM001"]), |scene| {
                steal(scene);
                let file = blob(scene, b"x");
                let folder = wide(scene, 1000, "100644", &file);
                let folders = wide(scene, 100, "40000", &folder);
                at_root(scene, "many", &folders);
            }),
            attack("a hundred million files", CheckError("limit"), |scene| {
                let mut id = blob(scene, b"x");
                let mut mode = "100644";
                for _ in 0..4 {
                    id = wide(scene, 100, mode, &id);
                    mode = "40000";
                }
                at_root(scene, "many", &id);
            }),
        ],
    );
}

#[test]
fn row_15_depths_and_numbers() {
    row(
        15,
        vec![
            attack("folders within folders, a thousand deep", CheckError("limit"), |scene| {
                let mut id = object(&scene.author, "tree", &tree(&[("100644", b"x", &blob(scene, b"x"))]));
                for _ in 0..1000 {
                    id = object(&scene.author, "tree", &tree(&[("40000", b"d", &id)]));
                }
                at_root(scene, "deep", &id);
            }),
            attack("a hundred folders within folders, beside a theft", Refused(&["IMM001"]), |scene| {
                steal(scene);
                let mut id = object(&scene.author, "tree", &tree(&[("100644", b"x", &blob(scene, b"x"))]));
                for _ in 0..100 {
                    id = object(&scene.author, "tree", &tree(&[("40000", b"d", &id)]));
                }
                at_root(scene, "deep", &id);
            }),
            attack("a name of a hundred thousand letters", Stopped, |scene| {
                let name = "n".repeat(100_000);
                let id =
                    object(&scene.author, "tree", &tree(&[("100644", name.as_bytes(), &blob(scene, b"x"))]));
                at_root(scene, "long", &id);
            }),
            attack("paths of ten thousand letters", Stopped, |scene| {
                let name = "n".repeat(200);
                let mut id = object(&scene.author, "tree", &tree(&[("100644", b"x", &blob(scene, b"x"))]));
                for _ in 0..50 {
                    id = object(&scene.author, "tree", &tree(&[("40000", name.as_bytes(), &id)]));
                }
                let id = object(&scene.author, "tree", &tree(&[("40000", b"cards", &id)]));
                at_root(scene, "ids", &id);
            }),
            attack("five thousand stolen cards", Refused(&["CRD001"]), |scene| {
                let file = blob(scene, super::EVIL.as_bytes());
                let names: Vec<String> =
                    (0..5000).map(|at| format!("01JD4ZK3V8Q2W4X6Y8Z0{at:06}.yaml")).collect();
                let entries: Vec<(&str, &[u8], &str)> =
                    names.iter().map(|name| ("100644", name.as_bytes(), file.as_str())).collect();
                let cards = tree_with(&scene.author, "HEAD:ids/cards", &entries);
                let ids = tree_with(&scene.author, "HEAD:ids", &[("40000", b"cards", &cards)]);
                at_root(scene, "ids", &ids);
            }),
            attack(
                "a thousand commits, one of them a theft that is taken back",
                Refused(&["IMM001"]),
                |scene| {
                    let honest = scene.git(&["rev-parse", "HEAD^{tree}"]);
                    steal(scene);
                    let stolen = scene.git(&["rev-parse", "HEAD^{tree}"]);
                    let mut head = scene.git(&["rev-parse", "HEAD~1"]);
                    for at in 0..1000 {
                        let tree = if at == 500 { &stolen } else { &honest };
                        let text = format!(
                            "tree {tree}\nparent {head}\nauthor A <a@example.org> 1700000000 +0000\ncommitter A <a@example.org> 1700000000 +0000\n\n{at}\n"
                        );
                        head = object(&scene.author, "commit", text.as_bytes());
                    }
                    scene.git(&["update-ref", "HEAD", &head]);
                    scene.set("INPUT_PER_COMMIT", "true");
                },
            ),
            attack("a commit of a thousand parents", Refused(&["IMM001"]), |scene| {
                steal(scene);
                let (tree, head) = (scene.git(&["rev-parse", "HEAD^{tree}"]), scene.head());
                let parents = format!("parent {head}\n").repeat(1000);
                let text = format!(
                    "tree {tree}\n{parents}author A <a@example.org> 1700000000 +0000\ncommitter A <a@example.org> 1700000000 +0000\n\nx\n"
                );
                let id = object(&scene.author, "commit", text.as_bytes());
                scene.git(&["update-ref", "HEAD", &id]);
            }),
            attack("a commit of 20 megabytes", CheckError("limit"), |scene| {
                let (tree, head) = (scene.git(&["rev-parse", "HEAD^{tree}"]), scene.head());
                let text = format!(
                    "tree {tree}\nparent {head}\nauthor A <a@example.org> 1700000000 +0000\ncommitter A <a@example.org> 1700000000 +0000\n\n{}\n",
                    "x".repeat(20 << 20)
                );
                let id = object(&scene.author, "commit", text.as_bytes());
                scene.git(&["update-ref", "HEAD", &id]);
            }),
            attack("a spec of twenty thousand operations", Stopped, |scene| {
                let operations = vec!["{\"name\":\"op\"}"; 20_000].join(",");
                scene.write("plugins/gamma/plugin.spec.json", format!("{{\"operations\":[{operations}]}}\n"));
                scene.commit("wide");
            }),
        ],
    );
}
