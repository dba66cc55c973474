//! Tests of our model of the runner: its rules, and agreement with an independent implementation.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::runner::{Form, commands, files, readable};

/// What a stream makes a runner do: the names of the commands.
fn obeyed(stream: &str) -> Vec<String> {
    commands(stream.as_bytes()).into_iter().map(|command| command.name).collect()
}

#[test]
fn commands_are_found_where_a_runner_looks_for_them() {
    for (stream, names) in [
        ("::error::x", &["error"][..]),
        ("  \t::error::x", &["error"]),
        ("\u{a0}\u{3000}::error::x", &["error"]),
        ("a ::error::x", &[]),
        ("::error:x", &[]),
        ("::::x", &[]),
        ("::errors::x", &[]),
        ("::ERROR::x", &["error"]),
        ("::Set-Output name=a::b", &["set-output"]),
        (":: error::x", &[]),
        ("::error\t::x", &[]),
        ("a ##[error]x", &["error"]),
        ("##[group]", &["group"]),
        ("##[group", &[]),
        ("## [group]", &[]),
        ("##[other]##[error]x", &[]),
        ("###[error]x", &["error"]),
        ("::x::##[warning]y", &["warning"]),
        ("::error::x\r::warning::y\r\n::notice::z\n::debug::", &["error", "warning", "notice", "debug"]),
        ("x\u{2028}::error::y\u{85}::error::z", &[]),
    ] {
        assert_eq!(obeyed(stream), names, "{stream:?}");
    }
    assert_eq!(commands(b"a\xff\n\r::error::\xfe")[0].line, 3);
}

#[test]
fn the_data_of_a_command_is_unescaped_once() {
    let command = &commands(b"::error file=a%2Cb%3A%25,line=7,title=x%0Ay,,::one%0Atwo%250A%3A")[0];
    let properties = command.properties().unwrap();
    let texts: Vec<(&str, &str)> =
        properties.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(texts, [("file", "a,b:%"), ("line", "7"), ("title", "x\ny")]);
    assert_eq!((command.form, command.data().as_str()), (Form::Colons, "one\ntwo%0A%3A"));
    let command = &commands(b"x##[error a=1%3B2;b=%5D]y%5D")[0];
    assert_eq!(command.properties().unwrap(), [("a".into(), "1;2".into()), ("b".into(), "]".into())]);
    assert_eq!((command.form, command.data().as_str()), (Form::Brackets, "y]"));
    assert!(commands(b"::error title=a,owned::x")[0].properties().is_err());
}

