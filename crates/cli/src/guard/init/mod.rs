//! `id-guard init`: sets up a repository.

pub(crate) mod hooks;
mod place;
mod preset;
pub(crate) mod scripts;
pub(crate) mod workflows;

use std::path::Path;
use std::process::ExitCode;

use policy::POLICY_PATH;
use repo::Repository;

use crate::arguments::{InitArguments, WriterArgument};
use crate::base::mainline_at;
use crate::error::{CommandError, finish};
use crate::output::print;
use crate::remote;
use crate::session::open;
use place::Target;
use workflows::{Workflows, is_pinned_action};

/// The first policy of a repository: the baseline, and an example.
const POLICY: &str = "\
# The policy of this repository. The gate reads this file from the base branch, never from the change itself.
schema_version: 1
packs:
  - name: baseline
    version: VERSION
# The log's name: one that nobody else uses. `id-ledger record` writes the ledger after each merge.
LEDGER
STRUCTURE# Protect further paths, for example:
# paths:
#   - match: proposals/*.md
#     discipline: frozen
#     when: { field: /status, equals: Final }
";

/// The bytes of ledger and registry are their meaning: no line ends are changed, and no text is merged.
const ATTRIBUTES: &str = ".ledger/** -text -merge\nids/** -text -merge\n";

/// The largest `.gitattributes` that is read.
const MAX_ATTRIBUTES_BYTES: u64 = 1 << 20;

/// The Action of the builder of this program; without one, `--action` is required.
const ACTION: Option<&str> = option_env!("ID_GUARD_ACTION");

pub(crate) fn run(arguments: &InitArguments) -> ExitCode {
    let printed = init(arguments).map(|printed| match printed.is_empty() {
        true => "everything is there already: nothing to do\n".into(),
        false => printed,
    });
    match printed {
        Ok(printed) => print(&printed),
        Err(refusal) => finish(Err(refusal)),
    }
}

