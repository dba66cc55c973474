//! Answers from the registry: one identity, some of them, and what happened between two moments.

use std::collections::BTreeSet;

use artifact::Problem;
use artifact::Ulid;
use artifact::layout::CARDS;
use diagnostic::sanitise;
use ledger::EventType;
use ledger::files::{Files, InSnapshot};
use registry::export::{self, Row};
use registry::{Contents, Entry, PATH, Registry, differences, visibility};
use serde_json::{Value, json};

use super::{RegistryQuery, asked};
use crate::arguments::{
    DiffArguments, Filter, GetArguments, KindArgument, ListArguments, ListFormat, StatusArgument,
};
use crate::error::CommandError;
use crate::session::open;
use crate::{columns, output};

/// Finds an identity by its ULID, a key that it has or had, its card, its tag, or a path at which it or something of it lies; at last by the tag of
/// an earlier version, or a former path.
///
/// Who the ledger knows comes before who only claims a place; where several are left, none is guessed.
pub(super) fn resolve<'c>(
    contents: &'c Contents,
    files: &dyn Files,
    name: &str,
) -> Result<(Ulid, &'c Entry), CommandError> {
    let path = name.trim_start_matches("./").trim_end_matches('/');
    let card = path.strip_prefix(CARDS).and_then(|file| file.strip_prefix('/')?.strip_suffix(".yaml"));
    let by_name = Ulid::parse(card.unwrap_or(name)).ok().or_else(|| contents.by_key.get(name).copied());
    if let Some(found) = by_name.and_then(|ulid| Some((ulid, contents.by_ulid.get(&ulid)?))) {
        return Ok(found);
    }
    let lies_in = |entry: &Entry| {
        path == entry.path || path.strip_prefix(entry.path.as_str()).is_some_and(|rest| rest.starts_with('/'))
    };
    let called =
        |entry: &Entry| Some(path) == entry.path.rsplit('/').next() || entry.tag.as_deref() == Some(path);
    // The path of a removed artifact may belong to another one by now.
    let ways: [&dyn Fn(&Entry) -> bool; 4] = [
        &|entry| lies_in(entry) && is_here(entry) && !entry.unrecorded,
        &|entry| lies_in(entry) && is_here(entry),
        &|entry| called(entry) && is_here(entry),
        &|entry| lies_in(entry) || called(entry),
    ];
    for way in ways {
        let found: Vec<(&Ulid, &Entry)> = contents.by_ulid.iter().filter(|(_, entry)| way(entry)).collect();
        if let Some(found) = only(name, &found)? {
            return Ok(found);
        }
    }
    let tag = path.strip_prefix("refs/tags/").unwrap_or(path);
    for former in former_holders(files, path, tag)? {
        let found: Vec<(&Ulid, &Entry)> =
            contents.by_ulid.iter().filter(|(ulid, _)| former.contains(ulid)).collect();
        if let Some(found) = only(name, &found)? {
            return Ok(found);
        }
    }
    Err(CommandError::refused(
        format!("no identity has the name {name}"),
        format!(
            "search for it: id-registry find {}; former paths: id-ledger log",
            name.rsplit('/').next().unwrap_or(name)
        ),
    ))
}

/// Returns the only identity that was found; refuses to guess one of several.
fn only<'c>(name: &str, found: &[(&Ulid, &'c Entry)]) -> Result<Option<(Ulid, &'c Entry)>, CommandError> {
    match found {
        [] => Ok(None),
        [(ulid, entry)] => Ok(Some((**ulid, entry))),
        several => {
            let names: Vec<String> =
                several.iter().take(5).map(|(ulid, entry)| format!("{} ({ulid})", entry.key)).collect();
            Err(CommandError::refused(
                format!("{name} may be {}", names.join(", ")),
                "pass its ULID or its key",
            ))
        }
    }
}

