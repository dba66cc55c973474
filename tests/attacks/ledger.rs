//! Rows 12 and 19: the record and its tags, rewritten by a change, or moved at the forge.

use scripted::{Scripted, git};
use serde_json::json;

use super::scene::{AttackSetup, Ground, LEDGER, copy};
use super::table::Expected::{Harmless, Refused, Stopped, Warned};
use super::table::{Expected, attack, row};
use crate::support::life::{ALPHA, GAMMA, plugin};
use crate::support::registry::mint;

fn text(scene: &AttackSetup, path: &str) -> String {
    std::fs::read_to_string(scene.author.path().join(path)).unwrap()
}

#[test]
fn row_12_lines_that_are_written_anew() {
    let rewritten = |name: &str, expected: Expected, change: fn(String) -> String| {
        attack(name, expected, move |scene: &mut AttackSetup| {
            scene.write(LEDGER, change(text(scene, LEDGER)));
            scene.commit("ledger");
        })
    };
    let written = |name: &str, expected: Expected, path: &'static str, content: &'static str| {
        attack(name, expected, move |scene: &mut AttackSetup| {
            scene.write(path, content);
            scene.commit("ledger");
        })
    };
    let gone = |name: &str, expected: Expected, path: &'static str| {
        attack(name, expected, move |scene: &mut AttackSetup| {
            scene.git(&["rm", "-rq", path]);
            scene.commit("ledger");
        })
    };
    const REWRITTEN: Expected = Refused(&["LED001"]);
    row(
        12,
        vec![
            rewritten("one letter of a line", REWRITTEN, |text| text.replacen("alpha", "alphb", 1)),
            rewritten("one letter of the last line", REWRITTEN, |text| {
                let at = text.rfind("GUIDE").or(text.rfind("BETA")).unwrap();
                format!("{}X{}", &text[..at], &text[at + 1..])
            }),
            rewritten("the last line", REWRITTEN, |text| {
                let lines: Vec<&str> = text.split_inclusive('\n').collect();
                lines[..lines.len() - 1].concat()
            }),
            rewritten("the first line", REWRITTEN, |text| text.split_once('\n').unwrap().1.into()),
            rewritten("all lines", REWRITTEN, |_| String::new()),
            rewritten("the last line feed", REWRITTEN, |text| text.trim_end().into()),
            rewritten("half of the last line", REWRITTEN, |text| text[..text.len() - 40].into()),
            rewritten("ends as on Windows", REWRITTEN, |text| text.replace('\n', "\r\n")),
            rewritten("an end as on Windows, the last", REWRITTEN, |text| format!("{}\r\n", text.trim_end())),
            rewritten("a byte order mark", REWRITTEN, |text| format!("\u{feff}{text}")),
            rewritten("a blank before", REWRITTEN, |text| format!(" {text}")),
            rewritten("lines that change places", REWRITTEN, |text| {
                let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
                lines.swap(1, 2);
                lines.concat()
            }),
            rewritten("a line twice", Refused(&["LED007"]), |text| {
                let last = text.lines().last().unwrap().to_string();
                format!("{text}{last}\n")
            }),
            rewritten("an empty line behind", Refused(&["LED007"]), |text| format!("{text}\n")),
            rewritten("a line of one's own", Refused(&["LED007"]), |text| {
                let last = text.lines().last().unwrap().to_string();
                format!("{text}{}\n", last.replace("1.0.0", "9.9.9"))
            }),
            rewritten("a line that is not JSON", Refused(&["LED007"]), |text| {
                format!("{text}::error::owned\n")
            }),
            rewritten("a line without an end", Refused(&["LED003"]), |text| format!("{text}{{")),
            rewritten("a line with a source commit of another kind", Refused(&["LED007"]), |text| {
                let last = text.lines().last().unwrap().to_string();
                let at = last.find("\"src\":\"").unwrap() + 7;
                format!("{text}{}{}{}\n", &last[..at], "ab".repeat(32), &last[at + 40..])
            }),
            rewritten("a line of a megabyte", Refused(&["LED007"]), |text| {
                format!("{text}{{\"x\":\"{}\"}}\n", "x".repeat(1 << 20))
            }),
            gone("no ledger any more", REWRITTEN, ".ledger"),
            gone("no lines any more", REWRITTEN, LEDGER),
            gone("no checkpoint any more", Refused(&["LED002"]), ".ledger/checkpoint"),
            gone("no registry any more", Refused(&["GEN002"]), "ids/registry.yaml"),
            written(
                "a checkpoint of another log",
                Refused(&["LED002"]),
                ".ledger/checkpoint",
                "evil.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
            ),
            written(
                "a checkpoint that is none",
                Stopped,
                ".ledger/checkpoint",
                "\u{1b}[31m\n::error::owned\n",
            ),
            written("a key for the log", Refused(&["LED002"]), ".ledger/log.vkey", "evil+00000000+AAAA\n"),
            written("a segment behind a gap", Refused(&["LED002"]), ".ledger/ids.00003.jsonl", "{}\n"),
            written("a segment before its time", Refused(&["LED002"]), ".ledger/ids.00001.jsonl", "{}\n"),
            written("a request that is none", Refused(&["LED010"]), ".ledger/pending/x.json", "{}\n"),
            written("an attestation of nothing", Refused(&["LED010"]), ".ledger/att/x.json", "{}\n"),
            attack("the registry, by hand", Refused(&["GEN002"]), |scene| {
                scene.edit("ids/registry.yaml", "PLG_ALPHA", "PLG_STOLEN");
                scene.commit("registry");
            }),
            attack("lines that move to another name", REWRITTEN, |scene| {
                scene.git(&["mv", LEDGER, ".ledger/ids.00001.jsonl"]);
                scene.commit("ledger");
            }),
            attack("lines, checkpoint and registry, all of them fitting", REWRITTEN, |scene| {
                // A whole other log, by our own programs, of a history that is another.
                let other = Scripted::new();
                let (from, to) = (scene.author.path(), other.path());
                for name in ["ids", "plugins", "docs", "policy-packs"] {
                    copy(&from.join(name), &to.join(name));
                }
                std::fs::remove_file(to.join("ids/registry.yaml")).unwrap();
                other.commit("begin");
                for (binary, verb) in [("id-ledger", "record"), ("id-registry", "build")] {
                    let made = crate::support::run(binary, to, &[verb]);
                    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
                }
                std::fs::remove_dir_all(from.join(".ledger")).unwrap();
                copy(&to.join(".ledger"), &from.join(".ledger"));
                std::fs::copy(to.join("ids/registry.yaml"), from.join("ids/registry.yaml")).unwrap();
                scene.commit("another log");
            }),
            attack("a published version gets different content", Refused(&["IMM033"]), |scene| {
                scene.write("plugins/alpha/main.py", "evil\n");
                scene.commit("edit");
            }),
            attack("a version that was published comes again elsewhere", Stopped, |scene| {
                scene.git(&["rm", "-rq", "plugins/alpha"]);
                plugin(&scene.author, ALPHA, "other", "PLG_ALPHA", "1.0.0", "");
                scene.write("plugins/other/main.py", "evil\n");
                scene.commit("again");
            }),
            attack("a line with an honest change", Refused(&["LED009"]), |scene| {
                mint(&scene.author, GAMMA, "gamma");
                scene.commit("mint");
                let last = text(scene, LEDGER).lines().last().unwrap().to_string();
                scene.write(LEDGER, text(scene, LEDGER) + &last.replace("1.0.0", "1.0.1") + "\n");
                scene.commit("line");
            }),
        ],
    );
}

