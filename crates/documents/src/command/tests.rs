//! Tests of finding files in commands.

use super::*;
use crate::markdown;

/// The paths of the mentioned files, each with the first letter of its role.
fn named(code: &str) -> Vec<String> {
    files_of_code(code)
        .into_iter()
        .map(|mention| format!("{:.1} {}", format!("{:?}", mention.role), mention.path))
        .collect()
}

#[test]
fn files_in_commands_are_found() {
    for (code, expected) in [
        (
            "python3 src/handler.py suggest < examples/suggest_request.json | diff - examples/suggest_response.json",
            &["P src/handler.py", "I examples/suggest_request.json", "A examples/suggest_response.json"][..],
        ),
        ("./run.sh a b/c.txt d.yaml e", &["P ./run.sh", "A b/c.txt", "A d.yaml"]),
        ("bin/tool --config=conf/a.toml -x --other b.json", &["P bin/tool", "A conf/a.toml", "A b.json"]),
        ("node -r ts-node/register.js src/main.ts; ruby -e 'x.rb' y.ts", &["P src/main.ts", "A y.ts"]),
        ("bash -ex install && sh -c 'x.sh' && . ./env.sh", &["P install", "P ./env.sh"]),
        ("python3 -W ignore -m pytest tests/test_x.py", &["A tests/test_x.py"]),
        ("python3 -c 'import x' a.json; python3 - < x.json", &["A a.json", "I x.json"]),
        ("cargo run --manifest-path plugins/a/Cargo.toml -- x.json", &["A plugins/a/Cargo.toml", "A x.json"]),
        ("deno run --allow-read main.ts && deno run https://x.org/y.ts", &["P main.ts"]),
        (
            "cd plugins/a && python3 b.py && cd ../c && cat d.json",
            &["P plugins/a/b.py", "A plugins/a/../c/d.json"],
        ),
        ("(cd a && cat b.json)\ncat c.json", &["A a/b.json", "A c.json"]),
        ("cd $DIR && cat b.json; cd; cat c.json", &[]),
        ("A=x.json sudo -E env B=y timeout 5 python3 a.py", &["P a.py"]),
        ("if ! cat a.json; then uv run python b.py; fi", &["A a.json", "P b.py"]),
        ("curl -d @a/b.json -F file=@c.json http://localhost:8080/x.json", &["A a/b.json", "A c.json"]),
        ("cat \"$(jq . a.json)\" <(cat b.json) `cat c.json`", &["A a.json", "A b.json", "A c.json"]),
        (
            "grep -r x.md docs/a.md; sed -e s/x.y/z.w/ a.json; jq .b.json c.json",
            &["A docs/a.md", "A a.json", "A c.json"],
        ),
        ("cp a.json b.json && cat b.json && mv ./c.json ./d.json", &["A a.json", "A ./c.json"]),
        ("git clone https://x.org/a/repo.git && cd repo && cat a.json", &[]),
        ("mkdir -p out && tool > out/x.json && cat out/x.json ./out/y.json z.json", &["A z.json"]),
        ("tool -o a.json --output=b.json && cat a.json b.json c.json", &["A c.json"]),
        ("cat <<'EOF' > x.json\ncat no.json\nEOF\ncat x.json y.json", &["A y.json"]),
        ("echo a.json; rm -f b.json; test -f ./c.json || cat d.json # e.json", &["A d.json"]),
        (
            "npm install chart.js ./local; pip install -r x/y.txt; docker run -v ./a.json:/b x/y.z",
            &["A ./local"],
        ),
        ("cat $X/a.json *.json {a,b}.json FILE.json <name>.json path/to/a.json ~/a.json /a.json", &[]),
        ("cat a\\ b.json './a b.json' \"fix a.json\" \\\n  c.json", &["A ./a b.json", "A c.json"]),
        ("target/debug/x; node_modules/.bin/y; source .venv/bin/activate; . .env", &[]),
        ("for f in a.json; do cat b.json; done", &["A b.json"]),
        ("cat 'a.json", &[]),
    ] {
        assert_eq!(named(code), expected, "{code}");
    }
}

#[test]
fn ranges_cover_the_words() {
    let code = "tool --config=a/b.toml 'c/d.json'\r\ncurl -d @é.json x < e.json";
    let words: Vec<&str> = files_of_code(code).into_iter().map(|mention| &code[mention.span]).collect();
    assert_eq!(words, ["a/b.toml", "'c/d.json'", "é.json", "e.json"]);
}

#[test]
fn only_lines_with_a_prompt_are_commands() {
    let session = "$ cat a.json \\\n    b.json\n{\"x\": \"./no.json\"}\n> ./no\n$ python3 - <<E\n> ./no.sh\n> E\n  $ ./c\n./no\n$> ./d\n";
    let paths: Vec<String> = files_of_code(session).into_iter().map(|mention| mention.path).collect();
    assert_eq!(paths, ["a.json", "b.json", "./c", "./d"]);
}

#[test]
fn files_in_code_blocks_are_found() {
    let text = "> ```sh\n> tool > x.json\n> cat a.json\n> ```\n\n```console\ncat no.json\n```\n\n\
                1. do\n\n   ```bash title=x\n   cat x.json\n   cat b.json\n   ```\n\n```python\nopen('./no')\n```\n";
    let found = files_of_document(&markdown::read(text).unwrap()).unwrap();
    let words: Vec<&str> = found.iter().map(|mention| &text[mention.span.clone()]).collect();
    assert_eq!(words, ["a.json", "b.json"]);
    let many = format!("```sh\n{}\n```\n", "./a ".repeat(MAX_MENTIONED_FILES + 1));
    let problem = files_of_document(&markdown::read(&many).unwrap()).unwrap_err();
    assert_eq!(problem.message, "the commands refer to more than 10000 files");
}

#[test]
fn words_of_one_command_are_not_expanded() {
    let words = ["python3", "src/a.py", "--x=b.json", "*.json", "$HOME/a.json"];
    let words: Vec<Spanned<String>> =
        words.iter().enumerate().map(|(at, word)| Spanned::new(word.to_string(), at..at + 1)).collect();
    let found: Vec<_> =
        files_of_words(&words).into_iter().map(|mention| (mention.path, mention.span)).collect();
    assert_eq!(found, [("src/a.py".to_string(), 1..2), ("b.json".to_string(), 2..3)]);
}

/// Repeats tokens that nest or stay open: with quadratic work this test would take minutes.
#[test]
fn hostile_code_is_read_in_linear_time() {
    const LENGTH: usize = 256 << 10;
    let many = |what: &str| what.repeat(LENGTH / what.len());
    for what in [
        "(", ")", "$(", "\"$(", "`", "'", "\"", "<", "<a ", "<<a ", "<<a\n", "${", "\\", "\\\n", "cd a;",
        "cd ..;", "(cd a;", "a/", "./a;", "> a/b;", "<(", ">(", "{", "$ ", "$ \n", "$ \\\n", "=", "a=",
        "--a=", "sudo ", "do ", "@", "\u{e9}", "mkdir a;", "2>", "&", "<<", "<<<",
    ] {
        let _ = files_of_code(&many(what));
    }
    let _ = files_of_code(&format!("cd {};{}", "a".repeat(200), many("./a;")));
    let _ = files_of_code(&format!("mkdir {}", many("a ")));
}
