//! Rows 10, 11 and 14: entries that are not regular files, attributes, and names that differ only on some systems.

use std::os::unix::fs::symlink;

use super::scene::{AttackSetup, CARD, LEDGER};
use super::table::Expected::{CheckError, Harmless, Refused, Stopped};
use super::table::{Expected, attack, row};
use crate::support::forge::{commit_tree, object, tree, tree_with};

const NEW: &str = "ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C9.yaml";

/// Replaces a path by a link.
fn link(scene: &AttackSetup, path: &str, target: &str) {
    scene.git(&["rm", "-rq", "--ignore-unmatch", path]);
    let place = scene.author.path().join(path);
    std::fs::create_dir_all(place.parent().unwrap()).unwrap();
    symlink(target, place).unwrap();
    scene.commit("link");
}

/// Replaces a path by a submodule.
fn submodule(scene: &AttackSetup, path: &str) {
    let id = scene.head();
    scene.git(&["rm", "-rq", "--ignore-unmatch", path]);
    scene.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{id},{path}")]);
    scene.git(&["commit", "--quiet", "-m", "submodule"]);
}

#[test]
fn row_10_what_is_no_regular_file() {
    let linked = |path: &'static str, expected: Expected| {
        attack(format!("{path} becomes a link"), expected, move |scene| link(scene, path, "../elsewhere"))
    };
    let submoduled = |path: &'static str, expected: Expected| {
        attack(format!("{path} becomes a submodule"), expected, move |scene| submodule(scene, path))
    };
    row(
        10,
        vec![
            linked(CARD, Refused(&["IMM008"])),
            linked("ids/cards", Refused(&["IMM002"])),
            linked("ids", Refused(&["IMM002"])),
            linked(NEW, Refused(&["IMM011"])),
            linked(LEDGER, CheckError("symbolic link")),
            linked(".ledger", Refused(&["LED001"])),
            linked(".ledger/checkpoint", CheckError("symbolic link")),
            linked("ids/registry.yaml", Refused(&["GEN002"])),
            linked("modules/m/1.0.0", Refused(&["IMM014"])),
            linked("modules/m/2.0.0", Refused(&["IMM011"])),
            linked("fixed/charter.md", Refused(&["IMM008"])),
            linked("plugins/alpha", Refused(&["STR008"])),
            linked("plugins/alpha/main.py", Refused(&["STR008"])),
            linked("plugins/alpha/plugin.spec.json", Refused(&["STR008"])),
            linked("plugins/alpha/passwd", Refused(&["STR008"])),
            linked("plugins", Refused(&["STR008"])),
            linked("plugins/new", Refused(&["STR008"])),
            linked("docs/guide.md", Refused(&["IMM033"])),
            submoduled(CARD, Refused(&["IMM009"])),
            submoduled("ids/cards", Refused(&["IMM002"])),
            submoduled(NEW, Refused(&["IMM011"])),
            submoduled(LEDGER, CheckError("submodule")),
            submoduled(".ledger", Refused(&["LED001"])),
            submoduled("modules/m/1.0.0", Refused(&["IMM014"])),
            submoduled("plugins/alpha", Refused(&["STR008"])),
            submoduled("plugins/alpha/lib", Refused(&["STR008"])),
            submoduled("plugins/new", Refused(&["STR008"])),
            attack("a submodule with a program for an address", Refused(&["STR008"]), |scene| {
                let singer = scene.singer().display().to_string();
                let text = format!(
                    "[submodule \"x\"]\n\tpath = plugins/alpha/lib\n\turl = ext::{singer}\n\tupdate = !{singer}\n"
                );
                scene.write(".gitmodules", text);
                submodule(scene, "plugins/alpha/lib");
            }),
            attack("a card that can be run", Refused(&["IMM007"]), |scene| {
                scene.git(&["update-index", "--chmod=+x", CARD]);
                scene.git(&["commit", "--quiet", "-m", "chmod"]);
            }),
            attack("a frozen file that can be run", Refused(&["IMM007"]), |scene| {
                scene.git(&["update-index", "--chmod=+x", "fixed/charter.md"]);
                scene.git(&["commit", "--quiet", "-m", "chmod"]);
            }),
            attack("a published file that can be run", Refused(&["IMM033"]), |scene| {
                scene.git(&["update-index", "--chmod=+x", "plugins/alpha/main.py"]);
                scene.git(&["commit", "--quiet", "-m", "chmod"]);
            }),
            attack("a card that becomes a folder", Refused(&["IMM010"]), |scene| {
                scene.git(&["rm", "-q", CARD]);
                scene.write(format!("{CARD}/inside.yaml"), "x\n");
                scene.commit("folder");
            }),
            attack("a folder of cards that becomes a file", Refused(&["IMM002"]), |scene| {
                scene.git(&["rm", "-rq", "ids/cards"]);
                scene.write("ids/cards", "x\n");
                scene.commit("file");
            }),
        ],
    );
}

