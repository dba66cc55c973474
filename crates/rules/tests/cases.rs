//! The cases beside the rules: `src/<family>/<rule>/cases/*.txt`, each a plain text file.
//!
//! A case begins with a line of prose. Then come files, as `-- base/PATH --` and `-- head/PATH --` for a change, or `-- 1/PATH --`,
//! `-- 2/PATH --` … for a history; each tree begins as a copy of the one before it. `mode=120000` sets a mode, `unterminated`
//! removes the last line feed, `absent` the file, and `fault=duplicate` forges the tree object. The derived files of a plugin are generated,
//! unless a case contains them or marks them `absent`, and `{{content_sha256}}` in recorded results becomes the digest of the plugin. `-- whole/PATH --` is checked as a full tree, without a change;
//! `-- tag NAME --` contains a tag object, `lightweight` only the object that it names; and `-- coverage lcov --` a report
//! of what tests ran, in that form or as `cobertura`. Last comes `-- expected --`: the findings of the rule itself, one per line,
//! `CODE PATH:LINE:COLUMN MESSAGE`, with `waived` before it where a waiver covers it, and `known` where the list of known findings contains it. `-- expected all --` lists the findings of every rule instead,
//! for a case about how rules work together. `BLESS=1 cargo nextest run -p rules` writes what is found there; read the diff as code.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot be set up has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use diagnostic::{CheckError, Diagnostic, Status};
use documents::budget::RESULTS;
use documents::coverage::{Coverage, read};
use engine::{
    CoverageReports, CustomInput, CustomResult, FullTreeRequest, PlacedTags, TreesRequest, audit_trees,
    check_full_tree, check_tags, check_trees,
};
use ledger::files::InSnapshot;
use plugin_files::{DERIVED, MANIFEST, PluginFiles, SnapshotSource, derive, digest_without};
use policy::{Date, Policy};
use registry::tags::{TagState, recorded};
use rules::ALL;
use snapshot::{Fault, FaultKind, Memory, Mode, ObjectId, RepoPath};

/// Replaced by the digest of the plugin in its recorded results.
const CONTENT: &str = "{{content_sha256}}";

#[derive(Default)]
struct Case {
    head: String,
    trees: BTreeMap<String, Tree>,
    tags: BTreeMap<String, TagState>,
    coverage: Vec<Coverage>,
    /// Whether the findings of other rules are expected, too.
    expects_all: bool,
    expected: String,
}

#[derive(Default, Clone)]
struct Tree {
    files: BTreeMap<String, (Mode, String)>,
    /// The files that a case marks as missing, though they would be derived.
    absent: BTreeSet<String>,
    faults: Vec<(RepoPath, Fault)>,
}

impl Tree {
    fn memory(&self) -> Memory {
        let mut memory = Memory::new();
        for (path, (mode, content)) in &self.files {
            memory.insert(RepoPath::from(path.as_str()), *mode, content.clone().into_bytes());
        }
        memory
    }

    /// The tree, with the derived files that the case does not define.
    fn derived_memory(&self) -> Memory {
        let mut memory = self.memory();
        for (path, content) in self.derived(&memory) {
            memory.insert(RepoPath::from(path.as_str()), Mode::File, content);
        }
        memory
    }