#[test]
fn outputs_are_read_as_a_runner_reads_them() {
    let read = |text: &str| files::outputs(text);
    let pair = |name: &str, value: &str| (name.to_string(), value.to_string());
    assert_eq!(read("a=1\nb=\n\nc=x=y<<z\n"), Ok(vec![pair("a", "1"), pair("b", ""), pair("c", "x=y<<z")]));
    assert_eq!(read("a<<E\nE\n"), Ok(vec![pair("a", "")]));
    assert_eq!(
        read("a<<E\none\n\ntwo=2\n E\nE\nb=1"),
        Ok(vec![pair("a", "one\n\ntwo=2\n E"), pair("b", "1")])
    );
    assert_eq!(read("a<<E=F\nx\nE=F\n"), Ok(vec![pair("a", "x")]), "the first of the two decides");
    assert_eq!(read("a=1\r\n"), Ok(vec![pair("a", "1\r")]));
    for bad in ["a", "=1", "<<E\nE\n", "a<<\n\n", "a<<E\nx\n", "a<<E\nx\nE ", "::error::x"] {
        assert!(read(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn summaries_are_text() {
    for good in [
        "## id-guard: passed\n\n**All checks passed&#58; 1 commit**\n",
        "- at a/b.yaml&#58;1\n  - help&#58; x 1.0, -f\n",
    ] {
        assert_eq!(files::summary(good), Ok(()), "{good}");
    }
    for bad in [
        "a <b>",
        "a @b",
        "[a](b)",
        "![a]",
        "a | b",
        "`a`",
        "a\\*",
        "www.example.org",
        "see WWW.example.org",
        "https://example.org",
        "mailto:a",
        "# other",
        "- # other",
        "---",
        "a\rb",
        "a\u{202e}b",
        &"x".repeat((1 << 20) + 1),
    ] {
        assert!(files::summary(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn what_is_not_seen_is_not_printed() {
    assert_eq!(readable("a\u{a0}\u{e9}\u{1f600}\n".as_bytes()), Ok("a\u{a0}\u{e9}\u{1f600}\n"));
    for bad in [
        "\t",
        "\r",
        "\u{1b}",
        "\u{7f}",
        "\u{9b}",
        "\u{ad}",
        "\u{200b}",
        "\u{2028}",
        "\u{202e}",
        "\u{feff}",
        "\u{1bca0}",
        "\u{e0041}",
    ] {
        assert!(readable(bad.as_bytes()).is_err(), "{bad:?}");
    }
    assert!(readable(b"\xff").is_err());
}

/// The pieces of random streams: the tokens of the rules, and similar text.
const PIECES: [&[u8]; 60] = [
    b"\n::error",
    b"::warning file=a,line=1::",
    b"\r::set-output name=a::",
    b"\n ::add-mask::",
    b"::debug::",
    b"\n::Group ",
    b"##[error]",
    b"##[warning a=1;b=2]",
    b"##[ENDGROUP",
    b"##[command]",
    b"\n::",
    b"\r\n::notice title=%0A::",
    b"::",
    b"::",
    b"::",
    b":",
    b"##[",
    b"##[",
    b"##",
    b"[",
    b"]",
    b"]",
    b" ",
    b" ",
    b"\t",
    b"\n",
    b"\n",
    b"\n",
    b"\r",
    b"\r\n",
    b"error",
    b"warning",
    b"NOTICE",
    b"Set-Output",
    b"add-mask",
    b"group",
    b"endgroup",
    b"echo",
    b"internal-set-repo-path",
    b"stop-commands",
    b"errors",
    b"x",
    b" name=",
    b"file=a,line=1",
    b"a=b;c=d",
    b"%0A",
    b"%0D",
    b"%25",
    b"%3A",
    b"%5D",
    b"=",
    b",",
    b"\x0b\x0c",
    b"\x1c\x1f",
    "\u{a0}\u{85}".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{3000}".as_bytes(),
    "\u{212a}\u{130}\u{3a3}".as_bytes(),
    b"\xff",
    b"\xe2\x80",
];

/// Streams that a seed makes, with bytes of all kinds in between.
fn streams(count: usize) -> Vec<u8> {
    let mut seed = 7u64;
    let mut next = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let mut bytes = Vec::new();
    for _ in 0..count {
        for _ in 0..next(14) {
            match next(12) {
                0 => bytes.push(u8::try_from(next(256)).unwrap()),
                _ => bytes.extend_from_slice(PIECES[next(PIECES.len())]),
            }
        }
        bytes.push(b'\n');
    }
    bytes
}

#[test]
fn an_independent_implementation_agrees() {
    let oracle = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/runner_oracle.py");
    let stream = streams(6_000);
    let asked = Command::new("python3").arg(oracle).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut asked) = asked else {
        crate::support::skip("python3 is not installed");
        return;
    };
    let mut input = asked.stdin.take().unwrap();
    let written = stream.clone();
    let writing = std::thread::spawn(move || std::io::Write::write_all(&mut input, &written).unwrap());
    let output = asked.wait_with_output().unwrap();
    writing.join().unwrap();
    assert!(output.status.success());
    let theirs: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let ours = commands(&stream);
    for (ours, theirs) in ours.iter().zip(&theirs) {
        let form = if ours.form == Form::Colons { 2 } else { 1 };
        let ours = serde_json::json!({"line": ours.line, "form": form, "name": ours.name, "info": ours.head, "data": ours.tail});
        assert_eq!(ours, *theirs);
    }
    assert_eq!(ours.len(), theirs.len());
    assert!(ours.len() > 500, "the streams contain too few commands: {}", ours.len());
}
