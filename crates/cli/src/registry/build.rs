//! `id-registry build`: generates the file, or compares it with its sources.

use std::process::ExitCode;
use std::time::Duration;

use diagnostic::sanitise;
use registry::{PATH, Registry as Opened, differences};
use repo::Folder;
use similar::TextDiff;

use super::{RegistryQuery, asked, counted_identities, file, is_executable};
use crate::arguments::BuildArguments;
use crate::error::{CommandError, finish};
use crate::output::{advise, complain, print};

/// The most lines of a difference that are shown.
const MAX_DIFF_LINES: usize = 200;

pub(super) fn run(arguments: &BuildArguments) -> ExitCode {
    match build(arguments) {
        Err(refusal) => finish(Err(refusal)),
        Ok(Built::Fine(printed)) => print(&printed),
        Ok(Built::Stale(difference)) => {
            print(&difference);
            complain(&format!("{PATH} is out of date"));
            advise("run: id-registry build");
            ExitCode::from(1)
        }
        Ok(Built::Behind(difference)) => {
            print(&difference);
            complain(&format!("{PATH} is out of date: its sources changed since it was generated"));
            advise(
                "on a branch that is all right where id-guard post-merge builds it after the merge; else run: id-registry build",
            );
            ExitCode::from(1)
        }
    }
}

enum Built {
    Fine(String),
    /// It is not what the sources make that it names, or there is none.
    Stale(String),
    /// It is of an earlier moment.
    Behind(String),
}

fn build(arguments: &BuildArguments) -> Result<Built, CommandError> {
    let (repository, at) = asked(&arguments.moment)?;
    if at.is_some() && !arguments.check {
        return Err(CommandError::failed_with(
            "a commit's registry is not written anew",
            "print it with id-registry at, or compare it with its sources: add --check",
        ));
    }
    let asked = RegistryQuery::open(&repository, at)?;
    let file = file(asked.snapshot.as_ref())?;
    // A check reads all sources, without the cache.
    let made = asked.registry(arguments.full || arguments.check)?;
    let count = |bytes: &[u8]| Opened::open(bytes).map(|made| made.entries().count()).unwrap_or_default();
    let is_executable = is_executable(asked.snapshot.as_ref())?;
    let fresh = file.as_deref() == Some(&made) && !is_executable;
    if arguments.check && is_executable {
        return Ok(Built::Stale(format!("{PATH} is executable; its mode is 100644 when it is generated\n")));
    }
    if arguments.check {
        return Ok(match (fresh, file) {
            (true, _) => Built::Fine(format!("{PATH} is up to date: {}\n", counted_identities(count(&made)))),
            (false, None) => Built::Stale(format!("{PATH} not found\n")),
            (false, Some(file)) => {
                let sources = |bytes| Opened::open(bytes).and_then(|registry| registry.sources()).ok();
                let same = sources(&file).is_none() || sources(&file) == sources(&made);
                let printed = difference(&file, &made, !same);
                if same { Built::Stale(printed) } else { Built::Behind(printed) }
            }
        });
    }
    if fresh {
        return Ok(Built::Fine(format!("{PATH} is fresh: {}\n", counted_identities(count(&made)))));
    }
    let root = repository.workdir().ok_or_else(|| {
        CommandError::failed_with(
            "this repository is bare: it has no working tree",
            "print it: id-registry at HEAD",
        )
    })?;
    let (folder, name) = PATH.split_once('/').unwrap_or_default();
    Folder::create(&root.join(folder))?.replace(name, &made)?;
    Ok(Built::Fine(format!("wrote {PATH}: {}\n", counted_identities(count(&made)))))
}

/// Shows what is not as it should be: in words where the file can be read, and line by line.
fn difference(file: &[u8], made: &[u8], in_words: bool) -> String {
    let mut printed = String::new();
    match (Opened::read(file), Opened::read(made)) {
        // Of an edit nothing happened to identities.
        (Ok(_), Ok(_)) if !in_words => {}
        (Ok(old), Ok(new)) => {
            for difference in differences(&old.by_ulid, &new.by_ulid).iter().take(MAX_DIFF_LINES) {
                let line = format!("{} {}: {}", difference.key, difference.ulid, difference.steps.join("; "));
                printed += &format!("{}\n", sanitise::text(&line));
            }
        }
        (Err(flaw), _) => {
            let line =
                file[..flaw.span.start.min(file.len())].iter().filter(|&&byte| byte == b'\n').count() + 1;
            printed += &format!("{PATH}:{line}: {}\n", flaw.message);
        }
        (Ok(_), Err(_)) => {}
    }
    let [file, made] = [file, made].map(String::from_utf8_lossy);
    let diff = TextDiff::configure().timeout(Duration::from_secs(5)).diff_lines(&*file, &*made);
    let text = diff
        .unified_diff()
        .context_radius(2)
        .header(&format!("{PATH} as it is"), "as its sources make it")
        .to_string();
    let mut lines = text.lines();
    for line in lines.by_ref().take(MAX_DIFF_LINES) {
        printed += &format!("{}\n", sanitise::text(line));
    }
    match lines.count() {
        0 => printed,
        more => printed + &format!("… and {more} more lines\n"),
    }
}
