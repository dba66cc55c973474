//! Every way to change existing records without being noticed, each in a scripted repository. Git's own `log --raw` is the oracle where it can see.

use crate::support::{CARD, OTHER, audit_in_every_shape, base_repository, card, immutability};
use scripted::Scripted;

/// What git reports for the range: `M path`, `D path`, …, newest commit first.
fn oracle(scripted: &Scripted, range: &str) -> Vec<String> {
    let raw = scripted.git(&[
        "-c",
        "core.quotePath=false",
        "log",
        "-m",
        "--first-parent",
        "--no-renames",
        "--raw",
        "--format=",
        range,
    ]);
    let lines = raw.lines().filter(|line| line.starts_with(':'));
    let entries = lines.map(|line| line.split_once('\t').unwrap());
    entries.map(|(entry, path)| format!("{} {path}", entry.rsplit(' ').next().unwrap())).collect()
}

/// Checks the current branch against `base`, and audits the full history in every shape of the store.
fn caught(scripted: &Scripted, base: &str, net: &[&str], audited: &[&str], seen_by_git: &[&str]) {
    let check = immutability(scripted.path(), &["check", "--base", base]);
    assert_eq!(check.findings(), net, "net: {}", check.errors());
    assert_eq!(check.status, i32::from(net.iter().any(|finding| !finding.starts_with("IMM012"))), "net");
    let audit = audit_in_every_shape(scripted);
    assert_eq!(audit.findings(), audited, "audit: {}", audit.errors());
    assert_eq!(audit.status, i32::from(!audited.is_empty()), "audit");
    for change in seen_by_git {
        assert!(
            oracle(scripted, &format!("{base}..HEAD")).contains(&(*change).to_string()),
            "git sees {change}"
        );
    }
}

fn finding(code: &str, path: &str) -> String {
    format!("{code} {path}")
}

#[test]
fn edit() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.write(CARD, card("PLG_STOLEN", "previews@example.org"));
    scripted.commit("edit");
    let found = finding("IMM001", CARD);
    caught(&scripted, "base", &[&found], &[&found], &[&format!("M {CARD}")]);
    let report = immutability(scripted.path(), &["check", "--base", "base"]).report;
    let first = &report["findings"][0];
    assert_eq!(first["pointer"], "/key");
    assert_eq!(first["span"]["start"]["line"], 3);
    assert_eq!(
        first["first_set_in"]["id"],
        scripted.git(&["rev-parse", "base"]),
        "the commit that fixed the value is named"
    );
    assert_eq!(first["first_set_in"]["author"], "Ada <ada@example.org>");
}

#[test]
fn delete() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.git(&["rm", "-q", CARD]);
    scripted.commit("delete");
    let found = finding("IMM002", CARD);
    caught(&scripted, "base", &[&found], &[&found], &[&format!("D {CARD}")]);
}

#[test]
fn rename_out() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.git(&["mv", CARD, "old-card.yaml"]);
    scripted.commit("rename");
    let found = finding("IMM003", CARD);
    caught(&scripted, "base", &[&found], &[&found], &[&format!("D {CARD}"), "A old-card.yaml"]);
    let report = immutability(scripted.path(), &["audit", "--no-cache"]).report;
    assert!(report["findings"][0]["message"].as_str().unwrap().contains("old-card.yaml (same content)"));
}

#[test]
fn delete_plus_similar_copy() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.git(&["rm", "-q", CARD]);
    scripted.write(OTHER, card("PLG_LOCAL_PREVIEW", "mallory@example.org"));
    scripted.commit("delete and copy");
    let found = finding("IMM003", CARD);
    caught(&scripted, "base", &[&found], &[&found], &[&format!("D {CARD}"), &format!("A {OTHER}")]);
}

#[test]
fn symlink_swap() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    std::fs::remove_file(scripted.path().join(CARD)).unwrap();
    std::os::unix::fs::symlink("../../evil.yaml", scripted.path().join(CARD)).unwrap();
    scripted.write("evil.yaml", card("PLG_LOCAL_PREVIEW", "previews@example.org"));
    scripted.commit("link");
    let found = finding("IMM008", CARD);
    caught(&scripted, "base", &[&found], &[&found], &[&format!("T {CARD}")]);
}

#[test]
fn chmod() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.git(&["update-index", "--chmod=+x", CARD]);
    scripted.git(&["commit", "-qm", "chmod"]);
    let found = finding("IMM007", CARD);
    caught(&scripted, "base", &[&found], &[&found], &[&format!("M {CARD}")]);
}

