//! Tests of reading reports and counting lines.

use super::*;

const LCOV: &str = "TN:\nSF:plugins/a/src/x.py\nFN:1,f\nDA:1,1\nDA:2,0,abc\nDA:3,12\nLF:3\nLH:2\nend_of_record\n\
                    SF:/ci/repo/plugins/a/src/x.py\nDA:2,1\nDA:4,0\nend_of_record\n\
                    SF:plugins/ab/y.py\nDA:1,0\nend_of_record\n";

const COBERTURA: &str = r#"<?xml version="1.0" ?>
<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
<coverage line-rate="0.5"><!-- made -->
  <sources><source>/ci/repo/plugins/a &amp; b</source><source></source></sources>
  <packages><package name="."><classes>
    <class name="x" filename="src/x.py"><methods><method name="f"><lines><line number="1" hits="0"/></lines></method></methods>
      <lines><line number="1" hits="3"/><line number="2" hits="0" branch="true"/></lines></class>
    <class name="x$1" filename="src/x.py"><lines><line number="2" hits="1"/></lines></class>
    <class name="y" filename="src/y.py"><lines/></class>
  </classes></package></packages>
</coverage>
"#;

fn wrong(source: &str) -> String {
    let problem = read(source.as_bytes()).unwrap_err();
    assert!(source.get(problem.span.clone()).is_some(), "{problem:?}");
    problem.message
}

#[test]
fn lcov_is_counted_by_line() {
    let coverage = read(LCOV.as_bytes()).unwrap();
    assert_eq!(coverage.files.len(), 3);
    let count = |roots: &[&str], directory| of_directory(&coverage, roots, directory);
    assert_eq!(count(&[], "plugins/a"), Some(Lines { found: 3, hit: 2 }));
    assert_eq!(
        count(&["/ci/repo/"], "plugins/a"),
        Some(Lines { found: 4, hit: 3 }),
        "relative and absolute paths of one file are merged"
    );
    assert_eq!(count(&["/ci/rep"], "plugins/a/"), Some(Lines { found: 3, hit: 2 }));
    assert_eq!(count(&[], "plugins/ab").unwrap().percent(), Some(0.0));
    assert_eq!(count(&["/ci/repo"], "").unwrap().found, 5);
    assert_eq!(count(&[], "plugins/b"), None);
    assert_eq!(count(&[], "../plugins"), None);
    let other = read(LCOV.replace('\n', "\r\n").as_bytes()).unwrap();
    assert_eq!(other, coverage);
}

#[test]
fn cobertura_is_counted_by_line() {
    let coverage = read(COBERTURA.as_bytes()).unwrap();
    assert_eq!(coverage.sources, ["/ci/repo/plugins/a & b"]);
    let lines = of_directory(&coverage, &["/ci/repo"], "plugins/a & b").unwrap();
    assert_eq!((lines, lines.percent()), (Lines { found: 2, hit: 2 }, Some(100.0)));
    assert_eq!(of_directory(&coverage, &[], "src").unwrap().found, 2, "relative to the repository");
    assert_eq!(of_directory(&coverage, &["/ci/repo"], "plugins/c"), None);
}

#[test]
fn several_reports_are_counted_together() {
    let read = |text: &str| read(text.as_bytes()).unwrap();
    let unit = read("SF:plugins/a/x.py\nDA:1,1\nDA:2,0\nend_of_record\nSF:x.py\nDA:1,1\nend_of_record\n");
    let other = read("SF:plugins/a/x.py\nDA:2,1\nend_of_record\nSF:plugins/b/y.py\nDA:1,0\nend_of_record\n");
    let below = |path: &RepoPath| path.as_bytes().starts_with(b"plugins/").then(|| path.parent());
    let found = by_directory([&unit, &other], &[], below);
    let expected = [("plugins/a", Lines { found: 2, hit: 2 }), ("plugins/b", Lines { found: 1, hit: 0 })];
    assert_eq!(found, expected.map(|(path, lines)| (RepoPath::from(path), lines)).into());
}

#[test]
fn paths_beside_the_report_are_the_last_resort() {
    let text = "SF:src/x.py\nDA:1,1\nend_of_record\nSF:plugins/b/src/y.py\nDA:1,0\nDA:2,0\nend_of_record\nSF:../c/z.py\nDA:1,1\nend_of_record\n";
    let mut coverage = read(text.as_bytes()).unwrap();
    let below = |path: &RepoPath| {
        let text = std::str::from_utf8(path.as_bytes()).ok()?;
        let mut parts = text.split('/');
        (parts.next() == Some("plugins")).then_some(())?;
        Some(RepoPath::from(format!("plugins/{}", parts.next()?).as_str()))
    };
    let count = |coverage: &Coverage| by_directory([coverage], &[], below);
    let other = (RepoPath::from("plugins/b"), Lines { found: 2, hit: 0 });
    assert_eq!(count(&coverage), [other.clone()].into());
    coverage.directory = Some(RepoPath::from("plugins/a"));
    let own = (RepoPath::from("plugins/a"), Lines { found: 1, hit: 1 });
    let up = (RepoPath::from("plugins/c"), Lines { found: 1, hit: 1 });
    assert_eq!(count(&coverage), [own, other.clone(), up].into());
    coverage.directory = Some(RepoPath::root());
    assert_eq!(count(&coverage), [other].into());
}

