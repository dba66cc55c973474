//! The ledger's own figures: verification, proofs and appends of a long ledger, beside `openssl` and a plain Python script.

use std::path::{Path, PathBuf};
use std::process::Command;

use ledger::{Draft, EventType, Json, StateForm, Writer};

use super::measure::{self, Run};
use super::table::{self, Row};

/// What a person would write who knows Python: parse, write again, compare, hash, follow `prev`.
const PYTHON: &str = r#"
import hashlib, json, sys
last = {}
stack = []
for name in sys.argv[1:]:
    for number, line in enumerate(open(name, "rb")):
        line = line[:-1]
        event = json.loads(line)
        assert json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == line
        leaf = hashlib.sha256(b"\0" + line).digest()
        subject = event.get("subject_ulid")
        assert event.get("prev") == last.get(subject)
        last[subject] = leaf.hex()
        height, node = 0, leaf
        while stack and stack[-1][0] == height:
            node = hashlib.sha256(b"\1" + stack.pop()[1] + node).digest()
            height += 1
        stack.append((height, node))
"#;

/// How many events each identity of the generated ledger has.
const EVENTS_EACH: u64 = 4;

/// Generates the ledger, or takes the one that an earlier run generated.
fn repository(target: &Path, lines: u64) -> PathBuf {
    let path = target.join("bench").join(format!("sealed-ledger-{lines}"));
    if path.join("ready").is_file() {
        return path;
    }
    if path.exists() {
        std::fs::remove_dir_all(&path).unwrap();
    }
    println!("generating {} …", path.display());
    std::fs::create_dir_all(&path).unwrap();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.arg("-C").arg(&path).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.envs([("GIT_AUTHOR_NAME", "Ada"), ("GIT_AUTHOR_EMAIL", "ada@example.org")]);
        command.envs([("GIT_COMMITTER_NAME", "Ada"), ("GIT_COMMITTER_EMAIL", "ada@example.org")]);
        assert!(command.status().unwrap().success(), "git {arguments:?}");
    };
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["commit", "--quiet", "--allow-empty", "-m", "begin"]);
    generate(&path, lines);
    std::fs::write(path.join("ready"), "").unwrap();
    path
}

fn generate(path: &Path, lines: u64) {
    let lock = path.join(".git/id-guard-ledger.lock");
    let mut writer = Writer::open(&path.join(".ledger"), &lock, 0, None).unwrap();
    let draft = |kind: EventType, at: u64, payload: Vec<(&'static str, Json)>| Draft {
        kind,
        subject: (kind != EventType::Genesis).then(|| artifact::Ulid::of(1_700_000_000_000, subject(at))),
        src: Some(format!("{at:040x}")),
        time: 1_700_000_000 + i64::try_from(at).unwrap(),
        by: "octocat@example.org".into(),
        card_sha256: Some(ledger::sha256(&at.to_be_bytes())),
        att: None,
        payload,
        source_file: snapshot::RepoPath::root(),
        ordinal: 0,
    };
    let text = |text: String| Json::text(text);
    let genesis = vec![("keys", Json::List(Vec::new())), ("origin", Json::text("example.org/bench"))];
    writer.batch.append(&draft(EventType::Genesis, 0, genesis)).unwrap();
    for line in 1..lines {
        let (at, step) = (line / EVENTS_EACH, line % EVENTS_EACH);
        let version = |minor: u64| {
            let digest = ledger::sha256(&line.to_le_bytes());
            vec![
                ("version", text(format!("1.{minor}.0"))),
                ("sha256", text(digest.hex())),
                ("tree", text(format!("{line:040x}"))),
                ("tag", text(format!("plugin-p{at}-1.{minor}.0"))),
            ]
        };
        let (kind, payload) = match step {
            // The first identity has one event fewer: its place is GENESIS's.
            0 => (EventType::Create, born(at)),
            1 if at == 0 => (EventType::Create, born(at)),
            step => (EventType::Publish, version(step)),
        };
        writer.batch.append(&draft(kind, at, payload)).unwrap();
    }
    let (count, root) = writer.batch.read.machine.seal(StateForm::V2);
    let sealed = (StateForm::V2, i64::try_from(count).unwrap(), &*root.hex());
    writer.batch.append(&ledger::seal("example.org/bench", 1_800_000_000, sealed, lines)).unwrap();
    writer.commit("example.org/bench", &[]).unwrap();
}

fn born(at: u64) -> Vec<(&'static str, Json)> {
    vec![
        ("key", Json::text(format!("PLG_P{at}"))),
        ("kind", Json::text("plugin")),
        ("owner", Json::text("octocat@example.org")),
        ("path", Json::text(format!("plugins/p{at}"))),
    ]
}

