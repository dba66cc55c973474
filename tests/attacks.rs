//! The list of attacks as a suite: one governed repository, one branch an attack, and what must come of each.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot be set up has failed")]

mod support;

mod attacks {
    //! One file for attacks of one kind; the rows are those of the table of threats.

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
}
