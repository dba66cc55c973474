//! Row 1: a change of the policy must contain nothing else, and is checked by the policy on base.

use super::scene::{AttackSetup, CARD, LEDGER};
use super::table::Expected::{Harmless, Refused, Warned};
use super::table::{attack, row};

const POLICY: &str = "policy-packs/policy.yaml";
const WORKFLOW: &str = ".github/workflows/id-guard.yml";

/// A waiver for edits of cards.
const WAIVER: &str = "schema_version: 1\nwaivers:\n  - code: IMM004\n    path: fixed/**\n    reason: \"a typo\"\n    owner: eve@example.org\n    until: \"2999-12-31\"\n";

fn steal(scene: &AttackSetup) {
    scene.edit("fixed/charter.md", "as it was", "as I like it");
}

fn soften(scene: &AttackSetup) {
    scene.edit(POLICY, "levels:\n", "levels:\n  frozen-path-changed: allow\n");
}

#[test]
fn row_01_governance() {
    let mixed = Refused(&["POL001", "IMM004"]);
    row(
        1,
        vec![
            attack("a softer policy, and what it allows", mixed, |scene| {
                soften(scene);
                steal(scene);
                scene.commit("fix a typo");
            }),
            attack("a softer policy, and what it allows in a later commit", mixed, |scene| {
                soften(scene);
                scene.commit("policy");
                steal(scene);
                scene.commit("card");
            }),
            attack("the same, commit by commit", mixed, |scene| {
                soften(scene);
                scene.commit("policy");
                steal(scene);
                scene.commit("card");
                scene.set("INPUT_PER_COMMIT", "true");
            }),
            attack("no policy any more, and what that allows", mixed, |scene| {
                scene.git(&["rm", "-q", POLICY]);
                steal(scene);
                scene.commit("tidy");
            }),
            attack("the policy moves away", mixed, |scene| {
                scene.git(&["mv", POLICY, "policy-packs/old.yaml"]);
                steal(scene);
                scene.commit("tidy");
            }),
            attack("the policy's folder becomes a link", Refused(&["POL001"]), |scene| {
                scene.git(&["rm", "-rq", "policy-packs"]);
                scene.write("soft/policy.yaml", "schema_version: 1\npacks: []\n");
                std::os::unix::fs::symlink("soft", scene.author.path().join("policy-packs")).unwrap();
                scene.commit("link");
            }),
            attack("a policy beside it, in another case", Refused(&["POL001"]), |scene| {
                scene.write("Policy-Packs/policy.yaml", "schema_version: 1\npacks: []\n");
                scene.write("README.md", "more\n");
                scene.commit("twin");
            }),
            attack("a waiver, and what it covers", mixed, |scene| {
                scene.write("policy-packs/waivers.yaml", WAIVER);
                steal(scene);
                scene.commit("waive");
            }),
            attack("a baseline pack without disciplines, and an edit", mixed, |scene| {
                let pack = "schema_version: 1\nname: baseline\nversion: 0.5.0\nsummary: soft\npaths: []\n";
                scene.write("policy-packs/baseline/pack.yaml", pack);
                steal(scene);
                scene.commit("pack");
            }),
            attack("whom readers of the ledger trust, and a plugin", Refused(&["POL001"]), |scene| {
                scene.write(".ledger/trust.policy", "quorum none\n");
                scene.write("README.md", "more\n");
                scene.commit("trust");
            }),
            attack("a policy that nobody can read, alone", Refused(&["POL003"]), |scene| {
                scene.write(POLICY, "schema_version: 1\nlevels: [\n");
                scene.commit("broken");
            }),
            attack("a policy that is a link to a softer one", Refused(&["POL003"]), |scene| {
                scene.git(&["mv", POLICY, "policy-packs/soft.yaml"]);
                std::os::unix::fs::symlink("soft.yaml", scene.author.path().join(POLICY)).unwrap();
                scene.commit("link");
            }),
            attack("the gate's workflow goes, with a feature", Refused(&["POL002"]), |scene| {
                scene.git(&["rm", "-q", WORKFLOW]);
                scene.write("README.md", "more\n");
                scene.commit("tidy");
            }),
            attack("the gate's workflow moves, with a feature", Refused(&["POL002"]), |scene| {
                scene.git(&["mv", WORKFLOW, ".github/workflows/guard.yml"]);
                scene.write("README.md", "more\n");
                scene.commit("tidy");
            }),
            attack("the gate's workflow is never run, with a feature", Refused(&["POL002"]), |scene| {
                scene.write(WORKFLOW, "on: [workflow_dispatch]\njobs: {}\n");
                scene.write("README.md", "more\n");
                scene.commit("tidy");
            }),
            attack("another workflow of the gate's name, in another case", Refused(&["POL002"]), |scene| {
                scene.write(".github/Workflows/ID-guard.yml", "on: [push]\njobs: {}\n");
                scene.write("README.md", "more\n");
                scene.commit("twin");
            }),
            attack("the folder of the workflows becomes a link", Refused(&["POL002"]), |scene| {
                scene.git(&["rm", "-rq", ".github"]);
                scene.write("soft/workflows/id-guard.yml", "on: []\n");
                std::os::unix::fs::symlink("soft", scene.author.path().join(".github")).unwrap();
                scene.commit("link");
            }),
            attack(
                "policy and workflow, and lines of the ledger",
                Refused(&["POL001", "POL002", "LED001"]),
                |scene| {
                    soften(scene);
                    scene.write(WORKFLOW, "on: []\n");
                    scene.write(LEDGER, "");
                    scene.commit("all at once");
                },
            ),
            attack("a softer policy, and the card of another", Refused(&["IMM001"]), |scene| {
                // Cards may come with a pack, and are checked as well.
                soften(scene);
                scene.edit(CARD, "key: PLG_ALPHA", "key: PLG_STOLEN");
                scene.commit("a pack's card");
            }),
            attack("a softer policy alone", Warned(&["POL001"]), |scene| {
                soften(scene);
                scene.commit("policy");
            }),
            attack("a waiver alone", Warned(&["POL001"]), |scene| {
                // The commits of a scene are of November 2023.
                scene.write(
                    "policy-packs/waivers.yaml",
                    WAIVER.replace("2999", "2024").replace("12-31", "03-31"),
                );
                scene.commit("waive");
            }),
            attack("a waiver that does not end", Refused(&["POL003"]), |scene| {
                scene.write("policy-packs/waivers.yaml", WAIVER);
                scene.commit("waive");
            }),
            attack("a waiver of the ledger", Refused(&["POL003"]), |scene| {
                let waiver = WAIVER.replace("2999-12-31", "2024-03-31").replace("IMM004", "LED001");
                scene.write("policy-packs/waivers.yaml", waiver);
                scene.commit("waive");
            }),
            attack("a policy under another name", Warned(&["POL001", "POL012"]), |scene| {
                scene.write("policy-packs/policy.yml", "schema_version: 1\n");
                scene.commit("policy");
            }),
            attack("a workflow of the gate alone", Warned(&["POL002"]), |scene| {
                scene.write(WORKFLOW, "on: []\n");
                scene.commit("workflow");
            }),
            attack("a governance change where warnings fail", Refused(&["POL001"]), |scene| {
                soften(scene);
                scene.commit("policy");
                scene.set("INPUT_FAIL_ON", "warn");
            }),
            attack("a workflow that is none of the gate's", Harmless, |scene| {
                scene.write(".github/workflows/build.yml", "on: []\n");
                scene.write("README.md", "more\n");
                scene.commit("build");
            }),
        ],
    );
}
