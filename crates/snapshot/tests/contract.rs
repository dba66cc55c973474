//! Runs the snapshot contract on the snapshot in memory.

use scripted::snapshot_contract;
use snapshot::Memory;

#[test]
fn memory_fulfils_the_contract() {
    let mut memory = Memory::new();
    for (path, mode, content) in snapshot_contract::files() {
        memory.insert(path, mode, content);
    }
    snapshot_contract::check(&memory);
}
