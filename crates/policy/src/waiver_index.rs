//! Finds the waivers that may cover a finding, without looking at each: a repository can have thousands.

use std::collections::HashMap;

use crate::Waiver;

/// The waivers of a policy by code, and by path where they name one.
pub struct WaiverIndex<'w> {
    /// The positions of waivers of one path.
    of_path: HashMap<(&'w str, &'w [u8]), Vec<usize>>,
    /// The positions of waivers of patterns with wildcards.
    of_code: HashMap<&'w str, Vec<usize>>,
}

impl<'w> WaiverIndex<'w> {
    /// Indexes the waivers of a policy.
    #[must_use]
    pub fn new(waivers: &'w [Waiver]) -> WaiverIndex<'w> {
        let mut index = WaiverIndex { of_path: HashMap::new(), of_code: HashMap::new() };
        for (at, waiver) in waivers.iter().enumerate() {
            let code = waiver.code.as_str();
            match waiver.path.literal() {
                Some(path) => index.of_path.entry((code, path.as_bytes())).or_default().push(at),
                None => index.of_code.entry(code).or_default().push(at),
            }
        }
        index
    }

    /// Returns the positions of the waivers that may cover a finding of a rule at a path, in their order.
    #[must_use]
    pub fn candidates(&self, code: &str, path: &[u8]) -> Vec<usize> {
        let of_path = self.of_path.get(&(code, path)).into_iter().flatten();
        let mut found: Vec<usize> =
            of_path.chain(self.of_code.get(code).into_iter().flatten()).copied().collect();
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Date, Pattern};

    fn waiver(code: &str, path: &str) -> Waiver {
        Waiver {
            code: code.into(),
            path: Pattern::new(path).unwrap(),
            reason: "r".into(),
            owner: "o".into(),
            until: Date::parse("2026-11-21").unwrap(),
            commit: None,
            span: 0..0,
        }
    }

    #[test]
    fn candidates_are_all_that_cover_a_path() {
        let paths = ["a/b.md", "a/*.md", "**/b.md", "a/b.md", "a/B.md", "\u{e4}/b.md", "a/b.md/**"];
        let waivers: Vec<Waiver> =
            paths.iter().flat_map(|path| [waiver("IMM004", path), waiver("IMM005", path)]).collect();
        let index = WaiverIndex::new(&waivers);
        for path in ["a/b.md", "a/c.md", "a/[b].md", "a/B.md", "\u{e4}/b.md", "x/b.md", "a/b.md/c", ""] {
            for code in ["IMM004", "IMM005", "IMM006"] {
                let covers = |at: &usize| waivers[*at].covers(code, path.as_bytes(), None);
                let all: Vec<usize> = (0..waivers.len()).filter(covers).collect();
                let found: Vec<usize> =
                    index.candidates(code, path.as_bytes()).into_iter().filter(covers).collect();
                assert_eq!(found, all, "{code} {path}");
            }
        }
    }

    #[test]
    fn the_work_grows_with_the_findings_and_not_with_the_waivers() {
        for count in [1_000, 4_000, 16_000] {
            let waivers: Vec<Waiver> =
                (0..count).map(|at| waiver("IMM004", &format!("docs/file-{at}.md"))).collect();
            let index = WaiverIndex::new(&waivers);
            let looked_at: usize = (0..count)
                .map(|at| index.candidates("IMM004", format!("docs/file-{at}.md").as_bytes()).len())
                .sum();
            assert_eq!(looked_at, count);
        }
    }
}
