//! The custom rules of packs, evaluated in this process.

use diagnostic::CheckError;
use engine::{CustomInput, CustomResult};
use policy::{PackDocument, Policy};
use snapshot::RepoPath;

pub(super) fn evaluate(
    document: &PackDocument,
    _: &Policy,
    inputs: &[CustomInput],
) -> Result<Vec<CustomResult>, CheckError> {
    let name = |path: &RepoPath| String::from_utf8_lossy(path.as_bytes()).into_owned();
    let source = |(path, text): &(RepoPath, String)| rego::Source { path: name(path), text: text.clone() };
    let input = |input: &CustomInput| rego::Input {
        path: name(&input.path),
        value: schema::json(&input.value),
        data: input.data.as_ref().map(schema::json),
    };
    let request = rego::Request {
        data: document.data.iter().map(|(_, value)| schema::json(value)).collect(),
        namespaces: document.namespaces.clone(),
        combine: document.combine,
        ..rego::Request::new(document.rules.iter().map(source).collect(), inputs.iter().map(input).collect())
    };
    let failed = |message: String| CheckError { message, help: None, location: None };
    let reply = rego::evaluate_in_process(rego::Job::Evaluate(request), &rego::Limits::default());
    match reply.map_err(|error| failed(error.to_string()))? {
        rego::Reply::Evaluated(answer) => Ok(answer
            .results
            .into_iter()
            .map(|result| CustomResult {
                input: result.input,
                denies: result.level == rego::Level::Deny,
                rule: result.rule,
                name: result.name,
                message: result.message,
                pointer: result.pointer,
                help: result.help,
            })
            .collect()),
        _ => Err(failed("the rules were not evaluated".into())),
    }
}
