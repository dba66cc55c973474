//! Every pattern of the policy matches something.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Gap, NearPattern, PolicyGap, Rule};

/// `POL007` pattern-matches-nothing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::PATTERN_MATCHES_NOTHING,
        summary: "every pattern of the policy matches something",
        page: include_str!("README.md"),
    },
    check: Check::Coverage(describe),
};

fn describe(gap: &PolicyGap) -> Option<Diagnostic> {
    let Gap::Pattern { selector, pattern, nearest } = &gap.gap else { return None };
    let (what, later) = match *selector {
        "unit" => ("directory", "directories"),
        "identity" => ("file or directory", "files"),
        _ => ("file", "files"),
    };
    let finding = Diagnostic::new(&RULE.info, format!("`{pattern}` matches no {what}"));
    let finding = finding.at(gap.location.clone());
    let finding = match nearest {
        Some(near) => finding.help(advice(pattern, near)),
        None => finding.help("correct the pattern: the entry protects nothing"),
    };
    Some(finding.help(format!("if its {later} are added later, write `optional: true` in the entry")))
}

fn advice(pattern: &str, near: &NearPattern) -> String {
    let path = String::from_utf8_lossy(near.path.as_bytes());
    if near.is_directory {
        return format!("{path} is a directory: write `{}` for the files in it", near.pattern);
    }
    if near.pattern == pattern {
        return format!("{path} would match: correct the pattern");
    }
    format!("did you mean `{}`? it matches {path}", near.pattern)
}
