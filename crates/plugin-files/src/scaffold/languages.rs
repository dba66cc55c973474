//! The templates of each language, and the commands that run its tests.

use artifact::Language;

/// The templates of a language.
pub(super) struct Sources {
    /// The files that exist once per plugin, with their paths.
    pub(super) once: &'static [(&'static str, &'static str)],
    /// The AUTO sections of these files, by name.
    pub(super) sections: &'static [(&'static str, &'static str)],
    /// The files of `src/` that the AUTO section `main` needs, and that consist of an AUTO section: generated if they are missing.
    pub(super) library: &'static [&'static str],
    /// The files of `once` that the test of an operation needs.
    pub(super) test_support: &'static [&'static str],
    /// The developer's file: path and initial content.
    pub(super) developer: (&'static str, &'static str),
    /// The initial function of an operation.
    pub(super) function: &'static str,
    /// The test of an operation, and its file extension.
    pub(super) test: (&'static str, &'static str),
    /// The command that runs the tests, in the plugin directory.
    pub(super) test_command: &'static [&'static str],
    /// The path of the program.
    pub(super) entry: &'static str,
    /// How their coverage is measured.
    pub(super) coverage: Coverage,
}

/// How the coverage of a plugin's tests is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// The commands, in the plugin directory, in this order.
    pub commands: &'static [&'static [&'static str]],
    /// The report that they write, in the plugin directory.
    pub report: &'static str,
    /// What the commands need beside the language, as Markdown; empty if nothing.
    pub needs: &'static str,
}

const PYTHON: Sources = Sources {
    once: &[
        (".gitignore", GITIGNORE),
        ("src/handler.py", template!("python/handler.py")),
        ("src/schema_check.py", template!("python/schema_check.py")),
        ("src/settings.py", template!("python/settings.py")),
        ("tests/support.py", template!("python/support.py")),
        ("tests/test_contract.py", template!("python/test_contract.py")),
    ],
    sections: &[
        ("operations", template!("python/operations.section")),
        ("main", template!("python/main.section")),
        ("schema_check", template!("python/schema_check.section")),
        ("settings", template!("python/settings.section")),
        ("support", template!("python/support.section")),
        ("contract", template!("python/contract.section")),
    ],
    library: &["src/schema_check.py", "src/settings.py"],
    test_support: &["src/schema_check.py", "tests/support.py"],
    developer: ("src/operations.py", template!("python/operations.py")),
    function: template!("python/function.txt"),
    entry: "src/handler.py",
    test: (template!("python/test_operation.py"), "py"),
    test_command: &["python3", "-m", "unittest", "discover", "-s", "tests", "-p", "test_*.py"],
    coverage: Coverage {
        commands: &[
            &[
                "python3",
                "-m",
                "coverage",
                "run",
                "--source=src",
                "-m",
                "unittest",
                "discover",
                "-s",
                "tests",
                "-p",
                "test_*.py",
            ],
            &["python3", "-m", "coverage", "xml"],
        ],
        report: "coverage.xml",
        needs: "`python3 -m pip install coverage`",
    },
};

const RUST: Sources = Sources {
    once: &[
        (".gitignore", GITIGNORE),
        ("Cargo.lock", template!("rust/Cargo.lock.txt")),
        ("Cargo.toml", template!("rust/Cargo.toml.txt")),
        ("src/main.rs", template!("rust/main.rs")),
        ("src/schema_check.rs", template!("rust/schema_check.rs")),
        ("src/settings.rs", template!("rust/settings.rs")),
        ("tests/support/mod.rs", template!("rust/support.rs")),
        ("tests/test_contract.rs", template!("rust/test_contract.rs")),
    ],
    sections: &[
        ("operations", template!("rust/operations.section")),
        ("main", template!("rust/main.section")),
        ("schema_check", template!("rust/schema_check.section")),
        ("settings", template!("rust/settings.section")),
        ("support", template!("rust/support.section")),
        ("contract", template!("rust/contract.section")),
    ],
    library: &["src/schema_check.rs", "src/settings.rs"],
    test_support: &[],
    developer: ("src/operations.rs", template!("rust/operations.rs")),
    function: template!("rust/function.txt"),
    entry: "src/main.rs",
    test: (template!("rust/test_operation.rs"), "rs"),
    test_command: &["cargo", "test", "--quiet"],
    coverage: Coverage {
        commands: &[&["cargo", "llvm-cov", "--quiet", "--lcov", "--output-path", "lcov.info"]],
        report: "lcov.info",
        needs: "`cargo install cargo-llvm-cov`",
    },
};

