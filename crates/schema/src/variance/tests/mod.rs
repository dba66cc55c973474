//! Changes of schemas, each with the expected messages.

mod branches;
mod choices;
mod contracts;
mod documents;
mod generated;
mod hostile;
mod kept;
mod lists;
mod maps;
mod oracle;
mod values;

use artifact::{Limits, Syntax, Value, parse};

use crate::{Variance, breaks};

/// An old schema, a new one, the messages where it must widen, and those where it must narrow.
type Row = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

fn check(rows: &[Row]) {
    for (old, new, widen, narrow) in rows {
        assert_eq!(messages(old, new, Variance::Widen), *widen, "widen\n{old}\n{new}");
        assert_eq!(messages(old, new, Variance::Narrow), *narrow, "narrow\n{old}\n{new}");
    }
}

/// Returns the breaks, each as `pointer < old pointer: message`.
fn messages(old: &str, new: &str, variance: Variance) -> Vec<String> {
    let found = breaks(&read(old), &read(new), variance).into_iter();
    found.map(|found| format!("{} < {}: {}", found.pointer, found.old_pointer, found.message)).collect()
}

fn read(text: &str) -> Value {
    parse(Syntax::Json, text.as_bytes(), &Limits::default()).unwrap()
}

/// Calls `each` with `count` pseudorandom inputs, the same ones in every run.
fn random(count: usize, length: usize, mut each: impl FnMut(&[u8])) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..count {
        let mut bytes = Vec::with_capacity(length + 8);
        while bytes.len() < length {
            // xorshift64*
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            bytes.extend(state.wrapping_mul(0x2545_f491_4f6c_dd1d).to_le_bytes());
        }
        each(&bytes);
    }
}
