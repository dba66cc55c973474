//! `cargo xtask bench`: the tools against git, in the same run, on generated repositories. Figures are ratios: machines are noisy.

mod history;
mod ledger;
mod measure;
mod pack;
mod plugins;
mod registry;
mod table;
mod workload;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::{Args, ValueEnum};
use measure::Run;
use table::Row;
use workload::Workload;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How large a repository.
    #[arg(long, value_enum, default_value_t = Size::Small)]
    size: Size,
    /// How many commits, instead of the size's own number.
    #[arg(long)]
    commits: Option<usize>,
    /// How many counted runs of each side.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Repack the repository first, as `git gc` does (`git repack -adf`).
    #[arg(long)]
    repack: bool,
    /// Measure a ledger of so many lines, instead of a repository.
    #[arg(long, value_name = "LINES")]
    ledger: Option<u64>,
    /// Measure this many plugins from the scaffold: generated again and checked.
    #[arg(long, value_name = "PLUGINS", conflicts_with_all = ["ledger", "registry"])]
    plugins: Option<usize>,
    /// Measure registry, tags and writer of the size, instead of gate and audit.
    #[arg(long, conflicts_with = "ledger")]
    registry: bool,
    /// Measure the audit of a history, from a bundle or a repository, under the policy of --policy.
    #[arg(long, value_name = "BUNDLE|DIR", requires = "policy", conflicts_with_all = ["ledger", "plugins", "registry"])]
    history: Option<PathBuf>,
    /// The policy file of --history.
    #[arg(long, value_name = "FILE", requires = "history")]
    policy: Option<PathBuf>,
    /// Fail above this multiple of git's CPU time [default: 1 for paths, 4 where documents are read].
    #[arg(long, value_name = "RATIO", requires = "history")]
    goal: Option<f64>,
    /// Put the table into docs/performance.md, in the place of the size's last one.
    #[arg(long)]
    write: bool,
}

