//! State lines: the state of one identity in canonical JSON, as a seal covers it.

use std::borrow::Cow;

use artifact::{Problem, Ulid};
use tlog::Hash;

use crate::canonical::{Scanner, Text};
use crate::event::form::Form;
use crate::{Identity, Json, Status};

/// The form of the state lines of a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StateForm {
    /// Without yanked versions, the target of a consolidation, and what replaces the identity: seals without `state`.
    V1,
    /// With all of it: seals with `state: 2`.
    V2,
}

impl StateForm {
    /// Returns the form that the `state` of a SEAL names; `None` if this program does not know it.
    #[must_use]
    pub fn of_seal(state: Option<u64>) -> Option<StateForm> {
        match state {
            None => Some(StateForm::V1),
            Some(2) => Some(StateForm::V2),
            Some(_) => None,
        }
    }
}

/// The state of an identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State<'s> {
    /// The form of its line.
    pub form: StateForm,
    /// The identity.
    pub ulid: Ulid,
    /// Its current key.
    pub key: Cow<'s, str>,
    /// The kind of its artifact.
    pub kind: Cow<'s, str>,
    /// The current path of its artifact.
    pub path: Cow<'s, str>,
    /// Its current owner, if a line records one.
    pub owner: Option<Cow<'s, str>>,
    /// Its status.
    pub status: Status,
    /// Its other keys, in the order in which they were added.
    pub aliases: Vec<Cow<'s, str>>,
    /// The leaf hash of its last line.
    pub last: Hash,
    /// The version that was published last.
    pub version: Option<Cow<'s, str>>,
    /// The yanked versions, in the order of their YANK lines; a line of the first form has none.
    pub yanked: Vec<Cow<'s, str>>,
    /// The identity into which it was merged.
    pub merged_into: Option<Ulid>,
    /// What replaces it, as its deprecation names it.
    pub replaced_by: Option<Cow<'s, str>>,
}

