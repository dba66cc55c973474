//! Every element of a governed collection has a key of its own.

use diagnostic::{Diagnostic, Level, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

/// `IMM038` collection-key-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::COLLECTION_KEY_INVALID,
        summary: "every element of a governed collection has a key of its own",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    let Breach::ElementKeyInvalid { pointer, problem, is_on_base } = &breach.kind else { return Ok(None) };
    let location = context.field(breach, pointer)?;
    let help = "give each element a key of its own, as the policy declares it (`key`)";
    let mut finding = context.diagnostic(&RULE.info, breach, problem.as_str()).at(location).help(help);
    if *is_on_base {
        finding.level = Level::Warn;
        finding = finding.note("the base branch has the same fault");
    }
    Ok(Some(finding))
}
