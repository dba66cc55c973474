//! Health probes can be run.

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

use super::words::{Places, made_again, name, problem, shown, tell_some};

/// `DOC003` probe-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::PROBE_INVALID,
        summary: "health probes can be run",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
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
        // A probe starts the plugin and then runs it.
        let number = |section, name| texts.frozen.as_ref()?.number(section, name);
        if let Some(longest) = number(Section::Security, "execution_timeout_ms") {
            let startup = number(Section::Performance, "startup_ms").unwrap_or(DEFAULT_TIMEOUT_MS).max(1);
            for timeout in health.read.probes.iter().filter_map(|probe| probe.timeout_ms.as_ref()) {
                if timeout.value > longest.saturating_add(startup) {
                    faults.push(problem(
                        &timeout.span,
                        format!(
                            "the probe may take {} ms, and the plugin {startup} ms to start and {longest} ms to run",
                            timeout.value
                        ),
                        "give it less time",
                    ));
                }
            }
        }
        faults.sort_by_key(|fault| fault.span.start);
        tell_some(&RULE.info, health, &faults, findings, |fault| {
            Ok(made_again(plugin, health, &fault.span, health.to_diagnostic(&RULE.info, fault)))
        })?;
    }
    Ok(())
}

/// Looks for what a probe needs.
struct Reader<'r, 's> {
    plugin: &'r Plugin,
    places: &'r mut Places<'s>,
    faults: &'r mut Vec<Problem>,
}

impl Reader<'_, '_> {
    /// The files that must be there, or must not.
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
                self.faults.push(problem(&file.span, message, "name a file"));
            }
        }
        if let Probes::File { path, exists: false } = &probe.check
            && let Some(place) = resolve(&self.plugin.directory, &path.value)
            && self.places.find(&place)?.is_some()
        {
            let message = format!("the probe fails where `{}` stands, and it does", shown(&path.value));
            self.faults.push(problem(&path.span, message, "remove the file, or expect it: `exists: true`"));
        }
        Ok(())
    }

    /// The program is one of the plugin's that can be run, or one that is looked for.
    fn program(&mut self, probe: &Probe) -> Result<()> {
        let Some(program) = probe.program() else { return Ok(()) };
        let word = program.value.as_str();
        let is_drive = word.as_bytes().get(1) == Some(&b':');
        if word.starts_with(['/', '\\', '~']) || is_drive {
            let message = format!("the probe runs `{}`, which lies elsewhere on every machine", shown(word));
            let help = "name the program alone, or by its path in the plugin's folder";
            self.faults.push(problem(&program.span, message, help));
            return Ok(());
        }
        let Some(place) = resolve(&self.plugin.directory, word).filter(|_| word.contains('/')) else {
            return Ok(());
        };
        let node = self.places.find(&place)?;
        if let Some(Node { path, .. }) = node.filter(|node| node.object.mode == Mode::File) {
            let message = format!("the probe runs `{}`, which is not executable", shown(word));
            let help = format!("git update-index --chmod=+x {}, or name what runs it", name(&path));
            self.faults.push(problem(&program.span, message, help));
        }
        Ok(())
    }

    /// Returns what stands where the plugin's file shall be; says so where nothing does.
    fn find(&mut self, file: &Spanned<String>) -> Result<Option<Node>> {
        let inside = |place: &RepoPath| {
            let rest = place.as_bytes().strip_prefix(self.plugin.directory.as_bytes());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
        };
        let written = shown(&file.value);
        let Some(place) = resolve(&self.plugin.directory, &file.value).filter(inside) else {
            let message = format!(
                "the probe needs `{written}`, which lies outside of {}",
                name(&self.plugin.directory)
            );
            self.faults.push(problem(
                &file.span,
                message,
                "a plugin is judged and published by itself: name a file of it",
            ));
            return Ok(None);
        };
        let node = self.places.find(&place)?;
        if node.is_none() {
            let message = format!("the probe needs `{written}`, and nothing stands at {}", name(&place));
            let help = match self.places.twin(&place)? {
                Some(twin) => format!("it is written {}: case counts", name(&twin)),
                None => "add the file, or mend the probe".into(),
            };
            self.faults.push(problem(&file.span, message, help));
        }
        Ok(node)
    }
}
