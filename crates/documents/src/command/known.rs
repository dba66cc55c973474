//! What is known of commands: which of their words are files that must be there.

/// Commands whose words need not be files, or need not be there.
const SILENT: [&str; 33] = [
    ":", "[", "[[", "alias", "case", "declare", "echo", "exit", "export", "for", "function", "help",
    "history", "kill", "local", "man", "pgrep", "pkill", "popd", "printf", "pushd", "read", "return", "rm",
    "rmdir", "select", "set", "test", "trap", "type", "unalias", "unset", "which",
];

/// Words of the shell's own that stand before a command (POSIX.1-2024, Shell Command Language §2.4).
const BEFORE: [&str; 9] = ["!", "{", "do", "elif", "else", "if", "then", "until", "while"];

/// Commands that run the command behind them.
const WRAPPERS: [&str; 9] = ["command", "env", "exec", "nice", "nohup", "sudo", "time", "timeout", "xargs"];

/// Tools whose `run` runs the command behind it.
const RUNNERS: [&str; 5] = ["hatch", "pdm", "pipenv", "poetry", "uv"];

/// Tools with which a word behind one of [`FETCHING`] names something far away.
const MANAGERS: [&str; 18] = [
    "apk", "apt", "apt-get", "brew", "bun", "cargo", "conda", "dnf", "docker", "gem", "go", "helm", "npm",
    "pip", "pip3", "pipx", "pnpm", "yarn",
];
const FETCHING: [&str; 11] =
    ["add", "get", "i", "info", "install", "pull", "remove", "run", "search", "uninstall", "update"];

/// Commands whose first word is a pattern or a program of their own.
const FILTERS: [&str; 8] = ["awk", "egrep", "grep", "jq", "perl", "rg", "sed", "yq"];

/// Options behind which the name of a file stands that the command makes.
const OUTPUTS: [&str; 9] =
    ["--dest", "--destination", "--out", "--out-file", "--outfile", "--output", "--output-file", "-O", "-o"];

/// Folders that tools fill, and files of one's own, that no repository holds.
const FILLED: [&str; 9] =
    [".env", ".venv", "__pycache__", "build", "dist", "env", "node_modules", "target", "venv"];

/// How the words behind a command are to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Files are files.
    Plain,
    /// None is a file that must be there.
    Silent,
    /// The first one is a pattern.
    Filter,
    /// Each names what is made.
    Makes,
    /// The last one names what is made.
    MakesLast,
    /// They name what is far away, but for those that begin with `./` or `../`.
    Fetches,
    /// The first one is a script.
    Interprets(Interpreter),
}

/// A family of interpreters, which agree on their options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interpreter {
    /// `sh` and its kin.
    Shell,
    /// Python.
    Python,
    /// JavaScript, Ruby, Perl and others whose `-e` is code.
    Script,
}

/// What an option of an interpreter does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Switch {
    /// It stands alone.
    Alone,
    /// The next word is its value.
    Value,
    /// The next word is the program: no script follows.
    Program,
}

/// Tells whether a word stands before a command without being one.
pub(crate) fn stands_before(word: &str) -> bool {
    BEFORE.contains(&word)
}

/// Tells whether a command runs the command behind it.
pub(crate) fn wraps(program: &str) -> bool {
    WRAPPERS.contains(&program)
}

/// Tells whether a tool's `run` runs the command behind it.
pub(crate) fn runs(tool: &str) -> bool {
    RUNNERS.contains(&tool)
}

/// Tells how many words make the command, and how those behind it are taken.
pub(crate) fn manner(program: &str, next: Option<&str>) -> (usize, Manner) {
    let name = program.rsplit('/').next().unwrap_or(program);
    let next = next.unwrap_or_default();
    match (name, next) {
        ("git", "clone" | "init") | ("cargo", "new" | "init") => (2, Manner::Makes),
        ("deno", "run") => (2, Manner::Interprets(Interpreter::Script)),
        ("cargo", "run") => (2, Manner::Plain),
        (name, next) if MANAGERS.contains(&name) && FETCHING.contains(&next) => (2, Manner::Fetches),
        ("docker" | "podman" | "npx" | "pipx" | "uvx", _) => (1, Manner::Fetches),
        ("mkdir" | "tee" | "touch", _) => (1, Manner::Makes),
        ("cp" | "install" | "ln" | "mv", _) => (1, Manner::MakesLast),
        (name, _) if FILTERS.contains(&name) && name != "perl" => (1, Manner::Filter),
        (name, _) if SILENT.contains(&name) => (1, Manner::Silent),
        (name, _) => (1, interpreter(name).map_or(Manner::Plain, Manner::Interprets)),
    }
}

fn interpreter(name: &str) -> Option<Interpreter> {
    let version = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match name {
        "sh" | "ash" | "bash" | "dash" | "ksh" | "zsh" | "source" | "." => Some(Interpreter::Shell),
        name if name.strip_prefix("python").is_some_and(version) => Some(Interpreter::Python),
        "Rscript" | "lua" | "node" | "nodejs" | "perl" | "php" | "ruby" | "ts-node" | "tsx" => {
            Some(Interpreter::Script)
        }
        _ => None,
    }
}

impl Interpreter {
    /// Tells what an option does.
    pub(crate) fn switch(self, option: &str) -> Switch {
        let short = option.len() > 1 && !option.starts_with("--");
        match (self, option) {
            (Interpreter::Shell, "--init-file" | "--rcfile" | "-O" | "-o" | "+O" | "+o") => Switch::Value,
            (Interpreter::Shell, option) if short && option.ends_with('c') => Switch::Program,
            (Interpreter::Python, "-W" | "-X") => Switch::Value,
            (Interpreter::Python, "-c" | "-m") => Switch::Program,
            (Interpreter::Script, "--eval" | "--print" | "-E" | "-e" | "-ne" | "-p" | "-pe") => {
                Switch::Program
            }
            (
                Interpreter::Script,
                "--conditions" | "--import" | "--loader" | "--require" | "-C" | "-I" | "-r",
            ) => Switch::Value,
            _ => Switch::Alone,
        }
    }
}

/// Tells whether the word behind an option names a file that the command makes.
pub(crate) fn is_output(option: &str) -> bool {
    OUTPUTS.contains(&option)
}

/// Tells whether a path leads through a folder that tools fill.
pub(crate) fn is_filled(path: &str) -> bool {
    path.split('/').any(|name| FILLED.contains(&name))
}
