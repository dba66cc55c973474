//! `scripts/ids/*.py`: what `id-guard init --scripts` writes runs the programs, and `init` and `doctor` name workflows that call missing ones.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Output;

use crate::support::{run, skip};
use scripted::Scripted;

const NAMES: [&str; 3] = ["ensure_immutability.py", "validate_structure.py", "build_registry.py"];

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.clone(), output.stderr.clone()].concat()).into_owned()
}

fn init(scripted: &Scripted, arguments: &[&str]) -> String {
    let output = run("id-guard", scripted.path(), &[&["init", "--minimal"], arguments].concat());
    assert!(output.status.success(), "{}", printed(&output));
    printed(&output)
}

fn doctor(scripted: &Scripted) -> String {
    printed(&run("id-guard", scripted.path(), &["doctor"]))
}

/// Runs a script by python3 with only `path` as PATH; `None` without python3.
fn script(scripted: &Scripted, name: &str, path: &Path, arguments: &[&str]) -> Option<Output> {
    let python = which("python3")?;
    let mut command = std::process::Command::new(python);
    command.arg(scripted.path().join("scripts/ids").join(name)).args(arguments);
    command.current_dir(scripted.path()).env_clear().env("PATH", path);
    Some(command.output().unwrap())
}

fn which(program: &str) -> Option<std::path::PathBuf> {
    let output =
        std::process::Command::new(program).args(["-c", "import sys; print(sys.executable)"]).output();
    let Ok(output) = output else {
        skip("python3 is not installed");
        return None;
    };
    Some(String::from_utf8(output.stdout).unwrap().trim().into())
}

#[test]
fn scripts_run_the_programs_with_their_arguments() {
    let scripted = Scripted::new();
    let text = init(&scripted, &["--scripts"]);
    for name in NAMES {
        assert!(text.contains(&format!("wrote scripts/ids/{name}\n")), "{text}");
        let mode = scripted.path().join("scripts/ids").join(name).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o111, 0o111, "{name}");
    }
    assert!(text.contains("git add .gitattributes policy-packs scripts && git commit"), "{text}");
    let new = run("id-plugin", scripted.path(), &["new", "Alpha", "--owner", "ada@example.org"]);
    assert!(new.status.success(), "{}", printed(&new));
    scripted.commit("set up");
    scripted.write("README.md", "second\n");
    scripted.commit("second");
    let tools = Path::new(env!("CARGO_BIN_EXE_id-guard")).parent().unwrap();
    for (name, arguments, status, expected) in [
        ("ensure_immutability.py", &["--base", "HEAD~1"][..], 0, "All checks passed"),
        ("ensure_immutability.py", &["check", "--base", "HEAD~1"], 0, "All checks passed"),
        ("ensure_immutability.py", &["audit"], 0, "All checks passed"),
        ("ensure_immutability.py", &["--base", "no such revision"], 2, "no such revision"),
        ("ensure_immutability.py", &["--version"], 0, "id-immutability 0."),
        ("validate_structure.py", &[], 0, "All checks passed"),
        ("validate_structure.py", &["check", "--format", "json"], 0, "\"verdict\""),
        ("build_registry.py", &[], 0, "ids/registry.yaml"),
        ("build_registry.py", &["--help"], 0, "id-registry"),
        ("build_registry.py", &["list", "no such option"], 2, "no such option"),
    ] {
        let Some(output) = script(&scripted, name, tools, arguments) else { return };
        let text = printed(&output);
        assert_eq!(output.status.code(), Some(status), "{name} {arguments:?}: {text}");
        assert!(text.contains(expected), "{name} {arguments:?}: {text}");
    }
}

#[test]
fn a_script_without_its_program_cannot_run() {
    let scripted = Scripted::new();
    init(&scripted, &["--scripts"]);
    for (name, program) in NAMES.iter().zip(["id-immutability", "id-structure", "id-registry"]) {
        let Some(output) = script(&scripted, name, scripted.path(), &["check"]) else { return };
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(printed(&output), format!("{program} is not installed; see README\n"));
    }
}

#[test]
fn existing_scripts_are_kept() {
    let scripted = Scripted::new();
    scripted.write("scripts/ids/build_registry.py", "print('own')\n");
    let text = init(&scripted, &["--scripts", "--dry-run"]);
    assert!(text.contains("would write scripts/ids/ensure_immutability.py"), "{text}");
    assert!(!scripted.path().join("scripts/ids/ensure_immutability.py").exists());
    let text = init(&scripted, &["--scripts"]);
    assert!(
        text.contains("kept scripts/ids/build_registry.py (already exists with different content)"),
        "{text}"
    );
    let kept = std::fs::read_to_string(scripted.path().join("scripts/ids/build_registry.py")).unwrap();
    assert_eq!(kept, "print('own')\n");
    assert!(!init(&scripted, &["--scripts"]).contains("wrote "), "a second run writes nothing");
}

#[test]
fn workflows_that_run_scripts_are_named() {
    let scripted = Scripted::new();
    let workflow = |run: &str| {
        format!(
            "on: [pull_request]\njobs:\n  gate:\n    runs-on: ubuntu-latest\n    steps:\n      - run: {run}\n"
        )
    };
    scripted.write(".github/workflows/id-guard.yml", workflow("python3 scripts/ids/ensure_immutability.py"));
    scripted.write(".github/workflows/other.yaml", workflow("./scripts/ids/build_registry.py --check"));
    scripted.write(".github/workflows/free.yml", workflow("echo hello # scripts/ids/validate_structure.txt"));
    scripted.commit("workflows");
    let missing = [
        ".github/workflows/id-guard.yml runs scripts/ids/ensure_immutability.py, which does not exist: write it with id-guard init --minimal --scripts, or run id-immutability check instead",
        ".github/workflows/other.yaml runs scripts/ids/build_registry.py, which does not exist: write it with id-guard init --minimal --scripts, or run id-registry build instead",
    ];
    for text in [init(&scripted, &[]), doctor(&scripted)] {
        assert!(missing.iter().all(|line| text.contains(line)), "{text}");
        assert!(!text.contains("free.yml"), "{text}");
    }
    let text = init(&scripted, &["--scripts"]);
    assert!(!text.contains("does not exist"), "{text}");
    let text = doctor(&scripted);
    assert!(
        text.contains(".github/workflows/id-guard.yml runs scripts/ids/ensure_immutability.py, which runs id-immutability"),
        "{text}"
    );
    assert!(!text.contains("does not exist"), "{text}");
    scripted.write("scripts/ids/ensure_immutability.py", "print('always green')\n");
    let text = doctor(&scripted);
    assert!(
        text.contains("is not the script that id-guard init --scripts writes; the command of this toolkit is id-immutability check"),
        "{text}"
    );
}
