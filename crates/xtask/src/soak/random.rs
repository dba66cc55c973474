//! Random changes of governed bytes. The same seed makes the same changes.

use snapshot::Mode;

use super::sample::Sample;

/// A sequence of random numbers (SplitMix64, public domain).
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    /// Returns a number below a limit, or zero.
    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap()
    }

    /// Makes one random change; returns the changed sample and a description.
    pub(super) fn change(&mut self, sample: &Sample) -> (Sample, String) {
        let paths = sample.governed();
        let path = paths[self.below(paths.len())].clone();
        let mut changed = sample.clone();
        let (mode, content) = changed.files.get_mut(&path).unwrap();
        let what = match self.below(12) {
            0 => {
                let at = self.below(content.len());
                content.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << (at % 8));
                "a bit is flipped"
            }
            1 => {
                let (at, length) = (self.below(content.len()), 1 + self.below(16));
                content.drain(at..(at + length).min(content.len()));
                "bytes are deleted"
            }
            2 => {
                let at = self.below(content.len() + 1);
                let bytes: Vec<u8> = (0..=self.below(16)).map(|_| self.next().to_le_bytes()[0]).collect();
                content.splice(at..at, bytes);
                "bytes are inserted"
            }
            3 => {
                *content = self.lines(content, |random, lines| drop(lines.remove(random.below(lines.len()))));
                "a line is deleted"
            }
            4 => {
                *content = self.lines(content, |random, lines| {
                    let line = lines[random.below(lines.len())].clone();
                    lines.insert(random.below(lines.len()), line);
                });
                "a line is repeated"
            }
            5 => {
                *content = self.lines(content, |random, lines| {
                    let (a, b) = (random.below(lines.len()), random.below(lines.len()));
                    lines.swap(a, b);
                });
                "lines are swapped"
            }
            6 => {
                content.truncate(self.below(content.len()));
                "the end is cut off"
            }
            7 => {
                let other = paths[self.below(paths.len())].clone();
                let own = changed.files[&path].1.clone();
                let content = std::mem::replace(&mut changed.files.get_mut(&other).unwrap().1, own);
                changed.files.get_mut(&path).unwrap().1 = content;
                return (changed, format!("{path} and {other}: their contents are swapped"));
            }
            8 => {
                *mode = if *mode == Mode::Executable { Mode::File } else { Mode::Executable };
                "its mode changes"
            }
            9 => {
                *mode = Mode::Link;
                "it becomes a link"
            }
            10 => {
                changed.files.remove(&path);
                "it is deleted"
            }
            // Nothing reads a copy beside the registry, and it changes no governed byte.
            _ if path == "ids/registry.yaml" => {
                content.push(b'\n');
                "an empty line is added"
            }
            _ => {
                let copy = format!("{path}.{}", self.below(100));
                let file = changed.files[&path].clone();
                changed.files.insert(copy, file);
                "it is copied to another name"
            }
        };
        (changed, format!("{path}: {what}"))
    }

    /// Changes the lines of a file that has some.
    fn lines(&mut self, content: &[u8], change: impl Fn(&mut Random, &mut Vec<Vec<u8>>)) -> Vec<u8> {
        let mut lines: Vec<Vec<u8>> =
            content.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
        if !lines.is_empty() {
            change(self, &mut lines);
        }
        lines.concat()
    }
}
