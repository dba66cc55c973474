//! The declarations of the policies: packages, rules and functions.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{Expr, Module, Rule, RuleHead, Span};

use crate::engine::Engine;
use crate::reply::{Failure, Place};

/// A package with the rules of all its sources.
#[derive(Debug, Default)]
pub(crate) struct Package {
    /// The name as a conftest namespace: `main`, `team.a.b`. Two packages can have the same name.
    pub(crate) name: String,
    /// The rules, without functions.
    pub(crate) rules: BTreeMap<String, Declared>,
}

/// A rule of a package.
#[derive(Debug)]
pub(crate) struct Declared {
    /// The first definition.
    pub(crate) place: Place,
    /// A definition with a longer head, such as `deny.host` or `deny[key] := value`.
    pub(crate) longer: Option<Place>,
}

/// All declarations.
#[derive(Debug, Default)]
pub(crate) struct Declarations {
    /// The packages by path: `data.main`, `data.team["a.b"]`.
    pub(crate) packages: BTreeMap<String, Package>,
    /// The paths of functions, without `data`.
    pub(crate) functions: BTreeSet<Vec<String>>,
}

/// Reads the declarations; refuses data that conflicts with a rule.
pub(crate) fn declarations(engine: &mut Engine) -> Result<Declarations, Failure> {
    let mut found = Declarations::default();
    let mut rules = Vec::new();
    for module in engine.modules() {
        let package = reference(&module.package.refr).ok_or_else(|| odd(&module.package.span))?;
        let entry = found.packages.entry(dotted(&package)).or_default();
        entry.name = package.join(".");
        for rule in &module.policy {
            let (head, is_function) = head(rule);
            let (name, longer) = rule_name(head).ok_or_else(|| odd(head.span()))?;
            let (name, place) = (name.text().to_string(), place(name));
            rules.push((package.clone(), name.clone(), place.clone()));
            if is_function {
                let path = reference(head).ok_or_else(|| odd(head.span()))?;
                found.functions.insert(package.iter().cloned().chain(path).collect());
                continue;
            }
            let longer = longer.then(|| place.clone());
            let declared = entry.rules.entry(name).or_insert(Declared { place, longer: None });
            declared.longer = declared.longer.take().or(longer);
        }
    }
    for (package, name, place) in rules {
        // The engine would use the data as the value of the rule, and never evaluate the rule.
        let mut path: Vec<&str> = package.iter().map(String::as_str).collect();
        path.push(&name);
        if engine.datum(&path) != regorus::Value::Undefined {
            let message =
                format!("the data contains a value at {}.{name}, which is a rule", dotted(&package));
            return Err(Failure::rules(message).at(place));
        }
    }
    Ok(found)
}

/// Returns the head of a rule, and whether it takes arguments.
fn head(rule: &Rule) -> (&Expr, bool) {
    match rule {
        Rule::Spec { head: RuleHead::Func { refr, .. }, .. } => (refr, true),
        Rule::Spec { head: RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. }, .. } => (refr, false),
        Rule::Default { refr, args, .. } => (refr, !args.is_empty()),
    }
}

/// Returns the first component of a head, and whether there are more.
fn rule_name(mut head: &Expr) -> Option<(&Span, bool)> {
    let mut longer = false;
    loop {
        match head {
            Expr::Var { span, .. } => return Some((span, longer)),
            Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } => (head, longer) = (refr, true),
            _ => return None,
        }
    }
}

/// Returns the components of a reference that is known without evaluation: `a.b["c"]`.
pub(crate) fn reference(expression: &Expr) -> Option<Vec<String>> {
    let mut components = Vec::new();
    let mut rest = expression;
    loop {
        match rest {
            Expr::Var { span, .. } => {
                components.push(span.text().to_string());
                components.reverse();
                return Some(components);
            }
            Expr::RefDot { refr, field, .. } => {
                components.push(field.1.as_string().ok()?.to_string());
                rest = refr;
            }
            Expr::RefBrack { refr, index, .. } => {
                let Expr::String { value, .. } = index.as_ref() else { return None };
                components.push(value.as_string().ok()?.to_string());
                rest = refr;
            }
            _ => return None,
        }
    }
}

/// Returns the imports of a module from `data`: the local name and the imported path, without `data`.
pub(crate) fn imports(module: &Module) -> BTreeMap<String, Vec<String>> {
    let targets = module.imports.iter().filter_map(|import| {
        let target = reference(&import.refr)?;
        let (root, target) = target.split_first()?;
        let name = import.r#as.as_ref().map(|name| name.text().to_string()).or(target.last().cloned())?;
        (root == "data").then(|| (name, target.to_vec()))
    });
    targets.collect()
}

/// Returns where a span begins.
pub(crate) fn place(span: &Span) -> Place {
    Place { path: span.source.get_path().clone(), line: span.line, column: span.col }
}

fn odd(span: &Span) -> Failure {
    Failure::rules("unsupported name").at(place(span))
}

/// Formats the path of a package; quotes components that are not identifiers.
fn dotted(components: &[String]) -> String {
    components.iter().fold("data".to_string(), |path, component| {
        let mut letters = component.chars();
        let plain = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '_')
            && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if plain {
            format!("{path}.{component}")
        } else {
            format!("{path}[{}]", serde_json::Value::from(component.as_str()))
        }
    })
}