/// What git's log looks at, too: which entries changed, and no file's content.
const CARDS_ONLY: &str = "schema_version: 1
packs: []
paths: [{match: ids/cards/*.yaml, discipline: frozen, subject: card}]
";

/// The modules of the generated cards do not exist; a hundred thousand findings about that would hide the others.
const STRUCTURE: &str = "schema_version: 1
levels: {card-without-artifact: allow}
";

/// The sizes of docs/performance.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Size {
    /// 200 cards, 50 plugins, 400 commits.
    Small,
    /// 5 000 cards, 1 000 plugins, 6 000 commits.
    Medium,
    /// 100 000 cards in one folder, 10 000 plugins, 10 000 commits.
    Large,
}

impl Size {
    fn workload(self) -> Workload {
        match self {
            Size::Small => Workload { name: "small", cards: 200, plugins: 50, commits: 400 },
            Size::Medium => Workload { name: "medium", cards: 5_000, plugins: 1_000, commits: 6_000 },
            Size::Large => Workload { name: "large", cards: 100_000, plugins: 10_000, commits: 10_000 },
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let mut workload = arguments.size.workload();
    workload.commits = arguments.commits.unwrap_or(workload.commits);
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| crate::root().join("target"), PathBuf::from);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--release", "-p", crate::PACKAGE])
        .arg("--target-dir")
        .arg(&target)
        .status();
    assert!(built.unwrap().success(), "the tools build");
    if let Some(lines) = arguments.ledger {
        let (name, text) = ledger::run(&target, lines, arguments.runs);
        println!("{text}");
        if arguments.write {
            table::write(&crate::root().join("docs/performance.md"), &name, &text);
        }
        return ExitCode::SUCCESS;
    }
    if let Some(plugins) = arguments.plugins {
        let (name, text) = plugins::run(&target, plugins, arguments.runs);
        println!("{text}");
        if arguments.write {
            table::write(&crate::root().join("docs/performance.md"), &name, &text);
        }
        return ExitCode::SUCCESS;
    }
    if let Some((history, policy)) = arguments.history.as_deref().zip(arguments.policy.as_deref()) {
        let measured = history::run(&target, history, policy, arguments.goal, arguments.runs);
        println!("{}", measured.text);
        if arguments.write {
            table::write(&crate::root().join("docs/performance.md"), &measured.name, &measured.text);
        }
        return ExitCode::from(u8::from(!measured.meets_goal));
    }
    let repository = repository(&target, &workload, arguments.repack);
    if arguments.registry {
        let (name, text) = registry::run(&target, &repository, &workload, arguments.runs);
        println!("{text}");
        if arguments.write {
            table::write(&crate::root().join("docs/performance.md"), &name, &text);
        }
        return ExitCode::SUCCESS;
    }
    let tools = target.join("release");
    let rows = measure(&repository, &tools, &workload, arguments.runs);
    let shape = if arguments.repack { "after `git repack -adf`" } else { "as generated" };
    let text = table::markdown(&workload, shape, &rows);
    println!("{text}");
    if arguments.write {
        table::write(
            &crate::root().join("docs/performance.md"),
            &format!("{} {shape}", workload.name),
            &text,
        );
    }
    ExitCode::SUCCESS
}

/// Generates the repository, or takes the one that an earlier run generated.
fn repository(target: &Path, workload: &Workload, repack: bool) -> PathBuf {
    let name = format!(
        "{}-{}-{}{}",
        workload.name,
        workload.cards,
        workload.commits,
        if repack { "-repacked" } else { "" }
    );
    let path = target.join("bench").join(name);
    if path.join("violations.json").is_file() {
        return path;
    }
    if path.exists() {
        std::fs::remove_dir_all(&path).unwrap();
    }
    println!("generating {} …", path.display());
    workload::generate(workload, &path);
    if repack {
        git(&path, &["repack", "-adfq"]);
    }
    path
}

fn git(repository: &Path, arguments: &[&str]) {
    let status = Command::new("git").arg("-C").arg(repository.join("repo.git")).args(arguments).status();
    assert!(status.unwrap().success(), "git {arguments:?}");
}

fn measure(path: &Path, tools: &Path, workload: &Workload, runs: usize) -> Vec<Row> {
    let repository = path.join("repo.git");
    let repository = repository.to_str().unwrap();
    let tool = |name: &str| tools.join(name).to_str().unwrap().to_string();
    let (guard, structure) = (tool("id-guard"), tool("id-structure"));
    let ours = |arguments: &[&str]| {
        Run::new(&guard, &[arguments, &["--repo", repository, "--format", "json"]].concat())
    };
    let theirs = |arguments: &[&str]| Run::new("git", &[&["-C", repository], arguments].concat());
    let mut rows = Vec::new();
    let mut pair = |job: &str, a: Run, b: Run, scale: f64, goal: &'static str| {
        rows.push(Row::new(job, measure::pair(&a, &b, runs), scale, goal));
    };
    pair(
        "start-up: `--version` against `git --version`",
        Run::new(&guard, &["--version"]),
        Run::new("git", &["--version"]),
        1.0,
        "",
    );
    pair(
        "gate, no identities: `check` against `git diff --raw`",
        ours(&["check", "--base", "main", "--head", "pr/readme"]),
        theirs(&["diff", "--raw", "main...pr/readme"]),
        1.0,
        "≤ 10 ms",
    );
    let kept = path.join("kept");
    let kept = kept.to_str().unwrap().to_string();
    pair(
        "gate, a plugin's version raised, identities kept: against `git diff --raw`",
        ours(&["check", "--base", "main", "--head", "pr/plugin"]).with_cache(&kept),
        theirs(&["diff", "--raw", "main...pr/plugin"]),
        1.0,
        "",
    );
    let add_card = ["check", "--base", "main", "--head", "pr/add-card"];
    pair(
        "gate, one card added, identities kept: `check` against `git diff --raw`",
        ours(&add_card).with_cache(&kept),
        theirs(&["diff", "--raw", "main...pr/add-card"]),
        1.0,
        "≤ 1.8 ×",
    );
    pair(
        "the same without what an earlier run kept: every card is read",
        ours(&add_card),
        theirs(&["diff", "--raw", "main...pr/add-card"]),
        1.0,
        "≤ 1.0 s",
    );
    let structure_policy = path.join("structure.yaml");
    std::fs::write(&structure_policy, STRUCTURE).unwrap();
    let structure_policy = structure_policy.to_str().unwrap();
    let everything = || {
        let arguments = ["check", "--head", "main", "--repo", repository, "--format", "json", "--policy"];
        Run::new(&structure, &[&arguments[..], &[structure_policy]].concat())
    };
    pair(
        "every artifact checked, cold: against the gate of one card, cold",
        everything(),
        ours(&add_card),
        1.0,
        "",
    );
    // Git takes minutes for the whole history of a large flat folder: a part of it, scaled by the number of commits.
    let part = workload.commits.min(if workload.cards > 50_000 { 200 } else { usize::MAX });
    let scale = (workload.commits + 1) as f64 / part.min(workload.commits + 1) as f64;
    let count = part.to_string();
    let log = ["log", "--first-parent", "--no-renames", "--raw", "-n", &count, "main"];
    let goal = match workload.cards {
        0..1_000 => "",
        1_000..50_000 => "≤ 1/20 ×",
        _ => "≤ 1/50 ×",
    };
    let cards_only = path.join("cards-only.yaml");
    std::fs::write(&cards_only, CARDS_ONLY).unwrap();
    let cards_only = cards_only.to_str().unwrap();
    pair(
        "audit of the cards: against `git log --first-parent --no-renames --raw`",
        ours(&["audit", "--no-cache", "--head", "main", "--policy", cards_only]),
        theirs(&log),
        scale,
        goal,
    );
    pair(
        "audit of cards and ledger: against the same",
        ours(&["audit", "--no-cache", "--head", "main"]),
        theirs(&log),
        scale,
        "",
    );
    pair(
        "audit of every parent: against the first-parent audit",
        ours(&["audit", "--no-cache", "--head", "main", "--all-parents"]),
        ours(&["audit", "--no-cache", "--head", "main"]),
        1.0,
        "≤ 1.2 ×",
    );
    let cache = path.join("cache");
    let cache = cache.to_str().unwrap().to_string();
    pair(
        "audit again from the cache: against the cold audit",
        ours(&["audit", "--cache", &cache, "--head", "main"]),
        ours(&["audit", "--no-cache", "--head", "main"]),
        1.0,
        "",
    );
    println!("{}", verify(path, &guard, repository));
    rows
}

/// Compares the findings of the audit with the planted violations.
fn verify(path: &Path, guard: &str, repository: &str) -> String {
    let output = Command::new(guard)
        .args(["audit", "--no-cache", "--head", "main", "--repo", repository, "--format", "json"])
        .output();
    let report: serde_json::Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
    let planted: serde_json::Value =
        serde_json::from_slice(&std::fs::read(path.join("violations.json")).unwrap()).unwrap();
    let ids = |list: &serde_json::Value| -> std::collections::BTreeSet<String> {
        list.as_array().unwrap().iter().map(|item| item["commit"].as_str().unwrap().to_string()).collect()
    };
    let (found, planted) = (ids(&report["findings"]), ids(&planted));
    assert_eq!(found, planted, "the audit names exactly the commits in which something was planted");
    format!("the audit named exactly the {} commits in which a violation was planted\n", planted.len())
}
