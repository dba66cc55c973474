//! The instructions of a pack delta (git `pack-format`, "Deltified representation").

use snapshot::{Error, Result};

/// One instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instruction {
    /// Take bytes of the base.
    Copy { from: u32, length: u32 },
    /// Take bytes of the delta itself.
    Insert { at: u32, length: u32 },
}

/// A delta, its sizes read and its instructions ready to be walked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Delta<'a> {
    bytes: &'a [u8],
    at: usize,
    pub(crate) base_size: u64,
    pub(crate) result_size: u64,
}

impl<'a> Delta<'a> {
    /// Reads the two sizes at the head.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Delta<'a>> {
        let mut at = 0;
        let base_size = size(bytes, &mut at)?;
        let result_size = size(bytes, &mut at)?;
        Ok(Delta { bytes, at, base_size, result_size })
    }

    /// Reads the next instruction, checked against the base's size; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Instruction>> {
        let Some(&code) = self.bytes.get(self.at) else { return Ok(None) };
        self.at += 1;
        if code & 0x80 != 0 {
            let mut take = |bit: u8, shift: u32| -> Result<u32> {
                if code & bit == 0 {
                    return Ok(0);
                }
                let byte = *self.bytes.get(self.at).ok_or_else(truncated)?;
                self.at += 1;
                Ok(u32::from(byte) << shift)
            };
            let from = take(1, 0)? | take(2, 8)? | take(4, 16)? | take(8, 24)?;
            let length = take(16, 0)? | take(32, 8)? | take(64, 16)?;
            let length = if length == 0 { 0x10000 } else { length };
            if u64::from(from) + u64::from(length) > self.base_size {
                return Err(corrupt("it copies bytes after the end of its base"));
            }
            return Ok(Some(Instruction::Copy { from, length }));
        }
        if code == 0 {
            return Err(corrupt("it contains the reserved instruction"));
        }
        let at = self.at;
        self.at += code as usize;
        if self.at > self.bytes.len() {
            return Err(truncated());
        }
        Ok(Some(Instruction::Insert { at: at as u32, length: u32::from(code) }))
    }

    /// Builds the result from the base's bytes into `out`.
    pub(crate) fn apply(mut self, base: &[u8], out: &mut Vec<u8>) -> Result<()> {
        if base.len() as u64 != self.base_size {
            return Err(corrupt("its base has a different size"));
        }
        let bytes = self.bytes;
        out.clear();
        out.reserve(self.result_size as usize);
        while let Some(instruction) = self.next()? {
            let piece = match instruction {
                Instruction::Copy { from, length } => &base[from as usize..][..length as usize],
                Instruction::Insert { at, length } => &bytes[at as usize..][..length as usize],
            };
            if (out.len() + piece.len()) as u64 > self.result_size {
                return Err(corrupt("its result is larger than declared"));
            }
            out.extend_from_slice(piece);
        }
        if out.len() as u64 == self.result_size {
            return Ok(());
        }
        Err(corrupt("its result is smaller than declared"))
    }
}

fn size(bytes: &[u8], at: &mut usize) -> Result<u64> {
    let mut value = 0u64;
    for shift in (0..63).step_by(7) {
        let byte = *bytes.get(*at).ok_or_else(truncated)?;
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            // Offsets in an object have 32 bits here; larger objects are over every limit.
            return u32::try_from(value).map(u64::from).map_err(|_| corrupt("it is larger than 4 GiB"));
        }
    }
    Err(corrupt("a size does not end"))
}

fn corrupt(reason: &str) -> Error {
    Error::Corrupt { what: "a pack delta".into(), reason: reason.into() }
}

fn truncated() -> Error {
    corrupt("it is truncated")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delta_is_applied() {
        // base 10 bytes, result 7: copy 4 from 2, insert "xyz"
        let delta = [10, 7, 0x80 | 1 | 16, 2, 4, 3, b'x', b'y', b'z'];
        let mut out = Vec::new();
        Delta::parse(&delta).unwrap().apply(b"0123456789", &mut out).unwrap();
        assert_eq!(out, b"2345xyz");
    }

    #[test]
    fn a_forged_delta_is_an_error() {
        let mut out = Vec::new();
        for delta in [
            &[10, 7][..],
            &[10, 4, 0x80 | 1 | 16, 8, 4],
            &[10, 2, 3, b'x', b'y', b'z'],
            &[10, 3, 3, b'x'],
            &[10, 1, 0],
            &[10, 5, 0x80],
        ] {
            let result = Delta::parse(delta).and_then(|delta| delta.apply(b"0123456789", &mut out));
            assert!(result.is_err(), "{delta:?}");
        }
        assert!(Delta::parse(&[0xff; 12]).is_err());
        assert!(Delta::parse(&[4, 1, 1, b'x']).unwrap().apply(b"another size", &mut out).is_err());
    }
}
