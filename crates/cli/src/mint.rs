//! `id-mint`: chooses a ULID and a key that no artifact has or had, and writes the card once.

use std::process::ExitCode;

use artifact::layout::{Layout, MODULE};
use artifact::ulid::Mint as Ulids;
use artifact::{ArtifactKind, Claims, IdCard, Ulid, hidden, key};
use diagnostic::portable::why_unsafe;
use index::{CARDS, Index, Ledgers};
use policy::Policy;
use repo::Repository;
use snapshot::Snapshot as _;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::arguments::{Mint, MintArguments, MintCommand};
use crate::environment;
use crate::error::{self, CommandError};
use crate::session::{MAX_CACHE_BYTES, identities_file, open};

/// Keys that are tried for one name.
const MAX_SUFFIXES: u32 = 10_000;

/// The path of the schema that `id-guard init` writes for editors.
const ID_CARD_SCHEMA: &str = "policy-packs/baseline/schemas/id-card.v1.schema.json";

pub(crate) fn run(arguments: &Mint) -> ExitCode {
    let (kind, arguments) = match &arguments.command {
        MintCommand::Plugin(arguments) => (ArtifactKind::Plugin, arguments),
        MintCommand::Document(arguments) => (ArtifactKind::Document, arguments),
        MintCommand::Pack(arguments) => (ArtifactKind::PolicyPack, arguments),
        MintCommand::Module(arguments) => (ArtifactKind::Module, arguments),
    };
    error::finish(mint(kind, arguments))
}

/// An identity that is ready to be written; it locks minting until then.
pub(crate) struct Minted {
    _turn: std::fs::File,
    root: std::path::PathBuf,
    /// The card.
    pub(crate) card: IdCard,
    /// Where it lies.
    pub(crate) file: String,
    /// Its text.
    pub(crate) text: String,
}

/// Chooses the identity of an artifact, as the gate will accept it.
pub(crate) fn prepare(kind: ArtifactKind, arguments: &MintArguments) -> Result<Minted, CommandError> {
    let repository = open(&arguments.place.repo)?;
    let root = repository
        .workdir()
        .ok_or_else(|| CommandError::failed("this repository is bare: it has no working tree to write to"))?;
    let owner = owner(arguments, &repository)?;
    let name = name_key(kind, arguments)?;
    confirm_key(arguments, &name)?;
    let path = place(kind, arguments, &name, &Policy::layout(&repository.worktree()?)?)?;
    // One mint at a time: what is chosen here is written before the next one looks.
    let turn = repo::disk::lock(&repository.common_dir().join("id-guard-mint.lock"))?;
    let index = index(&repository)?;
    if let Some(holder) = index.holder_of_path(&path) {
        return Err(CommandError::refused(
            format!("{path} is the path of another artifact, according to {}", show(&holder)),
            "choose another one with --path",
        ));
    }
    if let Some((holder, other)) = index.holder_of_place(&path).filter(|_| kind != ArtifactKind::Module) {
        let relation = if path.len() > other.len() { "inside" } else { "above" };
        return Err(CommandError::refused(
            format!("{path} is {relation} {other}, the path of another artifact ({})", show(&holder)),
            "choose a path of its own with --path: artifacts never contain each other",
        ));
    }
    if kind == ArtifactKind::Plugin {
        refuse_same_name(&repository, &path, &index)?;
    }
    let ledgers = Ledgers::open(&repository.worktree()?)?;
    let key = free_key(kind, arguments, name, &index, &ledgers)?;
    let ulid = choose_ulid(arguments, &index)?;
    let claims =
        Claims { ulid: ulid.to_string(), key, kind: kind.name().into(), path, owner, ..Claims::default() };
    let card = IdCard {
        claims,
        created_at: environment::time_of(ulid.time()),
        visibility: if arguments.private { "private" } else { "public" }.into(),
        notes: arguments.notes.clone(),
    };
    let has_schema = root.join(ID_CARD_SCHEMA).is_file();
    let text = card.write(has_schema.then(|| format!("../../{ID_CARD_SCHEMA}")).as_deref());
    refuse_invalid(&text)?;
    Ok(Minted { _turn: turn, root: root.to_path_buf(), card, file: format!("{CARDS}/{ulid}.yaml"), text })
}

