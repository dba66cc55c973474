//! `id-guard init`: a repository begins to hold its identities.

use std::process::ExitCode;

use policy::POLICY_PATH;

use crate::arguments::InitArguments;
use crate::output::{complain, print};
use crate::run::open;

/// What a repository holds itself to at first: the baseline, and room for its own.
const POLICY: &str = "\
# What this repository holds itself to. The gate reads this file from the base of a change, never from the change.
schema_version: 1
packs:
  - name: baseline
    version: VERSION
# The log's name: one that nobody else uses. `id-ledger record` writes the ledger after each merge.
# ledger:
#   origin: example.org/plugins
# What else shall stand, for example:
# paths:
#   - match: proposals/*.md
#     discipline: frozen
#     when: { field: /status, equals: Final }
";

/// The bytes of ledger and registry are their meaning: no line ends are changed, and no text is merged.
const ATTRIBUTES: &str = ".ledger/** -text -merge\nids/registry.yaml -text -merge\n";

pub(crate) fn run(arguments: &InitArguments) -> ExitCode {
    let repository = match open(&arguments.repo) {
        Ok(repository) => repository,
        Err(errors) => {
            errors.iter().for_each(|error| complain(&error.message));
            return ExitCode::from(2);
        }
    };
    let Some(root) = repository.workdir() else {
        complain("this repository is bare: it has no working tree to write to");
        return ExitCode::from(2);
    };
    let policy = POLICY.replace("VERSION", artifact::carried::VERSION);
    let mut files: Vec<(&str, &str)> = vec![(POLICY_PATH, &policy), (".gitattributes", ATTRIBUTES)];
    files.extend(schema::EMBEDDED.iter().map(|schema| (schema.path, schema.text)));
    let has_attributes = root.join(".gitattributes").symlink_metadata().is_ok();
    // What stands there already is somebody's: it stays as it is.
    files.retain(|(path, _)| root.join(path).symlink_metadata().is_err());
    if files.is_empty() {
        return print("everything is there already: nothing to do\n");
    }
    let mut told = String::new();
    for (path, text) in files {
        if arguments.dry_run {
            told += &format!("would write {path}\n");
            continue;
        }
        if let Err(error) = repo::disk::create(&root.join(path), text.as_bytes()) {
            complain(&error.to_string());
            return ExitCode::from(2);
        }
        told += &format!("wrote {path}\n");
    }
    if has_attributes {
        let lines = ATTRIBUTES.trim_end().replace('\n', "\n      ");
        told +=
            &format!("kept .gitattributes: add these lines to it, if they are not there\n      {lines}\n");
    }
    if !arguments.dry_run {
        told += "next: git add .gitattributes policy-packs && git commit -m \"hold the identities of this repository\"\n      id-mint plugin \"NAME\"\n";
    }
    print(&told)
}
