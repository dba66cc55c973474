//! Tests of reading valid and hostile health checks.

use artifact::Problem;

use super::*;

fn document(blocks: &[(&str, &str)]) -> String {
    let blocks = blocks.iter().map(|(info, text)| format!("```{info}\n{text}\n```\n\n"));
    format!("# Health\n\n{}", blocks.collect::<String>())
}

fn probe(text: &str) -> (Healthcheck, Vec<String>) {
    let text = document(&[(PROBE, text)]);
    let (found, problems) = read(&text);
    let show =
        |problem: Problem| format!("{} `{}`: {}", problem.pointer, &text[problem.span], problem.message);
    (found, problems.into_iter().map(show).collect())
}

#[test]
fn every_kind_of_probe_is_read() {
    let text = document(&[
        (
            "yaml probe",
            "name: example\nkind: command\nrun: [python3, src/handler.py, suggest, --config=conf/a.json]\n\
             stdin: examples/suggest_request.json\ntimeout_ms: 2000\n\
             expect: { exit: 0, stdout: examples/suggest_response.json, stdout_contains: PLG_ }",
        ),
        (
            "yaml  probe",
            "name: up\nkind: http\nurl: ${BASE_URL}/health\nmethod: HEAD\nexpect:\n  status: 204",
        ),
        ("yaml probe", "name: state\nkind: file\npath: src/handler.py\nexpect: { exists: true }"),
        ("yaml probe", "name: no-lock\nkind: file\npath: .lock\nexpect: { exists: false }"),
        ("yaml probe", "name: grpc\nkind: grpc\naddress: localhost:50051\nservice: a.v1.B"),
        ("yaml probe", "name: wasm\nkind: wasm\nmodule: src/a.wasm\nexport: health"),
        ("yaml thresholds", "p95_ms: 200\nerror_rate_percent: 0.5"),
        ("yaml", "name: not read"),
    ]);
    let (found, problems) = read(&text);
    assert_eq!(problems, []);
    let kinds: Vec<_> =
        found.probes.iter().map(|probe| (probe.name.value.as_str(), probe.check.kind())).collect();
    let expected = [
        ("example", "command"),
        ("up", "http"),
        ("state", "file"),
        ("no-lock", "file"),
        ("grpc", "grpc"),
        ("wasm", "wasm"),
    ];
    assert_eq!(kinds, expected);
    let files: Vec<_> = found.probes.iter().flat_map(Probe::files).collect();
    let written: Vec<&str> = files.iter().map(|file| &text[file.span.clone()]).collect();
    let expected = [
        "src/handler.py",
        "--config=conf/a.json",
        "examples/suggest_request.json",
        "examples/suggest_response.json",
        "src/handler.py",
        "src/a.wasm",
    ];
    assert_eq!(written, expected);
    assert_eq!(files[1].path, "conf/a.json");
    assert_eq!(found.probes[0].program().map(|program| program.value.as_str()), Some("python3"));
    assert_eq!(
        found.probes[0].timeout_ms.as_ref().map(|time| (time.value, &text[time.span.clone()])),
        Some((2000, "2000"))
    );
    assert!(text[found.probes[1].span.clone()].starts_with("name: up\n"));
    let threshold = found.threshold("error_rate_percent").unwrap();
    assert_eq!((threshold.value.value, &text[threshold.value.span.clone()]), (0.5, "0.5"));
    assert!(matches!(&found.probes[1].check, Check::Http { method: Method::Head, status: 204, .. }));
}

