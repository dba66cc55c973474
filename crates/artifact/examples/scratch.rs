#![allow(missing_docs, clippy::print_stdout, clippy::disallowed_methods)]
use granit_parser::*;
fn main() {
    for src in [
        "a:\n  - 1\n  - 2\n\n# c\nb: x # y\n",
        "a:\n- 1\n- \n\nb:\nc: |\n  xx\n\n  yy\n\n\nd: >-\n  q\n# z\ne: [1,\n 2 ] # t\nf: 'a\n  b'\ng: p\n  q # r\n",
        "? a\n: b\n",
        "{a, b: , c: [x: y]}\n",
        "é: \"ü\" \nb: !!str\nc: &x\nd: &y !t [1]\n",
        " \n# only\n",
        "---\n",
        "--- \n...\n",
        "a:\n  b: 1\n  c:\n    d: 2\n  # c\n\n",
    ] {
        println!("== {src:?}");
        let o = granit_parser::options! {emit_anchor_events:true,emit_comments:false,strict_indentation:true};
        for e in Parser::new_from_str_with_options(src, o) {
            match e {
                Ok((e, s)) => {
                    println!(
                        "  {e:?} {:?} {:?} tag {:?}",
                        s.byte_range(),
                        s.byte_range().map(|r| &src[r]),
                        s.tag_span().map(|t| t.byte_range())
                    );
                }
                Err(e) => println!("  ERR {e:?}"),
            }
        }
    }
}
