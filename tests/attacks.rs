//! The list of attacks as a suite: one governed repository, one branch an attack, and what must come of each.

mod base;
mod documents;
mod entries;
mod governance;
mod history;
mod ledger;
mod machine;
mod played;
mod scene;
mod size;
mod table;
mod text;

/// Text that terminals, log viewers, browsers and the runner would act on.
pub(crate) const EVIL: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\r\n::error::owned\r##[group]owned\n::set-output name=verdict::pass\u{202e}\u{2066}\u{200b}%0A<img src=x onerror=alert(1)>@everyone `x` | www.example.net [a](b)";
