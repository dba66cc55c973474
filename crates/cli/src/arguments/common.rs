//! Options that several commands share: the repository, the policy, the report.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

/// The exit statuses of a kind of command, as the end of its `--help`.
macro_rules! exit_status {
    (check) => {
        "\n\nExit status: 0 all checks passed, 1 findings at level deny, 2 the check could not run."
    };
    (write) => {
        "\n\nExit status: 0 done, 1 refused, 2 could not run."
    };
    (compare) => {
        "\n\nExit status: 0 up to date, 1 out of date or refused, 2 could not run."
    };
    (show) => {
        "\n\nExit status: 0 done, 2 could not run."
    };
    (verified) => {
        "\n\nExit status: 0 verified, 1 not verified, 2 could not run."
    };
    (tests) => {
        "\n\nExit status: 0 all tests passed, 1 a test failed, 2 could not run."
    };
    (merge) => {
        "\n\nExit status: 0 merged, 1 conflict, 2 could not run."
    };
    (find) => {
        "\n\nExit status: 0 done, 1 not found, 2 could not run."
    };
}

pub(super) use exit_status;

/// The repository that a command reads or writes.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The repository, or a directory inside it.
    #[arg(long, value_name = "DIR", default_value = ".", help_heading = "Repository")]
    pub(crate) repo: PathBuf,
}

/// Options of every command that reports findings.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The repository, or a directory inside it.
    #[arg(long, value_name = "DIR", default_value = ".", help_heading = "Repository")]
    pub(crate) repo: PathBuf,
    /// Use this policy file instead of the one on the base branch.
    #[arg(long, value_name = "FILE", help_heading = "Policy")]
    pub(crate) policy: Option<PathBuf>,
    /// The format of the report on standard output [default: human; grouped for an audit on a terminal].
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: Option<FormatArgument>,
    /// Also write a report to a file, e.g. `sarif=out.sarif`; repeatable.
    #[arg(long, value_name = "FORMAT=FILE", help_heading = "Output")]
    pub(crate) report: Vec<String>,
    /// When to use colours.
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorArgument::Auto, help_heading = "Output")]
    pub(crate) color: ColorArgument,
    /// Print how many findings there are of each rule, or in each file, instead of the findings.
    #[arg(long, value_enum, value_name = "BY", num_args = 0..=1, require_equals = true, default_missing_value = "rules", help_heading = "Output")]
    pub(crate) statistics: Option<StatisticsArgument>,
    /// Show at most this many findings; 0 shows all [default: 50 on a terminal].
    #[arg(long, value_name = "N", help_heading = "Output")]
    pub(crate) max_findings: Option<usize>,
    /// Show all findings, as `--max-findings 0` does.
    #[arg(long, conflicts_with = "max_findings", help_heading = "Output")]
    pub(crate) all: bool,
    /// The maximum number of annotations of each level that `--format github` prints.
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = "Output")]
    pub(crate) annotations_max: usize,
    /// Print nothing if the check passes.
    #[arg(long, short, conflicts_with = "verbose", help_heading = "Output")]
    pub(crate) quiet: bool,
    /// Print waived findings in full.
    #[arg(long, short, help_heading = "Output")]
    pub(crate) verbose: bool,
}

impl Common {
    /// Returns the defaults for a repository.
    pub(crate) fn at(repo: &Path) -> Common {
        Common {
            repo: repo.into(),
            policy: None,
            format: None,
            report: Vec::new(),
            color: ColorArgument::Never,
            statistics: None,
            max_findings: None,
            all: false,
            annotations_max: 10,
            quiet: false,
            verbose: false,
        }
    }
}

/// What findings are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatisticsArgument {
    /// One line per rule.
    Rules,
    /// One line per file.
    Files,
}

/// The formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatArgument {
    /// For people: snippets and how to fix each finding.
    Human,
    /// For screen readers: the same as sentences.
    Narrated,
    /// One line per finding.
    Concise,
    /// By file.
    Grouped,
    /// For programs; see `id-guard schema report`.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitHub annotations.
    Github,
    /// GitLab Code Quality.
    Gitlab,
    /// JUnit XML.
    Junit,
    /// Markdown for a GitHub job summary.
    Summary,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorArgument {
    /// On a terminal; NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE decide first.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
