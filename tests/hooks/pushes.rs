//! Checks of pushes: branches, tags, several refs, forced pushes, first pushes, any remote.

use super::place::{CARD, EDITED, FIRST, Place, SECOND};

#[test]
fn a_push_is_checked_like_the_gate() {
    let place = Place::begun();
    place.good_branch("good");
    place.push(&["origin", "good"]).silent();
    place.bad_branch("bad");
    place.push(&["origin", "bad"]).refused(&[EDITED, "against origin/main", "failed to push"]);
    assert_eq!(place.at_remote("refs/heads/bad"), "");
    place.push(&["--no-verify", "origin", "bad"]).silent();
    // Without new commits nothing is pushed or checked.
    place.push(&["origin", "bad"]).silent();
    place.write("README.md", "# Plugins\n");
    place.commit("readme").silent();
    place.push(&["origin", "bad"]).silent();
    place.git(&["switch", "--quiet", "good"]).silent();
    place.edit(CARD);
    place.force("edit");
    place.push(&["origin", "good"]).refused(&[EDITED]);
    place.push(&["origin", "HEAD:refs/heads/main"]).refused(&[EDITED]);
    // Independent of the current branch: only the pushed commits count.
    place.git(&["switch", "--quiet", "main"]).silent();
    place.push(&["origin", "good", "HEAD:refs/heads/other"]).refused(&[EDITED]);
    place.git(&["switch", "--quiet", "bad"]).silent();
    place.push(&["origin", "good~1:refs/heads/other"]).silent();
}

#[test]
fn a_branch_that_tracks_its_own_push_is_not_a_base() {
    let place = Place::begun();
    place.bad_branch("bad");
    place.push(&["--no-verify", "--set-upstream", "origin", "bad"]).well();
    // The same commit under another name.
    place.push(&["origin", "bad:refs/heads/worse"]).refused(&[EDITED, "against origin/main"]);
    // Deleted there, and still noted here.
    place.git(&["--git-dir", &place.name("remote.git"), "branch", "--quiet", "-D", "bad"]).silent();
    place.write("README.md", "# Plugins\n");
    place.commit("readme").silent();
    place.push(&["origin", "bad"]).refused(&[EDITED, "against origin/main"]);
    // On top of another branch that must be merged first; the output names it.
    place.good_branch("lower");
    place.plugin("Word Count", SECOND);
    place.commit("word count").silent();
    place.push(&["--set-upstream", "origin", "lower"]).well();
    place.git(&["switch", "--quiet", "--create", "upper", "--track", "origin/lower"]).silent();
    let card = format!("ids/cards/{SECOND}.yaml");
    place.git(&["rm", "--quiet", "-r", &card, "plugins/word_count"]).silent();
    place.git(&["commit", "--quiet", "--message", "without"]).silent();
    place.push(&["origin", "upper"]).silent();
}

#[test]
fn a_push_without_new_commits_passes() {
    let place = Place::begun();
    for name in ["refs/heads/same", "refs/tags/v1"] {
        place.push(&["origin", &format!("main:{name}")]).silent();
        place.push(&["origin", &format!("main~1:{name}-before")]).silent();
    }
    place.git(&["tag", "--annotate", "v2", "--message", "two"]).silent();
    place.push(&["origin", "v2", "v2:refs/tags/v3"]).silent();
    place.push(&["--force", "origin", "main~1:refs/tags/v2", "main~1:refs/heads/same"]).silent();
    place.git(&["notes", "add", "--message", "well done"]).silent();
    place.push(&["origin", "refs/notes/commits"]).silent();
    // Another branch, made where the mainline is or was.
    place.git(&["remote", "set-head", "origin", "main"]).silent();
    place.push(&["origin", "main~1:refs/heads/older", "main:refs/heads/newer"]).silent();
    // What goes away brings nothing; neither does what is not there.
    place.push(&["origin", "--delete", "same", "v1", "older"]).silent();
    place.push(&["origin", "--delete", "nosuch"]).refused(&["does not exist"]);
    assert_eq!(place.at_remote("refs/heads/same") + &place.at_remote("refs/tags/v1"), "");
    // A tag of what the gate would refuse.
    place.bad_branch("bad");
    place.git(&["tag", "bad-tag"]).silent();
    place.push(&["origin", "bad-tag"]).refused(&[EDITED]);
    // A history of its own.
    place.git(&["switch", "--quiet", "--orphan", "pages"]).silent();
    place.write("index.html", "<h1>Plugins</h1>\n");
    place.commit("pages").silent();
    place.push(&["origin", "pages"]).silent();
    place.push(&["--force", "origin", "pages:main"]).refused(&["no common ancestor"]);
}

