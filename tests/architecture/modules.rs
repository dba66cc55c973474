//! The module graph of a crate, from the `use` declarations and inline paths of its files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A module by its path inside the crate; the root is empty.
type Module = Vec<String>;

/// The modules of a crate, and the modules that each uses.
pub(crate) struct Modules {
    files: BTreeMap<Module, File>,
}

#[derive(Default)]
struct File {
    /// The names that the file imports or re-exports, each with its path as written.
    imports: BTreeMap<String, Vec<String>>,
    /// Every other path of the file that begins with `crate`, `super`, `self` or an imported name.
    inline: BTreeSet<Vec<String>>,
}

impl Modules {
    /// Reads the files of a crate. Tests and `main.rs` are left out.
    pub(crate) fn read(source: &Path) -> Modules {
        let mut files = BTreeMap::new();
        for path in super::sources(source) {
            let inside = path.strip_prefix(source).unwrap();
            let Some(module) = module_of(inside).filter(|module| !module.iter().any(|part| part == "tests"))
            else {
                continue;
            };
            files.insert(module, File::read(&std::fs::read_to_string(&path).unwrap()));
        }
        Modules { files }
    }

    /// Returns the uses of one module by another, without those of a parent by its child and those of the root.
    pub(crate) fn edges(&self) -> BTreeSet<(String, String)> {
        let mut edges = BTreeSet::new();
        for (module, file) in self.files.iter().filter(|(module, _)| !module.is_empty()) {
            let inline = file.inline.iter().filter_map(|path| self.resolve(module, path, 0));
            let imported = file.imports.values().filter_map(|path| {
                let target = self.resolve(module, path, 0)?;
                // Of an imported module the paths through it count, where there are any.
                let is_module =
                    self.absolute(module, path).is_some_and(|path| self.files.contains_key(&path));
                let name = path.last()?;
                let is_used = file.inline.iter().any(|inline| inline[0] == *name && inline.len() > 1);
                (!(is_module && is_used)).then_some(target)
            });
            for target in inline.chain(imported) {
                let is_parent = module[..module.len() - 1] == target[..];
                if target != *module && !is_parent && !target.is_empty() {
                    edges.insert((module.join("::"), target.join("::")));
                }
            }
        }
        edges
    }

    /// Returns a path as written in a module from the root of the crate; `None` for a path to another crate.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Module> {
        let mut from: Module = match path[0].as_str() {
            "crate" => Vec::new(),
            "self" => module.clone(),
            "super" => module[..module.len().checked_sub(1)?].to_vec(),
            // A path that begins with a child module or an imported name.
            first => {
                let child: Module = module.iter().cloned().chain([first.to_string()]).collect();
                if self.files.contains_key(&child) {
                    module.iter().cloned().chain(path.iter().cloned()).collect()
                } else {
                    let import = self.files.get(module)?.imports.get(first)?;
                    // A name that is imported through itself is the name of another crate.
                    if import[0] == first {
                        return None;
                    }
                    let mut full = self.absolute(module, import)?;
                    full.extend(path[1..].iter().cloned());
                    return Some(full);
                }
            }
        };
        if matches!(path[0].as_str(), "crate" | "self" | "super") {
            for part in &path[1..] {
                if part == "super" {
                    from.pop();
                } else {
                    from.push(part.clone());
                }
            }
        }
        Some(from)
    }

    /// Finds the module that defines the item of a path, through re-exports.
    fn resolve(&self, module: &Module, path: &[String], depth: usize) -> Option<Module> {
        let full = self.absolute(module, path)?;
        let length = (0..=full.len()).rev().find(|length| self.files.contains_key(&full[..*length]))?;
        let (found, rest) = (full[..length].to_vec(), &full[length..]);
        if let Some(item) = rest.first()
            && depth < 8
            && let Some(import) = self.files[&found].imports.get(item)
            && let Some(target) = self.resolve(&found, import, depth + 1)
        {
            return Some(target);
        }
        Some(found)
    }
}

/// Returns the module of a file by its path below `src`; `None` for `main.rs`.
fn module_of(inside: &Path) -> Option<Module> {
    let mut parts: Vec<String> =
        inside.iter().map(|part| part.to_str().unwrap().trim_end_matches(".rs").to_string()).collect();
    match parts.last()?.as_str() {
        "main" => return None,
        "lib" | "mod" => drop(parts.pop()),
        _ => {}
    }
    Some(parts)
}

