//! The keywords of Gherkin in the supported languages.

/// What a keyword line starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Header {
    Feature,
    Rule,
    Background,
    Scenario,
    Outline,
    Examples,
}

/// The kind of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepKind {
    /// A precondition.
    Given,
    /// An action.
    When,
    /// An expected outcome.
    Then,
    /// Another step of the previous kind.
    And,
    /// Another step of the previous kind, as an exception.
    But,
    /// `*`: any kind.
    Any,
}

/// The keywords of a language, as in Cucumber's table of Gherkin dialects; step keywords include the trailing space.
#[derive(Debug)]
pub(crate) struct Language {
    /// The code used in `# language:`.
    pub(crate) code: &'static str,
    headers: [(Header, &'static [&'static str]); 6],
    steps: [(StepKind, &'static [&'static str]); 5],
}

/// Lists the keywords in the order of [`Header`] and [`StepKind`].
const fn language(
    code: &'static str,
    headers: [&'static [&'static str]; 6],
    steps: [&'static [&'static str]; 5],
) -> Language {
    let [feature, rule, background, scenario, outline, examples] = headers;
    let [given, when, then, and, but] = steps;
    Language {
        code,
        headers: [
            (Header::Feature, feature),
            (Header::Rule, rule),
            (Header::Background, background),
            (Header::Scenario, scenario),
            (Header::Outline, outline),
            (Header::Examples, examples),
        ],
        steps: [
            (StepKind::Given, given),
            (StepKind::When, when),
            (StepKind::Then, then),
            (StepKind::And, and),
            (StepKind::But, but),
        ],
    }
}

/// The supported languages; the first is the default.
pub(crate) static LANGUAGES: [Language; 7] = [
    language(
        "en",
        [
            &["Feature", "Business Need", "Ability"],
            &["Rule"],
            &["Background"],
            &["Scenario", "Example"],
            &["Scenario Outline", "Scenario Template"],
            &["Examples", "Scenarios"],
        ],
        [&["Given "], &["When "], &["Then "], &["And "], &["But "]],
    ),
    language(
        "de",
        [
            &["Funktionalität", "Funktion"],
            &["Regel", "Rule"],
            &["Grundlage", "Hintergrund", "Voraussetzungen", "Vorbedingungen"],
            &["Szenario", "Beispiel"],
            &["Szenariogrundriss", "Szenarien"],
            &["Beispiele"],
        ],
        [&["Angenommen ", "Gegeben sei ", "Gegeben seien "], &["Wenn "], &["Dann "], &["Und "], &["Aber "]],
    ),
    language(
        "es",
        [
            &["Característica", "Necesidad del negocio", "Requisito"],
            &["Regla", "Regla de negocio"],
            &["Antecedentes"],
            &["Escenario", "Ejemplo"],
            &["Esquema del escenario"],
            &["Ejemplos"],
        ],
        [&["Dado ", "Dada ", "Dados ", "Dadas "], &["Cuando "], &["Entonces "], &["Y ", "E "], &["Pero "]],
    ),
    language(
        "fr",
        [
            &["Fonctionnalité"],
            &["Règle"],
            &["Contexte"],
            &["Scénario", "Exemple"],
            &["Plan du scénario", "Plan du Scénario"],
            &["Exemples"],
        ],
        [
            &[
                "Soit ",
                "Sachant que ",
                "Sachant qu'",
                "Sachant ",
                "Etant donné que ",
                "Etant donné qu'",
                "Etant donné ",
                "Etant donnée ",
                "Etant donnés ",
                "Etant données ",
                "Étant donné que ",
                "Étant donné qu'",
                "Étant donné ",
                "Étant donnée ",
                "Étant donnés ",
                "Étant données ",
            ],
            &["Quand ", "Lorsque ", "Lorsqu'"],
            &["Alors ", "Donc "],
            &["Et que ", "Et qu'", "Et "],
            &["Mais que ", "Mais qu'", "Mais "],
        ],
    ),
    language(
        "it",
        [
            &["Funzionalità", "Esigenza di Business", "Abilità"],
            &["Regola"],
            &["Contesto"],
            &["Scenario", "Esempio"],
            &["Schema dello scenario"],
            &["Esempi"],
        ],
        [&["Dato ", "Data ", "Dati ", "Date "], &["Quando "], &["Allora "], &["E ", "Ed "], &["Ma "]],
    ),
    language(
        "nl",
        [
            &["Functionaliteit"],
            &["Regel"],
            &["Achtergrond"],
            &["Scenario", "Voorbeeld"],
            &["Abstract Scenario"],
            &["Voorbeelden"],
        ],
        [&["Gegeven ", "Stel "], &["Als ", "Wanneer "], &["Dan "], &["En "], &["Maar "]],
    ),
    language(
        "pt",
        [
            &["Funcionalidade", "Característica", "Caracteristica"],
            &["Regra"],
            &["Contexto", "Cenário de Fundo", "Cenario de Fundo", "Fundo"],
            &["Cenário", "Cenario", "Exemplo"],
            &["Esquema do Cenário", "Esquema do Cenario", "Delineação do Cenário", "Delineacao do Cenario"],
            &["Exemplos", "Cenários", "Cenarios"],
        ],
        [&["Dado ", "Dada ", "Dados ", "Dadas "], &["Quando "], &["Então ", "Entao "], &["E "], &["Mas "]],
    ),
];