/// Invalid commit ids in the environment of a hook manager are an error, not an empty range.
#[test]
fn a_push_with_an_unknown_range_is_refused() {
    let mut place = Place::begun();
    place.bad_branch("bad");
    let branch = |local: &str, remote: &str, head: &str| {
        let pairs =
            [("LOCAL_BRANCH", local), ("REMOTE_BRANCH", remote), ("TO_REF", head), ("REMOTE_NAME", "origin")];
        pairs.map(|(name, value)| (format!("PRE_COMMIT_{name}"), value.to_string())).to_vec()
    };
    for (local, head, message) in [
        ("refs/heads/bad", "bad", EDITED),
        ("refs/heads/bad", "nosuch", "commit not found: nosuch"),
        ("refs/heads/nosuch", "", "commit not found: refs/heads/nosuch"),
    ] {
        place.also = branch(local, "refs/heads/bad", head);
        place.tool("id-guard", &["hook", "pre-push"]).refused(&[message]);
    }
    place.also = branch("refs/heads/main", "refs/heads/same", "main");
    place.tool("id-guard", &["hook", "pre-push"]).silent();
}

#[test]
fn every_pushed_ref_is_checked() {
    let place = Place::begun();
    place.good_branch("good");
    place.bad_branch("bad");
    place.branch("worse");
    place.git(&["rm", "--quiet", CARD]).silent();
    place.force("without");
    let removed = "error[IMM002] card-deleted";
    place.push(&["origin", "good", "bad", "worse", "main:refs/tags/v1"]).refused(&[
        EDITED,
        removed,
        "2 errors,",
    ]);
    place.push(&["origin", "--all"]).refused(&[EDITED, removed]);
    place.push(&["origin", "--mirror"]).refused(&[EDITED, removed]);
    for name in ["good", "bad", "worse"] {
        assert_eq!(place.at_remote(name), "", "one that is refused keeps all of them here");
    }
    place.push(&["origin", "good", "bad~1:refs/heads/plain"]).silent();
    place.push(&["origin", "bad", ":plain"]).refused(&[EDITED]);
    assert_ne!(place.at_remote("plain"), "");
}

#[test]
fn a_first_push_is_checked_from_its_root() {
    let place = Place::empty();
    place.plugin("Local Preview", FIRST);
    place.commit("begin").silent();
    let card = place.read(CARD);
    place.edit(CARD);
    place.force("edit");
    place.write(CARD, &card);
    place.force("taken back");
    // The remote is unknown, so every pushed commit is checked.
    place.push(&["origin", "main"]).refused(&[EDITED, "introduced in", "in the history of"]);
    place.push(&["origin", "main~2:refs/heads/main"]).silent();
    // A remote that nothing was fetched from, and several branches for it.
    place.remote("second.git");
    place.git(&["remote", "add", "second", &place.name("second.git")]).silent();
    place.git(&["update-ref", "-d", "refs/remotes/origin/main"]).silent();
    place.git(&["branch", "good", "main~2"]).silent();
    place.git(&["tag", "v1", "main~2"]).silent();
    place.push(&["second", "good", "main", "v1"]).refused(&[EDITED, "1 error,"]);
    place.push(&["second", "good", "v1"]).silent();
    place.push(&[&place.name("second.git"), "good:refs/heads/more"]).silent();
}