#[test]
fn submodule_swap() {
    let scripted = base_repository();
    let base = scripted.git(&["rev-parse", "HEAD"]);
    scripted.git(&["rm", "-q", CARD]);
    scripted.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{base},{CARD}")]);
    scripted.git(&["commit", "-qm", "submodule"]);
    let found = finding("IMM009", CARD);
    caught(&scripted, &base, &[&found], &[&found], &[&format!("T {CARD}")]);
}

#[test]
fn file_becomes_directory() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.git(&["rm", "-q", CARD]);
    scripted.write(format!("{CARD}/inside.yaml"), "x\n");
    scripted.commit("directory");
    let found = finding("IMM010", CARD);
    caught(&scripted, "base", &[&found], &[&found], &[&format!("D {CARD}")]);
}

fn sealed() -> Scripted {
    let scripted = Scripted::new();
    scripted.write(
        "policy-packs/policy.yaml",
        "schema_version: 1\npaths:\n  - {unit: modules/*/*, discipline: sealed}\n",
    );
    scripted.write("modules/m/1.0.0-rc/MODULE", "module\n");
    scripted.commit("publish");
    scripted.git(&["tag", "base"]);
    scripted
}

#[test]
fn late_add() {
    let scripted = sealed();
    scripted.write("modules/m/1.0.0-rc/patches/evil", "patch\n");
    scripted.commit("late");
    let found = finding("IMM015", "modules/m/1.0.0-rc/patches/evil");
    caught(&scripted, "base", &[&found], &[&found], &["A modules/m/1.0.0-rc/patches/evil"]);
}

#[test]
fn case_twin_of_a_unit() {
    let scripted = sealed();
    scripted.write("Modules/m/1.0.0-rc/extra", "extra\n");
    scripted.commit("twin");
    let found = finding("IMM020", "Modules/m/1.0.0-rc/extra");
    caught(&scripted, "base", &[&found], &[&found], &["A Modules/m/1.0.0-rc/extra"]);
}

#[test]
fn non_ascii_path() {
    let scripted = Scripted::new();
    let path = "ids/cards/caf\u{e9} \u{2713}.yaml";
    scripted.write(path, "a: 1\n");
    scripted.commit("start");
    scripted.git(&["tag", "base"]);
    scripted.write(path, "a: 2\n");
    scripted.commit("edit");
    let found = finding("IMM001", path);
    caught(&scripted, "base", &[&found], &[&found], &[&format!("M {path}")]);
}

#[test]
fn case_twin_of_a_file() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    let twin = CARD.replace(".yaml", ".YAML");
    scripted.write(&twin, "other: card\n");
    scripted.commit("twin");
    let found = finding("IMM019", &twin);
    caught(&scripted, "base", &[&found], &[&found], &[&format!("A {twin}")]);
}

#[test]
fn edit_then_revert() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.write(CARD, card("PLG_STOLEN", "previews@example.org"));
    scripted.commit("edit");
    scripted.write(CARD, card("PLG_LOCAL_PREVIEW", "previews@example.org"));
    scripted.commit("revert");
    let (edited, restored) = (finding("IMM001", CARD), finding("IMM012", CARD));
    caught(&scripted, "base", &[], &[&edited, &restored], &[&format!("M {CARD}")]);
    let each = immutability(scripted.path(), &["check", "--base", "base", "--per-commit"]);
    assert_eq!((each.status, each.findings()), (1, vec![edited, restored]), "commit by commit it shows");
}

#[test]
fn delete_then_restore() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.git(&["rm", "-q", CARD]);
    scripted.commit("delete");
    scripted.write(CARD, card("PLG_LOCAL_PREVIEW", "previews@example.org"));
    scripted.commit("restore");
    let (deleted, restored) = (finding("IMM002", CARD), finding("IMM012", CARD));
    caught(&scripted, "base", &[], &[&deleted, &restored], &[&format!("D {CARD}"), &format!("A {CARD}")]);
    let each = immutability(scripted.path(), &["check", "--base", "base", "--per-commit"]);
    assert_eq!((each.status, each.findings()), (1, vec![deleted, restored]));
}

