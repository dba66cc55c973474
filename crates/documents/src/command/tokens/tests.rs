//! Tests of splitting shell code into tokens.

use super::*;

fn tokens(code: &str) -> Vec<String> {
    let mut words = Tokenizer::new(code, 0..code.len());
    let mut found = Vec::new();
    while let Some(token) = words.next() {
        found.push(match token {
            Token::Word(word) if word.literal => word.text,
            Token::Word(word) => format!("?{}", &code[word.span]),
            Token::Redirect(redirect) => format!("{redirect:?}"),
            Token::End => ";".into(),
            Token::Open => "(".into(),
            Token::Close => ")".into(),
        });
    }
    found
}

#[test]
fn code_is_split_as_a_shell_does() {
    for (code, expected) in [
        ("a 'b c' \"d e\" f\\ g", &["a", "b c", "d e", "f g"][..]),
        ("a'b'\"c\"d \\\n e", &["abcd", "e"]),
        ("a \"\\\"\\$\\x\" $ $'x'", &["a", "\"$\\x", "$", "?$'x'"]),
        (
            "a $b \"$c\" ${d} $(e) `f` *.g h{1,2} [i]",
            &["a", "?$b", "?\"$c\"", "?${d}", "?$(e)", "?`f`", "?*.g", "?h{1,2}", "?[i]"],
        ),
        ("a|b&&c||d;e&f", &["a", ";", "b", ";", ";", "c", ";", ";", "d", ";", "e", ";", "f"]),
        (
            "a<b>c>>d 2>&1 2>e &>f <&3 <<<g >|h",
            &[
                "a", "Input", "b", "Output", "c", "Output", "d", "Other", "1", "Output", "e", "Output", "f",
                "Other", "3", "Other", "g", "Output", "h",
            ],
        ),
        ("(a # b\n)#c", &["(", "a", ";", ")"]),
        ("a#b", &["a#b"]),
        ("a <<E b\nx > y\nE\nc <<-'F'\n\tz\n\tF\nd", &["a", "b", ";", "c", ";", "d"]),
        ("a <<E\nx", &["a", ";"]),
        ("a <name> b/<name>/c <your name>.json", &["a", "?<name>", "?b/<name>/c", "?<your name>.json"]),
        ("a <b >c", &["a", "Input", "b", "Output", "c"]),
        ("a <b>c", &["a", "Input", "b", "Output", "c"]),
        ("a <(b) $(c \")\" ')' \"$(d \")\")\") e", &["a", "?<(b)", "?$(c \")\" ')' \"$(d \")\")\")", "e"]),
        ("a 'b", &["a", "?'b"]),
        ("a \"b", &["a", "?\"b"]),
        ("a $(b", &["a", "?$(b"]),
        ("a\r\nb", &["a", ";", "b"]),
        ("ä ö\\ü", &["ä", "öü"]),
        ("'a'b'", &["?'a'b'"]),
    ] {
        assert_eq!(tokens(code), expected, "{code:?}");
    }
}