#[test]
fn a_remote_may_have_any_name_or_none() {
    let place = Place::begun();
    place.git(&["branch", "--quiet", "--unset-upstream", "main"]).silent();
    place.good_branch("good");
    place.bad_branch("bad");
    let address = place.name("remote.git");
    // By its address, as git then calls the remote.
    for address in [&address, &format!("file://{address}")] {
        place.push(&[address, "bad"]).refused(&[EDITED, "against origin/main"]);
    }
    place.push(&[&address, "good:refs/heads/one"]).silent();
    place.push(&[&address, "good:refs/heads/one"]).silent();
    // A fork that nothing is known of.
    let fork = place.remote("fork.git");
    place.git(&["remote", "add", "fork", &fork]).silent();
    place.push(&["fork", "bad"]).refused(&[EDITED, "against origin/main"]);
    place.push(&["fork", "good", "main"]).silent();
    // With a mainline that is behind: what it does not have yet is not of the change.
    place.git(&["branch", "--quiet", "--set-upstream-to=origin/main", "main"]).well();
    place.moves_on();
    place.git(&["switch", "--quiet", "good"]).silent();
    place.git(&["merge", "--quiet", "--no-edit", "main"]).silent();
    place.push(&["fork", "good", "good:refs/heads/better"]).silent();
    // The one remote has another name.
    place.git(&["remote", "remove", "fork"]).silent();
    place.git(&["remote", "rename", "origin", "company"]).well();
    place.push(&["company", "bad"]).refused(&[EDITED, "against company/main"]);
    place.push(&["company", "good:refs/heads/two"]).silent();
    // Another main branch, configured in git or not.
    place.git(&["push", "--quiet", "company", "main:refs/heads/trunk"]).silent();
    place.git(&["remote", "set-head", "company", "trunk"]).silent();
    place.git(&["update-ref", "-d", "refs/remotes/company/main"]).silent();
    place.push(&["company", "bad"]).refused(&[EDITED, "against company/trunk"]);
    place.git(&["remote", "set-head", "company", "--delete"]).silent();
    place.push(&["company", "bad"]).refused(&[EDITED, "in the history of"]);
    place.push(&["company", "good:refs/heads/three"]).silent();
}

#[test]
fn a_forced_push_is_checked_for_dropped_commits() {
    let place = Place::begun();
    place.good_branch("change");
    place.plugin("Word Count", SECOND);
    place.commit("word count").silent();
    place.push(&["origin", "change"]).silent();
    // Another card in the place of the one that was pushed, and not merged yet.
    let card = format!("ids/cards/{SECOND}.yaml");
    let text = place.read(&card);
    place.write(&card, &text.replace("notes: \"\"", "notes: \"counts words\""));
    place.tool("id-plugin", &["generate"]).well();
    place.git(&["commit", "--quiet", "--all", "--amend", "--no-edit"]).silent();
    place.push(&["origin", "change"]).refused(&["non-fast-forward"]);
    place.push(&["--force", "origin", "change"]).silent();
    // Onto a mainline that moved on, by rebase and by merge.
    place.moves_on();
    place.git(&["switch", "--quiet", "change"]).silent();
    place.git(&["branch", "--quiet", "merged"]).silent();
    place.git(&["branch", "--quiet", "old"]).silent();
    place.git(&["rebase", "--quiet", "main"]).silent();
    place.push(&["--force-with-lease", "origin", "change"]).silent();
    place.git(&["switch", "--quiet", "merged"]).silent();
    place.git(&["merge", "--quiet", "--no-edit", "main"]).silent();
    place.push(&["--force", "origin", "merged:change"]).silent();
    place.edit(CARD);
    place.force("edit");
    place.push(&["--force", "origin", "merged:change"]).refused(&[EDITED]);
    // Back to where the branch began.
    place.push(&["--force", "origin", "main:change"]).silent();
    // The mainline loses what its writer recorded.
    place.git(&["switch", "--quiet", "main"]).silent();
    for known in [true, false] {
        let set: &[&str] = if known { &["main"] } else { &["--delete"] };
        place.git(&[&["remote", "set-head", "origin"], set].concat()).silent();
        for head in ["main~1", "old"] {
            place.push(&["--force", "origin", &format!("{head}:main")]).refused(&["error[LED001]"]);
        }
    }
    place.push(&["--force", "origin", "main~1:refs/heads/before"]).silent();
}
