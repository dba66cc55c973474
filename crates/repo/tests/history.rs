//! Compares merge bases and commit ranges with git, on random histories with several commits per second.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeSet;

use repo::{Limits, Repository, merge_bases, range};
use scripted::{Scripted, git};
use snapshot::ObjectId;

/// Pseudorandom numbers, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

#[test]
fn merge_bases_and_ranges_match_git() {
    let scripted = Scripted::new();
    let mut numbers = Numbers(7);
    let tree = scripted.git(&["write-tree"]);
    let mut compared = 0;
    for graph in 0..12 {
        let mut commits: Vec<String> = Vec::new();
        for number in 0..14_u64 {
            let mut parents = BTreeSet::new();
            for _ in 0..=numbers.below(2) {
                if !commits.is_empty() {
                    // Recent parents make histories with several merge bases.
                    let back = 1 + numbers.below(commits.len().min(4));
                    parents.insert(commits[commits.len() - back].clone());
                }
            }
            let message = format!("{graph} {number}");
            let mut words = vec!["commit-tree", &tree, "-m", &message];
            parents.iter().for_each(|parent| words.extend(["-p", parent]));
            // Several commits per second, none older than its parents.
            commits.push(git(scripted.path(), &words, 1_700_000_000 + number / 4));
        }
        let repository = Repository::open(scripted.path(), Limits::default()).unwrap();
        for _ in 0..25 {
            let [one, other] = [0, 1].map(|_| commits[numbers.below(commits.len())].clone());
            let id = |text: &str| ObjectId::from_hex(text.as_bytes()).unwrap();
            let ours = merge_bases(repository.objects(), id(&one), id(&other)).unwrap();
            let ours: BTreeSet<String> = ours.iter().map(ToString::to_string).collect();
            let output = std::process::Command::new("git")
                .args(["merge-base", "--all", &one, &other])
                .current_dir(scripted.path())
                .output()
                .unwrap();
            let expected: BTreeSet<String> =
                String::from_utf8(output.stdout).unwrap().lines().map(String::from).collect();
            assert_eq!(ours, expected, "{one} and {other}");
            compared += expected.len();
            let commits = range(repository.objects(), id(&one), id(&other)).unwrap();
            let ours: BTreeSet<String> = commits.iter().map(|commit| commit.id.to_string()).collect();
            let expected = scripted.git(&["rev-list", &other, &format!("^{one}")]);
            assert_eq!(ours, expected.lines().map(String::from).collect(), "{one}..{other}");
        }
    }
    assert!(compared > 300, "{compared}");
}
