//! Rows 2, 3 and 8: the base of a check, a base that moves meanwhile, and incomplete histories.

use scripted::git;
use serde_json::json;

use super::scene::{AttackSetup, CARD, Ground, copy};
use super::table::Expected::{CheckError, Harmless, Refused};
use super::table::{attack, row};
use crate::support::life::{GAMMA, plugin};
use crate::support::registry::mint;

const ZERO: &str = "0000000000000000000000000000000000000000";
/// An id that names nothing.
const NOTHING: &str = "1234567890123456789012345678901234567890";

fn steal(scene: &AttackSetup) -> String {
    scene.edit(CARD, "key: PLG_ALPHA", "key: PLG_STOLEN");
    scene.commit("steal")
}

/// Edits a file that only the policy protects.
fn charter(scene: &AttackSetup) {
    scene.edit("fixed/charter.md", "as it was", "as I like it");
    scene.commit("charter");
}

/// A branch at the forge with a policy that protects nothing.
fn weak_branch(scene: &mut AttackSetup, name: &str) -> String {
    scene.git(&["switch", "--quiet", "--create", name, "main"]);
    scene.write("policy-packs/policy.yaml", "schema_version: 1\npacks: []\n");
    let id = scene.commit("protect nothing");
    scene.git(&["push", "--quiet", "origin", name]);
    scene.git(&["switch", "--quiet", "change"]);
    scene.git(&["merge", "--quiet", "--ff-only", name]);
    id
}

