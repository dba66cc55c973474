//! The table of figures, and its place in docs/performance.md.

use std::path::Path;

use super::measure::Pair;
use super::workload::Workload;

/// One job, measured against another.
pub(crate) struct Row {
    job: String,
    pair: Pair,
    /// What the other side's figures are multiplied by, where it did a part of the job.
    scale: f64,
    goal: String,
}

impl Row {
    pub(crate) fn new(job: &str, pair: Pair, scale: f64, goal: impl Into<String>) -> Row {
        Row { job: job.into(), pair, scale, goal: goal.into() }
    }
}

pub(crate) fn markdown(workload: &Workload, shape: &str, rows: &[Row]) -> String {
    let text = format!(
        "### {}: {} cards, {} plugins, {} commits, {shape}\n\n{}\n\n",
        workload.name,
        workload.cards,
        workload.plugins,
        workload.commits,
        machine()
    );
    text + &self::rows(rows)
}

/// The rows of a table, with its head.
pub(super) fn rows(rows: &[Row]) -> String {
    let mut text = String::new();
    text += "| job | ours, CPU s | the other side, CPU s | ratio | goal | our wall s | our memory, MB |\n| --- | --- | --- | --- | --- | --- | --- |\n";
    for row in rows {
        let (ours, theirs) = (row.pair.ours, row.pair.theirs.cpu * row.scale);
        let scaled = if row.scale > 1.01 { format!(" (a part × {:.1})", row.scale) } else { String::new() };
        text += &format!(
            "| {} | {:.4} | {theirs:.4}{scaled} | {} | {} | {:.4} | {:.0} |\n",
            row.job,
            ours.cpu,
            ratio(row.pair.ratio / row.scale),
            row.goal,
            ours.wall,
            ours.memory as f64 / 1e6
        );
    }
    text
}

/// `1.8 ×`, or `1/55 ×` where the other side took longer.
fn ratio(ratio: f64) -> String {
    match ratio {
        ratio if ratio < 0.5 => format!("1/{:.1} ×", 1.0 / ratio),
        ratio => format!("{ratio:.2} ×"),
    }
}

pub(super) fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let git = std::process::Command::new("git").arg("--version").output();
    let git =
        git.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_string()).unwrap_or_default();
    format!("{cores} cores, {}, {git}", model.trim_start_matches([' ', '\t', ':']))
}

/// Puts the table between its markers, or at the end.
pub(crate) fn write(path: &Path, name: &str, table: &str) {
    let (begin, end) = (format!("<!-- bench {name} -->"), format!("<!-- end {name} -->"));
    let page = std::fs::read_to_string(path).unwrap();
    let block = format!("{begin}\n{table}{end}\n");
    let page = match (page.find(&begin), page.find(&end)) {
        (Some(from), Some(to)) => format!("{}{block}{}", &page[..from], &page[to + end.len() + 1..]),
        _ => format!("{}\n{block}", page.trim_end_matches('\n').to_string() + "\n"),
    };
    std::fs::write(path, page).unwrap();
}
