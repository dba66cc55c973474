//! `cargo xtask dist`: builds the tools for a system as they are published, and packs them: an archive, its checksum, and a wheel.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use generate::archive::{Entry, gzip, tar};

/// The systems that releases are made for, as the Rust compiler names them.
pub(crate) const TARGETS: [&str; 6] = [
    "x86_64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-gnu",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
];
/// What the tag of a release of the tools begins with.
const TAG: &str = "idmod-";
/// What packs wheels (PEP 427) of binaries.
const MATURIN: &str = "maturin==1.16.0";

/// What is packed, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The system; without it, this one.
    #[arg(long)]
    target: Option<String>,
    /// The tag that is released: it must be of this version.
    #[arg(long)]
    tag: Option<String>,
    /// The profile that the tools are built with.
    #[arg(long, default_value = "published")]
    profile: String,
    /// Make a wheel as well, for `pip` and for hooks of pre-commit.
    #[arg(long)]
    wheel: bool,
}

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let version = env!("CARGO_PKG_VERSION");
    if let Some(tag) = arguments.tag.as_deref().filter(|tag| *tag != format!("{TAG}{version}")) {
        println!("{tag} is not the tag of this version: {TAG}{version}");
        return ExitCode::FAILURE;
    }
    let target = arguments.target.clone().unwrap_or_else(host);
    if !TARGETS.contains(&target.as_str()) {
        println!("{target} is none of the systems of a release: {}", TARGETS.join(", "));
        return ExitCode::FAILURE;
    }
    let root = crate::root();
    let out = root.join("target/dist");
    std::fs::create_dir_all(&out).unwrap();
    let profile = arguments.profile.as_str();
    let mut build = vec!["build", "--locked", "--package", crate::PACKAGE, "--profile", profile];
    // What is built for this very system stands with everything else that is.
    let named = arguments.target.as_deref();
    if let Some(target) = named {
        build.extend(["--target", target]);
        // Where rustup is not, the toolchain has what it has.
        let _ = Command::new("rustup").args(["target", "add", target]).current_dir(&root).status();
    }
    if !succeeds(Command::new("cargo").args(build).current_dir(&root)) {
        return ExitCode::FAILURE;
    }
    let built = target_folder(&root).join(named.unwrap_or_default()).join(profile);
    let archive = out.join(asset(version, &target));
    std::fs::write(&archive, packed(&root, version, &target, &built)).unwrap();
    println!("packed {}", archive.display());
    if arguments.wheel && !wheel(&root, &out, named, profile) {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// What the archive of a version for a system is called.
fn asset(version: &str, target: &str) -> String {
    format!("{}.tar.gz", folder(version, target))
}

/// The folder that the archive holds.
fn folder(version: &str, target: &str) -> String {
    format!("id-guard-{version}-{target}")
}

/// The names of the binaries.
fn binaries(root: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(root.join("crates/tools/src/bin")).unwrap();
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_string()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

/// The tools, what they may be used under, their man pages and completions.
fn packed(root: &Path, version: &str, target: &str, built: &Path) -> Vec<u8> {
    let top = folder(version, target);
    let mut entries: Vec<Entry> = binaries(root)
        .into_iter()
        .map(|name| Entry {
            bytes: std::fs::read(built.join(&name)).unwrap(),
            path: format!("{top}/{name}"),
            runs: true,
        })
        .collect();
    let licences = ["LICENSE-APACHE", "LICENSE-MIT", "README.md"];
    entries.extend(licences.map(|path| Entry {
        bytes: std::fs::read(root.join(path)).unwrap(),
        path: format!("{top}/{path}"),
        runs: false,
    }));
    entries.extend(cli::reference::files().into_iter().map(|(path, bytes)| Entry {
        bytes,
        path: format!("{top}/share/{path}"),
        runs: false,
    }));
    gzip(&tar(entries, 0).unwrap()).unwrap()
}

/// Where cargo puts what it builds.
fn target_folder(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// Packs a wheel of all binaries; the tool for it is installed beside, where it is not there.
fn wheel(root: &Path, out: &Path, target: Option<&str>, profile: &str) -> bool {
    let mut program = PathBuf::from("maturin");
    if !Command::new(&program).arg("--version").output().is_ok_and(|said| said.status.success()) {
        let place = root.join("target/maturin");
        program = place.join("bin/maturin");
        let made = succeeds(Command::new("python3").args(["-m", "venv"]).arg(&place))
            && succeeds(Command::new(place.join("bin/pip")).args(["install", "--quiet", MATURIN]));
        if !made {
            return false;
        }
    }
    let mut words = vec!["build", "--locked", "--profile", profile];
    words.extend(target.iter().flat_map(|target| ["--target", target]));
    words.push("--out");
    succeeds(Command::new(program).args(words).arg(out).current_dir(root.join("crates/tools")))
}

fn succeeds(command: &mut Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}

/// The system that this runs on.
fn host() -> String {
    let said = Command::new("rustc").arg("-vV").output().unwrap().stdout;
    let said = String::from_utf8(said).unwrap();
    said.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_string()
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
                // As cargo-binstall's SUPPORT.md says what stands for what.
                let pairs = [
                    ("{ name }", "id-guard"),
                    ("{ version }", VERSION),
                    ("{ target }", target),
                    ("{ archive-suffix }", ".tar.gz"),
                    ("{ binary-ext }", ""),
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
            assert_eq!(fill(&value(metadata, "bin-dir")), format!("{}/id-ledger", folder(VERSION, target)));
        }
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
        assert!(read("pyproject.toml").contains(&format!("\"id-guard=={VERSION}\"")));
        assert_eq!(value(&read("pyproject.toml"), "version"), VERSION);
    }
}