const JAVASCRIPT: Sources = Sources {
    once: &[
        (".gitignore", GITIGNORE),
        ("package-lock.json", template!("javascript/package-lock.json")),
        ("package.json", template!("javascript/package.json")),
        ("src/handler.js", template!("javascript/handler.js")),
        ("src/schema_check.js", template!("javascript/schema_check.js")),
        ("src/settings.js", template!("javascript/settings.js")),
        ("tests/runner.js", template!("javascript/runner.js")),
        ("tests/support.js", template!("javascript/support.js")),
        ("tests/test_contract.js", template!("javascript/test_contract.js")),
    ],
    sections: &[
        ("operations", template!("javascript/operations.section")),
        ("main", template!("javascript/main.section")),
        ("schema_check", template!("javascript/schema_check.section")),
        ("settings", template!("javascript/settings.section")),
        ("runner", template!("javascript/runner.section")),
        ("support", template!("javascript/support.section")),
        ("contract", template!("javascript/contract.section")),
    ],
    library: &["src/schema_check.js", "src/settings.js"],
    test_support: &["src/schema_check.js", "tests/runner.js", "tests/support.js"],
    developer: ("src/operations.js", template!("javascript/operations.js")),
    function: template!("javascript/function.txt"),
    entry: "src/handler.js",
    test: (template!("javascript/test_operation.js"), "js"),
    test_command: &["node", RUNNER],
    coverage: Coverage {
        commands: &[&["node", RUNNER, "--coverage"]],
        report: "lcov.info",
        needs: "Node 20.11 or later",
    },
};

const TYPESCRIPT: Sources = Sources {
    once: &[
        (".gitignore", GITIGNORE),
        ("package-lock.json", template!("typescript/package-lock.json")),
        ("package.json", template!("typescript/package.json")),
        ("src/handler.ts", template!("typescript/handler.ts")),
        ("src/schema_check.ts", template!("typescript/schema_check.ts")),
        ("src/settings.ts", template!("typescript/settings.ts")),
        ("src/start.js", template!("typescript/start.js")),
        ("tests/runner.js", template!("typescript/runner.js")),
        ("tests/support.ts", template!("typescript/support.ts")),
        ("tests/test_contract.ts", template!("typescript/test_contract.ts")),
        ("tsconfig.json", template!("typescript/tsconfig.json")),
    ],
    sections: &[
        ("operations", template!("typescript/operations.section")),
        ("main", template!("typescript/main.section")),
        ("schema_check", template!("typescript/schema_check.section")),
        ("settings", template!("typescript/settings.section")),
        ("start", template!("typescript/start.section")),
        ("runner", template!("typescript/runner.section")),
        ("support", template!("typescript/support.section")),
        ("contract", template!("typescript/contract.section")),
    ],
    library: &["src/schema_check.ts", "src/settings.ts"],
    test_support: &["src/schema_check.ts", "tests/runner.js", "tests/support.ts"],
    developer: ("src/operations.ts", template!("typescript/operations.ts")),
    function: template!("typescript/function.txt"),
    entry: "src/start.js",
    test: (template!("typescript/test_operation.ts"), "ts"),
    test_command: &["node", RUNNER],
    coverage: Coverage { commands: &[&["node", RUNNER, "--coverage"]], report: "lcov.info", needs: "" },
};

/// The same in every language: a repository of plugins in several languages runs the tools of all of them.
const GITIGNORE: &str = template!("common/gitignore.txt");
/// The program that runs the tests of JavaScript and TypeScript: node itself reads patterns only in some versions.
const RUNNER: &str = "tests/runner.js";

/// Returns the templates of a language; `None` for one without.
pub(super) fn sources(language: Language) -> Option<&'static Sources> {
    match language {
        Language::Python => Some(&PYTHON),
        Language::Rust => Some(&RUST),
        Language::JavaScript => Some(&JAVASCRIPT),
        Language::TypeScript => Some(&TYPESCRIPT),
        Language::Shell => None,
    }
}