#[test]
fn row_02_the_base_that_is_asked() {
    row(
        2,
        vec![
            attack("green against a branch that protects nothing", Harmless, |scene| {
                let weak = weak_branch(scene, "weak");
                charter(scene);
                let mut pull = scene.pull();
                pull["pull_request"]["base"] = json!({"sha": weak, "ref": "weak"});
                scene.event("pull_request", pull);
            }),
            attack("and then retargeted to main", Refused(&["IMM004"]), |scene| {
                weak_branch(scene, "weak");
                charter(scene);
                let mut pull = scene.pull();
                pull["action"] = json!("edited");
                scene.event("pull_request", pull);
            }),
            attack("retargeted, and the event still names the other tip", Refused(&["IMM001"]), |scene| {
                let weak = weak_branch(scene, "weak");
                steal(scene);
                let mut pull = scene.pull();
                pull["pull_request"]["base"]["sha"] = json!(weak);
                scene.event("pull_request", pull);
            }),
            attack("an event whose base is the attacker's own commit", Refused(&["IMM001"]), |scene| {
                steal(scene);
                let own = scene.head();
                scene.write("README.md", "more\n");
                scene.commit("more");
                let mut pull = scene.pull();
                pull["pull_request"]["base"]["sha"] = json!(own);
                scene.event("pull_request", pull);
            }),
            attack("main moved since the event", Refused(&["UNI002"]), |scene| {
                mint(&scene.author, GAMMA, "gamma");
                scene.commit("mint");
                scene.on_main(|main| {
                    mint(main, "01JD4ZK3V8Q2W4X6Y8Z0A1B2C9", "gamma");
                });
            }),
            attack(
                "a workspace whose note of main is the attacker's commit",
                Refused(&["IMM001"]),
                |scene| {
                    let head = steal(scene);
                    scene.push();
                    let work = scene.work();
                    git(&work, &["fetch", "--quiet", "origin", "refs/pull/7/head"], 0);
                    git(&work, &["update-ref", "refs/remotes/origin/main", &head], 0);
                },
            ),
            attack("branches and tags that are called like the base", Refused(&["IMM001"]), |scene| {
                let head = steal(scene);
                scene.push();
                for name in ["refs/tags/main", "refs/tags/origin/main", "refs/heads/origin/main"] {
                    git(&scene.origin(), &["update-ref", name, &head], 0);
                }
                let work = scene.work();
                git(&work, &["fetch", "--quiet", "origin", "refs/pull/7/head"], 0);
                for name in ["refs/tags/main", "refs/heads/origin/main", "refs/tags/refs/remotes/origin/main"]
                {
                    git(&work, &["update-ref", name, &head], 0);
                }
            }),
            attack("the base branch is gone", CheckError("main cannot be fetched"), |scene| {
                steal(scene);
                git(&scene.origin(), &["update-ref", "-d", "refs/heads/main"], 0);
            }),
            attack("the forge cannot be reached", CheckError("main cannot be fetched"), |scene| {
                steal(scene);
                git(&scene.work(), &["remote", "set-url", "origin", "../nowhere"], 0);
            }),
            attack(
                "a configuration that git cannot read, so that nothing is fetched",
                CheckError("bad config line"),
                |scene| {
                    mint(&scene.author, GAMMA, "gamma");
                    scene.commit("mint");
                    scene.push();
                    git(&scene.work(), &["fetch", "--quiet", "origin", "refs/pull/7/head"], 0);
                    scene.on_main(|main| mint(main, "01JD4ZK3V8Q2W4X6Y8Z0A1B2C9", "gamma"));
                    let config = scene.work().join(".git/config");
                    let text = std::fs::read_to_string(&config).unwrap();
                    std::fs::write(&config, text + "[include]\n\tpath = /etc/passwd\n").unwrap();
                },
            ),
            attack("the head moved to a harmless commit during the check", Refused(&["IMM001"]), |scene| {
                steal(scene);
                scene.push();
                let pull = scene.pull();
                git(&scene.work(), &["fetch", "--quiet", "origin", "refs/pull/7/head"], 0);
                scene.git(&["reset", "--quiet", "--hard", "main"]);
                scene.write("README.md", "honest\n");
                scene.commit("honest");
                scene.event("pull_request", pull);
            }),
            attack("a merge ref of an older, honest head is checked out", Refused(&["IMM001"]), |scene| {
                scene.write("README.md", "honest\n");
                let honest = scene.commit("honest");
                scene.git(&["push", "--quiet", "origin", "HEAD:refs/pull/7/merge"]);
                let work = scene.work();
                git(&work, &["fetch", "--quiet", "origin", "refs/pull/7/merge:refs/remotes/pull/7/merge"], 0);
                git(&work, &["checkout", "--quiet", "--detach", &honest], 0);
                steal(scene);
            }),
            attack("a merge ref that hides the edit is checked out", Refused(&["IMM001"]), |scene| {
                steal(scene);
                let tree = scene.git(&["rev-parse", "main^{tree}"]);
                let head = scene.head();
                let merge = scene.git(&["commit-tree", &tree, "-p", "main", "-p", &head, "-m", "merge"]);
                scene.git(&["push", "--quiet", "origin", &format!("{merge}:refs/pull/7/merge")]);
                let work = scene.work();
                git(&work, &["fetch", "--quiet", "origin", "refs/pull/7/merge"], 0);
                git(&work, &["checkout", "--quiet", "--detach", &merge], 0);
            }),
            attack("a head that nobody has", CheckError("does not exist in this clone"), |scene| {
                let mut pull = scene.pull();
                pull["pull_request"]["head"]["sha"] = json!(NOTHING);
                scene.event("pull_request", pull);
            }),
            attack("a head that is a file", CheckError(""), |scene| {
                let mut pull = scene.pull();
                pull["pull_request"]["head"]["sha"] = json!(scene.git(&["rev-parse", "main:README.md"]));
                scene.event("pull_request", pull);
            }),
            attack("a head that is a name", CheckError("no commit id"), |scene| {
                let mut pull = scene.pull();
                pull["pull_request"]["head"]["sha"] = json!("main");
                scene.event("pull_request", pull);
            }),
            attack("a base that is not a string", CheckError("no commit id"), |scene| {
                let mut pull = scene.pull();
                pull["pull_request"]["base"]["sha"] = json!([scene.base]);
                scene.event("pull_request", pull);
            }),
            attack("an event without a pull request", CheckError("no commit id"), |scene| {
                steal(scene);
                scene.event("pull_request", json!({"number": 7}));
            }),
        ],
    );
}

/// The verdict is for the head in the event; a newer head is mentioned.
#[test]
fn row_02_a_head_that_moved_is_mentioned() {
    let ground = Ground::new();
    let mut scene = ground.scene();
    scene.write("README.md", "honest\n");
    scene.commit("honest");
    scene.push();
    let pull = scene.pull();
    let honest = scene.head();
    let work = scene.work();
    git(&work, &["fetch", "--quiet", "origin", "refs/pull/7/head"], 0);
    steal(&scene);
    scene.event("pull_request", pull);
    let done = scene.strike().unwrap();
    assert_eq!((done.status, &done.outputs["head"]), (0, &honest), "{}", done.output);
    assert!(done.output.contains("the pull request has moved to"), "{}", done.output);
}

/// Mints a plugin on main, after the attacker's branch was made, and another one on the branch.
fn both(scene: &AttackSetup, theirs: impl FnOnce(&scripted::Scripted), mine: impl FnOnce(&AttackSetup)) {
    mine(scene);
    scene.commit("mine");
    scene.on_main(theirs);
}

fn card(ulid: &str, key: &str, path: &str) -> String {
    format!(
        "schema_version: 1\nulid: {ulid}\nkey: {key}\nkind: plugin\npath: {path}\ncreated_at: \"2024-11-20T14:28:32Z\"\nowner: eve@example.org\nvisibility: public\nnotes: \"\"\n"
    )
}