fn init(arguments: &InitArguments) -> Result<String, CommandError> {
    if arguments.preset.as_deref() == Some("list") {
        return Ok(preset::list());
    }
    let repository = open(&arguments.place.repo)?;
    let root = repository
        .workdir()
        .ok_or_else(|| CommandError::failed("this repository is bare: it has no working tree to write to"))?;
    let (target, undecided) = Target::choose(&root, arguments)?;
    let root = &target.root;
    let policy = match &arguments.preset {
        Some(name) => preset::policy(name, root)?,
        None => policy(&repository, arguments, target.below.as_deref())?,
    };
    let has_origin = policy.contains("\nledger:\n") || declares_origin(&repository);
    let mut files = vec![(POLICY_PATH, policy), (".gitattributes", ATTRIBUTES.into())];
    if arguments.preset.is_none() {
        files.extend(schema::EMBEDDED.iter().map(|schema| (schema.path, schema.text.to_string())));
    } else {
        // A preset governs documents of other programs, which have attributes of their own.
        files.retain(|(path, _)| *path == POLICY_PATH);
    }
    let mut kept = String::new();
    let is_minimal = arguments.minimal || needs_no_action(arguments);
    if !is_minimal {
        let workflows = workflows_of(&repository, arguments, root)?;
        for (path, text) in &workflows {
            let there = repo::disk::read(&root.join(path), MAX_ATTRIBUTES_BYTES).ok().flatten();
            if there.is_some_and(|there| there != text.as_bytes()) {
                kept += &format!("kept {} (already exists with different content)\n", target.shown(path));
            }
        }
        files.extend(workflows);
    }
    let attributes = repo::disk::read(&root.join(".gitattributes"), MAX_ATTRIBUTES_BYTES)?;
    let lacks_attributes = attributes.is_some_and(|text| {
        let text = String::from_utf8_lossy(&text).into_owned();
        !ATTRIBUTES.lines().all(|line| text.lines().any(|there| there.trim() == line))
    });
    let keeps_policy = root.join(POLICY_PATH).symlink_metadata().is_ok();
    // Existing files are kept.
    files.retain(|(path, _)| root.join(path).symlink_metadata().is_err());
    if let Some(folder) = undecided.filter(|_| !files.is_empty() || arguments.scripts) {
        let paths: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
        return Err(target.undecided(&folder, &paths));
    }
    let mut printed = String::new();
    for (path, text) in &files {
        let shown = target.shown(path);
        if arguments.dry_run {
            printed += &format!("would write {shown}\n");
            continue;
        }
        repo::disk::refuse_links(root, path.as_ref())?;
        repo::disk::create(&root.join(path), text.as_bytes())?;
        printed += &format!("wrote {shown}\n");
    }
    if arguments.hooks {
        printed += &hooks::write(&repository, &target.shown(""), arguments.dry_run)?;
    }
    let mut has_scripts = false;
    if arguments.scripts {
        let lines = scripts::write(root, &target.shown(""), arguments.dry_run)?;
        has_scripts = lines.contains("wrote ");
        printed += &lines;
    }
    printed += &kept;
    for call in scripts::calls(&repository) {
        // A dry run has not written what it would write.
        let is_pending = arguments.dry_run && arguments.scripts && call.script.is_some();
        if let Some(problem) = call.problem().filter(|_| !is_pending) {
            printed += &format!("{}\n", diagnostic::sanitise::text(&problem));
        }
    }
    if let Some(below) = target.below.as_deref().filter(|_| keeps_policy) {
        let (path, below) = (target.shown(POLICY_PATH), artifact::scalar::write(below));
        printed += &format!("kept {path}: it decides where plugins are; structure.root is to be {below}\n");
    }
    if files.is_empty() && !has_scripts {
        return Ok(printed);
    }
    if !is_minimal && !has_origin {
        printed += "the ledger has no origin yet, and the post-merge job needs one: set `ledger.origin` in the policy\n";
    }
    if lacks_attributes && arguments.preset.is_none() {
        let lines = ATTRIBUTES.trim_end().replace('\n', "\n      ");
        let path = target.shown(".gitattributes");
        printed += &format!("kept {path}: add these lines to it\n      {lines}\n");
    }
    if arguments.preset.is_some() {
        if !arguments.dry_run {
            printed += preset::NEXT;
        }
        return Ok(printed);
    }
    if !arguments.dry_run {
        let workflows = if is_minimal { String::new() } else { format!(" {}", target.shown(".github")) };
        let also = if has_scripts { format!(" {}", target.shown("scripts")) } else { String::new() };
        let (attributes, packs) = (target.shown(".gitattributes"), target.shown("policy-packs"));
        printed += &format!(
            "next: git add {attributes}{workflows} {packs}{also} && git commit -m \"set up id-guard\"\n"
        );
        if !is_minimal {
            printed += "      id-guard doctor\n";
        }
        printed += "      id-mint plugin \"Local Preview\"\n";
    }
    Ok(printed)
}

/// Returns whether only hooks or a preset are asked for, and this build knows no Action: they need none, and no workflow is written.
fn needs_no_action(arguments: &InitArguments) -> bool {
    let wants_workflows =
        arguments.base_controlled || arguments.writer.is_some() || arguments.branch.is_some();
    let is_enough = arguments.hooks || arguments.preset.is_some();
    is_enough && !wants_workflows && arguments.action.as_deref().or(ACTION).is_none()
}

/// Whether the policy that the working tree has already names the origin of the ledger.
fn declares_origin(repository: &Repository) -> bool {
    let tree = repository.worktree().ok();
    let policy = tree.and_then(|tree| policy::Policy::load(&tree).ok());
    policy.is_some_and(|policy| policy.ledger.origin.is_some())
}

/// The policy, with the log's name where one is given or the remote's address makes one.
fn policy(
    repository: &Repository,
    arguments: &InitArguments,
    below: Option<&str>,
) -> Result<String, CommandError> {
    let origin = arguments.origin.clone().or_else(|| {
        let address = repository.remote_address("origin").filter(|_| !arguments.minimal)?;
        place_of(&address)
    });
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    if let Some(origin) = origin.as_ref().filter(|origin| origin.is_empty() || !origin.chars().all(fits)) {
        return Err(CommandError::failed_with(
            format!("no log can be called {origin}"),
            "a name is like an address without scheme: example.org/plugins",
        ));
    }
    let ledger = match origin {
        Some(origin) => format!("ledger:\n  origin: {}", artifact::scalar::write(&origin)),
        None => "# ledger:\n#   origin: example.org/plugins".into(),
    };
    let structure = below.map_or_else(String::new, |below| {
        let below = artifact::scalar::write(below);
        format!("# The plugins are below this directory: plugins/*.\nstructure:\n  root: {below}\n")
    });
    let policy = POLICY.replace("VERSION", artifact::embedded::VERSION).replace("LEDGER", &ledger);
    Ok(policy.replace("STRUCTURE", &structure))
}

