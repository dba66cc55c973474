//! The breaks: for each row of the page, edits of the sample and the rule that must report them.

use super::repository::Edit::{self, Append, Copy, Remove, Replace, Run, Write};

/// A row of the page, and the ways to break it. Each of `changes` alone must give a finding of `code`.
pub(super) struct Break {
    pub(super) section: &'static str,
    pub(super) requirement: &'static str,
    pub(super) code: &'static str,
    pub(super) command: &'static [&'static str],
    pub(super) changes: &'static [&'static [Edit]],
}

impl Break {
    /// The gate of a pull request.
    pub(super) const CHANGE: &'static [&'static str] = &["id-guard", "check", "--base", "main"];
    /// The rules of a whole tree.
    const TREE: &'static [&'static str] = &["id-structure", "check", "--head", "HEAD"];
}

/// A break that the gate of a pull request reports.
const fn change(
    section: &'static str,
    requirement: &'static str,
    code: &'static str,
    changes: &'static [&'static [Edit]],
) -> Break {
    Break { section, requirement, code, command: Break::CHANGE, changes }
}

/// A break that the check of a whole tree reports.
const fn tree(
    section: &'static str,
    requirement: &'static str,
    code: &'static str,
    changes: &'static [&'static [Edit]],
) -> Break {
    Break { section, requirement, code, command: Break::TREE, changes }
}

const SPEC: &str = "plugin.spec.json";
const BUMP: Edit = Run(&["id-plugin", "bump", "local_preview", "patch"]);
const GENERATE: Edit = Run(&["id-plugin", "generate", "local_preview"]);

/// A second card, of the same artifact.
const SECOND: &str = "/ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C3.yaml";
const SECOND_CARD: &str = "schema_version: 1\nulid: 01JD4ZK3V8Q2W4X6Y8Z0A1B2C3\nkey: PLG_OTHER\nkind: plugin\npath: plugins/local_preview\ncreated_at: \"2024-11-20T14:28:32Z\"\nowner: ada@example.org\nvisibility: public\nnotes: \"\"\n";

/// The nine artifacts, each removed.
const NINE: &[&[Edit]] = &[
    &[Remove(SPEC)],
    &[Remove("manifest.json")],
    &[Remove("ledger_contract.json")],
    &[Remove("policy_snapshot.json")],
    &[Remove("README_PLUGIN.md")],
    &[Remove("healthcheck.md")],
    &[Remove("src")],
    &[Remove("tests")],
];

/// The parts of `conformance/`, each removed.
const PARTS: &[&[Edit]] =
    &[&[Remove("conformance/schemas")], &[Remove("conformance/behavior")], &[Remove("conformance/perf")]];

