//! The gate: every event, valid and invalid changes, full and shallow clones.

use super::changes::{
    AUDIT, BASE_GATE, GATE, WRITER, accepted, bad, counter, good, pull_request, push, recorded,
};
use crate::support::action::{CARD, Event, NOTHING, Place, Runner, files_below, sha256};

#[test]
fn every_event_of_a_pull_request_is_checked() {
    let Some(place) = Place::begin(&[]) else { return };
    recorded(&place);
    let registry = std::fs::read(place.clone.path().join("ids/registry.yaml")).unwrap();
    let (right, wrong) = (place.pull(1, "main", good), place.pull(2, "main", bad));
    for action in ["opened", "synchronize", "reopened", "edited"] {
        let run = place.runner(Event::pull_request(action, &right), GATE).run();
        run.is("pass", &["All checks passed"]);
        assert_eq!((run.output("findings"), run.output("errors")), ("0", "0"), "{action}");
        assert!(run.summary.starts_with("## id-guard: passed"), "{}", run.summary);
        for (pull, run) in
            [(&right, run), (&wrong, place.runner(Event::pull_request(action, &wrong), GATE).run())]
        {
            let commits = ["base", "merge-base", "head"].map(|name| run.output(name));
            assert_eq!(commits, [&pull.base, &pull.base, &pull.head].map(String::as_str), "{action}");
            // The registry is the writer's: a change leaves it as it is.
            assert_eq!(run.output("registry-sha256"), sha256(&registry), "{action}");
        }
    }
    let run = place.runner(pull_request(&wrong), GATE).run();
    let annotation = format!("::error file={CARD},line=4,");
    run.is("fail", &["error[IMM001] card-changed", &annotation]);
    assert!(run.summary.starts_with("## id-guard: failed") && run.summary.contains("IMM001"));
    // The reports that steps after it may read.
    let report = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(run.output(name)).unwrap()).unwrap()
    };
    let (json, sarif) = (report("report-path"), report("sarif-path"));
    let codes = |found: &serde_json::Value, name: &str| -> Vec<String> {
        found.as_array().unwrap().iter().map(|found| found[name].as_str().unwrap().into()).collect()
    };
    let found = codes(&json["findings"], "code");
    assert!(found.contains(&"IMM001".to_string()), "{found:?}");
    assert_eq!(codes(&sarif["runs"][0]["results"], "ruleId"), found);
    let count = found.len().to_string();
    assert_eq!((run.output("findings"), run.output("errors")), (count.as_str(), count.as_str()));
    assert_eq!(run.git(&["status", "--porcelain"]), "", "nothing is left in the workspace");
}

#[test]
fn a_retargeted_pull_request_is_checked_against_the_new_base() {
    let Some(place) = Place::begin(&[]) else { return };
    place.clone.git(&["switch", "--quiet", "--create", "stable"]);
    good(&place);
    place.clone.commit("word count");
    place.push("stable");
    let pull = place.pull(1, "main", counter);
    place.runner(Event::pull_request("opened", &pull), GATE).run().is("pass", &[]);
    let moved = place.retarget(&pull, "stable");
    let run = place.runner(Event::pull_request("edited", &moved), GATE).run();
    run.is("fail", &["error[UNI002]", "against stable"]);
    assert_eq!(run.output("base"), moved.base);
    let back = place.retarget(&pull, "main");
    place.runner(Event::pull_request("edited", &back), GATE).run().is("pass", &["against main"]);
}

#[test]
fn a_base_that_moved_after_the_event_is_fetched_again() {
    let Some(place) = Place::begin(&[]) else { return };
    // Both take one key, and both pass alone.
    let (first, second) = (place.pull(1, "main", good), place.pull(2, "main", counter));
    for pull in [&first, &second] {
        place.runner(pull_request(pull), GATE).run().is("pass", &[]);
    }
    let waiting = place.runner(pull_request(&second), GATE);
    let (before, after) = place.merge(&first);
    assert_eq!(second.base, before, "the event names the old base");
    let run = waiting.run();
    run.is("fail", &["error[UNI002]"]);
    assert_eq!((run.output("base"), run.output("merge-base")), (after.as_str(), before.as_str()));
}

