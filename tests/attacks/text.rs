//! Rows 4, 5 and 6: text that terminals, browsers, runners, shells or option parsers could interpret.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use scripted::git;
use serde_json::json;

use super::EVIL;
use super::scene::{AttackSetup, CARD, Ground};
use super::table::Expected::{CheckError, Harmless, Refused};
use super::table::{attack, row};
use crate::support::life::{GAMMA, GUIDE, plugin};
use crate::support::registry::mint;
use crate::support::runner::programs;

/// Texts that a reader could interpret.
const CLASSES: [(&str, &[u8]); 30] = [
    ("a line feed and a command", b"x\n::error::owned"),
    ("a carriage return and a command", b"x\r::error::owned"),
    ("both, and a command", b"x\r\n::set-output name=verdict::pass"),
    ("a command at the start", b"::stop-commands::x"),
    ("a command behind blanks", b" \t ::warning::owned"),
    ("a command behind a blank of another script", "\u{3000}\u{a0}::error::owned".as_bytes()),
    ("a command in brackets", b"x ##[error]owned"),
    ("a command in brackets, cut in two", b"###[add-mask]a ##[group]owned"),
    ("an escaped line feed and a command", b"%0A::error::owned%0D%0A"),
    ("an escaped percent sign", b"%250A::error::owned%25"),
    ("what ends a property", b"a,line=1,title=owned::b"),
    ("a heredoc", b"x\nverdict<<EOF\npass\nEOF"),
    ("colours", b"\x1b[31mowned\x1b[0m"),
    ("a title and a bell", b"\x1b]0;owned\x07"),
    ("a cursor that moves", b"\x1b[2J\x1b[1;1H\x08\x08"),
    ("controls of eight bits", "\u{9b}31m\u{85}\u{9d}".as_bytes()),
    ("what turns the reading around", "a\u{202e}b\u{202d}\u{2066}c\u{2069}\u{200f}".as_bytes()),
    ("what is not seen", "a\u{200b}\u{200d}\u{feff}\u{2060}\u{ad}".as_bytes()),
    ("what is not seen, in other scripts", "a\u{3164}\u{115f}\u{180e}\u{17b4}\u{890}".as_bytes()),
    ("tags and selectors", "a\u{e0041}\u{fe0f}\u{e0100}".as_bytes()),
    ("shorthand, notes, hieroglyphs that join", "a\u{1bca0}\u{1d173}\u{13430}\u{110bd}".as_bytes()),
    ("what is not seen, and a command", "\u{1bca0}::error::owned".as_bytes()),
    ("lines of another kind", "a\u{2028}b\u{2029}::error::owned".as_bytes()),
    ("bytes that are not UTF-8", b"a\xff\xfe\xc0\xaf\xed\xa0\x80b"),
    ("half a character", b"owned\xf0\x9f"),
    ("HTML", b"<img src=x onerror=alert(1)></summary><script>owned</script>"),
    ("a mention", b"@everyone @example/team"),
    ("a link and an image", b"[a](https://example.net) ![b](//example.net/c.png)"),
    ("a bare address", b"www.example.net https://example.net mailto:a@example.net"),
    ("code, tables and headings", b"`x` | y |\n# owned\n---\n- [ ] z"),
];

/// A name that no folder can have is made one that it can.
fn name(text: &[u8]) -> Vec<u8> {
    text.iter().map(|byte| if *byte == b'/' { b'|' } else { *byte }).collect()
}

#[test]
fn row_04_in_paths() {
    let attacks = CLASSES.map(|(what, text)| {
        attack(format!("{what}, in paths"), Refused(&["IMM004"]), move |scene| {
            let file = [b"fixed/".as_slice(), &name(text)].concat();
            let folder = [b"plugins/".as_slice(), &name(text), b"/plugin.spec.json"].concat();
            scene.on_main(|main| {
                for path in [&file, &folder] {
                    main.write(OsStr::from_bytes(path), "{}\n");
                }
            });
            scene.git(&["merge", "--quiet", "--ff-only", "main"]);
            scene.base = scene.git(&["rev-parse", "main"]);
            for path in [&file, &folder] {
                scene.write(OsStr::from_bytes(path), "edited\n");
            }
            scene.commit("edit");
        })
    });
    row(4, attacks.into());
}

