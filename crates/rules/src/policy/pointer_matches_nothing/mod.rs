//! Every pointer of the policy names a value of a document.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Gap, PolicyGap, Rule};

/// `POL008` pointer-matches-nothing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::POINTER_MATCHES_NOTHING,
        summary: "every pointer of the policy names a value of a document",
        page: include_str!("README.md"),
    },
    check: Check::Coverage(describe),
};

fn describe(gap: &PolicyGap) -> Option<Diagnostic> {
    let Gap::Pointer { pattern, documents, pointer, elements_of, nearest } = &gap.gap else { return None };
    let of = match *documents {
        1 => format!("the document that `{pattern}` matches"),
        count => format!("any of the {count} documents that `{pattern}` matches"),
    };
    let message = match elements_of.as_deref() {
        None => format!("no document has `{pointer}`: it is not in {of}"),
        Some("") => format!("no element has `{pointer}`: it is not in {of}"),
        Some(at) => format!("no element of `{at}` has `{pointer}`: it is not in {of}"),
    };
    let finding = Diagnostic::new(&RULE.info, message).at(gap.location.clone());
    let finding = match nearest {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("correct the JSON pointer: this line of the policy protects nothing"),
    };
    Some(finding.help("if documents get it later, write `optional: true` in the entry"))
}
