//! Every health probe can be run.

use artifact::Problem;
use diagnostic::{Diagnostic, RuleInfo};
use documents::Spanned;
use documents::command::Role;
use documents::probe::{Check as Probes, Probe};
use documents::target::resolve;
use engine::{Check, Plugin, Rule, StateContext};
use plugin_files::health::DEFAULT_TIMEOUT_MS;
use policy::Section;
use snapshot::{Mode, Node, RepoPath, Result};

use super::findings::{Launch, Places, display_path, problem, report_some, shown, with_regenerate_help};

/// `DOC003` probe-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::PROBE_INVALID,
        summary: "every health probe can be run",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let mut places = Places::of(state);
    for plugin in &state.plugins {
        let texts = state.texts(plugin)?;
        let Some(health) = &texts.health else { continue };
        let mut faults = health.problems.clone();
        for probe in &health.read.probes {
            let mut reader = Reader { plugin, places: &mut places, faults: &mut faults };
            reader.files(probe)?;
            reader.program(probe)?;
        }
        if let Some(launch) = Launch::of(plugin) {
            for probe in &health.read.probes {
                let Probes::Command { run, .. } = &probe.check else { continue };
                if let Some(word) = launch.unknown_operation(run) {
                    let name = shown(&word.value);
                    let message =
                        format!("the probe runs the operation `{name}`, which the spec does not have");
                    faults.push(problem(&word.span, message, launch.show()));
                }
            }
        }
        // A probe starts the plugin and then runs it.
        let number = |section, name| texts.frozen.as_ref()?.number(section, name);
        if let Some(longest) = number(Section::Security, "execution_timeout_ms") {
            let startup = number(Section::Performance, "startup_ms").unwrap_or(DEFAULT_TIMEOUT_MS).max(1);
            for timeout in health.read.probes.iter().filter_map(|probe| probe.timeout_ms.as_ref()) {
                if timeout.value > longest.saturating_add(startup) {
                    faults.push(problem(
                        &timeout.span,
                        format!(
                            "the probe may take {} ms, but the plugin at most {startup} ms to start and {longest} ms to run",
                            timeout.value
                        ),
                        "set a shorter timeout",
                    ));
                }
            }
        }
        faults.sort_by_key(|fault| fault.span.start);
        report_some(&RULE.info, health, &faults, findings, |fault| {
            Ok(with_regenerate_help(plugin, health, &fault.span, health.to_diagnostic(&RULE.info, fault)))
        })?;
    }
    Ok(())
}

/// Looks up the files and the program of a probe.
struct Reader<'r, 's> {
    plugin: &'r Plugin,
    places: &'r mut Places<'s>,
    faults: &'r mut Vec<Problem>,
}

impl Reader<'_, '_> {
    /// Checks the files that must exist, or must not.
    fn files(&mut self, probe: &Probe) -> Result<()> {
        for file in probe.files() {
            let Some(node) = self.find(&Spanned { value: file.path.clone(), span: file.span.clone() })?
            else {
                continue;
            };
            let what = match (file.role, &probe.check) {
                (Role::Input, _) => "reads",
                (Role::Program, Probes::Wasm { .. }) => "loads",
                (Role::Program, _) => "runs",
                (Role::Argument, _) => continue,
            };
            if !matches!(node.object.mode, Mode::File | Mode::Executable) {
                let message =
                    format!("the probe {what} `{}`, which is {}", shown(&file.path), node.object.mode.kind());
                self.faults.push(problem(&file.span, message, "name a regular file"));
            }
        }
        if let Probes::File { path, exists: false } = &probe.check
            && let Some(place) = resolve(&self.plugin.directory, &path.value)
            && self.places.find(&place)?.is_some()
        {
            let message = format!("the probe fails if `{}` exists, and it exists", shown(&path.value));
            self.faults.push(problem(&path.span, message, "remove the file, or write `exists: true`"));
        }
        Ok(())
    }

    /// Checks that the program is an executable of the plugin, or is looked up by name.
    fn program(&mut self, probe: &Probe) -> Result<()> {
        let Some(program) = probe.program() else { return Ok(()) };
        let word = program.value.as_str();
        let is_drive = word.as_bytes().get(1) == Some(&b':');
        if word.starts_with(['/', '\\', '~']) || is_drive {
            let message =
                format!("the probe runs `{}`, whose location differs between machines", shown(word));
            let help = "write the program name only, or its path in the plugin directory";
            self.faults.push(problem(&program.span, message, help));
            return Ok(());
        }
        let Some(place) = resolve(&self.plugin.directory, word).filter(|_| word.contains('/')) else {
            return Ok(());
        };
        let node = self.places.find(&place)?;
        if let Some(Node { path, .. }) = node.filter(|node| node.object.mode == Mode::File) {
            let message = format!("the probe runs `{}`, which is not executable", shown(word));
            let path = artifact::shell::word(path.as_bytes());
            let command = format!("chmod +x {path} && git update-index --chmod=+x {path}");
            let help = format!("name its interpreter, or make it executable: {command}");
            self.faults.push(problem(&program.span, message, help));
        }
        Ok(())
    }

    /// Returns the file of the plugin at a path, and reports a missing one.
    fn find(&mut self, file: &Spanned<String>) -> Result<Option<Node>> {
        let inside = |place: &RepoPath| {
            let rest = place.as_bytes().strip_prefix(self.plugin.directory.as_bytes());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
        };
        let written = shown(&file.value);
        let Some(place) = resolve(&self.plugin.directory, &file.value).filter(inside) else {
            let message = format!(
                "the probe uses `{written}`, which is outside of {}",
                display_path(&self.plugin.directory)
            );
            self.faults.push(problem(
                &file.span,
                message,
                "use a file of the plugin: it is installed without the rest of the repository",
            ));
            return Ok(None);
        };
        let node = self.places.find(&place)?;
        if node.is_none() {
            let message = format!("the probe uses `{written}`, but {} does not exist", display_path(&place));
            let help = match self.places.case_variant(&place)? {
                Some(variant) => format!("did you mean {}? names are case-sensitive", display_path(&variant)),
                None => "add the file, or fix the probe".into(),
            };
            self.faults.push(problem(&file.span, message, help));
        }
        Ok(node)
    }
}