    /// Generates the derived files of the plugins that the case does not define.
    fn derived(&self, memory: &Memory) -> Vec<(String, Vec<u8>)> {
        let policy = Policy::load(memory).or_else(|_| Policy::load(&Memory::new())).unwrap();
        let mut found = Vec::new();
        for (path, (mode, text)) in self.files.iter().filter(|(path, _)| path.ends_with("/plugin.spec.json"))
        {
            let directory = path.trim_end_matches("/plugin.spec.json");
            let is_defined = |inside: &str| {
                let path = format!("{directory}/{inside}");
                self.files.contains_key(&path) || self.absent.contains(&path)
            };
            let limits = artifact::Limits::default();
            let value = artifact::parse(artifact::Syntax::Json, text.as_bytes(), &limits).ok();
            let spec = value
                .as_ref()
                .and_then(artifact::PluginSpec::read)
                .filter(|_| mode.kind() == snapshot::Kind::File);
            // An invalid spec still gets derived files.
            let spec = spec.unwrap_or_default();
            let mut current =
                PluginFiles::find(memory, &RepoPath::from(directory)).unwrap().unwrap_or_default();
            for (inside, text) in
                derive(&current.clone(), &spec, SnapshotSource::KeepIfCurrent(&policy)).files
            {
                if DERIVED.contains(&inside.as_str()) && !is_defined(&inside) {
                    found.push((format!("{directory}/{inside}"), text.clone()));
                    current.files.insert(inside, text);
                }
            }
            if let Some(results) = current.text(RESULTS).filter(|text| text.contains(CONTENT)) {
                let content = digest_without(&current, &spec, RESULTS).unwrap();
                let text = results.replace(CONTENT, &content).into_bytes();
                current.files.insert(RESULTS.into(), text.clone());
                found.push((format!("{directory}/{RESULTS}"), text));
            }
            // The manifest comes last: it lists the other files.
            if !is_defined(MANIFEST) {
                let made =
                    derive(&current.clone(), &spec, SnapshotSource::Existing).files.remove(MANIFEST).unwrap();
                found.push((format!("{directory}/{MANIFEST}"), made));
            }
        }
        found
    }
}

fn parse(text: &str) -> Case {
    let mut case = Case::default();
    let mut sections: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("-- ").and_then(|line| line.trim_end().strip_suffix(" --")) {
            Some(head) => sections.push((head.into(), String::new())),
            None => sections.iter_mut().next_back().into_iter().for_each(|(_, body)| body.push_str(line)),
        }
    }
    let expected = sections.pop().expect("a case ends in what is expected");
    case.expects_all = expected.0 == "expected all";
    assert!(case.expects_all || expected.0 == "expected", "a case ends in what is expected: {}", expected.0);
    case.expected = expected.1;
    case.head = text[..text.len() - case.expected.len()].into();
    for (head, body) in sections {
        if let Some(tag) = head.strip_prefix("tag ") {
            let (name, lightweight) = match tag.strip_suffix(" lightweight") {
                Some(name) => (name, true),
                None => (tag, false),
            };
            let object = body.lines().next().and_then(|line| line.strip_prefix("object ")).unwrap();
            let commit = ObjectId::from_hex(object.as_bytes()).unwrap();
            let id = if lightweight { commit } else { ObjectId::from_hex(&[b'7'; 64]).unwrap() };
            let object = (!lightweight).then(|| body.into_bytes());
            case.tags.insert(name.into(), TagState { id, commit: Some(commit), object, lightweight });
            continue;
        }
        if matches!(head.as_str(), "coverage lcov" | "coverage cobertura") {
            case.coverage.push(read(body.as_bytes()).unwrap());
            continue;
        }
        let mut words = head.split(' ');
        let (step, path) = words.next().and_then(|place| place.split_once('/')).expect("`step/path`");
        if !case.trees.contains_key(step) {
            let before = case.trees.values().next_back().cloned().unwrap_or_default();
            let tree = Tree { faults: Vec::new(), ..before };
            case.trees.insert(step.into(), tree);
        }
        let tree = case.trees.get_mut(step).expect("it was just inserted");
        let mut mode = Mode::File;
        let mut body = body;
        for word in words {
            match word.split_once('=') {
                None if word == "absent" => {
                    let is_derived = DERIVED.iter().any(|inside| path.ends_with(&format!("/{inside}")));
                    let existed = tree.files.remove(path).is_some();
                    assert!(existed || is_derived, "{path} is not there to be absent");
                    tree.absent.insert(path.into());
                    body.clear();
                }
                None if word == "unterminated" => body.truncate(body.trim_end_matches('\n').len()),
                Some(("mode", octal)) => {
                    mode = Mode::from_raw(u32::from_str_radix(octal, 8).unwrap()).unwrap();
                    if mode.kind() != snapshot::Kind::File {
                        body = body.trim_end().into();
                    }
                }
                Some(("fault", kind)) => {
                    let kind = match kind {
                        "duplicate" => FaultKind::Duplicate,
                        "unsorted" => FaultKind::Unsorted,
                        "unsafe" => FaultKind::Unsafe,
                        _ => FaultKind::UnknownMode,
                    };
                    let path = RepoPath::from(path);
                    tree.faults.push((path.parent(), Fault { name: path.name().to_vec(), kind }));
                }
                _ => panic!("unknown word {word:?}"),
            }
        }
        if !head.ends_with(" absent") {
            tree.files.insert(path.into(), (mode, body));
        }
    }
    case
}

