//! Reads one probe from YAML.

use std::ops::RangeInclusive;

use artifact::{Fields, Problem, Value};

use super::address::{address_problem, url_problem};
use super::{Check, MAX_PROBE_MS, Method, Probe, is_token};
use crate::{JoinedText, Spanned, target};

/// Reads a probe; returns `None` after reporting problems.
pub(super) fn read(value: &Value, body: &JoinedText, problems: &mut Vec<Problem>) -> Option<Probe> {
    let before = problems.len();
    let mut reader = Reader { fields: Fields::of(value, "", problems)?, body };
    let name = reader.text("name", true, |name| {
        (!is_token(name)).then_some("use lower-case letters, digits, `_`, `-` and `.`")
    });
    let kind = reader.fields.required_str("kind");
    let timeout_ms = reader.integer("timeout_ms", false, 1..=MAX_PROBE_MS);
    let check = match kind.map(|(kind, value)| (kind, value.span.clone())) {
        Some(("command", _)) => reader.command(),
        Some(("http", _)) => reader.http(),
        Some(("file", _)) => reader.file(),
        Some(("grpc", _)) => reader.grpc(),
        Some(("wasm", _)) => reader.wasm(),
        Some((other, span)) => {
            let message = format!("unknown probe kind `{other}`");
            reader.fields.problem(
                "kind",
                span,
                message,
                Some("use command, http, file, grpc or wasm".into()),
            );
            return None;
        }
        // The valid fields depend on the kind.
        None => return None,
    };
    reader.fields.finish();
    let is_valid = problems.len() == before;
    let span = body.span().unwrap_or_default();
    Some(Probe { name: name?, timeout_ms, check: check?, span }).filter(|_| is_valid)
}

struct Reader<'v, 'p, 'b> {
    fields: Fields<'v, 'p>,
    body: &'b JoinedText,
}

impl Reader<'_, '_, '_> {
    fn at<T>(&self, value: T, place: &Value) -> Spanned<T> {
        Spanned::new(value, self.body.outer(place.span.clone()))
    }

    /// Reads a string that `check` has no objection to.
    fn text(
        &mut self,
        name: &'static str,
        required: bool,
        check: impl Fn(&str) -> Option<&'static str>,
    ) -> Option<Spanned<String>> {
        let (text, value) =
            if required { self.fields.required_str(name) } else { self.fields.optional_str(name) }?;
        if let Some(reason) = check(text) {
            self.fields.problem(name, value.span.clone(), format!("invalid `{name}`: {reason}"), None);
            return None;
        }
        Some(self.at(text.to_string(), value))
    }

    fn integer(
        &mut self,
        name: &'static str,
        required: bool,
        range: RangeInclusive<i64>,
    ) -> Option<Spanned<i64>> {
        let value = if required { self.fields.required(name) } else { self.fields.optional(name) }?;
        match value.as_integer().filter(|number| range.contains(number)) {
            Some(number) => Some(self.at(number, value)),
            None => {
                let (least, most) = (range.start(), range.end());
                let message = format!("expected an integer from {least} to {most}, found {}", value.show());
                self.fields.problem(name, value.span.clone(), message, None);
                None
            }
        }
    }

    fn flag(&mut self, name: &'static str) -> Option<bool> {
        let value = self.fields.optional(name)?;
        let flag = value.as_bool();
        if flag.is_none() {
            let message = format!("expected true or false, found {}", value.describe());
            self.fields.problem(name, value.span.clone(), message, None);
        }
        flag
    }

    /// Reads the fields of `expect`; returns `None` if it is missing.
    fn expect<T>(&mut self, required: bool, read: impl FnOnce(&mut Reader<'_, '_, '_>) -> T) -> Option<T> {
        let value = if required { self.fields.required("expect") } else { self.fields.optional("expect") }?;
        let pointer = self.fields.pointer_of("expect");
        let mut inner =
            Reader { fields: Fields::of(value, &pointer, self.fields.problems())?, body: self.body };
        let found = read(&mut inner);
        inner.fields.finish();
        Some(found)
    }

    fn command(&mut self) -> Option<Check> {
        let run = self.run();
        let stdin = self.text("stdin", false, target::path_problem);
        let expected = self.expect(false, |expect| {
            let exit = expect.integer("exit", false, 0..=255).map_or(0, |exit| exit.value);
            let stdout = expect.text("stdout", false, target::path_problem);
            (exit, stdout, expect.text("stdout_contains", false, empty))
        });
        let (exit, stdout, stdout_contains) = expected.unwrap_or_default();
        Some(Check::Command { run: run?, stdin, exit, stdout, stdout_contains })
    }

    fn run(&mut self) -> Option<Vec<Spanned<String>>> {
        let value = self.fields.required("run")?;
        let Some(list) = value.as_list().filter(|list| !list.is_empty()) else {
            let message = "`run` must be a list of words that starts with the program";
            let help = Some("for example: [python3, src/handler.py, --health]".into());
            self.fields.problem("run", value.span.clone(), message, help);
            return None;
        };
        let mut words = Vec::new();
        for (at, word) in list.iter().enumerate() {
            match word.as_str().filter(|text| !text.contains('\0') && (at > 0 || !text.is_empty())) {
                Some(text) => words.push(self.at(text.to_string(), word)),
                None => {
                    let message = format!("{} is not a word of a command", word.show());
                    let help = word.as_str().is_none().then(|| format!("quote it: \"{}\"", word.show()));
                    self.fields.problem("run", word.span.clone(), message, help);
                }
            }
        }
        Some(words)
    }

    fn http(&mut self) -> Option<Check> {
        let url = self.text("url", true, url_problem);
        let method = self.text("method", false, |method| {
            (!matches!(method, "GET" | "HEAD"))
                .then_some("a probe must not change anything, so use `GET` or `HEAD`")
        });
        let method = method
            .map_or(Method::Get, |method| if method.value == "HEAD" { Method::Head } else { Method::Get });
        let (status, body_contains) = self.expect(true, |expect| {
            let status = expect.integer("status", true, 100..=599);
            // RFC 9110 §9.3.2.
            let body = expect.text("body_contains", false, |text| match method {
                Method::Head => Some("the response to `HEAD` has no body"),
                Method::Get => empty(text),
            });
            (status, body)
        })?;
        Some(Check::Http { url: url?, method, status: status?.value, body_contains })
    }

    fn file(&mut self) -> Option<Check> {
        let path = self.text("path", true, target::path_problem);
        let exists = self.expect(false, |expect| expect.flag("exists")).flatten();
        Some(Check::File { path: path?, exists: exists.unwrap_or(true) })
    }

    fn grpc(&mut self) -> Option<Check> {
        let address = self.text("address", true, address_problem);
        let service = self.text("service", false, |name| {
            let letters = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
            (name.len() > 256 || !name.chars().all(letters)).then_some("it is not a valid service name")
        });
        let service = service.map(|service| service.value).unwrap_or_default();
        Some(Check::Grpc { address: address?, service })
    }

    fn wasm(&mut self) -> Option<Check> {
        let module = self.text("module", true, target::path_problem);
        let export = self.text("export", true, |name| {
            (name.is_empty() || name.len() > 256 || name.chars().any(char::is_control))
                .then_some("it is not a valid function name")
        });
        Some(Check::Wasm { module: module?, export: export? })
    }
}

fn empty(text: &str) -> Option<&'static str> {
    text.is_empty().then_some("it is empty, so it would match every output")
}