#[test]
fn a_head_that_moved_after_the_event_is_reported() {
    let Some(place) = Place::begin(&["--base-controlled"]) else { return };
    let pull = place.pull(1, "main", bad);
    let events = [Event::pull_request_target("synchronize", &pull), pull_request(&pull)];
    let [target, plain] = events.map(|event| place.runner(event, BASE_GATE));
    let now =
        place.push_to(&pull, |place| drop(place.clone.git(&["checkout", "--quiet", "main", "--", "."])));
    for waiting in [target, plain.asking(&[], "")] {
        let run = waiting.run();
        let moved = format!("moved to {}; this report is about {}", &now[..7], &pull.head[..7]);
        run.is("fail", &["IMM001", &moved]);
        assert_eq!(run.output("head"), pull.head);
    }
    // Rewritten, so that no ref reaches the commit of the event.
    let pull = place.pull(2, "main", bad);
    let waiting = place.runner(Event::pull_request_target("synchronize", &pull), BASE_GATE);
    place.clone.git(&["push", "--quiet", "origin", "+main:refs/pull/2/head", "+main:refs/pull/2/merge"]);
    waiting.run().is("fail", &["IMM001", "moved to"]);
}

#[test]
fn the_workflow_of_the_base_runs_nothing_of_the_head() {
    let Some(place) = Place::begin(&["--base-controlled"]) else { return };
    let trap = "echo trapped >&2; touch \"$HOME/trapped\"\n";
    let pull = place.pull(1, "main", |place| {
        bad(place);
        let policy = "policy-packs/policy.yaml";
        let text = std::fs::read_to_string(place.clone.path().join(policy)).unwrap();
        place.clone.write(policy, text + "levels:\n  card-changed: allow\n  policy-changed: allow\n");
        let job = format!("    runs-on: ubuntu-latest\n    steps: [{{ run: {:?} }}]\n", trap.trim());
        let workflow = format!("on: [pull_request, pull_request_target]\njobs:\n  id-guard-base:\n{job}");
        for name in [BASE_GATE, GATE, "trap.yml"] {
            place.clone.write(format!(".github/workflows/{name}"), &workflow);
        }
        let steps = format!("  steps: [{{ shell: bash, run: {:?} }}]\n", trap.trim());
        let action = format!("name: trap\nruns:\n  using: composite\n{steps}");
        for name in ["action.yml", ".github/actions/id-guard/action.yml"] {
            place.clone.write(name, &action);
        }
        for name in ["share/action/tools.sh", ".githooks/post-checkout", "id-guard", "git"] {
            place.clone.write(name, format!("#!/bin/sh\n{trap}"));
        }
        place.clone.write(".gitattributes", "* filter=trap\n");
        place.clone.write(".gitmodules", "[submodule \"trap\"]\n\tpath = trap\n\turl = ../trap\n");
    });
    for action in ["opened", "synchronize", "reopened", "edited"] {
        let run = place.runner(Event::pull_request_target(action, &pull), BASE_GATE).run();
        // The policy of the base is the rule, so the footer names the base only.
        let policy = format!("against main@{}", &pull.base[..7]);
        run.is("fail", &["error[IMM001]", "error[POL001]", "error[POL002]", &policy]);
        assert!(!run.log.contains("policy from"), "{}", run.log);
        assert_eq!((run.output("base"), run.output("head")), (pull.base.as_str(), pull.head.as_str()));
        // The workspace is the base, and nothing else.
        assert_eq!(run.git(&["rev-parse", "HEAD"]), pull.base);
        assert_eq!(run.git(&["status", "--porcelain", "--ignored"]), "");
        // The head is there as objects, under a name that nothing checks out.
        assert_eq!(run.git(&["rev-parse", "refs/id-guard/pull/1"]), pull.head);
        assert!(!run.log.contains("trapped"), "{}", run.log);
        let outside = run.workspace.ancestors().nth(4).unwrap();
        assert!(!files_below(outside).iter().any(|path| path.ends_with("trapped")), "{action}");
    }
    let pull = place.pull(2, "main", good);
    place.runner(Event::pull_request_target("opened", &pull), BASE_GATE).run().is("pass", &[]);
}

#[test]
fn a_merge_queue_is_checked() {
    for (init, workflow) in [(&[][..], GATE), (&["--base-controlled"], BASE_GATE)] {
        let Some(place) = Place::begin(init) else { return };
        let base = place.clone.git(&["rev-parse", "main"]);
        for (number, change, verdict) in [(1, good as fn(&Place), "pass"), (2, bad, "fail")] {
            let pull = place.pull(number, "main", change);
            // The queue merges into a branch of its own.
            let head = place.at_remote(&["rev-parse", &format!("refs/pull/{number}/merge")]);
            let reference = format!("refs/heads/gh-readonly-queue/main/pr-{number}-{base}");
            place.at_remote(&["update-ref", &reference, &head]);
            let run = place.runner(Event::merge_group(&reference, &base, &head), workflow).run();
            run.is(verdict, &[]);
            let commits = [run.output("base"), run.output("head")];
            assert_eq!(commits, [&base, &head], "not {}, the head alone", pull.head);
        }
    }
}