fn mint(kind: ArtifactKind, arguments: &MintArguments) -> Result<String, CommandError> {
    let Minted { _turn, root, card, file, text } = prepare(kind, arguments)?;
    // Paths are printed as seen from the working directory.
    let up = environment::way_up(&root);
    if arguments.dry_run {
        return Ok(format!("would write {up}{file}:\n\n{text}"));
    }
    repo::disk::refuse_links(&root, file.as_ref())?;
    repo::disk::create(&root.join(&file), text.as_bytes())?;
    let Claims { ulid, key, path, .. } = &card.claims;
    let next = match kind {
        // The card exists, so this command uses it instead of minting another one.
        ArtifactKind::Plugin => {
            format!("id-plugin new {} --ulid {ulid}", artifact::shell::word(&arguments.name))
        }
        ArtifactKind::Document => format!("begin {up}{path} with front matter: ulid: {ulid}, doc_key: {key}"),
        ArtifactKind::Module => format!(
            "write {up}{path}:\n\n{}",
            module_text(&card.claims)
                .lines()
                .fold(String::new(), |text, line| text + "        " + line + "\n")
        ),
        ArtifactKind::PolicyPack => format!("put ulid: {ulid} and key: {key} into {up}{path}/pack.yaml"),
    };
    let quoted = artifact::shell::word(path);
    Ok(format!(
        "minted {key}\nwrote {up}{file}\nnext: {next}\n      git add {up}{file} {up}{quoted} && git commit\n"
    ))
}

/// Returns the first text of a module.
fn module_text(claims: &Claims) -> String {
    let Claims { ulid, key, owner, .. } = claims;
    let owner = artifact::scalar::write(owner);
    format!("ulid: {ulid}\nkey: {key}\nversion: 0.1.0\nstatus: active\nowner: {owner}\n")
}

/// Has a person confirm a key that is spelled otherwise than the name: a key is permanent.
fn confirm_key(arguments: &MintArguments, key: &str) -> Result<(), CommandError> {
    if arguments.key.is_some() || arguments.name.is_ascii() {
        return Ok(());
    }
    let question =
        format!("the key of {:?} would be {key}, and a key is permanent: mint it?", arguments.name);
    match environment::ask(&question) {
        Some(true) => Ok(()),
        Some(false) => Err(CommandError::refused("nothing was minted", "choose a key with --key")),
        None => Err(CommandError::refused(
            format!(
                "the name {:?} has letters outside A to Z; its key would be {key}, and a key is permanent",
                arguments.name
            ),
            format!("pass the key, this one or another: --key {key}"),
        )),
    }
}

/// Returns the key of a name, or the given key if the name cannot be spelled in ASCII.
fn name_key(kind: ArtifactKind, arguments: &MintArguments) -> Result<String, CommandError> {
    let prefix = kind.prefix();
    let letter = match (spell(&arguments.name), &arguments.key) {
        (Ok(name), _) => match (key::of_name(kind, &name), &arguments.key) {
            (Some(key), _) => return Ok(key),
            (None, Some(key)) => return Ok(key.clone()),
            (None, None) => None,
        },
        (Err(_), Some(key)) => return Ok(key.clone()),
        (Err(letter), None) => Some(letter),
    };
    let reason = match letter {
        Some(letter) => format!("the letter {letter:?} has no spelling in A to Z"),
        None => "it contains no letter or digit".into(),
    };
    let message = format!("no key can be built from the name {:?}: {reason}", arguments.name);
    Err(CommandError::refused(message, format!("choose a permanent key: --key {prefix}LOCAL_PREVIEW")))
}

