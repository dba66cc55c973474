//! The registry is not edited by hand.

use diagnostic::{Diagnostic, Location, RuleInfo, line_of};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `GEN002` registry-hand-edited.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::REGISTRY_HAND_EDITED,
        summary: "the registry is not edited by hand",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let Some(registry) = state.registry()? else { return Ok(()) };
    let edited = |message: String, place: Location| {
        Diagnostic::new(&RULE.info, message).at(place).help("regenerate it: id-registry build")
    };
    if registry.is_removed && registry.flaw.is_none() {
        let message = "the registry was deleted".to_string();
        findings.push(edited(message, Location::of(&registry.path)));
        return Ok(());
    }
    if let Some(flaw) = &registry.flaw {
        let place = Location::at(&registry.path, &registry.text, flaw.span.clone());
        findings.push(edited(format!("invalid registry: {}", flaw.message), place));
        return Ok(());
    }
    // From other sources the registry cannot be generated here; that is reported as out of date.
    if registry.named_sources != registry.sources {
        return Ok(());
    }
    let Some(made) = state.generate_registry()?.filter(|made| *made != registry.text) else { return Ok(()) };
    let at = made.iter().zip(&registry.text).take_while(|(a, b)| a == b).count();
    let line = |text: &[u8]| line_of(text, at);
    let made_line = String::from_utf8_lossy(&made[line(&made)]).trim().to_string();
    let message = if made_line.is_empty() {
        "the registry was edited by hand: this line is not generated".to_string()
    } else {
        format!("the registry was edited by hand: expected `{made_line}`")
    };
    findings.push(edited(message, Location::at(&registry.path, &registry.text, line(&registry.text))));
    Ok(())
}
