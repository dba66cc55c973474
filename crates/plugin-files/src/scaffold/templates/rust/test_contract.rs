//! Tests the process: examples, exit statuses, events and settings.
//!
//! The AUTO section belongs to the tool: `id-plugin generate` keeps it up to date. Add your own tests
//! to other files.

{{section contract}}
