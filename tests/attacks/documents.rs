//! Rows 13, 16 and 17: documents that readers understand differently, references that lead outside, and rules that do not end.

use std::net::TcpListener;
use std::time::Duration;

use super::scene::{AttackSetup, CARD};
use super::table::Expected::{CheckError, Refused, Stopped};
use super::table::{Expected, attack, row};
use crate::support::life::GAMMA;

const POLICY: &str = "policy-packs/policy.yaml";

/// What no reader should take, or only some do: as YAML, and as JSON.
fn monsters() -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
    let ulid = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C5";
    let yaml = |more: &str| {
        format!(
            "schema_version: 1\nulid: {ulid}\nkey: PLG_GAMMA\nkind: plugin\npath: plugins/gamma\n{more}\n"
        )
        .into_bytes()
    };
    let json = |more: &str| {
        format!("{{\"schema_version\":1,\"ulid\":\"{ulid}\",\"key\":\"PLG_GAMMA\",\"version\":\"1.0.0\",{more}}}\n").into_bytes()
    };
    let bomb = {
        let mut text = String::from("a0: &a0 [x]\n");
        (1..40).for_each(|n| text += &format!("a{n}: &a{n} [*a{0}, *a{0}, *a{0}]\n", n - 1));
        text
    };
    vec![
        ("a key twice", yaml("key: PLG_OTHER"), json("\"key\":\"PLG_OTHER\"")),
        ("a key twice, once escaped", yaml("\"\\x6bey\": PLG_OTHER"), json("\"\\u006bey\":\"PLG_OTHER\"")),
        (
            "a byte order mark",
            [b"\xef\xbb\xbf".as_slice(), &yaml("")].concat(),
            [b"\xef\xbb\xbf".as_slice(), &json("\"a\":1")].concat(),
        ),
        (
            "another encoding",
            yaml("").iter().flat_map(|byte| [*byte, 0]).collect(),
            json("\"a\":1").iter().flat_map(|byte| [*byte, 0]).collect(),
        ),
        ("aliases that multiply", yaml(&bomb), json(&format!("\"a\":{}1{}", "[".repeat(40), "]".repeat(40)))),
        (
            "depth",
            yaml(&format!("a: {}1{}", "[".repeat(10_000), "]".repeat(10_000))),
            json(&format!("\"a\":{}1{}", "[".repeat(100_000), "]".repeat(100_000))),
        ),
        (
            "depth that is never closed",
            yaml(&format!("a: {}", "{a: ".repeat(100_000))),
            json(&format!("\"a\":{}", "{\"a\":".repeat(100_000))),
        ),
        (
            "a number of a megabyte",
            yaml(&format!("a: {}", "9".repeat(1 << 20))),
            json(&format!("\"a\":{}", "9".repeat(1 << 20))),
        ),
        ("a number that is none", yaml("a: .nan\nb: .inf"), json("\"a\":NaN")),
        ("a number too large", yaml("schema_versio: 1e999999"), json("\"schema_version\":1e999999")),
        ("a number with a sign too many", yaml("schema_versio: +-1"), json("\"a\":-01")),
        ("half a character, escaped", yaml("a: \"\\ud800\""), json("\"a\":\"\\ud800\"")),
        (
            "half a character",
            [yaml("a: \"").as_slice(), b"\xed\xa0\x80\"\n"].concat(),
            [b"{\"a\":\"".as_slice(), b"\xed\xa0\x80\"}"].concat(),
        ),
        (
            "a character too long",
            [yaml("a: \"").as_slice(), b"\xc0\xaf\"\n"].concat(),
            [b"{\"a\":\"".as_slice(), b"\xc0\xaf\"}"].concat(),
        ),
        ("a zero byte", yaml("a: \"\0\""), json("\"a\":\"\0\"")),
        (
            "a tag that makes objects",
            yaml("a: !!python/object/apply:os.system [touch canary]"),
            json("\"a\":1,//\n\"b\":2"),
        ),
        ("a merge key", yaml("base: &b {key: PLG_OTHER}\n<<: *b"), json("\"a\":1,")),
        ("a second document", yaml("---\nkey: PLG_OTHER"), [json("\"a\":1"), json("\"a\":1")].concat()),
        ("a directive", [b"%YAML 1.1\n---\n".as_slice(), &yaml("")].concat(), json("\"a\":+1")),
        ("words that are truths", yaml("a: yes\nb: Off\nc: ~\nd: 0o17\ne: 1:30"), json("\"a\":True")),
        (
            "carriage returns",
            yaml("a: 1")
                .iter()
                .flat_map(|byte| if *byte == b'\n' { vec![b'\r'] } else { vec![*byte] })
                .collect(),
            json("\"a\":'1'"),
        ),
        (
            "a string of megabytes",
            yaml(&format!("notes: \"{}\"", "x".repeat(5 << 18))),
            json(&format!("\"a\":\"{}\"", "x".repeat(5 << 18))),
        ),
        (
            "keys without number",
            yaml(&(0..101_000).map(|n| format!("k{n}: 1\n")).collect::<String>()),
            json(&format!("{}\"a\":1", (0..101_000).map(|n| format!("\"k{n}\":1,")).collect::<String>())),
        ),
        ("nothing", Vec::new(), Vec::new()),
        ("a list", b"- 1\n".to_vec(), b"[]".to_vec()),
        ("lines of another kind", yaml("a: \"x\u{2028}y\u{85}z\""), json("\"a\":\"\u{2028}\u{7f}\"")),
    ]
}

