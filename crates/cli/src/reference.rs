//! What is generated from the command line's definition: the reference, completions and man pages.

use clap::CommandFactory as _;

use crate::arguments::{Guard, Immutability, Ledger, Mint, Plugin, Registry, Release, Structure, Tag};
pub use crate::guard::show::schemas;

/// The binaries: name and definition.
fn commands() -> Vec<clap::Command> {
    vec![
        Guard::command(),
        Immutability::command(),
        Structure::command(),
        Mint::command(),
        Plugin::command(),
        Ledger::command(),
        Registry::command(),
        Tag::command(),
        Release::command(),
    ]
}

/// Returns the command reference in Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from(
        "# Command reference\n\nGenerated from the command line's own definition: `cargo xtask generate`.\n",
    );
    for mut command in commands() {
        command.build();
        let name = command.get_name().to_string();
        text += &format!("\n## {name}\n\n```text\n{}\n```\n", help(&mut command));
        for verb in command.get_subcommands_mut() {
            if verb.is_hide_set() || verb.get_name() == "help" {
                continue;
            }
            let body = help(verb);
            text += &format!(
                "
### {name} {}

```text
{body}
```
",
                verb.get_name()
            );
        }
    }
    text
}

fn help(command: &mut clap::Command) -> String {
    let text = command.clone().term_width(100).render_long_help().to_string();
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_string()
}

/// Returns the man pages and completions: file name and content.
#[must_use]
pub fn files() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for command in commands() {
        let name = command.get_name().to_string();
        let mut page = Vec::new();
        // Writing to memory does not fail.
        if clap_mangen::Man::new(command.clone()).render(&mut page).is_ok() {
            files.push((format!("man/{name}.1"), page));
        }
        for (shell, ending) in [
            (clap_complete::Shell::Bash, "bash"),
            (clap_complete::Shell::Zsh, "zsh"),
            (clap_complete::Shell::Fish, "fish"),
        ] {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command.clone(), &name, &mut script);
            files.push((format!("completions/{name}.{ending}"), script));
        }
    }
    files
}
