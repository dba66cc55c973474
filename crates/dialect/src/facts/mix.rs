//! What `mix.exs` states literally: the name of the application and the dependencies. Nothing is evaluated.

use artifact::Value;
use snapshot::{Mode, RepoPath, Result, Snapshot};

use super::build::{integer, list, mapping, null, optional, string, truth};
use super::elixir_tokens::{Token, TokenKind, behind_bracket, elements, end_of_block, tokens};
use super::files::read_text;
use super::source::without_comments;

/// The file beside a manifest.
const MIX: &str = "mix.exs";
/// The message where the answer would need an evaluation.
pub(super) const NOT_STATIC: &str = "cannot be read statically";

/// Reads `mix.exs`; `None` without it. What is not a regular file has no tokens: nothing can be read in it.
fn mix_tokens(snapshot: &dyn Snapshot, directory: &RepoPath) -> Result<Option<Vec<Token>>> {
    let Some(node) = snapshot.find(&directory.join(MIX.as_bytes()))? else { return Ok(None) };
    if !matches!(node.object.mode, Mode::File | Mode::Executable) {
        return Ok(Some(Vec::new()));
    }
    let text = read_text(snapshot, &node)?;
    Ok(Some(text.map(|text| tokens(&without_comments(MIX.as_bytes(), &text))).unwrap_or_default()))
}

/// Returns the place of the only function of a name; `None` if there is none, or several.
fn only_function(tokens: &[Token], name: &str) -> Option<usize> {
    let is_function =
        |pair: &[Token]| (pair[0].is_name("def") || pair[0].is_name("defp")) && pair[1].is_name(name);
    let mut places = tokens.windows(2).enumerate().filter(|(_, pair)| is_function(pair));
    let (at, _) = places.next()?;
    places.next().is_none().then_some(at)
}

/// Returns the body of the only function of a name: between `do` and `end`, or the list after `do:`.
fn body_of<'t>(tokens: &'t [Token], name: &str) -> Option<&'t [Token]> {
    let function = &tokens[only_function(tokens, name)?..];
    let is_inline = |token: &Token| matches!(&token.kind, TokenKind::Key(key) if key == "do");
    let open = function.iter().position(|token| token.is_name("do") || is_inline(token))?;
    if !is_inline(&function[open]) {
        return Some(&function[open + 1..end_of_block(function, open)?]);
    }
    let is_list = function.get(open + 1)?.is_sign('[');
    is_list.then(|| behind_bracket(function, open + 1)).flatten().map(|end| &function[open + 1..end])
}

/// Returns the literal `app:` of `project`; null without `mix.exs`.
pub(super) fn app(snapshot: &dyn Snapshot, directory: &RepoPath) -> Result<Value> {
    Ok(mix_tokens(snapshot, directory)?.map_or_else(null, |tokens| app_of(&tokens)))
}

fn app_of(tokens: &[Token]) -> Value {
    let value = app_name(tokens);
    let (app, problem) = match value.map(|value| &value.kind) {
        Some(TokenKind::Atom(name)) => (Some(name.as_str()), None),
        _ => (None, Some(NOT_STATIC)),
    };
    mapping([
        ("app", optional(app)),
        ("line", value.map_or_else(null, |value| integer(value.line))),
        ("problem", optional(problem)),
    ])
}

/// Returns the value of the only `app:` of the function `project`.
fn app_name(tokens: &[Token]) -> Option<&Token> {
    let body = body_of(tokens, "project")?;
    let is_app = |token: &Token| matches!(&token.kind, TokenKind::Key(name) if name == "app");
    if body.first()?.is_sign('[') && behind_bracket(body, 0)? == body.len() {
        let inside = &body[1..body.len() - 1];
        let mut found = elements(inside).into_iter().filter(|element| element.first().is_some_and(is_app));
        return match (found.next()?, found.next()) {
            ([_, value], None) => Some(value),
            _ => None,
        };
    }
    let mut places = body.iter().enumerate().filter(|(_, token)| is_app(token));
    let (at, _) = places.next()?;
    places.next().is_none().then(|| body.get(at + 1)).flatten()
}

/// Returns the literal dependencies; null without `mix.exs`.
pub(super) fn dependencies(snapshot: &dyn Snapshot, directory: &RepoPath) -> Result<Value> {
    Ok(mix_tokens(snapshot, directory)?.map_or_else(null, |tokens| dependencies_of(&tokens)))
}

