//! An ID card matches its schema.

use artifact::hidden::{self, Reading};
use artifact::id_card::MAX_CARD_BYTES;
use artifact::layout::Layout;
use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::fold::fold;
use snapshot::{RepoPath, Result};

/// `CRD001` card-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_INVALID,
        summary: "an ID card matches its schema",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    // The ULID and the key have rules with more precise messages.
    for card in state.cards.iter().filter(|card| card.path.name().ends_with(b".yaml")) {
        if card.text.len() > MAX_CARD_BYTES {
            let size = card.text.len();
            findings.push(
                Diagnostic::new(
                    &RULE.info,
                    format!("the card is {size} bytes long, and the limit is {MAX_CARD_BYTES}"),
                )
                .at(Location::of(&card.path))
                .help("remove comments and notes: a card needs a few hundred bytes"),
            );
        }
        let has_own_rule =
            |pointer: &str| matches!(pointer, "/ulid" | "/key") && card.text_at(pointer).is_some();
        card.validate(&RULE.info, schema::id_card(), |problem| !has_own_rule(&problem.pointer), findings);
        let found = card.text_at("/owner").and_then(|owner| hidden::find(owner, Reading::Identifier));
        if let Some((_, character)) = found {
            let message = format!("the owner contains {}", hidden::describe(character));
            findings.push(
                Diagnostic::new(&RULE.info, message).at(card.place("/owner")).help(
                    "remove the character: an ID card is permanent, and people read it as it is written",
                ),
            );
        }
        if let Some(why) = card.text_at("/path").and_then(|path| why_reserved(path, &state.policy.layout)) {
            findings.push(
                Diagnostic::new(&RULE.info, format!("no artifact can be at this path: {why}"))
                    .at(card.place("/path"))
                    .help("give the artifact a directory or file of its own, such as plugins/<name> or docs/<name>.md"),
            );
        }
    }
    Ok(())
}

/// Returns why no artifact can be at a path: git, the cards and the ledger are there, or every plugin or pack is below it.
fn why_reserved(path: &str, layout: &Layout) -> Option<&'static str> {
    let folded = fold(path.as_bytes());
    let is_above_plugins = [path.as_bytes(), &folded]
        .map(RepoPath::new)
        .iter()
        .any(|path| layout.leads_to_plugins(path) && !layout.is_plugin_directory(path));
    let folded = String::from_utf8_lossy(&folded).into_owned();
    let parts: Vec<&str> = folded.split('/').collect();
    match parts.as_slice() {
        [..] if parts.contains(&".git") || parts.contains(&"git~1") => Some("`.git` belongs to git"),
        [..] if parts.iter().any(|part| matches!(*part, "." | "..")) => {
            Some("`.` and `..` lead to another directory")
        }
        ["ids", ..] => Some("`ids/` contains the ID cards and the registry"),
        [".ledger", ..] => Some("`.ledger/` contains the ledger"),
        ["policy-packs"] => Some("every policy pack is below it"),
        [..] if is_above_plugins => Some("every plugin is below it"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use artifact::layout::Layout;

    use super::*;

    #[test]
    fn paths_of_git_cards_and_ledger_are_reserved() {
        for path in [
            ".git",
            ".git/hooks",
            "plugins/.GIT/x",
            "a/git~1",
            "ids",
            "ids/cards/x",
            "IDS/x",
            ".ledger/ids.jsonl",
            "plugins",
            "Plugins",
            "policy-packs",
            "a/../b",
            "./a",
        ] {
            assert!(why_reserved(path, &Layout::default()).is_some(), "{path}");
        }
        for path in
            ["plugins/ids", "docs/plugins", "idsx/a", "docs/.gitignore", "policy-packs/strict", "module.yaml"]
        {
            assert_eq!(why_reserved(path, &Layout::default()), None, "{path}");
        }
    }
}
