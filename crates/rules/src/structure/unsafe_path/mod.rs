//! No path is unsafe on some machine.

use diagnostic::{Diagnostic, Location, RuleInfo, sanitise};
use engine::{Check, Rule, StateContext};
use snapshot::{RepoPath, Result};

const RESERVED: [&[u8]; 22] = [
    b"con", b"prn", b"aux", b"nul", b"com1", b"com2", b"com3", b"com4", b"com5", b"com6", b"com7", b"com8",
    b"com9", b"lpt1", b"lpt2", b"lpt3", b"lpt4", b"lpt5", b"lpt6", b"lpt7", b"lpt8", b"lpt9",
];

/// `STR007` unsafe-path.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::UNSAFE_PATH,
        summary: "no path is unsafe on some machine",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let mut tell = |path: &RepoPath, why: &str| {
        findings.push(
            Diagnostic::new(&RULE.info, format!("a name of this path {why}"))
                .at(Location::of(path))
                .help("choose a name of letters, digits, `.`, `_` and `-`"),
        );
    };
    let Some(changes) = state.changes else {
        return state.each_directory(&mut |directory, listing| {
            for entry in listing.iter() {
                if let Some(why) = why_unsafe(entry.name) {
                    tell(&directory.join(entry.name), why);
                }
            }
        });
    };
    for change in changes.iter().filter(|change| change.before.is_none() && change.after.is_some()) {
        if let Some(why) = change.path.components().find_map(why_unsafe) {
            tell(&change.path, why);
        }
    }
    Ok(())
}

fn why_unsafe(name: &[u8]) -> Option<&'static str> {
    let stem = name.split(|&byte| byte == b'.').next().unwrap_or_default().to_ascii_lowercase();
    match name {
        _ if std::str::from_utf8(name).is_err() => Some("is not UTF-8"),
        _ if String::from_utf8_lossy(name).chars().any(char::is_control) => Some("holds a control character"),
        _ if String::from_utf8_lossy(name).chars().any(sanitise::is_deceptive) => {
            Some("holds an invisible character")
        }
        _ if name.iter().any(|byte| b"\\:*?\"<>|".contains(byte)) => {
            Some("holds a character that Windows does not allow")
        }
        [.., b'.' | b' '] => Some("ends in a dot or a space"),
        _ if RESERVED.contains(&stem.as_slice()) => Some("is a device on Windows"),
        _ if name.len() > 200 => Some("is longer than 200 bytes"),
        _ => None,
    }
}
