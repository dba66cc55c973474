//! Tables for people: columns next to each other, each cell made safe and cut to what can be shown.

use diagnostic::sanitise;

/// The widest column that other rows are aligned with: a longer cell moves only its own row.
const MAX_WIDTH: usize = 120;

/// Returns rows as lines, with two spaces between aligned columns. All rows have as many cells as the first.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| sanitise::text(cell)).collect()).collect();
    let count = rows.first().map_or(0, Vec::len);
    let widest = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..count).map(|at| widest(at).unwrap_or_default().min(MAX_WIDTH)).collect();
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}"));
        text += cells.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: [&str; 3]) -> Vec<String> {
        cells.map(String::from).to_vec()
    }

    #[test]
    fn columns_are_aligned() {
        assert_eq!(table(&[row(["a", "bb", "c"]), row(["aaa", "b", ""])]), "a    bb  c\naaa  b\n");
        assert_eq!(table(&[]), "");
    }

    #[test]
    fn a_cell_of_any_length_is_cut_and_moves_only_its_row() {
        for length in [1_001, 65_535, 65_536, 65_600, 1_000_000] {
            for at in 0..3 {
                let mut long = row(["a", "b", "c"]);
                long[at] = "\u{202e}".repeat(length);
                let shown = table(&[long, row(["a", "b", "c"])]);
                let lines: Vec<&str> = shown.lines().collect();
                assert!(lines[0].contains(" more)") && lines[0].len() < 20_000, "{length} {at}");
                assert!(lines[1].len() < 3 * MAX_WIDTH, "{length} {at}: {}", lines[1]);
            }
        }
    }
}