#[test]
fn row_03_two_changes_and_one_name() {
    const OTHER: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C9";
    let write = |ulid: &'static str, key: &'static str, path: &'static str| {
        move |scene: &AttackSetup| scene.write(format!("ids/cards/{ulid}.yaml"), card(ulid, key, path))
    };
    let twice = |name: &str, comes, mine: fn(&AttackSetup)| {
        attack(name, comes, move |scene| both(scene, |main| mint(main, GAMMA, "gamma"), mine))
    };
    row(
        3,
        vec![
            twice("one key", Refused(&["UNI002"]), |scene| {
                scene.write(format!("ids/cards/{OTHER}.yaml"), card(OTHER, "PLG_GAMMA", "plugins/other"));
            }),
            twice("one key, and its twin in another case", Refused(&["CRD004"]), |scene| {
                scene.write(format!("ids/cards/{OTHER}.yaml"), card(OTHER, "PLG_gamma", "plugins/other"));
            }),
            attack("one key, and one that reads like it", Refused(&["UNI006"]), move |scene| {
                let theirs = |main: &scripted::Scripted| {
                    main.write(format!("ids/cards/{GAMMA}.yaml"), card(GAMMA, "PLG_ORION", "plugins/orion"));
                };
                both(scene, theirs, write(OTHER, "PLG_0RI0N", "plugins/other"));
            }),
            twice("one place", Refused(&["UNI004"]), |scene| {
                scene.write(format!("ids/cards/{OTHER}.yaml"), card(OTHER, "PLG_OTHER", "plugins/gamma"));
            }),
            twice("one place, and its twin in another case", Refused(&["UNI004"]), |scene| {
                scene.write(format!("ids/cards/{OTHER}.yaml"), card(OTHER, "PLG_OTHER", "plugins/Gamma"));
            }),
            twice("one ULID", Refused(&["IMM001"]), |scene| {
                scene.write(format!("ids/cards/{GAMMA}.yaml"), card(GAMMA, "PLG_OTHER", "plugins/other"));
            }),
            twice("one file, and its twin in another case", Refused(&["IMM019"]), |scene| {
                scene.write(
                    format!("ids/cards/{}.yaml", GAMMA.to_lowercase()),
                    card(GAMMA, "PLG_OTHER", "plugins/other"),
                );
            }),
            twice("one key, as an alias", Refused(&["UNI003"]), |scene| {
                mint(&scene.author, OTHER, "other");
                plugin(&scene.author, OTHER, "other", "PLG_OTHER", "1.0.0", ",\"aliases\":[\"PLG_GAMMA\"]");
            }),
            attack("one key, in a merge queue", Refused(&["UNI002"]), move |scene| {
                mint(&scene.author, GAMMA, "gamma");
                let first = scene.commit("first");
                write(OTHER, "PLG_GAMMA", "plugins/other")(scene);
                let second = scene.commit("second");
                scene.event("merge_group", json!({"merge_group": {"base_sha": first, "head_sha": second}}));
            }),
            attack("one key, after both were merged", Refused(&["UNI002"]), move |scene| {
                let before = scene.on_main(|main| mint(main, GAMMA, "gamma"));
                scene.git(&["merge", "--quiet", "--ff-only", "main"]);
                write(OTHER, "PLG_GAMMA", "plugins/other")(scene);
                let after = scene.commit("second");
                scene.git(&["push", "--quiet", "origin", "HEAD:main"]);
                scene.event(
                    "push",
                    json!({"before": before, "after": after, "forced": false, "ref": "refs/heads/main", "repository": {"default_branch": "main"}}),
                );
            }),
        ],
    );
}

fn pushed(before: &str, after: &str, forced: bool) -> serde_json::Value {
    json!({"before": before, "after": after, "forced": forced, "repository": {"default_branch": "main"}})
}

/// Exchanges the workspace for a shallow clone of the forge.
fn shallow(scene: &AttackSetup) {
    let work = scene.work();
    let url = format!("file://{}", scene.origin().display());
    std::fs::remove_dir_all(&work).unwrap();
    let arguments = ["clone", "--quiet", "--depth=1", &url, work.to_str().unwrap()];
    git(&scene.origin(), &arguments, 0);
}

