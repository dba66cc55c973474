//! What Elixir modules contain literally: uses, imports, extensions, keys and actions. Nothing is expanded.

use artifact::Value;
use policy::Pattern;
use snapshot::{RepoPath, Result, Snapshot};

use super::build::{integer, list, mapping, optional, string};
use super::elixir_tokens::{Token, TokenKind, behind_bracket, elements, end_of_block, tokens};
use super::files::{File, MAX_FILES, find_files, read_text};
use super::lossy;
use super::mix::NOT_STATIC;
use super::source::without_comments;

/// The modules of one plugin.
const MAX_MODULES: usize = 2000;
/// The statements of `actions` beside the actions themselves.
const SETTINGS_OF_ACTIONS: [&str; 2] = ["default_accept", "read"];

/// Finds the modules in files.
pub(super) fn modules(snapshot: &dyn Snapshot, directory: &RepoPath, files: &Pattern) -> Result<Value> {
    let mut found = Vec::new();
    for file in find_files(snapshot, directory, files, MAX_FILES)? {
        let Some(text) = read_text(snapshot, &file.node)? else { continue };
        let tokens = tokens(&without_comments(&file.inside, &text));
        found.extend(modules_of(&tokens, &file));
        if found.len() >= MAX_MODULES {
            break;
        }
    }
    Ok(list(found))
}

fn modules_of(tokens: &[Token], file: &File) -> Vec<Value> {
    let mut found = Vec::new();
    for (at, pair) in tokens.windows(3).enumerate() {
        let [keyword, Token { kind: TokenKind::Module(name), line }, open] = pair else { continue };
        if !keyword.is_name("defmodule") || !open.is_name("do") {
            continue;
        }
        let end = end_of_block(tokens, at + 2);
        let body = &tokens[at + 3..end.unwrap_or(tokens.len())];
        let mut module = Module::default();
        module.read(body);
        if end.is_none() {
            module.is_hidden = true;
        }
        found.push(module.value(name, &lossy(&file.inside), *line));
    }
    found
}

/// What a module contains.
#[derive(Default)]
struct Module {
    uses: Vec<Value>,
    imports: Vec<Value>,
    references: Vec<Value>,
    extensions: Vec<String>,
    uuid_keys: Vec<String>,
    other_keys: Vec<String>,
    actions: Vec<Value>,
    /// Whether a macro or an expression hides extensions, keys or actions.
    is_hidden: bool,
}