fn dependencies_of(tokens: &[Token]) -> Value {
    let mut problem = None;
    let mut found = Vec::new();
    match dependency_list(tokens) {
        None => problem = Some(NOT_STATIC),
        Some(inside) => {
            for element in elements(inside) {
                match dependency(element) {
                    Some(dependency) => found.push(dependency),
                    None => problem = Some(NOT_STATIC),
                }
            }
        }
    }
    mapping([("deps", list(found)), ("problem", optional(problem))])
}

/// Returns the tokens inside the list of dependencies: the literal value of `deps:`, or the whole body of the function `deps`.
fn dependency_list(tokens: &[Token]) -> Option<&[Token]> {
    let project = body_of(tokens, "project")?;
    let is_key = |token: &Token| matches!(&token.kind, TokenKind::Key(name) if name == "deps");
    if let Some(at) = project.iter().position(is_key) {
        let value = project.get(at + 1)?;
        if value.is_sign('[') {
            return Some(&project[at + 2..behind_bracket(project, at + 1)? - 1]);
        }
        if !value.is_name("deps") {
            return None;
        }
    }
    let body = body_of(tokens, "deps")?;
    let is_list = body.first()?.is_sign('[') && behind_bracket(body, 0)? == body.len();
    is_list.then(|| &body[1..body.len() - 1])
}

/// Reads `{:name, "requirement", only: …, runtime: …}`.
fn dependency(element: &[Token]) -> Option<Value> {
    let is_tuple = element.first()?.is_sign('{') && behind_bracket(element, 0)? == element.len();
    let inside = is_tuple.then(|| &element[1..element.len() - 1])?;
    let mut parts = elements(inside).into_iter();
    let name = match parts.next()? {
        [Token { kind: TokenKind::Atom(name), .. }] => name,
        _ => return None,
    };
    let (mut only, mut runtime, mut path) = (null(), null(), null());
    let mut options: Vec<&[Token]> = Vec::new();
    for part in parts {
        match part {
            [first, .., _] if first.is_sign('[') => options.extend(elements(&part[1..part.len() - 1])),
            part => options.push(part),
        }
    }
    for option in options {
        let Some((Token { kind: TokenKind::Key(key), .. }, value)) = option.split_first() else { continue };
        match key.as_str() {
            "only" => only = atoms(value)?,
            "runtime" => {
                runtime = match value {
                    [one] if one.is_name("true") || one.is_name("false") => truth(one.is_name("true")),
                    // A generated plugin runs its host in tests alone.
                    [.., Token { kind: TokenKind::Atom(name), .. }] if compares_environment(value) => {
                        string(name)
                    }
                    _ => return None,
                }
            }
            "path" => {
                if let [Token { kind: TokenKind::Text(text), .. }] = value {
                    path = string(text);
                }
            }
            _ => {}
        }
    }
    let line = integer(element.first()?.line);
    Some(mapping([
        ("name", string(name)),
        ("line", line),
        ("only", only),
        ("runtime", runtime),
        ("path", path),
    ]))
}

/// Returns whether the tokens are `Mix.env() == :name`.
fn compares_environment(value: &[Token]) -> bool {
    let [module, dot, name, open, close, first, second, _] = value else { return false };
    let is_mix = matches!(&module.kind, TokenKind::Module(module) if module == "Mix");
    let is_call = dot.is_sign('.') && name.is_name("env") && open.is_sign('(') && close.is_sign(')');
    is_mix && is_call && first.is_sign('=') && second.is_sign('=')
}