#[test]
fn windows_paths_are_understood() {
    let lcov = "SF:D:\\a\\repo\\plugins\\a\\x.py\nDA:1,1\nend_of_record\nSF:.\\plugins\\a\\y.py\nDA:1,0\nend_of_record\n\
                SF:plugins/a/../../../z.py\nDA:1,1\nend_of_record\n";
    let coverage = read(lcov.as_bytes()).unwrap();
    assert_eq!(of_directory(&coverage, &["D:\\a\\repo"], "plugins/a"), Some(Lines { found: 2, hit: 1 }));
}

#[test]
fn invalid_reports_are_refused() {
    for (source, message) in [
        ("", "the report is neither lcov nor Cobertura"),
        ("{}", "the report is neither lcov nor Cobertura"),
        ("TN:\n", "the report contains no files"),
        ("SF:a\nDA:1,1\n", "the record has no `end_of_record`: the report is truncated"),
        ("SF:a\nSF:b\n", "a record starts before the previous one ends"),
        ("SF:\n", "the record has no file name"),
        ("TN:\nDA:1,1\n", "the line is outside of any record"),
        ("TN:\nend_of_record\n", "`end_of_record` outside of any record"),
        ("SF:a\nDA:0,1\n", "expected `DA:LINE,COUNT`"),
        ("SF:a\nDA:1,-1\n", "expected `DA:LINE,COUNT`"),
        ("SF:a\nDA:1\n", "expected `DA:LINE,COUNT`"),
        ("SF:a\nDA:99999999999,1\n", "expected `DA:LINE,COUNT`"),
        ("SF:a\nDA:1,1,c,d\n", "expected `DA:LINE,COUNT`"),
        ("SF:a\nLF:100\nLH:100\nend_of_record\n", "the record has a line count (`LF`) but no lines (`DA`)"),
        ("SF:a\nhello\n", "not a valid line of an lcov report"),
        ("<report/>", "the report does not start with `<coverage>`, or is empty"),
        ("<report></report>", "the report does not start with `<coverage>`"),
        ("<coverage></coverage>", "the report contains no files"),
        ("<coverage>", "the report is truncated: an element is not closed"),
        (
            "<coverage><line number='1' hits='1'/></coverage>",
            "`<line>` must be inside `<class>` and have the attributes `number` and `hits`",
        ),
        ("<coverage><class/></coverage>", "the class has no `filename`"),
        (
            "<coverage><class filename='a'><line number='-1' hits='1'/></class></coverage>",
            "`<line>` must be inside `<class>` and have the attributes `number` and `hits`",
        ),
        ("<coverage><class filename='a' filename='b'/></coverage>", "duplicate attribute"),
        ("<!DOCTYPE coverage [<!ENTITY a 'b'>]><coverage/>", "the report contains an inline DTD"),
        ("<coverage><sources><source>&a;</source></sources></coverage>", "unknown XML entity"),
    ] {
        assert_eq!(wrong(source), message, "{source}");
    }
    for source in [
        "<coverage></cov>",
        "<coverage",
        "<coverage><class filename='&a;'/></coverage>",
        "<coverage><class filename=a/>",
    ] {
        assert!(wrong(source).starts_with("invalid XML: "), "{source}");
    }
    assert_eq!(read(b"SF:\xff").unwrap_err().message, "the file is not UTF-8");
}

#[test]
fn a_hostile_report_is_read_in_linear_time() {
    let many = |what: &str| what.repeat((1 << 20) / what.len());
    for what in [
        "<a>",
        "<",
        "&",
        "&amp;",
        "<a/>",
        "<!--",
        "<![CDATA[",
        "<?",
        "<!DOCTYPE",
        "'",
        "a='1' ",
        "<source>",
        "]]>",
    ] {
        let _ = read(format!("<coverage>{}", many(what)).as_bytes());
        let _ = read(format!("<coverage><class filename='a' {}/></coverage>", many(what)).as_bytes());
        let _ = read(format!("<coverage><sources><source>{}", many(what)).as_bytes());
    }
    for what in ["SF:a\nend_of_record\n", "DA:1,1\n", "TN:\n", ":", "A", "SF:a\nDA:1,1\nend_of_record\n"] {
        let _ = read(format!("SF:x\n{}", many(what)).as_bytes());
        let _ = read(many(what).as_bytes());
    }
    assert!(read(&vec![b' '; MAX_REPORT_BYTES + 1]).is_err());
}