#[test]
fn row_13_documents_that_are_read_in_two_ways() {
    let mut attacks = Vec::new();
    for (what, yaml, json) in monsters() {
        let card = yaml.clone();
        attacks.push(attack(format!("{what}, in a card"), Refused(&["CRD001"]), move |scene| {
            scene.write(format!("ids/cards/{GAMMA}.yaml"), &card);
            scene.commit("monster");
        }));
        attacks.push(attack(format!("{what}, in a spec"), Stopped, move |scene| {
            scene.write("plugins/gamma/plugin.spec.json", &json);
            scene.commit("monster");
        }));
        let front = [b"---\n".as_slice(), &yaml, b"---\n# x\n"].concat();
        attacks.push(attack(format!("{what}, in the head of a document"), Stopped, move |scene| {
            scene.write("docs/guide.md", &front);
            scene.commit("monster");
        }));
        attacks.push(attack(format!("{what}, in the policy"), Refused(&["POL003"]), move |scene| {
            scene.write(POLICY, &yaml);
            scene.commit("monster");
        }));
    }
    row(13, attacks);
}

#[test]
fn row_13_policies_on_base_that_cannot_be_read() {
    let mut attacks = Vec::new();
    for (what, yaml, _) in monsters() {
        attacks.push(attack(
            format!("{what}, in the policy on base"),
            CheckError("check could not run"),
            move |scene| {
                scene.on_main(|main| main.write(POLICY, &yaml));
                scene.git(&["merge", "--quiet", "--ff-only", "main"]);
                scene.write("README.md", "more\n");
                scene.commit("honest");
            },
        ));
    }
    row(13, attacks);
}

/// A plugin with one operation, whose input is described by this schema.
fn described(scene: &AttackSetup, schema: &str) {
    let spec = "{\"schema_version\":1,\"ulid\":\"01JD4ZK3V8Q2W4X6Y8Z0A1B2C5\",\"key\":\"PLG_GAMMA\",\"name\":\"gamma\",\"version\":\"1.0.0\",\"status\":\"active\",\"owner\":\"gamma@example.org\",\"operations\":[{\"name\":\"op\",\"summary\":\"s\",\"input\":\"schemas/op.in.schema.json\",\"output\":\"schemas/op.out.schema.json\"}]}\n";
    crate::support::registry::mint(&scene.author, GAMMA, "gamma");
    scene.write("plugins/gamma/plugin.spec.json", spec);
    scene.write("plugins/gamma/schemas/op.in.schema.json", schema);
    scene.write("plugins/gamma/schemas/op.out.schema.json", "{}\n");
    scene.write("plugins/gamma/examples/op_request.json", format!("{{\"a\":\"{}!\"}}\n", "a".repeat(200)));
    scene.commit("describe");
}

/// What the schemas of this module refer to, and nothing may ask for.
fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let place = format!("http://{}/x.json", listener.local_addr().unwrap());
    (listener, place)
}

fn unasked(listener: &TcpListener) {
    assert!(listener.accept().is_err(), "a schema reference was fetched");
}

