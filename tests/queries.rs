//! The queries of the documentation, run by Python's SQLite on an exported database.
//!
//! `BLESS=1 cargo test -p id-guard queries::` rewrites the answers; review them as code.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use crate::support::life::Lived;
use crate::support::registry::{RunResult, read, result_of};
use crate::support::{run, skip};

const PAGE: &str = "docs/how-to/query-registry.md";
/// Prints one row per line, as the shell of SQLite does.
const SCRIPT: &str = r"
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute('PRAGMA foreign_keys = ON')
for row in database.execute(sys.argv[2]):
    print('|'.join('' if cell is None else str(cell) for cell in row))
";

/// Runs a query; `None` without Python.
fn query(database: &Path, sql: &str) -> Option<String> {
    let output = Command::new("python3").args(["-c", SCRIPT]).arg(database).arg(sql).output().ok()?;
    assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

fn export(lived: &Lived, name: &str, arguments: &[&str]) -> RunResult {
    let out = lived.remote.path().join(name);
    let arguments = [&["export", "sqlite", "--out", out.to_str().unwrap()], arguments].concat();
    result_of(&run("id-registry", lived.path(), &arguments))
}

/// Twenty-two merges, recorded.
fn lived() -> Lived {
    Lived::recorded(22)
}

#[test]
fn the_queries_of_the_page_give_its_answers() {
    let lived = lived();
    assert_eq!(export(&lived, "registry.db", &[]).status, 0);
    let database = lived.remote.path().join("registry.db");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let page = std::fs::read_to_string(root.join(PAGE)).unwrap();
    let mut answered = String::new();
    let (mut sql, mut answer, mut queries) = (String::new(), None, 0);
    for line in page.lines() {
        match line {
            "```sql" => sql.clear(),
            "```text" => {
                let Some(rows) = query(&database, &sql) else { return skip("python3 is not installed") };
                queries += 1;
                answer = Some(rows);
            }
            "```" => answered += &answer.take().unwrap_or_default(),
            // The answer is written anew.
            _ if answer.is_some() => continue,
            _ => writeln!(sql, "{line}").unwrap(),
        }
        writeln!(answered, "{line}").unwrap();
    }
    assert_eq!(queries, page.matches("```sql").count(), "every query has an answer");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(root.join(PAGE), answered).unwrap();
    } else {
        assert_eq!(page, answered, "{PAGE}: bless it with BLESS=1 cargo test -p id-guard queries::");
    }
}

#[test]
fn equal_sources_give_equal_databases() {
    let lived = lived();
    let bytes = |name: &str| std::fs::read(lived.remote.path().join(name)).unwrap();
    assert_eq!(export(&lived, "a.db", &[]).status, 0);
    assert_eq!(export(&lived, "b.db", &["--at", "HEAD"]).status, 0);
    // Nothing of an earlier run.
    let out = lived.remote.path().join("c.db");
    let cache = lived.remote.path().join("cache");
    let mut cold = assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-registry"));
    cold.current_dir(lived.path()).env("XDG_CACHE_HOME", cache).args(["export", "sqlite", "--out"]).arg(out);
    cold.assert().success();
    assert!(bytes("a.db") == bytes("b.db") && bytes("a.db") == bytes("c.db"));
    let Some(version) = query(&lived.remote.path().join("a.db"), "PRAGMA user_version") else {
        return skip("python3 is not installed");
    };
    assert_eq!(version, "2\n");
    for (sql, rows) in [
        ("PRAGMA foreign_key_check", ""),
        ("PRAGMA integrity_check", "ok\n"),
        ("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%STRICT'", "0\n"),
        (
            "SELECT group_concat(name) FROM (SELECT name FROM pragma_table_info('events'))",
            "line,type,ulid,time,actor,commit_id,event_ulid,payload,leaf_hash\n",
        ),
        // Every line has its row, and its payload can be read.
        (
            "SELECT count(*) = (SELECT size FROM log) AND max(line) = count(*) AND min(json_valid(payload)) FROM events",
            "1\n",
        ),
        ("SELECT count(*) FROM keys WHERE since_line IS NULL", "0\n"),
    ] {
        assert_eq!(query(&lived.remote.path().join("a.db"), sql).unwrap(), rows, "{sql}");
    }
}

#[test]
fn private_identities_are_in_no_export_unless_requested() {
    let lived = lived();
    // Beta went into delta, so that others name the private identity too.
    let card = "ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C6.yaml";
    let private = read(lived.path(), card).replace("visibility: public", "visibility: private");
    lived.clone.write(card, private);
    let names = ["01JD4ZK3V8Q2W4X6Y8Z0A1B2C6", "PLG_DELTA", "plugins/delta", "delta@example.org"];
    let public = ["01JD4ZK3V8Q2W4X6Y8Z0A1B2C4", "PLG_BETA", "plugins/beta"];
    for format in ["json", "csv", "md", "sqlite"] {
        for is_included in [false, true] {
            let out = lived.remote.path().join(format!("{format}-{is_included}"));
            let mut arguments = vec!["export", format, "--out", out.to_str().unwrap()];
            arguments.extend(is_included.then_some("--include-private"));
            let result = result_of(&run("id-registry", lived.path(), &arguments));
            assert_eq!(result.status, 0, "{}", result.text);
            assert_eq!(result.text.contains("1 private identity left out"), !is_included, "{}", result.text);
            let bytes = std::fs::read(out).unwrap();
            let text = String::from_utf8_lossy(&bytes).replace('\\', "");
            assert!(public.iter().all(|name| text.contains(name)), "{format}");
            for name in names {
                assert_eq!(text.contains(name), is_included, "{format}: {name}");
            }
            assert!(text.contains("public"), "{format} has a column of the visibility");
            assert_eq!(text.contains("private"), is_included, "{format}");
        }
    }
    let standard = result_of(&run("id-registry", lived.path(), &["export", "csv"]));
    assert!(standard.text.contains("1 private identity left out") && !standard.text.contains("PLG_DELTA"));
    // A query in the repository shows it, and its label.
    let listed = result_of(&run("id-registry", lived.path(), &["list", "--format", "csv"]));
    assert!(listed.text.contains("PLG_DELTA") && listed.text.contains(",private"), "{}", listed.text);
    let shown = result_of(&run("id-registry", lived.path(), &["get", "PLG_DELTA"]));
    assert!(shown.text.contains("visibility   private"), "{}", shown.text);
    // A card that is missing declares nothing.
    std::fs::remove_file(lived.path().join(card)).unwrap();
    let without = result_of(&run("id-registry", lived.path(), &["export", "json"]));
    assert!(!without.text.contains("PLG_DELTA"), "{}", without.text);
}
