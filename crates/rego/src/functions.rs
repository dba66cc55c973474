//! Functions that the engine lacks or has otherwise than OPA, put in their place before a policy is read.

use regorus::unstable::{BUILTINS, Expr, Ref, Span};
use regorus::{Engine, Source, Value};

use crate::{pattern, print};

/// What a function makes of its arguments. They are all defined.
type Function = fn(&[Value]) -> Result<Value, String>;

/// The functions: name, number of arguments, and what they do.
const FUNCTIONS: [(&str, u8, Function); 11] = [
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
    // Of Rego v0 alone; policies of that age have them.
    ("all", 1, |values| {
        members("all", &values[0]).map(|all| Value::from(all.iter().all(|one| is_true(one))))
    }),
    ("any", 1, |values| {
        members("any", &values[0]).map(|all| Value::from(all.iter().any(|one| is_true(one))))
    }),
    ("re_match", 2, |values| with_pattern("regex.match", 0, values)),
];

/// Gives the functions to an engine.
pub(crate) fn install(engine: &mut Engine) {
    for (name, arguments, function) in FUNCTIONS {
        let call =
            move |values: Vec<Value>| function(&values).map_err(|why| std::io::Error::other(why).into());
        // An error says that the name is taken: each is given once.
        let _ = engine.add_extension(name.to_string(), arguments, Box::new(call));
    }
}

/// Whether there is a function of this name that no policy defines.
pub(crate) fn is_known(name: &str) -> bool {
    name == "print" || BUILTINS.contains_key(name) || FUNCTIONS.iter().any(|(known, ..)| *known == name)
}

/// Calls a function of the engine.
pub(crate) fn builtin(name: &str, values: &[Value]) -> Result<Value, String> {
    // Where errors point to; the caller says where the call stands.
    let source = Source::from_contents(String::new(), " ".into()).map_err(|error| error.to_string())?;
    let span = Span { source, line: 1, col: 1, start: 0, end: 1 };
    let here = || Ref::new(Expr::Null { span: span.clone(), value: Value::Null, eidx: 0 });
    let places: Vec<_> = values.iter().map(|_| here()).collect();
    let (function, _) = BUILTINS.get(name).ok_or_else(|| format!("there is no function {name}"))?;
    function(&span, &places, values, true).map_err(|error| {
        let text = error.to_string();
        text.rsplit_once("error: ").map_or(text.as_str(), |(_, words)| words).to_string()
    })
}

/// Calls a function of the engine with the pattern at `index` read as OPA reads it.
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
