//! The environment: terminal, variables, clock, standard input.

use std::io::{BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};

use diagnostic::Look;
use policy::Date;

use crate::arguments::ColorArgument;

/// The longest standard input that is read, in bytes: a pre-push hook gets a line a ref.
const MAX_INPUT_BYTES: u64 = 32 << 20;
/// How much of an answer is read: yes or no.
const MAX_ANSWER_BYTES: u64 = 64;

/// Returns an environment variable that is set to something.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Decides how what goes to standard output looks: colour, characters, width and links.
pub(crate) fn look(argument: ColorArgument) -> Look {
    let is_terminal = std::io::stdout().is_terminal();
    let is_dumb = variable("TERM").as_deref() == Some("dumb");
    let width = if is_terminal { terminal_size::terminal_size() } else { None };
    Look {
        color: color(argument, is_terminal && !is_dumb),
        unicode: !is_dumb,
        width: width.map_or(Look::DEFAULT_WIDTH, |(width, _)| usize::from(width.0).max(40)),
        links: is_terminal && !is_dumb && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
    }
}

/// Decides whether to colour: the option, then NO_COLOR (<https://no-color.org>), then FORCE_COLOR and CLICOLOR_FORCE, then the terminal.
fn color(argument: ColorArgument, is_terminal: bool) -> bool {
    let forces = |name: &str| variable(name).is_some_and(|value| value != "0");
    match argument {
        ColorArgument::Always => true,
        ColorArgument::Never => false,
        ColorArgument::Auto if variable("NO_COLOR").is_some() => false,
        ColorArgument::Auto if forces("FORCE_COLOR") || forces("CLICOLOR_FORCE") => true,
        ColorArgument::Auto => is_terminal && variable("FORCE_COLOR").is_none(),
    }
}

/// Asks a question on the terminal: whether the answer is yes. `None` where a person cannot answer.
pub(crate) fn ask(question: &str) -> Option<bool> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return None;
    }
    let mut err = std::io::stderr().lock();
    write!(err, "{} [y/N] ", diagnostic::sanitise::text(question)).and_then(|()| err.flush()).ok()?;
    let mut answer = String::new();
    std::io::stdin().lock().take(MAX_ANSWER_BYTES).read_line(&mut answer).ok()?;
    Some(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

/// Returns whether a person reads standard output on a terminal.
pub(crate) fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Returns whether standard output is a terminal or the log of GitHub's runner, which both interpret control sequences.
pub(crate) fn is_obeyed() -> bool {
    std::io::stdout().is_terminal() || is_read_by_a_runner()
}

/// Returns whether GitHub's runner reads the output.
pub(crate) fn is_read_by_a_runner() -> bool {
    variable("GITHUB_ACTIONS").as_deref() == Some("true")
}

/// Returns whether standard error is a terminal outside of CI.
pub(crate) fn watched() -> bool {
    std::io::stderr().is_terminal() && variable("CI").is_none()
}

/// Returns the day, in UTC.
pub(crate) fn today() -> Date {
    Date::of_timestamp(now()).or_else(|| Date::of_timestamp(0)).expect("1970 is in the calendar")
}

/// Returns the time, in seconds since 1970.
pub(crate) fn now() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_secs()).unwrap_or_default()
}

/// Writes a time in milliseconds since 1970 as in RFC 3339, in UTC, to the second.
pub(crate) fn time_of(milliseconds: u64) -> String {
    let seconds = i64::try_from(milliseconds / 1000).unwrap_or_default();
    jiff::Timestamp::from_second(seconds).map(|time| time.to_string()).unwrap_or_default()
}

/// Reads standard input.
pub(crate) fn input() -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(MAX_INPUT_BYTES + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > MAX_INPUT_BYTES {
        // Input that was not read was not checked.
        true => Err(std::io::Error::other(format!("it is longer than {MAX_INPUT_BYTES} bytes"))),
        false => Ok(bytes),
    }
}

/// Returns where what the user keeps goes (XDG Base Directory Specification).
pub(crate) fn config_directory() -> Option<PathBuf> {
    Some(base_directory("XDG_CONFIG_HOME", ".config")?.join("id-guard"))
}

/// Returns a base directory: the named one, or the default below the home directory. "All paths must be absolute. … [A relative path
/// is] invalid, and ignore[d]": otherwise files would be written into the repository.
fn base_directory(name: &str, default: &str) -> Option<PathBuf> {
    let absolute = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute(name).or_else(|| Some(absolute("HOME")?.join(default)))
}

/// Returns a path relative to the working directory.
pub(crate) fn from_here(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    let whole = path.canonicalize();
    match (here, whole) {
        (Ok(here), Ok(whole)) => whole.strip_prefix(here).map_or(whole.clone(), Path::to_path_buf),
        _ => path.into(),
    }
}

/// Returns what leads from the working directory up to a directory above it, such as `../../`; nothing elsewhere.
pub(crate) fn way_up(root: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    let root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    let below = here.ok().and_then(|here| here.strip_prefix(root).map(Path::to_path_buf).ok());
    "../".repeat(below.map_or(0, |below| below.components().count()))
}

/// Returns where caches go (XDG Base Directory Specification).
pub(crate) fn cache_directory() -> Option<PathBuf> {
    Some(base_directory("XDG_CACHE_HOME", ".cache")?.join("id-guard"))
}