#[test]
fn invalid_probes_are_reported() {
    for (text, expected) in [
        ("kind: command", &[" ``: missing field `name`"][..1]),
        ("name: a\nkind: shell", &["/kind `shell`: unknown probe kind `shell`"]),
        (
            "name: A\nkind: file\npath: x",
            &["/name `A`: invalid `name`: use lower-case letters, digits, `_`, `-` and `.`"],
        ),
        (
            "name: a\nkind: command\nrun: []",
            &["/run `[]`: `run` must be a list of words that starts with the program"],
        ),
        ("name: a\nkind: command\nrun: [x, 1]", &["/run `1`: 1 is not a word of a command"]),
        (
            "name: a\nkind: command\nrun: [x]\nstdin: ../x",
            &["/stdin `../x`: invalid `stdin`: it contains an empty name, `.` or `..`"],
        ),
        (
            "name: a\nkind: command\nrun: [x]\nexpect: { exti: 1 }",
            &["/expect/exti `exti`: unknown field `exti`"],
        ),
        (
            "name: a\nkind: command\nrun: [x]\nexpect: { exit: 256 }",
            &["/expect/exit `256`: expected an integer from 0 to 255, found 256"],
        ),
        (
            "name: a\nkind: http\nurl: http://example.org/\nexpect: { status: 200 }",
            &[
                "/url `http://example.org/`: invalid `url`: its host is not the local machine (`localhost`, `127.0.0.1` or `[::1]`)",
            ],
        ),
        ("name: a\nkind: http\nurl: http://localhost/", &["/expect ``: missing field `expect`"]),
        (
            "name: a\nkind: http\nurl: http://localhost/\nexpect: {}",
            &["/expect/status ``: missing field `status`"],
        ),
        (
            "name: a\nkind: http\nurl: http://localhost/\nmethod: POST\nexpect: { status: 200 }",
            &["/method `POST`: invalid `method`: a probe must not change anything, so use `GET` or `HEAD`"],
        ),
        (
            "name: a\nkind: http\nurl: http://localhost/\nmethod: HEAD\nexpect: { status: 200, body_contains: x }",
            &["/expect/body_contains `x`: invalid `body_contains`: the response to `HEAD` has no body"],
        ),
        (
            "name: a\nkind: file\npath: x\nexpect: { exists: \"yes\" }",
            &["/expect/exists `\"yes\"`: expected true or false, found a string"],
        ),
        ("name: a\nkind: wasm\nmodule: x", &["/export ``: missing field `export`"]),
        (
            "name: a\nkind: file\npath: x\ntimeout_ms: 600001",
            &["/timeout_ms `600001`: expected an integer from 1 to 600000, found 600001"],
        ),
        ("name: a\nname: b", &[" `name`: duplicate key `name`"]),
        ("- a", &[" `- a\n`: expected a mapping, found an array"]),
        ("a: &b c", &[" `c`: YAML anchors are not supported"]),
    ] {
        let (found, problems) = probe(text);
        assert_eq!(found.probes, [], "{text}");
        if text == "kind: command" {
            assert_eq!(problems.len(), 2, "{problems:?}");
            continue;
        }
        assert_eq!(problems, expected, "{text}");
    }
}

#[test]
fn duplicate_and_missing_probes_are_reported() {
    let file = "name: a\nkind: file\npath: x";
    let text = document(&[
        (PROBE, file),
        (PROBE, file),
        (THRESHOLDS, "x: 1"),
        (THRESHOLDS, "x: 2\nv: -1\nZ: 1\nw: a"),
    ]);
    let messages = |text: &str| read(text).1.into_iter().map(|problem| problem.message).collect::<Vec<_>>();
    let expected = [
        "duplicate probe `a`",
        "duplicate threshold `x`",
        "expected a number that is not negative, found -1",
        "invalid threshold name `Z`",
        "expected a number that is not negative, found \"a\"",
    ];
    assert_eq!(messages(&text), expected);
    assert_eq!(messages("# Health\n"), ["the document contains no probe"]);
    let meant = document(&[
        ("yml probe", file),
        ("Probe", file),
        ("yaml,threshold", ""),
        (PROBE, file),
        ("sh probe.sh", ""),
    ]);
    assert_eq!(
        messages(&meant),
        [
            "code blocks of type `yml probe` are ignored",
            "code blocks of type `Probe` are ignored",
            "code blocks of type `yaml,threshold` are ignored",
        ]
    );
    let probes: Vec<String> =
        (0..=MAX_PROBES).map(|at| format!("name: a{at}\nkind: file\npath: x")).collect();
    let many = document(&probes.iter().map(|probe| (PROBE, probe.as_str())).collect::<Vec<_>>());
    assert_eq!(messages(&many), ["the document contains more than 100 probes"]);
}

#[test]
fn probes_in_lists_with_windows_line_ends_are_read() {
    let text = "1. ask\r\n\r\n   ```yaml probe\r\n   name: a\r\n   kind: file\r\n   path: ../x\r\n   ```\r\n";
    let (_, problems) = read(text);
    assert_eq!(problems.len(), 1);
    assert_eq!(&text[problems[0].span.clone()], "../x");
}

#[test]
fn hostile_health_checks_give_one_problem() {
    for what in ["[", "{", "- ", "? ", "\"", "a: ", "&a ", "\u{0}"] {
        let (found, problems) = read(&document(&[(PROBE, &what.repeat(1_000_000 / what.len()))]));
        assert_eq!((found.probes.len(), problems.len()), (0, 1), "{what}");
    }
    let (_, problems) = read(&" ".repeat(crate::MAX_DOCUMENT_BYTES + 1));
    assert_eq!(problems.len(), 1);
    let unknown: String = (0..500).map(|at| format!("x{at}: 1\n")).collect();
    let (_, problems) =
        read(&document(&[(PROBE, &format!("name: a\nkind: grpc\naddress: localhost:1\n{unknown}"))]));
    assert_eq!(problems.last().unwrap().message, "400 more problems are not listed");
}