#[test]
fn a_push_is_checked() {
    let Some(place) = Place::begin(&[]) else { return };
    let fine = place.pushed(good);
    place.runner(push(&fine), GATE).run().is("pass", &[]);
    let worse = place.pushed(bad);
    let run = place.runner(push(&worse), GATE).run();
    run.is("fail", &["IMM001"]);
    assert_eq!((run.output("base"), run.output("head")), (worse.0.as_str(), worse.1.as_str()));
    let run = place.runner(push(&(worse.1, NOTHING.into())), GATE).run();
    run.is("error", &["the push deleted the branch: nothing to check"]);
    assert!(run.summary.contains("nothing to check"), "{}", run.summary);
}

#[test]
fn a_new_branch_is_checked_against_the_default_branch() {
    let Some(place) = Place::begin(&[]) else { return };
    let main = place.clone.git(&["rev-parse", "main"]);
    for (branch, change, verdict) in [("one", good as fn(&Place), "pass"), ("two", bad, "fail")] {
        place.clone.git(&["switch", "--quiet", "--create", branch, "main"]);
        change(&place);
        let head = place.clone.commit("a change");
        place.push(branch);
        let gone = "0123456789012345678901234567890123456789";
        for event in [Event::push(branch, (NOTHING, &head)), Event::forced(branch, (gone, &head))] {
            let run = place.runner(event, GATE).run();
            run.is(verdict, &[]);
            assert_eq!((run.output("base"), run.output("head")), (main.as_str(), head.as_str()));
        }
    }
}

#[test]
fn a_rewritten_main_branch_is_checked_against_its_old_state() {
    let Some(place) = Place::begin(&[]) else { return };
    let (first, second) = place.pushed(good);
    // The plugin is dropped from the history: `before` has no name any more, and only its id leads to it.
    place.clone.git(&["reset", "--quiet", "--hard", &first]);
    place.clone.write("README.md", "# Other plugins\n");
    let third = place.clone.commit("rewritten");
    place.push("main");
    let run = place.runner(Event::forced("main", (&second, &third)), GATE).run();
    run.is("fail", &["IMM002"]);
    assert_eq!(run.output("base"), second);
    // If the remote no longer has the old commit, the full tree and its history are checked.
    let gone = "0123456789012345678901234567890123456789";
    for event in [Event::forced("main", (gone, &third)), Event::push("main", (NOTHING, &third))] {
        let run = place.runner(event, GATE).run();
        // Nothing was recorded yet.
        run.is("fail", &["LED012", "1 error", "in the history of"]);
    }
    // One that is not forced and is gone is an error.
    let run = place.runner(Event::push("main", (gone, &third)), GATE).run();
    run.is("error", &[&format!("the commit {gone} of the event does not exist in this clone")]);
}

#[test]
fn the_audit_checks_the_full_history() {
    let Some(place) = Place::begin(&[]) else { return };
    let audit = |name: &'static str| place.runner(Event::of_itself(name), AUDIT);
    audit("schedule").run().is("fail", &["LED012", "no ledger found"]);
    recorded(&place);
    place.tool("id-plugin", &["bump", "local_preview", "1.0.0"]);
    place.clone.commit("local preview 1.0.0");
    place.push("main");
    recorded(&place);
    for name in ["schedule", "workflow_dispatch"] {
        let run = audit(name).run();
        run.is("pass", &["All checks passed"]);
        assert_eq!(run.output("head").len(), 40, "{:?}", run.outputs);
    }
    // The gate's own workflow does the same where no event names a change.
    place.runner(Event::of_itself("workflow_dispatch"), GATE).run().is("pass", &["All checks passed"]);
    // A tag that is moved at the remote, after the checkout.
    let tag = "refs/tags/plugin-local_preview-1.0.0";
    let original = place.at_remote(&["rev-parse", tag]);
    let waiting = audit("schedule");
    place.at_remote(&["update-ref", tag, "main~2"]);
    waiting.run().is("fail", &["IMM029", "plugin-local_preview-1.0.0"]);
    audit("workflow_dispatch").run().is("fail", &["IMM029"]);
    place.at_remote(&["update-ref", tag, &original]);
    audit("schedule").run().is("pass", &[]);
    // A ledger line without a commit.
    let ledger = std::fs::read_to_string(place.clone.path().join(".ledger/ids.jsonl")).unwrap();
    place.pushed(|place| {
        place.clone.write(".ledger/ids.jsonl", ledger.replacen("previews@example.org", "eve@example.org", 1));
    });
    audit("schedule").run().is("fail", &["LED"]);
    place.pushed(|place| place.clone.write(".ledger/ids.jsonl", &ledger));
    // A card that was edited past the gate, and edited back: its history stays.
    let card = std::fs::read_to_string(place.clone.path().join(CARD)).unwrap();
    place.pushed(bad);
    place.pushed(|place| place.clone.write(CARD, card));
    for name in ["schedule", "workflow_dispatch"] {
        audit(name).run().is("fail", &["IMM001"]);
    }
}

