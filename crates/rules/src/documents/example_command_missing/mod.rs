//! Files that example commands name are there.

use diagnostic::{Diagnostic, RuleInfo};
use documents::command::{Mention, files_of_document};
use documents::target::resolve;
use engine::{Check, Rule, StateContext};
use snapshot::{RepoPath, Result};

use super::words::{Places, made_again, name, problem, shown, tell_some};

/// `DOC002` example-command-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::EXAMPLE_COMMAND_MISSING,
        summary: "files that example commands name are there",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let mut places = Places::of(state);
    for plugin in &state.plugins {
        for page in &state.texts(plugin)?.pages {
            let mentions = match files_of_document(&page.read) {
                Ok(mentions) => mentions,
                Err(problem) => {
                    findings.push(page.to_diagnostic(&RULE.info, &problem));
                    continue;
                }
            };
            // Where a reader may stand who tries the command.
            let bases = [plugin.directory.clone(), page.path.parent(), RepoPath::root()];
            let mut missing = Vec::new();
            for mention in mentions {
                if !is_there(&mention, &bases, &mut places)? {
                    missing.push(mention);
                }
            }
            tell_some(&RULE.info, page, &missing, findings, |mention| {
                let message = format!(
                    "the command names `{}`, which stands neither in {} nor in the repository's root",
                    shown(&mention.path),
                    name(&plugin.directory)
                );
                let told = problem(&mention.span, message, "add the file, or mend the command");
                Ok(made_again(plugin, page, &mention.span, page.to_diagnostic(&RULE.info, &told)))
            })?;
        }
    }
    Ok(())
}

fn is_there(mention: &Mention, bases: &[RepoPath], places: &mut Places<'_>) -> Result<bool> {
    for base in bases {
        if let Some(place) = resolve(base, &mention.path)
            && places.find(&place)?.is_some()
        {
            return Ok(true);
        }
    }
    Ok(false)
}
