//! Checks commit subjects: `area: imperative summary`, at most 72 characters, without a full stop.

use std::process::{Command, ExitCode};

use crate::root;

/// The longest subject: `git log --oneline` shows it whole in a terminal of 80 columns.
const MAX_SUBJECT_CHARS: usize = 72;

/// Prints every invalid subject of a range, such as `main..HEAD`; merge commits have none of their own.
pub(crate) fn run(range: &str) -> ExitCode {
    let log = ["log", "--no-merges", "--format=%h%x09%s", "--end-of-options", range, "--"];
    let output = Command::new("git").args(log).current_dir(root()).output().unwrap();
    if !output.status.success() {
        print!("{}", String::from_utf8_lossy(&output.stderr));
        return ExitCode::from(2);
    }
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let commits: Vec<(&str, &str)> = lines.lines().filter_map(|line| line.split_once('\t')).collect();
    let mut invalid = 0;
    for (id, subject) in &commits {
        for problem in problems(subject) {
            println!("{id} {problem}: {subject}");
            invalid += 1;
        }
    }
    println!("{} subjects checked, {invalid} problems", commits.len());
    if invalid == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Returns what is wrong with a subject.
fn problems(subject: &str) -> Vec<String> {
    let mut found = Vec::new();
    let length = subject.chars().count();
    if length > MAX_SUBJECT_CHARS {
        found.push(format!("has {length} characters instead of at most {MAX_SUBJECT_CHARS}"));
    }
    if subject.ends_with('.') {
        found.push("ends with a full stop".into());
    }
    if !has_form(subject) {
        found.push("does not have the form `area: summary` in lower case".into());
    }
    found
}

/// Returns whether a subject matches `^[a-z0-9_.-]+(\([a-z0-9_-]+\))?!?: [a-z]`.
fn has_form(subject: &str) -> bool {
    let Some((area, summary)) = subject.split_once(": ") else { return false };
    let area = area.strip_suffix('!').unwrap_or(area);
    let (area, scope) = match area.strip_suffix(')').map(|area| area.split_once('(')) {
        Some(Some((area, scope))) => (area, Some(scope)),
        Some(None) => return false,
        None => (area, None),
    };
    let is_name = |name: &str, others: &str| {
        let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || others.contains(c);
        !name.is_empty() && name.chars().all(is_letter)
    };
    is_name(area, "_.-")
        && scope.is_none_or(|scope| is_name(scope, "_-"))
        && summary.starts_with(|c: char| c.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_with_an_area_and_a_summary_are_valid() {
        for subject in [
            "rules: report the deepest differing pointer",
            "plugin-files: split the generator",
            "docs(book): explain waivers",
            "policy!: rename a key",
            "action.yml: pin the runner",
        ] {
            assert_eq!(problems(subject), [] as [&str; 0], "{subject}");
        }
    }

    #[test]
    fn subjects_without_the_form_are_reported() {
        for subject in [
            "Rules: report the pointer",
            "rules: Report the pointer",
            "rules:report the pointer",
            "report the pointer",
            "rules(: report the pointer",
            "rules): report the pointer",
            "rules(): report the pointer",
            "two words: report the pointer",
            ": report the pointer",
            "rules: ",
            "",
        ] {
            assert_eq!(problems(subject).len(), 1, "{subject}");
        }
    }

    #[test]
    fn long_subjects_and_full_stops_are_reported() {
        let longest = format!("rules: {}", "é".repeat(MAX_SUBJECT_CHARS - 7).replacen('é', "e", 1));
        assert_eq!(problems(&longest), [] as [&str; 0]);
        assert_eq!(problems(&format!("{longest}e")), ["has 73 characters instead of at most 72"]);
        assert_eq!(problems("rules: report the pointer."), ["ends with a full stop"]);
    }
}
