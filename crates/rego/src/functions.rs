//! Functions that the engine lacks, or implements differently from OPA; they are installed before a policy is loaded.

use regorus::unstable::BUILTINS;
use regorus::{Engine, Value};

use crate::builtin::builtin;
use crate::{cidr, pattern, print, unsupported};

/// The implementation of a function; all arguments are defined.
type Function = fn(&[Value]) -> Result<Value, String>;

/// The functions: name, number of arguments, implementation.
const FUNCTIONS: [(&str, u8, Function); 15] = [
    ("net.cidr_contains", 2, cidr::contains),
    ("net.cidr_expand", 1, cidr::expand),
    ("net.cidr_intersects", 2, cidr::intersects),
    ("net.cidr_is_valid", 1, cidr::is_valid),
    ("regex.find_all_string_submatch_n", 3, |values| {
        with_pattern("regex.find_all_string_submatch_n", 0, values)
    }),
    ("regex.find_n", 3, |values| with_pattern("regex.find_n", 0, values)),
    ("regex.is_valid", 1, |values| with_pattern("regex.is_valid", 0, values)),
    ("regex.match", 2, |values| with_pattern("regex.match", 0, values)),
    ("regex.replace", 3, |values| with_pattern("regex.replace", 1, values)),
    ("regex.split", 2, |values| with_pattern("regex.split", 0, values)),
    ("regex.template_match", 4, |values| with_pattern("regex.template_match", 0, values)),
    ("sprintf", 2, print::sprintf),
    // Only in Rego v0, for old policies.
    ("all", 1, |values| {
        members("all", &values[0]).map(|all| Value::from(all.iter().all(|one| is_true(one))))
    }),
    ("any", 1, |values| {
        members("any", &values[0]).map(|all| Value::from(all.iter().any(|one| is_true(one))))
    }),
    ("re_match", 2, |values| with_pattern("regex.match", 0, values)),
];

/// Installs the functions in an engine.
pub(crate) fn install(engine: &mut Engine) {
    for (name, arguments, function) in FUNCTIONS {
        let call =
            move |values: Vec<Value>| function(&values).map_err(|why| std::io::Error::other(why).into());
        // An error means that the name exists already: each function is added once.
        let _ = engine.add_extension(name.to_string(), arguments, Box::new(call));
    }
}

/// Returns whether a function is built in.
pub(crate) fn is_known(name: &str) -> bool {
    if unsupported::is_impure(name) {
        return false;
    }
    name == "print" || BUILTINS.contains_key(name) || FUNCTIONS.iter().any(|(known, ..)| *known == name)
}

/// Calls a function of the engine with the pattern at `index` converted to OPA's syntax.
fn with_pattern(name: &str, index: usize, values: &[Value]) -> Result<Value, String> {
    let mut values = values.to_vec();
    if let Some(value) = values.get_mut(index)
        && let Value::String(text) = &*value
    {
        *value = Value::from(pattern::ascii(text));
    }
    builtin(name, &values)
}

fn members<'a>(name: &str, value: &'a Value) -> Result<Vec<&'a Value>, String> {
    match value {
        Value::Array(items) => Ok(items.iter().collect()),
        Value::Set(items) => Ok(items.iter().collect()),
        _ => Err(format!("`{name}` expects an array or a set")),
    }
}

fn is_true(value: &Value) -> bool {
    *value == Value::Bool(true)
}