/// Spells a name with ASCII letters, or returns the first letter that has no such spelling: a key is permanent, so no letter is dropped.
fn spell(name: &str) -> Result<String, char> {
    let mut spelled = String::new();
    for letter in name.nfkd() {
        match letter {
            'ß' | 'ẞ' => spelled.push_str("ss"),
            'æ' | 'Æ' => spelled.push_str("ae"),
            'œ' | 'Œ' => spelled.push_str("oe"),
            'þ' | 'Þ' => spelled.push_str("th"),
            'ø' | 'Ø' => spelled.push('o'),
            'ł' | 'Ł' => spelled.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => spelled.push('d'),
            'ħ' | 'Ħ' => spelled.push('h'),
            'ı' => spelled.push('i'),
            letter if is_combining_mark(letter) => {}
            letter if !letter.is_ascii() && letter.is_alphanumeric() => return Err(letter),
            letter => spelled.push(letter),
        }
    }
    Ok(spelled)
}

/// Reads the card of the ULID that was given, if it is a plugin's: `id-plugin new` creates the plugin of a minted identity.
pub(crate) fn existing(arguments: &MintArguments) -> Result<Option<ExistingCard>, CommandError> {
    let Some(ulid) = &arguments.ulid else { return Ok(None) };
    let repository = open(&arguments.place.repo)?;
    let file = format!("{CARDS}/{ulid}.yaml");
    let tree = repository.worktree()?;
    let Some(node) = tree.find(&file.as_str().into())? else { return Ok(None) };
    let claims = Claims::read(&tree.read(&node, artifact::id_card::MAX_CARD_BYTES as u64)?);
    if claims.ulid != *ulid || claims.kind != ArtifactKind::Plugin.name() {
        return Ok(None);
    }
    let differs = |given: &Option<String>, known: &str| given.as_ref().is_some_and(|given| given != known);
    if differs(&arguments.key, &claims.key)
        || differs(&arguments.path, &claims.path)
        || differs(&arguments.owner, &claims.owner)
    {
        return Err(CommandError::refused(
            format!("{file} declares another key, path or owner; an ID card is permanent"),
            format!("use the values of the card: omit --key, --path and --owner, or read it: cat {file}"),
        ));
    }
    Ok(Some(ExistingCard { claims, file }))
}

/// A card that was minted before its plugin.
pub(crate) struct ExistingCard {
    pub(crate) claims: Claims,
    /// The path of the card.
    pub(crate) file: String,
}

/// Makes the ULID, or takes the one that was made elsewhere.
fn choose_ulid(arguments: &MintArguments, index: &Index) -> Result<Ulid, CommandError> {
    let Some(text) = &arguments.ulid else {
        return Ulids::default()
            .next(std::time::SystemTime::now())
            .ok_or_else(|| CommandError::failed("no ULID is left in this millisecond"));
    };
    let ulid = Ulid::parse(text)
        .map_err(|error| CommandError::refused(error.to_string(), "leave --ulid out: one is made"))?;
    match index.card_of(text) {
        None => Ok(ulid),
        Some(card) => Err(CommandError::refused(
            format!("{text} already has an ID card: {}", show(&card.path())),
            "leave --ulid out: one is made",
        )),
    }
}

fn owner(arguments: &MintArguments, repository: &Repository) -> Result<String, CommandError> {
    let known = || environment::variable("GIT_AUTHOR_EMAIL").or_else(|| repository.user_email());
    arguments.owner.clone().or_else(known).filter(|owner| !owner.trim().is_empty()).ok_or_else(|| {
        CommandError::failed_with(
            "no owner given",
            "pass --owner you@example.org, or set git config user.email",
        )
    })
}

/// Refuses the name of another plugin's directory, where nothing else in their tags differs.
fn refuse_same_name(repository: &Repository, path: &str, index: &Index) -> Result<(), CommandError> {
    // An invalid policy is reported by every check.
    let Ok(policy) = Policy::load(&repository.worktree()?) else { return Ok(()) };
    let by_name = policy.tags.plugin.as_ref().is_some_and(artifact::tag::Template::identifies_by_name);
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_same = |directory: &snapshot::RepoPath| {
        directory.name() == name.as_bytes() && directory.as_bytes() != path.as_bytes()
    };
    let other = index.plugins.iter().map(|plugin| plugin.directory()).find(is_same);
    match other.filter(|_| by_name && !policy.layout.is_default()) {
        None => Ok(()),
        Some(other) => Err(CommandError::refused(
            format!(
                "{name} is the name of {} already: their versions would have the same tags",
                show(&other)
            ),
            "choose another directory name with --path",
        )),
    }
}

