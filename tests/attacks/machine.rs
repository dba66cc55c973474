//! Row 9: replacements of objects, other object stores, the environment, and programs in the git configuration.

use scripted::git;
use serde_json::json;

use super::scene::{AttackSetup, CARD, copy};
use super::table::Expected::{CheckError, Refused, Stopped};
use super::table::{Attack, attack, row};
use crate::support::life::GAMMA;
use crate::support::registry::mint;
use crate::support::runner::step::SECRET;

const FOUND: super::table::Expected = Refused(&["IMM001"]);

fn steal(scene: &AttackSetup) -> String {
    scene.edit(CARD, "key: PLG_ALPHA", "key: PLG_STOLEN");
    scene.commit("steal")
}

/// Brings the attacker's commit into the workspace, as a later step of a job may find it.
fn fetched(scene: &AttackSetup) -> String {
    let head = steal(scene);
    scene.push();
    git(&scene.work(), &["fetch", "--quiet", "origin", "refs/pull/7/head"], 0);
    head
}

fn settings(scene: &AttackSetup, text: &str) {
    let place = scene.work().join(".git/config");
    let old = std::fs::read_to_string(&place).unwrap();
    std::fs::write(&place, old + text).unwrap();
}

/// An attack with invalid content in a file of git.
fn junk(place: &'static str, comes: super::table::Expected) -> Attack {
    attack(format!("nonsense in .git/{place}"), comes, move |scene| {
        steal(scene);
        let place = scene.work().join(".git").join(place);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, super::EVIL).unwrap();
    })
}

