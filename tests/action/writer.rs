//! The post-merge job: merges are recorded and published, also after failures.

use super::changes::{GATE, WRITER, accepted, another, good, pull_request, push, releasing};
use crate::support::action::{Event, Place, Pull, sha256};

#[test]
fn merges_are_recorded_and_published() {
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
fn the_next_run_records_what_a_dropped_run_missed() {
    let Some(place) = Place::begin(&[]) else { return };
    releasing(&place, false);
    let (first, second) = (place.pull(1, "main", good), place.pull(2, "main", another));
    let dropped = place.merge(&first);
    let last = place.merge(&second);
    assert_eq!(dropped.1, last.0);
    let run = place.runner(push(&last), WRITER).run();
    run.is("pass", &["made the tag plugin-word_count-0.1.0", "made the tag plugin-line_count-0.1.0"]);
    assert_eq!(run.output("tags").split(' ').count(), 3, "{}", run.output("tags"));
    assert_eq!(place.asked(), [""; 0], "no workflow creates releases");
    accepted(&place);
    // A run of an old push that waited: what came after it is recorded already.
    place.runner(push(&dropped), WRITER).run().is("pass", &["nothing to do"]);
}

#[test]
fn a_protected_branch_gets_a_pull_request() {
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
fn a_ledger_on_its_own_branch_is_never_merged() {
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
fn a_refused_request_fails_and_is_repeated() {
    let Some(place) = Place::begin(&["--writer", "pull-request"]) else { return };
    let merged = place.merge(&place.pull(1, "main", good));
    place.program("bin/gh", "echo 'HTTP 403: Resource not accessible' >&2; exit 1\n");
    let run = place.runner(push(&merged), WRITER).run();
    run.is("fail", &["cannot create the pull request", "HTTP 403", "::error title="]);
    let branch = run.output("branch").to_string();
    assert_eq!(
        place.at_remote(&["rev-parse", &branch]),
        run.output("commit"),
        "the pushed commit remains on the branch"
    );
    place.listens();
    place.runner(push(&merged), WRITER).run().is("pass", &["waits to be merged"]);
    let asked = place.asked();
    assert!(asked.len() == 1 && asked[0].starts_with("pr create"), "{asked:?}");
}

#[test]
fn changes_that_cannot_be_recorded_fail_and_the_others_are_recorded() {
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
    assert!(run.summary.contains("recorded with errors"), "{}", run.summary);
    // A remote that takes nothing.
    place.pushed(|place| place.tool("id-plugin", &["bump", "word_count", "1.0.0"]).clear());
    let refs = place.at_remote(&["for-each-ref"]);
    place.program("remote.git/hooks/pre-receive", "echo no entry >&2; exit 1\n");
    let run = place.runner(Event::of_itself("workflow_dispatch"), WRITER).run();
    run.is("error", &["no entry"]);
    assert_eq!(place.at_remote(&["for-each-ref"]), refs);
}