/// Returns the path of the artifact: the given one, or the usual one of its kind.
fn place(
    kind: ArtifactKind,
    arguments: &MintArguments,
    key: &str,
    layout: &Layout,
) -> Result<String, CommandError> {
    let slug = key.trim_start_matches(kind.prefix()).to_ascii_lowercase();
    let path = match (&arguments.path, kind) {
        // A module is the file that describes it, so that its plugins are not inside it.
        (Some(path), ArtifactKind::Module) => {
            let directory = path.trim_end_matches('/').trim_end_matches(MODULE).trim_end_matches('/');
            match directory {
                "" | "." => MODULE.into(),
                directory => format!("{directory}/{MODULE}"),
            }
        }
        (Some(path), _) => path.trim_end_matches('/').to_string(),
        (None, ArtifactKind::Plugin) => layout.place(&slug).ok_or_else(|| {
            CommandError::refused(
                format!("the layout of this repository leaves the place of {slug} open"),
                format!("pass --path with a directory that one of these matches: {}", layout.show()),
            )
        })?,
        (None, ArtifactKind::Document) => format!("docs/{slug}.md"),
        (None, ArtifactKind::Module) => MODULE.into(),
        (None, _) => format!("{}/{}", policy::PACKS, slug.replace('_', "-")),
    };
    let fits = match kind {
        ArtifactKind::Plugin => {
            let name = path.rsplit('/').next().unwrap_or_default();
            layout.is_plugin_directory(&path.as_str().into())
                && artifact::tag::is_plugin_name(name.as_bytes())
        }
        ArtifactKind::Document => path.ends_with(".md"),
        ArtifactKind::PolicyPack => path.starts_with("policy-packs/") && path.matches('/').count() == 1,
        ArtifactKind::Module => true,
    };
    let safe = path.split('/').all(|part| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0']));
    if let Some(why) = path.split('/').find_map(|part| why_unsafe(part.as_bytes())).filter(|_| fits && safe) {
        return Err(CommandError::refused(
            format!("{path:?} cannot be checked out everywhere: a part of it {why}"),
            "pass another one with the option --path",
        ));
    }
    match fits && safe {
        true => Ok(path),
        false => Err(CommandError::refused(
            format!("{path:?} is not a valid path for this kind of artifact"),
            match kind {
                ArtifactKind::Plugin => format!(
                    "a plugin is a directory that one of these matches: {}; its name has lower-case letters, digits, `_` and `-`",
                    layout.show()
                ),
                ArtifactKind::Document => "a document is a file that ends with .md".into(),
                ArtifactKind::PolicyPack => format!("a pack is a directory of {}/", policy::PACKS),
                ArtifactKind::Module => format!("a module is a directory with {MODULE}"),
            },
        )),
    }
}

fn free_key(
    kind: ArtifactKind,
    arguments: &MintArguments,
    name: String,
    index: &Index,
    ledgers: &Ledgers,
) -> Result<String, CommandError> {
    if let Some(wanted) = &arguments.key {
        refuse_taken(kind, wanted, "", index, ledgers)?;
        return Ok(wanted.clone());
    }
    let suffixed = (1..MAX_SUFFIXES).map(|counter| key::with_suffix(&name, counter));
    std::iter::once(name.clone())
        .chain(suffixed)
        .find(|key| index.holder_of_key(key).is_none() && ledgers.line_of_another(key, "").is_none())
        .ok_or_else(|| {
            CommandError::refused(
                format!("every key of the name {name} is taken"),
                "pass one with the option --key",
            )
        })
}

/// Refuses a key that is none, or that another artifact has, had, or has one that it can be taken for; its own former ones are free to it.
pub(crate) fn refuse_taken(
    kind: ArtifactKind,
    wanted: &str,
    ulid: &str,
    index: &Index,
    ledgers: &Ledgers,
) -> Result<(), CommandError> {
    if !key::is_key(wanted) || !wanted.starts_with(kind.prefix()) {
        return Err(CommandError::refused(
            format!("{wanted:?} is not a valid key of this kind of artifact"),
            format!(
                "words of upper-case letters and digits joined by `_`, as in {}LOCAL_PREVIEW",
                kind.prefix()
            ),
        ));
    }
    if ledgers.line_of_another(wanted, ulid).is_some() {
        return Err(CommandError::refused(
            format!("{wanted} belonged to another artifact, according to the ledger"),
            "choose another key",
        ));
    }
    let own = |holder: &snapshot::RepoPath| {
        !ulid.is_empty()
            && (index.plugins.iter().any(|plugin| {
                plugin.ulid == ulid && plugin.directory().join(index::SPEC.as_bytes()) == *holder
            }) || index.card_of(ulid).is_some_and(|card| card.path() == *holder))
    };
    match index.holder_of_key(wanted).filter(|(holder, _)| !own(holder)) {
        None => Ok(()),
        Some((holder, other)) => Err(CommandError::refused(
            match other == *wanted {
                true => format!("{wanted} is taken: it is the key of {}", show(&holder)),
                false => format!("{wanted} is confusable with {other}, the key of {}", show(&holder)),
            },
            "choose another key",
        )),
    }
}

/// Who claims what in the working tree; what the last run knew is not read again.
pub(crate) fn index(repository: &Repository) -> Result<Index, CommandError> {
    let kept = identities_file(repository);
    let known = || Index::decode(&repo::disk::read_cache(kept.as_ref()?, MAX_CACHE_BYTES)?);
    let known = known();
    let known: Vec<&Index> = known.iter().collect();
    let tree = repository.worktree()?;
    Ok(Index::build(&tree, &Policy::layout(&tree)?, &known)?)
}

/// Refuses a card that the gate would refuse.
fn refuse_invalid(text: &str) -> Result<(), CommandError> {
    let value = artifact::parse(artifact::Syntax::Yaml, text.as_bytes(), &artifact::Limits::default());
    let hidden = |value: &artifact::Value| {
        let owner = value.pointer("/owner").and_then(artifact::Value::as_str).unwrap_or_default();
        let (_, character) = hidden::find(owner, hidden::Reading::Identifier)?;
        Some((format!("the owner contains {}", hidden::describe(character)), None))
    };
    let problem = match &value {
        Ok(value) => {
            let problem = schema::id_card().check(value).into_iter().next();
            problem.map(|problem| (problem.message, problem.help)).or_else(|| hidden(value))
        }
        Err(error) => Some((error.message.clone(), error.help.clone())),
    };
    match problem {
        None => Ok(()),
        Some((message, help)) => Err(CommandError::refused(
            format!("the card would be refused: {message}"),
            help.unwrap_or_else(|| "id-guard schema id-card prints the schema of a card".into()),
        )),
    }
}

fn show(path: &snapshot::RepoPath) -> String {
    String::from_utf8_lossy(path.as_bytes()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_spelled_and_none_is_dropped() {
        for (name, spelled) in [
            ("Local Preview", "Local Preview"),
            ("\u{dc}n\u{ef}code", "Unicode"),
            ("Stra\u{df}e", "Strasse"),
            ("\u{141}\u{f3}d\u{17a} \u{c6}r\u{f8}", "lodz aero"),
            ("\u{fb01}le", "file"),
        ] {
            assert_eq!(spell(name).map(|name| name.to_lowercase()), Ok(spelled.to_lowercase()), "{name}");
        }
        for name in ["\u{65e5}\u{672c}", "\u{41f}lugin", "\u{3b1}-test", "a \u{5d0}"] {
            assert!(spell(name).is_err(), "{name}");
        }
    }
}