impl<'s> State<'s> {
    /// Returns the state of an identity.
    #[must_use]
    pub fn of(ulid: Ulid, identity: &'s Identity, form: StateForm) -> State<'s> {
        let is_full = form == StateForm::V2;
        let mut yanked: Vec<(u64, &str)> = identity
            .versions
            .iter()
            .filter_map(|(version, _, yanked)| Some(((*yanked).filter(|_| is_full)?, &**version)))
            .collect();
        yanked.sort_unstable();
        State {
            form,
            ulid,
            key: Cow::Borrowed(&identity.key),
            kind: Cow::Borrowed(&identity.kind),
            path: Cow::Borrowed(&identity.path),
            owner: identity.owner.as_deref().map(Cow::Borrowed),
            status: identity.status,
            aliases: identity.aliases.iter().map(|alias| Cow::Borrowed(&**alias)).collect(),
            last: identity.last,
            version: identity.version().map(Cow::Borrowed),
            yanked: yanked.into_iter().map(|(_, version)| Cow::Borrowed(version)).collect(),
            merged_into: identity.merged_into.filter(|_| is_full),
            replaced_by: identity.replaced_by.as_deref().filter(|_| is_full).map(Cow::Borrowed),
        }
    }

    /// Returns the line, without a newline.
    #[must_use]
    pub fn line(&self) -> String {
        let list =
            |texts: &[Cow<'_, str>]| Json::List(texts.iter().map(|text| Json::text(&**text)).collect());
        let mut members = vec![
            ("aliases", list(&self.aliases)),
            ("key", Json::text(&*self.key)),
            ("kind", Json::text(&*self.kind)),
            ("last", Json::text(self.last.hex())),
            ("path", Json::text(&*self.path)),
            ("status", Json::text(self.status.name())),
            ("ulid", Json::text(self.ulid.to_string())),
        ];
        if self.form == StateForm::V2 {
            members.extend([("v", Json::Integer(2)), ("yanked", list(&self.yanked))]);
        }
        let optional = [
            ("merged_into", self.merged_into.map(|ulid| Cow::Owned(ulid.to_string()))),
            ("owner", self.owner.clone()),
            ("replaced_by", self.replaced_by.clone()),
            ("version", self.version.clone()),
        ];
        members.extend(optional.into_iter().filter_map(|(name, text)| Some((name, Json::text(text?)))));
        Json::object(members).to_string()
    }

    /// Reads a line of a form.
    ///
    /// # Errors
    /// When the line is not canonical, or not a state of this form.
    pub fn read(line: &'s str, form: StateForm) -> Result<State<'s>, Problem> {
        let mut raw = Raw::default();
        let mut scanner = Scanner::new(line.as_bytes())?;
        scanner.object(|key, scanner| raw.field(&key, scanner))?;
        scanner.finish()?;
        raw.state(form)
    }
}

/// The fields of a line as far as they were read.
#[derive(Default)]
struct Raw<'s> {
    texts: Vec<(&'s str, Cow<'s, str>)>,
    aliases: Option<Vec<Cow<'s, str>>>,
    yanked: Option<Vec<Cow<'s, str>>>,
    v: Option<i64>,
}

impl<'s> Raw<'s> {
    fn field(&mut self, key: &Text<'s>, scanner: &mut Scanner<'s>) -> Result<(), Problem> {
        let name = key.plain().unwrap_or_default();
        let form = match name {
            "aliases" => {
                self.aliases = Some(texts(scanner, Form::Key)?);
                return Ok(());
            }
            "yanked" => {
                self.yanked = Some(texts(scanner, Form::Version)?);
                return Ok(());
            }
            "v" => {
                self.v = Some(scanner.integer()?);
                return Ok(());
            }
            "key" => Form::Key,
            "kind" => Form::Kind,
            "last" => Form::Digest,
            "merged_into" | "ulid" => Form::Ulid,
            "owner" | "replaced_by" | "status" => Form::Text,
            "path" => Form::Path,
            "version" => Form::Version,
            _ => return Err(Problem::new(key.span(), "unknown field")),
        };
        self.texts.push((name, text(scanner, form)?));
        Ok(())
    }

    fn state(mut self, form: StateForm) -> Result<State<'s>, Problem> {
        let refuse = |message: String| Problem::new(0..1, message);
        let is_full = form == StateForm::V2;
        let named = |name: &str| self.texts.iter().any(|(other, _)| *other == name);
        let extra = self.yanked.is_some() || named("merged_into") || named("replaced_by");
        if self.v != is_full.then_some(2) || (extra && !is_full) {
            return Err(refuse("the line has another form than the state lines of this seal".into()));
        }
        let take = |raw: &mut Raw<'s>, name: &str| {
            let at = raw.texts.iter().position(|(other, _)| *other == name)?;
            Some(raw.texts.swap_remove(at).1)
        };
        let missing = |name: &str| refuse(format!("the field `{name}` is missing or invalid"));
        let mut must = |name: &str| take(&mut self, name).ok_or_else(|| missing(name));
        let (key, kind, path) = (must("key")?, must("kind")?, must("path")?);
        let status = Status::from_name(&must("status")?).ok_or_else(|| missing("status"))?;
        let last = Hash::from_hex(&must("last")?).ok_or_else(|| missing("last"))?;
        let ulid = Ulid::parse(&must("ulid")?).map_err(|_| missing("ulid"))?;
        let merged_into = take(&mut self, "merged_into").and_then(|text| Ulid::parse(&text).ok());
        Ok(State {
            form,
            ulid,
            key,
            kind,
            path,
            owner: take(&mut self, "owner"),
            status,
            last,
            version: take(&mut self, "version"),
            merged_into,
            replaced_by: take(&mut self, "replaced_by"),
            aliases: self.aliases.ok_or_else(|| missing("aliases"))?,
            yanked: match self.yanked {
                Some(yanked) => yanked,
                None if is_full => return Err(missing("yanked")),
                None => Vec::new(),
            },
        })
    }
}