/// The host and path of a remote's address: `github.com/owner/name` of `git@github.com:owner/name.git`.
pub(crate) fn place_of(address: &str) -> Option<String> {
    let rest = match address.split_once("://") {
        Some(("https" | "http" | "ssh" | "git", rest)) => rest.to_string(),
        Some(_) => return None,
        // scp's form: a colon before any slash.
        None => {
            let (host, path) = address.split_once(':').filter(|(host, _)| !host.contains('/'))?;
            format!("{host}/{path}")
        }
    };
    let rest = rest.split_once('@').map_or(rest.as_str(), |(_, rest)| rest);
    let rest = rest.trim_end_matches('/').trim_end_matches(".git");
    let (host, path) = rest.split_once('/')?;
    // A port does not belong to a name.
    let host = host.split(':').next().unwrap_or(host);
    let is_name = host.contains('.') && !path.is_empty();
    is_name.then(|| format!("{}/{path}", host.to_lowercase()))
}

fn workflows_of(
    repository: &Repository,
    arguments: &InitArguments,
    root: &Path,
) -> Result<Vec<(&'static str, String)>, CommandError> {
    let action = arguments.action.as_deref().or(ACTION).ok_or_else(|| {
        CommandError::failed_with(
            "this build does not know where its Action is published, and the workflows run it",
            "name the Action by its commit with --action, or write no workflow: id-guard init --minimal",
        )
    })?;
    if !is_pinned_action(action) {
        return Err(CommandError::failed_with(
            format!("{action} does not name an Action by its commit: a tag can be moved"),
            "as in --action example/id-guard@0123456789abcdef0123456789abcdef01234567",
        ));
    }
    if action.starts_with("./") && !root.join(action).join("action.yml").exists() {
        return Err(CommandError::failed_with(
            format!("no Action found at {action}"),
            "name it by its commit, as in --action example/id-guard@0123456789abcdef0123456789abcdef01234567",
        ));
    }
    // The remote knows best what its mainline is; where it cannot be asked, what is noted here does.
    let asked = || remote::default_branch(repository, "origin").ok().flatten();
    let branch =
        arguments.branch.clone().or_else(asked).or_else(|| mainline(repository)).ok_or_else(|| {
            CommandError::failed_with(
                "it is not known which branch is the mainline",
                "name it: --branch main",
            )
        })?;
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    if !branch.chars().all(fits) || !artifact::tag::is_tag_name(&branch) {
        return Err(CommandError::failed(format!(
            "a workflow cannot be written for a branch called {branch}"
        )));
    }
    let writer = arguments.writer.unwrap_or(WriterArgument::Push);
    let base_controlled = arguments.base_controlled;
    Ok(Workflows { action, branch: &branch, writer, base_controlled }.files())
}

/// The remote's default branch, as far as it is noted here.
pub(crate) fn noted_mainline(repository: &Repository) -> Option<String> {
    let place = "refs/remotes/origin/";
    mainline_at(repository, place).and_then(|name| Some(name.strip_prefix(place)?.to_string()))
}

/// The remote's default branch, else what a mainline is usually called where the remote has it, else the branch that is checked out.
pub(crate) fn mainline(repository: &Repository) -> Option<String> {
    noted_mainline(repository)
        .or_else(|| Some(repository.head_branch()?.strip_prefix("refs/heads/")?.to_string()))
}

#[cfg(test)]
mod tests {
    use super::place_of;

    #[test]
    fn an_address_names_a_log() {
        for (address, place) in [
            ("https://github.com/Owner/name.git", Some("github.com/Owner/name")),
            ("git@github.com:owner/name.git", Some("github.com/owner/name")),
            ("ssh://git@Example.org:2222/a/b", Some("example.org/a/b")),
            ("https://token@example.org/a/", Some("example.org/a")),
            ("/srv/git/name.git", None),
            ("file:///srv/git/name.git", None),
            ("../name", None),
        ] {
            assert_eq!(place_of(address).as_deref(), place, "{address}");
        }
    }
}