/// Runs a full audit, including the tags here and at the forge.
fn audited(scene: &mut AttackSetup) {
    git(&scene.work(), &["fetch", "--quiet", "--tags", "--force", "origin"], 0);
    scene.event("schedule", json!({"schedule": "17 3 * * *"}));
}

const TAG: &str = "refs/tags/plugin-alpha-1.0.0";

#[test]
fn row_19_tags() {
    let tagged = |name: &str, expected: Expected, change: fn(&AttackSetup)| {
        attack(name, expected, move |scene: &mut AttackSetup| {
            change(scene);
            audited(scene);
        })
    };
    row(
        19,
        vec![
            tagged("all tags as they were made", Harmless, |_| {}),
            tagged("a tag that moved to another commit", Refused(&["IMM029"]), |scene| {
                git(&scene.origin(), &["update-ref", TAG, "main"], 0);
            }),
            tagged("a tag that moved to another tag", Refused(&["IMM031"]), |scene| {
                git(&scene.origin(), &["update-ref", TAG, "refs/tags/plugin-beta-1.0.0"], 0);
            }),
            tagged("a tag of a tag", Refused(&["IMM031"]), |scene| {
                let origin = scene.origin();
                git(&origin, &["tag", "-a", "-m", "again", "x", "plugin-alpha-1.0.0"], 0);
                git(&origin, &["update-ref", TAG, "refs/tags/x"], 0);
                git(&origin, &["update-ref", "-d", "refs/tags/x"], 0);
            }),
            tagged("a tag of a file", Refused(&["IMM029"]), |scene| {
                git(&scene.origin(), &["update-ref", TAG, "main:README.md"], 0);
            }),
            tagged("a tag that is gone", Refused(&["IMM030"]), |scene| {
                git(&scene.origin(), &["update-ref", "-d", TAG], 0);
            }),
            tagged("a tag with different content", Refused(&["IMM031"]), |scene| {
                let origin = scene.origin();
                let tag = git(&origin, &["cat-file", "tag", TAG], 0);
                let place = scene.author.path().join(".git/altered");
                std::fs::write(&place, tag.replace("SHA-256: ", "SHA-256: 0") + super::EVIL).unwrap();
                let id = git(
                    &origin,
                    &["hash-object", "-t", "tag", "-w", "--literally", place.to_str().unwrap()],
                    0,
                );
                git(&origin, &["update-ref", TAG, &id], 0);
            }),
            tagged("a tag of a version that nobody published", Warned(&["IMM032"]), |scene| {
                git(&scene.origin(), &["update-ref", "refs/tags/plugin-alpha-9.9.9", "main"], 0);
            }),
            tagged("a tag in another case", Warned(&["IMM032"]), |scene| {
                git(&scene.origin(), &["update-ref", "refs/tags/plugin-Alpha-1.0.0", "main"], 0);
            }),
            tagged("tags whose names a shell would read", Harmless, |scene| {
                for name in [
                    "$(touch)",
                    "`touch`",
                    ";touch",
                    "%0A",
                    "##(error)",
                    "<img>",
                    "@all",
                    "caf\u{e9}\u{202e}",
                ] {
                    git(&scene.origin(), &["update-ref", &format!("refs/tags/{name}"), "main"], 0);
                }
            }),
            tagged("a tag that is deleted here, but exists at the forge", Harmless, |_| {}),
        ],
    );
}