#[test]
fn row_04_in_values_keys_and_subjects() {
    let attacks = CLASSES.map(|(what, text)| {
        attack(format!("{what}, in a value"), Refused(&["IMM001"]), move |scene| {
            let shown = String::from_utf8_lossy(text).into_owned();
            let quoted = serde_json::to_string(&shown).unwrap();
            // YAML's double quotes are JSON's, but for what it forbids even there.
            scene.edit(CARD, "key: PLG_ALPHA", &format!("key: {quoted}"));
            scene.edit(CARD, "notes: \"\"", &format!("notes: {quoted}\n{quoted}: {quoted}"));
            scene.write(
                "plugins/gamma/plugin.spec.json",
                format!("{{\"ulid\":{quoted},\"key\":{quoted},\"status\":{quoted},{quoted}:[{quoted}]}}\n"),
            );
            let guide = format!("---\nulid: {GUIDE}\nowner: {quoted}\n{quoted}: {quoted}\n---\n{shown}\n");
            scene.write("docs/guide.md", guide);
            let raw = [b"schema_version: 1\nulid: ".as_slice(), text, b"\n"].concat();
            scene.write(format!("ids/cards/{GAMMA}.yaml"), raw);
            scene.write(".git/subject", [text, b"\n\n", text].concat());
            scene.git(&["config", "user.name", &shown.replace(['\n', '<', '>', '\0'], " ")]);
            scene.git(&["add", "--all"]);
            let subject = scene.author.path().join(".git/subject");
            scene.git(&["commit", "--quiet", "--cleanup=verbatim", "-F", subject.to_str().unwrap()]);
            let author = format!(
                "author {} <{}> 1700000000 +0000",
                shown.replace('\n', " "),
                shown.replace('\n', " ")
            );
            signed_off(scene, &author);
            scene.set("INPUT_PER_COMMIT", "true");
        })
    });
    row(4, attacks.into());
}

/// Writes the last commit anew, with another author line, as no git command would.
fn signed_off(scene: &AttackSetup, author: &str) {
    let commit = scene.git(&["cat-file", "commit", "HEAD"]);
    let (head, message) = commit.split_once("\n\n").unwrap();
    let lines: Vec<&str> =
        head.lines().map(|line| if line.starts_with("author ") { author } else { line }).collect();
    let bytes = format!("{}\n\n{message}\n", lines.join("\n"));
    let id = crate::support::forge::object(&scene.author, "commit", bytes.as_bytes());
    scene.git(&["update-ref", "HEAD", &id]);
}

/// A branch at the forge, called as git allows it, that pull requests can be made into.
fn base_called(scene: &mut AttackSetup, name: &str) {
    let reference = format!("refs/heads/{name}");
    git(&scene.origin(), &["update-ref", &reference, "refs/heads/main"], 0);
    scene.edit(CARD, "key: PLG_ALPHA", "key: PLG_STOLEN");
    scene.commit("steal");
    let mut pull = scene.pull();
    pull["pull_request"]["base"]["ref"] = json!(name);
    scene.event("pull_request", pull);
}