#[test]
fn resurrection_under_another_owner() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.git(&["rm", "-q", CARD]);
    scripted.commit("delete");
    scripted.write("filler", "x\n");
    scripted.commit("time passes");
    scripted.write(CARD, card("PLG_LOCAL_PREVIEW", "mallory@example.org"));
    scripted.commit("resurrect");
    let (deleted, reused) = (finding("IMM002", CARD), finding("IMM018", CARD));
    let changed = finding("IMM001", CARD);
    caught(
        &scripted,
        "base",
        &[&changed],
        &[&deleted, &reused],
        &[&format!("D {CARD}"), &format!("A {CARD}")],
    );
}

#[test]
fn a_burned_name_stays_burned_in_the_history_of_base() {
    let scripted = Scripted::new();
    scripted.write(
        "policy-packs/policy.yaml",
        "schema_version: 1\npaths:\n  - {identity: extensions/*, discipline: burned}\n",
    );
    scripted.write("extensions/a/main", "theirs\n");
    scripted.commit("start");
    scripted.git(&["rm", "-qr", "extensions/a"]);
    scripted.commit("remove");
    scripted.git(&["tag", "base"]);
    scripted.write("extensions/a/main", "mine\n");
    scripted.commit("take over");
    let found = finding("IMM018", "extensions/a/main");
    caught(&scripted, "base", &[&found], &[&found], &["A extensions/a/main"]);
}

#[test]
fn evil_merge() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.git(&["switch", "-qc", "topic"]);
    scripted.write("plugins/local_preview/README_PLUGIN.md", "hello\n");
    scripted.commit("honest work");
    scripted.git(&["switch", "-q", "main"]);
    scripted.write("other", "x\n");
    scripted.commit("mainline");
    scripted.git(&["merge", "-q", "--no-ff", "--no-commit", "topic"]);
    scripted.write(CARD, card("PLG_STOLEN", "previews@example.org"));
    scripted.commit("merge, and edit on the way");
    let found = finding("IMM001", CARD);
    caught(&scripted, "base", &[&found], &[&found], &[&format!("M {CARD}")]);
    let all = immutability(scripted.path(), &["audit", "--all-parents", "--no-cache"]);
    assert_eq!(all.findings(), [found], "it is reported once, not once per parent");
}

#[test]
fn an_evil_branch_that_its_merge_hides() {
    let scripted = base_repository();
    scripted.git(&["switch", "-qc", "topic"]);
    scripted.write(CARD, card("PLG_STOLEN", "previews@example.org"));
    scripted.commit("edit on a branch");
    scripted.git(&["switch", "-q", "main"]);
    scripted.git(&["merge", "-q", "--no-ff", "-s", "ours", "-m", "merge, ours", "topic"]);
    assert_eq!(
        immutability(scripted.path(), &["audit"]).findings(),
        [] as [String; 0],
        "the mainline never had it"
    );
    let all = immutability(scripted.path(), &["audit", "--all-parents"]);
    assert_eq!(all.findings(), [finding("IMM001", CARD), finding("IMM012", CARD)]);
}

#[test]
fn replace_ref() {
    let scripted = base_repository();
    let base = scripted.git(&["rev-parse", "HEAD"]);
    scripted.write(CARD, card("PLG_STOLEN", "previews@example.org"));
    let edited = scripted.commit("edit");
    let honest = scripted.git(&["commit-tree", &format!("{base}^{{tree}}"), "-p", &base, "-m", "honest"]);
    scripted.git(&["replace", &edited, &honest]);
    assert_eq!(oracle(&scripted, &format!("{base}..HEAD")), [] as [String; 0], "git is deceived");
    let found = finding("IMM001", CARD);
    caught(&scripted, &base, &[&found], &[&found], &[]);
    let report = immutability(scripted.path(), &["check", "--base", &base]).report;
    assert!(report["messages"][0].as_str().unwrap().contains("refs/replace/ were ignored"));
}

#[test]
fn grafts() {
    let scripted = base_repository();
    let base = scripted.git(&["rev-parse", "HEAD"]);
    scripted.write(CARD, card("PLG_STOLEN", "previews@example.org"));
    let edited = scripted.commit("edit");
    scripted.write("x", "x\n");
    let last = scripted.commit("cover");
    std::fs::write(scripted.path().join(".git/info/grafts"), format!("{last}\n")).unwrap();
    let found = finding("IMM001", CARD);
    let audit = immutability(scripted.path(), &["audit", "--no-cache"]);
    assert_eq!(audit.findings(), std::slice::from_ref(&found));
    assert_eq!(audit.report["findings"][0]["commit"], edited);
    assert_eq!(immutability(scripted.path(), &["check", "--base", &base]).findings(), [found]);
}

