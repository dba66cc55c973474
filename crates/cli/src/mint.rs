//! `id-mint`: chooses a ULID and a key that no artifact has or had, and writes the card once.

use std::process::ExitCode;

use artifact::ulid::Mint as Ulids;
use artifact::{ArtifactKind, Claims, IdCard, Ulid, key};
use index::{CARDS, Index, Ledgers, PLUGINS};
use repo::Repository;

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
    let name = key::of_name(kind, &arguments.name).ok_or_else(|| {
        CommandError::refused(
            format!("no key can be made from {:?}: it holds no letter or digit of ASCII", arguments.name),
            "give one: --key PLG_SOMETHING",
        )
    })?;
    let path = place(kind, arguments, &name)?;
    // One mint at a time: what is chosen here is written before the next one looks.
    let turn = repo::disk::lock(&repository.common_dir().join("id-guard-mint.lock"))?;
    let index = index(&repository)?;
    if let Some(holder) = index.holder_of_path(&path) {
        return Err(CommandError::refused(
            format!("{path} is the path of another artifact, according to {}", show(&holder)),
            "give another one: --path PATH",
        ));
    }
    let ledgers = Ledgers::open(&repository.worktree()?)?;
    let key = free_key(kind, arguments, name, &index, &ledgers)?;
    let ulid = ulid(arguments, &index)?;
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
    if arguments.dry_run {
        return Ok(format!("would write {file}:\n\n{text}"));
    }
    repo::disk::refuse_links(&root, file.as_ref())?;
    repo::disk::create(&root.join(&file), text.as_bytes())?;
    let Claims { ulid, key, path, .. } = &card.claims;
    let next = match kind {
        ArtifactKind::Plugin => {
            format!(
                "put \"ulid\": \"{ulid}\" and \"key\": \"{key}\" into {path}/plugin.spec.json, and: id-plugin generate"
            )
        }
        ArtifactKind::Document => format!("begin {path} with front matter: ulid: {ulid}, doc_key: {key}"),
        _ => format!("put ulid: {ulid} and key: {key} into {path}/pack.yaml"),
    };
    let quoted = artifact::shell::word(path);
    Ok(format!("minted {key}\nwrote {file}\nnext: {next}\n      git add {file} {quoted} && git commit\n"))
}

/// Makes the ULID, or takes the one that was made elsewhere.
fn ulid(arguments: &MintArguments, index: &Index) -> Result<Ulid, CommandError> {
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
            format!("{text} has its card already: {}", show(&card.path())),
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

/// Returns the path of the artifact: the given one, or the usual one of its kind.
fn place(kind: ArtifactKind, arguments: &MintArguments, key: &str) -> Result<String, CommandError> {
    let slug = key.trim_start_matches(kind.prefix()).to_ascii_lowercase();
    let path = match (&arguments.path, kind) {
        (Some(path), _) => path.trim_end_matches('/').to_string(),
        (None, ArtifactKind::Plugin) => format!("{PLUGINS}/{slug}"),
        (None, ArtifactKind::Document) => format!("docs/{slug}.md"),
        (None, _) => format!("{}/{}", policy::PACKS, slug.replace('_', "-")),
    };
    let fits = match kind {
        ArtifactKind::Plugin => path.starts_with("plugins/") && path.matches('/').count() == 1,
        ArtifactKind::Document => path.ends_with(".md"),
        ArtifactKind::PolicyPack => path.starts_with("policy-packs/") && path.matches('/').count() == 1,
        ArtifactKind::Module => true,
    };
    let safe = path.split('/').all(|part| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0']));
    match fits && safe {
        true => Ok(path),
        false => Err(CommandError::refused(
            format!("{path:?} is not a valid path for this kind of artifact"),
            "a plugin lies in plugins/<name>, a document is a .md file, a pack lies in policy-packs/<name>",
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
            CommandError::refused(format!("every key of the name {name} is taken"), "give one: --key KEY")
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
    let known = || Index::decode(&repo::disk::read(kept.as_ref()?, MAX_CACHE_BYTES).ok()??);
    let known = known();
    let known: Vec<&Index> = known.iter().collect();
    Ok(Index::build(&repository.worktree()?, &known)?)
}

/// Refuses a card that the gate would refuse.
fn refuse_invalid(text: &str) -> Result<(), CommandError> {
    let value = artifact::parse(artifact::Syntax::Yaml, text.as_bytes(), &artifact::Limits::default());
    let problem = match &value {
        Ok(value) => {
            schema::id_card().check(value).into_iter().next().map(|problem| (problem.message, problem.help))
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