#[test]
fn row_04_and_05_in_names_of_branches() {
    const REFUSED: super::table::Expected = Refused(&["IMM001"]);
    let mut attacks = Vec::new();
    // What git lets a branch be called.
    for name in [
        "##(error)owned",
        "%0A::error",
        "%25",
        "verdict=pass",
        "a<<EOF",
        "<img>",
        "@everyone",
        "x`touch`",
        "$(touch)",
        "${IFS}touch",
        ";touch",
        "'quoted\"",
        "a|b&c",
        "x!",
        "#1",
        "caf\u{e9}",
        "refs/heads/main",
        "-",
    ] {
        let name = name.replace("::", "..").replace("..", "--");
        if name == "-" {
            continue;
        }
        attacks.push(attack(format!("a base that is called {name}"), REFUSED, move |scene| {
            base_called(scene, &name);
        }));
    }
    // Invalid branch names in an event.
    for (what, name) in [
        ("a line feed and an output", "main\nverdict=pass"),
        ("a line feed and a command", "main\n::error::owned"),
        ("a carriage return", "main\r##[error]owned"),
        ("a heredoc", "main\nverdict<<EOF\npass\nEOF"),
        ("a refspec", "main:refs/heads/main"),
        ("a pattern", "*"),
        ("an option", "--upload-pack=touch"),
        ("a way out", "../../main"),
        ("an address", "ext::touch"),
        ("a step back", "main~1"),
        ("a colour", "\u{1b}[31mmain"),
        ("what turns the reading around", "main\u{202e}"),
        ("nothing", ""),
        ("all at once", EVIL),
    ] {
        attacks.push(attack(
            format!("a base whose name contains {what}"),
            CheckError("invalid branch name"),
            move |scene| {
                scene.edit(CARD, "key: PLG_ALPHA", "key: PLG_STOLEN");
                scene.commit("steal");
                let mut pull = scene.pull();
                pull["pull_request"]["base"]["ref"] = json!(name);
                scene.event("pull_request", pull);
            },
        ));
    }
    attacks.push(attack("a default branch that is an option", CheckError("invalid branch name"), |scene| {
        scene.edit(CARD, "key: PLG_ALPHA", "key: PLG_STOLEN");
        let after = scene.commit("steal");
        let before = "0".repeat(40);
        let payload = json!({"before": before, "after": after, "repository": {"default_branch": "--upload-pack=touch"}});
        scene.event("push", payload);
    }));
    row(5, attacks);
}

#[test]
fn row_05_and_06_in_inputs() {
    let values = [
        ("a line feed and an output", "x\nverdict=pass"),
        ("a command", "x\r\n::error::owned"),
        ("a heredoc", "x\nhead<<EOF\n0\nEOF"),
        ("an option", "--upload-pack=touch"),
        ("a program", "$(touch canary)`touch canary`;touch canary"),
        ("a range", "main..HEAD"),
        ("all at once", EVIL),
    ];
    let mut attacks = Vec::new();
    for input in [
        "BASE",
        "HEAD",
        "POLICY_FROM",
        "COMMAND",
        "PER_COMMIT",
        "FAIL_ON",
        "SUMMARY",
        "ANNOTATIONS_MAX",
        "WRITER",
    ] {
        // What becomes a revision or a refspec is tried with all of them, a word with the last one.
        let tried = if ["BASE", "HEAD", "POLICY_FROM"].contains(&input) {
            &values[..]
        } else {
            &values[values.len() - 1..]
        };
        for (what, value) in tried.iter().copied() {
            let name = format!("the input {} is {what}", input.to_lowercase().replace('_', "-"));
            attacks.push(attack(name, CheckError("check could not run"), move |scene| {
                scene.edit(CARD, "key: PLG_ALPHA", "key: PLG_STOLEN");
                scene.commit("steal");
                scene.set(&format!("INPUT_{input}"), value);
                if input == "HEAD" {
                    scene.set("INPUT_BASE", "origin/main");
                }
            }));
        }
    }
    for (what, value) in [("no form", EVIL), ("a file that cannot be", "junit=/nowhere/x\njson=/dev/full")] {
        attacks.push(attack(format!("the input report is {what}"), CheckError("--report"), move |scene| {
            scene.write("README.md", "more\n");
            scene.commit("honest");
            scene.set("INPUT_REPORT", value);
        }));
    }
    attacks.push(attack("an event of no known name", CheckError("describes no change"), |scene| {
        // What is checked out then is not what the event is about.
        scene.event("issue_comment", json!({"comment": {"body": EVIL}}));
    }));
    attacks.push(attack("an audit of what is called by a name", Harmless, |scene| {
        scene.set("INPUT_COMMAND", "audit");
        scene.set("INPUT_HEAD", "main");
    }));
    row(5, attacks);
}

