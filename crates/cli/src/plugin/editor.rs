//! The working tree as verbs that write see it: plugins are found, edited in memory, derived, and only then written.

use std::path::{Path, PathBuf};

use artifact::layout::SPEC;
use artifact::{Limits, PluginSpec, Syntax, parse};
use diagnostic::Location;
use diagnostic::sanitise::text as plain;
use plugin_files::{Derivation, PluginFiles, SnapshotSource, derive, edit};
use policy::Policy;
use repo::{Repository, Worktree};
use snapshot::{Node, RepoPath};

use crate::arguments::Writing;
use crate::environment;
use crate::error::CommandError;
use crate::session::open;

/// A repository with a working tree.
pub(crate) struct Workbench {
    pub(super) repository: Repository,
    pub(super) root: PathBuf,
}

impl Workbench {
    pub(crate) fn open(path: &Path) -> Result<Workbench, CommandError> {
        let repository = open(path)?;
        let root = repository
            .workdir()
            .ok_or_else(|| CommandError::failed("this repository is bare: it has no working tree"))?;
        Ok(Workbench { repository, root })
    }

    pub(crate) fn worktree(&self) -> Result<Worktree<'_>, CommandError> {
        Ok(self.repository.worktree()?)
    }

    /// The policy of the working tree: what is made here is made under it.
    pub(crate) fn policy(&self) -> Result<Policy, CommandError> {
        Ok(Policy::load(&self.worktree()?)?)
    }
}

/// The plugin directories of a tree, in byte order, but those that a manifest of another plugin system claims.
pub(crate) fn folders(tree: &Worktree<'_>) -> Result<Vec<Node>, CommandError> {
    let mut found = Policy::layout(tree)?.directories(tree)?;
    // An invalid policy enables no other system.
    if let Ok(policy) = Policy::load(tree) {
        let claimed = dialect::discover(tree, &policy, None)?.claimed();
        found.retain(|node| !claimed.reaches(&node.path));
    }
    Ok(found)
}

/// A plugin that is edited: its files before and after.
pub(crate) struct Edited {
    /// The path of its directory.
    pub(super) directory: String,
    pub(super) before: PluginFiles,
    pub(super) after: PluginFiles,
}

impl Edited {
    /// Finds a plugin by the name or path of its directory, or by its key.
    pub(super) fn find(tree: &Worktree<'_>, wanted: &str) -> Result<Edited, CommandError> {
        let name = wanted.trim_end_matches('/');
        let all = folders(tree)?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let open = |node: &Node| -> Result<Edited, CommandError> {
            let files = PluginFiles::open(tree, node)?;
            Ok(Edited { directory: text(node.path.as_bytes()), after: files.clone(), before: files })
        };
        if let Some(node) = all.iter().find(|node| node.path.as_bytes() == name.as_bytes()) {
            return open(node);
        }
        let named: Vec<&Node> = all.iter().filter(|node| node.path.name() == name.as_bytes()).collect();
        match named.as_slice() {
            [] => {}
            [node] => return open(node),
            [node, other, ..] => {
                let [one, other] = [node, other].map(|node| text(node.path.as_bytes()));
                return Err(CommandError::failed_with(
                    format!("{name:?} is the name of several plugins: {one} and {other}"),
                    "pass the path of its directory",
                ));
            }
        }
        if artifact::key::is_key(wanted) {
            for node in &all {
                let plugin = open(node)?;
                if plugin.spec().is_ok_and(|spec| spec.key == wanted) {
                    return Ok(plugin);
                }
            }
        }
        let mut known: Vec<String> = all.iter().map(|node| text(node.path.name())).collect();
        known.sort_by_key(|folder| strsim::damerau_levenshtein(folder, name));
        let nearest = known.first().filter(|folder| strsim::damerau_levenshtein(folder, name) <= 3);
        Err(CommandError::failed_with(
            format!("plugin not found: {wanted:?}"),
            match nearest {
                Some(folder) => format!("did you mean {folder}?"),
                None => "id-plugin list prints the plugins".into(),
            },
        ))
    }

    /// A plugin that is not there yet.
    pub(super) fn new(directory: &str) -> Edited {
        Edited { directory: directory.into(), before: PluginFiles::default(), after: PluginFiles::default() }
    }

    /// The name of its directory.
    pub(super) fn name(&self) -> &str {
        self.directory.rsplit('/').next().unwrap_or_default()
    }

    pub(super) fn spec(&self) -> Result<PluginSpec, CommandError> {
        read(&self.after)
    }

    /// The spec of a plugin that goes on: one that has ended takes no more steps.
    pub(super) fn living(&self) -> Result<PluginSpec, CommandError> {
        let spec = self.spec()?;
        match spec.status.as_str() {
            "retired" | "consolidated" => Err(CommandError::refused(
                format!("{} is {}: that is an end", spec.key, spec.status),
                "take the steps with a plugin that is active",
            )),
            _ => Ok(spec),
        }
    }