#[test]
fn row_16_references_that_lead_outside() {
    let (listener, address) = listener();
    let mut attacks = Vec::new();
    for (what, schema) in [
        ("a reference into the network", format!("{{\"$ref\":\"{address}\"}}")),
        (
            "a reference into the network, by its base",
            format!("{{\"$id\":\"{address}\",\"$ref\":\"y.json\"}}"),
        ),
        (
            "a reference below another keyword",
            format!("{{\"properties\":{{\"a\":{{\"items\":{{\"$ref\":\"{address}\"}}}}}}}}"),
        ),
        ("a dynamic reference into the network", format!("{{\"$dynamicRef\":\"{address}\"}}")),
        ("a dialect of the network", format!("{{\"$schema\":\"{address}\"}}")),
        (
            "a vocabulary of the network",
            format!("{{\"$schema\":\"{address}\",\"$vocabulary\":{{\"{address}\":true}}}}"),
        ),
        ("a reference to the disk", "{\"$ref\":\"file:///etc/passwd\"}".into()),
        ("a reference to what never ends", "{\"$ref\":\"file:///dev/zero\"}".into()),
        ("a reference to a path", "{\"$ref\":\"../../../../../../etc/passwd\"}".into()),
        ("a reference to a path from the root", "{\"$ref\":\"/etc/passwd\"}".into()),
        ("a reference to another plugin", "{\"$ref\":\"../../alpha/plugin.spec.json\"}".into()),
        ("a reference without a host", "{\"$ref\":\"//127.0.0.1/x\"}".into()),
        ("a reference that is data", "{\"$ref\":\"data:application/json,{}\"}".into()),
        ("a reference to nothing", "{\"$ref\":\"#/$defs/nothing\"}".into()),
    ] {
        attacks.push(attack(format!("{what}, in a plugin"), Refused(&["SCH002"]), move |scene| {
            described(scene, &schema)
        }));
    }
    for (what, schema) in [
        ("a reference into the network", format!("{{\"$ref\":\"{address}\"}}")),
        ("a reference to the disk", "{\"$ref\":\"file:///etc/passwd\"}".into()),
        ("a reference to another pack", "{\"$ref\":\"../../baseline/pack.yaml\"}".into()),
    ] {
        attacks.push(attack(
            format!("{what}, in a pack on base"),
            CheckError("check could not run"),
            move |scene| {
                housed(scene, "schema: schemas/s.schema.json", &[("schemas/s.schema.json", &schema)]);
            },
        ));
    }
    row(16, attacks);
    unasked(&listener);
}

/// A pack on base whose custom rules check the change.
fn housed(scene: &AttackSetup, rules: &str, files: &[(&str, &str)]) {
    scene.on_main(|main| {
        let policy = std::fs::read_to_string(main.path().join(POLICY)).unwrap();
        let policy = policy.replace("ledger:\n", "packs:\n  - name: baseline\n    version: 0.5.0\n  - name: house\n    version: 1.0.0\nledger:\n");
        main.write(POLICY, policy);
        let pack = format!("schema_version: 1\nname: house\nversion: 1.0.0\ndocuments:\n  - match: deploy/*.yaml\n    {rules}\n");
        main.write("policy-packs/house/pack.yaml", pack);
        files.iter().for_each(|(path, text)| main.write(format!("policy-packs/house/{path}"), text));
    });
    scene.git(&["merge", "--quiet", "--ff-only", "main"]);
    scene.write("deploy/web.yaml", "a: b\n");
    scene.commit("deploy");
}

