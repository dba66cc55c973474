//! The Action and its workflows, run by `act` on events and checkouts as GitHub makes them.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test that cannot be set up has failed, and says what it skips"
)]

mod support;

use std::path::Path;
use std::process::Command;

use support::action::{
    ACTION, CARD, Event, NOTHING, Place, Pull, Runner, VERSION, files_below, project, sha256,
};

const SECOND: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C4";
const THIRD: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C5";

const GATE: &str = "id-guard.yml";
const BASE_GATE: &str = "id-guard-base.yml";
const WRITER: &str = "id-post-merge.yml";
const AUDIT: &str = "id-audit.yml";

/// A change that the gate lets pass.
fn good(place: &Place) {
    place.plugin("Word Count", SECOND);
}

/// One more plugin.
fn another(place: &Place) {
    place.plugin("Line Count", THIRD);
}

/// A change that it does not: an ID card is edited (IMM001).
fn bad(place: &Place) {
    let card = std::fs::read_to_string(place.clone.path().join(CARD)).unwrap();
    place.clone.write(CARD, card.replace("PLG_LOCAL_PREVIEW", "PLG_PREVIEW"));
}

/// A change that is a warning: two keys differ by one letter (UNI007).
fn doubtful(place: &Place) {
    place.plugin("Local Previews", SECOND);
}

/// Mints a key that another change mints, too, for something else.
fn counter(place: &Place) {
    place.tool(
        "id-plugin",
        &["new", "Counter", "--key", "PLG_WORD_COUNT", "--ulid", THIRD, "--operation", "render"],
    );
}

fn pull_request(pull: &Pull) -> Event {
    Event::pull_request("synchronize", pull)
}

fn push((before, after): &(String, String)) -> Event {
    Event::push("main", (before, after))
}

