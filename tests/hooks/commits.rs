//! Checks of commits, for every way to commit in git.

use super::place::{CARD, EDITED, FIRST, Place, SECOND};

#[test]
fn a_good_commit_is_silent_and_an_edited_card_is_refused() {
    let place = Place::begun();
    place.write("README.md", "# Plugins\n");
    place.commit("readme").silent();
    place.plugin("Word Count", SECOND);
    place.commit("word count").silent();
    place.edit(CARD);
    place.write("untracked.txt", "mine\n");
    place.git(&["add", CARD]).silent();
    place.write("README.md", "# Not yet\n");
    let before = place.state();
    place.git(&["commit", "--message", "edit"]).refused(&[
        EDITED,
        CARD,
        "was \"previews@example.org\"",
        "help: ",
    ]);
    assert_eq!(place.state(), before, "a refused commit changes nothing");
    // Skipped once on purpose: CI checks it anyway.
    place.git(&["commit", "--quiet", "--no-verify", "--message", "edit"]).silent();
    // An existing violation does not affect the next commit.
    place.commit("readme").silent();
}

#[test]
fn the_next_commit_is_checked() {
    let place = Place::begun();
    place.write("README.md", "# Plugins\n");
    place.git(&["add", "README.md"]).silent();
    place.edit(CARD);
    // The edit is in the working tree alone.
    let before = place.state();
    for arguments in [&["--all"][..], &[CARD], &["--only", CARD], &["--include", CARD], &["README.md", CARD]]
    {
        place.git(&[&["commit", "--quiet", "--message", "edit"], arguments].concat()).refused(&[EDITED]);
        assert_eq!(place.state(), before, "{arguments:?}");
    }
    place.git(&["commit", "--quiet", "--message", "readme"]).silent();
    // The edit is in the index, and another file is committed.
    place.git(&["add", CARD]).silent();
    place.write("README.md", "# More plugins\n");
    place.git(&["commit", "--quiet", "--message", "more", "README.md"]).silent();
    // The edit is in the index alone.
    place.git(&["restore", "--source=HEAD", CARD]).silent();
    place.git(&["commit", "--quiet", "--message", "edit"]).refused(&[EDITED]);
    // What is only announced is not committed; nor is what is removed from the index.
    place.git(&["reset", "--quiet", "--hard"]).silent();
    place.write("ids/cards/notes.txt", "no card\n");
    place.git(&["add", "--intent-to-add", "ids/cards/notes.txt"]).silent();
    place.git(&["commit", "--quiet", "--allow-empty", "--message", "empty"]).silent();
    place.git(&["rm", "--quiet", "--cached", CARD]).silent();
    place.git(&["commit", "--quiet", "--message", "gone"]).refused(&["error[IMM002] card-deleted"]);
}

#[test]
fn an_amended_commit_is_checked_against_the_same_parent() {
    let place = Place::begun();
    place.branch("change");
    place.plugin("Word Count", SECOND);
    place.commit("word count").silent();
    let amend = ["commit", "--quiet", "--amend", "--no-edit", "--all"];
    place.write("README.md", "# Plugins\n");
    place.git(&["add", "--all"]).silent();
    place.git(&amend).silent();
    place.edit(CARD);
    place.git(&amend).refused(&[EDITED]);
    place.git(&["checkout", "--quiet", "--", CARD]).silent();
    // A violation that is not merged yet can still be fixed, in the commit that introduced it or in another.
    for amend in [&amend[..], &["commit", "--quiet", "--all", "--message", "another owner"]] {
        for path in [&format!("ids/cards/{SECOND}.yaml"), "plugins/word_count/plugin.spec.json"] {
            let text = place.read(path);
            let owner =
                if text.contains("previews@") { ["previews@", "counts@"] } else { ["counts@", "words@"] };
            place.write(path, &text.replace(owner[0], owner[1]));
        }
        place.git(amend).refused(&["GEN"]);
        place.tool("id-plugin", &["generate"]).well();
        place.git(amend).silent();
    }
    // A commit that was made past the hook is taken back.
    place.edit(CARD);
    place.force("edit");
    place.git(&["checkout", "--quiet", "main", "--", CARD]).silent();
    place.git(&[&amend[..], &["--allow-empty"]].concat()).silent();
}

#[test]
fn the_first_commit_is_checked() {
    let place = Place::empty();
    place.plugin("Local Preview", FIRST);
    place.git(&["add", "--all"]).silent();
    let card = place.read(CARD);
    // Wrong in the working tree alone.
    place.write(CARD, &card.replace("kind: plugin", "kind: plough"));
    for arguments in [&["--all"][..], &["ids", "plugins"]] {
        place.git(&[&["commit", "--quiet", "--message", "begin"], arguments].concat()).refused(&["plough"]);
    }
    place.git(&["rev-parse", "--quiet", "--verify", "HEAD"]).refused(&[]);
    place.git(&["commit", "--quiet", "--message", "begin"]).silent();
    // A history of its own begins as the first one did.
    place.git(&["checkout", "--quiet", "--", "."]).silent();
    place.git(&["switch", "--quiet", "--orphan", "pages"]).silent();
    place.write("index.html", "<h1>Plugins</h1>\n");
    place.commit("pages").silent();
}

