//! Begins a rule: a folder that compiles, with a page and cases that the completeness test asks to be written.

use std::process::ExitCode;

use rules::{FAMILIES, RULES, find};

pub(crate) fn run(family: &str, name: &str) -> ExitCode {
    let Some(known) =
        FAMILIES.iter().find(|known| known.module == family || known.code.eq_ignore_ascii_case(family))
    else {
        println!(
            "there is no family {family}; a new one is a folder in crates/rules/src with a FAMILY, named in list.rs"
        );
        return ExitCode::from(2);
    };
    if find(name).is_some() || !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
        println!("{name} is taken, or no name: lower-case words joined by `-`");
        return ExitCode::from(2);
    }
    let numbers = RULES
        .iter()
        .filter(|rule| rule.info.family == *known)
        .filter_map(|rule| rule.info.code[3..].parse::<u32>().ok());
    let code = format!("{}{:03}", known.code, numbers.max().unwrap_or_default() + 1);
    let module = name.replace('-', "_");
    let room = crate::root().join("crates/rules/src").join(known.module).join(&module);
    std::fs::create_dir_all(room.join("cases")).unwrap();
    let source = format!(
        "//! What the rule holds, in one sentence.\n\nuse diagnostic::{{Diagnostic, Level, RuleInfo}};\n\nuse crate::change::ChangeContext;\nuse crate::rule::{{Check, Rule}};\n\n/// `{code}` {name}.\npub static RULE: Rule = Rule {{\n    info: RuleInfo {{\n        code: \"{code}\",\n        name: \"{name}\",\n        family: super::FAMILY,\n        level: Level::Deny,\n        summary: \"what the rule holds\",\n        page: include_str!(\"README.md\"),\n    }},\n    check: Check::Change(judge),\n}};\n\nfn judge(change: &ChangeContext<'_>, findings: &mut Vec<Diagnostic>) {{\n    let _ = (change, findings);\n}}\n"
    );
    std::fs::write(room.join("mod.rs"), source).unwrap();
    std::fs::write(room.join("README.md"), format!("# {code} {name}\n\nWhat the rule holds.\n\nWhy.\n"))
        .unwrap();
    std::fs::write(room.join("cases/wrong.txt"), "What is wrong here.\n-- head/path --\nx\n-- expected --\n")
        .unwrap();
    println!("made {}", room.display());
    println!(
        "next: add `pub mod {module};` to {}/mod.rs and the rule to RULES in list.rs, then write the judge, the page",
        known.module
    );
    println!(
        "and a failing and a passing case; `cargo nextest run -p rules` says what is missing, `cargo xtask generate` writes the page"
    );
    ExitCode::SUCCESS
}
