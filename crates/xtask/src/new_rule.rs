//! Creates a rule: a directory that compiles, with a page and cases that the completeness test asks to be written.

use std::process::ExitCode;

use codes::FAMILIES;

pub(crate) fn run(family: &str, name: &str) -> ExitCode {
    let Some(known) =
        FAMILIES.iter().find(|known| known.module == family || known.code.eq_ignore_ascii_case(family))
    else {
        println!(
            "family {family} not found; to add one, declare it in crates/codes/src/family.rs and add its directory to crates/rules/src"
        );
        return ExitCode::from(2);
    };
    if codes::find(name).is_some() || !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
        println!("{name} is taken or invalid: a rule name is lower-case words joined by `-`");
        return ExitCode::from(2);
    }
    let numbers = codes::ALL
        .iter()
        .filter(|rule| rule.family == *known)
        .filter_map(|rule| rule.code[3..].parse::<u32>().ok());
    let code = format!("{}{:03}", known.code, numbers.max().unwrap_or_default() + 1);
    let module = name.replace('-', "_");
    let constant = module.to_uppercase();
    let directory = crate::root().join("crates/rules/src").join(known.module).join(&module);
    std::fs::create_dir_all(directory.join("cases")).unwrap();
    let source = format!(
        "//! What the rule requires, in one sentence.\n\nuse diagnostic::{{Diagnostic, RuleInfo}};\n\nuse crate::change::ChangeContext;\nuse crate::rule::{{Check, Rule}};\n\n/// `{code}` {name}.\npub static RULE: Rule = Rule {{\n    info: RuleInfo {{\n        id: codes::{constant},\n        summary: \"what the rule requires\",\n        page: include_str!(\"README.md\"),\n    }},\n    check: Check::Change(check),\n}};\n\nfn check(_change: &ChangeContext<'_>, _findings: &mut Vec<Diagnostic>) {{}}\n"
    );
    std::fs::write(directory.join("mod.rs"), source).unwrap();
    std::fs::write(
        directory.join("README.md"),
        format!("# {code} {name}\n\nWhat the rule requires.\n\nWhy.\n"),
    )
    .unwrap();
    std::fs::write(
        directory.join("cases/wrong.txt"),
        "What is wrong here.\n-- head/path --\nx\n-- expected --\n",
    )
    .unwrap();
    println!("created {}", directory.display());
    println!(
        "next: add `{constant} = \"{code}\" \"{name}\" Deny,` to crates/codes/src/lib.rs, `pub mod {module};` to {}/mod.rs and the rule to its list, then write the check, the page",
        known.module
    );
    println!(
        "and a failing and a passing case; `cargo nextest run -p rules` reports what is missing, `cargo xtask generate` writes the page"
    );
    ExitCode::SUCCESS
}
