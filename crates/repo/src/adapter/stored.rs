//! What git would store of a file of the working tree: its attributes are applied, and no program is run (gitattributes(5)).

use std::path::PathBuf;
use std::sync::Mutex;

use gix::bstr::ByteSlice as _;
use gix_attributes::{StateRef, search};
use gix_filter::eol::{self, AttributesDigest, AutoCrlf, Configuration};
use gix_worktree::Stack;
use gix_worktree::stack::State;
use gix_worktree::stack::state::{Attributes, attributes::Source};
use snapshot::{Cause, Error, RepoPath, Result};

use crate::adapter::encoding::to_utf8;
use crate::format::own_config;
use crate::objects::lock;
use crate::ownership::files;
use crate::{ObjectKind, Repository};

/// The attributes that change what is stored, in the order of `States`.
const ATTRIBUTES: [&str; 6] = ["crlf", "ident", "filter", "eol", "text", "working-tree-encoding"];
/// The largest content that git-lfs takes for a pointer that is stored as it is.
const MAX_POINTER_BYTES: usize = 1024;

/// The stored form of a file.
pub(super) enum Stored {
    /// The content.
    Content(Vec<u8>),
    /// Only a program knows it, or its encoding is not known: the attribute, for messages.
    Unknown(String),
}

/// Converts files as their attributes demand.
pub(super) struct Conversion {
    state: Mutex<(Stack, search::Outcome)>,
    eol: Configuration,
    /// The filters for which a program is configured: their names, and whether it is that of git-lfs.
    programs: Vec<(String, bool)>,
}

/// The attributes of a path.
struct PathAttributes {
    digest: AttributesDigest,
    ident: bool,
    filter: Option<String>,
    encoding: Option<String>,
}

impl Conversion {
    pub(super) fn open(
        repository: &Repository,
        root: PathBuf,
        index: &gix::index::File,
    ) -> Result<Conversion> {
        let failed = |error: std::io::Error| Error::Io {
            what: "the attributes files".into(),
            reason: Cause::new(error),
        };
        let mut collection = search::MetadataCollection::default();
        let mut buffer = Vec::new();
        let globals =
            [Some(PathBuf::from("/etc/gitattributes")), repository.user_file("attributesFile", "attributes")];
        let globals = globals.into_iter().flatten().filter(|path| path.is_file());
        let globals =
            gix_attributes::Search::new_globals(globals, &mut buffer, &mut collection).map_err(failed)?;
        let info = repository.common_dir().join("info/attributes");
        let attributes = Attributes::new(globals, Some(info), Source::WorktreeThenIdMapping, collection);
        let state = State::AttributesStack(attributes);
        let case = repository.case();
        let mappings = state.id_mappings_from_index(index, index.path_backing(), case);
        let stack = Stack::new(root, state, case, buffer, mappings);
        let mut outcome = search::Outcome::default();
        outcome.initialize_with_selection(&search::MetadataCollection::default(), ATTRIBUTES);
        let auto_crlf = match repository.core_setting("autocrlf").as_deref() {
            Some("input") => AutoCrlf::Input,
            Some("true" | "yes" | "on" | "1") => AutoCrlf::Enabled,
            _ => AutoCrlf::Disabled,
        };
        let eol = match repository.core_setting("eol").as_deref() {
            Some("lf") => Some(eol::Mode::Lf),
            Some("crlf") => Some(eol::Mode::CrLf),
            _ => None,
        };
        Ok(Conversion {
            state: Mutex::new((stack, outcome)),
            eol: Configuration { auto_crlf, eol },
            programs: programs(repository)?,
        })
    }

    /// Returns what git would store. `in_index` reads the content that the index has for the path.
    pub(super) fn stored(
        &self,
        repository: &Repository,
        path: &RepoPath,
        content: Vec<u8>,
        in_index: &dyn Fn() -> Option<Vec<u8>>,
    ) -> Result<Stored> {
        let attributes = self.attributes(repository, path)?;
        let mut content = content;
        if let Some((name, is_lfs)) =
            attributes.filter.and_then(|name| self.programs.iter().find(|(known, _)| *known == name))
        {
            if !is_lfs {
                return Ok(Stored::Unknown(format!("filter={name}")));
            }
            content = lfs_pointer(content);
        }
        if let Some(encoding) = attributes.encoding {
            match to_utf8(&encoding, &content) {
                Some(text) => content = text,
                None => return Ok(Stored::Unknown(format!("working-tree-encoding={encoding}"))),
            }
        }
        let mut buffer = Vec::new();
        let options = eol::convert_to_git::Options { round_trip_check: None, config: self.eol };
        let mut index = |buffer: &mut Vec<u8>| {
            Ok(in_index().map(|stored| {
                buffer.clear();
                buffer.extend(stored);
            }))
        };
        let failed = |reason: Cause| Error::Io { what: format!("the line ends of {path:?}"), reason };
        if eol::convert_to_git(&content, attributes.digest, &mut buffer, &mut index, options)
            .map_err(|error| failed(error.to_string().into()))?
        {
            std::mem::swap(&mut content, &mut buffer);
        }
        if attributes.ident
            && gix_filter::ident::undo(&content, &mut buffer).map_err(|error| failed(Cause::new(error)))?
        {
            content = buffer;
        }
        Ok(Stored::Content(content))
    }