/// Reads an atom, or a list of atoms.
fn atoms(value: &[Token]) -> Option<Value> {
    let one = |tokens: &[Token]| match tokens {
        [Token { kind: TokenKind::Atom(name), .. }] => Some(string(name)),
        _ => None,
    };
    match value {
        [first, inside @ .., last] if first.is_sign('[') && last.is_sign(']') => {
            elements(inside).into_iter().map(one).collect::<Option<Vec<_>>>().map(list)
        }
        value => one(value).map(|value| list([value])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROJECT: &str = "defmodule X.MixProject do\n  use Mix.Project\n  def project do\n    [app: :tribe_one_x, deps: deps()]\n  end\n";

    fn of(rest: &str) -> (String, String) {
        let tokens = tokens(&without_comments(MIX.as_bytes(), &format!("{PROJECT}{rest}end\n")));
        (app_of(&tokens).canonical(), dependencies_of(&tokens).canonical())
    }

    #[test]
    fn literal_values_are_read() {
        let (app, deps) = of(
            "defp deps do\n  [\n    # {:no, \"1\"},\n    {:a, \"~> 1.0\"},\n    {:tribes, path: \"../t\", only: [:dev, :test], runtime: false},\n    {:b, \">= 0\", [only: :dev, runtime: Mix.env() == :test]},\n  ]\nend\n",
        );
        assert_eq!(app, r#"{"app":"tribe_one_x","line":4,"problem":null}"#);
        assert_eq!(
            deps,
            r#"{"deps":[{"line":9,"name":"a","only":null,"path":null,"runtime":null},{"line":10,"name":"tribes","only":["dev","test"],"path":"../t","runtime":false},{"line":11,"name":"b","only":["dev"],"path":null,"runtime":"test"}],"problem":null}"#
        );
    }

    #[test]
    fn what_would_need_an_evaluation_is_a_problem() {
        for deps in [
            "",
            "defp deps do\n  [{:a, \"1\"}] ++ more()\nend\n",
            "defp deps do\n  more() ++ [{:a, \"1\"}]\nend\n",
            "defp deps do\n  [{name(), \"1\"}]\nend\n",
            "defp deps do\n  [{:a, only: envs()}]\nend\n",
            "defp deps do\n  [{:a, \"1\", runtime: runs()}]\nend\n",
            "defp deps, do: other()\n",
        ] {
            assert!(
                of(deps).1.ends_with("\"problem\":\"cannot be read statically\"}"),
                "{deps}: {}",
                of(deps).1
            );
        }
    }

    #[test]
    fn only_one_function_project_names_the_application() {
        for text in [
            "def project do [app: @app] end",
            "@project [app: :earlier]",
            "def project do [app: :a] end\ndef project do [app: :b] end",
            "def project do [app: :a, app: :b] end",
            "def project do [app: name(:a)] end",
            "def project, do: other()",
            "",
        ] {
            assert!(app_of(&tokens(text)).canonical().contains(NOT_STATIC), "{text}");
        }
        for text in [
            "@project [app: :earlier]\ndef project do [app: :a] end\n@more [app: :later]",
            "def project, do: [app: :a]",
            "def project() do [deps: [{:x, path: \"x\", app: false}], app: :a] end",
            "def project do\n  version = 1\n  [app: :a]\nend",
        ] {
            assert!(app_of(&tokens(text)).canonical().starts_with(r#"{"app":"a","#), "{text}");
        }
    }

    #[test]
    fn dependencies_are_those_of_the_project() {
        for text in [
            "@project [deps: [{:decoy, \"1\"}]]\ndef project do [app: :a, deps: deps()] end\ndefp deps do [{:b, \"1\"}] end",
            "def project do [app: :a, deps: [{:b, \"1\"}]] end\ndef more do [deps: []] end",
        ] {
            let deps = dependencies_of(&tokens(text)).canonical();
            assert!(deps.contains(r#""name":"b""#) && !deps.contains("decoy"), "{text}: {deps}");
        }
        for text in [
            "def project do [app: :a, deps: others()] end\ndefp deps do [] end",
            "def project do [app: :a, deps: deps()] end\ndefp deps do [] end\ndefp deps do [{:b, \"1\"}] end",
        ] {
            assert!(dependencies_of(&tokens(text)).canonical().contains(NOT_STATIC), "{text}");
        }
    }

    #[test]
    fn what_is_no_regular_file_cannot_be_read() {
        let mut tree = snapshot::Memory::new().with("p/lib/a.ex", "");
        let directory = RepoPath::from("p");
        assert_eq!(app(&tree, &directory).unwrap().canonical(), "null");
        tree.insert(RepoPath::from("p/mix.exs"), Mode::Link, b"other.exs".to_vec());
        for value in [app(&tree, &directory).unwrap(), dependencies(&tree, &directory).unwrap()] {
            assert!(value.canonical().contains(NOT_STATIC), "{}", value.canonical());
        }
    }
}
