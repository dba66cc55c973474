//! Shared code of the tests. Add your own outside of the section.
//!
//! The AUTO section belongs to the tool: `id-plugin generate` keeps it up to date.
#![allow(dead_code, reason = "each test uses what it needs")]

{{section support}}
