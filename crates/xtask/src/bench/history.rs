//! A history that others wrote: its audit under a policy, against `git log --raw` of the same commits.

use std::path::{Path, PathBuf};
use std::process::Command;

use policy::{Kind, Policy};

use super::measure::{self, Run};
use super::table::{self, Row};

/// The most CPU time that an audit may take, as a multiple of git's, where only paths are governed.
const PATHS_GOAL: f64 = 1.0;
/// The same where documents are read: git reads none.
const DOCUMENTS_GOAL: f64 = 4.0;

/// A measured history.
pub(super) struct Measured {
    /// Its name in docs/performance.md.
    pub(super) name: String,
    pub(super) text: String,
    /// Whether the ratio is within the goal.
    pub(super) meets_goal: bool,
}

/// Audits a history, given as a bundle or as a repository, under a policy file.
pub(super) fn run(target: &Path, history: &Path, policy: &Path, goal: Option<f64>, runs: usize) -> Measured {
    let repository = repository(target, history);
    let place = repository.to_str().unwrap();
    let goal = goal.unwrap_or_else(|| goal_of(policy));
    let guard = target.join("release/id-guard");
    let arguments =
        ["audit", "--no-cache", "--repo", place, "--policy", policy.to_str().unwrap(), "--format", "json"];
    let counted = count(&guard, &arguments);
    let ours = Run::new(guard.to_str().unwrap(), &arguments);
    let git = ["-C", place, "log", "--first-parent", "--no-renames", "--raw", "-z", "HEAD"];
    let pair = measure::pair(&ours, &Run::new("git", &git), runs);
    let meets_goal = pair.ratio <= goal;
    let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let name = format!("history {} under {}", stem(history), stem(policy));
    let job = "`audit --no-cache` against `git log --first-parent --no-renames --raw`";
    let rows = table::rows(&[Row::new(job, pair, 1.0, format!("≤ {goal:.1} ×"))]);
    let text = format!("### {name}: {counted}\n\n{}\n\n{rows}", table::machine());
    Measured { name, text, meets_goal }
}

/// Clones a bundle; a directory is a repository itself.
fn repository(target: &Path, history: &Path) -> PathBuf {
    if history.is_dir() {
        return history.into();
    }
    let name = history.file_stem().unwrap_or_default();
    let place = target.join("bench/histories").join(name);
    if place.exists() {
        std::fs::remove_dir_all(&place).unwrap();
    }
    std::fs::create_dir_all(place.parent().unwrap()).unwrap();
    let status = Command::new("git").args(["clone", "--quiet", "--bare"]).arg(history).arg(&place).status();
    assert!(status.unwrap().success(), "{} is a bundle", history.display());
    place
}

/// Runs the audit once: a run that checks nothing is not measured.
fn count(guard: &Path, arguments: &[&str]) -> String {
    let output = Command::new(guard).args(arguments).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["verdict"] != "error", "the audit could not run: {}", report["errors"]);
    let (commits, findings) = (&report["checked"]["commits"], report["findings"].as_array().unwrap().len());
    format!("{commits} commits, {findings} findings")
}

fn goal_of(policy: &Path) -> f64 {
    let text = std::fs::read(policy).unwrap();
    let policy = Policy::from_file(&policy.display().to_string(), text, None).unwrap();
    let reads_documents =
        policy.disciplines.iter().any(|discipline| matches!(discipline.kind, Kind::Fields(_)));
    if reads_documents { DOCUMENTS_GOAL } else { PATHS_GOAL }
}