impl Module {
    fn read(&mut self, body: &[Token]) {
        let mut at = 0;
        while let Some(token) = body.get(at) {
            let next = body.get(at + 1);
            match (&token.kind, next.map(|next| &next.kind)) {
                // A module inside is one of its own.
                (TokenKind::Name(name), _) if name == "defmodule" => {
                    let open = body[at..].iter().position(|token| token.is_name("do")).map(|open| at + open);
                    at = open.and_then(|open| end_of_block(body, open)).unwrap_or(body.len());
                }
                (TokenKind::Name(name), Some(TokenKind::Module(module))) if name == "use" => {
                    let options = self.options(&body[at + 2..]);
                    self.uses.push(mapping([
                        ("module", string(module)),
                        ("line", integer(token.line)),
                        ("options", options),
                    ]));
                }
                (TokenKind::Name(name), Some(TokenKind::Module(module))) if name == "import" => {
                    self.imports.push(mapping([("module", string(module)), ("line", integer(token.line))]));
                }
                (TokenKind::Name(name), Some(TokenKind::Atom(key)))
                    if name.starts_with("uuid_") && name.ends_with("primary_key") =>
                {
                    self.uuid_keys.push(key.clone());
                }
                (TokenKind::Name(name), Some(TokenKind::Atom(key))) if name == "integer_primary_key" => {
                    self.other_keys.push(key.clone());
                }
                (TokenKind::Name(name), Some(TokenKind::Atom(key))) if name == "attribute" => {
                    self.attribute(key, &body[at + 2..])
                }
                (TokenKind::Name(name), Some(TokenKind::Name(open))) if name == "actions" && open == "do" => {
                    let end = end_of_block(body, at + 1).unwrap_or(body.len());
                    self.read_actions(&body[at + 2..end]);
                }
                (TokenKind::Module(module), _) => {
                    self.references
                        .push(mapping([("module", string(module)), ("line", integer(token.line))]));
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Reads the options behind `use Module`: `, key: literal, …`.
    fn options(&mut self, rest: &[Token]) -> Value {
        let mut found: Vec<(&str, Value)> = Vec::new();
        let mut at = 0;
        while rest.get(at).is_some_and(|token| token.is_sign(',')) {
            let Some(Token { kind: TokenKind::Key(key), .. }) = rest.get(at + 1) else { break };
            let Some(value) = rest.get(at + 2) else { break };
            let end = match value.kind {
                TokenKind::Sign('[') => behind_bracket(rest, at + 2).unwrap_or(rest.len()),
                _ => at + 3,
            };
            if key == "extensions" {
                self.extensions(&rest[at + 2..end]);
            }
            let text = match &value.kind {
                TokenKind::Atom(text) | TokenKind::Text(text) | TokenKind::Module(text) => {
                    Some(text.as_str())
                }
                TokenKind::Name(text) if matches!(text.as_str(), "true" | "false" | "nil") => {
                    Some(text.as_str())
                }
                _ => None,
            };
            found.push((key, optional(text)));
            at = end;
        }
        mapping(found)
    }

    fn extensions(&mut self, value: &[Token]) {
        match value {
            [first, inside @ .., last] if first.is_sign('[') && last.is_sign(']') => {
                for element in elements(inside) {
                    match element {
                        [Token { kind: TokenKind::Module(name), .. }] => self.extensions.push(name.clone()),
                        _ => self.is_hidden = true,
                    }
                }
            }
            _ => self.is_hidden = true,
        }
    }

    /// Reads whether an attribute is a primary key.
    fn attribute(&mut self, name: &str, rest: &[Token]) {
        let is_key = |pair: &[Token]| {
            matches!(&pair[0].kind, TokenKind::Key(key) if key == "primary_key?") && pair[1].is_name("true")
                || pair[0].is_name("primary_key?") && pair[1].is_name("true")
        };
        // Its options end where the next statement begins.
        let is_statement = |token: &Token| matches!(&token.kind, TokenKind::Name(name) if matches!(name.as_str(), "attribute" | "end" | "def" | "defp"));
        let end = rest.iter().position(is_statement).unwrap_or(rest.len());
        if !rest[..end].windows(2).any(is_key) {
            return;
        }
        let is_uuid = rest[..end]
            .iter()
            .any(|token| matches!(&token.kind, TokenKind::Atom(kind) if kind == "uuid" || kind == "uuid_v7"));
        if is_uuid { self.uuid_keys.push(name.into()) } else { self.other_keys.push(name.into()) }
    }

    /// Reads the statements of `actions do … end`.
    fn read_actions(&mut self, body: &[Token]) {
        let mut at = 0;
        while let Some(token) = body.get(at) {
            let TokenKind::Name(kind) = &token.kind else {
                at += 1;
                continue;
            };
            let line = token.line;
            match (kind.as_str(), body.get(at + 1).map(|next| &next.kind)) {
                ("create" | "update" | "destroy" | "action", Some(TokenKind::Atom(name))) => {
                    let statement = statement(body, at);
                    self.actions.push(action(name, kind, line, &body[at..statement]));
                    at = statement;
                }
                ("defaults", Some(TokenKind::Sign('['))) => {
                    let end = behind_bracket(body, at + 1).unwrap_or(body.len());
                    for element in elements(&body[at + 2..end.max(at + 3) - 1]) {
                        match element.first().map(|first| &first.kind) {
                            Some(TokenKind::Atom(name) | TokenKind::Key(name)) => {
                                if name != "read" {
                                    self.actions.push(action(name, name, line, &[]));
                                }
                            }
                            _ => self.is_hidden = true,
                        }
                    }
                    at = end;
                }
                (name, _) if SETTINGS_OF_ACTIONS.contains(&name) => at = statement(body, at),
                _ => {
                    self.is_hidden = true;
                    at = statement(body, at);
                }
            }
        }
    }

    fn value(self, name: &str, path: &str, line: usize) -> Value {
        let strings = |names: &[String]| list(names.iter().map(|name| string(name)));
        mapping([
            ("name", string(name)),
            ("path", string(path)),
            ("line", integer(line)),
            ("use", list(self.uses)),
            ("import", list(self.imports)),
            ("references", list(self.references)),
            ("extensions", strings(&self.extensions)),
            ("uuid_keys", strings(&self.uuid_keys)),
            ("other_keys", strings(&self.other_keys)),
            ("actions", list(self.actions)),
            ("problem", optional(self.is_hidden.then_some(NOT_STATIC))),
        ])
    }
}

/// Returns the position behind a statement: its block, or what is on its line and in brackets that begin there.
fn statement(body: &[Token], start: usize) -> usize {
    let mut line = body[start].line;
    let mut at = start + 1;
    while let Some(token) = body.get(at) {
        let goes_on = body[at - 1].is_sign(',');
        if token.line != line && !goes_on {
            return at;
        }
        line = token.line;
        if token.is_name("do") {
            return end_of_block(body, at).map_or(body.len(), |end| end + 1);
        }
        at = match token.kind {
            TokenKind::Sign('[' | '{' | '(') => {
                let end = behind_bracket(body, at).unwrap_or(body.len());
                line = body[end - 1].line;
                end
            }
            _ => at + 1,
        };
    }
    body.len()
}

/// Makes an action of its tokens; the modules behind `change` are its changes.
fn action(name: &str, kind: &str, line: usize, tokens: &[Token]) -> Value {
    let mut changes = Vec::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.is_name("change")) {
        let behind = tokens[at + 1..].iter().find(|next| !next.is_sign('{') && !next.is_sign('('));
        if let Some(Token { kind: TokenKind::Module(module), .. }) =
            behind.filter(|next| next.line <= token.line + 1)
        {
            changes.push(string(module));
        }
    }
    mapping([
        ("name", string(name)),
        ("kind", string(kind)),
        ("line", integer(line)),
        ("changes", list(changes)),
    ])
}

#[cfg(test)]
mod tests {
    use snapshot::Memory;

    use super::*;

    fn of(text: &str) -> Vec<Value> {
        let tree = Memory::new().with("p/lib/a.ex", text);
        let found = modules(&tree, &RepoPath::from("p"), &Pattern::new("lib/**").unwrap()).unwrap();
        found.as_list().unwrap().to_vec()
    }

    fn shown(value: &Value, pointer: &str) -> String {
        value.pointer(pointer).unwrap().canonical()
    }

    const RESOURCE: &str = "defmodule A.Note do
  use Ash.Resource,
    domain: A.Domain,
    extensions: [AshNostrSync]

  import Tribes.Plugin.Gettext
  attributes do
    uuid_primary_key :id
    attribute :title, :string, allow_nil?: false
  end

  actions do
    defaults [:read, :destroy]
    create :add do
      accept [:title]
      change AshNostrSync.PublishChange
    end

    update :private_edit, accept: [:title]
    update :edit do
      change {AshNostrSync.PublishChange, topic: :notes}
    end
  end

  defmodule Inner do
    use Other
  end
end
";

    #[test]
    fn a_resource_is_read_literally() {
        let modules = of(RESOURCE);
        assert_eq!(modules.len(), 2);
        let note = &modules[0];
        assert_eq!(shown(note, "/name"), "\"A.Note\"");
        assert_eq!(
            shown(note, "/use/0"),
            r#"{"line":2,"module":"Ash.Resource","options":{"domain":"A.Domain","extensions":null}}"#
        );
        assert_eq!(
            shown(note, "/use"),
            shown(note, "/use").replace("Other", ""),
            "the module inside is one of its own"
        );
        assert_eq!(shown(note, "/import/0/module"), "\"Tribes.Plugin.Gettext\"");
        assert_eq!(
            (shown(note, "/extensions"), shown(note, "/uuid_keys")),
            ("[\"AshNostrSync\"]".into(), "[\"id\"]".into())
        );
        assert_eq!(
            shown(note, "/actions"),
            r#"[{"changes":[],"kind":"destroy","line":13,"name":"destroy"},{"changes":["AshNostrSync.PublishChange"],"kind":"create","line":14,"name":"add"},{"changes":[],"kind":"update","line":19,"name":"private_edit"},{"changes":["AshNostrSync.PublishChange"],"kind":"update","line":20,"name":"edit"}]"#
        );
        assert_eq!(shown(note, "/problem"), "null");
        assert_eq!(shown(&modules[1], "/use/0/module"), "\"Other\"");
    }

    #[test]
    fn macros_that_hide_the_answer_are_a_problem() {
        for (from, to) in [
            ("[AshNostrSync]", "extensions()"),
            ("[AshNostrSync]", "[ext()]"),
            ("defaults [:read, :destroy]", "standard_actions()"),
            ("[:read, :destroy]", "[:read, other()]"),
        ] {
            let modules = of(&RESOURCE.replace(from, to));
            assert_eq!(shown(&modules[0], "/problem"), "\"cannot be read statically\"", "{to}");
        }
    }

    #[test]
    fn further_primary_keys_are_listed_apart() {
        let text = "defmodule A do\n attributes do\n  attribute :a, :uuid, primary_key?: true\n  attribute :b, :string do\n   primary_key? true\n  end\n  attribute :c, :string\n end\nend\n";
        let module = &of(text)[0];
        assert_eq!(
            (shown(module, "/uuid_keys"), shown(module, "/other_keys")),
            ("[\"a\"]".into(), "[\"b\"]".into())
        );
    }
}
