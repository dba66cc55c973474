//! A shell is the oracle of its quoting.

use super::*;

#[test]
fn quotes_only_where_needed() {
    for (text, expected) in [
        ("plugins/a_b.py", "plugins/a_b.py"),
        ("", "''"),
        ("a b", "'a b'"),
        ("it's", "'it'\\''s'"),
        ("*.ts", "'*.ts'"),
        ("é", "'é'"),
        ("new\nline's.md", "$'new\\nline\\'s.md'"),
        ("e\u{301}", "$'e\\314\\201'"),
        ("\u{202e}x", "$'\\342\\200\\256x'"),
        ("##[x]", "$'\\043\\043[x]'"),
    ] {
        assert_eq!(word(text), expected);
    }
    assert_eq!(word(b"\xff1"), "$'\\3771'");
}

#[test]
fn a_path_is_no_pattern() {
    for (path, expected) in [
        ("docs/a.md", "docs/a.md"),
        ("docs/[a].md", "':(literal)docs/[a].md'"),
        (":x", "':(literal):x'"),
        ("a\\b", "':(literal)a\\b'"),
        ("a\n*", "$':(literal)a\\n*'"),
    ] {
        assert_eq!(pathspec(path), expected);
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the shell is the oracle of this test")]
fn a_shell_reads_the_name_back() {
    for name in [
        &b"a b"[..],
        b"it's",
        b"$(x) `y` \\n",
        b"new\nline",
        b"\x01\x7f",
        b"\xff\xfe",
        "é e\u{301}".as_bytes(),
        b"!x #y",
    ] {
        let script = format!("printf %s {}", word(name));
        let output = std::process::Command::new("bash").args(["-c", &script]).output();
        // Where bash is missing, the forms above are the test.
        let Ok(output) = output else { continue };
        assert_eq!(output.stdout, name, "{script}");
    }
}