    fn attributes(&self, repository: &Repository, path: &RepoPath) -> Result<PathAttributes> {
        let local = repository.inner.to_thread_local();
        let mut state = lock(&self.state);
        let (stack, outcome) = &mut *state;
        let platform = stack.at_entry(path.as_bytes().as_bstr(), None, &local.objects).map_err(|error| {
            Error::Io { what: format!("the attributes of {path:?}"), reason: Cause::new(error) }
        })?;
        platform.matching_attributes(outcome);
        let states: Vec<StateRef<'_>> = outcome.iter_selected().map(|found| found.assignment.state).collect();
        let value = |at: usize| match states.get(at) {
            Some(StateRef::Value(value)) => Some(value.as_bstr().to_string()),
            _ => None,
        };
        let is_set = |at: usize| matches!(states.get(at), Some(StateRef::Set));
        let text = states.get(4).and_then(text_digest).or_else(|| states.first().and_then(text_digest));
        Ok(PathAttributes {
            digest: digest(text, value(3).as_deref(), self.eol),
            ident: is_set(1),
            filter: value(2),
            encoding: value(5)
                .filter(|name| !["utf-8", "utf8"].contains(&name.to_ascii_lowercase().as_str())),
        })
    }
}

/// The meaning of `text`, or of the older `crlf`.
fn text_digest(state: &StateRef<'_>) -> Option<AttributesDigest> {
    match state {
        StateRef::Unspecified => None,
        StateRef::Set => Some(AttributesDigest::Text),
        StateRef::Unset => Some(AttributesDigest::Binary),
        StateRef::Value(value) => match value.as_bstr().as_bytes() {
            b"input" => Some(AttributesDigest::TextInput),
            b"auto" => Some(AttributesDigest::TextAuto),
            _ => None,
        },
    }
}

/// Combines `text`, `eol` and the settings as git does (convert.c, `convert_attrs`).
fn digest(text: Option<AttributesDigest>, eol: Option<&str>, config: Configuration) -> AttributesDigest {
    let combined = match (text, eol) {
        (Some(AttributesDigest::Binary), _) => Some(AttributesDigest::Binary),
        (Some(AttributesDigest::TextAuto), Some("lf")) => Some(AttributesDigest::TextAutoInput),
        (Some(AttributesDigest::TextAuto), Some("crlf")) => Some(AttributesDigest::TextAutoCrlf),
        (_, Some("lf")) => Some(AttributesDigest::TextInput),
        (_, Some("crlf")) => Some(AttributesDigest::TextCrlf),
        (text, _) => text,
    };
    match combined {
        None => config.auto_crlf.into(),
        Some(AttributesDigest::Text) => config.to_eol().into(),
        Some(digest) => digest,
    }
}

/// Lists the filters that have a program. Without one, git stores the file as it is.
fn programs(repository: &Repository) -> Result<Vec<(String, bool)>> {
    let mut found: Vec<(String, bool)> = Vec::new();
    let own = own_config(&repository.common_dir())?;
    for config in files(&repository.common_dir(), false).iter().chain([&own]) {
        for section in config.sections_by_name("filter").into_iter().flatten() {
            let Some(name) = section.header().subsection_name().map(|name| name.to_string()) else {
                continue;
            };
            let commands = ["clean", "process"].map(|key| section.value(key).map(|value| value.to_string()));
            for command in commands.into_iter().flatten().filter(|command| !command.is_empty()) {
                found.retain(|(known, _)| *known != name);
                found.push((
                    name.clone(),
                    command.trim_start().starts_with("git-lfs ")
                        || command.trim_start().starts_with("git lfs "),
                ));
            }
        }
    }
    Ok(found)
}

/// Returns the pointer that git-lfs stores for a content (git-lfs, docs/spec.md).
fn lfs_pointer(content: Vec<u8>) -> Vec<u8> {
    let is_pointer = content.len() < MAX_POINTER_BYTES
        && content.starts_with(b"version https://git-lfs.github.com/spec/v1\n");
    if content.is_empty() || is_pointer {
        return content;
    }
    let digest = digest::Digest::of(&content).hex();
    format!("version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {}\n", content.len())
        .into()
}

impl Repository {
    /// Whether paths are compared without case (git-config(1), `core.ignoreCase`).
    pub(crate) fn case(&self) -> gix::glob::pattern::Case {
        match self.core_setting("ignorecase").as_deref() {
            Some("true" | "yes" | "on" | "1") => gix::glob::pattern::Case::Fold,
            _ => gix::glob::pattern::Case::Sensitive,
        }
    }

    /// Reads the content of a blob of the index; `None` where it is missing.
    pub(super) fn blob_of_index(&self, entry: Option<&gix::index::Entry>) -> Option<Vec<u8>> {
        let id = crate::object_id::to_id(&entry?.id);
        let mut buffer = Vec::new();
        let objects = self.objects();
        objects.contains(id).then_some(())?;
        objects.read(id, ObjectKind::Blob, objects.limits.blob, &mut buffer).ok()?;
        Some(buffer)
    }
}
