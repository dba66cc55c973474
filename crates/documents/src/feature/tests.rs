//! Tests of reading valid and invalid features.

use super::*;

fn problems(text: &str) -> Vec<String> {
    let show = |problem: Problem| format!("`{}`: {}", &text[problem.span], problem.message);
    read(text).1.into_iter().map(show).collect()
}

#[test]
fn all_of_gherkin_is_read() {
    let text = r#"# language: en
@all @slow # a comment
Feature: the key of a name
  As an author
  * I want a key

  Background:
    Given the kind "plugin"

  Scenario: an everyday name
    Given a table
      | name | key     |
      | a    | b\|c    |
    And a doc string
      """json
      { "a": 1 }
        \"\"\"
      """
    When "suggest" is asked
    Then the key is "PLG_LOCAL_PREVIEW"
    But not more
    * done

  Rule: ASCII counts
    Background:
      Given nothing

    @one
    Scenario Outline: the name <name>
      A description.
      Given <name>
      Then the key is <key>, and 1 < 2 and 3 > 2

      @quick
      Examples: everyday
        | name | key |
        | a    | A   |
        | b    | B   |
      Scenarios:
        | key | name | more |
        | C   | c    | x    |
"#;
    let (feature, problems) = read(text);
    assert_eq!(problems, []);
    assert_eq!((feature.name.value.as_str(), feature.language), ("the key of a name", "en"));
    assert_eq!(&text[feature.name.span.clone()], "the key of a name");
    let tags: Vec<&str> = feature.tags.iter().map(|tag| tag.value.as_str()).collect();
    assert_eq!(tags, ["@all", "@slow"]);
    let [everyday, outline] = &feature.scenarios[..] else { panic!("two scenarios") };
    assert_eq!((everyday.keyword, everyday.rule.as_deref(), everyday.runs()), ("Scenario", None, 1));
    assert_eq!(&text[everyday.span.clone()], "Scenario: an everyday name");
    let kinds: Vec<StepKind> = everyday.steps.iter().map(|step| step.kind).collect();
    let expected =
        [StepKind::Given, StepKind::And, StepKind::When, StepKind::Then, StepKind::But, StepKind::Any];
    assert_eq!(kinds, expected);
    let table = everyday.steps[0].table.as_ref().unwrap();
    assert_eq!(table.rows[1].cells[1].value, "b|c");
    let doc = everyday.steps[1].doc.as_ref().unwrap();
    assert_eq!(doc.value, "{ \"a\": 1 }\n  \"\"\"");
    assert!(text[doc.span.clone()].starts_with("{ \"a\": 1 }\n"));
    assert_eq!(
        (outline.keyword, outline.rule.as_deref(), outline.runs()),
        ("Scenario Outline", Some("ASCII counts"), 3)
    );
    assert_eq!(
        (outline.tags[0].value.as_str(), outline.examples[0].tags[0].value.as_str()),
        ("@one", "@quick")
    );
    assert_eq!(feature.background.len(), 2);
}

#[test]
fn other_languages_and_line_ends() {
    let german = "# language: de\r\nFunktionalität: ein Schlüssel\r\n  Szenario: x\r\n    Angenommen \"a\"\r\n    Dann b\r\n";
    let (feature, problems) = read(german);
    assert_eq!(problems, []);
    assert_eq!(feature.scenarios[0].steps[1].text.value, "b");
    assert_eq!(&german[feature.name.span], "ein Schlüssel");
    let doc = "Feature: x\r\nScenario: y\r\nGiven z\r\n```\r\na\r\n\r\nb\r\n```\r\n";
    assert_eq!(read(doc).0.scenarios[0].steps[0].doc.as_ref().unwrap().value, "a\n\nb");
}

