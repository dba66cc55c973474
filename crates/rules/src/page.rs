//! The page of a rule: the README beside it, completed with what follows from its [`RuleInfo`].

use diagnostic::RuleInfo;

/// Returns the page of a rule in Markdown, as `explain` prints it and the book shows it.
///
/// Each README ends with the section `Options`; the level and the waiver are added there.
#[must_use]
pub fn page(info: &RuleInfo) -> String {
    let (code, name, level) = (info.id.code, info.id.name, info.id.level.name());
    let page = info.page.trim_end();
    if policy::is_protected(&info.id) {
        return format!(
            "{page}\n- Level: `{level}`. No policy can lower it, and no waiver covers its findings.\n"
        );
    }
    format!(
        "{page}\n- Level: `{level}`. To change it, set `levels: {{{name}: deny}}` (or `warn`, `allow`) in `policy-packs/policy.yaml`.\n\
         - To accept one finding until a date, add a waiver for `{code}` to `policy-packs/waivers.yaml`.\n"
    )
}
