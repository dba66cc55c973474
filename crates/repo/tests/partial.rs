//! Partial clones: what is missing is fetched when it is read, within a budget, and only where the caller asks for it.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::path::PathBuf;

use repo::{FetchBudget, Limits, Repository};
use scripted::{Scripted, git};
use snapshot::{Error, RepoPath, Snapshot as _};

/// A clone of three files without their content.
fn clone(place: &tempfile::TempDir, filter: &str) -> PathBuf {
    let scripted = Scripted::new();
    for name in ["a", "b", "dir/c"] {
        scripted.write(name, name.repeat(1000));
    }
    scripted.commit("one");
    scripted.git(&["config", "uploadpack.allowFilter", "true"]);
    scripted.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let source = place.path().join("source");
    git(place.path(), &["clone", "--quiet", "--bare", scripted.path().to_str().unwrap(), "source"], 0);
    for key in ["uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"] {
        git(&source, &["config", key, "true"], 0);
    }
    let address = format!("file://{}", source.display());
    git(place.path(), &["clone", "--quiet", "--bare", "--filter", filter, &address, "clone"], 0);
    place.path().join("clone")
}

fn read(repository: &Repository, path: &str) -> Result<usize, Error> {
    let head = repository.resolve("HEAD")?.unwrap();
    let commit = repository.commit(head)?;
    let node = commit.find(&RepoPath::from(path))?.unwrap();
    commit.read(&node, 1 << 20).map(|text| text.len())
}

#[test]
fn what_is_missing_is_fetched_on_request() {
    for filter in ["blob:none", "tree:0"] {
        let place = tempfile::tempdir().unwrap();
        let clone = clone(&place, filter);
        let repository = Repository::open(&clone, Limits::default()).unwrap();
        let Err(Error::Missing { help, .. }) = read(&repository, "a") else { panic!("it was fetched") };
        assert!(help.contains("git fetch --refetch --no-filter"), "{help}");
        repository.fetch_lazily(&FetchBudget::default());
        let explained = repository.objects().without_fetching(|| read(&repository, "a"));
        assert!(matches!(explained, Err(Error::Missing { .. })), "{filter}: {explained:?}");
        assert_eq!(read(&repository, "a").unwrap(), 1000, "{filter}");
        assert_eq!(read(&repository, "dir/c").unwrap(), 5000, "{filter}");
    }
}

#[test]
fn the_budget_ends_the_run_and_names_its_limit() {
    let place = tempfile::tempdir().unwrap();
    let clone = clone(&place, "blob:none");
    let repository = Repository::open(&clone, Limits::default()).unwrap();
    let budget = FetchBudget::new(1, 1 << 20);
    repository.fetch_lazily(&budget);
    read(&repository, "a").unwrap();
    let error = read(&repository, "b").unwrap_err();
    assert!(error.to_string().contains("more than 1 objects"), "{error}");
    // Another repository of the same run has the same budget.
    let again = Repository::open(&clone, Limits::default()).unwrap();
    again.fetch_lazily(&budget);
    assert!(read(&again, "b").is_err());
    again.fetch_lazily(&FetchBudget::new(10, 10));
    let error = read(&again, "b").unwrap_err();
    assert!(error.to_string().contains("more than 10 bytes"), "{error}");
}