#[test]
fn invalid_features_are_reported() {
    let feature = |rest: &str| format!("Feature: f\n{rest}");
    let scenario = |rest: &str| format!("Feature: f\nScenario: s\n{rest}");
    let outline = |rest: &str| format!("Feature: f\nScenario Outline: s\nGiven <a>\n{rest}");
    for (text, expected) in [
        (String::new(), &["``: the file does not start with a feature"][..]),
        ("# only a comment\n".into(), &["``: the file does not start with a feature"]),
        (
            "hello\nFeature: x\nScenario: s\nGiven a".into(),
            &["`hello`: the file does not start with a feature"],
        ),
        ("Scenario: s\nGiven a".into(), &["`Scenario: s`: the file does not start with a feature"]),
        ("Given a".into(), &["`Given a`: the file does not start with a feature"]),
        (
            "# language: tlh\nFeature: x\nScenario: s\nGiven a".into(),
            &["`# language: tlh`: unknown language `tlh`"],
        ),
        ("Feature:\nScenario: s\nGiven a".into(), &["`Feature:`: the feature has no name"]),
        (feature(""), &["`f`: the feature has no scenarios"]),
        (feature("Feature: g\nScenario: s\nGiven a"), &["`Feature: g`: a second feature starts here"]),
        (feature("Given a\nScenario: s\nGiven a"), &["`Given a`: the step is not inside a scenario"]),
        (feature("But prose, and\n* a list\nScenario: s\nGiven a"), &[]),
        (
            feature("Examples:\nScenario: s\nGiven a"),
            &["`Examples:`: the examples are not inside a scenario"],
        ),
        (
            feature("Scenario: s\nGiven a\nBackground:\nGiven b"),
            &["`Background:`: the background comes after a scenario"],
        ),
        (feature("Background:\nBackground:\nScenario: s\nGiven a"), &["`Background:`: duplicate background"]),
        (feature("Scenario:\nGiven a"), &["`Scenario:`: the scenario has no name"]),
        (scenario(""), &["`Scenario: s`: the scenario has no steps"]),
        (scenario("And a"), &["`And a`: the scenario starts with `And`"]),
        (scenario("Given a\nScenario: s\nGiven b"), &["`s`: duplicate scenario `s`"]),
        (scenario("Given a\nwhen b"), &["`when b`: `when b` is not a step"]),
        (
            scenario("Given a\n\"\"\"\nb"),
            &["`\"\"\"`: the doc string that starts with `\"\"\"` is not closed"],
        ),
        (scenario("Given a\n```\nb\n```\n```\nc\n```"), &["`````: the step has more than one doc string"]),
        (scenario("Given a\n| a | b |\n| c |"), &["`| c |`: the row has 1 cells, but the first row has 2"]),
        (scenario("Given a\n| a | b"), &["` b`: the row does not end with a bar"]),
        (scenario("Given a\n@tag"), &["`@tag`: the tag is not followed by a block that can have tags"]),
        (feature("@a b\nScenario: s\nGiven a"), &["`b`: `b` is not a tag"]),
        (outline(""), &["`Scenario Outline: s`: the outline has no examples"]),
        (outline("Examples:"), &["`Examples:`: the examples have no table"]),
        (outline("Examples:\n| a |"), &["`Examples:`: the examples have no row"]),
        (outline("Examples:\n| b |\n| 1 |"), &["`Given <a>`: `<a>` is not a column of the examples"]),
        (
            outline("Examples:\n| a |\n| 1 |\nExamples:\n| b |\n| 1 |"),
            &["`Given <a>`: `<a>` is not a column of the examples"],
        ),
        (
            outline("Examples:\n| a | a | |\n| 1 | 2 | 3 |"),
            &["`a`: duplicate column `a`", "``: the column has no name"],
        ),
        (outline("Examples:\n| a |\n| 1 |\nThen b"), &["`Then b`: a step comes after the examples"]),
        (outline("Examples:\n| a |\n| 1 |\nmore"), &["`more`: `more` is not a step"]),
        (scenario("Given <a>, not a placeholder"), &[]),
    ] {
        assert_eq!(problems(&text), expected, "{text:?}");
    }
}

/// Repeats tokens that nest or stay open: with quadratic work this test would take minutes.
#[test]
fn a_hostile_feature_is_read_in_linear_time() {
    const LENGTH: usize = 256 << 10;
    for what in [
        "|",
        "| |\n",
        "@a ",
        "@a\n",
        "\"\"\"\n",
        "<",
        "<a>",
        "Given a\n",
        "Scenario: a\n",
        "Rule: a\n",
        "Background:\n",
        "Examples:\n",
        "\\",
        "\u{0}",
        "é",
        "# language: en\n",
        "* <a>\n",
    ] {
        let many = |length: usize| what.repeat(length / what.len());
        let _ = read(&many(LENGTH));
        for start in [
            "Feature: f\n",
            "Feature: f\nScenario: s\nGiven a\n",
            "Feature: f\nScenario Outline: <x>\nGiven <a>\nExamples:\n",
        ] {
            let _ = read(&format!("{start}{}", many(LENGTH)));
        }
    }
    let rule =
        format!("Feature: f\nRule: {}\n{}", "r".repeat(MAX_DOCUMENT_BYTES / 2), "Scenario:\n".repeat(40_000));
    let _ = read(&rule);
    let columns: String = (0..30_000).map(|at| format!("| c{at} ")).collect();
    let steps: String = (0..30_000).map(|at| format!("* <d{at}>\n")).collect();
    let (_, found) = read(&format!("Feature: f\nScenario Outline: s\n{steps}Examples:\n{columns}|\n|1|\n"));
    assert_eq!(found.len(), 101);
    assert!(found.iter().all(|problem| problem.help.as_ref().is_none_or(|help| help.len() < 1000)));
    assert_eq!(read(&" ".repeat(MAX_DOCUMENT_BYTES + 1)).1.len(), 1);
}
