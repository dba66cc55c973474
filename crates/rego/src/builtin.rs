//! Calls the functions that the engine itself implements.

use regorus::unstable::{BUILTINS, Expr, Ref, Span};
use regorus::{Source, Value};

/// Calls a function of the engine.
pub(crate) fn builtin(name: &str, values: &[Value]) -> Result<Value, String> {
    // The location in errors; the caller adds the real one.
    let source = Source::from_contents(String::new(), " ".into()).map_err(|error| error.to_string())?;
    let span = Span { source, line: 1, col: 1, start: 0, end: 1 };
    let here = || Ref::new(Expr::Null { span: span.clone(), value: Value::Null, eidx: 0 });
    let places: Vec<_> = values.iter().map(|_| here()).collect();
    let (function, _) = BUILTINS.get(name).ok_or_else(|| format!("unknown function {name}"))?;
    function(&span, &places, values, true).map_err(|error| {
        let text = error.to_string();
        text.rsplit_once("error: ").map_or(text.as_str(), |(_, words)| words).to_string()
    })
}