#[test]
fn a_hook_in_another_directory_checks_the_same_index() {
    let place = Place::begun();
    let hook = "#!/bin/sh\ncd plugins && exec id-guard hook pre-commit\n";
    place.write(".git/hooks/pre-commit", hook);
    place.edit(CARD);
    place.git(&["commit", "--quiet", "--all", "-m", "edit"]).refused(&[EDITED]);
}

#[test]
fn a_linked_worktree_and_a_subdirectory_have_the_same_hooks() {
    let place = Place::begun();
    place.git(&["worktree", "add", "--quiet", "../linked", "-b", "linked"]).silent();
    for (top, at) in [("linked", "linked/notes/deep"), ("clone", "clone/notes")] {
        let (card, directory) = (place.at(top).join(CARD), place.at(at));
        let git = |arguments: &[&str]| place.run(&directory, "git", arguments);
        std::fs::create_dir_all(&directory).unwrap();
        let text = std::fs::read_to_string(&card).unwrap();
        std::fs::write(&card, text.replace("previews@", "mallory@")).unwrap();
        std::fs::write(directory.join("NOTES.md"), "# Notes\n").unwrap();
        git(&["add", "NOTES.md"]).silent();
        git(&["commit", "--quiet", "--all", "--message", "edit"]).refused(&[EDITED]);
        git(&["commit", "--quiet", "--message", "edit", card.to_str().unwrap()]).refused(&[EDITED]);
        git(&["commit", "--quiet", "--message", "notes"]).silent();
        git(&["push", "--quiet", "origin", &format!("HEAD:refs/heads/{top}")]).silent();
        git(&["commit", "--quiet", "--no-verify", "--all", "--message", "edit"]).silent();
        git(&["push", "--quiet", "origin", "HEAD:refs/heads/edited"]).refused(&[EDITED]);
    }
    // A repository whose objects lie elsewhere.
    let path = place.name("remote.git");
    let apart =
        ["clone", "--quiet", "--separate-git-dir", &place.name("apart.git"), &path, &place.name("apart")];
    place.git(&apart).silent();
    let apart = place.at("apart");
    place.run(&apart, "id-guard", &["init", "--minimal", "--hooks"]).well();
    std::fs::write(apart.join(CARD), "key: PLG_OTHER\n").unwrap();
    place.run(&apart, "git", &["commit", "--quiet", "--all", "--message", "edit"]).refused(&[EDITED]);
}

#[test]
fn merges_rebases_and_cherry_picks_are_checked_where_git_runs_a_hook() {
    let place = Place::begun();
    place.good_branch("change");
    place.write("NOTES.md", "# Of the change\n");
    place.commit("notes").silent();
    place.git(&["switch", "--quiet", "main"]).silent();
    place.write("NOTES.md", "# Of the mainline\n");
    place.commit("notes").silent();
    place.moves_on();
    place.git(&["switch", "--quiet", "change"]).silent();
    let solve = || {
        place.write("NOTES.md", "# Of both\n");
        place.git(&["add", "NOTES.md"]).silent();
    };
    // What the mainline brings (a plugin, the lines of its writer) is not of the change.
    place.git(&["merge", "--quiet", "main"]).refused(&["CONFLICT"]);
    place.git(&["commit", "--no-edit"]).refused(&["unmerged"]);
    solve();
    place.edit(CARD);
    place.git(&["commit", "--quiet", "--no-edit", "--all"]).refused(&[EDITED, "1 error,"]);
    place.git(&["checkout", "--quiet", "main", "--", CARD]).silent();
    place.git(&["commit", "--quiet", "--no-edit"]).silent();
    assert_eq!(place.asked(&["rev-parse", "HEAD^2"]), place.asked(&["rev-parse", "main"]));
    place.git(&["reset", "--quiet", "--hard", "HEAD^1"]).silent();
    place.git(&["cherry-pick", "main~1"]).well();
    place.git(&["reset", "--quiet", "--hard", "HEAD^"]).silent();
    // One commit after the other, onto the mainline.
    let change = place.asked(&["rev-parse", "change"]);
    place.git(&["reset", "--quiet", "--hard", "main"]).silent();
    place.git(&["cherry-pick", &change]).refused(&["CONFLICT"]);
    solve();
    place.edit(CARD);
    place.git(&["add", CARD]).silent();
    place.git(&["cherry-pick", "--continue"]).refused(&[EDITED, "1 error,"]);
    place.git(&["checkout", "--quiet", "main", "--", CARD]).silent();
    place.git(&["cherry-pick", "--continue"]).well();
    place.git(&["revert", "--no-edit", "HEAD"]).well();
    place.git(&["reset", "--quiet", "--hard", &change]).silent();
    place.git(&["rebase", "main"]).refused(&["CONFLICT"]);
    solve();
    place.edit(CARD);
    place.git(&["add", CARD]).silent();
    // A rebase runs no hook before it commits (githooks(5)): only the push is checked.
    place.git(&["rebase", "--continue"]).well();
    place.push(&["origin", "change"]).refused(&[EDITED, "against origin/main"]);
}
