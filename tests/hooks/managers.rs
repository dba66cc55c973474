//! Hook managers: pre-commit, prek and lefthook, set up as documented.

use std::path::PathBuf;

use super::place::{CARD, EDITED, Place, program, project};

/// A file that the page shows, by its language and a part of its text.
fn shown(language: &str, line: &str) -> String {
    let page = std::fs::read_to_string(project().join("docs/how-to/hooks.md")).unwrap();
    let begin = format!("```{language}\n");
    let mut blocks = page.split(&begin).skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.find(|block| block.contains(line)).unwrap().to_string()
}

/// A directory in which a hook manager runs, with the wheel and an index to install from.
struct Managed {
    place: Place,
    manager: String,
}

impl Managed {
    /// `None`, after printing the reason, if the manager cannot run.
    fn begin(manager: &str) -> Option<Managed> {
        let own = project().join("target/ci-tools/venv/bin");
        let path = format!("{}:{}", std::env::var("PATH").unwrap(), own.display());
        let Some(found) = program(&path, manager) else {
            crate::support::skip(&format!("{manager} is not installed"));
            return None;
        };
        let mut place = Place::begun();
        for name in ["pre-commit", "pre-push"] {
            std::fs::remove_file(place.at("clone/.git/hooks").join(name)).unwrap();
        }
        if manager != "lefthook" {
            place.also = wheels()?;
            // The tools come with the wheel, and from nowhere else.
            place.path = std::env::var("PATH").unwrap();
        }
        let manager = found.to_str().unwrap().to_string();
        Some(Managed { place, manager })
    }

    /// A repository with the installed part of this one, and its commit.
    fn hooks(&self) -> (String, String) {
        let place = &self.place;
        let path = place.at("hooks");
        std::fs::create_dir_all(&path).unwrap();
        for name in [".pre-commit-hooks.yaml", "pyproject.toml"] {
            std::fs::copy(project().join(name), path.join(name)).unwrap();
        }
        let git = |arguments: &[&str]| place.run(&path, "git", arguments).well().trim().to_string();
        git(&["init", "--quiet"]);
        git(&["add", "--all"]);
        git(&["commit", "--quiet", "--message", "hooks"]);
        (format!("file://{}", path.display()), git(&["rev-parse", "HEAD"]))
    }

    /// Installs the hooks of a configuration; returns `false`, after printing the reason, without an index to install from.
    fn install(&self, file: &str, text: &str) -> bool {
        let place = &self.place;
        place.write(file, text);
        place.force("hooks");
        place.push(&["--no-verify", "origin", "main"]).silent();
        let run = |arguments: &[&str]| place.run(&place.clone(), &self.manager, arguments);
        run(&["install"]).well();
        if file != "lefthook.yml" {
            let installed = run(&["install-hooks"]);
            let lacking = ["found for setuptools", "Failed to install uv", "Failed to fetch"];
            if !installed.well && lacking.iter().any(|message| installed.text.contains(message)) {
                crate::support::skip("the package index cannot be reached");
                return false;
            }
            installed.well();
        }
        true
    }

    /// Checks what every manager must do.
    fn check_refusals(&self) {
        let place = &self.place;
        place.branch("good");
        place.write("notes/good.md", "# Notes\n");
        place.commit("notes").well();
        place.push(&["origin", "good"]).well();
        place.edit(CARD);
        place.write("NOTES.md", "# Notes\n");
        place.git(&["add", "NOTES.md"]).silent();
        let before = place.state();
        for arguments in [&["--all"][..], &[CARD]] {
            place.git(&[&["commit", "--message", "edit"], arguments].concat()).refused(&[EDITED, "1 error,"]);
            assert_eq!(place.state(), before, "{arguments:?}");
        }
        // Only in the working tree.
        place.git(&["commit", "--message", "notes"]).well();
        place.git(&["add", CARD]).silent();
        place.git(&["commit", "--message", "edit"]).refused(&[EDITED, " 1 error, 0 warnings in "]);
        place.force("edit");
        place.push(&["origin", "good"]).refused(&[EDITED, "against "]);
        place.push(&["origin", "good:refs/heads/bad"]).refused(&[EDITED, "against "]);
        place.push(&["origin", "good:main"]).refused(&[EDITED]);
        place.push(&["origin", "good~1:refs/heads/fine", "good~1:refs/tags/v1"]).well();
        place.push(&["origin", "--delete", "fine"]).well();
        // To a remote of which nothing is known, and from a branch that the mainline was merged into.
        place.moves_on();
        let [empty, other] = ["empty.git", "other.git"].map(|name| place.remote(name));
        place.git(&["remote", "add", "empty", &empty]).silent();
        place.push(&["empty", "main"]).well();
        if !self.manager.ends_with("prek") {
            // prek asks nobody where no commit is new.
            place.push(&["--force", "origin", "main~1:main"]).refused(&["error[LED001]"]);
        }
        place.git(&["switch", "--quiet", "--create", "later", "good~1"]).silent();
        place.git(&["merge", "--quiet", "--no-edit", "main"]).silent();
        place.push(&["origin", "later:refs/heads/good"]).well();
        place.push(&["origin", "later"]).well();
        place.push(&[&other, "good:refs/heads/bad"]).refused(&[EDITED]);
        place.push(&[&other, "later"]).well();
    }
}