#[test]
fn row_17_rules_that_do_not_end() {
    let head = "package main\n\nimport rego.v1\n\n";
    let mut attacks = Vec::new();
    for (what, rule) in [
        (
            "loops in loops",
            "deny contains \"x\" if {\n  some a in numbers.range(1, 5000)\n  some b in numbers.range(1, 5000)\n  some c in numbers.range(1, 5000)\n  a * b * c == -1\n}\n",
        ),
        ("a rule that asks itself", "deny contains \"x\" if f(1) == 2\n\nf(x) := f(x + 1)\n"),
        (
            "a string that doubles",
            "deny contains concat(\"\", [x, x]) if x := concat(\"\", [y | some i in numbers.range(1, 100000000); y := \"xxxxxxxxxxxxxxxx\"])\n",
        ),
        (
            "a list without end",
            "deny contains sprintf(\"%d\", [count(x)]) if x := numbers.range(1, 100000000000)\n",
        ),
        (
            "the network",
            "deny contains \"x\" if http.send({\"url\": \"http://127.0.0.1:1\", \"method\": \"GET\"})\n",
        ),
        ("the environment", "deny contains x if x := opa.runtime().env.PATH\n"),
        ("a broken rule", "deny contains \"x\" if {\n"),
    ] {
        attacks.push(attack(
            format!("{what}, in a rule on base"),
            CheckError("custom rules gave no verdict"),
            move |scene| {
                housed(scene, "rules: [rules/r.rego]", &[("rules/r.rego", &format!("{head}{rule}"))]);
                // The rules themselves are given 20 seconds.
                scene.patience = Duration::from_secs(40);
            },
        ));
    }
    let text = "deny contains input.a if true\n".to_string();
    attacks.push(attack("a rule whose message comes from the change", Refused(&["CUS001"]), move |scene| {
        housed(scene, "rules: [rules/r.rego]", &[("rules/r.rego", &format!("{head}{text}"))]);
        let evil = serde_json::to_string(super::EVIL).unwrap();
        scene.write("deploy/web.yaml", format!("a: {evil}\n"));
        scene.commit("deploy");
    }));
    attacks.push(attack(
        "rules that a change brings with what they let through",
        Refused(&["POL001"]),
        move |scene| {
            scene.write("policy-packs/house/rules/r.rego", format!("{head}deny contains \"x\" if false\n"));
            scene.edit(CARD, "key: PLG_ALPHA", "key: PLG_STOLEN");
            scene.write("deploy/web.yaml", "a: b\n");
            scene.commit("soft rules");
        },
    ));
    row(17, attacks);
}

/// The same limits apply to the schemas of plugins.
#[test]
fn row_15_schemas_that_cost_too_much() {
    let doubled = {
        let parts: Vec<String> = (1..40)
            .map(|n| {
                format!(
                    "\"a{n}\":{{\"anyOf\":[{{\"$ref\":\"#/$defs/a{0}\"}},{{\"$ref\":\"#/$defs/a{0}\"}}]}}",
                    n - 1
                )
            })
            .collect();
        format!(
            "{{\"$defs\":{{\"a0\":{{\"type\":\"string\"}},{}}},\"$ref\":\"#/$defs/a39\"}}",
            parts.join(",")
        )
    };
    let long = {
        let parts: Vec<String> =
            (0..5000).map(|n| format!("\"a{n}\":{{\"$ref\":\"#/$defs/a{}\"}}", n + 1)).collect();
        format!("{{\"$defs\":{{{},\"a5000\":{{}}}},\"$ref\":\"#/$defs/a0\"}}", parts.join(","))
    };
    let pattern = |text: &str| {
        format!("{{\"properties\":{{\"a\":{{\"pattern\":{}}}}}}}", serde_json::to_string(text).unwrap())
    };
    let schemas: Vec<(&str, String)> = vec![
        ("a reference to itself", "{\"$ref\":\"#\"}".into()),
        ("references in a circle", "{\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"$ref\":\"#/$defs/a\"}},\"$ref\":\"#/$defs/a\"}".into()),
        ("a dynamic reference to itself", "{\"$dynamicAnchor\":\"x\",\"$dynamicRef\":\"#x\"}".into()),
        ("branches that double", doubled),
        ("a way of references", long),
        ("depth", format!("{}{{}}{}", "{\"not\":".repeat(5_000), "}".repeat(5_000))),
        ("an expression that goes back", pattern("^(a+)+$")),
        ("an expression that goes back, otherwise", pattern("^(a|aa)+$")),
        ("an expression that looks back", pattern("(?<=a)b\\1")),
        ("an expression that is large", pattern("((a{1000}){1000}){1000}")),
        ("an expression of letters of all kinds", pattern("\\p{L}{500}\\p{L}{500}\\p{L}{500}")),
        ("an expression that never closes", pattern(&"(".repeat(100_000))),
        ("a step too small", "{\"properties\":{\"a\":{\"multipleOf\":1e-300}}}".into()),
        ("uniqueness of much", "{\"uniqueItems\":true,\"minItems\":1e308}".into()),
    ];
    let attacks = schemas.into_iter().map(|(what, schema)| {
        let expected: Expected = Stopped;
        attack(format!("{what}, in a schema"), expected, move |scene| described(scene, &schema))
    });
    row(15, attacks.collect());
}