fn case_line(finding: &Diagnostic) -> String {
    let accepted = match finding.status {
        _ if finding.waived_by.is_some() => "waived ",
        Status::Known => "known ",
        _ => "",
    };
    let place = finding.location.as_ref().map_or_else(String::new, |location| {
        let path = String::from_utf8_lossy(location.path.as_bytes()).into_owned();
        match location.span {
            Some(span) => format!("{path}:{}:{}", span.start.line, span.start.column),
            None => path,
        }
    });
    format!("{accepted}{} {place} {}\n", finding.rule.id.code, finding.message)
}

/// The real engine, in this process.
fn custom(
    document: &policy::PackDocument,
    _: &Policy,
    inputs: &[CustomInput],
) -> Result<Vec<CustomResult>, CheckError> {
    let text = |path: &RepoPath| String::from_utf8_lossy(path.as_bytes()).into_owned();
    let source = |(path, rules): &(RepoPath, String)| rego::Source { path: text(path), text: rules.clone() };
    let input = |input: &CustomInput| rego::Input {
        path: text(&input.path),
        value: schema::json(&input.value),
        data: input.data.as_ref().map(schema::json),
    };
    let request = rego::Request {
        data: document.data.iter().map(|(_, value)| schema::json(value)).collect(),
        namespaces: document.namespaces.clone(),
        combine: document.combine,
        ..rego::Request::new(document.rules.iter().map(source).collect(), inputs.iter().map(input).collect())
    };
    let reply = rego::evaluate_in_process(rego::Job::Evaluate(request), &rego::Limits::default()).unwrap();
    let rego::Reply::Evaluated(answer) = reply else { unreachable!("it was asked to evaluate") };
    let results = answer.results.into_iter().map(|result| CustomResult {
        input: result.input,
        denies: result.level == rego::Level::Deny,
        rule: result.rule,
        name: result.name,
        message: result.message,
        pointer: result.pointer,
        help: result.help,
    });
    Ok(results.collect())
}

/// Every finding of every case has a help that is not empty.
#[test]
fn every_finding_has_a_help() {
    let mut without = BTreeSet::new();
    for directory in rule_directories() {
        for entry in std::fs::read_dir(directory.join("cases")).unwrap() {
            let path = entry.unwrap().path();
            for finding in run(&parse(&std::fs::read_to_string(&path).unwrap())) {
                if finding.help.is_empty() || finding.help.iter().any(|help| help.trim().is_empty()) {
                    without.insert(format!("{} {}", finding.rule.id.code, finding.message));
                }
            }
        }
    }
    assert!(without.is_empty(), "{without:#?}");
}

/// What a case of the rule `code` finds, a finding per line.
fn found_lines(case: &Case, code: &str) -> String {
    let findings = run(case);
    findings
        .iter()
        .filter(|finding| case.expects_all || finding.rule.id.code == code)
        .map(case_line)
        .collect()
}