/// Writes a tree object as no git command would, and commits it.
fn forge(scripted: &Scripted, entries: &[(&str, &str)]) -> String {
    let blob = scripted.git(&["hash-object", "-w", "plugins/local_preview/plugin.spec.json"]);
    let id: Vec<u8> = (0..20).map(|at| u8::from_str_radix(&blob[at * 2..at * 2 + 2], 16).unwrap()).collect();
    let mut tree = Vec::new();
    for (mode, name) in entries {
        tree.extend_from_slice(mode.as_bytes());
        tree.push(b' ');
        tree.extend_from_slice(name.as_bytes());
        tree.push(0);
        tree.extend_from_slice(&id);
    }
    std::fs::write(scripted.path().join(".git/forged"), tree).unwrap();
    let tree = scripted.git(&["hash-object", "-t", "tree", "-w", "--literally", ".git/forged"]);
    let commit = scripted.git(&["commit-tree", &tree, "-p", "HEAD", "-m", "forged"]);
    scripted.git(&["update-ref", "refs/heads/main", &commit]);
    commit
}

#[test]
fn forged_tree_objects() {
    for (code, entries, path) in [
        ("GIT001", &[("100644", "a"), ("100755", "a")][..], "a"),
        ("GIT002", &[("100644", "b"), ("100644", "a")], "a"),
        ("GIT003", &[("100644", ".git")], ".git"),
        ("GIT003", &[("100644", "a"), ("100644", "x/../y")], "x/../y"),
        ("GIT004", &[("110644", "a")], "a"),
    ] {
        let scripted = Scripted::new();
        scripted.write("plugins/local_preview/plugin.spec.json", "{}\n");
        let base = scripted.commit("start");
        forge(&scripted, entries);
        let found = finding(code, path);
        assert_eq!(
            immutability(scripted.path(), &["check", "--base", &base]).findings(),
            std::slice::from_ref(&found),
            "{entries:?}"
        );
        let deltas = immutability(scripted.path(), &["audit", "--no-cache"]);
        let whole = immutability(scripted.path(), &["audit", "--verify-objects"]);
        assert_eq!(deltas.report, whole.report);
        assert_eq!(deltas.findings(), [found], "{entries:?}");
    }
}

#[test]
fn a_ledger_that_is_rewritten() {
    for (content, kind) in
        [("{\"v\":1}\n{\"v\":3}\n{\"v\":4}\n", "edited"), ("{\"v\":1}\n", "cut"), ("", "emptied")]
    {
        let scripted = base_repository();
        scripted.write(".ledger/ids.jsonl", "{\"v\":1}\n{\"v\":2}\n");
        scripted.commit("lines");
        scripted.git(&["tag", "base"]);
        scripted.write(".ledger/ids.jsonl", content);
        scripted.commit(kind);
        let found = finding("LED001", ".ledger/ids.jsonl");
        // The audit also reports the ledger as it is now: lines without a checkpoint.
        let state = finding("LED007", ".ledger/checkpoint");
        let audited = if content.is_empty() { vec![found.as_str()] } else { vec![state.as_str(), &found] };
        let check = immutability(scripted.path(), &["check", "--base", "base"]);
        assert_eq!(check.status, 1, "{kind}");
        assert!(check.findings().contains(&found), "{kind}: {:?}", check.findings());
        // The lines as they are now are checked as well.
        let of_lines = [finding("LED002", ".ledger/ids.jsonl"), finding("LED003", ".ledger/ids.jsonl")];
        let others: Vec<String> = check.findings().into_iter().filter(|other| *other != found).collect();
        assert!(others.iter().all(|other| of_lines.contains(other)), "{kind}: {others:?}");
        let audit = audit_in_every_shape(&scripted);
        assert_eq!(
            (audit.findings(), audit.status),
            (audited.iter().map(|text| (*text).to_string()).collect(), 1)
        );
        assert_eq!(oracle(&scripted, "base..HEAD"), ["M .ledger/ids.jsonl"]);
    }
}

