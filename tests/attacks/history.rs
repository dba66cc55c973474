//! Row 7: edits that a history hides: behind renames, in merges, and taken back again.

use super::scene::{AttackSetup, CARD};
use super::table::Expected::{Harmless, Refused};
use super::table::{attack, row};

const OTHER: &str = "ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C4.yaml";

fn edit(scene: &AttackSetup) {
    scene.edit(CARD, "key: PLG_ALPHA", "key: PLG_STOLEN");
}

fn by_commit(scene: &mut AttackSetup) {
    scene.set("INPUT_PER_COMMIT", "true");
}

#[test]
fn row_07_edits_that_a_history_hides() {
    row(
        7,
        vec![
            attack("a deletion that looks like a rename", Refused(&["IMM003"]), |scene| {
                scene.git(&["mv", CARD, "notes.yaml"]);
                scene.commit("tidy");
            }),
            attack("a deletion behind a copy in the same folder", Refused(&["IMM003"]), |scene| {
                scene.git(&["mv", CARD, "ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C9.yaml"]);
                scene.commit("tidy");
            }),
            attack("two cards that change places", Refused(&["IMM001"]), |scene| {
                scene.git(&["mv", CARD, "x"]);
                scene.git(&["mv", OTHER, CARD]);
                scene.git(&["mv", "x", OTHER]);
                scene.commit("swap");
            }),
            attack("a rename that is only one of case", Refused(&["IMM003"]), |scene| {
                scene.git(&["mv", CARD, &CARD.replace(".yaml", ".YAML")]);
                scene.commit("case");
            }),
            attack("a folder that is renamed whole", Refused(&["IMM003"]), |scene| {
                scene.git(&["mv", "ids/cards", "ids/old"]);
                scene.commit("tidy");
            }),
            attack("an edit that is taken back", Harmless, |scene| {
                edit(scene);
                scene.commit("edit");
                scene.git(&["revert", "--no-edit", "HEAD"]);
            }),
            attack("an edit that is taken back, commit by commit", Refused(&["IMM001"]), |scene| {
                edit(scene);
                scene.commit("edit");
                scene.git(&["revert", "--no-edit", "HEAD"]);
                by_commit(scene);
            }),
            attack("a deletion that is taken back, commit by commit", Refused(&["IMM002"]), |scene| {
                scene.git(&["rm", "-q", CARD]);
                scene.commit("delete");
                scene.git(&["revert", "--no-edit", "HEAD"]);
                by_commit(scene);
            }),
            attack("lines of the ledger that come and go, commit by commit", Refused(&["LED001"]), |scene| {
                scene.write(".ledger/ids.jsonl", "");
                scene.commit("empty");
                scene.git(&["revert", "--no-edit", "HEAD"]);
                by_commit(scene);
            }),
            attack(
                "a published version with different content in between, commit by commit",
                Refused(&["IMM033"]),
                |scene| {
                    scene.write("plugins/alpha/main.py", "evil\n");
                    scene.commit("edit");
                    scene.git(&["revert", "--no-edit", "HEAD"]);
                    by_commit(scene);
                },
            ),
            attack(
                "a side branch that edits, merged with strategy ours, commit by commit",
                Refused(&["IMM001"]),
                |scene| {
                    scene.git(&["switch", "--quiet", "--create", "side"]);
                    edit(scene);
                    scene.commit("edit");
                    scene.git(&["switch", "--quiet", "change"]);
                    scene.write("README.md", "more\n");
                    scene.commit("more");
                    scene.git(&["merge", "--quiet", "--no-edit", "-s", "ours", "side"]);
                    by_commit(scene);
                },
            ),
            attack("a merge that differs from both parents", Refused(&["IMM001"]), |scene| {
                scene.on_main(|main| main.write("notes.txt", "mainline\n"));
                scene.write("README.md", "more\n");
                scene.commit("honest work");
                scene.git(&["merge", "--quiet", "--no-ff", "--no-commit", "main"]);
                edit(scene);
                scene.commit("merge main");
            }),
            attack("a merge of main that drops changes of main", Refused(&["IMM002"]), |scene| {
                const CARD: &str = "ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C5.yaml";
                scene.on_main(|main| {
                    crate::support::registry::mint(main, crate::support::life::GAMMA, "gamma")
                });
                scene.write("README.md", "more\n");
                scene.commit("honest work");
                scene.git(&["merge", "--quiet", "--no-edit", "-s", "ours", "main"]);
                assert!(!scene.author.path().join(CARD).exists());
            }),
            attack("a merge of three that edits", Refused(&["IMM001"]), |scene| {
                for name in ["one", "two"] {
                    scene.git(&["switch", "--quiet", "--create", name, "main"]);
                    scene.write(format!("{name}.txt"), name);
                    scene.commit(name);
                }
                scene.git(&["switch", "--quiet", "change"]);
                edit(scene);
                scene.commit("edit");
                scene.git(&["merge", "--quiet", "--no-edit", "one", "two"]);
            }),
            attack("histories that cross", Refused(&["IMM002"]), |scene| {
                scene.write("README.md", "more\n");
                let first = scene.commit("first");
                let second = scene.on_main(|main| {
                    crate::support::registry::mint(main, crate::support::life::GAMMA, "gamma")
                });
                scene.git(&["switch", "--quiet", "main"]);
                scene.git(&["merge", "--quiet", "--no-ff", "--no-edit", &first]);
                scene.git(&["push", "--quiet", "origin", "main"]);
                scene.git(&["switch", "--quiet", "change"]);
                scene.git(&["merge", "--quiet", "--no-ff", "--no-edit", &second]);
                scene.git(&["rm", "-q", "ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C5.yaml"]);
                scene.commit("lose");
            }),
            attack("a revert of what main merged", Refused(&["IMM002"]), |scene| {
                let minted = scene.on_main(|main| {
                    crate::support::registry::mint(main, crate::support::life::GAMMA, "gamma")
                });
                scene.git(&["merge", "--quiet", "--ff-only", "main"]);
                scene.git(&["revert", "--no-edit", &minted]);
            }),
            attack("an edit between a hundred honest commits", Refused(&["IMM001"]), |scene| {
                let tree = {
                    edit(scene);
                    scene.commit("edit");
                    scene.git(&["rev-parse", "HEAD^{tree}"])
                };
                let mut head = scene.head();
                for _ in 0..100 {
                    head = scene.git(&["commit-tree", &tree, "-p", &head, "-m", "honest"]);
                }
                scene.git(&["update-ref", "HEAD", &head]);
            }),
            attack(
                "a file added late to a sealed unit, and renamed into it",
                Refused(&["IMM015"]),
                |scene| {
                    scene.git(&["mv", "README.md", "modules/m/1.0.0/README.md"]);
                    scene.commit("move");
                },
            ),
        ],
    );
}
