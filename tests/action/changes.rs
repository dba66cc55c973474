//! The changes of the tests, and the events that describe them.

use crate::support::action::{CARD, Event, Place, Pull};

pub(crate) const SECOND: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C4";
pub(crate) const THIRD: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C5";

pub(crate) const GATE: &str = "id-guard.yml";
pub(crate) const BASE_GATE: &str = "id-guard-base.yml";
pub(crate) const WRITER: &str = "id-post-merge.yml";
pub(crate) const AUDIT: &str = "id-audit.yml";

/// A change that passes.
pub(crate) fn good(place: &Place) {
    place.plugin("Word Count", SECOND);
}

/// One more plugin.
pub(crate) fn another(place: &Place) {
    place.plugin("Line Count", THIRD);
}

/// A change that fails: an ID card is edited (IMM001).
pub(crate) fn bad(place: &Place) {
    let card = std::fs::read_to_string(place.clone.path().join(CARD)).unwrap();
    place.clone.write(CARD, card.replace("PLG_LOCAL_PREVIEW", "PLG_PREVIEW"));
}

/// A change that is a warning: two keys differ by one letter (UNI007).
pub(crate) fn doubtful(place: &Place) {
    place.plugin("Local Previews", SECOND);
}

/// Mints a key that another change mints as well.
pub(crate) fn counter(place: &Place) {
    place.tool(
        "id-plugin",
        &["new", "Counter", "--key", "PLG_WORD_COUNT", "--ulid", THIRD, "--operation", "render"],
    );
}

pub(crate) fn pull_request(pull: &Pull) -> Event {
    Event::pull_request("synchronize", pull)
}

pub(crate) fn push((before, after): &(String, String)) -> Event {
    Event::push("main", (before, after))
}

/// Records the commits of `main` like the post-merge job, and pulls the result.
pub(crate) fn recorded(place: &Place) {
    place.tool("id-guard", &["post-merge"]);
    pulled(place);
}

pub(crate) fn pulled(place: &Place) {
    place.clone.git(&["pull", "--quiet", "--ff-only", "--tags", "origin", "main"]);
}

/// Verifies ledger, registry and tags in the clone.
pub(crate) fn accepted(place: &Place) {
    pulled(place);
    place.tool("id-ledger", &["verify", "--rederive"]);
    place.tool("id-registry", &["build", "--check"]);
    place.tool("id-tag", &["verify", "--remote", "origin"]);
    place.tool("id-guard", &["audit"]);
}

/// Writes the release workflow, or removes the one that `init` wrote.
pub(crate) fn releasing(place: &Place, whether: bool) {
    let path = ".github/workflows/id-release.yml";
    match whether {
        true => place.clone.write(path, "on: workflow_dispatch\n"),
        false => drop(place.clone.git(&["rm", "-q", "--ignore-unmatch", path])),
    }
    place.clone.commit("the release workflow");
    place.push("main");
}
