//! Evaluates rules like `conftest test`: selects rules, applies exceptions, and assigns results to files.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;

use crate::calls;
use crate::declarations::{Declarations, Declared, Package, declarations};
use crate::engine::{self, Engine};
use crate::job::{Input, Request};
use crate::limits::Limits;
use crate::reply::{Answer, Failure, Level, PolicyResult};
use crate::rule_value::{self, RawResult, pointer};

/// The file name in conftest if all files are one input.
const COMBINED: &str = "Combined";

/// Evaluates every selected rule on every input.
pub(crate) fn evaluate(request: Request, limits: &Limits) -> Result<Answer, Failure> {
    let mut engine = Engine::load(&request.sources, request.data, limits.time)?;
    let declarations = declarations(&mut engine)?;
    calls::check(&mut engine, &declarations)?;
    let packages = select_packages(&declarations, &request.namespaces)?;
    let paths: Vec<String> = request.inputs.iter().map(|input| input.path.clone()).collect();
    let mut evaluation = Evaluation {
        engine,
        paths,
        combine: request.combine,
        remaining: limits.answer,
        answer: Answer::default(),
    };
    if request.combine {
        evaluation.engine.set_input(combined(request.inputs)?);
        evaluation.run(&packages, None, None)?;
    } else {
        for (index, input) in request.inputs.into_iter().enumerate() {
            evaluation
                .engine
                .set_input(engine::value(input.value).map_err(|failure| failure.while_doing(&input.path))?);
            evaluation.run(&packages, Some(index), input.data)?;
        }
    }
    Ok(evaluation.answer)
}

fn combined(inputs: Vec<Input>) -> Result<Value, Failure> {
    let entries = inputs.into_iter().map(|input| {
        let contents = engine::value(input.value).map_err(|failure| failure.while_doing(&input.path))?;
        let fields = [("path", Value::from(input.path)), ("contents", contents)];
        Ok(Value::from(
            fields.map(|(key, value)| (Value::from(key), value)).into_iter().collect::<BTreeMap<_, _>>(),
        ))
    });
    Ok(Value::from(entries.collect::<Result<Vec<_>, _>>()?))
}

/// Returns the level of a rule: `^(deny|violation|warn)(_[a-zA-Z0-9]+)*$`, conftest's own expression.
fn level(name: &str) -> Option<Level> {
    let mut words = name.split('_');
    let level = match words.next()? {
        "deny" | "violation" => Level::Deny,
        "warn" => Level::Warn,
        _ => return None,
    };
    let named = |word: &str| !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphanumeric());
    words.all(named).then_some(level)
}

/// Returns whether an exception names a rule: by its name without the prefix. For a name that is only a prefix, conftest documents the
/// empty string, and implements the name itself; both are accepted.
fn is_exempt(name: &str, exceptions: &BTreeSet<String>) -> bool {
    let strip = |name, prefix| str::strip_prefix(name, prefix).unwrap_or(name);
    let short = ["violation_", "deny_", "warn_"].into_iter().fold(name, strip);
    exceptions.contains(short) || (!name.contains('_') && exceptions.contains(""))
}

/// Selects the packages to evaluate, with their paths. A requested package without rules is an error: it would always pass.
fn select_packages<'a>(
    declarations: &'a Declarations,
    requested: &[String],
) -> Result<Vec<(&'a str, &'a Package)>, Failure> {
    let has_rules = |package: &Package| package.rules.keys().any(|name| level(name).is_some());
    for name in requested {
        let mut named = declarations.packages.values().filter(|package| package.name == *name).peekable();
        if named.peek().is_none() {
            return Err(Failure::rules(format!("no policy has the package {name}")));
        }
        if !named.any(has_rules) {
            return Err(Failure::rules(format!("package {name} has no rule named deny, violation or warn")));
        }
    }
    let chosen = declarations.packages.iter().map(|(path, package)| (path.as_str(), package));
    let chosen = chosen.filter(|(_, package)| requested.is_empty() || requested.contains(&package.name));
    let chosen: Vec<_> = chosen.filter(|(_, package)| has_rules(package)).collect();
    if chosen.is_empty() {
        return Err(Failure::rules("no policy has a rule named deny, violation or warn"));
    }
    for (path, package) in &chosen {
        for (name, declared) in &package.rules {
            if let (Some(_), Some(place)) = (level(name), &declared.longer) {
                let message = format!("{path}.{name} is defined with a longer head; write {name} contains …");
                return Err(Failure::rules(message).at(place.clone()));
            }
        }
    }
    Ok(chosen)
}

/// The state of an evaluation.
struct Evaluation {
    engine: Engine,
    /// The paths of the inputs.
    paths: Vec<String>,
    combine: bool,
    /// The remaining size of the answer, in bytes.
    remaining: usize,
    answer: Answer,
}