/// The settings with which pip and uv find the wheel of this tree; everything else comes from the package index of the machine.
fn wheels() -> Option<Vec<(String, String)>> {
    let folder = std::env::var("ID_GUARD_WHEELS").ok().map(PathBuf::from).filter(|folder| {
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        entries
            .flatten()
            .any(|entry| entry.file_name().to_str().is_some_and(|name| name.starts_with("id_guard-")))
    });
    let Some(folder) = folder else {
        crate::support::skip("ID_GUARD_WHEELS is not a directory with a wheel of the tools");
        return None;
    };
    let folder = folder.canonicalize().unwrap();
    let of_packages = |name: &str| {
        let upper = name.to_ascii_uppercase();
        ["PIP_", "UV_", "SSL_"].iter().any(|begin| upper.starts_with(begin)) || upper.ends_with("_PROXY")
    };
    let mut also: Vec<(String, String)> = std::env::vars().filter(|(name, _)| of_packages(name)).collect();
    for (name, between) in [("PIP_FIND_LINKS", ' '), ("UV_FIND_LINKS", ',')] {
        let more = std::env::var(name).map(|more| format!("{between}{more}")).unwrap_or_default();
        also.retain(|(other, _)| other != name);
        also.push((name.into(), format!("{}{more}", folder.display())));
    }
    Some(also)
}

#[test]
fn pre_commit_uses_the_declared_hooks() {
    let path = format!(
        "{}:{}",
        std::env::var("PATH").unwrap(),
        project().join("target/ci-tools/venv/bin").display()
    );
    let Some(manager) = program(&path, "pre-commit") else {
        return crate::support::skip("pre-commit is not installed");
    };
    let manifest = project().join(".pre-commit-hooks.yaml");
    let place = Place::new();
    place
        .run(&place.at("home"), manager.to_str().unwrap(), &["validate-manifest", manifest.to_str().unwrap()])
        .silent();
}

#[test]
fn pre_commit_and_prek_install_the_wheel_and_refuse_the_same_commits() {
    for manager in ["pre-commit", "prek"] {
        let Some(managed) = Managed::begin(manager) else { continue };
        let (address, commit) = managed.hooks();
        let config =
            shown("yaml", "- id: id-guard-push").replace("https://github.com/OWNER/id-guard", &address);
        let config = config.replace("0123456789abcdef0123456789abcdef01234567", &commit);
        if managed.install(".pre-commit-config.yaml", &config) {
            managed.check_refusals();
        }
    }
}

#[test]
fn pre_commit_and_prek_work_as_local_hooks() {
    for manager in ["pre-commit", "prek"] {
        let Some(managed) = Managed::begin(manager) else { continue };
        if managed.install(".pre-commit-config.yaml", &shown("yaml", "repo: local")) {
            managed.check_refusals();
        }
    }
}

#[test]
fn lefthook_calls_the_program_on_the_path() {
    let Some(managed) = Managed::begin("lefthook") else { return };
    managed.place.write(".lefthook/pre-push/id-guard.sh", &shown("sh", "exec id-guard hook pre-push"));
    if managed.install("lefthook.yml", &shown("yaml", "assert_lefthook_installed")) {
        managed.check_refusals();
    }
}