    /// Sets a value of the spec, and leaves everything else of it as it is written.
    pub(super) fn set(&mut self, pointer: &str, value: &serde_json::Value) -> Result<(), CommandError> {
        let text = self.after.text(SPEC).unwrap_or_default();
        let edited = edit::set(text, pointer, value).map_err(|error| self.unreadable(&error.message))?;
        self.after.files.insert(SPEC.into(), edited.into_bytes());
        Ok(())
    }

    fn unreadable(&self, message: &str) -> CommandError {
        CommandError::refused(
            format!("{}/{SPEC}: {message}", self.directory),
            "id-structure check shows what is invalid",
        )
    }

    /// Adds a file that is not there.
    pub(super) fn add(&mut self, path: &str, text: &str) {
        self.after.files.entry(path.into()).or_insert_with(|| text.as_bytes().to_vec());
    }

    /// Generates the derived files from the edited ones.
    pub(super) fn derive(&mut self, under: SnapshotSource<'_>) -> Result<(), CommandError> {
        let derivation = derived(&self.directory, &self.after, under)?;
        self.after.files.extend(derivation.files);
        Ok(())
    }

    /// Returns the changes: path from the root, old content, new content.
    pub(super) fn changes(&self) -> Vec<Change> {
        let differs = |(path, text): &(&String, &Vec<u8>)| self.before.files.get(*path) != Some(*text);
        let changes = self.after.files.iter().filter(differs).map(|(path, text)| Change {
            path: format!("{}/{path}", self.directory),
            before: self.before.files.get(path).cloned(),
            after: text.clone(),
        });
        changes.collect()
    }
}

/// Reads the spec of a plugin, and validates it.
pub(super) fn read(files: &PluginFiles) -> Result<PluginSpec, CommandError> {
    let refused = |message: String, help: Option<String>| {
        CommandError::refused(
            format!("{SPEC} would be refused: {message}"),
            help.unwrap_or_else(|| "id-structure check shows the location".into()),
        )
    };
    let text = files.files.get(SPEC).ok_or_else(|| refused("it is missing".into(), None))?;
    let value =
        parse(Syntax::Json, text, &Limits::default()).map_err(|error| refused(error.message, error.help))?;
    if let Some(problem) = schema::plugin_spec().check(&value).into_iter().next() {
        return Err(refused(format!("{}: {}", problem.pointer, problem.message), problem.help));
    }
    PluginSpec::read(&value).ok_or_else(|| refused("it is not an object".into(), None))
}

/// Generates the derived files of a plugin; an error names its location.
pub(super) fn derived(
    directory: &str,
    files: &PluginFiles,
    under: SnapshotSource<'_>,
) -> Result<Derivation, CommandError> {
    let spec = read(files)?;
    let derivation = derive(files, &spec, under);
    let Some(flaw) = derivation.problems.first() else { return Ok(derivation) };
    let text = files.files.get(&flaw.path).map(Vec::as_slice).unwrap_or_default();
    let path = RepoPath::from(format!("{directory}/{}", flaw.path).as_str());
    let line = Location::at(&path, text, flaw.problem.span.clone()).span.map_or(1, |span| span.start.line);
    Err(CommandError::refused(
        format!("{directory}/{}:{line}: {}", flaw.path, flaw.problem.message),
        flaw.problem.help.clone().unwrap_or_else(|| "fix it; nothing was written".into()),
    ))
}

/// A file that is written.
pub(crate) struct Change {
    pub(super) path: String,
    pub(super) before: Option<Vec<u8>>,
    pub(super) after: Vec<u8>,
}

/// Writes changes, or only prints them in a dry run; returns the lines to print.
pub(crate) fn write(root: &Path, changes: &[Change], writing: &Writing) -> Result<String, CommandError> {
    let mut printed = String::new();
    let up = environment::way_up(root);
    for change in changes {
        if writing.diff {
            printed += &unified(change);
        } else if writing.dry_run {
            printed += &format!("would write {up}{}\n", plain(&change.path));
        } else {
            let place = root.join(&change.path);
            repo::disk::refuse_links(root, change.path.as_ref())?;
            match change.before {
                None => repo::disk::create(&place, &change.after)?,
                Some(_) => repo::disk::write(&place, &change.after)?,
            }
            printed += &format!("wrote {up}{}\n", plain(&change.path));
        }
    }
    Ok(printed)
}

/// A file's change as `git diff` shows it.
fn unified(change: &Change) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (old, new) = (text(change.before.as_deref().unwrap_or_default()), text(&change.after));
    let from = if change.before.is_some() { format!("a/{}", change.path) } else { "/dev/null".into() };
    let diff = similar::TextDiff::from_lines(&old, &new);
    let shown =
        diff.unified_diff().context_radius(3).header(&from, &format!("b/{}", change.path)).to_string();
    shown.lines().map(|line| plain(line) + "\n").collect()
}