#[test]
fn another_workflow_calls_the_gate() {
    let Some(place) = Place::begin(&[]) else { return };
    let job = "    permissions: { contents: read }\n    uses: ./.github/workflows/id-guard.yml\n";
    let caller = format!("on: pull_request\njobs:\n  gate:\n{job}");
    for (number, change, verdict) in [(1, good as fn(&Place), "pass"), (2, bad, "fail")] {
        let pull = place.pull(number, "main", change);
        place.runner(pull_request(&pull), GATE).following(&caller).run().is(verdict, &[]);
    }
}

#[test]
fn a_shallow_clone_is_deepened_as_far_as_needed() {
    let Some(place) = Place::begin(&["--base-controlled"]) else { return };
    let (right, wrong) = (place.pull(1, "main", good), place.pull(2, "main", bad));
    // Deeper than the first step: base and head part before it.
    for _ in 0..120 {
        place.clone.git(&["commit", "--quiet", "--allow-empty", "-m", "on and on"]);
    }
    place.push("main");
    for (pull, verdict) in [(&right, "pass"), (&wrong, "fail")] {
        let now = place.retarget(pull, "main");
        let run = place.shallow_runner(pull_request(&now), BASE_GATE).asking(&[], "").run();
        run.is(verdict, &[]);
        assert_eq!((run.output("base"), run.output("merge-base")), (now.base.as_str(), right.base.as_str()));
        place.shallow_runner(Event::pull_request_target("opened", &now), BASE_GATE).run().is(verdict, &[]);
    }
    // What was pushed, a new branch, a merge queue.
    let before = place.clone.git(&["rev-parse", "main~5"]);
    let after = place.clone.git(&["rev-parse", "main"]);
    place.shallow_runner(push(&(before, after.clone())), BASE_GATE).asking(&[], "").run().is("pass", &[]);
    for (number, change, verdict) in [(3, good as fn(&Place), "pass"), (4, bad, "fail")] {
        let pull = place.pull(number, &right.base, change);
        let reference = format!("refs/heads/queue-{number}");
        place.at_remote(&["update-ref", &reference, &pull.head]);
        let branch = Event::push(reference.trim_start_matches("refs/heads/"), (NOTHING, &pull.head));
        for event in [branch, Event::merge_group(&reference, &right.base, &pull.head)] {
            place.shallow_runner(event, BASE_GATE).asking(&[], "").run().is(verdict, &[]);
        }
    }
    // The audit needs all of it.
    let audited = place.shallow_runner(Event::of_itself("schedule"), AUDIT).run();
    audited.is("fail", &["LED012", "1 error", "in the history of"]);
    // The writer, too.
    let merged = place.merge(&right);
    place.shallow_runner(push(&merged), WRITER).run().is("pass", &["made the tag plugin-word_count-0.1.0"]);
    accepted(&place);
}

#[test]
fn a_clone_that_stays_too_shallow_cannot_be_checked() {
    let Some(place) = Place::begin(&[]) else { return };
    let pull = place.pull(1, "main", good);
    place.pushed(|place| place.clone.write("README.md", "# More plugins\n"));
    let pull = place.retarget(&pull, "main");
    let hides_refs = |_: &Runner<'_>| drop(place.at_remote(&["config", "transfer.hideRefs", "refs"]));
    let is_gone = |runner: &Runner<'_>| {
        place.at_remote(&["config", "--unset", "transfer.hideRefs"]);
        runner.git(&["remote", "set-url", "origin", "/nonexistent"]);
    };
    let is_none = |runner: &Runner<'_>| drop(runner.git(&["remote", "remove", "origin"]));
    let spoilt: [&dyn Fn(&Runner<'_>); 3] = [&hides_refs, &is_gone, &is_none];
    let runners = [(); 3].map(|()| place.shallow_runner(pull_request(&pull), GATE));
    for (runner, spoil) in runners.into_iter().zip(spoilt) {
        spoil(&runner);
        let run = runner.run();
        run.is("error", &["fetch-depth: 0"]);
        assert!(run.summary.starts_with("## id-guard: the check could not run"), "{}", run.summary);
    }
    // With all of the history and no word from the remote, the base may be stale: no verdict either.
    let runners = [(); 2].map(|()| place.runner(pull_request(&pull), GATE));
    for (runner, spoil) in runners.into_iter().zip(spoilt) {
        spoil(&runner);
        runner.run().is("error", &["main cannot be fetched from origin"]);
    }
}