/// Returns the identities that published a version under a tag, or were once at a path; then those that once had the path in their directory; then
/// those whose directory or file once had the name.
fn former_holders(files: &dyn Files, path: &str, tag: &str) -> Result<[BTreeSet<Ulid>; 3], CommandError> {
    let mut found = [BTreeSet::new(), BTreeSet::new(), BTreeSet::new()];
    let Some(opened) = ledger::files::checkpoint(files)?.and_then(|bytes| tlog::open(&bytes).ok()) else {
        return Ok(found);
    };
    ledger::events(files, 0, opened.checkpoint.size, &mut |event| {
        let Some((ulid, event)) = event.ok().and_then(|event| Some((event.subject?, event))) else { return };
        let [exactly, inside, by_name] = &mut found;
        if event.kind == EventType::Publish && event.text("tag").is_some_and(|known| known == tag) {
            exactly.insert(ulid);
        }
        let former = match event.kind {
            EventType::Create => event.text("path"),
            EventType::Move => event.text("from"),
            _ => None,
        };
        let Some(former) = former else { return };
        if path == former {
            exactly.insert(ulid);
        } else if path.strip_prefix(&*former).is_some_and(|rest| rest.starts_with('/')) {
            inside.insert(ulid);
        } else if former.rsplit('/').next() == Some(path) {
            by_name.insert(ulid);
        }
    })?;
    Ok(found)
}

fn is_here(entry: &Entry) -> bool {
    matches!(entry.status.as_str(), "active" | "deprecated")
}

pub(super) fn get(arguments: &GetArguments) -> Result<String, CommandError> {
    let (repository, at) = asked(&arguments.moment)?;
    let query = RegistryQuery::open(&repository, at)?;
    let bytes = query.registry(false)?;
    let flawed = |flaw: Problem| CommandError::failed(format!("{PATH}: {}", flaw.message));
    let registry = Registry::open(&bytes).map_err(flawed)?;
    // A ULID or a key is looked up; anything else needs a scan.
    let name = arguments.name.as_str();
    let ulid = match Ulid::parse(name) {
        Ok(ulid) => Some(ulid),
        Err(_) => registry.holder_of(name).map_err(flawed)?,
    };
    let by_name = match ulid {
        Some(ulid) => registry.entry(ulid).map_err(flawed)?.map(|entry| (ulid, entry)),
        None => None,
    };
    let (ulid, entry) = match by_name {
        Some(found) => found,
        None => {
            let contents = Registry::read(&bytes).map_err(flawed)?;
            let (ulid, entry) = resolve(&contents, &InSnapshot(query.snapshot.as_ref()), name)?;
            (ulid, entry.clone())
        }
    };
    let entry = &entry;
    let visibility = visibility(query.snapshot.as_ref(), &[ulid])?.first().copied().unwrap_or("private");
    let row = Row { ulid, entry, visibility };
    if arguments.json {
        return Ok(output::json(&identity(&row)));
    }
    let mut printed = String::new();
    let names = [
        "ULID",
        "key",
        "kind",
        "path",
        "version",
        "status",
        "also called",
        "owner",
        "tag",
        "SHA-256",
        "replaced by",
        "went into",
        "yanked",
        "recorded",
        "visibility",
    ];
    for (name, cell) in names.into_iter().zip(export::cells(&row)) {
        let plain = name == "recorded" && cell == "true" || name == "visibility" && cell == "public";
        if !cell.is_empty() && !plain {
            printed += &format!("{name:<12} {}\n", sanitise::text(&cell));
        }
    }
    let other = |key: &String| *key != entry.key && !entry.aliases.contains(key);
    let keys = registry.keys().flatten().filter(|(_, holder)| *holder == ulid).map(|(key, _)| key);
    let former: Vec<String> = keys.filter(other).collect();
    if !former.is_empty() {
        printed += &format!("{:<12} {}\n", "once called", sanitise::text(&former.join(" ")));
    }
    Ok(printed)
}

fn identity(row: &Row<'_>) -> Value {
    let mut value = export::entry_json(row);
    if let Value::Object(object) = &mut value {
        object.insert("ulid".into(), json!(row.ulid.to_string()));
    }
    value
}

pub(super) fn list(arguments: &ListArguments) -> Result<String, CommandError> {
    let (repository, at) = asked(&arguments.moment)?;
    let query = RegistryQuery::open(&repository, at)?;
    shown(&query, &query.contents()?, arguments, false, |_, _| true)
}

