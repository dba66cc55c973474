//! All packs and the baseline on one tree: healthy plugins of every system pass, and a fault in one of them is that finding alone.

use scripted::Scripted;

use super::repository::{PACKS, copy_pack, files, pack_directory};
use crate::support::{check, run};

/// Where the plugins of the cases of a pack are in the tree.
fn place(pack: &str, inside: &str) -> String {
    match pack {
        "flowbot" => inside.replacen("plugins/", "", 1),
        "tribes" => inside.replacen("plugins/", "tribes/", 1),
        _ => inside.to_string(),
    }
}

/// Copies the part of a case below a directory into the tree.
fn copy_case(scripted: &Scripted, pack: &str, case: &str, below: &str) {
    let directory = pack_directory(pack).join("cases").join(case);
    for file in files(&directory.join(below)) {
        let inside = file.strip_prefix(&directory).unwrap().to_str().unwrap();
        if !inside.ends_with(".golden") {
            scripted.write(place(pack, inside), std::fs::read(&file).unwrap());
        }
    }
}

/// A tree with healthy plugins of every system.
fn tree() -> Scripted {
    let scripted = Scripted::new();
    let mut policy = "schema_version: 1\npacks:\n".to_string();
    let baseline = std::fs::read_to_string(pack_directory("baseline").join("pack.yaml")).unwrap();
    let version = baseline.lines().find_map(|line| line.strip_prefix("version: ")).unwrap();
    policy += &format!("  - {{ name: baseline, version: {version} }}\n");
    for pack in PACKS {
        copy_pack(&scripted, pack);
        copy_case(&scripted, pack, "valid", "");
        policy += &format!("  - {{ name: {pack}, version: 1.0.0 }}\n");
    }
    scripted.write("policy-packs/policy.yaml", policy);
    scripted.commit("plugins");
    scripted
}

#[test]
fn healthy_plugins_of_every_system_pass_every_check() {
    let scripted = tree();
    for (tool, arguments) in [
        ("id-structure", &["check", "--format", "json"][..]),
        ("id-guard", &["audit", "--format", "json"][..]),
        ("id-plugin", &["doctor", "--format", "json"][..]),
    ] {
        let output = run(tool, scripted.path(), arguments);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["findings"], serde_json::json!([]), "{tool}");
        assert!(output.status.success(), "{tool}: {report}");
    }
}

#[test]
fn a_fault_in_one_plugin_is_reported_alone() {
    let faults: [(&str, &str, &str, &[&str]); 5] = [
        ("cartero", "rules", "plugins/other-kind.yaml", &["cartero/kind-capability"]),
        ("flowbot", "rules", "plugins/outside", &["flowbot/entry-inside"]),
        ("tribes", "sources", "plugins/ui", &["tribes/ui-required"]),
        // The new manifest is in no catalog either.
        (
            "dispatch",
            "manifest-rules",
            "channels/bare",
            &["dispatch/command-path", "dispatch/manifest-listed"],
        ),
        ("ironclaw", "registry-rules", "registry/tools/no-digest.json", &["ironclaw/artifact-sha256"]),
    ];
    let scripted = tree();
    for (pack, case, below, expected) in faults {
        scripted.git(&["switch", "--quiet", "--create", pack, "main"]);
        copy_case(&scripted, pack, case, below);
        scripted.commit("a fault");
        let checked = check(scripted.path(), &["check", "--base", "main"]);
        let findings = checked.report["findings"].as_array().unwrap().iter();
        let rule = |finding: &serde_json::Value| {
            let message = finding["message"].as_str().unwrap_or_default().to_string();
            message.split(':').next().unwrap_or_default().to_string()
        };
        let mut rules: Vec<String> = findings.map(rule).collect();
        rules.sort();
        assert_eq!(rules, expected, "{}", checked.report);
    }
}
