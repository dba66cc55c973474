//! `id-registry build`: the file, made or held to its sources.

use std::process::ExitCode;
use std::time::Duration;

use diagnostic::sanitise;
use generate::registry::{PATH, Registry as Opened, differences};
use repo::Folder;
use similar::TextDiff;

use super::{Asked, asked};
use crate::arguments::BuildArguments;
use crate::output::{complain, print};
use crate::refusal::{Refusal, finish};

/// The most lines of a difference that are shown.
const MOST_LINES: usize = 200;

pub(super) fn run(arguments: &BuildArguments) -> ExitCode {
    match build(arguments) {
        Err(refusal) => finish(Err(refusal)),
        Ok(Built::Fine(told)) => print(&told),
        Ok(Built::Stale(difference)) => {
            print(&difference);
            complain(&format!("{PATH} is not what its sources make"));
            crate::output::advise("run: id-registry build");
            ExitCode::from(1)
        }
    }
}

enum Built {
    Fine(String),
    Stale(String),
}

fn build(arguments: &BuildArguments) -> Result<Built, Refusal> {
    let (repository, at) = asked(&arguments.moment)?;
    if at.is_some() && !arguments.check {
        return Err(Refusal::failed_with(
            "a commit's registry is not written anew",
            "print it: id-registry at REV; hold it to its sources: id-registry build --check --at REV",
        ));
    }
    let asked = Asked::open(&repository, at)?;
    let file = asked.file()?;
    // What is checked is made of all sources, whatever is known.
    let made = asked.registry(arguments.full || arguments.check)?;
    let count = |bytes: &[u8]| Opened::open(bytes).map(|made| made.entries().count()).unwrap_or_default();
    let fresh = file.as_deref() == Some(&made);
    if arguments.check {
        return Ok(match (fresh, file) {
            (true, _) => Built::Fine(format!("{PATH} is what its sources make: {}\n", counted(count(&made)))),
            (false, None) => Built::Stale(format!("there is no {PATH}\n")),
            (false, Some(file)) => Built::Stale(difference(&file, &made)),
        });
    }
    if fresh {
        return Ok(Built::Fine(format!("{PATH} is fresh: {}\n", counted(count(&made)))));
    }
    let root = repository.workdir().ok_or_else(|| {
        Refusal::failed_with(
            "this repository is bare: it has no working tree",
            "print it: id-registry at HEAD",
        )
    })?;
    let (folder, name) = PATH.split_once('/').unwrap_or_default();
    Folder::create(&root.join(folder))?.replace(name, &made)?;
    Ok(Built::Fine(format!("wrote {PATH}: {}\n", counted(count(&made)))))
}

fn counted(identities: usize) -> String {
    match identities {
        1 => "1 identity".into(),
        more => format!("{more} identities"),
    }
}

/// Shows what is not as it should be: in words where the file can be read, and line by line.
fn difference(file: &[u8], made: &[u8]) -> String {
    let mut told = String::new();
    match (Opened::read(file), Opened::read(made)) {
        (Ok(old), Ok(new)) => {
            for difference in differences(&old.by_ulid, &new.by_ulid).iter().take(MOST_LINES) {
                let line = format!("{} {}: {}", difference.key, difference.ulid, difference.steps.join("; "));
                told += &format!("{}\n", sanitise::text(&line));
            }
        }
        (Err(flaw), _) => {
            let line =
                file[..flaw.span.start.min(file.len())].iter().filter(|&&byte| byte == b'\n').count() + 1;
            told += &format!("{PATH}:{line}: {}\n", flaw.message);
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
    for line in lines.by_ref().take(MOST_LINES) {
        told += &format!("{}\n", sanitise::text(line));
    }
    match lines.count() {
        0 => told,
        more => told + &format!("… and {more} more lines\n"),
    }
}