#[test]
fn row_06_names_that_a_shell_would_read() {
    let names = [
        "$(touch canary)",
        "`touch canary`",
        "; touch canary",
        "| touch canary",
        "&& touch canary",
        "-rf",
        "--upload-pack=touch canary",
        "--exec=touch canary",
        "'\"",
        "*",
        "~root",
        "!!",
        "%PATH%",
        "a b\tc",
    ];
    let attacks = names.map(|name| {
        attack(
            format!("a file that is called {}", name.replace('\t', "\\t")),
            Refused(&["IMM001"]),
            move |scene| {
                scene.write(format!("fixed/{name}"), "x\n");
                scene.write(name, "x\n");
                scene.write(format!("plugins/alpha/{name}"), "x\n");
                scene.edit(CARD, "key: PLG_ALPHA", "key: PLG_STOLEN");
                scene.commit(name);
            },
        )
    });
    row(6, attacks.into());
}

/// Recording after a merge prints the same texts.
#[test]
fn row_04_in_what_is_recorded() {
    let attacks = CLASSES.map(|(what, text)| {
        attack(format!("{what}, in what is recorded"), Refused(&[]), move |scene| {
            let shown = String::from_utf8_lossy(text).replace(['\n', '\0'], " ");
            let quoted = serde_json::to_string(&shown).unwrap();
            scene.on_main(|main| {
                mint(main, GAMMA, "gamma");
                plugin(main, GAMMA, "gamma", "PLG_GAMMA", "1.0.0", &format!(",\"owner\":{quoted}"));
                let request = format!(".ledger/pending/{}.json", "ab".repeat(32));
                main.write(request, format!("{{\"payload\":{{\"reason\":{quoted}}},\"type\":{quoted}}}\n"));
            });
            git(&scene.work(), &["pull", "--quiet"], 0);
            let after = git(&scene.origin(), &["rev-parse", "main"], 0);
            scene.event("push", json!({"before": scene.base, "after": after}));
            scene.set("INPUT_COMMAND", "post-merge");
        })
    });
    row(4, attacks.into());
}

/// Queries of the recorded data print them as well.
#[test]
fn row_04_in_queries_of_the_record() {
    let ground = Ground::new();
    let mut scene = ground.scene();
    let texts: Vec<String> =
        CLASSES.iter().map(|(_, text)| String::from_utf8_lossy(text).replace('\0', " ")).collect();
    scene.on_main(|main| {
        for (number, text) in texts.iter().chain([&EVIL.to_string()]).enumerate() {
            let name = if number == texts.len() { "gamma".into() } else { format!("p{number}") };
            let ulid = format!("01JD4ZK3V8Q2W4X6Y8Z0A1C0{number:02}");
            mint(main, &ulid, &name);
            let rest = format!(",\"owner\":{}", serde_json::to_string(text).unwrap());
            plugin(main, &ulid, &name, &format!("PLG_{}", name.to_uppercase()), "1.0.0", &rest);
        }
    });
    git(&scene.work(), &["pull", "--quiet"], 0);
    let after = git(&scene.origin(), &["rev-parse", "main"], 0);
    scene.event("push", json!({"before": scene.base, "after": after}));
    scene.set("INPUT_COMMAND", "post-merge");
    let done = scene.strike().unwrap();
    assert!(matches!(done.status, 0 | 1), "{}", done.output);
    git(&scene.work(), &["pull", "--quiet", "--tags"], 0);
    programs::check(&scene.work()).unwrap();
    let listed = crate::support::run("id-registry", &scene.work(), &["list"]);
    assert!(String::from_utf8_lossy(&listed.stdout).contains("PLG_P29"), "all of them were listed");
}
