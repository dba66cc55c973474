//! A path can be checked out on every operating system.

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
        summary: "a path can be checked out on every operating system",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let mut report = |path: &RepoPath, why: &str| {
        findings.push(
            Diagnostic::new(&RULE.info, format!("unsafe path: a part of it {why}"))
                .at(Location::of(path))
                .help("use letters, digits, `.`, `_` and `-` only"),
        );
    };
    let Some(changes) = state.changes else {
        return state.each_directory(&mut |directory, listing| {
            for entry in listing.iter() {
                if let Some(why) = why_unsafe(entry.name) {
                    report(&directory.join(entry.name), why);
                }
            }
        });
    };
    for change in changes.iter().filter(|change| change.before.is_none() && change.after.is_some()) {
        if let Some(why) = change.path.components().find_map(why_unsafe) {
            report(&change.path, why);
        }
    }
    Ok(())
}

fn why_unsafe(name: &[u8]) -> Option<&'static str> {
    let stem = name.split(|&byte| byte == b'.').next().unwrap_or_default().to_ascii_lowercase();
    match name {
        _ if std::str::from_utf8(name).is_err() => Some("is not UTF-8"),
        _ if String::from_utf8_lossy(name).chars().any(char::is_control) => {
            Some("contains a control character")
        }
        _ if String::from_utf8_lossy(name).chars().any(sanitise::is_deceptive) => {
            Some("contains an invisible character")
        }
        _ if name.iter().any(|byte| b"\\:*?\"<>|".contains(byte)) => {
            Some("contains a character that Windows does not allow")
        }
        [.., b'.' | b' '] => Some("ends with a dot or a space"),
        _ if RESERVED.contains(&stem.as_slice()) => Some("is a device name on Windows"),
        _ if name.len() > 200 => Some("is longer than 200 bytes"),
        _ => None,
    }
}
