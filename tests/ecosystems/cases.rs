//! The cases of the packs: small repositories, with the list and the findings that are expected. A directory is a case.
//!
//! `BLESS=1` writes the expected files.

use std::path::{Path, PathBuf};

use scripted::Scripted;

use super::repository::{PACKS, doctor, files, pack_directory, repository};
use crate::support::run;

/// The file with the expected list.
const LIST: &str = "plugin-list.plain.golden";
/// The file with the expected findings.
pub(super) const FINDINGS: &str = "findings.golden";

/// The cases of a pack.
fn cases(pack: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(pack_directory(pack).join("cases")).unwrap();
    let mut found: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// A repository with the files of a case.
fn repository_of(pack: &str, case: &Path) -> Scripted {
    let scripted = repository(pack, "");
    for file in files(case) {
        let inside = file.strip_prefix(case).unwrap().to_str().unwrap();
        if !inside.ends_with(".golden") {
            scripted.write(inside, std::fs::read(&file).unwrap());
        }
    }
    scripted
}

/// Compares an output with an expected file, or writes that file.
fn compare(case: &Path, name: &str, found: &str, problems: &mut Vec<String>) {
    let path = case.join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    match std::fs::read_to_string(&path) {
        Ok(expected) if expected == found => {}
        Ok(expected) => problems.push(format!("{}:\nexpected\n{expected}\nfound\n{found}", path.display())),
        Err(_) => problems.push(format!("{} is missing", path.display())),
    }
}

#[test]
fn every_case_has_the_expected_list_and_findings() {
    let mut problems = Vec::new();
    for pack in PACKS {
        let cases = cases(pack);
        assert!(cases.iter().any(|case| case.ends_with("valid")), "{pack} has a case without findings");
        for case in cases {
            let scripted = repository_of(pack, &case);
            let listed = run("id-plugin", scripted.path(), &["list", "--format", "plain"]);
            assert!(listed.status.success(), "{}", case.display());
            compare(&case, LIST, &String::from_utf8(listed.stdout).unwrap(), &mut problems);
            let findings: String = doctor(&scripted).iter().map(|finding| finding.line()).collect();
            if case.ends_with("valid") {
                assert_eq!(findings, "", "{}", case.display());
            }
            compare(&case, FINDINGS, &findings, &mut problems);
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// A manifest whose command, module or entry point would write a file.
#[test]
fn nothing_of_a_plugin_is_executed() {
    let scripted = repository("dispatch", "");
    let manifest = r#"{"kind": "channel", "name": "trap", "version": "1.0.0", "protocol": "jsonl", "protocol_version": 1,
        "entrypoint": {"command": "./trap.sh", "args": []}, "capabilities": {}}"#;
    scripted.write("trap/channel-plugin.json", manifest);
    scripted.write("trap/trap.sh", "#!/bin/sh\ntouch \"$(dirname \"$0\")/executed\"\n");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(scripted.path().join("trap/trap.sh"), mode).unwrap();
    assert_eq!(doctor(&scripted), []);
    for format in ["human", "plain", "json"] {
        assert!(run("id-plugin", scripted.path(), &["list", "--format", format]).status.success());
    }
    assert!(!scripted.path().join("trap/executed").exists());
}
