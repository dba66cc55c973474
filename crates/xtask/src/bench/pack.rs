//! A pack, written directly: `git fast-import` would write a tree of megabytes for every commit of a large folder.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use sha1::{Digest, Sha1};

/// A git object id.
pub(crate) type Id = [u8; 20];

/// Objects come out of here in one stream.
pub(crate) struct Pack {
    bytes: Vec<u8>,
    objects: u32,
    /// What was added whole: once is enough.
    known: BTreeSet<Id>,
}

/// What an object is (git `pack-format`, object types).
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Commit = 1,
    Tree = 2,
    Blob = 3,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Commit => "commit",
            Kind::Tree => "tree",
            Kind::Blob => "blob",
        }
    }
}

pub(crate) fn id_of(kind: Kind, data: &[u8]) -> Id {
    let mut hasher = Sha1::new();
    hasher.update(format!("{} {}\0", kind.name(), data.len()));
    hasher.update(data);
    hasher.finalize().into()
}

pub(crate) fn hex(id: &Id) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Pack {
    pub(crate) fn new() -> Pack {
        Pack { bytes: b"PACK\0\0\0\x02\0\0\0\0".to_vec(), objects: 0, known: BTreeSet::new() }
    }

    /// Where the next object will lie.
    pub(crate) fn offset(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Adds a whole object.
    pub(crate) fn add(&mut self, kind: Kind, data: &[u8]) -> Id {
        let id = id_of(kind, data);
        if self.known.insert(id) {
            self.header(kind as u8, data.len());
            self.deflate(data);
        }
        id
    }

    /// Adds an object as a delta against the one at `base`, whose `old` bytes became `new` by replacing `old[at..at + gone]` with `put`.
    pub(crate) fn add_delta(
        &mut self,
        base: u64,
        old: usize,
        new: usize,
        at: usize,
        gone: usize,
        put: &[u8],
    ) {
        let mut delta = Vec::new();
        size(&mut delta, old);
        size(&mut delta, new);
        copy(&mut delta, 0, at);
        for piece in put.chunks(127) {
            delta.push(piece.len() as u8);
            delta.extend_from_slice(piece);
        }
        copy(&mut delta, at + gone, old - at - gone);
        let distance = self.offset() - base;
        self.header(6, delta.len());
        // git `pack-format`: each further byte adds one before it shifts.
        let mut digits = vec![(distance & 0x7f) as u8];
        let mut rest = distance >> 7;
        while rest > 0 {
            rest -= 1;
            digits.push(0x80 | (rest & 0x7f) as u8);
            rest >>= 7;
        }
        digits.reverse();
        self.bytes.extend(digits);
        self.deflate(&delta);
    }

    fn header(&mut self, kind: u8, length: usize) {
        self.objects += 1;
        let mut byte = kind << 4 | (length & 15) as u8;
        let mut rest = length >> 4;
        while rest > 0 {
            self.bytes.push(byte | 0x80);
            byte = (rest & 0x7f) as u8;
            rest >>= 7;
        }
        self.bytes.push(byte);
    }

    fn deflate(&mut self, data: &[u8]) {
        let mut encoder = ZlibEncoder::new(&mut self.bytes, Compression::fast());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap();
    }

    /// Ends the pack and hands it to `git index-pack`.
    pub(crate) fn finish(mut self, repository: &Path) {
        self.bytes[8..12].copy_from_slice(&self.objects.to_be_bytes());
        let sum = Sha1::digest(&self.bytes);
        self.bytes.extend_from_slice(&sum);
        let mut child = Command::new("git")
            .arg("-C")
            .arg(repository)
            .args(["index-pack", "--stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&self.bytes).unwrap();
        assert!(child.wait().unwrap().success(), "git index-pack accepts the pack");
    }
}

fn size(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn copy(out: &mut Vec<u8>, mut from: usize, mut length: usize) {
    while length > 0 {
        let part = length.min(0xff_ffff);
        let mut code = 0x80u8;
        let mut operands = Vec::new();
        for (bit, value) in [
            (0, from),
            (1, from >> 8),
            (2, from >> 16),
            (3, from >> 24),
            (4, part),
            (5, part >> 8),
            (6, part >> 16),
        ] {
            if value & 0xff != 0 {
                code |= 1 << bit;
                operands.push((value & 0xff) as u8);
            }
        }
        out.push(code);
        out.extend(operands);
        from += part;
        length -= part;
    }
}