impl File {
    fn read(text: &str) -> File {
        let mut code = String::new();
        for line in text.lines() {
            if line == "#[cfg(test)]" {
                break;
            }
            let line = line.split("//").next().unwrap_or_default();
            // A visibility names a module and uses nothing of it.
            let (before, after) = line.split_once("pub(in ").map_or((line, ""), |(before, visibility)| {
                (before, visibility.split_once(") ").map_or("", |(_, after)| after))
            });
            code += before;
            code += after;
            code.push('\n');
        }
        let mut file = File::default();
        let mut rest = String::new();
        // Declarations end with `;`, and begin a line.
        let mut lines = code.lines();
        while let Some(line) = lines.next() {
            let start = line.trim_start();
            let declaration = ["use ", "pub use ", "pub(crate) use ", "pub(super) use "]
                .into_iter()
                .find_map(|head| start.strip_prefix(head));
            let Some(declaration) = declaration else {
                rest += line;
                rest.push('\n');
                continue;
            };
            let mut declaration = declaration.to_string();
            while !declaration.contains(';') {
                let Some(line) = lines.next() else { break };
                declaration += line.trim();
            }
            expand(declaration.trim_end_matches(';').trim(), &mut Vec::new(), &mut file.imports);
        }
        file.inline = inline_paths(&rest);
        file
    }
}

/// Expands a `use` tree into names and their paths.
fn expand(tree: &str, prefix: &mut Vec<String>, imports: &mut BTreeMap<String, Vec<String>>) {
    let length = prefix.len();
    let mut rest = tree.trim();
    loop {
        if let Some(group) = rest.strip_prefix('{') {
            for part in split(group.trim_end_matches('}')) {
                expand(part, prefix, imports);
            }
            break;
        }
        let Some((head, tail)) = rest.split_once("::") else {
            let (path, name) = rest.split_once(" as ").unwrap_or((rest, rest));
            let (path, name) = (path.trim(), name.trim());
            let mut full = prefix.clone();
            if path != "self" {
                full.push(path.to_string());
            }
            let name =
                if name == "self" { full.last().cloned().unwrap_or_default() } else { name.to_string() };
            // Names without a meaning of their own still import the module.
            let name = if name == "_" || name == "*" { format!("{name}{}", imports.len()) } else { name };
            imports.insert(name, full);
            break;
        };
        prefix.push(head.trim().to_string());
        rest = tail;
    }
    prefix.truncate(length);
}

/// Splits a group at its top-level commas.
fn split(group: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&group[start..]);
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// Returns every path of two or more parts in code.
fn inline_paths(code: &str) -> BTreeSet<Vec<String>> {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let mut found = BTreeSet::new();
    for token in code.split(|character: char| !is_part(character) && character != ':') {
        let parts: Vec<String> =
            token.trim_matches(':').split("::").filter(|part| !part.is_empty()).map(String::from).collect();
        if parts.len() > 1 && parts.iter().all(|part| part.chars().all(is_part)) {
            found.insert(parts);
        }
    }
    found
}

/// Finds a cycle among edges: the modules on it, in order.
pub(crate) fn cycle(edges: &BTreeSet<(String, String)>) -> Option<Vec<String>> {
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, to) in edges {
        next.entry(from).or_default().push(to);
    }
    let mut finished: BTreeSet<&str> = BTreeSet::new();
    for &start in next.keys() {
        let mut way: Vec<(&str, usize)> = vec![(start, 0)];
        while let Some((module, at)) = way.pop() {
            if finished.contains(module) {
                continue;
            }
            let Some(&to) = next.get(module).and_then(|targets| targets.get(at)) else {
                finished.insert(module);
                continue;
            };
            way.push((module, at + 1));
            if let Some(from) = way.iter().position(|(known, _)| *known == to) {
                return Some(way[from..].iter().map(|(module, _)| module.to_string()).collect());
            }
            way.push((to, 0));
        }
    }
    None
}

/// Returns where the sources of a crate are.
pub(crate) fn source_of(crates: &Path, name: &str) -> PathBuf {
    crates.join(name).join("src")
}
