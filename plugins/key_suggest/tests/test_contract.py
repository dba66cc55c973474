"""Tests the process: examples, exit statuses, events and settings.

The AUTO section belongs to the tool: `id-plugin generate` keeps it up to date. Add your
own tests to other files.
"""

# BEGIN AUTO SECTION: contract sha256=6b41fdef0c8f4341daad23b368acb392164f41cf3f808cd112fea3770bb24d77
import json
import pathlib
import tempfile
import unittest

from support import document, example, problems, run, schema_check, start

SPEC = document("plugin.spec.json")
CONTRACT = document("ledger_contract.json")
CONFIG = document("manifest.json").get("config", {})
OPERATIONS = {operation["name"]: operation for operation in SPEC["operations"]}

# Schemas, each with a value that is valid and one that is not.
CHECKED = [
    ({"type": ["integer", "null"], "minimum": 1}, 1.0, True),
    ({"enum": [1, [2], {"a": None}]}, {"a": None}, [3]),
    ({"uniqueItems": True, "maxItems": 2}, [1, True], [1, 1.0]),
    ({"prefixItems": [{"const": 1}], "items": {"const": 2}}, [1, 2], [1, 1]),
    ({"contains": {"multipleOf": 0.1}, "maxContains": 1}, [0.3, 0.55], [0.3, 0.4]),
    ({"pattern": "^[a-z]+$", "maxLength": 3}, "abc", "abc\n"),
    ({"propertyNames": {"minLength": 2}, "required": ["ab"]}, {"ab": 1}, {"a": 1}),
    (
        {"patternProperties": {"^x": True}, "additionalProperties": False},
        {"x": 1},
        {"y": 1},
    ),
    ({"dependentRequired": {"a": ["b"]}}, {"a": 1, "b": 2}, {"a": 1}),
    ({"dependentSchemas": {"a": {"minProperties": 2}}}, {"a": 1, "b": 2}, {"a": 1}),
    ({"allOf": [{"minimum": 1}], "anyOf": [{"maximum": 2}]}, 2, 3),
    ({"oneOf": [{"type": "integer"}, {"exclusiveMinimum": 2}]}, 2, 3),
    ({"if": {"type": "string"}, "then": False, "not": {"const": 1}}, 2, "a"),
    ({"$defs": {"a/b": {"type": "null"}}, "$ref": "#/$defs/a~1b"}, None, 1),
]


class Contract(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def assert_refused(self, result, status):
        self.assertEqual(result.returncode, status, result.stderr)
        self.assertEqual(result.stdout, "")
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)

    def write(self, text):
        path = self.folder / "config.json"
        path.write_text(text, encoding="utf-8")
        return path

    def test_each_example_fits_its_schemas(self):
        for name, operation in OPERATIONS.items():
            for schema, end in (("input", "request"), ("output", "response")):
                if operation.get(schema):
                    found = problems(document(operation[schema]), example(name, end))
                    self.assertEqual(found, [])

    def test_each_example_request_gives_the_example_response(self):
        for name, operation in OPERATIONS.items():
            request = example(name, "request") if operation.get("input") else None
            for result in (
                run([name], json.dumps(request)),
                start([name], json.dumps(request)),
            ):
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertTrue(result.stdout.endswith("\n"))
                if operation.get("output"):
                    response = json.loads(result.stdout)
                    self.assertEqual(response, example(name, "response"))

    def test_each_bad_request_is_refused_by_its_schema_or_by_the_process(self):
        for name, operation in OPERATIONS.items():
            if operation.get("input"):
                bad = document(f"conformance/schemas/{name}_bad_request.json")
                if not problems(document(operation["input"]), bad):
                    self.assert_refused(run([name], json.dumps(bad)), 1)

    def test_a_request_that_is_not_json_is_refused(self):
        for name in OPERATIONS:
            self.assert_refused(run([name], "{"), 1)

    def test_an_unknown_operation_is_a_usage_error(self):
        for each in (run, start):
            self.assert_refused(each(["--no-operation"]), 2)
            self.assert_refused(each([]), 2)

    def test_it_prints_its_health_and_its_version(self):
        for each in (run, start):
            self.assertEqual(json.loads(each(["--health"]).stdout), {"status": "ok"})
            output = each(["--version"]).stdout
            self.assertEqual(output, f"{SPEC['name']} {SPEC['version']}\n")

    def test_each_run_writes_an_event_that_fits_the_ledger_contract(self):
        for name, operation in OPERATIONS.items():
            request = example(name, "request") if operation.get("input") else None
            path = self.folder / f"{name}.jsonl"
            run([name], json.dumps(request), events=path)
            run([name], "{", events=path)
            lines = path.read_text(encoding="utf-8").splitlines()
            events = [json.loads(line) for line in lines]
            self.assertEqual([event["status"] for event in events], ["ok", "failed"])
            for event in events:
                self.assertEqual(set(CONTRACT["required"]) - set(event), set())
                self.assertEqual(problems(CONTRACT, event), [])
                self.assertEqual(
                    (event["ulid"], event["operation"]), (SPEC["ulid"], name)
                )

    def test_a_request_fails_if_its_event_cannot_be_written(self):
        for name, operation in OPERATIONS.items():
            request = example(name, "request") if operation.get("input") else None
            result = run([name], json.dumps(request), events=self.folder)
            self.assert_refused(result, 1)

    def test_it_starts_with_the_settings_of_a_file(self):
        path = self.write(json.dumps(CONFIG.get("defaults", {})))
        self.assertEqual(run(["--health"], config=path).returncode, 0)

    def test_settings_that_cannot_be_read_stop_the_start(self):
        for path in (self.folder / "missing.json", self.write("["), self.write("[]")):
            for each in (run, start):
                self.assert_refused(each(["--health"], config=path), 2)

    def test_a_setting_that_violates_its_schema_stops_the_start(self):
        for name in CONFIG.get("defaults", {}):
            for value in (None, [[]]):
                values = {**CONFIG["defaults"], name: value}
                if problems(CONFIG.get("schema", True), values):
                    result = run(["--health"], config=self.write(json.dumps(values)))
                    self.assert_refused(result, 2)
                    self.assertIn("the settings are invalid: ", result.stderr)


class SchemaCheck(unittest.TestCase):
    def test_it_separates_valid_from_invalid_values(self):
        for schema, valid, invalid in CHECKED:
            with self.subTest(schema):
                self.assertEqual(schema_check.problems(schema, valid), [])
                self.assertNotEqual(schema_check.problems(schema, invalid), [])

    def test_it_reports_what_it_does_not_cover(self):
        for schema, value in (
            ({"unevaluatedItems": False}, [1]),
            ({"items": [True]}, [1]),
            ({"type": "text"}, "a"),
            ({"pattern": "("}, "a"),
            ({"patternProperties": {"(": True}}, {"a": 1}),
            ({"$ref": "other.schema.json"}, 1),
            ({"$ref": "#/$defs/missing"}, 1),
        ):
            with self.subTest(schema):
                found = schema_check.problems(schema, value)
                self.assertRegex("; ".join(found), "not cover")


if __name__ == "__main__":
    unittest.main()
# END AUTO SECTION: contract