/// Commits a file of attributes as it is, without making git obey it.
fn attributes(scene: &AttackSetup, place: &str, text: &str) {
    let blob = object(&scene.author, "blob", text.as_bytes());
    scene.git(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{place}")]);
    scene.git(&["commit", "--quiet", "-m", "attributes"]);
}

#[test]
fn row_11_attributes() {
    let texts = [
        ("export-ignore", "* export-ignore\n"),
        ("export-subst", "* export-subst ident\n"),
        ("line ends", "* text eol=crlf\n"),
        ("another encoding", "*.yaml working-tree-encoding=UTF-16\n"),
        ("filters", "* filter=evil diff=evil merge=evil\n"),
        ("a union merge of the ledger", ".ledger/** merge=union\n"),
        ("what reviewers are not shown", "* -diff linguist-generated=true\n"),
        ("a macro", "[attr]evil -text -diff filter=evil\n* evil\n"),
        ("a line that never ends", &"x".repeat(200_000)),
        ("binary content", "\u{0}\u{1b}[31m* \u{202e}filter\n"),
    ];
    let mut attacks = Vec::new();
    for (what, text) in texts {
        let text = text.to_string();
        for place in [".gitattributes", "ids/cards/.gitattributes"] {
            let text = text.clone();
            attacks.push(attack(
                format!("{what} in {place}, and an edit"),
                Refused(&["IMM001"]),
                move |scene| {
                    scene.edit(CARD, "key: PLG_ALPHA", "key: PLG_STOLEN");
                    scene.commit("steal");
                    attributes(scene, place, &text);
                },
            ));
        }
        attacks.push(attack(format!("{what}, alone"), Harmless, move |scene| {
            attributes(scene, ".gitattributes", &text);
        }));
    }
    for name in [".gitattributes", "fixed/.gitattributes"] {
        attacks.push(attack(
            format!("{name} that is a link, and an edit"),
            Refused(&["IMM001"]),
            move |scene| {
                scene.edit(CARD, "key: PLG_ALPHA", "key: PLG_STOLEN");
                link(scene, name, "/dev/zero");
            },
        ));
    }
    row(11, attacks);
}

/// A commit whose tree has, at a place of some depth, entries as no git command writes them.
fn planted(scene: &AttackSetup, folder: &str, entries: &[(&str, &[u8], &str)]) {
    let names: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    let at = |depth: usize| format!("HEAD:{}", names[..depth].join("/"));
    let exists = |depth: usize| {
        depth == 0 || {
            let listed = scene.git(&["ls-tree", "-d", "HEAD", &names[..depth].join("/")]);
            !listed.is_empty()
        }
    };
    let existing = |depth: usize, entries: &[(&str, &[u8], &str)]| {
        if exists(depth) {
            tree_with(&scene.author, &at(depth), entries)
        } else {
            object(&scene.author, "tree", &tree(entries))
        }
    };
    let mut id = existing(names.len(), entries);
    for depth in (0..names.len()).rev() {
        id = existing(depth, &[("40000", names[depth].as_bytes(), &id)]);
    }
    commit_tree(&scene.author, &id, "HEAD");
}

#[test]
fn row_14_names_that_some_machine_reads_as_others() {
    let named = |name: &'static [u8], expected: Expected| {
        let shown = String::from_utf8_lossy(name).escape_debug().to_string();
        ["", "plugins/alpha/a/b/c"].map(|folder| {
            attack(format!("{shown} in /{folder}"), expected, move |scene| {
                let blob = object(&scene.author, "blob", b"x\n");
                planted(scene, folder, &[("100644", name, &blob)]);
            })
        })
    };
    let mut attacks = Vec::new();
    for name in [
        b"aux".as_slice(),
        b"con.yaml",
        b"COM1.txt",
        b"nul.tar.gz",
        b"trailing.",
        b"trailing ",
        b"back\\slash",
        b"..\\..\\x",
        b"stream:ads",
        b"what?",
        b"star*",
        "zero\u{200b}width".as_bytes(),
        "re\u{202e}lmay".as_bytes(),
        "sel\u{fe0f}ected".as_bytes(),
        "fil\u{3164}led".as_bytes(),
        "choseong\u{115f}".as_bytes(),
        "tag\u{e0041}ged".as_bytes(),
        "arabic\u{61c}".as_bytes(),
        "vowel\u{180e}".as_bytes(),
        "steno\u{1bca0}".as_bytes(),
        "line\u{2028}".as_bytes(),
        "own\u{e000}".as_bytes(),
        b"\x07bell",
        b"\xff\xfe",
    ] {
        attacks.extend(named(name, Refused(&["STR007"])));
    }
    for name in [
        b".git".as_slice(),
        b".GIT",
        b".Git",
        b"git~1",
        b"GIT~1",
        ".g\u{200c}it".as_bytes(),
        b".git ",
        b".git.",
        b".git::$INDEX_ALLOCATION",
        b"..",
        b".",
        b"a/b",
        b"/",
    ] {
        attacks.extend(named(name, Refused(&["GIT003"])));
    }
    // Git does not even bring it here.
    attacks.extend(named(b"", CheckError("does not exist in this clone")));
    row(14, attacks);
}