#[test]
fn an_old_branch_that_meets_a_newer_base() {
    // The branch adds a card under a name that main took in the meantime.
    let scripted = base_repository();
    scripted.git(&["switch", "-qc", "topic"]);
    scripted.write(OTHER, card("PLG_MINE", "mallory@example.org"));
    scripted.commit("mine");
    scripted.git(&["switch", "-q", "main"]);
    scripted.write(OTHER, card("PLG_THEIRS", "previews@example.org"));
    scripted.commit("theirs");
    let check = immutability(scripted.path(), &["check", "--base", "main", "--head", "topic"]);
    assert_eq!(check.findings(), [finding("IMM001", OTHER)]);
    // And one that is the case twin of a card that main took.
    scripted.git(&["switch", "-q", "topic"]);
    scripted.git(&["mv", OTHER, &OTHER.replace("01JD", "01jd")]);
    scripted.commit("twin");
    let check = immutability(scripted.path(), &["check", "--base", "main", "--head", "topic"]);
    assert_eq!(check.findings(), [finding("IMM019", &OTHER.replace("01JD", "01jd"))]);
}

/// A card gets new content while a new card, sorting next, takes over its old bytes: in the raw tree a pure insertion.
#[test]
fn the_pure_insertion_trap() {
    let scripted = Scripted::new();
    let body = |number: u32| format!("number: {number}\n{}", "padding: text\n".repeat(8));
    for number in 0..600 {
        scripted.write(format!("ids/cards/{number:04}0.yaml"), body(number));
    }
    scripted.commit("start");
    for number in 600..620 {
        scripted.write(format!("ids/cards/{number:04}0.yaml"), body(number));
        scripted.commit("add");
    }
    scripted.git(&["tag", "base"]);
    scripted.write("ids/cards/03000.yaml", "stolen: true\n");
    scripted.write("ids/cards/0300Z.yaml", body(300));
    scripted.commit("swap");
    let found = finding("IMM001", "ids/cards/03000.yaml");
    caught(&scripted, "base", &[&found], &[&found], &["M ids/cards/03000.yaml"]);
}

#[test]
fn a_burned_directory_refilled_within_one_branch() {
    let scripted = Scripted::new();
    scripted.write(
        "policy-packs/policy.yaml",
        "schema_version: 1\npacks: []\npaths: [{identity: ext/*, discipline: burned}]\n",
    );
    scripted.commit("policy");
    scripted.git(&["tag", "base"]);
    scripted.write("ext/z/m", "one\n");
    scripted.commit("add");
    scripted.git(&["rm", "-q", "ext/z/m"]);
    scripted.commit("remove");
    scripted.write("ext/z/m", "other\n");
    scripted.commit("refill");
    let checked = immutability(scripted.path(), &["check", "--base", "base", "--per-commit"]);
    assert_eq!(checked.findings(), ["IMM018 ext/z/m"]);
}

#[test]
fn histories_that_crossed() {
    // Two best common ancestors: only one of them has the card that the head lost.
    let scripted = base_repository();
    scripted.git(&["checkout", "-q", "-b", "first"]);
    scripted.write("first.txt", "1\n");
    scripted.commit("first");
    scripted.git(&["checkout", "-q", "main"]);
    scripted.write(OTHER, card("PLG_OTHER", "previews@example.org"));
    scripted.commit("card");
    scripted.git(&["branch", "second"]);
    scripted.git(&["merge", "-q", "--no-ff", "-m", "one way", "first"]);
    scripted.git(&["checkout", "-q", "first"]);
    scripted.git(&["merge", "-q", "--no-ff", "-m", "the other way", "second"]);
    scripted.git(&["rm", "-q", OTHER]);
    scripted.commit("lose");
    let checked = immutability(scripted.path(), &["check", "--base", "main"]);
    assert_eq!(checked.findings(), [format!("IMM002 {OTHER}")]);
}

#[test]
fn a_merge_that_takes_the_branchs_card() {
    // Both sides minted the same file; the merge takes the one of the branch, which is the older of the two.
    let scripted = Scripted::new();
    scripted.commit("begin");
    scripted.git(&["checkout", "-q", "-b", "side"]);
    scripted.write(CARD, card("PLG_EVIL", "mallory@example.org"));
    scripted.commit("side");
    scripted.git(&["checkout", "-q", "main"]);
    scripted.write(CARD, card("PLG_GOOD", "previews@example.org"));
    scripted.commit("main");
    scripted.git(&["merge", "-q", "--no-ff", "-X", "theirs", "-m", "merge", "side"]);
    for walk in [&["audit", "--no-cache"][..], &["audit", "--no-cache", "--all-parents"]] {
        let checked = immutability(scripted.path(), walk);
        assert!(checked.findings().contains(&format!("IMM001 {CARD}")), "{walk:?}: {:?}", checked.findings());
        assert_eq!(checked.status, 1);
    }
}