fn run(case: &Case) -> Vec<Diagnostic> {
    let today = Date::parse("2026-11-21").unwrap();
    let empty = Tree::default();
    let coverage = CoverageReports { reports: &case.coverage, roots: &[] };
    if let Some(tree) = case.trees.get("whole") {
        let memory = tree.memory();
        // Without a base, the policy is that of the tree itself.
        let policy = Policy::load(&memory).or_else(|_| Policy::load(&empty.memory())).unwrap();
        let request = FullTreeRequest {
            rules: ALL,
            head: &memory,
            policy: &policy,
            policy_name: "-".into(),
            today,
            is_merged: true,
            published: &|_| None,
            known_index: &|| None,
            custom: &custom,
            coverage,
        };
        return check_full_tree(&request).unwrap().0.findings;
    }
    if !case.tags.is_empty() {
        let memory = case.trees["head"].memory();
        let files = InSnapshot(&memory);
        let policy = Policy::load(&memory).unwrap();
        let places = [PlacedTags { place: "here", is_here: true, found: &case.tags }];
        return check_tags(ALL, &files, &recorded(&files).unwrap(), &places, &policy, today).unwrap();
    }
    if case.trees.contains_key("1") {
        let trees: Vec<Memory> = case.trees.values().map(Tree::derived_memory).collect();
        let policy = Policy::load(&trees[trees.len() - 1]).unwrap();
        return audit_trees(ALL, &policy, &trees, today).unwrap();
    }
    let base = case.trees.get("base").unwrap_or(&empty);
    let head = case.trees.get("head").expect("a change has a head");
    // A registry names the tree of the plugins, so they are taken as the case writes them.
    let is_registered = head.files.contains_key("ids/registry.yaml");
    let open = if is_registered { Tree::memory } else { Tree::derived_memory };
    let (before, after) = (open(base), open(head));
    let policy = Policy::load(&before).unwrap();
    let request = TreesRequest { rules: ALL, policy: &policy, today, custom: &custom, coverage };
    check_trees(&request, &before, &after, &head.faults).unwrap()
}

fn rule_directories() -> Vec<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let directories = |path: &Path| -> Vec<PathBuf> {
        let mut found: Vec<_> = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        found.retain(|path| path.is_dir());
        found.sort();
        found
    };
    directories(&source)
        .iter()
        .flat_map(|family| directories(family))
        .filter(|directory| directory.join("README.md").exists())
        .collect()
}

fn name_of(directory: &Path) -> String {
    directory.file_name().unwrap().to_str().unwrap().replace('_', "-")
}

#[test]
fn every_case_finds_what_it_expects() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = String::new();
    let mut count = 0;
    for directory in rule_directories() {
        let name = name_of(&directory);
        let rule = ALL.iter().find(|rule| rule.info.id.name == name).expect("each directory is a rule's");
        for entry in std::fs::read_dir(directory.join("cases")).unwrap() {
            let path = entry.unwrap().path();
            let case = parse(&std::fs::read_to_string(&path).unwrap());
            let found = found_lines(&case, rule.info.id.code);
            count += 1;
            if found != case.expected {
                wrong += &format!("{}\nexpected:\n{}found:\n{found}\n", path.display(), case.expected);
                if bless {
                    std::fs::write(&path, format!("{}{found}", case.head)).unwrap();
                }
            }
        }
    }
    assert!(count > ALL.len(), "the cases were found");
    assert!(wrong.is_empty(), "{wrong}");
}

/// Architecture, invariant 5: every code is unique, documented, shown failing and shown passing.
#[test]
fn every_rule_has_a_directory_and_both_kinds_of_cases() {
    let directories: BTreeMap<String, PathBuf> =
        rule_directories().into_iter().map(|directory| (name_of(&directory), directory)).collect();
    let listed: BTreeSet<String> = ALL.iter().map(|rule| rule.info.id.name.to_string()).collect();
    assert_eq!(directories.keys().cloned().collect::<BTreeSet<_>>(), listed, "directories and list agree");
    for rule in ALL {
        let (code, name) = (rule.info.id.code, rule.info.id.name);
        assert!(!rule.info.summary.ends_with('.'), "{code}: a summary has no full stop");
        let cases: Vec<String> = std::fs::read_dir(directories[name].join("cases"))
            .unwrap()
            .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
            .collect();
        let fails = |text: &&String| {
            parse(text).expected.lines().any(|line| line.trim_start_matches("waived ").starts_with(code))
        };
        assert!(cases.iter().any(|text| fails(&text)), "{code} is shown failing");
        assert!(cases.iter().any(|text| !fails(&text)), "{code} is shown passing");
        for text in &cases {
            assert!(!text.starts_with("--"), "{code}: a case begins with prose");
        }
    }
}
