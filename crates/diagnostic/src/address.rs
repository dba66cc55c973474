//! The one address of the project: links to rule pages derive from it, and nothing else prints an address of ours.

/// Where the pages of the project are published, `https` and without a closing slash; `None` until the project has an address of its own.
///
/// While it is `None`, no link is printed and SARIF has neither `informationUri` nor `helpUri`.
pub const HOME: Option<&str> = None;

/// Returns the address of a rule's page below `home`.
#[must_use]
pub fn rule_page(home: &str, code: &str) -> String {
    format!("{home}/rules/{code}.html")
}