pub(super) fn find(text: &str, arguments: &ListArguments) -> Result<String, CommandError> {
    let wanted = text.to_lowercase();
    let contains = move |text: &str| text.to_lowercase().contains(&wanted);
    let (repository, at) = asked(&arguments.moment)?;
    let query = RegistryQuery::open(&repository, at)?;
    let contents = query.contents()?;
    let by_key: std::collections::BTreeSet<Ulid> =
        contents.by_key.iter().filter(|(key, _)| contains(key)).map(|(_, ulid)| *ulid).collect();
    let found = |ulid: Ulid, entry: &Entry| {
        by_key.contains(&ulid)
            || contains(&ulid.to_string())
            || contains(&entry.path)
            || entry.tag.as_deref().is_some_and(&contains)
            || entry.owner.as_deref().is_some_and(&contains)
    };
    shown(&query, &contents, arguments, true, found)
}

fn shown(
    query: &RegistryQuery<'_>,
    contents: &Contents,
    arguments: &ListArguments,
    searched: bool,
    wanted: impl Fn(Ulid, &Entry) -> bool,
) -> Result<String, CommandError> {
    let Filter { kind, status, owner } = &arguments.filter;
    let is = |filter: &Option<String>, value: Option<&str>| {
        filter.as_deref().is_none_or(|wanted| value == Some(wanted))
    };
    let found: Vec<(Ulid, Entry)> = contents
        .by_ulid
        .iter()
        .filter(|(ulid, entry)| {
            is(&kind.map(KindArgument::name), Some(&entry.kind))
                && is(&status.map(StatusArgument::name), Some(&entry.status))
                && is(owner, entry.owner.as_deref())
                && wanted(**ulid, entry)
        })
        .map(|(ulid, entry)| (*ulid, entry.clone()))
        .collect();
    if found.is_empty() && searched {
        return Err(CommandError::refused("nothing found", String::new()));
    }
    // Only these formats show what the cards state.
    let rows = || -> Result<Vec<Row<'_>>, CommandError> {
        let ulids: Vec<Ulid> = found.iter().map(|(ulid, _)| *ulid).collect();
        let visibilities = visibility(query.snapshot.as_ref(), &ulids)?;
        let pairs = found.iter().zip(visibilities);
        Ok(pairs.map(|((ulid, entry), visibility)| Row { ulid: *ulid, entry, visibility }).collect())
    };
    Ok(match arguments.format {
        ListFormat::Json => output::json(&Value::Array(rows()?.iter().map(identity).collect())),
        ListFormat::Csv => export::csv(&rows()?),
        ListFormat::Md => export::markdown(&rows()?),
        ListFormat::Table => table(&found),
    })
}

fn table(found: &[(Ulid, Entry)]) -> String {
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|(ulid, entry)| {
            let version = entry.version.clone().unwrap_or_else(|| "-".into());
            let yanked = if entry.yanked.contains(&version) { " (yanked)" } else { "" };
            [
                entry.key.clone(),
                version + yanked,
                entry.status.clone(),
                entry.path.clone(),
                entry.owner.clone().unwrap_or_else(|| "-".into()),
                ulid.to_string(),
            ]
            .to_vec()
        })
        .collect();
    let printed = columns::table(&rows);
    match found.len() {
        0 => "no identity\n".into(),
        1 => printed + "1 identity\n",
        more => printed + &format!("{more} identities\n"),
    }
}

pub(super) fn diff(arguments: &DiffArguments) -> Result<String, CommandError> {
    let repository = open(&arguments.place.repo)?;
    let of = |rev: &str| RegistryQuery::open(&repository, Some(rev))?.contents();
    let (old, new) = (of(&arguments.from)?, of(&arguments.to)?);
    let found = differences(&old.by_ulid, &new.by_ulid);
    if arguments.json {
        let list: Vec<Value> = found
            .iter()
            .map(|one| json!({"ulid": one.ulid.to_string(), "key": one.key, "steps": one.steps}))
            .collect();
        return Ok(output::json(&Value::Array(list)));
    }
    let mut printed = String::new();
    for one in &found {
        printed += &format!("{} {}\n", sanitise::text(&one.key), one.ulid);
        for step in &one.steps {
            printed += &format!("  {}\n", sanitise::text(step));
        }
    }
    Ok(if printed.is_empty() { "nothing happened to any identity\n".into() } else { printed })
}
