//! The best common ancestors, and what is new behind them, are git's, also where many commits were made within one second.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeSet;

use repo::{Limits, Repository, merge_bases, range};
use scripted::{Scripted, git};
use snapshot::ObjectId;

/// Numbers that look random, and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

#[test]
fn merge_bases_are_gits() {
    let scripted = Scripted::new();
    let mut numbers = Numbers(7);
    let tree = scripted.git(&["write-tree"]);
    let mut asked = 0;
    for graph in 0..12 {
        let mut commits: Vec<String> = Vec::new();
        for number in 0..14_u64 {
            let mut parents = BTreeSet::new();
            for _ in 0..=numbers.below(2) {
                if !commits.is_empty() {
                    // Mostly near ones, so that histories cross.
                    let back = 1 + numbers.below(commits.len().min(4));
                    parents.insert(commits[commits.len() - back].clone());
                }
            }
            let message = format!("{graph} {number}");
            let mut words = vec!["commit-tree", &tree, "-m", &message];
            parents.iter().for_each(|parent| words.extend(["-p", parent]));
            // Some within one second, none before its parents.
            commits.push(git(scripted.path(), &words, 1_700_000_000 + number / 4));
        }
        let repository = Repository::open(scripted.path(), Limits::default()).unwrap();
        for _ in 0..25 {
            let [one, other] = [0, 1].map(|_| commits[numbers.below(commits.len())].clone());
            let id = |text: &str| ObjectId::from_hex(text.as_bytes()).unwrap();
            let ours = merge_bases(repository.objects(), id(&one), id(&other)).unwrap();
            let ours: BTreeSet<String> = ours.iter().map(ToString::to_string).collect();
            let said = std::process::Command::new("git")
                .args(["merge-base", "--all", &one, &other])
                .current_dir(scripted.path())
                .output()
                .unwrap();
            let gits: BTreeSet<String> =
                String::from_utf8(said.stdout).unwrap().lines().map(String::from).collect();
            assert_eq!(ours, gits, "{one} and {other}");
            asked += gits.len();
            let commits = range(repository.objects(), id(&one), id(&other)).unwrap();
            let ours: BTreeSet<String> = commits.iter().map(|commit| commit.id.to_string()).collect();
            let gits = scripted.git(&["rev-list", &other, &format!("^{one}")]);
            assert_eq!(ours, gits.lines().map(String::from).collect(), "{one}..{other}");
        }
    }
    assert!(asked > 300, "{asked}");
}