#[test]
fn a_pull_request_is_judged_whatever_was_done_to_it() {
    let Some(place) = Place::begin(&[]) else { return };
    recorded(&place);
    let registry = std::fs::read(place.clone.path().join("ids/registry.yaml")).unwrap();
    let (right, wrong) = (place.pull(1, "main", good), place.pull(2, "main", bad));
    for action in ["opened", "synchronize", "reopened", "edited"] {
        let run = place.runner(Event::pull_request(action, &right), GATE).run();
        run.is("pass", &["nothing found"]);
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
fn a_pull_request_that_gets_another_base_is_judged_against_that_one() {
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
fn a_base_that_moved_on_after_the_event_is_asked_afresh() {
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
fn a_head_that_moved_on_is_told_and_the_verdict_is_of_the_events() {
    let Some(place) = Place::begin(&["--base-controlled"]) else { return };
    let pull = place.pull(1, "main", bad);
    let events = [Event::pull_request_target("synchronize", &pull), pull_request(&pull)];
    let [target, plain] = events.map(|event| place.runner(event, BASE_GATE));
    let now =
        place.push_to(&pull, |place| drop(place.clone.git(&["checkout", "--quiet", "main", "--", "."])));
    for waiting in [target, plain.asking(&[], "")] {
        let run = waiting.run();
        let told = format!("moved on to {} meanwhile: this verdict is of {}", &now[..7], &pull.head[..7]);
        run.is("fail", &["IMM001", &told]);
        assert_eq!(run.output("head"), pull.head);
    }
    // Rewritten, so that no name leads to what the event told of.
    let pull = place.pull(2, "main", bad);
    let waiting = place.runner(Event::pull_request_target("synchronize", &pull), BASE_GATE);
    place.clone.git(&["push", "--quiet", "origin", "+main:refs/pull/2/head", "+main:refs/pull/2/merge"]);
    waiting.run().is("fail", &["IMM001", "moved on to"]);
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
        let policy = format!("policy from {}", &pull.base[..7]);
        run.is("fail", &["error[IMM001]", "error[POL001]", "error[POL002]", &policy]);
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
fn a_merge_queue_is_judged_again() {
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
fn what_was_pushed_is_judged_once_more() {
    let Some(place) = Place::begin(&[]) else { return };
    let fine = place.pushed(good);
    place.runner(push(&fine), GATE).run().is("pass", &[]);
    let worse = place.pushed(bad);
    let run = place.runner(push(&worse), GATE).run();
    run.is("fail", &["IMM001"]);
    assert_eq!((run.output("base"), run.output("head")), (worse.0.as_str(), worse.1.as_str()));
    let run = place.runner(push(&(worse.1, NOTHING.into())), GATE).run();
    run.is("error", &["the push deleted the branch: there is nothing to judge"]);
    assert!(run.summary.contains("there is nothing to judge"), "{}", run.summary);
}

#[test]
fn a_new_branch_is_judged_against_the_default_branch() {
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
fn a_mainline_that_was_rewritten_is_judged_against_what_stood() {
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
    // Where the remote has it no more, there is nothing left to judge against: what stands is judged whole, and its history.
    let gone = "0123456789012345678901234567890123456789";
    for event in [Event::forced("main", (gone, &third)), Event::push("main", (NOTHING, &third))] {
        let run = place.runner(event, GATE).run();
        run.is("pass", &["judged the history of"]);
    }
    // One that is not forced and is gone is an error.
    let run = place.runner(Event::push("main", (gone, &third)), GATE).run();
    run.is("error", &[&format!("the commit {gone} of the event is not here")]);
}

#[test]
fn the_audit_judges_everything_that_stands() {
    let Some(place) = Place::begin(&[]) else { return };
    let audit = |name: &'static str| place.runner(Event::of_itself(name), AUDIT);
    audit("schedule").run().is("pass", &["there is no ledger here"]);
    recorded(&place);
    place.tool("id-plugin", &["bump", "local_preview", "1.0.0"]);
    place.clone.commit("local preview 1.0.0");
    place.push("main");
    recorded(&place);
    for name in ["schedule", "workflow_dispatch"] {
        let run = audit(name).run();
        run.is("pass", &["nothing found"]);
        assert_eq!(run.output("head").len(), 40, "{:?}", run.outputs);
    }
    // The gate's own workflow does the same where no event names a change.
    place.runner(Event::of_itself("workflow_dispatch"), GATE).run().is("pass", &["nothing found"]);
    // A tag that is moved at the remote, after the checkout.
    let tag = "refs/tags/plugin-local_preview-1.0.0";
    let stood = place.at_remote(&["rev-parse", tag]);
    let waiting = audit("schedule");
    place.at_remote(&["update-ref", tag, "main~2"]);
    waiting.run().is("fail", &["IMM029", "plugin-local_preview-1.0.0"]);
    audit("workflow_dispatch").run().is("fail", &["IMM029"]);
    place.at_remote(&["update-ref", tag, &stood]);
    audit("schedule").run().is("pass", &[]);
    // A line of the ledger that nothing tells.
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

/// Records what stands on `main`, as the writer does, and brings it here.
fn recorded(place: &Place) {
    place.tool("id-guard", &["post-merge"]);
    pulled(place);
}

fn pulled(place: &Place) {
    place.clone.git(&["pull", "--quiet", "--ff-only", "--tags", "origin", "main"]);
}

/// What a reader holds ledger, registry and tags to, asked in the clone.
fn accepted(place: &Place) {
    pulled(place);
    place.tool("id-ledger", &["verify", "--rederive"]);
    place.tool("id-registry", &["build", "--check"]);
    place.tool("id-tag", &["verify", "--remote", "origin"]);
    place.tool("id-guard", &["audit"]);
}

/// Writes the workflow that releases, or takes away the one that `init` wrote.
fn releasing(place: &Place, whether: bool) {
    let path = ".github/workflows/id-release.yml";
    match whether {
        true => place.clone.write(path, "on: workflow_dispatch\n"),
        false => drop(place.clone.git(&["rm", "-q", "--ignore-unmatch", path])),
    }
    place.clone.commit("the release workflow");
    place.push("main");
}

#[test]
fn what_was_merged_is_recorded_and_published() {
    let Some(place) = Place::begin(&[]) else { return };
    releasing(&place, true);
    let (before, after) = place.merge(&place.pull(1, "main", good));
    let event = || Event::push("main", (&before, &after));
    let run = place.runner(event(), WRITER).run();
    run.is("pass", &["recorded 5 events", "made the tag plugin-word_count-0.1.0"]);
    let tags = "plugin-local_preview-0.1.0 plugin-word_count-0.1.0";
    assert_eq!((run.output("tags"), run.output("head")), (tags, after.as_str()));
    assert_eq!(run.output("commit"), place.at_remote(&["rev-parse", "main"]));
    assert_eq!(place.at_remote(&["rev-parse", "main~1"]), after);
    assert!(run.summary.starts_with("## id-guard: recorded\n"), "{}", run.summary);
    let names = place.at_remote(&["for-each-ref", "--format=%(refname:short)", "refs/tags"]);
    assert_eq!(names.replace('\n', " "), tags);
    accepted(&place);
    let registry = std::fs::read(place.clone.path().join("ids/registry.yaml")).unwrap();
    assert_eq!(run.output("registry-sha256"), sha256(&registry));
    let release = format!("workflow run id-release.yml --ref main --field tags={tags}");
    assert_eq!(place.asked(), [release.as_str()]);
    // The same run again, and one for the push of the record itself: nothing to do, and nothing is asked for.
    let refs = place.at_remote(&["for-each-ref"]);
    let ours = (after.clone(), place.at_remote(&["rev-parse", "main"]));
    place.runner(push(&ours), GATE).run().is("pass", &[]);
    for event in [event(), push(&ours), Event::of_itself("workflow_dispatch")] {
        let run = place.runner(event, WRITER).run();
        run.is("pass", &["nothing to do"]);
        assert_eq!((run.output("commit"), run.output("tags")), ("", ""));
    }
    assert_eq!((place.at_remote(&["for-each-ref"]), place.asked().len()), (refs, 1));
}

#[test]
fn a_run_that_was_dropped_is_made_up_for_by_the_next() {
    let Some(place) = Place::begin(&[]) else { return };
    releasing(&place, false);
    let (first, second) = (place.pull(1, "main", good), place.pull(2, "main", another));
    let dropped = place.merge(&first);
    let last = place.merge(&second);
    assert_eq!(dropped.1, last.0);
    let run = place.runner(push(&last), WRITER).run();
    run.is("pass", &["made the tag plugin-word_count-0.1.0", "made the tag plugin-line_count-0.1.0"]);
    assert_eq!(run.output("tags").split(' ').count(), 3, "{}", run.output("tags"));
    assert_eq!(place.asked(), [""; 0], "there is no workflow that releases");
    accepted(&place);
    // A run of an old push that waited: what came after it is recorded already.
    place.runner(push(&dropped), WRITER).run().is("pass", &["nothing to do"]);
}

#[test]
fn the_record_is_proposed_where_nobody_may_push() {
    let Some(place) = Place::begin(&["--writer", "pull-request"]) else { return };
    releasing(&place, true);
    let merged = place.merge(&place.pull(1, "main", good));
    let run = place.runner(push(&merged), WRITER).run();
    run.is("pass", &[]);
    let branch = run.output("branch").to_string();
    assert!(branch.starts_with("id-guard/record-"), "{branch}");
    assert_eq!(place.at_remote(&["rev-parse", &branch]), run.output("commit"));
    assert_eq!(place.at_remote(&["rev-parse", "main"]), merged.1, "main is left alone");
    assert_eq!(place.at_remote(&["tag"]), "", "nothing is tagged before it is merged");
    let [asked] = place.asked().try_into().unwrap();
    let wanted = format!("pr create --base main --head {branch} ");
    assert!(asked.starts_with(&wanted), "{asked}");
    // The gate accepts what is proposed; merged, it is tagged.
    let head = run.output("commit").to_string();
    place.clone.git(&["fetch", "--quiet", "origin", &branch]);
    place.at_remote(&["update-ref", "refs/pull/2/head", &head]);
    let base = merged.1.clone();
    let pull = place.retarget(&Pull { number: 2, base_branch: "main".into(), base, head }, "main");
    place.runner(pull_request(&pull), GATE).run().is("pass", &[]);
    let merged = place.merge(&pull);
    let run = place.runner(push(&merged), WRITER).run();
    run.is("pass", &["made the tag plugin-word_count-0.1.0"]);
    assert_eq!(run.output("branch"), "");
    let asked = place.asked();
    assert!(asked.len() == 2 && asked[1].starts_with("workflow run id-release.yml"), "{asked:?}");
    accepted(&place);
}

#[test]
fn the_ledger_beside_the_mainline_is_a_branch_that_nobody_merges() {
    let Some(place) = Place::begin(&["--writer", "branch"]) else { return };
    releasing(&place, true);
    let merged = place.merge(&place.pull(1, "main", good));
    let run = place.runner(push(&merged), WRITER).run();
    run.is("pass", &["made the tag plugin-word_count-0.1.0"]);
    assert_eq!(place.at_remote(&["rev-parse", "id-guard/ledger"]), run.output("commit"));
    assert_eq!(place.at_remote(&["rev-parse", "main"]), merged.1, "main is left alone");
    let asked = place.asked();
    assert!(asked.len() == 1 && asked[0].starts_with("workflow run id-release.yml"), "{asked:?}");
    place.runner(Event::of_itself("workflow_dispatch"), WRITER).run().is("pass", &["nothing to do"]);
}

#[test]
fn what_github_refuses_fails_and_is_asked_for_again() {
    let Some(place) = Place::begin(&["--writer", "pull-request"]) else { return };
    let merged = place.merge(&place.pull(1, "main", good));
    place.program("bin/gh", "echo 'HTTP 403: Resource not accessible' >&2; exit 1\n");
    let run = place.runner(push(&merged), WRITER).run();
    run.is("fail", &["the record cannot be proposed", "HTTP 403", "::error title="]);
    let branch = run.output("branch").to_string();
    assert_eq!(place.at_remote(&["rev-parse", &branch]), run.output("commit"), "what was made stands");
    place.listens();
    place.runner(push(&merged), WRITER).run().is("pass", &["waits to be merged"]);
    let asked = place.asked();
    assert!(asked.len() == 1 && asked[0].starts_with("pr create"), "{asked:?}");
}

#[test]
fn what_cannot_be_recorded_fails_and_the_rest_stands() {
    let Some(place) = Place::begin(&[]) else { return };
    releasing(&place, false);
    let taken = place.at_remote(&["rev-parse", "main~1"]);
    place.at_remote(&["update-ref", "refs/tags/plugin-local_preview-0.1.0", &taken]);
    let merged = place.merge(&place.pull(1, "main", good));
    let run = place.runner(push(&merged), WRITER).run();
    run.is(
        "fail",
        &["plugin-local_preview-0.1.0 names", "made the tag plugin-word_count-0.1.0", "::error title="],
    );
    assert_eq!(run.output("tags"), "plugin-word_count-0.1.0");
    assert!(run.summary.contains("recorded, and not all of it"), "{}", run.summary);
    // A remote that takes nothing.
    place.pushed(|place| place.tool("id-plugin", &["bump", "word_count", "1.0.0"]).clear());
    let refs = place.at_remote(&["for-each-ref"]);
    place.program("remote.git/hooks/pre-receive", "echo no entry >&2; exit 1\n");
    let run = place.runner(Event::of_itself("workflow_dispatch"), WRITER).run();
    run.is("error", &["no entry"]);
    assert_eq!(place.at_remote(&["for-each-ref"]), refs);
}

#[test]
fn a_shallow_clone_is_deepened_as_far_as_it_takes() {
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
    place.shallow_runner(Event::of_itself("schedule"), AUDIT).run().is("pass", &["nothing found"]);
    // The writer, too.
    let merged = place.merge(&right);
    place.shallow_runner(push(&merged), WRITER).run().is("pass", &["made the tag plugin-word_count-0.1.0"]);
    accepted(&place);
}

#[test]
fn a_clone_that_stays_too_shallow_is_no_verdict() {
    let Some(place) = Place::begin(&[]) else { return };
    let pull = place.pull(1, "main", good);
    place.pushed(|place| place.clone.write("README.md", "# More plugins\n"));
    let pull = place.retarget(&pull, "main");
    let says_no = |_: &Runner<'_>| drop(place.at_remote(&["config", "transfer.hideRefs", "refs"]));
    let is_gone = |runner: &Runner<'_>| {
        place.at_remote(&["config", "--unset", "transfer.hideRefs"]);
        runner.git(&["remote", "set-url", "origin", "/nonexistent"]);
    };
    let is_none = |runner: &Runner<'_>| drop(runner.git(&["remote", "remove", "origin"]));
    let spoilt: [&dyn Fn(&Runner<'_>); 3] = [&says_no, &is_gone, &is_none];
    let runners = [(); 3].map(|()| place.shallow_runner(pull_request(&pull), GATE));
    for (runner, spoil) in runners.into_iter().zip(spoilt) {
        spoil(&runner);
        let run = runner.run();
        run.is("error", &["fetch-depth: 0"]);
        assert!(run.summary.starts_with("## id-guard: could not judge"), "{}", run.summary);
    }
    // With all of the history and no word from the remote, the base may be stale: no verdict either.
    let runners = [(); 2].map(|()| place.runner(pull_request(&pull), GATE));
    for (runner, spoil) in runners.into_iter().zip(spoilt) {
        spoil(&runner);
        runner.run().is("error", &["main cannot be fetched from origin"]);
    }
}

#[test]
fn the_tools_are_those_that_the_action_knows_or_none() {
    let Some(place) = Place::begin(&[]) else { return };
    let pull = place.pull(1, "main", bad);
    let owned = place.at("owned");
    place.program("other/id-guard", &format!("echo another version; touch '{}'; exit 1\n", owned.display()));
    place.release("0.0.1-other", &place.at("other/id-guard"));
    let known = place.at("action/share/action/assets.sha256");
    let lines = std::fs::read_to_string(&known).unwrap();
    let asking = |inputs: &[(&str, &str)]| place.runner(pull_request(&pull), GATE).asking(inputs, "").run();
    // The last that is listed, or the one that is named.
    let run = asking(&[]);
    assert_eq!((run.status, owned.exists()), (1, true), "{}", run.log);
    assert!(run.log.contains("another version"), "{}", run.log);
    std::fs::remove_file(&owned).unwrap();
    asking(&[("version", VERSION)]).is("fail", &["IMM001"]);
    asking(&[("version", "9.9.9")]).is("error", &["this commit of the Action knows no such release"]);
    // What the mirror holds is not what is known.
    let digest = lines.lines().last().unwrap().split(' ').next().unwrap();
    std::fs::write(&known, lines.replace(digest, &sha256(b"something else"))).unwrap();
    asking(&[]).is("error", &["its SHA-256 differs"]);
    // Nothing is known, nothing is there.
    std::fs::write(&known, "").unwrap();
    asking(&[]).is("error", &["this commit of the Action knows no such release"]);
    std::fs::write(&known, &lines).unwrap();
    std::fs::remove_dir_all(place.at("mirror")).unwrap();
    std::fs::create_dir(place.at("mirror")).unwrap();
    asking(&[]).is("error", &["the mirror does not hold the release"]);
    assert!(!owned.exists(), "nothing was run");
    // A folder of one's own.
    let folder = Path::new(env!("CARGO_BIN_EXE_id-guard")).parent().unwrap().to_str().unwrap();
    asking(&[("bin", folder)]).is("fail", &["IMM001"]);
    asking(&[("bin", "/nonexistent")]).is("error", &["holds no program id-guard"]);
}

#[test]
fn no_input_is_a_command() {
    let Some(place) = Place::begin(&[]) else { return };
    let pull = place.pull(1, "main", good);
    const FILE: &str = "junit=$(touch owned)";
    let owned = place.at("owned");
    let touch = format!("touch {}", owned.display());
    let asking = |name: &str, value: &str| {
        let run = place.runner(pull_request(&pull), GATE).asking(&[(name, value)], "").run();
        assert!(!owned.exists(), "{name}: {value}");
        run
    };
    let nasty = format!("x\"; {touch}; $({touch}) `{touch}` ' | {touch}\n{touch}\nverdict=pass\n");
    for name in [
        "base",
        "head",
        "report",
        "policy-from",
        "version",
        "bin",
        "command",
        "per-commit",
        "fail-on",
        "summary",
        "annotations-max",
        "writer",
    ] {
        asking(name, &nasty).is("error", &[]);
    }
    let option = format!("--upload-pack={touch}");
    for (name, value) in [
        ("base", option.as_str()),
        ("base", "HEAD\nverdict=pass"),
        ("head", "--all"),
        ("head", &option),
        ("policy-from", &option),
        ("policy-from", "main:refs/heads/main"),
        ("policy-from", "a..b"),
        ("report", "nothing=x"),
        ("report", "junit"),
        ("version", "../../../x"),
        ("version", "*"),
        ("bin", "."),
    ] {
        asking(name, value).is("error", &[]);
    }
    // What has no meaning to a check changes nothing; and a file may be called anything.
    let pull = place.pull(2, "main", bad);
    for (name, value) in [("token", nasty.as_str()), ("log-key", &nasty), ("tags", &nasty), ("report", FILE)]
    {
        let run = place.runner(pull_request(&pull), GATE).asking(&[(name, value)], "").run();
        run.is("fail", &["IMM001"]);
        assert!(!owned.exists() && !run.workspace.join("owned").exists(), "{name}");
        assert_eq!(run.workspace.join("$(touch owned)").exists(), name == "report");
    }
}

#[test]
fn the_inputs_do_what_they_say() {
    let Some(place) = Place::begin(&[]) else { return };
    let (wrong, near) = (place.pull(1, "main", bad), place.pull(2, "main", doubtful));
    let asking = |pull: &Pull, inputs: &[(&str, &str)]| {
        place.runner(pull_request(pull), GATE).asking(inputs, "").run()
    };
    // What fails: a word that is none must not loosen the gate.
    for word in ["Deny", "nevr", "true"] {
        asking(&wrong, &[("fail-on", word)]).is("error", &["fail-on is one of deny, warn, never"]);
    }
    let run = asking(&wrong, &[("fail-on", "never")]);
    assert_eq!((run.verdict(), run.output("errors")), (("fail", 0), "1"), "{}", run.log);
    assert!(run.summary.starts_with("## id-guard: failed"), "{}", run.summary);
    assert_eq!(asking(&wrong, &[("fail-on", "never"), ("base", "nowhere")]).verdict(), ("error", 2));
    let run = asking(&near, &[]);
    run.is("pass", &["warning[UNI007]"]);
    assert_eq!((run.output("findings"), run.output("errors")), ("1", "0"));
    let run = asking(&near, &[("fail-on", "warn")]);
    run.is("fail", &["UNI007"]);
    assert_eq!(run.output("errors"), "1");
    // What is told.
    let run = asking(&wrong, &[("annotations-max", "0"), ("summary", "false")]);
    assert!(!run.log.contains("::error") && run.summary.is_empty(), "{}{}", run.log, run.summary);
    let run = asking(&wrong, &[("report", "junit=out.xml\nhuman=out.txt\n")]);
    run.is("fail", &[]);
    for name in ["out.xml", "out.txt"] {
        let text = std::fs::read_to_string(run.workspace.join(name)).unwrap();
        assert!(text.contains("IMM001"), "{name}: {text}");
    }
    // What is judged, and by which policy.
    let run = asking(&wrong, &[("base", "origin/main~1"), ("head", "origin/main")]);
    run.is("pass", &[]);
    assert_eq!(run.output("head"), wrong.base);
    // With the base alone, it is still the change, and not what is checked out.
    for event in [pull_request(&wrong), Event::pull_request_target("opened", &wrong)] {
        let run = place.runner(event, GATE).asking(&[("base", "origin/main~1")], "").run();
        run.is("fail", &["ONE003"]);
        assert_eq!(run.output("head"), wrong.head);
    }
    asking(&wrong, &[("head", "origin/main")]).is("error", &["no base to judge it against"]);
    place.clone.git(&["switch", "--quiet", "--create", "policies"]);
    let policy = std::fs::read_to_string(place.clone.path().join("policy-packs/policy.yaml")).unwrap();
    place.clone.write("policy-packs/policy.yaml", policy + "levels:\n  near-key: deny\n");
    place.clone.commit("stricter");
    place.push("policies");
    asking(&near, &[("policy-from", "policies")]).is("fail", &["error[UNI007]"]);
    asking(&near, &[("policy-from", "nowhere")]).is("error", &["nowhere cannot be fetched from origin"]);
    // Where: below a folder of the repository.
    asking(&wrong, &[("working-directory", "plugins/local_preview")]).is("fail", &["IMM001"]);
    // An edit that is taken back.
    let back =
        place.push_to(&wrong, |place| drop(place.clone.git(&["checkout", "--quiet", "main", "--", "."])));
    let back = place.retarget(&Pull { head: back, ..wrong }, "main");
    asking(&back, &[]).is("pass", &[]);
    asking(&back, &[("per-commit", "true")]).is("fail", &["IMM001"]);
}

#[test]
fn the_outputs_are_declared_and_reach_the_steps_that_follow() {
    let Some(place) = Place::begin(&[]) else { return };
    let pull = place.pull(1, "main", bad);
    let given = "        env: { VERDICT: \"${{ steps.guard.outputs.verdict }}\" }\n";
    let rest = format!("      - if: always()\n{given}        run: echo \"the verdict was $VERDICT\"\n");
    let run = place.runner(pull_request(&pull), GATE).asking(&[], &rest).run();
    run.is("fail", &["the verdict was fail"]);
    // Another step of the same job leaves what the first one reported.
    let rest = format!("      - if: always()\n        id: again\n        uses: {ACTION}\n");
    let twice = place.runner(pull_request(&pull), GATE).asking(&[], &rest).run();
    let reports = files_below(twice.workspace.parent().unwrap());
    assert_eq!(reports.iter().filter(|path| path.ends_with("report.json")).count(), 2);
    let text = std::fs::read_to_string(project().join("action.yml")).unwrap();
    let (_, text) = text.split_once("\noutputs:\n").unwrap();
    let (text, _) = text.split_once("\nruns:\n").unwrap();
    let indented =
        text.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    let declared: Vec<&str> = indented.map(|line| line.trim_end_matches(':')).collect();
    for name in &declared {
        assert!(text.contains(&format!("value: ${{{{ steps.id-guard.outputs.{name} }}}}")), "{name}");
    }
    let writer = place.runner(Event::of_itself("workflow_dispatch"), WRITER).run();
    for name in run.outputs.keys().chain(writer.outputs.keys()) {
        assert!(declared.contains(&name.as_str()), "action.yml does not declare {name}");
    }
}

#[test]
fn the_token_is_written_to_no_file() {
    let Some(place) = Place::begin(&[]) else { return };
    // Runs that fail, for what the runner leaves of them.
    let merged = place.merge(&place.pull(1, "main", bad));
    place.at_remote(&["update-ref", "refs/tags/plugin-local_preview-0.1.0", &merged.0]);
    let token = "ghs_0123456789abcdefghij";
    for workflow in [GATE, WRITER] {
        let runner = place.runner(push(&merged), workflow).with(&["-s", &format!("GITHUB_TOKEN={token}")]);
        let run = runner.run();
        run.is("fail", &[]);
        assert!(!run.log.contains(token));
        // base64 of `x-access-token:` and the token, as git shows it.
        let shown = "eC1hY2Nlc3MtdG9rZW46Z2hz";
        for path in files_below(run.workspace.parent().unwrap()) {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap_or_default()).into_owned();
            assert!(!text.contains(token) && !text.contains(shown), "{}", path.display());
        }
    }
}

#[test]
fn this_repositorys_own_gate_builds_itself_and_judges() {
    if ["ID_GUARD_LONG", "CI"].iter().all(|name| std::env::var_os(name).is_none()) {
        println!("skipped: it builds for minutes; ID_GUARD_LONG=1 runs it");
        return;
    }
    let Some(place) = Place::bare() else { return };
    place.at_remote(&["fetch", "--quiet", project().to_str().unwrap(), "+HEAD:refs/pull/1/head"]);
    let [head, base, tree] = ["", "~1", "^{tree}"]
        .map(|part| place.at_remote(&["rev-parse", "--verify", &format!("refs/pull/1/head{part}")]));
    place.at_remote(&["update-ref", "refs/heads/main", &base]);
    let merge = place.at_remote(&["commit-tree", &tree, "-p", &base, "-p", &head, "-m", "merged"]);
    place.at_remote(&["update-ref", "refs/pull/1/merge", &merge]);
    let pull = Pull { number: 1, base_branch: "main".into(), base, head };
    // Built where this workspace builds, so that it is not all built again.
    let target = Path::new(env!("CARGO_BIN_EXE_id-guard")).ancestors().nth(2).unwrap();
    let mut options = vec!["--env".into(), format!("CARGO_TARGET_DIR={}", target.display())];
    for (name, place) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        let home = std::env::var_os("HOME").unwrap();
        let path = std::env::var_os(name).map_or_else(|| Path::new(&home).join(place), Into::into);
        options.extend(["--env".into(), format!("{name}={}", path.display())]);
    }
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let run = place.runner(pull_request(&pull), GATE).with(&options).run();
    // Whatever it says of our last commit: it was built, and it judged.
    assert!(run.log.contains("Finished `release`"), "{}", run.log);
    assert_ne!(run.verdict().0, "error", "{}", run.log);
    let commits = ["base", "merge-base", "head"].map(|name| run.output(name));
    assert_eq!(commits, [&pull.base, &pull.base, &pull.head].map(String::as_str));
}

#[test]
fn the_finder_of_the_tools_says_what_it_refuses() {
    let script = project().join("share/action/tools.sh");
    let place = tempfile::tempdir().unwrap();
    let at = |path: &str| place.path().join(path).to_str().unwrap().to_string();
    let action = at("action");
    for folder in ["action/share/action", "workspace", "mirror", "tools", "temporary"] {
        std::fs::create_dir_all(place.path().join(folder)).unwrap();
    }
    let name = format!("id-guard-1.2.3-{}.tar.gz", support::action::triple());
    let lists = |digest: &str| {
        let lines =
            format!("{}  id-guard-1.2.2-mips-unknown-linux-gnu.tar.gz\n{digest}  {name}\n", "0".repeat(64));
        std::fs::write(at("action/share/action/assets.sha256"), lines).unwrap();
    };
    lists(&"0".repeat(64));
    let output = at("output");
    let find = |variables: &[(&str, &str)], path: Option<&str>| {
        let mut command = Command::new("bash");
        command.arg(&script).current_dir(place.path()).env_clear();
        command.env("PATH", path.map_or_else(|| std::env::var("PATH").unwrap(), String::from));
        command.envs([("ACTION_PATH", &action), ("GITHUB_WORKSPACE", &at("workspace"))]);
        command.envs([("GITHUB_OUTPUT", &output), ("RUNNER_TEMP", &at("temporary"))]);
        std::fs::write(&output, "").unwrap();
        support::registry::told(&command.envs(variables.iter().copied()).output().unwrap())
    };
    let mirror = at("mirror");
    std::fs::write(at("mirror/something"), "").unwrap();
    let unreachable = [("ACTION_REPOSITORY", "owner/id-guard"), ("GITHUB_SERVER_URL", "http://127.0.0.1:9")];
    let refusals: [(&[(&str, &str)], &str); 14] = [
        (&[("INPUT_BIN", "/nonexistent")], "holds no program id-guard"),
        (&[("INPUT_BIN", "tools")], "holds no program id-guard"),
        (&[("INPUT_VERSION", "1.2.3; id")], "the input version is no version"),
        (&[("INPUT_VERSION", "../1.2.3")], "the input version is no version"),
        (&[("INPUT_VERSION", "1.2.3\n")], "the input version is no version"),
        (&[("INPUT_VERSION", "1.2.4")], "knows no such release"),
        // Listed, for another system.
        (&[("INPUT_VERSION", "1.2.2")], "knows no such release"),
        (&[], "it is not known which repository the Action comes from"),
        (&[("ACTION_REPOSITORY", "owner")], "it is not known which repository"),
        (&[("ACTION_REPOSITORY", "owner/name/../../other")], "it is not known which repository"),
        (&[("ACTION_REPOSITORY", "owner/na$me")], "it is not known which repository"),
        // Not over a connection that anybody can write to.
        (&unreachable, "the release cannot be downloaded"),
        (&[("ACTION_REPOSITORY", "a/b"), ("ID_GUARD_MIRROR", "http://127.0.0.1:9")], "cannot be downloaded"),
        (&[("ID_GUARD_MIRROR", &mirror)], "the mirror does not hold the release"),
    ];
    let refused = |variables: &[(&str, &str)], path: Option<&str>, words: &str| {
        let told = find(variables, path);
        assert_eq!(told.status, 2, "{variables:?}: {}", told.text);
        assert!(told.text.contains("::error title=id-guard cannot start::"), "{variables:?}: {}", told.text);
        assert!(told.text.contains(words), "{variables:?}: {}", told.text);
        assert_eq!(std::fs::read_to_string(&output).unwrap(), "verdict=error\n", "{variables:?}");
    };
    for (variables, words) in refusals {
        refused(variables, None, words);
    }
    std::fs::write(at(&format!("mirror/{name}")), "something else").unwrap();
    refused(&[("ID_GUARD_MIRROR", &mirror)], None, "its SHA-256 differs");
    // The Action's own repository, and nothing to build it with.
    std::fs::write(at("action/Cargo.toml"), "").unwrap();
    let few = at("few");
    std::fs::create_dir(&few).unwrap();
    let bash = support::action::program("bash").unwrap();
    assert!(Command::new("ln").arg("-s").args([bash.to_str().unwrap(), &few]).status().unwrap().success());
    refused(&[("GITHUB_WORKSPACE", &action)], Some(&few), "there is no cargo to build it");
    // And what it finds: a folder, and nothing else on standard output.
    std::fs::remove_file(at("action/Cargo.toml")).unwrap();
    std::fs::write(at("tools/id-guard"), "").unwrap();
    Command::new("chmod").args(["+x", &at("tools/id-guard")]).status().unwrap();
    let told = find(&[("INPUT_BIN", "tools")], None);
    assert_eq!((told.status, told.text.trim()), (0, at("tools").as_str()));
    let folder = name.trim_end_matches(".tar.gz");
    std::fs::rename(at("tools"), at(folder)).unwrap();
    let archive = at(&format!("mirror/{name}"));
    let packed = Command::new("tar").args(["-czf", &archive, "-C", &at("."), folder]).status().unwrap();
    assert!(packed.success());
    lists(&sha256(&std::fs::read(&archive).unwrap()));
    for version in ["", "1.2.3"] {
        let told = find(&[("ID_GUARD_MIRROR", &mirror), ("INPUT_VERSION", version)], None);
        let found = Path::new(told.text.trim()).join("id-guard");
        assert!(told.status == 0 && found.is_file() && found.starts_with(at("temporary")), "{}", told.text);
    }
}
