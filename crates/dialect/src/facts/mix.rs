//! What `mix.exs` states literally: the name of the application and the dependencies. Nothing is evaluated.

use artifact::Value;
use policy::Pattern;
use snapshot::{RepoPath, Result, Snapshot};

use super::build::{integer, list, mapping, null, optional, string, truth};
use super::elixir_tokens::{Token, TokenKind, behind_bracket, elements, end_of_block, tokens};
use super::files::{find_files, read_text};
use super::source::without_comments;

/// The file beside a manifest.
const MIX: &str = "mix.exs";
/// The message where the answer would need an evaluation.
pub(super) const NOT_STATIC: &str = "cannot be read statically";

fn mix_tokens(snapshot: &dyn Snapshot, directory: &RepoPath) -> Result<Option<Vec<Token>>> {
    let Ok(pattern) = Pattern::new(MIX) else { return Ok(None) };
    let Some(file) = find_files(snapshot, directory, &pattern, 1)?.pop() else { return Ok(None) };
    let text = read_text(snapshot, &file.node)?;
    Ok(Some(text.map(|text| tokens(&without_comments(MIX.as_bytes(), &text))).unwrap_or_default()))
}

/// Returns the literal `app:` of `project`; null without `mix.exs`.
pub(super) fn app(snapshot: &dyn Snapshot, directory: &RepoPath) -> Result<Value> {
    Ok(mix_tokens(snapshot, directory)?.map_or_else(null, |tokens| app_of(&tokens)))
}

fn app_of(tokens: &[Token]) -> Value {
    let project = tokens.iter().position(|token| token.is_name("project")).unwrap_or_default();
    let key = |token: &Token| matches!(&token.kind, TokenKind::Key(name) if name == "app");
    let at = tokens.iter().skip(project).position(key).map(|at| at + project);
    let value = at.and_then(|at| tokens.get(at + 1));
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
    let is_key = |pair: &[Token]| {
        matches!(&pair[0].kind, TokenKind::Key(name) if name == "deps") && pair[1].is_sign('[')
    };
    if let Some(at) = tokens.windows(2).position(is_key) {
        return Some(&tokens[at + 2..behind_bracket(tokens, at + 1)? - 1]);
    }
    let is_function =
        |pair: &[Token]| (pair[0].is_name("def") || pair[0].is_name("defp")) && pair[1].is_name("deps");
    let function = tokens.windows(2).position(is_function)?;
    let open = function + tokens[function..].iter().position(|token| token.is_name("do"))?;
    let end = end_of_block(tokens, open)?;
    let body = &tokens[open + 1..end];
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
        let tokens = tokens("def project do [app: @app] end");
        assert!(app_of(&tokens).canonical().contains(NOT_STATIC));
    }
}
