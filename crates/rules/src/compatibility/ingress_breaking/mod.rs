//! A plugin changes how others call it only with a breaking version.

use artifact::Value;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Document, Rule, StateContext};
use snapshot::Result;

use super::version_step::{names, spec_steps};

/// `CMP014` ingress-breaking.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::INGRESS_BREAKING,
        summary: "a plugin changes how others call it only with a breaking version",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

/// The paths on which a plugin accepts calls.
const PATHS: &str = "/capabilities/ingress/allowed_paths";
/// How callers sign.
const SIGNATURE: &str = "/capabilities/ingress/signature";
/// The secret with which callers sign.
const SECRET: &str = "/capabilities/ingress/signature_secret_env";

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for step in &spec_steps(state)? {
        let (old, new) = (names(&step.before, PATHS), names(step.spec, PATHS));
        if let Some(bump) = step.binding_bump(state) {
            let mut report = |what: String, place: &str, before: &str| {
                findings.push(step.breaking(&RULE.info, state, &bump, (what, place, before)));
            };
            for (path, before) in old.iter().filter(|(path, _)| !new.contains_key(*path)) {
                report(format!("calls to {path} are no longer accepted"), PATHS, before);
            }
            // Without a call that existed before, nobody signs.
            let is_called = old.keys().any(|path| new.contains_key(path));
            let (was, is) = (signature(&step.before), signature(step.spec));
            if is_called && was != is && is != Signature::None {
                let what = match was {
                    Signature::None => "callers must sign".to_string(),
                    _ => format!("callers sign with {} instead of {}", is.show(), was.show()),
                };
                report(what, SIGNATURE, SIGNATURE);
            }
        }
        if let Some(bump) = step.patch_bump(state) {
            for (path, place) in new.iter().filter(|(path, _)| !old.contains_key(*path)) {
                let what = format!("calls to {path} are newly accepted");
                findings.push(step.addition(&RULE.info, &bump, (what, place)));
            }
        }
    }
    Ok(())
}

/// How callers sign their calls.
#[derive(Clone, PartialEq, Eq)]
enum Signature {
    /// They do not sign.
    None,
    /// The spec names a secret, and no form.
    Unnamed,
    /// The form that the spec names.
    Named(String),
}

impl Signature {
    fn show(&self) -> String {
        match self {
            Signature::None => "nothing".into(),
            Signature::Unnamed => "a form that the spec does not name".into(),
            Signature::Named(form) => form.clone(),
        }
    }
}

fn signature(spec: &Document) -> Signature {
    let text = |pointer| {
        let value: Option<&Value> = spec.value.as_ref().ok().and_then(|value| value.pointer(pointer));
        value.and_then(Value::as_str).filter(|text| !text.is_empty())
    };
    match (text(SIGNATURE), text(SECRET)) {
        (Some("none"), _) | (None, None) => Signature::None,
        (Some(form), _) => Signature::Named(form.into()),
        (None, Some(_)) => Signature::Unnamed,
    }
}