impl Language {
    /// Returns the language with this code.
    pub(crate) fn of(code: &str) -> Option<&'static Language> {
        LANGUAGES.iter().find(|language| language.code.eq_ignore_ascii_case(code))
    }

    /// Returns what a line starts, its keyword, and the length of the keyword with the colon.
    pub(crate) fn header(&self, line: &str) -> Option<(Header, &'static str, usize)> {
        let all = self.headers.iter().flat_map(|(header, words)| words.iter().map(|word| (*header, *word)));
        let mut found =
            all.filter(|(_, word)| line.strip_prefix(word).is_some_and(|rest| rest.starts_with(':')));
        found.next().map(|(header, word)| (header, word, word.len() + 1))
    }

    /// Returns the kind of step that a line is, its keyword, and the keyword's length. The longest keyword wins: `Et que` before `Et`.
    pub(crate) fn step(&self, line: &str) -> Option<(StepKind, &'static str, usize)> {
        if line.starts_with("* ") {
            return Some((StepKind::Any, "*", 2));
        }
        let all = self.steps.iter().flat_map(|(kind, words)| words.iter().map(|word| (*kind, *word)));
        let found = all.filter(|(_, word)| line.starts_with(word)).max_by_key(|(_, word)| word.len());
        found.map(|(kind, word)| (kind, word.trim_end(), word.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_keyword_wins() {
        let english = Language::of("EN").unwrap();
        assert_eq!(english.header("Scenario Outline: x").unwrap(), (Header::Outline, "Scenario Outline", 17));
        assert_eq!(english.header("Scenario: x").unwrap().0, Header::Scenario);
        assert_eq!(english.header("Scenarios:").unwrap().0, Header::Examples);
        assert_eq!(english.header("scenario: x"), None);
        assert_eq!(english.step("Given: x"), None);
        assert_eq!(english.step("* x").unwrap().0, StepKind::Any);
        let french = Language::of("fr").unwrap();
        assert_eq!(french.step("Et qu'il pleut").unwrap(), (StepKind::And, "Et qu'", 6));
        assert!(Language::of("tlh").is_none());
    }

    #[test]
    fn keywords_are_unique_in_each_language() {
        for language in &LANGUAGES {
            let headers = language.headers.iter().flat_map(|(_, words)| words.iter());
            let steps = language.steps.iter().flat_map(|(_, words)| words.iter());
            let mut all: Vec<_> = headers.chain(steps).collect();
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), count, "{}", language.code);
        }
    }
}