/// The writer makes what is missing, and moves nothing.
#[test]
fn row_19_tags_that_were_made_beforehand() {
    let mut attacks = Vec::new();
    for (what, target) in [
        ("a commit", "main"),
        ("a file", "main:README.md"),
        ("another version", "refs/tags/plugin-beta-1.0.0"),
    ] {
        attacks.push(attack(
            format!("the name of a version is taken by {what}"),
            Refused(&[]),
            move |scene| {
                published(scene, 1);
                git(&scene.origin(), &["update-ref", "refs/tags/plugin-p0-1.0.0", target], 0);
            },
        ));
    }
    attacks.push(attack("the name of a version is taken by a folder of tags", Refused(&[]), |scene| {
        published(scene, 1);
        git(&scene.origin(), &["update-ref", "refs/tags/plugin-p0-1.0.0/x", "main"], 0);
    }));
    attacks.push(attack("more names are taken than a runner shows", Refused(&[]), |scene| {
        published(scene, 14);
        for number in 0..14 {
            git(&scene.origin(), &["update-ref", &format!("refs/tags/plugin-p{number}-1.0.0"), "main"], 0);
        }
    }));
    attacks.push(attack("a tag that was moved, before something else is recorded", Refused(&[]), |scene| {
        published(scene, 1);
        git(&scene.origin(), &["update-ref", TAG, "main"], 0);
    }));
    attacks.push(attack("a deleted tag is created again", Harmless, |scene| {
        published(scene, 0);
        git(&scene.origin(), &["update-ref", "-d", TAG], 0);
        git(&scene.work(), &["fetch", "--quiet", "--prune", "--prune-tags", "origin"], 0);
    }));
    row(19, attacks);
}

/// Publishes some plugins on main, and lets the writer run behind it.
fn published(scene: &mut AttackSetup, count: u32) {
    let after = scene.on_main(|main| {
        for number in 0..count {
            let ulid = format!("01JD4ZK3V8Q2W4X6Y8Z0A1C0{number:02}");
            let name = format!("p{number}");
            mint(main, &ulid, &name);
            plugin(
                main,
                &ulid,
                &name,
                &format!("PLG_P{number}"),
                "1.0.0",
                &format!(",\"owner\":\"{name}@example.org\""),
            );
        }
    });
    git(&scene.work(), &["pull", "--quiet", "--tags"], 0);
    scene.event("push", json!({"before": scene.base, "after": after}));
    scene.set("INPUT_COMMAND", "post-merge");
}

/// The post-merge job never changes existing refs.
#[test]
fn row_19_no_tag_is_moved() {
    let ground = Ground::new();
    let mut scene = ground.scene();
    published(&mut scene, 2);
    let taken = git(&scene.origin(), &["rev-parse", "main"], 0);
    git(&scene.origin(), &["update-ref", "refs/tags/plugin-p0-1.0.0", &taken], 0);
    let before = scene.refs();
    let done = scene.strike().unwrap();
    assert_eq!(done.status, 1, "{}", done.output);
    let after = scene.refs();
    let tags = before.lines().filter(|line| line.starts_with("refs/tags/"));
    assert!(tags.clone().all(|line| after.contains(line)), "{after}");
    assert_eq!(done.outputs["tags"], "plugin-p1-1.0.0");
}