#[test]
fn row_09_substitutes_and_other_stores() {
    row(
        9,
        vec![
            attack("a replace ref in the workspace", FOUND, |scene| {
                let head = fetched(scene);
                let work = scene.work();
                let honest = git(&work, &["commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "honest"], 0);
                git(&work, &["replace", &head, &honest], 0);
            }),
            attack("a replace ref for a file, in the workspace", FOUND, |scene| {
                fetched(scene);
                let work = scene.work();
                let id = |name: &str| git(&work, &["rev-parse", &format!("{name}:{CARD}")], 0);
                git(&work, &["replace", &id("FETCH_HEAD"), &id("HEAD")], 0);
            }),
            attack("a replace ref at the forge", FOUND, |scene| {
                let head = steal(scene);
                scene.push();
                let origin = scene.origin();
                let honest = git(&origin, &["commit-tree", "main^{tree}", "-p", "main", "-m", "honest"], 0);
                git(&origin, &["replace", &head, &honest], 0);
            }),
            attack("grafts", FOUND, |scene| {
                let head = fetched(scene);
                std::fs::write(scene.work().join(".git/info/grafts"), format!("{head}\n")).unwrap();
            }),
            attack("an alternate store with the attacker's objects", FOUND, |scene| {
                steal(scene);
                let store = scene.author.path().join(".git/objects");
                let place = scene.work().join(".git/objects/info/alternates");
                std::fs::write(place, format!("{}\n", store.display())).unwrap();
            }),
            attack("an alternate store that is not there", CheckError("/nowhere/objects"), |scene| {
                steal(scene);
                std::fs::write(scene.work().join(".git/objects/info/alternates"), "/nowhere/objects\n")
                    .unwrap();
            }),
            attack("alternate stores in a circle", CheckError("form a cycle"), |scene| {
                steal(scene);
                let store = scene.work().join(".git/objects");
                std::fs::write(store.join("info/alternates"), format!("{}\n", store.display())).unwrap();
            }),
            attack("a file whose bytes are another's", CheckError("forged"), |scene| {
                fetched(scene);
                let work = scene.work();
                let place = |id: &str| work.join(".git/objects").join(&id[..2]).join(&id[2..]);
                let now = git(&work, &["rev-parse", &format!("FETCH_HEAD:{CARD}")], 0);
                let honest = std::fs::read(scene.author.path().join("README.md")).unwrap();
                std::fs::write(work.join("honest"), honest).unwrap();
                let then = git(&work, &["hash-object", "-w", "honest"], 0);
                std::fs::remove_file(work.join("honest")).unwrap();
                std::fs::remove_file(place(&now)).unwrap();
                std::fs::copy(place(&then), place(&now)).unwrap();
            }),
            junk("refs/remotes/origin/main", Stopped),
            junk("refs/heads/main", Stopped),
            junk("packed-refs", Stopped),
            junk("HEAD", Stopped),
            junk("shallow", Stopped),
            junk("index", FOUND),
            junk("objects/info/commit-graph", FOUND),
            junk("objects/info/alternates", Stopped),
            junk("info/grafts", FOUND),
            junk("config.worktree", FOUND),
            junk("commondir", Stopped),
            attack("a bare repository in the tree that is checked out", FOUND, |scene| {
                steal(scene);
                let work = scene.work();
                for (name, text) in [
                    ("HEAD", "ref: refs/heads/main\n"),
                    ("config", "[core]\n\tbare = true\n\tfsmonitor = touch canary\n"),
                    ("objects/x", ""),
                    ("refs/heads/x", ""),
                ] {
                    let place = work.join(name);
                    std::fs::create_dir_all(place.parent().unwrap()).unwrap();
                    std::fs::write(place, text).unwrap();
                }
            }),
            attack("another repository inside, named by the environment", FOUND, |scene| {
                steal(scene);
                let elsewhere = scene.canary().with_file_name("elsewhere");
                copy(&scene.origin(), &elsewhere);
                let elsewhere = elsewhere.to_str().unwrap().to_string();
                for name in ["GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE"] {
                    scene.set(name, elsewhere.clone());
                }
                for name in ["GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"] {
                    scene.set(name, format!("{elsewhere}/objects"));
                }
                for (name, value) in [
                    ("GIT_INDEX_FILE", "/dev/null"),
                    ("GIT_NAMESPACE", "x"),
                    ("GIT_SHALLOW_FILE", "/dev/null"),
                    ("GIT_GRAFT_FILE", "/dev/null"),
                    ("GIT_REPLACE_REF_BASE", "refs/tags"),
                    ("GIT_PREFIX", "x"),
                    ("GIT_CEILING_DIRECTORIES", "/"),
                    ("GIT_DISCOVERY_ACROSS_FILESYSTEM", "0"),
                    ("GIT_LITERAL_PATHSPECS", "1"),
                    ("GIT_DEFAULT_HASH", "sha256"),
                ] {
                    scene.set(name, value);
                }
            }),
            attack("a quarantine of another repository", Stopped, |scene| {
                steal(scene);
                let elsewhere = scene.canary().with_file_name("elsewhere");
                copy(&scene.origin(), &elsewhere);
                scene.set("GIT_QUARANTINE_PATH", format!("{}/objects", elsewhere.display()));
            }),
            attack("settings in the environment", FOUND, |scene| {
                steal(scene);
                let singer = scene.singer().display().to_string();
                let settings =
                    ["core.fsmonitor", "core.pager", "diff.external", "core.hooksPath", "core.worktree"];
                scene.set("GIT_CONFIG_COUNT", settings.len().to_string());
                for (at, name) in settings.iter().enumerate() {
                    scene.set(&format!("GIT_CONFIG_KEY_{at}"), *name);
                    scene.set(&format!("GIT_CONFIG_VALUE_{at}"), singer.clone());
                }
                for name in ["GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_EDITOR", "PAGER", "EDITOR"] {
                    scene.set(name, singer.clone());
                }
            }),
        ],
    );
}

/// An attack by settings of the workspace's own configuration; `{0}` is a program that must not be run.
fn configured(name: &str, comes: super::table::Expected, text: &'static str) -> Attack {
    attack(name, comes, move |scene| {
        steal(scene);
        let singer = scene.singer().display().to_string();
        settings(scene, &text.replace("{0}", &singer));
    })
}

#[test]
fn row_09_programs_that_a_configuration_names() {
    row(
        9,
        vec![
            attack("hooks of every name", FOUND, |scene| {
                steal(scene);
                let singer = scene.singer();
                let hooks = scene.work().join(".git/hooks");
                std::fs::create_dir_all(&hooks).unwrap();
                for name in [
                    "fsmonitor-watchman",
                    "post-checkout",
                    "post-index-change",
                    "reference-transaction",
                    "pre-auto-gc",
                    "post-rewrite",
                ] {
                    std::fs::copy(&singer, hooks.join(name)).unwrap();
                }
                settings(scene, "[core]\n\thooksPath = .git/hooks\n");
            }),
            attack("hooks of the forge", FOUND, |scene| {
                steal(scene);
                scene.push();
                let singer = scene.singer();
                for name in ["pre-upload", "post-upload-pack", "reference-transaction"] {
                    std::fs::copy(&singer, scene.origin().join("hooks").join(name)).unwrap();
                }
                let config = scene.origin().join("config");
                let text = std::fs::read_to_string(&config).unwrap();
                std::fs::write(
                    config,
                    format!("{text}[uploadpack]\n\tpackObjectsHook = {}\n", singer.display()),
                )
                .unwrap();
                std::fs::remove_file(scene.origin().join("hooks/reference-transaction")).unwrap();
            }),
            configured("core.fsmonitor", FOUND, "[core]\n\tfsmonitor = {0}\n\tuntrackedCache = true\n"),
            configured(
                "pager, editor, asker",
                FOUND,
                "[core]\n\tpager = {0}\n\teditor = {0}\n\taskPass = {0}\n[pager]\n\tfetch = {0}\n\tremote = {0}\n\tcat-file = {0}\n",
            ),
            configured(
                "aliases of what is called",
                FOUND,
                "[alias]\n\tfetch = !{0}\n\tremote = !{0}\n\tcat-file = !{0}\n",
            ),
            configured(
                "filters, drivers and converters",
                FOUND,
                "[filter \"evil\"]\n\tclean = {0}\n\tsmudge = {0}\n\tprocess = {0}\n\trequired = true\n[diff \"evil\"]\n\ttextconv = {0}\n\tcommand = {0}\n[merge \"evil\"]\n\tdriver = {0}\n[diff]\n\texternal = {0}\n[core]\n\tattributesFile = /dev/null\n",
            ),
            configured(
                "programs that sign and verify",
                FOUND,
                "[gpg]\n\tprogram = {0}\n[gpg \"ssh\"]\n\tprogram = {0}\n[log]\n\tshowSignature = true\n[commit]\n\tgpgSign = true\n",
            ),
            configured("a working tree elsewhere", FOUND, "[core]\n\tworktree = /etc\n"),
            configured(
                "housekeeping",
                FOUND,
                "[gc]\n\tauto = 1\n\tautoDetach = false\n[maintenance]\n\tauto = true\n[fetch]\n\twriteCommitGraph = true\n",
            ),
            configured(
                "submodules that are fetched along",
                FOUND,
                "[fetch]\n\trecurseSubmodules = true\n[submodule]\n\trecurse = true\n[submodule \"x\"]\n\tactive = true\n\turl = ext::{0}\n\tupdate = !{0}\n",
            ),
            configured(
                "who is asked for passwords, and how one connects",
                FOUND,
                "[credential]\n\thelper = !{0}\n[core]\n\tsshCommand = {0}\n\tgitProxy = {0}\n[http]\n\tproxy = http://127.0.0.1:9\n",
            ),
            configured(
                "a promise of objects",
                FOUND,
                "[remote \"origin\"]\n\tpromisor = true\n[extensions]\n\tpartialClone = origin\n",
            ),
            configured(
                "a promise of objects that a program keeps",
                FOUND,
                "[remote \"origin\"]\n\tpromisor = true\n\tuploadpack = {0}\n[extensions]\n\tpartialClone = origin\n",
            ),
            attack("an address with a secret in it", CheckError("cannot be fetched"), |scene| {
                steal(scene);
                let address = format!("https://x-access-token:{SECRET}@127.0.0.1:1/x.git");
                git(&scene.work(), &["remote", "set-url", "origin", &address], 0);
            }),
            attack("a key of the log that is none", CheckError("key"), |scene| {
                scene.on_main(|main| mint(main, GAMMA, "gamma"));
                git(&scene.work(), &["pull", "--quiet"], 0);
                scene.event("push", json!({}));
                scene.set("INPUT_COMMAND", "post-merge");
                scene.set("ID_GUARD_LOG_KEY", SECRET);
            }),
            attack(
                "a promise of a base that a program keeps",
                CheckError("does not exist in this clone"),
                |scene| {
                    let after = steal(scene);
                    let singer = scene.singer().display().to_string();
                    let promise = "[remote \"origin\"]\n\tpromisor = true\n\tuploadpack = {0}\n[extensions]\n\tpartialClone = origin\n";
                    settings(scene, &promise.replace("{0}", &singer));
                    let nothing = "1234567890123456789012345678901234567890";
                    scene.event("push", json!({"before": nothing, "after": after, "forced": false}));
                },
            ),
            configured(
                "a program that lists the refs of alternates",
                FOUND,
                "[core]\n\talternateRefsCommand = {0}\n",
            ),
            configured(
                "a program instead of git at the forge",
                FOUND,
                "[remote \"origin\"]\n\tuploadpack = {0}\n",
            ),
            configured(
                "an address that is a program",
                CheckError("cannot be fetched"),
                "[protocol \"ext\"]\n\tallow = always\n[url \"ext::{0} \"]\n\tinsteadOf = ../\n",
            ),
            configured(
                "a helper for the address",
                CheckError("cannot be fetched"),
                "[remote \"origin\"]\n\tvcs = evil\n",
            ),
            configured(
                "a configuration that includes what is none",
                CheckError("bad config line"),
                "[include]\n\tpath = /etc/passwd\n",
            ),
            configured("a configuration that ends in the middle", CheckError(""), "[core\n"),
        ],
    );
}
