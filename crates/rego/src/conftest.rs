//! Judges files as `conftest test` does: which rules judge, what exempts from them, and of which file they speak.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;

use crate::calls;
use crate::declared::{Declarations, Declared, Package, declarations};
use crate::engine::{self, Engine};
use crate::job::{Input, Request};
use crate::limits::Limits;
use crate::reply::{Answer, Failure, Level, Told};
use crate::shape::{self, Said, pointer};

/// What conftest calls the file when all are judged at once.
const COMBINED: &str = "Combined";

/// Evaluates every rule that judges on every input.
pub(crate) fn evaluate(request: Request, limits: &Limits) -> Result<Answer, Failure> {
    let mut engine = Engine::load(&request.sources, request.data, limits.time)?;
    let declarations = declarations(&mut engine)?;
    calls::check(&mut engine, &declarations)?;
    let packages = judging(&declarations, &request.namespaces)?;
    let paths: Vec<String> = request.inputs.iter().map(|input| input.path.clone()).collect();
    let mut judge =
        Judge { engine, paths, combine: request.combine, room: limits.answer, answer: Answer::default() };
    if request.combine {
        judge.engine.set_input(combined(request.inputs)?);
        judge.all(&packages, None)?;
    } else {
        for (index, input) in request.inputs.into_iter().enumerate() {
            judge
                .engine
                .set_input(engine::value(input.value).map_err(|failure| failure.while_doing(&input.path))?);
            judge.all(&packages, Some(index))?;
        }
    }
    Ok(judge.answer)
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

/// Returns how grave it is what a rule says: `^(deny|violation|warn)(_[a-zA-Z0-9]+)*$`, conftest's own expression.
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

/// Returns what an exception calls a rule: its name without what it is. For the bare name conftest's pages say the empty text,
/// and its code the name itself; either will do.
fn is_exempt(name: &str, exceptions: &BTreeSet<String>) -> bool {
    let strip = |name, prefix| str::strip_prefix(name, prefix).unwrap_or(name);
    let short = ["violation_", "deny_", "warn_"].into_iter().fold(name, strip);
    exceptions.contains(short) || (!name.contains('_') && exceptions.contains(""))
}

/// Chooses the packages that judge, with their paths. One that is asked for and judges nothing would be a pass that nobody meant.
fn judging<'a>(
    declarations: &'a Declarations,
    wanted: &[String],
) -> Result<Vec<(&'a str, &'a Package)>, Failure> {
    let judges = |package: &Package| package.rules.keys().any(|name| level(name).is_some());
    for name in wanted {
        let mut named = declarations.packages.values().filter(|package| package.name == *name).peekable();
        if named.peek().is_none() {
            return Err(Failure::rules(format!("no policy is in package {name}")));
        }
        if !named.any(judges) {
            return Err(Failure::rules(format!("package {name} has no rule named deny, violation or warn")));
        }
    }
    let chosen = declarations.packages.iter().map(|(path, package)| (path.as_str(), package));
    let chosen = chosen.filter(|(_, package)| wanted.is_empty() || wanted.contains(&package.name));
    let chosen: Vec<_> = chosen.filter(|(_, package)| judges(package)).collect();
    if chosen.is_empty() {
        return Err(Failure::rules("no policy has a rule named deny, violation or warn"));
    }
    for (path, package) in &chosen {
        for (name, declared) in &package.rules {
            if let (Some(_), Some(place)) = (level(name), &declared.longer) {
                let message = format!("{path}.{name} has a longer head; write {name} contains …");
                return Err(Failure::rules(message).at(place.clone()));
            }
        }
    }
    Ok(chosen)
}

/// The state of a judgement.
struct Judge {
    engine: Engine,
    /// The inputs' paths.
    paths: Vec<String>,
    combine: bool,
    /// How many bytes may still be told.
    room: usize,
    answer: Answer,
}

impl Judge {
    /// Asks every package about an input, or about all.
    fn all(&mut self, packages: &[(&str, &Package)], input: Option<usize>) -> Result<(), Failure> {
        let path = input.map_or(COMBINED, |index| self.paths[index].as_str()).to_string();
        let about = |failure: Failure| failure.while_doing(&path);
        self.engine.set_file(&path)?;
        for (package_path, package) in packages {
            let exceptions = self.exceptions(package_path, package).map_err(about)?;
            for (name, declared) in &package.rules {
                let Some(level) = level(name) else { continue };
                let rule = format!("{package_path}.{name}");
                let value = self.engine.value(&rule).map_err(about)?;
                let said = shape::read(&value).map_err(|why| {
                    about(Failure::rules(format!("{rule} {why}")).at(declared.place.clone()))
                })?;
                self.answer.queries += 1;
                if is_exempt(name, &exceptions) {
                    self.answer.exempted += u64::from(!said.is_empty());
                    continue;
                }
                said.into_iter().try_for_each(|said| self.tell(said, input, level, &rule, declared))?;
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

    fn tell(
        &mut self,
        said: Said,
        input: Option<usize>,
        level: Level,
        rule: &str,
        declared: &Declared,
    ) -> Result<(), Failure> {
        let Said { message, pointer: keys, file, help } = said;
        let (input, keys) = self.of_which(input, keys, file);
        let message = message.unwrap_or_else(|| format!("{rule} holds"));
        let told = Told {
            input,
            level,
            rule: rule.to_string(),
            place: declared.place.clone(),
            message,
            pointer: keys.as_deref().map(pointer),
            help,
        };
        let texts = [Some(&told.message), told.pointer.as_ref(), told.help.as_ref(), Some(&told.rule)];
        let length: usize = texts.into_iter().flatten().map(String::len).sum();
        // Told here, so that the answer is not first made and then found too long.
        self.room = self.room.checked_sub(length).ok_or_else(|| {
            Failure::limit("the custom rules say more than an answer holds").while_doing(rule)
        })?;
        self.answer.told.push(told);
        Ok(())
    }

    /// Finds the input that combined rules speak of: by its path, or by a pointer that leads through `input[i].contents`.
    fn of_which(
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
            // A place in the array of all inputs is a place in none of them.
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
    fn names_that_judge() {
        for name in ["deny", "violation", "deny_a", "deny_a_B9", "violation_x"] {
            assert_eq!(level(name), Some(Level::Deny), "{name}");
        }
        assert_eq!(level("warn_x"), Some(Level::Warn));
        for name in ["denya", "deny_", "deny__a", "deny_ä", "allow", "_deny", "warning", ""] {
            assert_eq!(level(name), None, "{name}");
        }
    }

    #[test]
    fn names_of_exceptions() {
        let only = |name: &str| BTreeSet::from([name.to_string()]);
        assert!(is_exempt("deny_host", &only("host")));
        assert!(is_exempt("violation_host", &only("host")));
        assert!(is_exempt("deny", &only("")) && is_exempt("deny", &only("deny")));
        assert!(!is_exempt("deny_host", &only("")) && !is_exempt("deny_host", &only("deny_host")));
    }
}