#[test]
fn row_14_twins() {
    let written = |name: &str, expected: Expected, path: &'static str| {
        attack(name, expected, move |scene: &mut AttackSetup| {
            scene.write(path, "x\n");
            scene.commit("twin");
        })
    };
    row(
        14,
        vec![
            written(
                "a card's twin in another case",
                Refused(&["IMM019"]),
                "ids/cards/01jd4zk3v8q2w4x6y8z0a1b2c3.yaml",
            ),
            written(
                "a card's twin, by its ending",
                Refused(&["IMM019"]),
                "ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C3.YAML",
            ),
            written(
                "the folder of cards in another case",
                Refused(&["IMM019"]),
                "IDS/Cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C3.yaml",
            ),
            written(
                "another card in the folder's twin",
                Refused(&["IMM019"]),
                "IDS/Cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C9.yaml",
            ),
            written("a sealed unit's twin", Refused(&["IMM020"]), "Modules/m/1.0.0/extra"),
            written("a burned name's twin", Refused(&["IMM018"]), "ext/GONE/main"),
            written("a plugin's twin", Refused(&["UNI005"]), "plugins/Alpha/main.py"),
            written("the ledger's twin", Refused(&["IMM019"]), ".Ledger/ids.jsonl"),
            written("the registry's twin", Refused(&["UNI005"]), "ids/Registry.yaml"),
            written("a twin by a letter that folds into two", Refused(&["UNI005"]), "docs/GUIDE.md"),
            attack("a twin in another form of Unicode", Refused(&["IMM019"]), |scene| {
                scene.on_main(|main| main.write("fixed/caf\u{e9}.md", "theirs\n"));
                scene.git(&["merge", "--quiet", "--ff-only", "main"]);
                scene.write("fixed/cafe\u{301}.md", "mine\n");
                scene.commit("twin");
            }),
            attack(
                "a case collision in another Unicode form, which no discipline protects",
                Refused(&["UNI005"]),
                |scene| {
                    scene.on_main(|main| main.write("docs/caf\u{e9}.md", "theirs\n"));
                    scene.git(&["merge", "--quiet", "--ff-only", "main"]);
                    scene.write("docs/cafe\u{301}.md", "mine\n");
                    scene.commit("twin");
                },
            ),
            attack("twins that come together", Refused(&["UNI005"]), |scene| {
                scene.write("docs/a/stra\u{df}e.md", "one\n");
                scene.write("docs/A/STRASSE.md", "two\n");
                scene.commit("twins");
            }),
        ],
    );
}

