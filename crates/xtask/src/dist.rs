//! `cargo xtask dist`: builds the published executable for a target, and packs it under the name of every tool: an archive and a wheel.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use archive::{Entry, HardLink, gzip, tar_with_links};

/// The targets of a release, as the Rust compiler names them.
pub(crate) const TARGETS: [&str; 7] = [
    "x86_64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-gnu",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
];
/// The prefix of the tag of a release of the tools.
const TAG: &str = "idmod-";
/// The package that builds wheels (PEP 427) of binaries.
const MATURIN: &str = "maturin==1.16.0";
/// The package of the executable that contains every tool.
const MULTICALL: &str = "multicall";
/// The name of that executable.
const EXECUTABLE: &str = "id-tools";
/// The script that starts the executable as one of its tools, where pip or a link to the script put it.
const SHIM: &str = "#!/bin/sh
here=${0%/*}
[ -x \"$here/id-tools\" ] || { here=$(readlink -f \"$0\"); here=${here%/*}; }
exec \"$here/id-tools\" \"${0##*/}\" \"$@\"
";

/// Options of `dist`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The target [default: this machine].
    #[arg(long)]
    target: Option<String>,
    /// The tag of the release; it must name this version.
    #[arg(long)]
    tag: Option<String>,
    /// The build profile.
    #[arg(long, default_value = "published")]
    profile: String,
    /// Also build a wheel, for `pip` and for hooks of pre-commit.
    #[arg(long)]
    wheel: bool,
}

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let version = env!("CARGO_PKG_VERSION");
    if let Some(tag) = arguments.tag.as_deref().filter(|tag| *tag != format!("{TAG}{version}")) {
        println!("{tag} does not match this version; expected {TAG}{version}");
        return ExitCode::FAILURE;
    }
    let target = arguments.target.clone().unwrap_or_else(host);
    if !TARGETS.contains(&target.as_str()) {
        println!("{target} is not a target of a release: {}", TARGETS.join(", "));
        return ExitCode::FAILURE;
    }
    let root = crate::root();
    let out = root.join("target/dist");
    std::fs::create_dir_all(&out).unwrap();
    let profile = arguments.profile.as_str();
    let mut build = vec!["build", "--locked", "--package", MULTICALL, "--profile", profile];
    // Without a named target, cargo shares the build directory with all other builds for this machine.
    let named = arguments.target.as_deref();
    if let Some(target) = named {
        build.extend(["--target", target]);
        // Without rustup, the toolchain must contain the target already.
        let _ = Command::new("rustup").args(["target", "add", target]).current_dir(&root).status();
    }
    if !succeeds(Command::new("cargo").args(build).current_dir(&root)) {
        return ExitCode::FAILURE;
    }
    let built = target_directory(&root).join(named.unwrap_or_default()).join(directory_of(profile));
    let executable = std::fs::read(built.join(format!("{EXECUTABLE}{}", extension(&target)))).unwrap();
    let archive = out.join(asset(version, &target));
    let packed = packed(&root, version, &target, &executable);
    std::fs::write(&archive, &packed).unwrap();
    println!(
        "packed {}: {} bytes, the executable {} bytes",
        archive.display(),
        packed.len(),
        executable.len()
    );
    if arguments.wheel && !wheel(&root, &out, named, &target, profile, &executable) {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Returns the file name of the archive of a version for a target.
fn asset(version: &str, target: &str) -> String {
    format!("{}.tar.gz", top_directory(version, target))
}

/// Returns the name of the directory in the archive.
fn top_directory(version: &str, target: &str) -> String {
    format!("id-guard-{version}-{target}")
}

/// Returns the extension of executables, with its dot.
fn extension(target: &str) -> &'static str {
    if is_windows(target) { ".exe" } else { "" }
}

fn is_windows(target: &str) -> bool {
    target.contains("windows")
}

/// Returns the directory of a profile in cargo's target directory.
fn directory_of(profile: &str) -> &str {
    if profile == "dev" { "debug" } else { profile }
}

