"""Tests the process: examples, exit statuses and events."""

import json
import pathlib
import tempfile
import unittest

from support import document, example, problems, run

SPEC = document("plugin.spec.json")
CONTRACT = document("ledger_contract.json")
OPERATIONS = {operation["name"]: operation for operation in SPEC["operations"]}


class Contract(unittest.TestCase):
    def assert_refused(self, result, status):
        self.assertEqual(result.returncode, status, result.stderr)
        self.assertEqual(result.stdout, "")
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)

    def test_each_example_fits_its_schemas(self):
        for name, operation in OPERATIONS.items():
            for schema, end in (("input", "request"), ("output", "response")):
                found = problems(document(operation[schema]), example(name, end))
                self.assertEqual(found, [])

    def test_each_example_request_gives_the_example_response(self):
        for name in OPERATIONS:
            result = run([name], json.dumps(example(name, "request")))
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertTrue(result.stdout.endswith("\n"))
            self.assertEqual(json.loads(result.stdout), example(name, "response"))

    def test_each_bad_request_is_refused_by_its_schema_or_by_the_process(self):
        for name, operation in OPERATIONS.items():
            bad = document(f"conformance/schemas/{name}_bad_request.json")
            if not problems(document(operation["input"]), bad):
                self.assert_refused(run([name], json.dumps(bad)), 1)

    def test_a_request_that_is_not_json_is_refused(self):
        for name in OPERATIONS:
            self.assert_refused(run([name], "{"), 1)

    def test_an_unknown_operation_is_a_usage_error(self):
        self.assert_refused(run(["--no-operation"]), 2)
        self.assert_refused(run([]), 2)

    def test_it_prints_its_health_and_its_version(self):
        self.assertEqual(json.loads(run(["--health"]).stdout), {"status": "ok"})
        output = run(["--version"]).stdout
        self.assertEqual(output, f"{SPEC['name']} {SPEC['version']}\n")

    def test_each_run_writes_an_event_that_fits_the_ledger_contract(self):
        for name in OPERATIONS:
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "events.jsonl"
                run([name], json.dumps(example(name, "request")), path)
                run([name], "{", path)
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
        for name in OPERATIONS:
            with tempfile.TemporaryDirectory() as folder:
                result = run([name], json.dumps(example(name, "request")), folder)
            self.assert_refused(result, 1)


if __name__ == "__main__":
    unittest.main()
