//! Custom rules: what a pack's own rules say.

pub mod custom_denied;
pub mod custom_warned;
