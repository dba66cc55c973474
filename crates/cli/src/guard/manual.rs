//! `id-guard completions` and `id-guard man`: what a shell and a pager need of every binary.

use std::path::Path;
use std::process::ExitCode;

use clap_complete::Shell;

use crate::arguments::{CompletionsArguments, ManArguments, ShellArgument};
use crate::error::{CommandError, finish};
use crate::reference::{commands, completion, man_pages};

pub(crate) fn completions(arguments: &CompletionsArguments) -> ExitCode {
    finish(script(arguments))
}

fn script(arguments: &CompletionsArguments) -> Result<String, CommandError> {
    let names: Vec<String> = commands().iter().map(|command| command.get_name().to_string()).collect();
    let command = commands().into_iter().find(|command| command.get_name() == arguments.tool);
    let command =
        command.ok_or_else(|| unknown("command", &arguments.tool, &names, "id-guard completions"))?;
    let shell = match arguments.shell {
        ShellArgument::Bash => Shell::Bash,
        ShellArgument::Zsh => Shell::Zsh,
        ShellArgument::Fish => Shell::Fish,
        ShellArgument::Powershell => Shell::PowerShell,
        ShellArgument::Elvish => Shell::Elvish,
    };
    Ok(String::from_utf8_lossy(&completion(command, shell)).into_owned())
}

pub(crate) fn man(arguments: &ManArguments) -> ExitCode {
    finish(pages(arguments))
}

fn pages(arguments: &ManArguments) -> Result<String, CommandError> {
    let mut pages = man_pages();
    let names: Vec<String> = pages.iter().map(|(name, _)| name.clone()).collect();
    if let Some(wanted) = &arguments.command {
        // `id-guard man "id-guard check"` is the page of that subcommand, too.
        let wanted = wanted.replace(' ', "-");
        pages.retain(|(name, _)| *name == wanted);
        if pages.is_empty() {
            return Err(unknown("man page", &wanted, &names, "id-guard man"));
        }
    }
    match (&arguments.out, &arguments.command) {
        (Some(directory), _) => write(directory, &pages),
        (None, Some(_)) => Ok(pages.iter().map(|(_, page)| String::from_utf8_lossy(page)).collect()),
        (None, None) => Ok(names.iter().map(|name| format!("{name}\n")).collect()),
    }
}

fn write(directory: &Path, pages: &[(String, Vec<u8>)]) -> Result<String, CommandError> {
    repo::disk::make_directory(directory)?;
    for (name, page) in pages {
        repo::disk::write(&directory.join(format!("{name}.1")), page)?;
    }
    let plural = if pages.len() == 1 { "" } else { "s" };
    Ok(format!("wrote {} man page{plural} to {}\n", pages.len(), directory.display()))
}

fn unknown(what: &str, name: &str, names: &[String], command: &str) -> CommandError {
    let nearest = names.iter().min_by_key(|known| strsim::damerau_levenshtein(known, name));
    CommandError::failed_with(
        format!("unknown {what} `{name}`"),
        format!("did you mean: {command} {}?", nearest.map(String::as_str).unwrap_or_default()),
    )
}