pub(super) const BREAKS: &[Break] = &[
    tree("0", "one set of artifacts for every plugin", "STR001", &[&[Remove("healthcheck.md")]]),
    change("0", "shared assets of the repository that govern all plugins", "IMM002", &[&[Remove("/CARD")]]),
    change(
        "0",
        "deterministic",
        "GEN005",
        &[&[Replace("manifest.json", "\"schema_version\": 1", "\"schema_version\":  1")]],
    ),
    tree("2", "every plugin has the nine artifacts", "STR001", NINE),
    tree("2", "every plugin has the nine artifacts", "STR005", &[&[Remove("conformance")]]),
    change("2", "they are in `plugins/<plugin_key>/`", "UNI004", &[&[Write(SECOND, SECOND_CARD)]]),
    change(
        "2",
        "they belong to the plugin's maintainers",
        "SCH001",
        &[&[Replace(SPEC, "\"owner\"", "\"ownr\"")]],
    ),
    change(
        "2.1",
        "purpose: single source of name, version, events, operations, allowed actions and config schema",
        "SCH001",
        &[
            &[Replace(SPEC, "\"name\": \"Local", "\"nam\": \"Local")],
            &[Replace(SPEC, "\"version\": \"0", "\"versoin\": \"0")],
            &[Replace(SPEC, "\"operations\"", "\"operatons\"")],
            &[Replace(SPEC, "\"allowed\"", "\"alowed\"")],
            &[Replace(SPEC, "\"status\": \"active\",", "\"status\": \"active\", \"event\": {},")],
            &[Replace(
                SPEC,
                "\"status\": \"active\",",
                "\"status\": \"active\", \"config\": {\"shema\": {}},",
            )],
        ],
    ),
    change(
        "2.1",
        "it is authoritative",
        "GEN005",
        &[&[Replace(SPEC, "\"description\": \"Local Preview\"", "\"description\": \"Shows pages\"")]],
    ),
    change(
        "2.1",
        "gate: it matches its JSON Schema",
        "SCH001",
        &[
            &[Replace(SPEC, "\"status\": \"active\"", "\"status\": \"alive\"")],
            &[Replace(SPEC, "\"schema_version\": 1", "\"schema_version\": \"1\"")],
        ],
    ),
    change(
        "2.1",
        "gate: it is compatible with the contract",
        "CMP002",
        &[&[
            Replace(SPEC, "\"name\": \"import\"", "\"name\": \"fetch\""),
            Replace(SPEC, "\"version\": \"0.1.0\"", "\"version\": \"0.1.1\""),
        ]],
    ),
    change(
        "2.1",
        "gate: it is compatible with the contract",
        "CMP004",
        &[&[Replace(SPEC, "\"version\": \"0.1.0\"", "\"version\": \"0.0.9\"")]],
    ),
    change(
        "2.1",
        "gate: ULIDs and keys are unique",
        "UNI001",
        &[&[Copy("/plugins/local_preview", "/plugins/copied")]],
    ),
    change(
        "2.2",
        "purpose: entry points for a loader",
        "CAP007",
        &[&[Replace(SPEC, "src/handler.py", "src/handle.py")]],
    ),
    change(
        "2.2",
        "purpose: ranges of compatible versions",
        "CMP005",
        &[&[Replace(SPEC, ">=0.1, <1", ">=2, <1")]],
    ),
    change("2.2", "purpose: capabilities", "CAP004", &[&[Replace(SPEC, "256MiB", "256GiB")]]),
    change(
        "2.2",
        "purpose: checksums",
        "GEN005",
        &[&[Write("src/extra.py", "pass\n")], &[Remove("tests/test_render.py")]],
    ),
    change(
        "2.2",
        "gate: version constraints can be resolved",
        "CMP006",
        &[&[Replace(
            SPEC,
            "\"core\":",
            "\"dependencies\": [{\"key\": \"PLG_MISSING\", \"version\": \">=1\"}], \"core\":",
        )]],
    ),
    change(
        "2.2",
        "creation: generated from the spec, never by hand",
        "GEN005",
        &[&[Replace("manifest.json", "Local", "Our")]],
    ),
    change("2.2", "gate: checksums match", "GEN005", &[&[Replace("src/operations.py", "def ", "def  ")]]),
    change(
        "2.3",
        "creation: derived from spec and policy",
        "GEN006",
        &[&[Replace("ledger_contract.json", "\"timestamp\"", "\"time\"")]],
    ),
    change(
        "2.3",
        "creation: stable once published",
        "IMM033",
        &[&[Replace("ledger_contract.json", "\"summary\"", "\"digest\"")]],
    ),
    tree(
        "2.3",
        "gate: it is a valid schema",
        "SCH005",
        &[&[Write("ledger_contract.json", "{\"type\": 7}\n")]],
    ),
    tree(
        "2.3",
        "gate: required fields are present",
        "SCH005",
        &[&[Replace("ledger_contract.json", "\"timestamp\"", "\"time\"")]],
    ),
    change(
        "2.4",
        "purpose: resolved values of security, quality and performance, frozen",
        "GEN007",
        &[&[Replace("policy_snapshot.json", "60", "50")]],
    ),
    change(
        "2.4",
        "purpose: reproducible runs",
        "GEN009",
        &[&[Replace("healthcheck.md", "p99_ms: 10000", "p99_ms: 9999")]],
    ),
    change("2.4", "creation: generated by the build", "STR001", &[&[Remove("policy_snapshot.json")]]),
    change(
        "2.4",
        "creation: it reflects the repository's policy packs",
        "GEN007",
        &[&[Replace("policy_snapshot.json", "\"name\": \"baseline\"", "\"name\": \"other\"")]],
    ),
    change(
        "2.4",
        "gate: its digest is recorded",
        "GEN007",
        &[&[Replace("policy_snapshot.json", "\"digest\": \"", "\"digest\": \"0")]],
    ),
    change(
        "2.4",
        "gate: date and version are captured",
        "GEN007",
        &[
            &[Replace("policy_snapshot.json", "\"as_of\": \"2", "\"as_of\": \"1")],
            &[Replace(
                "policy_snapshot.json",
                "\"plugin_version\": \"0.1.0\"",
                "\"plugin_version\": \"0.1.1\"",
            )],
        ],
    ),
    change(
        "2.5",
        "creation: generated from the spec and templates",
        "GEN008",
        &[&[Replace("README_PLUGIN.md", "# Local Preview", "# Preview")]],
    ),
    change(
        "2.5",
        "creation: manual notes in designated sections",
        "GEN008",
        &[&[Replace("README_PLUGIN.md", "<!-- END MANUAL SECTION: notes -->", "")]],
    ),
    change(
        "2.5",
        "gate: example commands refer to real files",
        "DOC002",
        &[&[
            Replace(
                "README_PLUGIN.md",
                "<!-- BEGIN MANUAL SECTION: usage -->",
                "<!-- BEGIN MANUAL SECTION: usage -->\n```console\n$ python3 src/missing.py render\n```\n",
            ),
            BUMP,
        ]],
    ),
    change(
        "2.6",
        "purpose: declares probes and their pass criteria",
        "DOC003",
        &[&[
            Replace(
                "healthcheck.md",
                "<!-- BEGIN MANUAL SECTION: probes -->",
                "<!-- BEGIN MANUAL SECTION: probes -->\n```yaml probe\nname: x\n```\n",
            ),
            BUMP,
        ]],
    ),
    change(
        "2.6",
        "creation: generated from spec and policy",
        "GEN009",
        &[&[Replace("healthcheck.md", "example_render", "render")]],
    ),
    change(
        "2.6",
        "creation: may include manual notes",
        "GEN009",
        &[&[Replace("healthcheck.md", "<!-- BEGIN MANUAL SECTION: notes -->", "notes")]],
    ),
    change(
        "2.6",
        "gate: thresholds agree with the policy snapshot",
        "DOC004",
        &[&[Replace("healthcheck.md", "error_rate_percent: 5", "error_rate_percent: 6")]],
    ),
    tree("2.7", "purpose: the implementation entry", "CAP007", &[&[Remove("src/handler.py")]]),
    change(
        "2.9",
        "creation: grows with operations and edge cases",
        "DOC011",
        &[&[Remove("conformance/behavior/render.feature"), GENERATE]],
    ),
    change(
        "2.9",
        "creation: grows with operations and edge cases",
        "DOC012",
        &[&[Replace("conformance/perf/budgets.json", "\"render\"", "\"import_more\""), GENERATE]],
    ),
    tree(
        "3",
        "they are required if a plugin has operations",
        "STR002",
        &[&[Remove("schemas/render.in.schema.json")]],
    ),
    tree(
        "3",
        "they are in `schemas/`, `examples/`, `tests/` and `conformance/` of the plugin",
        "STR003",
        &[&[Remove("examples/render_request.json")]],
    ),
    tree(
        "3",
        "they are in `schemas/`, `examples/`, `tests/` and `conformance/` of the plugin",
        "STR004",
        &[&[Remove("tests/test_render.py")]],
    ),
    change(
        "3.1",
        "purpose: contracted input and output",
        "SCH003",
        &[&[Write("examples/render_request.json", "[]\n")]],
    ),
    tree(
        "3.1",
        "gate: schemas are valid",
        "SCH002",
        &[&[Write("schemas/render.in.schema.json", "{\"type\": \"text\"}\n")]],
    ),
    change(
        "3.1",
        "gate: they are versioned for compatibility",
        "CMP001",
        &[&[
            Write("schemas/render.in.schema.json", "{\"type\": \"object\", \"required\": [\"must\"]}\n"),
            Write("examples/render_request.json", "{\"must\": 1}\n"),
            BUMP,
        ]],
    ),
    tree(
        "3.2",
        "purpose: canonical fixtures for the schemas",
        "SCH003",
        &[&[Write("examples/render_request.json", "7\n")]],
    ),
    tree(
        "3.2",
        "presence: at least one request and response for each operation",
        "STR003",
        &[&[Remove("examples/render_request.json")], &[Remove("examples/import_response.json")]],
    ),
    tree(
        "3.2",
        "gate: they validate against the schemas",
        "SCH003",
        &[&[Write("examples/render_response.json", "7\n")]],
    ),
    change(
        "3.2",
        "gate: the README uses them",
        "GEN008",
        &[&[Replace("README_PLUGIN.md", "examples/render_request.json", "examples/other.json")]],
    ),
    tree(
        "3",
        "`conformance/` may get further features, property and chaos tests, and budgets",
        "DOC005",
        &[&[Write("conformance/behavior/more.feature", "Featur: x\n")]],
    ),
    tree(
        "3",
        "`conformance/` may get further features, property and chaos tests, and budgets",
        "DOC006",
        &[&[Write("conformance/perf/budgets.json", "{\"render\": 7}\n")]],
    ),
    change(
        "4",
        "consumed by all plugins",
        "ONE001",
        &[&[
            Copy("/plugins/local_preview", "/plugins/other"),
            Replace("/plugins/other/plugin.spec.json", "PLG_LOCAL_PREVIEW", "PLG_OTHER"),
            Replace("/plugins/other/plugin.spec.json", "\"ulid\": \"0", "\"ulid\": \"1"),
        ]],
    ),
    change(
        "4.1",
        "`ids/cards/<ULID>.yaml`: committed ID cards",
        "CRD001",
        &[&[Write("/ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C3.yaml", "schema_version: 1\n")]],
    ),
    change(
        "4.1",
        "they are immutable",
        "IMM001",
        &[&[Replace("/CARD", "visibility: public", "visibility: private")]],
    ),
    change(
        "4.1",
        "`.ledger/ids.jsonl`: provenance of identity operations",
        "LED003",
        &[&[Append("/.ledger/ids.jsonl", "{\"v\":1}\n")]],
    ),
    change("4.1", "append-only, committed history", "LED001", &[&[Write("/.ledger/ids.jsonl", "")]]),
    change(
        "4.1",
        "`ids/registry.yaml`: generated",
        "GEN002",
        &[&[Replace("/ids/registry.yaml", "status: active", "status: retired")]],
    ),
    change(
        "4.1",
        "the index of identities, paths and versions",
        "GEN002",
        &[
            &[Replace("/ids/registry.yaml", "path: plugins/local_preview", "path: plugins/other")],
            &[Replace("/ids/registry.yaml", "version: 0.1.0", "version: 0.2.0")],
        ],
    ),
    change(
        "4.3",
        "it checks schemas, immutability and uniqueness",
        "IMM001",
        &[&[Replace("/CARD", "notes: \"\"", "notes: \"x\"")]],
    ),
    change(
        "4.3",
        "it checks the one-artifact rule",
        "ONE002",
        &[&[
            Write(SECOND, SECOND_CARD),
            Replace(SECOND, "path: plugins/local_preview", "path: plugins/other"),
        ]],
    ),
    tree(
        "4.3",
        "no copies inside a plugin",
        "STR006",
        &[&[Write("ids/registry.yaml", "x: 1\n")], &[Write("scripts/check.py", "pass\n")]],
    ),
    tree("6", "the six files of a plugin, from `plugin.spec.json` to `healthcheck.md`", "STR001", NINE),
    tree("6", "`src/` and `tests/`", "STR001", &[&[Remove("src")], &[Remove("tests")]]),
    tree("6", "`conformance/`", "STR005", &[&[Remove("conformance")]]),
    change(
        "6",
        "`ids/cards/` and `ids/registry.yaml`",
        "GEN002",
        &[&[Replace("/ids/registry.yaml", "status: active", "status: retired")]],
    ),
    change(
        "6",
        "`.ledger/ids.jsonl`",
        "LED001",
        &[&[Replace("/.ledger/ids.jsonl", "PLG_LOCAL_PREVIEW", "PLG_OTHER_PREVIEW")]],
    ),
    change(
        "7",
        "every kind of document is identifiable by its name, or by its `doc_key`",
        "CRD004",
        &[&[Replace(SPEC, "PLG_LOCAL_PREVIEW", "DOC_LOCAL_PREVIEW")]],
    ),
    change("7", "the spec links a plugin to its core", "CMP005", &[&[Replace(SPEC, ">=0.1, <1", ">=1, <1")]]),
    change(
        "7",
        "generated artifacts are derived and validated",
        "GEN005",
        &[&[Replace("manifest.json", "Local", "Our")]],
    ),
    change("7", "committed histories are append-only", "LED001", &[&[Write("/.ledger/ids.jsonl", "")]]),
    tree("8", "the nine artifacts are present and valid", "STR001", NINE),
    tree(
        "8",
        "every operation has schemas, examples and tests",
        "STR002",
        &[&[Remove("schemas/import.out.schema.json")]],
    ),
    tree(
        "8",
        "every operation has schemas, examples and tests",
        "STR003",
        &[&[Remove("examples/import_request.json")]],
    ),
    tree(
        "8",
        "every operation has schemas, examples and tests",
        "STR004",
        &[&[Remove("tests/test_import.py")]],
    ),
    tree("2.9", "purpose: more than tests: schema fixtures, scenarios, budgets", "STR005", PARTS),
    tree("6", "`conformance/schemas/`, `behavior/`, `perf/`", "STR005", PARTS),
    tree(
        "3.1",
        "presence: if an operation accepts input or returns output",
        "STR002",
        &[&[Remove("schemas/import.in.schema.json")]],
    ),
    tree(
        "3.3",
        "presence: one file for each operation, or grouped by team convention",
        "STR004",
        &[&[Remove("tests/test_import.py")], &[Write("tests/test_import.py", "")]],
    ),
    tree("8", "`conformance/` is present", "STR005", &[&[Remove("conformance")]]),
    change(
        "8",
        "scenarios and performance are added as the scope requires",
        "DOC011",
        &[&[Remove("conformance/behavior/import.feature"), GENERATE]],
    ),
    change(
        "8",
        "the guards of the repository pass: immutability, uniqueness, one artifact",
        "IMM002",
        &[&[Remove("/CARD")]],
    ),
];