impl Evaluation {
    /// Evaluates every package on one input, or on all of them.
    fn run(
        &mut self,
        packages: &[(&str, &Package)],
        input: Option<usize>,
        data: Option<serde_json::Value>,
    ) -> Result<(), Failure> {
        let path = input.map_or(COMBINED, |index| self.paths[index].as_str()).to_string();
        let about = |failure: Failure| failure.while_doing(&path);
        self.engine.set_file(&path, data)?;
        for (package_path, package) in packages {
            let exceptions = self.exceptions(package_path, package).map_err(about)?;
            for (name, declared) in &package.rules {
                let Some(level) = level(name) else { continue };
                let rule = format!("{package_path}.{name}");
                let value = self.engine.value(&rule).map_err(about)?;
                let results = rule_value::read(&value).map_err(|why| {
                    about(Failure::rules(format!("{rule} {why}")).at(declared.place.clone()))
                })?;
                self.answer.queries += 1;
                if is_exempt(name, &exceptions) {
                    self.answer.exempted += u64::from(!results.is_empty());
                    continue;
                }
                results
                    .into_iter()
                    .try_for_each(|result| self.push_result(result, input, level, &rule, declared))?;
            }
        }
        Ok(())
    }

    /// Returns the names in `exception[_][_]`.
    fn exceptions(&mut self, path: &str, package: &Package) -> Result<BTreeSet<String>, Failure> {
        if !package.rules.contains_key("exception") {
            return Ok(BTreeSet::new());
        }
        let value = self.engine.value(&format!("{path}.exception"))?;
        let names = members(&value).into_iter().flat_map(members);
        Ok(names.filter_map(|name| name.as_string().ok()).map(|name| name.to_string()).collect())
    }

    fn push_result(
        &mut self,
        result: RawResult,
        input: Option<usize>,
        level: Level,
        rule: &str,
        declared: &Declared,
    ) -> Result<(), Failure> {
        let RawResult { message, pointer: keys, file, help, rule: name } = result;
        let (input, keys) = self.locate(input, keys, file);
        let message = message.unwrap_or_else(|| format!("{rule} is true"));
        let result = PolicyResult {
            input,
            level,
            rule: rule.to_string(),
            name,
            place: declared.place.clone(),
            message,
            pointer: keys.as_deref().map(pointer),
            help,
        };
        let texts = [
            Some(&result.message),
            result.pointer.as_ref(),
            result.help.as_ref(),
            Some(&result.rule),
            result.name.as_ref(),
        ];
        let length: usize = texts.into_iter().flatten().map(String::len).sum();
        // Checked here, so that an answer over the limit is never built.
        self.remaining = self.remaining.checked_sub(length).ok_or_else(|| {
            Failure::limit("the results of the custom rules are larger than an answer may be")
                .while_doing(rule)
        })?;
        self.answer.results.push(result);
        Ok(())
    }

    /// Finds the input that a result of combined inputs is about: by its path, or by a pointer through `input[i].contents`.
    fn locate(
        &self,
        input: Option<usize>,
        mut keys: Option<Vec<String>>,
        file: Option<String>,
    ) -> (Option<usize>, Option<Vec<String>>) {
        if !self.combine {
            return (input, keys);
        }
        let named = file.and_then(|file| self.paths.iter().position(|path| *path == file));
        let through = keys.as_deref().and_then(|keys| match keys {
            [index, contents, ..] if contents == "contents" => index.parse().ok(),
            _ => None,
        });
        let through = through.filter(|index: &usize| *index < self.paths.len());
        match (named, through) {
            (named, Some(index)) if named.is_none_or(|named| named == index) => {
                keys = keys.map(|keys| keys[2..].to_vec());
                (Some(index), keys)
            }
            (named @ Some(_), _) => (named, keys),
            // A location in the array of all inputs is not a location in one of them.
            _ => (None, None),
        }
    }
}

fn members(value: &Value) -> Vec<&Value> {
    match value {
        Value::Set(items) => items.iter().collect(),
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.iter().map(|(_, value)| value).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_decide_the_level() {
        for name in ["deny", "violation", "deny_a", "deny_a_B9", "violation_x"] {
            assert_eq!(level(name), Some(Level::Deny), "{name}");
        }
        assert_eq!(level("warn_x"), Some(Level::Warn));
        for name in ["denya", "deny_", "deny__a", "deny_ä", "allow", "_deny", "warning", ""] {
            assert_eq!(level(name), None, "{name}");
        }
    }

    #[test]
    fn exceptions_name_rules() {
        let only = |name: &str| BTreeSet::from([name.to_string()]);
        assert!(is_exempt("deny_host", &only("host")));
        assert!(is_exempt("violation_host", &only("host")));
        assert!(is_exempt("deny", &only("")) && is_exempt("deny", &only("deny")));
        assert!(!is_exempt("deny_host", &only("")) && !is_exempt("deny_host", &only("deny_host")));
    }
}
