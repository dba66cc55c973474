//! Everything that is generated from the definition of the command line: the reference, completions, man pages.

use clap::{Command, CommandFactory as _};
use clap_complete::Shell;

use crate::arguments::{Guard, Immutability, Ledger, Mint, Plugin, Registry, Release, Structure, Tag};
pub use crate::guard::show::schemas;

/// Returns the definition of every binary.
pub(crate) fn commands() -> Vec<Command> {
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
        "# Command reference\n\nGenerated from the definition of the command line: `cargo xtask generate`.\n",
    );
    for mut command in commands() {
        command.build();
        let name = command.get_name().to_string();
        text += &format!("\n## {name}\n\n```text\n{}\n```\n", help(&command));
        for verb in command.get_subcommands() {
            if verb.is_hide_set() || verb.get_name() == "help" {
                continue;
            }
            text += &format!("\n### {name} {}\n\n```text\n{}\n```\n", verb.get_name(), help(verb));
        }
    }
    text
}

fn help(command: &Command) -> String {
    let text = command.clone().term_width(100).render_long_help().to_string();
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_string()
}

/// Returns the completion script of a command.
pub(crate) fn completion(mut command: Command, shell: Shell) -> Vec<u8> {
    let name = command.get_name().to_string();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, &name, &mut script);
    script
}

/// Returns the man pages of every binary and every subcommand: name and content, in `man(7)` format.
#[must_use]
pub fn man_pages() -> Vec<(String, Vec<u8>)> {
    let mut pages = Vec::new();
    for command in commands() {
        let mut command = command.disable_help_subcommand(true);
        command.build();
        add_pages(&command, &mut pages);
    }
    pages
}

fn add_pages(command: &Command, pages: &mut Vec<(String, Vec<u8>)>) {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_string();
    let mut page = Vec::new();
    let man = clap_mangen::Man::new(command.clone()).title(name.clone());
    man.render(&mut page).expect("writing to memory does not fail");
    pages.push((name, page));
    command.get_subcommands().filter(|command| !command.is_hide_set()).for_each(|command| {
        add_pages(command, pages);
    });
}

/// Returns the files of an archive: man pages, and completions for three shells.
#[must_use]
pub fn files() -> Vec<(String, Vec<u8>)> {
    let pages = man_pages().into_iter().map(|(name, page)| (format!("man/{name}.1"), page));
    let mut files: Vec<(String, Vec<u8>)> = pages.collect();
    for command in commands() {
        let name = command.get_name().to_string();
        for (shell, extension) in [(Shell::Bash, "bash"), (Shell::Zsh, "zsh"), (Shell::Fish, "fish")] {
            files.push((format!("completions/{name}.{extension}"), completion(command.clone(), shell)));
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls `check` with every command and subcommand, and its full name.
    fn each(command: &Command, check: &mut dyn FnMut(&Command, &str)) {
        check(command, command.get_display_name().unwrap_or_else(|| command.get_name()));
        command.get_subcommands().filter(|command| command.get_name() != "help").for_each(|command| {
            each(command, check);
        });
    }

    fn every(check: &mut dyn FnMut(&Command, &str)) {
        for mut command in commands() {
            command.build();
            each(&command, check);
        }
    }

    #[test]
    fn every_help_has_an_example_and_the_exit_statuses() {
        let mut missing = Vec::new();
        every(&mut |command, name| {
            let text = help(command);
            for needed in ["Example", "Exit status: 0 "] {
                if !text.contains(needed) {
                    missing.push(format!("{name}: {needed}"));
                }
            }
        });
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn an_example_names_the_command_that_it_belongs_to() {
        let mut wrong = Vec::new();
        every(&mut |command, name| {
            let words = command.get_bin_name().unwrap_or(name);
            if !help(command).lines().any(|line| line.starts_with("  ") && line.contains(words)) {
                wrong.push(name.to_string());
            }
        });
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn every_option_of_a_shared_kind_is_in_its_group() {
        let groups = [
            ("repo", "Repository"),
            ("base", "Base"),
            ("policy", "Policy"),
            ("format", "Output"),
            ("json", "Output"),
            ("dry-run", "Output"),
        ];
        every(&mut |command, name| {
            for argument in command.get_arguments() {
                let Some(long) = argument.get_long() else { continue };
                if let Some((_, group)) = groups.iter().find(|(option, _)| *option == long) {
                    assert_eq!(argument.get_help_heading(), Some(*group), "{name} --{long}");
                }
            }
        });
    }

    #[test]
    fn every_page_that_a_man_page_refers_to_exists() {
        let pages = man_pages();
        let mut references = 0;
        for (name, page) in &pages {
            let text = String::from_utf8_lossy(page).replace("\\-", "-");
            for (at, _) in text.match_indices("(1)") {
                let start = text[..at].rfind(|at: char| !at.is_ascii_lowercase() && at != '-');
                let referred = text[start.map_or(0, |start| start + 1)..at].trim_start_matches("fB");
                references += 1;
                assert!(pages.iter().any(|(page, _)| page == referred), "{name} refers to {referred}(1)");
            }
        }
        assert!(references > 40, "{references} references");
        assert!(pages.iter().any(|(name, _)| name == "id-ledger-checkpoint-verify"));
    }
}
