//! Knowledge about common programs: which of their arguments are files that must exist.

/// Programs whose arguments are not files, or are files that need not exist.
const IGNORED: [&str; 33] = [
    ":", "[", "[[", "alias", "case", "declare", "echo", "exit", "export", "for", "function", "help",
    "history", "kill", "local", "man", "pgrep", "pkill", "popd", "printf", "pushd", "read", "return", "rm",
    "rmdir", "select", "set", "test", "trap", "type", "unalias", "unset", "which",
];

/// Reserved words of the shell that precede a command (POSIX.1-2024, Shell Command Language §2.4).
const KEYWORDS: [&str; 9] = ["!", "{", "do", "elif", "else", "if", "then", "until", "while"];

/// Programs that run the command in their arguments.
const WRAPPERS: [&str; 9] = ["command", "env", "exec", "nice", "nohup", "sudo", "time", "timeout", "xargs"];

/// Tools whose subcommand `run` runs the command in its arguments.
const RUNNERS: [&str; 5] = ["hatch", "pdm", "pipenv", "poetry", "uv"];

/// Tools whose arguments after one of [`REMOTE_SUBCOMMANDS`] name something remote.
const PACKAGE_MANAGERS: [&str; 18] = [
    "apk", "apt", "apt-get", "brew", "bun", "cargo", "conda", "dnf", "docker", "gem", "go", "helm", "npm",
    "pip", "pip3", "pipx", "pnpm", "yarn",
];
const REMOTE_SUBCOMMANDS: [&str; 11] =
    ["add", "get", "i", "info", "install", "pull", "remove", "run", "search", "uninstall", "update"];

/// Programs whose first argument is a pattern or a script.
const PATTERN_COMMANDS: [&str; 8] = ["awk", "egrep", "grep", "jq", "perl", "rg", "sed", "yq"];

/// Options whose value is a file that the command creates.
const OUTPUT_OPTIONS: [&str; 9] =
    ["--dest", "--destination", "--out", "--out-file", "--outfile", "--output", "--output-file", "-O", "-o"];

/// Directories that tools generate, and personal files: no repository contains them.
const GENERATED_DIRECTORIES: [&str; 9] =
    [".env", ".venv", "__pycache__", "build", "dist", "env", "node_modules", "target", "venv"];

/// What the arguments of a command mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArgumentSemantics {
    /// Every argument that looks like a file is one.
    Files,
    /// None is a file that must exist.
    Ignored,
    /// The first is a pattern, the others are files.
    PatternFirst,
    /// Every argument is a file or directory that the command creates.
    Outputs,
    /// The last argument is a file or directory that the command creates.
    LastIsOutput,
    /// They name something remote, except for those that start with `./` or `../`.
    Remote,
    /// The first is a script.
    Script(Interpreter),
}

/// A family of interpreters with the same options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interpreter {
    /// `sh` and similar shells.
    Shell,
    /// Python.
    Python,
    /// JavaScript, Ruby, Perl and others with `-e CODE`.
    Other,
}

/// The kind of an interpreter's option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OptionKind {
    /// It has no value.
    Flag,
    /// The next word is its value.
    TakesValue,
    /// The next word is the program: no script follows.
    TakesProgram,
}

/// Returns whether a word is a reserved word that precedes a command.
pub(crate) fn precedes_command(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// Returns whether a program runs the command in its arguments.
pub(crate) fn is_wrapper(program: &str) -> bool {
    WRAPPERS.contains(&program)
}

/// Returns whether a tool's subcommand `run` runs the command in its arguments.
pub(crate) fn is_runner(tool: &str) -> bool {
    RUNNERS.contains(&tool)
}

/// Returns how many words name the command, and what its arguments mean.
pub(crate) fn semantics(program: &str, next: Option<&str>) -> (usize, ArgumentSemantics) {
    let name = program.rsplit('/').next().unwrap_or(program);
    let next = next.unwrap_or_default();
    match (name, next) {
        ("git", "clone" | "init") | ("cargo", "new" | "init") => (2, ArgumentSemantics::Outputs),
        ("deno", "run") => (2, ArgumentSemantics::Script(Interpreter::Other)),
        ("cargo", "run") => (2, ArgumentSemantics::Files),
        (name, next) if PACKAGE_MANAGERS.contains(&name) && REMOTE_SUBCOMMANDS.contains(&next) => {
            (2, ArgumentSemantics::Remote)
        }
        ("docker" | "podman" | "npx" | "pipx" | "uvx", _) => (1, ArgumentSemantics::Remote),
        ("mkdir" | "tee" | "touch", _) => (1, ArgumentSemantics::Outputs),
        ("cp" | "install" | "ln" | "mv", _) => (1, ArgumentSemantics::LastIsOutput),
        (name, _) if PATTERN_COMMANDS.contains(&name) && name != "perl" => {
            (1, ArgumentSemantics::PatternFirst)
        }
        (name, _) if IGNORED.contains(&name) => (1, ArgumentSemantics::Ignored),
        (name, _) => (1, interpreter(name).map_or(ArgumentSemantics::Files, ArgumentSemantics::Script)),
    }
}

fn interpreter(name: &str) -> Option<Interpreter> {
    let version = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match name {
        "sh" | "ash" | "bash" | "dash" | "ksh" | "zsh" | "source" | "." => Some(Interpreter::Shell),
        name if name.strip_prefix("python").is_some_and(version) => Some(Interpreter::Python),
        "Rscript" | "lua" | "node" | "nodejs" | "perl" | "php" | "ruby" | "ts-node" | "tsx" => {
            Some(Interpreter::Other)
        }
        _ => None,
    }
}

impl Interpreter {
    /// Returns the kind of an option.
    pub(crate) fn option_kind(self, option: &str) -> OptionKind {
        let short = option.len() > 1 && !option.starts_with("--");
        match (self, option) {
            (Interpreter::Shell, "--init-file" | "--rcfile" | "-O" | "-o" | "+O" | "+o") => {
                OptionKind::TakesValue
            }
            (Interpreter::Shell, option) if short && option.ends_with('c') => OptionKind::TakesProgram,
            (Interpreter::Python, "-W" | "-X") => OptionKind::TakesValue,
            (Interpreter::Python, "-c" | "-m") => OptionKind::TakesProgram,
            (Interpreter::Other, "--eval" | "--print" | "-E" | "-e" | "-ne" | "-p" | "-pe") => {
                OptionKind::TakesProgram
            }
            (
                Interpreter::Other,
                "--conditions" | "--import" | "--loader" | "--require" | "-C" | "-I" | "-r",
            ) => OptionKind::TakesValue,
            _ => OptionKind::Flag,
        }
    }
}

/// Returns whether the value of an option is a file that the command creates.
pub(crate) fn is_output(option: &str) -> bool {
    OUTPUT_OPTIONS.contains(&option)
}

/// Returns whether a path contains a directory that tools generate.
pub(crate) fn is_generated(path: &str) -> bool {
    path.split('/').any(|name| GENERATED_DIRECTORIES.contains(&name))
}
