//! Every file and operation that an example command uses exists.

use diagnostic::{Diagnostic, RuleInfo};
use documents::command::{Mention, commands_of_document, files_of_document};
use documents::target::resolve;
use engine::{Check, Rule, StateContext};
use snapshot::{RepoPath, Result};

use super::findings::{Launch, Places, display_path, problem, report_some, shown, with_regenerate_help};

/// `DOC002` example-command-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::EXAMPLE_COMMAND_MISSING,
        summary: "every file and operation that an example command uses exists",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let mut places = Places::of(state);
    for plugin in &state.plugins {
        let launch = Launch::of(plugin);
        for page in &state.texts(plugin)?.pages {
            let mentions = match files_of_document(&page.read) {
                Ok(mentions) => mentions,
                Err(problem) => {
                    findings.push(page.to_diagnostic(&RULE.info, &problem));
                    continue;
                }
            };
            if let Some(launch) = &launch {
                let commands = commands_of_document(&page.read);
                let unknown: Vec<_> =
                    commands.iter().filter_map(|words| launch.unknown_operation(words)).collect();
                report_some(&RULE.info, page, &unknown, findings, |word| {
                    let message = format!(
                        "the command runs the operation `{}`, which the spec does not have",
                        shown(&word.value)
                    );
                    let finding = problem(&word.span, message, launch.show());
                    let finding = page.to_diagnostic(&RULE.info, &finding);
                    Ok(with_regenerate_help(plugin, page, &word.span, finding))
                })?;
            }
            // The directories in which a reader may run the command.
            let bases = [plugin.directory.clone(), page.path.parent(), RepoPath::root()];
            let mut missing = Vec::new();
            for mention in mentions {
                if !exists(&mention, &bases, &mut places)? {
                    missing.push(mention);
                }
            }
            report_some(&RULE.info, page, &missing, findings, |mention| {
                let message = format!(
                    "the command uses `{}`, which does not exist in {} or the repository root",
                    shown(&mention.path),
                    display_path(&plugin.directory)
                );
                let finding = problem(&mention.span, message, "add the file, or correct the command");
                Ok(with_regenerate_help(
                    plugin,
                    page,
                    &mention.span,
                    page.to_diagnostic(&RULE.info, &finding),
                ))
            })?;
        }
    }
    Ok(())
}

fn exists(mention: &Mention, bases: &[RepoPath], places: &mut Places<'_>) -> Result<bool> {
    for base in bases {
        if let Some(place) = resolve(base, &mention.path)
            && places.find(&place)?.is_some()
        {
            return Ok(true);
        }
    }
    Ok(false)
}