#[test]
fn row_14_trees_that_git_never_writes() {
    let folders = ["", "ids/cards", "plugins/alpha", "deep/a/b/c/d"];
    let mut attacks = Vec::new();
    for folder in folders {
        let forged = |name: &str, expected: Expected, entries: &'static [(&'static str, &'static str)]| {
            attack(format!("{name} in /{folder}"), expected, move |scene| {
                let blob = object(&scene.author, "blob", b"x\n");
                let empty = object(&scene.author, "tree", b"");
                let id = |mode: &str| if mode == "40000" { empty.as_str() } else { blob.as_str() };
                let entries: Vec<(&str, &[u8], &str)> =
                    entries.iter().map(|(mode, name)| (*mode, name.as_bytes(), id(mode))).collect();
                let id = object(&scene.author, "tree", &tree(&entries));
                planted(scene, folder, &[("40000", b"zz", &id)]);
            })
        };
        attacks.extend([
            forged("a name twice", Refused(&["GIT001"]), &[("100644", "a"), ("100644", "a")]),
            forged("a name as file and as folder", Refused(&["GIT001"]), &[("100644", "a"), ("40000", "a")]),
            forged("names in no order", Refused(&["GIT002"]), &[("100644", "b"), ("100644", "a")]),
            forged("a mode that there is not", Stopped, &[("110644", "a")]),
        ]);
    }
    for (mode, expected) in [("100777", Refused(&["IMM007"])), ("100664", Harmless), ("0100644", Harmless)] {
        attacks.push(attack(format!("the card with the mode {mode}"), expected, move |scene| {
            let id = scene.git(&["rev-parse", &format!("HEAD:{CARD}")]);
            planted(scene, "ids/cards", &[(mode, CARD.rsplit('/').next().unwrap().as_bytes(), &id)]);
        }));
    }
    attacks.push(attack(
        "the card twice, once as it was and once otherwise",
        Refused(&["GIT001"]),
        |scene| {
            let name = CARD.rsplit('/').next().unwrap().as_bytes();
            let honest = scene.git(&["rev-parse", &format!("HEAD:{CARD}")]);
            let forged = object(&scene.author, "blob", b"key: PLG_STOLEN\n");
            let id =
                object(&scene.author, "tree", &tree(&[("100644", name, &honest), ("100644", name, &forged)]));
            planted(scene, "ids", &[("40000", b"cards", &id)]);
        },
    ));
    for (name, mode, kind) in
        [("a folder that is a file", "40000", "blob"), ("a file that is a folder", "100644", "tree")]
    {
        attacks.push(attack(name, Stopped, move |scene| {
            let id = object(&scene.author, kind, b"");
            planted(scene, "ids/cards", &[(mode, b"01JD4ZK3V8Q2W4X6Y8Z0A1B2C9.yaml", &id)]);
        }));
    }
    row(14, attacks);
}