#[test]
fn row_08_incomplete_histories() {
    row(
        8,
        vec![
            attack("a history that began elsewhere", CheckError("no common ancestor"), |scene| {
                scene.git(&["checkout", "--quiet", "--orphan", "elsewhere"]);
                steal(scene);
            }),
            attack("a history that began elsewhere, merged", Refused(&["IMM001"]), |scene| {
                scene.git(&["checkout", "--quiet", "--orphan", "elsewhere"]);
                steal(scene);
                let elsewhere = scene.head();
                scene.git(&["switch", "--quiet", "--discard-changes", "change"]);
                scene.git(&[
                    "merge",
                    "--quiet",
                    "--allow-unrelated-histories",
                    "-X",
                    "theirs",
                    "--no-edit",
                    &elsewhere,
                ]);
            }),
            attack("a shallow clone whose remote is gone", CheckError("cannot be fetched"), |scene| {
                steal(scene);
                scene.push();
                shallow(scene);
                git(&scene.work(), &["remote", "set-url", "origin", "/nowhere"], 0);
            }),
            attack("a shallow clone, and an edit", Refused(&["IMM001"]), |scene| {
                steal(scene);
                shallow(scene);
            }),
            attack(
                "a shallow clone that lacks the day on which a name was burned",
                Refused(&["IMM018"]),
                |scene| {
                    scene.write("ext/gone/main", "mine\n");
                    scene.commit("take over");
                    shallow(scene);
                },
            ),
            attack("a shallow clone with a false boundary", Refused(&["IMM018"]), |scene| {
                scene.write("ext/gone/main", "mine\n");
                scene.commit("take over");
                let tip = git(&scene.work(), &["rev-parse", "HEAD"], 0);
                std::fs::write(scene.work().join(".git/shallow"), format!("{tip}\n")).unwrap();
            }),
            attack("a new branch, checked against the default branch", Refused(&["IMM001"]), |scene| {
                let after = steal(scene);
                scene.event("push", pushed(ZERO, &after, false));
            }),
            attack("a mainline that was not there before", Refused(&["IMM001"]), |scene| {
                let after = steal(scene);
                scene.git(&["push", "--quiet", "origin", "HEAD:main"]);
                scene.event("push", pushed(ZERO, &after, false));
            }),
            attack("a forced push over what nobody has any more", Refused(&["IMM001"]), |scene| {
                let after = steal(scene);
                scene.git(&["push", "--quiet", "--force", "origin", "HEAD:main"]);
                git(&scene.work(), &["fetch", "--quiet", "origin"], 0);
                scene.event("push", pushed(NOTHING, &after, true));
            }),
            attack("the same, where the workspace remembers", Refused(&["IMM001"]), |scene| {
                let after = steal(scene);
                scene.git(&["push", "--quiet", "--force", "origin", "HEAD:main"]);
                scene.event("push", pushed(NOTHING, &after, true));
            }),
            attack(
                "a forced push that drops the ledger's last commit",
                Refused(&["IMM001", "LED001"]),
                |scene| {
                    let before = scene.base.clone();
                    scene.git(&["reset", "--quiet", "--hard", "main~1"]);
                    let after = steal(scene);
                    scene.git(&["push", "--quiet", "--force", "origin", "HEAD:main"]);
                    scene.event("push", pushed(&before, &after, true));
                },
            ),
            attack("a push that only takes commits away", Refused(&["LED001"]), |scene| {
                let before = scene.base.clone();
                let after = scene.git(&["rev-parse", "main~1"]);
                scene.git(&["push", "--quiet", "--force", "origin", "main~1:main"]);
                scene.event("push", pushed(&before, &after, true));
            }),
            attack("a push whose base nobody has", CheckError("does not exist in this clone"), |scene| {
                let after = steal(scene);
                scene.event("push", pushed(NOTHING, &after, false));
            }),
            attack("a push that deletes", CheckError("nothing to check"), |scene| {
                let before = scene.base.clone();
                scene.event("push", pushed(&before, ZERO, false));
            }),
            // After the merge an event has nothing to check; merging such a head again does nothing.
            attack("a head that is the base", Harmless, |_| {}),
            attack("a head that is older than the base", Harmless, |scene| {
                scene.git(&["reset", "--quiet", "--hard", "main~1"]);
            }),
            attack("a merge queue with nothing in it", CheckError("no changes to check"), |scene| {
                let base = scene.base.clone();
                scene.event("merge_group", json!({"merge_group": {"base_sha": base, "head_sha": base}}));
            }),
            attack("an id of the other length", CheckError(""), |scene| {
                let mut pull = scene.pull();
                pull["pull_request"]["head"]["sha"] = json!("ab".repeat(32));
                scene.event("pull_request", pull);
            }),
            attack("a repository of another forge beside it", Refused(&["IMM001"]), |scene| {
                steal(scene);
                copy(&scene.origin(), &scene.work().join("origin"));
            }),
        ],
    );
}