#[test]
fn a_burned_name_comes_back_from_a_stale_branch() {
    let scripted = Scripted::new();
    scripted.write(
        "policy-packs/policy.yaml",
        "schema_version: 1\npacks: []\npaths: [{identity: ext/*, discipline: burned}]\n",
    );
    scripted.write("ext/a/x", "one\n");
    scripted.commit("start");
    scripted.git(&["branch", "stale"]);
    scripted.git(&["rm", "-q", "ext/a/x"]);
    scripted.commit("remove");
    scripted.git(&["checkout", "-q", "stale"]);
    scripted.write("ext/a/new", "other\n");
    scripted.commit("add");
    let checked = immutability(scripted.path(), &["check", "--base", "main"]);
    assert_eq!(checked.findings(), ["IMM018 ext/a/new"]);
}

#[test]
fn a_sealed_unit_that_is_a_link() {
    let scripted = Scripted::new();
    scripted.write(
        "policy-packs/policy.yaml",
        "schema_version: 1\npacks: []\npaths: [{unit: modules/*/*, discipline: sealed}]\n",
    );
    scripted.write("modules/m/versions", "1.0\n");
    std::os::unix::fs::symlink("../../good", scripted.path().join("modules/m/1.0")).unwrap();
    scripted.commit("start");
    scripted.git(&["tag", "base"]);
    std::fs::remove_file(scripted.path().join("modules/m/1.0")).unwrap();
    std::os::unix::fs::symlink("../../evil", scripted.path().join("modules/m/1.0")).unwrap();
    scripted.write("modules/m/versions", "1.0\n2.0\n");
    scripted.commit("retarget");
    let checked = immutability(scripted.path(), &["check", "--base", "base"]);
    assert_eq!(checked.findings(), ["IMM014 modules/m/1.0"]);
}

#[test]
fn a_forged_card_is_met_when_objects_are_verified() {
    let scripted = base_repository();
    let id = scripted.git(&["rev-parse", &format!("HEAD:{CARD}")]);
    let other = scripted.git(&["rev-parse", "HEAD:plugins/local_preview/plugin.spec.json"]);
    let place = |id: &str| scripted.path().join(".git/objects").join(&id[..2]).join(&id[2..]);
    std::fs::remove_file(place(&id)).unwrap();
    std::fs::copy(place(&other), place(&id)).unwrap();
    assert_eq!(immutability(scripted.path(), &["audit", "--verify-objects"]).status, 2);
}

#[test]
fn a_burned_name_that_comes_and_goes_within_a_branch() {
    let scripted = Scripted::new();
    scripted.write(
        "policy-packs/policy.yaml",
        "schema_version: 1\npacks: []\npaths: [{identity: ext/*, discipline: burned}]\n",
    );
    scripted.write("ext/a/x", "one\n");
    scripted.commit("start");
    scripted.git(&["rm", "-q", "ext/a/x"]);
    scripted.commit("remove");
    scripted.git(&["tag", "base"]);
    scripted.write("ext/a/x", "other\n");
    scripted.commit("back");
    scripted.git(&["rm", "-q", "ext/a/x"]);
    scripted.commit("away again");
    let checked = immutability(scripted.path(), &["check", "--base", "base", "--per-commit"]);
    assert_eq!(checked.findings(), ["IMM018 ext/a/x"]);
}

#[test]
fn a_burned_name_comes_back_in_another_case() {
    let scripted = burned_case();
    let checked = immutability(scripted.path(), &["check", "--base", "gone"]);
    assert_eq!(checked.findings(), ["IMM018 ext/GONE/main"], "{}", checked.report);
    let audited = immutability(scripted.path(), &["audit", "--no-cache"]);
    assert!(audited.findings().contains(&"IMM018 ext/GONE/main".to_string()), "{:?}", audited.findings());
}

/// A burned name that was removed, and exists again in a different case.
fn burned_case() -> Scripted {
    let scripted = Scripted::new();
    scripted.write(
        "policy-packs/policy.yaml",
        "schema_version: 1\npacks: []\npaths: [{identity: ext/*, discipline: burned}]\n",
    );
    scripted.write("ext/gone/main", "one\n");
    scripted.commit("start");
    scripted.git(&["rm", "-r", "--quiet", "ext/gone"]);
    scripted.commit("go");
    scripted.git(&["tag", "gone"]);
    scripted.write("ext/GONE/main", "another\n");
    scripted.commit("come back");
    scripted
}