fn text<'s>(scanner: &mut Scanner<'s>, form: Form) -> Result<Cow<'s, str>, Problem> {
    let text = scanner.text()?;
    let value = text.value();
    if form.is(&value) {
        Ok(value)
    } else {
        Err(Problem::new(text.span(), format!("expected {}", form.describe())))
    }
}

fn texts<'s>(scanner: &mut Scanner<'s>, form: Form) -> Result<Vec<Cow<'s, str>>, Problem> {
    let mut list = Vec::new();
    scanner.list(|scanner| {
        list.push(text(scanner, form)?);
        Ok(())
    })?;
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        let version = |version: &str, line, yanked| (version.into(), line, yanked);
        Identity {
            last: Hash::leaf(b"last"),
            last_line: 12,
            status: Status::Consolidated,
            status_line: 11,
            key: "PLG_ONE".into(),
            kind: "plugin".into(),
            path: "plugins/\"one\"".into(),
            owner: Some("zoë@example.org\n".into()),
            aliases: vec!["PLG_UNO".into(), "PLG_EIN".into()],
            former: Vec::new(),
            versions: vec![
                version("1.0.0", 3, Some(9)),
                version("1.1.0", 4, Some(7)),
                version("2.0.0", 5, None),
            ],
            merged_into: Some(Ulid::from_bits(2)),
            replaced_by: Some("PLG_TWO".into()),
        }
    }

    #[test]
    fn a_line_contains_what_was_yanked_merged_and_replaced() {
        let identity = identity();
        let line = State::of(Ulid::from_bits(1), &identity, StateForm::V2).line();
        assert_eq!(
            line,
            format!(
                r#"{{"aliases":["PLG_UNO","PLG_EIN"],"key":"PLG_ONE","kind":"plugin","last":"{}","merged_into":"00000000000000000000000002","owner":"zoë@example.org\n","path":"plugins/\"one\"","replaced_by":"PLG_TWO","status":"consolidated","ulid":"00000000000000000000000001","v":2,"version":"2.0.0","yanked":["1.1.0","1.0.0"]}}"#,
                identity.last.hex()
            ),
            "the yanked versions in the order of their lines"
        );
        let old = State::of(Ulid::from_bits(1), &identity, StateForm::V1).line();
        for new in ["\"v\"", "yanked", "merged_into", "replaced_by"] {
            assert!(!old.contains(new), "{old}");
        }
    }

    #[test]
    fn a_line_is_read_back_in_its_own_form_only() {
        let mut plain = identity();
        (plain.owner, plain.merged_into, plain.replaced_by) = (None, None, None);
        plain.versions.clear();
        for identity in [identity(), plain] {
            for (form, other) in [(StateForm::V1, StateForm::V2), (StateForm::V2, StateForm::V1)] {
                let state = State::of(Ulid::from_bits(1), &identity, form);
                let line = state.line();
                assert_eq!(State::read(&line, form).as_ref(), Ok(&state));
                assert!(State::read(&line, other).is_err(), "{line}");
            }
        }
    }

    #[test]
    fn a_changed_line_is_not_a_state() {
        let line = State::of(Ulid::from_bits(1), &identity(), StateForm::V2).line();
        for (from, to) in [
            ("\"v\":2", "\"v\":3"),
            (",\"yanked\":[\"1.1.0\",\"1.0.0\"]", ""),
            ("\"key\":\"PLG_ONE\",", ""),
            ("consolidated", "gone"),
            ("\"1.1.0\"", "1"),
            ("\"v\":2", "\"v\": 2"),
            ("\"ulid\":", "\"ulie\":\"x\",\"ulid\":"),
            ("\"kind\":\"plugin\"", "\"kind\":\"pack\""),
        ] {
            let other = line.replacen(from, to, 1);
            assert_ne!(other, line, "{from}");
            assert!(State::read(&other, StateForm::V2).is_err(), "{other}");
        }
    }
}