/// Returns the names of the tools, sorted.
fn tools(root: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(root.join("crates/tools/src/bin")).unwrap();
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_string()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

/// Packs the tools, their licences, man pages and completions.
fn packed(root: &Path, version: &str, target: &str, executable: &[u8]) -> Vec<u8> {
    let top = top_directory(version, target);
    let path = |name: &str| format!("{top}/{name}{}", extension(target));
    let (mut entries, mut links) = (Vec::new(), Vec::new());
    let tools = tools(root);
    for name in &tools {
        // Windows gets copies: not every program that unpacks archives there creates hard links.
        if entries.is_empty() || is_windows(target) {
            entries.push(Entry { path: path(name), executable: true, bytes: executable.to_vec() });
        } else {
            links.push(HardLink { path: path(name), target: path(&tools[0]) });
        }
    }
    let documents = ["LICENSE-APACHE", "LICENSE-MIT", "README.md"];
    entries.extend(documents.map(|path| Entry {
        bytes: std::fs::read(root.join(path)).unwrap(),
        path: format!("{top}/{path}"),
        executable: false,
    }));
    entries.extend(cli::reference::files().into_iter().map(|(path, bytes)| Entry {
        bytes,
        path: format!("{top}/share/{path}"),
        executable: false,
    }));
    gzip(&tar_with_links(entries, links, 0).unwrap()).unwrap()
}

/// Returns cargo's target directory.
fn target_directory(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// Writes what the wheel installs beside the executable: a script per tool, on Windows a copy per tool.
fn write_scripts(root: &Path, target: &str, executable: &[u8]) {
    let scripts = root.join("target/wheel/id_guard.data/scripts");
    let _ = std::fs::remove_dir_all(&scripts);
    std::fs::create_dir_all(&scripts).unwrap();
    for name in tools(root) {
        let bytes = if is_windows(target) { executable } else { SHIM.as_bytes() };
        let path = scripts.join(format!("{name}{}", extension(target)));
        std::fs::write(&path, bytes).unwrap();
        // The wheel keeps the mode, and pip installs scripts with the mode of the wheel.
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            std::fs::set_permissions(&path, mode).unwrap();
        }
    }
}

/// Builds a wheel of all tools; installs maturin into a virtual environment if it is missing.
fn wheel(
    root: &Path,
    out: &Path,
    named: Option<&str>,
    target: &str,
    profile: &str,
    executable: &[u8],
) -> bool {
    write_scripts(root, target, executable);
    let mut program = PathBuf::from("maturin");
    if !Command::new(&program).arg("--version").output().is_ok_and(|output| output.status.success()) {
        let environment = root.join("target/maturin");
        let programs = environment.join(if cfg!(windows) { "Scripts" } else { "bin" });
        program = programs.join("maturin");
        let python = if cfg!(windows) { "python" } else { "python3" };
        let is_installed = succeeds(Command::new(python).args(["-m", "venv"]).arg(&environment))
            && succeeds(Command::new(programs.join("pip")).args(["install", "--quiet", MATURIN]));
        if !is_installed {
            return false;
        }
    }
    let mut words = vec!["build", "--locked", "--profile", profile];
    words.extend(named.iter().flat_map(|target| ["--target", target]));
    words.push("--out");
    succeeds(Command::new(program).args(words).arg(out).current_dir(root.join("crates/multicall")))
}

fn succeeds(command: &mut Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}

/// Returns the target of this machine.
fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().unwrap().stdout;
    let output = String::from_utf8(output).unwrap();
    output.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSION: &str = env!("CARGO_PKG_VERSION");

    fn read(path: &str) -> String {
        std::fs::read_to_string(crate::root().join(path)).unwrap()
    }

    /// A value of a `key = "value"` line.
    fn value(text: &str, key: &str) -> String {
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("{key} = \"")));
        line.unwrap_or_else(|| panic!("no {key}")).trim_end_matches('"').to_string()
    }

    #[test]
    fn cargo_binstall_finds_what_is_packed() {
        let manifest = read("crates/tools/Cargo.toml");
        let metadata = manifest.split("[package.metadata.binstall]\n").nth(1).unwrap();
        assert_eq!(value(metadata, "pkg-fmt"), "tgz");
        for target in TARGETS {
            let fill = |template: &str| {
                // The placeholders of cargo-binstall's SUPPORT.md.
                let pairs = [
                    ("{ name }", "id-guard"),
                    ("{ version }", VERSION),
                    ("{ target }", target),
                    ("{ archive-suffix }", ".tar.gz"),
                    ("{ binary-ext }", extension(target)),
                    ("{ bin }", "id-ledger"),
                    ("{ repo }", "REPO"),
                ];
                pairs.iter().fold(template.to_string(), |text, (name, value)| text.replace(name, value))
            };
            let asset = asset(VERSION, target);
            assert_eq!(
                fill(&value(metadata, "pkg-url")),
                format!("REPO/releases/download/{TAG}{VERSION}/{asset}")
            );
            let executable = format!("{}/id-ledger{}", top_directory(VERSION, target), extension(target));
            assert_eq!(fill(&value(metadata, "bin-dir")), executable);
        }
    }

    /// The names of an archive's files, and of its hard links.
    fn names(archive: &[u8]) -> (Vec<String>, Vec<String>) {
        let (mut files, mut links) = (Vec::new(), Vec::new());
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("a.tar.gz"), archive).unwrap();
        let output =
            Command::new("tar").args(["-tvzf", "a.tar.gz"]).current_dir(place.path()).output().unwrap();
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let name = line.split(" link to ").next().unwrap().rsplit('/').next().unwrap().to_string();
            if line.starts_with('h') { links.push(name) } else { files.push(name) }
        }
        (files, links)
    }

    #[test]
    fn an_archive_contains_the_executable_once_under_nine_names_and_on_windows_nine_times() {
        let root = crate::root();
        let (files, links) = names(&packed(&root, VERSION, TARGETS[0], b"executable"));
        assert_eq!((files.iter().filter(|name| **name == "id-guard").count(), links.len()), (1, 8));
        assert!(links.contains(&"id-tag".to_string()), "{links:?}");
        for name in ["README.md", "id-guard-policy-show.1", "id-ledger.zsh"] {
            assert!(files.contains(&name.to_string()), "{name}");
        }
        let windows = TARGETS.iter().find(|target| is_windows(target)).unwrap();
        let (files, links) = names(&packed(&root, VERSION, windows, b"executable"));
        assert_eq!((files.iter().filter(|name| name.ends_with(".exe")).count(), links.len()), (9, 0));
    }

    #[test]
    fn the_release_builds_each_system_and_no_other() {
        let workflow = read(".github/workflows/id-release.yml");
        let named: Vec<&str> =
            workflow.lines().filter_map(|line| line.trim().strip_prefix("- target: ")).collect();
        assert_eq!(named, TARGETS);
    }

    #[test]
    fn the_action_looks_for_what_is_packed() {
        let script = read("share/action/tools.sh");
        assert!(script.contains(r#"id-guard-$of-$cpu-$system.tar.gz"#) && script.contains("idmod-$of"));
        for target in TARGETS {
            let (cpu, system) = target.split_once('-').unwrap();
            assert!(
                script.contains(&format!("cpu={cpu}")) && script.contains(&format!("system={system}")),
                "{target}"
            );
        }
        for line in read("share/action/assets.sha256").lines().filter(|line| !line.starts_with('#')) {
            let (hash, name) = line.split_once("  ").unwrap();
            assert!(hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{line}");
            assert!(TARGETS.iter().any(|target| name.ends_with(&format!("-{target}.tar.gz"))), "{line}");
        }
    }

    #[test]
    fn every_version_is_the_same() {
        assert!(read("crates/multicall/pyproject.toml").contains("dynamic = [\"version\"]"));
        assert!(read("pyproject.toml").contains(&format!("\"id-guard=={VERSION}\"")));
        assert_eq!(value(&read("pyproject.toml"), "version"), VERSION);
    }
}
