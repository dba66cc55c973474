//! `id-registry`: one module per subcommand, and what they share.

mod build;
mod export;
mod provenance;
mod query;

use std::path::Path;
use std::process::ExitCode;

use ledger::files::{Files, InSnapshot};
use policy::Policy;
use registry::{Contents, Exported, MAX_REGISTRY_BYTES, PATH, Registry as Opened, Tree, project, update};
use repo::Repository;
use snapshot::{Kind, Mode, RepoPath, Snapshot};

use crate::arguments::{
    LogArguments, Moment, Registry, RegistryCommand, RegistryLogArguments, ServedArguments,
};
use crate::error::{CommandError, finish};
use crate::session::open;
use crate::{base, ledger as ledger_verbs};

/// Writes a registry and its ledger into a database: a heavy library, so only the tool that needs it brings it.
pub type Sqlite = fn(&Path, &Exported, &dyn Files) -> Result<(), Box<dyn std::error::Error>>;

pub(crate) fn run(arguments: &Registry, sqlite: Sqlite) -> ExitCode {
    match &arguments.command {
        RegistryCommand::Build(arguments) => build::run(arguments),
        RegistryCommand::Get(arguments) => finish(query::get(arguments)),
        RegistryCommand::Find(arguments) => finish(query::find(&arguments.text, &arguments.list)),
        RegistryCommand::List(arguments) => finish(query::list(arguments)),
        RegistryCommand::Diff(arguments) => finish(query::diff(arguments)),
        RegistryCommand::Log(arguments) => finish(log(arguments)),
        RegistryCommand::At(arguments) => finish(at(&arguments.place.repo, &arguments.rev)),
        RegistryCommand::Export(arguments) => finish(export::run(arguments, sqlite)),
    }
}

/// The tree that is asked: a commit, or the working tree.
pub(crate) struct RegistryQuery<'r> {
    repository: &'r Repository,
    pub(crate) snapshot: Box<dyn Snapshot + 'r>,
}

impl<'r> RegistryQuery<'r> {
    pub(crate) fn open(
        repository: &'r Repository,
        at: Option<&str>,
    ) -> Result<RegistryQuery<'r>, CommandError> {
        let at = at.or_else(|| repository.workdir().is_none().then_some("HEAD"));
        let snapshot: Box<dyn Snapshot + 'r> = match at {
            Some(rev) => Box::new(repository.commit(base::commit(repository, rev)?)?),
            None => Box::new(repository.worktree()?),
        };
        Ok(RegistryQuery { repository, snapshot })
    }

    /// Makes the registry of the tree; of a file that is known to be genuine, only what changed since is read.
    pub(crate) fn registry(&self, full: bool) -> Result<Vec<u8>, CommandError> {
        let snapshot = self.snapshot.as_ref();
        let files = InSnapshot(snapshot);
        let layout = Policy::layout(snapshot)?;
        let tree = Tree { snapshot, ledger: &files, layout: &layout };
        made(self.repository, &tree, if full { None } else { file(self.snapshot.as_ref())? }.as_deref())
    }

    /// Reads what an export of this tree contains.
    fn exported(&self, include_private: bool) -> Result<Exported, CommandError> {
        let snapshot = self.snapshot.as_ref();
        let (files, layout) = (InSnapshot(snapshot), Policy::layout(snapshot)?);
        let tree = Tree { snapshot, ledger: &files, layout: &layout };
        Ok(Exported::new(self.contents()?, &tree, include_private)?)
    }

    fn contents(&self) -> Result<Contents, CommandError> {
        let bytes = self.registry(false)?;
        // What was just made is of its own form.
        Opened::read(&bytes).map_err(|flaw| CommandError::failed(format!("{PATH}: {}", flaw.message)))
    }
}

/// Reads the registry's file; `None` where there is none.
pub(crate) fn file(snapshot: &dyn Snapshot) -> Result<Option<Vec<u8>>, CommandError> {
    match snapshot.find(&RepoPath::from(PATH))? {
        None => Ok(None),
        Some(node) if node.object.mode.kind() == Kind::File => {
            Ok(Some(snapshot.read(&node, MAX_REGISTRY_BYTES)?))
        }
        Some(node) => Err(CommandError::failed_with(
            format!("{PATH} is {}, not a regular file", node.object.mode.kind()),
            "remove it, and run id-registry build",
        )),
    }
}

/// Returns whether the file is executable: generated, it is not.
pub(crate) fn is_executable(snapshot: &dyn Snapshot) -> Result<bool, CommandError> {
    Ok(snapshot.find(&RepoPath::from(PATH))?.is_some_and(|node| node.object.mode == Mode::Executable))
}

/// Makes the registry of a tree; of an earlier one that is known to be genuine, only what changed since is read.
pub(crate) fn made(
    repository: &Repository,
    tree: &Tree<'_>,
    old: Option<&[u8]>,
) -> Result<Vec<u8>, CommandError> {
    let genuine = old.filter(|bytes| provenance::is(bytes)).and_then(|bytes| Opened::open(bytes).ok());
    // Its sources name the ledger by its checkpoint, and the lines may be others.
    let genuine = match genuine {
        Some(genuine) if matches_checkpoint(tree.ledger)? => Some(genuine),
        _ => None,
    };
    let trees = |id| repository.tree(id).map(|tree| Box::new(tree) as Box<dyn Snapshot + '_>);
    let updated = genuine.map(|old| update(&old, &trees, tree)).transpose()?.flatten();
    let bytes = match updated {
        Some(bytes) => bytes,
        None => project(tree)?,
    };
    provenance::note(&bytes);
    Ok(bytes)
}

/// Returns whether the lines of a ledger are those that its checkpoint covers.
fn matches_checkpoint(files: &dyn Files) -> Result<bool, CommandError> {
    let Some(bytes) = ledger::files::checkpoint(files)? else { return Ok(true) };
    let Ok(opened) = tlog::open(&bytes) else { return Ok(false) };
    let (size, root) = (opened.checkpoint.size, opened.checkpoint.root);
    Ok(ledger::roots(files, &[size].into())?.get(&size) == Some(&root))
}

fn asked(moment: &Moment) -> Result<(Repository, Option<&str>), CommandError> {
    Ok((open(&moment.place.repo)?, moment.at.as_deref()))
}

fn at(repo: &Path, rev: &str) -> Result<String, CommandError> {
    let repository = open(repo)?;
    let bytes = RegistryQuery::open(&repository, Some(rev))?.registry(false)?;
    String::from_utf8(bytes).map_err(|_| CommandError::failed("the registry is not UTF-8"))
}

fn log(arguments: &RegistryLogArguments) -> Result<String, CommandError> {
    let (repository, at) = asked(&arguments.moment)?;
    let query = RegistryQuery::open(&repository, at)?;
    let contents = query.contents()?;
    let (ulid, _) = query::resolve(&contents, &InSnapshot(query.snapshot.as_ref()), &arguments.name)?;
    ledger_verbs::log(&LogArguments {
        tiles: None,
        served: ServedArguments::default(),
        identity: Some(ulid.to_string()),
        place: crate::arguments::Place { repo: arguments.moment.place.repo.clone() },
        rev: arguments.moment.at.clone(),
        json: arguments.json,
    })
}

pub(crate) fn counted_identities(count: usize) -> String {
    match count {
        1 => "1 identity".into(),
        more => format!("{more} identities"),
    }
}