fn subject(at: u64) -> [u8; 10] {
    let mut rest = [0; 10];
    rest[2..].copy_from_slice(&at.to_be_bytes());
    rest
}

/// Measures a ledger of `lines` lines; returns the table's name and the table.
pub(super) fn run(target: &Path, lines: u64, runs: usize) -> (String, String) {
    let path = repository(target, lines);
    let place = path.to_str().unwrap();
    let tool = target.join("release/id-ledger");
    let tool = tool.to_str().unwrap();
    let mut segments: Vec<String> = std::fs::read_dir(path.join(".ledger"))
        .unwrap()
        .map(|entry| entry.unwrap().path().to_str().unwrap().to_string())
        .filter(|name| name.ends_with(".jsonl"))
        .collect();
    segments.sort();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let bytes: u64 = segments.iter().map(|name| std::fs::metadata(name).unwrap().len()).sum();
    let ours = |arguments: &[&str]| Run::new(tool, &[arguments, &["--repo", place]].concat());
    let one_thread = |arguments: &[&str]| {
        Run::new("env", &[&["RAYON_NUM_THREADS=1", tool], arguments, &["--repo", place]].concat())
    };
    let openssl = || Run::new("openssl", &[&["dgst", "-sha256"], segments.as_slice()].concat());
    let some_line = format!("{}", lines / 3);
    let tiles = path.join("tiles");
    let tiles = tiles.to_str().unwrap();
    let size = format!("{}", lines + 1);
    let short = |arguments: &[&str], goal: &'static str| {
        let title = format!("`{}`: against `git --version`", arguments.join(" ").replace(tiles, "DIR"));
        Row::new(&title, measure::pair(&ours(arguments), &Run::new("git", &["--version"]), runs), 1.0, goal)
    };
    let rows = vec![
        Row::new(
            "root of all lines, one thread: against `openssl dgst -sha256` of the files",
            measure::pair(&one_thread(&["checkpoint", "root"]), &openssl(), runs),
            1.0,
            if lines >= 1_000_000 { "≤ 0.7 s" } else { "" },
        ),
        Row::new(
            "`verify`, one thread: against the same",
            measure::pair(&one_thread(&["verify"]), &openssl(), runs),
            1.0,
            if lines >= 1_000_000 { "≤ 4 s" } else { "≤ 2.5 ×" },
        ),
        Row::new(
            "`verify`, every core: against Python's json and hashlib",
            measure::pair(
                &ours(&["verify"]),
                &Run::new("python3", &[&["-c", PYTHON], segments.as_slice()].concat()),
                1,
            ),
            1.0,
            "≤ 1/10 ×",
        ),
        short(&["prove", "--line", &some_line, "--unsigned"], "≤ 64 MB"),
        short(&["prove", "PLG_P7", "--state", "--unsigned"], "≤ 64 MB"),
        short(&["log", "PLG_P7"], "≤ 64 MB"),
        short(&["tiles", tiles], "≤ 64 MB"),
        short(&["tiles", tiles, "--from", &size], "≤ 64 MB"),
        short(&["prove", "--line", &some_line, "--unsigned", "--tiles", tiles], "≤ 50 ms"),
        Row::new(
            "`append`, wall ≤ 20 ms: against `git --version`",
            measure::pair(
                &ours(&[
                    "append",
                    "waive",
                    "PLG_P7",
                    "code=STR001",
                    "path=a",
                    "until=2030-01-01",
                    "--reason",
                    "r",
                    "--by",
                    "a@example.org",
                ])
                .with_cache(path.join("kept").to_str().unwrap()),
                &Run::new("git", &["--version"]),
                runs,
            ),
            1.0,
            "≤ 20 ms",
        ),
    ];
    let name = format!("ledger {lines}");
    let head = format!(
        "### Ledger: {lines} lines, {:.0} MB, {} segments\n\n{}; {}\n\n",
        bytes as f64 / 1e6,
        segments.len(),
        table::machine(),
        throughput()
    );
    (name, head + &table::rows(&rows))
}

/// Measures SHA-256 with `openssl speed`, in blocks of 16 kB and of 256 bytes.
fn throughput() -> String {
    let speed = |bytes: &str| {
        let output = Command::new("openssl")
            .args(["speed", "-elapsed", "-seconds", "1", "-bytes", bytes, "-evp", "sha256"])
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        let line = text.lines().rev().find(|line| line.to_lowercase().starts_with("sha256"))?;
        Some(line.split_whitespace().last()?.trim_end_matches('k').parse::<f64>().ok()? / 1e6)
    };
    match (speed("16384"), speed("256")) {
        (Some(large), Some(small)) => format!(
            "`openssl speed` SHA-256: {large:.2} GB/s in blocks of 16 kB, {small:.2} GB/s in blocks of 256 bytes"
        ),
        _ => "`openssl speed` is not available".into(),
    }
}
